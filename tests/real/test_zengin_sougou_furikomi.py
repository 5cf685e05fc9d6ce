"""総合振込 in the banks' common format: every field of every record, and what a damaged file is told.

Judge: zengin4j's own account of its conformance file, which names offset, length and value of each field.
"""

import re

import polars as pl
import pytest

from migrate.frames import OFFSET, RECORD
from migrate.read import Reader

RECORD_LINE = re.compile(r"-- record (\d+) (\w+) @(\d+)")
FIELD_LINE = re.compile(r" {3}(\w+) +\[(\d+)\+(\d+)\] (.*)")
BOOK_RECORD = re.compile(r" {4}(\w+):\n +discriminator: \"(\d)\"\n +fields:\n((?: {8}.*\n?)+)")
BOOK_FIELD = re.compile(r"^ *- \{.*? id: (\w+), +ja: (\S+), .*?type: (\w), +length: (\d+)", re.MULTILINE)
STRIDE = 120 + 1
HEADER, DATA_1, DATA_2, TRAILER, END = range(5)


@pytest.fixture(scope="module")
def folder(realdata):
    return realdata / "zengin"


@pytest.fixture(scope="module")
def source(folder):
    return folder / "src/test/resources/conformance/input/sougou-furikomi.txt"


@pytest.fixture(scope="module")
def layout(catalog):
    return catalog.layout("zengin/sougou_furikomi")


@pytest.fixture(scope="module")
def account(folder):
    """The account: facts about the file, and for each record number, type, offset and fields."""
    lines = (folder / "src/test/resources/conformance/sougou-furikomi.expected.txt").read_text("utf-8").splitlines()
    facts, records = {}, []
    for line in lines:
        if found := RECORD_LINE.fullmatch(line):
            records.append((int(found[1]), found[2].lower(), int(found[3]), []))
        elif found := FIELD_LINE.fullmatch(line):
            value = None if found[4] == "(empty)" else found[4]
            records[-1][3].append((snake(found[1]), int(found[2]), int(found[3]), value))
        elif found := re.fullmatch(r"(\w+) +(\S+)", line):
            facts[found[1]] = found[2]
        else:
            assert line == "" or line.startswith("==="), f"not understood: {line}"
    return facts, records


def snake(name):
    return re.sub(r"(?<=.)(?=[A-Z])", "_", name).lower()


def read(layout, path, size=1000):
    return list(Reader(layout).batches(path, size))


def told(batches, layout):
    """What we read, in the words of the account; a filler is told from the bytes."""
    records = []
    for batch in batches:
        for name, frame in batch.frames.items():
            for row in frame.iter_rows(named=True):
                raw = batch.block.raw(row[RECORD] - batch.block.first)
                fields = []
                for field in layout.types[name].fields:
                    cell = raw[field.at : field.at + field.bytes].decode("ascii") if field.type == "filler" else None
                    value = row[field.name] if cell is None else cell.rstrip() or None
                    fields.append((field.name, field.at, field.bytes, value))
                records.append((row[RECORD], name, row[OFFSET], fields))
    return sorted(records)


def found(batches, what):
    return pl.concat([getattr(batch, what) for batch in batches])


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_every_field_of_every_record_equals_the_account(layout, source, account, size):
    facts, records = account
    batches = read(layout, source, size)
    assert len(records) == int(facts["records"]) == 5
    assert sum(len(fields) for _, _, _, fields in records) == 13 + 2 * 16 + 4 + 2
    assert told(batches, layout) == records
    assert found(batches, "issues").is_empty()
    assert found(batches, "faults").is_empty()


def test_what_the_trailer_declares_is_what_the_account_computed(layout, source, account):
    facts, _ = account
    [batch] = read(layout, source)
    assert facts["separator"] == "CR"
    assert batch.frames["data"].height == int(facts["computedCount"])
    assert batch.frames["data"]["amount"].cast(pl.Int64).sum() == int(facts["computedTotal"])


def test_the_layout_has_the_fields_of_the_published_book(layout, folder):
    book = (folder / "formats/sougou-furikomi.yaml").read_text("utf-8")
    types = {"digits": "N", "kana": "C", "filler": "C"}
    theirs = {
        (name, tag): [(snake(i), ja, kind, int(size)) for i, ja, kind, size in BOOK_FIELD.findall(fields)]
        for name, tag, fields in BOOK_RECORD.findall(book)
    }
    ours = {
        (record.name, record.tag[0].values[0]): [(f.name, f.label, types[f.type], f.bytes) for f in record.fields]
        for record in layout.records
    }
    assert len(theirs) == 4
    assert ours == theirs


def changed_digit(records):
    """The last digit of the first amount, one higher."""
    at = 89
    first = records[DATA_1]
    return [records[HEADER], first[:at] + bytes([first[at] + 1]) + first[at + 1 :], *records[DATA_2:]]


def without(*dropped):
    return lambda records: [record for i, record in enumerate(records) if i not in dropped]


def counted(count):
    return lambda records: [*records[:TRAILER], b"8" + count + records[TRAILER][7:], records[END]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without(), []),
        (changed_digit, [("wrong_total", "total_amount", 4, 3 * STRIDE + 7)]),
        (counted(b"000003"), [("wrong_count", "record_count", 4, 3 * STRIDE + 1)]),
        (
            without(DATA_2),
            [
                ("wrong_count", "record_count", 3, 2 * STRIDE + 1),
                ("wrong_total", "total_amount", 3, 2 * STRIDE + 7),
            ],
        ),
        (without(TRAILER), [("no_trailer", "", 5, 4 * STRIDE)]),
        (without(TRAILER, END), [("no_trailer", "", 4, 3 * STRIDE), ("no_end", "", 4, 3 * STRIDE)]),
        (without(HEADER), [("no_header", "", 1, 0)]),
    ],
    ids=[
        "nothing is changed",
        "one digit of an amount is another",
        "the trailer counts one more",
        "a data record is missing",
        "the trailer is missing",
        "the file is cut off before its trailer",
        "the header is missing",
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_a_damaged_file_is_told_what_is_wrong_with_it(layout, source, tmp_path, change, expected, size):
    path = tmp_path / source.name
    path.write_bytes(b"".join(change(source.read_bytes().splitlines(keepends=True))))
    batches = read(layout, path, size)
    faults = found(batches, "faults")
    assert faults.select("code", "item", "record", "byte").rows() == expected
    assert set(faults["severity"]) <= {"error"}
    assert found(batches, "issues").is_empty()


def test_a_lost_byte_spoils_its_own_record_only(layout, source, tmp_path):
    records = source.read_bytes().splitlines(keepends=True)
    records[DATA_1] = records[DATA_1][1:]
    path = tmp_path / source.name
    path.write_bytes(b"".join(records))
    batches = read(layout, path)
    issues = found(batches, "issues")
    assert issues.select("code", "record", "byte", "value").rows() == [("wrong_length", 2, STRIDE, "119 / 120 bytes")]
    assert [(row[0], row[1], row[2]) for row in told(batches, layout)] == [
        (1, "header", 0),
        (3, "data", 2 * STRIDE - 1),
        (4, "trailer", 3 * STRIDE - 1),
        (5, "end", 4 * STRIDE - 1),
    ]
