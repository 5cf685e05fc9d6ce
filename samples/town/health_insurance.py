"""国民健康保険: the insured households and their generations, who is insured in them and since when, what
令和7年度 costs them (and 令和6年度 those who were late), and what was paid out.

`facts` works in three steps: the people's periods (`insurances.nhi_periods`) give households and insured,
`health_insurance_levy` the year's levy and its instalments, `health_insurance_benefits` what was paid.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town import health_insurance_levy as levy
from town.core import iso
from town.health_insurance_benefits import benefits
from town.health_insurance_faults import FAULTS
from town.insurances import check_digit, elderly_periods, nhi_periods, turned
from town.premium_terms import instalments

if TYPE_CHECKING:
    from town.core import Town

__all__ = ["FAULTS", "facts", "insurer"]

SYMBOL = "01"
"""記号: the whole town has one."""

BRANCHED = date(2021, 3, 1)
"""Since then everybody insured has a branch number of their own."""

RETIREES_UNTIL = date(2020, 4, 1)
"""退職者医療: nobody new since April 2015, nobody at all since April 2020."""

SHORTENED = date(2024, 8, 1)
"""短期被保険者証: the last ones."""

CERTIFICATE = ("2025-08-01", "2026-07-31")
"""資格確認書: from and to."""


def insurer(town: Town) -> str:
    """保険者番号 of the town's 国保: prefecture, municipality, check digit."""
    return str(pl.select(check_digit(pl.lit(int(town.city[:5])), 5)).item())


def facts(town: Town) -> None:
    """Fill the four tables of 国民健康保険 and the year's levies."""
    periods = nhi_periods(town).join(
        town.people.select("atena_no", "household", "born", "age", "income", "is_head", "list_order"),
        on="atena_no", how="left", maintain_order="left",
    )  # fmt: skip
    live = pl.col("kind") != "revoked"
    periods = periods.filter(live.any().over("household"))
    symbols = _symbols(town, periods.filter(live))
    people = _insured(town, periods, symbols)
    town.add("nhi_household", _households(town, symbols))
    town.add("nhi_insured", people)
    cases = levy.cases(town, periods.filter(live), symbols)
    rows = levy.assessed(cases)
    town.add("nhi_levy", rows)
    town.levy(instalments("07", levy.due(cases, rows)))
    town.add("nhi_benefit", benefits(town, people))


# ---- households ----


def _symbols(town: Town, live: pl.DataFrame) -> pl.DataFrame:
    """One row an insured household: its number, how long it is insured, and its head."""
    passed = elderly_periods(town).join(
        town.people.select("atena_no", "household"), on="atena_no", how="left"
    )
    passed = passed.filter(pl.col("ends").is_null()).group_by("household").agg(
        passed=pl.col("begins").max()
    )  # fmt: skip
    open_ = pl.col("ends").is_null()
    by = live.sort("household", "begins", "atena_no").group_by("household", maintain_order=True)
    found = by.agg(
        applied=pl.col("begins").first(), began=pl.col("began").first(), open=open_.sum(),
        closed=pl.col("ends").max(), ended=pl.col("ended").sort_by("ends", nulls_last=False).last(),
        members=pl.col("atena_no").filter(open_),
    )  # fmt: skip
    heads = town.households.select("household", "household_no", "head_atena_no")
    first = town.people.filter("is_head").sort("household", "entered", "atena_no")
    first = first.group_by("household", maintain_order=True).agg(
        former_head=pl.col("atena_no").filter(pl.col("removed").is_not_null()).first(),
        succeeded=pl.col("removed").drop_nulls().first(),
    )
    found = found.join(heads, on="household", how="left", maintain_order="left")
    found = found.join(first, on="household", how="left", maintain_order="left")
    found = found.join(passed, on="household", how="left", maintain_order="left")
    rng = town.rng("nhi_household")
    gone = (pl.lit(town.today) - pl.col("passed")).dt.total_days()
    single = (pl.col("open") == 1) & pl.col("passed").is_not_null()
    return found.with_columns(
        serial=1_000 + pl.int_range(pl.len()) * 3,
        closed=pl.when(pl.col("open") == 0).then("closed"),
        specified_hh=pl.when(single & (gone < 5 * 365)).then(pl.lit("1"))
        .when(single & (gone < 8 * 365)).then(pl.lit("2")).otherwise(pl.lit("0")),
        luck=pl.Series(rng.random(found.height)),
    ).with_columns(
        nhi_symbol_no=SYMBOL + pl.col("serial").cast(pl.String).str.zfill(7),
        ended=pl.when(pl.col("closed").is_not_null()).then("ended"),
    )  # fmt: skip


def _households(town: Town, symbols: pl.DataFrame) -> pl.DataFrame:
    """Generations: as applied, under a new head, with a shorter certificate, closed."""
    new_head = (
        pl.col("former_head").is_not_null() & (pl.col("former_head") != pl.col("head_atena_no"))
        & (pl.col("succeeded") > pl.col("applied"))
        & (pl.col("closed").is_null() | (pl.col("succeeded") < pl.col("closed")))
    )  # fmt: skip
    short = (pl.col("luck") < 0.06) & pl.col("closed").is_null() & (pl.col("applied") < SHORTENED)
    outside = ~pl.col("members").list.contains(pl.col("head_atena_no"))
    pseudo = outside & pl.col("closed").is_null()
    rows = symbols.with_columns(new_head=new_head, short=short, pseudo=pseudo)
    steps = [rows.with_columns(step=pl.lit(0))]
    steps += [rows.filter("new_head").with_columns(step=pl.lit(1))]
    steps += [rows.filter("short").with_columns(step=pl.lit(2))]
    steps += [rows.filter(pl.col("closed").is_not_null()).with_columns(step=pl.lit(3))]
    rows = pl.concat(steps).sort("serial", "step")
    number = pl.int_range(1, pl.len() + 1).over("serial")
    last = pl.len().over("serial") == number
    step = pl.col("step")
    changed = (
        pl.when(step == 3).then("closed").when(step == 2).then(pl.lit(SHORTENED))
        .when(step == 1).then("succeeded").otherwise("applied")
    )  # fmt: skip
    former = (step == 0) & pl.col("new_head")
    rows = rows.select(
        "nhi_symbol_no", "household_no", "specified_hh",
        nhi_hh_hist_no=number,
        head_atena_no=pl.when(former).then("former_head").otherwise("head_atena_no"),
        pseudo_head=pl.when(pl.col("pseudo") & ~former).then(pl.lit("1")).otherwise(pl.lit("0")),
        applied_date=iso("applied"), apply_reason="began",
        closed_date=pl.when(step == 3).then(iso("closed")), close_reason=pl.when(step == 3).then("ended"),
        insurer_no=pl.lit(insurer(town)),
        short_cert=pl.when(step == 2).then(pl.lit("6")).otherwise(pl.lit("0")),
        is_latest=last.cast(pl.Int8).cast(pl.String), is_deleted=pl.lit("0"),
        changed=pl.max_horizontal(changed, pl.lit(date(2010, 4, 1))),
    )  # fmt: skip
    done = town.operated(rows.height, town.rng("nhi_household rows"), rows["changed"])
    return rows.drop("changed").with_columns(done)


# ---- insured ----


def _insured(town: Town, periods: pl.DataFrame, symbols: pl.DataFrame) -> pl.DataFrame:
    """nhi_insured: one row a period."""
    rng = town.rng("nhi_insured")
    rows = periods.join(
        symbols.select("household", "nhi_symbol_no"), on="household", how="left", maintain_order="left"
    )  # fmt: skip
    late, later = (pl.Series(rng.integers(0, 21, rows.height)) for _ in range(2))
    luck, ill = pl.Series(rng.random(rows.height)), pl.Series(rng.random(rows.height))
    today, kind = pl.lit(town.today), pl.col("kind")
    is_open, old = pl.col("ends").is_null(), pl.col("age") >= 70
    of_65 = turned(60)
    retired = (
        pl.col("ended").is_in(["12", "11"]) & (pl.col("ends") < RETIREES_UNTIL) & (of_65 >= pl.col("begins"))
        & (of_65 < pl.min_horizontal("ends", pl.lit(date(2015, 3, 31)))) & (of_65 > date(1984, 10, 1))
    )  # fmt: skip
    branched = is_open | (pl.col("ends") >= BRANCHED)
    branch = pl.struct("list_order", "atena_no").rank("dense").over("nhi_symbol_no")
    rich = pl.col("income")
    limit = pl.when(old).then(
        pl.when(rich > 6_900_000).then(pl.lit("11")).when(rich > 3_800_000).then(pl.lit("12"))
        .when(rich > 1_450_000).then(pl.lit("14")).when(rich > 800_000).then(pl.lit("15")).otherwise(pl.lit("16"))
    ).otherwise(
        pl.when(rich > 9_010_000).then(pl.lit("01")).when(rich > 6_000_000).then(pl.lit("02"))
        .when(rich > 2_100_000).then(pl.lit("03")).when(rich > 1_100_000).then(pl.lit("04")).otherwise(pl.lit("05"))
    )  # fmt: skip
    limited = is_open & (luck < 0.18)
    certified = is_open & (luck > 0.1)
    retiree = retired.fill_null(value=False)
    revoked = kind == "revoked"

    def told(day: str, days: pl.Series) -> pl.Expr:
        noted = pl.min_horizontal(pl.col(day) + pl.duration(days=days), today)
        return pl.when(pl.col(day).is_not_null()).then(noted)

    rows = rows.with_columns(
        nhi_seq=pl.int_range(1, pl.len() + 1).over("atena_no"),
        branch_no=pl.when(branched).then(branch.cast(pl.String).str.zfill(2)),
        nhi_kind=pl.when(retiree).then(pl.lit("2")).otherwise(pl.lit("1")),
        acquired_date=iso("begins"), acquired_notified=iso(told("begins", late)), acquire_reason="began",
        lost_date=iso("ends"), lose_reason="ended",
        lost_notified=pl.when(pl.col("ended") != "15").then(iso(told("ends", later))),
        student_kind=pl.lit("0"),
        resid_exception=(kind == "elsewhere").cast(pl.Int8).cast(pl.String),
        retiree_from=pl.when(retiree).then(iso(of_65)),
        elderly_ratio=pl.when(old & is_open).then(pl.when(rich > 3_800_000).then(pl.lit("3")).otherwise(pl.lit("2"))),
        limit_class=pl.when(limited).then(limit),
        limit_from=pl.when(limited).then(_no_sooner(CERTIFICATE[0])),
        limit_to=pl.when(limited).then(pl.lit(CERTIFICATE[1])),
        specific_disease=pl.when(is_open & (ill < 0.02)).then(pl.lit("1")).otherwise(pl.lit("0")),
        cert_issued=pl.when(certified).then(_no_sooner(CERTIFICATE[0])),
        cert_expiry=pl.when(certified).then(pl.lit(CERTIFICATE[1])),
        cert_returned=pl.when(is_open | revoked).then(pl.lit("0")).when(luck < 0.9).then(pl.lit("1")).otherwise(pl.lit("2")),
        is_latest=pl.when(revoked).then(pl.lit("0")).otherwise(pl.lit("1")),
        is_deleted=pl.when(revoked).then(pl.lit("1")).otherwise(pl.lit("0")),
    )  # fmt: skip
    since = rows.select(pl.max_horizontal(pl.coalesce("ends", "begins"), pl.lit(date(2005, 4, 1))))
    rows = rows.with_columns(town.operated(rows.height, rng, since.to_series()))
    own = (
        "household", "born", "age", "income", "is_head", "list_order", "begins", "began", "ends", "ended", "kind",
    )  # fmt: skip
    return rows.drop(own)


def _no_sooner(day: str) -> pl.Expr:
    """That day, or the day on which the insurance began."""
    return pl.max_horizontal(pl.lit(day), iso("begins"))
