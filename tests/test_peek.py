"""A look into unknown files: right, or open, and never wrong and certain."""

from __future__ import annotations

import json
import random
import tracemalloc
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate import Catalog
from migrate.cli import base, main
from migrate.lint import _wrong_layout
from migrate.peek import peek
from migrate.peek.encoding import encoding
from migrate.peek.material import Piece
from migrate.peek.skeleton import write_layout
from migrate.peek.trial import usual
from migrate.read import Reader
from migrate.report.look import page

ROOT = Path(__file__).resolve().parents[1]
KANA_PAGE = bytes.fromhex("414243444546474849515253545556588182838485868788898a8c8d8e8f909192939495969798999a9d9e9fa2a3a4a5a6a7a8a9aaacadaeafbabbbcbdbebf")
LATIN_PAGE = bytes.fromhex("42434445464748495152535455565758596263646566676869707172737475767778"
                           "8a8b8c8d8e8f9a9b9c9d9e9faaabacaeafb3b4b5b6b7b8b9babbbcbebf")  # fmt: skip
NAMES = ["山田　太郎", "佐藤　花子", "鈴木　一郎", "高橋　美咲", "田中　大輔", "渡辺　さくら"]
KANA = ["ﾔﾏﾀﾞ ﾀﾛｳ", "ｻﾄｳ ﾊﾅｺ", "ｽｽﾞｷ ｲﾁﾛｳ", "ﾀｶﾊｼ ﾐｻｷ", "ﾀﾅｶ ﾀﾞｲｽｹ", "ﾜﾀﾅﾍﾞ ｻｸﾗ"]
ROMAJI = ["taro yamada in the green hills", "hanako sato over there again", "ichiro suzuki on the island", "misaki takahashi"]


def ascii_record(n, name, kana, codec="cp932", blank="　"):
    text = name.encode(codec)
    return (b"%09d" % (n * 7919 % 10**9) + kana.encode(codec).ljust(30)[:30] + text
            + blank.encode(codec) * ((30 - len(text)) // 2) + b"%08d  " % (n * 104729 % 10**8))  # fmt: skip


def fixed(codec="cp932", rows=60, ending=b"", gaiji=""):
    return b"".join(ascii_record(n, NAMES[(i := random.Random(n).randrange(6))] + gaiji, KANA[i], codec) + ending for n in range(rows))


def single(text, page):
    """EBCDIC bytes of digits, capitals, small letters and kana; kana by a page."""
    return bytes(page[ord(c) - 0xFF61] if "｡" <= c <= "ﾟ" else c.encode("cp037")[0] for c in text)


def host(begin, end, page, rows=60, texts=KANA, pairs="euc_jp"):
    made = []
    for n in range(rows):
        inner = NAMES[n % 6].replace("　", "").encode(pairs)
        if pairs == "ibm":
            inner = bytes.fromhex("45574575")
        made.append(single(f"{n * 7919 % 10**9:09d}", page) + single(texts[n % len(texts)], page).ljust(30, b"\x40")
                    + (begin + inner + end).ljust(30, b"\x40") + single(f"{n * 104729 % 10**8:08d}", page) + b"\x40\x40")  # fmt: skip
    return b"".join(made)


def ibm(page, texts=KANA):
    return b"".join(
        single(f"{n * 7919 % 10**9:09d}", page)
        + single(texts[n % len(texts)], page).ljust(30, b"\x40")
        + (b"\x0e" + bytes.fromhex("45574575") * (1 + n % 3) + b"\x0f").ljust(30, b"\x40")
        + single(f"{n:08d}", page)
        for n in range(60)
    )


def jips(rows=60):
    made = []
    for n in range(rows):
        inner = bytes(b - 0x80 for b in NAMES[n % 6].encode("euc_jp"))
        made.append(b"%09d" % (n * 7919) + KANA[n % 6].encode("cp932").ljust(30) + (b"\x1a\x70" + inner + b"\x1a\x71").ljust(30) + b"%08d" % (n * 104729))
    return b"".join(made)


def csv_text(rows=60, delimiter=",", quote="", header=True, newline="\r\n"):
    lines = [delimiter.join(["番号", "氏名", "区分", "生年月日"])] if header else []
    for n in range(rows):
        values = (f"{n * 7919:07d}", NAMES[n % 6].replace("　", " "), "12"[n % 2], f"S{n % 60 + 1:02d}/04/0{n % 9 + 1}")
        lines.append(delimiter.join(quote + v + quote for v in values))
    return newline.join(lines) + newline


def prefixed(order="big", inclusive=True):
    records = [b"%05d" % n + b"ABCDEFGHIJ"[: n % 9] for n in range(40)]
    made = b""
    for r in records:
        size = len(r) + 4 * inclusive
        made += (size.to_bytes(2, "big") + b"\0\0" if order == "big" else b"\0\0" + size.to_bytes(2, "little")) + r
    return made


# what: bytes, encoding and how sure, newline, record
CASES = {
    "cp932, fixed, no newline": (fixed(), "cp932", "certain", "none", "79"),
    "cp932, fixed, CRLF": (fixed(ending=b"\r\n"), "cp932", "certain", "crlf", "79"),
    "cp932, fixed, CR only": (fixed(ending=b"\r"), "cp932", "certain", "cr", "79"),
    "cp932, fixed, 1A at the end": (fixed(ending=b"\r\n") + b"\x1a", "cp932", "certain", "crlf", "79"),
    "cp932, gaiji": ("外\ue000字の山田さん、佐藤さん、鈴木さん\r\n".encode("cp932") * 30, "cp932", "likely", "crlf", "36"),
    "half-width kana only": (("".join(k.ljust(12) for k in KANA)).encode("cp932") * 20, "cp932", "likely", "none", None),
    "EUC, fixed": (b"".join(b"%05d" % n + NAMES[n % 6].encode("euc_jp").ljust(20) + b"\n" for n in range(60)), "eucjp-ms", "certain", "lf", None),
    "UTF-8, CSV": (csv_text().encode(), "utf-8", "certain", "crlf", "variable"),
    "UTF-8 with a mark": (("\ufeff" + csv_text()).encode(), "utf-8", "certain", "crlf", "variable"),
    "UTF-16, little": (csv_text().encode("utf-16-le"), "utf-16le", "certain", "crlf", "variable"),
    "UTF-16, big, with a mark": (("\ufeff" + csv_text()).encode("utf-16-be"), "utf-16be", "certain", "crlf", "variable"),
    "ISO-2022-JP": (csv_text().encode("iso2022_jp"), "iso-2022-jp", "certain", "crlf", "variable"),
    "JEF, EBCDIK": (host(b"\x28", b"\x29", KANA_PAGE), "jef-ebcdik", "certain", "none", None),
    "JEF, 9 points": (host(b"\x38", b"\x29", KANA_PAGE), "jef-ebcdik", "certain", "none", None),
    "KEIS": (host(b"\x0a\x42", b"\x0a\x41", KANA_PAGE), "keis", "undecided", "none", None),
    "JIPS(J)": (jips(), "jipsj-jis8", "certain", "none", None),
    "IBM, kana page": (ibm(KANA_PAGE), "ibm930", "likely", "none", None),
    "IBM, Latin page, kana": (ibm(LATIN_PAGE), "ibm939", "likely", "none", None),
    "IBM, Latin page, small letters": (ibm(LATIN_PAGE, ROMAJI), "ibm939", "likely", "none", None),
    "IBM, neither kana nor small letters": (ibm(KANA_PAGE, ["TARO", "HANAKO"]), "ibm", "undecided", "none", None),
    "EBCDIC without shift codes": (single("TARO YAMADA 0123456789    ", KANA_PAGE) * 90, "ebcdic", "undecided", "none", None),
    "pure ASCII": (b"".join(b"%06d,%04d\r\n" % (n * 7919, n) for n in range(40)), "ascii", "undecided", "crlf", None),
    "RDW, inclusive": (prefixed(), "ascii", "undecided", "none", "rdw"),
    "RDW, exclusive": (prefixed(inclusive=False), "ascii", "undecided", "none", "rdw_exclusive"),
    "RDW, little": (prefixed("little", inclusive=False), "ascii", "undecided", "none", "rdw_little"),
    "one record": (ascii_record(1, NAMES[0], KANA[0]), "cp932", "certain", "none", None),
}  # fmt: skip


@pytest.fixture
def look(tmp_path):
    def go(data):
        path = tmp_path / "unknown.dat"
        path.write_bytes(data)
        return peek(path)

    return go


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_told_as_far_as_its_bytes_tell(look, name):
    data, wanted, sure, newline, record = CASES[name]
    found = look(data).look
    assert (found.encoding.value, found.encoding.confidence) == (wanted, sure)
    assert found.structure.newline.value == newline
    if record:
        assert found.structure.record.value == record
    assert found.encoding.evidence
    assert bool(found.encoding.alternatives) or sure != "undecided"


ROWS = {
    "X02 full-width padding": ((b"0001" + "山田".encode("cp932") + b"\x81\x40" * 14) * 12, "cp932"),
    "X03 32 bytes of kana": ("ﾔﾏﾀﾞ ﾀﾛｳ ｻﾄｳ ﾊﾅｺ ﾜﾀﾅﾍﾞ ｻﾌﾞﾛｳ ｺ".encode("cp932")[:32], "cp932"),
    "X04 gaiji F040": ("髙".encode("cp932") + b"\xf0\x40" + "山田太郎、東京都中央区".encode("cp932") + b"\r\n", "cp932"),
    "X06 UTF-8, cut": ("東京都中央区の山田さん".encode() * 3, "utf-8"),
    "X07 pure ASCII": (b"A,1\r\nB,2\r\n", "ascii"),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_the_rows_of_the_fact_sheet_hold(name):
    data, wanted = ROWS[name]
    pieces = [Piece(1, data[1:-1])] if "cut" in name else [Piece(0, data)]
    found = encoding(pieces)
    assert found.value == wanted
    assert found.confidence == ("undecided" if wanted == "ascii" else found.confidence)
    assert "euc_jis_2004" not in found.alternatives


def test_what_two_tables_read_differently_is_not_certain(look):
    found = look(CASES["cp932, gaiji"][0]).look.encoding
    assert "shift_jis-2004" in found.alternatives
    assert look(CASES["IBM, kana page"][0]).look.encoding.alternatives == ["ibm1390"]
    assert "ibm939" in look(CASES["IBM, neither kana nor small letters"][0]).look.encoding.alternatives


def test_the_ruler_shows_digits_kana_kanji_and_packed_numbers(look):
    rows = [b"%05d" % n + KANA[n % 6].encode("cp932").ljust(10) + NAMES[n % 6][:2].encode("cp932")
            + bytes.fromhex(f"{n * 7919:07d}c") for n in range(40)]  # fmt: skip
    kind = look(b"".join(r + b"\r\n" for r in rows)).look.kinds[0]
    assert kind.ruler.startswith("99999kkk")
    assert "JjJjPPPP" in kind.ruler
    parts = {p.start: (p.type, p.bytes) for p in kind.parts}
    assert parts[16] == ("wide", 4)
    assert parts[20] == ("packed", 4)
    assert all(p.why[0] for p in kind.parts)
    assert sum(p.bytes for p in kind.parts) == kind.length == 23


def test_header_and_trailer_are_record_types_of_their_own(look):
    body = [b"2%06d" % (n * 7919) + NAMES[n % 6].encode("cp932").ljust(14) for n in range(30)]
    data = b"\r\n".join([b"1HEAD 20260401       ", *body, b"9000030              ", b""])
    kinds = look(data).look.kinds
    assert {(k.role, k.tag, k.count) for k in kinds} == {("header", "31", 1), ("data", "32", 30), ("trailer", "39", 1)}
    assert {k.tag_at for k in kinds} == {1}


def test_a_delimited_file_is_described_by_columns(look):
    found = look(csv_text(quote='"').encode("cp932")).look.dialect
    assert (found.delimiter.value, found.quoting.value, found.header.value) == (",", "all", "yes")
    assert [c.type for c in found.columns] == ["digits", "kanji", "digits", "date"] or [c.type for c in found.columns] == ["digits", "mixed", "digits", "date"]
    assert found.columns[3].form == "S63/04/01"
    assert [c.label for c in found.columns] in ([None] * 4, ["番号", "氏名", "区分", "生年月日"])
    assert {v.value for v in found.columns[2].values} == {"1", "2"}
    assert found.columns[1].values == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_line_breaks_and_doubled_quotes_within_values_are_counted(look, delimiter):
    row = delimiter.join(['"1"', '"山田\r\n太郎"', '"a ""b"" c"']) + "\r\n"
    found = look((row * 20).encode("cp932")).look.dialect
    assert found.breaks_in_quotes == 20
    assert found.doubled_quotes == 40


def secrets():
    return {part for text in (*NAMES, *KANA) for part in text.replace("　", " ").split() if len(part) >= 2}


@pytest.mark.parametrize("name", [n for n in CASES if n not in ("cp932, gaiji",)])
def test_no_value_of_the_file_is_in_any_output(look, name):
    seen = look(CASES[name][0])
    told = page(seen, reveal=False, records=5) + seen.look.model_dump_json()
    hidden = secrets() | {"0007919", "000007919", "00104729"}
    assert [s for s in hidden if s in told] == []


def test_reveal_shows_the_records(look):
    seen = look(CASES["cp932, fixed, CRLF"][0])
    shown = [name for name in NAMES if name[:2] in page(seen, reveal=True, records=60)]
    assert shown == NAMES
    assert [name for name in NAMES if name[:2] in page(seen, reveal=False, records=60)] == []


def test_a_value_that_comes_seldom_is_hidden(look):
    lines = ["番号,区分", *(f"{n:07d},{'A' if n else 'Z'}" for n in range(50))]
    column = look(("\r\n".join(lines) + "\r\n").encode()).look.dialect.columns[1]
    assert [(v.value, v.count) for v in column.values] == [("A", 49)]
    assert column.distinct == 2


def test_a_skeleton_is_accepted_by_lint(look, tmp_path):
    files = {
        "one": CASES["cp932, fixed, no newline"][0],
        "two": CASES["cp932, fixed, CRLF"][0],
        "table": csv_text().encode("cp932"),
        "types": b"\r\n".join([b"1HEAD 2026", *(b"2%09d" % (n * 7919) for n in range(30)), b"9000000030", b""]),
    }
    for name, data in files.items():
        folder = write_layout(look(data).look, tmp_path, f"unknown/{name}")
        written = "".join(p.read_text("utf-8") for p in folder.iterdir())
        assert [s for s in secrets() if s in written] == []
        layout = Catalog(tmp_path).layout(f"unknown/{name}")
        assert list(_wrong_layout(layout)) == []
        assert all(f.sensitive for r in layout.records for f in r.fields if f.type != "filler")
    assert list(Catalog(tmp_path).layout("unknown/types").types) == ["type_32", "header", "trailer"]


def test_a_skeleton_overwrites_nothing_and_wants_a_name(look, tmp_path):
    from migrate.errors import KnowledgeError

    found = look(CASES["cp932, fixed, CRLF"][0]).look
    write_layout(found, tmp_path, "unknown/file")
    for name in ("unknown/file", "Unknown", "../x/y"):
        with pytest.raises(KnowledgeError):
            write_layout(found, tmp_path, name)
    with pytest.raises(KnowledgeError):
        write_layout(look(b"x").look, tmp_path, "unknown/other")


@pytest.mark.parametrize("data", [b"", b"x", b"\0", b"\xff" * 3, b"\n", b"\r\n", b"\x1a", b"PK\x03\x04rest", bytes(range(256)) * 40,
                                  b"\0" * 5000, b"\xff" * 5000, b" " * 5000, b"\x40" * 5000,
                                  random.Random(7).randbytes(20000)])  # fmt: skip
def test_garbage_is_looked_at_and_nothing_about_it_is_certain(look, data):
    seen = look(data)
    assert seen.look.encoding.confidence != "certain"
    assert seen.look.size == len(data)
    assert page(seen, reveal=False, records=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=400), st.lists(st.binary(min_size=7, max_size=7), max_size=40).map(b"".join),
                      st.text(max_size=200).map(lambda t: t.encode("utf-8", "ignore"))))  # fmt: skip
def test_no_bytes_whatever_stop_the_look(look, data):
    seen = look(data)
    jsonschema.validate(json.loads(seen.look.model_dump_json()), json.loads((ROOT / "docs/peek.schema.json").read_text("utf-8")))
    assert page(seen, reveal=True, records=3)


def test_memory_does_not_grow_with_the_file(tmp_path):
    path, block = tmp_path / "big.dat", fixed(rows=500, ending=b"\r\n")
    peaks = []
    for times in (60, 240):
        with path.open("wb") as file:
            for _ in range(times):
                file.write(block)
        tracemalloc.start()
        found = peek(path).look
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found.structure.records == 500 * times
        assert found.structure.record.value == "79"
    assert peaks[1] < peaks[0] * 1.3


@pytest.fixture
def here(capsys):
    def go(*words):
        code = base.settle(main.cli.main, [str(w) for w in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def test_the_command_prints_json_of_the_published_schema_and_writes_a_layout(here, tmp_path):
    path = tmp_path / "unknown.dat"
    path.write_bytes(CASES["cp932, fixed, CRLF"][0])
    code, text, told = here("peek", path, "--format", "json", "--write-layout", "some/file", "--root", tmp_path)
    assert code == 0
    jsonschema.validate(json.loads(text), json.loads((ROOT / "docs/peek.schema.json").read_text("utf-8")))
    assert (tmp_path / "layouts/legacy/some/file/layout.toml").is_file()
    assert "layout" in told
    assert here("peek", path, "--write-layout", "some/file", "--root", tmp_path)[0] == 12


def test_the_schema_of_peek_is_fresh(here):
    assert here("peek", "--schema")[1] == (ROOT / "docs/peek.schema.json").read_text("utf-8")


def test_the_file_is_read_in_pieces_only(monkeypatch, tmp_path):
    path = tmp_path / "big.dat"
    path.write_bytes(fixed(rows=20000, ending=b"\r\n"))
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("the whole file was read"))
    assert peek(path).look.structure.records == 20000


def linked(records):
    return b"".join((len(r) + 4).to_bytes(2, "big") + b"\0\0" + r for r in records)


def test_the_types_of_records_with_a_length_are_told_by_their_tag(look):
    records = [single(f"A{n:06d}TARO" if n % 3 else f"B{n:04d}", KANA_PAGE) for n in range(90)]
    kinds = look(linked(records)).look.kinds
    assert {(k.tag_at, k.tag, k.length, k.count) for k in kinds} == {(1, "c1", 11, 60), (1, "c2", 5, 30)}


def test_a_tag_in_the_first_byte_wins_over_later_bytes(look):
    body = [b"A2010%013d  35.2N 139.1E  " % (n * 7919) if n % 20 == 0 else b"%07d %010d/ 12 30  F%03d F%03d" % (n * 791900 % 10**7, n * 104729, n, n) for n in range(400)]
    kinds = look(b"".join(r[:36].ljust(36) + b"\r\n" for r in body)).look.kinds
    assert {(k.tag_at, k.tag) for k in kinds} == {(1, "41"), (1, "digits")}


def test_bytes_before_and_behind_fixed_records_are_told_apart(look):
    found = look(b"HEADER*XYZ" + fixed(rows=80) + b"*END").look.structure
    assert (found.lead_bytes, found.tail_bytes, found.record_bytes, found.records) == (10, 4, 79, 80)


def test_pairs_without_shift_codes_narrow_the_host(look):
    high = [c for c in range(0x4540, 0x5000) if usual("ibm939")[c] == 1 and 0xCA <= c & 0xFF <= 0xCF][:7]
    tokyo = b"".join(c.to_bytes(2, "big") for c in high)
    rows = [single(f"{n * 7919:09d}", LATIN_PAGE) + tokyo[2 * (n % 3):].ljust(20, b"\x40") for n in range(60)]
    found = look(b"".join(rows)).look.encoding
    assert found.confidence == "undecided"
    assert found.alternatives
    assert all(name.startswith("ibm") for name in found.alternatives)


def test_columns_are_summed_up_over_the_whole_file(look):
    rows = "".join(f'{n:07d},"山田\n太郎",{"X" if n == 30000 else ""}\r\n' for n in range(60000))
    found = look(rows.encode("cp932")).look.dialect
    assert found.whole
    assert [c.filled for c in found.columns] == [1.0, 1.0, round(1 / 60000, 4)]
    assert [(c.distinct, c.more) for c in found.columns] == [(10000, True), (1, False), (1, False)]
    assert found.columns[1].longest_bytes == 9


@pytest.mark.parametrize("name", ["jef", "rdw"])
def test_a_skeleton_of_a_host_file_reads_its_records(look, tmp_path, name):
    data = host(b"\x28", b"\x29", KANA_PAGE) if name == "jef" else linked([single(f"A{n:06d}TARO" if n % 3 else f"B{n:04d}", KANA_PAGE) for n in range(90)])
    seen = look(data).look
    write_layout(seen, tmp_path, f"unknown/{name}")
    layout = Catalog(tmp_path).layout(f"unknown/{name}")
    assert list(_wrong_layout(layout)) == []
    read = next(Reader(layout, part=True).batches(tmp_path / "unknown.dat", 3))
    assert sum(map(len, read.frames.values())) == 3
