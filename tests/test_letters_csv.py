"""CSV in every encoding that it may have: the same table reads alike, and damage costs one record only."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from test_letters import ASCII, BOOKS, EUC, KANA, Book, half

from migrate.catalog import Catalog
from migrate.catalog.legacy import CSV_ENCODINGS
from migrate.errors import KnowledgeError, SourceError
from migrate.model import Field, Layout, RecordType, Tag
from migrate.read import Reader
from migrate.read.encodings import cp932

SIZES = (1, 2, 3, 7, 1000)
ENCODINGS = {"cp932": cp932("microsoft"), "eucjp-ms": EUC.made(), "utf-8": BOOKS["utf-8"].made(),
             "iso-2022-jp": BOOKS["iso"].made(),
             "utf-16le": Book([ASCII], [{}], scheme="utf-16le").made(),
             "utf-16be": Book([ASCII], [{}], scheme="utf-16be").made()}  # fmt: skip
MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16le": b"\xff\xfe", "utf-16be": b"\xfe\xff", "iso-2022-jp": b"", "cp932": b"", "eucjp-ms": b""}
TAG = (Tag.model_validate({"at": 1, "is": ["1"]}),)
FIELDS = tuple(
    Field(name=n, label=label, start=i, type=t)
    for i, (n, label, t) in enumerate(
        [("kind", "種別", "digits"), ("no", "番号", "digits"), ("name", "氏名", "wide"), ("kana", "カナ", "kana"),
         ("note", "備考", "text"), ("sum", "金額", "number")], 1)
)  # fmt: skip
TABLE = [
    ("1", "0001", "山田　太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "2階, \"北\"側", "-1,234"),
    ("1", "0002", "東京", "ABC", "改行\r\nあり", "5"),
    ("1", "", "", "", "", ""),
    ("1", "000000000000000003", "能表ソ", "ｱ", "a long note of nothing but ASCII", "+7"),
    ("1", "0004", "∴∞", "ﾟ", "ｱ,漢\"字\"\"", "999,999"),
    ("1", "0005", "々〆", "x", "  lead 末　", "0"),
]  # fmt: skip
READ = [
    (1, "1", "0001", "山田　太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "2階, \"北\"側", -1234),
    (2, "1", "0002", "東京", "ABC", "改行\r\nあり", 5),
    (3, "1", None, None, None, None, None),
    (4, "1", "000000000000000003", "能表ソ", "ｱ", "a long note of nothing but ASCII", 7),
    (5, "1", "0004", "∴∞", "ﾟ", "ｱ,漢\"字\"\"", 999999),
    (6, "1", "0005", "々〆", "x", "  lead 末", 0),
]  # fmt: skip


def coded(text: str, encoding: str, back: bytes = b"\x1b(B") -> bytes:
    """The text in an encoding; in ISO-2022-JP each run of characters in its set, and back."""
    if encoding == "eucjp-ms":
        return text.encode("euc_jp")
    if encoding != "iso-2022-jp":
        return text.encode(encoding)
    parts = []
    for c in text:
        if c < "\x7f":
            parts.append(c.encode())
        elif half(c):
            parts.append(b"\x1b(I" + bytes([next(b for b, k in KANA.items() if k == c) - 0x80]) + back)
        else:
            parts.append(b"\x1b$B" + bytes(b & 0x7F for b in c.encode("euc_jp")) + back)
    return b"".join(parts).replace(back + b"\x1b$B", b"").replace(back + b"\x1b(I", b"\x1b(I")


def line(row: tuple[str, ...], *, quoted: bool = True) -> str:
    cells = ['"' + c.replace('"', '""') + '"' if quoted or set(c) & set('",\r\n') else c for c in row]
    return ",".join(cells) + "\r\n"


def spec(encoding: str, header: int = 1, **more: object) -> Layout:
    return Layout(name="t/t", path=Path("t"), title="t", source="t", format="csv", encoding=encoding, newline="crlf",
                  header_lines=header, record=(RecordType(name="row", tag=TAG, fields=FIELDS),), **more)  # fmt: skip


def reads(path: Path, data: bytes, encoding: str, size: int = 1000, header: int = 1):
    path.write_bytes(data)
    reader = Reader(spec(encoding, header))
    reader.__dict__["encoding"] = ENCODINGS[encoding]
    return list(reader.batches(path, size))


def rows(found):
    return pl.concat([r.frames["row"] for r in found]).drop("_offset").rows()


def values(found):
    frame = pl.concat([r.frames["row"] for r in found])
    return frame.select("_record", *(f.name for f in FIELDS)).rows()


def issues(found):
    return pl.concat([r.issues for r in found]).select("record", "byte", "item", "code").rows()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mark", [False, True])
@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_table_reads_alike_in_every_encoding(tmp_path, encoding, quoted, mark, size):
    header = coded(line(tuple(f.label for f in FIELDS), quoted=quoted), encoding)
    records = [coded(line(row, quoted=quoted), encoding) for row in TABLE]
    head = (MARKS[encoding] if mark else b"") + header
    found = reads(tmp_path / "f", head + b"".join(records), encoding, size)
    assert issues(found) == []
    assert pl.concat([r.faults for r in found]).rows() == []
    assert values(found) == READ
    assert [r.block.raw(i) for r in found for i in range(len(r.block))] == records
    places = pl.concat([r.frames["row"] for r in found])["_offset"].to_list()
    assert places == [len(head) + sum(map(len, records[:i])) for i in range(len(records))]


@pytest.mark.parametrize("size", SIZES)
def test_the_roman_set_goes_on_behind_a_comma_and_a_newline(tmp_path, size):
    back = b"\x1b(J"
    data = b"".join(coded(line(("1", "1", "東", "A", "\\~", "1")), "iso-2022-jp", back) for _ in range(3))
    found = reads(tmp_path / "f", data, "iso-2022-jp", size, header=0)
    assert issues(found) == []
    assert [v[4:6] for v in values(found)] == [("A", "¥‾")] * 3


GOOD = ("1", "1", "東", "A", "漢字", "1")
DAMAGE = [
    # encoding, the second record, (byte in it, field, code), sound records
    ("utf-16le", line(GOOD).encode("utf-16le").replace("字".encode("utf-16le"), b"\x3d\xd8"), (36, "note", "lone_surrogate"), 3),
    ("utf-16be", line(GOOD).encode("utf-16be").replace("字".encode("utf-16be"), b"\xdc\x3d"), (36, "note", "lone_surrogate"), 3),
    ("utf-8", line(GOOD).encode().replace("字".encode(), b"\xed\xa0\x80"), (22, "note", "not_utf_8"), 3),
    ("iso-2022-jp", coded(line(GOOD), "iso-2022-jp").replace(b"\x1b(B\",\"A", b"\x1b(\",\"A"), (0, "", "wrong_columns"), 2),
    ("iso-2022-jp", coded("1,1,東,A,漢字,1\r\n", "iso-2022-jp").replace(b"\x1b$B4A", b"\x1b$C4A"), (15, "note", "control_character"), 3),
    ("eucjp-ms", coded("1,1,東,A,漢字,1\r\n", "eucjp-ms").replace(coded("字", "eucjp-ms"), b"\xbb"), (11, "note", "cut_character"), 3),
    *[(e, coded('1,1,東,A,"漢字,1\r\n', e), (len(coded("1,1,東,A,", e)), "", "unclosed_quote"), 2) for e in ENCODINGS],
    *[(e, coded("1,1,東,A,漢字,x\r\n", e), (len(coded("1,1,東,A,漢字,", e)), "sum", "not_number"), 3) for e in ENCODINGS],
    *[(e, coded("1,x,東,A,漢字,1\r\n", e), (len(coded("1,", e)), "no", "not_digits"), 3) for e in ENCODINGS],
    *[(e, coded('1,1,東,"""漢",漢字,1\r\n', e), (len(coded('1,1,東,"""', e)) + (3 if e == "iso-2022-jp" else 0), "kana", "not_kana"), 3) for e in ENCODINGS],
    *[(e, coded("1,1,東,A,漢\x01字,1\r\n", e), (len(coded("1,1,東,A,漢", e)), "note", "control_character"), 3) for e in ENCODINGS],
    *[(e, coded("1,1,東,A\r\n", e), (0, "", "wrong_columns"), 2) for e in ENCODINGS],
    *[(e, coded("1,1,東,A,漢字,1\n", e), (len(coded("1,1,東,A,漢字,1", e)), "", "wrong_newline"), 2) for e in ENCODINGS],
    *[(e, coded("2,1,東,A,漢字,1\r\n", e), (0, "", "unknown_record"), 2) for e in ENCODINGS],
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("encoding", "bad", "wrong", "sound"), DAMAGE, ids=range(len(DAMAGE)))
def test_damage_is_found_at_its_byte_and_reading_goes_on(tmp_path, encoding, bad, wrong, sound, size):
    good = coded(line(GOOD, quoted=False), encoding)
    found = reads(tmp_path / "f", good + bad + good, encoding, size, header=0)
    byte, item, code = wrong
    assert issues(found) == [(2, len(good) + byte, item, code)]
    assert len(values(found)) == sound
    assert [r.block.raw(i) for r in found for i in range(len(r.block))] == [good, bad, good]


@pytest.mark.parametrize(("encoding", "last"), [("utf-16le", b"1"), ("utf-16be", b"\x00")])
def test_half_a_unit_at_the_end_of_a_file_is_refused_and_no_byte_is_lost(tmp_path, encoding, last):
    good = coded(line(GOOD), encoding)
    found = reads(tmp_path / "f", good + coded("1,1,東,A,漢,", encoding) + last, encoding, header=0)
    assert b"".join(r.block.raw(i) for r in found for i in range(len(r.block))) == good + coded("1,1,東,A,漢,", encoding) + last
    assert len(issues(found)) == 1


def test_a_mark_of_another_byte_order_is_no_file_of_this_layout(tmp_path):
    with pytest.raises(SourceError, match="utf-16be"):
        reads(tmp_path / "f", b"\xfe\xff" + coded(line(GOOD), "utf-16be"), "utf-16le", header=0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16le"])
def test_a_file_of_a_mark_alone_has_no_records(tmp_path, encoding):
    assert reads(tmp_path / "f", MARKS[encoding], encoding, header=0) == []


@pytest.mark.parametrize("encoding", [*CSV_ENCODINGS, "ibm939", "jef-ebcdic"])
def test_csv_is_read_in_encodings_whose_structure_can_be_seen(tmp_path, encoding):
    folder = tmp_path / "layouts/legacy/acme/people"
    folder.mkdir(parents=True)
    (folder / "layout.toml").write_text(
        f'title = "t"\nsource = "t"\nformat = "csv"\nencoding = "{encoding}"\nnewline = "lf"\nheader_lines = 0\n\n[[record]]\nname = "row"\n',
        "utf-8",
    )
    (folder / "row.csv").write_text("name,label,type\nx,項目,text\n", "utf-8")
    if encoding in CSV_ENCODINGS:
        assert Catalog(tmp_path).layout("acme/people").encoding == encoding
    else:
        with pytest.raises(KnowledgeError, match=encoding):
            Catalog(tmp_path).layout("acme/people")
