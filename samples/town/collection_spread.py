"""The terms of rc_account side by side, one row a notice and generation, as vendors keep them."""

from __future__ import annotations

import polars as pl

from town.collection_accounts import NOTICE

RECORD = [*NOTICE, "account_hist_no"]
HEAD = (
    "payer_atena_no", "special_agent_no", "fy_no", "levy_kind", "levied_date", "demand_stop", "is_latest", "is_deleted",
    "operator_id", "operated_date", "operated_time",
)  # fmt: skip
"""What is the same for all terms of a notice's generation."""


def state() -> pl.Expr:
    """0 unpaid, 1 paid, 2 paid too much, 3 written off."""
    return (
        pl.when(pl.col("writeoff_date").is_not_null()).then(pl.lit("3"))
        .when(pl.col("paid_off") == "0").then(pl.lit("0"))
        .when(pl.col("unpaid") < 0).then(pl.lit("2")).otherwise(pl.lit("1"))
    )  # fmt: skip


def notices(accounts: pl.DataFrame) -> pl.DataFrame:
    """One row a notice and generation: RECORD, HEAD, the statutory date if it is not that of each term, the total."""
    same = (pl.col("statutory_due") == pl.col("due_date")).all()
    return accounts.group_by(RECORD, maintain_order=True).agg(
        *(pl.col(c).first() for c in HEAD),
        statutory=pl.when(same).then(None).otherwise(pl.col("statutory_due").first()),
        levied_total=pl.col("levied").sum(),
    )


def beside(
    rows: pl.DataFrame, accounts: pl.DataFrame, cells: dict[str, pl.Expr], times: int
) -> pl.DataFrame:
    """Add due_1, levied_1 ... due_2 ... of the accounts, each at its `place`."""
    cut = accounts.select(*RECORD, "place", **cells)
    found = [
        pl.col(name).filter(pl.col("place") == i).first().alias(f"{name}_{i}")
        for i in range(1, times + 1)
        for name in cells
    ]
    wide = cut.group_by(RECORD).agg(found)
    return rows.join(wide, on=RECORD, how="left", maintain_order="left")
