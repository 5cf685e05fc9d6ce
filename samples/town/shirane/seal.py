"""印鑑登録台帳.CSV and 印鑑登録証.CSV of SHIRANE: everything in words, dates in four spellings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.core import LegacyFile
from town.shirane.sheet import birth, dotted, managed, marked, number, western

if TYPE_CHECKING:
    from town.core import Town

STATES = {"1": "登録", "2": "停止", "3": "廃止", "9": "職権"}
METHODS = {"1": "照会", "2": "保証人", "3": "即時", "4": "改印"}
KINDS = {"1": "氏名", "2": "氏", "3": "名", "4": "旧氏", "5": "通称", "6": "カナ"}
REASONS = {
    "01": "廃止申請", "02": "登録証亡失", "03": "印鑑亡失", "04": "改印", "11": "転出", "12": "死亡", "13": "氏名変更", "14": "意思能力",
    "99": "その他",
}  # fmt: skip
CARDS = {"1": "有効", "2": "亡失", "3": "返納", "4": "引換", "9": "無効"}
ISSUES = {"1": "新規", "2": "再交付", "3": "引換"}
PLACES = {"01": "本庁", "02": "東支所", "03": "西支所"}


def files(town: Town) -> list[LegacyFile]:
    """印鑑登録台帳.CSV and 印鑑登録証.CSV."""
    return [
        LegacyFile("shirane/seal", "印鑑登録台帳.CSV", [("seal", records(town))]),
        LegacyFile("shirane/seal_card", "印鑑登録証.CSV", [("card", cards(town))]),
    ]


def records(town: Town) -> pl.DataFrame:
    """One line a generation of a registration."""
    off, turn = "abolished_date", pl.int_range(pl.len())
    return town.truth["seal_registration"].select(
        reg_no=spell.unpadded("seal_reg_no"),
        hist_no=pl.col("seal_hist_no").cast(pl.String),
        atena_no=number("atena_no"),
        name="seal_name",
        kana=spell.halfkana("seal_name_kana"),
        sex=pl.col("sex").replace_strict({"1": "男", "2": "女"}, default=None),
        birth=birth(),
        household_no=number("household_no"),
        state=pl.col("seal_status").replace_strict(STATES),
        method=pl.col("seal_method").replace_strict(METHODS),
        applied=western("applied_date"),
        registered=spell.slashed("registered_date"),
        engraved="seal_text",
        engraved_kind=pl.col("seal_text_kind").replace_strict(KINDS),
        former_name="seal_former_name",
        alias="seal_alias",
        card_no="seal_card_no",
        image_no=spell.unpadded("seal_image_id"),
        agent=marked("agent_flag"),
        guarantor=spell.unpadded("guarantor_seal_no"),
        sent=dotted("inquiry_sent"),
        due=dotted("inquiry_due"),
        off_era=spell.era(off, "MTSHR"),
        off_year=spell.year_of_era(off).cast(pl.String),
        off_month=spell.unpadded(spell.month(off)),
        off_day=spell.unpadded(spell.day(off)),
        off_reason=pl.col("abolish_reason").replace_strict(REASONS, default=None),
        cvs=pl.when(pl.col("cvs_flag") == "1").then(pl.lit("可")).otherwise(pl.lit("不可")),
        memo=pl.col("note").str.replace_all("\\n", "\r\n", literal=True),
        counter_memo=pl.when(turn % 19 == 0).then(pl.lit("来庁の予定あり。\r\n担当は二番窓口。")),
        copies=(turn * 311 % 1_207).pipe(spell.grouped),
        **managed(),
    )  # fmt: skip


def cards(town: Town) -> pl.DataFrame:
    """One line a card."""
    names = town.truth["seal_registration"].filter(pl.col("is_latest") == "1").select("seal_reg_no", "seal_name")
    rows = town.truth["seal_card"].join(names, on="seal_reg_no", how="left", maintain_order="left")
    return rows.select(
        card_no="seal_card_no",
        reg_no=spell.unpadded("seal_reg_no"),
        holder="seal_name",
        issued=spell.worded("issued_date"),
        why=pl.col("issue_kind").replace_strict(ISSUES),
        place=pl.col("issue_place").replace_strict(PLACES),
        fee=spell.grouped("fee", unit="円"),
        state=pl.col("card_status").replace_strict(CARDS),
        lost=spell.slashed("lost_date"),
        returned=spell.slashed("returned_date"),
        memo=pl.when(pl.int_range(pl.len()) % 29 == 0).then(pl.lit("カードケースも渡した。\r\n受領印あり。")),
        **{name: value for name, value in managed().items() if name != "latest"},
    )  # fmt: skip
