"""障害者福祉: what the vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import polars as pl
import pytest
from towns import Settled, differing

REGISTERS = ["resident", "foreigner", "event", "restriction", "nonresident"]
TABLES = {
    "asama": ["dis_handbook", "dis_medical_allowance", "dis_support"],
    "shirane": ["dis_handbook"],
}
MINE = TABLES["asama"]
OF = {"areas": ["disability"], "before": REGISTERS, "tables": TABLES, "written": ["resident", "disability"]}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 300, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 2000, 0.02, **OF)


@pytest.mark.parametrize("settled", ["sound", "faulty"])
@pytest.mark.parametrize("vendor", TABLES)
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true(request, vendor, settled):
    settled = request.getfixturevalue(settled)
    report, tables = settled.converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []
    truth = settled.town.truth
    assert {n: differing(truth[n], *made) for n, made in tables.items()} == {n: [] for n in tables}


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town.disability import FAULTS

    assert faulty.broken(tmp_path) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {fault.rule for fault in FAULTS}


def test_what_is_special_is_there(faulty):
    """Refused and returned handbooks, old ones without a day, several parts, all kinds of benefits."""
    truth = faulty.town.truth
    books, benefits, granted = (truth[t] for t in MINE)
    assert set(books["handbook_kind"]) == {"1", "2", "3"}
    assert set(books["status"]) >= {"1", "3", "4", "6"}
    assert books["first_issued"].str.ends_with("-00-00").any()
    assert books["disability_name"].str.contains("\\n", literal=True).any()
    assert set(benefits["benefit_kind"]) >= {"M1", "M3", "A1", "A4"}
    assert granted["support_level"].is_null().any() and granted["support_level"].is_not_null().any()
    assert granted["child_atena_no"].is_not_null().any()
    assert granted["support_seq"].max() > 200


def test_a_handbooks_generations_are_counted_from_one(sound):
    books = sound.town.truth["dis_handbook"]
    counted = books.group_by("atena_no", "handbook_kind").agg(pl.col("handbook_hist_no").sort())
    assert all(n == list(range(1, len(n) + 1)) for n in counted["handbook_hist_no"].to_list())
