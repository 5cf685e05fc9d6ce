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

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrate.catalog.workbook.items import Item, ItemList, Remark
    from migrate.catalog.workbook.settle import Measure
    from migrate.catalog.workbook.words import Property, Words

UNHELD: tuple[Property, ...] = ("id", "required", "key", "codes", "level", "group")
"""What an item list may say and a field cannot hold."""

SINGLE = ("digits", "zoned", "kana")
"""Types whose characters are bytes."""


@dataclass(frozen=True)
class _Placed:
    """A field before it is known in which group it repeats."""

    item: Item
    field: Field
    times: int


def record_of(
    found: ItemList,
    words: Words,
    form: Literal["fixed", "csv"],
    before: Iterable[Field] = (),
) -> tuple[list[Field], tuple[Remark, ...]]:
    """The fields that a list settles, and every remark on it. Without bytes of its own, a field has those
    between its start and the next one's; else those that its digits take, where one character is one byte.

    All but fillers are sensitive: nobody has looked yet at which are not.
    """
    settled = Settled()
    placed: list[_Placed] = []
    rows = list(
        named(_without_fillers(found, words, form), settled, {f.label: f.name for f in before})
    )
    names = {item.row: name for name, item in rows}
    following = {a.row: b for a, b in pairwise(found.items)}
    fillers = 0
    for item in found.items:
        try:
            told = measure(item)
            ours = words.type_of(form, told.word)
            if ours == "filler":
                fillers += 1
            elif item.row not in names:  # the second of a name: said already
                continue
            if ours is None:
                raise UndecidedError(_unknown_type(item, words, form))
            name = f"filler_{fillers}" if ours == "filler" else names[item.row]
            placed.append(
                _field(name, item, ours, told, found, words, form, following.get(item.row), settled)
            )
        except UndecidedError as why:
            settled.undecided(item, str(why))
    fields = _grouped(placed, settled, form)
    if form == "fixed":
        _check_places(placed, settled)
    return fields, settled.of(found)


def _without_fillers(found: ItemList, words: Words, form: Literal["fixed", "csv"]) -> list[Item]:
    kept = []
    for item in found.items:
        try:
            filler = words.type_of(form, measure(item).word) == "filler"
        except UndecidedError:
            filler = False
        if not filler:
            kept.append(item)
    return kept


def _unknown_type(item: Item, words: Words, form: Literal["fixed", "csv"]) -> str:
    known = ", ".join(words.types[form])
    return say(
        f"型 {item['type']!r} は {known} のどれか決まらない",
        f"type {item['type']!r} may be any of {known}",
    )


def _field(  # noqa: PLR0913, PLR0917 - one call, above
    name: str, item: Item, ours: str, told: Measure, found: ItemList, words: Words,
    form: Literal["fixed", "csv"], following: Item | None, settled: Settled,
) -> _Placed:  # fmt: skip
    times = whole_number(item, "times") or 1
    scale = whole_number(item, "scale") or told.fraction or 0
    unheld: list[Property] = [n for n in UNHELD if n in found.header.known]
    if form == "csv":
        size = whole_number(item, "bytes") or (told.whole if told.unit == "バイト" else 0) or 0
        unheld += [n for n in ("length", "start", "end") if n in found.header.known]  # type: ignore[misc]
        scale = 0
    else:
        size = _bytes(item, ours, told, words, following, times)
    facts = {
        "name": name,
        "label": item.title,
        "start": whole_number(item, "start") if form == "fixed" else None,
        "bytes": size,
        "type": ours,
        "scale": scale if ours in ("zoned", "packed", "binary", "digits") else 0,
        "sensitive": ours != "filler",
        "note": note_of(item, found, settled, unheld),
    }
    return _Placed(item, Field.model_validate(facts), times)


def _bytes(  # noqa: PLR0913, PLR0917
    item: Item, ours: str, told: Measure, words: Words, following: Item | None, times: int
) -> int:
    """How many bytes a field has; every way of knowing it must agree."""
    ways: dict[str, int] = {}
    if (printed := whole_number(item, "bytes")) is not None:
        ways[say("バイト数", "bytes")] = printed
    if told.unit == "バイト" and told.whole is not None:
        ways[say("長さ", "length")] = told.whole
    start, end = whole_number(item, "start"), whole_number(item, "end")
    if start is not None and end is not None:
        ways[say("開始と終了", "start and end")] = end - start + 1
    elif start is not None and following is not None and not ways and times == 1:
        after = whole_number(following, "start")
        if after is not None:
            ways[say("次の開始", "next start")] = after - start
    sizes = {size // times if way != say("バイト数", "bytes") and size % times == 0 and times > 1 else size
             for way, size in ways.items()}  # fmt: skip
    if len(sizes) > 1:
        each = ", ".join(f"{way} {size}" for way, size in ways.items())
        raise UndecidedError(say(f"バイト数が食い違う: {each}", f"its bytes disagree: {each}"))
    if sizes:
        return sizes.pop()
    digits = (told.whole or 0) + (told.fraction or 0)
    if not digits:
        raise UndecidedError(say("バイト数も桁数もない", "has neither bytes nor a length"))
    single = ours in SINGLE or words.type_of("standard", told.word) == "X"
    if single:
        return digits
    if ours == "packed":
        return digits // 2 + 1
    if ours == "binary":
        return 2 if digits <= 4 else 4 if digits <= 9 else 8
    raise UndecidedError(say(f"{item['type']} の {digits} 桁が何バイトか書かれていない",
                        f"how many bytes {digits} of {item['type']} are is not said"))  # fmt: skip


def _grouped(placed: list[_Placed], settled: Settled, form: str) -> list[Field]:
    """Fields that repeat, in groups of their own or together, as their places say."""
    fields: list[Field] = []
    for times, run in groupby(placed, key=lambda p: p.times):
        members = list(run)
        if times == 1:
            fields += [p.field for p in members]
            continue
        together = len(members) > 1 and all(
            a.field.start and b.field.start == a.field.start + a.field.bytes
            for a, b in pairwise(members)
        )
        apart = len(members) == 1 or all(
            a.field.start and b.field.start == a.field.start + a.field.bytes * times
            for a, b in pairwise(members)
        )
        if not together and not apart:
            for p in members:
                settled.undecided(p.item, say(
                    f"{times} 回の繰り返し: 前後の項目と一緒か別々か、開始位置がないと決まらない",
                    f"{times} times: together with its neighbours or each alone? Its place is not said"))  # fmt: skip
            continue
        fields += [
            p.field.model_copy(
                update={
                    "group": members[0].field.name if together else p.field.name,
                    "times": times,
                }
            )
            for p in members
        ]
    return fields


def _check_places(placed: list[_Placed], settled: Settled) -> None:
    """Name what the printed starts contradict: a gap or an overlap."""
    for one, after in pairwise(placed):
        if one.field.start and after.field.start and one.times == after.times == 1:
            end = one.field.start + one.field.bytes
            if after.field.start != end:
                settled.undecided(after.item, say(
                    f"{after.field.start} バイト目から。前の {one.item.title} は {end - 1} バイト目まで",
                    f"begins at byte {after.field.start}, but {one.item.title} before it ends at {end - 1}"))  # fmt: skip
