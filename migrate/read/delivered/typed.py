"""Columns of text -> columns as the table has them, and what is wrong with how the values are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.notices import severity
from migrate.frames import ISSUES, OFFSET, RECORD
from migrate.read.delivered.piece import gathered
from migrate.read.delivered.scan import CONTROL, NULLISH, SPACED

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from migrate.model import Column, Table

EVERYTHING = CONTROL | SPACED | NULLISH
_NULLS = ["NULL", "null", "Null", "(null)", "\\N", "None", "none", "NaN", "nan", "N/A"]
_BLANK = r"^[ \u3000]+$"


def typed(
    rows: pl.DataFrame, table: Table, closer: Dict[str, int] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    r"""RECORD, OFFSET and the table's columns, each of its type, and the issues; `closer`: what to look for in a
    column of text.

    >>> from migrate.model import Column, Table
    >>> column = Column(name="n", label="数", type="9", length="5", source="G")
    >>> table = Table(id="0101", name="t", title="", area="01", path="t.csv", columns=[column])
    >>> rows = pl.DataFrame({RECORD: [1, 2, 3], OFFSET: [0, 9, 18], "n": ["12", "007", "NULL"]})
    >>> frame, issues = typed(rows, table)
    >>> frame["n"].to_list(), issues["code"].to_list()
    ([12, 7, None], ['number_form', 'not_a_number'])
    """
    columns: dict[str, pl.Expr] = {}
    found = []
    for column in table.columns:
        kind = rows[column.name].dtype
        if kind == column.dtype and kind != pl.String:
            continue
        if kind != pl.String:
            columns[column.name] = pl.col(column.name).cast(column.dtype, strict=False)
            continue
        if column.dtype == pl.String:
            value, doubts = _text(column, closer[column.name] if closer else EVERYTHING)
        else:
            value, doubts = _number(column)
        if value is not None:
            columns[column.name] = value
        found.append((column.name, doubts))
    issues = _issues(rows, found)
    order = [RECORD, OFFSET, *(c.name for c in table.columns)]
    return rows.with_columns(**columns).select(order), issues


def _text(column: Column, closer: int) -> tuple[pl.Expr | None, dict[str, pl.Expr]]:
    """The value to go on with (None: as it is), and by code which values are wrong."""
    value = pl.col(column.name)
    doubts: dict[str, pl.Expr] = {}
    good = value
    if closer & CONTROL:
        newline = value.str.contains(r"[\r\n]")
        control = value.str.contains(r"[\x00-\x1F\x7F]")
        doubts["newline_in_item"] = newline
        doubts["control_in_item"] = control & ~newline
        good = pl.when(~control).then(good)
    if closer & SPACED:
        blank = value.str.contains(_BLANK)
        doubts["blank_only"] = blank
        good = pl.when(~blank).then(good)
    if closer & NULLISH and column.type == "X" and not column.codes:
        doubts["null_word"] = value.is_in(_NULLS)
    return (good if closer & (CONTROL | SPACED) else None), doubts


def _number(column: Column) -> tuple[pl.Expr, dict[str, pl.Expr]]:
    """A number, and by code which values are written wrong. Zeros in front and signs are understood."""
    text = pl.col(column.name)
    _, scale = column.digits
    fraction = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    zeros = rf"(\.[0-9]{{{scale}}})0+$" if scale else r"(\.)0*$"
    minus_nothing = text.str.contains(r"^-0(\.0*)?$")
    plain = text.str.contains(rf"^-?(0|[1-9][0-9]*){fraction}$") & ~minus_nothing
    bare = (
        text.str.strip_chars(" \u3000").str.strip_prefix("+").str.replace_all(",", "", literal=True)
    )
    bare = bare.str.replace(zeros, "${1}").str.strip_suffix(".")
    loose = bare.str.contains(rf"^-?[0-9]+{fraction}$")
    blank = text.str.contains(_BLANK)
    value = pl.when(plain).then(text).when(loose).then(bare).cast(column.dtype, strict=False)
    doubts = {
        "blank_only": blank,
        "number_form": ~plain & loose,
        "not_a_number": ~plain & ~loose & ~blank,
        "out_of_range": (plain | loose) & value.is_null(),
    }
    return value, doubts


def _issues(rows: pl.DataFrame, found: list[tuple[str, dict[str, pl.Expr]]]) -> pl.DataFrame:
    """The values in doubt, by column and code; counted first, because there are hardly ever any."""
    tests = {(name, code): test for name, doubts in found for code, test in doubts.items()}
    if not tests or not rows.height:
        return gathered([])
    counts = rows.select(t.sum().alias(" ".join(k)) for k, t in tests.items()).row(0)
    issues = []
    for ((name, code), test), count in zip(tests.items(), counts, strict=True):
        if count:
            issues.append(
                rows.filter(test)
                .select(
                    record=RECORD,
                    byte=OFFSET,
                    item=pl.lit(name),
                    code=pl.lit(code),
                    severity=pl.lit(severity(code)),
                    value=pl.col(name),
                )
                .cast(ISSUES)
            )
    return gathered(issues).sort("record", maintain_order=True)
