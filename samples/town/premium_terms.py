"""The instalments of a premium: eight terms in which one pays oneself, six months of the pension, or both."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday

if TYPE_CHECKING:
    from town.core import Town

BY_PENSION = {"21": date(2025, 4, 10), "22": date(2025, 6, 10), "23": date(2025, 8, 10), "24": date(2025, 10, 10),
              "25": date(2025, 12, 10), "26": date(2026, 2, 10)}  # fmt: skip
"""年金特徴: months of the pension; numbered from 21 so that a notice may have both ways."""

BY_PAYER = {
    f"{i + 1:02}": day for i, day in enumerate([
        date(2025, 7, 31), date(2025, 8, 31), date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 30),
        date(2025, 12, 25), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
    ])
}  # fmt: skip
"""普通徴収: eight terms, and two for what is levied later (随時)."""

BOTH = (1, 2, 24, 25, 26)
"""併徴: two terms, then from October on the pension."""

NOTICE = ("levy_year", "tax_year", "notice_no")


def instalments(subject: str, due: pl.DataFrame) -> pl.DataFrame:
    """Town.levies of a subject; of each notice the first instalment takes what is left over.

    `due`: levy_year, tax_year, notice_no, payer_atena_no, total, collect_kind (C146), begin and end (terms of 普通徴収).
    """
    days = BY_PAYER | BY_PENSION
    terms = pl.DataFrame({"term": list(days), "due": list(days.values())})
    cells = due.filter(pl.col("total") > 0).join(terms, how="cross", maintain_order="left_right")
    number, way = pl.col("term").cast(pl.Int64), pl.col("collect_kind")
    used = (
        pl.when(way == "1").then(number > 20).when(way == "3").then(number.is_in(BOTH))
        .otherwise(number.is_between("begin", "end"))
    )  # fmt: skip
    cells = cells.filter(used)
    many = pl.len().over(NOTICE)
    each = pl.col("total") // many // 100 * 100
    first = pl.int_range(pl.len()).over(NOTICE) == 0
    levied = pl.when(first).then(pl.col("total") - each * (many - 1)).otherwise(each)
    return cells.select(
        *NOTICE, "payer_atena_no", "term", subject_code=pl.lit(subject), levied=levied, due_date=workday("due")
    ).filter(pl.col("levied") > 0)  # fmt: skip


def by_notice(town: Town, subject: str) -> pl.DataFrame:
    """Of each notice the amount and date of every term: amount_01, due_01 ... amount_21 ..."""
    rows = pl.concat(town.levies).filter(pl.col("subject_code") == subject)
    rows = rows.with_columns(due=iso("due_date"), amount="levied")
    return rows.group_by(NOTICE, maintain_order=True).agg(
        pl.col(value).filter(pl.col("term") == term).first().alias(f"{value}_{term}")
        for term in (*BY_PAYER, *BY_PENSION)
        for value in ("amount", "due")
    )
