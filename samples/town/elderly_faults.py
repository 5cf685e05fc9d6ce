"""What may be wrong with 後期高齢者医療 that a legacy file carries and conversion lets pass.

Not planted: R075. A number of other than eight digits, or with a wrong check digit, is refused in conversion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")


def _too_young(town: Town, _: Generator, n: int) -> list[str]:
    """R075b: insured from the day before the 75th birthday."""
    people = town.people.select(
        "atena_no", "birth_unk", birthday=pl.col("born").dt.offset_by("75y")
    )
    on_birthday = town.truth["el_insured"].join(people, on="atena_no").filter(
        (pl.col("birth_unk") == "0") & (pl.col("birthday").cast(pl.String) == pl.col("acquired_date"))
    )  # fmt: skip
    numbers = on_birthday["el_insured_no"].to_list()
    reached = LIVE & (pl.col("acquire_reason") == "01") & pl.col("disability_date").is_null()
    rows = town.take("el_insured", n, reached & pl.col("el_insured_no").is_in(numbers))
    early = pl.col("acquired_date").str.to_date().dt.offset_by("-1d").cast(pl.String)
    return town.alter("el_insured", rows, acquired_date=early)


def _undercharged(town: Town, _: Generator, n: int) -> list[str]:
    """R076: 1,000 yen more were found as income levy, and left out of the premium."""
    plain = LIVE & (pl.col("months") == 12) & (pl.col("over_cap") == 0) & (pl.col("annual") > 0)
    rows = town.take("el_levy", n, plain)
    return town.alter("el_levy", rows, income_levy=pl.col("income_levy") + 1_000)


def _two_latest(town: Town, _: Generator, n: int) -> list[str]:
    """R006: the income before the correction is still marked as the latest."""
    rows = town.take("el_income", n, (pl.col("is_latest") == "0") & (pl.col("is_deleted") == "0"))
    return town.alter("el_income", rows, is_latest=pl.lit("1"))


def _without_first(town: Town, _: Generator, n: int) -> list[str]:
    """R007: the levy of July is missing."""
    once = pl.len().over("notice_no") == 1
    rows = town.take("el_levy", n, LIVE & once)
    return town.alter("el_levy", rows, levy_hist_no=pl.lit(2))


FAULTS = [
    Fault("R075b", "el_insured", _too_young),
    Fault("R076", "el_levy", _undercharged),
    Fault("R006", "el_income", _two_latest),
    Fault("R007", "el_levy", _without_first),
]
