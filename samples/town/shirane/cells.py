"""Cells of SHIRANE's register files, besides those of sheet.py: dates in three columns, remarks of several lines."""

from __future__ import annotations

import polars as pl

from town.shirane import sheet
from town.shirane.sheet import western
from town.spell import narrow, unpadded


def moment(day: str = "operated_date", time: str = "operated_time") -> pl.Expr:
    """2025/6/1 9:05:00."""
    return western(day) + " " + pl.col(time).str.strip_prefix("0")


def edited() -> dict[str, pl.Expr]:
    """抹消, 更新者 and 更新日時 of files that mark nothing as the latest."""
    return {name: cell for name, cell in sheet.managed().items() if name != "latest"}


def postal(column: str) -> pl.Expr:
    return pl.col(column).str.replace(r"^(\d{3})", "${1}-")


def part(column: str, start: int, length: int) -> pl.Expr:
    """A part of a date, without its leading zero; 0 if unknown."""
    return unpadded(pl.col(column).str.slice(start, length))


def split(name: str, column: str) -> dict[str, pl.Expr]:
    """年, 月, 日 in three columns, western."""
    return {
        f"{name}_y": pl.col(column).str.slice(0, 4),
        f"{name}_m": part(column, 5, 2),
        f"{name}_d": part(column, 8, 2),
    }


def mixed(column: str) -> pl.Expr:
    """Some with half-width digits, as the clerk typed them."""
    return pl.when(pl.int_range(pl.len()) % 3 == 0).then(narrow(column)).otherwise(column)


def remark(share: int, text: str) -> pl.Expr:
    """A remark of several lines in every so manieth row."""
    return pl.when(pl.int_range(pl.len()) % share == 1).then(pl.lit(text))
