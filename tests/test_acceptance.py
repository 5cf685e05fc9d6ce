"""The acceptance rows of encodings, records, dates, numbers of people and places, characters, and of looking.

Every row is one case of a test here or in the module that HELD names; its number is in the id of the test, so
`pytest -k D08` runs it. Where our answer is not the row's, the answer here is ours and the words say why.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import polars as pl
import pytest
from hosts import layout as host_layout
from hosts import rdw
from hosts import read as host_read
from hosts import record as host_record
from stdnum.jp import in_

from migrate.check.values import VALUES
from migrate.convert.characters import Characters, repertoire
from migrate.convert.dates import date, era_code, era_date, time, unknown_flag, unknown_wording
from migrate.convert.text import blank_if, narrow, widen, without
from migrate.convert.vocabulary import field_value
from migrate.frames import OFFSET, RECORD
from migrate.model import Column, Field, Layout, RecordType, Table
from migrate.peek import peek
from migrate.read import Reader
from migrate.read.encodings import ENCODINGS

HERE = Path(__file__).resolve().parent
NO = "\ufffd"


def rows_of(text: str) -> list[str]:
    """`A001-A003 D01` as single rows."""
    found = []
    for word in text.split():
        first, _, last = word.partition("-")
        letter, width = first[0], len(first) - 1
        found += [f"{letter}{n:0{width}}" for n in range(int(first[1:]), int((last or first)[1:]) + 1)]
    return found


EVERY = rows_of("A001-A105 S01-S30 D01-D13 I01-I07 N01-N08 X01-X07")

HELD = {
    "test_tables.py": "A001-A009 A012-A027 A029-A030 A033-A044 A046-A047 A049-A055 A057-A076 A078-A087",
    "test_figures.py": "A088-A090 A092-A105 S13-S14",
    "test_characters.py": "N01-N06",
    "test_peek.py": "X02-X04 X06-X07",
    "test_acceptance.py": "A010-A011 A028 A031-A032 A045 A048 A056 A077 A091 S05-S06 S10 S19 S24 S29 D01-D13 I01-I05 I07 N07-N08",
    "real/test_acceptance_real.py": "S01-S04 S07-S09 S11-S12 S15-S18 S20-S23 S25-S28 S30 I06 X01 X05",
}  # fmt: skip
"""Where each row is held. Several have more cases elsewhere. None is left out: where a row speaks of another tool, the
case says what the same bytes are here."""


def cases(path: Path) -> set[str]:
    """The rows that begin a case: first of a tuple, a key, or one of a list. (A row that is only mentioned is none.)"""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        texts: list[ast.expr | None] = []
        if isinstance(node, ast.Tuple):
            texts = list(node.elts[:1])
        elif isinstance(node, ast.List):
            texts = list(node.elts)
        elif isinstance(node, ast.Dict):
            texts = list(node.keys)
        for text in texts:
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                begins = re.match(r"(?:(?:A\d{3}|[SDINX]\d{2})\b ?)*", text.value)
                found |= set(begins[0].split())
    return found


def test_every_row_is_held_in_one_place() -> None:
    held = [row for rows in HELD.values() for row in rows_of(rows)]
    assert sorted(held) == sorted(EVERY)
    assert len(EVERY) == 170


@pytest.mark.parametrize("module", HELD)
def test_a_module_has_a_case_for_each_row_that_it_holds(module: str) -> None:
    assert set(rows_of(HELD[module])) - cases(HERE / module) == set()


# ---- A: what bytes mean ----


@pytest.mark.parametrize(
    ("row", "name", "characters", "data", "text"),
    [
        ("A010", "cp932", "microsoft", "FF", NO),
        ("A011", "cp932", "jis", "80", NO),
        ("A028: there is no Shift_JIS here without row 13", "cp932", "jis", "87 40", "①"),
        ("A048: a lone first byte is never left out", "cp932", "microsoft", "41 95", "A" + NO),
        ("A056: nor an EUC without it", "eucjp-ms", "jis", "AD A1", "①"),
    ],
)
def test_bytes_mean_the_same_whatever_a_tool_makes_of_them(row: str, name: str, characters: str, data: str, text: str) -> None:
    assert ENCODINGS[name](characters).decode(bytes.fromhex(data)) == text


@pytest.mark.parametrize(
    ("row", "text", "data"),
    [
        ("A031: IBM's extension, as Windows writes it", "\u7e8a", "FA 5C"),
        ("A032: as Windows writes it", "髙", "FB FC"),
        ("A045", "𠮷", None),
        ("S24", "髙", "FB FC"),
    ],
)
@pytest.mark.parametrize("characters", ["microsoft", "jis"])
def test_characters_are_written_as_windows_does_or_refused(row: str, text: str, data: str | None, characters: str) -> None:
    encoding = ENCODINGS["cp932"](characters)
    if data is None:
        with pytest.raises(UnicodeEncodeError, match="no code for it"):
            encoding.encode(text)
    else:
        assert encoding.encode(text) == bytes.fromhex(data)


@pytest.mark.parametrize(
    ("row", "data"),
    [
        ("S23: what JIGYOSYO.CSV has beyond JIS X 0208", "87 54 87 55 87 56 87 8A"),
        ("S23: what the profiles read differently", "81 60 81 61 81 7C 81 91 81 92 81 CA"),
        ("S24", "FB FC FA B1 FA 5C"),
    ],
)
@pytest.mark.parametrize("characters", ["microsoft", "jis"])
def test_what_is_read_is_written_in_the_same_bytes(row: str, data: str, characters: str) -> None:
    encoding = ENCODINGS["cp932"](characters)
    read = encoding.decode(bytes.fromhex(data))
    assert NO not in read
    assert encoding.encode(read) == bytes.fromhex(data)


@pytest.mark.parametrize(
    ("row", "data", "text"),
    [("A077", "C4 D4", "辻\U000e0103"), ("A077", "67 A5", "辻\U000e0102"), ("A077", "C4 D4 67 A5", "辻\U000e0103辻\U000e0102")],
)
def test_two_glyphs_of_one_character_are_told_apart_by_a_given_table(tmp_path, row: str, data: str, text: str) -> None:
    given = [{"code": "C4D4", "unicode": "8FBB", "hd": "E0103", "options": []},
             {"code": "67A5", "unicode": "8FBB", "hd": "E0102", "options": []}]  # fmt: skip
    (tmp_path / "ours.json").write_text(json.dumps(given), "utf-8")
    encoding = ENCODINGS["jef-ebcdik"]("jis").with_table(tmp_path / "ours.json")
    assert encoding.decode_wide(bytes.fromhex(data)) == text
    assert encoding.encode_wide(text) == bytes.fromhex(data)


@pytest.mark.parametrize(
    ("row", "data", "value"), [("A091", "12 34 5D", "-123.45"), ("A091", "12 34 5C", "123.45"), ("A091", "00 00 5D", "-0.05")]
)
def test_a_packed_number_has_its_point_where_the_layout_says(tmp_path, row: str, data: str, value: str) -> None:
    record = host_record(tmp_path, "r", "amount,A,1,3,packed,2")
    found = host_read(tmp_path, bytes.fromhex(data), host_layout(tmp_path, record))
    [(_, number)] = found.rows["r"]
    frame = pl.DataFrame({"amount": [number]})
    assert frame.select(field_value(record, "amount")).item() == value


# ---- S: records ----


def fixed(*fields: Field, newline: str = "crlf", **more: object) -> Layout:
    facts = {"encoding": "cp932", "characters": "microsoft", "record_bytes": sum(f.bytes for f in fields), **more}
    return Layout(name="t/t", path=HERE, title="", source="", format="fixed", newline=newline,
                  record=(RecordType(name="row", fields=fields),), **facts)  # fmt: skip


TEN = (Field(name="no", label="", start=1, bytes=3, type="digits"), Field(name="name", label="", start=4, bytes=7, type="text"))
RECORDS = [b"001ABCDEFG", b"002HIJKLMN", b"003OPQRSTU"]


@pytest.mark.parametrize("newline", ["crlf", "lf", "none"])
@pytest.mark.parametrize(
    ("row", "behind", "cut", "good", "issues"),
    [
        ("S05: the last record", b"", 1, [1, 2], [(3, "wrong_length")]),
        ("S05: three bytes", b"", 3, [1, 2], [(3, "wrong_length")]),
        ("S06: accepted without a word, as the mark is no record", b"\x1a", 0, [1, 2, 3], []),
    ],
)
def test_a_file_ends_where_it_ends(tmp_path, newline, row, behind, cut, good, issues) -> None:
    spec = fixed(*TEN, newline=newline)
    data = spec.ending.join(RECORDS)
    data = data[: len(data) - cut] if cut else data + spec.ending
    (tmp_path / "f").write_bytes(data + behind)
    [read] = Reader(spec).batches(tmp_path / "f")
    assert read.frames["row"].select(RECORD, "no", "name").rows() == [(n, f"00{n}", RECORDS[n - 1][3:].decode()) for n in good]
    stride = 10 + len(spec.ending)
    assert read.issues.select("record", "byte", "code").rows() == [(n, (n - 1) * stride, code) for n, code in issues]


@pytest.mark.parametrize("row", ["S05: a byte is lost in the middle"])
def test_a_lost_byte_costs_its_own_record_and_moves_no_column(tmp_path, row: str) -> None:
    spec = fixed(*TEN)
    (tmp_path / "f").write_bytes(b"\r\n".join([RECORDS[0], RECORDS[1][:4] + RECORDS[1][5:], RECORDS[2], b""]))
    [read] = Reader(spec).batches(tmp_path / "f")
    assert read.frames["row"].select(RECORD, "no", "name").rows() == [(1, "001", "ABCDEFG"), (3, "003", "OPQRSTU")]
    assert read.issues.select("record", "byte", "code").rows() == [(2, 12, "wrong_length")]


@pytest.mark.parametrize("row", ["S10: the sample of JRecord is not at hand"])
def test_150_records_behind_a_length_that_counts_itself(tmp_path, row: str) -> None:
    sizes = [58 + (n * 37) % 126 for n in range(150)]
    data = b"".join(rdw(b"\xc1" * size) for size in sizes)
    assert data[:4] == bytes.fromhex("003E0000")
    record = host_record(tmp_path, "r", "first,F,1,58,text\nrest,R,59,125,filler")
    found = host_read(tmp_path, data, host_layout(tmp_path, record, prefix="rdw"))
    assert [value for _, value in found.rows["r"]] == ["A" * 58] * 150
    assert found.issues == []
    (tmp_path / "unknown").write_bytes(data)
    assert peek(tmp_path / "unknown").look.structure.record.value == "rdw"


@pytest.mark.parametrize(
    ("row", "written", "word", "made"),
    [
        ("S19", "/////", lambda v: blank_if(v, values=("/////",)), ""),
        ("S19", "1234 ", lambda v: blank_if(v, values=("/////",)), "1234 "),
        ("S19: hour 99 is refused, and the record says what it was", "9999", time, None),
        ("S19: unless the agreement says that it means nothing", "9999", lambda v: blank_if(v, values=("9999",)), ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "word",
)
def test_a_sign_that_nothing_was_measured_is_no_value(row, written, word, made) -> None:
    assert pl.select(word(pl.lit(written))).item() == made


@pytest.mark.parametrize(
    ("row", "encoding", "character", "good"),
    [
        ("S29: a control character, so the value is refused", "cp932", "\x1c", False),
        ("S29: likewise", "utf-8", "\x1c", False),
        ("S29: likewise", "utf-8", "\x85", False),
        ("S29", "utf-8", "\u2028", True),
    ],
)
def test_what_python_takes_for_a_line_break_ends_no_record(tmp_path, row: str, encoding: str, character: str, good: bool) -> None:
    columns = (Field(name="a", label="a", start=1, type="text"), Field(name="b", label="b", start=2, type="text"))
    spec = Layout(name="t/t", path=HERE, title="", source="", format="csv", encoding=encoding, newline="crlf", characters="microsoft",
                  record=(RecordType(name="row", fields=columns),))  # fmt: skip
    (tmp_path / "f").write_bytes(f"山{character}田,1\r\n川,2\r\n".encode(encoding))
    [read] = Reader(spec).batches(tmp_path / "f")
    assert read.frames["row"].select(RECORD, "a", "b").rows() == [(1, f"山{character}田" if good else None, "1"), (2, "川", "2")]
    assert read.issues.select("record", "item", "code").rows() == ([] if good else [(1, "a", "control_character")])


# ---- D: days ----

MTSHR, DIGITS, PENSION = "MTSHR", "12345", "13579"
DAYS = [
    # row, written, spelling, value, unknown, wording; None: refused
    ("D01", "S550203", MTSHR, "1980-02-03", "0", ""),
    ("D02", "S550231", MTSHR, None, "", ""),
    ("D03", "S640107", MTSHR, "1989-01-07", "0", ""),
    ("D03: refused, as no day of 昭和", "S640108", MTSHR, None, "", ""),
    ("D04", "H310430", MTSHR, "2019-04-30", "0", ""),
    ("D04: refused, as no day of 平成", "H310501", MTSHR, None, "", ""),
    ("D05", "R010501", MTSHR, "2019-05-01", "0", ""),
    ("D06", "T151225", MTSHR, "1926-12-25", "0", ""),
    ("D06", "S011225", MTSHR, "1926-12-25", "0", ""),
    ("D07", "M450730", MTSHR, "1912-07-30", "0", ""),
    ("D07", "T010730", MTSHR, "1912-07-30", "0", ""),
    ("D08: the year alone; the words keep the lunar day", "M051202", MTSHR, "1872-00-00", "1", "明治５年１２月２日"),
    ("D09", "M051203", MTSHR, None, "", ""),
    ("D10", "M060101", MTSHR, "1873-01-01", "0", ""),
    ("D11", "S550000", MTSHR, "1980-00-00", "1", "昭和５５年月日不詳"),
    ("D11: 99 is unknown as 00 is", "S550299", MTSHR, "1980-02-00", "1", "昭和５５年２月日不詳"),
    ("D11", "S559901", MTSHR, "1980-00-01", "1", "昭和５５年月不詳１日"),
    ("D12: a day that is wholly unknown, not nothing", "0000000", MTSHR, "0000-00-00", "1", "年月日不詳"),
    ("D12: likewise", "9999999", MTSHR, "0000-00-00", "1", "年月日不詳"),
    ("D12", "3550203", DIGITS, "1980-02-03", "0", ""),
    ("D12: 3 is 大正, of 15 years", "3550203", PENSION, None, "", ""),
    ("D12", "5550203", PENSION, "1980-02-03", "0", ""),
    ("D12: letters were declared", "3550203", MTSHR, None, "", ""),
    ("D13: western digits in an era's field", "19800203", MTSHR, None, "", ""),
    ("D13: the era is lacking", "800203", MTSHR, None, "", ""),
    ("D13: 0 is no era", "0550203", DIGITS, None, "", ""),
]


@pytest.mark.parametrize(("row", "written", "spelling", "day", "unknown", "wording"), DAYS)
def test_a_day_in_an_era_is_one_day_or_unknown_or_refused(row, written, spelling, day, unknown, wording) -> None:
    value = pl.lit(written)
    made = pl.select(
        day=era_date(value, eras=spelling),
        unknown=unknown_flag(value, spelling=spelling),
        wording=unknown_wording(value, spelling=spelling),
    ).row(0)
    assert made == (day, unknown, wording)


@pytest.mark.parametrize(
    ("row", "written", "spelling", "day"),
    [
        ("D05", "令和元年5月1日", "written", "2019-05-01"),
        ("D05", "令和1年5月1日", "written", "2019-05-01"),
        ("D05", "R010501", "written", "2019-05-01"),
        ("D13", "19800203", "", "1980-02-03"),
        ("D13: six digits mean nothing that was declared", "800203", "", None),
        ("D13", "800203", "written", None),
        ("D13", "0550203", "", None),
        ("D12: eight zeros are a day that is unknown", "00000000", "", "0000-00-00"),
    ],
)
def test_a_day_that_is_written_out_is_one_day_or_refused(row, written, spelling, day) -> None:
    assert pl.select(date(pl.lit(written), written=spelling)).item() == day


@pytest.mark.parametrize(("row", "era"), [("D06 T151225", "02"), ("D06 S011225", "03"), ("D07 M450730", "01"), ("D07 T010730", "02")])
def test_of_a_day_in_two_eras_the_era_is_the_one_that_was_written(row: str, era: str) -> None:
    assert pl.select(era_code(pl.lit(row[4:]), spelling=MTSHR)).item() == era


@pytest.mark.parametrize("row", ["D12: seven blanks"])
def test_blanks_are_no_day(tmp_path, row: str) -> None:
    (tmp_path / "f").write_bytes(b" " * 7)
    [read] = Reader(fixed(Field(name="day", label="", start=1, bytes=7, type="text"), newline="none")).batches(tmp_path / "f")
    made = read.frames["row"].select(era_date(pl.col("day"), eras=MTSHR))
    assert made.rows() == [(None,)]
    assert read.issues.is_empty()


# ---- I: numbers of people and places ----


@pytest.mark.parametrize(
    ("row", "check", "number", "good"),
    [
        ("I01", "corporate_no", "7000012050002", True),
        ("I01", "corporate_no", "2583567825624", False),
        ("I02: T is taken off by the word `without`, not by the check", "corporate_no", "T7000012050002", False),
        ("I05", "city_code", "131016", True),
        ("I05", "city_code", "472018", True),
        ("I05", "city_code", "401307", True),
        ("I05", "city_code", "401306", False),
    ],
)
def test_a_number_has_its_check_digit(row: str, check: str, number: str, good: bool) -> None:
    assert pl.select(VALUES[check](pl.lit(number))).item() is good


@pytest.mark.parametrize("row", ["I02"])
def test_a_corporate_number_is_good_without_its_t(row: str) -> None:
    bare = without(pl.lit("T7000012050002"), characters="T")
    assert pl.select(a=bare, b=VALUES["corporate_no"](bare)).row(0) == ("7000012050002", True)


@pytest.mark.parametrize(
    ("row", "eleven"),
    [
        ("I03", "12345678901"),
        ("I03", "62149832025"),
        ("I04: good as a number; a mapping says with `blank_if` that it means nobody", "0" * 11),
    ],
)
def test_an_individual_number_has_one_check_digit(row: str, eleven: str) -> None:
    good = eleven + in_.calc_check_digit(eleven)  # a whole one stands nowhere
    judged = [pl.select(VALUES["my_number"](pl.lit(f"{eleven}{n}"))).item() for n in range(10)]
    assert [n for n in range(10) if judged[n]] == [int(good[-1])]


@pytest.mark.parametrize("row", ["I04"])
def test_twelve_zeros_mean_nobody_where_the_mapping_says_so(row: str) -> None:
    assert pl.select(blank_if(pl.lit("0" * 12), values=("0" * 12,))).item() == ""


@pytest.mark.parametrize(
    ("row", "written", "made"),
    [
        ("I07: half width; where a bracket ends the code of a place is not guessed", "０３（１２３４）５６７８", "03(1234)5678"),
        ("I07", "０３－１２３４－５６７８", "03-1234-5678"),
    ],
)
def test_a_telephone_number_is_narrowed(row: str, written: str, made: str) -> None:
    assert pl.select(narrow(pl.lit(written))).item() == made


# ---- N: characters of written files ----

PEOPLE = Table(id="9901", name="people", title="t", area="99_test", path=HERE,
               columns=(Column(name="kana", label="", type="N", length="40", source="G"),))  # fmt: skip


@pytest.mark.parametrize(
    ("row", "policy", "made"),
    [
        ("N07 jis", "jisx0208", "オオドオリニシ（１−１９チョウメ）"),
        ("N07: JIS X 0213 has both signs", "jisx0213", "オオドオリニシ（１－１９チョウメ）"),
        ("N07 microsoft", "mj", "オオドオリニシ（１－１９チョウメ）"),
    ],
)
def test_kana_are_widened_and_the_minus_is_the_policys(row: str, policy: str, made: str) -> None:
    value = pl.select(widen(pl.lit("ｵｵﾄﾞｵﾘﾆｼ(1-19ﾁｮｳﾒ)"))).item()
    rows = pl.DataFrame({RECORD: [1], OFFSET: [0], "kana": [value]}, schema_overrides={RECORD: pl.UInt64, OFFSET: pl.UInt64})
    if policy != "mj":  # which takes every character as it is
        rows, issues = Characters(PEOPLE, policy, shrinks=None).settle(rows)
        assert issues.is_empty()
    assert rows["kana"].item() == made


@pytest.mark.parametrize(
    ("row", "text", "jisx0208", "jisx0213"),
    [
        ("N08: no list of eLTAX is here; JIS unifies it with 高", "髙", False, False),
        ("N08", "𠮷", False, False),
        ("N08: half-width kana are judged by a column's type, not by the set", "ｱ", True, True),
        ("N08", "高", True, True),
        ("N08", "\ufa11", False, True),
    ],
)
def test_a_character_is_in_the_set_of_a_policy_or_not(row: str, text: str, jisx0208: bool, jisx0213: bool) -> None:
    assert [repertoire(policy).holds(text) for policy in ("jisx0208", "jisx0213")] == [jisx0208, jisx0213]
