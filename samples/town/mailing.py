"""送付先 (0304): who wants their letters sent elsewhere, to whom, for which business.

Gives the rows of atena_mailing; nonresident.py adds them. A party has at most one address for a business at a time.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from make import TODAY, between
from parts import wide

from town import spell
from town.businesses import elsewhere
from town.core import Town, city_columns
from town.foreigner import days
from town.register import series

TAX, NHI, CARE, CORPORATE, REGISTER = "007", "012", "014", "009", "001"
"""業務ID: the number of the business's area."""

HOMES = ("特別養護老人ホーム霧の里", "介護老人保健施設ともしび", "グループホーム竹の家")
KEPT = (
    "name",
    "name_kana",
    "addr_city_code",
    "addr_pref",
    "addr_city",
    "addr_town",
    "addr_banchi",
    "addr_katagaki",
    "addr_postal",
)


def mailings(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """All rows, in the order of party, business and number."""
    wished = pl.concat(
        [
            tax_agents(town, rng), heirs(town, rng), guardians(town, rng), in_homes(town, rng),
            protected(town, rng), offices(town, rng),
        ],
        how="diagonal_relaxed",
    )  # fmt: skip
    wished = wished.unique(["atena_no", "gyomu_id"], keep="first", maintain_order=True)
    count = wished.height
    since = between(rng, np.full(count, np.datetime64("2016-01-01")), np.full(count, TODAY - 60))
    since = np.maximum(since, days(wished["since"].fill_null(pl.date(2016, 1, 1))))
    twice = (rng.random(count) < 0.25) & (since < TODAY - 900)
    over = ~twice & (rng.random(count) < 0.15) & (since < TODAY - 500)
    turn = since + 500
    nowhere = series(np.full(count, np.datetime64("NaT"), "M8[D]"))
    first_end = pl.select(
        pl.when(pl.Series(twice | over)).then(pl.Series(turn - 1)).otherwise(nowhere)
    ).to_series()
    first = wished.with_columns(mailing_seq=pl.lit(1), begun=pl.Series(since), end=first_end)
    second = wished.with_columns(mailing_seq=pl.lit(2), begun=pl.Series(turn), end=nowhere)
    rows = pl.concat([first, second.filter(pl.Series(twice))]).sort(
        "atena_no", "gyomu_id", "mailing_seq"
    )
    begun = rows["begun"]
    return rows.drop("since", "begun", "end").with_columns(
        valid_from=begun.cast(pl.Date).cast(pl.String),
        valid_to=rows["end"].cast(pl.Date).cast(pl.String),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    ).with_columns(town.operated(rows.height, rng, begun))  # fmt: skip


def _some(
    rng: np.random.Generator, frame: pl.DataFrame, share: float, least: int = 1
) -> pl.DataFrame:
    count = min(frame.height, max(least, round(frame.height * share)))
    return frame.sample(count, seed=int(rng.integers(1 << 30)))


def _residents(town: Town) -> pl.DataFrame:
    """Grown-up residents with the whole address."""
    here = pl.col("current") & ~pl.col("foreign") & ~pl.col("protected") & (pl.col("age") >= 25)
    return town.people.with_columns(**city_columns()).filter(here)


def _to(frame: pl.DataFrame, addressees: pl.DataFrame, gyomu: str, reason: str) -> pl.DataFrame:
    """Letters of the frame's parties to addressees with a number (as many)."""
    renamed = {c: c.replace("addr_", "mail_").replace("name", "mailing_name", 1) for c in KEPT}
    renamed["name_kana"] = "mailing_kana"
    target = addressees.select("atena_no", *KEPT).rename(
        {"atena_no": "mailing_atena_no", **renamed}
    )
    since = (
        frame["since"]
        if "since" in frame.columns
        else pl.Series("since", [None] * frame.height, dtype=pl.Date)
    )
    return pl.concat(
        [frame.select("atena_no"), target, since.to_frame()], how="horizontal"
    ).with_columns(gyomu_id=pl.lit(gyomu), mailing_reason=pl.lit(reason))


def tax_agents(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """納税管理人 of outsiders: residents."""
    who = _some(rng, town.outsiders, 0.1, 3)
    agents = _residents(town).sample(who.height, seed=int(rng.integers(1 << 30)))
    return _to(who, agents, TAX, "01")


def heirs(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """相続人代表者 of those who died lately."""
    dead = town.people.filter(
        (pl.col("status") == "3") & (pl.col("removed") >= pl.date(2015, 1, 1))
    )
    who = _some(rng, dead.with_columns(since=pl.col("removed") + pl.duration(days=40)), 0.6)
    who = who.filter(pl.col("since") < pl.lit(TODAY.item()))
    mine = town.outsiders.sample(who.height, with_replacement=True, seed=int(rng.integers(1 << 30)))
    return _to(who, mine, TAX, "02")


def guardians(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """成年後見人: outsiders, of some of the old."""
    old = town.people.filter(pl.col("current") & (pl.col("age") >= 70) & ~pl.col("protected"))
    who = _some(rng, old, 0.03)
    mine = town.outsiders.sample(who.height, with_replacement=True, seed=int(rng.integers(1 << 30)))
    return _to(who, mine, NHI, "03")


def in_homes(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """施設入所: the person themselves, at the home's address."""
    old = town.people.filter(pl.col("current") & (pl.col("age") >= 78) & ~pl.col("protected"))
    who = _some(rng, old, 0.08)
    count = who.height
    place = pl.DataFrame(elsewhere(rng, count)).rename(lambda c: c.replace("addr_", "mail_"))
    rooms = pl.Series([wide(str(n)) for n in rng.integers(101, 340, count)])
    home = pl.Series(HOMES).gather(pl.Series(rng.integers(0, len(HOMES), count)))
    return pl.concat(
        [who.select("atena_no", mailing_name="name", mailing_kana="name_kana"), place], how="horizontal"
    ).with_columns(
        gyomu_id=pl.lit(CARE), mailing_reason=pl.lit("04"), mail_katagaki=home + rooms + "号室",
        tel=pl.lit("0999-00-0100"),
    )  # fmt: skip


def protected(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """DV等支援措置: a counselling office takes the letters."""
    who = town.people.filter("protected")
    return who.select(
        "atena_no", mailing_name=pl.lit("浅間県女性相談支援センター"), mailing_kana=pl.lit("アサマケンジョセイソウダンシエンセンター"),
        gyomu_id=pl.lit(REGISTER), mailing_reason=pl.lit("05"), mail_city_code=pl.lit("482021"), mail_pref=pl.lit("浅間県"),
        mail_city=pl.lit("下浅間市"), mail_town=pl.lit("暴風字能"), mail_banchi=pl.lit("私書箱３号"), mail_postal=pl.lit("0004802"),
    )  # fmt: skip


def offices(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """Companies that want the city's letters at their accountants' desk."""
    who = _some(rng, town.companies.filter(pl.col("closed").is_null()), 0.15, 2)
    place = pl.DataFrame(elsewhere(rng, who.height)).rename(lambda c: c.replace("addr_", "mail_"))
    named = who.select(
        "atena_no", "tel", mailing_name=pl.col("name") + "　経理部",
        mailing_kana=pl.col("name_kana") + "　ケイリブ", gyomu_id=pl.lit(CORPORATE), mailing_reason=pl.lit("09"),
    )  # fmt: skip
    return pl.concat([named, place], how="horizontal").with_columns(
        mail_katagaki=spell.widened("mail_katagaki")
    )
