"""What 国民健康保険 paid out: for dear treatment in the last two years, for births, for burials."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import iso, workday

if TYPE_CHECKING:
    from town.core import Town

KINDS = {"01": 0.34, "02": 0.56, "03": 0.04, "06": 0.02}
"""給付種類, and how often each comes among those for treatment."""

VISITS = 3
"""Months that may be dear, of each person."""


def benefits(town: Town, people: pl.DataFrame) -> pl.DataFrame:
    """nhi_benefit: for treatment in the last two years, for births, for burials."""
    rng = town.rng("nhi_benefit")
    live = people.filter(pl.col("is_deleted") == "0").join(
        town.people.select("atena_no", "born", "sex", "age", "mother", "person"), on="atena_no", how="left",
        maintain_order="left",
    )  # fmt: skip
    parts = [_treatments(town, live, rng), _births(town, live, rng), _burials(live)]
    rows = pl.concat(parts, how="diagonal_relaxed").filter(pl.col("applied") <= town.today)
    rows = rows.sort("applied", "atena_no", "benefit_kind")
    decided = workday(pl.col("applied") + pl.duration(days=18))
    paid = workday(pl.col("applied") + pl.duration(days=32))
    today = pl.lit(town.today)
    held = pl.Series(rng.random(rows.height) < 0.02)
    rows = rows.select(
        "atena_no", "nhi_symbol_no", "benefit_kind", "treat_ym", "hospital_code", "in_out", "cost", "self_pay",
        "amount", "limit_class", "multi_flag",
        benefit_no=pl.concat_str(
            pl.col("applied").dt.year().cast(pl.String), (pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(6)
        ),
        applied_date=iso("applied"),
        decided_date=pl.when(decided <= today).then(iso(decided)),
        paid_date=pl.when((paid <= today) & ~held).then(iso(paid)),
        hold_flag=held.cast(pl.Int8).cast(pl.String),
        is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
        since="applied",
    )  # fmt: skip
    done = town.operated(rows.height, rng, rows["since"])
    return rows.drop("since").with_columns(done)


def _treatments(town: Town, live: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Months of dear treatment: what was paid over the limit comes back."""
    months = live.join(pl.DataFrame({"visit": range(VISITS)}), how="cross", maintain_order="left")
    count = months.height
    day = pl.lit(date(2024, 4, 1)) + pl.duration(days=pl.Series(rng.integers(0, 690, count)))
    inside = (day >= pl.col("acquired_date").str.to_date()) & (
        pl.col("lost_date").is_null() | (day < pl.col("lost_date").str.to_date())
    )
    chance = pl.when(pl.col("age") >= 65).then(0.14).otherwise(0.05)
    found = months.with_columns(day=day, hit=inside & (pl.Series(rng.random(count)) < chance))
    found = found.filter("hit")
    count = found.height
    names = list(KINDS)
    weights = np.array(list(KINDS.values()))
    kind = pl.Series(rng.choice(names, count, p=weights / weights.sum()))
    dear = pl.Series(np.round(np.exp(rng.normal(12.6, 0.9, count))).astype(np.int64) // 10 * 10)
    share = pl.when(pl.col("age") >= 70).then(2).otherwise(3)
    found = found.with_columns(
        benefit_kind=kind, full=dear, paid=dear * share // 10,
        limit_=pl.when(pl.col("age") >= 70).then(18_000).otherwise(57_600),
        place=pl.Series(rng.integers(0, 14, count)), many=pl.Series(rng.random(count) < 0.3),
        stay=pl.Series(rng.random(count) < 0.45), wait=pl.Series(rng.integers(40, 200, count)),
    )  # fmt: skip
    kind = pl.col("benefit_kind")
    dear_month, journey = kind == "02", kind == "06"
    cost = (
        pl.when(journey)
        .then(pl.col("full") // 10)
        .when(kind == "01")
        .then(pl.col("full") // 8 // 10 * 10)
        .otherwise("full")
    )
    self_pay = (
        pl.when(journey)
        .then(0)
        .when(dear_month | (kind == "03"))
        .then("paid")
        .otherwise(cost * share // 10)
    )
    back = (
        pl.when(dear_month | (kind == "03")).then((pl.col("paid") - pl.col("limit_")).clip(1_000))
        .otherwise(cost - self_pay)
    )  # fmt: skip
    of_sickness = dear_month | (kind == "01")
    return found.select(
        "atena_no", "nhi_symbol_no", "benefit_kind",
        treat_ym=pl.col("day").dt.to_string("%Y-%m"),
        hospital_code=pl.when(of_sickness).then("481" + (1_000_000 + pl.col("place") * 31_707).cast(pl.String)),
        in_out=pl.when(of_sickness).then(pl.when("stay").then(pl.lit("1")).otherwise(pl.lit("2"))),
        cost=pl.when(kind != "03").then(cost), self_pay=self_pay, amount=back,
        limit_class=pl.when(dear_month).then(
            pl.coalesce("limit_class", pl.when(pl.col("age") >= 70).then(pl.lit("14")).otherwise(pl.lit("04")))
        ),
        multi_flag=pl.when(dear_month).then(pl.col("many").cast(pl.Int8).cast(pl.String)),
        applied=workday(pl.col("day") + pl.duration(days=pl.col("wait"))),
    )  # fmt: skip


def _births(town: Town, live: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """出産育児一時金 of mothers whose child was born here while they were insured."""
    babies = town.people.filter(
        (pl.col("born") >= date(2023, 4, 1)) & (pl.col("born") == pl.col("entered")) & pl.col("mother").is_not_null()
    ).select(person=pl.col("mother").cast(pl.Int64), birth="born")  # fmt: skip
    found = live.with_columns(pl.col("person").cast(pl.Int64)).join(
        babies, on="person", how="inner", maintain_order="left"
    )
    birth = iso("birth")
    found = found.filter(
        (birth >= pl.col("acquired_date"))
        & (pl.col("lost_date").is_null() | (birth < pl.col("lost_date")))
    )
    wait = pl.duration(days=pl.Series(rng.integers(5, 60, found.height)))
    return found.select(
        "atena_no", "nhi_symbol_no",
        benefit_kind=pl.lit("04"), cost=pl.lit(500_000), amount=pl.lit(500_000), applied=workday(pl.col("birth") + wait),
    )  # fmt: skip


def _burials(live: pl.DataFrame) -> pl.DataFrame:
    """葬祭費 of insured persons who died in the last years."""
    died = live.filter((pl.col("lose_reason") == "13") & (pl.col("lost_date") >= "2021-04-01"))
    return died.select(
        "atena_no", "nhi_symbol_no",
        benefit_kind=pl.lit("05"), amount=pl.lit(50_000),
        applied=workday(pl.col("lost_date").str.to_date() + pl.duration(days=14)),
    )  # fmt: skip
