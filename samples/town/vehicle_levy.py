"""種別割 of 令和7年度: rates, reliefs and corrections; some of the year before, levied late."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from town.core import Town

RATES = {
    "11": 2_000, "12": 2_000, "13": 2_400, "14": 3_700, "15": 2_000, "21": 3_600, "22": 3_900, "23": 10_800, "24": 6_900,
    "25": 5_000, "26": 3_800, "31": 2_400, "32": 5_900, "41": 6_000,
}  # fmt: skip
OLD_RATES = {"22": 3_100, "23": 7_200, "24": 5_500, "25": 4_000, "26": 3_000}
"""First inspected until March 2015."""

HEAVY_RATES = {"22": 4_600, "23": 12_900, "24": 8_200, "25": 6_000, "26": 4_500}
"""Thirteen years after the first inspection."""

DAY = date(2025, 4, 1)
DUE, LATE = date(2025, 6, 2), date(2025, 10, 31)


def levies(town: Town, vehicles: pl.DataFrame) -> pl.DataFrame:
    """lv_levy: one row a vehicle and generation of its levy, `due` a day."""
    rng = town.rng("lv_levy")
    rows = _in_use(vehicles, 2025)
    count = rows.height
    luck = pl.Series(rng.random(count))
    late_death = (
        pl.col("ended_on").is_between(date(2024, 10, 1), date(2025, 3, 31)).fill_null(value=False)
    )
    rows = rows.filter(~late_death | (luck < 0.6)).with_columns(
        notice_no="0706" + pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6), due=pl.lit(DUE),
    )  # fmt: skip
    luck = pl.Series(rng.random(rows.height))
    day = pl.Series(
        rng.choice(np.array(["2025-05-21", "2025-05-26", "2025-06-16", "2025-07-07"]), rows.height)
    )
    relieved = (luck < 0.03) & (pl.col("keeper_kind") == "person") & ~late_death
    structure = luck < 0.004
    first = rows.with_columns(
        levy_hist_no=pl.lit(1, pl.Int64), levy_kind=pl.lit("1"), corrected_date=pl.lit(None, pl.String),
        taxation_kind=pl.when(luck > 0.99).then(pl.lit("4")).when(luck > 0.985).then(pl.lit("2")).otherwise(pl.lit("1")),
    )  # fmt: skip
    again = first.with_columns(again=relieved | late_death, corrected=day).filter("again").with_columns(
        levy_hist_no=pl.lit(2, pl.Int64), corrected_date="corrected",
        levy_kind=pl.when(late_death).then(pl.lit("5")).otherwise(pl.lit("3")),
        taxation_kind=pl.when(late_death).then("taxation_kind").otherwise(pl.lit("3")),
        exempt_reason=pl.when(~late_death).then(pl.lit("01")),
        exemption=pl.when(~late_death).then("tax"),
    )  # fmt: skip
    again = again.with_columns(
        exempt_reason=pl.when(
            again["notice_no"].is_in(rows.filter(structure)["notice_no"].implode())
            & (pl.col("exemption") > 0)
        )
        .then(pl.lit("02"))
        .otherwise("exempt_reason")
    )
    made = pl.concat([first, again, _late(vehicles)], how="diagonal_relaxed").sort(
        "tax_year", "notice_no", "levy_hist_no"
    )
    newest = pl.col("levy_hist_no").max().over("tax_year", "notice_no")
    made = made.with_columns(
        is_latest=(pl.col("levy_hist_no") == newest).cast(pl.Int8).cast(pl.String), is_deleted=pl.lit("0"),
        due_date=pl.col("due").cast(pl.String),
    )  # fmt: skip
    since = made.select(
        pl.coalesce(
            "corrected_date", pl.col("due").dt.offset_by("-21d").cast(pl.String)
        ).str.to_date()
    ).to_series()
    return made.with_columns(town.operated(made.height, rng, since))


def _in_use(vehicles: pl.DataFrame, year: int) -> pl.DataFrame:
    """The vehicles in use on 1 April, as they were then, with rate and tax; those scrapped in the half year
    before as well (`ended_on`): that was reported late."""
    day = date(year, 4, 1)
    ended = pl.col("ended").max().over("serial")
    then = vehicles.with_columns(ended_on=ended, tax_year=pl.lit(str(year))).filter(
        (pl.col("registered") <= day) & (pl.col("ended_on").is_null() | (pl.col("ended_on") > day) | (pl.col("ended_on") >= date(year - 1, 10, 1)))
    )  # fmt: skip
    then = then.filter((pl.col("happened") <= day) & pl.col("ended").is_null())
    then = then.filter(pl.col("vehicle_hist_no") == pl.col("vehicle_hist_no").max().over("serial"))
    month = pl.col("first_inspect_ym").fill_null("9999-99")
    electric = (
        (pl.col("serial") % 41 == 0)
        & pl.col("vehicle_kind").is_in(["23"])
        & (month >= f"{year - 1}-04")
    )
    rate = (
        pl.when(month == "9999-99").then(pl.lit("01")).when(month < f"{year - 13}-04").then(pl.lit("03"))
        .when(month < "2015-04").then(pl.lit("02")).when(electric).then(pl.lit("04")).otherwise(pl.lit("01"))
    )  # fmt: skip
    kind = pl.col("vehicle_kind")
    tax = (
        pl.when(rate == "03").then(kind.replace_strict(HEAVY_RATES, default=None, return_dtype=pl.Int64))
        .when(rate == "02").then(kind.replace_strict(OLD_RATES, default=None, return_dtype=pl.Int64))
        .when(rate == "04").then(kind.replace_strict(RATES, return_dtype=pl.Int64) // 400 * 100)
        .otherwise(kind.replace_strict(RATES, return_dtype=pl.Int64))
    )  # fmt: skip
    return then.with_columns(rate_kind=rate, tax=tax)


def _late(vehicles: pl.DataFrame) -> pl.DataFrame:
    """過年度随時: of vehicles whose owner was found out a year later."""
    rows = _in_use(vehicles, 2024).filter(
        (pl.col("serial") % 97 == 5) & pl.col("ended_on").is_null()
    )
    return rows.with_columns(
        notice_no="0606" + (900_000 + pl.int_range(1, pl.len() + 1)).cast(pl.String), due=pl.lit(LATE), levy_hist_no=pl.lit(1, pl.Int64),
        levy_kind=pl.lit("4"), taxation_kind=pl.lit("1"),
    )  # fmt: skip


def levied(made: pl.DataFrame) -> pl.DataFrame:
    """One levy a notice in force that asks for something."""
    asked = pl.col("tax") - pl.col("exemption").fill_null(0)
    rows = made.filter(
        (pl.col("is_latest") == "1")
        & (pl.col("levy_kind") != "5")
        & pl.col("taxation_kind").is_in(["1", "3"])
        & (asked > 0)
    )
    return rows.select(
        "tax_year", "notice_no", "payer_atena_no", subject_code=pl.lit("06"), levy_year=pl.lit("2025"), term=pl.lit("01"),
        levied=asked, due_date="due",
    )  # fmt: skip
