"""後期高齢者医療: who is insured and pays which share, what each had in the year before, and the premium of
令和7年度 (and 令和6年度 of those who were late), with corrections.

The union (広域連合) decides, the town collects; everybody is insured alone, by a number that never changes.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday
from town.elderly_faults import FAULTS
from town.health_insurance_levy import LIGHTER
from town.insurances import check_digit, earnings, elderly_periods
from town.premium_terms import instalments

if TYPE_CHECKING:
    from town.core import Town

__all__ = ["FAULTS", "facts", "insurer"]

ALLOWANCE = 430_000
RATES = {"2025": (105, 54_000, 800_000), "2024": (102, 52_500, 800_000)}
"""Income levy per 1000, 均等割, cap."""

FIRST_DAY, NEXT = date(2025, 4, 1), date(2026, 4, 1)
LEVIED_ON = date(2025, 7, 10)
CERTIFICATE = ("2025-08-01", "2026-07-31")
KEY = ("notice_no", "levy_year", "tax_year", "levy_hist_no")


def insurer(town: Town) -> str:
    """保険者番号 of the union for this town: 39, prefecture, municipality, check digit."""
    return str(pl.select(check_digit(pl.lit(3_900_000 + int(town.city[:5])), 7)).item())


def facts(town: Town) -> None:
    """Fill the three tables of 後期高齢者医療 and the year's levies."""
    periods = _numbered(town)
    cases = _generations(town, _liable(town, periods))
    town.add("el_insured", _insured(town, periods))
    town.add("el_income", _incomes(town, cases))
    made = _assessed(cases)
    town.add("el_levy", made.drop("first", "lasting"))
    town.levy(instalments("09", _due(made)))


def _numbered(town: Town) -> pl.DataFrame:
    """The periods with the person, the insured number and what they earn."""
    people = town.people.select("atena_no", "household", "household_no", "is_head", "removed")
    rows = elderly_periods(town).join(people, on="atena_no", how="left", maintain_order="left")
    rows = rows.join(earnings(town), on="atena_no", how="left", maintain_order="left")
    rank = pl.struct("atena_no").rank("dense").cast(pl.Int64)
    return rows.with_columns(
        el_insured_no=check_digit(100_000 + rank * 37, 7),
        el_seq=pl.int_range(1, pl.len() + 1).over("atena_no"),
        serial=rank,
    )


# ---- insured ----


def _insured(town: Town, periods: pl.DataFrame) -> pl.DataFrame:
    rng = town.rng("el_insured")
    count = periods.height
    luck, ill = pl.Series(rng.random(count)), pl.Series(rng.random(count))
    is_open, rich = pl.col("ends").is_null(), pl.col("taxable")
    copay = (
        pl.when(rich >= 1_450_000).then(pl.lit("3"))
        .when((rich >= 280_000) & (pl.col("pension_revenue") + pl.col("total_income") >= 2_000_000)).then(pl.lit("2"))
        .otherwise(pl.lit("1"))
    )  # fmt: skip
    limit = (
        pl.when((copay == "3") & (rich >= 6_900_000)).then(pl.lit("11"))
        .when((copay == "3") & (rich >= 3_800_000)).then(pl.lit("12")).when(copay == "3").then(pl.lit("13"))
        .when(pl.col("total_income") > 450_000).then(pl.lit("14"))
        .when(pl.col("pension_revenue") > 800_000).then(pl.lit("15")).otherwise(pl.lit("16"))
    )  # fmt: skip
    disabled = pl.col("kind") == "disabled"
    limited = is_open & limit.is_in(["12", "13", "15", "16"]) & (luck < 0.5)
    begins = iso("begins")
    since = pl.max_horizontal(pl.lit(CERTIFICATE[0]), begins)
    rows = periods.select(
        "el_insured_no", "el_seq", "atena_no",
        insurer_no=pl.lit(insurer(town)),
        acquired_date=begins, acquire_reason="began", lost_date=iso("ends"), lose_reason="ended",
        disability_date=pl.when(disabled).then(begins),
        resid_exception=(pl.col("kind") == "elsewhere").cast(pl.Int8).cast(pl.String),
        copay_kind=copay,
        copay_from=pl.when(is_open).then(since).otherwise(begins),
        limit_class=pl.when(limited).then(limit), limit_issued=pl.when(limited).then(since),
        specific_disease=pl.when(is_open & (ill < 0.03)).then(pl.lit("1")).otherwise(pl.lit("0")),
        cert_issued=pl.when(is_open).then(since), cert_expiry=pl.when(is_open).then(pl.lit(CERTIFICATE[1])),
        dependent_relief=_relieved().cast(pl.Int8).cast(pl.String),
        person_kind=pl.when(disabled).then(pl.lit("2")).otherwise(pl.lit("1")),
        is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
        since=pl.min_horizontal(pl.coalesce("ends", "begins"), pl.lit(town.today)),
    )  # fmt: skip
    done = town.operated(count, rng, rows["since"])
    return rows.drop("since").with_columns(done)


def _relieved() -> pl.Expr:
    """Was somebody's dependent in an employer's insurance until two years ago at most."""
    recent = pl.col("begins") >= date(2023, 5, 1)
    return recent & (pl.col("serial") % 4 == 0) & (pl.col("total_income") < 600_000)


# ---- premiums ----


def _liable(town: Town, periods: pl.DataFrame) -> pl.DataFrame:
    """The last period of everybody insured in the year, with its months and the household's income."""
    mine = earnings(town).join(
        town.people.filter("current").select("atena_no", "household", "is_head"), on="atena_no", how="inner"
    )  # fmt: skip
    elders = mine.filter(
        pl.col("is_head") | pl.col("atena_no").is_in(periods["atena_no"].to_list())
    )
    homes = elders.group_by("household").agg(judged=pl.col("total_income").sum())
    last = periods.sort("atena_no", "begins").group_by("atena_no", maintain_order=True).last()
    ends = pl.coalesce("ends", pl.lit(NEXT))
    start, stop = (
        pl.max_horizontal("begins", pl.lit(FIRST_DAY)),
        pl.min_horizontal(ends, pl.lit(NEXT)),
    )
    rows = last.with_columns(first=_month(start), stop=_month(stop)).with_columns(
        months=pl.col("stop") - pl.col("first")
    )
    rows = rows.filter((pl.col("months") > 0) & (pl.col("begins") <= town.today))
    rows = rows.join(homes, on="household", how="left", maintain_order="left")
    return rows.with_columns(
        judged=pl.max_horizontal("judged", "total_income"),
        relieved=_relieved(),
        luck=pl.Series(town.rng("el_levy").random(rows.height)),
    )


def _month(day: pl.Expr) -> pl.Expr:
    """Months since April 2025."""
    return ((day.dt.year() - 2025) * 12 + day.dt.month() - 4).cast(pl.Int64)


def _generations(town: Town, liable: pl.DataFrame) -> pl.DataFrame:
    """当初 in July; again for who left later, whose income was corrected, and who was remitted; late ones."""
    left = (pl.col("stop") < 12) & (pl.col("ends") > date(2025, 7, 15))
    higher, relief = pl.col("luck") < 0.05, pl.col("luck") > 0.97
    year = liable.with_columns(
        levy_year=pl.lit("2025"), tax_year=pl.lit("2025"), step=pl.lit(1), income_hist_no=pl.lit(1, pl.Int64),
        remitted=pl.lit(0), day=pl.lit(None, pl.Date), more=pl.lit(0),
    )  # fmt: skip
    first = year.with_columns(
        months=pl.when(left).then(12 - pl.col("first")).otherwise("months"),
        lasting=pl.when(left).then(12).otherwise("stop"),
    )
    again = year.filter(left).with_columns(
        day=workday(pl.col("ends") + pl.duration(days=20)), step=pl.lit(2), lasting=pl.col("stop")
    )
    mended = first.filter(higher & ~left).with_columns(
        day=pl.lit(date(2025, 11, 17)),
        step=pl.lit(3),
        income_hist_no=pl.lit(2, pl.Int64),
        more=pl.lit(180_000),
    )
    remitted = first.filter(relief & ~left).with_columns(
        day=pl.lit(date(2025, 9, 16)), step=pl.lit(4), remitted=pl.lit(5)
    )
    late = first.filter(
        pl.col("luck").is_between(0.5, 0.55) & (pl.col("begins") < date(2024, 12, 1)) & (pl.col("stop") == 12)
    ).with_columns(tax_year=pl.lit("2024"), months=pl.lit(4, pl.Int64))  # fmt: skip
    rows = pl.concat([first, again, mended, remitted, late], how="diagonal_relaxed")
    rows = rows.filter(pl.coalesce("day", pl.lit(LEVIED_ON)) <= town.today)
    rows = rows.sort("serial", "tax_year", "step")
    by = ("serial", "tax_year")
    number = pl.int_range(1, pl.len() + 1).over(by)
    new = pl.col("begins") >= date(2024, 10, 1)
    pension = (pl.col("pension_revenue") > 180_000) & (pl.col("luck") * 11 % 1 < 0.88)
    on_pension = pension & (pl.col("tax_year") == "2025")
    rows = rows.with_columns(
        total_income=pl.col("total_income") + pl.col("more"),
        taxable=pl.col("taxable") + pl.col("more"),
        levy_hist_no=number,
        is_latest=(number == pl.len().over(by)).cast(pl.Int8).cast(pl.String),
        income_latest=(pl.col("income_hist_no") == pl.col("income_hist_no").max().over(by)).cast(pl.Int8).cast(pl.String),
        notice_no=pl.when(pl.col("tax_year") == "2025").then(pl.lit("907")).otherwise(pl.lit("906"))
        + pl.col("serial").cast(pl.String).str.zfill(7),
        collect_kind=pl.when(on_pension & new & (pl.col("begins") < date(2025, 8, 1))).then(pl.lit("3"))
        .when(on_pension & ~new).then(pl.lit("1")).otherwise(pl.lit("2")),
        bank_choice=(~pension & (pl.col("luck") > 0.3)).cast(pl.Int8).cast(pl.String),
        corrected_date=iso("day"), is_deleted=pl.lit("0"),
    )  # fmt: skip
    since = rows.select(pl.coalesce("day", pl.lit(LEVIED_ON))).to_series()
    return rows.with_columns(town.operated(rows.height, town.rng("el_levy rows"), since))


def _incomes(town: Town, cases: pl.DataFrame) -> pl.DataFrame:
    """el_income: each generation of income once, however many levies stand on it."""
    rows = cases.unique(
        ["atena_no", "tax_year", "income_hist_no"], keep="first", maintain_order=True
    )
    at_home = pl.col("removed").is_null()
    rows = rows.select(
        "tax_year", "atena_no", "income_hist_no", "total_income", "taxable", "salary_revenue", "pension_revenue",
        "taxation_kind", "undeclared", "is_deleted",
        household_no=pl.when(at_home).then("household_no"),
        head_flag=(pl.col("is_head") & at_home).cast(pl.Int8).cast(pl.String),
        is_latest="income_latest",
    )  # fmt: skip
    since = pl.Series([date(2025, 7, 1)]).new_from_index(0, rows.height)
    return rows.with_columns(town.operated(rows.height, town.rng("el_income"), since))


def _assessed(cases: pl.DataFrame) -> pl.DataFrame:
    """el_levy, and with it when the year begins and ends for the person."""
    rates = pl.DataFrame(
        [(year, *r) for year, r in RATES.items()], ["tax_year", "per_mille", "a_head", "cap"], orient="row"
    )  # fmt: skip
    rows = cases.join(rates, on="tax_year", how="left", maintain_order="left")
    judged = pl.col("judged") + pl.col("more")
    kind = (
        pl.when(judged <= ALLOWANCE).then(pl.lit("7")).when(pl.col("relieved")).then(pl.lit("5"))
        .when(judged <= ALLOWANCE + 305_000).then(pl.lit("5")).when(judged <= ALLOWANCE + 560_000).then(pl.lit("2"))
        .otherwise(pl.lit("0"))
    )  # fmt: skip
    base = (pl.col("total_income") - ALLOWANCE).clip(0)
    rows = rows.with_columns(reduction_kind=kind, base=base).with_columns(
        income_levy=base * pl.col("per_mille") // 1000,
        reduction=pl.col("a_head")
        * pl.col("reduction_kind").replace_strict(LIGHTER, return_dtype=pl.Int64)
        // 10,
    )
    plus = pl.col("income_levy") + pl.col("a_head") - pl.col("reduction")
    rows = rows.with_columns(
        over_cap=(plus - pl.col("cap")).clip(0), whole=pl.min_horizontal(plus, "cap")
    )
    monthly = pl.col("whole") * pl.col("months") // 12
    exemption = monthly * pl.col("remitted") // 10 // 100 * 100
    return rows.select(
        *KEY, "el_insured_no", "atena_no", "income_levy", "reduction_kind", "reduction", "over_cap", "months",
        "collect_kind", "bank_choice", "corrected_date", "is_latest", "is_deleted", "operator_id", "operated_date",
        "operated_time", "first", "lasting",
        old_tadashi_income="base", percapita="a_head", exemption=exemption,
        annual=(monthly - exemption) // 100 * 100,
    )  # fmt: skip


def _due(made: pl.DataFrame) -> pl.DataFrame:
    """What is in force of each notice, who pays it how, and from which term to which."""
    late = pl.col("tax_year") != "2025"
    begin = pl.when(late).then(4).otherwise((pl.col("first") - 1).clip(1, 9))
    last = pl.when(late).then(4).otherwise((pl.col("lasting") - 2).clip(1, 8))
    return made.filter(pl.col("is_latest") == "1").select(
        "levy_year", "tax_year", "notice_no", "collect_kind",
        total="annual", payer_atena_no="atena_no", begin=begin, end=pl.max_horizontal(begin, last),
    )  # fmt: skip
