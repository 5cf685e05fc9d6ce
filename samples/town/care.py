"""介護保険: who is insured, whose need of care is certified, what they pay, and whose costs are reduced.

`insured` draws who is insured and since when, and gives the working frame from which the other modules
(care_certification, care_levy, care_reduction) make the rest.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.care_certification import certifications
from town.care_faults import FAULTS
from town.care_levy import levied, levies
from town.care_reduction import reductions
from town.core import iso, standard, workday

if TYPE_CHECKING:
    import numpy as np

    from town.core import Town

__all__ = ["FAULTS", "facts"]

BEGUN = date(2000, 4, 1)
"""The law's first day."""

REMOVED_SINCE = date(2016, 4, 1)
INSURER = "482018"
"""保険者番号 of the town: 48 201 and a check digit."""

LAST_AUGUST = date(2025, 8, 1)
"""The shares that people pay (負担割合) are settled every August."""

INTO = {"moved in": "001", "sixty-five": "002", "law": "005", "other": "009"}
OUT = {"moved out": "101", "died": "102", "exempted": "103", "abroad": "105", "other": "109"}
"""C141, C142."""

DAY, TEXT = pl.lit(None, pl.Date), pl.lit(None, pl.String)


def facts(town: Town) -> None:
    """Fill the four tables of 介護保険 and the year's levies."""
    drawn = insured(town)
    town.add("ltci_insured", drawn.select(_of_table("ltci_insured", drawn)))
    live = drawn.filter((pl.col("is_deleted") == "0") & (pl.col("part") == 1))
    town.add("ltci_certification", certifications(town, live.filter("certified")))
    premiums = levies(town, live)
    town.add("ltci_levy", premiums.select(_of_table("ltci_levy", premiums)))
    town.levy(levied(premiums))
    town.add("ltci_reduction", reductions(town, live.filter("certified")))


def _of_table(table: str, frame: pl.DataFrame) -> list[str]:
    """The table's columns that the frame has."""
    return [c.name for c in standard(table) if c.name in frame.columns]


def insured(town: Town) -> pl.DataFrame:
    """ltci_insured with the working columns begin, end, certified, part (2: a second class left behind)."""
    rng = town.rng("ltci_insured")
    people = _old(town, rng)
    first, second = _first_class(people), _second_class(people)
    left_behind = _before(first)
    struck = first.filter((pl.col("luck") < 0.006) & pl.col("end").is_null()).with_columns(
        wrong=pl.lit(value=True), serial=pl.col("serial") + 1, certified=pl.lit(value=False)
    )
    rows = pl.concat([first, second, left_behind, struck], how="diagonal_relaxed")
    rows = rows.with_columns(
        both=pl.col("serial").is_duplicated(),
        insured_no=pl.col("serial").cast(pl.String).str.zfill(10),
    ).sort("insured_no", "begin")
    own = rows.filter(pl.col("part") == 1)
    stamps = own.select("insured_no").with_columns(town.operated(own.height, rng, own["begin"]))
    rows = rows.join(stamps, on="insured_no", maintain_order="left")
    return _rows(rows)


# ---- people ----


def _old(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """Everyone insured today, or until they left."""
    sixty_five = pl.col("born").dt.offset_by("65y").dt.offset_by("-1d")
    people = town.people.with_columns(
        sixty_five=sixty_five,
        gone=pl.coalesce("removed", pl.lit(town.today)),
    ).filter(
        pl.col("ltci")
        | ((pl.col("removed") >= REMOVED_SINCE) & (pl.col("sixty_five") < pl.col("removed")))
    )
    count = people.height
    share = pl.when(pl.col("age") < 75).then(0.05).when(pl.col("age") < 85).then(0.2).otherwise(0.5)
    return people.with_columns(
        luck=pl.Series(rng.random(count)),
        taste=pl.Series(rng.random(count)),
        days=pl.Series(rng.integers(0, 1500, count)),
        serial=200_001 + pl.col("person") * 3,
        certified=(pl.col("age") < 65) | (pl.Series(rng.random(count)) < share),
        wrong=pl.lit(value=False),
        part=pl.lit(1),
    )


def _first_class(people: pl.DataFrame) -> pl.DataFrame:
    """第1号: since 65, since they moved in, or since the law began."""
    people = people.filter(pl.col("sixty_five") < pl.col("gone"))
    away = pl.col("removed").is_not_null()
    died, abroad = pl.col("status") == "3", pl.col("removal_reason") == "22"
    guest = away & ~died & ~abroad & (pl.col("taste") < 0.2)
    exempt = ~away & (pl.col("taste") > 0.996) & (pl.col("begin") < date(2025, 1, 1))
    out = (
        pl.when(guest).then(None).when(died).then(pl.lit(OUT["died"]))
        .when(abroad).then(pl.lit(OUT["abroad"])).when(away).then(pl.lit(OUT["moved out"]))
        .when(exempt).then(pl.lit(OUT["exempted"]))
    )  # fmt: skip
    begin = pl.max_horizontal("sixty_five", "entered", pl.lit(BEGUN))
    why = (
        pl.when(begin == BEGUN).then(pl.lit(INTO["law"]))
        .when(pl.col("entered") > pl.col("sixty_five")).then(pl.lit(INTO["moved in"]))
        .otherwise(pl.lit(INTO["sixty-five"]))
    )  # fmt: skip
    return people.with_columns(begin=begin).with_columns(
        insured_kind=pl.lit("1"),
        why=why,
        first=pl.max_horizontal("sixty_five", pl.lit(BEGUN)),
        end=pl.when(guest).then(None).when(died).then(pl.col("removed").dt.offset_by("1d"))
        .when(away).then("removed").when(exempt).then(pl.lit(date(2025, 2, 3))),
        out=out,
        guest=guest,
        exempt=exempt,
    )  # fmt: skip


def _second_class(people: pl.DataFrame) -> pl.DataFrame:
    """第2号: certified before 65; insured here since they applied."""
    people = people.filter(pl.col("current") & (pl.col("age") < 65))
    forty = pl.col("born").dt.offset_by("40y")
    begin = pl.max_horizontal(
        forty, "entered", pl.col("gone") - pl.duration(days=90 + pl.col("days"))
    )
    return people.with_columns(
        insured_kind=pl.lit("2"), begin=begin, why=pl.lit(INTO["other"]), first=DAY, end=DAY, out=TEXT,
        guest=pl.lit(value=False), exempt=pl.lit(value=False),
    ).filter(pl.col("begin") < pl.col("gone"))  # fmt: skip


def _before(first: pl.DataFrame) -> pl.DataFrame:
    """Some were in the second class until 65."""
    begin = pl.col("sixty_five") - pl.duration(days=200 + pl.col("days") // 2)
    young = (pl.col("why") == INTO["sixty-five"]) & (pl.col("sixty_five") > date(2005, 4, 1))
    found = first.filter(young & (pl.col("luck") > 0.96) & (begin > pl.col("entered")))
    return found.with_columns(
        insured_kind=pl.lit("2"), begin=begin, why=pl.lit(INTO["other"]), first=DAY, end=pl.col("sixty_five"),
        out=pl.lit(OUT["other"]), guest=pl.lit(value=False), exempt=pl.lit(value=False), part=pl.lit(2),
        certified=pl.lit(value=False),
    )  # fmt: skip


# ---- rows ----


def _rows(rows: pl.DataFrame) -> pl.DataFrame:
    """With the columns of ltci_insured."""
    main = pl.col("part") == 1
    told = workday(pl.col("begin") + pl.duration(days=pl.col("days") % 14))
    gone = workday(pl.col("end") + pl.duration(days=pl.col("days") % 10))
    notified = (pl.col("why") == INTO["moved in"]) & (told < date(2026, 4, 1))
    shares = pl.when(pl.col("income") > 5_000_000).then(pl.lit("3"))
    shares = shares.when(pl.col("income") > 3_900_000).then(pl.lit("2")).otherwise(pl.lit("1"))
    paying = pl.col("certified") & pl.col("end").is_null()
    inside = main & (pl.col("guest") | (pl.col("certified") & (pl.col("taste") < 0.15)))
    stay = pl.max_horizontal("begin", pl.lit(date(2021, 4, 1))) + pl.duration(days="days")
    in_time = stay < pl.min_horizontal("gone", pl.coalesce("end", "gone"))
    admitted = pl.when(main & pl.col("guest")).then("gone").when(inside & in_time).then(stay)
    issued = pl.when(main & (pl.col("begin") < date(2026, 3, 20))).then(
        iso(workday(pl.col("begin") + pl.duration(days=10)))
    )  # fmt: skip
    rows = rows.with_columns(admitted=admitted)
    return rows.with_columns(
        ltci_seq=pl.int_range(1, pl.len() + 1).over("insured_no"),
        insurer_no=pl.lit(INSURER),
        acquired_date=iso("begin"),
        acquired_notified=pl.when(notified).then(iso(told)),
        acquire_reason="why",
        first_acquired=iso("first"),
        lost_date=iso("end"),
        lost_notified=pl.when(main & (gone < date(2026, 4, 1))).then(iso(gone)),
        lose_reason="out",
        resid_exception=_flag("guest"),
        facility_no=pl.when(pl.col("admitted").is_not_null()).then(
            "4870" + (100_000 + pl.col("days") * 101).cast(pl.String)
        ),
        admitted_date=iso("admitted"),
        discharged_date=pl.when(pl.col("admitted").is_not_null()).then(iso("end")),
        exempted=_flag("exempt"),
        cert_issued=issued,
        restriction_kind=pl.when(pl.col("certified") & (pl.col("luck") < 0.02))
        .then((1 + pl.col("days") % 3).cast(pl.String)).otherwise(pl.lit("0")),
        copay_ratio=pl.when(paying).then(shares),
        copay_from=pl.when(paying).then(iso(pl.max_horizontal("begin", pl.lit(LAST_AUGUST)))),
        is_latest=_flag(~pl.col("wrong")),
        is_deleted=_flag("wrong"),
    )  # fmt: skip


def _flag(value: pl.Expr | str) -> pl.Expr:
    found = pl.col(value) if isinstance(value, str) else value
    return found.cast(pl.Int8).cast(pl.String)
