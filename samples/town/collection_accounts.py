"""What is demanded: every term of the year's levies, employers' months summed up, corrections of fixed asset
tax with the generation before, and what is left of earlier years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import LEVY, iso, workday
from town.fixed_asset_levy import DUE, terms

if TYPE_CHECKING:
    from town.core import Town

NOTICE = ["subject_code", "levy_year", "tax_year", "notice_no"]
KEY = [*NOTICE, "term"]

PENSION_TERMS = {"07": 21, "08": 11, "09": 21}
"""Insurances: the first of the six terms withheld from pensions. Those before are paid by oneself."""

ORDINARY = ("01", "04", "06", "07", "08", "09")
"""Subjects whose payers pay by themselves, at least some terms."""

EARLIER = range(2019, 2025)
"""Years of which arrears are left. None of them has a term that was paid in full: those were not kept."""

RETIRED = 84_000
"""What some employers withheld from retirement income, in the sixth month: nobody levies it."""


def withheld() -> pl.Expr:
    """Whether an employer or a pension's payer hands the term over."""
    first = pl.col("subject_code").replace_strict(PENSION_TERMS, default=99, return_dtype=pl.Int64)
    return pl.col("subject_code").is_in(["02", "03"]) | (pl.col("term").cast(pl.Int64) >= first)


def retiring() -> pl.Expr:
    """Employers somebody of whom retired."""
    return pl.col("special_agent_no").cast(pl.Int64) % 7 == 3


def demanded(town: Town) -> pl.DataFrame:
    """One row a term and generation: KEY, account_hist_no, payer, levied, due, levy_kind, levied_date,
    statutory_due, before (the amount of the generation before), until (the day a correction took it away)."""
    if not town.levies:
        return pl.DataFrame(schema=LEVY)
    levies = pl.concat(town.levies).rename({"due_date": "due"})
    levies = pl.concat([levies.filter(pl.col("subject_code") != "02"), _employers(town, levies)])
    rows = pl.concat([levies, _arrears(town, levies)]).with_columns(
        account_hist_no=pl.lit(1, pl.Int64), is_latest=pl.lit("1"), until=pl.lit(None, pl.Date),
        before=pl.lit(None, pl.Int64),
        levy_kind=pl.when(pl.col("levy_year") == pl.col("tax_year")).then(pl.lit("1")).otherwise(pl.lit("4")),
    )  # fmt: skip
    corrected = _corrected(town, rows)
    rows = pl.concat([rows.join(corrected, on=NOTICE, how="anti"), corrected]).sort(
        *KEY, "account_hist_no"
    )
    first = pl.col("due").min().over(NOTICE)
    opening = pl.min_horizontal(pl.date(pl.col("levy_year").cast(pl.Int32), 4, 1), first)
    told = pl.max_horizontal(first - pl.duration(days=20), opening)
    alone = withheld() | (pl.col("subject_code") == "05")
    again = pl.col("account_hist_no") > 1
    return rows.with_columns(
        levied_date=iso(workday(pl.when(again).then("until").otherwise(told))),
        due_date=iso("due"),
        statutory_due=iso(pl.when(alone).then("due").otherwise(first)),
        is_deleted=pl.lit("0"),
    )


def _employers(town: Town, levies: pl.DataFrame) -> pl.DataFrame:
    """給与特徴: one notice an employer, what its employees owe that month together."""
    by = ["subject_code", "levy_year", "tax_year", "special_agent_no", "term"]
    months = levies.filter(pl.col("subject_code") == "02").group_by(by).agg(
        pl.col("levied").sum(), pl.col("due").max(), fy_no=pl.lit(None, pl.Int64)
    )  # fmt: skip
    if months.is_empty():
        return levies.clear()
    agents = town.truth["it_collector"].filter(pl.col("is_latest") == "1").select(
        "special_agent_no", payer_atena_no="atena_no"
    )  # fmt: skip
    months = months.join(agents, on="special_agent_no", how="left").with_columns(
        notice_no="92" + pl.col("special_agent_no").str.slice(-8),
        levied=pl.col("levied") + pl.when(retiring() & (pl.col("term") == "06")).then(RETIRED).otherwise(0),
    )  # fmt: skip
    return months.select(levies.columns).cast(dict(levies.schema)).sort(KEY)


def _arrears(town: Town, levies: pl.DataFrame) -> pl.DataFrame:
    """The last terms of earlier years of some who still owe this year: the same notice with that year's number."""
    rng = town.rng("rc_account arrears")
    own = pl.col("levy_year") == pl.col("tax_year")
    own = own & pl.col("subject_code").is_in(["01", "04", "06", "07"]) & (pl.col("levied") > 0)
    rows = levies.filter(own & ~withheld()).sort(KEY)
    owing = (
        rows.select("payer_atena_no", "subject_code")
        .unique()
        .sort("payer_atena_no", "subject_code")
    )
    luck = rng.random(owing.height)
    oldest = rng.integers(EARLIER.start, EARLIER.stop, owing.height)
    count = rng.integers(1, 4, owing.height)
    owing = owing.with_columns(
        oldest=oldest, newest=np.minimum(oldest + count, EARLIER.stop - 1), many=rng.integers(1, 4, owing.height)
    ).filter(luck < 0.04)  # fmt: skip
    years = pl.DataFrame({"year": list(EARLIER)}, schema={"year": pl.Int64})
    rows = rows.join(
        owing, on=["payer_atena_no", "subject_code"], how="inner", maintain_order="left"
    )
    rows = rows.filter(
        pl.col("term").rank("ordinal", descending=True).over(NOTICE) <= pl.col("many")
    )
    rows = rows.join(years, how="cross", maintain_order="left_right")
    rows = rows.filter(pl.col("year").is_between("oldest", "newest"))
    ago = pl.col("year") - pl.col("levy_year").cast(pl.Int64)
    year = pl.col("year").cast(pl.String)
    numbered = pl.concat_str(
        pl.col("notice_no").str.extract("^(.*?)07", 1), (pl.col("year") - 2018).cast(pl.String).str.zfill(2),
        pl.col("notice_no").str.extract("^.*?07(.*)$", 1),
    )  # fmt: skip
    return rows.with_columns(
        notice_no=pl.coalesce(numbered, "notice_no"), levy_year=year, tax_year=year,
        levied=(pl.col("levied") * (100 + 3 * ago) // 100 // 100 * 100).clip(100),
        due=workday(pl.col("due").dt.offset_by(pl.concat_str(ago, pl.lit("y")))),
    ).select(levies.columns)  # fmt: skip


def _corrected(town: Town, rows: pl.DataFrame) -> pl.DataFrame:
    """Both generations of fixed asset tax that was corrected or cancelled."""
    levy = town.truth.get("fa_levy")
    if levy is None:
        return rows.clear()
    levy = terms(levy.filter((pl.col("annual_tax") > 0).any().over("notice_no")))
    levy = levy.filter(pl.len().over("notice_no") == 2)
    long = pl.concat([
        levy.select(
            "tax_year", "notice_no", "payer_atena_no", "levy_kind", "is_latest", account_hist_no="levy_hist_no",
            until=pl.col("corrected_date").max().over("notice_no").str.to_date(), subject_code=pl.lit("04"),
            levy_year="tax_year", term=pl.lit(f"{number:02}"), levied=pl.col(f"term_{number}").cast(pl.Int64),
            due=workday(pl.lit(day)), special_agent_no=pl.lit(None, pl.String), fy_no=pl.lit(None, pl.Int64),
        )
        for number, day in DUE.items()
    ]).sort(*KEY, "account_hist_no")  # fmt: skip
    return long.with_columns(
        before=pl.col("levied").shift(1).over(KEY),
    ).filter((pl.col("levied") > 0).any().over(KEY)).select(rows.columns)  # fmt: skip
