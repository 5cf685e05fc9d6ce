"""Cells as SHIRANE's package exports them and a spreadsheet leaves them."""

from __future__ import annotations

import polars as pl

from town.spell import last, slashed, unknown_wording, unpadded, worded


def marked(value: str, yes: str = "○") -> pl.Expr:
    """A mark where a flag is 1, else nothing."""
    return pl.when(pl.col(value) == "1").then(pl.lit(yes))


def number(column: str, width: int = 10) -> pl.Expr:
    """A number of so many digits without its leading zeros."""
    return unpadded(last(column, width))


def western(column: str) -> pl.Expr:
    """2019/4/1."""
    return slashed(column, "", pad=False)


def dotted(column: str) -> pl.Expr:
    """R6.4.1."""
    return slashed(column, mark=".", pad=False)


def birth(column: str = "birth_date") -> pl.Expr:
    """昭和63年4月1日; 年月日不詳 where nothing is known."""
    unknown = pl.col(column) == "0000-00-00"
    return pl.when(unknown).then(unknown_wording(column)).otherwise(worded(column))


def managed() -> dict[str, pl.Expr]:
    """最新, 抹消, 更新者, and 更新日時 as the spreadsheet shows it: 2025/6/1 9:05:00."""
    hour = pl.col("operated_time").str.strip_prefix("0")
    return {
        "latest": marked("is_latest", "*"),
        "deleted": marked("is_deleted", "*"),
        "updated_by": pl.col("operator_id"),
        "updated_at": western("operated_date") + " " + hour,
    }
