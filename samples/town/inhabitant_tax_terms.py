"""税額期別: the year's tax in instalments by who collects it, and the levies that 収滞納管理 begins with."""

from __future__ import annotations

from datetime import date

import polars as pl

from town.days import workday

PAYER = {1: date(2025, 6, 30), 2: date(2025, 8, 31), 3: date(2025, 10, 31), 4: date(2026, 1, 31)}
"""普通徴収: four terms."""

EMPLOYER = {month: date(2025 + (month > 6), (month + 5) % 12 + 1, 10) for month in range(1, 13)}
"""給与特徴: June to May, due on the 10th of the month after."""

HALF_YEARLY = {
    month: date(2025, 12, 10) if month <= 6 else date(2026, 6, 10) for month in range(1, 13)
}
"""納期の特例: twice a year."""

PENSION = {
    1: date(2025, 5, 10),
    2: date(2025, 7, 10),
    3: date(2025, 9, 10),
    4: date(2025, 11, 10),
    5: date(2026, 1, 10),
    6: date(2026, 3, 10),
}
"""年金特徴: the day by which the pension's payer has to hand over what it withheld."""

CARRIED = (
    "tax_year", "levy_year", "atena_no", "assess_hist_no", "notice_no", "notice_date", "special_agent_no", "is_latest",
    "is_deleted", "operator_id", "operated_date", "operated_time", "ledger_key", "way", "by_payer", "by_employer",
    "by_pension",
)  # fmt: skip
"""What an instalment has of its assessment."""

LATE = date(2025, 11, 28)
LEFT_AFTER = 4
"""Months that an employer withheld before the employee left."""


def instalments(made: pl.DataFrame, relieved: pl.DataFrame) -> pl.DataFrame:
    """it_ledger: every instalment above nothing."""
    made = made.select(CARRIED)
    way = pl.col("way")
    first = pl.when(way == "left").then(3).otherwise(1)
    last = pl.when(way == "late").then(1).when(way == "new pension").then(2).otherwise(4)
    payer = _shared(made, "by_payer", (first, last, 1000), PAYER).with_columns(
        due=pl.when(way == "late").then(pl.lit(LATE)).otherwise(workday("due")),
        collection_kind=pl.lit("1"), special_agent_no=pl.lit(None, pl.String),
    )  # fmt: skip
    months = pl.when(way == "left").then(LEFT_AFTER).otherwise(12)
    employer = _shared(made, "by_employer", (pl.lit(1), months, 100), EMPLOYER)
    employer = employer.join(relieved, on="special_agent_no", how="left", maintain_order="left")
    twice = pl.col("term_no").replace_strict(HALF_YEARLY, return_dtype=pl.Date)
    employer = employer.with_columns(
        due=workday(pl.when(pl.col("special_due") == "1").then(twice).otherwise("due")),
        collection_kind=pl.lit("2"),
    )
    begins = pl.when(way == "new pension").then(4).otherwise(1)
    pension = _shared(made, "by_pension", (begins, pl.lit(6), 100), PENSION).with_columns(
        due=workday("due"), collection_kind=pl.lit("3"), special_agent_no=pl.lit(None, pl.String)
    )
    rows = pl.concat([payer, employer, pension], how="diagonal_relaxed")
    written = pl.col("due").dt.to_string("%Y-%m-%d")
    return rows.with_columns(
        term=pl.col("term_no").cast(pl.String).str.zfill(2),
        due_date=pl.when(pl.col("collection_kind") != "3").then(written),
    ).sort("ledger_key", "collection_kind", "term")


def _shared(
    made: pl.DataFrame, total: str, terms: tuple[pl.Expr, pl.Expr, int], due: dict[int, date]
) -> pl.DataFrame:
    """An amount over its terms, equal but for the first, which takes what is left over."""
    first, last, unit = terms
    days = pl.DataFrame(
        {"term_no": list(due), "due": list(due.values())}, schema_overrides={"term_no": pl.Int64}
    )
    rows = made.filter(pl.col(total) > 0).join(days, how="cross", maintain_order="left_right")
    rows = rows.filter(pl.col("term_no").is_between(first, last))
    count = last - first + 1
    each = pl.col(total) // count // unit * unit
    amount = (
        pl.when(pl.col("term_no") == first).then(pl.col(total) - each * (count - 1)).otherwise(each)
    )
    return rows.with_columns(amount=amount.cast(pl.Int64)).filter(pl.col("amount") > 0)


def levied(ledger: pl.DataFrame) -> pl.DataFrame:
    """The levies of the instalments in force: subjects 01 普徴, 02 給与特徴, 03 年金特徴."""
    return ledger.filter((pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")).select(
        subject_code="0" + pl.col("collection_kind"),
        levy_year="levy_year", tax_year="tax_year", notice_no="notice_no", payer_atena_no="atena_no",
        term="term", special_agent_no="special_agent_no", fy_no=pl.lit(None, pl.Int64), levied="amount", due_date="due",
    )  # fmt: skip
