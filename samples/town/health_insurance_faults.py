"""What may be wrong with 国民健康保険 that a legacy file carries and conversion lets pass.

Not planted: R006 (a household's older generation in force would bring its insured along twice), and a
number that belongs to no household (R066b) but by the household being deleted: where insured persons stand
within their household's record there is no other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from make import with_check_digit

from town.core import Fault
from town.register import whole

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")
ONCE = pl.len().over("nhi_symbol_no") == 1


def _homeless(town: Town, rng: Generator, n: int) -> list[str]:
    """R066: the 世帯番号 is that of no household."""
    rows = town.take("nhi_household", n, LIVE & ONCE)
    chosen = 380_000_000 + rng.choice(9_000_000, rows.height, replace=False)
    numbers = whole(with_check_digit(np.sort(chosen), 9), 15)
    return town.alter("nhi_household", rows, household_no=numbers)


def _deleted_household(town: Town, _: Generator, n: int) -> list[str]:
    """R066b: the household is deleted, somebody in it still insured."""
    rows = town.take("nhi_household", n, LIVE & ONCE)
    town.alter("nhi_household", rows, is_deleted=pl.lit("1"))
    mine = pl.col("nhi_symbol_no").is_in(rows["nhi_symbol_no"].to_list())
    return town.keys("nhi_insured", town.rows("nhi_insured", mine & (pl.col("is_deleted") == "0")))


def _without_first(town: Town, _: Generator, n: int) -> list[str]:
    """R007: the first generation is missing."""
    rows = town.take("nhi_household", n, LIVE & ONCE)
    return town.alter("nhi_household", rows, nhi_hh_hist_no=pl.lit(2))


def _overlapping(town: Town, _: Generator, n: int) -> list[str]:
    """R067: insured again ten days before the period before had ended."""
    before = pl.col("lost_date").shift(1).over("atena_no")
    again = LIVE & (pl.col("nhi_seq") == 2) & before.is_not_null()
    untouched = (pl.col("is_deleted") == "0").all().over("atena_no") & (
        pl.col("acquire_reason") != "06"
    )
    rows = town.take("nhi_insured", n, again & untouched)
    earlier = town.rows("nhi_insured", pl.col("atena_no").is_in(rows["atena_no"].to_list()))
    ended = earlier.filter(pl.col("nhi_seq") == 1).select("atena_no", ended="lost_date")
    day = rows.join(ended, on="atena_no", how="left", maintain_order="left")["ended"].str.to_date()
    return town.alter("nhi_insured", rows, acquired_date=day.dt.offset_by("-10d").cast(pl.String))


def _past_75(town: Town, _: Generator, n: int) -> list[str]:
    """R068: never taken out when the medical care for the elderly began."""
    old = town.people.filter(pl.col("born").dt.offset_by("75y") < town.today)
    known = old.filter(pl.col("birth_unk") == "0")["atena_no"].to_list()
    passed = LIVE & (pl.col("lose_reason") == "15") & pl.col("atena_no").is_in(known)
    nothing = pl.lit(None, pl.String)
    rows = town.take("nhi_insured", n, passed)
    return town.alter("nhi_insured", rows, lost_date=nothing, lose_reason=nothing)


def _undercharged(town: Town, _: Generator, n: int) -> list[str]:
    """R069: 1,000 yen more were found as income levy, and left out of the annual amount."""
    plain = (
        LIVE & (pl.col("months") == 12) & (pl.col("over_cap") == 0) & (pl.col("levy_part") == "1")
    )
    rows = town.take("nhi_levy", n, plain & (pl.col("annual") > 0))
    return town.alter("nhi_levy", rows, income_levy=pl.col("income_levy") + 1_000)


def _twice_in_force(town: Town, _: Generator, n: int) -> list[str]:
    """R069b: the levy that was corrected is still in force, all its parts; of an earlier year, where no account is compared."""
    old = (pl.col("tax_year") != pl.col("levy_year")) & (pl.col("is_latest") == "0")
    rows = town.take("nhi_levy", n, old & (pl.col("levy_part") == "1"))
    mine = pl.col("notice_no").is_in(rows["notice_no"].to_list())
    return town.alter("nhi_levy", town.rows("nhi_levy", mine & old), is_latest=pl.lit("1"))


FAULTS = [
    Fault("R066", "nhi_household", _homeless),
    Fault("R066b", "nhi_insured", _deleted_household),
    Fault("R007", "nhi_household", _without_first),
    Fault("R067", "nhi_insured", _overlapping),
    Fault("R068", "nhi_insured", _past_75),
    Fault("R069", "nhi_levy", _undercharged),
    Fault("R069b", "nhi_levy", _twice_in_force),
]
