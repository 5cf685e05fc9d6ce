"""特別徴収義務者: the employers who withhold 個人住民税 from wages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from town.core import Town


def collectors(town: Town) -> pl.DataFrame:
    """特別徴収義務者: the companies, and some residents with a business; with an older generation of some."""
    rng = town.rng("it_collector")
    firms = town.companies.filter(pl.col("employees") > 0).select(
        "atena_no", "employees", "established", "closed"
    )
    owners = town.people.filter(pl.col("current") & (pl.col("work") == "self")).select(
        "atena_no", "entered"
    )
    owners = owners.head(max(1, owners.height // 12)).select(
        "atena_no",
        employees=pl.lit(1, pl.Int64),
        established=pl.max_horizontal("entered", pl.lit(date(2005, 4, 1))),
        closed=pl.lit(None, pl.Date),
    )
    found = pl.concat([firms, owners], how="vertical_relaxed").sort("atena_no")
    count = found.height
    index = pl.int_range(pl.len())
    opened = pl.max_horizontal("established", pl.lit(date(1989, 4, 1)))
    small = pl.col("employees") < 10
    now = found.with_columns(
        special_agent_no=_agent_numbers(count),
        valid_from=opened.cast(pl.String),
        valid_to=pl.col("closed").cast(pl.String),
        special_due=(small & pl.Series(rng.random(count) < 0.7)).cast(pl.Int8).cast(pl.String),
        e_notice=pl.Series(rng.choice(["1", "2", "3"], count, p=[0.5, 0.4, 0.1])),
        dept=pl.Series(rng.choice(["総務課", "経理部給与係", "人事・総務グループ", ""], count)).replace("", None),
        tel="000" + (index % 10).cast(pl.String) + "-" + (10 + index % 90).cast(pl.String) + "-"
        + (1000 + index * 37 % 9000).cast(pl.String),
        agent_hist_no=1 + pl.Series((rng.random(count) < 0.3).astype(np.int64)),
    )  # fmt: skip
    old = now.filter(pl.col("agent_hist_no") > 1).with_columns(
        agent_hist_no=pl.lit(1, pl.Int64),
        is_latest=pl.lit("0"),
        e_notice=pl.lit("1"),
        employees=pl.max_horizontal(pl.col("employees") - 1, 1),
        valid_to=pl.lit(None, pl.String),
    )
    rows = pl.concat([now.with_columns(is_latest=pl.lit("1")), old]).with_columns(
        is_deleted=pl.lit("0")
    )
    rows = rows.sort("special_agent_no", "agent_hist_no").drop("established", "closed")
    return rows.with_columns(town.operated(rows.height, rng))


def _agent_numbers(count: int) -> pl.Series:
    """指定番号 in twelve digits. The last is never what would make a 個人番号 of them."""
    body = 12_000 + np.arange(count)
    weighed = sum((body // 10**place % 10) * (2 + place % 6) for place in range(11)) % 11
    last = (np.where(weighed <= 1, 0, 11 - weighed) + 5) % 10
    return pl.Series(body * 10 + last).cast(pl.String).str.zfill(12)
