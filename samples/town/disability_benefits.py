"""自立支援医療, a year at a time, and the allowances for the severely disabled and their parents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso
from town.insurances import between, check_digit, turned

if TYPE_CHECKING:
    from town.core import Town

LAWS = {"1": 15, "2": 16, "3": 21}
"""法別番号 of 更生, 育成 and 精神通院."""

AMOUNTS = {"1": 29_590, "2": 16_100, "3": 16_100, "4": 37_830}
"""令和7年度, a month; 特別児童扶養手当 of the second grade."""

SEVERE_CHILD = 56_800
CAPS = {"01": 0, "02": 2_500, "03": 5_000, "11": 5_000, "12": 10_000, "13": 20_000}


def benefits(town: Town, held: pl.DataFrame) -> pl.DataFrame:
    """Rows of dis_medical_allowance."""
    rows = pl.concat([_medical(town, held), _allowances(town, held)], how="diagonal")
    rows = rows.sort("atena_no", "benefit_kind", "valid_from", "subject")
    seq = pl.int_range(1, pl.len() + 1).over("atena_no", "benefit_kind")
    decided = pl.min_horizontal("decided", pl.lit(town.today))
    rng = town.rng("dis_benefit operated")
    return rows.with_columns(town.operated(rows.height, rng, rows.select(decided).to_series())).select(
        pl.exclude("subject", "decided", "valid_from", "valid_to", "applied", "ended"),
        benefit_seq=seq,
        applied_date=iso("applied"), decided_date=iso(decided), valid_from=iso("valid_from"), valid_to=iso("valid_to"),
        ended_date=iso("ended"),
        is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
    )  # fmt: skip


def payer(kind: str) -> str:
    """公費負担者番号: the law, the prefecture, the payer and a check digit."""
    place = 480 if kind == "3" else 481
    number = LAWS[kind] * 100_000 + 48_000 + place
    return str(pl.select(check_digit(pl.lit(number), 7)).item())


def _medical(town: Town, held: pl.DataFrame) -> pl.DataFrame:
    """Up to three years of each person's 自立支援医療, the last one in force; some for people without a handbook."""
    rng = town.rng("dis_medical")
    luck = pl.Series(rng.random(held.height))
    kind, part, young = pl.col("kind"), pl.col("part1"), pl.col("age") < 18
    organ = (kind == "1") & part.is_in(["09", "10", "14", "15"])
    people = held.filter("current").select("atena_no", "person", "age", "income", "first", "born")
    way = (
        pl.when((kind == "3") & (luck < 0.75)).then(pl.lit("3")).when((kind == "1") & young & (luck < 0.5)).then(pl.lit("2"))
        .when(organ & ~young & (luck < 0.6)).then(pl.lit("1"))
    )  # fmt: skip
    chosen = held.with_columns(way=way).filter(pl.col("current") & pl.col("way").is_not_null())
    chosen = chosen.select(*people.columns, "way").unique(["atena_no", "way"], keep="first", maintain_order=True)
    others = town.people.filter(pl.col("current") & ~pl.col("disabled") & (pl.col("age") >= 18))
    others = others.filter(pl.Series(rng.random(others.height) < 0.012)).select(
        "atena_no", "person", "age", "income", "born", first=pl.lit(date(2019, 4, 1)), way=pl.lit("3")
    )
    chosen = pl.concat([chosen, others.select(chosen.columns)])
    n = chosen.height
    start = pl.lit(town.today) - pl.duration(days=pl.Series(rng.integers(0, 360, n)))
    years = pl.Series(rng.integers(1, 4, n))
    income = pl.col("income")
    severe = pl.Series(rng.random(n)) < pl.col("way").replace_strict({"1": 0.85, "2": 0.3, "3": 0.8})
    level = (
        pl.when((income == 0) & (pl.Series(rng.random(n)) < 0.15)).then(pl.lit("01")).when(income < 800_000).then(pl.lit("02"))
        .when(income < 1_500_000).then(pl.lit("03")).when(income < 3_300_000).then(pl.lit("11"))
        .when(income < 6_000_000).then(pl.lit("12")).otherwise(pl.lit("13"))
    )  # fmt: skip
    chosen = chosen.with_columns(
        start=start.dt.month_start(), years=years, income_class=level, severe=severe,
        recipient_no=pl.Series(rng.permutation(n) * 13 + 1_000_003).cast(pl.String),
        hospital_code=pl.Series(4_811_200_000 + rng.integers(0, 60, n) * 17).cast(pl.String),
        pharmacy_code=pl.Series(4_841_300_000 + rng.integers(0, 80, n) * 19).cast(pl.String),
        luck=pl.Series(rng.random(n)),
    )  # fmt: skip
    rows = chosen.with_columns(back=pl.int_ranges(0, pl.col("years"))).explode("back", empty_as_null=False)
    begins = pl.col("start").dt.offset_by(pl.concat_str(pl.lit("-"), pl.col("back"), pl.lit("y")))
    rows = rows.with_columns(valid_from=begins, severe=pl.col("severe") | (pl.col("income_class") == "13"))
    rows = rows.with_columns(valid_to=pl.col("valid_from").dt.offset_by("1y").dt.offset_by("-1d"))
    capped = pl.col("severe") | (pl.col("income_class") < "10") | (pl.col("way") == "2")
    stopped = (pl.col("back") == 0) & (pl.col("luck") < 0.04)
    return rows.select(
        "atena_no", "valid_from", "valid_to", "income_class", "recipient_no", "hospital_code",
        subject="person",
        benefit_kind="M" + pl.col("way"),
        medical_kind="way",
        payer_no=pl.col("way").replace_strict({k: payer(k) for k in LAWS}),
        applied=pl.col("valid_from").dt.offset_by("-40d"),
        decided=pl.col("valid_from").dt.offset_by("-8d"),
        severe_flag=pl.col("severe").cast(pl.Int8).cast(pl.String),
        monthly_cap=pl.when(capped).then(pl.col("income_class").replace_strict(CAPS)),
        pharmacy_code=pl.when(pl.col("luck") < 0.8).then("pharmacy_code"),
        ended=pl.when(stopped).then(pl.min_horizontal("valid_to", pl.lit(town.today))),
    )  # fmt: skip


def _allowances(town: Town, held: pl.DataFrame) -> pl.DataFrame:
    """特別障害者手当, 障害児福祉手当, 経過的福祉手当; 特別児童扶養手当 for the parent."""
    rng = town.rng("dis_allowance")
    held = held.unique("atena_no", keep="first", maintain_order=True)
    n = held.height
    luck, severe, age = pl.Series(rng.random(n)), pl.col("severity") < 0.4, pl.col("age")
    own = (
        pl.when(age < 20).then(pl.when(severe & (luck < 0.8)).then(pl.lit("2")))
        .when((age >= 60) & (luck > 0.985)).then(pl.lit("3")).when(severe & (luck < 0.3)).then(pl.lit("1"))
    )  # fmt: skip
    held = held.with_columns(way=own, luck=luck, delay=pl.Series(rng.random(n)))
    guardian = town.people.select(guardian="person", parent="atena_no", parent_income="income")
    children = held.filter((age < 20) & (luck < 0.9)).join(guardian, on="guardian", maintain_order="left")
    children = children.with_columns(atena_no="parent", way=pl.lit("4"), income="parent_income")
    whole = pl.concat([held.drop_nulls("way"), children.select(held.columns)])
    grown = pl.when(pl.col("way") == "1").then(turned(20)).when(pl.col("way") == "3").then(date(1986, 4, 1)).otherwise("first")
    first = pl.max_horizontal("first", grown, "entered")
    first = pl.when(pl.col("way") == "3").then(pl.max_horizontal(pl.lit(date(1986, 4, 1)), "entered")).otherwise(first)
    whole = whole.with_columns(applied=between(first, pl.col("last"), pl.col("delay") * 0.5))
    amount = pl.when((pl.col("way") == "4") & (pl.col("severity") < 0.4)).then(SEVERE_CHILD).otherwise(
        pl.col("way").replace_strict(AMOUNTS)
    )
    gone = pl.col("removed").is_not_null()
    whole = whole.filter(pl.col("applied") < pl.col("last")).with_columns(
        valid_from=pl.col("applied").dt.offset_by("1mo").dt.month_start(),
        decided=pl.col("applied").dt.offset_by("35d"),
    )
    return whole.select(
        "atena_no", "applied", "decided", "valid_from",
        subject="person",
        benefit_kind="A" + pl.col("way"),
        allowance_kind="way",
        monthly=amount.cast(pl.Int64),
        suspended=(pl.col("income") > 5_000_000).cast(pl.Int8).cast(pl.String),
        ended=pl.when(gone).then("removed"),
    )  # fmt: skip
