"""What may be wrong with 軽自動車税 that a legacy file carries and conversion lets pass.

Not planted: R006 of lv_vehicle, which ASAMA's file cannot carry (the last event is the latest).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import Fault

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

PLATE = ("plate_region", "plate_class", "plate_kana", "plate_serial", "plate_text")
ONCE = (pl.len().over("vehicle_no") == 1) & pl.col("scrapped_date").is_null()
SINGLE = (pl.len().over("tax_year", "notice_no") == 1) & (pl.col("levy_kind") == "1")
NOWHERE = "000000099999990"
"""A 車両管理番号 that no vehicle has."""


def _misread(town: Town, _: Generator, n: int) -> list[str]:
    """The number on the plate is not the one that is printed."""
    taken = town.take("lv_vehicle", n, ONCE & (pl.col("plate_serial") < "9000"))
    other = (pl.col("plate_serial").cast(pl.Int64) + 7).cast(pl.String).str.zfill(4)
    return town.alter("lv_vehicle", taken, plate_serial=other)


def _twins(town: Town, _: Generator, n: int) -> list[str]:
    """Two vehicles of a kind bear one plate: the old one was not scrapped when the plate was given again."""
    kind = (pl.col("vehicle_kind") == "23") & (pl.col("plate_serial") >= "1000")
    taken = town.take("lv_vehicle", max(1, n // 2) * 2, ONCE & kind)
    taken = taken.head(taken.height // 2 * 2)
    partner = np.arange(taken.height) // 2 * 2
    return town.alter(
        "lv_vehicle", taken, **{c: taken[c].gather(pl.Series(partner)) for c in PLATE}
    )


def _unknown(town: Town, _: Generator, n: int) -> list[str]:
    """What is taxed is no vehicle that anybody knows."""
    taken = town.take("lv_levy", n, SINGLE)
    return town.alter("lv_levy", taken, vehicle_no=pl.lit(NOWHERE))


def _scrapped(town: Town, _: Generator, n: int) -> list[str]:
    """The vehicle was no longer in use on 1 April: a report that came late changed its date, not the levy."""
    gone = town.truth["lv_vehicle"].filter(
        (pl.col("event_date") >= "2025-04-02") & pl.col("scrapped_date").is_not_null()
    )
    taken = town.take(
        "lv_levy", n, SINGLE & pl.col("vehicle_no").is_in(gone["vehicle_no"].implode())
    )
    last = (
        pl.col("vehicle_no").is_in(taken["vehicle_no"].implode())
        & pl.col("scrapped_date").is_not_null()
    )
    early = pl.lit("2025-03-14")
    town.alter("lv_vehicle", town.rows("lv_vehicle", last), scrapped_date=early, event_date=early)
    return town.keys("lv_levy", taken)


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """The first generation is missing."""
    taken = town.take("lv_levy", n, SINGLE)
    return town.alter("lv_levy", taken, levy_hist_no=pl.col("levy_hist_no") + 1)


FAULTS = [
    Fault("R056", "lv_levy", _scrapped),
    Fault("R055", "lv_vehicle", _misread),
    Fault("R055b", "lv_vehicle", _twins),
    Fault("R056", "lv_levy", _unknown),
    Fault("R007", "lv_levy", _skipped),
]
