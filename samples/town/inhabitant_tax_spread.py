"""The long tables of 個人住民税 as the wide records from which every vendor works."""

from __future__ import annotations

import polars as pl

KEY = ("tax_year", "atena_no", "assess_hist_no")


def keyed(assessments: pl.DataFrame) -> pl.DataFrame:
    """Assessments with what stands on their notice, in the order of people, years and generations."""
    return assessments.sort("atena_no", "tax_year", "assess_hist_no")


def by_code(
    rows: pl.DataFrame, long: pl.DataFrame, group: tuple[str, int], rank: dict[str, int]
) -> pl.DataFrame:
    """Add the rows of it_income or it_deduction side by side, close together in the order of `rank`:
    income_code_1, revenue_1, income_amount_1 ... up to `group`'s number."""
    name, times = group
    values = {"income": ("income_code", "revenue", "income_amount"),
              "deduction": ("deduction_code", "deduction_count", "deduction_amount")}[name]  # fmt: skip
    long = long.with_columns(
        rank=pl.col(f"{name}_code").replace_strict(rank, return_dtype=pl.Int64)
    )
    long = long.sort(*KEY, "rank").with_columns(place=pl.int_range(1, pl.len() + 1).over(KEY))
    return _side_by_side(rows, long, values, [str(i) for i in range(1, times + 1)])


def by_kind(
    rows: pl.DataFrame, long: pl.DataFrame, values: tuple[str, ...], codes: list[str]
) -> pl.DataFrame:
    """Add the rows of it_income or it_deduction, each kind in a place of its own: income_amount_101 ..."""
    code = values[0].split("_")[0] + "_code"
    return _side_by_side(rows, long.with_columns(place=pl.col(code)), values, codes)


def by_term(rows: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """Add amount_1_01, due_1_01 ... for every way of collection and term; and the agent and notice number."""
    where = pl.col("collection_kind") + "_" + pl.col("term")
    long = ledger.with_columns(place=where, due=pl.col("due_date"))
    places = [f"{k}_{t:02}" for k, n in (("1", 4), ("2", 12), ("3", 6)) for t in range(1, n + 1)]
    heads = ledger.group_by(KEY).agg(
        pl.col("special_agent_no").drop_nulls().first(), pl.col("notice_no").first()
    )
    rows = _side_by_side(rows, long, ("amount", "due"), places)
    return rows.join(heads, on=KEY, how="left", maintain_order="left")


def _side_by_side(
    rows: pl.DataFrame, long: pl.DataFrame, values: tuple[str, ...], places: list[str]
) -> pl.DataFrame:
    """Each value at each place as a column of its own."""
    chosen = pl.col("place").cast(pl.String)
    wide = long.group_by(KEY).agg(
        pl.col(v).filter(chosen == p).first().alias(f"{v}_{p}") for p in places for v in values
    )
    return rows.join(wide, on=KEY, how="left", maintain_order="left")
