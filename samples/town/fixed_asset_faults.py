"""What may be wrong with 固定資産税 that a legacy file carries and conversion lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault
from town.register import numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from town.core import Town

NOBODY = 990_000_000
"""宛名番号 from here on nobody has."""

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")


def _unknown(table: str, column: str) -> Callable[[Town, Generator, int], list[str]]:
    """The owner, or who owes the tax, is not on the registers."""

    def plant(town: Town, _: Generator, n: int) -> list[str]:
        taken = town.take(table, n, LIVE)
        return town.alter(table, taken, **{column: numbers(NOBODY, taken.height)})

    return plant


def _totalled(town: Town, _: Generator, n: int) -> list[str]:
    """The taxable total is 1,000 yen too high."""
    taken = town.take("fa_levy", n, LIVE & (pl.col("annual_tax") > 0))
    return town.alter("fa_levy", taken, fa_taxable_total=pl.col("fa_taxable_total") + 1_000)


def _summed(town: Town, _: Generator, n: int) -> list[str]:
    """The tax was lowered by 100 yen, the year's amount was not."""
    taken = town.take(
        "fa_levy", n, LIVE & (pl.col("annual_tax") > 2_000) & (pl.col("levy_kind") != "5")
    )
    return town.alter("fa_levy", taken, fa_tax=pl.col("fa_tax") - 100)


def _larger(town: Town, _: Generator, n: int) -> list[str]:
    """More is taxed than there is: the plot was divided, the taxed area not."""
    taken = town.take("fa_land", n, LIVE & (pl.col("tax_area") == pl.col("cur_area")))
    return town.alter(
        "fa_land", taken, tax_area=pl.col("tax_area") + pl.lit("50.00").cast(pl.Decimal(13, 2))
    )


def _first(town: Town, taken: pl.DataFrame) -> list[str]:
    """The key under which a group is reported: its first member in force."""
    groups = pl.col("joint_atena_no").is_in(taken["joint_atena_no"].implode())
    members = town.rows("fa_joint_owner", groups & pl.col("valid_to").is_null()).sort("member_seq")
    return town.keys(
        "fa_joint_owner", members.group_by("joint_atena_no", maintain_order=True).first()
    )


def _shares(town: Town, _: Generator, n: int) -> list[str]:
    """One member's share is counted twice."""
    taken = town.take("fa_joint_owner", n, pl.col("valid_to").is_null())
    town.alter("fa_joint_owner", taken, share_num=pl.col("share_num") * 2)
    return _first(town, taken)


def _headless(town: Town, _: Generator, n: int) -> list[str]:
    """Nobody represents the group."""
    taken = town.take(
        "fa_joint_owner", n, pl.col("valid_to").is_null() & (pl.col("rep_flag") == "1")
    )
    town.alter("fa_joint_owner", taken, rep_flag=pl.lit("0"))
    return _first(town, taken)


def _below(town: Town, _: Generator, n: int) -> list[str]:
    """Land below the threshold is taxed: it was valued anew, the tax was not."""
    only = (pl.col("building_fa_taxable") < 200_000) & (pl.col("dep_taxable") < 1_500_000)
    taken = town.take("fa_levy", n, LIVE & only & (pl.col("annual_tax") > 0))
    none = pl.lit(0, pl.Int64)
    return town.alter(
        "fa_levy",
        taken,
        land_fa_taxable=pl.lit(298_000),
        building_fa_taxable=none,
        dep_taxable=none,
        fa_taxable_total=pl.lit(298_000),
    )


def _two_latest(town: Town, _: Generator, n: int) -> list[str]:
    """The generation before the survey is still marked as the latest."""
    old = (pl.col("is_latest") == "0") & (pl.col("is_deleted") == "0")
    return town.alter("fa_land", town.take("fa_land", n, old), is_latest=pl.lit("1"))


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """The first generation is missing."""
    once = (pl.len().over("building_no") == 1) & LIVE
    taken = town.take("fa_building", n, once)
    return town.alter("fa_building", taken, building_hist_no=pl.col("building_hist_no") + 1)


FAULTS = [
    Fault("R041", "fa_land", _unknown("fa_land", "owner_atena_no")),
    Fault("R041b", "fa_building", _unknown("fa_building", "owner_atena_no")),
    Fault("R041c", "fa_depreciable", _unknown("fa_depreciable", "owner_atena_no")),
    Fault("R041d", "fa_levy", _unknown("fa_levy", "payer_atena_no")),
    Fault("R042", "fa_levy", _totalled),
    Fault("R043", "fa_levy", _summed),
    Fault("R044", "fa_land", _larger),
    Fault("R045", "fa_joint_owner", _shares),
    Fault("R045", "fa_joint_owner", _headless),
    Fault("R046", "fa_levy", _below),
    Fault("R006", "fa_land", _two_latest),
    Fault("R007", "fa_building", _skipped),
]
