"""介護保険料: the year's premium of every 第1号被保険者 by stage, from the pension (特徴) or by instalments (普徴);
some corrected later, some for the year before.

Terms of the levies: 01 to 08 普通徴収, 09 随時, 11 to 16 特別徴収 (April, June ... February).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday

if TYPE_CHECKING:
    from town.core import Town

YEAR, BEFORE = "2025", "2024"
FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)
BASE = 72_000
RATES = {
    "01": 285, "02": 485, "03": 685, "04": 900, "05": 1000, "06": 1200, "07": 1300, "08": 1500, "09": 1700, "10": 1900,
    "11": 2100, "12": 2300, "13": 2400,
}  # fmt: skip
"""The premium of a stage in thousandths of BASE."""

SPECIAL = ("apr", "jun", "aug", "oct", "dec", "feb")
REGULAR = tuple(range(1, 10))
"""Eight terms from July to February, and the ninth for whatever comes too late for them."""

DUE = {
    1: date(2025, 7, 31), 2: date(2025, 8, 31), 3: date(2025, 9, 30), 4: date(2025, 10, 31), 5: date(2025, 11, 30),
    6: date(2025, 12, 25), 7: date(2026, 1, 31), 8: date(2026, 2, 28), 9: date(2026, 4, 30),
    11: date(2025, 5, 10), 12: date(2025, 7, 10), 13: date(2025, 9, 10), 14: date(2025, 11, 10), 15: date(2026, 1, 10),
    16: date(2026, 3, 10),
}  # fmt: skip
CODES = (*REGULAR, 11, 12, 13, 14, 15, 16)
TERMS = tuple(f"term_{n}" for n in CODES)
IN_TIME = ("term_11", *(f"term_{n}" for n in (12, 1, 13, 2, 3, 14, 4, 5, 15, 6, 7, 16, 8, 9)))
"""All terms in the order in which they fall due."""

PENSION_CODE = "1150"


def levies(town: Town, insured: pl.DataFrame) -> pl.DataFrame:
    """ltci_levy with the working columns term_1 ... term_9 and term_11 ... term_16."""
    rng = town.rng("ltci_levy")
    people = _assessed(town, insured)
    count = people.height
    people = people.with_columns(
        chance=pl.Series(rng.random(count)),
        day=pl.Series(rng.integers(0, 100, count)),
        pair=pl.int_range(1, pl.len() + 1),
    )
    first = _first(people)
    again = _corrected(first)
    late = _late(people)
    rows = pl.concat([first, again, late], how="diagonal_relaxed").sort(
        "insured_no", "tax_year", "levy_hist_no"
    )
    rows = rows.with_columns(
        sp_apr="term_11", sp_jun="term_12", sp_aug="term_13", sp_oct="term_14", sp_dec="term_15", sp_feb="term_16",
        pension_code=pl.when(pl.col("collect_kind").is_in(["1", "3"])).then(pl.lit(PENSION_CODE)),
        notice_no=pl.when(pl.col("tax_year") == YEAR).then(pl.lit("07")).otherwise(pl.lit("06"))
        + pl.col("serial").cast(pl.String).str.zfill(8),
        levy_year=pl.lit(YEAR),
        corrected_date=iso("corrected"),
        is_latest=(pl.col("levy_hist_no") == pl.col("levy_hist_no").max().over("insured_no", "tax_year"))
        .cast(pl.Int8).cast(pl.String),
        is_deleted=pl.lit("0"),
    )  # fmt: skip
    days = rows.select(pl.coalesce("corrected", pl.lit(date(2025, 7, 10))).alias("d"))["d"]
    return rows.drop("operator_id", "operated_date", "operated_time").with_columns(
        town.operated(rows.height, rng, days)
    )


def levied(rows: pl.DataFrame) -> pl.DataFrame:
    """The levies in force, term by term: subject 08."""
    rows = rows.filter((pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0"))
    long = rows.unpivot(
        TERMS,
        index=["levy_year", "tax_year", "notice_no", "atena_no"],
        variable_name="term",
        value_name="levied",
    )
    number = pl.col("term").str.slice(5)
    return (
        long.filter(pl.col("levied") > 0)
        .select(
            "levy_year",
            "tax_year",
            "notice_no",
            "levied",
            subject_code=pl.lit("08"),
            payer_atena_no="atena_no",
            term=number.str.zfill(2),
            due_date=workday(number.cast(pl.Int64).replace_strict(DUE, return_dtype=pl.Date)),
        )
        .sort("notice_no", "tax_year", "term")
    )


# ---- who, and which stage ----


def _gross() -> pl.Expr:
    """合計所得金額, roughly."""
    off = pl.col("work").replace_strict(
        {"pension": 1_100_000, "employee": 650_000, "self": 0, "none": 550_000}
    )
    return pl.max_horizontal(pl.lit(0), pl.col("income") - off)  # fmt: skip


def _assessed(town: Town, insured: pl.DataFrame) -> pl.DataFrame:
    """Those of the first class with at least a month in the year, their months and their stage."""
    taxed = town.people.filter("current").select(
        "household", taxed=(_gross() > 450_000).any().over("household")
    )
    taxed = taxed.unique("household", maintain_order=True)
    people = insured.filter(
        (pl.col("insured_kind") == "1") & (pl.col("begin") <= LAST)
        & (pl.col("end").is_null() | (pl.col("end") > pl.lit(date(2025, 4, 30))))
    )  # fmt: skip
    people = people.join(taxed, on="household", how="left", maintain_order="left")
    people = people.with_columns(gross=_gross(), taxed=pl.col("taxed").fill_null(value=False))
    own = pl.col("gross") > 450_000
    pension = pl.when(pl.col("work") == "pension").then("income").otherwise(0)
    means = pension + pl.when(pl.col("work") == "pension").then(0).otherwise("gross")
    gross = pl.col("gross")
    stage = (
        pl.when(own & (gross >= 7_200_000)).then(13).when(own & (gross >= 6_200_000)).then(12)
        .when(own & (gross >= 5_200_000)).then(11).when(own & (gross >= 4_200_000)).then(10)
        .when(own & (gross >= 3_200_000)).then(9).when(own & (gross >= 2_100_000)).then(8)
        .when(own & (gross >= 1_200_000)).then(7).when(own).then(6)
        .when("taxed").then(pl.when(means <= 826_500).then(4).otherwise(5))
        .otherwise(pl.when(means <= 826_500).then(1).when(means <= 1_200_000).then(2).otherwise(3))
    )  # fmt: skip
    begun = pl.max_horizontal("begin", pl.lit(FIRST))
    until = pl.coalesce("end", pl.lit(date(2026, 4, 1)))
    after, before = _month(until), _month(begun)
    return people.with_columns(
        stage_no=stage,
        household_tax=pl.when(own | pl.col("taxed")).then(pl.lit("1")).otherwise(pl.lit("3")),
        self_tax=pl.when(own).then(pl.lit("1")).otherwise(pl.lit("3")),
        gross_income="gross",
        pension_income=pension,
        begun=begun,
        months=pl.min_horizontal(after, pl.lit(12)) - before,
        whole=12 - before,
        leaves=pl.col("end").is_not_null() & (pl.col("end") <= LAST),
    ).filter(pl.col("months") > 0)


def _month(day: pl.Expr) -> pl.Expr:
    """Months since April 2025."""
    return (day.dt.year() - 2025) * 12 + day.dt.month() - 4


def _annual(stage: str, months: str) -> pl.Expr:
    """The premium of so many months, cut to 100 yen."""
    rate = pl.col(stage).cast(pl.String).str.zfill(2).replace_strict(RATES, return_dtype=pl.Int64)
    full = BASE * rate // 1000 // 100 * 100
    return full * pl.col(months) // 12 // 100 * 100


# ---- how it is paid ----


def _first(people: pl.DataFrame) -> pl.DataFrame:
    """The first assessment: of those who leave later as if they stayed."""
    early = pl.col("leaves") & (pl.col("end") < date(2025, 8, 1))
    rows = people.with_columns(paid=pl.when(early).then("months").otherwise("whole"))
    old = (pl.col("begin") < date(2024, 10, 1)) & (pl.col("pension_income") >= 180_000)
    new = (pl.col("begin") < date(2025, 4, 1)) & (pl.col("pension_income") >= 180_000)
    rows = rows.with_columns(
        annual=_annual("stage_no", "paid"),
        collect_kind=pl.when(early).then(pl.lit("2")).when(old).then(pl.lit("1")).when(new).then(pl.lit("3"))
        .otherwise(pl.lit("2")),
    )  # fmt: skip
    way, total = pl.col("collect_kind"), pl.col("annual")
    sixth = total // 6 // 100 * 100
    rest = (
        pl.when(way == "1")
        .then(total - sixth * 3)
        .when(way == "3")
        .then(total // 2 // 100 * 100)
        .otherwise(0)
    )
    third = rest // 3 // 100 * 100
    direct = pl.when(way == "1").then(0).otherwise(total - rest)
    opens = (_month(pl.col("begun")) - 1).clip(1, 9)
    closes = pl.when(way == "3").then(3).when(opens > 8).then(9).otherwise(8)
    each = direct // (closes - opens + 1) // 100 * 100
    within = {
        f"term_{n}": pl.when(opens == n).then(direct - each * (closes - opens))
        .when((opens < n) & (closes >= n)).then(each).otherwise(0)
        for n in REGULAR
    }  # fmt: skip
    spring = {f"term_{n}": pl.when(way == "1").then(sixth).otherwise(0) for n in (11, 12, 13)}
    autumn = {"term_14": rest - third * 2, "term_15": third, "term_16": third}
    return rows.with_columns(
        **within, **spring, **autumn,
        tax_year=pl.lit(YEAR), levy_hist_no=pl.lit(1, pl.Int64), months="paid", exemption=pl.lit(0, pl.Int64),
        corrected=pl.lit(None, pl.Date), stage=pl.col("stage_no").cast(pl.String).str.zfill(2), left_months="months",
    )  # fmt: skip


def _corrected(first: pl.DataFrame) -> pl.DataFrame:
    """The second assessment of those who left, whose income was mended, or whose premium was reduced."""
    chance = pl.col("chance")
    leaves = pl.col("leaves") & (pl.col("end") >= date(2025, 8, 1))
    stays = ~pl.col("leaves") & (pl.col("begin") < date(2025, 7, 1))
    why = (
        pl.when(leaves).then(pl.lit("left")).when(stays & (chance < 0.025) & (pl.col("stage_no") < 13)).then(pl.lit("more"))
        .when(stays & (chance < 0.045) & (pl.col("stage_no") > 1)).then(pl.lit("less"))
        .when(stays & (chance < 0.06)).then(pl.lit("relief"))
    )  # fmt: skip
    rows = first.with_columns(why=why).filter(pl.col("why").is_not_null())
    reason = pl.col("why")
    step = pl.when(reason == "more").then(1).when(reason == "less").then(-1).otherwise(0)
    day = workday(pl.lit(date(2025, 9, 1)) + pl.duration(days="day"))
    rows = rows.with_columns(
        before="annual",
        stage_no=pl.col("stage_no") + step,
        months=pl.when(reason == "left").then("left_months").otherwise("months"),
        corrected=pl.when(reason == "left").then(
            workday(pl.min_horizontal(pl.col("end") + pl.duration(days=9), pl.lit(LAST)))
        ).otherwise(day),
    ).with_columns(annual=_annual("stage_no", "months"))  # fmt: skip
    rows = rows.with_columns(
        exemption=pl.when(reason == "relief")
        .then(pl.col("annual") * 3 // 10 // 100 * 100)
        .otherwise(0)
    )
    rows = _cut_short(rows, pl.col("annual") - pl.col("exemption"))
    more = pl.max_horizontal(pl.lit(0), pl.col("annual") - pl.col("before"))
    special = (reason == "more") & (pl.col("collect_kind") == "1")
    return rows.with_columns(
        term_7=pl.col("term_7") + more // 200 * 100,
        term_8=pl.col("term_8") + more - more // 200 * 100,
        collect_kind=pl.when(special).then(pl.lit("3")).otherwise("collect_kind"),
        stage=pl.col("stage_no").cast(pl.String).str.zfill(2),
        levy_hist_no=pl.lit(2, pl.Int64),
    )


def _cut_short(rows: pl.DataFrame, net: pl.Expr) -> pl.DataFrame:
    """Term by term as before, until the new amount is reached."""
    sums = {
        f"until_{name}": pl.sum_horizontal(IN_TIME[:i]) for i, name in enumerate(IN_TIME) if i
    } | {f"until_{IN_TIME[0]}": pl.lit(0)}
    rows = rows.with_columns(net=net, **sums)
    return rows.with_columns(
        **{
            name: pl.min_horizontal(
                name, pl.max_horizontal(pl.lit(0), pl.col("net") - pl.col(f"until_{name}"))
            )
            for name in IN_TIME
        }
    )


def _late(people: pl.DataFrame) -> pl.DataFrame:
    """過年度: some who moved in told so only a year later; some months of the year before at once."""
    early = (pl.col("begin") < date(2024, 12, 1)) & (pl.col("chance") > 0.985) & ~pl.col("leaves")
    none = {name: pl.lit(0) for name in TERMS}
    return people.filter(early).with_columns(
        **none | {"months": pl.lit(4)}
    ).with_columns(
        annual=_annual("stage_no", "months"), collect_kind=pl.lit("2"), tax_year=pl.lit(BEFORE),
        levy_hist_no=pl.lit(1, pl.Int64), exemption=pl.lit(0, pl.Int64), corrected=pl.lit(date(2026, 2, 10)),
        stage=pl.col("stage_no").cast(pl.String).str.zfill(2),
    ).with_columns(term_9=pl.col("annual"))  # fmt: skip
