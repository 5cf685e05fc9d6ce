"""介護保険: what three vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import polars as pl
import pytest
from towns import Settled, differing

AREAS = ["resident", "care"]
EVERY = ["ltci_insured", "ltci_certification", "ltci_levy", "ltci_reduction"]
TABLES = {"asama": EVERY, "kusatsu": EVERY, "shirane": EVERY[:2]}
OF = {"areas": AREAS[1:], "before": AREAS[:1], "tables": TABLES}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 200, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 600, 0.02, **OF)


@pytest.mark.parametrize("vendor", TABLES)
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true(sound, vendor):
    report, tables = sound.converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []
    assert {n: differing(sound.town.truth[n], *made) for n, made in tables.items()} == {
        n: [] for n in TABLES[vendor]
    }


@pytest.mark.parametrize("vendor", TABLES)
def test_faults_come_through_the_conversion(faulty, vendor):
    report, tables = faulty.converted(vendor)
    assert dict(report.issues) == {}
    assert {n: differing(faulty.town.truth[n], *made) for n, made in tables.items()} == {
        n: [] for n in TABLES[vendor]
    }


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town.care import FAULTS

    assert faulty.broken(tmp_path) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {fault.rule for fault in FAULTS}


def test_the_years_levies_are_the_premiums_in_force(sound):
    premiums = sound.town.truth["ltci_levy"].filter(pl.col("is_latest") == "1")
    levies = pl.concat(sound.town.levies).filter(pl.col("subject_code") == "08")
    owed = premiums.select("tax_year", "notice_no", levied=pl.col("annual") - pl.col("exemption"))
    owed = owed.filter(pl.col("levied") > 0).sort("tax_year", "notice_no")
    sums = levies.group_by("tax_year", "notice_no").agg(pl.col("levied").sum())
    assert sums.sort("tax_year", "notice_no").equals(owed)
    key = ["subject_code", "levy_year", "tax_year", "notice_no", "term"]
    assert levies.select(key).is_unique().all()


def test_what_is_special_is_there(faulty):
    """Both classes, certifications on their way, corrections, all three ways of collection, refusals."""
    truth = faulty.town.truth
    insured, certified = truth["ltci_insured"], truth["ltci_certification"]
    assert set(insured["insured_kind"]) == {"1", "2"}
    assert set(insured["lose_reason"]) >= {None, "101", "102", "109"}
    assert set(insured["is_deleted"]) == {"0", "1"}
    assert insured["ltci_seq"].max() == 2
    assert set(certified["apply_kind"]) == {"1", "2", "3"}
    assert certified["care_level"].null_count() > 0
    assert certified["disease_code"].count() > 0
    assert set(truth["ltci_levy"]["levy_hist_no"]) == {1, 2}
    assert set(truth["ltci_levy"]["tax_year"]) == {"2024", "2025"}
    assert set(truth["ltci_levy"]["collect_kind"]) == {"1", "2", "3"}
    assert truth["ltci_reduction"]["approved"].is_in(["2", "4"]).any()
