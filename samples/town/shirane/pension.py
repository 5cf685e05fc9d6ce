"""国民年金 as SHIRANE's package exports it: one line a class or an exemption, and no two columns
with dates written alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.spell import day as day_of
from town.spell import era as era_of
from town.spell import (
    fiscal,
    month_dotted,
    slashed,
    unknown_wording,
    unpadded,
    worded,
    year_of_era,
)
from town.spell import month as month_of

if TYPE_CHECKING:
    from town.core import Town

CLASSES = {"1": "第１号", "2": "第２号", "3": "第３号", "4": "任意", "5": "高齢任意"}
REASONS = {
    "01": "20歳到達", "02": "厚年喪失", "03": "扶養外れ", "04": "転入", "05": "種別変更", "11": "60歳到達", "12": "厚年加入",
    "13": "死亡", "14": "国外転出", "15": "転出",
}  # fmt: skip
KINDS = {
    "01": "全額", "02": "3/4", "03": "半額", "04": "1/4", "05": "猶予", "06": "学特", "07": "法定", "08": "産前産後", "09": "却下",
}  # fmt: skip
RESULTS = {"1": "承認", "2": "却下", "3": "取消"}
HEADS = {"1": "本人", "2": "確認済"}
PAYS = {"1": "納付書", "2": "口座", "3": "カード"}
MEMOS = ("窓口で説明。\r\n手帳は返却済み。", "電話で照会。\r\n折り返し済み。", "年金事務所に照会中")


def files(town: Town) -> list[LegacyFile]:
    """国民年金被保険者一覧.CSV and 国民年金免除一覧.CSV."""
    exempt = [("exemption", _exemptions(town))]
    return [
        LegacyFile("shirane/pension", "国民年金被保険者一覧.CSV", [("insured", _insured(town))]),
        LegacyFile("shirane/pension_exemption", "国民年金免除一覧.CSV", exempt),
    ]


def _marked(column: str, mark: str) -> pl.Expr:
    return pl.when(pl.col(column) == "1").then(pl.lit(mark))


def _managed() -> dict[str, pl.Expr]:
    hour = pl.col("operated_time").str.strip_prefix("0")
    return {
        "latest": _marked("is_latest", "*"),
        "deleted": _marked("is_deleted", "*"),
        "updated_by": pl.col("operator_id"),
        "updated_at": slashed("operated_date", "", pad=False) + " " + hour,
    }


def _insured(town: Town) -> pl.DataFrame:
    names = town.people.select("atena_no", "name", "birth_date", "head_name")
    rows = town.truth["np_insured"].join(names, on="atena_no", how="left", maintain_order="left")
    unknown = pl.col("birth_date").str.starts_with("0000")
    noted = pl.int_range(pl.len()) % 11
    memo = noted.replace_strict(dict(enumerate(MEMOS)), default=None)
    return rows.select(
        "name",
        "head_name",
        atena_no=unpadded("atena_no"),
        seq=pl.col("np_seq").cast(pl.String),
        birth=pl.when(unknown).then(unknown_wording("birth_date")).otherwise(worded("birth_date")),
        pension_no=pl.col("basic_pension_no").str.replace("^(.{4})", "${1}-"),
        kind=pl.col("np_class").replace_strict(CLASSES),
        acquired=slashed("acquired_date", mark=".", pad=False),
        acquire_reason=pl.col("acquire_reason").replace_strict(REASONS),
        notified=worded("acquired_notified"),
        changed=slashed("changed_date", "", pad=False),
        lost_era=era_of("lost_date", "MTSHR"),
        lost_year=year_of_era("lost_date").cast(pl.String),
        lost_month=month_of("lost_date").str.strip_prefix("0"),
        lost_day=day_of("lost_date").str.strip_prefix("0"),
        lose_reason=pl.col("lose_reason").replace_strict(REASONS, default=None),
        additional=_marked("additional_flag", "○"),
        additional_from=month_dotted("additional_from"),
        additional_to=month_dotted("additional_to"),
        voluntary=_marked("voluntary", "国内任意"),
        spouse_no=unpadded("spouse_atena_no"),
        pay_kind=pl.col("pay_kind").replace_strict(PAYS, default=None),
        sent=slashed("reported_date"),
        notice_stop=pl.when(noted == 5).then(pl.lit("×")),
        memo=memo,
        **_managed(),
    )


def _exemptions(town: Town) -> pl.DataFrame:
    names = town.people.select("atena_no", "name")
    rows = town.truth["np_exemption"].join(names, on="atena_no", how="left", maintain_order="left")
    noted = pl.int_range(pl.len()) % 11
    endless = pl.col("to_ym") == "9999-12"
    until = pl.when(endless).then(pl.lit("")).otherwise(month_dotted("to_ym"))
    return rows.select(
        "name",
        atena_no=unpadded("atena_no"),
        seq=pl.col("exemption_seq").cast(pl.String),
        fiscal_year=fiscal("fiscal_year", worded=True),
        kind=pl.col("exemption_kind").replace_strict(KINDS),
        applied=worded("applied_date"),
        period=month_dotted("from_ym") + "～" + until,
        result=pl.col("result").replace_strict(RESULTS, default=None),
        continues=_marked("continue_flag", "○"),
        unemployed=_marked("unemployed", "○"),
        head_income=pl.col("head_income_kind").replace_strict(HEADS, default=None),
        school="school_name",
        sent=slashed("reported_date"),
        decided=slashed("decided_date", "", pad=False),
        memo=noted.replace_strict(dict(enumerate(MEMOS)), default=None),
        **_managed(),
    )
