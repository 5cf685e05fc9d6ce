"""件数リスト of the old systems: what each of them says that it holds, in the form that `migrate reconcile` reads."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from town.core import Town

MAPPINGS = Path(__file__).resolve().parents[2] / "mappings"

YEN = {
    "fa_levy": "annual_tax",
    "it_assessment": "annual_tax",
    "it_ledger": "amount",
    "ct_return": "payable",
    "lv_levy": "tax",
    "rc_account": "levied",
    "rc_payment": "tax_paid",
    "nhi_levy": "annual",
    "ltci_levy": "annual",
    "el_levy": "annual",
    "ca_payment": "amount",
}
"""The amounts that a town hall adds up, by table."""

YEARS = ("levy_year", "tax_year", "fiscal_year", "school_year")
ITEMS = ("subject_code", "collection_kind")
"""By the first of each that a table has, the amounts are added up."""

LATEST_ONLY = {("shirane", "juki_resident"), ("kusatsu", "juki_resident"), ("kusatsu", "juki_foreign")}
"""What a system keeps without its history."""

CURRENT = {"is_latest": "1", "is_deleted": "0"}


def totals(town: Town, vendor: str) -> list[tuple[str, str, str, str, int]]:
    """The lines of one vendor's list, over the tables and columns that its files hold."""
    held: dict[str, set[str]] = {}
    for path in sorted((MAPPINGS / vendor).glob("*.toml")):
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
        held.setdefault(facts["writes"].partition("/")[2], set()).update(facts["columns"])
    lines = []
    for table in sorted(held.keys() & town.truth.keys()):
        rows = town.truth[table]
        rows = rows.filter(is_latest="1") if (vendor, table) in LATEST_ONLY else rows
        lines += _lines(rows, table, held[table])
    return lines


def write_totals(path: Path, lines: list[tuple[str, str, str, str, int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerows([("table", "measure", "by", "label", "figure"), *lines])


def _lines(rows: pl.DataFrame, table: str, columns: set[str]) -> Iterator[tuple[str, str, str, str, int]]:
    yield table, "rows", "", "", rows.height
    column = YEN.get(table, "")
    if column in columns:
        by = [c for names in (YEARS, ITEMS) for c in [n for n in names if n in rows.columns][:1]]
        yield table, f"sum {column}", "", "", int(rows[column].sum())
        for values in rows.group_by(by).agg(pl.col(column).sum()).sort(by).iter_rows() if by else ():
            yield table, f"sum {column}", " ".join(f"{b}={v}" for b, v in zip(by, values, strict=False)), "", int(values[-1])
    if table == "juki_resident":
        here = rows.filter(resident_status="1", **CURRENT)
        yield table, "population", "", "", here.height
        for kind, sex, count in here.group_by("resident_type", "sex").len().sort("resident_type", "sex").iter_rows():
            yield table, "population", f"resident_type={kind} sex={sex}", "", count
    if table == "juki_restriction":
        held = rows.filter(**CURRENT).filter(pl.col("end_date").is_null() | (pl.col("end_date") >= "2026-04-01"))
        yield table, "protections", "", "", held.height
        yield table, "protected", "", "", held["atena_no"].n_unique()
