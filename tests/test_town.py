"""The town: what is written and converted again is what is true."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

from migrate import Options, run

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
    member = homes.join(latest, left_on="head_atena_no", right_on="atena_no", how="left", suffix="_p")
    eras = [("01", "1868"), ("02", "1912"), ("03", "1926"), ("04", "1989"), ("05", "2019"), ("06", "9999")]
    span = {c: (low, high) for (c, low), (_, high) in zip(eras, eras[1:], strict=False)}
    low, high = (pl.col("birth_era").replace_strict({c: s[i] for c, s in span.items()}, default=None) for i in (0, 1))
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
        "R021": people.filter(pl.any_horizontal([b & ~a for a, b in zip(rel, rel[1:], strict=False)])),
        "R022": people.filter(pl.col("removal_date").is_not_null() & ((pl.col("resident_status") == "1") | pl.col("removal_reason").is_null())),
    }  # fmt: skip
