"""介護保険: what three vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from migrate import Catalog, Options, run
from migrate.check.rules import ROW, Judge

ROOT = Path(__file__).resolve().parents[1]
AREAS = ["resident", "care"]
EVERY = ["ltci_insured", "ltci_certification", "ltci_levy", "ltci_reduction"]
TABLES = {"asama": EVERY, "kusatsu": EVERY, "shirane": EVERY[:2]}


@pytest.fixture(scope="module")
def shop():
    """samples/make_town.py, importable as it is when it runs."""
    sys.path.insert(0, str(ROOT / "samples"))
    try:
        import make_town

        yield make_town
    finally:
        sys.path.remove(str(ROOT / "samples"))


class Settled:
    """A town, its planted faults, and the folder with every vendor's files of it."""

    def __init__(self, shop, folder, residents, faults):
        from town.core import Town

        self.town = Town(residents)
        shop.settle(self.town, AREAS[:1])  # faults of the area alone
        self.town.faults = faults
        self.answers = shop.settle(self.town, AREAS[1:])
        self.folder = folder
        shop.write(self.town, folder, AREAS[1:])

    def converted(self, vendor):
        """The report, and of each table the mappings that fill it and its rows."""
        catalog = Catalog(ROOT)
        mappings = [
            catalog.mapping(n) for n in catalog.mapping_names() if n.startswith(f"{vendor}/ltci_")
        ]
        into = self.folder / "out" / vendor
        options = Options(formats=("parquet",), city="482013", as_of="20260401000000")
        report = run(mappings, self.folder / vendor, into, options)
        tables = {}
        for name in TABLES[vendor]:
            (file,) = into.glob(f"*_{name}_*.parquet")
            tables[name] = [m for m in mappings if m.table.name == name], pl.read_parquet(file)
        return report, tables


@pytest.fixture(scope="module")
def sound(shop, tmp_path_factory):
    return Settled(shop, tmp_path_factory.mktemp("sound"), 200, 0.0)


@pytest.fixture(scope="module")
def faulty(shop, tmp_path_factory):
    return Settled(shop, tmp_path_factory.mktemp("faulty"), 600, 0.02)


def differing(truth, mappings, found):
    """The columns that a mapping fills and that are not what is true."""
    filled = {c for m in mappings for c in (*m.recipes, *m.constants)}
    keys = mappings[0].table.keys
    truth, found = truth.sort(keys), found.sort(keys)
    assert truth.height == found.height > 0
    return [
        c
        for c in truth.columns
        if c in filled and not truth[c].equals(found[c].cast(truth.schema[c]))
    ]


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
    assert broken(sound.town, tmp_path) == []


def test_each_planted_fault_is_found_and_nothing_else(faulty, tmp_path):
    from town.care import FAULTS

    assert broken(faulty.town, tmp_path) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {fault.rule for fault in FAULTS}


def broken(town, folder):
    """Rule, table and key of every row of this area that breaks a rule, in order."""
    book = Catalog(ROOT).rules()
    files = {}
    for name, rows in town.truth.items():
        path = folder / f"{name}.parquet"
        rows.with_row_index(ROW, offset=1).write_parquet(path)
        files[name] = [path]
    found = []
    with Judge(book, files, date(2026, 4, 1)) as judge:
        for verdict in judge.verdicts():
            if verdict.state == "broken" and verdict.rule.table in EVERY:
                keys = [k for k in book.tables[verdict.rule.table].keys if k != "city_code"]
                spelt = pl.concat_str(pl.col(keys).cast(pl.String), separator=" ")
                for rows in verdict.found:
                    found += [
                        (verdict.rule.id, verdict.rule.table, key)
                        for key in rows.select(spelt).to_series()
                    ]
    return sorted(found)


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
