"""学齢簿.CSV and 就学援助.CSV of SHIRANE: schools by name, children by a number of the board of education."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import school_places as places
from town import spell
from town.core import LegacyFile
from town.shirane.sheet import birth, dotted, managed, marked, number, western

if TYPE_CHECKING:
    from town.core import Town

KINDS = {
    "1": "小学校", "2": "中学校", "3": "義務教育学校（前期）", "4": "義務教育学校（後期）", "5": "特別支援学校小学部", "6": "特別支援学校中学部",
    "9": "未就学",
}  # fmt: skip
RESULTS = {"01": "要保護", "02": "準要保護", "09": "却下"}
ACCOUNTS = {"1": "普通", "2": "当座", "9": "その他"}


def files(town: Town) -> list[LegacyFile]:
    """学齢簿.CSV and 就学援助.CSV."""
    rows = town.truth["school_register"]
    numbers = rows.select("atena_no").unique(maintain_order=True).with_columns(child_no=(pl.int_range(pl.len()) * 3 + 8).cast(pl.String))
    rows, aid = (t.join(numbers, on="atena_no", how="left", maintain_order="left") for t in (rows, town.truth["school_aid"]))
    return [
        LegacyFile("shirane/school", "学齢簿.CSV", [("child", children(rows))]),
        LegacyFile("shirane/school_aid", "就学援助.CSV", [("aid", aids(aid))]),
    ]


def children(rows: pl.DataFrame) -> pl.DataFrame:
    """One line a row of school_register."""
    turn = pl.int_range(pl.len())
    grade = pl.col("grade").str.replace("E", "小").str.replace("J", "中")
    return rows.select(
        "name", "child_no",
        atena_no=number("atena_no"),
        year=spell.fiscal("school_year", worded=True),
        hist_no=pl.col("reg_hist_no").cast(pl.String),
        kana=spell.halfkana("name_kana"),
        sex=pl.col("sex").replace_strict({"1": "男", "2": "女"}, default=None),
        birth=birth(),
        school_kind=pl.col("school_kind").replace_strict(KINDS),
        grade=grade,
        assigned=places.by_code("assigned_school", "name"),
        enrolled=places.by_code("enrolled_school", "name"),
        changed=marked("change_flag"), out_area=marked("out_area_flag"), special=marked("special_class_flag"), missing=marked("missing_flag"),
        out_city=spell.unpadded("out_area_city"),
        notice=western("notice_date"),
        entered=dotted("enrolled_date"),
        graduated=dotted("graduated_date"),
        exemption=pl.col("exemption_kind").replace_strict({"1": "猶予", "2": "免除"}, default=None),
        exempt_from=western("exemption_from"),
        exempt_to=western("exemption_to"),
        guardian_no=number("guardian_atena_no"),
        guardian="guardian_name",
        guardian_rel="guardian_rel",
        postal=pl.col("addr_postal").str.replace(r"^(\d{3})", "${1}-"),
        town="addr_town",
        banchi=spell.narrow("addr_banchi"),
        katagaki=spell.narrow("addr_katagaki"),
        class_name=pl.when(pl.col("grade").is_not_null()).then((turn % 3 + 1).cast(pl.String) + "組"),
        teacher_memo=pl.when(turn % 13 == 0).then(pl.lit("家庭訪問は夕方。\r\n電話は携帯へ。")),
        **managed(),
    )  # fmt: skip


def aids(rows: pl.DataFrame) -> pl.DataFrame:
    """One line an application."""
    total = pl.col("total_amount")
    trip = pl.when(pl.col("account_no").str.ends_with("3")).then(total // 4)
    supply, entry = total * 3 // 10, total // 5
    return rows.select(
        "child_no",
        year=spell.fiscal("school_year", worded=True),
        seq=pl.col("aid_seq").cast(pl.String),
        applied=dotted("applied_date"),
        result=pl.col("aid_kind").replace_strict(RESULTS),
        approved=dotted("approved_date"),
        ended=dotted("ended_date"),
        applicant=number("applicant_atena_no"),
        supply=spell.grouped(supply),
        lunch=spell.grouped(total - supply - trip.fill_null(0) - entry),
        trip=spell.grouped(trip),
        entry=spell.grouped(entry),
        total=spell.grouped("total_amount", unit="円"),
        bank=spell.unpadded("bank_code"),
        branch=spell.unpadded("branch_code"),
        account_kind=pl.col("account_kind").replace_strict(ACCOUNTS),
        account_no=spell.unpadded("account_no"),
        account_name=spell.widened("account_name_kana"),
        paid_by=pl.when(pl.int_range(pl.len()) % 7 == 0).then(pl.lit("校長口座")).otherwise(pl.lit("口座")),
        **{name: value for name, value in managed().items() if name != "latest"},
    )  # fmt: skip
