"""What may be wrong with 国民年金 that a legacy file carries and conversion lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")


def _of(rows: pl.DataFrame) -> pl.Expr:
    return pl.col("atena_no").is_in(rows["atena_no"].implode())


def _short_number(town: Town, _: Generator, n: int) -> list[str]:
    """A digit of the 基礎年金番号 is missing, in all rows of the person."""
    taken = town.take("np_insured", n, LIVE & pl.col("basic_pension_no").is_not_null())
    rows = town.rows("np_insured", _of(taken) & (pl.col("is_deleted") == "0"))
    both = town.rows("np_insured", _of(taken))
    short = pl.col("basic_pension_no").str.slice(0, 9)
    town.alter("np_insured", both, basic_pension_no=short)
    return town.keys("np_insured", rows)


def _too_young(town: Town, _: Generator, n: int) -> list[str]:
    """Insured two years before the 20th birthday."""
    known = town.people.filter(pl.col("birth_unk") == "0")
    reached = (pl.col("acquire_reason") == "01") & (pl.col("np_class") == "1")
    taken = town.take("np_insured", n, LIVE & reached & _of(known))
    earlier = pl.col("acquired_date").str.to_date().dt.offset_by("-2y").cast(pl.String)
    return town.alter("np_insured", taken, acquired_date=earlier)


def _backwards(town: Town, _: Generator, n: int) -> list[str]:
    """An exemption that ends before it begins."""
    taken = town.take("np_exemption", n, LIVE & (pl.col("to_ym") < "9999"))
    before = (pl.col("from_ym") + "-01").str.to_date().dt.offset_by("-1mo").dt.to_string("%Y-%m")
    return town.alter("np_exemption", taken, to_ym=before)


FAULTS = [
    Fault("R070", "np_insured", _short_number),
    Fault("R070b", "np_insured", _too_young),
    Fault("R071", "np_exemption", _backwards),
]
