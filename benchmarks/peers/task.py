"""What every peer has to do, read from the layout, the mapping and the crosswalks: `task()`.

Only the standard library, and nothing of `migrate`: a peer starts as fast as a script of its own would.
"""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent / "knowledge"
LEGACY = ROOT / "layouts/legacy/bench/person/person.csv"
MAPPING = ROOT / "mappings/bench/person.toml"
STANDARD = ROOT / "layouts/standard/90_benchmark/bench_person.csv"
CITY = "482013"
RECORD = 400
"""Bytes, line end included."""

BEFORE = {"1": 1867, "2": 1911, "3": 1925, "4": 1988, "5": 2018}
"""An era's digit -> the year before its first."""
PUNCHED = {c: (str(i % 10), 1 - i // 10 * 2) for i, c in enumerate("{ABCDEFGHI}JKLMNOPQR")}
"""A sign over a digit -> the digit and 1 or -1."""


class Slot(NamedTuple):
    """Where a field lies. `wide`: two-byte characters only; every other character is one byte."""

    begin: int
    end: int
    type: str
    label: str

    @property
    def wide(self) -> bool:
        return self.type == "wide"


class Recipe(NamedTuple):
    """How a column is made: a field, and a word with its arguments (blank: the field as it is)."""

    field: str
    word: str = ""
    args: tuple[str, ...] = ()


class Task(NamedTuple):
    """Everything that a peer is told."""

    slots: dict[str, Slot]
    columns: dict[str, Recipe | str]  # in the table's order; a str is a constant
    labels: list[str]
    keys: list[str]
    carried: list[str]
    codes: dict[str, dict[str, str]]

    @property
    def extra(self) -> list[str]:
        """The first line of the .extra.csv."""
        labels = dict(zip(self.columns, self.labels, strict=True))
        return [labels[k] for k in self.keys] + [self.slots[f].label for f in self.carried]

    def characters(self) -> dict[str, tuple[int, int]]:
        """Field -> first character and number of characters, once the records are decoded."""
        found, at = {}, 0
        for name, slot in self.slots.items():
            size = (slot.end - slot.begin) // (2 if slot.wide else 1)
            found[name] = (at, size)
            at += size
        return found


def task() -> Task:
    mapping = tomllib.loads(MAPPING.read_text(encoding="utf-8"))
    standard = _rows(STANDARD)
    recipes = {name: _recipe(text) for name, text in mapping["columns"].items()}
    constants = {name: text.format(city=CITY) for name, text in mapping["constants"].items()}
    lists = sorted({r.args[0] for r in recipes.values() if r.word == "code"})
    walks = {name: _rows(MAPPING.parent / "codes" / f"{name}.csv") for name in lists}
    return Task(
        _slots(),
        {c["name"]: recipes.get(c["name"], constants.get(c["name"], "")) for c in standard},
        [c["label"] for c in standard],
        [c["name"] for c in standard if c["key"] == "yes"],
        list(mapping["carried"]),
        {name: {r["from"]: r["to"] for r in rows} for name, rows in walks.items()},
    )


def _slots() -> dict[str, Slot]:
    rows = _rows(LEGACY)
    begins = [int(r["start"]) - 1 for r in rows]
    return {
        r["name"]: Slot(at, at + int(r["bytes"]), r["type"], r["label"])
        for r, at in zip(rows, begins, strict=True)
    }


def _recipe(text: str) -> Recipe:
    field, *words = (part.split() for part in text.split("|"))
    return Recipe(field[0], words[0][0], tuple(words[0][1:])) if words else Recipe(field[0])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
