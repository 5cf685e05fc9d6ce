"""児童手当: who is, or was, entitled to which child.

A bond is a recipient and a child, from month to month; a recipient may be a parent, the parent before a change
of recipient, a parent who left town or entered public service, or the body that runs a children's home.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town import child_law as law
from town.insurances import between

if TYPE_CHECKING:
    from town.core import Town

COUNTED = date(2003, 4, 2)
"""Born since then: at most 22 in this school year, the last age at which a child counts among its siblings."""

PAID = date(2007, 4, 2)
LAST_YEARS = date(2006, 4, 2)
OLD_LAW_TEENS = date(2009, 4, 2)
BEGINNING = date(2012, 4, 1)
"""児童手当 as it is now; earlier allowances are not in the file."""

MOST = 6
"""As many children a recipient as the old record has room for."""

LEFT, GROWN, PUBLIC, CHANGED, HOME = "11", "12", "13", "14", "16"
"""消滅事由."""

Bonds = pl.DataFrame
"""One row a recipient and child; see `links`."""


def links(town: Town) -> Bonds:
    """Every bond, by recipient (number from 0) and child_seq: atena_no of the recipient, child and spouse (rows of
    people), born, since and until (months), event (the day that began it), came (C171), why it ended (C172), kind
    (C170), rich (特例給付 before the reform)."""
    families = _families(town)
    found = pl.concat([*_changed(town, families), _moved(town)], how="diagonal_relaxed")
    found = _in_homes(town, found)
    order = found.group_by("party").agg(first=pl.col("since").min()).sort("first", "party")
    order = order.with_columns(recipient=pl.int_range(pl.len()))
    found = found.join(order.select("party", "recipient"), on="party").sort("recipient", "born", "child")
    seq = pl.int_range(1, pl.len() + 1).over("recipient")
    return found.with_columns(child_seq=seq).filter(pl.col("child_seq") <= MOST)


def _families(town: Town) -> pl.DataFrame:
    """Current children and the parent who draws for them, as if nothing had ever happened."""
    people = town.people
    here = people.select("person", "current", "income", "entered", "atena_no", "work", "spouse")
    young = people.filter(pl.col("current") & (pl.col("born") >= COUNTED))
    young = young.select("born", "father", "mother", child="person", moved="entered")
    for who in ("father", "mother"):
        parent = here.filter("current").select(person=pl.col("person"), **{f"{who}_income": pl.col("income")})
        young = young.join(parent, left_on=who, right_on="person", how="left", maintain_order="left")
    rich = pl.col("father_income").fill_null(-1) >= pl.col("mother_income").fill_null(-1)
    young = young.with_columns(
        parent=pl.when(rich & pl.col("father_income").is_not_null()).then("father")
        .when(pl.col("mother_income").is_not_null()).then("mother")
    ).drop_nulls("parent")  # fmt: skip
    young = young.join(here, left_on="parent", right_on="person", maintain_order="left")
    born, siblings = pl.col("born"), pl.len().over("parent")
    young = young.with_columns(
        many=(siblings >= 3) & (born.max().over("parent") >= PAID),
        teens=born.max().over("parent") < OLD_LAW_TEENS,
    )
    young = young.filter((born >= LAST_YEARS) | "many")
    event = pl.max_horizontal("born", "moved", "entered", pl.lit(BEGINNING))
    reform = pl.col("teens") | (born < LAST_YEARS)
    early = reform & (event < date(2024, 9, 10))
    at_birth = event == born
    young = young.with_columns(
        event=pl.when(early).then(date(2024, 9, 10)).otherwise(event),
        came=pl.when(early).then(pl.lit("09")).when(at_birth).then(pl.lit("01")).otherwise(pl.lit("02")),
    )
    until = (
        pl.when("many").then(law.march_after(born, 22)).otherwise(law.march_after(born, 18))
    )
    young = young.with_columns(
        since=law.month_of(pl.col("event")) + 1,
        until=pl.when(until <= law.number(2026, 3)).then(until),
        party=pl.col("parent"),
        rich=pl.col("income") > law.LIMIT,
        kind=pl.lit("1"),
    ).filter(pl.col("since") <= pl.col("until").fill_null(10**6))
    return young.with_columns(why=pl.when(pl.col("until").is_not_null()).then(pl.lit(GROWN))).select(
        "party", "child", "born", "atena_no", "spouse", "event", "came", "since", "until", "why", "rich", "kind"
    )


def _changed(town: Town, families: pl.DataFrame) -> list[pl.DataFrame]:
    """Some passed from one parent to the other, some into public service, which pays its own."""
    rng = town.rng("ca_links")
    parties = families.group_by("party", maintain_order=True).agg(
        first=pl.col("since").max(), spouse=pl.col("spouse").first()
    )
    luck = pl.Series(rng.random(parties.height))
    place = pl.Series(rng.random(parties.height))
    spouses = town.people.filter("current").select(spouse="person", other="atena_no")
    parties = parties.with_columns(luck=luck, place=place).join(
        spouses, on="spouse", how="left", maintain_order="left"
    )
    now = law.number(2026, 1)
    span = (now - pl.col("first")).cast(pl.Float64)
    when = pl.max_horizontal(
        (pl.col("first") + span * pl.col("place")).cast(pl.Int64), pl.lit(law.number(2024, 4))
    )
    long = pl.col("first") < law.number(2024, 3)
    parties = parties.with_columns(
        month=when,
        swapped=long & pl.col("other").is_not_null() & (pl.col("luck") < 0.05),
        public=long & (pl.col("luck") > 0.95),
    ).select("party", "month", "swapped", "public", "other")
    joined = families.join(parties, on="party", maintain_order="left")
    month, until = pl.col("month"), pl.col("until").fill_null(10**6)
    ends = (pl.col("swapped") | pl.col("public")) & (until > month)
    stopped = pl.when(ends).then(month)
    plain = joined.filter(~pl.col("swapped"))
    plain = plain.with_columns(
        until=pl.coalesce(stopped, "until"),
        why=pl.when(ends).then(pl.lit(PUBLIC)).otherwise("why"),
    )
    swapped = joined.filter("swapped")
    before = swapped.filter(pl.col("since") <= month).with_columns(
        party=-1 - pl.col("party"), atena_no=pl.col("other"),
        spouse=pl.col("party"), until=pl.min_horizontal(month, until),
        why=pl.when(until > month).then(pl.lit(CHANGED)).otherwise(pl.lit(GROWN)),
    )  # fmt: skip
    after = swapped.filter(until > month).with_columns(
        since=pl.max_horizontal("since", month + 1),
        event=pl.max_horizontal("event", law.last_day(month)),
        came=pl.when(pl.col("since") <= month).then(pl.lit("04")).otherwise("came"),
    )
    return [f.select(families.columns) for f in (plain, before, after)]


def _moved(town: Town) -> pl.DataFrame:
    """Families who left town since April 2023."""
    people = town.people
    gone = people.filter((pl.col("status") == "2") & (pl.col("removed") >= date(2023, 4, 1)) & (pl.col("removed") <= town.today))
    parents = gone.select("person", "removed", "entered", "atena_no", "spouse", "income")
    young = gone.select("born", "father", "mother", child="person", moved="entered", left="removed")
    young = young.with_columns(party=pl.coalesce("father", "mother")).drop_nulls("party")
    young = young.join(parents, left_on="party", right_on="person", maintain_order="left")
    event = pl.max_horizontal("born", "moved", "entered", pl.lit(BEGINNING))
    until = law.month_of(pl.col("left"))
    young = young.filter(pl.col("removed") == pl.col("left")).with_columns(
        event=event,
        since=law.month_of(event) + 1,
        until=until,
        came=pl.when(event == pl.col("born")).then(pl.lit("01")).otherwise(pl.lit("02")),
        why=pl.lit(LEFT), kind=pl.lit("1"), rich=pl.col("income") > law.LIMIT,
    )  # fmt: skip
    ripe = pl.when(until >= law.REFORM).then(law.march_after(pl.col("born"), 18)).otherwise(
        law.march_after(pl.col("born"), 15)
    )
    young = young.filter((until <= ripe) & (pl.col("since") <= until))
    return young.select(
        "party", "child", "born", "atena_no", "spouse", "event", "came", "since", "until", "why", "rich", "kind"
    )


def _in_homes(town: Town, bonds: pl.DataFrame) -> pl.DataFrame:
    """Some children live in a home: its body draws for them, the parent no longer."""
    rng = town.rng("ca_homes")
    alone = pl.len().over("party") == 1
    fit = bonds.with_row_index("bond").filter(
        alone & pl.col("until").is_null() & (pl.col("since") < law.number(2024, 1)) & (pl.col("kind") == "1")
        & (pl.col("born") > date(2010, 4, 2))
    )  # fmt: skip
    if fit.is_empty():
        return bonds
    number = max(1, round(bonds.height * 0.01))
    chosen = fit[np.sort(rng.permutation(fit.height)[:number])]
    homes = town.companies.filter(pl.col("closed").is_null()).head(max(1, number // 8))
    month = pl.Series(rng.integers(law.number(2024, 3), law.number(2025, 10), chosen.height))
    chosen = chosen.with_columns(month=month, home=pl.int_range(pl.len()) % homes.height)
    atena = homes.select(home=pl.int_range(pl.len()), body="atena_no")
    chosen = chosen.join(atena, on="home", maintain_order="left")
    their = chosen.with_columns(
        party=10**9 + pl.col("home"), atena_no=pl.col("body"), kind=pl.lit("3"), came=pl.lit("09"),
        event=law.last_day(pl.col("month")), since=pl.col("month") + 1, spouse=pl.lit(None, pl.Int64),
        rich=pl.lit(value=False), why=pl.lit(None, pl.String),
    )  # fmt: skip
    ended = chosen.select(pl.col("bond"), "month")
    kept = bonds.with_row_index("bond").join(ended, on="bond", how="left", maintain_order="left")
    kept = kept.with_columns(
        until=pl.coalesce("month", "until"),
        why=pl.when(pl.col("month").is_not_null()).then(pl.lit(HOME)).otherwise("why"),
    )
    return pl.concat([kept.select(bonds.columns), their.select(bonds.columns)])


def recipients(town: Town, bonds: Bonds) -> pl.DataFrame:
    """One row a recipient: recipient_no atena_no kind came event since to ended why spouse_atena_no, and who they are."""
    first = pl.exclude("recipient", "child_seq", "until", "why", "child", "party", "born")
    found = bonds.group_by("recipient").agg(
        first.sort_by("since", "child").first(),
        open=pl.col("until").is_null().any(),
        to=pl.col("until").max(),
        why=pl.col("why").sort_by("until", "child").last(),
    ).sort("recipient")  # fmt: skip
    found = found.with_columns(
        to=pl.when(~pl.col("open")).then("to"), why=pl.when(~pl.col("open")).then("why")
    )
    people = town.people.select("atena_no", "name_kana", "income", "work", "removed", family="person")
    bodies = town.companies.select("atena_no", "name_kana")
    who = pl.concat([people, bodies], how="diagonal")
    spouse = town.people.select(spouse="person", spouse_atena_no="atena_no")
    found = found.join(who, on="atena_no", how="left", maintain_order="left").join(
        spouse, on="spouse", how="left", maintain_order="left"
    )
    gone = pl.col("removed").is_not_null() & (pl.col("why") == LEFT)
    rng = town.rng("ca_recipient")
    luck = pl.Series(rng.random(found.height))
    applied = pl.min_horizontal(
        pl.col("event") + pl.duration(days=pl.Series(rng.integers(0, 15, found.height))), pl.lit(town.today)
    )
    return found.with_columns(
        recipient_no=(pl.col("recipient") * 3 + 2_000_101).cast(pl.String).str.zfill(12),
        applied=applied,
        approved=between(
            applied, pl.min_horizontal(applied + pl.duration(days=30), pl.lit(town.today)), luck
        ),
        ended=pl.when(gone).then("removed").when(pl.col("to").is_not_null()).then(law.last_day(pl.col("to"))),
    )
