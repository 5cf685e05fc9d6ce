"""Do a peer's files say the same as ours? `python benchmarks/agree.py OURS THEIRS` prints JSON.

By file and column, how many values differ; a column that a peer does not make is not compared, and named. Files are
compared as CSV, value by value, rows in their order.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))

import polars as pl
from task import task


def read(path: Path) -> pl.DataFrame:
    """Every value as text, blank where there is nothing."""
    return pl.read_csv(path, infer_schema=False).fill_null("")


def differences(ours: pl.DataFrame, theirs: pl.DataFrame) -> dict[str, int]:
    """Column -> values that differ, for those where any does. Raises ValueError if they are not of one size."""
    if ours.height != theirs.height:
        raise ValueError(f"{theirs.height} rows instead of {ours.height}")
    shared = [name for name in ours.columns if name in theirs.columns]
    unlike = ours.select((pl.col(name) != theirs[name]).sum() for name in shared).row(0)
    return {name: count for name, count in zip(shared, unlike, strict=True) if count}


def untyped(fields: pl.DataFrame) -> pl.DataFrame:
    """What in2csv made, as the columns of the table that are a field as it is: others it does not make."""
    told = task()
    same = {
        label: recipe.field
        for label, recipe in zip(told.labels, told.columns.values(), strict=True)
        if not isinstance(recipe, str) and not recipe.word
        and told.slots[recipe.field].type != "zoned"
    }  # fmt: skip
    return fields.select(pl.col(field).alias(label) for label, field in same.items())


def compared(ours: Path, theirs: Path) -> dict[str, Any]:
    """Of the table, and of the .extra.csv where a peer has one: what differs; how many columns were compared."""
    found: dict[str, Any] = {}
    mine = {kind: _ours(ours, kind) for kind in ("table", "extra")}
    for kind, path in mine.items():
        other = theirs / f"{kind}.csv"
        if other.exists():
            rows = read(other)
        elif kind == "table":
            rows = untyped(read(theirs / "fields.csv"))
        else:
            continue
        known = read(path)
        found[kind] = {
            "columns": sum(name in rows.columns for name in known.columns),
            "of": known.width,
            "rows": known.height,
            "differ": differences(known, rows),
        }
    return found


def _ours(folder: Path, kind: str) -> Path:
    named = [p for p in folder.glob("[0-9]*.csv") if ".originals." not in p.name]
    return next(p for p in named if (".extra." in p.name) == (kind == "extra"))


if __name__ == "__main__":
    print(json.dumps(compared(Path(sys.argv[1]), Path(sys.argv[2])), ensure_ascii=False))
