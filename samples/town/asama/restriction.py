"""支援措置ファイル of ASAMA: one record an application, with those who are to be protected with the applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import restriction, spell
from town.asama.host import entered, header, trailer, turns
from town.core import LegacyFile

if TYPE_CHECKING:
    from town.core import Town

NAME = "SHIEN01"
CATEGORIES = {"01": "10", "02": "20", "03": "30", "04": "90"}
KIN = {"子": "11", "その他": "19"}
SCOPES = {"1": "H", "2": "S", "3": "J"}


def files(town: Town) -> list[LegacyFile]:
    """SHIEN01.DAT."""
    parts = [
        ("header", header("ASAMA-SS", NAME)),
        ("support", records(town)),
        ("trailer", trailer(NAME)),
    ]
    return [LegacyFile("asama/support", f"{NAME}.DAT", parts)]


def records(town: Town) -> pl.DataFrame:
    """One an application, in the order of the applicants."""
    more = restriction.applications(town).select("application", "companion", "kin", "station")
    rows = pl.concat([town.truth["juki_restriction"], more], how="horizontal")
    rows = rows.with_columns(no=spell.last("atena_no", 10))
    others = rows.filter(pl.col("companion") > 0).select(
        "application",
        companion_no="no",
        companion_seq="restriction_seq",
        companion_kin=pl.col("kin").replace_strict(KIN),
    )
    names = ["companion_no", "companion_seq", "companion_kin"]
    others = turns(others, ["application"], restriction.MOST, names).drop("_page")
    rows = rows.filter(pl.col("companion") == 0).join(
        others, on="application", how="left", maintain_order="left"
    )
    relayed = pl.when(pl.col("received_city") != pl.col("city_code")).then("received_city")
    return rows.select(
        pl.col("^companion_.*$"),
        "restriction_seq", "received_city", "offender_name", "note",
        application_no=pl.col("application").cast(pl.String).str.zfill(8),
        atena_no="no",
        category=pl.col("category").replace_strict(CATEGORIES),
        scope=pl.col("scope").replace_strict(SCOPES),
        restraint=pl.col("stop_view") + pl.col("stop_issue") + "1" + pl.col("stop_event") + "1000",
        applied=spell.western("applied_date"),
        start=spell.era7("start_date"),
        until=spell.western("end_date"),
        offender_no=spell.last("offender_atena_no", 10).fill_null("0000000000"),
        opinion="station",
        opinion_date=spell.western("applied_date"),
        relay_city_1=relayed,
        renewal=pl.lit("0"),
        persons=1 + pl.col("used").fill_null(0).cast(pl.Int64),
        contact=pl.lit("0999-00-0000"),
        **entered(),
    )  # fmt: skip
