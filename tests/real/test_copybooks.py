"""Copybooks of others: every item where their own tools say that it lies."""

import re

import pytest

from migrate.catalog.copybook import Reading, Wanted, draft, selection, trees

LAYOUTS = {
    "test6": ("test6_copybook.cob", "test6_expected/test6_layout.txt", 196, 1493),
    "test13a": ("test13a_file_header_footer.cob", "test13_expected/test13a_layout.txt", 7, 45),
    "test13b": ("test13b_vrl_file_headers.cob", "test13_expected/test13b_layout.txt", 13, 64),
    "test17": ("test17_hierarchical.cob", "test17_expected/test17a_layout.txt", 32, 108),
    "test24": ("test24_copybook.cob", "test24_expected/test24_layout.txt", 196, 1493),
    "test24b": ("test24_copybook.cob", "test24_expected/test24b_layout.txt", 196, 1493),
}


def walk(node, at):
    """Name, first and last byte of a node and of all under it, as cobrix prints them: OCCURS counted as a whole."""
    yield node.item.name.upper().replace("-", "_"), at, at
    inner = at
    for area in node.areas:
        for other in area.nodes:
            yield from walk(other, inner)
        inner += area.bytes


def placed(path, reading=None):
    found = []
    for root in trees(path, Wanted(), reading or Reading()):
        found += [(name, start) for name, start, _ in walk(root, 1)]
    return found


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_item_lies_where_cobrix_says(name, realdata):
    source, layout, items, last = LAYOUTS[name]
    folder = realdata / "cobrix_ebcdic"
    lines = (folder / layout).read_text("utf-8").splitlines()
    shape = re.compile(r"\s*\d+ (\w+)\s+[rR]*\s+\d+\s+(\d+)\s+(\d+)\s+(\d+)$")
    theirs = [(m[1].upper(), int(m[2]), int(m[3]), int(m[4])) for m in map(shape.match, lines) if m and not m[1].endswith("_debug")]
    assert (len(theirs), theirs[0][2]) == (items, last)
    assert placed(folder / source) == [(name, start) for name, start, _, _ in theirs]
    made = draft(folder / source)
    assert made.settings["record_bytes"] == last
    sizes = {n: size for n, _, _, size in theirs}
    if name != "test17":  # it has items of one name and several sizes
        ours = {f.name.upper(): f.bytes for f in made.records[0].fields if f.type != "filler"}
        ours |= {"TAXPAYER_NUM": 8} if "TAXPAYER_NUM" in ours else {}  # they print the bytes that a short redefinition lies in
        assert ours == {n: sizes[n] for n in ours}
        assert len(ours) == sum(1 for n in sizes if n not in ("RECORD", "TRANSDATA", "COMPANY_DETAILS", "STATIC_DETAILS", "TAXPAYER", "CONTACTS"))


@pytest.mark.parametrize(("source", "size", "first", "last"), [
    ("test1_copybook.cob", 42 + 80 * 27, ("id", 1, 2), ("account_type_n", 67, 3)),
    ("test3_copybook.cob", 45, ("currency", 1, 3), ("amount", 38, 8)),
    ("test4_copybook.cob", 64, ("segment_id", 1, 5), ("contact_person", 33, 28)),
    ("test5_copybook.cob", 64, ("segment_id", 1, 5), ("contact_person", 33, 28)),
    ("test5d_copybook.cob", 68, ("record_length", 1, 2), ("contact_person", 37, 28)),
])  # fmt: skip
def test_copybooks_without_a_printed_layout_have_their_bytes(source, size, first, last, realdata):
    made = draft(realdata / "cobrix_ebcdic" / source)
    fields = [(f.name, f.start, f.bytes) for f in made.records[0].fields if f.type != "filler"]
    assert (made.settings["record_bytes"], fields[0], fields[-1]) == (size, first, last)


def test_segments_become_record_types(realdata):
    chosen = selection("SEGMENT-ID: C=STATIC-DETAILS:company P=CONTACTS:contact".replace("C=", "CCCCC=").replace("P=", "PPPPP="))
    made = draft(realdata / "cobrix_ebcdic/test5_copybook.cob", Wanted(selections=(chosen,)))
    assert [(r.name, r.tag[0].at, r.tag[0].values) for r in made.records] == [("company", 1, ("CCCCC",)), ("contact", 1, ("PPPPP",))]
    assert [f.name for f in made.records[1].fields] == ["segment_id", "company_id", "phone_number", "contact_person", "reserve"]


def test_a_copybook_without_a_level_01_is_one_record(realdata):
    made = draft(realdata / "jrecord_ebcdic/DTAR020.cbl")
    assert made.settings["record_bytes"] == 27
    assert [(f.name, f.start, f.bytes, f.type, f.scale) for f in made.records[0].fields] == [
        ("keycode_no", 1, 8, "text", 0), ("store_no", 9, 2, "packed", 0), ("date", 11, 4, "packed", 0),
        ("dept_no", 15, 2, "packed", 0), ("qty_sold", 17, 5, "packed", 0), ("sale_price", 22, 6, "packed", 2),
    ]  # fmt: skip
