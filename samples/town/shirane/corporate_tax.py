"""法人住民税 as SHIRANE's package exports it: a line a generation of a corporation, a line a return, units written
behind the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.shirane.sheet import dotted, managed, marked, number, western
from town.spell import day, era, grouped, month, share, worded, year_of_era

if TYPE_CHECKING:
    from town.core import Town

STATES = {"2": "休業", "3": "清算中", "4": "解散", "5": "合併", "9": "閉鎖"}
SEATS = {"1": "市内本店", "2": "市外本店"}
KINDS = {
    "01": "予定",
    "02": "中間",
    "03": "確定",
    "04": "修正",
    "05": "更正",
    "06": "決定",
    "07": "清算",
}


def files(town: Town) -> list[LegacyFile]:
    """法人基本.CSV and 法人申告.CSV."""
    return [
        LegacyFile("shirane/corporate_tax", "法人基本.CSV", [("corporation", _corporations(town))]),
        LegacyFile("shirane/corporate_return", "法人申告.CSV", [("return", _returns(town))]),
    ]


def _corporations(town: Town) -> pl.DataFrame:
    rows = town.truth["ct_taxpayer"].join(
        town.companies.select("atena_no", "name", "representative", "addr_city"), on="atena_no", how="left", maintain_order="left"
    )  # fmt: skip
    advisers = town.outsiders.select(tax_agent_atena_no="atena_no", tax_agent_name="name")
    rows = rows.join(advisers, on="tax_agent_atena_no", how="left", maintain_order="left")
    called = pl.int_range(pl.len()) % 6 == 2
    serial = pl.col("corporate_no")
    return rows.select(
        "name",
        "representative",
        "tax_agent_name",
        corp_no=number("corp_mgmt_no", 8),
        hist_no=pl.col("corp_hist_no").cast(pl.String),
        atena_no=number("atena_no"),
        corporate_no=pl.concat_str(
            *(serial.str.slice(at, size) for at, size in ((0, 1), (1, 4), (5, 4), (9, 4))),
            separator="-",
        ),
        state=pl.col("corp_status").replace_strict(STATES, default=None),
        seat=pl.col("head_branch").replace_strict(SEATS),
        head_city="addr_city",
        industry="business_kind",
        capital=grouped(pl.col("capital") // 1000),
        capital_etc=grouped(pl.col("capital_etc") // 1000, "▲"),
        employees=pl.col("employees").cast(pl.String) + "人",
        closing=pl.col("closing_month").str.strip_prefix("0") + "月",
        percapita_class=pl.col("percapita_class").str.strip_prefix("0") + "号",
        extension=pl.when(pl.col("extension_months") > 0).then(
            pl.col("extension_months").cast(pl.String) + "月延長"
        ),
        established=worded("established"),
        closed_era=era("closed", "MTSHR"),
        closed_year=year_of_era("closed").cast(pl.String),
        closed_month=month("closed").str.strip_prefix("0"),
        closed_day=day("closed").str.strip_prefix("0"),
        tax_agent=number("tax_agent_atena_no"),
        consolidated=marked("consolidated"),
        eltax_id="ID:" + pl.col("eltax_id"),
        due_note=pl.when(pl.col("corp_status") == "1").then(pl.lit("令和8年5月に送付")),
        memo=pl.when(called).then(pl.lit('経理から電話。\r\n「申告は"別便"で送る」とのこと。')),
        **managed(),
    )


def _returns(town: Town) -> pl.DataFrame:
    names = town.truth["ct_taxpayer"].filter(pl.col("is_latest") == "1").join(
        town.companies.select("atena_no", corp_name="name"), on="atena_no", how="left"
    )  # fmt: skip
    rows = town.truth["ct_return"].join(
        names.select("corp_mgmt_no", "corp_name"), on="corp_mgmt_no", how="left", maintain_order="left"
    )  # fmt: skip
    same = {
        "corp_tax": "corp_tax",
        "levy": "corp_tax_levy",
        "percapita": "percapita",
        "arrears": "arrears",
    }
    return rows.select(
        "corp_name",
        **{name: grouped(column) for name, column in same.items()},
        corp_no=number("corp_mgmt_no", 8),
        period=dotted("fy_from") + "～" + dotted("fy_to"),
        kind=pl.col("return_kind").replace_strict(KINDS),
        seq=pl.col("return_seq").cast(pl.String),
        filed=western("filed_date"),
        due=worded("due_date"),
        alloc=share("alloc_here", "alloc_total"),
        taxable=grouped(pl.col("taxable_corp_tax") // 1000, unit="千円"),
        rate=pl.col("tax_rate").cast(pl.String) + "%",
        months=pl.when(pl.col("percapita_months") > 0).then(
            pl.col("percapita_months").cast(pl.String) + "月"
        ),
        paid_before=grouped(-pl.col("paid_before"), "▲"),
        payable=grouped("payable", "▲", "円"),
        claim=marked("claim_kind"),
        slip=pl.when(pl.col("return_kind").is_in(["05", "06"])).then(pl.lit("済")),
        **managed(),
    )
