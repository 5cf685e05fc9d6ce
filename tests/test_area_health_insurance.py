"""国民健康保険 and 後期高齢者医療: what three vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import polars as pl
import pytest
from towns import ROOT, Settled, differing

from migrate import Catalog

BEFORE, AREAS = ["resident", "inhabitant_tax"], ["health_insurance", "elderly"]
NHI = ["nhi_household", "nhi_insured", "nhi_levy", "nhi_benefit"]
ELDERLY = ["el_insured", "el_income", "el_levy"]
TABLES = {
    "asama": NHI + ELDERLY,
    "kusatsu": NHI,
    "shirane": ["nhi_household", "nhi_insured", "el_insured"],
}
OF = {"areas": AREAS, "before": BEFORE, "tables": TABLES}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 300, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 1000, 0.02, **OF)


@pytest.mark.parametrize("vendor", TABLES)
@pytest.mark.parametrize("town", ["sound", "faulty"])
def test_what_a_vendor_wrote_of_the_town_becomes_what_is_true(town, vendor, request):
    settled = request.getfixturevalue(town)
    report, tables = settled.converted(vendor)
    assert dict(report.issues) == {}
    assert report.faults == []
    truth = settled.town.truth
    assert {n: differing(truth[n], *made) for n, made in tables.items()} == {
        n: [] for n in TABLES[vendor]
    }


@pytest.mark.parametrize("vendor", TABLES)
def test_only_the_merger_is_left_empty_where_a_vendor_has_the_whole_table(vendor):
    catalog = Catalog(ROOT)
    names = [
        n for n in catalog.mapping_names() if n.startswith((f"{vendor}/nhi_", f"{vendor}/el_"))
    ]
    filled = {}
    for mapping in map(catalog.mapping, names):
        filled.setdefault(mapping.table.name, set()).update(mapping.recipes, mapping.constants)
    columns = {n: {c.name for c in catalog.mapping(m).table.columns} for m in names
               for n in [catalog.mapping(m).table.name]}  # fmt: skip
    assert {n: columns[n] - filled[n] for n in filled} == {
        n: {"pre_merge_city_code"} for n in TABLES[vendor]
    }


def test_a_town_without_faults_breaks_no_rule(sound, tmp_path):
    assert sound.broken(tmp_path) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town.elderly import FAULTS as OF_ELDERLY
    from town.health_insurance import FAULTS

    assert faulty.broken(tmp_path) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {f.rule for f in FAULTS + OF_ELDERLY}


@pytest.mark.parametrize(("subject", "table"), [("07", "nhi_levy"), ("09", "el_levy")])
def test_the_years_levies_are_the_premiums_in_force(sound, subject, table):
    key = ["levy_year", "tax_year", "notice_no"]
    rows = sound.town.truth[table].filter(pl.col("is_latest") == "1")
    due = rows.group_by(key).agg(pl.col("annual").sum()).filter(pl.col("annual") > 0)
    levies = pl.concat(sound.town.levies).filter(pl.col("subject_code") == subject)
    assert levies.select(*key, "term").is_unique().all()
    levied = levies.group_by(key).agg(annual=pl.col("levied").sum())
    assert due.sort(key).equals(levied.sort(key))


def test_nobody_has_both_insurances_and_everybody_has_the_one_that_the_register_says(sound):
    truth, people = sound.town.truth, sound.town.people
    now = {
        table: set(rows.filter(pl.col("lost_date").is_null() & (pl.col("is_deleted") == "0"))["atena_no"])
        for table, rows in truth.items()
        if table in ("nhi_insured", "el_insured")
    }  # fmt: skip
    here = set(people.filter("current")["atena_no"])
    assert now["nhi_insured"] & now["el_insured"] == set()
    assert now["nhi_insured"] & here == set(people.filter("nhi")["atena_no"])
    assert now["el_insured"] & here == set(people.filter("late_elderly")["atena_no"])


def test_what_is_special_is_there(faulty):
    """Heads not insured, retirees, revoked periods, corrections, remissions, a year that was late, all ways to pay."""
    truth = faulty.town.truth
    assert set(truth["nhi_household"]["nhi_hh_hist_no"]) >= {1, 2}
    assert set(truth["nhi_household"]["pseudo_head"]) == {"0", "1"}
    assert set(truth["nhi_household"]["specified_hh"]) >= {"0", "1"}
    assert truth["nhi_insured"].group_by("nhi_symbol_no").len()["len"].max() > 6  # a second record
    assert set(truth["nhi_insured"]["is_deleted"]) == {"0", "1"}
    assert set(truth["nhi_insured"]["lose_reason"]) >= {"11", "12", "13", "15"}
    assert set(truth["nhi_levy"]["levy_part"]) == {"1", "2", "3"}
    assert set(truth["nhi_levy"]["tax_year"]) == {"2024", "2025"}
    assert set(truth["nhi_levy"]["reduction_kind"]) == {"0", "2", "5", "7"}
    assert set(truth["nhi_levy"]["collect_kind"]) == {"1", "2", "3"}
    assert truth["nhi_levy"]["exemption"].max() > 0
    assert set(truth["nhi_benefit"]["benefit_kind"]) >= {"01", "02", "04"}
    assert set(truth["el_insured"]["acquire_reason"]) >= {"01", "02", "03"}
    assert set(truth["el_levy"]["collect_kind"]) >= {"1", "2"}
    assert set(truth["el_income"]["income_hist_no"]) == {1, 2}
