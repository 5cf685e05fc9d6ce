"""Plain Python: `python benchmarks/peers/plain.py FILE INTO` writes INTO/table.csv and extra.csv.

A loop over the records: slice the bytes, decode, convert, csv.writer. Nothing is validated.
"""

from __future__ import annotations

import csv
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from task import BEFORE, PUNCHED, RECORD, Recipe, Task, task

if TYPE_CHECKING:
    from collections.abc import Callable

    Fields = dict[str, str]


def zoned(text: str) -> str:
    """A whole number, the sign perhaps punched over the last digit."""
    digit, sign = PUNCHED.get(text[-1], (text[-1], 1))
    return str(int(text[:-1] + digit) * sign)


@lru_cache(maxsize=1 << 17)
def era_date(text: str) -> str:
    """GYYMMDD as YYYY-MM-DD."""
    return f"{BEFORE[text[0]] + int(text[1:3]):04}-{text[3:5]}-{text[5:7]}"


def maker(told: Task, recipe: Recipe | str) -> Callable[[Fields], str]:
    """A column as a function of a record's fields."""
    if isinstance(recipe, str):
        return lambda _: recipe
    field, args = recipe.field, recipe.args
    if recipe.word == "code":
        walk = told.codes[args[0]]
        return lambda fields: walk[fields[field]]
    if recipe.word == "pad":
        width = int(args[0])
        return lambda fields: fields[field].zfill(width)
    if recipe.word == "is":
        return lambda fields: "1" if fields[field] in args else "0"
    if recipe.word == "era_date":
        return lambda fields: era_date(fields[field])
    if recipe.word == "date":
        return lambda fields: f"{v[:4]}-{v[4:6]}-{v[6:]}" if (v := fields[field]) else ""
    return lambda fields: fields[field]


def main(file: Path, into: Path) -> None:
    told = task()
    slots = [(n, s.begin, s.end, s.type == "zoned") for n, s in told.slots.items()]
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
        extra.writerow(told.extra)
        while record := source.read(RECORD):
            fields = {}
            for name, begin, end, number in slots:
                text = record[begin:end].decode("cp932").rstrip(" \u3000")
                fields[name] = zoned(text) if number else text
            row = [make(fields) for make in makers]
            table.writerow(row)
            extra.writerow([*(row[p] for p in places), *(fields[f] for f in told.carried)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
