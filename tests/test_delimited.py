"""CSV of a package: every cell as Python's csv module has it, every damage at its record and byte."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate import Reader, SourceError
from migrate.catalog import Catalog
from migrate.catalog.legacy import shared_files
from migrate.catalog.notices import notices
from migrate.errors import KnowledgeError
from migrate.model import Declaration, Field, Layout, RecordType, Tag
from migrate.read.cells import LONGEST
from migrate.report.knowledge import layout as shown

NEWLINES = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
SIZES = (1, 2, 3, 1000)


def columns(*types, **more):
    return tuple(
        Field(name=f"c{i}", label=f"列{i}", start=i, type=t, **more) for i, t in enumerate(types, 1)
    )


def layout(fields, newline="crlf", **more):
    records = more.pop("records", (RecordType(name="row", fields=fields),))
    return Layout(name="t/t", path=Path("t"), title="t", source="t", format="csv", encoding="cp932",
                  newline=newline, record=records, **more)  # fmt: skip


def read(path, data, spec, size=1000, part=False):
    path.write_bytes(data)
    return list(Reader(spec, part).batches(path, size))


def told(reads, what="issues"):
    found = pl.concat([getattr(r, what) for r in reads])
    return found.select("record", "byte", "item", "code").rows()


def cells(reads, name="row"):
    return pl.concat([r.frames[name] for r in reads]).drop("_record", "_offset").rows()


def numbers(reads):
    return pl.concat([r.frames["row"] for r in reads]).select("_record", "_offset").rows()


def raw(reads):
    return b"".join(r.block.raw(i) for r in reads for i in range(len(r.block)))


N = b"\r\n"
GOOD = b"1,a,b" + N
LABELS = "列1,列2,列3".encode("cp932") + N


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("data", "wrong", "sound"),
    [
        (GOOD * 2, [], [(1, 0), (2, 7)]),
        (GOOD + b"1,a,b", [], [(1, 0), (2, 7)]),
        (GOOD + b"1,a,b\x1a", [], [(1, 0), (2, 7)]),
        (GOOD + b'1,a,"b"\x1a', [], [(1, 0), (2, 7)]),
        (GOOD + b"\x1a", [], [(1, 0)]),
        (GOOD + b"1,a" + N + GOOD, [(2, 7, "", "wrong_columns")], [(1, 0), (3, 12)]),
        (GOOD + b"1,a,b,c,d" + N + GOOD, [(2, 7, "", "wrong_columns")], [(1, 0), (3, 18)]),
        (GOOD + b'1,a"b,c' + N + GOOD, [(2, 10, "", "stray_quote")], [(1, 0), (3, 16)]),
        (GOOD + b'1,"a"b,c' + N + GOOD, [(2, 12, "", "text_behind_quote")], [(1, 0), (3, 17)]),
        (GOOD + b'1,"a" ,c' + N + GOOD, [(2, 12, "", "text_behind_quote")], [(1, 0), (3, 17)]),
        (GOOD + b'1,"a,b' + N + GOOD, [(2, 9, "", "unclosed_quote")], [(1, 0), (3, 15)]),
        (GOOD + b'1,a,"' + N + GOOD, [(2, 11, "", "unclosed_quote")], [(1, 0), (3, 14)]),
        (GOOD + b'1,"a,b' + N + b'1,"c",d' + N, [(2, 9, "", "text_behind_quote")], [(1, 0), (3, 15)]),
        (GOOD + b'1,"a,b' + N + b'1,"","d"' + N, [(2, 9, "", "text_behind_quote")], [(1, 0), (3, 15)]),
        (GOOD + b'1,a,"b', [(2, 11, "", "unclosed_quote")], [(1, 0)]),
        (GOOD + N + GOOD, [(2, 7, "", "blank_line")], [(1, 0), (3, 9)]),
        (N + GOOD, [(1, 0, "", "blank_line")], [(2, 2)]),
        (GOOD + N, [(2, 7, "", "blank_line")], [(1, 0)]),
        (GOOD + b"1,a,b\n" + GOOD, [(2, 12, "", "wrong_newline")], [(1, 0), (3, 13)]),
        (GOOD + b'1,"a","b"\r1,2,3' + N, [(2, 16, "", "wrong_newline")], [(1, 0), (3, 17)]),
        (GOOD + b"1,a\nb,c" + N + GOOD, [(2, 10, "", "wrong_newline"), (3, 11, "", "wrong_columns")], [(1, 0), (4, 16)]),
        (GOOD + b'1,"a\nb","c\r\nd"' + N, [], [(1, 0), (2, 7)]),
        (GOOD + b"\x1a\x1a", [(2, 7, "", "wrong_columns")], [(1, 0)]),
        (GOOD + b"1,\x83,b" + N, [(2, 9, "c2", "cut_character")], [(1, 0), (2, 7)]),
        (GOOD + b'1,"\x83",b' + N, [(2, 10, "c2", "cut_character")], [(1, 0), (2, 7)]),
    ],
    ids=range(25),
)  # fmt: skip
def test_a_damaged_record_costs_itself_only(tmp_path, data, wrong, sound, size):
    reads = read(tmp_path / "f", data, layout(columns("digits", "text", "text")), size)
    assert told(reads) == wrong
    assert numbers(reads) == sound
    assert raw(reads) == data or raw(reads) == data.removesuffix(b"\x1a")
    assert [r.block.last for r in reads] == [False] * (len(reads) - 1) + [True]
    assert {code for *_, code in wrong} <= set(notices())


@pytest.mark.parametrize(
    ("kind", "cell", "value", "code", "byte"),
    [
        ("text", b"abc", "abc", "", 0),
        ("text", b'"abc  "', "abc", "", 0),
        ("text", b"  ", None, "", 0),
        ("text", b'""', None, "", 0),
        ("text", b'"\x81\x40 "', None, "", 0),
        ("text", b'"say ""hi"" twice"', 'say "hi" twice', "", 0),
        ("text", b'""""', '"', "", 0),
        ("text", b'"a\r\nb"', "a\r\nb", "", 0),
        ("text", b'"\x83\x7c\x83\x5b,\x95\x5c"', "ポゼ,表", "", 0),
        ("text", b'"\x8eR\x93c1"', "山田1", "", 0),
        ("text", b"a\x00b", None, "control_character", 1),
        ("text", b'"a\tb"', None, "control_character", 2),
        ("text", b'"""""\x85\x40"', None, "undecodable", 5),
        ("text", b"a\xfd", None, "invalid_byte", 1),
        ("wide", b"\x8eR\x93c\x81\x40", "山田", "", 0),
        ("wide", b"\x8eRA", None, "not_wide", 2),
        ("wide", b'"\x8eR\n\x93c"', None, "control_character", 3),
        ("wide", b'"\x8eR""\x93c"', None, "not_wide", 3),
        ("kana", b"\xd4\xcf\xc0\xde ", "ﾔﾏﾀﾞ", "", 0),
        ("kana", b"\xd4\x8eR", None, "not_kana", 1),
        ("digits", b"0012 ", "0012", "", 0),
        ("digits", b'"123456789012345"', "123456789012345", "", 0),
        ("digits", b" 12", None, "not_digits", 0),
        ("digits", b"1-2", None, "not_digits", 1),
        ("number", b"0", 0, "", 0),
        ("number", b"-12", -12, "", 0),
        ("number", b"+7 ", 7, "", 0),
        ("number", b'"1,234,567"', 1234567, "", 0),
        ("number", b'"-12,345"', -12345, "", 0),
        ("number", b" ", None, "", 0),
        ("number", b"0" * 30 + b"9" * 18, 10**18 - 1, "", 0),
        ("number", b"9" * 19, None, "not_number", 0),
        ("number", b'"1,23"', None, "not_number", 1),
        ("number", b'"1234,567"', None, "not_number", 1),
        ("number", b'",123"', None, "not_number", 1),
        ("number", b"-", None, "not_number", 0),
        ("number", b"1.5", None, "not_number", 1),
        ("number", b"1-", None, "not_number", 1),
        ("number", b" 5", None, "not_number", 0),
        ("number", b'"1"""', None, "not_number", 2),
    ],
)
def test_a_cell_means_what_its_type_says(tmp_path, kind, cell, value, code, byte):
    data = b"9," + cell + b",9\n"
    reads = read(tmp_path / "f", data, layout(columns("digits", kind, "digits"), "lf"))
    assert cells(reads) == [("9", value, "9")]
    assert told(reads) == ([(1, 2 + byte, "c2", code)] if code else [])


def test_a_value_of_a_person_is_not_shown(tmp_path):
    fields = (*columns("digits"), Field(name="c2", label="氏名", start=2, type="wide", sensitive=True))
    reads = read(tmp_path / "f", b"1,\x8eR\x93cA" + N, layout(fields))
    assert reads[0].issues["value"].to_list() == ["(5 bytes)"]


def test_a_value_longer_than_the_book_allows_is_kept_and_reported(tmp_path):
    fields = columns("text", "number", bytes=3)
    reads = read(tmp_path / "f", b'"abcd ",1234' + N + b'"a""b",123' + N, layout(fields))
    assert told(reads) == [(1, 1, "c1", "long_value"), (1, 8, "c2", "long_value")]
    assert reads[0].issues["severity"].unique().to_list() == ["alert"]
    assert reads[0].issues["value"].to_list() == ["4 / 3 bytes", "4 / 3 bytes"]
    assert cells(reads) == [("abcd", 1234), ('a"b', 123)]


@pytest.mark.parametrize("size", SIZES)
def test_quotes_that_never_close_do_not_swallow_the_file(tmp_path, size):
    lines = [b"1,x,%d" % i + N for i in range(2000)]
    lines[10] = b'1,"x,10' + N
    spec = layout(columns("digits", "text", "text"))
    reads = read(tmp_path / "f", b"".join(lines), spec, size)
    assert told(reads) == [(11, sum(map(len, lines[:10])) + 2, "", "unclosed_quote")]
    assert len(cells(reads)) == 1999


def test_a_record_without_an_end_is_cut_and_memory_stays_flat(tmp_path):
    long = b"x" * (3 * LONGEST + 5)
    spec = layout(columns("digits", "text", "text"))
    for size in (1, 1000):
        reads = read(tmp_path / "f", GOOD + long + N + GOOD, spec, size)
        codes = ["endless_record"] * 3 + ["wrong_columns"]
        assert [code for *_, code in told(reads)] == codes
        assert len(cells(reads)) == 2
        assert max(len(r.block.data) for r in reads) < 6 * LONGEST


def test_many_damaged_records_are_read_in_time_that_grows_as_the_file(tmp_path):
    data = GOOD + (b'1,"a,b' + N) * 50_000 + b'1,""' + N + (b'1,"",b' + N) * 300_000
    reads = read(tmp_path / "f", data, layout(columns("digits", "text", "text")), 65_536)
    assert sum(r.issues.height for r in reads) == 50_001
    assert len(cells(reads)) == 300_001


# ---- the header line ----


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (LABELS, []),
        ('"列1","列2","列3"\r\n'.encode("cp932"), []),
        ("列1,列2 ,列3　\r\n".encode("cp932"), []),
        ("列1,別,列3\r\n".encode("cp932"), [(0, 4, "c2", "wrong_labels")]),
        ("列1,列3,列2\r\n".encode("cp932"), [(0, 4, "c2", "wrong_labels")]),
        ("列1,列2\r\n".encode("cp932"), [(0, 4, "c2", "wrong_labels")]),
        ("列1,列2,列3,列4\r\n".encode("cp932"), [(0, 8, "c3", "wrong_labels")]),
    ],
    ids=range(7),
)
def test_the_first_line_is_held_against_the_labels(tmp_path, head, fault, size):
    spec = layout(columns("digits", "text", "text"), header_lines=1)
    reads = read(tmp_path / "f", head + GOOD * 3, spec, size)
    assert told(reads, "faults") == fault
    assert numbers(reads) == [(i + 1, len(head) + 7 * i) for i in range(3)]
    assert head + raw(reads) == head + GOOD * 3
    assert told(reads) == []


def test_a_piece_of_a_file_may_have_its_header_line_or_not(tmp_path):
    spec = layout(columns("digits", "text", "text"), header_lines=1)
    for data in (LABELS + GOOD * 2, GOOD * 2):
        reads = read(tmp_path / "f", data, spec, part=True)
        assert cells(reads) == [("1", "a", "b")] * 2
        assert told(reads) == told(reads, "faults") == []
    assert Reader(spec, part=True).one(tmp_path / "f", 2).block.located(2) == (7, GOOD)
    assert Reader(spec, part=True).one(tmp_path / "f", 3) is None


def test_a_header_line_alone_is_a_file_without_records(tmp_path):
    spec = layout(columns("digits", "text", "text"), header_lines=1)
    for tail in (b"", b"\x1a"):
        [only] = read(tmp_path / "f", LABELS + tail, spec)
        assert (len(only.block), only.block.last, only.frames["row"].height) == (0, True, 0)
        assert told([only], "faults") == []


def test_columns_of_a_group_may_bear_their_number(tmp_path):
    group = tuple(Field(name=f"rel_{i}", label="続柄", start=i, type="text", group="rel", times=2) for i in (1, 2))
    spec = layout(group, header_lines=1)
    for head in ("続柄,続柄", "続柄1,続柄2", "続柄１,続柄２"):
        reads = read(tmp_path / "f", head.encode("cp932") + N + b"a,b" + N, spec)
        assert told(reads, "faults") == []
    assert told(read(tmp_path / "f", "続柄2,続柄2\r\n".encode("cp932"), spec), "faults") == [(0, 0, "rel_1", "wrong_labels")]


@pytest.mark.parametrize(
    ("data", "newline", "more"),
    [
        (GOOD * 3, "lf", {}),
        (GOOD * 3, "cr", {}),
        (GOOD.replace(N, b"\n") * 3, "crlf", {}),
        (b"1;a;b\r\n" * 3, "crlf", {}),
        (b"1,a\r\n" * 5000, "crlf", {}),
        (GOOD * 3, "crlf", {"header_lines": 1}),
        (b"\x1a", "crlf", {}),
        (b"\x00\x01\x02" * 999_999, "crlf", {}),
    ],
    ids=["crlf for lf", "crlf for cr", "lf for crlf", "delimiter", "columns", "no labels", "only 1A", "binary"],
)
def test_a_file_in_which_nothing_fits_is_not_processed(tmp_path, data, newline, more):
    spec = layout(columns("digits", "text", "text"), newline, **more)
    with pytest.raises(SourceError, match="f: "):
        read(tmp_path / "f", data, spec)


def test_an_empty_file_has_no_records(tmp_path):
    assert read(tmp_path / "f", b"", layout(columns("digits"))) == []


# ---- record types ----


@pytest.mark.parametrize("size", SIZES)
def test_record_types_are_told_by_a_column_and_trailers_are_held_to_their_word(tmp_path, size):
    def kind(name, value, *fields, **more):
        tag = (Tag.model_validate({"at": 1, "is": (value,)}),)
        return RecordType(name=name, kind=name, tag=tag, fields=fields, **more)

    declares = (Declaration(field="c2", counts=("data",)), Declaration(field="c3", sums="data c3"))
    spec = layout((), records=(
        kind("header", "H", *columns("text", "text")),
        kind("data", "D1", *columns("text", "text", "number")),
        kind("trailer", "T", *columns("text", "number", "number"), declares=declares),
    ))  # fmt: skip
    head, body = b"H,x" + N, b'D1,a,"1,000"' + N + b'"D1 ",b,5' + N
    reads = read(tmp_path / "f", head + body + b"T,2,1005" + N, spec, size)
    assert told(reads) == told(reads, "faults") == []
    assert cells(reads, "data") == [("D1", "a", 1000), ("D1", "b", 5)]
    reads = read(tmp_path / "f", head + body + b'T,"3",1004' + N, spec, size)
    assert told(reads, "faults") == [(4, 33, "c2", "wrong_count"), (4, 36, "c3", "wrong_total")]
    reads = read(tmp_path / "f", body + b"X,1" + N + b"D1,x" + N, spec, size)
    assert told(reads) == [(3, 25, "", "unknown_record"), (4, 30, "", "wrong_columns")]
    assert {code for *_, code in told(reads, "faults")} == {"no_header", "no_trailer"}


# ---- any table ----


TWINS = "¢£¬‖−〜"
CHARACTERS = st.one_of(
    st.sampled_from('",\r\n 　"\n'), st.sampled_from("aZ09ｱﾞ山田表ポ～"),
    st.characters(codec="cp932", exclude_categories=["Cc"], exclude_characters=TWINS + "\xa0\uf8f0\uf8f1\uf8f2\uf8f3"),
)  # fmt: skip
TEXTS = st.text(CHARACTERS, max_size=20)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 5))
    row = st.lists(TEXTS, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=1, max_size=8))


@settings(deadline=None, max_examples=40)
@given(tables(), st.sampled_from(sorted(NEWLINES)), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.booleans(), st.sampled_from([",", "\t", ";"]))
def test_any_table_reads_back_as_it_was_written(table, newline, quoting, complete, delimiter):
    if newline != "crlf":  # Python's writer leaves the other newlines bare
        quoting = csv.QUOTE_ALL
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=NEWLINES[newline], quoting=quoting, delimiter=delimiter).writerows(table)
    whole = text.getvalue()
    assert list(csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter)) == table
    data = whole.encode("cp932")
    data = data if complete else data.removesuffix(NEWLINES[newline].encode())
    if not data:
        return
    fields = columns(*["text"] * len(table[0]))
    head = (delimiter.join(f.label for f in fields) + NEWLINES[newline]).encode("cp932")
    expected = [tuple(cell.rstrip(" \u3000") or None for cell in row) for row in table]
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            for lines, begin in ((0, b""), (1, head)):
                spec = layout(fields, newline, header_lines=lines, delimiter=delimiter)
                reads = read(Path(folder) / "f", begin + data, spec, size)
                assert told(reads) == told(reads, "faults") == []
                assert cells(reads) == expected
                assert begin + raw(reads) == begin + data
                assert reads[0].block.base + int(reads[0].block.bounds[0]) == len(begin)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=60) | st.text(st.sampled_from('a,"\r\n\x1a'), max_size=40).map(str.encode), st.sampled_from(sorted(NEWLINES)))
def test_any_bytes_are_cut_alike_whatever_the_batch_and_none_is_lost(data, newline):
    spec = layout(columns("text", "text"), newline)
    good = (b"1,2" + NEWLINES[newline].encode()) * 2  # the first stays good whatever follows
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            reads = read(Path(folder) / "f", good + data, spec, size)
            outcomes.append((told(reads), cells(reads), raw(reads)))
            assert raw(reads) in (good + data, (good + data).removesuffix(b"\x1a"))
    assert outcomes.count(outcomes[0]) == len(outcomes)


# ---- the layout ----

TOML = {
    "title": '"T"', "source": '"a book of the test"', "format": '"csv"', "encoding": '"cp932"',
    "newline": '"crlf"', "header_lines": "1", "file": '"P*.CSV"',
}  # fmt: skip
FIELDS = ["person_no,番号,1,,digits,,,,,", "amount,額,,10,number,,term,2,,", "note,備考,4,,text,,,,yes,"]


def catalog(folder, fields=FIELDS, record="", file="people", **settings):
    place = folder / "layouts/legacy/acme" / file
    place.mkdir(parents=True, exist_ok=True)
    facts = {k: v for k, v in {**TOML, **settings}.items() if v}
    text = "".join(f"{k} = {v}\n" for k, v in facts.items())
    (place / "layout.toml").write_text(f'{text}\n[[record]]\nname = "row"\n{record}\n', "utf-8")
    head = "name,label,start,bytes,type,scale,group,times,sensitive,note"
    (place / "row.csv").write_text("\n".join([head, *fields, ""]), "utf-8")
    return Catalog(folder)


def test_a_layout_of_csv_counts_columns_and_keeps_its_groups(tmp_path):
    found = catalog(tmp_path).layout("acme/people")
    fields = found.records[0].fields
    assert [(f.name, f.start, f.bytes, f.group) for f in fields] == [
        ("person_no", 1, 0, ""), ("amount_1", 2, 10, "term"), ("amount_2", 3, 10, "term"), ("note", 4, 0, ""),
    ]  # fmt: skip
    page = shown(found)
    assert "with a header line" in page
    assert "P*.CSV" in page


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"header_lines": ""}, "a value is missing"),
        ({"header_lines": "2"}, "header_lines"),
        ({"record_bytes": "10"}, "format csv has no record_bytes"),
        ({"newline": '"none"'}, "records of csv end with a newline"),
        ({"encoding": '"euc"'}, "csv is not read in euc"),
        ({"delimiter": '"|"'}, "cannot divide values"),
        ({"delimiter": "'\"'"}, "cannot divide values"),
        ({"delimiter": '",,"'}, "cannot divide values"),
        ({"fields": [FIELDS[0].replace(",1,", ",2,")]}, "the book says column 2, it is column 1"),
        ({"fields": [FIELDS[0].replace("digits", "packed")]}, "csv has no packed"),
        ({"record": 'tag = [{ at = 5, is = ["1"] }]'}, "one of the 4 columns"),
        ({"format": '"fixed"', "record_bytes": "10", "header_lines": "", "fields": [FIELDS[0]]}, "a value is missing: bytes"),
        ({"format": '"fixed"', "record_bytes": "10", "header_lines": "", "fields": ["a,a,,10,number,,,,,"]}, "number is for csv only"),
        ({"format": '"fixed"', "record_bytes": "10", "fields": ["a,a,,10,text,,,,,"]}, "format fixed has no header_lines"),
        ({"format": '"fixed"', "header_lines": "", "fields": ["a,a,,10,text,,,,,"]}, "a value is missing"),
    ],
)  # fmt: skip
def test_a_layout_that_mixes_the_formats_is_refused(tmp_path, change, problem):
    with pytest.raises(KnowledgeError) as refused:
        catalog(tmp_path, **change).layout("acme/people")
    assert problem in str(refused.value)
    assert all(p.remedy for p in refused.value.problems)


@pytest.mark.parametrize(("other", "alike"), [('"P*.CSV"', 1), ('"p?.csv"', 1), ('"P01.CSV"', 1), ('"Q*.CSV"', 0), ("", 0)])
def test_a_file_belongs_to_one_layout_of_a_vendor(tmp_path, other, alike):
    catalog(tmp_path)
    made = catalog(tmp_path, file="others")
    text = (tmp_path / "layouts/legacy/acme/others/layout.toml").read_text("utf-8")
    changed = text.replace('file = "P*.CSV"', f"file = {other}" if other else "")
    (tmp_path / "layouts/legacy/acme/others/layout.toml").write_text(changed, "utf-8")
    assert len(shared_files([made.layout("acme/people"), made.layout("acme/others")])) == alike
