"""土地課税台帳: which plots each holder owns, what they are worth, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from town.core import iso, workday
from town.fixed_asset_owners import PLACES, PLANNED
from town.spell import widened

if TYPE_CHECKING:
    from town.core import Town

YEAR, BEFORE = "2025", "2024"
SOLD, INHERITED, DIVIDED, SURVEYED = "011", "012", "021", "031"
"""異動事由, the municipality's own: 売買, 相続, 分筆, 地積更正."""

ROAD_EXEMPT, RELIEF = "011", "101"
"""非課税減免事由: 公衆用道路, 生活扶助による減免."""


class Use(NamedTuple):
    """A kind of plot."""

    name: str
    category: str  # C070
    area: tuple[int, int]  # hundredths of ㎡
    price: int  # yen a ㎡


USES = [
    Use("house", "03", (9_000, 46_000), 21_000),
    Use("shop", "03", (20_000, 400_000), 26_000),
    Use("flat", "03", (150_000, 400_000), 33_000),
    Use("spare", "03", (6_000, 30_000), 17_000),
    Use("paddy", "01", (20_000, 250_000), 110),
    Use("field", "02", (10_000, 150_000), 60),
    Use("forest", "09", (80_000, 900_000), 24),
    Use("lot", "23", (5_000, 60_000), 8_000),
    Use("road", "21", (900, 9_000), 0),
]


def lands(town: Town, owners: pl.DataFrame) -> pl.DataFrame:
    """fa_land of 令和7年度, and of the year before where the owner changed; with `use` and `holder` (row of owners).

    A plot surveyed again has a second generation; of some a third was deleted.
    """
    rng = town.rng("fa_land")
    first = _plots(rng, owners)
    count = first.height
    luck = pl.Series(rng.random(count))
    first = first.with_columns(
        land_hist_no=pl.lit(1, pl.Int64), is_latest=pl.lit("1"), is_deleted=pl.lit("0"), tax_year=pl.lit(YEAR),
        level=pl.Series(np.where(rng.random(count) < 0.6, 1000, rng.integers(620, 1000, count))),
        event_reason=pl.when(luck < 0.05).then(pl.lit(SOLD)).when(luck < 0.08).then(pl.lit(INHERITED))
        .when(luck < 0.1).then(pl.lit(DIVIDED)),
        former=owners["owner_atena_no"].gather(rng.integers(0, owners.height, count)),
    )  # fmt: skip
    day = pl.date(2024, 1 + pl.col("serial") % 12, 1 + pl.col("serial") % 27)
    first = first.with_columns(
        event_date=pl.when(pl.col("event_reason").is_not_null()).then(iso(day)),
        reg_accept_date=_registered(rng, count), vague=pl.Series(rng.random(count)),
    ).with_columns(*_accepted(), new=pl.col("event_reason").eq_missing(pl.lit(DIVIDED)))  # fmt: skip
    again = first.filter((luck > 0.95) & (pl.col("use") != "road") & ~pl.col("new"))
    surveyed = again.with_columns(
        land_hist_no=pl.lit(2, pl.Int64), area=pl.col("area") * (97 + pl.col("serial") % 2 * 6) // 100, event_reason=pl.lit(SURVEYED),
        event_date=iso(workday(pl.date(2025, 6 + pl.col("serial") % 5, 1 + pl.col("serial") % 27))),
    )  # fmt: skip
    mistaken = surveyed.filter(pl.col("serial") % 3 == 0).with_columns(
        land_hist_no=pl.lit(3, pl.Int64), is_latest=pl.lit("0"), is_deleted=pl.lit("1"),
        area=pl.col("area") + 1_000,
    )  # fmt: skip
    old = pl.col("serial").is_in(again["serial"].implode())
    first = first.with_columns(is_latest=pl.when(old).then(pl.lit("0")).otherwise("is_latest"))
    rows = _valued(pl.concat([first, surveyed, mistaken], how="diagonal"))
    moved = rows.filter(
        (pl.col("land_hist_no") == 1) & pl.col("event_reason").is_in([SOLD, INHERITED])
    )
    none = pl.lit(None, pl.Int64)
    before = moved.with_columns(
        tax_year=pl.lit(BEFORE), owner_atena_no="former", is_latest=pl.lit("1"), fa_taxable=pl.col("prev_fa_taxable").fill_null(0), cp_taxable="prev_cp_taxable",
        prev_fa_taxable=none, prev_cp_taxable=none, burden_level=pl.lit(None), event_reason=pl.lit(None, pl.String),
        event_date=pl.lit(None, pl.String), reg_accept_date=pl.lit("1998-05-11"), reg_cause_date=pl.lit("1998-04-30"),
    )  # fmt: skip
    rows = pl.concat([rows, before]).sort("tax_year", "serial", "land_hist_no")
    return rows.with_columns(town.operated(rows.height, rng))


def _plots(rng: np.random.Generator, owners: pl.DataFrame) -> pl.DataFrame:
    """One row a plot: whose, where, what for, how large."""
    count = owners.height
    luck = rng.random((count, 6))
    flag = {c: owners[c].to_numpy() for c in ("house", "flat", "farmer")}
    firm = (owners["kind"] == "company").to_numpy()
    person = ~firm
    number = {
        "house": flag["house"].astype(int),
        "shop": firm * (1 + (luck[:, 0] < 0.4)),
        "flat": flag["flat"].astype(int),
        "spare": flag["house"] * (luck[:, 1] < 0.18),
        "paddy": flag["farmer"] * rng.integers(0, 5, count),
        "field": flag["farmer"] * rng.integers(1, 4, count) + (person & ~flag["house"] & ~flag["flat"] & (luck[:, 2] < 0.6)),
        "forest": person * (luck[:, 3] < 0.12),
        "lot": (luck[:, 4] < np.where(firm, 0.4, 0.05)).astype(int),
        "road": flag["house"] * (luck[:, 5] < 0.06),
    }  # fmt: skip
    found = []
    for use in USES:
        holder = np.repeat(np.arange(count), number[use.name])
        low, high = use.area
        price = (use.price * rng.integers(80, 125, len(holder))) // 100
        area = (low + (high - low) * rng.random(len(holder)) ** 2).astype(np.int64)
        found.append(
            pl.DataFrame(
                {
                    "holder": holder,
                    "use": use.name,
                    "reg_category": use.category,
                    "area": area,
                    "price": price,
                }
            )
        )
    rows = pl.concat(found).sort("holder", maintain_order=True)
    away = PLACES[rng.integers(0, PLACES.height, rows.height)]
    mine = owners[["owner_atena_no", "oaza_code", "location_town", "relief"]][rows["holder"]]
    near = pl.col("use").is_in(["house", "shop", "flat", "spare", "road"])
    rows = rows.hstack(mine).with_columns(
        pl.when(near).then(pl.col(c)).otherwise(away[c]).alias(c) for c in away.columns
    )
    serial = pl.int_range(1, pl.len() + 1)
    share = pl.Series(rng.integers(800, 4000, rows.height))
    rows = rows.with_columns(
        serial=serial,
        land_no=pl.col("oaza_code").str.slice(0, 3) + serial.cast(pl.String).str.zfill(7),
        lot_main=1 + serial // 3,
        lot_sub=pl.when(serial % 3 > 0).then(serial % 3),
        lot_sub2=pl.when((serial % 3 == 2) & (serial % 7 == 0)).then(2),
        real_estate_no=pl.when(pl.col("use") != "road").then("00009" + (serial * 7 + 1_000_000).cast(pl.String).str.zfill(8)),
        share_kind=pl.when(pl.col("use") == "flat").then(pl.lit("3"))
        .when(owners["kind"].gather(rows["holder"]) == "joint").then(pl.lit("2")).otherwise(pl.lit("1")),
        share=pl.when(pl.col("use") == "flat").then(share),
        cur_category=pl.when((pl.col("use") == "field") & (serial % 11 == 0)).then(pl.lit("11")).otherwise("reg_category"),
    )  # fmt: skip
    return rows.with_columns(
        share_ratio=pl.col("share").cast(pl.String) + "/100000",
        lot_text=widened(pl.concat_str("lot_main", "lot_sub", "lot_sub2", separator="-", ignore_nulls=True)),
    )  # fmt: skip


def _registered(rng: np.random.Generator, count: int) -> pl.Series:
    """When the owner was entered in the register."""
    days = np.datetime64("1978-04-01") + rng.integers(0, 16_000, count)
    return pl.Series(days.astype("M8[D]")).cast(pl.String)


def _accepted() -> list[pl.Expr]:
    """登記受付 and 登記原因, of which the day, or all but the year, may be unknown."""
    accepted = pl.coalesce("event_date", "reg_accept_date")
    cause = iso(accepted.str.to_date() - pl.duration(days=9))
    old = pl.col("event_date").is_null()
    return [
        accepted.alias("reg_accept_date"),
        pl.when(old & (pl.col("vague") < 0.02)).then(pl.lit("1946-00-00"))
        .when(old & (pl.col("vague") < 0.05)).then(pl.lit("1951-03-00"))
        .when(old & (pl.col("vague") < 0.08)).then(None).otherwise(cause).alias("reg_cause_date"),
    ]  # fmt: skip


def places(value: pl.Expr, digits: int) -> pl.Expr:
    """A whole number with so many implied decimals, as text.

    >>> pl.select(places(pl.lit(5), 2)).item()
    '0.05'
    """
    text = value.cast(pl.String).str.zfill(digits + 1)
    return text.str.head(-digits) + "." + text.str.tail(digits)


def _valued(rows: pl.DataFrame) -> pl.DataFrame:
    """Areas, values and what of them is taxed, by 地方税法349条の3の2 and the steps of 負担調整."""
    area, use = pl.col("area"), pl.col("use")
    taxed = pl.when(use == "flat").then(area * pl.col("share") // 100_000).otherwise(area)
    home = use.is_in(["house", "flat"])
    mixed = (use == "house") & (pl.col("serial") % 23 == 0)
    rows = rows.with_columns(taxed=taxed).with_columns(
        small=pl.when(mixed).then(pl.col("taxed") // 2).when(home).then("taxed").clip(upper_bound=20_000),
        general=pl.when(home & ~mixed).then((pl.col("taxed") - 20_000).clip(lower_bound=0)),
        assessed_value=pl.col("taxed") * pl.col("price") // 100,
    )  # fmt: skip
    small, general = pl.col("small").fill_null(0), pl.col("general").fill_null(0)
    rest = pl.col("taxed") - small - general
    value = pl.col("assessed_value")
    planned = pl.col("oaza_code").is_in(PLANNED.implode())
    shop = use.is_in(["shop", "spare", "lot"])

    def of(sixths: tuple[int, int, int]) -> pl.Expr:
        parts = small * sixths[0] + general * sixths[1] + rest * sixths[2]
        return value * parts // (pl.col("taxed") * 6)

    level = pl.when(shop).then(pl.col("level").clip(upper_bound=720)).otherwise("level")
    rows = rows.with_columns(base=of((1, 2, 6)), cp_base=of((2, 4, 6)), level=level)
    prev = pl.col("base") * pl.col("level") // 1000
    rows = rows.with_columns(prev=pl.when(~pl.col("new")).then(prev))
    rising = pl.min_horizontal("base", pl.col("prev") + pl.col("base") // 20)
    held = pl.when(pl.col("level") > 700).then(pl.col("base") * 7 // 10).otherwise("prev")
    raised = pl.when(pl.col("new")).then("base").when(shop).then(held).otherwise(rising)
    none, road = pl.lit(None, pl.Int64), use == "road"
    planned = planned & ~road & pl.col("reg_category").is_in(["03", "23"])
    cp = pl.when(shop).then(pl.col("cp_base") * 7 // 10).otherwise("cp_base")
    kind = (
        pl.when(mixed)
        .then(pl.lit("3"))
        .when(general > 0)
        .then(pl.lit("2"))
        .when(small > 0)
        .then(pl.lit("1"))
    )
    return rows.with_columns(
        reg_area=places(area - pl.col("serial") % 5 * 12, 2),
        cur_area=places(area, 2),
        tax_area=places(pl.col("taxed"), 2),
        residential_kind=kind.otherwise(pl.lit("0")),
        small_res_area=pl.when(small > 0).then(places(small, 2)),
        general_res_area=pl.when(general > 0).then(places(general, 2)),
        fa_base_std=pl.when(~road).then("base"),
        fa_taxable=raised.fill_null(0),
        cp_taxable=pl.when(planned).then(cp).otherwise(none),
        prev_fa_taxable=pl.when(~road).then("prev"),
        prev_cp_taxable=pl.when(planned & ~pl.col("new")).then(cp),
        burden_level=pl.when(pl.col("prev") > 0).then(places(pl.col("prev") * 1000 // pl.col("base"), 3)),
        road_price_no=pl.when(planned).then("R" + pl.col("oaza_code").str.slice(0, 3) + (pl.col("serial") % 40 + 1).cast(pl.String).str.zfill(4)),
        taxation_kind=pl.when(road).then(pl.lit("2")).when("relief").then(pl.lit("3")).otherwise(pl.lit("1")),
        exempt_reason=pl.when(road).then(pl.lit(ROAD_EXEMPT)).when("relief").then(pl.lit(RELIEF)),
    )  # fmt: skip
