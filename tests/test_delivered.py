"""The quick ways through a delivered file say the same as the plain ones: records, letters, numbers, blanks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrate import Catalog
from migrate.check.duck import ROW
from migrate.check.rules import needed
from migrate.delivery.ruled import BYTE, FEW, Stage
from migrate.frames import OFFSET, RECORD
from migrate.model import Column, Table
from migrate.read.delivered import READERS, scan
from migrate.read.delivered.numbers import plain_numbers
from migrate.read.delivered.plain_csv import ASCII, plain
from migrate.read.delivered.typed import typed

ITEMS = st.text(st.sampled_from('a ,"\r\n\x00\x7f名　𠮷é'), max_size=6)
PIECES = st.one_of(
    ITEMS.map(lambda v: f'"{v.replace(chr(34), chr(34) * 2)}"'),
    st.integers(50, 140).map(lambda n: '"' + "x" * n + '"'),
    st.integers(10, 45).map(lambda n: '"' + "名" * n + '"'),
    ITEMS,
)
ENDS = st.sampled_from(["\r\n", "\r\n", "\n", "\r", ""])


def spare(data):
    padded = np.frombuffer(data + b'"' * scan.SPARE, np.uint8).copy()
    return padded, len(data)


@given(items=st.lists(PIECES, min_size=1, max_size=5), end=ENDS, width=st.integers(1, 5), before=st.integers(0, 70),
       final=st.booleans(), cut=st.integers(0, 3), behind=st.sampled_from(["", '"a"', "b"]))  # fmt: skip
@settings(max_examples=500, deadline=None)
@example(items=['""'], end="\r\n", width=1, before=0, final=True, cut=0, behind="")
@example(items=['"' + "x" * 62 + '"', '""'], end="\r\n", width=2, before=0, final=True, cut=0, behind="")
@example(items=['"' + "x" * 61 + '"', '"名"'], end="\r\n", width=2, before=0, final=True, cut=0, behind="")
def test_what_passes_as_a_usual_record_is_one(items, end, width, before, final, cut, behind):
    written = b"\xff" * before + (",".join(items) + end + behind).encode()
    data, size = spare(written[: len(written) - cut])
    quick = np.full((width, 3), -1, np.int64)
    stop = plain(data, before, size, quick) if before < size else -1
    slow = np.zeros((width, 3), np.int64)
    marks, which = np.full((2, len(scan.FLAWS)), -1, np.int64)
    usual = len(items) == width and all(i[:1] == i[-1:] == '"' and len(i) > 1 for i in items)
    usual = usual and not any(set(i[1:-1]) & set('"\r\n\x00\x7f') for i in items)
    assert (stop >= 0) == (usual and end == "\r\n" and cut <= len(behind.encode()))
    if stop < 0:
        return
    assert (stop, width) == scan._record(data, before, size, final, slow, marks, which)
    assert quick[:, :2].tolist() == slow[:, :2].tolist()
    assert not slow[:, 2].any()
    assert (marks < 0).all()
    for begin, close, kind in quick.tolist():
        assert (kind == ASCII) == written[begin:close].isascii()


@given(st.one_of(st.binary(max_size=24), st.text(max_size=12).map(str.encode), st.lists(
    st.sampled_from([b"\xe0\xa0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xed\x9f\xbf", b"\xe5\x90\x8d", b"\xf0\xa0\xae\xb7",
                     b"\xef\xbf\xbd", b"\xe5\x90", b"a", b"\x01", b"\x7f", b"\xc3\xa9", b"\xc0\x80", b"\xe5\x90\xff"])).map(b"".join)))  # fmt: skip
@settings(max_examples=500, deadline=None)
def test_what_is_no_utf8_is_told_by_its_byte(value):
    data, size = spare(value)
    bad, control = scan._bad_utf8(data, 0, size)
    try:
        value.decode()
    except UnicodeDecodeError as error:
        assert bad == error.start
    else:
        assert bad == -1
        assert control == any(b < 0x20 or b == 0x7F for b in value)


FIGURES = st.one_of(
    st.none(),
    st.integers(-(10**13), 10**13).map(str),
    st.decimals(-1000, 1000, places=2).map(str),
    st.text("0123456789-+., \u3000", max_size=8),
    st.sampled_from(["0", "-0", "00", "-0.0", "0.5", "-0.50", ".5", "5.", "1.500", "9223372036854775808", "1" * 12,
                     "1" * 13, "-" + "1" * 11, "-", "", "NULL", "１"]),
)  # fmt: skip
KINDS = [("9", "4"), ("S9", "13"), ("9", "15"), ("9V", "3,2"), ("9V", "11,2"), ("9V", "1,4"), ("9V", "17,2")]


def table_of(kind, length):
    column = Column(name="n", label="数", type=kind, length=length, source="G")
    return Table(id="0101", name="t", title="", area="01", path="t.csv", columns=[column])


@pytest.mark.parametrize(("kind", "length"), KINDS)
@given(values=st.lists(FIGURES, min_size=1, max_size=4))
@settings(max_examples=120, deadline=None)
def test_a_plain_number_is_what_its_text_says(kind, length, values):
    table = table_of(kind, length)
    values = [v or None for v in values]
    text = pa.array(values, pa.string_view())
    views = np.frombuffer(text.buffers()[1], np.uint64)[: 2 * len(values)].reshape(-1, 2)
    filled = np.array([v is not None for v in values], np.uint8)
    valid = pa.py_buffer(np.packbits(filled, bitorder="little"))
    found = plain_numbers(table.columns[0], views, filled, valid)
    places = {RECORD: range(1, len(values) + 1), OFFSET: range(len(values))}
    rows, doubts = typed(pl.DataFrame(places | {"n": pl.Series(values, dtype=pl.String)}), table)
    if found is not None:
        assert found.dtype == rows["n"].dtype
        assert found.to_list() == rows["n"].to_list()
        assert not doubts.height
    elif all(v is None or len(v) <= 12 for v in values) and length != "17,2":
        assert doubts.height


def test_a_column_of_text_is_no_number():
    column = SimpleNamespace(dtype=pl.String(), digits=(5, 0), type="X")
    assert plain_numbers(column, np.zeros((1, 2), np.uint64), np.zeros(1, np.uint8), None) is None


ODD = [" ", "　", " 　 ", " a", "　名", "NULL", "null", "n", "None", "N/A", "\\N", "(null)", "(a", "名", "", None, "é\u3000",
       "12", "007", "\x01", "a\nb", "x" * 12, "x" * 13, "\u3001"]  # fmt: skip


@given(values=st.lists(st.tuples(*[st.sampled_from(ODD)] * 3), min_size=1, max_size=6), batch=st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_looking_closer_only_where_it_matters_finds_the_same(tmp_path_factory, values, batch):
    kinds = [("a", "X"), ("b", "N"), ("c", "9")]
    columns = [Column(name=n, label=n.upper(), type=k, length="20", source="G") for n, k in kinds]
    table = Table(id="0101", name="t", title="", area="01", path="t.csv", columns=columns)
    rows = pl.DataFrame(values, schema={n: pl.String for n, _ in kinds}, orient="row")
    rows = rows.with_columns(pl.all().replace("", None))
    path = tmp_path_factory.mktemp("t") / "t.csv"
    head = b'"A","B","C"\r\n'
    quoted = rows.with_columns(('"' + pl.all().fill_null("") + '"').name.keep())
    path.write_bytes(head + "".join(",".join(r) + "\r\n" for r in quoted.rows()).encode())
    pieces = [later() for later in READERS["csv"](path, table, batch)]
    places = {RECORD: range(1, len(values) + 1), OFFSET: [0] * len(values)}
    expected, doubts = typed(pl.DataFrame(places).hstack(rows), table)
    assert pl.concat(p.rows for p in pieces)[list("abc")].equals(expected[list("abc")])
    found = pl.concat(p.issues for p in pieces)
    assert found.drop("byte").rows() == doubts.drop("byte").rows()


def test_rules_get_the_columns_that_they_name():
    book = Catalog().rules()
    columns = needed(book)
    resident = book.tables["juki_resident"]
    assert set(resident.keys) <= set(columns["juki_resident"])
    assert {"birth_date", "birth_date_unk", "birth_date_unk_text"} <= set(columns["juki_resident"])
    assert len(columns["juki_resident"]) < len(resident.columns)
    assert set(columns) == set(book.tables)


@pytest.mark.parametrize("sql", ["select distinct * from {t}", "select min(columns('a')) from {t}", "from {t} natural join x"])
def test_a_rule_that_may_see_every_column_gets_every_column(sql):
    book = Catalog().rules()
    rule = next(r for r in book.rules if r.sql and not r.each)
    seeing = rule.model_copy(update={"sql": sql.replace("{t}", rule.table)})
    columns = needed(book._replace(rules=(seeing,)))
    assert columns[rule.table] == [c.name for c in book.tables[rule.table].columns]


STAGED = st.sampled_from([None, "", "a", "x" * 12, "x" * 13, "\U0002000b" * 4, "山" * 5])


@given(texts=st.lists(st.tuples(STAGED, st.sampled_from([None, 0, -1, 2**60])), max_size=20), cut=st.integers(0, 20), many=st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_is_staged_is_what_was_read(tmp_path_factory, texts, cut, many):
    """In slices, in several chunks, of many and of few different values, and where there are no rows."""
    columns = [Column(name=n, label=n.upper(), type=k, length="20", source="G") for n, k in (("a", "X"), ("n", "S9"))]
    table = Table(id="0101", name="t", title="", area="01", path="t.csv", columns=columns)
    several = texts + [(f"row {n}", n) for n in range(2 * FEW if many else 0)]
    places = {RECORD: pl.UInt64, OFFSET: pl.UInt64}
    rows = pl.DataFrame([(n + 1, 9 * n, *r) for n, r in enumerate(several)],
                        schema=places | {"a": pl.String, "n": pl.Int64}, orient="row")  # fmt: skip
    path = tmp_path_factory.mktemp("stage") / "t.parquet"
    stage = Stage(path, table, "t.csv", ["n", "a"])
    chunked = pl.concat([rows[cut : cut + 3], rows[cut + 3 :]], rechunk=False)
    for piece in (rows[:0], rows[:cut], chunked):
        stage.write(stage.prepared(piece))
    stage.close()
    found = pl.read_parquet(path)
    assert found.columns == [ROW, BYTE, "n", "a"]
    assert (found.schema[ROW], found.schema[BYTE]) == (pl.UInt32, pl.UInt64)
    assert found.rows() == rows.select(RECORD, OFFSET, "n", "a").rows()
