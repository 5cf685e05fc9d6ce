"""就学 (0501 to 0503): the children of school age of three years, what happened to them at school, and who got aid.

令和6年度 and 7年度 are whole; of 令和8年度 there are only those who will enter school in April 2026, not yet in a grade.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town import school_places as places
from town.core import city_columns, iso, workday
from town.school_faults import FAULTS
from town.school_life import aids, events

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

__all__ = ["FAULTS", "facts"]

YEARS = (2024, 2025, 2026)
RELATIVES = {"1": "祖父", "2": "祖母"}


def facts(town: Town) -> None:
    rng = town.rng("school")
    whole = years(children(town, rng))
    rows = generations(town, whole, rng)
    town.add("school_register", rows.drop("number", "removed", "died", "turn", "entered", "kana"))
    newest = rows.filter(pl.col("is_latest") == "1")
    town.add("school_event", events(newest))
    town.add("school_aid", aids(newest, rng))


def children(town: Town, rng: Generator) -> pl.DataFrame:
    """Everyone who is or was of school age in these years, with their school and guardian."""
    people = town.people
    first = (pl.col("born") - pl.duration(days=1)).dt.offset_by("-3mo").dt.year() + 7
    here = people.with_columns(first_year=first).filter(
        pl.col("first_year").is_between(YEARS[0] - 8, YEARS[-1])
        & (pl.col("removed").is_null() | (pl.col("removed") >= date(YEARS[0], 4, 1)))
    )
    here = here.filter(~pl.col("foreign") | pl.Series(rng.random(here.height) < 0.85))
    count = here.height
    luck = rng.random(count)
    place = pl.col("addr_code").cast(pl.Int64) // 1000 % 5
    return guarded(town, here, rng).with_columns(
        place=place,
        way=pl.Series(np.select([luck < 0.02, luck < 0.035, luck < 0.075, luck < 0.08], ["special", "next town", "private", "put off"], "usual")),
        moves=pl.Series(rng.random(count) < 0.06),
        day=pl.Series(rng.integers(40, 300, count)),
        special_class_flag=pl.Series(np.where(rng.random(count) < 0.03, "1", "0")),
        died=pl.when(pl.col("status") == "3").then(pl.lit("1")),
        missing_flag=pl.Series(np.where(rng.random(count) < 0.004, "1", "0")),
    )  # fmt: skip


def guarded(town: Town, here: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """With guardian_atena_no, guardian_name, guardian_rel and kana: a parent, else the head of the household, else
    somebody who lives elsewhere, with a number (住登外) or without."""
    count = here.height
    people, outsiders = town.people, town.outsiders
    heads = town.households.select("household", "head")
    here = here.join(heads, on="household", how="left", maintain_order="left")
    head = pl.when(pl.col("head") != pl.col("person")).then("head")
    here = here.with_columns(who=pl.coalesce("guardian", "father", "mother", head))
    names = people.select(who="person", p_no="atena_no", p_name="name", p_kana="name_kana", p_sex="sex", p_age="age")
    here = here.join(names, on="who", how="left", maintain_order="left")
    away = outsiders.filter(pl.col("age") >= 25).sort("atena_no")
    chosen = away[rng.integers(0, away.height, count)].select(o_no="atena_no", o_name="name", o_kana="name_kana", o_sex="sex")
    here = pl.concat([here, chosen], how="horizontal")
    luck = pl.Series(rng.random(count))
    outside = pl.col("who").is_null() | (pl.col("p_age") < 18) | (luck < 0.05)
    home = outside & (luck < 0.012)
    parents = pl.when(pl.col("who") == pl.col("father")).then(pl.lit("父")).when(pl.col("who") == pl.col("mother")).then(pl.lit("母"))
    return here.with_columns(
        guardian_atena_no=pl.when(home).then(None).when(outside).then("o_no").otherwise("p_no"),
        guardian_name=pl.when(outside).then("o_name").otherwise("p_name"),
        kana=pl.when(outside).then("o_kana").otherwise("p_kana"),
        guardian_rel=pl.when(home).then(pl.lit("施設長"))
        .when(outside).then(pl.col("o_sex").replace_strict({"1": "父", "2": "母"}))
        .otherwise(pl.coalesce(parents, pl.col("p_sex").replace_strict(RELATIVES))),
    )  # fmt: skip


def years(here: pl.DataFrame) -> pl.DataFrame:
    """One row a child and year: number of the year of school (1 to 9), the school, and the days."""
    rows = pl.concat([here.with_columns(year=pl.lit(y)) for y in YEARS]).with_columns(number=pl.col("year") - pl.col("first_year") + 1)
    begins, ends = pl.date(pl.col("year"), 4, 1), pl.date(pl.col("year") + 1, 3, 31)
    there = (pl.col("entered") <= ends) & (pl.col("removed").is_null() | (pl.col("removed") >= begins))
    entering = (pl.col("number") == 1) & pl.col("current")
    rows = rows.filter(pl.col("number").is_between(1, 9) & pl.when(pl.col("year") == YEARS[-1]).then(entering).otherwise(there))
    number, way = pl.col("number"), pl.col("way")
    junior, nine = number > 6, pl.col("place") == 4
    assigned = (
        pl.when(nine).then(pl.lit(places.NINE_YEARS))
        .when(junior).then((pl.col("place") % 2).replace_strict(dict(enumerate(places.JUNIOR))))
        .otherwise((pl.col("place") % 4).replace_strict(dict(enumerate(places.ELEMENTARY))))
    )  # fmt: skip
    rows = rows.with_columns(assigned=assigned, out=(way == "next town") | ((way == "private") & junior), future=pl.col("year") == YEARS[-1])
    school = (
        pl.when("future").then(None).when(way == "put off").then(None)
        .when(way == "special").then(pl.lit(places.SPECIAL))
        .when((way == "next town") & junior).then(pl.lit(places.NEXT_TOWN[1])).when(way == "next town").then(pl.lit(places.NEXT_TOWN[0]))
        .when(pl.col("out")).then(pl.lit(places.PRIVATE))
        .otherwise("assigned")
    )  # fmt: skip
    rows = rows.with_columns(enrolled=school).with_columns(off=pl.col("enrolled").is_null())
    start = pl.col("year") - pl.when(junior & ~(nine & (way == "usual"))).then(number - 7).otherwise(number - 1)
    came = workday(pl.col("entered") + pl.duration(days=3))
    last = pl.when(junior).then(pl.date(pl.col("year") + 1, 3, 12)).otherwise(pl.date(pl.col("year") + 1, 3, 19))
    leaves = number.is_in([6, 9]) & ~((number == 6) & (pl.col("enrolled") == places.NINE_YEARS))
    return rows.with_columns(
        grade=pl.when(~pl.col("off")).then(pl.when(junior).then("J" + (number - 6).cast(pl.String)).otherwise("E" + number.cast(pl.String))),
        school_kind=kind(number),
        enrolled_on=pl.when(~pl.col("off")).then(pl.min_horizontal(pl.max_horizontal(pl.date(start, 4, 7), came), pl.date(2026, 3, 31))),
        notice=pl.when(number.is_in([1, 7]) & (pl.col("entered") < pl.date(pl.col("year"), 1, 15))).then(pl.date(pl.col("year"), 1, 15)),
        graduated=pl.when(~pl.col("off") & leaves & (pl.col("removed").is_null() | (pl.col("removed") > last))).then(last),
        turn=pl.when((pl.col("year") == 2025) & pl.col("moves") & (way == "usual") & ~nine & pl.col("current"))
        .then(pl.max_horizontal(pl.date(2025, 4, 8) + pl.col("day") * pl.duration(days=1), came)),
    ).with_columns(turn=pl.when(pl.col("turn") < pl.date(2026, 3, 1)).then(workday("turn")))  # fmt: skip


def kind(number: pl.Expr) -> pl.Expr:
    """就学区分 (C050) by the school; 未就学 of those who are not at any."""
    upper = (number > 6).cast(pl.Int64)
    base = pl.when(pl.col("enrolled") == places.NINE_YEARS).then(3).when(pl.col("enrolled") == places.SPECIAL).then(5).otherwise(1)
    return pl.when("off").then(pl.lit("9")).otherwise((base + upper).cast(pl.String))


def generations(town: Town, whole: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """school_register; two rows where the school was changed during the year."""
    changed = pl.col("turn").is_not_null()
    other = pl.col("enrolled").replace_strict(
        {"1001": "1002", "1002": "1001", "1003": "1004", "1004": "1003", "1101": "1102", "1102": "1101"}, default=None
    )
    older = whole.filter(changed).with_columns(
        reg_hist_no=pl.lit(1), is_latest=pl.lit("0"), change_flag=pl.lit("0"), graduated=pl.lit(None, pl.Date),
        settled=pl.date(pl.col("year"), 4, 10),
    )  # fmt: skip
    newer = whole.with_columns(
        enrolled=pl.when(changed).then(other).otherwise("enrolled"),
        enrolled_on=pl.when(changed).then("turn").otherwise("enrolled_on"),
        reg_hist_no=pl.when(changed).then(2).otherwise(1), is_latest=pl.lit("1"),
        change_flag=pl.when(changed).then(pl.lit("1")).otherwise(pl.lit("0")),
        settled=pl.coalesce("graduated", "turn", pl.min_horizontal(pl.date(pl.col("year"), 4, 10), pl.date(2026, 2, 2))),
    )  # fmt: skip
    rows = pl.concat([older, newer], how="vertical_relaxed").sort("atena_no", "year", "reg_hist_no")
    out, off = pl.col("out") & pl.col("enrolled").is_not_null(), pl.col("way") == "put off"
    return rows.select(
        "atena_no", "reg_hist_no", "name", "name_kana", "birth_date", "sex", "grade", "school_kind", "change_flag",
        "special_class_flag", "missing_flag", "guardian_atena_no", "guardian_name", "guardian_rel", "is_latest",
        "addr_town", "addr_banchi", "addr_katagaki", "addr_postal", "number", "removed", "died", "turn", "entered", "kana",
        school_year=pl.col("year").cast(pl.String),
        assigned_school=places.of_number("assigned", "code"),
        enrolled_school=places.of_number("enrolled", "code"),
        establisher=places.of_number("enrolled", "establisher"),
        out_area_flag=pl.when(out).then(pl.lit("1")).otherwise(pl.lit("0")),
        out_area_city=pl.when(out).then(places.of_number("enrolled", "city")),
        notice_date=iso("notice"), enrolled_date=iso("enrolled_on"), graduated_date=iso("graduated"),
        exemption_kind=pl.when(off).then(pl.lit("1")),
        exemption_from=pl.when(off).then(iso(pl.date(pl.col("year"), 4, 1))),
        exemption_to=pl.when(off).then(iso(pl.date(pl.col("year") + 1, 3, 31))),
        is_deleted=pl.lit("0"),
        **city_columns(),
    ).with_columns(town.operated(rows.height, rng, rows["settled"]))  # fmt: skip
