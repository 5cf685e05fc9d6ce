"""障害福祉サービス: one certificate a person, a decision a year, one to three services a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import iso

if TYPE_CHECKING:
    from town.core import Town

HOURS, DAYS = "1", "2"
SERVICES = pl.DataFrame(
    [
        ("111000", HOURS, 10, 80), ("221000", DAYS, 30, 46), ("241000", DAYS, 4, 20), ("331000", DAYS, 62, 63),
        ("451000", DAYS, 40, 46), ("461000", DAYS, 40, 46), ("611000", DAYS, 10, 46), ("631000", DAYS, 10, 46),
    ],
    schema={"service_code": pl.String, "quantity_unit": pl.String, "low": pl.Int64, "high": pl.Int64}, orient="row",
)  # fmt: skip
"""決定サービスコード, unit, and least and most in halves: 居宅介護, 生活介護, 短期入所, 共同生活援助, 就労継続A, B, 児童発達支援, 放課後デイ."""

WORK = ("451000", "461000")
BY_GROUP = {
    "severe": ["221000", "241000", "111000"], "home": ["331000", "221000"], "help": ["111000", "241000"],
    "work": ["461000"], "paid": ["451000"], "infant": ["611000"], "pupil": ["631000", "241000"],
}  # fmt: skip
SHARE = {"1": 0.2, "2": 0.75, "3": 0.3}
"""Of the holders of each kind of handbook, who uses services."""

CAPS = {"01": 0, "02": 0, "03": 0, "04": 9_300, "05": 37_200}
CHILD_CAP = 4_600


def supports(town: Town, held: pl.DataFrame) -> pl.DataFrame:
    """Rows of dis_support; support_seq is the decision times 100 and the service's place in it."""
    rows = _decisions(town, held)
    rng = town.rng("dis_support rows")
    groups = pl.DataFrame({"group": list(BY_GROUP), "service_code": list(BY_GROUP.values())})
    rows = rows.join(groups, on="group", how="left", maintain_order="left").explode("service_code", empty_as_null=False)
    rows = rows.with_columns(place=pl.int_range(1, pl.len() + 1).over("recipient_cert_no", "decision"))
    rows = rows.filter((pl.col("place") == 1) | (pl.col("many") >= pl.col("place")))
    rows = rows.join(SERVICES, on="service_code", how="left", maintain_order="left")
    halves = pl.col("low") + ((pl.col("high") - pl.col("low")) * pl.Series(rng.random(rows.height))).cast(pl.Int64)
    days = pl.when(pl.col("quantity_unit") == DAYS).then(halves // 2 * 2).otherwise(halves)
    quantity = (days // 2).cast(pl.String) + pl.when(days % 2 == 1).then(pl.lit(".5")).otherwise(pl.lit(".0"))
    several = pl.len().over("recipient_cert_no", "decision") > 1
    rows = rows.sort("recipient_cert_no", "decision", "place").with_columns(
        town.operated(rows.height, town.rng("dis_support operated"))
    )
    same = ["recipient_cert_no", "decision"]
    return rows.select(
        "recipient_cert_no", "atena_no", "child_atena_no", "service_code", "quantity_unit", "income_class", "monthly_cap",
        pl.col("operator_id", "operated_date", "operated_time").first().over(same),
        support_seq=pl.col("decision") * 100 + pl.col("place"),
        support_level="level",
        level_decided=pl.when(pl.col("level").is_not_null()).then(iso(pl.col("level_from").dt.offset_by("-12d"))),
        level_from=pl.when(pl.col("level").is_not_null()).then(iso("level_from")),
        level_to=pl.when(pl.col("level").is_not_null()).then(iso(_after(pl.col("level_from"), "3y"))),
        quantity=quantity.cast(pl.Decimal(6, 1)),
        decided_date=iso(pl.col("valid_from").dt.offset_by("-10d")),
        valid_from=iso("valid_from"),
        valid_to=iso(_after(pl.col("valid_from"), "1y")),
        cap_office_no=pl.when(several & (pl.col("monthly_cap") > 0)).then("cap_office"),
        plan_office_no="plan_office",
        special_benefit=pl.when(pl.col("service_code") == "331000").then(10_000),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    )  # fmt: skip


def _after(day: pl.Expr, period: str) -> pl.Expr:
    """The last day of a period."""
    return day.dt.offset_by(period).dt.offset_by("-1d")


def _decisions(town: Town, held: pl.DataFrame) -> pl.DataFrame:
    """One row a decision: whose, which group of services, level, cap, valid_from."""
    rng = town.rng("dis_support")
    held = held.filter(pl.col("current") & (pl.col("fate") < 0.92)).unique("atena_no", keep="first", maintain_order=True)
    chosen = held.filter(pl.Series(rng.random(held.height)) < pl.col("kind").replace_strict(SHARE))
    parent = town.people.select(guardian="person", parent="atena_no", parent_income="income")
    chosen = chosen.join(parent, on="guardian", how="left", maintain_order="left")
    n = chosen.height
    age, severity, luck = pl.col("age"), pl.col("severity"), pl.Series(rng.random(n))
    child = (age < 18) & pl.col("parent").is_not_null()
    group = (
        pl.when(child & (age < 6)).then(pl.lit("infant")).when(child).then(pl.lit("pupil"))
        .when((age < 60) & (severity > 0.5)).then(pl.when(luck < 0.7).then(pl.lit("work")).otherwise(pl.lit("paid")))
        .when(severity < 0.25).then(pl.lit("severe")).when(luck < 0.4).then(pl.lit("home")).otherwise(pl.lit("help"))
    )  # fmt: skip
    income = pl.when(child).then("parent_income").otherwise("income")
    level = (
        pl.when((income == 0) & (luck < 0.2)).then(pl.lit("01")).when(income < 800_000).then(pl.lit("02"))
        .when(income < 1_300_000).then(pl.lit("03")).when(income < 6_000_000).then(pl.lit("04")).otherwise(pl.lit("05"))
    )  # fmt: skip
    start = pl.lit(town.today) - pl.duration(days=pl.Series(rng.integers(0, 360, n)))
    degree = (6 - (severity * 6).cast(pl.Int64)).clip(1, 6).cast(pl.String)
    chosen = chosen.with_columns(
        group=group, income_class=level, start=start.dt.month_start(),
        many=pl.Series(rng.integers(1, 4, n)), years=pl.Series(rng.integers(1, 4, n)),
        recipient_cert_no=pl.Series(rng.permutation(n) * 11 + 2_100_000_007).cast(pl.String),
        cap_office=pl.Series(4_810_100_000 + rng.integers(0, 40, n) * 23).cast(pl.String),
        plan_office=pl.Series(4_830_100_000 + rng.integers(0, 12, n) * 29).cast(pl.String),
        child_atena_no=pl.when(child).then("atena_no"), is_child=child,
        atena_no=pl.when(child).then("parent").otherwise("atena_no"),
    ).with_columns(
        level=pl.when(~pl.col("is_child") & ~pl.col("group").is_in(["work", "paid"])).then(degree),
        monthly_cap=pl.when(pl.col("is_child") & (pl.col("income_class") == "04")).then(CHILD_CAP)
        .otherwise(pl.col("income_class").replace_strict(CAPS)),
    )  # fmt: skip
    rows = chosen.with_columns(decision=pl.int_ranges(1, pl.col("years") + 1)).explode("decision", empty_as_null=False)
    back = pl.concat_str(pl.lit("-"), pl.col("years") - pl.col("decision"), pl.lit("y"))
    oldest = pl.concat_str(pl.lit("-"), pl.col("years") - 1, pl.lit("y"))
    return rows.with_columns(
        valid_from=pl.col("start").dt.offset_by(back), level_from=pl.col("start").dt.offset_by(oldest)
    )
