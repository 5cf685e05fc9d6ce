"""What may be wrong with 住登外管理: numbers that are somebody else's, links to nobody, periods that overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault, Town
from town.register import numbers

if TYPE_CHECKING:
    import numpy as np


def _residents_number(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R030: the number is a resident's."""
    free = (
        (pl.col("atena_hist_no") == 1)
        & (pl.col("is_latest") == "1")
        & (pl.col("merged_flag") == "0")
    )
    rows = town.take("atena_nonresident", n, free & pl.col("addr_country").is_null(), alone=True)
    theirs = town.take("juki_resident", rows.height, pl.col("is_latest") == "1")
    rows = rows.head(theirs.height)
    return town.alter("atena_nonresident", rows, atena_no=theirs["atena_no"])


def _residents_too(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R030b: a company's number is a resident's."""
    free = (
        (pl.col("atena_hist_no") == 1)
        & (pl.col("is_latest") == "1")
        & (pl.col("atena_kind") == "5")
    )
    rows = town.take("atena_corporation", n, free, alone=True)
    theirs = town.take("juki_resident", rows.height, pl.col("is_latest") == "1")
    rows = rows.head(theirs.height)
    return town.alter("atena_corporation", rows, atena_no=theirs["atena_no"])


def _into_nobody(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R032: merged into a number that is nobody's."""
    rows = town.take("atena_identity_link", n, pl.col("released_date").is_null())
    unused = numbers(590_000_000, rows.height)
    return _redirected(town, rows, unused)


def _into_itself(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R032: merged into itself."""
    rows = town.take("atena_identity_link", n, pl.col("released_date").is_null())
    return _redirected(town, rows, rows["atena_no"])


def _redirected(town: Town, rows: pl.DataFrame, into: pl.Series) -> list[str]:
    """The link, and the copy of it in atena_nonresident."""
    pairs = rows.select("atena_no", _into=into)
    copies = town.rows("atena_nonresident", pl.col("atena_no").is_in(rows["atena_no"].to_list()))
    copies = copies.join(pairs, on="atena_no", maintain_order="left")
    town.alter("atena_nonresident", copies, merged_into=pl.col("_into"))
    return town.alter("atena_identity_link", rows, merged_into=into)


def _ends_first(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R034: a mailing address that ends the day before it begins."""
    only = pl.col("mailing_seq") == 1
    rows = town.take("atena_mailing", n, only & pl.col("valid_to").is_null())
    eve = (pl.col("valid_from").str.to_date() - pl.duration(days=1)).cast(pl.String)
    return town.alter("atena_mailing", rows, valid_to=eve)


def _overlaps(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R034: the second address begins before the first one ends."""
    rows = town.take("atena_mailing", n, pl.col("mailing_seq") == 2)
    early = (pl.col("valid_from").str.to_date() - pl.duration(days=20)).cast(pl.String)
    return town.alter("atena_mailing", rows, valid_from=early)


FAULTS = [
    Fault("R030", "atena_nonresident", _residents_number),
    Fault("R030b", "atena_corporation", _residents_too),
    Fault("R032", "atena_identity_link", _into_nobody),
    Fault("R032", "atena_identity_link", _into_itself),
    Fault("R034", "atena_mailing", _ends_first),
    Fault("R034", "atena_mailing", _overlaps),
]
