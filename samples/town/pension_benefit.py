"""給付: the basic pensions of the town's people as the town hall keeps them, and lump sums at a death."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday

if TYPE_CHECKING:
    from town.core import Town

KINDS = {"old": "01", "disability": "02", "survivor": "03", "widow": "04", "death": "05"}
"""給付種類, the municipality's own codes."""

CODES = {"01": "1150", "02": "5350", "03": "6450", "04": "5950"}
"""年金コード. A lump sum has none."""

FULL = 831_700
"""A full basic pension of 令和7年度, yen a year."""

SUMS = (120_000, 145_000, 170_000, 220_000, 270_000, 320_000)
"""死亡一時金 by months paid."""


def benefits(town: Town, insured: pl.DataFrame) -> pl.DataFrame:
    """np_benefit: one row a pension, numbered a person."""
    rng = town.rng("np_benefit")
    numbers = insured.group_by("atena_no").agg(pl.col("basic_pension_no").first())
    people = town.people.join(numbers, on="atena_no", maintain_order="left")
    count = people.height
    people = people.with_columns(
        luck=pl.Series(rng.random(count)),
        months=pl.Series(rng.integers(240, 481, count)),
        sum=pl.Series(rng.choice(SUMS, count)),
    )
    here = pl.col("current")
    pensioned = pl.col("born").dt.offset_by("65y").dt.offset_by("-1d")
    lately = here | (pl.col("removed") >= date(2020, 4, 1))
    here_then = pensioned < pl.coalesce("removed", pl.lit(town.today))
    parts = [
        people.filter(lately & here_then & (pl.col("luck") < 0.7)).with_columns(
            kind=pl.lit("old"), since=pensioned, amount=FULL * pl.col("months") // 480,
        ),
        people.filter(here & pl.col("disabled") & pl.col("age").is_between(21, 64)).with_columns(
            kind=pl.lit("disability"),
            since=pl.max_horizontal(pl.col("born").dt.offset_by("20y"), pl.lit(date(2012, 6, 18))),
            amount=pl.when(pl.col("luck") < 0.4).then(FULL * 5 // 4).otherwise(FULL),
        ),
        _bereaved(town, people),
    ]  # fmt: skip
    rows = pl.concat(parts, how="diagonal_relaxed").with_columns(
        kind=pl.col("kind").replace_strict(KINDS)
    )
    rows = rows.filter(pl.col("since") < town.today).sort("atena_no", "since", "kind")
    died = pl.col("status") == "3"
    code = pl.col("kind").replace_strict(CODES, default=None)
    decided = workday(pl.col("since") + pl.duration(days=75))
    settled = rows.select(decided)["since"].clip(date(2003, 4, 1))
    rows = rows.with_columns(town.operated(rows.height, rng, settled))
    return rows.select(
        "atena_no",
        "amount",
        "operator_id",
        "operated_date",
        "operated_time",
        benefit_seq=pl.int_range(1, pl.len() + 1).over("atena_no"),
        certificate_no=pl.col("basic_pension_no") + code,
        pension_code=pl.when(pl.col("basic_pension_no").is_not_null()).then(code),
        benefit_kind="kind",
        entitled_date=iso("since"),
        decided_date=pl.when(decided < town.today).then(iso(decided)),
        lost_date=pl.when(died & code.is_not_null()).then(iso("removed")),
        suspended=(code.is_not_null() & here & (pl.col("luck") < 0.03))
        .cast(pl.Int8)
        .cast(pl.String),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    )


def _bereaved(town: Town, people: pl.DataFrame) -> pl.DataFrame:
    """Whose spouse died here: 遺族 with a child, 寡婦 for some widows from 60 to 64, else a lump sum."""
    dead = town.people.filter((pl.col("status") == "3") & (pl.col("removed") >= date(2010, 4, 1)))
    dead = dead.select(spouse="person", death="removed", dead_age="age")
    found = people.filter("current").join(dead, on="spouse", maintain_order="left")
    parent = pl.col("ca_recipient")
    widow = (pl.col("sex") == "2") & pl.col("age").is_between(60, 64)
    kind = pl.when(parent).then(pl.lit("survivor")).when(widow).then(pl.lit("widow"))
    return found.with_columns(
        kind=kind.otherwise(pl.lit("death")),
        since=pl.col("death").dt.offset_by("1d"),
        amount=pl.when(parent).then(FULL + 239_300).when(widow).then(FULL * 3 // 4 // 100 * 100)
        .otherwise("sum"),
    )  # fmt: skip
