"""申告: what a company declares for a business year, in advance (予定・中間), at its end (確定・清算), and again
(修正・更正), or what the city decides where nothing came (決定).

Returns that fell due from April 2024 to March 2026. Those of the second of these years never pay back.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import iso, workday

if TYPE_CHECKING:
    from town.core import Town

PERCAPITA = {
    "01": 50_000, "02": 120_000, "03": 130_000, "04": 150_000, "05": 160_000, "06": 400_000,
    "07": 410_000, "08": 1_750_000, "09": 3_000_000,
}  # fmt: skip
"""均等割 a year by 号数 (地方税法312条)."""

WINDOW = (date(2024, 4, 8), date(2026, 3, 31))
ADVANCE = 100_000
"""国税 of the year before above which half of the tax is declared in advance."""


def returned(town: Town, bodies: pl.DataFrame) -> pl.DataFrame:
    """One row a return: the columns of ct_return, and atena_no, `due` (a day) and `written` (since when known)."""
    years = _years(town, bodies)
    final = _final(years)
    kinds = [_advance(years), final, _again(final), _corrected(final)]
    rows = pl.concat(kinds, how="diagonal_relaxed")
    rows = rows.filter(pl.col("due").is_between(*WINDOW))
    rows = rows.with_columns(
        fy_from=iso("fy_first"), fy_to=iso("fy_last"), filed_date=iso("filed"), due_date=iso("due"),
        payable=pl.col("corp_tax_levy") + pl.col("percapita") - pl.col("paid_before"),
        tax_rate=(pl.col("rate") / 100).cast(pl.Decimal(5, 2)), return_seq=pl.lit(1, pl.Int64), is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
        written=pl.min_horizontal(pl.coalesce("filed", "due"), pl.lit(town.today)),
    )  # fmt: skip
    return rows.sort("serial", "fy_from", "due", "return_kind")


def _years(town: Town, bodies: pl.DataFrame) -> pl.DataFrame:
    """One row a company and business year, by the year in which it ends, with its tax and that of the year before."""
    rng = town.rng("ct_return")
    count = bodies.height
    luck = pl.Series(rng.random(count))
    worth = pl.Series(
        (np.exp(rng.normal(11.2, 1.4, count)) * (1 + bodies["employees"].to_numpy())).astype(
            np.int64
        )
    )
    first = pl.when(pl.col("dormant") | (luck < 0.3)).then(0).otherwise(worth // 100 * 100)
    grown = [pl.Series(rng.uniform(0.2, 1.7, count)), pl.Series(rng.uniform(1.0, 1.6, count))]
    several = pl.Series(rng.random(count) < 0.25)
    elsewhere = pl.Series(rng.integers(3, 120, count))
    rows = bodies.with_columns(
        tax_2023=first, luck=luck, provisional=pl.Series(rng.random(count) < 0.1), late=pl.Series(rng.integers(0, 25, count)),
        alloc_here=pl.when(several).then("employees"),
        alloc_total=pl.when(several).then(pl.col("employees") + elsewhere),
    )  # fmt: skip
    rows = rows.with_columns(
        tax_2024=((pl.col("tax_2023") * grown[0]).cast(pl.Int64) // 100 * 100)
    ).with_columns(tax_2025=(pl.col("tax_2024") * grown[1]).cast(pl.Int64) // 100 * 100)
    ends = [
        rows.with_columns(
            year=pl.lit(year),
            corp_tax=f"tax_{min(year, 2025)}",
            corp_tax_before=f"tax_{max(year - 1, 2023)}",
        )
        for year in (2024, 2025, 2026)
    ]
    every = pl.concat(ends)
    last = pl.date(pl.col("year"), pl.col("fiscal_month"), 1).dt.month_end()
    begun = last.dt.offset_by("1d").dt.offset_by("-12mo")
    every = every.with_columns(
        fy_first=pl.max_horizontal(begun, "established"), whole_last=last, fy_last=pl.min_horizontal(last, pl.coalesce("closed", last))
    )  # fmt: skip
    every = every.filter(pl.col("fy_first") <= pl.col("fy_last"))
    return every.with_columns(
        months=pl.when("dormant").then(0).otherwise(_months("fy_first", "fy_last")),
        ending=pl.col("fy_last") < pl.col("whole_last"),
        rate=pl.when(pl.col("capital") > 10**8).then(840).otherwise(600).cast(pl.Int64),
    )


def _months(first: str, last: str) -> pl.Expr:
    """Whole months from the first day to the last; a part alone counts as one."""
    end = pl.col(last).dt.offset_by("1d")
    begin = pl.col(first)
    count = (end.dt.year() - begin.dt.year()) * 12 + end.dt.month() - begin.dt.month()
    return (count - (end.dt.day() < begin.dt.day()).cast(pl.Int32)).clip(1, 12).cast(pl.Int64)


def _taxed(rows: pl.DataFrame, share: int = 1) -> pl.DataFrame:
    """課税標準, 法人税割 and 均等割 of corp_tax and months; of a half year half of what the year before bore."""
    portion = pl.when(pl.col("alloc_total").is_not_null()).then(
        pl.col("corp_tax") * pl.col("alloc_here") // pl.col("alloc_total")
    ).otherwise("corp_tax")  # fmt: skip
    rows = rows.with_columns(taxable_corp_tax=portion // 1000 * 1000)
    whole = pl.col("taxable_corp_tax") * pl.col("rate") // 10_000 // 100 * 100
    yearly = pl.col("percapita_class").replace_strict(PERCAPITA, return_dtype=pl.Int64)
    return rows.with_columns(
        corp_tax_levy=whole // share // 100 * 100,
        percapita=yearly * pl.col("percapita_months") // 12 // 100 * 100,
    )


def _advanced() -> pl.Expr:
    """Whether half of the tax was declared in advance."""
    whole = (pl.col("months") == 12) & ~pl.col("ending")
    return whole & (pl.col("corp_tax_before") > ADVANCE) & ~pl.col("dormant")


def _advance(years: pl.DataFrame) -> pl.DataFrame:
    """予定 by the year before, or 中間 by provisional accounts; of the first six months."""
    rows = years.filter(_advanced()).with_columns(
        fy_last=pl.col("fy_first").dt.offset_by("6mo").dt.offset_by("-1d"), percapita_months=pl.lit(6, pl.Int64),
        corp_tax="corp_tax_before", return_kind=pl.when("provisional").then(pl.lit("02")).otherwise(pl.lit("01")),
        paid_before=pl.lit(0, pl.Int64), arrears=pl.lit(None, pl.Int64),
    )  # fmt: skip
    return _due(_taxed(rows, 2))


def _due(rows: pl.DataFrame) -> pl.DataFrame:
    """Two months after the end; declared some days before."""
    end = pl.col("fy_last").dt.offset_by("1d").dt.offset_by("2mo").dt.offset_by("-1d")
    end = pl.when(pl.col("fy_last") == pl.col("fy_last").dt.month_end()).then(
        pl.col("fy_last").dt.offset_by("2mo").dt.month_end()
    ).otherwise(end)  # fmt: skip
    rows = rows.with_columns(due=workday(end))
    early = pl.col("due") - pl.duration(days=pl.col("late"))
    extended = pl.col("due").dt.offset_by("20d")
    filed = (
        pl.when((pl.col("extension_months") > 0) & (pl.col("return_kind") == "03"))
        .then(extended)
        .otherwise(early)
    )
    return rows.with_columns(filed=workday(pl.max_horizontal(filed, "fy_last")))


def _final(years: pl.DataFrame) -> pl.DataFrame:
    """確定 (清算 where it closed), less what was declared in advance; 決定 where nothing came."""
    advance = _taxed(
        years.filter(_advanced()).with_columns(
            corp_tax="corp_tax_before", percapita_months=pl.lit(6, pl.Int64)
        ),
        2,
    )
    paid = advance.select(
        "serial", "year", paid_before=pl.col("corp_tax_levy") + pl.col("percapita")
    )
    rows = years.join(paid, on=["serial", "year"], how="left", maintain_order="left")
    silent = (
        (pl.col("serial") % 6 == 1)
        & (pl.col("year") == 2025)
        & pl.col("paid_before").is_null()
        & ~pl.col("dormant")
    )
    rows = rows.with_columns(
        pl.col("paid_before").fill_null(0), percapita_months="months",
        corp_tax=pl.when(silent).then(0).otherwise("corp_tax"),
        return_kind=pl.when("ending").then(pl.lit("07")).when(silent).then(pl.lit("06")).otherwise(pl.lit("03")),
    )  # fmt: skip
    rows = _due(_taxed(rows))
    decided = pl.col("return_kind") == "06"
    later = workday(pl.col("due") + pl.duration(days=95))
    return rows.with_columns(
        due=pl.when(decided).then(later).otherwise("due"),
        filed=pl.when(~decided).then("filed"),
        arrears=pl.when(decided).then(1_100).when((pl.col("filed") > pl.col("due")) & (pl.col("corp_tax_levy") > 400_000)).then(1_000),
    )  # fmt: skip


def _again(final: pl.DataFrame) -> pl.DataFrame:
    """修正: more was owed for the first of the years, which was noticed in the second."""
    rows = final.filter(
        (pl.col("year") == 2024)
        & (pl.col("return_kind") == "03")
        & (pl.col("serial") % 7 == 3)
        & (pl.col("corp_tax") > 0)
    )
    before = pl.col("corp_tax_levy") + pl.col("percapita")
    rows = rows.with_columns(
        paid_before=before, corp_tax=pl.col("corp_tax") + 200_000, return_kind=pl.lit("04"),
        filed=workday(pl.lit(date(2025, 7, 1)) + pl.duration(days=pl.col("late") * 5)),
        arrears=pl.when(pl.col("late") > 8).then(1_500),
    )  # fmt: skip
    return _taxed(rows).with_columns(due=pl.col("filed"))


def _corrected(final: pl.DataFrame) -> pl.DataFrame:
    """更正 at the company's own request: something goes back, in the first of the years."""
    early = pl.col("due") < date(2024, 12, 20)
    rows = final.filter(
        (pl.col("year") == 2024)
        & (pl.col("return_kind") == "03")
        & (pl.col("serial") % 7 == 5)
        & (pl.col("corp_tax") > 300_000)
        & early
    )
    rows = rows.with_columns(
        paid_before=pl.col("corp_tax_levy") + pl.col("percapita"), corp_tax=pl.col("corp_tax") - 150_000,
        return_kind=pl.lit("05"), claim_kind=pl.lit("1"),
        filed=pl.lit(None, pl.Date), arrears=pl.lit(None, pl.Int64),
    )  # fmt: skip
    return _taxed(rows).with_columns(
        due=workday(pl.lit(date(2025, 2, 14)) + pl.duration(days=pl.col("late")))
    )
