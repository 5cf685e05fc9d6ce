"""外国人住民ファイル of ASAMA: a person's present card, and the one before it in fields of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.asama.host import city5, clock, entered, header, trailer
from town.core import LegacyFile

if TYPE_CHECKING:
    from town.core import Town

NAME = "GAIKOKU01"
ART = {"1": "10", "2": "20", "3": "30", "4": "40", "5": "51", "6": "52"}
KINDS = {"1": "1", "2": "2", "3": "9"}
BEFORE = (
    "residence_card_no",
    "card_kind",
    "residence_status",
    "stay",
    "stay_expiry",
    "operator_id",
    "operated_date",
    "operated_time",
)


def files(town: Town) -> list[LegacyFile]:
    """GAIKOKU01.DAT."""
    parts = [
        ("header", header("ASAMA-GK", NAME)),
        ("foreigner", records(town)),
        ("trailer", trailer(NAME)),
    ]
    return [LegacyFile("asama/foreigner", f"{NAME}.DAT", parts)]


def records(town: Town) -> pl.DataFrame:
    """One a person."""
    rng = town.rng("asama/foreigner")
    cards = town.truth["juki_foreign"].with_columns(
        card_kind=pl.col("residence_card_kind").replace_strict(KINDS), stay=stay()
    )
    old = cards.filter(pl.col("is_latest") == "0").select(
        "atena_no", **{f"prev_{c}": pl.col(c) for c in BEFORE}
    )
    rows = cards.filter(pl.col("is_latest") == "1").join(
        old, on="atena_no", how="left", maintain_order="left"
    )
    limits = pl.Series(rng.integers(0, 3, rows.height))
    return rows.select(
        "card_kind", "stay", "prev_card_kind", "prev_stay", "address_notified", "foreign_hist_no",
        atena_no=spell.last("atena_no", 10),
        country="nationality_code",
        since=spell.era7("foreign_since"),
        art_class=pl.col("art30_45_class").replace_strict(ART),
        card_no="residence_card_no",
        visa="residence_status",
        expiry=spell.western("stay_expiry"),
        permitted=spell.western("operated_date"),
        work_limit=limits,
        prev_card_no="prev_residence_card_no",
        prev_visa="prev_residence_status",
        prev_expiry=spell.western("prev_stay_expiry"),
        prev_operator="prev_operator_id",
        prev_date=spell.western("prev_operated_date"),
        prev_time=clock("prev_operated_time"),
        landing="landing_permit",
        old_reg_date=spell.era7("old_alien_reg_date"),
        alias_on=spell.western("alias_entry_date"),
        alias_on_city=city5("alias_entry_city"),
        alias_off=spell.western("alias_del_date"),
        alias_off_city=city5("alias_del_city"),
        name_order=pl.when(pl.col("alias_entry_date").is_null()).then(1).otherwise(4),
        notice_no="T" + spell.last("atena_no", 10),
        notice_result=pl.lit("0"),
        kin_document=pl.lit("1"),
        **entered(),
    )  # fmt: skip


def stay() -> pl.Expr:
    """在留期間 as YYMMDDD; 0000000 without a limit."""
    parts = {"stay_years": "00", "stay_months": "00", "stay_days": "000"}
    return pl.concat_str([pl.col(c).fill_null(none) for c, none in parts.items()])
