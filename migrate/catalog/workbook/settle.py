"""What standard tables and legacy records alike make of an item: a name, a type with its length, a note."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.catalog.workbook.items import Remark
from migrate.catalog.workbook.words import plain
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrate.catalog.workbook.items import Item, ItemList
    from migrate.catalog.workbook.words import Property

BLANK = ("", "-", "ー", "―", "–", "—", "‐", "−")
"""What stands in a cell that says nothing."""

PICTURE = re.compile(
    r"(?P<word>[^()]*?)\((?P<whole>[0-9]+)(?:,(?P<part>[0-9]+))?\)(?:V9\((?P<v>[0-9]+)\)|V(?P<nines>9+))?(?P<usage>[^()]*)"
)
UNITS = r"(?P<unit>桁|文字|バイト|byte|bytes|b)?"


class UndecidedError(Exception):
    """The list does not say enough of an item: why."""


@dataclass(frozen=True)
class Measure:
    """A type's word and what the list says of its length."""

    word: str
    whole: int | None = None
    fraction: int | None = None
    unit: str = ""


@dataclass
class Settled:
    """What became of a list, on its way: rows of ours, and what there is to say."""

    remarks: list[Remark] = field(default_factory=list)
    held: dict[str, list[int]] = field(default_factory=dict)
    """Rows by the title of what our model cannot hold."""

    def undecided(self, item: Item, why: str) -> None:
        self.remarks.append(Remark("undecided", item.sheet, item.row, f"{item.title}: {why}"))

    def look(self, item: Item, why: str) -> None:
        self.remarks.append(Remark("look", item.sheet, item.row, f"{item.title}: {why}"))

    def into_note(self, item: Item, title: str) -> None:
        self.held.setdefault(title, []).append(item.row)

    def of(self, found: ItemList) -> tuple[Remark, ...]:
        """All remarks on a list, in the order of its rows."""
        held = [
            Remark("noted", found.sheet, rows[0], say(f"{title}: 備考に写した ({len(rows)} 行)",
                                                      f"{title}: stands in the note ({len(rows)} rows)"))
            for title, rows in self.held.items()
        ]  # fmt: skip
        return tuple(sorted((*found.remarks, *self.remarks, *held), key=lambda r: r.row))


def measure(item: Item) -> Measure:
    """The word and the length of an item's type, from `X(15)`, or `X` and `15`, or `９Ｖ` and `7,2`.

    Raises UndecidedError where two lengths disagree, or what is written is none.
    """
    told = plain(item["type"]).upper()
    found = PICTURE.fullmatch(told)
    if not found:
        return Measure(item["type"], *number(item["length"]))
    word = found["word"] + found["usage"]
    whole, part = int(found["whole"]), int(found["part"] or 0)
    if found["part"]:  # DECIMAL(7,2): seven digits in all
        whole -= part
    part = part or int(found["v"] or 0) or len(found["nines"] or "")
    printed, fraction, _ = number(item["length"])
    if printed is not None and (printed, fraction or 0) not in ((whole, part), (whole + part, 0)):
        raise UndecidedError(say(f"型は {item['type']}、桁数は {item['length']}",
                            f"its type is {item['type']}, its length {item['length']}"))  # fmt: skip
    return Measure(word, whole, part or None)


def number(text: str) -> tuple[int | None, int | None, str]:
    """Whole part, fraction and unit of a length; None where nothing is written.

    >>> number("１５"), number("7,2"), number("20バイト"), number("-")
    ((15, None, ''), (7, 2, ''), (20, None, 'バイト'), (None, None, ''))
    """
    told = plain(text)
    if told in BLANK:
        return None, None, ""
    found = re.fullmatch(rf"([0-9]+)(?:,([0-9]+))?{UNITS}", told)
    if not found:
        raise UndecidedError(say(f"長さ {text!r} が読めない", f"{text!r} is no length"))
    unit = found["unit"] or ""
    return int(found[1]), int(found[2]) if found[2] else None, "バイト" if unit[:1] == "b" else unit


def whole_number(item: Item, name: Property) -> int | None:
    """A plain number in a cell, or None where it is blank."""
    value, fraction, _ = number(item[name])
    if fraction is not None:
        raise UndecidedError(
            say(f"{item[name]!r} は整数でない", f"{item[name]!r} is no whole number")
        )
    return value


def name_of(told: str) -> str:
    """A name in our letters, or blank where it cannot be one.

    >>> name_of("ATENA-NO"), name_of("_links"), name_of("宛名番号"), name_of("ＪＵＳＨＯ＿１")
    ('atena_no', 'links', '', 'jusho_1')
    """
    plain_name = unicodedata.normalize("NFKC", told).strip().lower()
    made = re.sub(r"[-\s.]+", "_", plain_name).strip("_")
    return made if re.fullmatch(r"[a-z][a-z0-9_]*", made) else ""


def named(
    items: Iterable[Item], settled: Settled, known: dict[str, str]
) -> Iterator[tuple[str, Item]]:
    """Every item with its name. One without gets that of the same label in `known`, or `item_7`; a
    second one of a name is undecided and left out."""
    seen: dict[str, Item] = {}
    made_up: list[Item] = []
    for order, item in enumerate(items, 1):
        name = name_of(item["name"])
        if name and name != item["name"].lower():
            settled.look(
                item,
                say(
                    f"名前 {item['name']!r} は {name} と書いた",
                    f"name {item['name']!r} is written {name}",
                ),
            )
        if not name:
            name = known.get(item.title) or f"item_{order}"
            if item.title not in known:
                made_up.append(item)
        if name in seen:
            settled.undecided(item, say(f"名前 {name} は {seen[name].row} 行目にもある",
                                        f"name {name} stands in row {seen[name].row}, too"))  # fmt: skip
            continue
        seen[name] = item
        yield name, item
    if made_up:
        first = made_up[0]
        settled.look(first, say(f"英字の名前がない項目が {len(made_up)}: item_番号 とした。付け直す",
                                f"{len(made_up)} items have no name in Latin letters: called item_NUMBER; rename them"))  # fmt: skip


def note_of(item: Item, found: ItemList, settled: Settled, names: Iterable[Property]) -> str:
    """The list's own note, then what our model has no room for, each behind its title."""
    parts = [item["note"]] if item["note"] not in BLANK else []
    told = {found.header.known[n].title: item[n] for n in names if item[n] not in BLANK}
    told |= item.more
    if item.section:
        told[say("見出し", "heading")] = item.section
    for title, text in told.items():
        if text in BLANK:
            continue
        parts.append(f"{title}: {text}")
        settled.into_note(item, title)
    return "; ".join(parts)
