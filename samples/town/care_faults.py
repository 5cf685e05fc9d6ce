"""What may be wrong with 介護保険 that a legacy file carries and conversion lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")
TABLES = ("ltci_insured", "ltci_certification", "ltci_levy", "ltci_reduction")


def _foreign_number(town: Town, _: Generator, n: int) -> list[str]:
    """A number with the H of those on welfare, in all tables of the person."""
    twice = town.truth["ltci_insured"].filter(pl.col("ltci_seq") > 1)["insured_no"]
    taken = town.take("ltci_insured", n, LIVE & ~pl.col("insured_no").is_in(twice.implode()))
    theirs = pl.col("insured_no").is_in(taken["insured_no"].implode())
    number = "H" + pl.col("insured_no").str.slice(1)
    keys: list[str] = []
    for table in TABLES:
        altered = town.alter(table, town.rows(table, theirs), insured_no=number)
        keys = keys or altered
    return keys


def _too_young(town: Town, _: Generator, n: int) -> list[str]:
    """The first class begins a year before the 65th birthday."""
    known = town.people.filter(pl.col("birth_unk") == "0")["atena_no"]
    first = (pl.col("insured_kind") == "1") & (pl.col("first_acquired") > "2001")
    taken = town.take("ltci_insured", n, LIVE & first & pl.col("atena_no").is_in(known.implode()))
    earlier = pl.col("first_acquired").str.to_date().dt.offset_by("-370d").cast(pl.String)
    return town.alter("ltci_insured", taken, first_acquired=earlier)


def _overlapping(town: Town, _: Generator, n: int) -> list[str]:
    """A renewal that begins within the certification before."""
    before = pl.col("valid_to").shift(1).over("insured_no", order_by="cert_seq").is_not_null()
    rows = town.truth["ltci_certification"]
    fit = LIVE & (pl.col("apply_kind") == "2") & pl.col("valid_from").is_not_null() & before
    cancelled = rows.filter(pl.col("cancelled_date").is_not_null())["insured_no"]
    fit &= ~pl.col("insured_no").is_in(cancelled.implode())
    taken = town.take("ltci_certification", n, fit)
    earlier = pl.col("valid_from").str.to_date().dt.offset_by("-20d").cast(pl.String)
    return town.alter("ltci_certification", taken, valid_from=earlier)


def _too_much(town: Town, _: Generator, n: int) -> list[str]:
    """The pension's payer withholds 1,000 yen too much in December."""
    corrected = town.truth["ltci_levy"].filter(pl.col("levy_hist_no") > 1)["insured_no"]
    whole = LIVE & (pl.col("collect_kind") == "1") & (pl.col("months") == 12)
    whole &= pl.col("corrected_date").is_null() & ~pl.col("insured_no").is_in(corrected.implode())
    taken = town.take("ltci_levy", n, whole)
    return town.alter("ltci_levy", taken, sp_dec=pl.col("sp_dec") + 1_000)


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """The first assessment is missing."""
    corrected = town.truth["ltci_levy"].filter(pl.col("levy_hist_no") > 1)["insured_no"]
    taken = town.take("ltci_levy", n, LIVE & ~pl.col("insured_no").is_in(corrected.implode()))
    return town.alter("ltci_levy", taken, levy_hist_no=pl.col("levy_hist_no") + 1)


FAULTS = [
    Fault("R072", "ltci_insured", _foreign_number),
    Fault("R072b", "ltci_insured", _too_young),
    Fault("R073", "ltci_certification", _overlapping),
    Fault("R074", "ltci_levy", _too_much),
    Fault("R007", "ltci_levy", _skipped),
]
