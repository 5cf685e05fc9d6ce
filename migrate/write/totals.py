"""What a table's rows add up to, for the manifest: `Totals(table)`; `migrate totals` adds up the same and more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from migrate.catalog.measures import measures
from migrate.write.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import polars as pl

    from migrate.coded import Coded
    from migrate.model import Table
    from migrate.write.figures import Part


class Totals:
    """Sums of every amount, and rows by value of every coded column."""

    def __init__(self, table: Table, blank: Collection[str] = ()) -> None:
        """`blank`: columns that nobody fills."""
        coded = {c.name for c in table.columns if c.codes and c.name not in blank}
        chosen = [
            m
            for m in measures(table)
            if not m.where
            and (
                (m.sum and not m.by and m.sum not in blank)
                or (m.name == "rows" and set(m.by) & coded)
            )
        ]
        self._names = [m.sum or m.by[0] for m in chosen]
        self._figures = Figures(table, chosen)

    def add(self, rows: pl.DataFrame, coded: Mapping[str, Coded] | None = None) -> None:
        """Add typed rows of the table."""
        self.enter(self.part(rows, coded))

    def part(self, rows: pl.DataFrame, coded: Mapping[str, Coded] | None = None) -> Part:
        """What some rows add, for `enter`; changes nothing, so several threads may ask."""
        return self._figures.part(rows, coded)

    def enter(self, part: Part) -> None:
        """Add what `part` gave."""
        self._figures.enter(part)

    def facts(self) -> dict[str, Any]:
        """For the manifest; decimals as text, so that no reader rounds them."""
        sums: dict[str, int | str] = {}
        codes: dict[str, dict[str, int]] = {}
        for figure in self._figures.figures():
            if figure.measure.sum:
                value = figure.figure
                sums[figure.measure.sum] = str(value) if isinstance(value, Decimal) else value
            else:
                counts = codes.setdefault(figure.measure.by[0], {})
                counts[str(figure.values[0] or "")] = int(figure.figure)
        empty: dict[str, dict[str, int]] = {n: {} for n in self._names if n not in sums}
        return {"sums": sums, "rows_by_code": empty | codes}
