"""異動履歴 (0103) as it is true, and what may be wrong with it.

An event is reported once for all of a household whom it concerns (a receipt); each of them has a row of their own.
Besides the generations of juki_resident there are events that left none: a removal announced and called off, a
mistake mended, an alias entered or struck out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from make import TODAY, between

from town.businesses import elsewhere
from town.core import CITY, Fault, Town, clock, iso
from town.foreigner import days

if TYPE_CHECKING:
    from numpy.typing import NDArray

REASONS = {
    101: "01", 102: "01", 103: "02", 104: "03", 107: "06", 190: "07", 201: "21", 202: "21", 203: "22", 204: "23", 208: "29",
    301: "41", 305: "53", 308: "44", 311: "57", 312: "58",
}  # fmt: skip
"""異動増減コード -> C016."""

CALLED_OFF, MENDED, ALIAS, NO_ALIAS = 208, 308, 311, 312
CLASSES = {107: "2", 190: "2", CALLED_OFF: "2", MENDED: "2", ALIAS: "3", NO_ALIAS: "3"}
"""C017; everything else is reported (1)."""

MOVES = (101, 102, 103, 201, 202, 203, 301)
DESKS = ("HON01", "HON02", "HIGASHI", "NISHI")
NOTES = {
    101: "転出証明書により確認", 204: "死亡届は他市で受理", 301: "旧住所地の郵便物の転送を案内", CALLED_OFF: "転出の取りやめの申出による", MENDED: "方書の誤記を職権で修正",
}  # fmt: skip


def facts(town: Town) -> None:
    destinations(town, town.rng("destination"))
    rng = town.rng("event")
    rows = receipts(town, rng, numbered(town, rng))
    reported = ~pl.col("code").replace_strict(CLASSES, default="1").is_in(["2", "3"])
    asked = pl.col("code").is_in([ALIAS, NO_ALIAS])
    town.add(
        "juki_event",
        rows.select(
            "event_seq", "person_hist_no", "cancel_of_seq", "input_place", "input_terminal", "whole_part", "note_b",
            "operator_id",
            atena_no=town.people["atena_no"].gather(rows["person"]),
            household_no=town.people["household_no"].gather(rows["person"]),
            event_reason=pl.col("code").replace_strict(REASONS),
            event_class=pl.col("code").replace_strict(CLASSES, default="1"),
            event_date=iso("day"),
            event_date_unk=pl.lit("0"),
            process_date=iso("operated"),
            notified_date=pl.when(reported).then(iso("notified")),
            petition_date=pl.when(asked).then(iso("day")),
            is_latest=pl.lit("1"),
            is_deleted=pl.lit("0"),
            operated_date=iso("operated"),
            operated_time=clock(rows["seconds"].alias("operated_time")),
        ),
    )  # fmt: skip


def destinations(town: Town, rng: np.random.Generator) -> None:
    """転出先 of those who left for another municipality, and 本籍 as a code: added to juki_resident."""
    truth = town.truth["juki_resident"]
    place = {c.replace("addr_", "nextf_"): v for c, v in elsewhere(rng, truth.height).items()}
    left = pl.col("removal_reason") == "21"
    native = pl.col("domicile").is_not_null()
    town.truth["juki_resident"] = truth.with_columns(
        domicile_city_code=pl.when(native).then(pl.lit(CITY)),
        **{name: pl.when(left).then(value) for name, value in place.items()},
    )


def codes(town: Town) -> pl.Series:
    """異動増減コード of each row of juki_event: it tells more than 異動事由."""
    return numbered(town, town.rng("event"))["code"]


def numbered(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """person, code, day, person_hist_no, event_seq, cancel_of_seq: in the order of persons and events."""
    past = town.history.select("person", "code", "day", "hist_no")
    more = pl.concat([called_off(town, rng), mended(town, rng), renamed(town)])
    generation = past.sort("day").select("person", "day", generation="hist_no")
    more = more.sort("day").join_asof(generation, on="day", by="person", check_sortedness=False)
    whole = pl.concat(
        [
            past.rename({"hist_no": "person_hist_no"}).with_columns(calls_off=pl.lit(None, pl.Int64)),
            more.select("person", "code", "day", person_hist_no="generation", calls_off="calls_off"),
        ]
    ).with_row_index("_given")  # fmt: skip
    whole = whole.sort("person", "day", "person_hist_no", "_given").with_columns(
        event_seq=pl.int_range(1, pl.len() + 1).over("person")
    )
    # what is called off is the row just before
    return whole.with_columns(
        cancel_of_seq=pl.when(pl.col("calls_off") == 1).then(pl.col("event_seq") - 1)
    ).drop("_given", "calls_off")


def _some(town: Town, rng: np.random.Generator, share: float) -> tuple[NDArray[np.int64], ...]:
    """Residents, and a day of each since they came that is no other event's."""
    who = town.people.filter(pl.col("current") & ~pl.col("protected") & (pl.col("age") >= 18))
    last = town.history.filter("latest").select("person", last="day")
    who = who.join(last, on="person", maintain_order="left")
    who = who.filter(pl.Series(rng.random(who.height) < share))
    after = np.maximum(days(who["last"]), np.datetime64("1992-01-01")) + 20
    who, after = who.filter(pl.Series(after < TODAY - 60)), after[after < TODAY - 60]
    return who["person"].to_numpy(), between(rng, after, np.full(len(after), TODAY - 40))


def called_off(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """転出 announced, and called off some days later."""
    who, first = _some(town, rng, 0.012)
    then = first + rng.integers(1, 25, len(first)).astype("m8[D]")
    code = rng.choice([201, 202], len(who))
    return pl.DataFrame({
        "person": np.r_[who, who], "code": np.r_[code, np.full(len(who), CALLED_OFF)],
        "day": pl.Series(np.r_[first, then]).cast(pl.Date), "calls_off": np.repeat([0, 1], len(who)),
    }).sort("person", "day")  # fmt: skip


def mended(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """誤記修正, of office."""
    who, first = _some(town, rng, 0.015)
    return _without_calls(
        pl.DataFrame({"person": who, "code": np.full(len(who), MENDED), "day": first})
    )


def renamed(town: Town) -> pl.DataFrame:
    """通称 entered and struck out, as juki_foreign says."""
    cards = town.truth.get("juki_foreign")
    if cards is None:
        return _without_calls(pl.DataFrame({"person": [], "code": [], "day": []}))
    who = cards.join(town.people.select("atena_no", "person"), on="atena_no", maintain_order="left")
    found = [
        who.filter(pl.col(column).is_not_null()).select(
            "person", code=pl.lit(code), day=pl.col(column).str.to_date()
        )
        for column, code in (("alias_entry_date", ALIAS), ("alias_del_date", NO_ALIAS))
    ]
    return _without_calls(pl.concat(found).sort("person", "day"))


def _without_calls(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("person").cast(pl.Int64), pl.col("code").cast(pl.Int64), pl.col("day").cast(pl.Date),
        calls_off=pl.lit(0, pl.Int64),
    )  # fmt: skip


def receipts(town: Town, rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """What is the same for a receipt: the report, the desk, the entry and its remark."""
    home = town.people["household"].gather(rows["person"])
    first = town.history.select(
        "person", "notified", "operated", "seconds", person_hist_no="hist_no", code="code"
    )
    key = ["household", "code", "day"]
    frame = rows.with_columns(household=home)
    known = frame.join(
        first, on=["person", "person_hist_no", "code"], how="left", maintain_order="left"
    )
    heads = known.unique(key, keep="first", maintain_order=True).select(
        *key, "notified", "operated", "seconds"
    )
    count = heads.height
    later = np.minimum(days(heads["day"]) + rng.integers(0, 9, count).astype("m8[D]"), TODAY)
    lone = pl.Series(later).cast(pl.Date)
    seconds = pl.Series(rng.integers(8 * 3_600, 18 * 3_600, count))
    heads = heads.with_columns(
        notified=pl.coalesce("notified", lone),
        operated=pl.coalesce("operated", lone),
        seconds=pl.coalesce("seconds", seconds),
        input_place=pl.Series(DESKS).gather(pl.Series(rng.integers(0, len(DESKS), count))),
        input_terminal="AS" + pl.Series(rng.integers(1, 30, count)).cast(pl.String).str.zfill(2),
        note_b=pl.when(pl.Series(rng.random(count) < 0.15) | (pl.col("code") >= CALLED_OFF) & ~pl.col("code").is_in(MOVES))
        .then(pl.col("code").replace_strict(NOTES, default=None, return_dtype=pl.String)),
    ).with_columns(operator_id="T" + (pl.col("seconds") % 24 + 1).cast(pl.String).str.zfill(3))  # fmt: skip
    size = frame.group_by(key).agg(movers=pl.len())
    last = town.history.select("person", "members", person_hist_no="hist_no", code="code")
    whole = (
        frame.join(heads, on=key, maintain_order="left")
        .join(size, on=key, maintain_order="left")
        .join(last, on=["person", "person_hist_no", "code"], how="left", maintain_order="left")
    )
    left = pl.col("members") == 0  # after a removal: nobody is left
    stays = (
        pl.when(pl.col("code").is_in([201, 202, 203]))
        .then(left)
        .otherwise(pl.col("movers") >= pl.col("members"))
    )
    return whole.with_columns(
        whole_part=pl.when(pl.col("code").is_in(MOVES) & pl.col("members").is_not_null())
        .then(pl.when(stays.any().over(key)).then(pl.lit("1")).otherwise(pl.lit("2")))
    )  # fmt: skip


# ---- what may be wrong ----


def _cancels_nothing(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R023: a cancellation names an event that the person does not have."""
    rows = town.take("juki_event", n, pl.col("cancel_of_seq").is_not_null())
    return town.alter("juki_event", rows, cancel_of_seq=pl.col("event_seq") + 50)


FAULTS = [Fault("R023", "juki_event", _cancels_nothing)]
