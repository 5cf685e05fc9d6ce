"""固定資産税 as KUSATSU's mainframe unloads it: one file whose records are read five ways, dates and amounts packed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.asama.fixed_asset import scaled
from town.core import LegacyFile
from town.fixed_asset_levy import terms
from town.kusatsu.records import header

if TYPE_CHECKING:
    from town.core import Town

NAMES = {"1": "T", "2": "K", "3": "B"}
CATEGORIES = {
    "01": "TA",
    "02": "HT",
    "03": "TK",
    "09": "SR",
    "11": "GY",
    "23": "ZS",
    "21": "KD",
    "12": "BC",
}
RESIDENTIAL = {"1": "S", "2": "I", "3": "H"}
TAXATION = {"1": "K", "2": "H", "3": "G", "4": "M", "5": "J"}
EVENTS = {"011": "B", "012": "S", "021": "F", "031": "C"}
STRUCTURES = {"01": "M", "02": "Q", "03": "R", "04": "S", "05": "L", "06": "B"}
KINDS = dict(zip("123456", "ABCDEF", strict=True))
LEVIES = {"1": "T", "2": "Z", "3": "G", "4": "R", "5": "C"}
REASONS = {"021": "C", "022": "H", "041": "S"}
RELATIONS = ("長男", "二女", "妻", "甥")


def files(town: Town) -> list[LegacyFile]:
    """KZKOTEI1.DAT."""
    parts = [
        header(town, "KZKOTEI"),
        ("land", _lands(town)),
        ("building", _buildings(town)),
        ("asset", _assets(town)),
        ("member", _members(town)),
        ("levy", _levies(town)),
        ("trailer", None),
    ]
    return [LegacyFile("kusatsu/fixed_asset", "KZKOTEI1.DAT", parts)]


def _coded(column: str, codes: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(codes, default=None)


def _number(written: pl.Expr) -> pl.Expr:
    """A date as a number; 0 where there is none."""
    return written.cast(pl.Int64).fill_null(0)


def _zero(column: str) -> pl.Expr:
    return pl.col(column).fill_null(0)


def _managed() -> dict[str, pl.Expr]:
    return {
        "latest": pl.when(pl.col("is_latest") == "1").then(pl.lit("G")).otherwise(pl.lit("K")),
        "deleted": pl.when(pl.col("is_deleted") == "1").then(pl.lit("X")),
        "operator": pl.col("operator_id"),
        "updated_date": spell.western("operated_date").cast(pl.Int64),
        "updated_time": pl.col("operated_time").str.replace_all(":", "").cast(pl.Int64),
    }


def _lands(town: Town) -> pl.DataFrame:
    cause = "reg_cause_date"
    return town.truth["fa_land"].select(
        "tax_year", "share_ratio", "fa_taxable",
        property_area=pl.col("land_no").str.slice(0, 3),
        property_serial=pl.col("land_no").str.slice(3),
        hist_no="land_hist_no",
        owner_no=spell.last("owner_atena_no", 10),
        share_class=_coded("share_kind", NAMES),
        oaza=pl.col("oaza_code").str.slice(0, 3),
        aza=pl.col("oaza_code").str.slice(3),
        place="location_town",
        lot_1="lot_main", lot_2=_zero("lot_sub"), lot_3=_zero("lot_sub2"),
        reg_category=_coded("reg_category", CATEGORIES),
        cur_category=_coded("cur_category", CATEGORIES),
        reg_area=scaled("reg_area"), cur_area=scaled("cur_area"), tax_area=scaled("tax_area"),
        small_area=scaled("small_res_area").fill_null(0),
        general_area=scaled("general_res_area").fill_null(0),
        res_class=_coded("residential_kind", RESIDENTIAL),
        value="assessed_value",
        base_std=_zero("fa_base_std"),
        cp_taxable=_zero("cp_taxable"),
        old_fa_taxable=_zero("prev_fa_taxable"),
        old_cp_taxable=_zero("prev_cp_taxable"),
        road_no="road_price_no",
        taxation=_coded("taxation_kind", TAXATION),
        exempt_reason=pl.col("exempt_reason").fill_null("000"),
        accepted=_number(spell.western("reg_accept_date")),
        cause_era=spell.era(cause, "MTSHR"),
        cause_year=spell.two(spell.year_of_era(cause)),
        cause_month=spell.month(cause),
        cause_day=spell.day(cause),
        event=_coded("event_reason", EVENTS),
        event_date=_number(spell.western("event_date")),
        registry_no="real_estate_no",
        map_sheet="M" + (pl.int_range(pl.len()) % 300).cast(pl.String).str.zfill(4),
        **_managed(),
    )  # fmt: skip


def _buildings(town: Town) -> pl.DataFrame:
    years = pl.col("new_house_from") + pl.col("new_house_to")
    place = pl.int_range(pl.len())
    return town.truth["fa_building"].select(
        "tax_year", "roof", "floors_above", "fa_taxable",
        property_no="building_no",
        hist_no="building_hist_no",
        owner_no=spell.last("owner_atena_no", 10),
        share_class=_coded("share_kind", NAMES),
        place="location_town",
        lot=spell.narrow("lot_text"),
        house_no="reg_building_no",
        registered=pl.when(pl.col("unregistered") == "1").then(pl.lit("M")).otherwise(pl.lit("T")),
        use="use_kind",
        structure=_coded("structure", STRUCTURES),
        floors_below=_zero("floors_below"),
        reg_area=scaled("reg_floor_area").fill_null(0),
        tax_area=scaled("tax_floor_area"),
        exclusive_area=scaled("exclusive_area").fill_null(0),
        built=_number(spell.era7("built_date")),
        extended=_number(spell.era7("extended_date")),
        demolished=_number(spell.era7("demolished_date")),
        points="rebuild_points",
        rate=scaled("depreciation_rate"),
        value="assessed_value",
        cp_taxable=_zero("cp_taxable"),
        new_class="new_house_kind",
        new_years=years.fill_null("00000000"),
        reduction=_zero("reduction_amount"),
        taxation=_coded("taxation_kind", TAXATION),
        registry_no="real_estate_no",
        plan_film=pl.when(place % 4 == 0).then("F" + place.cast(pl.String).str.zfill(6)),
        **_managed(),
    )  # fmt: skip


def _assets(town: Town) -> pl.DataFrame:
    place = pl.int_range(pl.len())
    return town.truth["fa_depreciable"].select(
        "tax_year", "asset_name", "quantity", "taxable",
        owner_no=spell.last("owner_atena_no", 10),
        seq="asset_seq",
        kind=_coded("asset_kind", KINDS),
        acquired=spell.western("acquired_ym"),
        cost="acquired_cost",
        life="useful_life",
        remain=scaled("residual_rate"),
        prev_value=_zero("prev_value"),
        value="assessed_value",
        special=scaled("special_rate").fill_null(0),
        change=_coded("change_kind", {"1": "Z", "2": "G"}),
        removed=spell.western("removed_ym").fill_null("000000"),
        declared=_number(spell.western("declared_date")),
        page_line="P" + spell.two(place // 20 % 90) + spell.two(place % 20),
        **_managed(),
    )  # fmt: skip


def _members(town: Town) -> pl.DataFrame:
    words = pl.Series(RELATIONS)
    rows = town.truth["fa_joint_owner"]
    noted = pl.when(pl.col("member_seq") > 2).then(words.gather(rows["member_seq"] % len(words)))
    return rows.select(
        joint_no=spell.last("joint_atena_no", 10),
        seq="member_seq",
        member_no=spell.last("member_atena_no", 10),
        representative=pl.when(pl.col("rep_flag") == "1").then(pl.lit("D")),
        share_1="share_num", share_2="share_den",
        since=_number(spell.western("valid_from")),
        till=spell.western("valid_to").cast(pl.Int64).fill_null(99_999_999),
        relation=noted,
        **_managed(),
    )  # fmt: skip


def _levies(town: Town) -> pl.DataFrame:
    rows = terms(town.truth["fa_levy"])
    away = pl.col("payer_atena_no").str.starts_with("000005")
    return rows.select(
        "tax_year", "notice_no", "reduction", "exemption", "annual_tax", "term_1", "term_2", "term_3", "term_4",
        hist_no="levy_hist_no",
        payer_no=spell.last("payer_atena_no", 10),
        taxable_1="land_fa_taxable", taxable_2="building_fa_taxable", taxable_3="dep_taxable",
        taxable_total="fa_taxable_total",
        cp_taxable_1="land_cp_taxable", cp_taxable_2="building_cp_taxable", cp_taxable_total="cp_taxable_total",
        tax_1="fa_tax", tax_2="cp_tax",
        threshold=_coded("threshold_kind", {"4": "M"}),
        levy_class=_coded("levy_kind", LEVIES),
        corrected=_number(spell.western("corrected_date")),
        reason=_coded("correct_reason", REASONS),
        sent=_number(spell.western("notice_date")),
        manager=pl.when(away).then(pl.lit("1000000007")).otherwise(pl.lit("0000000000")),
        **_managed(),
    )  # fmt: skip
