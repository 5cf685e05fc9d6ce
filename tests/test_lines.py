"""CSV lines, their fingerprint, counts and Parquet columns, compiled, against their plain definitions."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal
from io import BytesIO

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate import Catalog
from migrate.coded import Coded
from migrate.model import Column
from migrate.views import of_arrow
from migrate.write import OUTPUTS
from migrate.write.content import SEEDS, Content, fingerprint, summed
from migrate.write.csv import CsvFile, Scribe, lines
from migrate.write.parquet import ROW_GROUP, ParquetFile
from migrate.write.tally import tally
from migrate.write.totals import Totals

LONG = "長い住所の文字列　" * 40
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(["", '"', '""', "a,b", "1\r\n2", "a" * 11, "a" * 12, "a" * 13, '"' * 12, '"' * 13, "b" * 16, "b" * 17,
                     "b" * 31 + '"', "b" * 32, "b" * 33, "𠮷" * 3, "𠮷" * 9, "葛\U000e0100", "\0", LONG]),
    st.text(max_size=30),
)  # fmt: skip
WHOLE = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0, -1, 9, 10, 10**8 - 1, 10**8, 10**16 - 1, 10**16, 2**63 - 1, -(2**63)]),
)
CENTS = st.none() | st.integers(-(10**12), 10**12).map(lambda n: Decimal(n).scaleb(-2))
KINDS = {
    "text": (TEXTS, pl.String()),
    "number": (WHOLE, pl.Int64()),
    "small": (st.none() | st.integers(0, 200), pl.UInt8()),
    "flag": (st.none() | st.booleans(), pl.Boolean()),
    "cents": (CENTS, pl.Decimal(15, 2)),
    "blank": (st.none(), pl.String()),
}


def plain(rows: pl.DataFrame) -> bytes:
    """What the lines are, by definition."""
    buffer = BytesIO()
    rows.cast(pl.String).write_csv(buffer, include_header=False, line_terminator="\r\n", quote_style="always")
    return buffer.getvalue()


@st.composite
def frames(draw, most=70):
    """A frame of all kinds of columns: sliced, and of several chunks."""
    count = draw(st.integers(0, most))
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=8))
    data = {}
    for n, kind in enumerate(kinds):
        values, dtype = KINDS[kind]
        few = draw(st.lists(values, min_size=1, max_size=9))
        picks = draw(st.lists(st.integers(0, len(few) - 1), min_size=count, max_size=count))
        data[f"{kind}{n}"] = pl.Series([few[p] for p in picks], dtype=dtype)
    rows = pl.DataFrame(data)
    begin = draw(st.integers(0, count))
    cut = draw(st.integers(0, count))
    return pl.concat([rows.slice(0, cut), rows.slice(cut)], rechunk=False).slice(begin)


@st.composite
def told(draw, rows):
    """The same rows with some columns told by their values, which are absent; and these."""
    coded = {}
    for name in rows.columns:
        if not draw(st.booleans()):
            continue
        series = rows[name]
        extra = draw(st.lists(KINDS[name.rstrip("0123456789")][0], max_size=3))
        values = pl.concat([pl.Series(name, extra, dtype=series.dtype), series.unique(maintain_order=True), series.head(1)])
        if series.n_unique() == 1 and draw(st.booleans()):
            coded[name] = Coded(series.head(1))
            rows = rows.drop(name) if rows.width > 1 else rows
            continue
        at = {}
        for place, value in enumerate(values):
            at.setdefault(value, []).append(place)
        places = [at[v][i % len(at[v])] for i, v in enumerate(series)]
        coded[name] = Coded(values, f"_{name}")
        rows = rows.with_columns(pl.Series(f"_{name}", places, dtype=pl.UInt32)).drop(name)
    return rows, coded


@settings(deadline=None, max_examples=100)
@given(frames())
def test_lines_are_what_polars_writes(rows):
    made = lines(rows)
    assert bytes(made.text) == plain(rows)
    assert made.ends.tolist() == np.cumsum([len(plain(rows.slice(n, 1))) for n in range(rows.height)]).tolist()


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_coded_columns_are_written_as_others(data):
    rows = data.draw(frames())
    scribe, spent = Scribe(rows.columns), None
    for _ in range(3):  # values come anew, and memory is used again
        given_, coded = data.draw(told(rows))
        spent = scribe.lines(given_, coded, spent)
        assert bytes(spent.text) == plain(rows)


def test_values_that_grow_are_prepared_as_they_come():
    values, scribe = ["", '"', "x" * 12, "x" * 13, '"' * 40, None, "y" * 5000], Scribe(["a"])
    for known in range(1, len(values) + 1):
        rows = pl.DataFrame({"_": list(range(known))}, schema={"_": pl.UInt32})
        made = scribe.lines(rows, {"a": Coded(pl.Series(values[:known], dtype=pl.String), "_")})
        assert bytes(made.text) == plain(pl.DataFrame({"a": values[:known]}, schema={"a": pl.String}))


@pytest.mark.parametrize("size", [0, 1000, 70_000, 300_000, 3_000_000])
def test_a_line_may_be_of_any_length(size):
    rows = pl.DataFrame({"a": ["x", '"' * size, "y" * size, None] * 20, "b": list(range(80))})
    assert bytes(lines(rows).text) == plain(rows)


def test_a_place_without_a_value_is_refused():
    for places in ([1], [None]):
        rows = pl.DataFrame({"_": places}, schema={"_": pl.UInt32})
        with pytest.raises(ValueError, match="a: a place"):
            lines(rows, ["a"], {"a": Coded(pl.Series(["x"]), "_")})


@settings(deadline=None)
@given(frames(), st.integers(0, 70))
def test_the_fingerprint_is_what_its_definition_says(rows, cut):
    whole, parts = Content(), Content()
    whole.add(summed(lines(rows)))
    parts.add(summed(lines(rows.slice(cut))))
    parts.add(summed(lines(rows.head(cut))))
    each = [plain(rows.slice(n, 1))[:-2] for n in range(rows.height)]
    assert str(whole) == "".join(f"{sum(fingerprint(e, s) for e in each) % 2**64:016x}" for s in SEEDS)
    assert str(parts) == str(whole)


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_a_tally_counts_every_row(data):
    rows = data.draw(frames())
    given_, coded = data.draw(told(rows))
    for name in rows.columns:
        assert tally(rows, name) == Counter(rows[name])
        assert tally(given_, name, coded) == Counter(rows[name])


@pytest.mark.parametrize("distinct", [1, 255, 256, 257, 2000])
def test_many_values_are_tallied_like_few(distinct):
    rows = pl.DataFrame({"a": [str(n % distinct) for n in range(5000)]})
    assert tally(rows, "a") == Counter(rows["a"])


def columns(rows):
    """Columns as a Parquet file wants them; texts have a code list now and then."""
    types = {pl.String: "X", pl.Int64: "9"}
    return [
        Column(name=n, label=f"項目{n}", type=types.get(d, "9V"), length="15,2" if d not in types else "15",
               source="G", codes="C001" if i % 2 else "")
        for i, (n, d) in enumerate(rows.schema.items())
    ]  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_parquet_holds_the_rows_in_the_same_bytes_however_they_come(tmp_path_factory, data):
    rows = data.draw(frames())
    rows = rows.select(n for n, d in rows.schema.items() if d not in (pl.Boolean, pl.UInt8))
    if not rows.width:
        return
    rows = rows.cast({n: pl.Decimal(15, 2) for n, d in rows.schema.items() if d == pl.Decimal})
    folder, few = tmp_path_factory.mktemp("p"), data.draw(st.sets(st.sampled_from(rows.columns)))
    cuts = sorted(data.draw(st.lists(st.integers(0, rows.height), max_size=3)))
    hashes = set()
    for way in ("whole", "parts", "coded"):
        file = ParquetFile(folder / way, columns(rows), few)
        for begin, end in zip([0, *cuts], [*cuts, rows.height], strict=True) if way != "whole" else [(0, rows.height)]:
            part = rows.slice(begin, end - begin)
            given_, coded = data.draw(told(part)) if way == "coded" else (part, {})
            file.write(given_, None, coded)
        file.close()
        hashes.add(file.sha256)
        assert file.sha256 == hashlib.sha256((folder / way).read_bytes()).hexdigest()
        assert pl.read_parquet(folder / way).equals(rows)
        schema = pq.read_schema(folder / way)
        assert [f.metadata for f in schema] == [{b"label": f"項目{n}".encode()} for n in rows.columns]
        assert not any("dictionary" in str(t) or "view" in str(t) for t in schema.types)
    assert len(hashes) == 1


def test_row_groups_do_not_depend_on_the_batches(tmp_path):
    count = ROW_GROUP + 5000
    rows = pl.DataFrame({"a": [str(n % 7) for n in range(count)], "b": [f"{n * n} and more" for n in range(count)]})
    found = []
    for size in (count, 16_384, 9_999):
        file = ParquetFile(tmp_path / "f", columns(rows))
        for part in rows.iter_slices(size):
            file.write(part)
        file.close()
        found.append((file.sha256, pq.ParquetFile(tmp_path / "f").metadata.num_row_groups))
    assert found == [(found[0][0], 2)] * 3


@pytest.mark.parametrize("form", sorted(OUTPUTS))
def test_every_output_knows_its_hash_and_takes_coded_columns(tmp_path, form):
    table = Catalog().table("01_resident_register/juki_household")
    rows = pl.DataFrame(
        {c.name: [None, "x", '"'] if c.dtype == pl.String else [1, None, 3] for c in table.columns},
        schema={c.name: c.dtype for c in table.columns},
    )
    name = next(c.name for c in table.columns if c.dtype == pl.String)
    absent = rows.with_columns(_p=pl.Series([1, 2, 0], dtype=pl.UInt32)).drop(name)
    coded = {name: Coded(pl.Series(['"', None, "x"]), "_p")}
    hashes = set()
    for part, code in ((rows, None), (absent, coded)):
        path = tmp_path / "482013_01_0101_x_00_20260401000000"
        output = OUTPUTS[form].of(path, table)
        output.write(part, None, code)
        output.close()
        assert output.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        hashes.add(output.sha256)
    assert len(hashes) == 1


def test_totals_of_coded_columns_are_those_of_the_rows():
    table = Catalog().table("01_resident_register/juki_resident")
    name = next(c.name for c in table.columns if c.codes)
    rows = pl.DataFrame(
        {c.name: ["1", None, "1"] if c.dtype == pl.String else [2**62, 2**62, None] for c in table.columns},
        schema={c.name: c.dtype for c in table.columns},
    )
    absent = rows.with_columns(_p=pl.Series([1, 0, 2], dtype=pl.UInt32)).drop(name)
    coded = {name: Coded(pl.Series([None, "1", "1"]), "_p")}
    plainly, by_place = Totals(table), Totals(table)
    for _ in range(3):
        plainly.add(rows)
        by_place.enter(by_place.part(absent, coded))
    assert plainly.facts() == by_place.facts()
    assert plainly.facts()["rows_by_code"][name] == {"": 3, "1": 6}


def test_a_file_without_rows_has_its_header(tmp_path):
    file = CsvFile(tmp_path / "a.csv", ["宛名番号", 'a"b'])
    file.write(pl.DataFrame(schema={"a": pl.String, "b": pl.Int64}))
    file.close()
    assert (tmp_path / "a.csv").read_bytes() == '"宛名番号","a""b"\r\n'.encode()


@given(
    st.lists(st.one_of(st.none(), st.sampled_from(["", "a" * 12, "a" * 13, "𠮷" * 4]), st.text(max_size=20)), max_size=20),
    st.integers(0, 3),
)
@settings(deadline=None)
def test_a_column_of_an_arrow_array_is_what_polars_makes_of_it(values, begin):
    numbers = [None if v is None else len(v) for v in values]
    for array in (pa.array(values, pa.string_view()), pa.array(numbers, pa.int64()), pa.array(numbers, pa.uint64())):
        for some in (array, array[begin:], array[begin:-1]):
            made = of_arrow("x", some)
            assert made.equals(pl.Series("x", pl.from_arrow(some)), check_names=True, check_dtypes=True)
            assert made.n_chunks() == 1


def test_a_line_without_items_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        lines(pl.DataFrame({"a": ["x"]}), [])
