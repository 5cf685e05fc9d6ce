"""個人住民税 as ASAMA's host keeps it: one record a taxpayer and year, one a generation of the assessment, with
all incomes, deductions and instalments side by side; and the employers in a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import EXTRACTED, LegacyFile
from town.inhabitant_tax_spread import by_code, by_term, keyed
from town.spell import era3, era7, halfkana, last, western

if TYPE_CHECKING:
    from town.core import Town

INCOMES = {"101": "10", "102": "11", "103": "15", "105": "25", "106": "30", "107": "35"}
DEDUCTIONS = {
    "302": "02", "303": "03", "304": "04", "305": "05", "306": "06", "307": "11", "308": "12", "309": "13",
    "311": "15", "313": "17", "314": "20",
}  # fmt: skip
TAXATION = {"1": "10", "2": "20", "4": "40", "5": "50"}
NONTAX = {"01": "30", "02": "31", "03": "32"}
MATERIAL = {"01": "11", "02": "21", "03": "31", "04": "41"}
PLACES = ("nhi", "ltci", "elderly")


def files(town: Town) -> list[LegacyFile]:
    """KOJIN01.DAT and TOKUCHO1.DAT."""
    taxpayers, assessments = _taxpayers(town), _assessments(town)
    return [
        LegacyFile(
            "asama/inhabitant_tax",
            "KOJIN01.DAT",
            [
                ("header", _header(town, "ASAMA-KJ", "KOJIN01")),
                ("taxpayer", taxpayers),
                ("assessment", assessments),
                ("trailer", pl.DataFrame({"file_name": ["KOJIN01"]})),
            ],
        ),
        LegacyFile(
            "asama/collector",
            "TOKUCHO1.DAT",
            [
                ("header", _header(town, "ASAMA-TG", "TOKUCHO1")),
                ("collector", _collectors(town)),
                ("trailer", pl.DataFrame({"file_name": ["TOKUCHO1"]})),
            ],
        ),
    ]


def _header(town: Town, system: str, name: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "system_id": [system], "file_name": [name], "city_code": [town.city],
            "extracted_at": [EXTRACTED], "run_no": [1], "book_version": ["3.2"],
        }
    )  # fmt: skip


def _managed() -> dict[str, pl.Expr]:
    """最新区分 (0 is the latest), 削除区分, who wrote it and when."""
    return {
        "latest": pl.when(pl.col("is_latest") == "1").then(pl.lit("0")).otherwise(pl.lit("1")),
        "deleted": pl.when(pl.col("is_deleted") == "1").then(pl.lit("9")).otherwise(pl.lit("0")),
        "operator": pl.col("operator_id"),
        "updated_date": western("operated_date"),
        "updated_time": pl.col("operated_time").str.replace_all(":", ""),
    }


def _taxpayers(town: Town) -> pl.DataFrame:
    """Of residents neither name nor address: those are in 住民記録."""
    rows = town.truth["it_taxpayer"]
    outside = pl.col("nonresident_tax_flag") == "1"
    own = {
        "own_name": pl.col("name"), "own_kana": halfkana("name_kana"), "own_birth": era7("birth_date"),
        "own_sex": pl.col("sex"), "own_city_code": pl.col("addr_city_code").str.slice(0, 5), "own_pref": pl.col("addr_pref"),
        "own_city": pl.col("addr_city"), "own_town": pl.col("addr_town"), "own_banchi": pl.col("addr_banchi"),
        "own_katagaki": pl.col("addr_katagaki"), "own_postal": pl.col("addr_postal"),
    }  # fmt: skip
    paid = {
        f"paid_{kind}_{i}": pl.col(f"{place}_paid_{kind}").fill_null(0)
        for kind in ("special", "regular")
        for i, place in enumerate(PLACES, 1)
    }
    return rows.select(
        _order=pl.int_range(pl.len()) * 10,
        atena_no=last("atena_no", 10),
        taxpayer_hist_no="person_hist_no",
        tax_year=era3("tax_year"),
        resident_class="resident_category",
        **{name: pl.when(outside).then(value) for name, value in own.items()},
        ward="ward_code",
        declared="undeclared_flag",
        material=pl.col("priority_source").replace_strict(MATERIAL, default=None).fill_null("00"),
        widow=pl.col("widow_flag").str.slice(1).fill_null("0"),
        elsewhere="other_city_tax_flag",
        other_city=pl.col("other_city_code").fill_null("000000"),
        send_declaration="declaration_send",
        outside_notice=pl.col("nonresident_notice").fill_null("0"),
        tax_office="tax_office_code",
        **paid,
        welfare_from=era7("welfare_from"),
        welfare_to=era7("welfare_to"),
        declaration_place=(pl.int_range(pl.len()) % 4 + 1).cast(pl.String).str.zfill(2),
        ledger_page=pl.int_range(pl.len()) // 5 + 1,
        print_class=pl.lit("0"),
        household_tax=pl.lit("1"),
        **_managed(),
    )


def _assessments(town: Town) -> pl.DataFrame:
    rows = keyed(town.truth["it_assessment"])
    rows = by_code(
        rows, town.truth["it_income"], ("income", 10), {c: i for i, c in enumerate(INCOMES)}
    )
    rows = by_code(
        rows,
        town.truth["it_deduction"],
        ("deduction", 12),
        {c: i for i, c in enumerate(DEDUCTIONS)},
    )
    rows = by_term(rows, town.truth["it_ledger"])
    first = pl.col("assess_hist_no") == 1
    before = ("tax_year", "atena_no")
    old_tax, old_way = (
        pl.col(c).shift(1).over(before, order_by="assess_hist_no")
        for c in ("annual_tax", "collection_kind")
    )
    way = pl.col("collection_kind").replace({"4": "9"})
    others = pl.col("dependents")
    same = (
        "total_income", "gross_income", "deduction_total", "city_credit", "pref_credit", "city_income_tax",
        "pref_income_tax", "city_percapita", "pref_percapita", "forest_tax", "exemption", "annual_tax",
    )  # fmt: skip
    groups: dict[str, pl.Expr] = {}
    for i in range(1, 11):
        groups[f"income_code_{i}"] = pl.col(f"income_code_{i}").replace_strict(
            INCOMES, default=None
        )
        groups[f"income_revenue_{i}"] = pl.col(f"revenue_{i}").fill_null(0)
        groups[f"income_amount_{i}"] = pl.col(f"income_amount_{i}").fill_null(0)
    for i in range(1, 13):
        groups[f"deduction_code_{i}"] = pl.col(f"deduction_code_{i}").replace_strict(
            DEDUCTIONS, default=None
        )
        groups[f"deduction_count_{i}"] = pl.col(f"deduction_count_{i}").cast(pl.String)
        groups[f"deduction_amount_{i}"] = pl.col(f"deduction_amount_{i}").fill_null(0)
    for name, kind, times in (("regular", "1", 4), ("special", "2", 12), ("pension", "3", 6)):
        for i in range(1, times + 1):
            groups[f"{name}_amount_{i}"] = pl.col(f"amount_{kind}_{i:02}").fill_null(0)
    for i in range(1, 5):
        groups[f"regular_due_{i}"] = era7(pl.col(f"due_1_{i:02}"))
    return rows.select(
        *same,
        _order=pl.int_range(pl.len()) * 10 + 5,
        atena_no=last("atena_no", 10),
        tax_year=era3("tax_year"),
        levy_year=era3("levy_year"),
        correction_no=pl.col("assess_hist_no") - 1,
        notice_no=pl.col("notice_no").fill_null("0000000000"),
        agent_no=last("special_agent_no", 8).fill_null("00000000"),
        collection=way,
        taxation=pl.coalesce(
            pl.col("nontax_reason").replace_strict(NONTAX, default=None),
            pl.col("taxation_kind").replace_strict(TAXATION, default="39"),
        ),
        pension_class=pl.col("pension_kind").str.slice(2).fill_null("0"),
        flags=pl.concat_str(
            "blue_white", "spouse_senju", "self_senju", pl.col("spouse_senju"), pl.lit("0000")
        ),
        head_count_1=others - (others > 1).cast(pl.Int64),
        head_count_2=(others > 1).cast(pl.Int64),
        head_count_3=pl.lit(0),
        head_count_4=pl.lit(0),
        head_count_5="minor_dependents",
        **groups,
        taxable=pl.col("taxable_income") // 1000,
        city_calc="city_income_calc",
        pref_calc="pref_income_calc",
        previous_tax=old_tax.fill_null(0),
        previous_collection=old_way.replace({"4": "9"}),
        reason=pl.col("change_reason").str.slice(1).fill_null("00"),
        changed=era7("change_date"),
        sent=western("notice_date").fill_null("00000000"),
        material_no=pl.when(~first | (pl.col("gross_income") > 0)).then(
            pl.concat_str(pl.lit("2025"), last("atena_no", 10))
        ),
        sum_no=pl.lit(1),
        batch_no=pl.lit("000731"),
        **_managed(),
    )


def _collectors(town: Town) -> pl.DataFrame:
    names = pl.concat(
        [
            town.companies.select("atena_no", "name", "addr_town"),
            town.people.select("atena_no", "name", "addr_town"),
        ]
    )
    rows = town.truth["it_collector"].join(names, on="atena_no", how="left", maintain_order="left")
    paying = town.truth["it_ledger"].filter(pl.col("is_latest") == "1")
    paying = paying.group_by("special_agent_no").agg(taxpayers=pl.col("atena_no").n_unique())
    rows = rows.join(paying, on="special_agent_no", how="left", maintain_order="left")
    return rows.select(
        "agent_hist_no",
        "employees",
        "dept",
        "tel",
        agent_no=last("special_agent_no", 8),
        atena_no=last("atena_no", 10),
        agent_name=pl.col("name").str.slice(0, 30),
        agent_address=pl.col("addr_town").str.slice(0, 30),
        relief_date=pl.when(pl.col("special_due") == "1").then(era7("valid_from")),
        relief="special_due",
        notice_medium="e_notice",
        withholding_no=last("atena_no", 8),
        payslip_place=pl.lit("0"),
        taxpayers=pl.col("taxpayers").fill_null(0),
        opened=era7("valid_from"),
        closed=era7("valid_to"),
        **_managed(),
    )
