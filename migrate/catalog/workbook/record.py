"""An item list as the fields of a legacy record type."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

from migrate.catalog.workbook.settle import (
    Settled,
    UndecidedError,
    measure,
    named,
    note_of,
    whole_number,
)
from migrate.language import say
from migrate.model import Field
from migrate.model.legacy import MOST_TIMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrate.catalog.workbook.items import Item, ItemList, Remark
    from migrate.catalog.workbook.settle import Measure
    from migrate.catalog.workbook.words import Property, Words

Form = Literal["fixed", "csv"]

UNHELD: tuple[Property, ...] = ("id", "required", "key", "codes", "level", "group")
"""What an item list may say and a field cannot hold."""

UNHELD_CSV: tuple[Property, ...] = (*UNHELD, "length", "scale", "start", "end")

SINGLE = ("digits", "zoned", "kana", "filler")
"""Types whose characters are bytes."""


@dataclass(frozen=True)
class _Placed:
    """A field before it is known in which group it repeats."""

    item: Item
    field: Field
    times: int


def record_of(
    found: ItemList, words: Words, form: Form, before: Iterable[Field] = ()
) -> tuple[list[Field], tuple[Remark, ...]]:
    """The fields that a list settles, and every remark on it; `before`: names of a former import.

    Without bytes of its own, a field has those up to the next one's start; else those that its digits
    take, where one character is one byte. All but fillers are sensitive: nobody has looked yet.
    """
    record = _Record(found, words, form)
    fields = record.fields({f.label: f.name for f in before})
    return fields, record.settled.of(found)


class _Record:
    """One list on its way to fields."""

    def __init__(self, found: ItemList, words: Words, form: Form) -> None:
        self.found, self.words, self.form = found, words, form
        self.settled = Settled()
        self.after = {a.row: b for a, b in pairwise(found.items)}

    def fields(self, before: dict[str, str]) -> list[Field]:
        fillers = {item.row: item for item in self.found.items if self._is_filler(item)}
        others = [item for item in self.found.items if item.row not in fillers]
        names = {item.row: name for name, item in named(others, self.settled, before)}
        names |= {row: f"filler_{number}" for number, row in enumerate(fillers, 1)}
        placed = []
        for item in self.found.items:
            if item.row not in names:  # the second of a name: said already
                continue
            try:
                placed.append(self._placed(names[item.row], item))
            except UndecidedError as why:
                self.settled.undecided(item, str(why))
        if self.form == "fixed":
            self._check_places(placed)
        return self._grouped(placed)

    def _is_filler(self, item: Item) -> bool:
        """Whether its type says so, or COBOL's word for it stands where a name would."""
        told = (item["type"], item["name"])
        return any(self.words.type_of(self.form, word) == "filler" for word in told)

    def _placed(self, name: str, item: Item) -> _Placed:
        told = measure(item)
        ours = "filler" if name.startswith("filler_") else self.words.type_of(self.form, told.word)
        if ours is None:
            known = ", ".join(self.words.types[self.form])
            raise UndecidedError(
                say(
                    f"型 {item['type']!r} は {known} のどれか決まらない",
                    f"type {item['type']!r} may be any of {known}",
                )
            )
        times = whole_number(item, "times") or 1
        if times > MOST_TIMES:
            raise UndecidedError(say(f"{times:,} 回の繰り返し", f"repeats {times:,} times"))
        scale = whole_number(item, "scale") or told.fraction or 0
        fixed = self.form == "fixed"
        if fixed and ours == "digits" and scale:  # digits alone would lose the point
            ours = "zoned"
        if fixed and scale and ours not in ("zoned", "packed", "binary"):
            raise UndecidedError(
                say(f"{item['type']} に小数 {scale} 桁", f"{item['type']} has {scale} decimals")
            )
        unheld = UNHELD if fixed else UNHELD_CSV
        facts = {
            "name": name,
            "label": item.title,
            "start": whole_number(item, "start") if fixed else None,
            "bytes": self._bytes(item, ours, told) if fixed else _most_bytes(item, told),
            "type": ours,
            "scale": scale if fixed else 0,
            "sensitive": ours != "filler",
            "note": note_of(
                item, self.found, self.settled, [n for n in unheld if n in self.found.header.known]
            ),
        }
        return _Placed(item, Field.model_validate(facts), times)

    def _bytes(self, item: Item, ours: str, told: Measure) -> int:
        """How many bytes a field has, one time; every way of knowing it must agree."""
        ways = _ways(item, told, self.after.get(item.row))
        if len(set(ways.values())) > 1:
            each = ", ".join(f"{way} {size}" for way, size in ways.items())
            raise UndecidedError(say(f"バイト数が食い違う: {each}", f"its bytes disagree: {each}"))
        if ways:
            return ways.popitem()[1]
        digits = (told.whole or 0) + (told.fraction or 0)
        if not digits:
            raise UndecidedError(say("バイト数も桁数もない", "has neither bytes nor a length"))
        if ours in SINGLE or self.words.type_of("standard", told.word) == "X":
            return digits
        if ours == "packed":
            return digits // 2 + 1
        if ours == "binary":
            return 2 if digits <= 4 else 4 if digits <= 9 else 8
        raise UndecidedError(
            say(
                f"{item['type']} の {digits} 桁が何バイトか書かれていない",
                f"how many bytes {digits} of {item['type']} are is not said",
            )
        )

    def _grouped(self, placed: list[_Placed]) -> list[Field]:
        """Fields that repeat, in groups of their own or together, as their places say."""
        fields: list[Field] = []
        for times, run in groupby(placed, key=lambda p: p.times):
            members = list(run)
            if times == 1:
                fields += [p.field for p in members]
                continue
            together, apart = _next_to_one_another(members), _behind_all_times(members)
            if not together and not apart:
                why = say(
                    f"{times} 回の繰り返し: 前後の項目と一緒か別々か、開始位置がないと決まらない",
                    f"{times} times: together with its neighbours or alone? Its start does not say",
                )
                for p in members:
                    self.settled.undecided(p.item, why)
                continue
            for p in members:
                group = members[0].field.name if together else p.field.name
                fields.append(p.field.model_copy(update={"group": group, "times": times}))
        return fields

    def _check_places(self, placed: list[_Placed]) -> None:
        """Name what the printed starts contradict: a gap or an overlap."""
        for one, after in pairwise(placed):
            if one.field.start and after.field.start and one.times == after.times == 1:
                end = one.field.start + one.field.bytes
                if after.field.start != end:
                    start, title = after.field.start, one.item.title
                    self.settled.undecided(
                        after.item,
                        say(
                            f"{start} バイト目から。前の {title} は {end - 1} バイト目まで",
                            f"begins at byte {start}, but {title} before it ends at {end - 1}",
                        ),
                    )


def _most_bytes(item: Item, told: Measure) -> int:
    """CSV: the most bytes that a value may have, or 0 where the list counts characters."""
    return whole_number(item, "bytes") or (told.whole if told.unit == "バイト" else 0) or 0


def _ways(item: Item, told: Measure, after: Item | None) -> dict[str, int]:
    """The bytes of one occurrence, by where the list says it."""
    ways: dict[str, int] = {}
    times = whole_number(item, "times") or 1
    if (printed := whole_number(item, "bytes")) is not None:
        ways[say("バイト数", "bytes")] = printed
    if told.unit == "バイト" and told.whole is not None:
        ways[say("長さ", "length")] = told.whole
    start, end = whole_number(item, "start"), whole_number(item, "end")
    if start is not None and end is not None:
        size = end - start + 1
        whole = times > 1 and size not in ways.values() and size % times == 0
        ways[say("開始と終了", "start and end")] = size // times if whole else size
    elif start is not None and after is not None and not ways and times == 1:
        following = whole_number(after, "start")
        if following is not None:
            ways[say("次の開始", "next start")] = following - start
    return ways


def _next_to_one_another(members: list[_Placed]) -> bool:
    """Whether repeated fields stand side by side, so that they repeat together."""
    return len(members) > 1 and all(
        bool(a.field.start) and b.field.start == (a.field.start or 0) + a.field.bytes
        for a, b in pairwise(members)
    )


def _behind_all_times(members: list[_Placed]) -> bool:
    """Whether each begins behind every occurrence of the one before, so that each repeats alone."""
    return all(
        bool(a.field.start) and b.field.start == (a.field.start or 0) + a.field.bytes * a.times
        for a, b in pairwise(members)
    )
