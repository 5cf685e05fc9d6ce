"""The columns of the standard tables, and values as they stand there."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

STANDARD = Path(__file__).resolve().parents[2] / "layouts/standard"
CITY = "482013"


class StandardColumn(NamedTuple):
    """What is needed of a column of a standard table."""

    name: str
    dtype: pl.DataType
    key: bool
    check: str


@cache
def standard(table: str) -> tuple[StandardColumn, ...]:
    """The columns of a standard table, by its short name: `juki_resident`."""
    found = list(STANDARD.glob(f"*/{table}.csv"))
    if len(found) != 1:
        raise ValueError(f"no standard table {table}")
    with found[0].open(encoding="utf-8", newline="") as file:
        return tuple(
            StandardColumn(r["name"], _dtype(r), r["key"] == "yes", r["check"])
            for r in csv.DictReader(file)
        )


def _dtype(row: dict[str, str]) -> pl.DataType:
    if row["type"] == "9V":
        whole, _, fraction = row["length"].partition(",")
        return pl.Decimal(int(whole) + int(fraction or 0), int(fraction or 0))
    return pl.Int64() if row["type"] in ("9", "S9") else pl.String()


def iso(value: pl.Expr | str) -> pl.Expr:
    """A pl.Date (or its column) as the standard writes it.

    >>> pl.select(iso(pl.date(2025, 4, 1))).item()
    '2025-04-01'
    """
    return (pl.col(value) if isinstance(value, str) else value).cast(pl.String)


def city_columns(prefix: str = "addr") -> dict[str, pl.Expr]:
    """The three columns of an address that are the same in the whole town.

    >>> list(city_columns("mail"))
    ['mail_city_code', 'mail_pref', 'mail_city']
    """
    return {
        f"{prefix}_city_code": pl.lit(CITY),
        f"{prefix}_pref": pl.lit("浅間県"),
        f"{prefix}_city": pl.lit("浅間市"),
    }


def clock(seconds: pl.Series) -> pl.Series:
    """Seconds of the day as hh:mm:ss."""
    name = seconds.name
    parts = [seconds // 3600, seconds // 60 % 60, seconds % 60]
    text = [p.cast(pl.String).str.zfill(2) for p in parts]
    return (text[0] + ":" + text[1] + ":" + text[2]).alias(name)
