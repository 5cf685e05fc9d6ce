"""The rules of a standard table as bare Polars expressions: `broken(table, codes)` counts what breaks each.

Written by hand from the table's CSV, so that they stay as they are whatever the program makes of its own rules; check
digits are the program's own functions. tests/test_benchmarks.py holds the counts against what `migrate convert` finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.check.values import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dict
    from pathlib import Path

    from migrate.model import CodeList, Column, Table

SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
SHAPES = {
    "X": r"^[\x20-\x7E\uFF61-\uFF9F]*$",
    "N": r"^([^\x00-\x7F\u0080-\u009F\uFF61-\uFF9F]|\\n)*$",
    "DATE": r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
}


def of_column(column: Column, codes: CodeList | None) -> Iterator[tuple[str, pl.Expr]]:
    """Name of a rule, and whether a value breaks it; a blank breaks none but `missing`."""
    value, (whole, _) = pl.col(column.name), column.digits
    if column.required == "yes":
        yield "missing", value.is_null()
    if codes and codes.closed:
        yield "not_in_code_list", ~value.is_in(list(codes.labels))
        return
    if column.type in ("9", "S9"):
        least = 0 if column.type == "9" else 1 - 10**whole
        yield "out_of_range", ~value.is_between(least, 10**whole - 1)
        return
    shape = ~value.str.contains(SHAPES[column.type])
    if column.type == "DATE":
        day = value.str.to_date("%Y-%m-%d", strict=False)
        yield "not_date", shape | (value.is_not_null() & day.is_null())
        return
    yield f"not_{column.type.lower()}", shape
    yield "too_long", value.str.len_chars() > whole
    if column.type == "N":
        loose = PRIVATE if column.gaiji else PRIVATE + SELECTORS
        yield "unregistered_gaiji", value.str.contains(f"[{loose}]")
    if column.check:
        yield column.check, ~VALUES[column.check](value)


def broken(table: Table, codes: Dict[str, CodeList]) -> list[pl.Expr]:
    """One count a rule, named `column rule`: for a single select."""
    return [
        test.sum().alias(f"{column.name} {name}")
        for column in table.columns
        for name, test in of_column(column, codes.get(column.codes))
    ]


def rows_of(path: Path, table: Table) -> pl.DataFrame:
    """The rows of a CSV that the program has written, typed as its table says."""
    rows = pl.read_csv(path, infer_schema=False, new_columns=[c.name for c in table.columns])
    return rows.select(
        pl.when(pl.col(c.name) != "").then(pl.col(c.name)).cast(c.dtype).alias(c.name)
        for c in table.columns
    )
