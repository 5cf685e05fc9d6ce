"""利用者負担の減免: 負担限度額 from August to July, 社福軽減 and 利用者負担減免, by application."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday

if TYPE_CHECKING:
    import numpy as np

    from town.core import Town

YEARS = (2023, 2024, 2025)
MEALS = {"1": 300, "2": 390, "3": 650, "4": 1_360}
ROOMS = {"1": 880, "2": 880, "3": 1_370, "4": 1_370}
"""Yen a day, by 利用者負担段階 (3: 第3段階①, 4: 第3段階②)."""

LIMIT, WELFARE, RELIEF = "01", "02", "03"
"""減免種類, the municipality's own codes: 負担限度額, 社福軽減, 利用者負担減免."""

GRANTED, REFUSED, WAITING = "1", "2", "4"


def reductions(town: Town, insured: pl.DataFrame) -> pl.DataFrame:
    """ltci_reduction of those whose need is certified and who have little."""
    rng = town.rng("ltci_reduction")
    poor = insured.filter(
        (pl.col("income") < 1_500_000) & (pl.col("begin") < date(2025, 6, 1)) & ~pl.col("exempt")
        & (pl.col("end").is_null() | (pl.col("end") > date(2024, 8, 1)))
    )  # fmt: skip
    count = poor.height
    poor = poor.select(
        "insured_no", "income", "begin", "end", asks=pl.Series(rng.random(count)), days=pl.Series(rng.integers(0, 200, count))
    )  # fmt: skip
    rows = pl.concat([_year(rng, poor, year) for year in YEARS]).sort("insured_no", "since", "kind")
    granted = pl.col("result") == GRANTED
    limited = granted & (pl.col("kind") == LIMIT)
    stage = (
        pl.when(pl.col("income") < 500_000).then(pl.lit("1")).when(pl.col("income") < 826_500).then(pl.lit("2"))
        .when(pl.col("income") < 1_200_000).then(pl.lit("3")).otherwise(pl.lit("4"))
    )  # fmt: skip
    rows = rows.with_columns(
        stage=pl.when(limited).then(stage),
        reduction_seq=pl.int_range(1, pl.len() + 1).over("insured_no"),
    )
    applied = rows["applied"]
    rows = rows.with_columns(town.operated(rows.height, rng, applied))
    return rows.select(
        "insured_no",
        "reduction_seq",
        "stage",
        "operator_id",
        "operated_date",
        "operated_time",
        reduction_kind="kind",
        applied_date=iso("applied"),
        valid_from=pl.when(granted).then(iso("since")),
        valid_to=pl.when(granted).then(iso("until")),
        meal_limit=pl.col("stage").replace_strict(MEALS, default=None),
        room_limit=pl.col("stage").replace_strict(ROOMS, default=None),
        approved="result",
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    )


def _year(rng: np.random.Generator, poor: pl.DataFrame, year: int) -> pl.DataFrame:
    """Applications for August to July."""
    poor = poor.with_columns(luck=pl.Series(rng.random(poor.height)))
    late = pl.date(year, 7, 1) + pl.duration(days=pl.col("days"))
    applied = workday(pl.max_horizontal(late, "begin"))
    since = pl.max_horizontal(pl.date(year, 8, 1), applied.dt.month_start())
    waiting = (year == YEARS[-1]) & (pl.col("luck") > 0.95)
    here = pl.col("end").is_null() | (pl.col("end") > applied)
    asks = (
        (pl.col("asks") < 0.45)
        & (pl.col("luck") > 0.25)
        & here
        & (pl.col("begin") < pl.date(year, 7, 1))
    )
    kind = (
        pl.when(pl.col("luck") < 0.32)
        .then(pl.lit(WELFARE))
        .when(pl.col("luck") < 0.36)
        .then(pl.lit(RELIEF))
    )
    return poor.filter(asks).with_columns(
        kind=kind.otherwise(pl.lit(LIMIT)),
        applied=pl.when(waiting).then(pl.lit(date(2026, 3, 24))).otherwise(applied),
        since=since,
        until=pl.lit(date(year + 1, 7, 31)),
        result=pl.when(waiting).then(pl.lit(WAITING)).when(pl.col("luck") > 0.92).then(pl.lit(REFUSED))
        .otherwise(pl.lit(GRANTED)),
    )  # fmt: skip
