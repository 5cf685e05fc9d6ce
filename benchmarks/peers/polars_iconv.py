"""polars: `python benchmarks/peers/polars_iconv.py FILE INTO` writes INTO/table.csv and extra.csv.

iconv decodes in a pipe, scan_lines takes the lines, fields are sliced by characters and converted by expressions,
write_csv writes. Right only while no field holds a broken character: that would shift all behind it. Nothing is
validated.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
from task import BEFORE, PUNCHED, Recipe, Task, task


def fields(told: Task) -> list[pl.Expr]:
    """Every field of a line, trimmed; amounts as numbers."""
    made = []
    for name, (at, size) in told.characters().items():
        cell = pl.col("line").str.slice(at, size)
        if told.slots[name].type == "zoned":
            made.append(zoned(cell).alias(name))
        else:
            made.append(cell.str.strip_chars_end(" \u3000").alias(name))
    return made


def zoned(text: pl.Expr) -> pl.Expr:
    """Whole numbers, the sign perhaps punched over the last digit."""
    last = text.str.slice(-1)
    digit = last.replace({c: d for c, (d, _) in PUNCHED.items()})
    minus = [c for c, (_, sign) in PUNCHED.items() if sign < 0]
    number = (text.str.head(-1) + digit).cast(pl.Int64)
    return pl.when(last.is_in(minus)).then(-number).otherwise(number)


def era_date(text: pl.Expr) -> pl.Expr:
    """GYYMMDD as a date."""
    before = text.str.head(1).replace_strict(BEFORE, return_dtype=pl.Int32)
    year = before + text.str.slice(1, 2).cast(pl.Int32)
    return pl.date(year, text.str.slice(3, 2).cast(pl.Int8), text.str.slice(5, 2).cast(pl.Int8))


def column(told: Task, recipe: Recipe | str) -> pl.Expr:
    """A column of the table."""
    if isinstance(recipe, str):
        return pl.lit(recipe)
    value, args = pl.col(recipe.field), recipe.args
    if recipe.word == "code":
        return value.replace_strict(told.codes[args[0]], return_dtype=pl.String)
    if recipe.word == "pad":
        return value.str.zfill(int(args[0]))
    if recipe.word == "is":
        return pl.when(value.is_in(args)).then(pl.lit("1")).otherwise(pl.lit("0"))
    if recipe.word == "era_date":
        return era_date(value)
    if recipe.word == "date":
        return pl.when(value != "").then(value).str.to_date("%Y%m%d")
    return value


def main(file: Path, into: Path) -> None:
    told = task()
    into.mkdir(parents=True, exist_ok=True)
    style = {"quote_style": "always", "line_terminator": "\r\n"}
    command = ["iconv", "-f", "CP932", "-t", "UTF-8", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as iconv:
        assert iconv.stdout
        text = iconv.stdout.read()
    lines = pl.scan_lines(text, name="line").select(pl.col("line").str.strip_chars_end("\r"))
    frame = lines.select(fields(told))
    columns = [column(told, r).alias(n) for n, r in told.columns.items()]
    made = frame.select(
        *columns, *(pl.col(f).alias(f"carried {f}") for f in told.carried)
    ).collect()
    table = made.select(*told.columns)
    table.columns = told.labels
    table.write_csv(into / "table.csv", **style)
    extra = made.select(*told.keys, *(f"carried {f}" for f in told.carried))
    extra.columns = told.extra
    extra.write_csv(into / "extra.csv", **style)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
