"""Parquet, typed: numbers as integers or decimals, dates as text because a part may be unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from migrate.model import Table

ROW_GROUP = 65_536
"""Rows a group, whatever the batches were: the same rows give the same bytes."""


class Named(Protocol):
    """What a column is called, and what it holds."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def dtype(self) -> pl.DataType: ...
    @property
    def codes(self) -> str: ...


class ParquetFile:
    """Appends row groups to one Parquet file. Columns have their English names; labels are metadata."""

    def __init__(self, path: Path, columns: Sequence[Named]) -> None:
        self._schema = pa.schema(
            pa.field(c.name, _arrow(c.dtype), metadata={"label": c.label}) for c in columns
        )
        few = [c.name for c in columns if c.codes]
        self._pending = pl.DataFrame(schema={c.name: c.dtype for c in columns})
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=few)

    @classmethod
    def of(cls, path: Path, table: Table) -> ParquetFile:
        return cls(path, table.columns)

    def write(self, rows: pl.DataFrame, text: bytes | None = None) -> None:
        self._pending = pl.concat([self._pending, rows])
        while self._pending.height >= ROW_GROUP:
            self._group(self._pending.head(ROW_GROUP))
            self._pending = self._pending.slice(ROW_GROUP)

    def close(self) -> None:
        if self._pending.height:
            self._group(self._pending)
        self._file.close()

    def _group(self, rows: pl.DataFrame) -> None:
        self._file.write_table(rows.to_arrow().cast(self._schema), row_group_size=ROW_GROUP)


def _arrow(dtype: pl.DataType) -> pa.DataType:
    if isinstance(dtype, pl.Decimal):
        return pa.decimal128(dtype.precision or 38, dtype.scale)
    return pa.int64() if dtype == pl.Int64 else pa.string()
