"""The complete list of what was found: issues.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.notices import cited, notices
from migrate.write.csv import CsvFile

if TYPE_CHECKING:
    from migrate.write.staged import Staged

COLUMNS = [
    "code",
    "severity",
    "file",
    "record",
    "byte",
    "table",
    "item",
    "label",
    "value",
    "message",
]

TOGETHER = 1 << 13
"""So many are listed at once: most batches have but a few."""


class Issues:
    """One line an issue, in the order of the records. No personal value is in it."""

    def __init__(self, staged: Staged) -> None:
        self._list = CsvFile(staged.path("issues.csv"), COLUMNS)
        self._waiting: list[pl.DataFrame] = []
        self._of: tuple[str, dict[tuple[str, str], str]] = "", {}

    def write(self, rows: pl.DataFrame, file: str, labels: dict[tuple[str, str], str]) -> None:
        """Append issues of one file: the columns of ISSUES and `table`. `labels`: what the columns (by table
        and name) and fields (table blank) are called."""
        if not rows.height:
            return
        if self._of != (file, labels):
            self._list_waiting()
            self._of = file, labels
        self._waiting.append(rows)
        if sum(r.height for r in self._waiting) >= TOGETHER:
            self._list_waiting()

    def _list_waiting(self) -> None:
        if not self._waiting:
            return
        rows, (file, labels) = pl.concat(self._waiting), self._of
        self._waiting = []
        pairs = rows.select("code", "severity").unique().rows()
        names = {f"{level} {code}": cited(code, level) for code, level in pairs}
        titles = {code: notices()[code].title for code, _ in pairs}
        asked = rows.select("table", "item").unique().rows()
        called = {f"{t} {i}": labels.get((t, i), labels.get(("", i), "")) for t, i in asked}
        key = pl.format("{} {}", "severity", "code")
        place = pl.format("{} {}", "table", "item")
        self._list.write(
            rows.with_columns(
                code=key.replace_strict(names, return_dtype=pl.String),
                message=pl.col("code").replace_strict(titles, return_dtype=pl.String),
                label=place.replace_strict(called, return_dtype=pl.String),
                file=pl.lit(file),
            ).select(COLUMNS)
        )

    def close(self) -> None:
        self._list_waiting()
        self._list.close()
