"""Delivered Parquet files -> rows, and what differs from the table's schema: `batches(path, table)`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from migrate.frames import OFFSET, RECORD
from migrate.read.delivered.header import Header, understood
from migrate.read.delivered.piece import Piece, at_hand, gathered, issue, nothing
from migrate.read.delivered.typed import typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from migrate.model import Column, Table
    from migrate.read.delivered.piece import Later


def batches(path: Path, table: Table, size: int) -> Iterator[Later]:
    """Read a file, up to `size` rows at a time. A Parquet file has no bytes to point at: byte is 0."""
    try:
        with pq.ParquetFile(path) as file:
            header = understood(file.schema_arrow.names, table, "parquet")
            wrong = _types(file.schema_arrow, header, table)
            yield at_hand(nothing(table), gathered([*header.issues, *wrong]), None, header.absent)
            first = 1
            for batch in file.iter_batches(size):
                yield partial(_piece, batch, first, header, table)
                first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk, not the file
            raise
        code = "unreadable" if path.stat().st_size else "empty_file"
        yield at_hand(nothing(table), issue(code))


def _types(schema: pa.Schema, header: Header, table: Table) -> Iterator[pl.DataFrame]:
    """Columns of another type than the table wants; text may be laid out in any way."""
    for field, name in zip(schema, header.columns, strict=True):
        if name and not _alike(field.type, table.by_name[name]):
            wanted = table.by_name[name].dtype
            yield issue("column_type", item=name, value=f"{field.type} / {wanted}")


def _alike(found: pa.DataType, column: Column) -> bool:
    if pa.types.is_dictionary(found):
        found = found.value_type
    if isinstance(column.dtype, pl.Decimal):
        return bool(pa.types.is_decimal(found) and found.scale == column.dtype.scale)
    if column.dtype == pl.Int64:
        return bool(pa.types.is_int64(found))
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(test(found) for test in texts)


def _piece(batch: pa.RecordBatch, first: int, header: Header, table: Table) -> Piece:
    """Rows with the table's names and types; a column of another type is read as if it were text."""
    raw = pl.DataFrame(
        pl.from_arrow(batch.rename_columns(list(map(str, range(batch.num_columns)))))
    )
    columns = {
        RECORD: pl.Series(range(first, first + batch.num_rows), dtype=pl.UInt64),
        OFFSET: pl.zeros(batch.num_rows, pl.UInt64, eager=True),
    }
    for i, name in enumerate(header.columns):
        if name:
            columns[name] = _series(raw[str(i)], table.by_name[name])
    rows = pl.DataFrame(columns).with_columns(
        pl.lit(None, c.dtype).alias(c.name) for c in table.columns if c.name not in columns
    )
    frame, issues = typed(rows, table)
    return Piece(frame, issues, None, header.absent, batch.num_rows)


def _series(values: pl.Series, column: Column) -> pl.Series:
    """As the column has it where the types agree, else as text; empty text is blank."""
    if values.dtype == column.dtype and values.dtype != pl.String:
        return values
    if isinstance(values.dtype, pl.Decimal) and isinstance(column.dtype, pl.Decimal):
        return values.cast(column.dtype, strict=False)
    if values.dtype.is_nested() or values.dtype == pl.Binary:
        return pl.Series([None] * len(values), dtype=pl.String)
    text = values.cast(pl.String)
    if values.dtype.is_float():  # 12.0 is how a whole number looks there
        text = text.str.replace(r"\.0$", "")
    return text.replace("", None)
