"""What may be wrong with 障害者福祉 that a legacy file carries and conversion lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")
GRADES = ("grade_physical", "grade_intellectual", "grade_mental")


def _ungraded(town: Town, _: Generator, n: int) -> list[str]:
    """A handbook in force without a grade."""
    taken = town.take("dis_handbook", n, LIVE & (pl.col("status") != "6"))
    return town.alter("dis_handbook", taken, **{grade: pl.lit(None, pl.String) for grade in GRADES})


def _backwards(town: Town, _: Generator, n: int) -> list[str]:
    """A decision ends before it begins: so do all services of the decision."""
    taken = town.take("dis_support", n)
    same = pl.concat_str("recipient_cert_no", pl.col("support_seq") // 100, separator=" ")
    rows = town.rows("dis_support", same.is_in(taken.select(same).to_series().implode()))
    ended = pl.col("valid_from").str.to_date().dt.offset_by("-1d").cast(pl.String)
    return town.alter("dis_support", rows, valid_to=ended)


def _overcharged(town: Town, _: Generator, n: int) -> list[str]:
    """The cap is higher than the income class has it."""
    low = pl.col("income_class").is_in(["01", "02", "03"]) & pl.col("medical_kind").is_not_null()
    taken = town.take("dis_medical_allowance", n, LIVE & low)
    return town.alter("dis_medical_allowance", taken, monthly_cap=pl.col("monthly_cap") + 2_500)


def _two_latest(town: Town, _: Generator, n: int) -> list[str]:
    """The generation before a renewal is still marked as the latest."""
    taken = town.take("dis_handbook", n, pl.col("is_latest") == "0")
    return town.alter("dis_handbook", taken, is_latest=pl.lit("1"))


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """The first generation is missing."""
    book = pl.concat_str("atena_no", "handbook_kind", separator=" ")
    again = town.truth["dis_handbook"].filter(pl.col("handbook_hist_no") > 1).select(book).to_series()
    taken = town.take("dis_handbook", n, LIVE & ~book.is_in(again.implode()))
    return town.alter("dis_handbook", taken, handbook_hist_no=pl.col("handbook_hist_no") + 1)


FAULTS = [
    Fault("R080", "dis_handbook", _ungraded),
    Fault("R081", "dis_support", _backwards),
    Fault("R082", "dis_medical_allowance", _overcharged),
    Fault("R006", "dis_handbook", _two_latest),
    Fault("R007", "dis_handbook", _skipped),
]
