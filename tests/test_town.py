"""The town: what is written and converted again is what is true."""

from __future__ import annotations

import doctest
import importlib
import sys
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from migrate import Catalog, Options, run
from migrate.frames import RECORD
from migrate.read import Reader

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


@pytest.fixture(scope="module")
def shop():
    """samples/make_town.py, importable as it is when it runs."""
    sys.path.insert(0, str(SAMPLES))
    try:
        import make_town

        yield make_town
    finally:
        sys.path.remove(str(SAMPLES))


@pytest.fixture(scope="module")
def town(shop):
    from town.core import Town

    found = Town(200)
    shop.settle(found, ["resident"])
    return found


def converted(shop, town, mappings, folder, **options):
    """The rows of each table that the vendor's resident file becomes, and the report."""
    (path,) = (p for p in shop.write(town, folder, ["resident"]) if p.parent.name == "asama")
    report = run(mappings, path, folder / "out", Options(formats=("parquet",), **options))
    tables = {}
    for mapping in mappings:
        (file,) = (folder / "out").glob(f"*_{mapping.table.name}_*.parquet")
        tables[mapping.table.name] = pl.read_parquet(file)
    return tables, report


def same(town, mappings, tables):
    """Every column that a mapping fills is what is true, row by row."""
    for mapping in mappings:
        table = mapping.table
        filled = [c.name for c in table.columns if c.name not in mapping.left_empty]
        keys = [k for k in table.keys if k in filled]
        truth = town.truth[table.name].select(filled).sort(keys)
        found = tables[table.name].select(filled).sort(keys)
        wrong = [c for c in filled if not truth[c].equals(found[c].cast(truth.schema[c]))]
        assert truth.height == found.height
        assert wrong == []


def test_the_asama_file_of_the_town_comes_back_as_the_truth(shop, town, mappings, tmp_path):
    tables, report = converted(shop, town, mappings, tmp_path)
    assert dict(report.issues) == {}
    assert report.faults == []
    same(town, mappings, tables)


def test_planted_faults_come_through_and_are_listed(shop, mappings, tmp_path):
    from town.core import Town

    wrong = Town(600, seed=3, faults=0.02)
    answers = shop.settle(wrong, ["resident"])
    tables, report = converted(shop, wrong, mappings, tmp_path)
    assert dict(report.issues) == {}
    same(wrong, mappings, tables)
    keys = {
        "juki_resident": ["atena_no", "person_hist_no", "person_hist_sub"],
        "juki_household": ["household_no", "household_hist_no"],
    }
    for rule, broken in broken_rules(tables).items():
        table = "juki_household" if rule in ("R009", "R010", "R011") else "juki_resident"
        key = pl.concat_str(pl.col(keys[table]).cast(pl.String), separator=" ")
        found = broken.select(key).to_series().to_list()
        assert sorted(found) == [k for r, t, k in answers if (r, t) == (rule, table)], rule
    assert {rule for rule, _, _ in answers} <= set(broken_rules(tables))


def test_a_town_without_faults_breaks_no_rule(town):
    assert {r: f.height for r, f in broken_rules(town.truth).items() if f.height} == {}


PARTS = {
    "fixed": """
title = "t"
source = "架空"
format = "fixed"
encoding = "cp932"
newline = "lf"
record_bytes = 40
[[record]]
name = "header"
kind = "header"
tag = [{ at = 1, is = ["1"] }]
[[record]]
name = "parent"
tag = [{ at = 1, is = ["2"] }]
[[record]]
name = "child"
tag = [{ at = 1, is = ["3"] }]
[[record]]
name = "trailer"
kind = "trailer"
tag = [{ at = 1, is = ["9"] }]
declares = [{ field = "count", counts = ["parent", "child"] }, { field = "total", sums = "child packed" }]
""",
    "csv": """
title = "t"
source = "架空"
format = "csv"
encoding = "cp932"
newline = "crlf"
header_lines = 1
[[record]]
name = "row"
""",
}
HEAD = "name,label,start,bytes,type,scale,group,times,sensitive,note\n"
FIELDS = {
    "header": "tag,区分,1,1,digits,,,,,\nrest,予備,2,39,filler,,,,,\n",
    "parent": "tag,区分,1,1,digits,,,,,\nname,名,2,10,wide,,,,,\nkana,カナ,12,6,kana,,,,,\nn,数,18,4,binary,,,,,\nz,数,22,5,zoned,,,,,\nrest,予備,27,14,filler,,,,,\n",
    "child": "tag,区分,1,1,digits,,,,,\na,甲,2,2,digits,,g,3,,\nb,乙,,3,zoned,,g,3,,\npacked,額,17,4,packed,,,,,\nrest,予備,21,20,filler,,,,,\n",
    "trailer": "tag,区分,1,1,digits,,,,,\ncount,件数,2,5,zoned,,,,,\ntotal,合計,7,8,zoned,,,,,\nrest,予備,15,26,filler,,,,,\n",
    "row": "no,番号,1,5,digits,,,,,\nname,氏名,2,,text,,,,,\nsum,金額,3,,number,,,,,\nmemo,備考,4,,text,,,,,\n",
}


@pytest.fixture
def books(shop, tmp_path, monkeypatch):
    """Two made-up layouts, one of each format."""
    from town import legacy

    for name, records in (("fixed", ["header", "parent", "child", "trailer"]), ("csv", ["row"])):
        folder = tmp_path / "layouts/legacy/v" / name
        folder.mkdir(parents=True)
        (folder / "layout.toml").write_text(PARTS[name], "utf-8")
        for record in records:
            (folder / f"{record}.csv").write_text(HEAD + FIELDS[record], "utf-8")
    monkeypatch.setattr(legacy, "ROOT", tmp_path / "layouts/legacy")
    return legacy, tmp_path


def reread(root, layout, pieces):
    path = root / "file"
    path.write_bytes(b"".join(pieces))
    (read,) = Reader(Catalog(root).layout(layout)).batches(path)
    assert read.issues.height == 0
    assert read.faults.height == 0
    return read.frames


def test_records_of_several_types_are_interleaved_and_their_trailer_adds_them_up(books):
    legacy, root = books
    parent = pl.DataFrame(
        {
            "name": ["髙﨑", None],
            "kana": ["ﾀｶｻﾞｷ", ""],
            "n": [-5, None],
            "z": [-12, 7],
            "_order": [0, 3],
        }
    )
    child = pl.DataFrame(
        {
            "a_1": [1, 2],
            "b_1": [-1, None],
            "b_3": [100, 999],
            "packed": [-4321, 1234567],
            "_order": [1, 4],
        }
    )
    pieces = legacy.written(
        "v/fixed", [("header", None), ("parent", parent), ("child", child), ("trailer", None)]
    )
    frames = reread(root, "v/fixed", pieces)
    assert frames["parent"][RECORD].to_list() == [2, 4]
    assert frames["parent"].select("name", "kana", "n", "z").rows() == [
        ("髙﨑", "ﾀｶｻﾞｷ", -5, -12),
        (None, None, 0, 7),
    ]
    assert frames["child"].select("a_1", "b_1", "a_2", "b_3", "packed").rows() == [
        ("01", -1, None, 100, -4321), ("02", None, None, 999, 1234567),
    ]  # fmt: skip
    assert frames["trailer"].select("count", "total").rows() == [(4, 1234567 - 4321)]


def test_csv_is_quoted_where_it_must_be(books):
    legacy, root = books
    rows = pl.DataFrame(
        {
            "no": ["1", "23"],
            "name": ['髙 "山", 太郎', None],
            "sum": ["1,234", "-5"],
            "memo": ["a\r\nb", "能"],
        }
    )
    frame = reread(root, "v/csv", legacy.written("v/csv", [("row", rows)]))["row"]
    assert frame.select("no", "name", "sum", "memo").rows() == [
        ("1", '髙 "山", 太郎', 1234, "a\r\nb"),
        ("23", None, -5, "能"),
    ]


@pytest.mark.parametrize(
    ("record", "values"),
    [("parent", {"name": "能能能能能能"}), ("parent", {"name": "能a"}), ("parent", {"z": 100000}), ("parent", {"n": 2**31}),
     ("parent", {"name": "𠮷"}), ("parent", {"nome": "能"}), ("child", {"packed": 10**7}), ("stranger", {"name": "能"})],
)  # fmt: skip
def test_what_does_not_fit_is_refused(books, record, values):
    legacy, _ = books
    with pytest.raises(ValueError):
        list(
            legacy.written("v/fixed", [(record, pl.DataFrame({k: [v] for k, v in values.items()}))])
        )


def test_as_many_residents_as_asked_for_and_the_same_again(shop):
    from town.core import Town

    for residents in (30, 1001):
        town, again = Town(residents, seed=7), Town(residents, seed=7)
        assert town.people["current"].sum() == residents
        assert town.people.equals(again.people)
        assert town.companies.equals(again.companies)
        assert town.outsiders.equals(again.outsiders)


def test_people_are_of_one_piece(shop):
    from town.core import Town

    town = Town(5000)
    here = town.people.filter("current")
    age, work = pl.col("age"), pl.col("work")
    assert (
        here.filter(
            pl.col("nhi") & (pl.col("late_elderly") | (age >= 75) | (work == "employee"))
        ).height
        == 0
    )
    assert here.filter((age >= 75) & ~pl.col("late_elderly")).height == 0
    assert here.filter((age >= 65) & ~pl.col("ltci")).height == 0
    assert here.filter(pl.col("np") != (age.is_between(20, 59) & (work != "employee"))).height == 0
    assert here.filter(age < 16)["income"].sum() == 0
    assert 0.02 < here["foreign"].mean() < 0.07
    assert town.households["mixed"].any()
    assert here["age"].max() > 95
    child = here.filter(pl.col("guardian").is_not_null())
    guards = town.people[child["guardian"]]
    assert guards["current"].all() and guards["ca_recipient"].all()
    assert (guards["household"] == child["household"]).all()
    assert (guards["born"] < child["born"]).all()
    assert (
        town.people.filter(
            ~pl.col("current") & pl.any_horizontal("nhi", "np", "ltci", "voter", "protected")
        ).height
        == 0
    )


def test_taken_rows_are_of_different_households(shop):
    from town.core import Town

    town = Town(300, faults=0.01)
    shop.settle(town, ["resident"])
    rows = [
        town.take("juki_resident", 20),
        town.take("juki_household", 20),
        town.take("juki_resident", 20),
    ]
    homes = pl.concat([r["household_no"] for r in rows])
    assert homes.n_unique() == 60


@pytest.mark.parametrize("name", ["spell", "days", "columns", "businesses", "register"])
def test_examples_in_the_town_run(shop, name):
    found = doctest.testmod(importlib.import_module(f"town.{name}"))
    assert found.attempted and not found.failed


def broken_rules(tables):
    """The rows that break the rules of 0101 and 0102 which a legacy file can carry."""
    people, homes = tables["juki_resident"], tables["juki_household"]
    latest = people.filter(pl.col("is_latest") == "1")
    here = latest.filter(pl.col("resident_status") == "1")
    newest = pl.col("person_hist_no") == pl.col("person_hist_no").max().over("atena_no")
    counted = here.group_by("household_no").len()
    homes = homes.join(counted, on="household_no", how="left")
    heads = here.filter(pl.col("rel_code1") == "02").group_by("household_no").len("heads")
    standing = homes.filter(pl.col("closed").is_null()).join(heads, on="household_no", how="left")
    member = homes.join(
        latest, left_on="head_atena_no", right_on="atena_no", how="left", suffix="_p"
    )
    eras = [
        ("01", "1868"),
        ("02", "1912"),
        ("03", "1926"),
        ("04", "1989"),
        ("05", "2019"),
        ("06", "9999"),
    ]
    span = {c: (low, high) for (c, low), (_, high) in pairwise(eras)}
    low, high = (
        pl.col("birth_era").replace_strict({c: s[i] for c, s in span.items()}, default=None)
        for i in (0, 1)
    )
    year = pl.col("birth_date").str.slice(0, 4)
    known = (pl.col("birth_date_unk") == "0") & (pl.col("event_date_unk") == "0")
    rel = [pl.col(f"rel_code{i}").is_not_null() for i in range(1, 5)]
    jumin = pl.col("jumin_code")
    return {
        "R006": people.filter((pl.col("is_latest") == "1") & ~newest),
        "R007": people.filter(pl.col("person_hist_no") != pl.col("person_hist_no").cum_count().over("atena_no", order_by="person_hist_no")),
        "R008": here.join(homes, on="household_no", how="anti"),
        "R009": standing.filter(pl.col("heads") > 1),
        "R010": member.filter(pl.col("household_no") != pl.col("household_no_p").fill_null("")),
        "R011": homes.filter(pl.col("member_count") != pl.col("len").fill_null(0)),
        "R013": here.filter(jumin.is_null() | (jumin.is_not_null() & (jumin.count().over(jumin) > 1))),
        "R016": people.filter(known & (pl.col("birth_date") > pl.col("event_date")) | (pl.col("birth_date") > "2026-03-31")),
        "R017": people.filter(pl.col("birth_era").is_not_null() & ~year.is_between(low, high)),
        "R020": people.filter((pl.col("rel_code1") == "02") & (pl.col("head_name") != pl.col("name"))),
        "R021": people.filter(pl.any_horizontal([b & ~a for a, b in pairwise(rel)])),
        "R022": people.filter(pl.col("removal_date").is_not_null() & ((pl.col("resident_status") == "1") | pl.col("removal_reason").is_null())),
    }  # fmt: skip
