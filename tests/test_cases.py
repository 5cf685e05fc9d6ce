"""Every nasty case of the sample gives just the issue that its list promises."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from migrate import Options, run
from migrate.catalog.notices import cited, notices

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"

CASES = list(csv.DictReader((ROOT / "samples/asama/cases.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def outcome(mappings, tmp_path_factory):
    into = tmp_path_factory.mktemp("cases")
    report = run(mappings, SAMPLE, into, Options())
    with (into / "issues.csv").open(encoding="utf-8", newline="") as file:
        return report, into, list(csv.DictReader(file))


def test_the_books_of_the_sample(outcome):
    report, _, _ = outcome
    books = {name: (b.read, b.written, b.rejected, b.skipped.total()) for name, b in report.books.items()}
    assert books == {"asama/resident": (1003, 972, 27, 4), "asama/resident_household": (1003, 397, 4, 602)}
    assert all(b.balance for b in report.books.values())
    assert report.exit_code == 4
    assert not report.faults


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_a_case_is_named_at_its_record(outcome, case):
    _, _, issues = outcome
    mine = [i for i in issues if i["record"] == case["record"]]
    if case["expected"] == "ok":
        assert [i for i in mine if i["severity"] == "error"] == []
        return
    wanted = cited(case["expected"], notices()[case["expected"]].severity)[2:]
    found = {(i["code"][2:], i["item"]) for i in mine}
    assert wanted in {code for code, _ in found}
    stride = 452
    assert all(int(i["byte"]) >= 0 for i in mine)
    if case["expected"] not in ("wrong_length", "unknown_record"):
        first = min(int(i["byte"]) for i in mine)
        assert first % stride < stride


def test_no_record_but_the_cases_has_an_issue(outcome):
    _, _, issues = outcome
    assert {i["record"] for i in issues} <= {c["record"] for c in CASES}


@pytest.mark.parametrize("case", [c for c in CASES if c["expected"] == "ok" and "=" in c["note"]], ids=lambda c: c["case"])
def test_an_ok_case_has_the_values_that_are_noted(outcome, mappings, case, records):
    import polars as pl

    _, into, _ = outcome
    table = mappings[0].table
    rows = pl.read_csv(next(into.glob("*_juki_resident_*0.csv")), infer_schema=False)
    rows.columns = list(table.by_name)
    extra = pl.read_csv(next(into.glob("*_juki_resident_*.extra.csv")), infer_schema=False)
    carried = list(mappings[0].carried)
    extra.columns = [*(f"key_{k}" for k in table.keys), *carried]
    number = records[int(case["record"]) - 1][1:11].decode()
    history = str(int(records[int(case["record"]) - 1][11:14]))
    together = pl.concat([rows, extra], how="horizontal").filter(
        atena_no=number.rjust(15, "0"), person_hist_no=history
    )
    assert together.height == 1
    for pair in case["note"].split(" "):
        name, _, value = pair.partition("=")
        if _ and name in together.columns:
            assert (together[name][0] or "") == value.replace("　", "　"), name


def test_rejects_fed_back_give_the_same_issues(outcome, mappings, tmp_path):
    _, into, issues = outcome
    again = run(mappings, into / "resident.rejects.dat", tmp_path, Options(part=True, city="482013", as_of="20260401000000"))
    with (into / "resident.rejects.csv").open(encoding="utf-8", newline="") as file:
        origin = {row["no"]: row["record"] for row in csv.DictReader(file)}
    with (tmp_path / "issues.csv").open(encoding="utf-8", newline="") as file:
        second = [(origin[i["record"]], i["code"], i["table"], i["item"], i["value"]) for i in csv.DictReader(file)]
    refused = set(origin.values())
    first = [(i["record"], i["code"], i["table"], i["item"], i["value"]) for i in issues if i["record"] in refused]
    lonely = cited("repeated_key")  # its twin is not among the rejects
    assert sorted(second) == sorted(i for i in first if i[1] != lonely)
    assert again.rejects == len(refused) - sum(i[1] == lonely for i in first)
    assert (tmp_path / "resident.rejects.rejects.dat").read_bytes() in (into / "resident.rejects.dat").read_bytes() or again.rejects < len(refused)
