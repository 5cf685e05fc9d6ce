"""支援措置.CSV of SHIRANE: one line a protected person and application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import restriction
from town.core import LegacyFile
from town.shirane.cells import edited
from town.shirane.sheet import marked, number, western
from town.spell import slashed

if TYPE_CHECKING:
    from town.core import Town

CATEGORIES = {"01": "DV", "02": "ストーカー", "03": "虐待", "04": "その他"}
SCOPES = {"1": "本人", "2": "世帯", "3": "住所"}
STATIONS = {1: "警察", 2: "支援センター", 3: "児相"}


def files(town: Town) -> list[LegacyFile]:
    """支援措置.CSV."""
    return [LegacyFile("shirane/support", "支援措置.CSV", [("support", records(town))])]


def records(town: Town) -> pl.DataFrame:
    more = restriction.applications(town).select("application", "companion", "kin", "station")
    rows = pl.concat([town.truth["juki_restriction"], more], how="horizontal")
    return rows.select(
        "kin", "offender_name", "note",
        id_no=number("atena_no"),
        seq=pl.col("restriction_seq").cast(pl.String),
        application_no=pl.col("application").cast(pl.String),
        role=pl.when(pl.col("companion") == 0).then(pl.lit("本人")).otherwise(pl.lit("併")),
        category=pl.col("category").replace_strict(CATEGORIES),
        scope=pl.col("scope").replace_strict(SCOPES),
        no_view=marked("stop_view"),
        no_issue=marked("stop_issue"),
        no_event=marked("stop_event"),
        no_koseki=pl.lit("○"),
        applied=western("applied_date"),
        start=slashed("start_date", pad=False),
        until=western("end_date"),
        received_city=number("received_city"),
        offender_no=number("offender_atena_no"),
        opinion=pl.col("station").replace_strict(STATIONS),
        **edited(),
    )  # fmt: skip
