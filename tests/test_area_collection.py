"""収滞納管理: what two vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from towns import ROOT, Settled, differing

LEVYING = [
    "resident", "nonresident", "fixed_asset", "inhabitant_tax", "corporate_tax", "vehicle", "health_insurance", "care", "elderly",
]  # fmt: skip
"""The areas that make levies, and those who must pay them."""
TABLES = ["rc_account", "rc_payment", "rc_bank_account", "rc_disposition", "rc_refund"]
VENDORS = ["asama", "shirane"]
OF = {"areas": ["collection"], "before": LEVYING, "tables": dict.fromkeys(VENDORS, TABLES)}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 200, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 600, 0.01, **OF)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("town", ["sound", "faulty"])
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true(vendor, town, request):
    settled = request.getfixturevalue(town)
    report, tables = settled.converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []
    assert {n: differing(settled.town.truth[n], *made) for n, made in tables.items()} == {
        n: [] for n in TABLES
    }


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path, everywhere=True) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town.collection import FAULTS

    assert faulty.broken(tmp_path, everywhere=True) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {
        fault.rule for fault in FAULTS if fault.table in faulty.town.truth
    }


def test_everything_levied_is_demanded_and_what_was_paid_too_much_goes_back(sound):
    truth = sound.town.truth
    levied = pl.concat(sound.town.levies).filter(pl.col("subject_code") != "02")
    key = ["subject_code", "levy_year", "tax_year", "notice_no", "term"]
    accounts = truth["rc_account"].filter(pl.col("is_latest") == "1")
    both = levied.join(accounts, on=key, how="left", suffix="_demanded")
    assert both.filter(pl.col("levied").ne_missing(pl.col("levied_demanded"))).is_empty()
    over = accounts.filter((pl.col("unpaid") < 0) & (pl.col("levied") >= 0))
    assert over.height == truth["rc_refund"].height > 0
    assert -over["unpaid"].sum() == truth["rc_refund"]["over_amount"].sum()


def test_due_dates_are_days_on_which_banks_are_open():
    """The town's calendar and that of the rules are the same."""
    import duckdb
    from town.days import workday

    days = pl.DataFrame({"day": pl.date_range(date(2010, 1, 1), date(2029, 12, 31), eager=True)})
    days = days.with_columns(closed=workday("day") != pl.col("day"))
    folder = ROOT / "layouts/standard/rules"
    with duckdb.connect() as sql:
        sql.execute(f"create table holidays as from read_csv('{folder}/holidays.csv')")
        macro = (
            (folder / "macros.sql")
            .read_text("utf-8")
            .split("create or replace macro closed_day")[1]
            .split(";")[0]
        )
        sql.execute("create macro closed_day" + macro)
        apart = sql.sql("select day from days where closed <> closed_day(day)").fetchall()
    assert apart == []


def test_what_is_special_is_there(faulty):
    """Corrections, cancelled levies and payments, every way of paying, arrears, write-offs, both post and banks."""
    truth = faulty.town.truth
    assert set(truth["rc_account"]["levy_kind"]) >= {"1", "3", "4"}
    assert set(truth["rc_account"]["account_hist_no"]) == {1, 2}
    assert truth["rc_account"]["writeoff"].drop_nulls().min() > 0
    assert set(truth["rc_account"]["levy_year"]) >= {"2020", "2022", "2024", "2025"}
    assert set(truth["rc_payment"]["pay_kind"]) >= {
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "07",
        "08",
        "09",
    }
    assert truth["rc_payment"]["tax_paid"].min() < 0
    assert truth["rc_payment"]["arrears_paid"].max() > 0
    assert set(truth["rc_bank_account"]["status"]) == {"1", "2", "9"}
    assert truth["rc_bank_account"]["yucho_symbol"].is_not_null().any()
    assert set(truth["rc_disposition"]["kind"]) >= {"02", "03", "08", "09", "10"}
    assert set(truth["rc_refund"]["refund_kind"]) >= {"1", "3"}
