"""What moves: a batch is a frame of rows, and a frame of issues with the columns of ISSUES."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from migrate.coded import Coded, chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BATCH = 65_536
"""Records taken at a time: large enough for pandera, small enough for memory."""

RECORD = "_record"
"""The 1-based number of a record in its file; travels with every frame."""

OFFSET = "_offset"
"""The 0-based byte at which the record begins in its file; travels with every frame."""

CARRIED = "_carried_"
"""Begins the name of a legacy field that travels with a row without a column of its own."""

ORIGINAL = "_original_"
"""Begins the name of what a column held before its characters were replaced; null where they were not."""

ISSUES = pl.Schema(
    {
        "record": pl.UInt64,
        "byte": pl.UInt64,  # absolute, 0-based
        "item": pl.String,  # a legacy field, a standard column, or blank for the whole record
        "code": pl.String,  # a name in catalog/notices.csv
        "severity": pl.String,  # error: the record is rejected; alert: it passes, but look
        "value": pl.String,  # never a personal value: see `hidden`
    }
)


def no_issues() -> pl.DataFrame:
    """An empty frame of issues."""
    return _NONE.clone()


_NONE = pl.DataFrame(schema=ISSUES)


def in_error(*found: pl.DataFrame) -> pl.Series:
    """The records with errors, each once.

    >>> record = {"record": [7, 8, 7], "severity": ["error", "alert", "error"]}
    >>> in_error(pl.DataFrame(record)).to_list()
    [7]
    """
    wrong = [issues["record"].filter(issues["severity"] == "error") for issues in found]
    some = [records for records in wrong if len(records)]
    return pl.concat(some).unique() if some else _NONE["record"]


def hidden(value: pl.Expr) -> pl.Expr:
    """What may be shown of a personal value: how long it is.

    >>> pl.select(hidden(pl.lit("山田　太郎"))).item()
    '(5 characters)'
    """
    return pl.format("({} characters)", value.cast(pl.String).str.len_chars())


class Batch(NamedTuple):
    """Some rows, and what was wrong with them. Convert and check take and give one."""

    rows: pl.DataFrame  # RECORD, OFFSET, then columns but for those that are coded; null is blank
    issues: pl.DataFrame  # the columns of ISSUES
    skipped: Mapping[str, int] = {}  # a reason -> how many records
    coded: Mapping[str, Coded] = {}  # columns told by their distinct values

    def columns(self, names: Iterable[str]) -> pl.DataFrame:
        """Some columns of the rows."""
        return chosen(self.rows, self.coded, names)

    def whole(self) -> Batch:
        """The same with every column among the rows."""
        plain = [n for n in self.rows.columns if n not in {c.places for c in self.coded.values()}]
        return self._replace(rows=self.columns([*plain, *self.coded]), coded={})
