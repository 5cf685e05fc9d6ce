"""A town of 1,000 residents from three old systems, through all areas: books, rules, totals, and the same rows."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from migrate import Options, run
from migrate.delivery import Terms, check
from migrate.totals.reconcile import reconcile

ROOT = Path(__file__).resolve().parents[1]
VENDORS = ("asama", "shirane", "kusatsu")
PROMISED = {
    "asama": {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19},
    "shirane": {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19},
    "kusatsu": {1, 7, 8, 12, 14},
}
WHOLE = {"asama": PROMISED["asama"], "shirane": {1, 3, 8, 11}, "kusatsu": set()}
"""Areas of which a vendor's files reach every table."""

pytestmark = pytest.mark.xdist_group("town")


def _module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


coverage = _module(ROOT / "tools/coverage.py")
bench = _module(ROOT / "benchmarks/town.py")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The town's legacy files, its answers and the old systems' own totals."""
    into = tmp_path_factory.mktemp("town")
    maker = [sys.executable, str(ROOT / "samples/make_town.py"), *coverage.TOWN, "--into", str(into)]
    subprocess.run(maker, check=True, capture_output=True)
    return into


@pytest.fixture(scope="module")
def converted(town, catalog):
    """By vendor: the folder with the standard files, and the report of the run."""
    options = Options(city="482013", as_of="20260401000000")
    return {
        vendor: (town / f"new_{vendor}", run(catalog.mappings(vendor), town / vendor, town / f"new_{vendor}", options))
        for vendor in VENDORS
    }


@pytest.fixture(scope="module")
def checked(town, catalog, converted):
    return {vendor: check(catalog, folder, Terms(into=town / f"check_{vendor}")) for vendor, (folder, _) in converted.items()}


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_promised_area_is_reached(converted, catalog, vendor):
    areas = {a.number: set(a.tables) for a in catalog.areas().values()}
    facts = json.loads((converted[vendor][0] / "run.json").read_text("utf-8"))
    filled = {name for name, table in facts["tables"].items() if table["rows"]}
    assert {n for n in PROMISED[vendor] if not areas[n] & filled} == set()
    assert {n: areas[n] - filled for n in WHOLE[vendor] if areas[n] - filled} == {}


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_books_balance_for_every_file_and_in_sum(converted, vendor):
    _, report = converted[vendor]
    assert report.exit_code in (0, 4)
    assert all(b.balance for b in report.books.values())
    total = Counter()
    for books in report.books.values():
        total.update(read=books.read, gone=books.written + books.rejected + books.merged + books.skipped.total())
    assert total["read"] == total["gone"] > 0
    assert (report.unclaimed, report.absent) == ((), ())


@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_of_the_town_is_refused(converted, vendor):
    _, report = converted[vendor]
    assert {key: n for key, n in report.issues.items() if key[3] == "error"} == {}
    assert report.rejects == 0


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_check_finds_every_planted_fault_and_nothing_else(town, converted, checked, vendor):
    answers = bench.planted_in(town, vendor)
    not_run = {r.rule for r in checked[vendor].rules if r.state == "not_run"}
    shown = bench.proof(converted[vendor][0], town / f"check_{vendor}/check-issues.csv", answers, not_run)
    assert shown.found - shown.planted == set()
    assert shown.planted - shown.found == set()
    assert len(shown.planted) >= 20


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_old_systems_own_totals_agree_to_the_yen_and_the_person(town, catalog, converted, vendor):
    found = reconcile(catalog, town / f"totals_{vendor}.csv", converted[vendor][0])
    assert [(v.table, v.measure, v.by, v.left, v.right) for v in found.lines if v.status != "same"] == []
    assert len(found.lines) > 20


def _rows(folder, table):
    (path,) = folder.glob(f"*_{table.id}_{table.name}_*0.csv")
    rows = pl.read_csv(path, infer_schema=False)
    rows.columns = list(table.by_name)
    return rows


@pytest.fixture(scope="module")
def sound(tmp_path_factory, catalog):
    """A town of 400 without faults: a fault in one register shows in what another file looked up there."""
    into = tmp_path_factory.mktemp("sound")
    maker = [sys.executable, str(ROOT / "samples/make_town.py"), "--residents", "400", "--seed", "2", "--into", str(into)]
    subprocess.run(maker, check=True, capture_output=True)
    options = Options(city="482013", as_of="20260401000000")
    for vendor in VENDORS:
        run(catalog.mappings(vendor), into / vendor, into / f"new_{vendor}", options)
    return into


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_sound_town_breaks_no_rule(sound, catalog, vendor):
    found = check(catalog, sound / f"new_{vendor}")
    assert [(r.rule, r.table, r.count) for r in found.rules if r.state == "broken"] == []
    assert found.findings == []


LATEST_ONLY = {("shirane", "juki_resident"), ("kusatsu", "juki_resident"), ("kusatsu", "juki_foreign")}
"""What a system keeps without its history."""


@pytest.mark.parametrize("other", ["shirane", "kusatsu"])
def test_two_systems_give_the_same_rows_wherever_both_hold_the_fact(sound, catalog, other):
    """Compared are the columns that both vendors' mappings make of fields, in every row."""
    made, compared = {}, 0
    for vendor in ("asama", other):
        for mapping in catalog.mappings(vendor):
            made.setdefault(mapping.table.name, {}).setdefault(vendor, set()).update(mapping.recipes)
    tables = {m.table.name: m.table for m in catalog.mappings(other)}
    for name, table in tables.items():
        both = sorted(made[name]["asama"] & made[name][other])
        left, right = (_rows(sound / f"new_{vendor}", table) for vendor in ("asama", other))
        if (other, name) in LATEST_ONLY:
            left = left.filter(is_latest="1")
        columns = list(dict.fromkeys([*table.keys, *both]))
        wanted, given = (rows.select(columns).sort(table.keys) for rows in (left, right))
        differ = [c for c in wanted.columns if not wanted[c].equals(given[c], null_equal=True)]
        assert (wanted.height, differ) == (given.height, []), name
        compared += wanted.height * len(both)
    assert compared > 10_000


def test_the_page_on_coverage_is_fresh(converted):
    facts = {v: json.loads((folder / "run.json").read_text("utf-8")) for v, (folder, _) in converted.items()}
    assert coverage.PAGE.read_text("utf-8") == coverage.page(facts), "stale: python tools/coverage.py"
