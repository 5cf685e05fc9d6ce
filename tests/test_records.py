"""Records of hosts: lengths before them, blocks, types, groups and redefinitions. No byte is ever lost."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hosts import PREFIXES, bdw, big, host, layout, rdw, read, record
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.catalog import Catalog
from migrate.errors import KnowledgeError, SourceError
from migrate.model import Declaration, Tag
from migrate.report import knowledge

SIMPLE = """no,N,1,3,digits
name,L,4,5,text"""


def simple(path, **more):
    return layout(path, record(path, "r", SIMPLE), **{"prefix": "rdw", "record_bytes": 20, **more})


def person(number, name="ABCDE"):
    return host(f"{number:03d}{name}")


# ---- lengths before records ----


@pytest.mark.parametrize("prefix", sorted(PREFIXES))
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_records_are_cut_by_the_length_before_them(tmp_path, prefix, size):
    records = [person(1), person(2, ""), person(3, "XYZ  "), person(4)]
    data = b"".join(map(PREFIXES[prefix], records))
    found = read(tmp_path, data, simple(tmp_path, prefix=prefix), size)
    assert found.rows["r"] == [(1, "001", "ABCDE"), (2, "002", None), (3, "003", "XYZ"), (4, "004", "ABCDE")]
    assert found.issues == []


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_blocks_of_records_are_one_file(tmp_path, size):
    data = bdw(person(1), person(2)) + bdw(person(3)) + bdw(*(person(n) for n in range(4, 9)))
    found = read(tmp_path, data, simple(tmp_path, prefix="bdw"), size)
    assert [no for _, no, _ in found.rows["r"]] == [f"{n:03d}" for n in range(1, 9)]
    assert found.issues == []
    block = found.reads[0].block
    assert block.raw(0) == bdw(person(1), person(2))[:16]
    assert block.located(1) == (4, rdw(person(1)))


def broken(*pieces):
    """Sound records 1 to 4, and between them, damage."""
    return b"".join(p if isinstance(p, bytes) else rdw(person(p)) for p in pieces)


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize(
    ("data", "good", "byte"),
    [
        (broken(1, b"\0\4\0\0", 2, 3, 4), "1 2 3 4", 12),
        (broken(1, b"\0\0\0\0", 2, 3, 4), "1 2 3 4", 12),
        (broken(1, rdw(bytes(21)), 2, 3, 4), "1 2 3 4", 12),
        (broken(1, rdw(b"\xf1" * 30), 2), "1 2", 12),
        (broken(1, b"\0\x0c\1\0" + person(9), 2, 3, 4), "1 2 3 4", 12),
        (broken(1, b"\xff\xff\xff\xff" + person(9), 2), "1 2", 12),
        (broken(1, 2, 3, rdw(person(4))[:-1]), "1 2 3", 36),
        (broken(1, 2, 3, b"\0"), "1 2 3", 36),
        (broken(b"\xf0\xf1", 1, 2, 3), "1 2 3", 0),
    ],
    ids=["no field", "length 0", "too long", "too long at the end", "a piece of a record", "garbage",
         "cut by a byte (S05)", "a byte too many", "two bytes at the head"],
)  # fmt: skip
def test_damage_costs_only_itself(tmp_path, data, good, byte, size):
    found = read(tmp_path, data, simple(tmp_path), size)
    assert [int(no) for _, no, _ in found.rows["r"]] == [int(n) for n in good.split()]
    assert [(b, code) for _, b, _, code in found.issues] == [(byte, "broken_prefix")]


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize(
    ("change", "good", "pieces"),
    [
        (lambda d: d, [1, 2, 3, 4, 5, 6], 0),
        (lambda d: b"\xff\xff\xff\xff" + d[4:], [1, 2, 3, 4, 5, 6], 1),
        (lambda d: d[:16] + b"\xff\xff" + d[18:], [1, 3, 4, 5, 6], 1),
        (lambda d: d[:4] + b"\xff\xff" + d[6:], [2, 3, 4, 5, 6], 1),
        (lambda d: d[:40] + b"\0\0\0\0" + d[44:], [1, 2, 3, 4, 5, 6], 1),
        (lambda d: d[:-1], [1, 2, 3], 1),
    ],
    ids=["sound", "a block's length", "a record's length", "the first record's length", "the second block's length",
         "cut by a byte"],
)  # fmt: skip
def test_damage_in_blocks_costs_only_itself(tmp_path, change, good, pieces, size):
    data = change(bdw(person(1), person(2), person(3)) + bdw(person(4), person(5), person(6)))
    found = read(tmp_path, data, simple(tmp_path, prefix="bdw"), size)
    got = [int(no) for _, no, _ in found.rows["r"]]
    assert set(good) <= set(got) <= set(range(1, 7))
    assert got == sorted(got)
    assert len(found.issues) >= pieces
    assert {code for *_, code in found.issues} <= {"broken_prefix"}


@pytest.mark.parametrize("prefix", ["rdw", "bdw"])
def test_the_mark_of_the_end_is_no_record(tmp_path, prefix):
    data = (rdw(person(1)) if prefix == "rdw" else bdw(person(1))) + b"\x1a"
    found = read(tmp_path, data, simple(tmp_path, prefix=prefix))
    assert found.rows["r"] == [(1, "001", "ABCDE")]
    assert found.issues == []


@pytest.mark.parametrize("prefix", [*sorted(PREFIXES), "bdw"])
@pytest.mark.parametrize("data", [b"\x1a", b"\xf1" * 50, host("NOTHING OF THE KIND " * 400)])
def test_a_file_in_which_no_length_fits_is_not_processed(tmp_path, prefix, data):
    with pytest.raises(SourceError, match="20 bytes"):
        read(tmp_path, data, simple(tmp_path, prefix=prefix))


def test_a_record_may_end_before_its_last_fields_but_not_within_one(tmp_path):
    made = simple(tmp_path)
    found = read(tmp_path, rdw(host("001")) + rdw(host("002AB")) + rdw(host("003ABCDEFG")), made)
    assert found.rows["r"] == [(1, "001", None), (2, "002", None), (3, "003", "ABCDE")]
    assert found.issues == [(2, 14, "name", "cut_field"), (3, 16, "", "wrong_length")]


def test_what_was_refused_of_blocks_is_read_again_as_a_part(tmp_path):
    made = simple(tmp_path, prefix="bdw", lead_bytes=3)
    whole = read(tmp_path, b"abc" + bdw(host("0X1AAAAA"), host("002BBBBB"), host("0X3CCCCC")), made)
    refused = [n for n, *_ in whole.issues]
    assert refused == [1, 3]
    kept = b"".join(whole.reads[0].block.located(n)[1] for n in refused)
    again = read(tmp_path, kept.replace(host("X"), host("0")), made, part=True)
    assert again.rows["r"] == [(1, "001", "AAAAA"), (2, "003", "CCCCC")]


def test_bytes_that_lead_and_trail_are_passed_over(tmp_path):
    for prefix, records in (("", [person(1), person(2)]), ("rdw", [rdw(person(1)), rdw(person(2))])):
        made = simple(tmp_path, prefix=prefix, record_bytes=8, lead_bytes=5, tail_bytes=7)
        found = read(tmp_path, b"\1" * 5 + b"".join(records) + b"\2" * 7, made)
        assert [no for _, no, _ in found.rows["r"]] == ["001", "002"]
        assert found.issues == []
        assert found.reads[0].frames["r"]["_offset"].to_list() == [5, 5 + len(records[0])]
    with pytest.raises(SourceError, match="11 bytes"):
        read(tmp_path, b"\1" * 11, made)


@pytest.mark.parametrize(("newline", "mark"), [("nel", b"\x15"), ("lf", b"\x25"), ("crlf", b"\x0d\x25"), ("cr", b"\x0d")])
def test_a_host_has_newlines_of_its_own(tmp_path, newline, mark):
    made = simple(tmp_path, prefix="", record_bytes=8, newline=newline)
    found = read(tmp_path, mark.join([person(1), person(2)[:-1], person(3), b""]), made)
    assert [no for _, no, _ in found.rows["r"]] == ["001", "003"]
    assert [(n, code) for n, _, _, code in found.issues] == [(2, "wrong_length")]


# ---- any bytes at all ----


@given(data=st.binary(max_size=300), prefix=st.sampled_from([*sorted(PREFIXES), "bdw", ""]), size=st.integers(1, 9))
@settings(max_examples=150, deadline=None)
def test_garbage_loses_no_byte(tmp_path_factory, data, prefix, size):
    path = tmp_path_factory.mktemp("garbage")
    with suppress(SourceError):
        read(path, data, simple(path, prefix=prefix), size)


@given(
    kinds=st.lists(st.one_of(st.integers(0, 999), st.binary(min_size=1, max_size=30)), min_size=1, max_size=40),
    prefix=st.sampled_from([*sorted(PREFIXES), "bdw"]),
    size=st.integers(1, 9),
)
@settings(max_examples=150, deadline=None)
def test_damage_among_records_loses_no_byte_and_no_batch_shows(tmp_path_factory, kinds, prefix, size):
    path = tmp_path_factory.mktemp("damaged")
    write = bdw if prefix == "bdw" else PREFIXES[prefix]
    data = write(person(7)) * 3 + b"".join(k if isinstance(k, bytes) else write(person(k)) for k in kinds)
    made = simple(path, prefix=prefix)
    small, whole = read(path, data, made, size), read(path, data, made)
    assert small[:3] == whole[:3]
    sound = [k for k in kinds if isinstance(k, int)]
    if len(sound) == len(kinds):
        assert [int(no) for _, no, _ in whole.rows["r"]] == [7, 7, 7, *sound]


def test_a_long_file_is_cut_the_same_in_small_pieces_and_large(tmp_path):
    random.seed(5)
    data = bytearray(b"".join(rdw(person(n % 1000, "ABCDE"[: n % 6])) for n in range(40_000)))
    for _ in range(60):
        data[random.randrange(12, len(data))] ^= 0xFF
    made = simple(tmp_path)
    first = read(tmp_path, bytes(data), made, 50_000)
    assert read(tmp_path, bytes(data), made, 777)[:3] == first[:3]
    assert len(first.rows["r"]) > 39_800


# ---- record types ----


def test_types_are_told_apart_by_text_bytes_and_several_tags(tmp_path):
    company = record(tmp_path, "company", "kind,K,1,1,text\nname,N,2,6,text",
                     tag=(Tag.model_validate({"at": 1, "is": ["C"]}),))  # fmt: skip
    vip = record(tmp_path, "vip", "kind,K,1,1,text\nname,N,2,2,text\nmark,M,4,1,binary",
                 tag=(Tag.model_validate({"at": 1, "in": "CP"}), Tag(at=4, hex=("FF", "fe"))))  # fmt: skip
    contact = record(tmp_path, "contact", "kind,K,1,1,text\nphone,P,2,2,digits", tag=(Tag(at=1, hex=("D7",)),))
    made = layout(tmp_path, vip, company, contact, prefix="rdw_exclusive")
    data = [host("CROBOTS"), host("P12"), host("PAB") + b"\xff", host("CAB") + b"\xfe", host("X12")]
    found = read(tmp_path, b"".join(map(big, data)), made)
    assert found.rows == {
        "company": [(1, "C", "ROBOTS")],
        "contact": [(2, "P", "12")],
        "vip": [(3, "P", "AB", -1), (4, "C", "AB", -2)],
    }
    assert [(n, code) for n, _, _, code in found.issues] == [(5, "unknown_record")]


# ---- groups of a number that a field says ----

ODO = """key,K,1,2,digits
n,N,3,1,zoned
x,X,4,2,digits,,,g,3,n
y,Y,6,1,text,,,g,3,n
behind,B,13,3,text"""


@pytest.mark.parametrize("size", [1, 1000])
def test_fields_behind_a_group_follow_its_last_occurrence(tmp_path, size):
    made = layout(tmp_path, record(tmp_path, "r", ODO), prefix="rdw")
    texts = ["010END", "02111AEND", "03322B33C44DEND", "04?11AEND", "05411A", "062", "071 1AEND", "08111AENDX"]
    found = read(tmp_path, b"".join(rdw(host(t)) for t in texts), made, size)
    assert found.rows["r"] == [
        (1, "01", 0, None, None, None, None, None, None, "END"),
        (2, "02", 1, "11", "A", None, None, None, None, "END"),
        (3, "03", 3, "22", "B", "33", "C", "44", "D", "END"),
        (4, "04", None, None, None, None, None, None, None, None),
        (5, "05", 4, None, None, None, None, None, None, None),
        (6, "06", 2, None, None, None, None, None, None, None),
        (7, "07", 1, None, "A", None, None, None, None, "END"),
        (8, "08", 1, "11", "A", None, None, None, None, "END"),
    ]
    begin = [sum(len(rdw(host(t))) for t in texts[:i]) for i in range(8)]
    assert found.issues == [
        (4, begin[3] + 6, "n", "not_zoned"),
        (5, begin[4] + 6, "n", "wrong_times"),
        (7, begin[6] + 7, "x_1", "not_digits"),
        (8, begin[7], "", "wrong_length"),
    ]
    block = found.reads[0].block.only(0) if size == 1000 else found.reads[0].block
    assert len(block) == 1


def test_a_moved_field_is_blamed_at_its_own_byte(tmp_path):
    made = layout(tmp_path, record(tmp_path, "r", ODO.replace("behind,B,13,3,text", "behind,B,13,3,digits")), prefix="rdw")
    found = read(tmp_path, rdw(host("02111AE1D")), made)
    assert found.issues == [(1, 10, "behind", "not_digits")]
    block, kind = found.reads[0].block, made.records[0]
    assert block.place(0, kind.read["behind"]) == 10
    assert block.spans(0, kind) == [(4, 2), (6, 1), (7, 2), (9, 1), (10, 0), (12, 0), (13, 0), (15, 0), (10, 3)]


def test_without_lengths_the_record_is_as_long_as_ever(tmp_path):
    made = layout(tmp_path, record(tmp_path, "r", ODO))
    found = read(tmp_path, host("02111AEND".ljust(15)) + host("03322B33C44DEND"), made)
    assert [row[-1] for row in found.rows["r"]] == ["END", "END"]
    assert found.issues == []


@given(counts=st.lists(st.integers(0, 3), min_size=1, max_size=40), size=st.integers(1, 50))
@settings(max_examples=40, deadline=None)
def test_any_numbers_of_occurrences_are_read_again(tmp_path_factory, counts, size):
    path = tmp_path_factory.mktemp("times")
    made = layout(path, record(path, "r", ODO), prefix="rdw")
    texts = [f"{n % 100:02d}{c}" + "".join(f"{(n + i) % 100:02d}{'ABC'[i]}" for i in range(c)) + f"E{n % 100:02d}"
             for n, c in enumerate(counts)]  # fmt: skip
    found = read(path, b"".join(rdw(host(t)) for t in texts), made, size)
    assert found.issues == []
    for (_, key, count, *group, behind), n, wanted in zip(found.rows["r"], range(99), counts, strict=False):
        pairs = [v for i in range(wanted) for v in (f"{(n + i) % 100:02d}", "ABC"[i])]
        assert (key, count, behind) == (f"{n % 100:02d}", wanted, f"E{n % 100:02d}")
        assert group == pairs + [None] * (6 - len(pairs))


# ---- redefinitions ----

REDEFINED = """kind,K,1,1,text
name,N,2,4,text,,,,,,,kind = A B
rest,R,6,2,text,,,,,,,kind = A B
amount,A,2,5,digits,,,,,,name,kind = C
fill,F,7,1,filler,,,,,,,kind = C
code,C,2,2,packed,,,,,,name,kind = D
never,V,2,6,text,,,,,,name,?
end,E,8,1,text"""


def test_bytes_mean_what_the_record_says_that_they_mean(tmp_path):
    made = layout(tmp_path, record(tmp_path, "r", REDEFINED))
    assert made.record_bytes == 8
    data = host("ANAMEXX1") + host("C12345 2") + host("D") + b"\x12\x3d" + host("    3") + host("?NAMEXX4") + host("CNAMEXX5")
    found = read(tmp_path, data, made)
    assert found.rows["r"] == [
        (1, "A", "NAME", "XX", None, None, None, "1"),
        (2, "C", None, None, "12345", None, None, "2"),
        (3, "D", None, None, None, -123, None, "3"),
        (4, "?", None, None, None, None, None, "4"),
        (5, "C", None, None, None, None, None, "5"),
    ]
    assert found.issues == [(5, 33, "amount", "not_digits")]
    spans = dict(zip((f.name for f in made.records[0].fields), found.reads[0].block.spans(1, made.records[0]), strict=True))
    assert {name: size for name, (_, size) in spans.items() if size} == {"kind": 1, "amount": 5, "fill": 1, "end": 1}


def test_what_decides_may_be_a_number_behind_what_it_decides(tmp_path):
    text = "a,A,1,2,text\nb,B,1,2,binary,,,,,,a,k = -7 2\nk,K,3,2,binary"
    found = read(tmp_path, host("XY") + b"\xff\xf9" + host("XY") + b"\0\1", layout(tmp_path, record(tmp_path, "r", text)))
    assert found.rows["r"] == [(1, "XY", -6168, -7), (2, "XY", None, 1)]


def test_a_redefinition_within_another_goes_on_behind_the_longer(tmp_path):
    text = """k,K,1,1,text
    whole,W,2,9,text,,,,,,,k = W
    a,A,2,3,text,,,,,,whole,k = A
    b,B,2,5,text,,,,,,a,k = B
    c,C,7,2,text,,,,,,,k = A
    end,E,11,1,text"""
    with pytest.raises(KnowledgeError):  # c has the `when` of a, whose redefinition b has not ended
        record(tmp_path, "r", text.replace("c,C,7,2", "c,C,5,2"))
    assert [f.at for f in record(tmp_path, "r", text).fields] == [0, 1, 1, 1, 6, 10]


# ---- headers, data and trailers in groups, before one end (全銀) ----

KINDS = {"header": "1", "data": "2", "trailer": "8", "end": "9"}
BODIES = {
    "header": "t,T,1,1,digits\nrest,R,2,9,text",
    "data": "t,T,1,1,digits\namount,A,2,9,zoned",
    "trailer": "t,T,1,1,digits\ncount,C,2,3,digits\ntotal,S,5,6,digits",
    "end": "t,T,1,1,digits\ngroups,G,2,9,digits",
}
CLAIMS = {
    "trailer": (Declaration(field="count", counts=("data",)), Declaration(field="total", sums="data amount")),
    "end": (Declaration(field="groups", counts=("header",)),),
}


def banks(path, **more):
    return layout(path, *(record(path, kind, BODIES[kind], kind=kind, declares=CLAIMS.get(kind, ()),
                                 tag=(Tag.model_validate({"at": 1, "is": [mark]}),)) for kind, mark in KINDS.items()),
                  encoding="cp932", newline="cr", **more)  # fmt: skip


def group(*amounts, count=None, total=None):
    said, added = len(amounts) if count is None else count, sum(amounts) if total is None else total
    return ["1" + " " * 9, *(f"2{a:09d}" for a in amounts), f"8{said:03d}{added:06d}"]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([*group(1, 2), *group(30), "9000000002"], []),
        ([*group(1, 2), *group(), "9000000002"], []),
        ([*group(1, 2), *group(30, count=2), "9000000002"], ["wrong_count"]),
        ([*group(1, 2, total=4), *group(30), "9000000002"], ["wrong_total"]),
        ([*group(1, 2), *group(30), "9000000003"], ["wrong_count"]),
        ([*group(1, 2), *group(30)], ["no_end"]),
        ([*group(1, 2), *group(30)[1:], "9000000001"], ["no_header"]),
        ([*group(1, 2)[:-1], *group(30), "9000000002"], ["wrong_count", "wrong_total"]),
        ([*group(1, 2), *group(30)[:-1], "9000000002"], ["no_trailer"]),
    ],
    ids=range(9),
)
def test_each_group_answers_for_itself_and_the_end_for_all(tmp_path, lines, faults, size):
    found = read(tmp_path, "".join(f"{line}\r" for line in lines).encode(), banks(tmp_path), size)
    assert found.faults == faults
    assert found.issues == []


# ---- what lint says ----

HEAD = """title = "T"
source = "s"
format = "fixed"
encoding = "ibm037"
newline = "none"
record_bytes = {size}
{more}

[[record]]
name = "r"
{tag}
"""
WRONG = [
    ("a word of another type", "a,A,1,4,packed,,leading", "", "form of packed"),
    ("a form of text", "a,A,1,4,text,,unsigned", "", "text has no form"),
    ("a sign that is none", "a,A,1,4,zoned,,unsigned separate", "", "separate unsigned contradicts"),
    ("a word twice meant", "a,A,1,4,float,,ibm little", "", "ibm little contradicts"),
    ("an odd float", "a,A,1,6,float", "", "4 or 8"),
    ("a long binary", "a,A,1,17,binary", "", "16 bytes"),
    ("a sign alone", "a,A,1,1,zoned,,separate", "", "no digit"),
    ("a point in a float", "a,A,1,4,float,2", "", "float has no scale"),
    ("a count of nothing", "a,A,1,1,digits\nb,B,2,1,text,,,g,2,x", "", "'x'"),
    ("a count behind its group", "b,B,1,1,text,,,g,2,a\na,A,3,1,digits", "", "'a'"),
    ("a count of letters", "a,A,1,1,text\nb,B,2,1,text,,,g,2,a", "", "'a'"),
    ("a count without a group", "a,A,1,1,digits\nb,B,2,1,text,,,,,a", "", "for a group"),
    ("a group of two minds", "a,A,1,1,digits\nb,B,2,1,text,,,g,2,a\nc,C,3,1,text,,,g,2", "", "all rows of a group"),
    ("a redefinition of nothing", "a,A,1,2,text\nb,B,1,2,text,,,,,,x,?", "", "'x'"),
    ("a redefinition without when", "a,A,1,2,text\nb,B,1,2,text,,,,,,a", "", "no when"),
    ("a condition that says nothing", "a,A,1,2,text\nb,B,1,2,text,,,,,,a,a =", "", "says nothing"),
    ("a condition on nothing", "a,A,1,2,text\nb,B,1,2,text,,,,,,a,x = 1", "", "'x'"),
    ("a condition on itself", "a,A,1,2,text\nb,B,1,2,text,,,,,,a,b = 1", "", "'b'"),
    ("a group within a redefinition", "n,N,1,1,digits\na,A,2,2,text\nb,B,2,1,text,,,g,2,n,a,n = 1", "", "of its own"),
    ("too few bytes", "a,A,1,2,text", "record_bytes = 3", "add up to 2"),
    ("too many for a length", "a,A,1,4,text", 'record_bytes = 3\nprefix = "rdw"', "the most"),
    ("a newline and a length", "a,A,1,4,text", 'prefix = "rdw"\nnewline = "lf"', "no newline"),
    ("a newline of another world", "a,A,1,4,text", 'encoding = "cp932"\nnewline = "nel"', "nel is for"),
    ("a tag of no bytes", "a,A,1,4,text", 'tag = [{ at = 1, hex = ["C"] }]', "hex"),
    ("a tag of two kinds", "a,A,1,4,text", 'tag = [{ at = 1, is = ["A"], hex = ["C1"] }]', "is and hex"),
    ("a tag beyond the record", "a,A,1,4,text", 'tag = [{ at = 4, hex = ["C1C2"] }]', "inside the record"),
    ("a length of csv", "a,A,1,4,text", 'format = "csv"\nheader_lines = 0\nnewline = "lf"\nencoding = "cp932"\nprefix = "rdw"', "no prefix"),
]  # fmt: skip


def written(path, body, more=""):
    folder = path / "layouts/legacy/host/file"
    folder.mkdir(parents=True)
    size = layout(path, record(path, "r", body)).record_bytes
    lines = HEAD.format(size=size, more="", tag="").splitlines()
    for line in filter(None, more.splitlines()):
        key = line.split(" = ")[0]
        lines = [x for x in lines if x.split(" = ")[0] != key]
        lines = [*lines, line] if key == "tag" else [line, *lines]
    (folder / "layout.toml").write_text("\n".join(lines), "utf-8")
    (folder / "r.csv").write_text((path / "r.csv").read_text("utf-8"), "utf-8")
    return Catalog(path)


@pytest.mark.parametrize(("body", "more", "cause"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_layout_that_contradicts_itself_is_refused(tmp_path, body, more, cause):
    with pytest.raises(KnowledgeError) as caught:
        written(tmp_path, body, more).layout("host/file")
    assert any(cause in str(problem) for problem in caught.value.problems), caught.value


def test_a_layout_of_a_host_is_shown_with_all_that_it_says(tmp_path):
    body = "n,N,1,1,digits\na,A,2,2,text,,,,,,,n = 1\nb,B,2,2,packed,2,unsigned,,,,a,?\nc,C,4,1,zoned,,,g,3,n"
    found = written(tmp_path, body, 'prefix = "rdw"\nlead_bytes = 5\nzoned = "ascii"\ntag = [{ at = 1, hex = ["F1"] }]')
    shown = knowledge.layout(found.layout("host/file"))
    for piece in ("rdw", "5 bytes before", "zoned ascii", "1=xF1", "packed.2 unsigned", "redefines a", "undecided",
                  "when n = 1", "as often as n says, up to 3"):  # fmt: skip
        assert piece in shown


LOW = """
    name,name,1,4,text
    kana,kana,5,2,digits
    sum,sum,7,2,zoned
"""


@pytest.mark.parametrize(("cells", "wanted"), [
    (b"\xc1\xc2\0\0" b"\xf1\xf2" b"\xf3\xf4", ("AB", "12", 34)),
    (b"\0" * 8, (None, None, None)),
    (b"\xc1\0\xc2\0" b"\xf1\xf2" b"\xf3\xf4", "control_character"),
    (b"\xc1\xc2\xc3\xc4" b"\xf1\0" b"\xf3\xf4", "control_character"),
    (b"\xc1\xc2\xc3\xc4" b"\xf1\xf2" b"\xf3\0", "not_zoned"),
])  # fmt: skip
def test_low_values_fill_only_where_the_book_says_so_and_only_whole(tmp_path, cells, wanted):
    made = record(tmp_path, "data", LOW)
    refused = read(tmp_path, cells, layout(tmp_path, made))
    assert refused.issues
    allowed = read(tmp_path, cells, layout(tmp_path, made, low_values="blank"))
    if isinstance(wanted, tuple):
        assert (allowed.issues, allowed.rows["data"][0][1:]) == ([], wanted)
    else:
        assert wanted in str(allowed.issues)
