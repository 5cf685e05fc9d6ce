"""免除: of those who are insured in the first class today, the applications of the last five years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday

if TYPE_CHECKING:
    import numpy as np

    from town.core import Town

YEARS = (2021, 2022, 2023, 2024, 2025)
ENDLESS = "9999-12"
SCHOOLS = ("浅間大学", "白根工業専門学校", "草津国際大学", "浅間看護専門学校", "放送大学")
KEPT = 5
"""So many applications a person: the old systems keep no more."""

LAST = date(2026, 3, 24)
LEGAL, MATERNITY, STUDENT, REFUSED = "07", "08", "06", "09"


def exemptions(town: Town, insured: pl.DataFrame) -> pl.DataFrame:
    """np_exemption: numbered a person in the order of their months."""
    rng = town.rng("np_exemption")
    now = insured.filter((pl.col("np_class") == "1") & pl.col("lost_date").is_null()).select(
        "atena_no", since=pl.col("acquired_date").str.to_date()
    )
    people = town.people.join(now, on="atena_no", maintain_order="left")
    count = people.height
    people = people.with_columns(
        town.operated(count, rng, people["since"].clip(date(2025, 7, 1))),
        poor=pl.Series(rng.random(count)),
        taste=pl.Series(rng.random(count)),
        days=pl.Series(rng.integers(0, 240, count)),
        school=pl.Series(rng.choice(SCHOOLS, count)),
    )
    rows = pl.concat(
        [_yearly(rng, people, year) for year in YEARS] + [_legal(people), _maternity(town, people)],
        how="diagonal_relaxed",
    )
    rows = rows.filter(pl.col("to_ym") >= pl.col("from_ym")).sort("atena_no", "from_ym", "applied")
    rows = rows.group_by("atena_no", maintain_order=True).tail(KEPT)
    number = pl.int_range(1, pl.len() + 1).over("atena_no")
    sent = workday(pl.col("applied") + pl.duration(days=4))
    decided = workday(pl.col("applied") + pl.duration(days=45))
    granted = (pl.col("result") != "4") & (decided < town.today)
    return rows.select(
        "atena_no", "exemption_kind", "from_ym", "to_ym", "continue_flag", "unemployed", "head_income_kind",
        "operator_id", "operated_date", "operated_time",
        exemption_seq=number,
        applied_date=iso("applied"),
        fiscal_year=pl.col("year").cast(pl.String),
        result="result",
        school_name=pl.when(pl.col("exemption_kind") == STUDENT).then("school"),
        reported_date=pl.when(sent <= town.today).then(iso(sent)),
        decided_date=pl.when(granted).then(iso(decided)),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    )  # fmt: skip


def _yearly(rng: np.random.Generator, people: pl.DataFrame, year: int) -> pl.DataFrame:
    """One fiscal year: July to June, for students April to March."""
    people = people.with_columns(luck=pl.Series(rng.random(people.height)))
    luck = pl.col("luck")
    age = year - pl.col("born").dt.year()
    student = (age <= 22) & (pl.col("taste") < 0.6)
    needs = (pl.col("income") < 1_700_000) & ~pl.col("disabled")
    asks = needs & (student | (pl.col("poor") < 0.45)) & (luck < 0.75)
    part = pl.when(pl.col("income") < 500_000).then(pl.lit("01")).otherwise(
        pl.col("days").mod(3).replace_strict({0: "02", 1: "03", 2: "04"}, return_dtype=pl.String)
    )  # fmt: skip
    kind = (
        pl.when(student).then(pl.lit(STUDENT)).when(luck < 0.03).then(pl.lit(REFUSED))
        .when((age < 50) & (pl.col("taste") < 0.25)).then(pl.lit("05")).otherwise(part)
    )  # fmt: skip
    begins = pl.when(student).then(pl.date(year, 4, 1)).otherwise(pl.date(year, 7, 1))
    ends = pl.when(student).then(pl.date(year + 1, 3, 1)).otherwise(pl.date(year + 1, 6, 1))
    asked = pl.date(year, 7, 1) + pl.duration(days="days")
    applied = workday(pl.max_horizontal(asked, "since"))
    waiting = (year == YEARS[-1]) & (applied > pl.lit(date(2026, 1, 31)))
    answer = pl.when(luck < 0.03).then(pl.lit("2")).when(waiting).then(pl.lit("4"))
    return people.filter(asks).with_columns(
        year=pl.lit(year),
        exemption_kind=kind,
        applied=applied,
        from_ym=_month(pl.max_horizontal(begins, "since")),
        to_ym=_month(ends),
        result=answer.when(luck > 0.745).then(pl.lit("3")).otherwise(pl.lit("1")),
        continue_flag=(kind.is_in(["01", "05"]) & (luck < 0.5)).cast(pl.Int8).cast(pl.String),
        unemployed=(kind.is_in(["01", "02", "05"]) & (luck > 0.68)).cast(pl.Int8).cast(pl.String),
        head_income_kind=pl.when(kind.is_in(["01", "02", "03", "04"])).then(
            pl.when(pl.col("is_head")).then(pl.lit("1")).otherwise(pl.lit("2"))
        ),
    )


def _legal(people: pl.DataFrame) -> pl.DataFrame:
    """法定免除 of the disabled: no end."""
    begun = pl.max_horizontal("since", pl.lit(date(2008, 4, 1)))
    return people.filter("disabled").with_columns(
        year=_fiscal(begun),
        exemption_kind=pl.lit(LEGAL),
        applied=workday(pl.min_horizontal(begun + pl.duration(days=20), pl.lit(LAST))),
        from_ym=_month(begun),
        to_ym=pl.lit(ENDLESS),
        **_plainly(),
    )


def _maternity(town: Town, people: pl.DataFrame) -> pl.DataFrame:
    """産前産後免除: four months from the one before the birth, since April 2019."""
    births = town.people.filter(pl.col("mother").is_not_null()).select(
        person="mother", birth="born"
    )
    found = people.join(births, on="person", maintain_order="left")
    found = found.filter(
        (pl.col("birth") >= date(2019, 6, 1)) & (pl.col("birth").dt.offset_by("-1mo") >= pl.col("since"))
        & (pl.col("birth") < date(2026, 1, 15)) & ~pl.col("disabled")
    ).unique(["person", "birth"], maintain_order=True)  # fmt: skip
    before = pl.col("birth").dt.offset_by("-1mo")
    return found.with_columns(
        year=_fiscal(before),
        exemption_kind=pl.lit(MATERNITY),
        applied=workday(pl.col("birth") + pl.duration(days=14)),
        from_ym=_month(before),
        to_ym=_month(before.dt.offset_by("3mo")),
        **_plainly(),
    )


def _plainly() -> dict[str, pl.Expr]:
    """What needs no decision on income."""
    return {
        "result": pl.lit("1"),
        "continue_flag": pl.lit("0"),
        "unemployed": pl.lit("0"),
        "head_income_kind": pl.lit(None, pl.String),
    }


def _fiscal(day: pl.Expr) -> pl.Expr:
    """April to March."""
    return day.dt.offset_by("-3mo").dt.year()


def _month(day: pl.Expr) -> pl.Expr:
    return day.dt.to_string("%Y-%m")
