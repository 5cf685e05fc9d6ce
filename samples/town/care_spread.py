"""What every vendor's record of 介護保険 needs beside the standard's columns: the instalments of a premium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.care_levy import REGULAR

if TYPE_CHECKING:
    from town.core import Town

SPECIAL = ("sp_apr", "sp_jun", "sp_aug", "sp_oct", "sp_dec", "sp_feb")


def with_instalments(town: Town) -> pl.DataFrame:
    """ltci_levy with regular_1 ... regular_9: those in force as they were levied; of older generations what
    the pension's payer does not withhold, as one sum."""
    rows = town.truth["ltci_levy"]
    levies = pl.concat(town.levies).filter(pl.col("subject_code") == "08")
    key = ["tax_year", "notice_no"]
    terms = levies.group_by(key).agg(
        pl.col("levied").filter(pl.col("term") == f"{n:02}").sum().alias(f"regular_{n}")
        for n in REGULAR
    )
    rows = rows.join(terms, on=key, how="left", maintain_order="left")
    rest = pl.col("annual") - pl.col("exemption") - pl.sum_horizontal(SPECIAL)
    now = pl.col("is_latest") == "1"
    return rows.with_columns(
        pl.when(now).then(f"regular_{n}").when(n == 1).then(rest).fill_null(0).alias(f"regular_{n}")
        for n in REGULAR
    )
