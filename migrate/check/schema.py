"""A standard table as rules, and as the pandera schema made of them: `schema_of(table, promises_of(table, codes))`.

A rule says what a good value is, and which traits every value has that breaks it, and perhaps some others: these
decide which rows pandera looks at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from migrate.catalog.files import shown
from migrate.check import look
from migrate.check.look import FORMS, LONG, WRONG
from migrate.check.scans import Characters, Form, Listed, Range
from migrate.check.values import DIGITS, VALUES
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Mapping as Dict

    import numpy as np
    import pandera.polars as pa
    from numpy.typing import NDArray
    from pandera.api.polars.types import PolarsData

    from migrate.check.scans import Scan, Traits
    from migrate.model import CodeList, Column, Table

    Judge = Callable[[pl.Expr], pl.Expr]

MISSING = "missing"
PROMISES = "promises"
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
    scan: Scan  # the rules of one column share it where they can
    traits: int = WRONG


def rules_of(column: Column, codes: CodeList | None) -> Iterator[Rule]:
    """What a value of the column must be, blanks apart."""
    whole, _ = column.digits
    if codes and codes.closed:  # a value of the list has its type and length
        labels = list(codes.labels)
        yield Rule("not_in_code_list", lambda v: v.is_in(labels), Listed(labels))
        return
    if column.type in ("9", "S9"):
        least, most = (0 if column.type == "9" else 1 - 10**whole), 10**whole - 1
        yield Rule("out_of_range", lambda v: v.is_between(least, most), Range(least, most))
    elif column.type == "9V":
        yield Rule("out_of_range", lambda v: v >= 0, Range(0, None))
    elif column.type == "DATE":
        yield from _date_rules(column)
    elif column.type in FORMS:
        shape, form = _SHAPES[column.type], Form(column.type)
        yield Rule(f"not_{column.type.lower()}", lambda v: v.str.contains(shape), form)
    else:
        yield from _character_rules(column, whole)
    if column.check:
        yield Rule(column.check, VALUES[column.check], DIGITS[column.check])


def _character_rules(column: Column, most: int) -> Iterator[Rule]:
    kind, shape = column.type, _SHAPES[column.type]
    scan = Characters(kind == "N", most)
    yield Rule(f"not_{kind.lower()}", lambda v: v.str.contains(shape), scan, _NOT[kind])
    yield Rule("too_long", lambda v: _characters(v) <= most, scan, LONG)
    if kind == "N":
        barred = PRIVATE if column.gaiji else PRIVATE + SELECTORS
        yield Rule(
            "unregistered_gaiji" if column.gaiji else "gaiji_not_allowed",
            lambda v: ~v.str.contains(f"[{barred}]"),
            scan,
            look.PRIVATE if column.gaiji else look.PRIVATE | look.SELECTOR,
        )


def doubts(values: pl.Series, rules: Iterable[Rule]) -> dict[str, NDArray[np.bool_] | None]:
    """By code, which values could break a rule; None: none could. A blank breaks none.

    >>> from migrate.model import Column
    >>> column = Column(name="x", label="", type="X", length="3", source="G")
    >>> found = doubts(pl.Series(["ABC", None, "山"]), rules_of(column, None))
    >>> found["not_x"].tolist(), found["too_long"]
    ([False, False, True], None)
    """
    found: dict[int, Traits] = {}
    by_code = {}
    for rule in rules:
        traits = found.get(id(rule.scan)) or found.setdefault(id(rule.scan), rule.scan.scan(values))
        by_code[rule.code] = traits.of(rule.traits)
    return by_code


class Promise(NamedTuple):
    """What a column promises of every row, named by the code of its issue."""

    column: Column
    code: str
    kept: pl.Expr


def promises_of(
    table: Table, codes: Dict[str, CodeList], only: Dict[str, frozenset[str]] | None = None
) -> list[Promise]:
    """Every promise of the table; or of `only` some columns, that there is a value, and some codes besides."""
    for column in table.columns:
        if column.check and column.check not in VALUES:
            cause, remedy = unknown(say("検査", "check"), column.check, VALUES)
            raise KnowledgeError(Problem(shown(table.path), column.name, cause, remedy))
    found = []
    for column in table.columns:
        if only is not None and column.name not in only:
            continue
        value = pl.col(column.name)
        if column.required == "yes":
            found.append(Promise(column, MISSING, value.is_not_null()))
        found += [
            Promise(column, rule.code, value.is_null() | rule.good(value))  # a blank is judged once
            for rule in rules_of(column, codes.get(column.codes))
            if only is None or rule.code in only[column.name]
        ]
    return found


def schema_of(table: Table, promises: list[Promise]) -> pa.DataFrameSchema:
    """The columns that promise something, and all their promises as one check of a whole row: pandera takes longer
    for each further check than for a few hundred rows of it. Which rows break it, `refused` tells."""
    import pandera.polars as pa  # when the first row is doubted: it takes long to load

    names = [f"{one.column.name} {one.code}" for one in promises]
    every = [one.kept.alias(name) for one, name in zip(promises, names, strict=True)]

    def check(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(every)

    return pa.DataFrameSchema(
        {one.column.name: pa.Column(one.column.dtype, nullable=True) for one in promises},
        checks=pa.Check(check, name=PROMISES, error=PROMISES, n_failure_cases=1) if every else None,
        strict=True,
        name=table.name,
    )


def refused(schema: pa.DataFrameSchema, rows: pl.DataFrame) -> pl.Series | None:
    """Which rows pandera refuses by a schema of `schema_of`; None: none of them."""
    from pandera.errors import SchemaError, SchemaErrorReason

    try:  # pandera ends at the first that is wrong; the rows come last
        schema.validate(pl.DataFrame([rows[name] for name in schema.columns]))
    except SchemaError as found:
        found.__traceback__ = None  # its frames hold the rows, and one of them the error itself
        if found.reason_code == SchemaErrorReason.DATAFRAME_CHECK:
            kept: pl.Series = found.check_output.to_series()
            return ~kept
        wrong = found.reason_code.name
    else:
        return None
    raise TypeError(f"{schema.name}: {wrong}")  # not of the table's types: a mistake of ours


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

    form = Form(column.type)
    yield Rule("not_date", possible, form)
    if not column.unknown_date:
        boundary = ("0000-01-01", "9999-12-31")  # a period without beginning or end
        yield Rule(
            "unknown_date_not_allowed",
            lambda v: ~possible(v) | real(v) | v.is_in(boundary),
            form,
        )


_NOT = {"X": look.NOT_X, "N": look.NOT_N, "BLOB": look.NOT_BLOB}
_SHAPES = {
    "X": r"^[\x20-\x7E\uFF61-\uFF9F]*$",
    "N": r"^([^\x00-\x7F\u0080-\u009F\uFF61-\uFF9F]|\\n)*$",  # \n: a line break, written as two characters
    "TIME": r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$",
    "YEAR": r"^[0-9]{4}$",
    "YM": r"^[0-9]{4}-(0[0-9]|1[0-2])$",
    "BLOB": r"^[\x20-\x7E]*$",
}
