"""A standard table as rules, and as the pandera schema made of them: `schema_of(table, codes)`.

A rule says what a good value is. `suspect`, where given, is a cheaper test that holds for every bad value
and perhaps for some good ones: it decides which rows pandera looks at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandera.polars as pa
import polars as pl

from migrate.catalog.files import shown
from migrate.check.values import VALUES
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as Dict

    from pandera.api.polars.types import PolarsData

    from migrate.model import CodeList, Column, Table

    Judge = Callable[[pl.Expr], pl.Expr]

MISSING = "missing"
SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors: with the character before them they count as one."""
PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"

_DAY = "%Y-%m-%d"
_UNKNOWN = r"^[0-9]{4}-(0[0-9]|1[0-2]|[ABCD][1-4])-([012][0-9]|3[01]|A[1-3])$"
_WHOLE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class Rule(NamedTuple):
    """One promise of one column, named by the code of its issue."""

    code: str
    good: Judge
    suspect: Judge


def rules_of(column: Column, codes: CodeList | None) -> Iterator[Rule]:
    """What a value of the column must be, blanks apart."""
    whole, _ = column.digits
    if codes and codes.closed:  # a value of the list has its type and length
        yield _rule("not_in_code_list", lambda v: v.is_in(list(codes.labels)))
        return
    if column.type in ("9", "S9"):
        least = 0 if column.type == "9" else 1 - 10**whole
        yield _rule("out_of_range", lambda v: v.is_between(least, 10**whole - 1))
    elif column.type == "9V":
        yield _rule("out_of_range", lambda v: v >= 0)
    elif column.type == "DATE":
        yield from _date_rules(column)
    else:
        yield _rule(f"not_{column.type.lower()}", lambda v: v.str.contains(_SHAPES[column.type]))
        if column.type in ("X", "N", "BLOB"):
            yield Rule(
                "too_long", lambda v: _characters(v) <= whole, lambda v: v.str.len_chars() > whole
            )
    if column.type == "N" and column.gaiji:
        yield _rule("unregistered_gaiji", lambda v: ~v.str.contains(f"[{PRIVATE}]"))
    elif column.type == "N":
        yield _rule("gaiji_not_allowed", lambda v: ~v.str.contains(f"[{PRIVATE}{SELECTORS}]"))
    if column.check:
        yield _rule(column.check, VALUES[column.check])


def schema_of(
    table: Table, codes: Dict[str, CodeList], only: Dict[str, frozenset[str]] | None = None
) -> pa.DataFrameSchema:
    """Every promise of the table as pandera checks named by their issue's code; or `only` some of them,
    by column and code."""
    for column in table.columns:
        if column.check and column.check not in VALUES:
            cause, remedy = unknown(say("検査", "check"), column.check, VALUES)
            raise KnowledgeError(Problem(shown(table.path), column.name, cause, remedy))
    chosen = [c for c in table.columns if only is None or c.name in only]
    return pa.DataFrameSchema(
        {
            c.name: pa.Column(
                c.dtype,
                [
                    _check(rule)
                    for rule in rules_of(c, codes.get(c.codes))
                    if only is None or rule.code in only[c.name]
                ],
                nullable=c.required != "yes",
            )
            for c in chosen
        },
        strict=True,
        name=table.name,
    )


def _check(rule: Rule) -> pa.Check:
    """A blank is judged once, by `required`; no other check sees it."""

    def check(data: PolarsData) -> pl.LazyFrame:
        value = pl.col(data.key)
        return data.lazyframe.select(value.is_null() | rule.good(value))

    return pa.Check(check, name=rule.code, error=rule.code)


def _rule(code: str, good: Judge) -> Rule:
    return Rule(code, good, lambda v: ~good(v))


def _characters(value: pl.Expr) -> pl.Expr:
    """How many characters, an ideographic variation sequence and a line break (\\n) counting as one."""
    return value.str.replace_all(f"[{SELECTORS}]", "").str.replace_all(r"\\n", "n").str.len_chars()


def _date_rules(column: Column) -> Iterator[Rule]:
    def real(value: pl.Expr) -> pl.Expr:
        known = value.str.contains(_WHOLE) & ~value.str.starts_with("0000")
        return known & value.str.to_date(_DAY, strict=False).is_not_null()

    def possible(value: pl.Expr) -> pl.Expr:
        leap = pl.lit("2000") + value.str.slice(4)  # 29 February of an unknown year
        whole = pl.when(value.str.starts_with("0000")).then(leap).otherwise(value)
        return value.str.contains(_UNKNOWN) & (~value.str.contains(_WHOLE) | real(whole))

    def suspect(value: pl.Expr) -> pl.Expr:
        return value.is_not_null() & ~real(value)

    yield Rule("not_date", possible, suspect)
    if not column.unknown_date:
        boundary = ("0000-01-01", "9999-12-31")  # a period without beginning or end
        yield Rule(
            "unknown_date_not_allowed",
            lambda v: ~possible(v) | real(v) | v.is_in(boundary),
            suspect,
        )


_SHAPES = {
    "X": r"^[\x20-\x7E\uFF61-\uFF9F]*$",
    "N": r"^([^\x00-\x7F\u0080-\u009F\uFF61-\uFF9F]|\\n)*$",  # \n: a line break, written as two characters
    "TIME": r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$",
    "YEAR": r"^[0-9]{4}$",
    "YM": r"^[0-9]{4}-(0[0-9]|1[0-2])$",
    "BLOB": r"^[\x20-\x7E]*$",
}
