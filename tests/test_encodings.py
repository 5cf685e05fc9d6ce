"""What the bytes of a record mean: the tables of CP932, and the kernel against a slow reading."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.catalog.notices import notices
from migrate.model import Field, Layout, RecordType
from migrate.read import Reader
from migrate.read.diagnose import diagnose
from migrate.read.encodings import ENCODINGS, LEAD, TWINS, Encoding
from migrate.read.tables.coding import NO_SHIFT

settings.register_profile("migrate", deadline=None, max_examples=50)
settings.load_profile("migrate")

PROFILES = ("microsoft", "jis")
TEXTS = ("text", "wide", "kana", "digits")
NUMBERS = ("zoned", "packed", "binary")

# ---- what bytes mean, seen with several decoders; the rows bear their numbers ----

READ = [
    # row, bytes, what they mean
    ("A001", "41 B1 DE", "Aｱﾞ"),
    ("A002", "5C", "\\"),
    ("A004", "7E", "~"),
    ("A014", "95 5C", "表"),
    ("A015", "83 7C", "ポ"),
    ("A016", "83 5B", "ゼ"),
    ("A017", "81 40 81 40", None),
    ("A018", "20 20 81 40", None),
    ("A024", "81 91 81 92 81 CA", "￠￡￢"),
    ("A026", "81 5C", "―"),
    ("A027", "87 40 87 54 87 8A", "①Ⅰ㈱"),
    ("A029", "ED 40", "纊"),
    ("A030", "FA 5C", "纊"),
    ("A033", "FB FC", "髙"),
    ("A034", "FA B1", "﨑"),
    ("A035", "F0 40", "\ue000"),
    ("A036", "F0 7E F0 80", "\ue03e\ue03f"),
    ("A037", "F1 40", "\ue0bc"),
    ("A038", "F9 FC", "\ue757"),
    ("A049", "5C 41", "\\A"),
    # and what the rows say of blanks between and before characters
    ("A018", "81 40 20 20", None),
    ("A018", "20 81 40 20 81 40", None),
    ("A018", "41 20 81 40 20", "A"),
    ("A018", "8E 52 81 40 93 63 81 40", "山　田"),
    ("A018", "20 41", " A"),
    ("A018", "81 40 41", "　A"),
]
JIS = [
    ("A019", "81 60", "～", "〜"),
    ("A021", "81 7C", "－", "−"),
    ("A023", "81 61", "∥", "‖"),
    ("A024", "81 91", "￠", "¢"),
    ("A024", "81 92", "￡", "£"),
    ("A024", "81 CA", "￢", "¬"),
    ("A026", "81 5C", "―", "―"),
]
REFUSED = [
    # row, bytes, code, byte within the field
    ("A006", "80", "invalid_byte", 0),
    ("A007", "A0", "invalid_byte", 0),
    ("A008", "FD", "invalid_byte", 0),
    ("A008", "FE", "invalid_byte", 0),
    ("A009", "FF", "invalid_byte", 0),
    ("A009", "41 FF FF FF", "invalid_byte", 1),
    ("A012", "00 00 41", "control_character", 0),
    ("A013", "41 1A", "control_character", 1),
    ("A013", "41 0A", "control_character", 1),
    ("A013", "7F", "control_character", 0),
    ("A043", "87 A0", "undecodable", 0),
    ("A044", "41 EA A5", "undecodable", 1),
    ("A046", "41 95", "cut_character", 1),
    ("A050", "95 20", "cut_character", 0),
    ("A050", "41 95 20 20", "cut_character", 1),
    ("A051", "F0 7F", "undecodable", 0),
    ("A052", "FC 4C", "undecodable", 0),
    ("A053", "EF 40", "undecodable", 0),
    ("A053", "41 41 85 40", "undecodable", 2),
]
AMOUNTS = [
    # row, type, bytes, value; None: blank
    ("A088", "packed", "12 34 5C", 12345),
    ("A089", "packed", "12 34 5D", -12345),
    ("A090", "packed", "12 34 5F", 12345),
    ("A092", "packed", "00 00 0D", 0),
    ("A101", "zoned", "31 32 33 4D", -1234),
    ("A102", "zoned", "31 32 33 7B", 1230),
    ("A103", "zoned", "31 32 33 7D", -1230),
    ("A104", "binary", "00 01", 1),
    ("A104", "binary", "FF FF", -1),
    ("A096", "zoned", "31 32 33 44", 1234),
    ("A098", "zoned", "31 32 33 34", 1234),
    ("", "zoned", "20 20 20 20", None),
    ("", "binary", "80 00 00 00 00 00 00 00", -(2**63)),
    ("", "binary", "7F FF FF FF FF FF FF FF", 2**63 - 1),
    ("", "zoned", "39 " * 17 + "52", -(10**18 - 1)),
    ("", "packed", "99 " * 8 + "9C", 10**17 - 1),
]
NO_AMOUNTS = [
    # row, type, bytes, byte within the field
    ("A093", "packed", "40 40 40", 0),
    ("A093", "packed", "20 20 20", 0),
    ("A094", "packed", "00 00 00", 0),
    ("A095", "packed", "12 3F 1A", 0),
    ("A099", "zoned", "41 32 33 34", 0),
    ("A100", "zoned", "31 32 33 74", 3),
    ("", "zoned", "31 32 20 34", 2),
    ("", "zoned", "20 20 20 31", 0),
    ("", "zoned", "2B 31 32 33", 0),
    ("", "zoned", "F1 F2 F3 F4", 0),
]


class Outcome(NamedTuple):
    """What became of one cell: a value (None: blank), or an issue's code and byte."""

    value: str | int | None
    code: str = ""
    byte: int = 0


def layout(fields: list[Field], characters: str = "microsoft") -> Layout:
    at, placed = 1, []
    for field in fields:
        placed.append(field.model_copy(update={"start": at}))
        at += field.bytes
    return Layout(
        name="acme/cells", path=Path(__file__), title="", source="", format="fixed",
        encoding="cp932", newline="none", record_bytes=at - 1, characters=characters,
        record=(RecordType(name="cells", fields=tuple(placed)),),
    )  # fmt: skip


def field(kind: str, size: int, name: str = "x", **more: object) -> Field:
    return Field(name=name, label="", bytes=size, type=kind, **more)


def read(
    records: list[bytes], fields: list[Field], characters: str = "microsoft"
) -> list[list[Outcome]]:
    """Every cell of every record, as Reader gives it."""
    made = layout(fields, characters)
    rows: list[list[Outcome]] = []
    with tempfile.NamedTemporaryFile(suffix=".dat") as file:
        file.write(b"".join(records))
        file.flush()
        for batch in Reader(made).batches(Path(file.name), max(7, len(records) // 3)):
            names = [f.name for f in fields]
            issues = {(i["record"], i["item"]): i for i in batch.issues.iter_rows(named=True)}
            frame = batch.frames["cells"]
            for number, offset, *values in frame.select("_record", "_offset", *names).iter_rows():
                cells = []
                for name, value, placed in zip(names, values, made.records[0].fields, strict=True):
                    issue = issues.pop((number, name), None)
                    if issue is None:
                        cells.append(Outcome(value))
                        continue
                    assert value is None
                    assert issue["severity"] == "error"
                    cells.append(Outcome(None, issue["code"], issue["byte"] - offset - placed.at))
                rows.append(cells)
            assert issues == {}
    return rows


def one(kind: str, data: bytes, characters: str = "microsoft") -> Outcome:
    return read([data], [field(kind, len(data))], characters)[0][0]


@pytest.mark.parametrize(("row", "data", "value"), READ)
@pytest.mark.parametrize("room", [0, 1, 30])
def test_bytes_mean_what_the_acceptance_rows_say(
    row: str, data: str, value: str | None, room: int
) -> None:
    assert one("text", bytes.fromhex(data) + b" " * room) == Outcome(value), row


@pytest.mark.parametrize(("row", "data", "microsoft", "jis"), JIS)
def test_the_twins_are_told_apart_by_the_profile(
    row: str, data: str, microsoft: str, jis: str
) -> None:
    assert one("text", bytes.fromhex(data)) == Outcome(microsoft), row
    assert one("text", bytes.fromhex(data), "jis") == Outcome(jis), row
    assert one("wide", bytes.fromhex(data), "jis") == Outcome(jis), row


@pytest.mark.parametrize(("row", "data", "code", "byte"), REFUSED)
def test_bytes_that_mean_nothing_are_refused_at_their_place(
    row: str, data: str, code: str, byte: int
) -> None:
    assert one("text", bytes.fromhex(data)) == Outcome(None, code, byte), row


@pytest.mark.parametrize(("row", "kind", "data", "value"), AMOUNTS)
def test_numbers_mean_what_the_acceptance_rows_say(
    row: str, kind: str, data: str, value: int | None
) -> None:
    assert one(kind, bytes.fromhex(data)) == Outcome(value), row


@pytest.mark.parametrize(("row", "kind", "data", "byte"), NO_AMOUNTS)
def test_bytes_that_are_no_number_are_refused(row: str, kind: str, data: str, byte: int) -> None:
    cell = bytes.fromhex(data)
    found = one(kind, cell)
    assert found == Outcome(None, f"not_{kind}", found.byte), row
    assert 0 <= found.byte < len(cell)
    assert kind == "packed" or found.byte == byte


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        # the first field shows that a character was cut; so does the next, by its damage
        ("wide", "8E 52 95", Outcome(None, "cut_character", 2)),
        ("wide", "5C 8E 52", Outcome(None, "not_wide", 0)),
        ("wide", "8E 52 41 20", Outcome(None, "not_wide", 2)),
        ("wide", "8E 52 B1 20", Outcome(None, "not_wide", 2)),
        ("wide", "8E 52 20 20 93 63", Outcome(None, "not_wide", 2)),
        ("wide", "20 20 8E 52", Outcome(None, "not_wide", 0)),
        ("wide", "8E 52 87 A0", Outcome(None, "undecodable", 2)),
        ("wide", "8E 52 00 00", Outcome(None, "control_character", 2)),
        ("wide", "8E 52 FF FF", Outcome(None, "invalid_byte", 2)),
        ("wide", "8E 52 81 40 81 40", Outcome("山")),
        ("wide", "8E 52 20 20 81 40", Outcome("山")),
        ("wide", "8E 52 81 40 20 20", Outcome("山")),
        ("wide", "8E 52 20", Outcome("山")),
        ("wide", "8E 52 81 40 20", Outcome("山")),
        ("wide", "8E 52 20 81 40 20", Outcome("山")),
        ("wide", "20 81 40", Outcome(None)),
        ("wide", "20 81 40 20", Outcome(None)),
        ("wide", "81 40 8E 52", Outcome("　山")),
        ("kana", "D4 CF C0 DE 20 C0 DB B3 20", Outcome("ﾔﾏﾀﾞ ﾀﾛｳ")),
        ("kana", "83 84", Outcome(None, "not_kana", 0)),
        ("kana", "D4 81 40", Outcome(None, "not_kana", 1)),
        ("kana", "D4 00", Outcome(None, "control_character", 1)),
        ("kana", "D4 A0", Outcome(None, "invalid_byte", 1)),
        ("kana", "20 20", Outcome(None)),
        ("digits", "30 30 31", Outcome("001")),
        ("digits", "20 20 20", Outcome(None)),
        ("digits", "20 30 31", Outcome(None, "not_digits", 0)),
        ("digits", "30 31 20", Outcome(None, "not_digits", 2)),
        ("digits", "30 00 31", Outcome(None, "control_character", 1)),
        ("zoned", "00 00 00 00", Outcome(None, "control_character", 0)),
        ("digits", "30 3A 31", Outcome(None, "not_digits", 1)),
        ("digits", "30 2F 31", Outcome(None, "not_digits", 1)),
        ("digits", "30 B0 31", Outcome(None, "not_digits", 1)),
        ("digits", "82 4F 82 50", Outcome(None, "not_digits", 0)),
    ],
)
def test_each_type_of_field_takes_its_own_characters(
    kind: str, data: str, expected: Outcome
) -> None:
    assert one(kind, bytes.fromhex(data)) == expected


# ---- the tables against Python's codec ----

LEADS = {*range(0x81, 0xA0), *range(0xE0, 0xFD)}
SINGLES = {*range(0x20, 0x7F), *range(0xA1, 0xE0)}


def pythons(data: bytes) -> str | None:
    """Python's reading, or None."""
    try:
        return data.decode("cp932")
    except UnicodeDecodeError:
        return None


def entry(encoding: Encoding, packed: int) -> str | None:
    size = packed >> 24
    return (packed & 0xFFFFFF).to_bytes(3, "little")[:size].decode() if size else None


@pytest.mark.parametrize("characters", PROFILES)
def test_all_65536_pairs_are_as_in_pythons_codec(characters: str) -> None:
    encoding = ENCODINGS["cp932"](characters)
    twins = TWINS if characters == "jis" else {}
    differ = []
    for number, packed in enumerate(encoding.pairs[0].tolist()):
        first, second = divmod(number, 256)
        wanted = pythons(bytes([first, second])) if first in LEADS else None
        wanted = twins.get(wanted, wanted) if wanted else wanted
        if entry(encoding, packed) != wanted:
            differ.append((hex(number), wanted))
    assert differ == []


@pytest.mark.parametrize("characters", PROFILES)
def test_all_256_bytes_are_as_in_pythons_codec_but_for_the_refused(characters: str) -> None:
    ones = ENCODINGS["cp932"](characters).ones[0].tolist()
    assert {b for b in range(256) if ones[b] == LEAD} == LEADS
    assert {b for b in range(256) if ones[b] not in (0, LEAD)} == SINGLES
    assert all(
        entry(ENCODINGS["cp932"](characters), ones[b]) == pythons(bytes([b])) for b in SINGLES
    )
    refused = {b for b in range(256) if ones[b] == 0}
    assert {b for b in refused if b >= 0x80} == {0x80, 0xA0, 0xFD, 0xFE, 0xFF}
    assert {b for b in refused if b < 0x80} == {*range(0x20), 0x7F}


def test_every_character_of_the_table_passes_through_the_kernel() -> None:
    encoding = ENCODINGS["cp932"]("microsoft")
    pairs = [n.to_bytes(2, "big") for n, packed in enumerate(encoding.pairs[0].tolist()) if packed]
    assert len(pairs) == 9604  # 7,724 and 1,880 gaiji
    blank = b"\x81\x40"
    found = read(pairs, [field("wide", 2)])
    assert [cell.value for (cell,) in found] == [None if p == blank else pythons(p) for p in pairs]
    mixed = read([b"A" + p + b"B" for p in pairs], [field("text", 4)])
    assert [cell.value for (cell,) in mixed] == [f"A{pythons(p)}B" for p in pairs]


def test_every_pair_that_is_not_in_the_table_is_refused_by_the_kernel() -> None:
    encoding = ENCODINGS["cp932"]("microsoft")
    pairs = [n.to_bytes(2, "big") for n, packed in enumerate(encoding.pairs[0].tolist()) if not packed]
    pairs = [p for p in pairs if p[0] in LEADS]
    found = read(pairs, [field("wide", 2)])
    assert [(c.value, c.code) for (c,) in found] == [
        (None, "cut_character" if p[1] == 0x20 else "undecodable") for p in pairs
    ]


@given(st.binary(max_size=40), st.sampled_from(PROFILES))
def test_showing_bytes_never_fails_and_agrees_where_all_of_them_mean_something(
    data: bytes, characters: str
) -> None:
    shown = ENCODINGS["cp932"](characters).decode(data)
    slow = slow_characters(data, characters)
    assert slow is None or shown == "".join(character for character, _ in slow)
    assert (slow is None) == ("\ufffd" in shown)


# ---- the kernel against a slow reading of the same bytes ----


def slow_characters(cell: bytes, characters: str) -> list[tuple[str, int]] | None:
    """The characters of a cell, each with its bytes; None if some bytes mean nothing."""
    found, at = [], 0
    while at < len(cell):
        size = 2 if cell[at] in LEADS else 1
        character = pythons(cell[at : at + size])
        if character is None or (size == 1 and cell[at] not in SINGLES):
            return None
        found.append((TWINS.get(character, character) if characters == "jis" else character, size))
        at += size
    return found


def slow_text(kind: str, cell: bytes, characters: str) -> tuple[bool, str | None]:
    if kind == "digits":
        text = cell.decode("latin-1")
        good = text.isascii() and (text.isdigit() or not text.strip(" "))
        return good, (text.strip(" ") or None) if good else None
    found = slow_characters(cell, characters)
    if found is None or (kind == "kana" and any(size == 2 for _, size in found)):
        return False, None
    while found and found[-1][0] in " \u3000":
        found.pop()
    if kind == "wide" and any(size == 1 for _, size in found):
        return False, None
    return True, "".join(character for character, _ in found) or None


SIGNS = {
    letter: (str(digit), sign)
    for sign, letters in ((1, "{ABCDEFGHI"), (-1, "}JKLMNOPQR"))
    for digit, letter in enumerate(letters)
}


def slow_number(kind: str, cell: bytes) -> tuple[bool, int | None]:
    if kind == "binary":
        return True, int.from_bytes(cell, "big", signed=True)
    if kind == "zoned":
        if not cell.strip(b" "):
            return True, None
        text = cell.decode("latin-1")
        last, sign = SIGNS.get(text[-1], (text[-1], 1))
        whole = text[:-1] + last
        return (True, sign * int(whole)) if whole.isascii() and whole.isdigit() else (False, None)
    halves = cell.hex()
    if not halves[:-1].isdigit() or halves[-1] not in "abcdef":
        return False, None
    return True, int(halves[:-1]) * (-1 if halves[-1] in "bd" else 1)


def slowly(made: Field, cell: bytes, characters: str) -> Outcome:
    """What a cell means; where it means nothing, what `diagnose` says of it."""
    good, value = (
        slow_number(made.type, cell)
        if made.type in NUMBERS
        else slow_text(made.type, cell, characters)
    )
    if good:
        return Outcome(value)
    code, byte = diagnose(cell, made, ENCODINGS["cp932"](characters))
    assert code in notices()
    assert 0 <= byte < len(cell)
    return Outcome(None, code, byte)


PIECES = {
    "text": [b" ", b"\x81\x40", b"A", b"0", b"\xb1", b"\x8e\x52", b"\x95\x5c", b"\x83\x7c",
             b"\xf0\x40", b"\xfb\xfc", b"\x81\x60", b"\x81\x7c"],
    "wide": [b"\x81\x40", b"  ", b"\x8e\x52", b"\x95\x5c", b"\x83\x7c", b"\xf0\x40", b"\x81\x60"],
    "kana": [b" ", b"\xb1", b"\xde", b"A", b"0", b"-"],
    "digits": [b"0", b"1", b"9", b" "],
    "zoned": [b"0", b"1", b"9", b"{", b"}", b"A", b"I", b"J", b"R", b" "],
    "packed": [b"\x00", b"\x12", b"\x99", b"\x1c", b"\x9d", b"\x0f", b"\x3b", b" "],
    "binary": [b"\x00", b"\xff", b"\x80", b"\x7f", b" "],
}  # fmt: skip
LONGEST = {"zoned": 18, "packed": 9, "binary": 8}
DAMAGE = [b"\x00", b"\xff", b"\x80", b"\x81", b"\xa0", b"\x7f", b"\x85\x40"]


def cells(kind: str, size: int) -> st.SearchStrategy[bytes]:
    """Cells of one size: wholly random, of likely pieces, of pieces and damage, padded or cut."""

    def fitted(pieces: list[bytes]) -> bytes:
        return b"".join(pieces)[:size].ljust(size)

    likely = st.lists(st.sampled_from(PIECES[kind]), max_size=size).map(fitted)
    full = st.lists(st.sampled_from(PIECES[kind]), min_size=size, max_size=size).map(fitted)
    damaged = st.lists(st.sampled_from([*PIECES[kind], *DAMAGE]), max_size=size).map(fitted)
    one_kind = st.sampled_from(PIECES[kind]).map(lambda p: (p * size)[:size])
    return st.one_of(likely, full, damaged, one_kind, st.binary(min_size=size, max_size=size))


@pytest.mark.parametrize(
    ("kind", "characters"),
    [*((kind, "microsoft") for kind in (*TEXTS, *NUMBERS)), ("text", "jis"), ("wide", "jis")],
)
@given(data=st.data())
@settings(max_examples=40)
def test_the_kernel_reads_every_type_as_a_slow_reading_does(
    kind: str, characters: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, LONGEST.get(kind, 40)), "size")
    made = field(kind, size)
    drawn = data.draw(st.lists(cells(kind, size), min_size=1, max_size=20), "cells")
    found = [cell for (cell,) in read(drawn, [made], characters)]
    assert found == [slowly(made, cell, characters) for cell in drawn]


@given(data=st.data())
@settings(max_examples=40)
def test_fields_beside_one_another_do_not_touch_one_another(data: st.DataObject) -> None:
    kinds = data.draw(
        st.lists(st.sampled_from([*TEXTS, *NUMBERS]), min_size=2, max_size=8), "kinds"
    )
    fields = [
        field(kind, data.draw(st.integers(1, min(20, LONGEST.get(kind, 20)))), f"f{i}")
        for i, kind in enumerate(kinds)
    ]
    records = data.draw(
        st.lists(st.tuples(*(cells(f.type, f.bytes) for f in fields)), min_size=1, max_size=12)
    )
    found = read([b"".join(record) for record in records], fields)
    assert found == [
        [slowly(f, cell, "microsoft") for f, cell in zip(fields, record, strict=True)]
        for record in records
    ]


@pytest.mark.parametrize(
    ("kind", "piece", "character"),
    [
        ("text", b"A", "A"),
        ("text", b"\xb1", "ｱ"),
        ("text", b"\x8e\x52", "山"),
        ("wide", b"\x8e\x52", "山"),
        ("wide", b"\xf0\x40", "\ue000"),
        ("kana", b"A", "A"),
        ("kana", b"\xb1", "ｱ"),
        ("digits", b"7", "7"),
    ],
)
def test_values_of_every_length_keep_all_their_characters(
    kind: str, piece: bytes, character: str
) -> None:
    """12 bytes of UTF-8 lie in an Arrow view itself, more of them behind it: both in one column."""
    most = 40 // len(piece)
    counts = [n for length in range(most + 1) for n in (length, most - length)]
    if kind == "digits":  # wholly filled or wholly blank
        for n in range(1, most + 1):
            assert [c.value for (c,) in read([piece * n, b" " * n] * 5, [field(kind, n)])] == [
                character * n, None,
            ] * 5  # fmt: skip
        return
    found = read([(piece * n).ljust(40) for n in counts], [field(kind, 40)])
    assert [cell.value for (cell,) in found] == [character * n or None for n in counts]


def test_many_records_in_one_batch_keep_their_own_values() -> None:
    """More than one of the kernel's runs, values short and long, blank and refused in turn."""
    made = [
        field("text", 20, "t"),
        field("digits", 13, "d"),
        field("zoned", 6, "z"),
        field("wide", 6, "w"),
    ]
    records, wanted = [], []
    for n in range(5000):
        text, digits = f"{n}" * (n % 5), f"{n:013d}"
        broken = n % 7 == 0
        wide = ("山田" if n % 2 else "").encode("cp932").ljust(6, b"\xff" if broken else b" ")
        records.append(text.encode()[:20].ljust(20) + digits.encode() + f"{n:06d}".encode() + wide)
        name = Outcome("山田" if n % 2 else None)
        if broken:
            name = slowly(made[3], wide, "microsoft")
            assert name.code
        wanted.append([Outcome(text[:20] or None), Outcome(digits), Outcome(n), name])
    whole = layout(made)
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"".join(records))
        file.flush()
        (batch,) = Reader(whole).batches(Path(file.name), 10_000)
    frame = batch.frames["cells"]
    assert frame.select("t", "d", "z", "w").rows() == [
        tuple(c.value for c in row) for row in wanted
    ]
    assert batch.issues.select("record", "item", "code").rows() == [
        (n, "w", row[3].code) for n, row in enumerate(wanted, 1) if row[3].code
    ]


@given(st.data())
def test_what_is_refused_of_a_personal_field_is_not_shown(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["text", "wide", "kana", "digits", "zoned", "packed"]))
    cell = data.draw(st.binary(min_size=6, max_size=6))
    with tempfile.NamedTemporaryFile() as file:
        file.write(cell)
        file.flush()
        (batch,) = Reader(layout([field(kind, 6, sensitive="yes")])).batches(Path(file.name))
    shown = "(6 bytes)"
    good = not slowly(field(kind, 6), cell, "microsoft").code
    assert batch.issues["value"].to_list() == ([] if good else [shown])


@pytest.mark.parametrize("name", sorted(ENCODINGS))
@pytest.mark.parametrize("profile", ["jis", "microsoft"])
def test_one_letter_is_encoded_as_the_turned_table_says(name, profile):
    encoding = ENCODINGS[name](profile)
    if encoding.scheme != "tables":
        return
    for letter in map(chr, range(128)):
        place = encoding.places.get(letter)
        if place is None:
            with pytest.raises(UnicodeEncodeError):
                encoding.encode(letter)
        elif place.ones in (0, NO_SHIFT):
            assert encoding.encode(letter) == place.code, (name, letter)
        else:
            assert encoding.encode(letter).count(place.code) == 1 < len(encoding.encode(letter)) - len(place.code)
