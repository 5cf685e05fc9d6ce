"""Who owns land and buildings here: residents (some of them dead), people from elsewhere, companies, and those
who own jointly, each group under a 宛名番号 of its own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from parts import TOWNS

from town.register import numbers
from town.spell import widened

if TYPE_CHECKING:
    from town.core import Town

FIRST = 900_000_000
"""共有者の宛名番号 begin here."""

PLACES = pl.DataFrame(
    {
        "oaza_code": [t.code.decode()[5:] for t in TOWNS],
        "location_town": [t.name.decode("cp932") for t in TOWNS],
    }
)
"""Where a plot may lie: 大字コード and 町字."""

PLANNED = PLACES["oaza_code"].head(8)
"""Within 市街化区域: 都市計画税 is levied there."""

COUPLES = ((1, 1, 2), (2, 1, 3), (7, 3, 10), (4, 1, 5))
"""What husband and wife have, and the denominator."""

ADDRESS = ["addr_city_code", "addr_pref", "addr_city", "addr_town", "addr_banchi", "addr_katagaki", "addr_postal"]


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
    trade = people["current"] & (people["work"] == "self") & pl.Series(rng.random(people.height) < 0.5)
    persons = people.select(
        "atena_no", "addr_code", house=pl.lit(owner), flat=pl.lit(flat), trade=pl.lit(trade), kind=pl.lit("person"),
        farmer=pl.lit(pl.Series(rng.random(people.height) < 0.2)) & pl.lit(owner),
    ).filter(pl.any_horizontal("house", "flat", "trade"))  # fmt: skip
    away = town.outsiders.filter(pl.Series(rng.random(town.outsiders.height) < 0.6))
    away = away.select("atena_no", kind=pl.lit("outsider"), house=pl.Series(rng.random(away.height) < 0.4))
    firms = town.companies.filter(pl.Series(rng.random(town.companies.height) < 0.7))
    firms = firms.select("atena_no", kind=pl.lit("company"), trade=pl.col("closed").is_null())
    groups = members.filter("in_force").group_by("joint_atena_no", maintain_order=True).first()
    groups = groups.select(atena_no="joint_atena_no", kind=pl.lit("joint"), house=pl.lit(value=True))
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
    """fa_joint_owner: couples, and heirs of whom some live elsewhere; of some groups a share has passed on.

    Besides the table's columns `in_force` (bool).
    """
    rng = town.rng("fa_joint_owner")
    rows = pl.concat([_couples(town, rng), _heirs(town, rng)], how="vertical_relaxed")
    group = pl.col("group").rle_id()
    rows = rows.with_columns(group=group).with_columns(
        since=pl.lit(date(1995, 4, 1)) + pl.duration(days=group * 911 % 9_000),
        passed=(pl.col("group") % 6 == 2) & (pl.col("member") == 0),
    )
    later = pl.date(2025 - pl.col("group") % 4, 6 + pl.col("group") % 5, 10)
    before = rows.filter("passed").with_columns(
        atena_no=pl.Series(_former(town, rows["passed"].sum())), member=pl.lit(-1), valid_to=later - pl.duration(days=1)
    )
    now = rows.with_columns(since=pl.when("passed").then(later).otherwise("since"))
    every = pl.concat([before, now], how="diagonal_relaxed").sort("group", "member")
    joint = numbers(FIRST, int(every["group"].max()) + 1)  # type: ignore[arg-type]
    every = every.select(
        joint_atena_no=joint.gather(every["group"]),
        member_seq=pl.int_range(1, pl.len() + 1).over("group"),
        member_atena_no="atena_no",
        rep_flag=(pl.col("member") <= 0).cast(pl.Int8).cast(pl.String),
        share_num="num", share_den="den",
        valid_from=pl.col("since").cast(pl.String),
        valid_to=pl.col("valid_to").cast(pl.String),
        in_force=pl.col("valid_to").is_null(),
        is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
    )  # fmt: skip
    written = every.with_columns(town.operated(every.height, rng))
    operated = pl.col("operator_id", "operated_date", "operated_time")
    return written.with_columns(operated.first().over("joint_atena_no"))


def _couples(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    people = town.people
    here = people.filter(pl.col("current") & pl.col("is_head") & pl.col("spouse").is_not_null())
    here = here.filter(people["current"].gather(here["spouse"]) & pl.Series(rng.random(here.height) < 0.2))
    split = np.array(COUPLES)[rng.integers(0, len(COUPLES), here.height)]
    both = [
        pl.DataFrame({"group": here["person"], "member": place, "atena_no": who, "num": split[:, place], "den": split[:, 2]})
        for place, who in enumerate((here["atena_no"], people["atena_no"].gather(here["spouse"])))
    ]  # fmt: skip
    return pl.concat(both).sort("group", "member")


def _heirs(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """Groups of three to seven: the first lives here and has a half, or as much as the others."""
    count = max(4, town.residents // 120)
    here = town.people.filter(pl.col("current") & pl.col("age").ge(50) & ~pl.col("is_head"))
    here = here.head(count)
    size = 3 + np.arange(here.height) % 5
    group = np.repeat(np.arange(here.height), size)
    member = np.concatenate([np.arange(s) for s in size])
    start = rng.integers(0, town.outsiders.height, here.height)
    away = town.outsiders["atena_no"].gather((start[group] + member) % town.outsiders.height)
    half = group % 2 == 0
    others = size[group] - 1
    return pl.DataFrame({
        "group": town.people.height + group,
        "member": member,
        "atena_no": pl.select(pl.when(pl.lit(pl.Series(member == 0))).then(here["atena_no"].gather(group)).otherwise(away)).to_series(),
        "num": np.where(half & (member == 0), others, 1),
        "den": np.where(half, 2 * others, others + 1),
    })  # fmt: skip


def _former(town: Town, count: int) -> pl.Series:
    """Those whose share has passed on: the dead, and whoever is there if they are too few."""
    dead = town.people.filter(pl.col("status") == "3")["atena_no"]
    return pl.concat([dead, town.outsiders["atena_no"], town.companies["atena_no"]]).head(count)


def as_addressees(town: Town, members: pl.DataFrame) -> pl.DataFrame:
    """The groups as rows of atena_corporation: 宛名区分 6, at the representative's address."""
    home = [pl.lit("482013").alias("addr_city_code"), pl.lit("浅間県").alias("addr_pref"), pl.lit("浅間市").alias("addr_city")]
    people = pl.concat(
        [
            town.people.select("atena_no", "name", "name_kana", *home, *ADDRESS[3:]),
            town.outsiders.select("atena_no", "name", "name_kana", *ADDRESS),
        ]
    )
    now = members.filter("in_force")
    count = now.group_by("joint_atena_no").agg(joint_count=pl.len().cast(pl.Int64))
    heads = now.filter(pl.col("rep_flag") == "1").join(
        people, left_on="member_atena_no", right_on="atena_no", how="left", maintain_order="left"
    )
    heads = heads.join(count, on="joint_atena_no", maintain_order="left")
    others = widened((pl.col("joint_count") - 1).cast(pl.String))
    return heads.select(
        *ADDRESS, "joint_count", "is_latest", "is_deleted", "operator_id", "operated_date", "operated_time",
        atena_no="joint_atena_no", atena_hist_no=pl.lit(1), atena_kind=pl.lit("6"),
        corp_name=pl.col("name") + "　外" + others + "名",
        corp_kana=pl.col("name_kana") + "　ホカ" + others + "メイ",
        joint_rep_atena_no="member_atena_no",
    )  # fmt: skip
