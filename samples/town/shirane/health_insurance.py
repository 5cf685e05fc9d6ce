"""国民健康保険 as SHIRANE's package exports it: households and qualifications, dates in four forms within a line, numbers
without the zeros that a spreadsheet took from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.spell import halfkana, last, slashed, unknown_wording, unpadded, worded

if TYPE_CHECKING:
    from town.core import Town

ACQUIRED = {
    "01": "転入",
    "02": "社保離脱",
    "03": "出生",
    "04": "生保廃止",
    "05": "国籍取得",
    "06": "後期離脱",
    "09": "その他",
}
LOST = {
    "11": "転出",
    "12": "社保加入",
    "13": "死亡",
    "14": "生保開始",
    "16": "国籍喪失",
    "15": "後期加入",
    "19": "その他",
}
LIMITS = {"01": "区分ア", "02": "区分イ", "03": "区分ウ", "04": "区分エ", "05": "区分オ", "11": "現役Ⅲ", "12": "現役Ⅱ",
          "13": "現役Ⅰ", "14": "一般", "15": "低Ⅱ", "16": "低Ⅰ"}  # fmt: skip
SHARES = {"1": "１割", "2": "２割", "3": "３割"}
MEMOS = ("資格確認書を郵送。\r\n受取済。", "社保の喪失証明書を確認", "届出は世帯主。\r\n電話あり。")


def files(town: Town) -> list[LegacyFile]:
    """国保世帯一覧.CSV and 国保資格一覧.CSV."""
    return [
        LegacyFile("shirane/nhi_household", "国保世帯一覧.CSV", [("household", _households(town))]),
        LegacyFile("shirane/nhi_insured", "国保資格一覧.CSV", [("insured", _insured(town))]),
    ]


def written() -> dict[str, pl.Expr]:
    """更新者, and 更新日時 as the spreadsheet shows it: 2025/6/1 9:05:00."""
    hour = pl.col("operated_time").str.strip_prefix("0")
    return {
        "updated_by": pl.col("operator_id"),
        "updated_at": slashed("operated_date", "", pad=False) + " " + hour,
    }


def marked(column: str, yes: str = "○") -> pl.Expr:
    """A mark where a flag is 1, else nothing."""
    return pl.when(pl.col(column) == "1").then(pl.lit(yes))


def coded(column: str, words: dict[str, str]) -> pl.Expr:
    """The package's word for a code."""
    return pl.col(column).replace_strict(words, default=None)


def number(column: str) -> pl.Expr:
    """A number of ten digits without its leading zeros."""
    return unpadded(last(column, 10))


def _households(town: Town) -> pl.DataFrame:
    people = town.people.select("atena_no", "name", "list_order")
    members = (
        town.truth["nhi_insured"].filter(pl.col("lost_date").is_null()).join(people, on="atena_no")
    )
    members = members.sort("nhi_symbol_no", "list_order", "atena_no").group_by("nhi_symbol_no").agg(
        members=pl.col("name").head(10).str.join("\r\n")
    )  # fmt: skip
    rows = town.truth["nhi_household"].join(
        people.select(head_atena_no="atena_no", head_name="name"), on="head_atena_no", how="left", maintain_order="left"
    )  # fmt: skip
    rows = rows.join(members, on="nhi_symbol_no", how="left", maintain_order="left")
    return rows.select(
        "head_name", "members", "insurer_no",
        symbol_no=unpadded("nhi_symbol_no"), hist_no=pl.col("nhi_hh_hist_no").cast(pl.String),
        household_no=number("household_no"), head_no=number("head_atena_no"),
        pseudo=marked("pseudo_head"),
        applied=worded("applied_date"), apply_reason=coded("apply_reason", ACQUIRED),
        closed=worded("closed_date"), close_reason=coded("close_reason", LOST),
        short_cert=coded("short_cert", {"3": "3か月", "6": "6か月"}),
        specified=coded("specified_hh", {"1": "特定", "2": "特定継続"}),
        route=pl.when(pl.col("applied_date") < "2008").then(pl.lit("A-12")),
        latest=marked("is_latest", "*"), deleted=marked("is_deleted", "*"),
        **written(),
    )  # fmt: skip


def _insured(town: Town) -> pl.DataFrame:
    people = town.people.select("atena_no", "name", "name_kana", "birth_date", "birth_unk")
    rows = town.truth["nhi_insured"].join(people, on="atena_no", how="left", maintain_order="left")
    turn = pl.int_range(pl.len())
    memo = pl.when(turn % 9 == 0).then(
        pl.lit(pl.Series(MEMOS)).gather(turn % len(MEMOS))
    )  # fmt: skip
    term = slashed("limit_from") + "～" + slashed("limit_to")
    unknown = pl.col("birth_unk") == "1"
    return rows.select(
        "name",
        symbol_no=unpadded("nhi_symbol_no"), branch=unpadded("branch_no"), atena_no=number("atena_no"),
        kana=halfkana("name_kana"),
        birth=pl.when(unknown).then(unknown_wording("birth_date")).otherwise(slashed("birth_date", mark=".", pad=False)),
        seq=pl.col("nhi_seq").cast(pl.String), kind=coded("nhi_kind", {"1": "一般", "2": "退職", "3": "退扶"}),
        acquired=worded("acquired_date"), acquired_told=slashed("acquired_notified", "", pad=False),
        acquire_reason=coded("acquire_reason", ACQUIRED),
        lost=worded("lost_date", wide=True), lost_told=slashed("lost_notified"),
        lose_reason=coded("lose_reason", LOST),
        student=marked("student_kind"), exception=marked("resid_exception"),
        retiree_from=worded("retiree_from"), ratio=coded("elderly_ratio", SHARES),
        limit_class=coded("limit_class", LIMITS), limit_term=term, disease=marked("specific_disease"),
        cert_from=slashed("cert_issued", "", pad=False), cert_to=slashed("cert_expiry", "", pad=False),
        returned=coded("cert_returned", {"1": "済", "2": "未"}),
        memo=memo, cancelled=marked("is_deleted", "取消"),
        **written(),
    )  # fmt: skip
