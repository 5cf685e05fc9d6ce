"""償却資産課税台帳: what companies and the self-employed declared each January."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from town.fixed_asset_land import YEAR, places

if TYPE_CHECKING:
    from town.core import Town


class Asset(NamedTuple):
    """A kind of business asset."""

    kind: str  # C076
    name: str
    life: int  # 耐用年数
    cost: tuple[int, int]  # thousands of yen


ASSETS = [
    Asset("1", "駐車場舗装", 10, (400, 9_000)),
    Asset("1", "広告塔", 20, (300, 3_000)),
    Asset("2", "太陽光発電設備", 17, (1_500, 24_000)),
    Asset("2", "食料品製造機械一式", 10, (800, 45_000)),
    Asset("5", "フォークリフト", 4, (600, 2_800)),
    Asset("6", "パーソナルコンピューター", 4, (120, 400)),
    Asset("6", "エアコン", 6, (150, 900)),
    Asset("6", "陳列ケース（冷蔵）", 6, (300, 2_200)),
    Asset("6", "看板・ネオンサイン", 3, (100, 800)),
    Asset("6", "金庫", 20, (150, 700)),
]
SOLAR = 2
"""The asset whose taxable value may be a third or a half."""

LEAST = 5
"""Percent of the cost below which no asset falls."""


def assets(town: Town, owners: pl.DataFrame) -> pl.DataFrame:
    """fa_depreciable; those removed in the year before stand at nothing."""
    rng = town.rng("fa_depreciable")
    who = owners.filter("trade")
    size = np.where(
        (who["kind"] == "company").to_numpy(),
        rng.integers(2, 12, who.height),
        rng.integers(1, 5, who.height),
    )
    which = rng.integers(0, len(ASSETS), size.sum())
    low, high = (np.array([a.cost[i] for a in ASSETS])[which] for i in (0, 1))
    months = rng.integers(0, 15 * 12, len(which)) + 2010 * 12  # acquired 2010-01 to 2024-12
    age = 2024 - months // 12
    luck = rng.random((len(which), 3))
    cost = (low + (high - low) * luck[:, 0] ** 2).astype(np.int64) * 1000
    life = np.array([a.life for a in ASSETS])[which]
    value, before, rate = depreciated(cost, life, age)
    removed = (luck[:, 1] < 0.06) & (age > 0)
    share = np.where((which == SOLAR) & (age < 3), np.where(luck[:, 2] < 0.5, 333, 500), 1000)
    reduced = np.where(share == 333, value // 3, value * share // 1000)
    rows = who[["owner_atena_no"]][np.repeat(np.arange(who.height), size)].with_columns(
        tax_year=pl.lit(YEAR),
        asset_seq=np.concatenate([np.arange(1, n + 1) for n in size]),
        asset_kind=pl.Series(np.array([a.kind for a in ASSETS])[which]),
        asset_name=pl.Series(np.array([a.name for a in ASSETS])[which]),
        quantity=pl.Series(np.where(which == 5, rng.integers(1, 12, len(which)), 1)),
        acquired_ym=pl.Series((months - 1970 * 12).astype("M8[M]").astype("M8[D]")).cast(pl.String).str.slice(0, 7),
        acquired_cost=cost, useful_life=life, rate=rate, share=share, removed=removed, new=age == 0,
        before=before, value=np.where(removed, 0, value), reduced=np.where(removed, 0, reduced),
    )  # fmt: skip
    month = 1 + pl.col("asset_seq") % 12
    rows = rows.with_columns(
        residual_rate=places(pl.col("rate"), 3),
        prev_value=pl.when(~pl.col("new")).then("before"),
        assessed_value="value",
        special_rate=pl.when(pl.col("share") < 1000).then(places(pl.col("share"), 3)),
        taxable="reduced",
        change_kind=pl.when("removed").then(pl.lit("2")).when("new").then(pl.lit("1")),
        removed_ym=pl.when("removed").then("2024-" + month.cast(pl.String).str.zfill(2)),
        declared_date=pl.date(2025, 1, 6 + pl.col("owner_atena_no").str.slice(-3).cast(pl.Int64) % 25).cast(pl.String),
        is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
    )  # fmt: skip
    return rows.with_columns(town.operated(rows.height, rng))


def depreciated(
    cost: np.ndarray, life: np.ndarray, age: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """This year's value, last year's, and the rate between them in thousandths (固定資産評価基準 別表第15).

    >>> [x.tolist() for x in depreciated(np.array([1_000_000] * 2), np.array([4, 4]), np.array([0, 1]))]
    [[781000, 438922], [1000000, 781000], [781, 562]]
    """
    lost = np.rint((1 - 0.1 ** (1 / life)) * 1000).astype(np.int64)
    first, further = 1000 - (lost + 1) // 2, 1000 - lost
    value, before, rate = cost.copy(), cost.copy(), first.copy()
    for year in range(int(age.max(initial=0)) + 1):
        rate = np.where(age >= year, first if year == 0 else further, rate)
        before = np.where(age >= year, value, before)
        value = np.where(age >= year, np.maximum(value * rate // 1000, cost * LEAST // 100), value)
    return value, before, rate
