"""What may be wrong with 法人住民税 that a legacy file carries and conversion lets pass.

What is payable stays as it is: else the accounts would be wrong as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

FINAL = pl.col("return_kind") == "03"


def _reversed(town: Town, _: Generator, n: int) -> list[str]:
    """The business year ends before it begins: the year of its end was mistyped."""
    taken = town.take("ct_return", n, FINAL)
    year = pl.col("fy_to").str.slice(0, 4).cast(pl.Int64) - 2
    end = (
        pl.when(pl.col("fy_to").str.ends_with("02-29"))
        .then(pl.lit("-02-28"))
        .otherwise(pl.col("fy_to").str.slice(4))
    )
    return town.alter("ct_return", taken, fy_to=year.cast(pl.String) + end)


def _too_long(town: Town, _: Generator, n: int) -> list[str]:
    """The business year is of more than twelve months: its end is written as that of the next."""
    taken = town.take("ct_return", n, FINAL)
    following = pl.col("fy_to").str.to_date().dt.offset_by("1y").cast(pl.String)
    return town.alter("ct_return", taken, fy_to=following)


def _forgotten(town: Town, _: Generator, n: int) -> list[str]:
    """What was paid before is 1,000 yen less than what payable was reckoned with."""
    taken = town.take("ct_return", n, FINAL & (pl.col("paid_before") > 1_000))
    return town.alter("ct_return", taken, paid_before=pl.col("paid_before") - 1_000)


def _thirteen(town: Town, _: Generator, n: int) -> list[str]:
    """Thirteen months of flat levy."""
    taken = town.take("ct_return", n, FINAL & (pl.col("percapita") > 0))
    return town.alter("ct_return", taken, percapita_months=pl.lit(13, pl.Int64))


def _of(taken: pl.DataFrame) -> pl.Expr:
    return pl.col("corp_mgmt_no").is_in(taken["corp_mgmt_no"].implode())


def _orphaned(town: Town, _: Generator, n: int) -> list[str]:
    """A dormant company is deleted, its returns are not."""
    paying = town.truth["ct_return"].filter(pl.col("payable") != 0)["corp_mgmt_no"]
    returning = town.truth["ct_return"]["corp_mgmt_no"]
    idle = pl.col("corp_mgmt_no").is_in(returning.implode()) & ~pl.col("corp_mgmt_no").is_in(
        paying.implode()
    )
    taken = town.take("ct_taxpayer", n, idle & (pl.col("is_latest") == "1"))
    town.alter("ct_taxpayer", town.rows("ct_taxpayer", _of(taken)), is_deleted=pl.lit("1"))
    return town.keys("ct_return", town.rows("ct_return", _of(taken)))


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """The first generation is missing."""
    once = pl.len().over("corp_mgmt_no") == 1
    taken = town.take("ct_taxpayer", n, once & (pl.col("is_deleted") == "0"))
    return town.alter("ct_taxpayer", taken, corp_hist_no=pl.col("corp_hist_no") + 1)


FAULTS = [
    Fault("R054b", "ct_return", _orphaned),
    Fault("R053", "ct_return", _reversed),
    Fault("R053", "ct_return", _too_long),
    Fault("R053b", "ct_return", _forgotten),
    Fault("R054", "ct_return", _thirteen),
    Fault("R007", "ct_taxpayer", _skipped),
]
