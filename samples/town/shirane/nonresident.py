"""宛名台帳.CSV and 送付先.CSV of SHIRANE: people, companies and groups of owners in the same columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.core import LegacyFile
from town.shirane.cells import edited, mixed, moment, part, postal, remark
from town.shirane.sheet import marked, number, western

if TYPE_CHECKING:
    from town.core import Town

KINDS = {"301": "株式", "302": "有限", "303": "合名", "304": "合資", "305": "合同"}
BASES = {"1": "番号", "2": "四情報", "3": "判断"}
BUSINESSES = {
    "001": "住民記録",
    "007": "固定資産税",
    "009": "法人市民税",
    "012": "国保",
    "014": "介護",
}
REASONS = {
    "01": "納管人",
    "02": "相続代表",
    "03": "後見人",
    "04": "施設",
    "05": "支援措置",
    "09": "希望",
    "99": "その他",
}
SEX = {"1": "男", "2": "女"}


def files(town: Town) -> list[LegacyFile]:
    """宛名台帳.CSV and 送付先.CSV."""
    return [
        LegacyFile("shirane/addressee", "宛名台帳.CSV", [("addressee", addressees(town))]),
        LegacyFile("shirane/mailing", "送付先.CSV", [("mailing", mailings(town))]),
    ]


def addressees(town: Town) -> pl.DataFrame:
    """One line a generation of an addressee; 名寄せ in all of them."""
    people, bodies = town.truth["atena_nonresident"], town.truth["atena_corporation"]
    parts = [people.select(**shared(), **person()), bodies.select(**shared(), **body())]
    links = town.truth["atena_identity_link"].select(
        "atena_no",
        merged_no=number("merged_into"),
        merged_on=western("merged_date"),
        merge_basis=pl.col("basis").replace_strict(BASES),
        merge_state=pl.when(pl.col("released_date").is_null()).then(pl.lit("名寄せ中")).otherwise(pl.lit("解除")),
        released=western("released_date"),
        merged_by="operator_id",
        merged_at=moment(),
    )  # fmt: skip
    whole = pl.concat(parts, how="diagonal").join(
        links, on="atena_no", how="left", maintain_order="left"
    )
    return whole.with_columns(
        atena_no=number("atena_no"),
        label_class=pl.lit("B"),
        memo=remark(9, "電話は午後に。\r\n留守のときは手紙で。"),
    )


def shared() -> dict[str, pl.Expr]:
    return {
        "atena_no": pl.col("atena_no"),
        "hist_no": pl.col("atena_hist_no").cast(pl.String),
        "postal": postal("addr_postal"),
        "city_code": number("addr_city_code"),
        "pref": pl.col("addr_pref"),
        "city": pl.col("addr_city"),
        "town": pl.col("addr_town"),
        "banchi": mixed("addr_banchi"),
        "katagaki": mixed("addr_katagaki"),
        "tel": pl.col("tel"),
        "latest": marked("is_latest", "*"),
        **edited(),
    }


def person() -> dict[str, pl.Expr]:
    native = pl.col("name_roman").is_null()
    return {
        "kind": pl.when(native).then(pl.lit("個人")).otherwise(pl.lit("外国人")),
        "name": pl.col("name"),
        "kana": spell.halfkana("name_kana"),
        "sex": pl.col("sex").replace_strict(SEX, default=None),
        "birth": spell.worded("birth_date"),
        "country": pl.col("addr_country_name"),
        "overseas": pl.col("addr_overseas"),
        "no_share": marked("no_share_flag", "不可"),
    }


def body() -> dict[str, pl.Expr]:
    joint = pl.col("atena_kind") == "6"
    return {
        "kind": pl.when(joint).then(pl.lit("共有")).otherwise(pl.lit("法人")),
        "name": pl.col("corp_name"),
        "kana": spell.halfkana("corp_kana"),
        "branch": pl.col("branch_name"),
        "rep_title": pl.col("rep_title"),
        "rep_name": pl.col("rep_name"),
        "corporate_no": pl.col("corporate_no"),
        "corp_kind": pl.when(~joint).then(
            pl.col("corp_kind").replace_strict(KINDS, default="その他")
        ),
        "registered": pl.col("registered_addr"),
        "founded_era": spell.era("established", "MTSHR"),
        "founded_y": spell.year_of_era("established").cast(pl.String),
        "founded_m": part("established", 5, 2),
        "founded_d": part("established", 8, 2),
        "closed": western("closed"),
        "joint_rep": number("joint_rep_atena_no"),
        "joint_count": pl.col("joint_count").cast(pl.String) + "名",
    }


def mailings(town: Town) -> pl.DataFrame:
    return town.truth["atena_mailing"].select(
        "tel",
        atena_no=number("atena_no"),
        business=pl.col("gyomu_id").replace_strict(BUSINESSES),
        seq=pl.col("mailing_seq").cast(pl.String),
        reason=pl.col("mailing_reason").replace_strict(REASONS),
        to_no=number("mailing_atena_no"),
        to_name="mailing_name",
        to_kana=spell.halfkana("mailing_kana"),
        postal=postal("mail_postal"),
        city_code=number("mail_city_code"),
        pref="mail_pref",
        city="mail_city",
        town="mail_town",
        banchi=mixed("mail_banchi"),
        katagaki=mixed("mail_katagaki"),
        since=spell.slashed("valid_from", mark=".", pad=False),
        until=western("valid_to"),
        sticker=pl.lit("要"),
        memo=remark(7, "封筒に部署名を書く。\r\n電話は不要。"),
        **edited(),
    )
