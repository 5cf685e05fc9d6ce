"""Texts of every scheme: compiled code against a slow reading, shift errors at their byte, CSV in nine encodings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.catalog.notices import notices
from migrate.model import Field, Layout, RecordType
from migrate.read import Reader
from migrate.read.encodings import LEAD, Encoding, Shift

settings.register_profile("letters", deadline=None, max_examples=60)

SINGLE, TRIPLE, SHIFT = LEAD - 1, LEAD - 2, LEAD - 3
KANA = {0xA1 + i: chr(0xFF61 + i) for i in range(63)}
ASCII = {b: chr(b) for b in range(0x20, 0x7F)}


class Known(Encoding):
    """One that Python's codecs know, too."""

    def decode(self, data: bytes) -> str:
        return data.decode(self.name, "replace")

    def encode(self, text: str) -> bytes:
        return text.encode(self.name)


@dataclass
class Book:
    """An encoding by hand: what its bytes mean, as plain dictionaries."""

    ones: list[dict[int, str]]
    pairs: list[dict[int, str]]
    shifts: tuple[Shift, ...] = ()
    special: dict[int, int] = field(default_factory=dict)  # of the first table of single bytes
    blank: int = 0x20
    wide_blanks: tuple[int, ...] = (0x4040,)
    zero: int = 0x30
    scheme: str = "tables"
    name: str = ""

    def made(self) -> Encoding:
        longs = [(0, 0)]

        def entry(text: str) -> int:
            data = text.encode()
            if len(data) <= 3:
                return int.from_bytes(data, "little") | len(data) << 24
            longs.append((int.from_bytes(data, "little"), len(data)))
            return 4 << 24 | len(longs) - 1

        ones = np.zeros((len(self.ones), 256), np.uint32)
        pairs = np.zeros((len(self.pairs), 65536), np.uint32)
        for table, known in [*zip(ones, self.ones, strict=True), *zip(pairs, self.pairs, strict=True)]:
            for code, text in known.items():
                table[code] = entry(text)
        for byte, kind in self.special.items():
            ones[0, byte] = kind
        for shift in self.shifts:
            ones[:, shift.sequence[0]] = SHIFT
        return (Known if self.name else Encoding)(
            self.name, ones, pairs, np.array(longs, np.uint64), self.shifts, self.scheme, self.blank,
            self.wide_blanks, self.zero,
        )  # fmt: skip


EBCDIC = {0x40: " ", 0x4B: ".", 0x81: "ｱ", 0x82: "ｲ", **{0xC1 + i: chr(0x41 + i) for i in range(9)},
          **{0xF0 + i: str(i) for i in range(10)}}  # fmt: skip
KANJI = {0x4557: "東", 0x4575: "京", 0x4542: "Ａ", 0x6941: "\ue000", 0x5081: "か\u309a", 0x5082: "辻\U000e0102",
         0x5083: "\U00020bb7", 0x4A4A: "é"}  # fmt: skip
HOST = {0x4040: "\u3000", **KANJI}
G = {0xB0CA: "以", 0xB2BC: "下", 0x4A41: "\U00020bb7", 0xA1A1: "\u3000"}


def out(code: str) -> Shift:
    return Shift(bytes.fromhex(code), 0, 0)


def into(code: str, table: int = 0) -> Shift:
    return Shift(bytes.fromhex(code), -1, table)


def euc(lead: bytes = b"") -> dict[int, str]:
    found = {}
    for code in range(0xA1A1, 0xFEFF):
        try:
            found[code] = (lead + code.to_bytes(2, "big")).decode("euc_jp")
        except UnicodeDecodeError:
            continue
    return {c: t for c, t in found.items() if len(t) == 1}


SEVEN = {code & 0x7F7F: text for code, text in euc().items() if code & 0x8080 == 0x8080}
EUC = Book([ASCII, KANA], [euc(), euc(b"\x8f")], wide_blanks=(0xA1A1,),
           special={**dict.fromkeys(range(0xA1, 0xFF), LEAD), 0x8E: SINGLE, 0x8F: TRIPLE}, name="euc_jp")  # fmt: skip
ISO = Book(
    [ASCII, {**ASCII, 0x5C: "¥", 0x7E: "‾"}, {b - 0x80: c for b, c in KANA.items()}], [SEVEN, SEVEN],
    (out("1b2842"), Shift(b"\x1b(J", 1, 0), Shift(b"\x1b(I", 2, 0), into("1b2442"), into("1b2440", 1)),
    wide_blanks=(0x2121,), name="iso2022_jp_ext",
)  # fmt: skip
BOOKS = {
    "ibm": Book([EBCDIC], [HOST], (into("0e"), out("0f")), blank=0x40, zero=0xF0),
    "jef": Book([EBCDIC], [{0x4040: "\u3000", **G}], (into("28"), into("38"), into("30e2"), out("29")),
                blank=0x40, zero=0xF0, wide_blanks=(0x4040, 0xA1A1)),
    "keis": Book([EBCDIC], [{0x4040: "\u3000", **G}], (into("0a42"), out("0a41")), blank=0x40, zero=0xF0),
    "jips": Book([{**ASCII, **KANA, 0x5C: "¥"}], [SEVEN], (into("1a70"), out("1a71")), wide_blanks=(0x2121,)),
    "euc": EUC,
    "iso": ISO,
    "utf-8": Book([ASCII], [{}], scheme="utf-8"),
    "utf-16le": Book([{}], [{}], scheme="utf-16le"),
    "utf-16be": Book([{}], [{}], scheme="utf-16be"),
}  # fmt: skip
MADE = {name: book.made() for name, book in BOOKS.items()}

# ---- the slow reading ----


def half(character: str) -> bool:
    return character < "\x7f" or character == "¥" or "\uff61" <= character <= "\uff9f"  # ¥: JIS X 0201's 5C


def slow_walk(data: bytes, book: Book, state: int) -> tuple[list[tuple[str, bool]], int] | None:
    """(characters, whether each is of one byte), shift state; None: refused."""
    found: list[tuple[str, bool]] = []
    single, table = (book.shifts[state - 1].ones, book.shifts[state - 1].pairs) if state else (0, 0)
    at = 0
    while at < len(data):
        shift = max((s for s in book.shifts if data.startswith(s.sequence, at)), key=lambda s: len(s.sequence), default=None)
        if shift:
            if (shift.ones, shift.pairs) == (single, table) and shift.sequence[0] != 0x1B:
                return None
            single, table = shift.ones, shift.pairs
            state = 0 if (single, table) == (0, 0) else book.shifts.index(shift) + 1
            at += len(shift.sequence)
            continue
        kind = book.special.get(data[at], 0) if single == 0 else 0
        size = 2 if single < 0 or kind in (LEAD, SINGLE) else 3 if kind == TRIPLE else 1
        piece = data[at : at + size]
        code = int.from_bytes(piece[-2:] if kind != SINGLE else piece[-1:], "big")
        known = book.pairs[1] if kind == TRIPLE else book.ones[1] if kind == SINGLE else (
            book.pairs[table] if size == 2 else book.ones[single])
        if len(piece) < size or code not in known:
            return None
        found.append((known[code], size == 1))
        at += size
    return found, state


def slow(  # noqa: PLR0911
    data: bytes, kind: str, book: Book, state: int = 0, *, carried: bool = False
) -> tuple[str | None, int] | None:
    """(value or None for blanks, shift state behind it); None: refused."""
    narrow = bytes([book.blank])
    if book.scheme != "tables":
        try:
            text = data.decode(book.scheme)
        except UnicodeDecodeError:
            return None
        if any(c < " " or "\x7f" <= c < "\xa0" or c == "\ufeff" or ord(c) & 0xFFFE == 0xFFFE for c in text):
            return None
        letters = [(c, half(c)) for c in text]
    else:
        cell = data if carried else data.rstrip(narrow)
        if kind == "wide" and book.shifts and not (carried and (state or (data and slow_begins(data, book)))):
            cell = slow_bare(data, book)
            if cell is None:
                return None
            into_ = next(i for i, s in enumerate(book.shifts, 1) if s.ones < 0)
            walked = None if slow_shifts(cell, book) else slow_walk(cell, book, into_)
            walked = walked and (walked[0], state)
        else:
            walked = slow_walk(cell, book, state)
        if walked is None:
            return None
        letters, state = walked
        if state and book.shifts[state - 1].ones < 0 and not carried:
            return None
        if book is EUC or (book.shifts and kind in ("kana", "wide")):
            letters = [(c, half(c[0])) for c, _ in letters]
    while letters and letters[-1][0] in " \u3000":
        letters = letters[:-1]
    if kind != "text" and any(one != (kind == "kana") for _, one in letters):
        return None
    return "".join(c for c, _ in letters) or None, state


def slow_begins(data: bytes, book: Book) -> bool:
    return any(data[0] == s.sequence[0] for s in book.shifts)


def slow_shifts(cell: bytes, book: Book) -> bool:
    return any(cell.startswith(s.sequence, i) for i in range(0, len(cell), 2) for s in book.shifts)


def slow_bare(data: bytes, book: Book) -> bytes | None:
    """The pairs of a wide field: without the blanks at the end, and the shift codes around all."""

    def cut(cell: bytes) -> bytes:
        blanks = [bytes([book.blank]), *(w.to_bytes(2, "big") for w in book.wide_blanks)]
        while any(cell.endswith(b) for b in blanks):
            cell = next(cell.removesuffix(b) for b in blanks if cell.endswith(b))
        return cell

    data = cut(data)
    if data and slow_begins(data, book):
        for first in book.shifts:
            for last in book.shifts:
                inner = data.removeprefix(first.sequence)
                if first.ones < 0 <= last.ones and inner != data and inner.endswith(last.sequence):
                    return cut(inner[: -len(last.sequence)])
        return None
    return data


# ---- cells through the kernel ----


def fixed(fields: list[Field], shifts: str) -> Layout:
    at, placed = 1, []
    for one in fields:
        placed.append(one.model_copy(update={"start": at}))
        at += one.bytes
    return Layout(name="t/t", path=Path(__file__), title="", source="", format="fixed", encoding="by hand",
                  newline="none", record_bytes=at - 1, shifts=shifts, record=(RecordType(name="row", fields=tuple(placed)),))  # fmt: skip


def through(path: Path, spec: Layout, encoding: Encoding, size: int = 1000, part: bool = False):
    reader = Reader(spec, part)
    reader.__dict__["encoding"] = encoding
    return list(reader.batches(path, size))


def cells(tmp: Path, name: str, rows: list[list[bytes]], kinds: list[str], shifts: str = "field", size: int = 1000):
    """Of each record its values, and its issues: (field, code, byte in the field)."""
    widths = [max(len(r[i]) for r in rows) for i in range(len(kinds))]
    assert all([len(c) for c in r] == widths for r in rows)
    fields = [Field(name=f"f{i}", label="", bytes=w, type=k) for i, (w, k) in enumerate(zip(widths, kinds, strict=True))]
    file = tmp / "cells.dat"
    file.write_bytes(b"".join(b"".join(r) for r in rows))
    reads = through(file, fixed(fields, shifts), MADE[name], size)
    values = pl.concat([r.frames["row"] for r in reads]).drop("_record", "_offset").rows()
    issues: list[list[tuple[str, str, int]]] = [[] for _ in rows]
    for one in pl.concat([r.issues for r in reads]).iter_rows(named=True):
        begin = (one["record"] - 1) * sum(widths) + sum(widths[: int(one["item"][1:])])
        issues[one["record"] - 1].append((one["item"], one["code"], one["byte"] - begin))
    return values, issues


def pieces(name: str):
    """Bytes of an encoding that make sense, or nearly do."""
    book = BOOKS[name]
    if book.scheme != "tables":
        text = st.text(st.sampled_from("Aｱ 東　é𠮷\u3099\ufeff\x7f\n"), max_size=6)
        return st.builds(lambda t, tail: t.encode(book.scheme) + tail, text, st.binary(max_size=2))
    known = [bytes([b]) for b in book.ones[0] if b < 0xF3][:12] + [bytes([book.blank])] * 3
    known += [c.to_bytes(2, "big") for c in [*list(book.pairs[0])[:6], *list(book.pairs[0])[-6:]]]
    known += [w.to_bytes(2, "big") for w in book.wide_blanks] + [s.sequence for s in book.shifts] * 2
    if book is EUC:
        known += [b"\x8e\xb1", b"\x8e", b"\x8f\xb0\xa1", b"\x8f\xb0"]
    return st.lists(st.sampled_from([*known, b"\x00", b"\xff"]), max_size=8).map(b"".join)


def runs(name: str):
    """Whole runs: single bytes, then pairs with their shift codes around them."""
    book = BOOKS[name]
    if not book.shifts:
        return pieces(name)
    enter, leave = next(s for s in book.shifts if s.ones < 0), next(s for s in book.shifts if s.ones == 0)
    pairs = st.lists(st.sampled_from([c.to_bytes(2, "big") for c in list(book.pairs[0])[:9]]), max_size=5)
    run = pairs.map(lambda p: enter.sequence + b"".join(p) + leave.sequence)
    single = st.lists(st.sampled_from([bytes([b]) for b in list(book.ones[0])[:9]]), max_size=5).map(b"".join)
    return st.lists(st.one_of(run, single), max_size=4).map(b"".join)


def test_the_yen_sign_of_one_byte_is_no_wide_character(tmp_path):
    for kind, value in (("kana", "ｱ¥"), ("text", "ｱ¥"), ("wide", None)):
        values, issues = cells(tmp_path, "jips", [[b"\xb1\x5c"]], [kind])
        assert values == [(value,)]
        assert len(issues[0]) == (value is None)


@pytest.mark.parametrize("name", BOOKS)
@settings(settings.get_profile("letters"))
@given(data=st.data())
def test_the_kernel_reads_every_scheme_as_the_slow_reading_does(name, data, tmp_path_factory):
    tmp = tmp_path_factory.mktemp("cells")
    found = data.draw(st.lists(st.one_of(pieces(name), runs(name), st.binary(max_size=9)), min_size=1, max_size=12))
    width = max(1, *(len(f) for f in found)) + data.draw(st.sampled_from([0, 0, 1, 14]))
    blank = " ".encode(BOOKS[name].scheme) if BOOKS[name].scheme != "tables" else bytes([BOOKS[name].blank])
    rows = [[(f + blank * width)[:width]] for f in found]
    for kind in ("text", "wide", "kana"):
        values, issues = cells(tmp, name, rows, [kind], size=data.draw(st.sampled_from([1, 3, 1000])))
        for (cell,), (value,), wrong in zip(rows, values, issues, strict=True):
            wanted = slow(cell, kind, BOOKS[name])
            assert value == (wanted[0] if wanted else None), (cell.hex(" "), kind)
            assert len(wrong) == (wanted is None), (cell.hex(" "), kind, wrong)
            for _, code, byte in wrong:
                assert 0 <= byte < len(cell)
                assert code in notices()


@pytest.mark.parametrize("name", [n for n, b in BOOKS.items() if b.shifts])
@settings(settings.get_profile("letters"))
@given(data=st.data())
def test_a_carried_state_goes_on_from_field_to_field_and_begins_anew_with_the_record(name, data, tmp_path_factory):
    tmp = tmp_path_factory.mktemp("cells")
    records = data.draw(st.lists(st.one_of(runs(name), pieces(name)), min_size=1, max_size=6))
    widths = data.draw(st.lists(st.sampled_from([1, 2, 3, 4, 7]), min_size=2, max_size=4))
    total, rows = sum(widths), []
    for record in records:
        whole = (record + bytes([BOOKS[name].blank]) * total)[:total]
        rows.append([whole[sum(widths[:i]) : sum(widths[: i + 1])] for i in range(len(widths))])
    values, issues = cells(tmp, name, rows, ["text"] * len(widths), "record", data.draw(st.sampled_from([1, 2, 1000])))
    for row, got, wrong in zip(rows, values, issues, strict=True):
        state, wanted, refused = 0, [], []
        for i, cell in enumerate(row):
            found = None if refused else slow(cell, "text", BOOKS[name], state, carried=True)
            if found is None:
                refused = refused or [f"f{i}"]
                wanted.append(None)
            else:
                wanted.append(found[0])
                state = found[1]
        assert list(got) == wanted, [c.hex(" ") for c in row]
        assert [w[0] for w in wrong] == refused


BROKEN = [
    # encoding, type, bytes, code, byte
    ("ibm", "text", "0E 45 57 45 75 40 40 40", "shift_not_closed", 0),
    ("ibm", "text", "C1 0E 45 57 45 75", "shift_not_closed", 1),
    ("ibm", "text", "0E 45 57 45 0F", "cut_character", 3),
    ("ibm", "text", "0E 45 57 45", "cut_character", 3),
    ("ibm", "text", "0E 45 57 0E 45 75 0F", "nested_shift", 3),
    ("ibm", "text", "C1 0F C1", "stray_shift", 1),
    ("ibm", "text", "0E 45 57 0F 0F", "stray_shift", 4),
    ("ibm", "text", "0E 45 57 45 58 0F", "undecodable", 3),
    ("ibm", "text", "C1 00", "control_character", 1),
    ("ibm", "text", "C1 FF", "invalid_byte", 1),
    ("ibm", "wide", "45 57 45", "cut_character", 2),
    ("ibm", "wide", "0E 45 57 45 75", "shift_not_closed", 0),
    ("ibm", "wide", "45 57 0F 40", "stray_shift", 2),
    ("ibm", "kana", "81 0E 45 57 0F", "not_kana", 2),
    ("ibm", "digits", "F0 F1 C1", "not_digits", 2),
    ("ibm", "digits", "F0 00 F1", "control_character", 1),
    ("jef", "text", "28 B0 CA 38 B2 BC 29", "nested_shift", 3),
    ("jef", "text", "30 E2 B0 CA", "shift_not_closed", 0),
    ("keis", "text", "0A 42 B0 CA B0 0A 41", "cut_character", 4),
    ("keis", "text", "C1 0A 41", "stray_shift", 1),
    ("keis", "text", "C1 0A 43", "control_character", 1),
    ("jips", "text", "1A 70 30 4A 1A 70 30 4A 1A 71", "nested_shift", 4),
    ("euc", "text", "41 B0", "cut_character", 1),
    ("euc", "text", "41 8E 20", "cut_character", 1),
    ("euc", "text", "8F B0", "cut_character", 0),
    ("euc", "text", "8F FE FE", "undecodable", 0),
    ("euc", "wide", "C5 EC 8E B1", "not_wide", 2),
    ("euc", "kana", "8E B1 C5 EC", "not_kana", 2),
    ("iso", "text", "1B 24 42 45 6C", "shift_not_closed", 0),
    ("iso", "text", "1B 24 42 45 6C 35 1B 28 42", "cut_character", 5),
    ("iso", "text", "41 1B 24", "control_character", 1),
    ("utf-8", "text", "41 C0 80", "not_utf_8", 1),
    ("utf-8", "text", "ED A0 80", "not_utf_8", 0),
    ("utf-8", "text", "F4 90 80 80", "not_utf_8", 0),
    ("utf-8", "text", "41 E6 9D", "cut_character", 1),
    ("utf-8", "text", "41 C2 85", "control_character", 1),
    ("utf-8", "text", "EF BB BF 41", "control_character", 0),
    ("utf-8", "wide", "E6 9D B1 41", "not_wide", 3),
    ("utf-16le", "text", "41 00 3D D8 41 00", "lone_surrogate", 2),
    ("utf-16be", "text", "00 41 DC 00", "lone_surrogate", 2),
    ("utf-16be", "text", "00 41 D8 00", "lone_surrogate", 2),
    ("utf-16le", "text", "41 00 41", "cut_character", 2),
    ("utf-16le", "digits", "30 00 41 00", "not_digits", 2),
    ("utf-16be", "kana", "FF 71 67 71", "not_kana", 2),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "data", "code", "byte"), BROKEN)
def test_what_is_wrong_is_named_at_its_byte(tmp_path, name, kind, data, code, byte):
    values, issues = cells(tmp_path, name, [[bytes.fromhex(data)]], [kind])
    assert values == [(None,)]
    assert issues == [[("f0", code, byte)]]
    assert code in notices()


SOUND = [
    ("ibm", "text", "C1 C2 81", "ABｱ"),
    ("ibm", "text", "0E 45 57 45 75 0F 40 40", "東京"),
    ("ibm", "text", "C1 0E 45 57 40 40 0F 40", "A東"),
    ("ibm", "text", "0E 0F 40", None),
    ("ibm", "text", "0E 50 81 50 82 50 83 69 41 0F", "か\u309a辻\U000e0102\U00020bb7\ue000"),
    ("ibm", "text", "0E 45 57 0F C1 0E 45 75 0F", "東A京"),
    ("ibm", "wide", "45 57 45 75 40 40", "東京"),
    ("ibm", "wide", "0E 45 57 50 82 0F 40 40", "東辻\U000e0102"),
    ("ibm", "wide", "50 83 40 40 40", "\U00020bb7"),
    ("ibm", "digits", "F0 F1 F2", "012"),
    ("ibm", "digits", "40 40 40", None),
    ("jef", "text", "28 B0 CA B2 BC 29 C1", "以下A"),
    ("jef", "text", "38 B0 CA 29", "以"),
    ("jef", "text", "30 E2 B0 CA 29", "以"),
    ("jef", "wide", "B0 CA A1 A1 40 40", "以"),
    ("keis", "text", "0A 42 B0 CA 0A 41 C1", "以A"),
    ("jips", "text", "1A 70 30 4A 1A 71 41 5C", "以A¥"),
    ("euc", "text", "41 8E B1 B0 CA 8F B0 A1", "Aｱ以丂"),
    ("euc", "wide", "B0 CA 8F B0 A1 A1 A1", "以丂"),
    ("euc", "kana", "8E B1 8E B2 20", "ｱｲ"),
    ("iso", "text", "1B 24 42 46 7C 1B 28 42", "日"),
    ("iso", "text", "1B 28 49 31 1B 28 42 41", "ｱA"),
    ("iso", "text", "1B 28 4A 5C 31 1B 28 42", "¥1"),
    ("iso", "text", "1B 24 40 46 7C 1B 24 42 46 7C 1B 28 4A", "日日"),
    ("utf-8", "text", "F0 A0 AE B7 E3 80 80 20", "\U00020bb7"),
    ("utf-16le", "text", "42 D8 B7 DF 20 00 00 30", "\U00020bb7"),
    ("utf-16be", "digits", "00 30 00 39", "09"),
    ("utf-16be", "digits", "00 20 00 20", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "data", "value"), SOUND)
@pytest.mark.parametrize("room", [0, 1, 13])
def test_bytes_mean_what_the_books_of_the_hosts_say(tmp_path, name, kind, data, value, room):
    blank = " ".encode(BOOKS[name].scheme) if BOOKS[name].scheme != "tables" else bytes([BOOKS[name].blank])
    cell = bytes.fromhex(data) + (blank * room if kind != "digits" else b"")
    assert cells(tmp_path, name, [[cell]] * 3, [kind]) == ([(value,)] * 3, [[]] * 3)
