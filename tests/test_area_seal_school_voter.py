"""印鑑登録, 就学 and 選挙人名簿: what two vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import make_town
import polars as pl
import pytest
from towns import Settled, differing

BEFORE = ["resident", "foreigner", "nonresident"]
TABLES = {
    "seal": ["seal_registration", "seal_card", "seal_image"],
    "school": ["school_register", "school_event", "school_aid"],
    "voter": ["voter_register", "poll_district", "overseas_voter"],
}
ALL = [table for tables in TABLES.values() for table in tables]
SHIRANE = ["seal_registration", "seal_card", "school_register", "school_aid", "voter_register", "poll_district"]
CASES = [("asama", table) for table in ALL] + [("shirane", table) for table in SHIRANE]
OF = {"areas": TABLES, "before": BEFORE, "tables": {"asama": ALL, "shirane": SHIRANE}, "written": [*BEFORE, *TABLES]}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 300, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 700, 0.02, **OF)


@pytest.mark.parametrize(("vendor", "table"), CASES)
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true(sound, vendor, table):
    _, tables = sound.converted(vendor)
    assert differing(sound.town.truth[table], *tables[table]) == []


@pytest.mark.parametrize(("vendor", "table"), CASES)
def test_faults_come_through_the_conversion(faulty, vendor, table):
    _, tables = faulty.converted(vendor)
    assert differing(faulty.town.truth[table], *tables[table]) == []


@pytest.mark.parametrize("vendor", ["asama", "shirane"])
@pytest.mark.parametrize("town", ["sound", "faulty"])
def test_nothing_is_refused_on_the_way(request, town, vendor):
    report, _ = request.getfixturevalue(town).converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []


@pytest.mark.parametrize(("vendor", "table"), CASES)
def test_what_is_left_empty_is_not_known_of_the_town_either(sound, vendor, table):
    """Only the other vendor may know more."""
    _, tables = sound.converted(vendor)
    (mapping,), _ = tables[table]
    truth = sound.town.truth[table]
    assert {c for c in mapping.left_empty if truth[c].null_count() < truth.height} == set()


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path, also={"R036"}) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    assert faulty.broken(tmp_path, also={"R036"}) == faulty.answers
    kinds = {(f.rule, f.table) for area in TABLES for f in make_town.part(area).FAULTS}
    assert {(rule, table) for rule, table, _ in faulty.answers} == kinds


def test_what_is_special_is_there(faulty):
    truth = faulty.town.truth
    seals, cards = truth["seal_registration"], truth["seal_card"]
    assert set(seals["seal_status"]) == {"1", "2", "3", "9"}
    assert set(seals["seal_method"]) == {"1", "2", "3", "4"}
    assert set(cards["card_status"]) == {"1", "2", "3", "4", "9"}
    assert set(truth["school_register"]["school_kind"]) >= {"1", "2", "3", "4", "9"}
    assert set(truth["school_register"]["school_kind"]) & {"5", "6"}
    assert set(truth["school_register"]["school_year"]) == {"2024", "2025", "2026"}
    assert set(truth["school_event"]["event_reason"]) >= {"01", "02", "05", "11"}
    assert set(truth["school_aid"]["aid_kind"]) >= {"02", "09"}
    assert truth["school_register"]["guardian_atena_no"].is_in(truth["atena_nonresident"]["atena_no"].implode()).any()
    assert set(truth["voter_register"]["remove_reason"].drop_nulls()) == {"01", "03"}
    assert set(truth["voter_register"]["mark_reason"].drop_nulls()) == {"01", "02"}
    assert set(truth["overseas_voter"]["remove_reason"].drop_nulls()) >= {"06"}
    assert truth["poll_district"]["valid_to"].null_count() == 6


def test_the_newest_record_alone_tells_of_events_and_cards(sound):
    """The host repeats them in records of the past; they are not to be counted twice."""
    report, tables = sound.converted("asama")
    assert tables["seal_card"][1]["seal_card_no"].is_unique().all()
    assert report.books["asama/seal_image"].merged > 0


def test_the_roll_of_voters_is_that_of_the_register_of_residents(sound):
    rows, people = sound.town.truth["voter_register"], sound.town.truth["juki_resident"]
    back = pl.col("mark_del_date").is_not_null()
    listed = rows.filter(pl.col("is_latest") == "1", pl.col("removed_date").is_null(), pl.col("moved_out_date").is_null() | back)
    assert set(listed["atena_no"]) == set(people.filter(is_latest="1", voter_flag="1")["atena_no"])
