"""What both peers have to do, read from the layout, the mapping and the crosswalks: `task()`.

Only the standard library, and nothing of `migrate`: a peer starts as fast as a script of its own would.
"""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
LEGACY = ROOT / "layouts" / "legacy" / "asama" / "resident" / "resident.csv"
MAPPING = ROOT / "mappings" / "asama" / "resident.toml"
STANDARD = ROOT / "layouts" / "standard" / "01_resident_register" / "juki_resident.csv"
CITY = "482013"

ERAS = {
    "1": ("01", 1867),
    "2": ("02", 1911),
    "3": ("03", 1925),
    "4": ("04", 1988),
    "5": ("05", 2018),
}
ERA_NAMES = {"1": "明治", "2": "大正", "3": "昭和", "4": "平成", "5": "令和"}
WIDE = {c: c + 0xFEE0 for c in range(0x21, 0x7F)} | {0x20: 0x3000}
"""For str.translate, after NFKC has made half-width katakana full-width."""


class Slot(NamedTuple):
    """Bytes of a record: 0-based begin and end."""

    begin: int
    end: int
    type: str
    label: str


class Recipe(NamedTuple):
    """How a column is made: a field, words, and the selector and values of a leading `when`, if any."""

    field: str
    words: tuple[tuple[str, ...], ...]
    selector: str = ""
    values: tuple[str, ...] = ()


class Task(NamedTuple):
    """Everything that a peer is told."""

    slots: dict[str, Slot]
    columns: dict[str, Recipe | str]  # in the standard's order; a str is a constant
    labels: list[str]
    keys: list[str]
    carried: list[str]
    codes: dict[str, dict[str, str]]


def task() -> Task:
    mapping = tomllib.loads(MAPPING.read_text(encoding="utf-8"))
    slots = _slots()
    standard = _rows(STANDARD)
    recipes = {name: _recipe(text) for name, text in mapping["columns"].items()}
    constants = {name: text.format(city=CITY) for name, text in mapping["constants"].items()}
    columns = {c["name"]: recipes.get(c["name"], constants.get(c["name"], "")) for c in standard}
    lists = {w[1] for r in recipes.values() for w in r.words if w[0] == "code"}
    walks = {name: _rows(MAPPING.parent / "codes" / f"{name}.csv") for name in lists}
    return Task(
        slots,
        columns,
        [c["label"] for c in standard],
        [c["name"] for c in standard if c["key"] == "yes"],
        list(mapping["carried"]),
        {name: {r["from"]: r["to"] for r in rows} for name, rows in walks.items()},
    )


def header(told: Task) -> list[str]:
    """The first line of the .extra.csv."""
    labels = dict(zip(told.columns, told.labels, strict=True))
    return [labels[k] for k in told.keys] + [told.slots[f].label for f in told.carried]


def unknown_date(text: str) -> tuple[str, str]:
    """GYYMMDD with parts that are 00, 99 or blank, or of the lunar years: date and wording."""
    if not text or text in ("0000000", "9999999"):
        return ("0000-00-00", "年月日不詳") if text else ("", "")
    era, parts = text[0], [_part(text.ljust(7)[i : i + 2]) for i in (1, 3, 5)]
    year = ERAS[era][1] + parts[0] if parts[0] else 0
    lunar = 0 < parts[0] <= 5 and era == "1"
    date = f"{year:04}-00-00" if lunar else f"{year:04}-{parts[1]:02}-{parts[2]:02}"
    said, unknown = ERA_NAMES[era], ""
    for mark, part in zip("年月日", parts, strict=True):
        if part:
            said += (unknown and f"{unknown}不詳") + _wide(
                "元" if mark == "年" and part == 1 else part
            )
            said, unknown = said + mark, ""
        else:
            unknown += mark
    return date, said + (unknown and f"{unknown}不詳")


def _part(text: str) -> int:
    return int(text) if text.strip() and text not in ("00", "99") else 0


def _wide(text: object) -> str:
    return str(text).translate(WIDE)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _slots() -> dict[str, Slot]:
    slots = {}
    for row in _rows(LEGACY):
        size = int(row["bytes"])
        for i in range(int(row["times"] or 1)):
            name = f"{row['name']}_{i + 1}" if row["times"] else row["name"]
            begin = int(row["start"]) - 1 + i * size
            slots[name] = Slot(begin, begin + size, row["type"], row["label"])
    return slots


def _recipe(text: str) -> Recipe:
    fields, *words = (tuple(part.split()) for part in text.split("|"))
    if words and words[0][0] == "when":
        return Recipe(fields[0], tuple(words[1:]), fields[1], words[0][1:])
    return Recipe(fields[0], tuple(words))
