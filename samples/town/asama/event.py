"""異動受付ファイル of ASAMA: one record a report, with everybody whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import event, spell
from town.asama.host import clock, deleted, header, trailer, turns
from town.core import LegacyFile

if TYPE_CHECKING:
    from town.core import Town

NAME = "IDO01"
MOVERS = 8
SHARED = (
    "household_no", "prev_household_no", "code", "event_date", "notified", "process_date", "operated_time", "operator_id",
    "input_place", "input_terminal", "note_b", "whole_part", "is_deleted",
)  # fmt: skip


def files(town: Town) -> list[LegacyFile]:
    """IDO01.DAT."""
    parts = [
        ("header", header("ASAMA-ID", NAME)),
        ("receipt", records(town)),
        ("trailer", trailer(NAME)),
    ]
    return [LegacyFile("asama/event", f"{NAME}.DAT", parts)]


def records(town: Town) -> pl.DataFrame:
    """One a report, by the day of entry."""
    dates = ("notified_date", "petition_date", "notification_date", "request_date")
    rows = town.truth["juki_event"].with_columns(
        event.codes(town),
        notified=pl.coalesce(dates),
        mover_no=spell.last("atena_no", 10),
        mover_seq="event_seq",
        mover_hist="person_hist_no",
        mover_cancels=pl.col("cancel_of_seq").fill_null(0),
        mover_print=pl.lit("0"),
    )
    names = ["mover_no", "mover_seq", "mover_hist", "mover_cancels", "mover_print"]
    records = turns(
        rows.sort("process_date", "operated_time", maintain_order=True), list(SHARED), MOVERS, names
    )
    serial = pl.int_range(1, pl.len() + 1).over("process_date").cast(pl.String).str.zfill(4)
    reported = pl.col("notified").is_not_null()
    return records.select(
        pl.col("^mover_.*$"),
        mover_count="used",
        receipt_no=spell.western("process_date") + serial,
        household_no=spell.last("household_no", 10),
        old_household_no=spell.last("prev_household_no", 10),
        event_code="code",
        event=spell.era7("event_date"),
        notified=spell.western("notified"),
        processed=spell.western("process_date"),
        process_time=clock("operated_time"),
        whole=pl.col("whole_part").fill_null("0"),
        window="input_place",
        terminal="input_terminal",
        route=pl.when(reported).then(pl.lit("1")),
        applicant=pl.when(reported).then(pl.lit("2")),
        id_document=pl.when(reported).then(pl.lit("02")).otherwise(pl.lit("00")),
        letter=pl.lit("0"),
        remark="note_b",
        links=pl.lit("220022022220"),
        slip_page=pl.int_range(pl.len()) % 9_999 + 1,
        deleted=deleted(),
        operator="operator_id",
    )
