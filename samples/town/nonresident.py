"""住登外管理 (0301 to 0304) as it is true, and what may be wrong with it.

Who is addressed without living here: the town's outsiders and companies, some owners abroad, second numbers of the same
person or company (merged into the first), and joint owners under the number of their group (共有).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from make import NEVER, TODAY, between
from parts import FOREIGN_GIVEN, FOREIGN_SURNAMES

from town import spell
from town.businesses import elsewhere
from town.core import Town, city_columns
from town.foreigner import COUNTRIES
from town.mailing import mailings
from town.nonresident_faults import FAULTS
from town.register import numbers, series

__all__ = ["FAULTS", "facts"]

ADDRESS = (
    "addr_city_code",
    "addr_pref",
    "addr_city",
    "addr_town",
    "addr_banchi",
    "addr_katagaki",
    "addr_postal",
)
STREETS = (
    "１２　ＭＡＩＮ　ＳＴＲＥＥＴ　ＮＯＲＴＨＰＯＲＴ",
    "８８　ＲＩＶＥＲ　ＲＯＡＤ　ＥＡＳＴＦＩＥＬＤ",
    "５　ＬＩＮＤＥＮＷＥＧ　ＯＢＥＲＳＴＡＤＴ",
)
TITLES = ("代表取締役", "取締役社長", "代表社員", "清算人")
SINCE = np.datetime64("2000-01-01")


def facts(town: Town) -> None:
    rng = town.rng("nonresident")
    people, links = nonresidents(town, rng)
    town.add("atena_nonresident", people)
    bodies, more = corporations(town, rng)
    town.add("atena_corporation", bodies)
    town.add("atena_corporation", groups(town, rng))
    town.add("atena_identity_link", pl.concat([links, more]))
    town.add("atena_mailing", mailings(town, town.rng("mailing")))


def generations(
    town: Town, rng: np.random.Generator, frame: pl.DataFrame, share: float
) -> pl.DataFrame:
    """Two rows for a share of them, atena_hist_no 1 and 2; `older` tells the rows of the past."""
    count = frame.height
    twice = rng.random(count) < share
    since = between(rng, np.full(count, SINCE), np.full(count, TODAY - 900))
    parts = []
    for number in (1, 2):
        latest = twice == (number == 2)
        begun = since if number == 1 else since + 800
        part = frame.with_columns(
            atena_hist_no=pl.lit(number),
            is_latest=pl.Series(np.where(latest, "1", "0")),
            is_deleted=pl.lit("0"),
            older=pl.Series(~latest),
        ).with_columns(town.operated(count, rng, pl.Series(begun)))
        parts.append(part.filter(pl.Series(twice | (number == 1))))
    return pl.concat(parts).sort("atena_no", "atena_hist_no")


def earlier(rng: np.random.Generator, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the past with the address of then."""
    before = pl.DataFrame(elsewhere(rng, frame.height)).rename(lambda c: f"before_{c}")
    both = pl.concat([frame, before], how="horizontal")
    return both.with_columns(
        pl.when("older").then(pl.col(f"before_{c}")).otherwise(pl.col(c)).alias(c) for c in ADDRESS
    ).drop("older", *(f"before_{c}" for c in ADDRESS))


# ---- 0301 ----


def nonresidents(town: Town, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """atena_nonresident, and the links of those who have another number."""
    named = {"family_name": "family", "given_name": "given"}
    kept = ("name", "name_kana", "family_kana", "given_kana", "sex", *ADDRESS)
    own = town.outsiders.select("atena_no", *kept, "birth_date", **named)
    nameless = pl.Series(rng.random(own.height) < 0.05)  # of some the birthday was never known
    own = own.with_columns(birth_date=pl.when(~nameless).then("birth_date"))
    twins, links = doubled(town, rng)
    tel = pl.Series(rng.integers(1_000, 9_999, own.height)).cast(pl.String)
    reached = pl.Series(rng.random(own.height) < 0.4)
    own = own.with_columns(tel=pl.when(reached).then("0999-00-" + tel))
    secret = town.truth["juki_restriction"]["atena_no"] if "juki_restriction" in town.truth else []
    frame = pl.concat([own, twins, abroad(town, rng)], how="diagonal_relaxed").with_columns(
        birth_date_unk=pl.when(pl.col("birth_date").is_not_null()).then(
            spell.unknown("birth_date")
        ),
        birth_date_unk_text=spell.unknown_wording("birth_date"),
        merged_flag=pl.col("merged_into").is_not_null().cast(pl.Int8).cast(pl.String),
        no_share_flag=pl.col("atena_no").is_in(list(secret)).cast(pl.Int8).cast(pl.String),
    )
    past = earlier(rng, generations(town, rng, frame, 0.12))
    overseas = pl.col("addr_country").is_not_null()
    gone = pl.lit(None, pl.String)
    past = past.with_columns(
        pl.when(overseas).then(gone).otherwise(pl.col(c)).alias(c) for c in ADDRESS
    )
    return past, links


def doubled(town: Town, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """住登外 who moved in later under another number, and outsiders who were registered twice; and their links.

    Every fourth link was undone again: then the number stands for itself, as before.
    """
    count = max(4, town.residents // 150)
    came = town.people.filter(pl.col("current") & ~pl.col("foreign") & (pl.col("age") >= 30))
    came = came.filter(pl.col("previous").is_not_null())
    came = came.sample(min(count, came.height), seed=int(rng.integers(1 << 30)))
    twice = town.outsiders.sample(max(2, count // 2), seed=int(rng.integers(1 << 30)))
    columns = (
        "name",
        "name_kana",
        "family",
        "given",
        "family_kana",
        "given_kana",
        "sex",
        "birth_date",
    )
    both = pl.concat([f.select(*columns, into="atena_no") for f in (came, twice)])
    both = both.rename({"family": "family_name", "given": "given_name"})
    undone = pl.Series(np.arange(both.height) % 4 == 3)
    both = both.with_columns(
        atena_no=numbers(510_000_000, both.height),
        merged_into=pl.when(~undone).then("into"),
        **elsewhere(rng, both.height),
    )
    return both.drop("into"), linked(town, rng, both, undone)


def linked(
    town: Town, rng: np.random.Generator, both: pl.DataFrame, undone: pl.Series
) -> pl.DataFrame:
    """atena_identity_link of frames with atena_no and into."""
    count = both.height
    merged = between(rng, np.full(count, np.datetime64("2015-01-01")), np.full(count, TODAY - 500))
    released = np.where(undone.to_numpy(), merged + rng.integers(10, 400, count), NEVER)
    return both.select(
        "atena_no", merged_into="into",
        merged_date=pl.Series(merged).cast(pl.Date).cast(pl.String),
        basis=pl.Series(rng.choice(["2", "3"], count)),
        released_date=series(released).cast(pl.String),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    ).with_columns(town.operated(count, rng, pl.Series(merged)))  # fmt: skip


def abroad(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """Foreign owners who live abroad."""
    count = max(3, town.outsiders.height // 30)
    family = [FOREIGN_SURNAMES[i] for i in rng.integers(0, len(FOREIGN_SURNAMES), count)]
    sex = rng.integers(1, 3, count)
    given = [FOREIGN_GIVEN[s][i] for s, i in zip(sex, rng.integers(0, 6, count), strict=True)]
    name = [
        (f.kanji + b"\x81\x40" + g[0]).decode("cp932") for f, g in zip(family, given, strict=True)
    ]
    kana = [(f.kana + b" " + g[1]).decode("cp932") for f, g in zip(family, given, strict=True)]
    country = pl.Series(list(COUNTRIES)).gather(pl.Series(rng.integers(0, len(COUNTRIES), count)))
    frame = pl.DataFrame({
        "atena_no": numbers(530_000_000, count), "name": name, "name_roman": name, "name_kana": kana,
        "sex": pl.Series(sex).cast(pl.String),
        "birth_date": pl.Series(between(rng, np.full(count, np.datetime64("1950")), np.full(count, np.datetime64("1990")))).cast(pl.Date).cast(pl.String),
        "addr_country": country,
        "addr_overseas": pl.Series(STREETS).gather(pl.Series(rng.integers(0, len(STREETS), count))),
    })  # fmt: skip
    return frame.with_columns(
        pl.col("name_kana").pipe(spell.widened),
        addr_country_name=pl.col("addr_country").replace_strict(COUNTRIES),
    )


# ---- 0302 ----


def corporations(town: Town, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The companies, and branches that once had a number of their own."""
    firms = town.companies.select(
        "atena_no", "corporate_no", "corp_kind", *ADDRESS, "tel",
        corp_name="name", corp_kana="name_kana", rep_name="representative",
        established=pl.col("established").cast(pl.String), closed=pl.col("closed").cast(pl.String),
    )  # fmt: skip
    count = firms.height
    titled = pl.Series(TITLES).gather(pl.Series(rng.choice(4, count, p=[0.7, 0.2, 0.05, 0.05])))
    elsewhere_registered = pl.Series(rng.random(count) < 0.15)
    firms = firms.with_columns(
        rep_title=titled,
        registered_addr=pl.when(elsewhere_registered).then(
            pl.lit("黒姫県黒姫市ソ連台七番町")
            + pl.int_range(pl.len()).cast(pl.String).pipe(spell.widened)
            + "番地"
        ),
    )
    number = max(3, count // 25)
    twice = firms.filter(pl.col("closed").is_null()).head(number)
    undone = pl.Series(np.arange(twice.height) % 4 == 3)
    own = numbers(820_000_000, twice.height).rename("atena_no")
    branches = twice.with_columns(
        own, branch_name=pl.lit("浅間支店"), registered_addr=pl.lit(None, pl.String)
    )
    links = linked(town, rng, twice.select(own, into="atena_no"), undone)
    frame = pl.concat([firms, branches], how="diagonal_relaxed").with_columns(
        atena_kind=pl.lit("5")
    )
    past = generations(town, rng, frame, 0.10)
    gone = pl.when("older").then(None)
    past = past.with_columns(closed=gone.otherwise("closed"), tel=gone.otherwise("tel"))
    return earlier(rng, past), links


def groups(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """共有: the group's number, called by the one who stands for it."""
    count = max(3, town.residents // 100)
    kept = (
        "atena_no",
        "name",
        "name_kana",
        "addr_town",
        "addr_banchi",
        "addr_katagaki",
        "addr_postal",
    )
    grown = town.people.filter(pl.col("current") & ~pl.col("foreign") & (pl.col("age") >= 25))
    here = grown.select(*kept, **city_columns())
    whole = pl.concat([here, town.outsiders.select(*kept, *ADDRESS[:3])])
    rows = whole.sample(min(count, whole.height), seed=int(rng.integers(1 << 30)))
    members = pl.Series(rng.integers(2, 6, rows.height))
    others = (members - 1).cast(pl.String)
    since = pl.Series(between(rng, np.full(rows.height, SINCE), np.full(rows.height, TODAY - 10)))
    return rows.select(
        *ADDRESS,
        atena_no=numbers(900_000_000, rows.height),
        atena_hist_no=pl.lit(1),
        atena_kind=pl.lit("6"),
        corp_name=pl.col("name") + "　外" + pl.select(spell.widened(pl.lit(others))).to_series() + "名",
        corp_kana=pl.col("name_kana") + "　ホカ",
        joint_rep_atena_no="atena_no",
        joint_count=members.cast(pl.Int64),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    ).with_columns(town.operated(rows.height, rng, since))  # fmt: skip
