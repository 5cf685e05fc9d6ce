"""Conditions in SQL over the fields of a record: whether they can be asked at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.errors import Problem
from migrate.frames import OFFSET, RECORD
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from migrate.model import RecordType


def blank_frame(record: RecordType) -> pl.DataFrame:
    """No records, but with the columns that they have."""
    kinds = {f.name: pl.Int64 if f.whole else pl.String for f in record.read.values()}
    return pl.DataFrame(schema={**kinds, RECORD: pl.UInt64, OFFSET: pl.UInt64})


def wrong_condition(path: Path, place: str, sql: str, frame: pl.DataFrame) -> Iterator[Problem]:
    remedy = say("項目名で書いた SQL の条件にする", "write a condition in SQL, over the fields")
    try:
        kind = frame.select(pl.sql_expr(sql)).dtypes[0]
    except pl.exceptions.PolarsError as error:
        yield Problem(path, place, f"{sql}: {str(error).splitlines()[0]}", remedy)
        return
    if kind != pl.Boolean:
        cause = say(f"{sql} は条件ではありません", f"{sql} is no condition")
        yield Problem(path, place, cause, remedy)
