"""固定資産税 as ASAMA's host keeps it: plots, buildings, assets and joint owners in one file, the levies in another.
Areas in hundredths, dates in three forms, joint owners five in a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.asama.host import entered, generation, header, trailer, turns
from town.core import LegacyFile
from town.fixed_asset_levy import DUE, terms

if TYPE_CHECKING:
    from town.core import Town

CATEGORIES = {
    "01": "110",
    "02": "120",
    "03": "130",
    "09": "140",
    "11": "150",
    "23": "160",
    "21": "180",
}
TAXATION = {"1": "0", "2": "1", "3": "2", "4": "3", "5": "4"}
USES = {
    "01": "001",
    "02": "002",
    "03": "003",
    "04": "004",
    "05": "011",
    "06": "012",
    "08": "021",
    "09": "022",
    "10": "031",
}
STRUCTURES = {"01": "W1", "02": "R2", "03": "R1", "04": "S1", "05": "S2", "06": "B1"}
ROOFS = {"01": "K", "02": "S", "03": "M", "04": "R"}
NEW = {"01": "A", "02": "B", "11": "C"}
LEVIES = {"1": "10", "2": "21", "3": "22", "4": "30", "5": "90"}
MEMBERS = 5
"""Joint owners in a record."""


def files(town: Town) -> list[LegacyFile]:
    """KOTEI01.DAT and KTFUKA1.DAT."""
    parts = [
        ("header", header("ASAMA-KT", "KOTEI01")),
        ("land", _lands(town)),
        ("building", _buildings(town)),
        ("depreciable", _assets(town)),
        ("joint", _joints(town)),
        ("trailer", trailer("KOTEI01")),
    ]
    levies = [
        ("header", header("ASAMA-KF", "KTFUKA1")),
        ("levy", _levies(town)),
        ("trailer", trailer("KTFUKA1")),
    ]
    return [
        LegacyFile("asama/fixed_asset", "KOTEI01.DAT", parts),
        LegacyFile("asama/fixed_asset_levy", "KTFUKA1.DAT", levies),
    ]


def scaled(column: str) -> pl.Expr:
    """A number with decimals as a whole one: 12.34 -> 1234."""
    return pl.col(column).cast(pl.String).str.replace(".", "", literal=True).cast(pl.Int64)


def _managed() -> dict[str, pl.Expr]:
    return {"latest": generation(), **entered()}


def _or_zero(column: str) -> pl.Expr:
    return pl.col(column).fill_null(0)


def _lands(town: Town) -> pl.DataFrame:
    rows = town.truth["fa_land"]
    before = rows.filter(pl.col("tax_year") == "2024").select("land_no", old="owner_atena_no")
    rows = rows.join(before, on="land_no", how="left", maintain_order="left")
    place = pl.int_range(pl.len())
    this = pl.col("tax_year") == "2025"
    share = pl.col("share_ratio").str.split("/")
    return rows.select(
        "fa_taxable", "lot_main",
        property_no="land_no",
        tax_year=spell.era3("tax_year"),
        hist_no="land_hist_no",
        owner_no=spell.last("owner_atena_no", 10),
        old_owner_no=pl.when(this).then(spell.last("old", 10)).fill_null("0000000000"),
        share_class="share_kind",
        share_num=share.list.get(0).str.zfill(8).fill_null("00000000"),
        share_den=share.list.get(1).str.zfill(8).fill_null("00000000"),
        oaza="oaza_code",
        place="location_town",
        lot_sub=_or_zero("lot_sub"),
        lot_sub2=_or_zero("lot_sub2"),
        reg_category=pl.col("reg_category").replace_strict(CATEGORIES),
        cur_category=pl.when((pl.col("cur_category") == "23") & (place % 2 == 0)).then(pl.lit("161"))
        .otherwise(pl.col("cur_category").replace_strict(CATEGORIES)),
        reg_area=scaled("reg_area"), cur_area=scaled("cur_area"), tax_area=scaled("tax_area"),
        value="assessed_value",
        res_class="residential_kind",
        small_area=scaled("small_res_area").fill_null(0),
        general_area=scaled("general_res_area").fill_null(0),
        base_std=_or_zero("fa_base_std"),
        cp_taxable=_or_zero("cp_taxable"),
        prev_value="assessed_value",
        prev_fa_taxable=_or_zero("prev_fa_taxable"),
        prev_cp_taxable=_or_zero("prev_cp_taxable"),
        burden=scaled("burden_level").fill_null(0),
        road_no="road_price_no",
        std_lot_no=(place % 83 + 1).cast(pl.String).str.zfill(5),
        frontage=80 + place % 190,
        depth=100 + place % 240,
        corner=(place % 9 == 0).cast(pl.Int8).cast(pl.String),
        farm_zone=pl.when(pl.col("reg_category").is_in(["01", "02"])).then(pl.lit("1")).otherwise(pl.lit("0")),
        taxation=pl.col("taxation_kind").replace_strict(TAXATION),
        exempt_reason=pl.col("exempt_reason").fill_null("000"),
        reg_accepted=spell.western("reg_accept_date").fill_null("00000000"),
        reg_cause=spell.era7("reg_cause_date"),
        event=pl.col("event_reason").str.slice(1).fill_null("00"),
        event_date=spell.era7("event_date"),
        registry_no="real_estate_no",
        photo_no=pl.lit("24") + (place % 60).cast(pl.String).str.zfill(4),
        survey_flag=(place % 31 == 0).cast(pl.Int8).cast(pl.String),
        **_managed(),
    )  # fmt: skip


def _buildings(town: Town) -> pl.DataFrame:
    place = pl.int_range(pl.len())
    area = scaled("tax_floor_area")
    return town.truth["fa_building"].select(
        "fa_taxable",
        property_no="building_no",
        tax_year=spell.era3("tax_year"),
        hist_no="building_hist_no",
        owner_no=spell.last("owner_atena_no", 10),
        share_class="share_kind",
        place="location_town",
        lot="lot_text",
        house_no="reg_building_no",
        use=pl.col("use_kind").replace_strict(USES),
        structure=pl.col("structure").replace_strict(STRUCTURES),
        roof=pl.col("roof").replace_strict(ROOFS),
        floors=spell.two(pl.col("floors_above")) + spell.two(_or_zero("floors_below")),
        reg_area=scaled("reg_floor_area").fill_null(0),
        tax_area=area,
        exclusive_area=scaled("exclusive_area").fill_null(0),
        built=spell.era7("built_date"),
        extended=spell.era7("extended_date"),
        demolished=spell.era7("demolished_date"),
        points="rebuild_points",
        unit_points=pl.col("rebuild_points") * 100 // area,
        rate=scaled("depreciation_rate"),
        value="assessed_value",
        cp_taxable=_or_zero("cp_taxable"),
        prev_value="assessed_value",
        new_class=pl.col("new_house_kind").replace_strict(NEW, default=None),
        new_from=spell.era3("new_house_from").fill_null("000"),
        new_to=spell.era3("new_house_to").fill_null("000"),
        reduction=_or_zero("reduction_amount"),
        taxation=pl.col("taxation_kind").replace_strict(TAXATION),
        registry_no="real_estate_no",
        flags=pl.col("unregistered") + (place % 2).cast(pl.String) + "0000",
        surveyor=(place % 17 + 400).cast(pl.String).str.zfill(6),
        drawing_no=pl.when(place % 3 == 0).then("Z-" + place.cast(pl.String).str.zfill(5)),
        **_managed(),
    )  # fmt: skip


def _assets(town: Town) -> pl.DataFrame:
    place = pl.int_range(pl.len())
    return town.truth["fa_depreciable"].select(
        "asset_name", "quantity", "taxable",
        owner_no=spell.last("owner_atena_no", 10),
        tax_year=spell.era3("tax_year"),
        seq="asset_seq",
        kind="asset_kind",
        acquired=spell.era5("acquired_ym"),
        cost=pl.col("acquired_cost") // 1000,
        life="useful_life",
        remain=scaled("residual_rate"),
        prev_value=_or_zero("prev_value"),
        value="assessed_value",
        special=scaled("special_rate").fill_null(1000),
        special_code=pl.when(pl.col("special_rate").is_not_null()).then(pl.lit("1525")),
        change=pl.col("change_kind").fill_null("0"),
        removed=spell.era5("removed_ym").fill_null("00000"),
        declared=spell.era7("declared_date"),
        receipt_no="07" + (place // 5).cast(pl.String).str.zfill(6),
        medium=(place // 5 % 2 + 1).cast(pl.String),
        **_managed(),
    )  # fmt: skip


def _joints(town: Town) -> pl.DataFrame:
    """Five members in a record, those who have left among them."""
    rows = town.truth["fa_joint_owner"]
    names = town.truth.get(
        "atena_corporation", rows.select(atena_no="joint_atena_no", corp_name=pl.lit(None))
    )
    names = names.unique("atena_no").select("atena_no", "corp_name")
    cells = rows.select(
        "joint_atena_no", "is_latest", "is_deleted", "operator_id", "operated_date", "operated_time",
        member_no=spell.last("member_atena_no", 10), member_rep="rep_flag", member_num="share_num", member_den="share_den",
        member_from=spell.era7("valid_from"), member_to=spell.era7("valid_to"),
    )  # fmt: skip
    mine = [c for c in cells.columns if c.startswith("member_")]
    by = [c for c in cells.columns if c not in mine]
    pages = turns(cells, by, MEMBERS, mine)
    pages = pages.join(
        names, left_on="joint_atena_no", right_on="atena_no", how="left", maintain_order="left"
    )
    return pages.select(
        pl.col("^member_(rep|num|den|from|to)_.$"), pl.col("^member_no_.$").fill_null("0000000000"),
        joint_no=spell.last("joint_atena_no", 10),
        page=pl.col("_page") + 1,
        offset=pl.col("_page") * MEMBERS,
        member_count=pl.col("used").sum().over("joint_atena_no"),
        joint_name=pl.col("corp_name").str.slice(0, 20),
        send_no=pl.int_range(pl.len()).cast(pl.String).str.zfill(5),
        **_managed(),
    )  # fmt: skip


def _levies(town: Town) -> pl.DataFrame:
    rows = terms(town.truth["fa_levy"])
    before = pl.col("annual_tax").shift(1).over("notice_no", order_by="levy_hist_no")
    plots, houses = (
        town.truth[t]
        .filter((pl.col("is_latest") == "1") & (pl.col("tax_year") == "2025"))
        .group_by("owner_atena_no")
        .len(name)
        for t, name in (("fa_land", "plots"), ("fa_building", "houses"))
    )
    for counted in (plots, houses):
        rows = rows.join(
            counted,
            left_on="payer_atena_no",
            right_on="owner_atena_no",
            how="left",
            maintain_order="left",
        )
    dues = {
        f"term_due_{i}": pl.when(pl.col(f"term_{i}") > 0).then(spell.era7(pl.lit(str(day))))
        for i, day in DUE.items()
    }
    return rows.select(
        "notice_no", "fa_tax", "cp_tax", "reduction", "exemption", "annual_tax",
        tax_year=spell.era3("tax_year"),
        correction_no=pl.col("levy_hist_no") - 1,
        payer_no=spell.last("payer_atena_no", 10),
        joint_class=pl.col("payer_atena_no").str.starts_with("000009").cast(pl.Int8).cast(pl.String),
        land_taxable="land_fa_taxable",
        building_taxable="building_fa_taxable",
        asset_taxable="dep_taxable",
        taxable_total=pl.col("fa_taxable_total") // 1000,
        land_cp="land_cp_taxable",
        building_cp="building_cp_taxable",
        cp_total=pl.col("cp_taxable_total") // 1000,
        previous_tax=before.fill_null(0),
        threshold=pl.when(pl.col("threshold_kind") == "4").then(pl.lit("3")).otherwise(pl.lit("0")),
        levy_class=pl.col("levy_kind").replace_strict(LEVIES),
        corrected=spell.era7("corrected_date"),
        reason=pl.col("correct_reason").str.slice(1).fill_null("00"),
        sent=spell.western("notice_date").fill_null("00000000"),
        **{f"term_amount_{i}": f"term_{i}" for i in DUE},
        **dues,
        transfer=(pl.int_range(pl.len()) % 3 == 0).cast(pl.Int8).cast(pl.String),
        advance=(pl.int_range(pl.len()) % 12 == 0).cast(pl.Int8).cast(pl.String),
        plot_count=_or_zero("plots"),
        house_count=_or_zero("houses"),
        **_managed(),
    )  # fmt: skip
