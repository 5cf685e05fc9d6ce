"""法人住民税ファイル of ASAMA: a corporation with four returns and three offices in a record, and what its capital
was before; more of them on a second sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.asama.host import city5, clock, deleted, entered, header, trailer, turns
from town.core import LegacyFile
from town.spell import era7, halfkana, last, western

if TYPE_CHECKING:
    from town.core import Town

NAME = "HOJIN01"
KEY = "corp_mgmt_no"
STATES = {"1": "10", "2": "20", "3": "30", "4": "40", "5": "50", "9": "90"}
KINDS = {"01": "10", "02": "20", "03": "30", "04": "40", "05": "50", "06": "60", "07": "70"}
INDUSTRIES = {
    "農業": "01", "総合工事業": "06", "食料品製造業": "09", "印刷・同関連業": "15", "電子部品製造業": "28", "道路旅客運送業": "43",
    "各種商品小売業": "56", "医薬品小売業": "60", "不動産賃貸業": "68", "宿泊業": "75",
}  # fmt: skip
ADDRESS = ("town", "banchi", "katagaki", "postal")


def files(town: Town) -> list[LegacyFile]:
    """HOJIN01.DAT."""
    parts = [
        ("header", header("ASAMA-HJ", NAME)),
        ("corporation", _sheets(town)),
        ("trailer", trailer(NAME)),
    ]
    return [LegacyFile("asama/corporate_tax", f"{NAME}.DAT", parts)]


def _sheets(town: Town) -> pl.DataFrame:
    bodies = _corporations(town)
    returns = _side_by_side(_returns(town), 4).rename({"used": "return_count"})
    offices = _side_by_side(_offices(town, bodies), 3).drop("used")
    first = bodies.select(KEY, _page=pl.lit(0, pl.Int64))
    pages = pl.concat([first, *(part.select(KEY, "_page") for part in (returns, offices))]).unique()
    rows = pages.sort(KEY, "_page").join(bodies, on=KEY, maintain_order="left")
    for part in (returns, offices):
        rows = rows.join(part, on=[KEY, "_page"], how="left", maintain_order="left")
    return rows.with_columns(
        pl.col("return_count").fill_null(0), sheet=pl.col("_page") + 1, corp_no=last(KEY, 8)
    ).drop(KEY, "_page")


def _side_by_side(rows: pl.DataFrame, times: int) -> pl.DataFrame:
    """The rows of a corporation, so many to a sheet."""
    sheets = turns(rows, [KEY], times, rows.columns[1:])
    return sheets.with_columns(pl.col("_page").cast(pl.Int64))


def _corporations(town: Town) -> pl.DataFrame:
    """What a corporation is, from its one or two generations."""
    rows = town.truth["ct_taxpayer"].join(
        town.companies.select("atena_no", "name", "name_kana", *(f"addr_{p}" for p in ADDRESS)),
        on="atena_no", how="left", maintain_order="left",
    )  # fmt: skip
    old = rows.filter(pl.col("is_latest") == "0").select(
        KEY,
        old_hist_no="corp_hist_no",
        old_capital=pl.col("capital") // 1000,
        old_capital_etc=pl.col("capital_etc") // 1000,
        old_employees="employees",
        old_percapita_class=last("percapita_class", 1),
        old_operator="operator_id",
        old_date=western("operated_date"),
        old_time=clock("operated_time"),
    )
    serial = last(KEY, 8).cast(pl.Int64)
    now = rows.filter(pl.col("is_latest") == "1").select(
        KEY,
        "corporate_no",
        "name",
        "employees",
        "eltax_id",
        atena_no=last("atena_no", 10),
        kana=halfkana("name_kana").str.slice(0, 60),
        state=pl.col("corp_status").replace_strict(STATES),
        branch_class="head_branch",
        seat_city=city5("head_city_code"),
        **{f"seat_{part}": pl.col(f"addr_{part}") for part in ADDRESS},
        industry=pl.col("business_kind").replace_strict(INDUSTRIES),
        hist_no="corp_hist_no",
        capital=pl.col("capital") // 1000,
        capital_etc=pl.col("capital_etc") // 1000,
        percapita_class=last("percapita_class", 1),
        closing=pl.col("closing_month") + "99",
        extension="extension_months",
        established=era7("established"),
        closed=western("closed").fill_null("00000000"),
        tax_agent=last("tax_agent_atena_no", 10).fill_null("0000000000"),
        flags=pl.concat_str(
            "consolidated",
            pl.lit("00"),
            pl.col("eltax_id").is_not_null().cast(pl.Int8).cast(pl.String),
            pl.lit("0000"),
        ),
        tax_office=pl.lit("48011"),
        pref_no=(serial * 31 % 1_000_000_000).cast(pl.String).str.zfill(9),
        forms=pl.when(pl.col("corp_status") == "1").then(pl.lit("1")).otherwise(pl.lit("0")),
        sent=pl.when(pl.col("corp_status") == "1").then(pl.lit("20260304")),
        ledger_page=serial // 40 + 1,
        **entered(),
    )
    return now.join(old, on=KEY, how="left", maintain_order="left")


def _returns(town: Town) -> pl.DataFrame:
    return town.truth["ct_return"].select(
        KEY,
        ret_kind=pl.col("return_kind").replace_strict(KINDS),
        ret_seq="return_seq",
        fy_from=era7("fy_from"),
        fy_to=era7("fy_to"),
        filed=western("filed_date").fill_null("00000000"),
        due=era7("due_date"),
        corp_tax="corp_tax",
        alloc_total="alloc_total",
        alloc_here="alloc_here",
        taxable=pl.col("taxable_corp_tax") // 1000,
        rate=(pl.col("tax_rate") * 100).cast(pl.Int64),
        levy="corp_tax_levy",
        months="percapita_months",
        percapita="percapita",
        paid_before="paid_before",
        payable="payable",
        claim=pl.col("claim_kind").fill_null("0"),
        arrears=pl.col("arrears"),
        slip_no=(700_000_000 + pl.int_range(pl.len())).cast(pl.String),
        ret_deleted=deleted(),
        ret_operator="operator_id",
        ret_date=western("operated_date"),
        ret_time=clock("operated_time"),
    )


def _offices(town: Town, bodies: pl.DataFrame) -> pl.DataFrame:
    """Of an office at the seat no address is written."""
    rows = town.truth["ct_office"].join(
        bodies.select(KEY, *(f"seat_{p}" for p in ADDRESS)),
        on=KEY, how="left", maintain_order="left",
    )  # fmt: skip
    seat = pl.all_horizontal(pl.col(f"addr_{p}").eq_missing(pl.col(f"seat_{p}")) for p in ADDRESS)
    own = {p: pl.col(f"addr_{p}").fill_null("なし" if p == "katagaki" else "") for p in ADDRESS}
    return rows.select(
        KEY,
        "office_name",
        "opened",
        office_no="office_seq",
        **{f"office_{p}": pl.when(~seat).then(value) for p, value in own.items()},
        office_employees="employees",
        office_closed=western("closed").fill_null("00000000"),
        office_area=pl.col("employees") * 18,
        office_deleted=deleted(),
        office_operator="operator_id",
        office_date=western("operated_date"),
        office_time=clock("operated_time"),
    ).with_columns(opened=era7("opened"))
