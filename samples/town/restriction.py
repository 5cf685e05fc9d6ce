"""支援措置・抑止情報 (0105) as it is true, and what may be wrong with it.

One application (申出) protects the applicant and the children with her; it is renewed every year under a new 抑止連番.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from make import TODAY

from town.core import CITY, Fault, Town
from town.foreigner import days
from town.register import numbers

MOST = 4
"""Those whom one application may name besides the applicant."""

YEAR = np.timedelta64(365, "D")
FOREVER = "9999-12-31"
KINDS = ("01", "02", "03", "04")
NOTES = ("相談機関の意見を確認済み", "警察署の意見書あり", "転送先を他部署にも秘匿", None, None)
ENDED = 0.004
"""The share of grown-ups whose protection ended years ago."""


def facts(town: Town) -> None:
    rows = applications(town)
    town.add(
        "juki_restriction",
        rows.drop("application", "companion", "kin", "station")
        .with_columns(is_latest=pl.lit("1"), is_deleted=pl.lit("0")),
    )  # fmt: skip


def applications(town: Town) -> pl.DataFrame:
    """The rows in the order of the truth, with application (number), companion (0: the applicant) and what only
    an application says: kin (of the companion), station (who gave an opinion)."""
    rng = town.rng("restriction")
    heads = applicants(town, rng)
    count = heads.height
    last = TODAY - rng.integers(0, 330, count).astype("m8[D]")
    ended = heads["ended"].to_numpy()
    last = np.where(ended, last - 5 * YEAR, last)
    times = np.minimum(
        rng.integers(1, 4, count), 1 + (last - days(heads["since"])).astype(np.int64) // 365
    )
    times = np.where(heads["outside"].to_numpy(), 1, np.maximum(times, 1))
    frame = heads.with_columns(
        category=pl.Series(KINDS).gather(pl.Series(rng.choice(4, count, p=[0.6, 0.2, 0.12, 0.08]))),
        stop_event=pl.Series(rng.integers(0, 2, count)).cast(pl.String),
        note=pl.Series(NOTES).gather(pl.Series(rng.integers(0, len(NOTES), count))),
        received_city=pl.Series(np.where(rng.random(count) < 0.2, "492019", CITY)),
        station=pl.Series(rng.integers(1, 4, count)),
        last=pl.Series(last), times=pl.Series(times), lead=pl.Series(rng.integers(0, 21, count)),
        **offenders(town, rng, count),
    )  # fmt: skip
    turns = frame.with_columns(restriction_seq=pl.int_ranges(1, pl.col("times") + 1)).explode(
        "restriction_seq"
    )
    begun = pl.col("last") - (pl.col("times") - pl.col("restriction_seq")) * pl.duration(days=365)
    turns = turns.with_row_index("application", offset=1).with_columns(
        start=begun, end=begun + pl.duration(days=364)
    )
    whole = turns.with_columns(pl.concat_list("atena_no", "others").alias("atena_no")).explode(
        "atena_no"
    )
    whole = whole.with_columns(companion=pl.int_range(pl.len()).over("application"))
    family = (pl.len().over("application") > 1).cast(pl.Int64) + 1
    kin = pl.when("outside").then(pl.lit("その他")).otherwise(pl.lit("子"))
    return whole.select(
        "atena_no", "restriction_seq", "category", "stop_event", "note", "received_city",
        "offender_name", "offender_atena_no", pl.col("application").cast(pl.Int64), "companion", "station",
        scope=family.cast(pl.String),
        stop_issue=pl.lit("1"),
        stop_view=pl.lit("1"),
        start_date=pl.col("start").cast(pl.Date).cast(pl.String),
        end_date=pl.when("outside").then(pl.lit(FOREVER)).otherwise(pl.col("end").cast(pl.Date).cast(pl.String)),
        applied_date=(pl.col("start") - pl.duration(days=1) * pl.col("lead")).cast(pl.Date).cast(pl.String),
        kin=pl.when(pl.col("companion") > 0).then(kin),
        operator_id="T" + (pl.col("application") % 24 + 1).cast(pl.String).str.zfill(3),
        operated_date=pl.col("start").cast(pl.Date).cast(pl.String),
        operated_time=pl.lit("10:") + (pl.col("application") % 60).cast(pl.String).str.zfill(2) + ":00",
    )  # fmt: skip


def applicants(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """atena_no, others (宛名番号 of up to four with them), since, ended, outside."""
    grown = town.people.filter(pl.col("current") & (pl.col("age") >= 18))
    now = grown.filter("protected")
    children = town.people.filter(pl.col("protected") & (pl.col("age") < 18))
    with_them = children.group_by(pl.col("mother").alias("person"), maintain_order=True).agg(
        others="atena_no"
    )
    early = grown.filter(~pl.col("protected") & (pl.col("entered") < pl.date(2017, 1, 1)))
    past = early.filter(pl.Series(rng.random(early.height) < ENDED))
    parts = [
        now.join(with_them, on="person", how="left", maintain_order="left").select(
            "atena_no", "others", since="entered", ended=pl.lit(False)
        ),
        past.select("atena_no", since="entered", ended=pl.lit(True)),
        away(town, rng),
    ]
    none = pl.lit([], pl.List(pl.String))
    return pl.concat(parts, how="diagonal").with_columns(
        pl.col("others").list.head(MOST).fill_null(none), pl.col("outside").fill_null(value=False)
    )


def away(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """Families who live elsewhere, for whom the town keeps 戸籍の附票; the first one has as many as fit."""
    families = max(1, town.outsiders.height // 40)
    size = [MOST, *rng.integers(0, 3, families - 1)]
    chosen = town.outsiders.sample(
        families + sum(size), shuffle=True, seed=int(rng.integers(1 << 30))
    )
    drawn = chosen["atena_no"].to_list()
    rest = iter(drawn[families:])
    others = [[next(rest) for _ in range(n)] for n in size]
    return pl.DataFrame(
        {"atena_no": drawn[:families], "others": others},
        schema_overrides={"others": pl.List(pl.String)},
    ).with_columns(since=pl.lit(TODAY.item()), ended=pl.lit(False), outside=pl.lit(True))


def offenders(town: Town, rng: np.random.Generator, count: int) -> dict[str, pl.Series]:
    """Of half of them the name is known, of some the number: 住登外 of the town."""
    luck = rng.random(count)
    chosen = town.outsiders[pl.Series(rng.integers(0, town.outsiders.height, count))]
    named, numbered = pl.Series(luck < 0.6), pl.Series(luck < 0.3)
    return {
        "offender_name": pl.select(pl.when(named).then(chosen["name"])).to_series(),
        "offender_atena_no": pl.select(pl.when(numbered).then(chosen["atena_no"])).to_series(),
    }


# ---- what may be wrong ----


def _alone(town: Town) -> pl.Expr:
    """Applications of one person: what all of an application share is changed in one row."""
    rows = applications(town)
    size = rows.select(pl.len().over("application")).to_series()
    keys = rows.filter(size == 1).select(
        pl.concat_str("atena_no", pl.col("restriction_seq").cast(pl.String), separator=" ")
    )
    mine = pl.concat_str("atena_no", pl.col("restriction_seq").cast(pl.String), separator=" ")
    return mine.is_in(keys.to_series().to_list())


def _for_nobody(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R024: a measure for a number that is on no register."""
    rows = town.take("juki_restriction", n, _alone(town) & (pl.col("restriction_seq") == 1))
    unused = numbers(395_000_000, rows.height).alias("atena_no")
    return town.alter("juki_restriction", rows, atena_no=unused)


def _ends_first(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R024: a measure that ends the day before it begins."""
    rows = town.take("juki_restriction", n, _alone(town))
    eve = (pl.col("start_date").str.to_date() - pl.duration(days=1)).cast(pl.String)
    return town.alter("juki_restriction", rows, end_date=eve)


FAULTS = [
    Fault("R024", "juki_restriction", _for_nobody),
    Fault("R024", "juki_restriction", _ends_first),
]
