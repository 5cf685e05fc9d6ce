"""What all of KUSATSU's files have in common: their first record, and the fields that say who wrote a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import EXTRACTED
from town.spell import western

if TYPE_CHECKING:
    from town.core import Town


def header(town: Town, copybook: str) -> tuple[str, pl.DataFrame]:
    """The header: which copybook, whose file, of which moment."""
    made = {"copybook": [copybook], "city_code": [town.city], "made_at": [EXTRACTED]}
    return "header", pl.DataFrame(made)


def managed() -> dict[str, pl.Expr]:
    """G for the latest, K for the past; X where deleted; operator and moment."""
    return {
        "latest": pl.when(pl.col("is_latest") == "1").then(pl.lit("G")).otherwise(pl.lit("K")),
        "deleted": pl.when(pl.col("is_deleted") == "1").then(pl.lit("X")),
        "operator": pl.col("operator_id"),
        "updated_date": western("operated_date"),
        "updated_time": pl.col("operated_time").str.replace_all(":", ""),
    }
