"""児童手当: what the vendors wrote of one town becomes what is true of it, and breaks the rules it should."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from towns import Settled, differing

REGISTERS = ["resident", "foreigner", "event", "restriction", "nonresident"]
TABLES = {
    "asama": ["ca_recipient", "ca_child", "ca_payment"],
    "shirane": ["ca_recipient", "ca_child"],
}
MINE = TABLES["asama"]
OF = {"areas": ["child"], "before": REGISTERS, "tables": TABLES, "written": ["resident", "child"]}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("sound"), 200, 0.0, **OF)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    return Settled(tmp_path_factory.mktemp("faulty"), 1000, 0.02, **OF)


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
    from town.child import FAULTS

    assert faulty.broken(tmp_path) == faulty.answers
    assert {rule for rule, _, _ in faulty.answers} == {fault.rule for fault in FAULTS}


@pytest.mark.parametrize(
    ("born", "since", "month", "kind", "yen"),
    [
        ("2022-04-01", 2024, "2025-03", "1", 15_000),  # three on 31 March
        ("2022-04-01", 2024, "2025-04", "2", 10_000),
        ("2022-04-02", 2024, "2025-04", "1", 15_000),
        ("2013-04-01", 2024, "2025-04", "3", 10_000),  # in school a year earlier than who is born a day later
        ("2013-04-02", 2024, "2025-04", "2", 10_000),
        ("2009-04-01", 2024, "2024-09", "4", 0),  # before the reform until 15
        ("2009-04-01", 2024, "2024-10", "4", 10_000),
        ("2007-04-01", 2024, "2025-03", "4", 10_000),
        ("2007-04-01", 2024, "2025-04", "5", 0),
    ],
)
def test_a_month_pays_what_the_law_says(born, since, month, kind, yen):
    from town import child_law as law

    year, number = map(int, month.split("-"))
    asked = pl.DataFrame({"recipient": [0], "month": [law.number(year, number)]})
    bond = pl.DataFrame({"recipient": [0], "born": [date.fromisoformat(born)], "since": [law.number(since, 1)], "until": [None], "rich": [False]})
    row = law.paid(bond.with_columns(pl.col("until").cast(pl.Int64)), asked).row(0, named=True)
    assert (row["kind"], row["yen"]) == (kind, yen)


def test_the_third_child_brings_more_as_long_as_the_first_one_counts():
    from town import child_law as law

    born = [date(2004, 6, 1), date(2012, 6, 1), date(2018, 6, 1)]
    bonds = pl.DataFrame({
        "recipient": [0, 0, 0], "born": born, "since": [law.number(2018, 7)] * 3,
        "until": [law.number(2027, 3), None, None], "rich": [False] * 3,
    })  # fmt: skip
    asked = pl.DataFrame({"recipient": [0, 0, 0], "month": [law.number(2024, 9), law.number(2027, 3), law.number(2027, 4)]})
    paid = law.paid(bonds, asked).group_by("month", maintain_order=True).agg(pl.col("yen"))
    assert paid["yen"].to_list() == [[0, 10_000, 15_000], [0, 10_000, 30_000], [10_000, 10_000]]


def test_what_is_special_is_there(faulty):
    """Families who left, homes, changes of recipient, students, money held back and paid back."""
    truth = faulty.town.truth
    recipients, children, paid = (truth[t] for t in MINE)
    assert set(recipients["end_reason"].drop_nulls()) >= {"11", "12", "13", "16"}
    assert set(recipients["ca_kind"]) == {"1", "2", "3"}
    assert recipients["hold_kind"].is_not_null().any()
    assert set(children["child_kind"]) == {"1", "2", "3", "4", "5"}
    assert children["monthly"].max() == 30_000
    assert set(paid["status"]) >= {"1", "4"}
    assert paid["amount"].min() < 0
    assert paid["deducted"].is_not_null().any() and paid["overpaid"].is_not_null().any()


def test_no_child_is_paid_for_twice_in_a_month(sound):
    live = sound.town.truth["ca_child"].filter(pl.col("to_ym").is_null() & (pl.col("monthly") > 0))
    assert live["child_atena_no"].is_unique().all()
