"""障害者福祉 as SHIRANE's package exports it: the three kinds of handbook in one CSV file, all in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.shirane.sheet import dotted, managed, number, western
from town.spell import month_worded, slashed, widened, worded

if TYPE_CHECKING:
    from town.core import Town

KIND = {"1": "身体", "2": "療育", "3": "精神"}
STATE = {"1": "交付", "2": "返還", "3": "転出", "4": "死亡", "5": "期限切れ", "6": "却下"}
JUDGED = {"03": "Ａ１", "07": "Ａ２", "11": "Ｂ１", "15": "Ｂ２"}
PREFECTURES = {"48": "浅間県", "49": "白根県"}
FARE = {"1": "第１種", "2": "第２種"}
PARTS = {
    "01": "視覚", "02": "聴覚", "03": "平衡", "04": "音声・言語", "05": "上肢", "06": "下肢", "07": "体幹", "08": "脳原性",
    "09": "心臓", "10": "じん臓", "11": "呼吸器", "12": "ぼうこう・直腸", "13": "小腸", "14": "免疫", "15": "肝臓",
}  # fmt: skip


def files(town: Town) -> list[LegacyFile]:
    """障害者手帳.CSV."""
    return [LegacyFile("shirane/handbook", "障害者手帳.CSV", [("handbook", _handbooks(town))])]


def _named(column: str, names: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)


def _grade(column: str) -> pl.Expr:
    """３級."""
    return widened(column) + "級"


def _handbooks(town: Town) -> pl.DataFrame:
    who = town.people.select("atena_no", "name")
    rows = town.truth["dis_handbook"].join(who, on="atena_no", how="left", maintain_order="left")
    row = pl.int_range(pl.len())
    parts = {f"part_{i}": _named(f"part{i}", PARTS) for i in (1, 2, 3)}
    return rows.select(
        "name",
        atena_no=number("atena_no"),
        kind=_named("handbook_kind", KIND),
        hist_no=pl.col("handbook_hist_no").cast(pl.String),
        number=_named("issuer_pref", PREFECTURES) + "第" + pl.col("handbook_no") + "号",
        state=_named("status", STATE),
        grade=pl.coalesce(_grade("grade_physical"), _named("grade_intellectual", JUDGED), _grade("grade_mental")),
        fare=_named("passenger_kind", FARE),
        **parts,
        **{f"part_grade_{i}": _grade(f"part{i}_grade") for i in (1, 2, 3)},
        disease=pl.col("disability_name").str.replace_all("\\n", "\r\n", literal=True),
        first=worded("first_issued"),
        issued=dotted("issued_date"),
        reissued=western("reissued_date"),
        returned=slashed("returned_date"),
        expiry=worded("expiry", wide=True),
        next_judge=month_worded("next_judge_ym"),
        guardian_no=number("guardian_atena_no"),
        helper=pl.when(pl.col("part1") == "02").then(pl.lit("手話")),
        remark=pl.when(row % 13 == 5).then(pl.lit("写真の差し替え済み。\r\n本人が来庁。")),
        **managed(),
    )
