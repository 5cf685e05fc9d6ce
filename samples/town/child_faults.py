"""What may be wrong with 児童手当 that a legacy file carries and conversion lets pass.

Not planted: R077b. In no vendor's file is there a child without its recipient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault
from town.register import numbers

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

NOBODY = numbers(990_000_000, 1)[0]
"""A 宛名番号 that nobody has."""

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")
RUNNING = LIVE & pl.col("to_ym").is_null()


def _of(rows: pl.DataFrame) -> pl.Expr:
    return pl.col("recipient_no").is_in(rows["recipient_no"].implode())


def _unknown(town: Town, _: Generator, n: int) -> list[str]:
    """The recipient is on no register: every generation says so."""
    taken = town.take("ca_recipient", n, LIVE)
    return town.alter("ca_recipient", town.rows("ca_recipient", _of(taken)), atena_no=pl.lit(NOBODY))


def _twice(town: Town, _: Generator, n: int) -> list[str]:
    """Two parents draw for one child: the second one's child is the first one's."""
    taken = town.take("ca_child", max(2, n // 2 * 2), RUNNING & (pl.col("monthly") > 0) & (pl.col("child_kind") != "5"))
    half = taken.height // 2
    pairs = taken.head(2 * half)
    ones, others = pairs.head(half), pairs.tail(half)
    town.alter("ca_child", others, child_atena_no=ones["child_atena_no"], child_name=ones["child_name"])
    return town.keys("ca_child", pairs)


def _summed(town: Town, _: Generator, n: int) -> list[str]:
    """The amount a month was not raised with the children's."""
    taken = town.take("ca_recipient", n, RUNNING & (pl.col("child_count") == 1))
    return town.alter("ca_recipient", taken, monthly=pl.col("monthly") + 5_000)


def _steady(town: Town) -> pl.Expr:
    """Of recipients with nothing but children between 4 and 16 who were there all the time."""
    steady = pl.col("birth_date").is_between(pl.lit("2010-01-01"), pl.lit("2021-12-31")) & RUNNING & (pl.col("from_ym") < "2024-10")
    all_steady = town.truth["ca_child"].group_by("recipient_no").agg(fit=steady.all()).filter("fit")
    return _of(all_steady) & (pl.col("status") == "1") & (pl.col("amount") > 0) & pl.col("overpaid").is_null()


def _multiplied(town: Town, _: Generator, n: int) -> list[str]:
    """A payment is 3,000 yen more than the months times the children's amounts."""
    taken = town.take("ca_payment", n, _steady(town) & (pl.col("from_ym") > "2025-01"))
    return town.alter("ca_payment", taken, amount=pl.col("amount") + 3_000)


def _too_early(town: Town, _: Generator, n: int) -> list[str]:
    """Paid in January what is to be paid in February."""
    taken = town.take("ca_payment", n, _steady(town) & (pl.col("pay_ym") == "2026-02") & (pl.col("to_ym") == "2026-01"))
    return town.alter("ca_payment", taken, pay_ym=pl.lit("2026-01"), paid_date=pl.lit("2026-01-13"))


def _two_latest(town: Town, _: Generator, n: int) -> list[str]:
    """After a change of the account the generation before it is still marked as the latest."""
    key, order = "recipient_no", "rec_hist_no"
    same = [pl.col(c) == pl.col(c).shift(-1).over(key, order_by=order) for c in ("child_count", "monthly")]
    before = (pl.col(order) == pl.col(order).max().over(key) - 1) & pl.all_horizontal(same)
    ended = pl.col("ended_date").is_not_null().any().over(key)
    fit = town.truth["ca_recipient"].with_row_index("_row").filter(before & ~ended)
    numbers = pl.concat_str(key, order, separator=" ")
    taken = town.take("ca_recipient", n, numbers.is_in(fit.select(numbers).to_series().implode()))
    return town.alter("ca_recipient", taken, is_latest=pl.lit("1"))


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """The first generation is missing."""
    again = town.truth["ca_recipient"].filter(pl.col("rec_hist_no") > 1)
    taken = town.take("ca_recipient", n, LIVE & ~_of(again))
    return town.alter("ca_recipient", taken, rec_hist_no=pl.col("rec_hist_no") + 1)


FAULTS = [
    Fault("R077", "ca_recipient", _unknown),
    Fault("R077c", "ca_child", _twice),
    Fault("R078", "ca_recipient", _summed),
    Fault("R079", "ca_payment", _multiplied),
    Fault("R079b", "ca_payment", _too_early),
    Fault("R006", "ca_recipient", _two_latest),
    Fault("R007", "ca_recipient", _skipped),
]
