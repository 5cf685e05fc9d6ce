"""個人住民税 as SHIRANE's package exports it: four CSV files, every kind of income and deduction a column of its
own, numbers without the zeros that a spreadsheet took from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.inhabitant_tax_spread import KEY, by_kind, by_term, keyed
from town.spell import day as day_of
from town.spell import era as era_of
from town.spell import (
    fiscal,
    grouped,
    halfkana,
    last,
    narrow,
    slashed,
    unknown_wording,
    unpadded,
    worded,
    year_of_era,
)
from town.spell import month as month_of

if TYPE_CHECKING:
    from town.core import Town

INCOMES = {
    "101": "business",
    "102": "farm",
    "103": "estate",
    "105": "dividend",
    "106": "salary",
    "107": "pension",
}
DEDUCTIONS = {
    "302": "medical", "303": "social", "304": "mutual_aid", "305": "life", "306": "quake", "307": "disabled", "308": "widow",
    "309": "single_parent", "311": "spouse", "313": "dependent", "314": "basic",
}  # fmt: skip
SEX = {"1": "男", "2": "女"}
RELATIONS = {
    "02": "世帯主", "11": "夫", "12": "妻", "13": "夫（未届）", "14": "妻（未届）", "20": "子", "51": "父", "52": "母",
    "71": "兄", "74": "弟", "81": "姉", "84": "妹", "96": "縁故者", "99": "同居人",
}  # fmt: skip
STATES = {"2": "転出", "3": "死亡", "9": "消除"}
MATERIAL = {"01": "給報", "02": "年金報", "03": "住申", "04": "確申"}
WIDOW = {"01": "寡婦", "02": "ひとり親"}
WAYS = {"1": "普", "2": "給", "3": "年", "4": "併"}
TAXATION = {"1": "課税", "2": "均等割", "3": "非課税", "4": "未申告", "5": "減免"}
NONTAX = {"01": "所得", "02": "障害等", "03": "生保"}
REASONS = {
    "011": "修正申告",
    "012": "扶養の否認",
    "021": "退職による普徴切替",
    "031": "減免の決定",
    "041": "期限後申告",
}
MEDIA = {"1": "紙", "2": "電子", "3": "併用"}
DIGITS = "〇一二三四五六七八九"


def files(town: Town) -> list[LegacyFile]:
    """住民税納税義務者.CSV, 住民税課税台帳.CSV, 住民税期割.CSV and 特別徴収義務者.CSV."""
    return [
        LegacyFile(
            "shirane/inhabitant_taxpayer", "住民税納税義務者.CSV", [("taxpayer", _taxpayers(town))]
        ),
        LegacyFile(
            "shirane/inhabitant_tax", "住民税課税台帳.CSV", [("assessment", _assessments(town))]
        ),
        LegacyFile("shirane/inhabitant_tax_terms", "住民税期割.CSV", [("terms", _terms(town))]),
        LegacyFile("shirane/collector", "特別徴収義務者.CSV", [("collector", _collectors(town))]),
    ]


def _marked(value: str, yes: str = "○") -> pl.Expr:
    """A mark where a flag is 1, else nothing."""
    return pl.when(pl.col(value) == "1").then(pl.lit(yes))


def _written() -> dict[str, pl.Expr]:
    """更新者, and 更新日時 as the spreadsheet shows it: 2025/6/1 9:05:00."""
    hour = pl.col("operated_time").str.strip_prefix("0")
    return {
        "updated_by": pl.col("operator_id"),
        "updated_at": slashed("operated_date", "", pad=False) + " " + hour,
    }


def _managed() -> dict[str, pl.Expr]:
    return {
        "latest": _marked("is_latest", "*"),
        "deleted": _marked("is_deleted", "*"),
        **_written(),
    }


def _number(column: str, width: int = 10) -> pl.Expr:
    """A number of so many digits without its leading zeros."""
    return unpadded(last(column, width))


def _yen(column: str | pl.Expr) -> pl.Expr:
    return grouped(column, "▲")


def _taxpayers(town: Town) -> pl.DataFrame:
    outside = pl.col("nonresident_tax_flag") == "1"
    unknown = pl.col("birth_date") == "0000-00-00"
    paid = {
        f"{place}_{kind}": grouped(f"{place}_paid_{kind}")
        for place in ("nhi", "ltci", "elderly")
        for kind in ("special", "regular")
    }
    relations = {
        f"rel_{i}": pl.col(f"rel_code{i}").replace_strict(RELATIONS, default=None)
        for i in range(1, 5)
    }
    return town.truth["it_taxpayer"].select(
        "name",
        "head_name",
        atena_no=_number("atena_no"),
        hist_no=pl.col("person_hist_no").cast(pl.String),
        tax_year=fiscal("tax_year", worded=True),
        kana=halfkana("name_kana"),
        sex=pl.col("sex").replace_strict(SEX, default=None),
        birth=pl.when(unknown).then(unknown_wording("birth_date")).otherwise(worded("birth_date")),
        household_no=_number("household_no"),
        **relations,
        status=pl.when(outside).then(pl.lit("住登外")).otherwise(
            pl.col("resident_status").replace_strict(STATES, default=None)
        ),
        postal=pl.col("addr_postal").str.replace(r"^(\d{3})", "${1}-"),
        city_code=unpadded("addr_city_code"),
        pref="addr_pref",
        city="addr_city",
        town="addr_town",
        banchi=narrow("addr_banchi"),
        katagaki=narrow("addr_katagaki"),
        ward=unpadded("ward_code"),
        undeclared=_marked("undeclared_flag"),
        material=pl.col("priority_source").replace_strict(MATERIAL, default=None),
        widow=pl.col("widow_flag").replace_strict(WIDOW, default=None),
        **paid,
        welfare_from=slashed("welfare_from", "", pad=False),
        welfare_to=slashed("welfare_to", "", pad=False),
        outside_tax=_marked("nonresident_tax_flag"),
        outside_notice=_marked("nonresident_notice", "済"),
        other_city=unpadded("other_city_code"),
        send_declaration=pl.when(pl.col("declaration_send") == "1").then(pl.lit("送付")).otherwise(pl.lit("不要")),
        tax_office=unpadded("tax_office_code"),
        memo=pl.col("memo").str.replace_all("\\n", "\r\n", literal=True),
        dm_class=pl.lit("A"),
        **_managed(),
    )  # fmt: skip


def _assessments(town: Town) -> pl.DataFrame:
    rows = keyed(town.truth["it_assessment"])
    rows = by_kind(rows, town.truth["it_income"], ("income_amount", "revenue"), list(INCOMES))
    rows = by_kind(rows, town.truth["it_deduction"], ("deduction_amount",), list(DEDUCTIONS))
    rows = by_term(rows, town.truth["it_ledger"])
    incomes = {
        f"{name}_{ours}": _yen(f"{theirs}_{code}")
        for code, name in INCOMES.items()
        for ours, theirs in (("revenue", "revenue"), ("income", "income_amount"))
    }
    deductions = {name: _yen(f"deduction_amount_{code}") for code, name in DEDUCTIONS.items()}
    taxes = (
        "total_income", "gross_income", "deduction_total", "city_income_tax", "pref_income_tax", "city_percapita",
        "pref_percapita", "forest_tax", "exemption",
    )  # fmt: skip
    kinds = {"1": "青", "2": "白"}
    return rows.select(
        atena_no=_number("atena_no"),
        tax_year=fiscal("tax_year"),
        levy_year=fiscal("levy_year"),
        hist_no=pl.col("assess_hist_no").cast(pl.String),
        notice_no=unpadded("notice_no"),
        collection=pl.col("collection_kind").replace_strict(WAYS),
        taxation=pl.col("taxation_kind").replace_strict(TAXATION),
        nontax_reason=pl.col("nontax_reason").replace_strict(NONTAX, default=None),
        pension_class=pl.col("pension_kind").replace_strict(
            {"001": "継続", "002": "新規"}, default=None
        ),
        return_kind=pl.col("blue_white").replace_strict(kinds, default=None),
        spouse_senju=_marked("spouse_senju"),
        self_senju=pl.when(pl.col("self_senju") == "2").then(pl.lit("○")),
        **incomes,
        **deductions,
        **{name: _yen(name) for name in taxes},
        disabled_count=pl.when(pl.col("deduction_amount_307") > 0).then(pl.lit("1")),
        dependent_count=pl.col("dependents").cast(pl.String),
        minors=pl.col("minor_dependents").cast(pl.String),
        taxable=grouped(pl.col("taxable_income") // 1000),
        city_calc=_yen("city_income_calc"),
        pref_calc=_yen("pref_income_calc"),
        city_credit=_yen(-pl.col("city_credit")),
        pref_credit=_yen(-pl.col("pref_credit")),
        annual_tax=grouped("annual_tax", "▲", "円"),
        reason=pl.col("change_reason").replace_strict(REASONS, default=None),
        changed=slashed("change_date", mark=".", pad=False),
        sent=slashed("notice_date"),
        annual_words="金"
        + pl.col("annual_tax").cast(pl.String).str.replace_many(list("0123456789"), list(DIGITS))
        + "円",
        **_managed(),
    )


def _terms(town: Town) -> pl.DataFrame:
    """One line for each way of collection of an assessment."""
    ledger = town.truth["it_ledger"]
    term = pl.col("term").cast(pl.Int64)
    due = slashed("due_date", pad=False)
    cells = [
        cell
        for i in range(1, 13)
        for cell in (
            _yen(pl.col("amount").filter(term == i).first()).alias(f"term_amount_{i}"),
            due.filter(term == i).first().alias(f"term_due_{i}"),
        )
    ]
    heads = pl.col("special_agent_no", "operator_id", "operated_date", "operated_time").first()
    lines = ledger.group_by(*KEY, "collection_kind", maintain_order=True).agg(
        *cells, heads, total=pl.col("amount").sum()
    )
    return lines.select(
        pl.col("^term_due_.*$"),
        pl.col("^term_amount_.*$").fill_null("0"),
        atena_no=_number("atena_no"),
        tax_year=fiscal("tax_year"),
        hist_no=pl.col("assess_hist_no").cast(pl.String),
        collection=pl.col("collection_kind").replace_strict(WAYS),
        agent_no=_number("special_agent_no", 8),
        total=_yen("total"),
        **_written(),
    )


def _collectors(town: Town) -> pl.DataFrame:
    names = pl.concat(
        [town.companies.select("atena_no", "name"), town.people.select("atena_no", "name")]
    )
    rows = town.truth["it_collector"].join(names, on="atena_no", how="left", maintain_order="left")
    called = pl.int_range(pl.len()) % 9 == 0
    digits = {str(i): chr(0xFF10 + i) for i in range(10)} | {"-": "－"}
    full = pl.col("tel").str.replace_many(list(digits), list(digits.values()))
    return rows.select(
        agent_no=_number("special_agent_no", 8),
        hist_no=pl.col("agent_hist_no").cast(pl.String),
        atena_no=_number("atena_no"),
        agent_name="name",
        relief=_marked("special_due"),
        notice_medium=pl.col("e_notice").replace_strict(MEDIA),
        employees=grouped("employees"),
        dept=pl.when(called).then(halfkana("dept")).otherwise("dept"),
        tel=pl.when(called).then(full).otherwise("tel"),
        opened=worded("valid_from"),
        closed_era=era_of("valid_to", "MTSHR"),
        closed_year=year_of_era("valid_to").cast(pl.String),
        closed_month=month_of("valid_to").str.strip_prefix("0"),
        closed_day=day_of("valid_to").str.strip_prefix("0"),
        contact=pl.when(called).then(pl.lit("経理に連絡。\r\n不在のときは折り返し。")),
        **_managed(),
    )
