"""障害者福祉: handbooks of three kinds, 自立支援医療 and allowances, and the services granted.

`books` draws who holds which handbook since when; `handbooks` makes its generations: renewals, changes of the grade,
the return after death. Benefits and services follow from the handbook in force.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import iso
from town.disability_benefits import benefits
from town.disability_faults import FAULTS
from town.disability_support import supports
from town.insurances import between, turned

if TYPE_CHECKING:
    from town.core import Town

__all__ = ["FAULTS", "facts"]

PHYSICAL, INTELLECTUAL, MENTAL = "1", "2", "3"
INTELLECTUAL_GRADES = np.array(["03", "07", "11", "15"])
"""A1 A2 B1 B2, as 浅間県 judges."""

PARTS = {
    "01": "視覚障害", "02": "聴覚障害", "03": "平衡機能障害", "04": "音声機能障害", "05": "右上肢機能障害",
    "06": "両下肢機能障害", "07": "体幹機能障害", "08": "脳原性運動機能障害", "09": "心臓機能障害", "10": "じん臓機能障害",
    "11": "呼吸器機能障害", "12": "ぼうこう機能障害", "13": "小腸機能障害", "14": "免疫機能障害", "15": "肝臓機能障害",
}  # fmt: skip
PART_WEIGHTS = np.array([8, 9, 1, 2, 20, 24, 8, 3, 14, 10, 3, 4, 1, 1, 1]) / 109
DISEASES = ["統合失調症", "気分障害", "てんかん", "高次脳機能障害", "発達障害"]
FIRST = date(1968, 4, 1)


def facts(town: Town) -> None:
    """Fill dis_handbook, dis_medical_allowance and dis_support."""
    held = books(town)
    town.add("dis_handbook", handbooks(town, held))
    town.add("dis_medical_allowance", benefits(town, held))
    town.add("dis_support", supports(town, held))


def books(town: Town) -> pl.DataFrame:
    """One row a handbook: people's columns, kind, severity (0 the severest to 1), first (Date), parts, last (Date)."""
    rng = town.rng("dis_books")
    people, gone = town.people, pl.col("removed")
    luck = pl.Series(rng.random(people.height))
    once = (gone > date(2014, 4, 1)) & (gone <= town.today)
    once = once & (luck < pl.when(pl.col("status") == "3").then(0.35).otherwise(0.1))
    holders = people.filter(pl.col("disabled") | once)
    again = holders.filter(pl.Series(rng.random(holders.height) < 0.1))
    found = []
    for frame in (holders, again):
        luck = pl.Series(rng.random(frame.height))
        young = pl.col("age") < 30
        physical = pl.when(young).then(0.25).when(pl.col("age") < 65).then(0.5).otherwise(0.88)
        rest = physical + (1 - physical) * pl.when(young).then(0.7).otherwise(0.3)
        kind = pl.when(luck < physical).then(1).when(luck < rest).then(2).otherwise(3)
        found.append(frame.with_columns(kind=kind))
    held = pl.concat(found).unique(["atena_no", "kind"], keep="first", maintain_order=True)
    n = held.height
    last = pl.coalesce(gone, pl.lit(town.today))
    child = pl.col("kind").eq(2) & (pl.col("age") >= 3)
    since = pl.max_horizontal(
        pl.when(child).then(turned(3)).when(pl.col("kind") == 3).then(turned(16)).otherwise(turned(1)), pl.lit(FIRST)
    )  # fmt: skip
    late = pl.when(child).then(0.3).otherwise(0.98)
    low = pl.when(child | (pl.col("age") < 40)).then(0.0).otherwise(0.5)
    drawn = low + (late - low) * pl.Series(rng.random(n))
    number = pl.Series(rng.permutation(n))
    return held.with_columns(
        first=between(since, last - pl.duration(days=60), drawn),
        last=last,
        severity=pl.Series(rng.random(n)),
        book=number,
        part1=pl.Series(rng.choice(list(PARTS), n, p=PART_WEIGHTS)),
        part2=pl.Series(rng.choice(list(PARTS), n, p=PART_WEIGHTS)),
        fate=pl.Series(rng.random(n)),
        disease=pl.Series(rng.choice(DISEASES, n)),
        kind=pl.col("kind").cast(pl.String),
    ).filter(pl.col("first") <= pl.col("last")).sort("atena_no", "kind")  # fmt: skip


def handbooks(town: Town, held: pl.DataFrame) -> pl.DataFrame:
    """Rows of dis_handbook."""
    rows = _generations(town, held)
    grade = _grades(rows)
    rows = rows.with_columns(grade)
    refused = pl.col("status") == "6"
    mental, physical = pl.col("kind") == MENTAL, pl.col("kind") == PHYSICAL
    two = physical & (pl.col("fate") * 100 % 10 < 3) & (pl.col("part1") != pl.col("part2"))
    three = two & (pl.col("severity") < 0.5) & ~pl.col("part1").eq("07") & ~pl.col("part2").eq("07")
    overall = pl.col("grade_physical").cast(pl.Int64)
    second = (overall + 1).clip(1, 7).cast(pl.String)
    named = pl.col("part1").replace_strict(PARTS) + _in_brackets("grade_physical")
    other = pl.col("part2").replace_strict(PARTS) + _in_brackets("second")
    guardian = town.people.select(guardian="person", guardian_atena_no="atena_no")
    rows = rows.with_columns(second=second).join(guardian, on="guardian", how="left", maintain_order="left")
    rows = rows.with_columns(town.operated(rows.height, town.rng("dis_handbook operated")))
    issued = pl.when(~refused).then(iso("issued"))
    renewed = pl.when(physical & (pl.col("times") == 2) & (pl.col("step") > 0)).then(iso("renewal"))
    severe = (overall <= 3) | pl.col("grade_intellectual").is_in(["03", "07"]) | (pl.col("grade_mental") == "1")
    vague = (pl.col("first") < date(2000, 1, 1)) & (pl.col("fate") < 0.5)
    year = pl.col("first").dt.year().cast(pl.String)
    return rows.select(
        "atena_no", "status", "grade_physical", "grade_intellectual", "grade_mental", "guardian_atena_no",
        "operator_id", "operated_time",
        handbook_kind="kind",
        handbook_hist_no="generation",
        handbook_no=pl.when(~refused).then((pl.col("book") * 7 + 1_203).cast(pl.String)),
        issuer_pref=pl.when(refused).then(None)
        .when((pl.col("first") < pl.col("entered")) & (pl.col("fate") < 0.3)).then(pl.lit("49")).otherwise(pl.lit("48")),
        passenger_kind=pl.when(~refused).then(pl.when(severe).then(pl.lit("1")).otherwise(pl.lit("2"))),
        part1=pl.when(physical & ~refused).then("part1"),
        part1_grade=pl.when(physical & ~refused).then("grade_physical"),
        part2=pl.when(two & ~refused).then("part2"),
        part2_grade=pl.when(two & ~refused).then("second"),
        part3=pl.when(three & ~refused).then(pl.lit("07")),
        part3_grade=pl.when(three & ~refused).then("second"),
        disability_name=pl.when(refused).then(None).when(two).then(named + "\\n" + other).when(physical).then(named)
        .when(mental).then("disease").otherwise(pl.lit("知的障害")),
        first_issued=pl.when(refused).then(None).when(vague).then(year + "-00-00").otherwise(iso("first")),
        issued_date=issued,
        reissued_date=renewed,
        returned_date=pl.when(pl.col("status").is_in(["2", "4"])).then(iso("returned")),
        expiry=pl.when(mental & ~refused).then(iso(_expiry()))
        .when(physical & ~refused & (pl.col("severity") > 0.9)).then(iso(pl.col("issued").dt.offset_by("5y"))),
        next_judge_ym=pl.when((pl.col("kind") == INTELLECTUAL) & (pl.col("age") < 25))
        .then(pl.col("issued").dt.offset_by("4y").dt.strftime("%Y-%m")),
        is_latest=pl.col("latest").cast(pl.Int8).cast(pl.String),
        is_deleted=pl.lit("0"),
        operated_date=iso(pl.min_horizontal("change", pl.lit(town.today))),
    )  # fmt: skip


def _expiry() -> pl.Expr:
    """精神: two years, to the end of the month."""
    return pl.col("issued").dt.offset_by("2y").dt.month_end()


def _in_brackets(grade: str) -> pl.Expr:
    digits = {str(i): chr(0xFF10 + i) for i in range(1, 8)}
    return "（" + pl.col(grade).replace_strict(digits) + "級）"


def _generations(town: Town, held: pl.DataFrame) -> pl.DataFrame:
    """One row a generation: issued, change (Dates), status, steps (how often the grade has changed)."""
    fate, kind = pl.col("fate"), pl.col("kind")
    refused = (fate > 0.955) & (pl.col("status") == "1")
    held = held.with_columns(refused=refused)
    years = (pl.col("last") - pl.col("first")).dt.total_days() // 731
    years = (years - fate.is_between(0.8, 0.9).cast(pl.Int64)).clip(0)  # some never renew
    times = (
        pl.when("refused").then(1).when(kind == MENTAL).then((years + 1).clip(1, 4))
        .when((kind == INTELLECTUAL) & (years >= 2)).then(2).when((kind == PHYSICAL) & (fate < 0.35) & (years >= 1)).then(2).otherwise(1)
    )  # fmt: skip
    rows = held.with_columns(times=times, skipped=pl.when(kind == MENTAL).then((years - 3).clip(0)).otherwise(0))
    rows = rows.with_columns(step=pl.int_ranges(0, pl.col("times"))).explode("step", empty_as_null=False)
    two_years = (pl.col("step") + pl.col("skipped")) * 731
    middle = between(pl.col("first"), pl.col("last"), 0.3 + fate * 0.6)
    rows = rows.with_columns(
        renewal=middle,
        issued=pl.when(kind == MENTAL).then(pl.col("first") + pl.duration(days=two_years))
        .when((pl.col("step") == 1) & (kind == INTELLECTUAL)).then(middle).otherwise("first"),
        change=pl.when(kind == MENTAL).then(pl.col("first") + pl.duration(days=two_years))
        .when(pl.col("step") == 1).then(middle).otherwise("first"),
    )  # fmt: skip
    end = rows.filter((pl.col("step") == pl.col("times") - 1) & ~pl.col("refused"))
    given_up = fate.is_between(0.92, 0.95) & (pl.col("status") == "1")
    end = end.filter((pl.col("status") != "1") | given_up)
    back = pl.min_horizontal(pl.max_horizontal("last", "change") + pl.duration(days=14), pl.lit(town.today))
    end = end.with_columns(step=pl.col("times"), ending=pl.lit(value=True), change=back, returned=back)
    rows = pl.concat([rows, end], how="diagonal").sort("atena_no", "kind", "step")
    state = pl.col("status").replace_strict({"2": "3", "3": "4"}, default="2")
    over = (kind == MENTAL) & (_expiry() < town.today)
    newest = pl.col("step") == pl.col("step").max().over("atena_no", "kind")
    return rows.with_columns(
        generation=pl.int_range(1, pl.len() + 1).over("atena_no", "kind"),
        latest=newest,
        status=pl.when("refused").then(pl.lit("6")).when(pl.col("ending")).then(state)
        .when(over & newest).then(pl.lit("5")).otherwise(pl.lit("1")),
    )  # fmt: skip


def _grades(rows: pl.DataFrame) -> list[pl.Expr]:
    """The grade of each kind; the same or a little severer once it has changed."""
    kind, refused = pl.col("kind"), pl.col("status") == "6"
    eased = (pl.col("severity") + pl.when(pl.col("step") == 0).then(0.12).otherwise(0.0)).clip(0, 0.999)
    physical = (eased * 6).cast(pl.Int64) + 1
    judged = (eased * 4).cast(pl.Int64)
    mental = pl.when(eased < 0.15).then(1).when(eased < 0.7).then(2).otherwise(3)
    named = judged.replace_strict(dict(enumerate(INTELLECTUAL_GRADES.tolist())), return_dtype=pl.String)
    return [
        pl.when((kind == PHYSICAL) & ~refused).then(physical.cast(pl.String)).alias("grade_physical"),
        pl.when((kind == INTELLECTUAL) & ~refused).then(named).alias("grade_intellectual"),
        pl.when((kind == MENTAL) & ~refused).then(mental.cast(pl.String)).alias("grade_mental"),
    ]
