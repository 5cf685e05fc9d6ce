"""外国人住民.CSV of SHIRANE: one line a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.shirane.cells import remark
from town.shirane.sheet import managed, marked, number, western
from town.spell import slashed, worded

if TYPE_CHECKING:
    from town.core import Town

ART = {
    "1": "中長期",
    "2": "特永",
    "3": "一時庇護",
    "4": "仮滞在",
    "5": "出生経過",
    "6": "国籍喪失経過",
}
KINDS = {"1": "在留カード", "2": "特永証", "3": "外登証"}


def files(town: Town) -> list[LegacyFile]:
    """外国人住民.CSV."""
    return [LegacyFile("shirane/foreigner", "外国人住民.CSV", [("foreigner", records(town))])]


def records(town: Town) -> pl.DataFrame:
    called = town.people.select("atena_no", "alias", "age")
    rows = town.truth["juki_foreign"].join(called, on="atena_no", how="left", maintain_order="left")
    years = pl.col("stay_years").cast(pl.Int64).cast(pl.String) + "年"
    months = pl.col("stay_months").cast(pl.Int64).cast(pl.String) + "月"
    entered, struck = (slashed(f"alias_{c}_date", mark=".", pad=False) for c in ("entry", "del"))
    return rows.select(
        "alias",
        id_no=number("atena_no"),
        card_hist=pl.col("foreign_hist_no").cast(pl.String),
        country="nationality_name",
        since=western("foreign_since"),
        art_class=pl.col("art30_45_class").replace_strict(ART),
        card_no=pl.col("residence_card_no").str.replace(r"^([A-Z]{2})(\d+)([A-Z]{2})$", "${1}-${2}-${3}"),
        card_kind=pl.col("residence_card_kind").replace_strict(KINDS),
        visa="residence_status",
        stay=pl.coalesce(years, months),
        expiry=western("stay_expiry"),
        address_notified=pl.when(pl.col("address_notified") == "1").then(pl.lit("済")).otherwise(pl.lit("未")),
        landing=marked("landing_permit"),
        old_reg=worded("old_alien_reg_date"),
        alias_on=entered,
        alias_on_city=number("alias_entry_city"),
        alias_off=struck,
        alias_off_city=number("alias_del_city"),
        employer=pl.when(pl.col("age").is_between(19, 60)).then(pl.lit("霧ノ窪製作所")),
        reminder=pl.lit("送付済"),
        memo=remark(5, "本国の書類は訳文つき。\r\n次回は写しでよい。"),
        **managed(),
    )  # fmt: skip
