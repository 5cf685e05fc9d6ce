"""What values were before their characters were replaced: .originals.csv, with the key of the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.frames import ORIGINAL
from migrate.write.csv import CsvFile

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.model import Table

LABELS = ["列", "項目名", "元の値"]


class Originals:
    """One line a replaced value, in the order of the rows and then of the columns."""

    def __init__(self, path: Path, table: Table) -> None:
        self._columns = {c.name: c.label for c in table.columns}
        self._keys = table.keys
        self._file = CsvFile(path, [*(self._columns[k] for k in self._keys), *LABELS])

    def write(self, rows: pl.DataFrame) -> None:
        """Append what was replaced in some rows."""
        had = [c for c in self._columns if f"{ORIGINAL}{c}" in rows.columns]
        numbered = rows.with_row_index("_row")
        parts = [
            numbered.filter(pl.col(f"{ORIGINAL}{c}").is_not_null()).select(
                "_row",
                *self._keys,
                _column=pl.lit(c),
                _label=pl.lit(self._columns[c]),
                _value=pl.col(f"{ORIGINAL}{c}"),
            )
            for c in had
        ]
        if parts:
            found = pl.concat(parts).sort("_row", maintain_order=True).drop("_row")
            self._file.write(found)

    def close(self) -> None:
        self._file.close()
