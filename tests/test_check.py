"""`migrate check`: one thing spoiled in a sound delivery is found under its name, at its row and byte, and nothing else."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import tempfile
from pathlib import Path

import jsonschema
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate import Catalog, Options, run
from migrate.catalog.notices import notices
from migrate.cli import base, main
from migrate.delivery import Terms, check
from migrate.delivery.findings import Findings
from migrate.delivery.tally import Selection
from migrate.errors import SourceError
from migrate.read.delivered import READERS, csv, scan
from migrate.read.delivered.typed import typed
from migrate.write import OUTPUTS

ROOT = Path(__file__).resolve().parents[1]
NAME = "482013_01_0102_juki_household_01_20260401000000"
OTHER = "482013_06_0602_poll_district_01_20260401000000"
HOUSEHOLD, DISTRICT = "01_resident_register/juki_household", "06_voter_register/poll_district"
FORMS = ("csv", "parquet", "xml")
ADDRESS = {"addr_city_code": "482013", "addr_pref": "浅間県", "addr_city": "浅間市", "addr_town": "本町",
           "addr_postal": "3890111"}  # fmt: skip
MARKS = {"is_latest": "1", "is_deleted": "0", "operator_id": "MIG", "operated_date": "2026-03-31",
         "operated_time": "12:00:00"}  # fmt: skip
ROWS = [
    {"household_no": "000000604431980", "household_hist_no": 1, "head_name": "浅間　太郎", "member_count": 12,
     "established": "1988-04-01"},
    {"household_no": "000001759898344", "household_hist_no": 1, "head_name": "湯川　花子", "member_count": 1,
     "established": "1945-00-00", "addr_katagaki": "“Ａ”荘１号"},
    {"household_no": "000000000000019", "household_hist_no": 1, "head_name": "小諸　次郎", "member_count": 3,
     "established": "2019-05-01", "closed": "2024-02-29"},
]  # fmt: skip


def number(stem):
    """A household number with its check digit."""
    weights = [2 + i % 6 for i in range(len(stem))]
    rest = sum(int(d) * w for d, w in zip(reversed(stem), weights, strict=True)) % 11
    return stem + str(0 if rest <= 1 else 11 - rest)


for row, stem in zip(ROWS, ("00000060443198", "00000175989834", "00000000000001"), strict=True):
    row["household_no"] = number(stem)


def framed(table, rows):
    full = [{"city_code": "482013", **(ADDRESS if "addr_pref" in table.by_name else {}), **MARKS, **row} for row in rows]
    return pl.DataFrame(
        [{c.name: row.get(c.name) for c in table.columns} for row in full],
        schema={c.name: c.dtype for c in table.columns},
    )


@pytest.fixture(scope="module")
def household(catalog):
    return catalog.table(HOUSEHOLD)


@pytest.fixture
def delivered(catalog, tmp_path):
    """Write a delivery; gives its folder."""

    def go(rows=ROWS, forms=("csv",), name=NAME):
        table = catalog.table(HOUSEHOLD)
        folder = tmp_path / "delivery"
        folder.mkdir(exist_ok=True)
        for form in forms:
            output = OUTPUTS[form].of(folder / f"{name}.{form}", table)
            output.write(framed(table, rows))
            output.close()
        return folder

    return go


@pytest.fixture(scope="module")
def known(catalog):
    """The catalogue, read once."""
    book, lists = catalog.rules(), catalog.code_lists()

    class Read(Catalog):
        def rules(self):
            return book

        def code_lists(self):
            return lists

    return Read(ROOT)


@pytest.fixture
def judge(known):
    def go(folder, **terms):
        return check(known, folder, Terms(**terms))

    return go


def found(findings):
    """(code, item, row, byte) of everything found; rules by their number."""
    places = [(f.name, f.item, s.row, s.byte) for f in findings.findings for s in f.samples]
    broken = [r for r in findings.rules if r.state == "broken" and r.table]
    return places + [(r.rule, "", s.row, s.byte) for r in broken for s in r.samples]


def one(findings):
    places = found(findings)
    assert len(places) == 1, places
    return places[0]


def test_a_sound_delivery_is_clean(delivered, judge):
    findings = judge(delivered(forms=FORMS))
    assert found(findings) == []
    assert findings.exit_code == 0
    assert [(f.form, f.rows, f.read, f.judged) for f in findings.files] == [(form, 3, 3, True) for form in FORMS]


BOM = b"\xef\xbb\xbf"


def swap(old, new, count=1):
    def spoil(data):
        old_, new_ = (t.encode() if isinstance(t, str) else t for t in (old, new))
        assert old_ in data
        return data.replace(old_, new_, count)

    return spoil


def at(text, more=0, after=0):
    """The byte at which a text begins in the spoiled file."""

    def place(data):
        part = text.encode() if isinstance(text, str) else text
        return data.index(part, after) + more

    return place


def columns_dropped(*labels):
    return lambda data: recut(data, lambda names: [n for n in names if n not in labels])


def recut(data, order):
    """The same file with other columns, or the columns in another order."""
    lines = [line[1:-1].split('","') for line in data.decode().split("\r\n")[:-1]]
    names = order(lines[0])
    picked = [[dict(zip(lines[0], line, strict=True)).get(n, "") for n in names] for line in lines[1:]]
    return "".join('"' + '","'.join(line) + '"\r\n' for line in [names, *picked]).encode()


def reversed_two(names):
    return [*names[:4], names[5], names[4], *names[6:]]


def unclosed(data):
    """The second row's name has lost its closing quote."""
    return data.replace('湯川　花子"'.encode(), "湯川　花子".encode())


def last_unclosed(data):
    """The last item of the second row has lost its closing quote."""
    lines = data.split(b"\r\n")
    lines[2] = lines[2][:-1]
    return b"\r\n".join(lines)


def line(number):
    """The byte at which a line of the spoiled file begins; 1 is the header."""
    return lambda data: len(b"\r\n".join(data.split(b"\r\n")[: number - 1])) + 2


SPOILED = {
    "byte order mark": (lambda d: BOM + d, ("bom", "", 0), lambda d: 0),
    "one LF": (swap(b"\r\n", b"\n", 2), None, None),
    "LF behind row 1": (lambda d: d.replace(b'"12:00:00"\r\n', b'"12:00:00"\n', 1), ("not_crlf", "", 1), at(b'00"\n', 3)),
    "CR behind row 1": (lambda d: d.replace(b'"12:00:00"\r\n', b'"12:00:00"\r', 1), ("not_crlf", "", 1), at(b'00"\r', 3)),
    "LF behind the header": (swap(b"\r\n", b"\n"), ("not_crlf", "", 0), at(b"\n")),
    "no newline at the end": (lambda d: d[:-2], ("no_final_newline", "", 3), len),
    "blank line": (lambda d: d.replace(b"\r\n", b"\r\n\r\n", 2).replace(b"\r\n\r\n", b"\r\n", 1), ("empty_line", "", 2), at(b"\n\r\n", 1)),
    "blank line at the end": (lambda d: d + b"\r\n", ("empty_line", "", 4), lambda d: len(d) - 2),
    "item without quotes": (swap('"湯川　花子"', "湯川　花子"), ("unquoted_item", "head_name", 2), at("湯川")),
    "header without quotes": (swap('"市区町村コード"', "市区町村コード"), ("unquoted_item", "", 0), lambda d: 0),
    "quote not doubled": (swap("“Ａ”荘", '“Ａ"荘'), ("undoubled_quote", "addr_katagaki", 2), at('"荘')),
    "quotes never closed": (unclosed, ("open_quote", "", 2), at('"湯川')),
    "last quotes of a row never closed": (last_unclosed, ("open_quote", "", 2), at(b'"12:00:00\r\n')),
    "too few items": (swap('"湯川　花子",', ""), ("wrong_item_count", "", 2), line(3)),
    "too many items": (swap('"湯川　花子",', '"湯川　花子","",'), ("wrong_item_count", "", 2), line(3)),
    "comma in an item without quotes": (swap('"湯川　花子"', "湯川,花子"), None, None),
    "Shift_JIS in one item": (swap("湯川　花子", "湯川　花子".encode("cp932")), ("not_utf8", "head_name", 2), at("湯川".encode("cp932"))),
    "cut character": (swap("湯川　花子", "湯川　花子".encode()[:-1]), ("not_utf8", "head_name", 2), at("湯川　花".encode() + b"\xe5", 12)),
    "Shift_JIS file": (lambda d: d.decode().encode("cp932"), ("not_utf8", "", 0), at("市".encode("cp932"), 0)),
    "UTF-16 file": (lambda d: d.decode().encode("utf-16"), ("not_utf8", "", 0), lambda d: 0),
    "newline in an item": (swap("湯川　花子", "湯川\r\n花子"), ("newline_in_item", "head_name", 2), at("湯川")),
    "LF in an item": (swap("湯川　花子", "湯川\n花子"), ("newline_in_item", "head_name", 2), at("湯川")),
    "NUL in an item": (swap("湯川　花子", "湯川\0花子"), ("control_in_item", "head_name", 2), at("湯川")),
    "tab in an item": (swap("MIG", "M\tG"), ("control_in_item", "operator_id", 1), at("M\tG")),
    "blanks only": (swap('"“Ａ”荘１号"', '"　 "'), ("blank_only", "addr_katagaki", 2), at("　 ")),
    "NULL in a text": (swap("MIG", "NULL"), ("null_word", "operator_id", 1), at("NULL")),
    "NULL in a number": (swap('"12"', '"NULL"'), ("not_a_number", "member_count", 1), at("NULL")),
    "zeros in front": (swap('"12"', '"012"'), ("number_form", "member_count", 1), at("012\"")),
    "plus sign": (swap('"12"', '"+12"'), ("number_form", "member_count", 1), at("+12")),
    "thousands comma": (swap('"12"', '"1,2"'), ("number_form", "member_count", 1), at('1,2"')),
    "minus nothing": (swap('"12"', '"-0"'), ("number_form", "member_count", 1), at('-0"')),
    "decimal point": (swap('"12"', '"12.0"'), ("number_form", "member_count", 1), at('12.0"')),
    "too large": (swap('"12"', '"1234"'), ("out_of_range", "member_count", 1), at('1234"')),
    "far too large": (swap('"12"', '"99999999999999999999"'), ("out_of_range", "member_count", 1), at('9999999')),
    "negative": (swap('"12"', '"-1"'), ("out_of_range", "member_count", 1), at('-1"')),
    "required value": (swap('"浅間県"', '""'), ("missing", "addr_pref", 1), at('"","浅間市', 1)),
    "no such day": (swap("2024-02-29", "2023-02-29"), ("not_date", "closed", 3), at("2023-02-29")),
    "other municipality": (lambda d: d.replace(b'\n"482013"', b'\n"482021"', 1), None, None),
    "wrong check digit": (lambda d: d.replace(b'\n"482013"', b'\n"482014"', 1), None, None),
    "no header": (lambda d: d.split(b"\r\n", 1)[1], ("no_column_names", "", 0), lambda d: 0),
    "column missing": (columns_dropped("世帯主氏名"), ("no_column", "head_name", 0), lambda d: 0),
    "required column missing": (columns_dropped("世帯員数"), ("no_column", "member_count", 0), lambda d: 0),
    "key column missing": (columns_dropped("世帯履歴番号"), ("no_column", "household_hist_no", 0), lambda d: 0),
    "column that nobody knows": (lambda d: recut(d, lambda n: [*n, "備考"]), ("surplus_column", "", 0), lambda d: 0),
    "column twice": (lambda d: recut(d, lambda n: [*n, "世帯員数"]), ("repeated_column", "member_count", 0), lambda d: 0),
    "columns in another order": (lambda d: recut(d, reversed_two), ("column_order", "head_name", 0), lambda d: 0),
    "English names": (None, ("column_names", "", 0), lambda d: 0),
    "empty file": (lambda d: b"", ("empty_file", "", 0), lambda d: 0),
    "repeated key": (None, ("repeated_key", "household_no", 4), None),
}


def spoil(data, name, table):
    how = SPOILED[name][0]
    if name == "English names":
        return ",".join(f'"{c.name}"' for c in table.columns).encode() + data[data.index(b"\r\n") :]
    if name == "repeated key":
        return data + data.split(b"\r\n")[1] + b"\r\n"
    return how(data)


@pytest.mark.parametrize("name", [n for n, case in SPOILED.items() if case[1]])
def test_one_thing_spoiled_is_found_where_it_is_and_nothing_else(delivered, judge, household, name):
    folder = delivered()
    path = folder / f"{NAME}.csv"
    data = spoil(path.read_bytes(), name, household)
    path.write_bytes(data)
    _, expected, place = SPOILED[name]
    code, item, row, byte = one(judge(folder))
    assert (code, item, row) == expected
    if place:
        assert byte == place(data)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("one LF", ["not_crlf", "not_crlf"]),
        ("comma in an item without quotes", ["unquoted_item", "wrong_item_count"]),
        ("other municipality", ["other_city_row", "R005b"]),
        ("wrong check digit", ["city_code", "R005b"]),
    ],
)
def test_what_is_wrong_in_two_ways_is_said_twice(delivered, judge, household, name, codes):
    folder = delivered()
    path = folder / f"{NAME}.csv"
    path.write_bytes(spoil(path.read_bytes(), name, household))
    assert [code for code, *_ in found(judge(folder))] == codes


@pytest.mark.parametrize("batch", [1, 2, 100])
@pytest.mark.parametrize("block", [700, 1 << 24])
def test_batches_and_blocks_never_show(delivered, judge, household, monkeypatch, batch, block):
    folder = delivered()
    path = folder / f"{NAME}.csv"
    data = path.read_bytes()
    for name in ("LF behind row 1", "last quotes of a row never closed", "NULL in a number", "no newline at the end"):
        if name != "LF behind row 1":
            data = spoil(data, name, household)
    path.write_bytes(data)
    whole = found(judge(folder))
    monkeypatch.setattr(csv, "BLOCK", max(block, len(data) // 2))
    assert found(judge(folder, batch=batch)) == whole
    assert len(whole) == 3


def test_a_disk_that_fails_ends_the_check_and_leaves_nothing(delivered, judge, monkeypatch, tmp_path):
    folder = delivered()
    temporary, into, whole = tmp_path / "temporary", tmp_path / "into", READERS["csv"]
    temporary.mkdir()

    def failing(path, table, size):
        yield from list(whole(path, table, size))[:-1]
        raise OSError(5, "disk")

    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setitem(READERS, "csv", failing)
    with pytest.raises(OSError, match="disk"):
        judge(folder, batch=1, into=into)
    assert list(temporary.iterdir()) == []
    assert [p.name for p in into.iterdir() if not p.name.startswith(".")] == []


def test_a_lost_quote_costs_one_row_and_not_the_rest(delivered, judge):
    many = [{**ROWS[0], "household_no": number(f"{i:014d}")} for i in range(1, 501)]
    folder = delivered(many)
    path = folder / f"{NAME}.csv"
    lines = path.read_bytes().split(b"\r\n")
    lines[100] = lines[100][:-1]
    lines[200] = lines[200].replace('太郎"'.encode(), "太郎".encode())
    path.write_bytes(b"\r\n".join(lines))
    findings = judge(folder)
    assert [(code, row) for code, _, row, _ in found(findings)] == [("open_quote", 100), ("open_quote", 200)]
    assert [(f.rows, f.read) for f in findings.files] == [(500, 498)]


def test_a_file_without_any_newline_is_named_and_not_read_into_memory(delivered, judge, monkeypatch):
    folder = delivered()
    path = folder / f"{NAME}.csv"
    data = path.read_bytes()
    header = data[: data.index(b"\r\n") + 2]
    monkeypatch.setattr(csv, "BLOCK", 4096)
    path.write_bytes(header + b"x" * 20_000)
    assert one(judge(folder)) == ("endless_line", "", 1, len(header))


@pytest.mark.parametrize("seed", range(40))
def test_no_bytes_bring_the_reader_down_and_every_row_is_counted_once(delivered, household, seed):
    folder = delivered()
    path = folder / f"{NAME}.csv"
    dice = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(dice.randrange(1, 12)):
        place = dice.randrange(len(data))
        data[place : place + dice.randrange(3)] = dice.choice([b'"', b"\r\n", b"\n", b",", b"\xff", b"\0", b"", b'""'])
    path.write_bytes(data)
    once = [(p.records, p.rows.height, p.issues.rows()) for p in (later() for later in READERS["csv"](path, household, 1))]
    records = [row for p in (later() for later in READERS["csv"](path, household, 100)) for row in p.rows["_record"]]
    assert records == sorted(set(records))
    assert sum(n for n, _, _ in once) == sum(later().records for later in READERS["csv"](path, household, 100))
    assert all(i[3] in notices() for _, _, rows in once for i in rows)


VALUES = st.text(st.sampled_from('",ab 名前\u3000𠮷\U000e0100é'), max_size=20).map(lambda v: v.strip(" \u3000") or None)


@given(values=st.lists(VALUES, min_size=1, max_size=30), batch=st.integers(1, 10))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_that_is_written_is_read_back_with_its_byte(household, tmp_path, values, batch):
    rows = framed(household, [{**ROWS[0], "head_name": v, "addr_katagaki": v} for v in values])
    output = OUTPUTS["csv"].of(tmp_path / "t.csv", household)
    output.write(rows)
    output.close()
    pieces = [later() for later in READERS["csv"](tmp_path / "t.csv", household, batch)]
    assert pl.concat(p.rows for p in pieces).drop("_record", "_offset").equals(rows)
    assert not sum(p.issues.height for p in pieces)
    data = (tmp_path / "t.csv").read_bytes()
    for piece in pieces[1:]:
        for row, value in enumerate(piece.rows["head_name"]):
            written = (value or "").replace('"', '""').encode()
            at = piece.places.first + int(piece.places.bytes[row, piece.places.names.index("head_name")])
            assert data[at - 1 : at + len(written) + 1] == b'"' + written + b'"'


def test_numbers_with_decimals_are_read_as_written(catalog):
    column = next(c for t in catalog.rules().tables.values() for c in t.columns if c.type == "9V" and c.digits[1] == 2)
    table = catalog.rules().tables["fa_land"].model_copy(update={"columns": (column,)})
    cases = {"1.50": None, "1.5": None, "0.05": None, "12": None, "01.5": "number_form", "1.500": "number_form",
             "-0.00": "number_form", "1.555": "not_a_number", "1e2": "not_a_number", ".5": "not_a_number",
             "99999999999999999999": "out_of_range"}  # fmt: skip
    rows = pl.DataFrame({"_record": range(len(cases)), "_offset": 0, column.name: list(cases)})
    frame, issues = typed(rows, table)
    assert dict(zip(issues["value"], issues["code"], strict=True)) == {k: v for k, v in cases.items() if v}
    assert [str(v) for v in frame[column.name].head(4)] == ["1.50", "1.50", "0.05", "12.00"]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        (NAME.replace("juki_household", "juki_houshold"), ["unknown_table"]),
        (NAME.replace("_0102_", "_0101_"), ["wrong_table_id"]),
        (NAME.replace("_01_0102", "_02_0102"), ["wrong_table_id"]),
        (NAME.replace("482013", "482014"), ["wrong_city", "other_city_row"]),
        (NAME.replace("20260401000000", "20260431000000"), ["wrong_moment"]),
        ("household", ["wrong_file_name"]),
    ],
)
def test_a_wrong_file_name_is_named(delivered, judge, name, codes):
    assert [code for code, *_ in dict.fromkeys((c, f) for c, f, *_ in found(judge(delivered(name=name))))] == codes


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (NAME.replace("482013_", "482021_"), "other_city"),
        (NAME.replace("_01_2026", "_02_2026"), "other_round"),
        (NAME.replace("20260401", "20260402"), "other_moment"),
    ],
)
def test_files_of_one_delivery_agree(delivered, judge, second, code):
    folder = delivered()
    shutil.copy(folder / f"{NAME}.csv", folder / f"{second}.csv")
    codes = {c for c, *_ in found(judge(folder))} - {"other_city_row"}
    assert codes == {code, "same_table_twice"}


def test_companions_of_a_run_are_known_and_strangers_are_not(delivered, judge):
    folder = delivered()
    for name in (f"{NAME}.extra.csv", "issues.csv", "resident.rejects.dat", "rejects.dat", "rejects.csv", ".lock"):
        (folder / name).write_bytes(b"x")
    assert found(judge(folder)) == []
    (folder / "memo.docx").touch()
    (folder / f"{NAME}.csv.partial").touch()
    findings = judge(folder)
    assert [(c, f.samples[0].file) for (c, *_), f in zip(found(findings), findings.findings, strict=True)] == [
        ("foreign_file", "memo.docx"),
        ("unfinished", f"{NAME}.csv.partial"),
    ]
    assert findings.exit_code == 8


def test_a_file_changed_or_lost_after_the_run_is_named(delivered, judge):
    folder = delivered()
    path = folder / f"{NAME}.csv"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "run.json").write_text(json.dumps({"files": {path.name: digest, "rejects.dat": "0"}}), "utf-8")
    assert found(judge(folder)) == []
    path.write_bytes(path.read_bytes().replace("太郎".encode(), "次郎".encode()))
    (folder / "run.json").write_text(json.dumps({"files": {path.name: digest, f"{OTHER}.csv": digest}}), "utf-8")
    assert [code for code, *_ in found(judge(folder))] == ["changed_file", "lost_file"]


PARQUET = {
    "column missing": (lambda t: t.drop_columns("head_name"), ("no_column", "head_name", 0)),
    "column that nobody knows": (lambda t: t.append_column("note", pa.nulls(3, pa.string())), ("surplus_column", "", 0)),
    "Japanese names": (lambda t: t.rename_columns([f.metadata[b"label"].decode() for f in t.schema]), ("column_names", "", 0)),
    "another type": (lambda t: cast(t, "member_count", pa.float64()), ("column_type", "member_count", 0)),
    "numbers as text": (lambda t: cast(t, "member_count", pa.string()), ("column_type", "member_count", 0)),
    "dates as days": (lambda t: cast(t.set_column(where(t, "established"), "established", pa.array(["2000-01-01"] * 3)), "established", pa.date32()), ("column_type", "established", 0)),
    "dictionary is text": (lambda t: cast(t, "is_latest", pa.dictionary(pa.int32(), pa.string())), None),
    "columns in another order": (lambda t: t.select([*t.column_names[1:], t.column_names[0]]), ("column_order", "pre_merge_city_code", 0)),
}  # fmt: skip


def where(table, name):
    return table.column_names.index(name)


def cast(table, name, kind):
    return table.set_column(where(table, name), name, table[name].cast(kind))


@pytest.mark.parametrize("name", PARQUET)
def test_a_parquet_file_is_held_to_its_schema(delivered, judge, name):
    folder = delivered(forms=("parquet",))
    path = folder / f"{NAME}.parquet"
    change, expected = PARQUET[name]
    pq.write_table(change(pq.read_table(path)), path)
    findings = judge(folder)
    assert [place[:3] for place in found(findings)] == ([expected] if expected else [])


@pytest.mark.parametrize("form", ["parquet", "xml"])
def test_a_damaged_file_is_no_bug(delivered, judge, form):
    folder = delivered(forms=(form,))
    path = folder / f"{NAME}.{form}"
    path.write_bytes(path.read_bytes()[:-9])
    findings = judge(folder)
    assert one(findings)[0] == "unreadable"
    assert findings.exit_code == 12


def test_every_form_of_the_same_rows_gives_the_same_findings(delivered, judge):
    wrong = [
        {**ROWS[0], "head_name": "abc", "member_count": 12345, "household_kind": "?"},
        {**ROWS[1], "established": "1945-13-01", "addr_town": None, "closed": "x\ny"},
        {**ROWS[2], "addr_katagaki": "　", "city_code": "482021", "operator_id": "NULL"},
        ROWS[0],
    ]
    folder = delivered(wrong, forms=FORMS)
    by_form = {form: [] for form in FORMS}
    for finding in judge(folder).findings:
        for s in finding.samples:
            by_form[s.file.rpartition(".")[2]].append((finding.code, finding.item, s.row, s.value))
    assert by_form["csv"] == by_form["parquet"] == by_form["xml"]
    assert len(by_form["csv"]) >= 8


def test_forms_that_do_not_hold_the_same_rows_are_told_apart(delivered, judge):
    folder = delivered(forms=("csv",))
    delivered(ROWS[:2], forms=("parquet",))
    assert one(judge(folder))[0] == "forms_differ"
    delivered([{**ROWS[0], "member_count": 2}, *ROWS[1:]], forms=("parquet",))
    assert one(judge(folder))[0] == "forms_differ"


def test_no_personal_value_is_shown(delivered, judge, tmp_path):
    folder = delivered([{**ROWS[0], "head_name": "SECRET", "established": "SECRET", "addr_postal": "SECRET\0"}, *ROWS])
    findings = judge(folder, into=tmp_path)
    listed = (tmp_path / "check-issues.csv").read_text("utf-8")
    for text in (findings.model_dump_json(), listed):
        assert "SECRET" not in text
        assert not [row["household_no"] for row in ROWS if row["household_no"] in text]
        assert "(6 characters)" in text


def test_counts_are_exact_samples_capped_and_the_list_complete(delivered, judge, tmp_path):
    many = [{**ROWS[0], "household_no": number(f"{i:014d}"), "head_name": "abc"} for i in range(1, 301)]
    findings = judge(delivered(many), samples=5, into=tmp_path, batch=70)
    finding, = findings.findings
    assert (finding.count, len(finding.samples), finding.samples[4].row) == (300, 5, 5)
    assert findings.errors == 300
    listed = (tmp_path / "check-issues.csv").read_text("utf-8").splitlines()
    assert len(listed) == 301
    assert listed[300].startswith(f'"E-CHECK-004","error","{NAME}.csv","juki_household","300"')


def test_only_and_skip_choose_rules_and_codes(delivered, judge):
    older = {**ROWS[1], "household_hist_no": 1, "is_latest": "0"}
    newer = {**ROWS[1], "household_hist_no": 3}
    folder = delivered([{**ROWS[0], "head_name": "abc"}, older, newer])
    assert [c for c, *_ in found(judge(folder))] == ["not_n", "R007"]
    assert [c for c, *_ in found(judge(folder, selection=Selection(only=frozenset({"R007"}))))] == ["R007"]
    assert [c for c, *_ in found(judge(folder, selection=Selection(skip=frozenset({"R007"}))))] == ["not_n"]


def test_rules_do_not_run_on_a_table_that_is_not_whole(delivered, judge):
    findings = judge(delivered(name=NAME.replace("_01_2026", "_91_2026")))
    across = [r for r in findings.rules if r.rule == "R007"]
    assert [(r.state, r.count) for r in across] == [("not_run", 0)]
    assert across[0].reason


def test_areas_limit_what_is_judged(delivered, judge):
    assert judge(delivered(), areas=frozenset({"01_resident_register"})).files
    with pytest.raises(SourceError):
        judge(delivered(), areas=frozenset({"07_fixed_asset_tax"}))


def test_nothing_to_judge_is_12(tmp_path, here):
    assert here("check", tmp_path)[0] == 12
    (tmp_path / "memo.docx").touch()
    assert here("check", tmp_path)[0] == 12


@pytest.fixture
def here(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    def go(*words):
        code = base.settle(main.cli.main, [str(w) for w in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def test_the_command_says_it_on_one_screen_and_as_json_of_the_published_schema(delivered, here):
    folder = delivered([{**ROWS[0], "head_name": "abc"}, *ROWS[1:]])
    code, text, _ = here("check", folder)
    assert code == 8
    assert "E-CHECK-004" in text
    assert f"{NAME}.csv row 1" in text
    assert "migrate rule E-CHECK-004" in text
    code, text, _ = here("check", folder, "--format", "json")
    assert code == 8
    jsonschema.validate(json.loads(text), json.loads((ROOT / "docs/check.schema.json").read_text("utf-8")))
    assert Findings.model_validate_json(text).errors == 1
    assert here("check", delivered(), "--only", "R007,E-CHECK-004")[0] == 0


def test_the_published_schema_is_fresh(here):
    code, text, _ = here("check", "--schema")
    assert code == 0
    assert (ROOT / "docs/check.schema.json").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "R00"], "R00"),
        (["--skip", "E-CHECK-01"], "E-CHECK-01"),
        (["--areas", "99"], "01_resident_register"),
        (["--memory", "much"], "1GB"),
    ],
)  # fmt: skip
def test_12_names_the_nearest_right_thing(delivered, here, words, said):
    code, _, err = here("check", delivered(), *words)
    assert code == 12
    assert said in err


def test_whatever_convert_writes_passes_without_errors_of_form(mappings, tmp_path, judge):
    run(mappings, ROOT / "samples/asama/resident.dat", tmp_path, Options(formats=FORMS))
    findings = judge(tmp_path)
    assert [f for f in findings.findings if f.severity == "error"] == []
    assert {f.name for f in findings.findings} <= {"unregistered_gaiji", "atena_no"}
    assert len(findings.files) == 3 * len(mappings)


def test_every_flaw_has_a_notice():
    assert set(scan.FLAWS) <= set(notices())
    assert Catalog(ROOT).rules().by_id["R005b"]
