"""The complete list of what was found: issues.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.notices import cited, notices
from migrate.write.csv import CsvFile

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ["code", "severity", "record", "byte", "table", "item", "label", "value", "message"]


class Issues(CsvFile):
    """One line an issue, in the order of the records. No personal value is in it."""

    def __init__(self, path: Path, labels: dict[tuple[str, str], str]) -> None:
        """`labels`: what the columns (by table and name) and fields (table blank) are called."""
        super().__init__(path, COLUMNS)
        self._labels = labels

    def write(self, rows: pl.DataFrame, text: bytes | None = None) -> None:
        """Append issues: the columns of ISSUES and `table`."""
        pairs = rows.select("code", "severity").unique().rows()
        names = {f"{level} {code}": cited(code, level) for code, level in pairs}
        titles = {code: notices()[code].title for code, _ in pairs}
        asked = rows.select("table", "item").unique().rows()
        labels = {
            f"{t} {i}": self._labels.get((t, i), self._labels.get(("", i), "")) for t, i in asked
        }
        key = pl.format("{} {}", "severity", "code")
        place = pl.format("{} {}", "table", "item")
        super().write(
            rows.with_columns(
                code=key.replace_strict(names, return_dtype=pl.String),
                message=pl.col("code").replace_strict(titles, return_dtype=pl.String),
                label=place.replace_strict(labels, return_dtype=pl.String),
            ).select(COLUMNS),
            text,
        )
