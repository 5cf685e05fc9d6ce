"""児童手当 as SHIRANE's package exports it: recipients and children in two CSV files, each date in a writing of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.shirane.sheet import dotted, managed, marked, number, western
from town.spell import (
    day,
    era,
    grouped,
    month,
    month_dotted,
    month_worded,
    slashed,
    unpadded,
    widened,
    worded,
    year_of_era,
)

if TYPE_CHECKING:
    from town.core import Town

KIND = {"1": "児手", "2": "特例", "3": "施設"}
REASON = {"01": "出生", "02": "転入", "03": "公務員退職", "04": "受給者変更", "05": "退所", "09": "他"}
END = {"11": "転出", "12": "年齢到達", "13": "公務員", "14": "受給者変更", "15": "死亡", "16": "入所", "19": "他"}
PENSION = {"1": "厚年", "2": "国年", "9": "なし"}
ACCOUNT = {"1": "普", "2": "当", "4": "貯"}
HOLD = {"2": "保留", "3": "差止"}
HOME = {"1": "同", "2": "別", "3": "施"}
STAGE = {"1": "３歳未満", "2": "小学生以下", "3": "中学生", "4": "高校生", "5": "大学生"}


def files(town: Town) -> list[LegacyFile]:
    """児童手当受給者.CSV and 児童手当児童.CSV."""
    return [
        LegacyFile("shirane/child_allowance", "児童手当受給者.CSV", [("recipient", _recipients(town))]),
        LegacyFile("shirane/child_allowance_child", "児童手当児童.CSV", [("child", _children(town))]),
    ]


def _named(column: str, names: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)


def _recipients(town: Town) -> pl.DataFrame:
    names = pl.concat([town.people.select("atena_no", "name"), town.companies.select("atena_no", "name")])
    rows = town.truth["ca_recipient"].join(names, on="atena_no", how="left", maintain_order="left")
    some = pl.int_range(pl.len()) % 11 == 3
    return rows.select(
        "name",
        recipient_no=number("recipient_no"),
        hist_no=pl.col("rec_hist_no").cast(pl.String),
        atena_no=number("atena_no"),
        kind=_named("ca_kind", KIND),
        applied=dotted("applied_date"),
        apply_reason=_named("apply_reason", REASON),
        approved=worded("approved_date", wide=True),
        from_ym=month_worded("from_ym"),
        to_ym=month_dotted("to_ym"),
        ended_era=era("ended_date", "MTSHR"),
        ended_year=year_of_era("ended_date").cast(pl.String),
        ended_month=unpadded(month("ended_date")),
        ended_day=unpadded(day("ended_date")),
        end_reason=_named("end_reason", END),
        pension=_named("pension_kind", PENSION),
        public=marked("official_flag"),
        spouse_no=number("spouse_atena_no"),
        income=grouped("income", "▲", "円"),
        dependents=pl.col("dependents").cast(pl.String),
        child_count=pl.col("child_count").cast(pl.String),
        monthly="￥" + grouped("monthly"),
        report=western("status_report_date"),
        bank=unpadded("bank_code") + "-" + unpadded("branch_code"),
        account_kind=_named("account_kind", ACCOUNT),
        account_no=unpadded("account_no"),
        account_name=widened("account_name_kana"),
        hold=_named("hold_kind", HOLD),
        remark=pl.when(some).then(pl.lit("電話で照会あり。\r\n「口座は本人名義」と説明した。")),
        label_class=pl.lit("K1"),
        **managed(),
    )


def _children(town: Town) -> pl.DataFrame:
    written = managed()
    return town.truth["ca_child"].select(
        recipient_no=number("recipient_no"),
        seq=pl.col("child_seq").cast(pl.String),
        child_no=number("child_atena_no"),
        name="child_name",
        birth=slashed("birth_date"),
        relation="rel_text",
        home=_named("living_kind", HOME),
        stage=_named("child_kind", STAGE),
        order="第" + pl.col("birth_order").cast(pl.String) + "子",
        from_ym=month_dotted("from_ym"),
        to_ym=month_dotted("to_ym"),
        abroad=marked("abroad_flag"),
        monthly=grouped("monthly"),
        school=pl.when(pl.col("child_kind") == "5").then(pl.lit("浅間大学")),
        updated_by=written["updated_by"],
        updated_at=written["updated_at"],
    )
