"""異動履歴.CSV of SHIRANE: one line an event of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import event
from town.core import LegacyFile
from town.shirane.cells import edited, remark
from town.shirane.sheet import number, western
from town.spell import slashed

if TYPE_CHECKING:
    from town.core import Town

NAMES = {
    101: "転入（県内）", 102: "転入（県外）", 103: "転入（国外）", 104: "出生", 107: "職権記載", 190: "電算化初期登録", 201: "転出（県内）",
    202: "転出（県外）", 203: "転出（国外）", 204: "死亡", 208: "転出取消", 301: "転居", 305: "世帯主変更", 308: "誤記修正", 311: "通称記載",
    312: "通称削除",
}  # fmt: skip
CLASSES = {"1": "届出", "2": "職権", "3": "申出", "4": "通知", "5": "請求"}
REPORTED = ("notified_date", "petition_date", "notification_date", "request_date")


def files(town: Town) -> list[LegacyFile]:
    """異動履歴.CSV."""
    return [LegacyFile("shirane/event", "異動履歴.CSV", [("event", records(town))])]


def records(town: Town) -> pl.DataFrame:
    rows = town.truth["juki_event"].with_columns(event.codes(town), asked=pl.coalesce(REPORTED))
    reported = pl.col("asked").is_not_null()
    return rows.select(
        id_no=number("atena_no"),
        event_seq=pl.col("event_seq").cast(pl.String),
        hist_no=pl.col("person_hist_no").cast(pl.String),
        household_no=number("household_no"),
        old_household_no=number("prev_household_no"),
        reason=pl.col("code").replace_strict(NAMES),
        event_date=slashed("event_date"),
        reported=western("asked"),
        whole=pl.col("whole_part").replace_strict({"1": "全部", "2": "一部"}, default=None),
        cancels=pl.col("cancel_of_seq").cast(pl.String),
        place="input_place",
        terminal="input_terminal",
        note="note_b",
        reporter=pl.when(reported).then(pl.lit("世帯主")),
        form_box=pl.when(reported).then("B" + pl.col("process_date").str.slice(2, 2)),
        memo=remark(40, "書類は後日届く。\r\n届いたら綴じる。"),
        **{"class": pl.col("event_class").replace_strict(CLASSES)},
        **edited(),
    )
