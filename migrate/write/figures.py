"""What a table's rows add up to, measure by measure: `Figures(table, measures)`."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import polars as pl

from migrate.write.distinct import Distinct
from migrate.write.indexed import column
from migrate.write.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from migrate.catalog.measures import Measure
    from migrate.coded import Coded
    from migrate.model import Table


_Values: TypeAlias = "tuple[str | int | None, ...]"


class Figure(NamedTuple):
    """One total."""

    measure: Measure
    values: _Values  # of the columns that it is by
    figure: int | Decimal


class Part(NamedTuple):
    """What some rows add to the figures."""

    found: dict[Measure, dict[_Values, int | Decimal]]
    distinct: dict[Measure, NDArray[np.void]]


class Figures:
    """Takes a table's rows, batch by batch. Whatever the batches, the figures are the same."""

    def __init__(self, table: Table, measures: Sequence[Measure], as_of: str = "") -> None:
        """`as_of`: the moment of the extraction, YYYYMMDDhhmmss, for measures that ask who is in force."""
        self._measures = measures
        self._day = f"{as_of[:4]}-{as_of[4:6]}-{as_of[6:8]}"
        self._grouped: dict[tuple[str, tuple[str, ...]], list[Measure]] = defaultdict(list)
        self._needed: dict[
            str, list[str]
        ] = {}  # by condition; at least one, so that rows can be counted
        for where in {m.where for m in measures if not _tallied(m)}:
            chosen = [m for m in measures if m.where == where and not _tallied(m)]
            names = {n for m in chosen for n in (*m.by, *m.distinct, m.sum) if n}
            some = [c.name for c in table.columns if c.name in names]
            self._needed[where] = some or [table.columns[0].name]
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

    def add(self, rows: pl.DataFrame, coded: Mapping[str, Coded] | None = None) -> None:
        """Add typed rows of the table."""
        self.enter(self.part(rows, coded))

    def part(self, rows: pl.DataFrame, coded: Mapping[str, Coded] | None = None) -> Part:
        """What some typed rows add; nothing is added yet, so several threads may ask.

        Coded columns need not be in the frame, only their places.
        """
        coded = coded or {}
        chosen = {where: self._chosen(rows, where, coded) for where in self._needed}
        found: dict[Measure, dict[_Values, int | Decimal]] = {}
        for (where, by), measures in self._grouped.items():
            if not rows.height:
                continue
            if all(map(_tallied, measures)):
                counts: dict[_Values, int | Decimal] = {
                    (v,): n for v, n in tally(rows, by[0], coded).items()
                }
                found |= dict.fromkeys(measures, counts)
            elif chosen[where].height:
                found |= _added(chosen[where], by, measures)
        distinct = {m: d.hashed(chosen[m.where]) for m, d in self._distinct.items()}
        return Part(found, distinct)

    def enter(self, part: Part) -> None:
        """Add what `part` gave."""
        for measure, found in part.found.items():
            whole = self._found[measure]
            for values, figure in found.items():
                whole[values] += figure
        for measure, pairs in part.distinct.items():
            self._distinct[measure].add(pairs)

    def figures(self) -> Iterator[Figure]:
        """Every total, in the order of the measures and, within one, of its values. Nothing can be added then."""
        for measure in self._measures:
            if measure in self._distinct:
                yield Figure(measure, (), self._distinct[measure].count())
                continue
            found = self._found[measure]
            for values in sorted(found, key=lambda v: [(x is not None, x) for x in v]):
                yield Figure(measure, values, found[values])

    def _chosen(self, rows: pl.DataFrame, where: str, coded: Mapping[str, Coded]) -> pl.DataFrame:
        """The rows that a condition is true of, with the columns that its measures need."""
        needed = self._needed[where]
        if not where:
            return pl.DataFrame([_column(n, rows, coded) for n in needed])
        kept = pl.sql_expr(where.replace("{as_of}", self._day))
        names = dict.fromkeys([*needed, *kept.meta.root_names()])
        return rows.select(_column(n, rows, coded) for n in names).filter(kept).select(needed)


def _tallied(measure: Measure) -> bool:
    """Whether a measure is but how often one column has each value."""
    return not (measure.where or measure.sum or measure.distinct) and len(measure.by) == 1


def _column(name: str, rows: pl.DataFrame, coded: Mapping[str, Coded]) -> pl.Series:
    """A column of the frame, or what its places say."""
    if name in rows.columns or name not in coded:
        return rows[name]
    return column(rows, coded[name]).alias(name)


def _added(
    rows: pl.DataFrame, by: tuple[str, ...], measures: list[Measure]
) -> dict[Measure, dict[_Values, int | Decimal]]:
    """Rows added up by some columns; a sum that is all blank is 0."""
    figures = [_expression(m.sum, rows).alias(f"_{n}") for n, m in enumerate(measures)]
    totals = rows.group_by(by).agg(figures) if by else rows.select(figures)
    found: dict[Measure, dict[_Values, int | Decimal]] = {m: {} for m in measures}
    for line in totals.iter_rows():
        for measure, figure in zip(measures, line[len(by) :], strict=True):
            found[measure][line[: len(by)]] = figure
    return found


def _expression(column: str, rows: pl.DataFrame) -> pl.Expr:
    """Sums are as wide as they may become: 65,536 amounts of 15 digits can be beyond 64 bits."""
    if not column:
        return pl.len()
    value = pl.col(column)
    if rows.schema[column] != pl.Int64:
        return value.sum()
    least, most = rows[column].min() or 0, rows[column].max() or 0
    widest = max(abs(int(least)), abs(int(most)))  # type: ignore[arg-type]
    return (value if widest * rows.height < 2**63 else value.cast(pl.Int128)).sum()


def _nothing(table: Table, column: str) -> int | Decimal:
    """The sum of no rows, with the column's decimals."""
    scale = table.by_name[column].digits[1] if column else 0
    return Decimal(0).scaleb(-scale) if scale else 0
