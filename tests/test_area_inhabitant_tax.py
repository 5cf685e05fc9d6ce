"""個人住民税: what three vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import polars as pl
import pytest
from towns import Settled, differing

AREAS = ["resident", "inhabitant_tax"]
TABLES = ["it_taxpayer", "it_assessment", "it_income", "it_deduction", "it_ledger", "it_collector"]
VENDORS = ["asama", "shirane", "kusatsu"]
OF = {"areas": AREAS[1:], "before": AREAS[:1], "tables": dict.fromkeys(VENDORS, TABLES), "written": AREAS}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 200, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 600, 0.02, **OF)


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true(sound, vendor):
    report, tables = sound.converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []
    assert {n: differing(sound.town.truth[n], *made) for n, made in tables.items()} == {
        n: [] for n in TABLES
    }


@pytest.mark.parametrize("vendor", VENDORS)
def test_faults_come_through_the_conversion(faulty, vendor):
    report, tables = faulty.converted(vendor)
    assert dict(report.issues) == {}
    assert {n: differing(faulty.town.truth[n], *made) for n, made in tables.items()} == {
        n: [] for n in TABLES
    }


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town.inhabitant_tax import FAULTS

    assert faulty.broken(tmp_path) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {fault.rule for fault in FAULTS}


def test_the_years_levies_are_the_instalments_in_force(sound):
    ledger = sound.town.truth["it_ledger"].filter(pl.col("is_latest") == "1")
    levies = pl.concat(sound.town.levies)
    assert levies["levied"].sum() == ledger["amount"].sum()
    assert set(levies["subject_code"]) == {"01", "02", "03"}
    key = ["subject_code", "levy_year", "tax_year", "notice_no", "term"]
    assert levies.select(key).is_unique().all()


def test_what_is_special_is_there(faulty):
    """Corrections, a year that was late, both kinds of employers, losses, people from elsewhere."""
    truth = faulty.town.truth
    assert set(truth["it_assessment"]["assess_hist_no"]) >= {1, 2, 3}
    assert set(truth["it_assessment"]["tax_year"]) == {"2024", "2025"}
    assert set(truth["it_assessment"]["collection_kind"]) == {"1", "2", "3", "4"}
    assert set(truth["it_assessment"]["taxation_kind"]) == {"1", "2", "3", "4", "5"}
    assert set(truth["it_collector"]["special_due"]) == {"0", "1"}
    assert truth["it_income"]["income_amount"].min() < 0
    assert truth["it_taxpayer"]["nonresident_tax_flag"].is_in(["1"]).any()
