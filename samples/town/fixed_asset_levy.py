"""固定資産税賦課情報: what each owner's plots, buildings and assets are taxed, and in which four terms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town.core import iso, workday
from town.fixed_asset_land import YEAR

if TYPE_CHECKING:
    from town.core import Town

DUE = {1: date(2025, 4, 30), 2: date(2025, 7, 31), 3: date(2025, 12, 25), 4: date(2026, 2, 28)}
"""The four terms; the last one falls on a Saturday."""

THRESHOLDS = {"land": 300_000, "building": 200_000, "dep": 1_500_000}
"""免税点 (地方税法351条)."""

SURVEY, REVALUED, DEATH = "021", "022", "041"
"""更正事由, the municipality's own: 地積更正, 評価替えの誤り, 賦課期日前の死亡."""

KEY = ["owner_atena_no", "generation"]


def levies(
    town: Town, plots: pl.DataFrame, houses: pl.DataFrame, assets: pl.DataFrame
) -> pl.DataFrame:
    """fa_levy: 当初, and 更正 of those whose plots or buildings were valued anew; some were cancelled."""
    year = pl.col("tax_year") == YEAR
    sums = pl.concat(
        [
            _two(plots.filter(year), "land_hist_no").select(
                *KEY, land="fa_taxable", land_cp="cp_taxable", relief="relief"
            ),
            _two(houses, "building_hist_no").select(
                *KEY,
                building="fa_taxable",
                building_cp="cp_taxable",
                spared="reduction_amount",
                relief="relief",
            ),
            _both(assets).select(*KEY, dep="taxable"),
        ],
        how="diagonal",
    )
    rows = sums.group_by(KEY).agg(pl.col("relief").any(), pl.exclude("relief").sum()).sort(KEY)
    rows = _taxed(rows)
    serial = pl.col("owner_atena_no").rle_id() + 1
    rows = rows.with_columns(serial=serial)
    before = pl.col("annual").shift(1).over("owner_atena_no")
    taxable = pl.col("land", "building")
    changed = pl.any_horizontal(taxable != taxable.shift(1).over("owner_atena_no"))
    void = (pl.col("serial") % 97 == 5) & (pl.col("annual") > 0)
    rows = rows.with_columns(before=before, changed=changed.fill_null(value=False), void=void)
    rows = rows.filter((pl.col("generation") == 1) | pl.col("changed") | pl.col("void"))
    rows = rows.with_columns(
        last=pl.col("generation") == pl.col("generation").max().over("owner_atena_no")
    )
    again = pl.col("generation") == 2
    surveyed = pl.col("land") != pl.col("land").shift(1).over("owner_atena_no")
    day = iso(workday(pl.date(2025, 9 + pl.col("serial") % 3, 1 + pl.col("serial") % 27)))
    told = (
        pl.when(again)
        .then(iso(workday(pl.date(2025, 12, 1 + pl.col("serial") % 20))))
        .otherwise(pl.lit("2025-04-10"))
    )
    rows = rows.with_columns(
        tax_year=pl.lit(YEAR), notice_no="0704" + pl.col("serial").cast(pl.String).str.zfill(6), levy_hist_no="generation",
        levy_kind=pl.when(~again).then(pl.lit("1")).when("void").then(pl.lit("5"))
        .when(pl.col("annual") > pl.col("before")).then(pl.lit("2")).otherwise(pl.lit("3")),
        corrected_date=pl.when(again).then(day),
        correct_reason=pl.when(again & pl.col("void")).then(pl.lit(DEATH)).when(again & surveyed).then(pl.lit(SURVEY))
        .when(again).then(pl.lit(REVALUED)),
        notice_date=pl.when(pl.col("annual") > 0).then(told),
        is_latest=pl.col("last").cast(pl.Int8).cast(pl.String), is_deleted=pl.lit("0"),
    )  # fmt: skip
    return rows.with_columns(town.operated(rows.height, town.rng("fa_levy")))


def _two(rows: pl.DataFrame, number: str) -> pl.DataFrame:
    """The rows of the first levy (generation 1) and those in force (2)."""
    first = rows.filter(pl.col(number) == 1).with_columns(generation=1)
    last = rows.filter(pl.col("is_latest") == "1").with_columns(generation=2)
    taxed = pl.col("taxation_kind").is_in(["1", "3"])
    return pl.concat([first, last]).filter(taxed).with_columns(pl.col("generation").cast(pl.Int64))


def _both(rows: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([rows.with_columns(generation=pl.lit(g, pl.Int64)) for g in (1, 2)])


def _taxed(rows: pl.DataFrame) -> pl.DataFrame:
    """1.4 % and 0.2 % of what reaches the threshold, cut to thousands before and to hundreds after."""
    rows = rows.with_columns(
        pl.col("land", "land_cp", "building", "building_cp", "dep", "spared").fill_null(0)
    )

    def counted(name: str, of: str) -> pl.Expr:
        return pl.when(pl.col(of) >= THRESHOLDS[of]).then(pl.col(name)).otherwise(0)

    whole = sum((counted(n, n) for n in THRESHOLDS), start=pl.lit(0)) // 1000 * 1000
    cp = (counted("land_cp", "land") + counted("building_cp", "building")) // 1000 * 1000
    rows = rows.with_columns(whole=whole, cp=cp).with_columns(
        fa_tax=pl.col("whole") * 14 // 1000, cp_tax=pl.col("cp") * 2 // 1000
    )
    rows = rows.with_columns(
        spared=pl.when(pl.col("building") >= THRESHOLDS["building"]).then("spared").otherwise(0)
    )
    due = pl.col("fa_tax") + pl.col("cp_tax") - pl.col("spared")
    rows = rows.with_columns(remitted=pl.when("relief").then(due // 2).otherwise(0))
    annual = (due - pl.col("remitted")).clip(lower_bound=0) // 100 * 100
    return rows.with_columns(
        land_fa_taxable="land", building_fa_taxable="building", dep_taxable="dep", fa_taxable_total="whole",
        land_cp_taxable="land_cp", building_cp_taxable="building_cp", cp_taxable_total="cp",
        reduction="spared", exemption="remitted", annual_tax=annual, annual=annual, payer_atena_no="owner_atena_no",
        threshold_kind=pl.when(pl.col("whole") > 0).then(pl.lit("1")).otherwise(pl.lit("4")),
    )  # fmt: skip


def terms(levy: pl.DataFrame) -> pl.DataFrame:
    """term_1 to term_4 beside the rows of fa_levy: what is left over goes into the first; a correction changes the
    terms not yet due (3, 4), and the first two only where it takes more than those hold. Cancelled: all 0."""
    levy = levy.sort("notice_no", "levy_hist_no")
    each = pl.col("annual_tax") // 4 // 1000 * 1000
    levy = levy.with_columns(
        term_1=pl.col("annual_tax") - 3 * each, **{f"term_{i}": each for i in (2, 3, 4)}
    )
    first, second = (pl.col(f"term_{i}").first().over("notice_no") for i in (1, 2))
    again, annual = pl.col("levy_hist_no") > 1, pl.col("annual_tax")
    rest = (annual - first - second).clip(lower_bound=0)
    fourth = rest // 2 // 1000 * 1000
    new = {
        "term_1": pl.min_horizontal(first, annual),
        "term_2": (annual - first).clip(0).clip(upper_bound=second),
        "term_3": rest - fourth,
        "term_4": fourth,
    }
    void = pl.col("levy_kind") == "5"
    return levy.with_columns(
        pl.when(void).then(0).when(again).then(amount).otherwise(pl.col(name)).alias(name)
        for name, amount in new.items()
    )


def to_collect(levy: pl.DataFrame) -> pl.DataFrame:
    """The terms in force, as Town.levy takes them: subject 04."""
    live = terms(levy).filter((pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0"))
    found = [
        live.select(
            "notice_no", "payer_atena_no", subject_code=pl.lit("04"), levy_year="tax_year", tax_year="tax_year",
            term=pl.lit(f"{number:02}"), levied=f"term_{number}", due_date=workday(pl.lit(day)),
        )
        for number, day in DUE.items()
    ]  # fmt: skip
    return pl.concat(found).filter(pl.col("levied") > 0).sort("notice_no", "term")
