"""Every encoding as tables: what its bytes mean, what it refuses, and the way back."""

from __future__ import annotations

import importlib.util
import json
import sys
import unicodedata
from pathlib import Path

import pytest

from migrate.errors import KnowledgeError
from migrate.model import Layout
from migrate.read.encodings import ENCODINGS, SHIFT, SINGLE, TRIPLE, TooLongError, encoding_of
from migrate.read.tables import hosts, stored
from migrate.read.tables.coding import in_order, text_of

ROOT = Path(__file__).resolve().parents[1]
NO = "\ufffd"
EVERY = [(name, characters) for name in ENCODINGS for characters in ("microsoft", "jis")]
ONE_WAY = {  # codes that `encode` never writes, because another code means the same: (microsoft, jis)
    "cp932": (398, 398),  # row 13 and IBM's extension twice: 8790.., ED40-EEFC
    "ibm943": (398, 398),
    "eucjp-ms": (24, 23),  # row 13 and IBM's extension beside JIS X 0208 and 0212
    "iso-2022-jp": (385, 93),  # Roman beside ASCII; rows 13 and 89-92 beside JIS X 0208 and 0212
    "ibm1390": (1, 1),  # 42E1 beside E1, the euro
    "ibm1399": (1, 1),
    "jef-ebcdic": (1, 2),  # A1A1 beside 4040; and A1F2 beside 4A, the pound sign
    "jef-ebcdik": (1, 2),
    "jef-ascii": (1, 1),
    "keis78-ebcdic": (1, 1),
    "keis78-ebcdik": (1, 1),
    "keis83-ebcdic": (1, 1),
    "keis83-ebcdik": (1, 1),
}


@pytest.mark.parametrize(
    ("row", "name", "characters", "data", "text"),
    [
        ("A001", "cp932", "microsoft", "41 B1 DE", "Aｱﾞ"),
        ("A002", "cp932", "microsoft", "5C", "\\"),
        ("A003", "shift_jis-2004", "jis", "5C", "¥"),
        ("A004", "cp932", "microsoft", "7E", "~"),
        ("A005", "shift_jis-2004", "jis", "7E", "‾"),
        ("A006 (refused here, where Python passes it)", "cp932", "microsoft", "80", NO),
        ("A007 (refused)", "cp932", "microsoft", "A0", NO),
        ("A008 (refused)", "cp932", "microsoft", "FD FE", NO * 2),
        ("A009 (refused)", "cp932", "microsoft", "FF", NO),
        ("A012 (refused: control characters)", "cp932", "microsoft", "00 00 41", NO * 2 + "A"),
        ("A013 (refused: control characters)", "cp932", "microsoft", "1A", NO),
        ("A014", "cp932", "microsoft", "95 5C", "表"),
        ("A015", "cp932", "microsoft", "83 7C", "ポ"),
        ("A016", "cp932", "microsoft", "83 5B", "ゼ"),
        ("A017", "cp932", "microsoft", "81 40 81 40", "\u3000\u3000"),
        ("A018", "cp932", "microsoft", "20 20 81 40", "  \u3000"),
        ("A019", "cp932", "microsoft", "81 60", "\uff5e"),
        ("A020", "cp932", "jis", "81 60", "\u301c"),
        ("A021", "cp932", "microsoft", "81 7C", "\uff0d"),
        ("A022", "cp932", "jis", "81 7C", "\u2212"),
        ("A023", "cp932", "microsoft", "81 61", "\u2225"),
        ("A024", "cp932", "microsoft", "81 91 81 92 81 CA", "\uffe0\uffe1\uffe2"),
        ("A025", "cp932", "jis", "81 91 81 92 81 CA", "\xa2\xa3\xac"),
        ("A026", "cp932", "microsoft", "81 5C", "\u2015"),
        ("A027", "cp932", "microsoft", "87 40 87 54 87 8A", "①Ⅰ㈱"),
        ("A029", "cp932", "microsoft", "ED 40", "纊"),
        ("A030", "cp932", "microsoft", "FA 5C", "纊"),
        ("A033", "cp932", "microsoft", "FB FC", "髙"),
        ("A034", "cp932", "microsoft", "FA B1", "\ufa11"),
        ("A035", "cp932", "microsoft", "F0 40", "\ue000"),
        ("A036", "cp932", "microsoft", "F0 7E F0 80", "\ue03e\ue03f"),
        ("A037", "cp932", "microsoft", "F1 40", "\ue0bc"),
        ("A038", "cp932", "microsoft", "F9 FC", "\ue757"),
        ("A039", "shift_jis-2004", "jis", "F0 40", "\U00020089"),
        ("A040", "shift_jis-2004", "jis", "ED 40", "\u7843"),
        ("A041", "shift_jis-2004", "jis", "82 F5", "\u304b\u309a"),
        ("A042", "shift_jis-2004", "jis", "87 A0", "\U0002000b"),
        ("A043", "cp932", "microsoft", "87 A0", NO * 2),
        ("A044", "shift_jis-2004", "jis", "EA A5", "噓"),
        ("A044 (refused)", "cp932", "microsoft", "EA A5", NO + "･"),
        ("A046 A047", "cp932", "microsoft", "41 95", "A" + NO),
        ("A049", "cp932", "microsoft", "5C 41", "\\A"),
        ("A050", "cp932", "microsoft", "95 20", NO + " "),
        ("A051", "cp932", "microsoft", "F0 7F", NO * 2),
        ("A052", "cp932", "microsoft", "FC 4C", NO + "L"),
        ("A053", "cp932", "microsoft", "EF 40", NO + "@"),
        ("A054", "eucjp-ms", "jis", "A1 C1", "\u301c"),
        ("A055", "eucjp-ms", "jis", "8E B1", "ｱ"),
        ("A057", "eucjp-ms", "microsoft", "AD A1", "①"),
        ("A058", "iso-2022-jp", "microsoft", "1B 24 42 46 7C 1B 28 42", "日"),
        ("A059", "iso-2022-jp", "microsoft", "1B 28 49 31 1B 28 42", "ｱ"),
        ("A060", "ibm930", "jis", "0E 45 57 45 75 0F", "東京"),
        ("A060", "ibm939", "jis", "0E 45 57 45 75 0F", "東京"),
        ("A061", "ibm930", "jis", "C1 C2 81 62", "ABｱa"),
        ("A062", "ibm939", "jis", "C1 C2 81 62", "ABaｲ"),
        ("A063", "ibm930", "jis", "0E 67 6B 59 80 0F", "髙\ufa11"),
        ("A064", "ibm930", "jis", "0E 69 41 7F FE 0F", "\ue000\uf111"),
        ("A065", "ibm930", "jis", "0E 43 A1 0F", "\u301c"),
        ("A065 (as Java)", "ibm930", "microsoft", "0E 43 A1 0F", "\uff5e"),
        ("A066", "ibm939", "jis", "0E 42 60 0F", "\u2212"),
        ("A066 (as Java)", "ibm939", "microsoft", "0E 42 60 0F", "\uff0d"),
        ("A067", "ibm1390", "jis", "0E E2 70 0F", "①"),
        ("A067 (refused)", "ibm930", "jis", "0E E2 70 0F", NO),
        ("A068", "ibm300", "jis", "45 57 45 75", "東京"),
        ("A069", "ibm930", "jis", "0E 45 57 45", "東" + NO),
        ("A070", "ibm930", "jis", "0E 45 57 45 75 40 40 40", "東京\u3000" + NO),
        ("A071 (refused: control characters)", "ibm930", "jis", "25 15", NO * 2),
        ("A072", "jef-ebcdik", "jis", "28 B0 CA B2 BC 29 61", "以下/"),
        ("A073", "jef-ebcdik", "jis", "38 B0 CA 29", "以"),
        ("A074", "jef-ebcdik", "jis", "30 E2 B0 CA 29", "以"),
        ("A080", "jef-ebcdik", "jis", "81", "ｱ"),
        ("A081", "jef-ebcdic", "jis", "81", "a"),
        ("A082", "keis83-ebcdik", "jis", "0A 42 B0 CA 0A 41 61", "以/"),
        ("A086", "jipsj-jis8", "jis", "1A 70 30 4A 1A 71 2F", "以/"),
        ("A087", "jipsj-jis8", "jis", "B1 D0", "ｱﾐ"),
    ],
)  # fmt: skip
def test_bytes_mean_what_the_facts_say(row: str, name: str, characters: str, data: str, text: str) -> None:
    assert ENCODINGS[name](characters).decode(bytes.fromhex(data)) == text


@pytest.mark.parametrize(
    ("row", "name", "data", "text"),
    [
        ("A068", "ibm939", "45 57 45 75", "東京"),
        ("A075", "jef-ebcdik", "40 40 A1 A1", "\u3000\u3000"),
        ("A076", "jef-ebcdik", "B2 AA", "鷗"),
        ("A078", "jef-ebcdik", "80 A1", "\ue000"),
        ("A079", "jef-ebcdik", "A0 FE", "\uec1d"),
        ("A083", "keis83-ebcdik", "81 A1 A0 FE", "\ue000\uebbf"),
        ("A084", "keis83-ebcdik", "B2 AA", "鴎"),
        ("A085", "keis78-ebcdik", "DB D8", "桧"),
        ("A085", "keis83-ebcdik", "DB D8", "檜"),
        ("JIPS, G0", "jipsj-jis8", "74 21 7E 7E", "\ue000\ue409"),
        ("JIPS, G1", "jipsj-jis8", "E0 A1 FE FE", "\ue40a\uef6b"),
        ("JIPS(E)", "jipse-ebcdik", "F0 D1", "以"),
        ("JEF's extension", "jef-ebcdik", "41 A1 7F FD", NO * 2),
        ("KEIS's third set", "keis83-ebcdik", "59 A1", NO),
        ("JIPS, G1 kanji", "jipsj-jis8", "B4 A8", NO),
        ("row 8 is of 1983", "jef-ebcdik", "A8 A1", NO),
        ("half a pair", "jef-ebcdik", "B0 CA B2", "以" + NO),
    ],
)  # fmt: skip
def test_wide_fields_mean_what_the_facts_say(row: str, name: str, data: str, text: str) -> None:
    assert ENCODINGS[name]("jis").decode_wide(bytes.fromhex(data)) == text


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("ibm939", "0E 45 57 0E 45 75 0F", "東" + NO + "京"),  # opened twice
        ("ibm939", "C1 0F C2", "A" + NO + "B"),  # closed and never opened
        ("ibm939", "0E 45 57", "東" + NO),  # never closed
        ("ibm939", "0E 0F", ""),
        ("ibm939", "0E 45 57 45 0F C1", "東" + NO + "A"),  # an odd byte before the end
        ("jef-ebcdik", "28 B0 CA 38 B2 BC 29", "以" + NO + "下"),  # another size, without an end of the first
        ("jef-ebcdik", "28 B0 CA 29 38 B2 BC 29", "以下"),
        ("jef-ebcdik", "28 B0 CA 28 B2 BC 29", "以" + NO + "下"),
        ("jef-ebcdik", "30 C1", NO + "A"),  # half a sequence
        ("keis83-ebcdik", "0A 42 B0 CA", "以" + NO),
        ("keis83-ebcdik", "0A 0A 42 B0 CA 0A 41", NO + "以"),
        ("jipsj-jis8", "1A 70 30 4A 1A 70 1A 71", "以" + NO),
        ("jipse-ebcdik", "3F 75 F0 D1 3F 76 C1", "以A"),
        ("iso-2022-jp", "1B 28 42 41 1B 28 42 42", "AB"),  # escapes may be said again
        ("iso-2022-jp", "1B 28 4A 5C 1B 24 42 46 7C 1B 28 42 5C", "¥日\\"),
        ("iso-2022-jp", "1B 24 40 46 7C", "日" + NO),
        ("iso-2022-jp", "1B 28 49 31", "ｱ"),  # single bytes at the end need no way back
        ("iso-2022-jp", "1B 24 28 44 30 21 1B 28 42", "丂"),
        ("eucjp-ms", "8F B0 A1 8E B1 41", "丂ｱA"),
        ("eucjp-ms", "8F B0", NO * 2),
        ("eucjp-ms", "8E", NO),
    ],
)  # fmt: skip
def test_shifts_are_honoured_and_broken_ones_show(name: str, data: str, text: str) -> None:
    assert ENCODINGS[name]("jis").decode(bytes.fromhex(data)) == text


@pytest.mark.parametrize(
    ("name", "text", "data"),
    [
        ("cp932", "纊髙", "FA5CFBFC"),  # A031, A032, S24: Windows' choice, not Python's
        ("cp932", "Ⅰⅰ㈱￢≒", "8754FA40878A81CA81E0"),
        ("ibm943", "Ⅰⅰ㈱￢≒", "8754FA40878A81CA81E0"),
        ("ibm939", "A東京B", "C10E455745750FC2"),
        ("ibm939", "東", "0E45570F"),
        ("jef-ebcdik", "ｱ以下/", "8128B0CAB2BC2961"),
        ("jef-ebcdik", "\u3000", "28404029"),
        ("keis83-ebcdik", "以/", "0A42B0CA0A4161"),
        ("jipsj-jis8", "以/", "1A70304A1A712F"),
        ("jipse-ebcdik", "以/", "3F75F0D13F7661"),
        ("iso-2022-jp", "A日ｱ¥丂", "411B2442467C1B2849311B284A5C1B24284430211B2842"),
        ("eucjp-ms", "A日ｱ丂", "41C6FC8EB18FB0A1"),
        ("shift_jis-2004", "か゚か", "82F582A9"),
        ("utf-8", "髙", "E9AB99"),
        ("utf-16le", "A𠮷", "410042D8B7DF"),
    ],
)
def test_text_becomes_bytes_with_its_shifts(name: str, text: str, data: str) -> None:
    encoding = ENCODINGS[name]("microsoft")
    assert encoding.encode(text).hex().upper() == data
    assert encoding.decode(bytes.fromhex(data)) == text


@pytest.mark.parametrize(("name", "text"), [
    ("cp932", "𠮷"), ("cp932", "〜"), ("cp932", "A\n"), ("keis78-ebcdik", "鷗"), ("ibm930", "①"),
    ("ibm290", "東"), ("utf-8", "\x85"), ("utf-16be", "A\n"), ("jef-ebcdik", "≠か゚"),
])  # fmt: skip
def test_what_has_no_code_is_not_encoded(name: str, text: str) -> None:
    with pytest.raises(UnicodeEncodeError, match="no code for it"):
        ENCODINGS[name]("microsoft").encode(text)


def every_code(encoding) -> dict[bytes, str]:
    """Each code that means something, with its prefix or its shifts around it."""
    found = {bytes([byte]): text_of(e, encoding.longs) for byte, e in in_order(encoding.ones[0], ())}
    marks = {int(mark): bytes([byte]) for byte, mark in enumerate(encoding.ones[0]) if mark in (SINGLE, TRIPLE)}
    around = {(s.ones, s.pairs): s.sequence for s in reversed(encoding.shifts)}
    back = around.get((0, 0), b"")
    for index in range(1, len(encoding.ones)):
        before = marks[SINGLE] if SINGLE in marks else around[index, 0]
        for byte, e in in_order(encoding.ones[index], ()):
            found[before + bytes([byte]) + back] = text_of(e, encoding.longs)
    for index in range(len(encoding.pairs)):
        before = marks[TRIPLE] if TRIPLE in marks and index else around.get((-1, index), b"")
        for code, e in in_order(encoding.pairs[index], ()):
            found[before + code.to_bytes(2, "big") + back * bool(encoding.shifts)] = text_of(e, encoding.longs)
    return found


@pytest.mark.parametrize(("name", "characters"), EVERY)
def test_every_code_means_its_character_and_every_character_comes_back(name: str, characters: str) -> None:
    encoding = ENCODINGS[name](characters)
    codes = every_code(encoding)
    assert [code.hex() for code, text in codes.items() if encoding.decode(code) != text] == []
    back = {text: encoding.encode(text) for text in set(codes.values())}
    assert [text for text, code in back.items() if codes.get(code) != text] == []
    one_way = [code.hex() for code, text in codes.items() if back[text] != code]
    assert len(one_way) == ONE_WAY.get(name, (0, 0))[characters == "jis"], one_way[:20]


@pytest.mark.parametrize(("name", "characters"), EVERY)
def test_every_pair_comes_back_from_a_wide_field(name: str, characters: str) -> None:
    encoding = ENCODINGS[name](characters)
    pairs = [(code.to_bytes(2, "big"), text_of(e, encoding.longs)) for code, e in in_order(encoding.pairs[0], ())]
    assert encoding.decode_wide(b"".join(p for p, _ in pairs)) == "".join(text for _, text in pairs)
    meant = dict(pairs)
    assert [text for text in set(meant.values()) if meant[encoding.encode_wide(text)] != text] == []


@pytest.mark.parametrize("name", ENCODINGS)
def test_control_characters_are_refused(name: str) -> None:
    encoding = ENCODINGS[name]("microsoft")
    texts = every_code(encoding).values()
    assert [hex(ord(text[0])) for text in texts if unicodedata.category(text[0]) == "Cc"] == []
    assert encoding.decode(b"\0\0") in (NO, NO * 2)


@pytest.mark.parametrize(("name", "characters"), EVERY)
def test_blanks_and_digits_are_where_the_encoding_says(name: str, characters: str) -> None:
    encoding = ENCODINGS[name](characters)
    if not encoding.scheme.startswith("utf-16") and name != "ibm300":  # one has no single bytes, the other but pairs
        assert encoding.decode(bytes([encoding.blank, *range(encoding.zero, encoding.zero + 10)])) == " 0123456789"
    for pair in encoding.wide_blanks if encoding.pairs.any() else ():
        assert encoding.decode_wide(pair.to_bytes(2, "big")) in " \u3000"


@pytest.mark.parametrize("name", [name for name in ENCODINGS if name.startswith(("ibm9", "ibm1", "jef", "keis", "jip", "iso")) and name != "ibm943"])
def test_a_shift_begins_with_a_byte_that_means_nothing_else(name: str) -> None:
    encoding = ENCODINGS[name]("microsoft")
    for shift in encoding.shifts:
        assert encoding.ones[0, shift.sequence[0]] == SHIFT
        assert not encoding.pairs[:, shift.sequence[0] << 8 : (shift.sequence[0] + 1) << 8].any()
    assert (len(encoding.shifts) > 0) == (name not in ("ibm1027",))


@pytest.mark.parametrize(("name", "data", "text"), [
    ("cp932", b"A\r\nB", "A\r\nB"), ("ibm939", b"\xc1\x0d\x25\x15", "A\r\n\n"), ("utf-8", b"\n", "\n"),
    ("utf-16le", b"A\0\r\0\n\0", "A\r\n"), ("utf-16be", b"\0\r\0\n", "\r\n"), ("eucjp-ms", b"\n", "\n"),
])  # fmt: skip
def test_newlines_stand_for_themselves_within_quotes(name: str, data: bytes, text: str) -> None:
    encoding = ENCODINGS[name]("microsoft")
    assert encoding.with_newlines().decode(data) == text
    assert NO in encoding.decode(data)


def test_a_settled_gaiji_means_its_text_from_then_on() -> None:
    plain = ENCODINGS["jef-ebcdik"]("microsoft")
    settled = plain.replaced({"\ue000": "葛\U000e0101", "\ue001": "高", "以": "已"})
    assert settled.decode_wide(bytes.fromhex("80A180A2B0CA80A3")) == "葛\U000e0101高已\ue002"
    assert plain.decode_wide(bytes.fromhex("80A1")) == "\ue000"
    assert settled.encode_wide("葛\U000e0101").hex() == "80a1"
    again = settled.replaced({"葛\U000e0101": "葛"})
    assert again.decode_wide(bytes.fromhex("80A1")) == "葛"


def test_a_text_that_no_table_can_hold_is_not_settled() -> None:
    with pytest.raises(TooLongError):
        ENCODINGS["cp932"]("microsoft").replaced({"\ue000": "株式会社"})


# ---- a user's table ----

UCM = """<code_set_name> "ours"
# a comment
CHARMAP
<U4E02> \\x41\\xA1 |0
<U4E03><U309A> \\x41\\xA2 |3
<U4E04> \\x41\\xA3 |1
<U0009> \\x05 |0
END CHARMAP
"""
JSON = [
    {"code": "C4D4", "unicode": "8FBB", "hd": "E0103", "text": "", "options": []},
    {"code": "67A5", "unicode": "8FBB", "hd": "E0102", "options": ["oneway"]},
    {"code": "41A1", "unicode": "4E01", "options": []},
    {"code": "41A1", "unicode": "4E02", "options": []},
    {"code": "42BB", "unicode": "4FAE", "hd": "E0103", "options": ["oneway"]},
    {"code": "42BB", "unicode": "FA30", "options": ["cjk_ci"]},
    {"code": "42BC", "unicode": "FA31", "options": ["cjk_ci"]},
    {"code": "42BC", "unicode": "50E7", "options": []},
    {"code": "42BD", "unicode": "FA32", "options": ["cjk_ci"]},
    {"code": "71AE", "unicode": "1B02A", "sp": "3099", "options": ["substitution"]},
    {"code": "A1AB", "unicode": "3099", "options": ["encode_only"]},
    {"code": "71F7", "unicode": "FFFD", "options": ["unmappable"]},
    {"code": "4A", "unicode": "005B", "options": []},
]


def given(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_ucm_file_lies_over_the_table(tmp_path) -> None:
    laid = ENCODINGS["jef-ebcdik"]("jis").with_table(given(tmp_path, "ours.ucm", UCM))
    assert laid.decode_wide(bytes.fromhex("41A141A241A3B0CA")) == "丂七\u309a" + NO + "以"
    assert laid.decode(b"\x05") == NO


def test_of_two_rows_the_last_counts_but_a_compatibility_ideograph_loses(tmp_path) -> None:
    laid = ENCODINGS["jef-ebcdik"]("jis").with_table(given(tmp_path, "ours.json", json.dumps(JSON)))
    data = "C4D4 67A5 41A1 42BB 42BC 42BD 71AE A1AB"
    assert laid.decode_wide(bytes.fromhex(data)) == (
        "辻\U000e0103辻\U000e0102丂侮\U000e0103僧\ufa32\U0001b02a\u3099゛"
    )  # A077
    assert laid.decode_wide(bytes.fromhex("71F7")) == NO
    assert laid.decode(b"\x4a") == "["
    assert laid.encode_wide("辻\U000e0102").hex() == "67a5"


@pytest.mark.parametrize(("name", "text"), [
    ("ours.csv", "code,unicode,note\n41A1,4E02,x\n82F5,304B+309A,\n"),
    ("ours.csv", "\ufeffunicode,code\r\nU+4E02,41a1\r\nU+304B+U+309A,82F5\r\n"),
    ("ours.tsv", "code\tunicode\n0x41A1\t0x4E02\n82F5\t304B+309A\n"),
])  # fmt: skip
def test_a_csv_file_lies_over_the_table(tmp_path, name: str, text: str) -> None:
    laid = ENCODINGS["keis83-ebcdik"]("jis").with_table(given(tmp_path, name, text))
    assert laid.decode_wide(bytes.fromhex("41A182F5")) == "丂か\u309a"


def test_three_byte_codes_and_kana_of_euc_can_be_given(tmp_path) -> None:
    path = given(tmp_path, "ours.csv", "code,unicode\n8FF5A1,9AD9\n8EE0,30A0\nA2AF,25EF\n")
    assert ENCODINGS["eucjp-ms"]("jis").with_table(path).decode(bytes.fromhex("8FF5A18EE0A2AF")) == "髙゠◯"


def test_a_table_for_jips_e_is_given_in_codes_of_jips_j(tmp_path) -> None:
    path = given(tmp_path, "ours.csv", "code,unicode\n7421,9AD9\n")
    laid = ENCODINGS["jipse-ebcdik"]("jis").with_table(path)
    assert laid.decode_wide(hosts.jipse_code(0x7421).to_bytes(2, "big")) == "髙"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.csv", "code,unicode\n41A1,4E02\n41G1,4E03\n", ["line 3", "'41G1' is not hexadecimal"]),
        ("x.csv", "code,unicode\n41A1,4E02 4E03\n", ["line 2", "'4E02 4E03' cannot be read"]),
        ("x.csv", "code,unicode\n41A1,D800\n", ["line 2", "'D800' is no character"]),
        ("x.csv", "code,unicode\n41A1,110000\n", ["line 2", "is no character"]),
        ("x.csv", "code,unicode\n41A1\n", ["line 2", "'' cannot be read"]),
        ("x.csv", "code,unicode\n8140,4E02+4E03+4E04\n", ["line 2", "too long"]),
        ("x.csv", "code,unicode\n41A1A1,4E02\n", ["line 2", "cp932 cannot have a code 41A1A1"]),
        ("x.csv", "code,unicode\n41A1,4E02\n", ["line 2", "cp932 cannot have a code 41A1"]),
        ("x.csv", "code,unicode\n81,4E02\n", ["line 2", "cp932 cannot have a code 81"]),
        ("x.csv", "code;unicode\n41A1;4E02\n", ["line 1", "code,unicode"]),
        ("x.csv", "code,unicode\n", ["holds no code"]),
        ("x.json", '[{"code": "8140", "unicode": "4E02"},\n{"code"]', ["line 2"]),
        ("x.json", '{"code": "8140"}', ["line 1"]),
        ("x.json", '[{"code": "8140", "unicode": null}]', ["line 1", "lacks"]),
        ("x.ucm", "CHARMAP\n<U4E02> \\x81\\x40\n", ["line 2", "|0"]),
        ("x.ucm", "<U4E02> \\x81\\x40 |0\n", ["holds no code"]),
        ("x.txt", "8140 4E02\n", [".txt"]),
        ("x", "8140 4E02\n", ["without suffix"]),
    ],
)
def test_a_bad_table_is_refused_with_its_line(tmp_path, name: str, text: str, says: list[str]) -> None:
    path = given(tmp_path, name, text)
    with pytest.raises(KnowledgeError) as refused:
        ENCODINGS["cp932"]("microsoft").with_table(path)
    assert all(part in str(refused.value) for part in [name, *says]), str(refused.value)


def test_a_table_that_is_not_there_or_no_utf_8_is_refused(tmp_path) -> None:
    with pytest.raises(KnowledgeError, match="no such file"):
        ENCODINGS["cp932"]("microsoft").with_table(tmp_path / "x.csv")
    (tmp_path / "x.csv").write_bytes("code,unicode\n8140,高".encode("cp932"))
    with pytest.raises(KnowledgeError, match="UTF-8"):
        ENCODINGS["cp932"]("microsoft").with_table(tmp_path / "x.csv")


def test_a_layout_names_its_table(tmp_path) -> None:
    given(tmp_path, "codes.csv", "code,unicode\n41A1,4E02\n")
    field = {"name": "a", "label": "a", "bytes": 2, "type": "wide"}
    layout = Layout.model_validate({
        "name": "v/f", "path": tmp_path / "layout.toml", "title": "", "source": "", "format": "fixed",
        "encoding": "jef-ebcdik", "newline": "none", "record_bytes": 2, "table": "codes.csv",
        "record": [{"name": "r", "fields": [field]}],
    })  # fmt: skip
    assert encoding_of(layout).decode_wide(bytes.fromhex("41A1")) == "丂"
    plain = layout.model_copy(update={"table": ""})
    assert encoding_of(plain) is ENCODINGS["jef-ebcdik"]("microsoft")


# ---- the stored files ----


def test_shapes_of_1978_are_42_exchanged_places_and_what_was_simplified() -> None:
    jef, keis, jips = (hosts.shapes(family) for family in ("jef", "keis78", "jips"))
    assert (len(jef), len(keis), len(jips)) == (82, 44, 47)
    assert keis.items() <= jips.items() <= jef.items()
    assert {keis[code] for code in keis} == {bytes.fromhex(f"{code:04X}").decode("euc_jp") for code in keis}


def test_a_stored_file_says_where_it_comes_from() -> None:
    for path in (ROOT / "migrate/read/tables").glob("*.txt"):
        assert path.read_text("utf-8").startswith("# "), path.name
    assert len(stored.pairs("ibm300")) == 11635 - 4370


def test_the_stored_files_are_what_iconv_says() -> None:
    spec = importlib.util.spec_from_file_location("tables_tool", ROOT / "tools/tables.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    try:
        made = tool.made()
    except tool.NoIconvError:
        pytest.skip("no iconv here that knows IBM930")
    for name, text in made.items():
        assert (ROOT / f"migrate/read/tables/{name}.txt").read_text("utf-8") == text + "\n"


def test_the_page_on_encodings_is_made_from_the_kept_figures() -> None:
    spec = importlib.util.spec_from_file_location("encodings_page", ROOT / "tools/encodings.py")
    tool = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = tool  # its dataclasses look their annotations up there
    spec.loader.exec_module(tool)
    tool.REALDATA = ROOT / "nowhere"
    rows = tool.figures()
    assert set(ENCODINGS) == set(tool.WHAT)
    assert tool.PAGE.read_text("utf-8") == tool.page(rows), "stale: python tools/encodings.py"
