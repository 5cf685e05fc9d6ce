"""個人住民税 as KUSATSU's mainframe unloads it: people, assessments, instalments and employers in one file, told
apart by their first byte; deductions without a code, each kind in a place of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.inhabitant_tax_spread import KEY, by_code, by_kind, by_term, keyed
from town.kusatsu.records import header, managed
from town.spell import day as day_of
from town.spell import era as era_of
from town.spell import halfkana, last, two, western, year_of_era
from town.spell import month as month_of

if TYPE_CHECKING:
    from town.core import Town

INCOMES = {"101": "E1", "102": "E2", "103": "F1", "105": "H1", "106": "K1", "107": "N1"}
PLACES = range(301, 315)
RELATIONS = {
    "02": "10", "11": "21", "12": "22", "13": "23", "14": "24", "20": "30", "51": "41", "52": "42", "71": "51", "74": "52",
    "81": "53", "84": "54", "96": "80", "99": "90",
}  # fmt: skip
STATES = {"1": "J", "2": "T", "3": "S", "9": "K"}
MATERIAL = {"01": "K", "02": "N", "03": "J", "04": "F"}
WAYS = {"1": "F", "2": "K", "3": "N", "4": "H"}
TAXATION = {"1": "A", "2": "B", "3": "C", "4": "D", "5": "E"}
REASONS = {"011": "S", "012": "F", "021": "T", "031": "G", "041": "K"}
MEDIA = {"1": "P", "2": "E", "3": "B"}


def files(town: Town) -> list[LegacyFile]:
    """KZJUZEI1.DAT."""
    parts = [
        header(town, "KZJUZEI"),
        ("taxpayer", _taxpayers(town)),
        ("assessment", _assessments(town)),
        ("terms", _terms(town)),
        ("collector", _collectors(town)),
        ("trailer", None),
    ]
    return [LegacyFile("kusatsu/inhabitant_tax", "KZJUZEI1.DAT", parts)]


def _split(name: str, column: str) -> dict[str, pl.Expr]:
    """年号, 年, 月, 日 of a date as four fields."""
    return {
        f"{name}_era": era_of(column, "MTSHR"),
        f"{name}_year": two(year_of_era(column)),
        f"{name}_month": month_of(column),
        f"{name}_day": day_of(column),
    }


def _flag(column: str) -> pl.Expr:
    return pl.col(column).fill_null("0")


def _taxpayers(town: Town) -> pl.DataFrame:
    paid = {
        f"paid_{kind}_{i}": pl.col(f"{place}_paid_{kind}").fill_null(0)
        for kind in ("special", "regular")
        for i, place in enumerate(("nhi", "ltci", "elderly"), 1)
    }
    relations = {
        f"rel_{i}": pl.col(f"rel_code{i}").replace_strict(RELATIONS, default=None).fill_null("00")
        for i in range(1, 5)
    }
    return town.truth["it_taxpayer"].select(
        "tax_year",
        "name",
        "head_name",
        atena_no=last("atena_no", 10),
        hist_no="person_hist_no",
        kana=halfkana("name_kana"),
        sex=pl.col("sex").replace_strict({"1": "M", "2": "F"}, default=None),
        **_split("birth", "birth_date"),
        household_no=last("household_no", 10).fill_null("0000000000"),
        **relations,
        person_state=pl.col("resident_status").replace_strict(STATES, default=None).fill_null("G"),
        city_code="addr_city_code",
        pref="addr_pref",
        city="addr_city",
        town="addr_town",
        banchi="addr_banchi",
        katagaki="addr_katagaki",
        postal="addr_postal",
        ward="ward_code",
        flags=pl.concat_str(
            "undeclared_flag", "nonresident_tax_flag", _flag("nonresident_notice"), "declaration_send",
            pl.col("widow_flag").str.slice(1).fill_null("0"), "other_city_tax_flag", pl.lit("00"),
        ),
        material=pl.col("priority_source").replace_strict(MATERIAL, default=None),
        **paid,
        welfare_from=western("welfare_from").fill_null("00000000"),
        welfare_to=western("welfare_to").fill_null("00000000"),
        other_city=pl.col("other_city_code").fill_null("000000"),
        tax_office="tax_office_code",
        microfilm=pl.when(pl.col("birth_date") < "1950").then(pl.concat_str(pl.lit("63-"), last("atena_no", 4))),
        **managed(),
    )  # fmt: skip


def _assessments(town: Town) -> pl.DataFrame:
    rows = keyed(town.truth["it_assessment"])
    rows = by_code(
        rows, town.truth["it_income"], ("income", 8), {c: i for i, c in enumerate(INCOMES)}
    )
    rows = by_kind(
        rows,
        town.truth["it_deduction"],
        ("deduction_amount", "deduction_count"),
        [str(p) for p in PLACES],
    )
    rows = by_term(rows, town.truth["it_ledger"])
    groups: dict[str, pl.Expr] = {}
    for i in range(1, 9):
        groups[f"income_code_{i}"] = pl.col(f"income_code_{i}").replace_strict(
            INCOMES, default=None
        )
        groups[f"income_revenue_{i}"] = pl.col(f"revenue_{i}").fill_null(0)
        groups[f"income_amount_{i}"] = pl.col(f"income_amount_{i}").fill_null(0)
    for i, place in enumerate(PLACES, 1):
        groups[f"deduction_count_{i}"] = pl.col(f"deduction_count_{place}").fill_null(0)
        groups[f"deduction_amount_{i}"] = pl.col(f"deduction_amount_{place}").fill_null(0)
    same = (
        "tax_year", "levy_year", "spouse_senju", "self_senju", "dependents", "total_income", "gross_income", "deduction_total",
        "city_credit", "pref_credit", "city_income_tax", "pref_income_tax", "city_percapita", "pref_percapita",
        "forest_tax", "exemption", "annual_tax",
    )  # fmt: skip
    before = pl.col("annual_tax").shift(1).over(KEY[:2], order_by="assess_hist_no")
    return rows.select(
        *same,
        atena_no=last("atena_no", 10),
        hist_no="assess_hist_no",
        notice_no=pl.col("notice_no").fill_null("0000000000"),
        collection=pl.col("collection_kind").replace_strict(WAYS),
        taxation=pl.col("taxation_kind").replace_strict(TAXATION),
        nontax=pl.col("nontax_reason").str.slice(1),
        pension_class=pl.col("pension_kind").replace_strict({"001": "K", "002": "S"}, default=None),
        return_kind="blue_white",
        minors="minor_dependents",
        **groups,
        taxable="taxable_income",
        city_calc="city_income_calc",
        pref_calc="pref_income_calc",
        reason=pl.col("change_reason").replace_strict(REASONS, default=None),
        **_split("changed", "change_date"),
        sent=western("notice_date").fill_null("00000000"),
        old_annual_tax=before.fill_null(0),
        **managed(),
    )


def _terms(town: Town) -> pl.DataFrame:
    """One record for each way of collection of an assessment."""
    term = pl.col("term").cast(pl.Int64)
    due = western("due_date")
    cells = [
        cell
        for i in range(1, 13)
        for cell in (
            pl.col("amount").filter(term == i).first().alias(f"term_amount_{i}"),
            due.filter(term == i).first().alias(f"term_due_{i}"),
        )
    ]
    heads = pl.col(
        "levy_year", "notice_no", "special_agent_no", "notice_date", "is_latest", "is_deleted", "operator_id",
        "operated_date", "operated_time",
    ).first()  # fmt: skip
    lines = (
        town.truth["it_ledger"]
        .group_by(*KEY, "collection_kind", maintain_order=True)
        .agg(*cells, heads)
    )
    return lines.select(
        "tax_year",
        "levy_year",
        "notice_no",
        pl.col("^term_amount_.*$").fill_null(0),
        pl.col("^term_due_.*$").fill_null("00000000"),
        atena_no=last("atena_no", 10),
        hist_no="assess_hist_no",
        collection=pl.col("collection_kind").replace_strict(WAYS),
        agent_no="special_agent_no",
        sent=western("notice_date").fill_null("00000000"),
        printed=pl.lit("1"),
        **managed(),
    )


def _collectors(town: Town) -> pl.DataFrame:
    names = pl.concat(
        [town.companies.select("atena_no", "name"), town.people.select("atena_no", "name")]
    )
    rows = town.truth["it_collector"].join(names, on="atena_no", how="left", maintain_order="left")
    return rows.select(
        "employees",
        "dept",
        "tel",
        agent_no="special_agent_no",
        hist_no="agent_hist_no",
        atena_no=last("atena_no", 10),
        agent_name="name",
        relief=pl.when(pl.col("special_due") == "1").then(pl.lit("T")),
        notice_medium=pl.col("e_notice").replace_strict(MEDIA),
        branch=pl.lit("01"),
        opened=western("valid_from"),
        closed=western("valid_to").fill_null("99999999"),
        **managed(),
    )
