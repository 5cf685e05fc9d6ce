"""What may be wrong with 選挙人名簿 that a legacy file carries and conversion lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault, iso

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

NOWHERE = "0099"
"""A polling district that there is not."""

LATEST = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")
LISTED = LATEST & pl.col("removed_date").is_null() & pl.col("moved_out_date").is_null() & (pl.col("voter_hist_no") == 1)
MOVED = LATEST & (pl.col("remove_reason") == "03")


def _minor(town: Town, _: Generator, n: int) -> list[str]:
    """R038: born in 2009."""
    rows = town.take("voter_register", n, LISTED)
    return town.alter("voter_register", rows, birth_date=pl.lit("2009-05-06"))


def _nowhere(town: Town, _: Generator, n: int) -> list[str]:
    """R038: the polling district was given up long ago, and is not among the districts."""
    rows = town.take("voter_register", n, LISTED)
    return town.alter("voter_register", rows, poll_district=pl.lit(NOWHERE))


def _too_soon(town: Town, _: Generator, n: int) -> list[str]:
    """R039: a resident for a month only when entered: the day of a move within the town."""
    rows = town.take("voter_register", n, LISTED)
    day = iso(pl.col("registered_date").str.to_date() - pl.duration(days=30))
    return town.alter("voter_register", rows, resident_since=day)


def _still_there(town: Town, _: Generator, n: int) -> list[str]:
    """R040: moved out long ago, and never struck off."""
    nothing = pl.lit(None, pl.String)
    return town.alter("voter_register", town.take("voter_register", n, MOVED), removed_date=nothing, remove_reason=nothing)


def _struck_early(town: Town, _: Generator, n: int) -> list[str]:
    """R040: struck off in the month after."""
    rows = town.take("voter_register", n, MOVED)
    day = iso(pl.col("moved_out_date").str.to_date() + pl.duration(days=20))
    return town.alter("voter_register", rows, removed_date=day)


def _two_latest(town: Town, _: Generator, n: int) -> list[str]:
    """R006: the first generation is still marked as the latest."""
    older = (pl.col("is_latest") == "0") & (pl.col("voter_hist_no") == 1)
    return town.alter("voter_register", town.take("voter_register", n, older), is_latest=pl.lit("1"))


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """R007: the first generation is missing."""
    rows = town.take("voter_register", n, LISTED)
    return town.alter("voter_register", rows, voter_hist_no=pl.col("voter_hist_no") + 1)


FAULTS = [
    Fault("R038", "voter_register", _minor),
    Fault("R038", "voter_register", _nowhere),
    Fault("R039", "voter_register", _too_soon),
    Fault("R040", "voter_register", _still_there),
    Fault("R040", "voter_register", _struck_early),
    Fault("R006", "voter_register", _two_latest),
    Fault("R007", "voter_register", _skipped),
]
