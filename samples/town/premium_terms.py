"""The instalments of a subject side by side, as the hosts keep them in the record of the levy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import iso
from town.health_insurance_levy import BY_PAYER, BY_PENSION

if TYPE_CHECKING:
    from town.core import Town

NOTICE = ("levy_year", "tax_year", "notice_no")


def by_notice(town: Town, subject: str) -> pl.DataFrame:
    """Of each notice the amount and date of every term: amount_01, due_01 ... amount_21 ..."""
    rows = pl.concat(town.levies).filter(pl.col("subject_code") == subject)
    rows = rows.with_columns(due=iso("due_date"), amount="levied")
    return rows.group_by(NOTICE, maintain_order=True).agg(
        pl.col(value).filter(pl.col("term") == term).first().alias(f"{value}_{term}")
        for term in (*BY_PAYER, *BY_PENSION)
        for value in ("amount", "due")
    )
