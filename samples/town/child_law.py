"""児童手当 by the law: which month pays how much for which child, before and after October 2024.

A month is a number here, year * 12 + month - 1.

>>> import polars as pl
>>> label(pl.Series([24302])).to_list()
['2025-03']
"""

from __future__ import annotations

import polars as pl


def number(year: int, month: int) -> int:
    """A month as a number."""
    return year * 12 + month - 1


REFORM = number(2024, 10)
"""Since then: until 18, no limit of income, 30,000 yen from the third child on."""

LIMIT = 9_600_000
"""Receipts above which, before the reform, a child brought 5,000 yen (特例給付)."""


def month_of(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - 1


def label(month: pl.Expr | pl.Series) -> pl.Expr | pl.Series:
    """A month as the standard writes it."""
    return (month // 12).cast(pl.String) + "-" + (month % 12 + 1).cast(pl.String).str.zfill(2)


def first_day(month: pl.Expr) -> pl.Expr:
    return pl.date(month // 12, month % 12 + 1, 1)


def last_day(month: pl.Expr) -> pl.Expr:
    return first_day(month).dt.month_end()


def march_after(born: pl.Expr, years: int) -> pl.Expr:
    """The March that ends the school year in which a child becomes so old, the day before its birthday."""
    reached = born.dt.offset_by(f"{years}y").dt.offset_by("-1d")
    return (reached.dt.year() + (reached.dt.month() > 3).cast(pl.Int32)).cast(pl.Int64) * 12 + 2


def three(born: pl.Expr) -> pl.Expr:
    """The month in which a child becomes three, the day before its birthday."""
    return month_of(born.dt.offset_by("3y").dt.offset_by("-1d"))


def paid(links: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """What each child counts for and brings in a month: columns kind (C173), place (多子順位), yen.

    links  recipient child born since until (months, null: no end) rich
    asked  recipient month
    """
    month, born = pl.col("month"), pl.col("born")
    new = month >= REFORM
    rows = asked.join(links, on="recipient", how="inner", maintain_order="left").filter(
        (pl.col("since") <= month) & (month <= pl.col("until").fill_null(10**6))
    )
    rows = rows.with_columns(
        place=born.rank("ordinal").over("recipient", "month").cast(pl.Int64),
        kind=pl.when(month <= three(born)).then(pl.lit("1"))
        .when(month <= march_after(born, 12)).then(pl.lit("2"))
        .when(month <= march_after(born, 15)).then(pl.lit("3"))
        .when(month <= march_after(born, 18)).then(pl.lit("4")).otherwise(pl.lit("5")),
    )  # fmt: skip
    kind, third = pl.col("kind"), pl.col("place") >= 3
    now = pl.when(kind == "5").then(0).when(third).then(30_000).when(kind == "1").then(15_000).otherwise(10_000)
    then = (
        pl.when(kind >= "4").then(0).when("rich").then(5_000)
        .when((kind == "1") | ((kind == "2") & third)).then(15_000).otherwise(10_000)
    )  # fmt: skip
    return rows.with_columns(yen=pl.when(new).then(now).otherwise(then).cast(pl.Int64))
