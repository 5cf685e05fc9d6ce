"""個人住民税 of 令和7年度: who owes it, on which income and deductions, in which instalments, and the
employers who collect it. Some are assessed again (更正), some were late for the year before (過年度).

`facts` works in four steps: `taxpayers` draws who is taxed and their figures, `generations` what was
corrected later, `inhabitant_tax_law.assessed` the tax itself, `instalments` who collects what and when.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town import inhabitant_tax_law as law
from town.core import iso, standard, workday
from town.inhabitant_tax_employers import collectors
from town.inhabitant_tax_faults import FAULTS
from town.inhabitant_tax_law import DEDUCTIONS, INCOMES
from town.inhabitant_tax_terms import instalments, levied

if TYPE_CHECKING:
    from town.core import Town

__all__ = ["FAULTS", "facts"]

YEAR, BEFORE = "2025", "2024"
NEW_YEAR = date(2025, 1, 1)
"""The day that decides which town taxes a person."""

REASONS = {"return": "011", "dependent": "012", "left": "021", "relief": "031", "late": "041"}
"""更正事由, the municipality's own codes: 修正申告, 扶養の否認, 退職による普徴切替, 減免の決定, 期限後申告."""

KEY = ["tax_year", "atena_no", "assess_hist_no"]
OPERATED = ["operator_id", "operated_date", "operated_time"]
MEMOS = (
    "窓口で申告。控除証明書は後日。",
    "資料を合算した。\\n翌年度も確認。",
    "電話で照会あり。来庁予定。担当は二係。",
)


def facts(town: Town) -> None:
    """Fill the six tables of 個人住民税 and the year's levies."""
    employers = collectors(town)
    town.add("it_collector", employers)
    drawn = taxpayers(town)
    cases = generations(town, drawn, employers)
    made = law.assessed(cases).with_columns(
        notice_date=pl.when(pl.col("annual_tax") > 0).then(_notified()),
        ledger_key=pl.int_range(pl.len()),
    )
    settled = made["change_date"].fill_null("2025-05-12").str.to_date()
    made = made.with_columns(
        town.operated(made.height, town.rng("it_assessment operated"), settled)
    )
    town.add("it_taxpayer", _people(town, drawn))
    town.add("it_assessment", made.select(_of_table("it_assessment", made)))
    town.add("it_income", _long(made, INCOMES, "income"))
    town.add("it_deduction", _long(made, DEDUCTIONS, "deduction"))
    relieved = employers.filter(pl.col("is_latest") == "1").select(
        "special_agent_no", "special_due"
    )
    ledger = instalments(made, relieved)
    town.add("it_ledger", ledger.select(_of_table("it_ledger", ledger)))
    town.levy(levied(ledger))


def _of_table(table: str, frame: pl.DataFrame) -> list[str]:
    """The table's columns that the frame has."""
    return [c.name for c in standard(table) if c.name in frame.columns]


def taxpayers(town: Town) -> pl.DataFrame:
    """Everyone taxed here on 1 January 2025, one row each, with income and personal circumstances."""
    rng = town.rng("it_taxpayer")
    people = town.people.filter(
        (pl.col("entered") <= NEW_YEAR)
        & (pl.col("removed").is_null() | (pl.col("removed") > NEW_YEAR))
    )
    people = people.with_columns(
        age_then=2025
        - pl.col("born").dt.year()
        - (pl.col("born").dt.ordinal_day() > 1).cast(pl.Int32),
        outside=pl.lit(value=False),
    )
    drawn = law.circumstances(_figures(rng, people))
    drawn = drawn.filter(pl.col("age_then") >= 16)
    away = town.outsiders.filter(pl.Series(rng.random(town.outsiders.height) < 0.4))
    away = _figures(
        rng,
        away.with_columns(
            outside=pl.lit(value=True), work=pl.lit("employee"), disabled=pl.lit(value=False), age_then=pl.lit(45),
            income=pl.Series(rng.integers(280, 620, away.height) * 10_000),
        ),
    )  # fmt: skip
    found = pl.concat([drawn, law.alone(away)], how="diagonal_relaxed").sort("atena_no")
    count = found.height
    nothing = pl.all_horizontal(pl.col(f"income_{code}") == 0 for code in INCOMES)
    return found.with_columns(
        undeclared=nothing & ~pl.col("outside") & pl.Series(rng.random(count) < 0.25),
        welfare=nothing & ~pl.col("outside") & pl.Series(rng.random(count) < 0.04),
        serial=pl.int_range(1, pl.len() + 1) * 7,
        late=~nothing & ~pl.col("outside") & pl.Series(rng.random(count) < 0.02),
    ).with_columns(welfare=pl.col("welfare") & ~pl.col("undeclared"))


def _figures(rng: np.random.Generator, people: pl.DataFrame) -> pl.DataFrame:
    """Income by kind, and what each paid towards deductions; amounts as they are declared."""
    count = people.height
    income = pl.col("income").cast(pl.Int64)

    def some(share: float, low: int, high: int, unit: int) -> pl.Series:
        chosen = rng.random(count) < share
        return pl.Series(np.where(chosen, rng.integers(low, high, count) * unit, 0), dtype=pl.Int64)

    earning = income > 0
    farmer = pl.Series(rng.random(count) < 0.15)
    loss = pl.Series(rng.random(count) < 0.03)
    estate = some(0.07, 12, 180, 10_000) * pl.Series(np.where(rng.random(count) < 0.15, -1, 1))
    extra = some(0.12, 30, 90, 10_000)
    drawn = {f"revenue_{code}": pl.lit(0, pl.Int64) for code in INCOMES} | {
        "revenue_106": pl.when(pl.col("work").is_in(["employee", "none"])).then(income)
        .when((pl.col("work") == "pension") & extra.gt(0)).then(extra).otherwise(0),
        "revenue_107": pl.when(pl.col("work") == "pension").then(income).otherwise(0),
        "revenue_101": pl.when((pl.col("work") == "self") & ~farmer).then(income * 8 // 5).otherwise(0),
        "revenue_102": pl.when((pl.col("work") == "self") & farmer).then(income * 2).otherwise(0),
        "revenue_103": pl.when(earning).then(estate.abs() * 2 + 350_000 * estate.ne(0).cast(pl.Int64)).otherwise(0),
    }  # fmt: skip
    owned = pl.when(loss).then(-(income // 8)).otherwise(income)
    people = people.with_columns(**drawn)
    return people.with_columns(
        income_101=pl.when(pl.col("revenue_101") > 0).then(owned).otherwise(0),
        income_102=pl.when(pl.col("revenue_102") > 0).then(owned).otherwise(0),
        income_103=pl.when(earning).then(estate).otherwise(0),
        income_105=pl.when(earning).then(some(0.04, 1, 30, 10_000)).otherwise(0),
        income_106=law.salary_income(pl.col("revenue_106")),
        income_107=law.pension_income(pl.col("revenue_107"), pl.col("age_then")),
        paid_social=pl.when(pl.col("work") == "employee").then(income * 29 // 200)
        .when(earning).then(60_000 + income // 12).otherwise(0),
        paid_life=pl.when(earning).then(some(0.6, 7, 29, 2_500)).otherwise(0),
        paid_quake=pl.when(earning).then(some(0.2, 2, 11, 2_500)).otherwise(0),
        paid_medical=pl.when(earning).then(some(0.08, 3, 40, 7_130)).otherwise(0),
        paid_small=pl.when(earning).then(some(0.05, 6, 60, 12_000)).otherwise(0),
        donated=pl.when(income > 3_000_000).then(some(0.15, 1, 6, 10_000)).otherwise(0),
        senju=pl.Series(rng.random(count) < 0.2),
    )  # fmt: skip


def generations(town: Town, drawn: pl.DataFrame, employers: pl.DataFrame) -> pl.DataFrame:
    """One row an assessment: 当初, then 更正; and the year before of those who were late."""
    rng = town.rng("it_assessment")
    count = drawn.height
    in_force = employers.filter((pl.col("is_latest") == "1") & pl.col("valid_to").is_null())
    weights = in_force["employees"].to_numpy().astype(float)
    agents = rng.choice(in_force["special_agent_no"].to_numpy(), count, p=weights / weights.sum())
    first = drawn.with_columns(
        tax_year=pl.lit(YEAR), assess_hist_no=pl.lit(1, pl.Int64), reason=pl.lit(None, pl.String),
        change_date=pl.lit(None, pl.String), agent=pl.Series(agents), relief=pl.lit(0, pl.Int64),
        collected=pl.Series(rng.random(count)), left=pl.lit(value=False), last=pl.lit(1, pl.Int64),
    )  # fmt: skip
    chance, day = pl.Series(rng.random(count)), pl.Series(rng.integers(0, 60, count))
    taxable = ~pl.col("undeclared") & ~pl.col("welfare") & ~pl.col("outside")
    employed = (pl.col("work") == "employee") & (pl.col("collected") < law.BY_EMPLOYER)
    stayed = employed & (pl.col("income_103") <= 0) & (pl.col("income_106") > 900_000)
    reason = (
        pl.when(taxable & stayed & (chance < 0.05)).then(pl.lit("left"))
        .when(taxable & (pl.col("dependent_count") > 0) & (chance < 0.25)).then(pl.lit("dependent"))
        .when(taxable & (pl.col("income") > 1_200_000) & (chance < 0.12)).then(pl.lit("return"))
        .when(taxable & (pl.col("work") == "self") & (pl.col("income_101") > 1_500_000) & (chance < 0.2)).then(pl.lit("relief"))
    )  # fmt: skip
    again = first.with_columns(
        why=reason,
        change_date=_days_after(pl.lit(date(2025, 9, 1)), day),
    ).filter(pl.col("why").is_not_null())
    second = _corrected(again, 2)
    twice = again.filter((pl.col("why") == "return") & (pl.col("serial") % 3 == 0)).with_columns(
        income_103=pl.col("income_103") + 150_000, revenue_103=pl.col("revenue_103") + 150_000,
        change_date=_days_after(pl.col("change_date").str.to_date(), 120),
    )  # fmt: skip
    third = _corrected(twice, 3)
    late = first.filter("late").with_columns(
        tax_year=pl.lit(BEFORE), reason=pl.lit(REASONS["late"]), change_date=pl.lit("2025-10-20"),
        collected=pl.lit(1.0),
    )  # fmt: skip
    rows = pl.concat([first, second, third, late], how="diagonal_relaxed").drop("why")
    last = pl.col("assess_hist_no").max().over("tax_year", "atena_no")
    number = pl.when(pl.col("tax_year") == YEAR).then(pl.lit("07")).otherwise(pl.lit("06"))
    return rows.sort("atena_no", "tax_year", "assess_hist_no").with_columns(
        is_latest=(pl.col("assess_hist_no") == last).cast(pl.Int8).cast(pl.String),
        is_deleted=pl.lit("0"), levy_year=pl.lit(YEAR), change_reason=pl.col("reason"),
        notice_no=number + pl.col("serial").cast(pl.String).str.zfill(8),
    )  # fmt: skip


def _corrected(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    """The next generation, changed by its reason."""
    why = pl.col("why")
    more = pl.when(why == "return").then(150_000).otherwise(0)
    return rows.with_columns(
        assess_hist_no=pl.lit(number, pl.Int64),
        reason=why.replace_strict(REASONS),
        left=why == "left",
        relief=pl.when(why == "relief").then(1).otherwise(0),
        income_103=pl.col("income_103") + more,
        revenue_103=pl.col("revenue_103") + more,
        dependent_count=pl.col("dependent_count") - (why == "dependent").cast(pl.Int64),
        dependent_amount=pl.when(why != "dependent")
        .then("dependent_amount")
        .otherwise(
            pl.col("dependent_amount")
            // pl.max_horizontal("dependent_count", 1)
            * (pl.col("dependent_count") - 1)
        ),
    )


def _days_after(day: pl.Expr, days: int | pl.Series) -> pl.Expr:
    """The town hall's first open day so many days later."""
    return iso(workday(day + pl.duration(days=days)))


def _notified() -> pl.Expr:
    """When the notice went out: employers' in May, the others' in June, corrections' a week later."""
    later = _days_after(pl.col("change_date").str.to_date(), 7)
    first = (
        pl.when(pl.col("collection_kind") == "2")
        .then(pl.lit("2025-05-15"))
        .otherwise(pl.lit("2025-06-10"))
    )
    return pl.coalesce(later, first)


def _people(town: Town, drawn: pl.DataFrame) -> pl.DataFrame:
    """it_taxpayer: one row a person and year."""
    rng = town.rng("it_taxpayer rows")
    late = drawn.filter("late").with_columns(
        tax_year=pl.lit(BEFORE), person_hist_no=pl.lit(1, pl.Int64), is_latest=pl.lit("0")
    )
    now = drawn.with_columns(
        tax_year=pl.lit(YEAR), is_latest=pl.lit("1"),
        person_hist_no=1 + pl.col("late").cast(pl.Int64),
    )  # fmt: skip
    rows = pl.concat([late, now], how="diagonal").sort("atena_no", "person_hist_no")
    count = rows.height
    inside, paid = ~pl.col("outside"), pl.col("paid_social")
    pensioner = pl.col("work") == "pension"
    grown, withheld = pl.col("age_then") >= 65, pl.col("serial") % 3 > 0
    schemes = {"nhi": ("nhi", 50), "ltci": ("ltci", 30), "elderly": ("late_elderly", 40)}
    insured = {
        f"{name}_paid_{way}": pl.when(
            pl.col(who).fill_null(value=False) & (paid > 0) & chosen
        ).then(paid * share // 100)
        for name, (who, share) in schemes.items()
        for way, chosen in (("special", grown & withheld), ("regular", ~(grown & withheld)))
    }
    elsewhere = (
        inside & (pl.col("current").fill_null(value=False)) & pl.Series(rng.random(count) < 0.01)
    )
    rows = rows.with_columns(
        ward_code=pl.when(inside).then(pl.col("ward")),
        undeclared_flag=law.flag(pl.col("undeclared")),
        priority_source=pl.when("undeclared").then(None).when(pl.col("work") == "employee").then(pl.lit("01"))
        .when(pensioner).then(pl.lit("02")).when(pl.col("work") == "self").then(pl.lit("04")),
        resident_category=pl.when(inside).then(pl.lit("1")).otherwise(pl.lit("2")),
        addr_city_code=pl.when(inside).then(pl.lit(town.city)).otherwise(pl.col("addr_city_code")),
        addr_pref=pl.when(inside).then(pl.lit("浅間県")).otherwise(pl.col("addr_pref")),
        addr_city=pl.when(inside).then(pl.lit("浅間市")).otherwise(pl.col("addr_city")),
        resident_status=pl.when(inside).then(pl.col("status")),
        head_name=pl.when(inside).then(pl.col("head_name")),
        household_no=pl.when(inside).then(pl.col("household_no")),
        widow_flag=pl.when(pl.col("widow") > 0).then(pl.lit("01")).when(pl.col("single_parent") > 0).then(pl.lit("02")),
        **insured,
        welfare_from=pl.when("welfare").then(pl.lit("2019-05-07")),
        welfare_to=pl.when(pl.col("welfare") & (pl.col("serial") % 2 == 0)).then(pl.lit("2025-10-31")),
        nonresident_tax_flag=law.flag(pl.col("outside")),
        nonresident_notice=pl.when("outside").then(pl.lit("1")),
        other_city_tax_flag=law.flag(elsewhere),
        other_city_code=pl.when(elsewhere).then(pl.lit("482021")),
        declaration_send=law.flag(pl.col("work") == "self"),
        tax_office_code=pl.lit("48011"),
        memo=pl.when(pl.Series(rng.random(count) < 0.08)).then(pl.Series(rng.choice(MEMOS, count))),
        is_deleted=pl.lit("0"),
    )  # fmt: skip
    year = pl.when(pl.col("tax_year") == YEAR).then(date(2025, 5, 12)).otherwise(date(2025, 10, 20))
    rows = rows.with_columns(town.operated(count, rng, rows.select(year).to_series()))
    return rows.select(_of_table("it_taxpayer", rows))


def _long(made: pl.DataFrame, codes: dict[str, str], kind: str) -> pl.DataFrame:
    """it_income or it_deduction: one row for every kind that an assessment has."""
    common = [*KEY, "is_latest", "is_deleted", *OPERATED]
    extra = {"income": "revenue", "deduction": "deduction_count"}[kind]
    found = []
    for code in codes:
        has = pl.col(f"{kind}_{code}") != 0
        if kind == "income":
            more = pl.when(pl.col(f"revenue_{code}") > 0).then(pl.col(f"revenue_{code}"))
            has = has | (pl.col(f"revenue_{code}") > 0)
        else:
            more = (
                pl.col(f"count_{code}")
                if f"count_{code}" in made.columns
                else pl.lit(None, pl.Int64)
            )
        rows = made.filter(has & ~pl.col("undeclared")).select(
            *common, pl.lit(code).alias(f"{kind}_code"), pl.col(f"{kind}_{code}").alias(f"{kind}_amount"),
            more.cast(pl.Int64).alias(extra),
        )  # fmt: skip
        found.append(rows)
    return pl.concat(found).sort("atena_no", "tax_year", "assess_hist_no", f"{kind}_code")
