"""国民年金: what the vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import pytest
from towns import Settled, differing

AREAS = ["resident", "pension"]
TABLES = {
    "asama": ["np_insured", "np_exemption", "np_benefit"],
    "shirane": ["np_insured", "np_exemption"],
}
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
    from town.pension import FAULTS

    assert faulty.broken(tmp_path) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {fault.rule for fault in FAULTS}


def test_what_is_special_is_there(faulty):
    """Changes of class, spells by mistake, volunteers, exemptions without end, lump sums."""
    truth = faulty.town.truth
    assert set(truth["np_insured"]["np_class"]) >= {"1", "3", "4"}
    assert set(truth["np_insured"]["lose_reason"]) >= {None, "05", "11", "12", "15"}
    assert set(truth["np_insured"]["is_deleted"]) == {"0", "1"}
    assert truth["np_insured"]["changed_date"].count() > 10
    assert truth["np_exemption"]["exemption_seq"].max() > 2
    assert set(truth["np_exemption"]["exemption_kind"]) >= {"01", "05", "06", "07"}
    assert truth["np_exemption"]["to_ym"].is_in(["9999-12"]).any()
    assert set(truth["np_benefit"]["benefit_kind"]) >= {"01", "02", "05"}
