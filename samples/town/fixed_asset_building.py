"""家屋課税台帳: houses, annexes, flats and shops on the plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.fixed_asset_land import YEAR, places
from town.fixed_asset_owners import PLANNED

if TYPE_CHECKING:
    import numpy as np

    from town.core import Town

KINDS = {
    "house": ["01", "01", "01", "03", "04"],
    "annex": ["10"],
    "flat": ["02"],
    "shop": ["05", "05", "08", "09", "06"],
}
"""家屋種類 (C073) by what stands there."""

STRUCTURES = {
    "house": ["01", "01", "01", "05", "04"],
    "annex": ["01", "05"],
    "flat": ["03", "02"],
    "shop": ["04", "03", "05", "01"],
}
ROOFS = ("01", "02", "03", "04")
"""屋根, the municipality's own: 瓦, スレート, 金属板, 陸屋根."""

NEW = {"01": 3, "02": 5, "11": 5}
"""新築軽減区分, the municipality's own: 一般 for three years, 中高層耐火 and 長期優良 for five."""

HALVED = 12_000
"""New houses pay half for 120 ㎡."""


def buildings(town: Town, plots: pl.DataFrame) -> pl.DataFrame:
    """fa_building; with `holder`. Those torn down in the year or valued anew have a second generation."""
    rng = town.rng("fa_building")
    site = plots.filter((pl.col("tax_year") == YEAR) & (pl.col("land_hist_no") == 1))
    site = site.select(
        "holder",
        "owner_atena_no",
        "share_kind",
        "use",
        "location_town",
        "oaza_code",
        "lot_text",
        "serial",
        "relief",
    )
    main = site.filter(pl.col("use").is_in(["house", "flat", "shop"]))
    annex = main.filter((pl.col("use") == "house") & pl.Series(rng.random(main.height) < 0.25))
    rows = pl.concat([main, annex.with_columns(use=pl.lit("annex"))]).sort(
        "serial", maintain_order=True
    )
    count = rows.height
    use, number = pl.col("use"), pl.int_range(1, pl.len() + 1)
    luck = {
        name: pl.Series(rng.random(count))
        for name in ("age", "wide", "new", "gone", "vague", "more", "low")
    }
    built = (pl.lit(2024) - (luck["age"] ** 1.3 * 88).cast(pl.Int64)).cast(pl.Int64)
    low = (
        pl.when(use == "annex")
        .then(900)
        .when(use == "flat")
        .then(4500)
        .when(use == "shop")
        .then(12_000)
        .otherwise(6_500)
    )
    span = (
        pl.when(use == "annex")
        .then(4_000)
        .when(use == "flat")
        .then(5_000)
        .when(use == "shop")
        .then(150_000)
        .otherwise(12_000)
    )
    rows = rows.with_columns(
        number=number,
        building_no="8" + number.cast(pl.String).str.zfill(9),
        use_kind=_drawn(rng, rows, KINDS),
        structure=_drawn(rng, rows, STRUCTURES),
        roof=pl.Series(rng.choice(ROOFS, count)),
        year=built,
        area=low + (span * luck["wide"] ** 2).cast(pl.Int64),
        unregistered=((use == "annex") | (luck["low"] < 0.04)).cast(pl.Int8).cast(pl.String),
        new_kind=pl.when(luck["new"] < 0.1).then(pl.lit("11")).when(use == "flat").then(pl.lit("02")).otherwise(pl.lit("01")),
        gone=(luck["gone"] < 0.04) & (pl.lit(2024) - built > 20),
        lowered=(luck["gone"] > 0.98),
        unit=pl.Series(rng.integers(62_000, 128_000, count)),
    )  # fmt: skip
    rows = _dated(rows, luck["vague"], luck["more"])
    first = _valued(
        rows.with_columns(
            building_hist_no=pl.lit(1, pl.Int64), demolished_date=pl.lit(None, pl.String)
        )
    )
    torn = first.filter("gone").with_columns(
        building_hist_no=pl.lit(2, pl.Int64),
        demolished_date=pl.when(pl.col("number") % 4 == 0).then(pl.lit("2025-00-00"))
        .otherwise(pl.date(2025, 1 + pl.col("number") % 11, 1 + pl.col("number") % 27).cast(pl.String)),
    )  # fmt: skip
    lowered = first.filter(pl.col("lowered") & ~pl.col("gone"))
    lowered = _valued(
        lowered.with_columns(building_hist_no=pl.lit(2, pl.Int64), unit=pl.col("unit") * 9 // 10)
    )
    last = pl.col("building_hist_no") == pl.col("building_hist_no").max().over("building_no")
    rows = pl.concat([first, torn, lowered], how="diagonal").sort("number", "building_hist_no").with_columns(
        is_latest=last.cast(pl.Int8).cast(pl.String), is_deleted=pl.lit("0"), tax_year=pl.lit(YEAR),
    )  # fmt: skip
    return rows.with_columns(town.operated(rows.height, rng))


def _drawn(rng: np.random.Generator, rows: pl.DataFrame, among: dict[str, list[str]]) -> pl.Expr:
    """One of a use's codes."""
    luck = pl.Series(rng.integers(0, 60, rows.height))
    drawn = [
        pl.when(pl.col("use") == use).then(
            luck.replace_strict({n: codes[n % len(codes)] for n in range(60)})
        )
        for use, codes in among.items()
    ]
    return pl.coalesce(drawn)


def _dated(rows: pl.DataFrame, vague: pl.Series, more: pl.Series) -> pl.DataFrame:
    """When built and extended; of the old often only the year, or the month, is known."""
    month, day = 1 + pl.col("number") % 12, 1 + pl.col("number") * 7 % 28
    built = pl.date("year", month, day).cast(pl.String)
    old = pl.col("year") < 1960
    extended = pl.date(pl.col("year") + 14, month, day).cast(pl.String)
    return rows.with_columns(
        built_date=pl.when(old & (vague < 0.3)).then(built.str.slice(0, 5) + "00-00")
        .when(old & (vague < 0.45)).then(built.str.slice(0, 8) + "00").when(old & (vague < 0.5)).then(None).otherwise(built),
        extended_date=pl.when((pl.col("use") == "house") & (more < 0.08) & (pl.col("year") < 2008)).then(extended),
    )  # fmt: skip


def _valued(rows: pl.DataFrame) -> pl.DataFrame:
    """再建築費評点数 x 経年減点補正率 x 評点1点の価額, and what new houses are spared."""
    wood = pl.col("structure") == "01"
    area, year = pl.col("area"), pl.col("year")
    lives = pl.when(wood).then(27).otherwise(45)
    rate = (10_000 - (pl.lit(2025) - year) * 8_000 // lives).clip(lower_bound=2_000)
    rows = rows.with_columns(rate=rate, points=area * pl.col("unit") // 100)
    once = pl.when(wood).then(105).otherwise(110)
    value = pl.col("points") * pl.col("rate") // 10_000 * once // 100
    until = year + pl.col("new_kind").replace_strict(NEW, return_dtype=pl.Int64)
    spared = pl.col("use").is_in(["house", "flat"]) & (until >= 2025)
    half = value * pl.min_horizontal(area, HALVED) // area * 14 // 2000
    registered = pl.col("unregistered") == "0"
    planned = pl.col("oaza_code").is_in(PLANNED.implode())
    high = (
        pl.when(pl.col("use") == "flat")
        .then(5 + pl.col("number") % 6)
        .when(pl.col("use") == "annex")
        .then(1)
    )
    return rows.with_columns(
        reg_building_no=pl.when(registered).then((1 + pl.col("serial") // 3).cast(pl.String) + "-" + (1 + pl.col("number") % 4).cast(pl.String)),
        wood_kind=pl.when(wood).then(pl.lit("1")).otherwise(pl.lit("2")),
        floors_above=high.otherwise(1 + pl.col("number") % 3),
        floors_below=pl.when((pl.col("use") == "shop") & (pl.col("number") % 5 == 0)).then(1),
        reg_floor_area=pl.when(registered).then(places(area - pl.col("number") % 4 * 33, 2)),
        tax_floor_area=places(area, 2),
        rebuild_points="points",
        depreciation_rate=places(pl.col("rate"), 4),
        assessed_value=value, fa_taxable=value,
        cp_taxable=pl.when(planned).then(value),
        new_house_kind=pl.when(spared).then("new_kind"),
        new_house_from=pl.when(spared).then((year + 1).cast(pl.String)),
        new_house_to=pl.when(spared).then(until.cast(pl.String)),
        reduction_amount=pl.when(spared).then(half),
        taxation_kind=pl.when("relief").then(pl.lit("3")).otherwise(pl.lit("1")),
        exclusive_area=pl.when(pl.col("use") == "flat").then(places(area - 600, 2)),
        real_estate_no=pl.when(registered).then("00008" + (pl.col("number") * 7 + 1_000_000).cast(pl.String).str.zfill(8)),
    )  # fmt: skip
