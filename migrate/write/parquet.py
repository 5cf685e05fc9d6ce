"""Parquet, typed: numbers as integers or decimals, dates as text because a part may be unknown."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple, Protocol

import polars as pl
import pyarrow as pa

from migrate.write.hashed import HashedFile
from migrate.write.indexed import column, encoded, indexed, joined

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from migrate.coded import Coded
    from migrate.model import Table
    from migrate.write.csv import Lines

ROW_GROUP = 65_536
"""Rows a group, whatever the batches were: the same rows give the same bytes."""

_INDICES = pa.dictionary(pa.int32(), pa.string())


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


class _Piece(NamedTuple):
    """Some rows of a group."""

    rows: pl.DataFrame
    coded: Mapping[str, Coded]


class ParquetFile:
    """Appends row groups to one Parquet file. Columns have their English names; labels are metadata."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[Named],
        few: Collection[str] = (),
        keys: Sequence[str] = (),
    ) -> None:
        """`few`: texts with few values, beside those that have a code list: which they are shows in the bytes,
        so it must not depend on the batches. `keys`: columns that a reader may look for a range of."""
        self._dtypes = {c.name: c.dtype for c in columns}
        self._few = {c.name for c in columns if c.dtype == pl.String and (c.codes or c.name in few)}
        self._pending: list[_Piece] = []
        self._waiting = 0
        self._schema = pa.schema(pa.field(c.name, self._taken(c)) for c in columns)
        shown = pa.schema(
            pa.field(c.name, _arrow(c.dtype), metadata={"label": c.label}) for c in columns
        )
        self._shown = base64.b64encode(shown.serialize().to_pybytes())
        self._hashed = HashedFile(path)
        import pyarrow.parquet as pq  # for those who want this form: it loads file systems, too

        self._file = pq.ParquetWriter(
            self._hashed,
            self._schema,
            compression="zstd",
            use_dictionary=sorted(self._few),
            write_statistics=list(keys),
            store_schema=False,  # it would say dictionaries where a reader is to see texts: `close`
        )

    @classmethod
    def of(cls, path: Path, table: Table, few: Collection[str] = ()) -> ParquetFile:
        return cls(path, table.columns, few, table.keys)

    def write(
        self,
        rows: pl.DataFrame,
        made: Lines | None = None,
        coded: Mapping[str, Coded] | None = None,
    ) -> None:
        """Append rows. Coded columns need not be in the frame, only their places."""
        while rows.height:
            head = rows.head(ROW_GROUP - self._waiting)
            self._pending.append(_Piece(head, coded or {}))
            self._waiting += head.height
            rows = rows.slice(head.height)
            if self._waiting == ROW_GROUP:
                self._group()

    @property
    def sha256(self) -> str:
        """Of the whole file, once it is closed, in hexadecimal digits."""
        return self._hashed.sha256

    def close(self) -> None:
        if self._waiting:
            self._group()
        self._file.add_key_value_metadata({"ARROW:schema": self._shown})
        self._file.close()
        self._hashed.close()

    def _group(self) -> None:
        columns = [self._column(name) for name in self._dtypes]
        self._file.write_table(pa.table(columns, schema=self._schema), row_group_size=ROW_GROUP)
        self._pending, self._waiting = [], 0

    def _taken(self, column: Named) -> pa.DataType:
        """How the writer is given a column: texts as they lie in memory, or by their few values."""
        if column.dtype != pl.String:
            return _arrow(column.dtype)
        return _INDICES if column.name in self._few else pa.string_view()

    def _column(self, name: str) -> pa.Array:
        """A column of the group in one piece: where a page ends must not tell of batches."""
        given = [(rows, coded.get(name)) for rows, coded in self._pending]
        if name in self._few:
            by_place = [(rows, code) for rows, code in given if code]
            if len(by_place) == len(given):
                return indexed(by_place)
        parts = [column(rows, code) if code else rows[name] for rows, code in given]
        if name in self._few:
            return encoded(parts)
        wanted = self._schema.field(name).type
        if all(p.null_count() == len(p) for p in parts):
            return pa.nulls(self._waiting, wanted)
        return joined(parts).cast(wanted)


def _arrow(dtype: pl.DataType) -> pa.DataType:
    """What a reader sees."""
    if isinstance(dtype, pl.Decimal):
        return pa.decimal128(dtype.precision or 38, dtype.scale)
    return pa.int64() if dtype == pl.Int64 else pa.string()
