"""障害者福祉: what the vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from migrate import Catalog, Options, run
from migrate.check.rules import ROW, Judge

ROOT = Path(__file__).resolve().parents[1]
REGISTERS = ["resident", "foreigner", "event", "restriction", "nonresident"]
TABLES = {
    "asama": ["dis_handbook", "dis_medical_allowance", "dis_support"],
    "shirane": ["dis_handbook"],
}
MINE = TABLES["asama"]


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
        shop.settle(self.town, REGISTERS)  # without faults: one would show in what is looked up there
        self.town.faults = faults
        self.answers = shop.settle(self.town, ["disability"])
        self.folder = folder
        shop.write(self.town, folder, ["resident", "disability"])

    def converted(self, vendor):
        """The report, and of each table the mappings that fill it and its rows."""
        catalog = Catalog(ROOT)
        names = [n for n in catalog.mapping_names() if n.startswith(f"{vendor}/dis_")]
        mappings = [catalog.mapping(n) for n in names]
        into = self.folder / "out" / vendor
        options = Options(formats=("parquet",), city="482013", as_of="20260401000000")
        report = run(mappings, self.folder / vendor, into, options)
        tables = {}
        for name in TABLES[vendor]:
            (file,) = into.glob(f"*_{name}_*.parquet")
            tables[name] = [m for m in mappings if m.table.name == name], pl.read_parquet(file)
        return report, tables

    def broken(self, folder):
        """Rule, table and key of every row of this area that breaks a rule, in order."""
        book = Catalog(ROOT).rules()
        files = {}
        for name, rows in self.town.truth.items():
            path = folder / f"{name}.parquet"
            rows.with_row_index(ROW, offset=1).write_parquet(path)
            files[name] = [path]
        found = []
        with Judge(book, files, date(2026, 4, 1)) as judge:
            for verdict in judge.verdicts():
                if verdict.state == "broken" and verdict.rule.table in MINE:
                    keys = [k for k in book.tables[verdict.rule.table].keys if k != "city_code"]
                    spelt = pl.concat_str(pl.col(keys).cast(pl.String), separator=" ")
                    for rows in verdict.found:
                        said = rows.select(spelt).to_series()
                        found += [(verdict.rule.id, verdict.rule.table, key) for key in said]
        return sorted(found)


@pytest.fixture(scope="module")
def sound(shop, tmp_path_factory):
    return Settled(shop, tmp_path_factory.mktemp("sound"), 300, 0.0)


@pytest.fixture(scope="module")
def faulty(shop, tmp_path_factory):
    return Settled(shop, tmp_path_factory.mktemp("faulty"), 2000, 0.02)


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
