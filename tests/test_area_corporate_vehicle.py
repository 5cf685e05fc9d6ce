"""法人住民税 and 軽自動車税: what two vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import polars as pl
import pytest
from towns import Settled, differing

AREAS = ["corporate_tax", "vehicle"]
TABLES = ["ct_taxpayer", "ct_return", "ct_office", "lv_vehicle", "lv_levy"]
HELD = {"asama": TABLES, "shirane": [t for t in TABLES if t != "ct_office"]}
VENDORS = list(HELD)
OF = {"areas": AREAS, "tables": HELD}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 200, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 1000, 0.02, **OF)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("of", ["sound", "faulty"])
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true_faults_included(of, vendor, request):
    settled = request.getfixturevalue(of)
    report, tables = settled.converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []
    assert {n: differing(settled.town.truth[n], *made) for n, made in tables.items()} == {
        n: [] for n in HELD[vendor]
    }


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town import corporate_tax, vehicle

    assert faulty.broken(tmp_path) == faulty.answers
    planted = {f.rule for f in (*corporate_tax.FAULTS, *vehicle.FAULTS)}
    assert {rule for rule, _, _ in faulty.answers} == planted


def test_the_years_levies_are_what_returns_and_notices_ask_for(sound):
    levies = pl.concat(sound.town.levies)
    returns, notices = sound.town.truth["ct_return"], sound.town.truth["lv_levy"]
    second = returns.filter(pl.col("due_date") >= "2025-04-08")
    live = notices.filter(
        (pl.col("is_latest") == "1")
        & (pl.col("levy_kind") != "5")
        & pl.col("taxation_kind").is_in(["1", "3"])
    )
    by_subject = dict(levies.group_by("subject_code").agg(pl.col("levied").sum()).iter_rows())
    assert by_subject == {
        "05": second["payable"].sum(),
        "06": live["tax"].sum() - live["exemption"].sum(),
    }
    assert (
        levies.select("subject_code", "levy_year", "tax_year", "notice_no", "term")
        .is_unique()
        .all()
    )
    assert levies["levied"].min() > 0


def test_what_is_special_is_there(faulty):
    """Refunds, capital below nothing, second sheets, years without a month, plates without a class, late levies."""
    truth = faulty.town.truth
    assert set(truth["ct_return"]["return_kind"]) >= {"01", "02", "03", "04", "05", "06"}
    assert truth["ct_return"]["payable"].min() < 0
    assert truth["ct_taxpayer"]["capital_etc"].min() < 0
    assert set(truth["ct_taxpayer"]["corp_hist_no"]) == {1, 2}
    assert truth["ct_return"].group_by("corp_mgmt_no").len()["len"].max() > 4
    assert truth["ct_office"]["office_seq"].max() == 4
    assert set(truth["lv_vehicle"]["event_reason"]) >= {
        "01",
        "02",
        "03",
        "04",
        "11",
        "12",
        "13",
        "14",
    }
    assert truth["lv_vehicle"]["vehicle_hist_no"].max() == 3
    assert truth["lv_vehicle"]["user_atena_no"].count() > 0
    assert truth["lv_vehicle"]["first_inspect_ym"].drop_nulls().str.ends_with("-00").any()
    assert set(truth["lv_levy"]["levy_kind"]) == {"1", "3", "4", "5"}
    assert set(truth["lv_levy"]["taxation_kind"]) == {"1", "2", "3", "4"}
    assert set(truth["lv_levy"]["rate_kind"]) >= {"01", "02", "03"}
