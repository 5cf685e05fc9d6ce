"""Peer 2, plain Python: `python benchmarks/peers/plain.py FILE INTO` writes INTO/table.csv and extra.csv.

A loop over the records: slice the bytes, decode, convert, csv.writer. Nothing is validated.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from task import ERAS, WIDE, Recipe, Task, header, task, unknown_date

if TYPE_CHECKING:
    from collections.abc import Callable

    Fields = dict[str, str]
    Word = Callable[[str], str]

RECORD = 452
SIGNS = {ord(c): str(i % 10) for i, c in enumerate("{ABCDEFGHI}JKLMNOPQR")}
NEGATIVE = frozenset("}JKLMNOPQR")


def zoned(text: str) -> str:
    """Digits, the sign perhaps punched over the last one."""
    number = int(text.translate(SIGNS))
    return str(-number if text[-1] in NEGATIVE else number)


@lru_cache(maxsize=1 << 17)
def era(text: str) -> tuple[str, str, str]:
    """GYYMMDD as date, unknown flag and wording."""
    if not text:
        return "", "", ""
    month, day = text[3:5], text[5:7]
    known = len(text) == 7 and not {text[1:3], month, day} & {"00", "99"} and " " not in text
    if known and (text[0] != "1" or text[1:3] > "05"):
        return f"{ERAS[text[0]][1] + int(text[1:3]):04}-{month}-{day}", "0", ""
    date, wording = unknown_date(text)
    return date, "1", wording


def word(told: Task, name: str, args: tuple[str, ...]) -> Word:
    """A word of the mapping as a function of one value that is not blank."""
    if name == "code":
        return told.codes[args[0]].__getitem__
    start = int(args[0]) - 1 if name == "take" else 0
    words: dict[str, Word] = {
        "era_date": lambda v: era(v)[0],
        "unknown_flag": lambda v: era(v)[1],
        "unknown_wording": lambda v: era(v)[2],
        "era_code": lambda v: ERAS[v[0]][0] if v[0] in ERAS else "",
        "pad": lambda v: v.zfill(int(args[0])),
        "take": lambda v: v[start : start + int(args[1])],
        "is": lambda v: "1" if v in args else "0",
        "widen": lambda v: unicodedata.normalize("NFKC", v).translate(WIDE),
        "before_space": lambda v: v.partition("\u3000")[0],
        "after_space": lambda v: v.partition("\u3000")[2],
        "date": lambda v: f"{v[:4]}-{v[4:6]}-{v[6:]}",
        "time": lambda v: f"{v[:2]}:{v[2:4]}:{v[4:]}",
    }
    return words[name]


def maker(told: Task, recipe: Recipe | str) -> Callable[[Fields], str]:
    """A column as a function of a record's fields."""
    if isinstance(recipe, str):
        return lambda _: recipe
    field, selector, values = recipe.field, recipe.selector, frozenset(recipe.values)
    words = [word(told, name, tuple(args)) for name, *args in recipe.words]
    blank = "0" if recipe.words and recipe.words[0][0] == "is" else ""

    def make(fields: Fields) -> str:
        if selector and fields[selector] not in values:
            return ""
        value = fields[field]
        if not value:
            return blank
        for step in words:
            value = step(value)
        return value

    return make


def main(file: Path, into: Path) -> None:
    told = task()
    slots = [(n, s.begin, s.end, s.type) for n, s in told.slots.items() if s.type != "filler"]
    makers = [maker(told, recipe) for recipe in told.columns.values()]
    places = [list(told.columns).index(k) for k in told.keys]
    into.mkdir(parents=True, exist_ok=True)
    with (
        file.open("rb") as source,
        (into / "table.csv").open("w", encoding="utf-8", newline="") as table_file,
        (into / "extra.csv").open("w", encoding="utf-8", newline="") as extra_file,
    ):
        table = csv.writer(table_file, quoting=csv.QUOTE_ALL)
        extra = csv.writer(extra_file, quoting=csv.QUOTE_ALL)
        table.writerow(told.labels)
        extra.writerow(header(told))
        while record := source.read(RECORD):
            if record[0] != ord("2"):
                continue
            fields = {}
            for name, begin, end, kind in slots:
                text = record[begin:end].decode("cp932").rstrip(" \u3000")
                fields[name] = zoned(text) if kind == "zoned" and text else text
            row = [make(fields) for make in makers]
            table.writerow(row)
            extra.writerow([*(row[p] for p in places), *(fields[f] for f in told.carried)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
