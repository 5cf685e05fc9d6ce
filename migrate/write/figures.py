"""What a table's rows add up to, measure by measure: `Figures(table, measures)`."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import polars as pl

from migrate.write.distinct import Distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrate.catalog.measures import Measure
    from migrate.model import Table


_Values: TypeAlias = "tuple[str | int | None, ...]"


class Figure(NamedTuple):
    """One total."""

    measure: Measure
    values: _Values  # of the columns that it is by
    figure: int | Decimal


class Figures:
    """Takes a table's rows, batch by batch. Whatever the batches, the figures are the same."""

    def __init__(self, table: Table, measures: Sequence[Measure], as_of: str = "") -> None:
        """`as_of`: the moment of the extraction, YYYYMMDDhhmmss, for measures that ask who is in force."""
        self._measures = measures
        self._day = f"{as_of[:4]}-{as_of[4:6]}-{as_of[6:8]}"
        self._grouped: dict[tuple[str, tuple[str, ...]], list[Measure]] = defaultdict(list)
        self._needed: dict[
            str, list[str]
        ] = {}  # by condition; with keys, so that rows can be counted
        for where in {m.where for m in measures}:
            chosen = [m for m in measures if m.where == where]
            names = {n for m in chosen for n in (*m.by, *m.distinct, m.sum) if n}
            self._needed[where] = [c.name for c in table.columns if c.key or c.name in names]
        self._distinct: dict[Measure, Distinct] = {}
        self._found: dict[Measure, defaultdict[_Values, int | Decimal]] = {}
        for measure in measures:
            if measure.distinct:
                self._distinct[measure] = Distinct(measure.distinct)
            else:
                self._grouped[measure.where, measure.by].append(measure)
                self._found[measure] = defaultdict(int)
                if not measure.by:
                    self._found[measure][()] = _nothing(table, measure.sum)

    def add(self, rows: pl.DataFrame) -> None:
        """Add typed rows of the table."""
        chosen = {"": rows}
        for where in {m.where for m in self._measures} - {""}:
            kept = pl.sql_expr(where.replace("{as_of}", self._day))
            mask = rows.select(kept).to_series()
            chosen[where] = rows.select(self._needed[where]).filter(mask)
        for (where, by), measures in self._grouped.items():
            if chosen[where].height:
                self._enter(chosen[where], by, measures)
        for measure, distinct in self._distinct.items():
            distinct.add(chosen[measure.where])

    def figures(self) -> Iterator[Figure]:
        """Every total, in the order of the measures and, within one, of its values. Nothing can be added then."""
        for measure in self._measures:
            if measure in self._distinct:
                yield Figure(measure, (), self._distinct[measure].count())
                continue
            found = self._found[measure]
            for values in sorted(found, key=lambda v: [(x is not None, x) for x in v]):
                yield Figure(measure, values, found[values])

    def _enter(self, rows: pl.DataFrame, by: tuple[str, ...], measures: list[Measure]) -> None:
        """Add up rows by some columns; a sum that is all blank is 0."""
        figures = [_expression(m.sum, rows).alias(f"_{n}") for n, m in enumerate(measures)]
        totals = rows.group_by(by).agg(figures) if by else rows.select(figures)
        for line in totals.iter_rows():
            for measure, figure in zip(measures, line[len(by) :], strict=True):
                self._found[measure][line[: len(by)]] += figure


def _expression(column: str, rows: pl.DataFrame) -> pl.Expr:
    """Sums are as wide as can be: 65,536 amounts of 15 digits are beyond 64 bits."""
    if not column:
        return pl.len()
    value = pl.col(column)
    return (value.cast(pl.Int128) if rows.schema[column] == pl.Int64 else value).sum()


def _nothing(table: Table, column: str) -> int | Decimal:
    """The sum of no rows, with the column's decimals."""
    scale = table.by_name[column].digits[1] if column else 0
    return Decimal(0).scaleb(-scale) if scale else 0
