"""選挙人名簿管理 (0601 to 0603): the roll of voters, the polling districts, and those who vote from abroad.

Voters are entered four times a year; who moved out is marked, and struck off four months later; who died is struck off
in a few days. Each of these makes a generation.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town import spell
from town.core import AS_OF, iso
from town.foreigner import COUNTRIES
from town.nonresident import STREETS
from town.voter_faults import FAULTS

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

__all__ = ["FAULTS", "facts"]

DISTRICTS = (
    ("0001", "第１投票区", "浅間市役所", "灯町１番地", "20:00:00", "1955-04-01", None),
    ("0002", "第２投票区", "霧ノ沢公民館", "霧ノ沢４２番地", "20:00:00", "1955-04-01", None),
    ("0003", "第３投票区", "雪見台小学校体育館", "雪見台７番地", "20:00:00", "1978-10-01", None),
    ("0004", "第４投票区", "鷹見町集会所", "鷹見町二丁目８番地", "20:00:00", "1955-04-01", None),
    ("0005", "第５投票区", "十日窪コミュニティセンター", "十日窪１５番地", "19:00:00", "2014-12-01", None),
    ("0006", "第６投票区", "申渕学園", "大字申渕３番地", "18:00:00", "1955-04-01", None),
    ("0007", "第７投票区", "旧申渕分校", "大字申渕９８番地", "18:00:00", "1955-04-01", "2014-11-30"),
)
"""Number, name, station, its address, when it closes, from when, until when."""

OPEN = 6
"""So many of them are still there."""

KEPT_SINCE = date(2021, 1, 1)
"""Of those who left or died before, the roll has nothing."""

FIRST_ABROAD = date(2000, 5, 1)
LINES, PAGES = 20, 50
CAUSES = (None, None, None, None, "01", "02", "06")


def facts(town: Town) -> None:
    rng = town.rng("voter")
    town.add("poll_district", districts(town, rng))
    town.add("voter_register", generations(town, roll(town, rng), rng))
    town.add("overseas_voter", abroad(town, rng))


def districts(town: Town, rng: Generator) -> pl.DataFrame:
    names = ("poll_district", "district_name", "station_name", "station_addr", "close_time", "valid_from", "valid_to")
    rows = pl.DataFrame(DISTRICTS, schema=dict.fromkeys(names, pl.String), orient="row")
    return rows.with_columns(
        station_addr="浅間市" + pl.col("station_addr"), open_time=pl.lit("07:00:00"), is_latest=pl.lit("1"), is_deleted=pl.lit("0")
    ).with_columns(town.operated(rows.height, rng))


def roll(town: Town, rng: Generator) -> pl.DataFrame:
    """Everyone who is or since 2021 was a voter here: registered when and why, and the place in the books."""
    people = town.people.filter(~pl.col("foreign") & (pl.col("voter") | (pl.col("removed") >= KEPT_SINCE)))
    eligible = pl.max_horizontal(
        pl.col("entered").dt.offset_by("3mo"), pl.col("born").dt.offset_by("18y") - pl.duration(days=1), pl.date(1950, 6, 1)
    )
    people = people.with_columns(eligible=eligible)
    quarter = (pl.col("eligible") - pl.duration(days=1)).dt.truncate("1q").dt.offset_by("2mo")
    regular = pl.when(quarter >= pl.col("eligible")).then(quarter).otherwise(quarter.dt.offset_by("3mo"))
    people = people.with_columns(regular=regular)
    early = pl.Series(rng.random(people.height) < 0.1)
    vote = pl.col("eligible") + pl.duration(days=1) * pl.Series(rng.integers(0, 60, people.height))
    people = people.with_columns(
        registered=pl.when(early).then(pl.min_horizontal(vote, "regular")).otherwise("regular"),
        reg_reason=pl.when(early & (vote < pl.col("regular"))).then(pl.lit("02")).otherwise(pl.lit("01")),
        poll_district=(pl.col("addr_code").cast(pl.Int64) // 1000 % OPEN + 1).cast(pl.String).str.zfill(4),
    )
    people = people.filter((pl.col("registered") <= date(2026, 3, 1)) & (pl.col("removed").is_null() | (pl.col("removed") > pl.col("registered"))))
    place = pl.int_range(pl.len()).over("poll_district", order_by=["name_kana", "atena_no"])
    count = people.height
    luck = rng.random(count)
    here = pl.col("removed").is_null()
    return people.with_columns(
        book_no=(place // (LINES * PAGES) + 1).cast(pl.String).str.zfill(4),
        page_no=place // LINES % PAGES + 1,
        line_no=place % LINES + 1,
        lost=here & pl.Series(luck < 0.006),
        back=here & pl.Series((luck > 0.01) & (luck < 0.016)),
        assist_flag=pl.Series(np.where(rng.random(count) < 0.008, "1", "0")),
        postal_vote_no=pl.when(pl.col("disabled") & here).then("Y" + spell.last("atena_no", 6)),
        some_day=pl.min_horizontal(pl.col("registered") + pl.duration(days=1) * pl.Series(rng.integers(30, 900, count)), pl.date(2026, 1, 20)),
    )  # fmt: skip


def generations(town: Town, rows: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """voter_register: as entered; as marked; as struck off."""
    left, died = pl.col("status") == "2", pl.col("status") == "3"
    due = pl.col("removed").dt.offset_by("4mo")
    over = due < pl.lit(AS_OF).str.to_date()
    none = pl.lit(None, pl.Date)
    lost, back = pl.col("lost"), pl.col("back")
    blank = {"mark": pl.lit(None, pl.String), "marked": none, "unmarked": none, "moved": none, "due": none, "off": none, "why": pl.lit(None, pl.String)}
    first = rows.with_columns(**blank, settled=pl.col("registered"))
    marked = rows.filter(left | lost | back).with_columns(**blank | {
        "mark": pl.when(lost).then(pl.lit("02")).otherwise(pl.lit("01")),
        "marked": pl.when(left).then("removed").otherwise("some_day"),
        "unmarked": pl.when(back).then(pl.col("some_day") + pl.duration(days=60)),
        "moved": pl.when(left).then("removed").when(back).then("some_day"),
        "due": pl.when(left).then(due).when(back).then(pl.col("some_day").dt.offset_by("4mo")),
        "settled": pl.coalesce("removed", "some_day"),
    })  # fmt: skip
    struck = rows.filter((left & over) | died | (pl.col("status") == "9")).with_columns(**blank | {
        "mark": pl.when(left).then(pl.lit("01")),
        "marked": pl.when(left).then("removed"),
        "moved": pl.when(left).then("removed"),
        "due": pl.when(left).then(due),
        "off": pl.when(left).then(due + pl.duration(days=1)).otherwise("removed"),
        "why": pl.when(left).then(pl.lit("03")).when(died).then(pl.lit("01")).otherwise(pl.lit("09")),
        "settled": pl.when(left).then(due).otherwise("removed"),
    })  # fmt: skip
    whole = pl.concat([first.with_columns(step=1), marked.with_columns(step=2), struck.with_columns(step=3)], how="diagonal_relaxed")
    whole = whole.sort("atena_no", "step")
    last = pl.col("step") == pl.col("step").max().over("atena_no")
    return whole.select(
        "atena_no", "poll_district", "book_no", "page_no", "line_no", "name", "name_kana", "birth_date", "sex", "household_no",
        "reg_reason", "assist_flag", "postal_vote_no",
        voter_hist_no=pl.int_range(1, pl.len() + 1).over("atena_no"),
        addr_text=address("浅間市"),
        registered_date=iso("registered"), resident_since=iso("entered"),
        mark_reason="mark", mark_date=iso("marked"), mark_del_date=iso("unmarked"), moved_out_date=iso("moved"), removal_due=iso("due"),
        removed_date=iso("off"), remove_reason="why",
        is_latest=pl.when(last).then(pl.lit("1")).otherwise(pl.lit("0")), is_deleted=pl.lit("0"),
    ).with_columns(town.operated(whole.height, rng, whole["settled"]))  # fmt: skip


def abroad(town: Town, rng: Generator) -> pl.DataFrame:
    """overseas_voter: as entered, and as struck off; of those who came back to another town that is four months after."""
    gone = pl.concat([leavers(town), returned(town, rng)])
    count = gone.height
    streets, lands = list(STREETS), [c for c in COUNTRIES if c in ("USA", "DEU", "BRA")]
    pick = rng.integers(0, len(streets), count)
    days = pl.duration(days=1) * pl.Series(rng.integers(0, 90, count), dtype=pl.Int64)
    why = pl.Series([CAUSES[i] for i in rng.integers(0, len(CAUSES), count)], dtype=pl.String)
    gone = gone.with_columns(
        registered=pl.max_horizontal(pl.col("removed").dt.offset_by("4mo"), FIRST_ABROAD) + days,
        cert_no="Z" + (pl.int_range(pl.len()) * 7 + 101).cast(pl.String).str.zfill(6),
        country_code=pl.Series([lands[i % len(lands)] for i in pick], dtype=pl.String),
        overseas_addr=pl.Series([streets[i] for i in pick], dtype=pl.String),
        why=pl.when("back").then(pl.lit("06")).otherwise(why),
    ).filter(pl.col("registered") < date(2026, 1, 1))
    off = pl.min_horizontal(pl.col("registered") + pl.duration(days=1_200), date(2026, 2, 10))
    first = gone.with_columns(off=pl.lit(None, pl.Date), cause=pl.lit(None, pl.String), step=1, settled="registered")
    second = gone.filter(pl.col("why").is_not_null()).with_columns(off=off, cause="why", step=2, settled=off)
    rows = pl.concat([first, second], how="vertical_relaxed").sort("atena_no", "step")
    last = pl.col("step") == pl.col("step").max().over("atena_no")
    return rows.select(
        "atena_no", "cert_no", "country_code", "overseas_addr", "last_addr",
        overseas_hist_no="step",
        applied_date=iso(pl.col("registered") - pl.duration(days=60)),
        registered_date=iso("registered"),
        removed_date=iso("off"), remove_reason="cause",
        is_latest=pl.when(last).then(pl.lit("1")).otherwise(pl.lit("0")), is_deleted=pl.lit("0"),
    ).with_columns(town.operated(rows.height, rng, rows["settled"]))  # fmt: skip


def leavers(town: Town) -> pl.DataFrame:
    """Who left for abroad; of those who left before there was this roll, some were abroad by 1994 and are registered by
    their 本籍, without an address of here."""
    grown = ~pl.col("foreign") & (pl.col("removed") >= pl.col("born").dt.offset_by("18y")) & (pl.col("status") == "2")
    straight = pl.col("removal_reason") == "22"
    gone = town.people.filter(grown & (straight | (pl.col("removed") < FIRST_ABROAD)))
    return gone.select("atena_no", "removed", last_addr=pl.when(straight).then(address()), back=pl.lit(value=False))


def returned(town: Town, rng: Generator) -> pl.DataFrame:
    """Some of the outsiders lived here long ago, then abroad, and now in another town."""
    some = town.outsiders.filter(pl.col("age") >= 40).sort("atena_no")
    some = some.filter(pl.int_range(pl.len()) % 6 == 0)
    home = town.addresses[rng.integers(0, town.addresses.height, some.height)].select(last_addr=address())
    removed = pl.Series(np.datetime64("2003-04-01") + rng.integers(0, 5_000, some.height).astype("m8[D]")).cast(pl.Date)
    return pl.concat([some.select("atena_no", removed=removed), home], how="horizontal").with_columns(back=pl.lit(value=True))


def address(before: str = "浅間県浅間市") -> pl.Expr:
    """The whole address as one text."""
    return before + pl.concat_str("addr_town", "addr_banchi", "addr_katagaki", separator="\u3000", ignore_nulls=True)
