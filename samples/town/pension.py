"""国民年金: who was insured in which class and when, what they need not pay, which pensions they draw.

A person's insurance runs in spells (取得 to 喪失). Within a spell the class may change once (種別変更): the
change ends one row and begins the next. `insured` draws the spells, `pension_exemption` and `pension_benefit`
the rest.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday
from town.pension_benefit import benefits
from town.pension_exemption import exemptions
from town.pension_faults import FAULTS

if TYPE_CHECKING:
    import numpy as np

    from town.core import Town

__all__ = ["FAULTS", "facts"]

PAPER = date(1986, 4, 1)
"""Spells that ended before are on paper only. The third class exists since then."""

REMOVED_SINCE = date(2012, 4, 1)
COMPUTED = date(1997, 1, 1)
"""基礎年金番号 and the record of 届出 since then."""

REASONS = {
    "twenty": "01", "left job": "02", "left spouse": "03", "moved in": "04", "changed": "05", "sixty": "11",
    "job": "12", "died": "13", "abroad": "14", "moved out": "15",
}  # fmt: skip
"""C131."""

NOTHING = pl.lit(None, pl.String)


def facts(town: Town) -> None:
    """Fill np_insured, np_exemption and np_benefit."""
    drawn = insured(town)
    town.add("np_insured", drawn)
    live = drawn.filter(pl.col("is_deleted") == "0")
    town.add("np_exemption", exemptions(town, live))
    town.add("np_benefit", benefits(town, live))


def basic_pension_no(person: pl.Expr) -> pl.Expr:
    """基礎年金番号, ten digits, from the number of a person.

    >>> pl.select(basic_pension_no(pl.lit(2))).item()
    '4100000274'
    """
    return (4_100_000_200 + person * 37).cast(pl.String)


def insured(town: Town) -> pl.DataFrame:
    """np_insured: every class of every spell, and some that were entered by mistake and struck out."""
    rng = town.rng("np_insured")
    spells = _spells(rng, _grown(town))
    spells = spells.with_columns(
        town.operated(spells.height, rng, spells["begin"].clip(COMPUTED)),
        paid_by=pl.Series(rng.choice(["1", "2", "3"], spells.height, p=[0.35, 0.5, 0.15])),
        extra=pl.Series(rng.random(spells.height)) < 0.12,
        lag=pl.Series(rng.integers(1, 25, spells.height)),
        wrong=pl.lit(value=False),
    )
    struck = spells.filter(pl.Series(rng.random(spells.height) < 0.008) & (pl.col("number") == 1))
    struck = struck.with_columns(
        wrong=pl.lit(value=True),
        end=NOTHING.cast(pl.Date),
        out=NOTHING,
        change=NOTHING.cast(pl.Date),
    )
    return _rows(pl.concat([spells, struck]))


# ---- spells ----


def _grown(town: Town) -> pl.DataFrame:
    """Everyone who has been 20 here, with the days that decide, and the spouse if there is one."""
    work = town.people.select(
        spouse="person", spouse_no="atena_no", spouse_work="work", spouse_here="current"
    )
    twenty = pl.col("born").dt.offset_by("20y").dt.offset_by("-1d")
    sixty = pl.col("born").dt.offset_by("60y").dt.offset_by("-1d")
    people = town.people.with_columns(
        twenty=twenty, sixty=sixty, gone=pl.coalesce("removed", pl.lit(town.today))
    ).filter(
        (pl.col("twenty") < pl.col("gone")) & (pl.col("sixty") > PAPER) & (pl.col("entered") < pl.col("sixty"))
        & (pl.col("removed").is_null() | (pl.col("removed") >= REMOVED_SINCE))
    )  # fmt: skip
    late = pl.col("entered") > pl.col("twenty")
    return people.join(work, on="spouse", how="left", maintain_order="left").with_columns(
        start=pl.max_horizontal("twenty", "entered"),
        into=pl.when(late).then(pl.lit(REASONS["moved in"])).otherwise(pl.lit(REASONS["twenty"])),
        third=(pl.col("work") == "none") & (pl.col("income") < 1_300_000)
        & (pl.col("spouse_work") == "employee") & pl.col("spouse_here"),
    )  # fmt: skip


def _spells(rng: np.random.Generator, people: pl.DataFrame) -> pl.DataFrame:
    """One row a spell: begin, end, the classes before and after a change, and why it began and ended."""
    luck = pl.Series(rng.random(people.height))
    shares = {f"at_{i}": pl.Series(rng.random(people.height)) for i in range(3)}
    people = people.with_columns(luck=luck, **shares)
    days = (pl.col("gone") - pl.col("start")).dt.total_days()
    first, second = pl.min_horizontal("at_0", "at_1"), pl.max_horizontal("at_0", "at_1")
    here, long = pl.col("current"), days > 800
    people = people.with_columns(
        left=pl.col("start") + pl.duration(days=1 + (days - 60) * first),
        back=pl.col("start") + pl.duration(days=40 + (days - 60) * second),
        middle=pl.col("start") + pl.duration(days=30 + (days - 60) * pl.col("at_2")),
    )
    now = here & pl.col("np")
    whole = {"begin": pl.col("start"), "why": pl.col("into")}
    away = pl.min_horizontal("removed", "sixty")
    died = pl.col("status") == "3"
    out = (
        pl.when(pl.col("sixty") <= pl.col("gone")).then(pl.lit(REASONS["sixty"]))
        .when(died).then(pl.lit(REASONS["died"]))
        .when(pl.col("removal_reason") == "22").then(pl.lit(REASONS["abroad"]))
        .otherwise(pl.lit(REASONS["moved out"]))
    )  # fmt: skip
    ended = pl.when(died & (pl.col("removed") < pl.col("sixty"))).then(
        pl.col("removed").dt.offset_by("1d")
    ).otherwise(away)  # fmt: skip
    never = pl.lit(None, pl.Date)
    interrupted = now & long & (luck < 0.35)
    parts = [
        # today's: since the beginning, or since a job ended
        people.filter(now & ~interrupted).with_columns(**whole, end=never, out=NOTHING, number=pl.lit(1)),
        people.filter(interrupted).with_columns(
            **whole, end=pl.col("left"), out=pl.lit(REASONS["job"]), number=pl.lit(1)
        ),
        people.filter(interrupted).with_columns(
            begin=pl.col("back"), why=pl.lit(REASONS["left job"]), end=never, out=NOTHING, number=pl.lit(2)
        ),
        # employees: before their job
        people.filter(here & ~pl.col("np") & (pl.col("age") < 60) & long & (luck < 0.5)).with_columns(
            **whole, end=pl.col("left"), out=pl.lit(REASONS["job"]), number=pl.lit(1)
        ),
        # those who were sixty, moved away or died
        people.filter((~here | (pl.col("sixty") <= pl.col("gone"))) & (luck < 0.6)).with_columns(
            **whole, end=ended, out=out, number=pl.lit(1)
        ),
    ]  # fmt: skip
    spells = pl.concat([_classed(p) for p in parts] + [_voluntary(people)], how="diagonal_relaxed")
    return spells.filter(
        pl.col("end").is_null() | (pl.col("begin") < pl.col("end"))
    ).sort("atena_no", "number")  # fmt: skip


def _classed(spells: pl.DataFrame) -> pl.DataFrame:
    """The class, and the class before where it changed within the spell."""
    last = pl.coalesce("end", "gone")
    possible = (pl.col("middle") > pl.col("begin")) & (pl.col("middle") < last)
    possible &= (pl.col("middle") >= PAPER) & (pl.col("middle") < pl.col("sixty"))
    open_ = pl.col("end").is_null()
    married = pl.col("spouse_no").is_not_null() & (pl.col("begin") >= PAPER)
    now = pl.when(open_ & pl.col("third")).then(pl.lit("3")).otherwise(pl.lit("1"))
    changed = possible & pl.when(open_ & pl.col("third")).then(pl.col("at_2") < 0.7).otherwise(
        married & (pl.col("at_2") < 0.15)
    )  # fmt: skip
    return spells.with_columns(
        np_class=now,
        change=pl.when(changed).then("middle"),
        before=pl.when(changed).then(now.replace_strict({"1": "3", "3": "1"})),
        voluntary=pl.lit("0"),
    )


def _voluntary(people: pl.DataFrame) -> pl.DataFrame:
    """任意加入 from 60, 高齢任意 from 65: some who lack months."""
    older = people.filter(
        pl.col("current") & pl.col("age").is_between(60, 68) & (pl.col("at_1") < 0.09)
    )
    old = pl.col("age") >= 66
    return older.with_columns(
        begin=pl.col("sixty").dt.offset_by(pl.when(old).then(pl.lit("62mo")).otherwise(pl.lit("8d"))),
        why=pl.lit("09"), end=pl.lit(None, pl.Date), out=NOTHING, number=pl.lit(3),
        np_class=pl.when(old).then(pl.lit("5")).otherwise(pl.lit("4")),
        change=pl.lit(None, pl.Date), before=NOTHING, voluntary=pl.lit("1"),
    ).with_columns(why=pl.lit(REASONS["changed"])).filter(pl.col("begin") < pl.col("gone"))  # fmt: skip


# ---- rows ----


def _rows(spells: pl.DataFrame) -> pl.DataFrame:
    """The classes of each spell, numbered a person."""
    spells = spells.with_columns(order=pl.int_range(pl.len()))
    later = spells.with_columns(
        part=pl.lit(2),
        acquired=pl.coalesce("change", "begin"),
        reason=pl.when(pl.col("change").is_not_null()).then(pl.lit(REASONS["changed"])).otherwise("why"),
    )  # fmt: skip
    earlier = spells.filter(pl.col("change").is_not_null()).with_columns(
        part=pl.lit(1), acquired=pl.col("begin"), reason=pl.col("why"), np_class=pl.col("before"),
        end=pl.col("change"), out=pl.lit(REASONS["changed"]), change=pl.lit(None, pl.Date),
        extra=pl.lit(value=False), superseded=pl.lit(value=True),
    )  # fmt: skip
    rows = pl.concat([later, earlier], how="diagonal").sort("wrong", "order", "part")
    rows = rows.with_columns(np_seq=pl.int_range(1, pl.len() + 1).over("atena_no")).sort(
        "atena_no", "np_seq"
    )
    pays = pl.col("np_class") != "3"
    current = pl.col("superseded").is_null()
    additional = pl.col("extra") & pays & current & (pl.col("acquired") >= COMPUTED)
    from_ = pl.col("acquired").dt.offset_by("2mo")
    told = workday(pl.col("acquired") + pl.duration(days=pl.col("lag") % 14))
    sent = workday(pl.col("acquired") + pl.duration(days=pl.col("lag") % 14 + 10))
    recent = (pl.col("acquired") >= date(2003, 1, 6)) & (sent < pl.lit(date(2026, 4, 1)))
    young = pl.col("acquired") > pl.lit(date(2026, 2, 1))
    return rows.select(
        "atena_no",
        "np_seq",
        "np_class",
        "voluntary",
        "operator_id",
        "operated_date",
        "operated_time",
        basic_pension_no=pl.when(~(young & (pl.col("why") == REASONS["twenty"]))).then(
            basic_pension_no(pl.col("person"))
        ),
        acquired_date=iso("acquired"),
        acquire_reason="reason",
        acquired_notified=pl.when(recent).then(iso(told)),
        changed_date=iso("change"),
        lost_date=iso("end"),
        lose_reason="out",
        additional_flag=additional.cast(pl.Int8).cast(pl.String),
        additional_from=pl.when(additional).then(from_.dt.to_string("%Y-%m")),
        additional_to=pl.when(additional & (pl.col("end") > from_)).then(
            pl.col("end").dt.offset_by("-1mo").dt.to_string("%Y-%m")
        ),
        spouse_atena_no=pl.when(pl.col("np_class") == "3").then("spouse_no"),
        pay_kind=pl.when(pays & pl.col("end").is_null()).then("paid_by"),
        reported_date=pl.when(recent).then(iso(sent)),
        is_latest=(~pl.col("wrong")).cast(pl.Int8).cast(pl.String),
        is_deleted=pl.col("wrong").cast(pl.Int8).cast(pl.String),
    )
