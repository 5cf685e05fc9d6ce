"""住民基本台帳 and 住登外管理: what three vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import re

import polars as pl
import pytest
from towns import ROOT, Settled, differing

from migrate import Catalog

AREAS = ["resident", "foreigner", "event", "restriction", "nonresident"]
REGISTER = ["juki_resident", "juki_household", "juki_foreign", "juki_event", "juki_restriction"]
ADDRESSEES = ["atena_nonresident", "atena_corporation", "atena_identity_link", "atena_mailing"]
TABLES = {
    "asama": [*REGISTER, *ADDRESSEES],
    "shirane": [*REGISTER, *ADDRESSEES],
    "kusatsu": REGISTER[:3],
}
SNAPSHOTS = {
    ("shirane", "juki_resident"),
    ("kusatsu", "juki_resident"),
    ("kusatsu", "juki_foreign"),
}
"""Files that hold the latest generation only."""


OF = {"areas": AREAS[1:], "before": AREAS[:1], "tables": TABLES, "written": AREAS}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 300, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 800, 0.03, **OF)


def truth_of(settled, vendor, table):
    """What is true, as far as the vendor's file reaches back."""
    rows = settled.town.truth[table]
    return rows.filter(pl.col("is_latest") == "1") if (vendor, table) in SNAPSHOTS else rows


@pytest.mark.parametrize("vendor", TABLES)
@pytest.mark.parametrize("state", ["sound", "faulty"])
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true(request, state, vendor):
    settled = request.getfixturevalue(state)
    report, tables = settled.converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []
    wrong = {n: differing(truth_of(settled, vendor, n), *made) for n, made in tables.items()}
    assert wrong == {n: [] for n in TABLES[vendor]}


@pytest.mark.parametrize("other", ["shirane", "kusatsu"])
def test_the_same_town_from_another_vendor_gives_the_same_rows(sound, other):
    """In every column that both fill; of a table that one holds in snapshots, the latest generations."""
    _, ours = sound.converted("asama")
    _, theirs = sound.converted(other)
    for table in theirs:
        (mine, rows), (yours, found) = ours[table], theirs[table]
        both = set.intersection(
            *({c for m in made for c in (*m.recipes, *m.constants)} for made in (mine, yours))
        )
        if (other, table) in SNAPSHOTS:
            rows = rows.filter(pl.col("is_latest") == "1")
        columns = [c for c in rows.columns if c in both]
        keys = mine[0].table.keys
        assert rows.sort(keys).select(columns).equals(found.sort(keys).select(columns)), table
        assert len(columns) > 10


@pytest.mark.parametrize("vendor", ["asama", "shirane"])
def test_nobody_under_protection_is_lost(faulty, vendor):
    """R025: those in force, one by one, also where the measure itself is faulty."""
    _, tables = faulty.converted(vendor)
    _, found = tables["juki_restriction"]
    key = ["atena_no", "restriction_seq", "category", "start_date", "end_date"]
    truth = faulty.town.truth["juki_restriction"]
    assert set(found.select(key).iter_rows()) == set(truth.select(key).iter_rows())
    assert (found["end_date"] >= "2026-04-01").sum() > 0


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town import event, foreigner, nonresident, restriction

    modules = (foreigner, event, restriction, nonresident)
    assert faulty.broken(tmp_path) == faulty.answers
    planted = {fault.rule for module in modules for fault in module.FAULTS}
    assert {rule for rule, _, _ in faulty.answers} == planted


def test_what_is_special_is_there(faulty):
    """Renewed cards, cancelled events, families under protection, numbers merged and parted again."""
    truth = faulty.town.truth
    assert set(truth["juki_foreign"]["foreign_hist_no"]) == {1, 2}
    assert {"1", "2"} <= set(truth["juki_foreign"]["residence_card_kind"])
    assert {"29", "57"} <= set(truth["juki_event"]["event_reason"])
    assert set(truth["juki_event"]["whole_part"]) == {"1", "2", None}
    assert "2" in set(truth["juki_restriction"]["scope"])  # with the children
    assert truth["juki_restriction"]["end_date"].is_in(["9999-12-31"]).any()
    assert set(truth["atena_nonresident"]["merged_flag"]) == {"0", "1"}
    assert truth["atena_identity_link"]["released_date"].is_not_null().any()
    assert set(truth["atena_corporation"]["atena_kind"]) == {"5", "6"}
    assert {"01", "02", "04", "05", "09"} <= set(truth["atena_mailing"]["mailing_reason"])
    assert truth["atena_mailing"]["mailing_seq"].max() == 2


def test_several_movers_share_a_receipt_and_companions_an_application(faulty):
    """The groups of asama's records are used: else unfolding them would prove nothing."""
    from town.asama import event, restriction

    receipts = event.records(faulty.town)
    assert receipts["mover_count"].max() >= 3
    assert receipts["mover_count"].sum() == faulty.town.truth["juki_event"].height
    supports = restriction.records(faulty.town)
    assert supports["persons"].sum() == faulty.town.truth["juki_restriction"].height
    assert supports["companion_no_1"].is_not_null().any()


def test_the_61_columns_are_read_by_position():
    layout = Catalog(ROOT).layout("shirane/resident")
    (record,) = layout.records
    assert layout.header_lines == 0
    assert len(record.fields) == 61
    assert record.fields[5].label == "氏名" and record.fields[58].label == "独自領域"


def test_the_copybook_beside_the_layout_says_the_same():
    """Every REDEFINES of kusatsu's copybook has the fields of its record type, as many bytes each."""
    layout = Catalog(ROOT).layout("kusatsu/resident")
    text = (ROOT / "layouts/legacy/kusatsu/resident/resident.cpy").read_text("utf-8")
    _, *views = re.split(r"05  K\d-(\w+) REDEFINES", text)
    seen = []
    for name, body in zip(views[::2], views[1::2], strict=True):
        items = re.findall(
            r"10  (?:K\d-)?([\w-]+) +PIC (\S+?)( COMP-3)?(?: OCCURS (\d+) TIMES)?\.\n", body
        )
        sizes = [_bytes(picture, usage) * int(times or 1) for _, picture, usage, times in items]
        assert sum(sizes) == layout.record_bytes - 1
        fields = [f for f in layout.types[name.lower()].read if f != "record_kind"]
        written = [n.lower().replace("-", "_") for n, *_ in items if n != "FILLER"]
        assert written == list(dict.fromkeys(re.sub(r"^rel_\d$", "rel", f) for f in fields))
        seen.append(name.lower())
    assert seen == list(layout.types)


def _bytes(picture, usage):
    kind, digits = re.fullmatch(r"(S?9|X|N)\((\d+)\)", picture).groups()
    if usage:
        return int(digits) // 2 + 1
    return int(digits) * (2 if kind == "N" else 1)
