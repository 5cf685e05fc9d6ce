"""The arithmetic of 個人住民税 for 令和7年度: income, deductions, tax; sums a town of the third class owes.

Figures after 地方税法 as it stood on 1 January 2025, with 定額減税 left out. Whole yen throughout.
"""

from __future__ import annotations

import polars as pl

INCOMES = {
    "101": "営業等",
    "102": "農業",
    "103": "不動産",
    "105": "配当",
    "106": "給与",
    "107": "公的年金等雑",
}
DEDUCTIONS = {
    "302": "医療費", "303": "社会保険料", "304": "小規模企業共済等掛金", "305": "生命保険料", "306": "地震保険料",
    "307": "障害者", "308": "寡婦", "309": "ひとり親", "311": "配偶者", "313": "扶養", "314": "基礎",
}  # fmt: skip
CITY, PREF, FOREST = 3000, 1000, 1000
"""均等割 of the city and the prefecture, 森林環境税."""

BY_EMPLOYER = 0.85
"""The share of employees whose employer collects."""

SMALL = 480_000
"""What a relative may earn and still be supported."""


def salary_income(revenue: pl.Expr) -> pl.Expr:
    """給与所得 of a 給与収入.

    >>> pl.select(salary_income(pl.lit(3_000_000))).item()
    2020000
    """
    less = (
        pl.when(revenue <= 1_625_000).then(550_000)
        .when(revenue <= 1_800_000).then(revenue * 2 // 5 - 100_000)
        .when(revenue <= 3_600_000).then(revenue * 3 // 10 + 80_000)
        .when(revenue <= 6_600_000).then(revenue // 5 + 440_000)
        .when(revenue <= 8_500_000).then(revenue // 10 + 1_100_000)
        .otherwise(1_950_000)
    )  # fmt: skip
    return pl.max_horizontal(revenue - less, 0).cast(pl.Int64)


def pension_income(revenue: pl.Expr, age: pl.Expr) -> pl.Expr:
    """公的年金等に係る雑所得 of a pension, at an age.

    >>> pl.select(pension_income(pl.lit(2_000_000), pl.lit(70))).item()
    900000
    """
    least = pl.when(age >= 65).then(1_100_000).otherwise(600_000)
    share = (
        pl.when(revenue <= 4_100_000).then(revenue // 4 + 275_000)
        .otherwise(revenue * 3 // 20 + 685_000)
    )  # fmt: skip
    return pl.max_horizontal(revenue - pl.max_horizontal(least, share), 0).cast(pl.Int64)


def earned() -> pl.Expr:
    """合計所得金額: the sum of all incomes."""
    return pl.sum_horizontal(f"income_{code}" for code in INCOMES).cast(pl.Int64)


def alone(people: pl.DataFrame) -> pl.DataFrame:
    """Nobody to support."""
    zero = pl.lit(0, pl.Int64)
    return people.with_columns(
        spouse=zero,
        dependent_count=zero,
        dependent_amount=zero,
        minor_dependents=zero,
        widow=zero,
        single_parent=zero,
    )


def circumstances(people: pl.DataFrame) -> pl.DataFrame:
    """Whom each supports: the one with the most income of a household supports those who have hardly any."""
    people = people.with_columns(gross=earned())
    first = pl.col("gross").arg_max().over("household") == pl.int_range(pl.len()).over("household")
    people = people.with_columns(earns_most=first).with_columns(
        earns=pl.col("earns_most") & (pl.col("gross") > SMALL)
    )
    top, earner = pl.col("earns_most"), pl.col("earns")
    poor, age = (pl.col("gross") <= SMALL) & ~top, pl.col("age_then")
    wife = pl.col("rel_code1").is_in(["11", "12"]) & pl.col("rel_code2").is_null()
    led = (pl.col("is_head") & earner).any().over("household")
    people = people.with_columns(supported=wife & poor & led)
    spouse = pl.col("supported")
    support = poor & ~spouse & (age >= 16)
    each = (
        pl.when(age.is_between(19, 22)).then(450_000)
        .when(age >= 70).then(380_000)
        .otherwise(330_000)
    )  # fmt: skip
    child = (age < 16) & ~top
    people = people.with_columns(
        spouse=_of_home(earner, spouse),
        dependent_count=_of_home(earner, support),
        dependent_amount=_of_home(earner, pl.when(support).then(each).otherwise(0)),
        minor_dependents=_of_home(earner, child),
    )
    lone = (
        earner
        & (pl.col("spouse") == 0)
        & ~wife.any().over("household")
        & (pl.col("gross") <= 5_000_000)
    )
    parent = lone & (pl.col("minor_dependents") > 0)
    return people.with_columns(
        single_parent=parent.cast(pl.Int64),
        widow=(lone & ~parent & (pl.col("sex") == "2") & (pl.col("dependent_count") > 0)).cast(
            pl.Int64
        ),
    )


def flag(value: pl.Expr) -> pl.Expr:
    """1 or 0."""
    return value.cast(pl.Int8).cast(pl.String)


def _of_home(earner: pl.Expr, value: pl.Expr) -> pl.Expr:
    """The household's sum, for the one who earns most; 0 for the others."""
    return (
        pl.when(earner)
        .then(value.cast(pl.Int64).sum().over("household"))
        .otherwise(0)
        .cast(pl.Int64)
    )


def assessed(cases: pl.DataFrame) -> pl.DataFrame:
    """The cases with deductions, taxes and who collects: all amounts of it_assessment."""
    deducted = cases.with_columns(gross_income=earned(), **_deductions()).with_columns(
        pl.when("undeclared")
        .then(0)
        .otherwise(pl.col(f"deduction_{code}"))
        .cast(pl.Int64)
        .alias(f"deduction_{code}")
        for code in DEDUCTIONS
    )
    gross = pl.col("gross_income")
    others = pl.col("spouse") + pl.col("dependent_count") + pl.col("minor_dependents")
    total = pl.sum_horizontal(f"deduction_{code}" for code in DEDUCTIONS).cast(pl.Int64)
    favoured = (
        pl.col("disabled")
        | (pl.col("age_then") < 18)
        | (pl.col("widow") > 0)
        | (pl.col("single_parent") > 0)
    ) & (gross <= 1_350_000)
    several = (others > 0).cast(pl.Int64)
    free = gross <= 280_000 * (1 + others) + 100_000 + 168_000 * several
    income_free = gross <= 350_000 * (1 + others) + 100_000 + 320_000 * several
    deducted = deducted.with_columns(
        deduction_total=total,
        total_income=gross,
        taxable_income=pl.max_horizontal((gross - total) // 1000 * 1000, 0),
        nontax=pl.when("undeclared").then(pl.lit("undeclared")).when("welfare").then(pl.lit("03"))
        .when(~pl.col("outside") & favoured).then(pl.lit("02")).when(~pl.col("outside") & free).then(pl.lit("01")),
    )  # fmt: skip
    untaxed = pl.col("nontax").is_not_null() | income_free | pl.col("outside")
    base = pl.when(untaxed).then(0).otherwise(pl.col("taxable_income"))
    deducted = deducted.with_columns(
        city_income_calc=(base * 6 // 100).cast(pl.Int64),
        pref_income_calc=(base * 4 // 100).cast(pl.Int64),
    )
    return _taxed(deducted)


def _deductions() -> dict[str, pl.Expr]:
    whole = pl.col
    found = {
        "302": pl.max_horizontal(whole("paid_medical") - 100_000, 0),
        "303": whole("paid_social"),
        "304": whole("paid_small"),
        "305": whole("paid_life"),
        "306": whole("paid_quake"),
        "307": pl.when("disabled").then(260_000).otherwise(0),
        "308": whole("widow") * 260_000,
        "309": whole("single_parent") * 300_000,
        "311": whole("spouse") * 330_000,
        "313": whole("dependent_amount"),
        "314": pl.when(~pl.col("undeclared")).then(430_000).otherwise(0),
    }
    counts = {
        "count_307": pl.col("disabled").cast(pl.Int64),
        "count_313": pl.col("dependent_count"),
    }
    return {f"deduction_{code}": value.cast(pl.Int64) for code, value in found.items()} | counts


def _taxed(cases: pl.DataFrame) -> pl.DataFrame:
    adjust = (pl.col("city_income_calc") > 0).cast(pl.Int64)
    gift = pl.col("donated") * 4 // 10
    city_calc, pref_calc = pl.col("city_income_calc"), pl.col("pref_income_calc")
    cases = cases.with_columns(
        city_credit=pl.min_horizontal(adjust * (1_500 + gift * 3 // 5), city_calc),
        pref_credit=pl.min_horizontal(adjust * (1_000 + gift * 2 // 5), pref_calc),
    ).with_columns(
        city_income_tax=(city_calc - pl.col("city_credit")) // 100 * 100,
        pref_income_tax=(pref_calc - pl.col("pref_credit")) // 100 * 100,
    )
    owes, here = pl.col("nontax").is_null(), ~pl.col("outside")
    full = {
        "city_percapita": pl.when(owes).then(CITY).otherwise(0),
        "pref_percapita": pl.when(owes).then(PREF).otherwise(0),
        "forest_tax": pl.when(owes & here).then(FOREST).otherwise(0),
    }
    cases = cases.with_columns(**{k: v.cast(pl.Int64) for k, v in full.items()})
    income_tax = pl.col("city_income_tax") + pl.col("pref_income_tax")
    cases = cases.with_columns(
        exemption=pl.when((pl.col("relief") > 0) & (income_tax > 0))
        .then(income_tax // 200 * 100)
        .otherwise(0)
        .cast(pl.Int64)
    )
    annual = pl.sum_horizontal(
        "city_income_tax", "pref_income_tax", "city_percapita", "pref_percapita", "forest_tax"
    ) - pl.col("exemption")
    cases = cases.with_columns(annual_tax=(annual // 100 * 100).cast(pl.Int64))
    business = (pl.col("revenue_101") > 0) | (pl.col("revenue_102") > 0)
    return _collected(cases).with_columns(
        taxation_kind=pl.when("undeclared").then(pl.lit("4")).when(pl.col("nontax").is_not_null()).then(pl.lit("3"))
        .when(pl.col("exemption") > 0).then(pl.lit("5")).when(income_tax > 0).then(pl.lit("1")).otherwise(pl.lit("2")),
        nontax_reason=pl.when(pl.col("nontax") != "undeclared").then(pl.col("nontax")),
        forest_exempt_kind=flag(pl.col("forest_tax") == 0),
        blue_white=pl.when(~business).then(pl.lit("0")).when(pl.col("serial") % 5 < 3).then(pl.lit("1")).otherwise(pl.lit("2")),
        spouse_senju=pl.when(business & pl.col("senju")).then(pl.lit("1")).otherwise(pl.lit("0")),
        self_senju=pl.lit("0"),
        dependents=pl.col("dependent_count"),
    )  # fmt: skip


def _collected(cases: pl.DataFrame) -> pl.DataFrame:
    """徴収区分, and how the year's tax is shared between the ways: `by_payer`, `by_employer`, `by_pension`."""
    annual = pl.col("annual_tax")
    employee = (
        (pl.col("work") == "employee") & (pl.col("collected") < BY_EMPLOYER) & ~pl.col("outside")
    )
    pensioner = (
        (pl.col("work") == "pension")
        & (pl.col("age_then") >= 65)
        & (pl.col("income_107") > 0)
        & (pl.col("collected") < 0.9)
    )
    other = pl.when((pl.col("income_103") > 0) & (pl.col("income_106") > 0)).then(
        (pl.col("city_income_tax") + pl.col("pref_income_tax")) * pl.col("income_103")
        // pl.max_horizontal("gross_income", 1) // 100 * 100
    ).otherwise(0)  # fmt: skip
    way = (
        pl.when(annual <= 0).then(pl.lit("none"))
        .when(employee & pl.col("left")).then(pl.lit("left"))
        .when(employee & (other > 0)).then(pl.lit("both"))
        .when(employee).then(pl.lit("employer"))
        .when(pensioner & (pl.col("age_then") == 65)).then(pl.lit("new pension"))
        .when(pensioner).then(pl.lit("pension"))
        .when(pl.col("tax_year") != pl.col("levy_year")).then(pl.lit("late"))
        .otherwise(pl.lit("payer"))
    )  # fmt: skip
    way = (
        pl.when((annual > 0) & (pl.col("tax_year") != pl.col("levy_year")))
        .then(pl.lit("late"))
        .otherwise(way)
    )
    months = (
        annual - annual // 12 // 100 * 100 * 8
    )  # June to September of twelve: the first month is larger
    cases = cases.with_columns(way=way, by_payer=annual)
    by_payer = (
        pl.when(pl.col("way") == "both").then(other)
        .when(pl.col("way") == "left").then(annual - months)
        .when(pl.col("way") == "new pension").then(annual // 200 * 100)
        .when(pl.col("way").is_in(["payer", "late"])).then(annual)
        .otherwise(0)
    )  # fmt: skip
    cases = cases.with_columns(by_payer=by_payer.cast(pl.Int64))
    rest = annual - pl.col("by_payer")
    codes = {
        "none": "1", "payer": "1", "late": "1", "employer": "2", "pension": "3", "left": "4", "both": "4", "new pension": "4",
    }  # fmt: skip
    hired = pl.col("way").is_in(["employer", "both", "left"])
    return cases.with_columns(
        by_employer=pl.when(hired).then(rest).otherwise(0),
        by_pension=pl.when(pl.col("way").is_in(["pension", "new pension"])).then(rest).otherwise(0),
        collection_kind=pl.col("way").replace_strict(codes),
        pension_kind=pl.col("way").replace_strict(
            {"pension": "001", "new pension": "002"}, default=None
        ),
        special_agent_no=pl.when(hired & (rest > 0)).then(pl.col("agent")),
    )
