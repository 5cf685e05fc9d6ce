"""選挙人名簿ファイル of ASAMA: districts, voters and voters abroad in one file; marks by their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.asama.host import clock, entered, generation, header, trailer
from town.core import LegacyFile

if TYPE_CHECKING:
    from town.core import Town

MARKS = {"01": "1000", "02": "0100", "03": "0010", "04": "0001"}


def files(town: Town) -> list[LegacyFile]:
    """SENKYO01.DAT."""
    parts = [
        ("header", header("ASAMA-SK", "SENKYO01")),
        ("district", districts(town)),
        ("voter", voters(town)),
        ("overseas", overseas(town)),
        ("trailer", trailer("SENKYO01")),
    ]
    return [LegacyFile("asama/voter", "SENKYO01.DAT", parts)]


def managed() -> dict[str, pl.Expr]:
    return {"latest": generation(), **entered()}


def districts(town: Town) -> pl.DataFrame:
    voters = town.truth["voter_register"].filter(pl.col("is_latest") == "1", pl.col("removed_date").is_null())
    voters = voters.group_by("poll_district").agg(voters=pl.len())
    rows = town.truth["poll_district"].join(voters, on="poll_district", how="left", maintain_order="left")
    hours = [clock(c).str.slice(0, 4) for c in ("open_time", "close_time")]
    return rows.select(
        district="poll_district", name="district_name", station="station_name",
        station_addr=pl.col("station_addr").str.strip_prefix("浅間市"),
        hours=pl.concat_str(hours),
        since=spell.era7("valid_from"),
        until=spell.era7("valid_to"),
        voters=pl.col("voters").fill_null(0),
        map_no=pl.col("poll_district"),
        **managed(),
    )  # fmt: skip


def voters(town: Town) -> pl.DataFrame:
    """Without name and address: those are in 住民記録."""
    number = pl.col("atena_no").cast(pl.Int64) // 10
    return town.truth["voter_register"].select(
        "voter_hist_no",
        atena_no=spell.last("atena_no", 10),
        district="poll_district",
        place=pl.concat_str("book_no", pl.col("page_no").cast(pl.String).str.zfill(4), pl.col("line_no").cast(pl.String).str.zfill(3)),
        birth=spell.era7("birth_date"),
        registered=spell.era7("registered_date"),
        reason=spell.last("reg_reason", 1),
        since=spell.western("resident_since"),
        marks=pl.concat_str(pl.col("mark_reason").replace_strict(MARKS, default="0000").fill_null("0000"), "assist_flag", pl.lit("000")),
        marked=spell.era7("mark_date"),
        unmarked=spell.era7("mark_del_date"),
        moved_out=spell.era7("moved_out_date"),
        removal_due=spell.era7("removal_due"),
        removed=spell.era7("removed_date"),
        removal=spell.last("remove_reason", 1).fill_null("0"),
        postal_no="postal_vote_no",
        ticket_no=(number * 13 % 90_000_000 + 1).cast(pl.String).str.zfill(8),
        voted=(number % 4).cast(pl.String),
        jury_draw=(number % 211 == 0).cast(pl.Int8).cast(pl.String),
        **managed(),
    )  # fmt: skip


def overseas(town: Town) -> pl.DataFrame:
    turn = pl.int_range(pl.len())
    return town.truth["overseas_voter"].select(
        "overseas_hist_no", "cert_no", "last_addr", "overseas_addr",
        atena_no=spell.last("atena_no", 10),
        applied=spell.western("applied_date"),
        registered=spell.era7("registered_date"),
        country="country_code",
        removed=spell.era7("removed_date"),
        removal=spell.last("remove_reason", 1).fill_null("0"),
        consulate=(turn % 9 + 1001).cast(pl.String),
        mail_flag=(turn % 2 + 1).cast(pl.String),
        **managed(),
    )  # fmt: skip
