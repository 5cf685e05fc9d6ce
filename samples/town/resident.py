"""住民基本台帳: 住民情報 (0101) and 世帯情報 (0102) as they truly are, and what may be wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from make import with_check_digit

from town import spell
from town.core import Fault, Town, city_columns, clock, iso
from town.register import whole

if TYPE_CHECKING:
    import numpy as np

EVENTS = {101: "01", 102: "01", 103: "02", 104: "03", 107: "06", 190: "07", 201: "21", 202: "21",
          203: "22", 204: "23", 301: "41", 305: "53"}  # fmt: skip
"""異動増減コード -> 異動事由 (C016)."""

EX_OFFICIO = (107, 190)
HOUSEHOLD_GENERATION = 1
"""The town numbers a household's rows anew; only the present one is kept."""


def facts(town: Town) -> None:
    residents(town)
    households(town)


def residents(town: Town) -> None:
    """juki_resident: all generations, in the order of town.history."""
    past = town.history
    person = town.people[past["person"]]
    place = town.addresses[past["address"]]
    now = pl.col("latest") & ~pl.col("gone")
    frame = pl.concat(
        [
            past.drop("list_order", pl.selectors.starts_with("rel_")).rename({"removed": "gone"}),
            past.select("list_order", pl.selectors.starts_with("rel_")),
            person.select(
                "atena_no", "household_no", "jumin_code", "name", "name_kana", "alias", "sex", "birth_date",
                "birth_unk", "foreign", "entered", "koseki_head", "family", "given", "family_kana",
                "given_kana", "previous", "nhi", "late_elderly", "ltci", "np", "voter",
            ),
            place,
            town.people[past["head"]].select(head_name="name"),
            town.addresses[past["household"] * 3].select(first_town="addr_town"),
        ],
        how="horizontal",
    )  # fmt: skip
    native, removed = ~pl.col("foreign"), pl.col("code").is_between(200, 299)
    came = pl.col("code").is_between(100, 199)
    reason = pl.col("code").replace_strict(EVENTS, return_dtype=pl.String)
    operated = iso("operated")
    town.add(
        "juki_resident",
        frame.select(
            "atena_no", "household_no", "jumin_code", "name", "name_kana", "head_name", "list_order",
            "rel_code1", "rel_code2", "rel_code3", "rel_code4", "alias", "sex", "birth_date",
            "addr_town", "addr_banchi", "addr_katagaki", "addr_postal",
            person_hist_no="hist_no",
            person_hist_sub=pl.lit(0),
            resident_type=pl.when(native).then(pl.lit("1")).otherwise(pl.lit("2")),
            resident_status=status(),
            event_date=iso("day"),
            event_date_unk=pl.lit("0"),
            notified_date=iso("notified"),
            event_reason=reason,
            event_class=pl.when(pl.col("code").is_in(EX_OFFICIO)).then(pl.lit("2")).otherwise(pl.lit("1")),
            family_name="family", given_name="given", family_kana="family_kana", given_kana="given_kana",
            name_roman=pl.when(~native).then("name"),
            sex_text=pl.when(pl.col("sex") == "1").then(pl.lit("男")).otherwise(pl.lit("女")),
            birth_era=pl.when(native).then(spell.era_code("birth_date")),
            birth_date_unk="birth_unk",
            birth_date_unk_text=spell.unknown_wording("birth_date"),
            **city_columns(),
            addr_code11="addr_code",
            ward_code="ward",
            became_date=iso("entered"),
            became_date_unk=pl.lit("0"),
            addr_since=iso("addr_since"),
            addr_since_unk=pl.lit("0"),
            entry_date=pl.when(came).then(iso("day")),
            entry_date_unk=pl.when(came).then(pl.lit("0")),
            entry_reason=pl.when(came).then(reason),
            prev_town=spell.widened("previous"),
            domicile=pl.when(native).then(domicile()),
            koseki_head="koseki_head",
            removal_reason=pl.when(removed).then(reason),
            removal_notified=pl.when(removed).then(iso("notified")),
            removal_date=pl.when(removed).then(iso("day")),
            removal_date_unk=pl.when(removed).then(pl.lit("0")),
            removed_flag=flag(pl.col("gone")),
            process_date=operated,
            nhi_flag=flag(now & pl.col("nhi")),
            elderly_flag=flag(now & pl.col("late_elderly")),
            ltci_flag=flag(now & pl.col("ltci")),
            np_flag=flag(now & pl.col("np")),
            voter_flag=flag(now & pl.col("voter")),
            is_latest=flag(pl.col("latest")),
            is_deleted=pl.lit("0"),
            operator_id=terminal(),
            operated_date=operated,
            operated_time=clock(frame["seconds"]),
        ),
    )  # fmt: skip


def households(town: Town) -> None:
    """juki_household: one row a household, by its present or last head."""
    homes = town.households
    last = town.history.filter("latest")  # one a person, in their order
    by = last[homes["head"]]
    frame = pl.concat([homes, by.select("operated", "seconds", "person")], how="horizontal")
    town.add(
        "juki_household",
        frame.select(
            "household_no", "head_atena_no", "head_name", "addr_town", "addr_banchi", "addr_katagaki", "addr_postal",
            household_hist_no=pl.lit(HOUSEHOLD_GENERATION),
            member_count="members",
            mixed_flag=flag(pl.col("mixed")),
            **city_columns(),
            established=iso("established"),
            closed=iso("closed"),
            is_latest=pl.lit("1"),
            is_deleted=pl.lit("0"),
            operator_id=terminal(),
            operated_date=iso("operated"),
            operated_time=clock(frame["seconds"]),
        ),
    )  # fmt: skip


def status() -> pl.Expr:
    """住民状態 of a generation."""
    died = pl.col("code") == 204
    return (
        pl.when(~pl.col("gone")).then(pl.lit("1"))
        .when(died).then(pl.lit("3")).otherwise(pl.lit("2"))
    )  # fmt: skip


def flag(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Int8).cast(pl.String)


def terminal() -> pl.Expr:
    """The desk: always the same for the same person and time."""
    return "T" + (pl.col("seconds") % 24 + 1).cast(pl.String).str.zfill(3)


def domicile() -> pl.Expr:
    """本籍: where the family lived first, at another lot."""
    lot = (pl.col("household") * 37 % 99 + 1).cast(pl.String).pipe(spell.widened)
    return "浅間県浅間市" + pl.col("first_town") + lot + "番地"


# ---- what may be wrong ----

JAPANESE = pl.col("resident_type") == "1"
LATEST = pl.col("is_latest") == "1"
HERE = LATEST & (pl.col("resident_status") == "1")


def _no_such_household(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R008: a member's 世帯番号 is that of no household; the one left behind is counted without them."""
    member = HERE & (pl.col("rel_code1") != "02") & (pl.col("person_hist_no") == 1)
    rows = town.take("juki_resident", n, member)
    left = town.rows("juki_household", pl.col("household_no").is_in(rows["household_no"].to_list()))
    town.alter("juki_household", left, member_count=pl.col("member_count") - 1)
    number = _unused(rng, rows.height)
    town.spread("household_no", rows, number)
    return town.alter("juki_resident", rows, household_no=number)


def _unused(rng: np.random.Generator, count: int) -> pl.Series:
    chosen = 390_000_000 + rng.choice(9_000_000, count, replace=False)
    return whole(with_check_digit(chosen, 9), 15).alias("household_no")


def _miscounted(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R011: one member too many."""
    rows = town.take("juki_household", n, pl.col("closed").is_null())
    return town.alter("juki_household", rows, member_count=pl.col("member_count") + 1)


def _without_code(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R013: a resident without 住民票コード."""
    rows = town.take("juki_resident", n, HERE)
    return town.alter("juki_resident", rows, jumin_code=pl.lit(None, pl.String))


def _born_later(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R016: registered as born the day after the birth was entered."""
    entered = (pl.col("entry_reason") == "03") & (pl.col("person_hist_no") == 1) & HERE & JAPANESE
    known = entered & (pl.col("birth_date_unk") == "0")
    known &= pl.col("event_date").is_between(pl.lit("2011-05-01"), pl.lit("2026-03-01"))  # no age of anything yet
    same_year = ~pl.col("event_date").str.ends_with("-04-01")  # of school
    rows = town.take("juki_resident", n, known & same_year)
    late = (pl.col("event_date").str.to_date() + pl.duration(days=1)).cast(pl.String)
    town.spread("birth_date", rows, late)
    return town.alter("juki_resident", rows, birth_date=late, birth_era=spell.era_code(late))


def _other_head(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R020: the head's own record names somebody else as the head."""
    rows = town.take("juki_resident", n, HERE & (pl.col("rel_code1") == "02") & JAPANESE)
    other = pl.col("family_name") + "\u3000" + "十四郎"
    return town.alter("juki_resident", rows, head_name=other)


def _relation_gap(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R021: the second 続柄 stands in the third place."""
    rows = town.take("juki_resident", n, LATEST & pl.col("rel_code2").is_not_null())
    return town.alter(
        "juki_resident", rows, rel_code3=pl.col("rel_code2"), rel_code2=pl.lit(None, pl.String)
    )


def _removed_but_here(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R022: removed, and still a resident; the closed household of one counts them."""
    alone = (
        town.households.join(town.people, on="household")
        .group_by("household_no")
        .len()
        .filter(pl.col("len") == 1)
    )
    gone = LATEST & (pl.col("removed_flag") == "1") & pl.col("jumin_code").is_not_null()
    single = pl.col("household_no").is_in(alone["household_no"].to_list())
    rows = town.take("juki_resident", n, gone & single & (pl.col("rel_code1") == "02"))
    home = town.rows("juki_household", pl.col("household_no").is_in(rows["household_no"].to_list()))
    town.alter("juki_household", home, member_count=pl.lit(1))
    return town.alter("juki_resident", rows, resident_status=pl.lit("1"), removed_flag=pl.lit("0"))


def _wrong_latest(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R006: the first of two generations is marked as the latest. The key is that one's."""
    two = town.people.filter((pl.col("hist_no") == 2) & pl.col("current") & ~pl.col("is_head"))
    mine = pl.col("atena_no").is_in(two["atena_no"].to_list())
    rows = town.take(
        "juki_resident", n, mine & (pl.col("person_hist_no") == 1) & (pl.col("removed_flag") == "0")
    )
    newer = town.rows(
        "juki_resident",
        pl.col("atena_no").is_in(rows["atena_no"].to_list()) & (pl.col("person_hist_no") == 2),
    )
    town.alter("juki_resident", newer, is_latest=pl.lit("0"))
    return town.alter("juki_resident", rows, is_latest=pl.lit("1"))


FAULTS = [
    Fault("R006", "juki_resident", _wrong_latest),
    Fault("R008", "juki_resident", _no_such_household),
    Fault("R011", "juki_household", _miscounted),
    Fault("R013", "juki_resident", _without_code),
    Fault("R016", "juki_resident", _born_later),
    Fault("R020", "juki_resident", _other_head),
    Fault("R021", "juki_resident", _relation_gap),
    Fault("R022", "juki_resident", _removed_but_here),
]
