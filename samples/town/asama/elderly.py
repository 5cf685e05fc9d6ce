"""後期高齢者医療 of ASAMA: the qualifications, and the premiums with income and instalments in one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.asama.health_insurance import LIMITS, REDUCTIONS, WAYS, coded, managed
from town.core import EXTRACTED, LegacyFile
from town.premium_terms import NOTICE, by_notice
from town.spell import era3, era7, halfkana, last, western

if TYPE_CHECKING:
    from town.core import Town

TAXATION = {"1": "10", "2": "20", "3": "39", "4": "40", "5": "50"}


def files(town: Town) -> list[LegacyFile]:
    """KOUKI001.DAT."""
    header = pl.DataFrame({
        "system_id": ["ASAMA-KK"], "file_name": ["KOUKI001"], "city_code": [town.city], "extracted_at": [EXTRACTED],
        "run_no": [1], "book_version": ["1.9"],
    })  # fmt: skip
    parts = [
        ("header", header),
        ("insured", _insured(town)),
        ("levy", _levies(town)),
        ("trailer", pl.DataFrame({"file_name": ["KOUKI001"]})),
    ]
    return [LegacyFile("asama/elderly", "KOUKI001.DAT", parts)]


def _insured(town: Town) -> pl.DataFrame:
    people = town.people.select("atena_no", "name", "name_kana", "birth_date")
    rows = town.truth["el_insured"].join(people, on="atena_no", how="left", maintain_order="left")
    blank = pl.lit("00000000")
    number = pl.col("el_insured_no").cast(pl.Int64)
    return rows.select(
        insured_no="el_insured_no", seq="el_seq", person_no=last("atena_no", 10), union_no="insurer_no",
        name=pl.col("name").str.slice(0, 20), kana=halfkana("name_kana").str.slice(0, 40), birth=era7("birth_date"),
        acquired=era7("acquired_date"), acquire_reason=last("acquire_reason", 1),
        lost=era7("lost_date"), lose_reason=last("lose_reason", 1),
        disability=era7("disability_date"), exception="resid_exception",
        copay="copay_kind", copay_from=western("copay_from").fill_null(blank),
        old_copay=pl.when(pl.col("acquired_date") < "2024-08-01").then(pl.lit("1")).otherwise(pl.lit("0")),
        old_copay_from=pl.when(pl.col("acquired_date") < "2024-08-01").then(pl.lit("20240801")).otherwise(blank),
        limit_class=coded("limit_class", LIMITS), limit_issued=western("limit_issued").fill_null(blank),
        disease="specific_disease",
        cert_from=western("cert_issued").fill_null(blank), cert_to=western("cert_expiry").fill_null(blank),
        relief="dependent_relief", person_kind="person_kind",
        mail_class=(number % 30 == 0).cast(pl.Int8).cast(pl.String),
        union_seq=pl.int_range(1, pl.len() + 1),
        **managed(),
    )  # fmt: skip


def _levies(town: Town) -> pl.DataFrame:
    """A levy and the income on which it stands: the newest one then."""
    incomes = town.truth["el_income"]
    newest = incomes.group_by("tax_year", "atena_no").agg(incomes=pl.len().cast(pl.Int64))
    rows = town.truth["el_levy"].sort("notice_no", "levy_hist_no")
    rows = rows.join(newest, on=("tax_year", "atena_no"), how="left", maintain_order="left")
    turn = pl.int_range(1, pl.len() + 1).over("notice_no")
    rows = rows.with_columns(income_hist_no=pl.min_horizontal(turn, "incomes"))
    rows = rows.join(
        incomes.drop("city_code", "pre_merge_city_code"), on=("tax_year", "atena_no", "income_hist_no"), how="left",
        maintain_order="left", suffix="_income",
    )  # fmt: skip
    rows = rows.join(by_notice(town, "09"), on=NOTICE, how="left", maintain_order="left")
    live = pl.col("is_latest") == "1"
    terms = {
        f"regular_amount_{i}": pl.when(live).then(pl.col(f"amount_{i:02}")).fill_null(0)
        for i in range(1, 11)
    }
    terms |= {
        f"pension_amount_{i}": pl.when(live).then(pl.col(f"amount_{i + 20}")).fill_null(0)
        for i in range(1, 7)
    }
    before = pl.col("annual").shift(1).over("notice_no", order_by="levy_hist_no")
    return rows.select(
        "notice_no", "total_income", "income_levy", "percapita", "reduction", "months", "annual", "bank_choice",
        "undeclared",
        insured_no="el_insured_no", person_no=last("atena_no", 10),
        levy_year=era3("levy_year"), tax_year=era3("tax_year"),
        correction_no=pl.col("levy_hist_no") - 1,
        income_seq="income_hist_no",
        income_latest=pl.when(pl.col("is_latest_income") == "1").then(pl.lit("0")).otherwise(pl.lit("1")),
        household_no=last("household_no", 10), head="head_flag",
        taxable=pl.col("taxable") // 1000, salary="salary_revenue", pension="pension_revenue",
        taxation=coded("taxation_kind", TAXATION),
        income_operator="operator_id_income", income_date=western("operated_date_income"),
        income_time=pl.col("operated_time_income").str.replace_all(":", ""),
        base="old_tadashi_income",
        reduction_class=coded("reduction_kind", REDUCTIONS, "0"),
        over="over_cap", exempt="exemption",
        old_annual=before.fill_null(0),
        collection=coded("collect_kind", WAYS, "0"),
        corrected=era7("corrected_date"),
        **terms,
        union_seq=pl.int_range(1, pl.len() + 1),
        **managed(),
    )  # fmt: skip
