"""固定資産税 as SHIRANE's package exports it: plots, buildings, levies and joint owners as CSV, in words and written amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.core import LegacyFile
from town.fixed_asset_levy import terms

if TYPE_CHECKING:
    from town.core import Town

OWNERSHIP = {"1": "単独", "2": "共有", "3": "区分所有"}
CATEGORIES = {
    "01": "田",
    "02": "畑",
    "03": "宅地",
    "09": "山林",
    "11": "原野",
    "12": "墓地",
    "21": "公衆用道路",
    "23": "雑種地",
}
RESIDENTIAL = {"1": "小規模", "2": "一般", "3": "併用"}
TAXATION = {"1": "課税", "2": "非課税", "3": "減免", "4": "免税点未満", "5": "課税免除"}
EXEMPTIONS = {"011": "公衆用道路", "101": "生活扶助"}
EVENTS = {"011": "売買", "012": "相続", "021": "分筆", "031": "地積更正"}
USES = {
    "01": "専用住宅", "02": "共同住宅", "03": "併用住宅", "04": "農家住宅", "05": "店舗・事務所", "06": "旅館", "08": "工場",
    "09": "倉庫", "10": "附属家",
}  # fmt: skip
STRUCTURES = {
    "01": "木造",
    "02": "SRC造",
    "03": "RC造",
    "04": "鉄骨造",
    "05": "軽量鉄骨造",
    "06": "ブロック造",
}
ROOFS = {"01": "瓦", "02": "スレート", "03": "金属", "04": "陸屋根"}
NEW = {"01": "一般", "02": "中高層", "11": "長期優良"}
LEVIES = {"1": "当初", "2": "増額", "3": "減額", "4": "随時", "5": "取消"}
REASONS = {"021": "地積更正", "022": "評価の誤り", "041": "賦課期日前の死亡"}
MEMOS = (
    "現地確認済。\r\n一部を通路として使う。",
    "隣地との境は塀の中心。",
    "農地転用の届あり。\r\n\r\n来年度に現況を見る。",
)


def files(town: Town) -> list[LegacyFile]:
    """固定資産土地.CSV, 固定資産家屋.CSV, 固定資産課税.CSV and 固定資産共有者.CSV."""
    return [
        LegacyFile("shirane/fixed_asset_land", "固定資産土地.CSV", [("land", _lands(town))]),
        LegacyFile(
            "shirane/fixed_asset_building", "固定資産家屋.CSV", [("building", _buildings(town))]
        ),
        LegacyFile("shirane/fixed_asset_levy", "固定資産課税.CSV", [("levy", _levies(town))]),
        LegacyFile("shirane/joint_owner", "固定資産共有者.CSV", [("member", _members(town))]),
    ]


def _word(column: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, default=None)


def _number(column: str, width: int = 10) -> pl.Expr:
    """A number of so many digits without its leading zeros."""
    return spell.unpadded(spell.last(column, width))


def _marked(column: str, mark: str = "*") -> pl.Expr:
    return pl.when(pl.col(column) == "1").then(pl.lit(mark))


def _area(column: str) -> pl.Expr:
    """1,234.56."""
    parts = pl.col(column).cast(pl.String).str.split(".")
    return spell.grouped(parts.list.get(0).cast(pl.Int64)) + "." + parts.list.get(1)


def _written() -> dict[str, pl.Expr]:
    hour = pl.col("operated_time").str.strip_prefix("0")
    return {
        "latest": _marked("is_latest"),
        "deleted": _marked("is_deleted"),
        "updated_by": pl.col("operator_id"),
        "updated_at": spell.slashed("operated_date", "", pad=False) + " " + hour,
    }


def _named(town: Town, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows with `called`: the name of who has that number, if anybody."""
    names = [
        f.select("atena_no", called="name") for f in (town.people, town.outsiders, town.companies)
    ]
    if "atena_corporation" in town.truth:
        joint = town.truth["atena_corporation"].filter(pl.col("atena_kind") == "6")
        names.append(joint.select("atena_no", called="corp_name"))
    known = pl.concat(names).unique("atena_no", keep="first", maintain_order=True)
    return rows.join(known, left_on=column, right_on="atena_no", how="left", maintain_order="left")


def _lands(town: Town) -> pl.DataFrame:
    rows = _named(town, town.truth["fa_land"], "owner_atena_no")
    same = pl.col("reg_category") == pl.col("cur_category")
    place = pl.int_range(pl.len())
    memo = pl.Series(MEMOS).gather(rows["lot_main"] % len(MEMOS))
    vague = spell.unknown_wording("reg_cause_date")
    return rows.select(
        tax_year=spell.fiscal("tax_year", worded=True),
        property_no=spell.unpadded("land_no"),
        hist_no=pl.col("land_hist_no").cast(pl.String),
        owner_no=_number("owner_atena_no"),
        owner_name="called",
        ownership=_word("share_kind", OWNERSHIP),
        share="share_ratio",
        oaza_code=spell.unpadded("oaza_code"),
        place="location_town",
        **{c: pl.col(c).cast(pl.String) for c in ("lot_main", "lot_sub", "lot_sub2")},
        reg_category=_word("reg_category", CATEGORIES),
        cur_category=pl.when(~same).then(_word("cur_category", CATEGORIES)),
        reg_area=_area("reg_area"), cur_area=_area("cur_area"), tax_area=_area("tax_area"),
        value=spell.grouped("assessed_value"),
        res_class=_word("residential_kind", RESIDENTIAL),
        small_area=_area("small_res_area"), general_area=_area("general_res_area"),
        base_std=spell.grouped("fa_base_std"),
        fa_taxable=spell.grouped("fa_taxable"),
        cp_taxable=spell.grouped("cp_taxable"),
        prev_fa=spell.grouped("prev_fa_taxable"),
        prev_cp=spell.grouped("prev_cp_taxable"),
        burden=pl.col("burden_level").cast(pl.String),
        road_no="road_price_no",
        taxation=_word("taxation_kind", TAXATION),
        exempt_reason=_word("exempt_reason", EXEMPTIONS),
        accepted=spell.slashed("reg_accept_date", mark=".", pad=False),
        cause=pl.coalesce(vague, spell.worded("reg_cause_date")),
        event=_word("event_reason", EVENTS),
        event_date=spell.slashed("event_date", "", pad=False),
        registry_no=spell.unpadded("real_estate_no"),
        memo=pl.when(place % 17 == 0).then(memo),
        **_written(),
    )  # fmt: skip


def _buildings(town: Town) -> pl.DataFrame:
    rows = _named(town, town.truth["fa_building"], "owner_atena_no")
    below = pl.col("floors_below").fill_null(0)
    build = (
        _word("structure", STRUCTURES),
        _word("roof", ROOFS),
        pl.col("floors_above"),
        below,
    )
    years = spell.fiscal("new_house_from") + "-" + spell.fiscal("new_house_to")
    place = pl.int_range(pl.len())
    gone = pl.coalesce(
        spell.narrow(spell.unknown_wording("demolished_date")), spell.worded("demolished_date")
    )
    return rows.select(
        tax_year=spell.fiscal("tax_year", worded=True),
        property_no=spell.unpadded("building_no"),
        hist_no=pl.col("building_hist_no").cast(pl.String),
        owner_no=_number("owner_atena_no"),
        owner_name="called",
        ownership=_word("share_kind", OWNERSHIP),
        place="location_town",
        lot=spell.narrow("lot_text"),
        house_no="reg_building_no",
        use=_word("use_kind", USES),
        build=pl.concat_str(build, separator="・"),
        reg_area=_area("reg_floor_area"),
        tax_area=_area("tax_floor_area"),
        exclusive_area=_area("exclusive_area"),
        built_era=spell.era("built_date", "明大昭平令"),
        built_year=spell.year_of_era("built_date").cast(pl.String),
        built_month=spell.unpadded(spell.month("built_date")),
        built_day=spell.unpadded(spell.day("built_date")),
        extended=spell.worded("extended_date"),
        demolished=gone,
        points=spell.grouped("rebuild_points"),
        rate=pl.col("depreciation_rate").cast(pl.String),
        value=spell.grouped("assessed_value"),
        fa_taxable=spell.grouped("fa_taxable"),
        cp_taxable=spell.grouped("cp_taxable"),
        new_house=_word("new_house_kind", NEW) + " " + years,
        reduction=spell.grouped(-pl.col("reduction_amount"), "▲"),
        taxation=_word("taxation_kind", TAXATION),
        registry_no=spell.unpadded("real_estate_no"),
        memo=pl.when(place % 19 == 0).then(pl.lit("増築の届あり。\r\n秋に現地を見る。")),
        **_written(),
    )


def _levies(town: Town) -> pl.DataFrame:
    rows = _named(town, terms(town.truth["fa_levy"]), "payer_atena_no")
    amounts = {
        "land_fa": "land_fa_taxable", "building_fa": "building_fa_taxable", "asset": "dep_taxable", "fa_total": "fa_taxable_total",
        "land_cp": "land_cp_taxable", "building_cp": "building_cp_taxable", "cp_total": "cp_taxable_total",
        "fa_tax": "fa_tax", "cp_tax": "cp_tax", **{f"term_{i}": f"term_{i}" for i in range(1, 5)},
    }  # fmt: skip
    return rows.select(
        tax_year=spell.fiscal("tax_year"),
        notice_no=spell.unpadded("notice_no"),
        hist_no=pl.col("levy_hist_no").cast(pl.String),
        payer_no=_number("payer_atena_no"),
        payer_name="called",
        **{ours: spell.grouped(theirs) for ours, theirs in amounts.items()},
        reduction=spell.grouped(-pl.col("reduction"), "▲"),
        exemption=spell.grouped(-pl.col("exemption"), "▲"),
        annual_tax=spell.grouped("annual_tax", "▲", "円"),
        below=pl.when(pl.col("threshold_kind") == "4").then(pl.lit("未満")),
        levy_kind=_word("levy_kind", LEVIES),
        corrected=spell.slashed("corrected_date", mark=".", pad=False),
        reason=_word("correct_reason", REASONS),
        sent=spell.worded("notice_date"),
        **_written(),
    )


def _members(town: Town) -> pl.DataFrame:
    rows = _named(town, town.truth["fa_joint_owner"], "joint_atena_no").rename(
        {"called": "joint_name"}
    )
    rows = _named(town, rows, "member_atena_no")
    plain = spell.share("share_num", "share_den")
    kanji = (
        spell.widened(pl.col("share_den").cast(pl.String))
        + "分の"
        + spell.widened(pl.col("share_num").cast(pl.String))
    )
    turn = pl.int_range(pl.len()) % 3
    return rows.select(
        "joint_name",
        joint_no=_number("joint_atena_no"),
        seq=pl.col("member_seq").cast(pl.String),
        member_no=_number("member_atena_no"),
        member_name="called",
        rep=_marked("rep_flag", "◎"),
        share=pl.when(turn == 0)
        .then(plain)
        .when(turn == 1)
        .then(spell.widened(plain))
        .otherwise(kanji),
        since=spell.worded("valid_from"),
        till=spell.worded("valid_to"),
        **_written(),
    )
