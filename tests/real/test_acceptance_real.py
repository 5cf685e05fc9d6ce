"""The rows of tests/test_acceptance.py that speak of real files: `S20` is the row, and the id of its test.

What differs from a judge differs in a list that is complete, or in the words behind the row's number.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import unicodedata
import zipfile
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hosts import layout as host_layout
from hosts import read as host_read
from hosts import record as host_record

from migrate.catalog.copybook import draft
from migrate.check.values import VALUES
from migrate.convert.characters import repertoire
from migrate.convert.text import blank_if, widen, without
from migrate.frames import OFFSET, RECORD
from migrate.model import Field, Layout, RecordType
from migrate.peek import peek
from migrate.peek.encoding import encoding as encoding_seen
from migrate.peek.material import Piece
from migrate.read import Reader
from migrate.read.encodings import ENCODINGS

NO = "\ufffd"
SELECTORS = re.compile("[\U000e0100-\U000e01ef]")


def described(name, path, fields, **more):
    facts = {"format": "csv", "newline": "crlf", "characters": "microsoft", "encoding": "cp932", **more}
    return Layout(name=name, path=path, title="", source="", record=(RecordType(name="row", fields=fields),), **facts)


def columns(named):
    """The columns of a CSV: names and types in their order."""
    return tuple(Field(name=n, label=n, start=i, type=t) for i, (n, t) in enumerate(named, 1))


def whole(spec, path):
    """A file in one frame, its issues and faults; every byte of it is in one record, once."""
    reads = list(Reader(spec).batches(path))
    blocks = [one.block for one in reads]
    assert b"".join(b.data[b.bounds[0] : b.bounds[-1]].tobytes() for b in blocks) == path.read_bytes()
    said = [row for one in reads for row in one.issues.rows() + one.faults.rows()]
    return pl.concat([one.frames["row"] for one in reads]).drop(OFFSET), said


# ---- 郵便番号データ: two official files that say the same ----

AREA = ["city_code:digits", "old_postal:text", "postal:digits", "pref_kana:kana", "city_kana:kana", "town_kana:kana", "pref:wide", "city:wide", "town:wide", "several:digits", "koaza:digits", "chome:digits", "shared:digits", "changed:digits", "reason:digits"]  # fmt: skip
NAMES = [one.partition(":")[0] for one in AREA]
KANA = NAMES[3:6]


def unzipped(realdata, archive, name, folder):
    path = realdata / "japanpost" / archive
    if not path.is_file():
        pytest.skip(f"no {archive} in {path.parent}")
    with zipfile.ZipFile(path) as packed:
        if name not in packed.namelist():
            pytest.skip(f"no {name} in {archive}")
        return Path(packed.extract(name, folder))


@pytest.fixture(scope="module")
def ken_all(realdata, tmp_path_factory):
    return unzipped(realdata, "ken_all.zip", "KEN_ALL.CSV", tmp_path_factory.mktemp("ken_all"))


@pytest.fixture(scope="module")
def areas(ken_all):
    """KEN_ALL.CSV by our reader, by profile."""
    kinds = [one.partition(":")[2] for one in AREA]
    fields = columns(zip(NAMES, kinds, strict=True))
    read = {}
    for characters in ("jis", "microsoft"):
        frame, said = whole(described("japanpost/ken_all", ken_all, fields, characters=characters), ken_all)
        assert said == []
        read[characters] = frame
    return read


@pytest.fixture(scope="module")
def twin(realdata, tmp_path_factory):
    """utf_ken_all.csv by our reader."""
    path = unzipped(realdata, "utf_ken_all.zip", "utf_ken_all.csv", tmp_path_factory.mktemp("utf"))
    frame, said = whole(described("japanpost/utf_ken_all", path, columns((n, "text") for n in NAMES), encoding="utf-8"), path)
    assert said == []
    return frame.drop(RECORD)


def rejoined(frame):
    """The rows, those put together again that go on within a parenthesis; kana widened by our word."""
    rows, open_town = [], False
    town, kana = NAMES.index("town"), NAMES.index("town_kana")
    for row in frame.drop(RECORD).iter_rows():
        if open_town:
            last = rows[-1]
            last[town] += row[town]
            if "(" in last[kana] and ")" not in last[kana]:
                last[kana] += row[kana]
        else:
            rows.append(list(row))
        open_town = "（" in rows[-1][town] and "）" not in rows[-1][town]
    made = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")
    return made.with_columns(widen(pl.col(KANA)))


def in_jis(frame):
    """The signs that Windows and JIS read differently, as a written file of policy jisx0208 has them."""
    return frame.with_columns(pl.col(KANA).str.replace_many(repertoire("jisx0208").twins))


def differing(ours, theirs):
    assert ours.height == theirs.height
    counts = {name: int((~ours[name].eq_missing(theirs[name])).sum()) for name in NAMES}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("row", ["S20"])
def test_of_124825_records_124511_are_left_when_parentheses_are_closed(row, areas, twin):
    assert areas["jis"].height == areas["microsoft"].height == 124_825
    assert rejoined(areas["jis"]).height == twin.height == 124_511


@pytest.mark.parametrize(
    ("row", "characters", "differ"),
    [("S21", "jis", {}), ("S22", "microsoft", {"town": 330, "town_kana": 330})],
)
def test_two_official_files_are_equal_in_15_columns(row, characters, differ, areas, twin):
    ours = rejoined(areas[characters])
    assert ours.width == twin.width == 15
    assert differing(in_jis(ours) if characters == "jis" else ours, twin) == differ


@pytest.mark.parametrize("row", ["S22"])
def test_what_differs_by_profile_are_the_twins_and_nothing_else(row, areas, twin):
    ours = rejoined(areas["microsoft"])
    signs = repertoire("jisx0208").twins
    everywhere = ours.with_columns(pl.col(*KANA, "pref", "city", "town").str.replace_many(signs))
    assert differing(everywhere, twin) == {}


@pytest.mark.parametrize("row", ["N07"])
def test_the_kana_of_a_real_town_is_widened(row, areas):
    town = rejoined(areas["jis"].filter(pl.col("town_kana") == "ｵｵﾄﾞｵﾘﾆｼ(1-19ﾁｮｳﾒ)"))
    assert town["town_kana"].to_list() == ["オオドオリニシ（１－１９チョウメ）"]
    assert in_jis(town)["town_kana"].to_list() == ["オオドオリニシ（１−１９チョウメ）"]


@pytest.mark.parametrize("row", ["S23 KEN_ALL"])
@pytest.mark.parametrize("characters", ["jis", "microsoft"])
def test_the_file_is_written_again_from_its_values_byte_by_byte(row, characters, areas, ken_all):
    encoding = ENCODINGS["cp932"](characters)
    frame = areas[characters].drop(RECORD)
    met = {c for name in NAMES for value in frame[name].drop_nulls().unique() for c in value}
    written = str.maketrans({c: encoding.encode(c).decode("latin-1") for c in met})  # no character depends on another
    filled = frame.with_columns(pl.col("old_postal").str.pad_end(5))
    marks = [pl.format('"{}"', pl.col(n)) if 1 <= i <= 8 else pl.col(n) for i, n in enumerate(NAMES)]
    lines = filled.select(pl.concat_str(marks, separator=",")).to_series()
    again = "".join(f"{line}\r\n" for line in lines).translate(written)
    assert again.encode("latin-1") == ken_all.read_bytes()
    assert len(met) > 2_000


@pytest.mark.parametrize("row", ["S23 JIGYOSYO"])
def test_offices_are_read_in_full_and_written_again(row, realdata, tmp_path):
    path = unzipped(realdata, "ken_all.zip", "JIGYOSYO.CSV", tmp_path)
    names = ["city_code", "kana", "name", "pref", "city", "town", "street", "postal", "old_postal", "post_office", "kind", "several", "changed"]
    spec = described("japanpost/jigyosyo", path, columns((n, "text") for n in names))
    frame, said = whole(spec, path)
    assert (frame.height, said) == (22_416, [])
    encoding = ENCODINGS["cp932"]("microsoft")
    with path.open(encoding="latin-1", newline="") as file:
        cells = {cell.encode("latin-1") for row in csv.reader(file) for cell in row}
    assert [cell for cell in cells if encoding.encode(encoding.decode(cell)) != cell] == []


@pytest.mark.parametrize("row", ["I06"])
@pytest.mark.parametrize("written", ["160-0023", "〒160-0023", "1600023"])
def test_a_postal_code_leads_to_its_town(row, written, areas):
    code = pl.select(without(pl.lit(written), characters="〒-")).item()
    found = areas["jis"].filter(pl.col("postal") == code).select("pref", "city", "town").rows()
    assert ("東京都", "新宿区", "西新宿") in [(p, c, t.partition("（")[0]) for p, c, t in found]


@pytest.mark.parametrize("row", ["I05"])
def test_every_city_of_the_file_has_one_check_digit(row, areas):
    five = areas["jis"].select(pl.col("city_code").unique().sort())
    made = five.join(pl.DataFrame({"last": [str(n) for n in range(10)]}), how="cross")
    good = made.filter(VALUES["city_code"](pl.col("city_code") + pl.col("last")))
    assert good.height == five.height > 1_800
    found = dict(good.rows())
    assert [found[code] for code in ("13101", "47201")] == ["6", "8"]  # 40130 is the city above its wards


@pytest.mark.parametrize("row", ["X01"])
def test_the_first_2000_bytes_are_cp932(row, ken_all, tmp_path):
    head = ken_all.read_bytes()[:2048]
    assert encoding_seen([Piece(0, head)]).value == "cp932"
    (tmp_path / "head").write_bytes(head)
    assert peek(tmp_path / "head").look.encoding.value == "cp932"


# ---- 震度・加速度値ファイル ----

YEARS = ("i2010", "i2016", "i2020")


def joined(batches, spec):
    return {name: pl.concat([batch.frames[name] for batch in batches]) for name in spec.types}


def events(frame):
    """A run of headers and the stations behind it, a row an event: how many of each, and what the headers count."""
    count = pl.col("station_count").str.strip_chars().cast(pl.Int64)
    rows = pl.concat([
        frame["hypocentre"].select(RECORD, header=pl.lit(value=True), count=count),
        frame["station"].select(RECORD, header=pl.lit(value=False), count=pl.lit(None, pl.Int64)),
    ]).sort(RECORD)  # fmt: skip
    begins = pl.col("header") & ~pl.col("header").shift(fill_value=False)
    return rows.group_by(begins.cum_sum().alias("event"), maintain_order=True).agg(
        hypocentres=pl.col("header").sum(),
        stations=(~pl.col("header")).sum(),
        first=pl.col("count").first(),
        others=pl.col("count").slice(1).drop_nulls().len(),
    )


@pytest.fixture(scope="module")
def shindo(catalog, realdata):
    spec = catalog.layout("jma/shindo")
    reads = {year: list(Reader(spec).batches(realdata / f"jma_shindo/{year}.dat")) for year in YEARS}
    return reads, {year: joined(batches, spec) for year, batches in reads.items()}


@pytest.mark.parametrize("row", ["S01"])
def test_every_record_has_96_bytes_and_a_known_first_byte(row, shindo, realdata):
    reads, _ = shindo
    raws = [read.block.raw(i) for read in reads["i2010"] for i in range(len(read.block))]
    assert {len(raw) for raw in raws} == {98}
    assert {raw[96:] for raw in raws} == {b"\r\n"}
    firsts = {raw[:1] for raw in raws}
    assert b"A" in firsts
    assert firsts <= {bytes([byte]) for byte in b"ABD0123456789"}
    assert sum(map(len, raws)) == (realdata / "jma_shindo/i2010.dat").stat().st_size


@pytest.mark.parametrize("row", ["S02: three of its years lie here"])
def test_the_records_of_three_years_are_all_read(row, shindo):
    reads, frames = shindo
    assert sum(f["station"].height for f in frames.values()) == 215_166
    assert sum(f.height for group in frames.values() for f in group.values()) == 225_342
    assert sum(r.issues.height + r.faults.height for batches in reads.values() for r in batches) == 0


@pytest.mark.parametrize("row", ["S03"])
def test_the_first_header_counts_the_stations_behind_it(row, shindo):
    found = pl.concat([events(frame) for frame in shindo[1].values()])
    assert found.height == 9_614
    assert found.filter(pl.col("first").ne_missing(pl.col("stations"))).is_empty()


@pytest.mark.parametrize("row", ["S04: in the years that lie here"])
def test_a_second_header_of_an_event_has_no_count_which_is_not_0(row, shindo):
    _, frames = shindo
    found = pl.concat([events(frame) for frame in frames.values()])
    several = found.filter(pl.col("hypocentres") > 1)
    assert several.height > 0
    assert several["others"].sum() == 0
    headers = pl.concat([frame["hypocentre"] for frame in frames.values()])
    blank = headers.filter(pl.col("station_count").is_null()).height
    assert blank == (several["hypocentres"] - 1).sum()


@pytest.mark.parametrize("row", ["S16: three years lie here; year, month and second are in test_jma_shindo.py"])
def test_station_rows_are_those_of_another_parser(row, shindo, realdata):
    with gzip.open(realdata / "jma_shindo/stations_2010_2016_2020.csv.gz") as file:
        theirs = pl.read_csv(file.read(), infer_schema=False)
    ours = pl.concat([frame["station"] for frame in shindo[1].values()])
    columns = {"station": "station_no", "intensity": "intensity", "day": "day", "hour": "hour", "minute": "minute",
               "intensity_equip": "measured_intensity", "acceleration_max_comb": "acceleration"}  # fmt: skip
    mine = ours.select(pl.col(my).alias(their) for their, my in columns.items())
    assert mine.sort("station", maintain_order=True).rows() == theirs.select(list(columns)).sort("station", maintain_order=True).rows()


@pytest.mark.parametrize("row", ["S17"])
def test_names_of_22_bytes_are_cut_as_bytes(row, shindo, realdata):
    reads, frames = shindo
    names = pl.concat([frame["hypocentre"]["place"] for frame in frames.values()]).unique().drop_nulls().to_list()
    assert "新島・神津島近海" in names
    raw = {read.block.raw(n - read.block.first)[68:90] for read, n in at_headers(reads, frames)}
    assert {ENCODINGS["cp932"]("microsoft").decode(cell).rstrip(" \u3000") for cell in raw} - {""} == set(names)
    assert not any(NO in name for name in names)
    assert len(names) > 150  # 305 in the 26 years of the whole collection
    assert bytes.fromhex("905F92C39387") in b"".join(raw)


def at_headers(reads, frames):
    for year, batches in reads.items():
        numbers = frames[year]["hypocentre"][RECORD].to_list()
        for read in batches:
            last = read.block.first + len(read.block)
            yield from ((read, n) for n in numbers if read.block.first <= n < last)


@pytest.mark.parametrize("row", ["S19"])
def test_a_missing_acceleration_is_blank_by_its_word_and_kept_in_the_file(row, shindo):
    column = pl.concat([frame["station"]["acceleration"] for frame in shindo[1].values()]).drop_nulls()
    missing = column.filter(column == "/////")
    assert missing.len() > 0
    assert pl.select(blank_if(missing, values=("/////",))).to_series().unique().to_list() == [""]
    rest = column.filter(column != "/////")
    assert pl.select(blank_if(rest, values=("/////",))).to_series().equals(rest)


@pytest.mark.parametrize("row", ["S30"])
def test_the_count_lies_at_bytes_91_to_95_and_not_at_characters(row, shindo):
    read, frames = shindo[0]["i2010"][0], shindo[1]["i2010"]
    raw = [read.block.raw(i)[:96] for i in range(len(read.block)) if read.block.raw(i)[:1] in b"ABD"]
    by_bytes = [record[90:95].decode("ascii").strip() or None for record in raw]
    by_characters = [record.decode("cp932")[90:95].strip() or None for record in raw]
    counts = frames["hypocentre"]["station_count"].to_list()[: len(raw)]
    assert [count and count.strip() for count in counts] == by_bytes
    assert by_characters != by_bytes


STATIONS = ("code", "address", "lat", "lon", "from", "to")


@pytest.mark.parametrize("row", ["S18"])
def test_the_table_of_stations_equals_its_besidebut_for_what_the_besidelost(row, realdata):
    path = realdata / "jma_shindo/code_p.dat"
    names = ("code", "address", "lat", "lon", "since", "until")
    frame, said = whole(described("jma/code_p", path, columns((n, "text") for n in names), delimiter="\t"), path)
    with (path.parent / "code_p_20231205_df.csv").open(encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))
    assert said == []
    assert frame.height == len(theirs) == 7_087
    differ = []
    for mine, their in zip(frame.drop(RECORD).rows(), theirs, strict=True):
        said_there = tuple((their[n].removesuffix(".0") if n == "to" else their[n]) or None for n in STATIONS)
        differ += [(mine[0], n, m, t) for n, m, t in zip(STATIONS, mine, said_there, strict=True) if m != t]
    assert differ == [("5399999", "lat", "0000", "0"), ("5399999", "lon", "00000", "0")]


# ---- files of banks and hosts ----


@pytest.mark.parametrize("row", ["S07"])
def test_a_file_of_carriage_returns_alone_has_five_records(row, catalog, realdata):
    path = realdata / "zengin/src/test/resources/conformance/input/sougou-furikomi.txt"
    [read] = Reader(catalog.layout("zengin/sougou_furikomi")).batches(path)
    rows = sorted(r for frame in read.frames.values() for r in frame.select(RECORD, OFFSET).rows())
    assert [offset for _, offset in rows] == [0, 121, 242, 363, 484]
    assert [read.block.raw(i)[:1] for i in range(len(read.block))] == [b"1", b"2", b"2", b"8", b"9"]
    assert read.issues.height == read.faults.height == 0


@pytest.mark.parametrize(
    ("row", "file", "prefix"),
    [("S08", "test5_data/COMP.DETAILS.SEP30.DATA.dat", "rdw_little"),
     ("S09", "test5b_data/COMP.DETAILS.FEB02.DATA.RDW.BE.dat", "rdw_exclusive")],
)  # fmt: skip
def test_1000_records_are_cut_by_their_lengths_and_peek_says_which(row, file, prefix, realdata, tmp_path):
    path = realdata / "cobrix_ebcdic" / file
    made = host_layout(tmp_path, host_record(tmp_path, "r", "segment,S,1,1,text\nrest,R,2,63,filler"), prefix=prefix)
    found = host_read(tmp_path, path.read_bytes(), made)
    sizes = [int(n) for one in found.reads for n in one.block.bounds[1:] - one.block.bounds[:-1]]
    assert (len(sizes), set(sizes)) == (1000, {64, 68})
    assert peek(path).look.structure.record.value == prefix


@pytest.fixture(scope="module")
def test6(realdata):
    return draft(realdata / "cobrix_ebcdic/test6_copybook.cob")


@pytest.mark.parametrize("row", ["S11"])
def test_the_copybook_of_196_items_is_laid_out_as_cobrix_says(row, test6, realdata):
    folder = realdata / "cobrix_ebcdic"
    shape = re.compile(r"\s*\d+ (\w+)\s+\d+\s+(\d+)\s+(\d+)\s+\d+$")
    lines = map(shape.match, (folder / "test6_expected/test6_layout.txt").read_text("utf-8").splitlines())
    theirs = [(m[1].upper(), int(m[2]), int(m[3])) for m in lines if m]
    fields = test6.records[0].fields
    ours = [(f.name.upper(), f.start, f.start + f.bytes - 1) for f in fields]
    assert [("RECORD", 1, 1493), *ours] == theirs
    assert (len(theirs), theirs[-1][2], test6.settings["record_bytes"]) == (196, 1493, 1493)


NO_COBOL = {"num_str_edec03", "num_str_edec04", "num_str_edec05", "num_str_edec06"}
"""S9(3).99: a sign over a digit of an edited number. Refused here; Cobrix reads them."""
LOW_VALUES = {"string_val"}
"""PIC X with low values behind the text. Refused here, as every control character is; Cobrix trims them."""


@pytest.mark.parametrize("row", ["S12: 190 of 195 fields, the others refused"])
def test_the_values_of_test_6_read_by_the_imported_copybook_are_cobrixs(row, test6, realdata, tmp_path):
    folder = realdata / "cobrix_ebcdic"
    record = test6.records[0]
    [data] = (folder / "test6_data").iterdir()
    found = host_read(tmp_path, data.read_bytes(), host_layout(tmp_path, record, record_bytes=1493))
    said = [json.loads(x, parse_float=Decimal) for x in (folder / "test6_expected/test6.txt").read_text("utf-8").splitlines()]
    assert {item for _, _, item, _ in found.issues} == NO_COBOL | LOW_VALUES
    assert len(found.issues) == 500
    differ, compared = [], 0
    for line, wanted in zip(found.rows[record.name], said, strict=True):
        theirs = {name.lower(): value for name, value in wanted.items()}
        for (name, field), value in zip(record.read.items(), line[1:], strict=True):
            if name in NO_COBOL | LOW_VALUES:
                continue
            ours = value if value is None or field.type == "text" else Decimal(value) if not field.whole else Decimal(value).scaleb(-field.scale)
            compared += 1
            if ours != theirs.get(name):
                differ.append((line[0], name, ours, theirs.get(name)))
    assert differ == []
    assert compared == 100 * 190


@pytest.mark.parametrize("row", ["S15"])
def test_packed_numbers_read_by_the_imported_copybook_are_jrecords(row, realdata, tmp_path):
    folder = realdata / "jrecord_ebcdic"
    record = draft(folder / "DTAR020.cbl").records[0]
    found = host_read(tmp_path, (folder / "DTAR020.bin").read_bytes(), host_layout(tmp_path, record))
    with (folder / "DTAR020.csv").open(newline="", encoding="utf-8") as file:
        said = list(csv.reader(file, delimiter="\t"))[1:]
    ours = [[key, *map(str, amounts), str(Decimal(price).scaleb(-2))] for _, key, *amounts, price in found.rows[record.name]]
    assert ours == said
    assert (len(said), "-19.00" in [line[-1] for line in said], found.issues) == (379, True, [])


# ---- files that Java wrote in a host's encoding ----

HOST = (
    Field(name="code", label="", start=1, bytes=5, type="text"),
    Field(name="postal", label="", start=6, bytes=7, type="digits"),
    Field(name="kana", label="", start=13, bytes=50, type="text"),
    Field(name="city", label="", start=63, bytes=40, type="wide"),
    Field(name="town", label="", start=103, bytes=60, type="text"),
    Field(name="amount", label="", start=163, bytes=5, type="packed"),
    Field(name="balance", label="", start=168, bytes=8, type="zoned"),
    Field(name="number", label="", start=176, bytes=4, type="binary"),
    Field(name="rest", label="", start=180, bytes=21, type="filler"),
)


@pytest.mark.parametrize(
    ("row", "file", "encoding", "characters", "table", "refused"),
    [
        ("S25 ibm930", "ibm_cp930", "ibm930", "microsoft", "", {}),
        ("S25 jipsj", "nec_jipsj_jis8", "jipsj-jis8", "jis", "", {}),
        ("S26 with jef4j's table", "fujitsu_jef_ebcdik", "jef-ebcdik", "jis", "fujitsu_jef_mapping.json", {}),
        ("S26 as shipped: 箪 and 驒 lie in an extension without a public table", "fujitsu_jef_ebcdik", "jef-ebcdik", "microsoft", "",
         {"city", "town"}),
    ],
)  # fmt: skip
def test_16000_values_of_a_hosts_file_are_those_that_were_written(row, file, encoding, characters, table, refused, realdata):
    folder = realdata / "mainframe_encoded"
    beside = realdata / "jef4j_tables/layout.toml"
    spec = Layout(name="host/mixed", path=beside, title="", source="", format="fixed", encoding=encoding, newline="none", table=table,
                  zoned="ascii" if encoding == "jipsj-jis8" else "",
                  record_bytes=200, characters=characters, record=(RecordType(name="row", fields=HOST),))  # fmt: skip
    reads = list(Reader(spec).batches(folder / f"{file}.dat"))
    frame = pl.concat([one.frames["row"] for one in reads])
    issues = pl.concat([one.issues for one in reads])
    with (folder / f"{file}.expected.tsv").open(encoding="utf-8", newline="") as source:
        said = list(csv.reader(source, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    bad = set(issues.select("record", "item").rows())
    names = [f.name for f in HOST if f.type != "filler"]
    differ, compared = [], 0
    for number, (mine, theirs) in enumerate(zip(frame.select(names).rows(), said, strict=True), 1):
        for name, my, their in zip(names, mine, theirs, strict=True):
            if (number, name) in bad:
                continue
            compared += 1
            shown = SELECTORS.sub("", my) if isinstance(my, str) else my
            if str(shown if shown is not None else "") != their.rstrip(" \u3000"):
                differ.append((number, name, shown, their))
    assert differ == []
    assert compared + len(bad) == 16_000
    assert {item for _, item in bad} <= set(refused)
    assert bool(bad) == bool(refused)


@pytest.mark.parametrize("row", ["S27: 97 by jef4j's table; 82 by ours, which unifies what JIS X 0208 does"])
def test_jef_read_as_keis_swaps_these_kanji(row, realdata):
    jef, keis = ENCODINGS["jef-ebcdik"]("jis"), ENCODINGS["keis83-ebcdik"]("jis")
    glyphs = jef.with_table(realdata / "jef4j_tables/fujitsu_jef_mapping.json")
    codes = [bytes((high, low)) for high in range(0xA1, 0xFF) for low in range(0xA1, 0xFF)]

    def swapped(one):
        pairs = ((SELECTORS.sub("", one.decode_wide(code)), keis.decode_wide(code)) for code in codes)
        return {(a, b) for a, b in pairs if NO not in a + b and a != b}

    ours, theirs = swapped(jef), swapped(glyphs)
    assert len(theirs - {("―", "—")}) == 97  # the dash of A1BD is EUC's in JEF and another in KEIS
    assert len(ours) == 82
    assert {("鷗", "鴎"), ("桧", "檜"), ("檜", "桧")} <= ours & theirs


@pytest.mark.parametrize(
    ("row", "file", "wanted"),
    [("X05 jef", "fujitsu_jef_ebcdik", "jef-ebcdik"), ("X05 jipsj", "nec_jipsj_jis8", "jipsj-jis8"),
     ("X05 ibm", "ibm_cp930", "ibm930")],
)  # fmt: skip
def test_peek_tells_hosts_apart_by_their_first_2000_bytes(row, file, wanted, realdata, tmp_path):
    path = tmp_path / "unknown"
    path.write_bytes((realdata / f"mainframe_encoded/{file}.dat").read_bytes()[:2000])
    assert peek(path).look.encoding.value == wanted


# ---- texts with a twin in UTF-8, line by line (ISO-2022-JP-3 is none of our encodings) ----

SAME: dict[str, str] = {}
DASHES = {"—": "―", "｟": "⦅", "｠": "⦆"}  # JIS X 0213 by glibc, and by Python
OLD = (
    "—―￠¢￡£鰺鯵鶯鴬蠣蛎攪撹竈竃灌潅諫諌堯尭頸頚昻昂礦砿蘂蕊靱靭賤賎壺壷礪砺檮梼濤涛邇迩蠅蝿檜桧槇槙儘侭藪薮遙遥籠篭侭儘壷壺"
    "撹攪桧檜梼檮涛濤潅灌熙煕瑤瑶砿礦砺礪竃竈篭籠蕊蘂薮藪蛎蠣蝿蠅諌諫賎賤迩邇靭靱頚頸鯵鰺鴬鶯尭堯槙槇遥遙瑶瑤煕熙￢¬¦￤昂昻"
)
"""IBM932 is the table of 1978: what each of its characters is in cp932, the other one behind it."""
PAIRS = {
    # row: file (with its twin beside it), encoding, newline, what their characters are here
    "S28 ibm930": ("glibc_iconv_pairs/IBM930", "ibm930", b"\x25", SAME),
    "S28 ibm939": ("glibc_iconv_pairs/IBM939", "ibm939", b"\x25", SAME),
    "S28 ibm1390": ("glibc_iconv_pairs/IBM1390", "ibm1390", b"\x25", SAME),
    "S28 ibm1399": ("glibc_iconv_pairs/IBM1399", "ibm1399", b"\x25", SAME),
    "S28 ibm943": ("glibc_iconv_pairs/IBM943", "ibm943", b"\n", SAME),
    "glibc, IBM932 read as cp932": ("glibc_iconv_pairs/IBM932", "cp932", b"\n", dict(zip(OLD[::2], OLD[1::2], strict=True))),
    "glibc, SHIFT_JISX0213": ("glibc_iconv_pairs/SHIFT_JISX0213", "shift_jis-2004", b"\n", DASHES),
    "glibc, EUC-JISX0213": ("glibc_iconv_pairs/EUC-JISX0213", "euc_jis_2004", b"\n", DASHES),
    "glibc, EUC-JP": ("glibc_iconv_pairs/EUC-JP", "eucjp-ms", b"\n", SAME),
    "glibc, ISO-2022-JP": ("glibc_iconv_pairs/ISO-2022-JP", "iso-2022-jp", b"\n", SAME),
    "CPython, shift_jis": ("cpython_cjk_pairs/shift_jis.txt", "cp932", b"\n", SAME),
    "CPython, shift_jisx0213": ("cpython_cjk_pairs/shift_jisx0213.txt", "shift_jis-2004", b"\n", SAME),
    "CPython, euc_jp": ("cpython_cjk_pairs/euc_jp.txt", "eucjp-ms", b"\n", SAME),
    "CPython, euc_jisx0213": ("cpython_cjk_pairs/euc_jisx0213.txt", "euc_jis_2004", b"\n", SAME),
    "CPython, iso2022_jp": ("cpython_cjk_pairs/iso2022_jp.txt", "iso-2022-jp", b"\n", SAME),
}  # fmt: skip


def read_lines(path, name, lines, folder):
    """The lines as fixed records of one field, filled with the encoding's blank: each value, and issues."""
    width = max(map(len, lines))
    blank = bytes([ENCODINGS[name]("jis").blank])
    (folder / "lines").write_bytes(b"".join(line.ljust(width, blank) for line in lines))
    field = Field(name="x", label="", start=1, bytes=width, type="text")
    spec = Layout(name="t/t", path=path, title="", source="", format="fixed", encoding=name, newline="none", record_bytes=width,
                  characters="jis", record=(RecordType(name="row", fields=(field,)),))  # fmt: skip
    reads = list(Reader(spec).batches(folder / "lines"))
    issues = [row for one in reads for row in one.issues.select("record", "code").rows()]
    return pl.concat([one.frames["row"] for one in reads])["x"].to_list(), dict(issues)


@pytest.mark.parametrize("row", PAIRS)
def test_a_text_is_its_besideline_by_line(row, realdata, tmp_path):
    source, name, newline, known = PAIRS[row]
    path = realdata / source
    beside = path.with_name(path.stem + "-utf8.txt") if path.suffix else path.with_name(path.name + "..UTF8")
    theirs = beside.read_bytes().decode("utf-8").split("\n")
    ours, refused = read_lines(path, name, path.read_bytes().split(newline), tmp_path)
    assert len(ours) == len(theirs)
    controls = {n for n, line in enumerate(theirs, 1) if any(unicodedata.category(c) == "Cc" for c in line)}
    assert set(refused) == controls
    assert set(refused.values()) <= {"control_character", "invalid_byte"}
    met = set()
    for number, (their, mine) in enumerate(zip(theirs, ours, strict=True), 1):
        if number not in controls:
            pairs = list(zip(their.rstrip(" \u3000"), mine or "", strict=True))
            met |= {pair for pair in pairs if pair[0] != pair[1]}
    assert met == set(known.items())
