"""Rows of Japan Post in records of hosts, encoded by jef4j and by Java: every value of every record.

The records have 200 bytes: texts of one byte a character, digits, kana, two-byte text without shift codes, mixed text
with them, a packed, a zoned and a binary number.
"""

from __future__ import annotations

import re

import pytest
from hosts import layout, read, record

RECORD = """code,市区町村コード,1,5,text
zip,郵便番号,6,7,digits
kana,町域名カナ,13,50,kana
city,市区町村名,63,40,wide
town,町域名,103,60,text
packed,値,163,5,packed
zoned,値,168,8,zoned
binary,値,176,4,binary
rest,予備,180,21,filler"""
SELECTORS = re.compile("[\U000e0100-\U000e01ef]")
NAMES = ("code", "zip", "kana", "city", "town", "packed", "zoned", "binary")


def compared(realdata, tmp_path, file, **facts):
    """What differs (record, field, ours, theirs), how many values are equal, and the issues."""
    folder = realdata / "mainframe_encoded"
    made = layout(tmp_path, record(tmp_path, "r", RECORD), **facts)
    found = read(tmp_path, (folder / f"{file}.dat").read_bytes(), made, 700)
    names, *said = [line.split("\t") for line in (folder / f"{file}.expected.tsv").read_text("utf-8").split("\n")[:-1]]
    assert tuple(names) == NAMES
    assert made.record_bytes == 200
    assert len(said) == len(found.rows["r"]) == 2000
    different, equal = [], 0
    for (number, *ours), theirs in zip(found.rows["r"], said, strict=True):
        for name, mine, other in zip(NAMES, ours, theirs, strict=True):
            if ("" if mine is None else str(mine)) == other:
                equal += 1
            else:
                different.append((number, name, mine, other))
    return different, equal, found.issues


@pytest.mark.parametrize(
    ("file", "encoding", "characters"),
    [("ibm_cp930", "ibm930", "microsoft"), ("nec_jipsj_jis8", "jipsj-jis8", "jis")],
)
def test_every_value_is_the_one_that_was_written(realdata, tmp_path, file, encoding, characters):
    different, equal, issues = compared(realdata, tmp_path, file, encoding=encoding, characters=characters)
    assert (different, equal, issues) == ([], 16_000, [])


def test_of_jef_only_five_values_of_the_extension_are_refused(realdata, tmp_path):
    different, equal, issues = compared(realdata, tmp_path, "fujitsu_jef_ebcdik", encoding="jef-ebcdik")
    assert equal == 15_995
    assert {(number, name) for number, name, mine, _ in different if mine is None} == {(n, f) for n, _, f, _ in issues}
    assert len(different) == len(issues) == 5
    assert {code for *_, code in issues} == {"undecodable"}
    assert sorted(c for *_, theirs in different for c in theirs if c in "箪騨") == sorted("箪騨騨騨騨")


def test_with_the_users_table_every_value_of_jef_is_the_one_that_was_written(realdata, tmp_path):
    table = realdata / "jef4j_tables/fujitsu_jef_mapping.json"
    different, equal, issues = compared(realdata, tmp_path, "fujitsu_jef_ebcdik", encoding="jef-ebcdik", table=str(table))
    plain = [(number, name) for number, name, mine, theirs in different if SELECTORS.sub("", mine) != theirs]
    assert (plain, issues) == ([], [])
    assert (len(different), equal) == (2069, 13_931)  # the table names the glyph, too: nothing but selectors differs
