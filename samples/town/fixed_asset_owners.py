"""Who owns land and buildings here: residents (some of them dead), people from elsewhere, companies, and those
who own jointly, each group under the 宛名番号 that 住登外管理 gave it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from parts import TOWNS

from town.nonresident import groups

if TYPE_CHECKING:
    from town.core import Town

PLACES = pl.DataFrame(
    {
        "oaza_code": [t.code.decode()[5:] for t in TOWNS],
        "location_town": [t.name.decode("cp932") for t in TOWNS],
    }
)
"""Where a plot may lie: 大字コード and 町字."""

PLANNED = PLACES["oaza_code"].head(8)
"""Within 市街化区域: 都市計画税 is levied there."""

FORMER = 1_000
"""How far in front of the members stand those before them."""

AGREED = ((1, 1, 2), (2, 1, 3), (7, 3, 10), (4, 1, 5))
"""What each of two has, and the denominator."""


def holders(town: Town, members: pl.DataFrame) -> pl.DataFrame:
    """Everyone who owns something: owner_atena_no, kind (person, outsider, company, joint), trade (bool: has
    business assets), house, flat, farmer, relief (bool), oaza_code and location_town of the main plot."""
    rng = town.rng("fa_holders")
    people = town.people
    joined = people["atena_no"].is_in(members["member_atena_no"].implode())
    head = people["is_head"] & ~joined
    grown = head & people["current"] & (people["age"] >= 25)
    left = head & ~people["current"] & (people["status"] == "3")
    luck = pl.Series(rng.random(people.height))
    owner = (grown & (luck < 0.55)) | (left & (luck < 0.25))
    flat = grown & luck.is_between(0.55, 0.62)
    trade = (
        people["current"] & (people["work"] == "self") & pl.Series(rng.random(people.height) < 0.5)
    )
    persons = people.select(
        "atena_no", "addr_code", house=pl.lit(owner), flat=pl.lit(flat), trade=pl.lit(trade), kind=pl.lit("person"),
        farmer=pl.lit(pl.Series(rng.random(people.height) < 0.2)) & pl.lit(owner),
    ).filter(pl.any_horizontal("house", "flat", "trade"))  # fmt: skip
    away = town.outsiders.filter(pl.Series(rng.random(town.outsiders.height) < 0.6))
    away = away.select(
        "atena_no", kind=pl.lit("outsider"), house=pl.Series(rng.random(away.height) < 0.4)
    )
    firms = town.companies.filter(pl.Series(rng.random(town.companies.height) < 0.7))
    firms = firms.select("atena_no", kind=pl.lit("company"), trade=pl.col("closed").is_null())
    groups = members.filter("in_force").group_by("joint_atena_no", maintain_order=True).first()
    groups = groups.select(
        atena_no="joint_atena_no", kind=pl.lit("joint"), house=pl.lit(value=True)
    )
    found = pl.concat([persons, away, firms, groups], how="diagonal").with_columns(
        pl.col("house", "flat", "trade", "farmer").fill_null(value=False)
    )
    anywhere = PLACES[rng.integers(0, PLACES.height, found.height)]
    own = pl.col("addr_code").str.slice(5)
    name = own.replace_strict(PLACES["oaza_code"], PLACES["location_town"], default=None)
    known = name.is_not_null()
    return found.hstack(anywhere).select(
        "kind", "trade", "house", "flat", "farmer",
        relief=(pl.col("kind") == "person") & pl.Series(rng.random(found.height) < 0.015),
        owner_atena_no="atena_no",
        oaza_code=pl.when(known).then(own).otherwise("oaza_code"),
        location_town=pl.coalesce(name, "location_town"),
    )  # fmt: skip


def joint_owners(town: Town) -> pl.DataFrame:
    """fa_joint_owner: the members of every 共有 group of 住登外管理, its representative first. Of some groups a share, or
    every share, has passed on: who had it before stands in front, with an end.

    Besides the table's columns `in_force` (bool).
    """
    rng = town.rng("fa_joint_owner")
    known = town.truth.get("atena_corporation")
    registered = groups(town, rng) if known is None else known
    registered = registered.filter((pl.col("atena_kind") == "6") & (pl.col("is_latest") == "1"))
    rows = _members(town, rng, registered.unique("atena_no").sort("atena_no"))
    group, member = pl.col("group"), pl.col("member")
    rows = rows.with_columns(
        since=pl.lit(date(1995, 4, 1)) + pl.duration(days=group * 911 % 9_000),
        passed=(group % 3 == 1) | ((group % 3 == 2) & (member == 0)),
    )
    later = pl.date(2025 - group % 4, 6 + group % 5, 10)
    before = rows.filter("passed").with_columns(
        atena_no=pl.Series(_former(town, rows["passed"].sum())),
        member=member - FORMER,
        valid_to=later - pl.duration(days=1),
    )
    now = rows.with_columns(since=pl.when("passed").then(later).otherwise("since"))
    every = pl.concat([before, now], how="diagonal_relaxed").sort("group", "member")
    every = every.select(
        "joint_atena_no",
        member_seq=pl.int_range(1, pl.len() + 1).over("group"),
        member_atena_no="atena_no",
        rep_flag=member.is_in([-FORMER, 0]).cast(pl.Int8).cast(pl.String),
        share_num="num", share_den="den",
        valid_from=pl.col("since").cast(pl.String),
        valid_to=pl.col("valid_to").cast(pl.String),
        in_force=pl.col("valid_to").is_null(),
        is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
    )  # fmt: skip
    written = every.with_columns(town.operated(every.height, rng))
    operated = pl.col("operator_id", "operated_date", "operated_time")
    return written.with_columns(operated.first().over("joint_atena_no"))


def _members(town: Town, rng: np.random.Generator, registered: pl.DataFrame) -> pl.DataFrame:
    """One row a member: the representative has a half, or as much as the others; of two, what they agreed on."""
    size = registered["joint_count"].to_numpy()
    group = np.repeat(np.arange(len(size)), size)
    member = np.concatenate([np.arange(s) for s in size])
    heads = registered["joint_rep_atena_no"]
    others = town.outsiders.filter(~pl.col("atena_no").is_in(heads.implode()))["atena_no"]
    start = rng.integers(0, len(others), len(size))
    agreed = np.array(AGREED)[rng.integers(0, len(AGREED), len(size))]
    two, half, rest = size[group] == 2, group % 2 == 0, size[group] - 1
    shares = {
        "num": np.where(half & (member == 0), rest, 1),
        "den": np.where(half, 2 * rest, rest + 1),
    }
    pair = {"num": agreed[group, np.minimum(member, 1)], "den": agreed[group, 2]}
    who = pl.DataFrame(
        {"head": heads.gather(group), "other": others.gather((start[group] + member) % len(others))}
    )
    return pl.DataFrame({
        "group": group,
        "member": member,
        "joint_atena_no": registered["atena_no"].gather(group),
        "atena_no": who.select(pl.when(pl.lit(pl.Series(member == 0))).then("head").otherwise("other")).to_series(),
        **{name: np.where(two, pair[name], shares[name]) for name in shares},
    })  # fmt: skip


def _former(town: Town, count: int) -> pl.Series:
    """Those whose share has passed on: the dead, and others if they are too few."""
    dead = town.people.filter(pl.col("status") == "3")["atena_no"]
    return pl.concat([dead, town.companies["atena_no"], town.outsiders["atena_no"]]).head(count)
