"""介護保険 as KUSATSU's mainframe unloads it: four kinds of record over the same bytes, told apart by a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.care_levy import REGULAR
from town.care_spread import SPECIAL, with_instalments
from town.core import LegacyFile
from town.kusatsu.records import header, managed
from town.spell import day as day_of
from town.spell import era as era_of
from town.spell import last, two, western, wide, year_of_era
from town.spell import month as month_of

if TYPE_CHECKING:
    from town.core import Town

INTO = {"001": "T", "002": "N", "003": "J", "004": "K", "005": "S", "009": "Z"}
OUT = {"101": "T", "102": "S", "103": "J", "104": "K", "105": "G", "109": "Z"}
LEVELS = {
    "01": "HG", "06": "JG", "11": "KK", "12": "S1", "13": "S2", "21": "K1", "22": "K2", "23": "K3", "24": "K4", "25": "K5",
}  # fmt: skip
APPLIED = {"1": "N", "2": "K", "3": "H", "4": "S"}
STAGES = {f"{n:02}": f"第{wide(str(n))}段階" for n in range(1, 14)}
TAXED = {"1": "A", "2": "B", "3": "C", "4": "D", "5": "E"}
WAYS = {"1": "T", "2": "F", "3": "H"}
KINDS = {"01": "G", "02": "S", "03": "R"}
RESULTS = {"1": "S", "2": "K", "3": "T"}
BURDENS = {"1": "1", "2": "2", "3": "31", "4": "32"}


def files(town: Town) -> list[LegacyFile]:
    """KGKAIGO1.DAT."""
    parts = [
        header(town, "KGKAIGO"),
        ("insured", _insured(town)),
        ("certification", _certifications(town)),
        ("levy", _levies(town)),
        ("reduction", _reductions(town)),
        ("trailer", None),
    ]
    return [LegacyFile("kusatsu/care", "KGKAIGO1.DAT", parts)]


def _day(column: str, none: str = "00000000") -> pl.Expr:
    return western(column).fill_null(none)


def _insured(town: Town) -> pl.DataFrame:
    early = pl.col("acquired_date") == "2000-04-01"
    return town.truth["ltci_insured"].select(
        "insured_no",
        "insurer_no",
        "facility_no",
        "exempted",
        seq="ltci_seq",
        atena_no=last("atena_no", 10),
        kind="insured_kind",
        acquired_era=era_of("acquired_date", "MTSHR"),
        acquired_year=two(year_of_era("acquired_date")),
        acquired_month=month_of("acquired_date"),
        acquired_day=day_of("acquired_date"),
        notified=_day("acquired_notified"),
        acquire_reason=pl.col("acquire_reason").replace_strict(INTO),
        first_acquired=_day("first_acquired"),
        lost=_day("lost_date", "99999999"),
        lost_notified=_day("lost_notified"),
        lose_reason=pl.col("lose_reason").replace_strict(OUT, default=None),
        guest="resid_exception",
        admitted=_day("admitted_date"),
        discharged=_day("discharged_date"),
        cert_issued=_day("cert_issued"),
        restriction="restriction_kind",
        copay=pl.col("copay_ratio").fill_null("0"),
        copay_from=_day("copay_from"),
        microfilm=pl.when(early).then("12-" + last("insured_no", 5)),
        **managed(),
    )


def _certifications(town: Town) -> pl.DataFrame:
    levels = {
        name: pl.col(column).replace_strict(LEVELS, default=None)
        for name, column in (
            ("first_level", "first_result"), ("level", "care_level"), ("prev_level", "prev_level")
        )
    }  # fmt: skip
    days = {
        "survey": "survey_date", "opinion": "opinion_date", "board": "board_date", "certified": "certified_date",
        "valid_from": "valid_from", "valid_to": "valid_to", "cancelled": "cancelled_date",
    }  # fmt: skip
    return town.truth["ltci_certification"].select(
        "insured_no",
        "board_no",
        seq="cert_seq",
        apply_kind=pl.col("apply_kind").replace_strict(APPLIED),
        applied=western("applied_date"),
        **levels,
        **{name: _day(column) for name, column in days.items()},
        valid_months=pl.col("valid_months").fill_null(0),
        disease="disease_code",
        limit_units=pl.col("limit_units").fill_null(0),
        words="board_opinion",
        office_no="plan_office_no",
        minutes=pl.when(pl.col("care_level").is_null()).then(0).otherwise(50),
        **managed(),
    )


def _levies(town: Town) -> pl.DataFrame:
    amounts = (*SPECIAL, *(f"regular_{n}" for n in REGULAR))
    return with_instalments(town).select(
        "insured_no",
        "tax_year",
        "levy_year",
        "notice_no",
        "annual",
        "months",
        "exemption",
        "pension_code",
        *(pl.col(name).alias(f"term_amount_{i}") for i, name in enumerate(amounts, 1)),
        atena_no=last("atena_no", 10),
        hist_no="levy_hist_no",
        stage=pl.col("stage").replace_strict(STAGES),
        household_tax=pl.col("household_tax").replace_strict(TAXED),
        self_tax=pl.col("self_tax").replace_strict(TAXED),
        gross_income=pl.col("gross_income") // 1000,
        pension_income=pl.col("pension_income") // 1000,
        collect=pl.col("collect_kind").replace_strict(WAYS),
        corrected=_day("corrected_date"),
        burst=pl.lit(0),
        **managed(),
    )


def _reductions(town: Town) -> pl.DataFrame:
    return town.truth["ltci_reduction"].select(
        "insured_no",
        seq="reduction_seq",
        kind=pl.col("reduction_kind").replace_strict(KINDS),
        applied=western("applied_date"),
        result=pl.col("approved").replace_strict(RESULTS, default=None),
        stage=pl.col("stage").replace_strict(BURDENS, default=None),
        valid_from=_day("valid_from"),
        valid_to=_day("valid_to"),
        meal=pl.col("meal_limit").fill_null(0),
        room=pl.col("room_limit").fill_null(0),
        spouse_tax=pl.lit("0"),
        **managed(),
    )
