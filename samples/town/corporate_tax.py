"""法人住民税: the companies that have an office here, what they returned for two business years, and where
their offices are. Some lie dormant and return nothing to pay, some returned too little and did it again, of
one the city decided itself.

`facts` works in three steps: `taxpayers` draws the bodies, `corporate_tax_returns.returned` what they owed
and declared, `offices` where they work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import city_columns, iso, standard
from town.corporate_tax_faults import FAULTS
from town.corporate_tax_returns import returned
from town.register import numbers
from town.spell import widened

if TYPE_CHECKING:
    from town.core import Town

__all__ = ["FAULTS", "facts"]

INDUSTRIES = (
    "農業", "総合工事業", "食料品製造業", "印刷・同関連業", "電子部品製造業", "道路旅客運送業", "各種商品小売業",
    "医薬品小売業", "不動産賃貸業", "宿泊業",
)  # fmt: skip
BRANCHES = ("本社", "浅間営業所", "駅前店", "第二工場", "流通センター")
KEPT = ("is_latest", "is_deleted", "operator_id", "operated_date", "operated_time")


def facts(town: Town) -> None:
    """Fill the three tables of 法人住民税 and the year's levies."""
    bodies = taxpayers(town)
    town.add("ct_taxpayer", _of_table("ct_taxpayer", generations(town, bodies)))
    made = returned(town, bodies)
    made = made.with_columns(
        town.operated(made.height, town.rng("ct_return operated"), made["written"])
    )
    town.add("ct_return", _of_table("ct_return", made))
    town.add("ct_office", _of_table("ct_office", offices(town, bodies)))
    town.levy(levied(made))


def _of_table(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The table's columns that the frame has."""
    return frame.select(c.name for c in standard(table) if c.name in frame.columns)


def taxpayers(town: Town) -> pl.DataFrame:
    """One row a company as it is today; `serial` counts them."""
    rng = town.rng("ct_taxpayer")
    found = town.companies.with_row_index("serial").with_columns(pl.col("serial").cast(pl.Int64))
    count = found.height
    advised = pl.Series(np.where(rng.random(count) < 0.3, np.arange(count), -1))
    advisers = town.outsiders.select(
        advised=pl.int_range(pl.len()), tax_agent_atena_no="atena_no"
    )  # nobody advises two: they would be of one party
    surplus = pl.Series(rng.integers(-4, 9, count)) * 250_000
    bought = pl.Series(rng.random(count) < 0.08)
    listed = pl.Series(rng.random(count) < 0.15)
    ended = pl.col("closed").is_not_null()
    dormant = (pl.col("serial") % 9 == 4) & ~ended
    return found.with_columns(advised=advised).join(
        advisers, on="advised", how="left", maintain_order="left"
    ).with_columns(
        corp_mgmt_no=management_numbers(count),
        dormant=dormant,
        corp_status=pl.when(ended).then(
            pl.Series(rng.choice(["4", "5", "9"], count))
        ).when(dormant).then(pl.lit("2")).otherwise(pl.lit("1")),
        head_branch=pl.when(pl.col("addr_city_code") == town.city).then(pl.lit("1")).otherwise(pl.lit("2")),
        head_city_code="addr_city_code",
        business_kind=pl.Series(INDUSTRIES).gather(pl.Series(rng.integers(0, len(INDUSTRIES), count))),
        capital_etc=pl.when(bought).then(-pl.col("capital") // 5).otherwise(pl.col("capital") + surplus.clip(0)),
        closing_month=pl.col("fiscal_month").cast(pl.String).str.zfill(2),
        extension_months=(listed & (pl.col("capital") >= 50_000_000)).cast(pl.Int64),
        consolidated=(listed & (pl.col("capital") >= 100_000_000)).cast(pl.Int8).cast(pl.String),
        eltax_id=pl.when(pl.Series(rng.random(count) < 0.7)).then(
            pl.lit("AS") + (pl.col("serial") * 7919 % 1_000_000_000).cast(pl.String).str.zfill(9)
        ),
    ).with_columns(percapita_class=percapita_class())  # fmt: skip


def management_numbers(count: int) -> pl.Series:
    """法人管理番号: twelve digits that can be nobody's 個人番号, for the last is never the right check digit.

    >>> management_numbers(2).to_list()
    ['000000010007', '000000010015']
    """
    checked = numbers(1_000, count, 7).str.slice(3).to_frame("n")
    last = (pl.col("n").str.slice(-1).cast(pl.Int64) + 1) % 10
    return checked.select(pl.col("n").str.slice(0, 11) + last.cast(pl.String)).to_series()


def percapita_class() -> pl.Expr:
    """均等割の号数, by 資本金等 and whether more than fifty people work here (地方税法312条).

    >>> rows = pl.DataFrame({"capital": [10, 10, 300], "capital_etc": [10, 10, 0], "employees": [50, 51, 9]})
    >>> rows.with_columns(pl.col("capital", "capital_etc") * 1_000_000).select(percapita_class()).to_series().to_list()
    ['01', '02', '05']
    """
    size = pl.max_horizontal("capital", "capital_etc")
    many = pl.col("employees") > 50
    steps = ((10**7, "01", "02"), (10**8, "03", "04"), (10**9, "05", "06"), (5 * 10**9, "07", "08"))
    found = pl.when(pl.lit(value=False)).then(pl.lit(""))
    for most, few_code, many_code in steps:
        code = pl.when(many).then(pl.lit(many_code)).otherwise(pl.lit(few_code))
        found = found.when(size <= most).then(code)
    return found.otherwise(
        pl.when(many).then(pl.lit("09")).otherwise(pl.lit("07"))
    ).alias("percapita_class")  # fmt: skip


def generations(town: Town, bodies: pl.DataFrame) -> pl.DataFrame:
    """Every fourth had other capital before: two rows."""
    rng = town.rng("ct_taxpayer rows")
    twice = pl.Series(rng.random(bodies.height) < 0.25)
    number = 1 + twice.cast(pl.Int64)
    now = bodies.with_columns(corp_hist_no=number, is_latest=pl.lit("1"))
    since = pl.Series(np.full(bodies.height, np.datetime64("2024-06-03")))
    now = now.with_columns(town.operated(now.height, rng, since))
    before = bodies.filter(twice).with_columns(
        corp_hist_no=pl.lit(1, pl.Int64), is_latest=pl.lit("0"),
        capital=pl.col("capital") // 2, capital_etc=pl.col("capital") // 2,
        employees=pl.col("employees") * 2 // 3 + 1,
    ).with_columns(percapita_class())  # fmt: skip
    past = pl.Series(np.full(before.height, np.datetime64("2019-05-07")))
    before = before.with_columns(town.operated(before.height, rng, past))
    rows = pl.concat([before, now], how="diagonal").sort("serial", "corp_hist_no")
    return rows.with_columns(iso("established"), iso("closed"), is_deleted=pl.lit("0"))


def offices(town: Town, bodies: pl.DataFrame) -> pl.DataFrame:
    """The seat, if it is here, and branches in other quarters; four at most."""
    rng = town.rng("ct_office")
    here = pl.col("head_branch") == "1"
    size = pl.col("employees").clip(1)
    number = pl.when(size > 60).then(4).when(size > 25).then(2).otherwise(1)
    rows = bodies.with_columns(
        number=number, office_seq=pl.lit([1, 2, 3, 4], pl.List(pl.Int64))
    ).explode("office_seq")
    rows = rows.filter(pl.col("office_seq") <= pl.col("number"))
    count = rows.height
    seat = here & (pl.col("office_seq") == 1)
    places = town.addresses["addr_town", "addr_postal"].unique(maintain_order=True)
    place = places[rng.integers(0, places.height, count)].rename(lambda c: f"own_{c}")
    lot = pl.Series(rng.integers(1, 400, count)).cast(pl.String).to_frame("n").select(widened("n"))
    upstairs = pl.Series(rng.random(count) < 0.3)
    moved = pl.Series(rng.integers(0, 1_500, count))
    opened = pl.min_horizontal(
        pl.col("established") + pl.duration(days=pl.when(seat).then(0).otherwise(moved)),
        pl.coalesce("closed", pl.lit(town.today) - pl.duration(days=60)),
    )
    shut = (pl.col("office_seq") == pl.col("number")) & (pl.col("number") > 1)
    shut = shut & pl.Series(rng.random(count) < 0.25)
    rows = pl.concat([rows, place], how="horizontal").with_columns(
        office_name=pl.when(seat).then(pl.lit(BRANCHES[0])).otherwise(
            pl.Series(BRANCHES).gather(rows["office_seq"])
        ),
        addr_town=pl.when(seat).then("addr_town").otherwise("own_addr_town"),
        addr_postal=pl.when(seat).then("addr_postal").otherwise("own_addr_postal"),
        addr_banchi=pl.when(seat).then("addr_banchi").otherwise(lot.to_series() + "番地"),
        addr_katagaki=pl.when(seat).then("addr_katagaki").when(upstairs).then(pl.lit("表通ビル２階")),
        employees=size // pl.col("number") + pl.when(pl.col("office_seq") == 1).then(size % pl.col("number")).otherwise(0),
        opened=iso(opened),
        closed=pl.coalesce(
            iso("closed"), pl.when(shut).then(iso(pl.max_horizontal(opened, pl.lit(town.today) - pl.duration(days=40))))
        ),
        is_latest=pl.lit("1"), is_deleted=pl.lit("0"), **city_columns(),
    )  # fmt: skip
    since = pl.Series(np.full(count, np.datetime64("2023-04-03")))
    return rows.with_columns(town.operated(count, rng, since))


def levied(made: pl.DataFrame) -> pl.DataFrame:
    """What fell due in 令和7年度: one levy a return, which pays nothing back in that year."""
    due = made.filter((pl.col("due") >= pl.date(2025, 4, 8)) & (pl.col("payable") != 0))
    return due.select(
        subject_code=pl.lit("05"), levy_year=pl.lit("2025"), tax_year=pl.lit("2025"),
        notice_no="0705" + pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6),
        payer_atena_no="atena_no", term=pl.lit("01"), fy_no=pl.col("fy_to").str.slice(0, 4).cast(pl.Int64) - 2000,
        levied="payable", due_date="due",
    )  # fmt: skip
