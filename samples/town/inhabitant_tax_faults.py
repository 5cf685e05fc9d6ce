"""What may be wrong with 個人住民税 that a legacy file carries and conversion lets pass.

Not planted: R047b, R047c and R047d. No vendor has a file of incomes, deductions or instalments without the
assessment to which they belong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

NOBODY = "000099999999"
"""A 指定番号 that no employer has."""

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")
THIS_YEAR = pl.col("levy_year") == pl.col("tax_year")
TAXED = LIVE & THIS_YEAR & (pl.col("taxation_kind") == "1")


def _of(rows: pl.DataFrame) -> pl.Expr:
    return pl.col("atena_no").is_in(rows["atena_no"].implode())


def _orphaned(town: Town, _: Generator, n: int) -> list[str]:
    """The taxpayer is deleted, the assessments are not."""
    taken = town.take("it_taxpayer", n, LIVE)
    town.alter("it_taxpayer", town.rows("it_taxpayer", _of(taken)), is_deleted=pl.lit("1"))
    return town.keys("it_assessment", town.rows("it_assessment", _of(taken)))


def _gross(town: Town, _: Generator, n: int) -> list[str]:
    """The sum of incomes is 10,000 yen too high."""
    profitable = pl.col("gross_income") > 0
    incomes = town.truth["it_income"].filter(pl.col("income_amount") < 0)
    taken = town.take("it_assessment", n, TAXED & profitable & ~_of(incomes))
    return town.alter("it_assessment", taken, gross_income=pl.col("gross_income") + 10_000)


def _deducted(town: Town, _: Generator, n: int) -> list[str]:
    """The total of deductions leaves out 1,000 yen."""
    taken = town.take("it_assessment", n, TAXED & (pl.col("deduction_total") > 1_000))
    return town.alter("it_assessment", taken, deduction_total=pl.col("deduction_total") - 1_000)


def _summed(town: Town, _: Generator, n: int) -> list[str]:
    """The city's income levy was raised by 100 yen, the annual tax was not."""
    taken = town.take("it_assessment", n, TAXED & (pl.col("city_income_tax") > 0))
    return town.alter("it_assessment", taken, city_income_tax=pl.col("city_income_tax") + 100)


def _divided(town: Town, _: Generator, n: int) -> list[str]:
    """100 yen were remitted after the instalments had been made."""
    taken = town.take("it_assessment", n, TAXED & (pl.col("annual_tax") > 10_000))
    columns = {"exemption": pl.col("exemption") + 100, "annual_tax": pl.col("annual_tax") - 100}
    return town.alter("it_assessment", taken, **columns)


def _judged(town: Town, _: Generator, n: int) -> list[str]:
    """Said to owe the flat levies only, yet there is an income levy."""
    taken = town.take("it_assessment", n, TAXED & (pl.col("city_income_tax") > 0))
    return town.alter("it_assessment", taken, taxation_kind=pl.lit("2"))


def _unemployed(town: Town, _: Generator, n: int) -> list[str]:
    """Withheld by an employer whom nobody knows: all months of the person."""
    monthly = (pl.col("collection_kind") == "2") & THIS_YEAR
    first = (
        monthly & (pl.col("term") == "01") & (pl.col("due_date") < "2025-08-01")
    )  # no 納期の特例
    corrected = town.truth["it_assessment"].filter(pl.col("assess_hist_no") > 1)
    taken = town.take("it_ledger", max(1, n // 12), LIVE & first & ~_of(corrected))
    months = town.rows("it_ledger", _of(taken) & monthly)
    return town.alter("it_ledger", months, special_agent_no=pl.lit(NOBODY))


def _two_latest(town: Town, _: Generator, n: int) -> list[str]:
    """The generation of the year before is still marked as the latest."""
    taken = town.take(
        "it_taxpayer", n, (pl.col("is_latest") == "0") & (pl.col("is_deleted") == "0")
    )
    return town.alter("it_taxpayer", taken, is_latest=pl.lit("1"))


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """The first generation is missing."""
    again = town.truth["it_taxpayer"].filter(pl.col("person_hist_no") > 1)
    taken = town.take("it_taxpayer", n, LIVE & ~_of(again))
    return town.alter("it_taxpayer", taken, person_hist_no=pl.col("person_hist_no") + 1)


FAULTS = [
    Fault("R047", "it_assessment", _orphaned),
    Fault("R048", "it_assessment", _gross),
    Fault("R048b", "it_assessment", _deducted),
    Fault("R049", "it_assessment", _summed),
    Fault("R050", "it_assessment", _divided),
    Fault("R051", "it_assessment", _judged),
    Fault("R052", "it_ledger", _unemployed),
    Fault("R006", "it_taxpayer", _two_latest),
    Fault("R007", "it_taxpayer", _skipped),
]
