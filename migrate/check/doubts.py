"""Which rows could break which rule at all: `Doubts(table, codes).find(rows, coded)`. Only those go to pandera.

A column of which the distinct values are known is asked value by value, once in a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from migrate.check.schema import doubts, rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    import polars as pl
    from numpy.typing import NDArray

    from migrate.coded import Coded
    from migrate.model import CodeList, Column, Table

    Mask = NDArray[np.bool_]


class Found(NamedTuple):
    """Rows that could be wrong, and the rules to judge them by."""

    rows: Mask
    rules: frozenset[
        tuple[str, frozenset[str]]
    ]  # column, codes; no codes: it only must not be blank


class Doubts:
    """What a table's rules suspect. It remembers distinct values: one for each source of rows."""

    def __init__(self, table: Table, codes: Dict[str, CodeList]) -> None:
        self._columns = table.columns
        self._rules = {c.name: list(rules_of(c, codes.get(c.codes))) for c in table.columns}

    def find(self, rows: pl.DataFrame, coded: Dict[str, Coded]) -> Found | None:
        """The doubtful rows, or None where there are none."""
        wrong: Mask = np.zeros(rows.height, bool)
        rules: dict[str, set[str]] = {}
        for column in self._columns:
            told = coded.get(column.name)
            found = self._told(rows, column, told) if told else self._asked(rows, column)
            for code, mask in found.items():
                if mask.any():
                    wrong |= mask
                    rules.setdefault(column.name, set()).update([code] if code else [])
        if not rules:
            return None
        return Found(wrong, frozenset((name, frozenset(codes)) for name, codes in rules.items()))

    def _asked(self, rows: pl.DataFrame, column: Column) -> dict[str, Mask]:
        """By code ("": blank where it must not be) the rows that are doubtful."""
        values = rows[column.name]
        blank, found = values.null_count(), {}
        if blank and column.required == "yes":
            found[""] = values.is_null().to_numpy()
        if blank < rows.height:
            asked = doubts(values, self._rules[column.name])
            found |= {code: mask for code, mask in asked.items() if mask is not None}
        return found

    def _told(self, rows: pl.DataFrame, column: Column, told: Coded) -> dict[str, Mask]:
        """The same, by the column's distinct values."""
        known = told.noted("doubts", _Known)
        if len(told.values) > known.count:
            fresh = told.values.slice(known.count).alias(column.name)
            known.learn(len(fresh), self._asked(fresh.to_frame(), column))
        if not known.doubtful:
            return {}
        places = rows[told.places].to_numpy() if told.places else np.zeros(rows.height, np.uint32)
        return {code: _among(places, mask) for code, mask in known.doubtful.items()}


class _Known:
    """What is known of a column's distinct values."""

    def __init__(self) -> None:
        self.count = 0
        self.doubtful: dict[str, Mask] = {}  # by code; a code that is not here is none of theirs

    def learn(self, fresh: int, found: dict[str, Mask]) -> None:
        """Add some more values."""
        before, none = np.zeros(self.count, bool), np.zeros(fresh, bool)
        self.doubtful = {
            code: np.concatenate([self.doubtful.get(code, before), found.get(code, none)])
            for code in self.doubtful | found
        }
        self.count += fresh


def _among(places: NDArray[np.uint32], mask: Mask) -> Mask:
    """Which places are those of doubtful values. Of one it is asked directly: often it is the blank that may not be."""
    which = np.flatnonzero(mask)
    return places == which[0] if len(which) == 1 else mask[places]
