"""What a table's rows add up to: `Totals(table)`; anybody can add it up again."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from migrate.model import Table


class Totals:
    """Sums of every number column that is no key, and rows by value of every coded column."""

    def __init__(self, table: Table, blank: set[str]) -> None:
        """`blank`: columns that nobody fills."""
        lively = [c for c in table.columns if c.name not in blank]
        self._amounts = [c.name for c in lively if not c.key and c.dtype != pl.String]
        self._coded = [c.name for c in lively if c.codes]
        self.sums: dict[str, Any] = dict.fromkeys(self._amounts, 0)  # int or Decimal
        self.codes: dict[str, Counter[str]] = {name: Counter() for name in self._coded}

    def add(self, rows: pl.DataFrame) -> None:
        for name in self._amounts:
            self.sums[name] += rows[name].sum() or 0
        for name in self._coded:
            for value, count in rows[name].value_counts().iter_rows():
                self.codes[name][value or ""] += count

    def facts(self) -> dict[str, Any]:
        """For the manifest; decimals as text, so that no reader rounds them."""
        return {
            "sums": {n: str(s) if isinstance(s, Decimal) else s for n, s in self.sums.items()},
            "rows_by_code": {n: dict(sorted(c.items())) for n, c in self.codes.items()},
        }
