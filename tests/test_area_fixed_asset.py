"""固定資産税: what three vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import doctest
import importlib
import re

import polars as pl
import pytest
from towns import ROOT, Settled, differing

BEFORE = ["resident", "nonresident"]
TABLES = ["fa_land", "fa_building", "fa_depreciable", "fa_joint_owner", "fa_levy"]
VENDORS = {
    "asama": TABLES,
    "kusatsu": TABLES,
    "shirane": ["fa_land", "fa_building", "fa_joint_owner", "fa_levy"],
}
OF = {"areas": ["fixed_asset"], "before": BEFORE, "tables": VENDORS}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 200, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 900, 0.01, **OF)


@pytest.mark.parametrize("town", ["sound", "faulty"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true(vendor, town, request):
    settled = request.getfixturevalue(town)
    report, tables = settled.converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []
    assert {n: differing(settled.town.truth[n], *made) for n, made in tables.items()} == {
        n: [] for n in VENDORS[vendor]
    }


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town.fixed_asset import FAULTS

    assert faulty.broken(tmp_path) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {fault.rule for fault in FAULTS}


def test_the_years_levies_are_the_annual_taxes_in_four_terms(sound):
    live = sound.town.truth["fa_levy"].filter(
        (pl.col("is_latest") == "1") & (pl.col("levy_kind") != "5")
    )
    (levies,) = sound.town.levies
    sums = levies.group_by("notice_no").agg(pl.col("levied").sum()).sort("notice_no")
    taxed = live.filter(pl.col("annual_tax") > 0).sort("notice_no")
    assert sums.rows() == taxed.select("notice_no", "annual_tax").rows()
    assert set(levies["subject_code"]) == {"04"}
    assert set(levies["term"]) == {"01", "02", "03", "04"}
    assert levies.select("levy_year", "tax_year", "notice_no", "term").is_unique().all()


def test_what_is_special_is_there(faulty):
    """Generations, deleted rows, both years, all kinds of owners, vague dates, shares, corrections."""
    truth = faulty.town.truth
    land, building, levy = truth["fa_land"], truth["fa_building"], truth["fa_levy"]
    assert set(land["land_hist_no"]) == {1, 2, 3}
    assert set(land["tax_year"]) == {"2024", "2025"}
    assert set(land["share_kind"]) == {"1", "2", "3"}
    assert set(land["taxation_kind"]) == {"1", "2", "3"}
    assert set(land["residential_kind"]) == {"0", "1", "2", "3"}
    assert set(land["is_deleted"]) == {"0", "1"}
    assert land["reg_cause_date"].str.ends_with("-00").any()
    assert building["built_date"].str.ends_with("-00").any()
    assert building["demolished_date"].is_not_null().any()
    assert building["reduction_amount"].is_not_null().any()
    assert set(levy["levy_kind"]) == {"1", "2", "3", "5"}
    assert set(levy["threshold_kind"]) == {"1", "4"}
    assert truth["fa_joint_owner"]["member_seq"].max() > 5
    assert truth["fa_joint_owner"]["valid_to"].is_not_null().any()
    assert truth["fa_depreciable"]["special_rate"].is_not_null().any()


@pytest.mark.parametrize("name", ["fixed_asset_land", "fixed_asset_depreciable"])
def test_examples_in_the_town_run(name):
    found = doctest.testmod(importlib.import_module(f"town.{name}"))
    assert found.attempted and not found.failed


def test_the_copybook_beside_the_layout_says_the_same(catalog):
    """Every REDEFINES of kusatsu's copybook has the fields of its record type, as many bytes each."""
    text = (ROOT / "layouts/legacy/kusatsu/fixed_asset/fixed_asset.cpy").read_text("utf-8")
    names = {
        "TOCHI": "land",
        "KAOKU": "building",
        "SHOKYAKU": "asset",
        "KYOYU": "member",
        "FUKA": "levy",
    }
    _, *views = re.split(r"05  WK-(\w+) REDEFINES", text)
    for code, body in zip(views[::2], views[1::2], strict=True):
        items = re.findall(
            r"10  (?:\w-)?([\w-]+) +PIC (\S+?)( COMP(?:-3)?)?(?: OCCURS (\d+))?\.\n", body
        )
        assert sum(width(pic, usage) * int(times or 1) for _, pic, usage, times in items) == 259
        if code in names:
            (record,) = (
                r for r in catalog.layout("kusatsu/fixed_asset").records if r.name == names[code]
            )
            written = [name.lower().replace("-", "_") for name, *_ in items if name != "FILLER"]
            assert written == list(
                dict.fromkeys(
                    re.sub(r"_\d$", "", f)
                    for f in record.read
                    if f not in ("record_kind", "reserve")
                )
            )


def width(pic, usage):
    """The bytes of a PICTURE."""
    digits = sum(int(n) for n in re.findall(r"\((\d+)\)", pic))
    return {" COMP-3": digits // 2 + 1, " COMP": 4}.get(
        usage, digits * 2 if pic[0] == "N" else digits
    )
