"""国民健康保険税 of 令和7年度: who is counted, what each part comes to, and in which instalments it is paid.

`cases` says whom a levy counts (当初 in July, 更正 when the household has changed, a remission, the year
before of those who were late), `assessed` makes a row of each part, `due` says what is in force.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday
from town.insurances import earnings, turned

if TYPE_CHECKING:
    from town.core import Town

MONTHS = [date(2025 + (m > 8), (m + 3) % 12 + 1, 1) for m in range(12)]
"""April 2025 to March 2026."""

FIRST_DAY, COUNTED_ON = date(2025, 4, 1), date(2025, 6, 30)
PRESCHOOL = date(2019, 4, 2)
"""未就学児 are born since."""

ALLOWANCE = 430_000
RATES = {  # part: income levy per 1000, a head, a household, cap
    "2025": {"1": (65, 26_000, 19_000, 660_000), "2": (26, 10_000, 7_000, 260_000), "3": (23, 12_000, 6_000, 170_000)},
    "2024": {"1": (63, 25_000, 18_000, 650_000), "2": (24, 9_500, 6_500, 240_000), "3": (22, 11_500, 5_500, 170_000)},
}  # fmt: skip
"""医療分, 後期高齢者支援金分, 介護納付金分; 子ども・子育て支援納付金分 begins with 令和8年度."""

LIGHTER = {"7": 7, "5": 5, "2": 2, "0": 0}
"""軽減区分 -> tenths of the flat levies."""

REASONS = {"joined": "001", "left": "002", "income": "003", "relief": "004", "late": "005"}
"""更正事由, the municipality's own codes: 加入, 喪失, 所得の更正, 減免, 過年度の届出遅れ."""

KEY = ("notice_no", "levy_year", "tax_year", "levy_hist_no")


def cases(town: Town, live: pl.DataFrame, symbols: pl.DataFrame) -> pl.DataFrame:
    """One row a levy and generation: payer, counts, incomes, months, terms."""
    today = pl.lit(town.today)
    ends = pl.coalesce("ends", pl.lit(date(9999, 1, 1)))
    in_year = (pl.col("begins") <= today) & (ends > FIRST_DAY)
    people = live.filter(in_year & (pl.col("ends").is_null() | (pl.col("ends") > pl.col("begins"))))
    people = people.join(
        earnings(town).select("atena_no", "total_income"), on="atena_no", how="left", maintain_order="left"
    )  # fmt: skip
    people = people.with_columns(
        pl.col("total_income").fill_null(0),
        ends=ends,
        care_from=turned(40), care_to=turned(65),
        **{f"m{i}": (pl.col("begins") < _after(m)) & (ends >= _after(m)) for i, m in enumerate(MONTHS)},
    )  # fmt: skip
    people = people.with_columns(
        **{f"c{i}": pl.col(f"m{i}") & (pl.col("care_from") < _after(m)) & (pl.col("care_to") >= _after(m))
           for i, m in enumerate(MONTHS)},
    )  # fmt: skip
    homes = people.group_by("household").agg(
        pl.col(f"{k}{i}").any() for k in "mc" for i in range(12)
    )
    homes = homes.with_columns(months=_counted("m"), care_months=_counted("c"))
    lasts = pl.max_horizontal(pl.when(pl.col(f"m{i}")).then(i).otherwise(-1) for i in range(12))
    firsts = pl.min_horizontal(pl.when(pl.col(f"m{i}")).then(i).otherwise(12) for i in range(12))
    homes = homes.with_columns(first=firsts, last=lasts).filter(pl.col("months") > 0)
    homes = homes.select("household", "months", "care_months", "first", "last")
    people = people.join(homes, on="household", how="inner", maintain_order="left")
    then = pl.when(pl.col("last") < 11).then(_end_of("last")).otherwise(today)
    at_first = (pl.col("begins") <= COUNTED_ON) & (pl.col("ends") > COUNTED_ON)
    at_last = (pl.col("begins") <= then) & (pl.col("ends") > then)
    first, last = (
        _counts(people.filter(which), day)
        for which, day in ((at_first, pl.lit(COUNTED_ON)), (at_last, then))
    )
    both = first.join(last, on="household", how="full", coalesce=True, suffix="_last")
    both = both.join(homes, on="household", how="left").join(
        symbols.select("household", "nhi_symbol_no", "serial", "head_atena_no", "specified_hh", "luck"),
        on="household", how="left",
    ).sort("serial")  # fmt: skip
    return _generations(town, both)


def _after(month: date) -> pl.Expr:
    """The first day of the month after."""
    return pl.lit(date(month.year + month.month // 12, month.month % 12 + 1, 1))


def _end_of(column: str) -> pl.Expr:
    """The last day of a month of the year, by its number."""
    return (
        pl.lit(FIRST_DAY).dt.offset_by(pl.concat_str(pl.col(column) + 1, pl.lit("mo"))) - pl.duration(days=1)
    )  # fmt: skip


def _counted(kind: str) -> pl.Expr:
    return pl.sum_horizontal(pl.col(f"{kind}{i}").cast(pl.Int64) for i in range(12))


def _counts(people: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """Of each household: how many are insured, of what incomes."""
    care = (pl.col("care_from") <= day) & (pl.col("care_to") > day)
    base = (pl.col("total_income") - ALLOWANCE).clip(0)
    return people.group_by("household").agg(
        count=pl.len().cast(pl.Int64), base=base.sum(), income=pl.col("total_income").sum(),
        care_count=care.sum().cast(pl.Int64), care_base=base.filter(care).sum(),
        preschool=(pl.col("born") >= PRESCHOOL).sum().cast(pl.Int64),
        pensioners=((pl.col("age").is_between(65, 74)).all() & pl.col("is_head").any()),
    )  # fmt: skip


AMOUNTS = ("income_levy", "asset_levy", "percapita_levy", "household_levy", "reduction", "preschool_reduction",
           "over_cap")  # fmt: skip
COUNTS = ("count", "base", "income", "care_count", "care_base", "preschool", "pensioners")


def _generations(town: Town, both: pl.DataFrame) -> pl.DataFrame:
    """当初, 更正, 減免 of the year; the year before of those who were late."""
    heads = earnings(town).select(head_atena_no="atena_no", head_income="total_income")
    both = both.join(heads, on="head_atena_no", how="left", maintain_order="left")
    known = pl.col("count").is_not_null()
    then = pl.col("count") != pl.col("count_last")
    changed = known & (then | (pl.col("last") < 11)).fill_null(value=False)
    year = both.with_columns(levy_year=pl.lit("2025"), tax_year=pl.lit("2025"))
    first = year.with_columns(
        **{c: pl.when(known).then(pl.col(c)).otherwise(pl.col(f"{c}_last")) for c in COUNTS},
        why=pl.lit(None, pl.String), day=pl.lit(None, pl.Date), step=pl.lit(1), relief=pl.lit(0),
        months=pl.when(changed).then(12 - pl.col("first")).otherwise("months"),
        last=pl.when(changed).then(11).otherwise("last"),
    )  # fmt: skip
    second = year.filter(changed).with_columns(
        **{c: pl.coalesce(f"{c}_last", c) for c in COUNTS},
        why=pl.when(pl.col("count") < pl.col("count_last")).then(pl.lit("joined")).otherwise(pl.lit("left")),
        day=workday(pl.min_horizontal(_end_of("last"), pl.lit(date(2026, 2, 10)))), step=pl.lit(2), relief=pl.lit(0),
    )  # fmt: skip
    third = first.filter((pl.col("luck") > 0.96) & ~changed).with_columns(
        why=pl.lit("relief"), day=pl.lit(date(2025, 9, 24)), step=pl.lit(3), relief=pl.lit(3)
    )
    late = first.filter(
        pl.col("luck").is_between(0.5, 0.54) & (pl.col("first") == 0)
    ).with_columns(
        levy_year=pl.lit("2025"), tax_year=pl.lit("2024"), step=pl.lit(1), relief=pl.lit(0),
        months=pl.lit(3), care_months=pl.min_horizontal("care_months", 3), why=pl.lit("late"),
        day=pl.lit(date(2025, 10, 20)),
    )  # fmt: skip
    mended = late.with_columns(
        base=pl.col("base") + 250_000,
        step=pl.lit(2),
        why=pl.lit("income"),
        day=pl.lit(date(2026, 1, 19)),
    )
    rows = pl.concat([first, second, third, late, mended], how="diagonal_relaxed")
    rows = rows.sort("serial", "tax_year", "step")
    by = ("serial", "tax_year")
    number = pl.int_range(1, pl.len() + 1).over(by)
    later = pl.col("first") >= 4
    pension = pl.col("pensioners") & (pl.col("luck") * 7 % 1 < 0.8) & (pl.col("tax_year") == "2025")
    since = rows.select(pl.coalesce("day", pl.lit(date(2025, 7, 10)))).to_series()
    rows = rows.with_columns(town.operated(rows.height, town.rng("nhi_levy"), since))
    return rows.with_columns(
        levy_hist_no=number,
        is_latest=(number == pl.len().over(by)).cast(pl.Int8).cast(pl.String),
        notice_no=pl.when(pl.col("tax_year") == "2025").then(pl.lit("507")).otherwise(pl.lit("506"))
        + pl.col("serial").cast(pl.String).str.zfill(7),
        collect_kind=pl.when(pension & ((pl.col("months") < 12) | later)).then(pl.lit("3"))
        .when(pension).then(pl.lit("1")).otherwise(pl.lit("2")),
        correct_reason=pl.col("why").replace_strict(REASONS, default=None),
        corrected_date=iso("day"),
        care_months=pl.min_horizontal("care_months", "months"),
        reduction_kind=_reduction_kind(),
    ).with_columns(
        collect_kind=pl.col("collect_kind").last().over(by),
    )  # fmt: skip


def _reduction_kind() -> pl.Expr:
    """軽減: judged by what the insured and the head (also one not insured) earn together."""
    outside = pl.col("head_income").fill_null(0)
    judged = pl.max_horizontal(pl.col("income"), outside)
    return (
        pl.when(judged <= ALLOWANCE).then(pl.lit("7"))
        .when(judged <= ALLOWANCE + 305_000 * pl.col("count")).then(pl.lit("5"))
        .when(judged <= ALLOWANCE + 560_000 * pl.col("count")).then(pl.lit("2"))
        .otherwise(pl.lit("0"))
    )  # fmt: skip


def assessed(made: pl.DataFrame) -> pl.DataFrame:
    """nhi_levy: a row for each part that counts anybody."""
    found = []
    for year, parts in RATES.items():
        for part, rates in parts.items():
            of_care = part == "3"
            rows = made.filter(
                (pl.col("tax_year") == year)
                & ((pl.col("care_months") > 0) & (pl.col("care_count") > 0) if of_care else True)
            )
            found.append(_part(rows, part, rates))
    return pl.concat(found).sort("serial", "tax_year", "levy_hist_no", "levy_part").drop("serial")


def _part(rows: pl.DataFrame, part: str, rates: tuple[int, int, int, int]) -> pl.DataFrame:
    per_mille, a_head, a_household, cap = rates
    care = part == "3"
    count, base = (
        (pl.col("care_count"), pl.col("care_base")) if care else (pl.col("count"), pl.col("base"))
    )
    months = pl.col("care_months") if care else pl.col("months")
    tenths = pl.col("reduction_kind").replace_strict(LIGHTER, return_dtype=pl.Int64)
    specified = pl.lit("0") if care else pl.col("specified_hh")
    household = (
        pl.when(specified == "1").then(a_household // 2)
        .when(specified == "2").then(a_household * 3 // 4).otherwise(a_household)
    )  # fmt: skip
    heads = count * a_head
    small = pl.lit(0) if care else pl.col("preschool") * a_head * (10 - tenths) // 20
    asset = pl.when((pl.col("tax_year") == "2024") & (part == "1")).then(
        (pl.col("serial") % 40 + 1) * 310
    )
    rows = rows.with_columns(
        income_levy=base * per_mille // 1000, asset_levy=asset.cast(pl.Int64), percapita_levy=heads,
        household_levy=household, reduction=(heads + household) * tenths // 10, preschool_reduction=small,
    )  # fmt: skip
    plus = pl.sum_horizontal(
        "income_levy", pl.col("asset_levy").fill_null(0), "percapita_levy", "household_levy"
    )
    whole = plus - pl.col("reduction") - pl.col("preschool_reduction")
    rows = rows.with_columns(over_cap=(whole - cap).clip(0), whole=pl.min_horizontal(whole, cap))
    monthly = pl.col("whole") * months // 12
    exemption = monthly * pl.col("relief") // 10 // 100 * 100
    return rows.with_columns(pl.col(AMOUNTS).cast(pl.Int64)).select(
        "serial", *KEY, "head_atena_no", "income_levy", "asset_levy", "percapita_levy", "household_levy",
        "reduction_kind", "reduction", "preschool_reduction", "over_cap", "collect_kind", "corrected_date",
        "correct_reason", "is_latest", "operator_id", "operated_date", "operated_time",
        levy_part=pl.lit(part), insured_count=count, income_base=base.cast(pl.Int64),
        exemption=exemption.cast(pl.Int64), months=months.cast(pl.Int64), annual=((monthly - exemption) // 100 * 100).cast(pl.Int64),
        is_deleted=pl.lit("0"),
    )  # fmt: skip


def due(made: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """What is in force of each notice: the parts together, who pays it how, and from which term to which."""
    live = pl.col("is_latest") == "1"
    sums = rows.filter(live).group_by(*KEY, maintain_order=True).agg(total=pl.col("annual").sum())
    of = made.filter(live).select(*KEY, "head_atena_no", "collect_kind", "first", "last")
    late = pl.col("tax_year") != "2025"
    begin = pl.when(late).then(4).otherwise((pl.col("first") - 1).clip(1, 9))
    last = pl.when(late).then(4).otherwise((pl.col("last") - 1).clip(1, 8))
    return sums.join(of, on=KEY, how="left", maintain_order="left").select(
        "levy_year", "tax_year", "notice_no", "collect_kind", "total",
        payer_atena_no="head_atena_no", begin=begin, end=pl.max_horizontal(begin, last),
    )  # fmt: skip
