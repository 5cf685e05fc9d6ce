"""選挙人名簿.CSV and 投票区.CSV of SHIRANE: the place in the books in one cell, the address as one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.core import LegacyFile
from town.shirane.sheet import birth, managed, marked, number, western

if TYPE_CHECKING:
    from town.core import Town

REASONS = {"01": "定時", "02": "選挙時", "03": "補正", "04": "移替"}
MARKS = {"01": "転出", "02": "失権11条", "03": "失権28条", "04": "在外", "09": "その他"}
REMOVALS = {"01": "死亡", "02": "国籍喪失", "03": "転出", "04": "誤載", "05": "在外移替", "09": "その他"}


def files(town: Town) -> list[LegacyFile]:
    """選挙人名簿.CSV and 投票区.CSV."""
    return [
        LegacyFile("shirane/voter", "選挙人名簿.CSV", [("voter", voters(town))]),
        LegacyFile("shirane/poll_district", "投票区.CSV", [("district", districts(town))]),
    ]


def voters(town: Town) -> pl.DataFrame:
    """One line a generation."""
    turn = pl.int_range(pl.len())
    return town.truth["voter_register"].select(
        "name",
        district=spell.unpadded("poll_district"),
        place=pl.concat_str(spell.unpadded("book_no"), "page_no", "line_no", separator="-"),
        atena_no=number("atena_no"),
        hist_no=pl.col("voter_hist_no").cast(pl.String),
        kana=spell.halfkana("name_kana"),
        sex=pl.col("sex").replace_strict({"1": "男", "2": "女"}, default=None),
        birth=birth(),
        address=spell.narrow("addr_text"),
        household_no=number("household_no"),
        registered=spell.slashed("registered_date"),
        reason=pl.col("reg_reason").replace_strict(REASONS),
        since=western("resident_since"),
        mark=pl.col("mark_reason").replace_strict(MARKS, default=None),
        marked=spell.slashed("mark_date"),
        unmarked=spell.slashed("mark_del_date"),
        moved_out=western("moved_out_date"),
        removal_due=western("removal_due"),
        removed=spell.slashed("removed_date"),
        removal=pl.col("remove_reason").replace_strict(REMOVALS, default=None),
        assist=marked("assist_flag"),
        postal_no="postal_vote_no",
        memo=pl.when(turn % 23 == 0).then(pl.lit("入場券が返戻。\r\n再送済み。")),
        **managed(),
    )  # fmt: skip


def districts(town: Town) -> pl.DataFrame:
    """One line a polling district."""
    turn = pl.int_range(pl.len())
    opens, closes = (pl.col(c).str.strip_prefix("0") for c in ("open_time", "close_time"))
    return town.truth["poll_district"].select(
        district=spell.unpadded("poll_district"),
        name="district_name",
        station="station_name",
        address=spell.narrow("station_addr"),
        opens=opens.str.strip_suffix(":00"),
        closes=closes.str.strip_suffix(":00"),
        since=spell.worded("valid_from"),
        until=spell.worded("valid_to"),
        voters=spell.grouped(turn * 311 + 1_024),
        notes=pl.when(turn % 3 == 0).then(pl.lit("鍵は総務課。\r\n前日に受け取る。")),
        **{name: value for name, value in managed().items() if name.startswith("updated")},
    )  # fmt: skip
