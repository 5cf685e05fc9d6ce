"""The surnames that everybody asks about, by the public maps as jntajis-python 0.1.0 holds them."""

import csv
import json

import pytest

from migrate.catalog import Catalog
from migrate.catalog.shrinks import NTA, codes
from migrate.convert.characters import Characters, repertoire

BASES = {
    "MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE": "戸籍通達",
    "MOJ_NOTICE_582": "告示582",
    "JIS_INCORPORATION_UCS_UNIFICATION_RULE": "JIS包摂",
    "INFERENCE_BY_READING_AND_GLYPH": "類推",
}


@pytest.fixture(scope="module")
def tables(realdata):
    return json.loads((realdata / "mj_tables/mj_from_jntajis.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def maps(tables, tmp_path_factory):
    """MJ縮退マップ and 国税庁's JIS縮退マップ, each as a CSV of ours."""
    folder, found = tmp_path_factory.mktemp("maps"), {}
    pairs = {
        "mj": [(one, to, BASES[b]) for b, listed in tables["mj"].items() for one, made in listed.items() for to in made],
        "nta": [(one, to, NTA) for one, to in tables["jnta"].items() if to != "\ufffd"],
    }
    for name, rows in pairs.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["from", "to", "basis"])
            out.writerows([codes(one), codes(to), basis] for one, to, basis in rows if to not in ("", one))
        found[name] = Catalog(folder).shrinks([str(folder / f"{name}.csv")])
    return found


@pytest.mark.parametrize(
    ("character", "mj", "nta"),
    [
        ("髙", "高", None),  # 国税庁's map knows JIS X 0213 only, and 髙 is not in it
        ("﨑", "崎", "崎"),
        ("栁", "柳", "柳"),
        ("濵", "浜", "濱"),  # the two disagree: which map is used is the city's decision
        ("德", "徳", "徳"),
        ("𠮷", "吉", None),
        ("\ufa19", "神", "神"),
        ("邉", "邉", "邉"),  # in JIS X 0208: nothing is asked
    ],
)
def test_a_surname_in_jis_x_0208(maps, catalog, character, mj, nta):
    table = catalog.table("01_resident_register/juki_resident")
    for name, expected in (("mj", mj), ("nta", nta)):
        assert Characters(table, "jisx0208", maps[name]).settled(character).text == expected


def test_a_character_with_several_candidates_is_for_a_person(maps):
    assert maps["mj"].candidates("邉") == {"戸籍通達": ("辺", "邊")}


def test_no_character_becomes_one_outside_the_set(maps, catalog, tables):
    table = catalog.table("01_resident_register/juki_resident")
    everything = {one for listed in tables["mj"].values() for one in listed}
    for policy in ("jisx0208", "jisx0213"):
        one = Characters(table, policy, maps["mj"])
        made = [text for c in everything if (text := one.settled(c).text) is not None]
        assert len(made) > 10_000
        assert all(map(repertoire(policy).holds, made))


def test_the_package_gives_what_its_table_gives(maps, catalog):
    pytest.importorskip("jntajis")
    installed = catalog.shrinks(["jntajis"])
    for character in "髙﨑邉栁濵德𠮷\ufa19高":
        assert installed.candidates(character) == maps["mj"].candidates(character)
    assert catalog.shrinks(["jntajis-nta"]).candidates("濵") == {NTA: ("濱",)}
