"""Copybooks become layouts: bytes counted as a compiler counts them, nothing dropped in silence."""

from __future__ import annotations

import csv
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from town.host import FORMS

from migrate.catalog import Catalog
from migrate.catalog.copybook import Machine, Reading, Wanted, draft, selection
from migrate.catalog.drafts import place, write
from migrate.cli import base, main
from migrate.errors import KnowledgeError

ROOT = Path(__file__).resolve().parents[1]
KUSATSU = ROOT / "layouts/legacy/kusatsu"
SELECT = {name.partition("/")[2]: form.select for name, form in FORMS.items()}


def book(tmp_path, text, encoding="cp932", name="a.cpy"):
    """A copybook from text in free columns: every line is moved behind the sequence number."""
    lines = [f"{'':6}{line}" if line[:1] in "*-/D" else f"{'':7}{line}" for line in dedent(text).strip("\n").split("\n")]
    path = tmp_path / name
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def told(made, *keys):
    """Each field as a tuple of some of its settings."""
    return [tuple(getattr(f, key) for key in keys) for record in made.records for f in record.fields]


@pytest.mark.parametrize("name", sorted(SELECT))
def test_the_copybooks_of_kusatsu_give_the_layouts_that_were_written_by_hand(name):
    made = draft(KUSATSU / name / f"{name}.cpy", Wanted(selections=(selection(SELECT[name]),)))
    assert not made.findings
    by_hand = Catalog(ROOT).layout(f"kusatsu/{name}")
    assert {r.name: r.tag for r in made.records} == {r.name: r.tag for r in by_hand.records}
    for record in made.records:
        with (KUSATSU / name / f"{record.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        mine = [(f.name, str(f.start), str(f.bytes), f.type, str(f.scale or ""), bool(f.group), f.times) for f in record.fields]
        hand = [
            # that text is kana is more than PIC X says; so is another name for a group
            (r["name"], r["start"], r["bytes"], r["type"].replace("kana", "text"), r["scale"], bool(r["group"]), int(r["times"] or 1))
            for r in rows
        ]
        assert mine == hand, record.name
        groups = {(f.group, row["group"]) for f, row in zip(record.fields, rows, strict=True) if f.group}
        assert all(a == b or (a, b) == ("term_amount", "term") for a, b in groups)


@pytest.mark.parametrize("name", sorted(SELECT))
def test_renewing_a_layout_from_its_own_copybook_changes_nothing(name, tmp_path):
    folder = tmp_path / "layouts/legacy/kusatsu" / name
    folder.mkdir(parents=True)
    before = {}
    for path in sorted((KUSATSU / name).iterdir()):
        (folder / path.name).write_bytes(path.read_bytes())
        before[path.name] = path.read_bytes()
    said = write(draft(folder / f"{name}.cpy", Wanted(selections=(selection(SELECT[name]),))), folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert not [line for line in said if line.strip()[0] in "+-~?"]


PICTURES = [  # description, type, bytes, scale, form
    ("PIC X(10)", "text", 10, 0, ""), ("PIC A(3)", "text", 3, 0, ""), ("PIC XXX", "text", 3, 0, ""), ("PIC X(3)BX", "text", 5, 0, ""),
    ("PIC N(20)", "wide", 40, 0, ""), ("PIC G(5) USAGE DISPLAY-1", "wide", 10, 0, ""), ("PIC NN USAGE IS NATIONAL", "wide", 4, 0, ""),
    ("PIC 9(8)", "digits", 8, 0, ""), ("PIC 9(5)V99", "zoned", 7, 2, "unsigned"), ("PIC S9(3)", "zoned", 3, 0, ""),
    ("PIC S9(3)V9(2) SIGN LEADING", "zoned", 5, 2, "leading"), ("PIC S9(3) SIGN IS TRAILING", "zoned", 3, 0, ""),
    ("PIC S9(3) SIGN IS LEADING SEPARATE CHARACTER", "zoned", 4, 0, "leading separate"),
    ("PIC S9(3) TRAILING SEPARATE", "zoned", 4, 0, "separate"),
    ("PIC S9(9)V99 COMP-3", "packed", 6, 2, ""), ("PIC 9(4) PACKED-DECIMAL", "packed", 3, 0, ""), ("PICTURE IS S9(5) USAGE COMPUTATIONAL-3", "packed", 3, 0, ""),
    ("PIC S9(4) COMP", "binary", 2, 0, ""), ("PIC S9(5) BINARY", "binary", 4, 0, ""), ("PIC S9(9) COMP-4", "binary", 4, 0, ""),
    ("PIC S9(10) COMP", "binary", 8, 0, ""), ("PIC 9(18) COMP", "binary", 8, 0, "unsigned"), ("PIC S9(4) COMP-5", "binary", 2, 0, ""),
    ("COMP-1", "float", 4, 0, ""), ("USAGE COMP-2", "float", 8, 0, ""),
    ("PIC ZZ,ZZ9.99-", "edited", 10, 0, ""), ("PIC \\\\\\,\\\\9", "edited", 7, 0, ""), ("PIC +9(6)V99", "edited", 9, 2, ""), ("PIC 9(6).99-", "edited", 10, 0, ""),
    ("PIC ZZ9CR", "edited", 5, 0, ""), ("PIC PPP9(5) COMP-3", "packed", 3, 8, ""), ("PIC S9(5)PPP", "zoned", 5, -3, ""), ("PIC SV9(5) COMP-3", "packed", 3, 5, ""),
    ("PIC Ｘ（４）", "text", 4, 0, ""), ("PIC X(2) VALUE SPACES", "text", 2, 0, ""), ("PIC X(2) VALUE 'A.'", "text", 2, 0, ""),
    ("PIC S9(4) SYNC BINARY", "binary", 2, 0, ""),
]  # fmt: skip


@pytest.mark.parametrize(("said", "type_", "size", "scale", "form"), PICTURES, ids=[p[0] for p in PICTURES])
def test_a_picture_has_its_bytes(said, type_, size, scale, form, tmp_path):
    made = draft(book(tmp_path, f"01 R.\n    05 A {said}.\n    05 B PIC X."))
    assert told(made, "type", "bytes", "scale", "form", "start") == [(type_, size, scale, form, 1), ("text", 1, 0, "", size + 1)]


def test_what_a_person_knows_of_the_machine_becomes_the_form(tmp_path):
    path = book(tmp_path, "01 R.\n  05 A PIC 9(4) COMP-5.\n  05 B COMP-1.")
    assert sum(f.undecided for f in draft(path).findings) == 2
    made = draft(path, Wanted(Machine(little=True, floats="ibm")))
    assert told(made, "form") == [("unsigned little",), ("ibm",)]
    made = draft(book(tmp_path, "01 R.\n  05 A PIC 9(37) COMP."))
    assert [(f.bytes, str(made.findings[0])[:2]) for f in made.records[0].fields] == [(16, "? ")]


def test_columns_are_bytes_of_shift_jis(tmp_path):
    """Column 72 by bytes: twenty-four full-width characters of a comment weigh two columns each."""
    lines = [
        "000010 FD  TOKUI-F                                                      ﾄｸｲｻｷ",
        "000020     BLOCK CONTAINS 5 RECORDS LABEL RECORD IS STANDARD.",
        "000030 01  TK-REC.",
        "000040*    得意先コード 6桁",
        "000050     05  TK-CODE          PIC  9(006).                             D.100709",
        f"000060     05  TK-NAME          PIC  N(10). {'':27} ﾅﾏｴ",
        "000070*****05  TK-OLD           PIC  X(99).                             D.100709",
        "000080     05  備考             PIC  X(04).                             ﾋﾞｺｳ",
        "000090     05  FILLER           PIC  X(10).",
    ]
    path = tmp_path / "tk.cpy"
    path.write_bytes("\n".join(lines).encode("cp932") + b"\x1a")
    made = draft(path)
    assert told(made, "name", "label", "start", "bytes", "type") == [
        ("code", "得意先コード", 1, 6, "digits"), ("name", "ﾅﾏｴ", 7, 20, "wide"), ("f_003", "ﾋﾞｺｳ", 27, 4, "text"), ("reserve", "予備", 31, 10, "filler")
    ]  # fmt: skip
    assert made.records[0].fields[0].note == "6桁 D.100709"
    assert "FD" in str(made.findings[0])


def test_code_that_runs_beyond_column_72_is_asked_about(tmp_path):
    path = tmp_path / "a.cpy"
    path.write_text("       01  R.\n" + "           05  A PIC X(3)".ljust(72) + ".\n           05  B PIC X.\n")
    with pytest.raises(KnowledgeError, match="line 3: unknown clause: 05"):
        draft(path)
    path.write_text("       01  R.\n" + "           05  A PIC X(3).".ljust(60) + "  05  B PIC X.\n           05  C PIC X.\n")
    with pytest.raises(KnowledgeError, match="line 3: unknown clause: C"):
        draft(path)
    path.write_text("       01  R.\n" + "           05  A PIC X(3).".ljust(73) + "05 B PIC X.\n")
    assert [str(f) for f in draft(path).findings] == ["? a.cpy:2: what stands beyond column 72 is not read: 05 B PIC X."]


def test_a_utf8_source_is_counted_as_if_it_still_were_shift_jis(tmp_path):
    text = "       01  R.\n" + f"{'           05  氏名 PIC N(4).':<70}番号\n           05  X PIC X."
    for encoding in ("cp932", "utf-8", "utf-8-sig"):
        path = tmp_path / "u.cpy"
        path.write_bytes(text.encode(encoding))
        assert told(draft(path), "label", "bytes") == [("番号", 8), ("X", 1)], encoding


def test_free_form_is_told_by_its_looks_or_by_a_directive(tmp_path):
    text = "01 KG-REC.\n*> 被保番号 10桁\n  05 KG-NO PIC X(10).\n  05 KG-NAME PIC N(4). *> 氏名 全角\n  05 KG-LONG-NAME-BEYOND-COLUMN-72                                            PIC X(5).\n"
    for head in ("", ">>SOURCE FORMAT IS FREE\n", '      $SET SOURCEFORMAT"FREE"\n'):
        path = tmp_path / "f.cpy"
        path.write_bytes((head + text).encode("cp932"))
        made = draft(path)
        assert told(made, "name", "label", "note", "bytes") == [
            ("no", "被保番号", "10桁", 10), ("name", "氏名", "全角", 8), ("long_name_beyond_column_72", "KG-LONG-NAME-BEYOND-COLUMN-72", "", 5)
        ]  # fmt: skip


def test_lines_continue(tmp_path):
    path = book(tmp_path, "01 R.\n   05 A-LONG-\n-      NAME PIC X(3) VALUE 'ab\n-   'c'.\n   05 B PIC X\n        (4).")
    with pytest.raises(KnowledgeError, match="line 6: unknown clause"):
        draft(path)
    path = book(tmp_path, "01 R.\n   05 A-LONG-\n-      NAME PIC X(3) VALUE 'ab\n-   'c'.\n   05 B\n     PIC X(4).")
    assert told(draft(path), "name", "bytes") == [("a_long_name", 3), ("b", 4)]


def test_tables_repeat(tmp_path):
    path = book(
        tmp_path,
        """
        01  R.
            05  N           PIC 9(2).
            05  T           PIC S9(7) COMP-3 OCCURS 3 TIMES INDEXED I J.
            05  G OCCURS 2.
                10  A       PIC X.
                10  B       PIC 99.
            05  OUTER OCCURS 2 TIMES.
                10  C       PIC X.
                10  INNER OCCURS 3 TIMES ASCENDING KEY IS D.
                    15  D   PIC X(2).
            05  V OCCURS 0 TO 5 TIMES DEPENDING ON N.
                10  E       PIC X(4).
        """,
    )
    made = draft(path)
    assert told(made, "name", "start", "bytes", "group", "times", "depends") == [
        ("n", 1, 2, "", 1, ""), ("t", 3, 4, "t", 3, ""), ("a", 15, 1, "g", 2, ""), ("b", 16, 2, "g", 2, ""),
        ("c_1", 21, 1, "", 1, ""), ("d_1", 22, 2, "inner_1", 3, ""), ("c_2", 28, 1, "", 1, ""), ("d_2", 29, 2, "inner_2", 3, ""),
        ("e", 35, 4, "v", 5, "n"),
    ]  # fmt: skip
    assert made.settings["record_bytes"] == 54
    assert not made.findings


def test_what_follows_a_table_of_variable_length_is_asked_about(tmp_path):
    path = book(tmp_path, "01 R.\n 05 N PIC 9.\n 05 V PIC X OCCURS 1 TO 3 DEPENDING ON N.\n 05 Z PIC X.\n 05 W PIC X OCCURS 2 DEPENDING ON ELSEWHERE.")
    assert [str(f) for f in draft(path).findings] == [
        "? a.cpy:3: fields follow V, which is DEPENDING ON: find out whether they move up",
        "? a.cpy:5: W: DEPENDING ON ELSEWHERE, which is not in the record: taken as 2 times",
    ]


REDEFINED = """
    01  R.
        05  KIND        PIC X.
        05  BODY        PIC X(8).
        05  P REDEFINES BODY.
            10  A       PIC X(3).
            10  B       PIC S9(5) COMP-3.
        05  Q REDEFINES BODY  PIC 9(8).
        05  C REDEFINES P     PIC X(5).
        05  Z           PIC X.
"""


def test_redefinitions_lie_where_they_begin_and_are_undecided(tmp_path):
    made = draft(book(tmp_path, REDEFINED))
    assert told(made, "name", "start", "bytes", "redefines", "when") == [
        ("kind", 1, 1, "", ""), ("body", 2, 8, "", ""),
        ("a", 2, 3, "body", "?"), ("b", 5, 3, "", "?"), ("reserve", 8, 2, "", "?"),
        ("q", 2, 8, "body", "?"), ("c", 2, 5, "body", "?"), ("reserve", 7, 3, "", "?"), ("z", 10, 1, "", ""),
    ]  # fmt: skip
    assert sum(f.undecided for f in made.findings) == 3


def test_redefinitions_in_a_table_are_written_out_or_left_out(tmp_path):
    text = "01 R.\n 05 N PIC 9.\n 05 T OCCURS 2{}.\n  10 A PIC X(4).\n  10 B REDEFINES A PIC 9(4).\n"
    made = draft(book(tmp_path, text.format("")))
    assert told(made, "name", "start", "redefines", "group") == [
        ("n", 1, "", ""), ("a_1", 2, "", ""), ("b_1", 2, "a_1", ""), ("a_2", 6, "", ""), ("b_2", 6, "a_2", "")
    ]  # fmt: skip
    made = draft(book(tmp_path, text.format(" DEPENDING ON N")))
    assert told(made, "name", "start", "group", "depends") == [("n", 1, "", ""), ("a", 2, "t", "n")]
    assert "left out" in str(made.findings[0])
    made = draft(book(tmp_path, "01 R.\n 05 N PIC 9.\n 05 A PIC X(4).\n 05 B REDEFINES A.\n  10 C PIC X OCCURS 4 DEPENDING ON N.\n"))
    assert told(made, "name", "group", "times", "depends") == [("n", "", 1, ""), ("a", "", 1, ""), ("c", "c", 4, "")]


def test_conditions_decide_them(tmp_path):
    made = draft(book(tmp_path, REDEFINED), Wanted(conditions=(selection("KIND: 1=P 2=Q 3=Q 0=BODY", names=False),)))
    assert told(made, "name", "when")[1:6] == [("body", "kind = 0"), ("a", "kind = 1"), ("b", "kind = 1"), ("reserve", "kind = 1"), ("q", "kind = 2 3")]


def test_selections_make_record_types(tmp_path):
    made = draft(book(tmp_path, REDEFINED), Wanted(selections=(selection("KIND: 1=P:person 2=Q 3=Q"),)))
    assert [(r.name, [(t.at, t.values) for t in r.tag]) for r in made.records] == [("person", [(1, ("1",))]), ("q", [(1, ("2", "3"))])]
    assert [[f.name for f in r.fields] for r in made.records] == [["kind", "a", "b", "reserve", "z"], ["kind", "q", "z"]]
    assert [str(f) for f in made.findings] == ["? a.cpy:8: C: no value selects it, it was left out"]


def test_several_levels_01_are_record_types(tmp_path):
    text = "01 HEAD.\n  05 H-KIND PIC X.\n  05 H-DATE PIC 9(8).\n01 BODY.\n  05 B-KIND PIC X.\n  05 B-NAME PIC N(10).\n77 WORK PIC X.\n"
    made = draft(book(tmp_path, text))
    assert [(r.name, [(f.name, f.bytes) for f in r.fields]) for r in made.records] == [
        ("head", [("kind", 1), ("date", 8), ("reserve", 12)]), ("body", [("kind", 1), ("name", 20)])
    ]  # fmt: skip
    assert [str(f)[:2] for f in made.findings] == ["  ", "? "]
    made = draft(book(tmp_path, text), Wanted(selections=(selection("H-KIND: 0=HEAD"), selection("B-KIND: 1=BODY"))))
    assert [[(t.at, t.values) for t in r.tag] for r in made.records] == [[(1, ("0",))], [(1, ("1",))]]


def test_usage_and_sign_of_a_group_hold_for_what_is_in_it(tmp_path):
    path = book(tmp_path, "01 R.\n 05 G COMP-3.\n  10 A PIC S9(5).\n  10 B PIC 9(3) COMP.\n 05 H SIGN LEADING SEPARATE.\n  10 C PIC S9(5).\n")
    assert told(draft(path), "type", "bytes", "form") == [("packed", 3, ""), ("binary", 2, "unsigned"), ("zoned", 6, "leading separate")]


def test_names_that_come_twice_are_qualified(tmp_path):
    made = draft(book(tmp_path, "01 R.\n 05 HOME.\n  10 TEL PIC X.\n 05 WORK.\n  10 TEL PIC X.\n"))
    assert told(made, "name") == [("tel",), ("work_tel",)]
    assert "comes twice" in str(made.findings[0])


def test_levels_88_are_offered_as_codes(tmp_path):
    made = draft(book(tmp_path, "01 R.\n 05 SEX PIC X.\n  88 男 VALUE '1'.\n  88 女 VALUES ARE '2' '3'.\n 05 B PIC 9.\n  88 OK VALUE 1 THRU 3.\n"))
    assert told(made, "note") == [("1=男 2=女 3=女",), ("1-3=OK",)]
    assert made.codes == {"r": (("sex", "1", "男"), ("sex", "2", "女"), ("sex", "3", "女"), ("b", "1-3", "OK"))}


def test_what_a_group_says_is_not_lost(tmp_path):
    made = draft(book(tmp_path, "01 R.\n 05 G.\n  88 NONE VALUE SPACES.\n  10 A PIC X.\n"))
    assert [str(f) for f in made.findings] == ["  a.cpy:2: G: levels 88 of a group belong to no field: SPACES=NONE"]
    with pytest.raises(KnowledgeError, match="line 4: B: SYNC puts slack bytes"):
        draft(book(tmp_path, "01 R.\n 05 G SYNC.\n  10 A PIC X.\n  10 B PIC S9(9) COMP.\n"))
    made = draft(book(tmp_path, "01 R.\n 05 A PIC N(3).\n"), Wanted(settings={"encoding": "utf-16le"}))
    assert [f.undecided for f in made.findings] == [True]


def test_copies_are_put_in_and_replaced(tmp_path):
    lib = tmp_path / "lib"
    lib.mkdir()
    book(lib, "05  :P:-NO   PIC 9(4).\nCOPY TAIL REPLACING LEADING ==XX== BY ==KG==.", name="BODY.CPY")
    book(lib, "05  XX-NAME  PIC N(3).\n05  SIZE-X PIC X(9).", name="tail.cbl")
    path = book(tmp_path, "01  KG-REC.\n    COPY BODY OF LIB REPLACING ==:P:== BY ==KG== X(9) BY X(2).")
    assert told(draft(path, None, Reading(folders=(lib,))), "name", "bytes") == [("kg_no", 4), ("kg_name", 6), ("size_x", 2)]
    with pytest.raises(KnowledgeError, match=r"a\.cpy: line 2: COPY BODY: no such file .*--copy-from"):
        draft(path)
    book(lib, "COPY BODY.", name="tail.cbl")
    with pytest.raises(KnowledgeError, match="COPY goes in a circle"):
        draft(path, None, Reading(folders=(lib,)))


REFUSED = [
    ("01 R.\n 05 A PIC X(3)\n 05 B PIC X.", "line 3: unknown clause: 05"),
    ("01 R.\n 05 A PIC X(3)", "line 2: the statement has no period"),
    ("01 R.\n 05 A.\n 05 B PIC X.", "line 2: A: no PIC, and no items under it"),
    ("01 R.\n 05 A PIC Q.", "line 2: A: PIC Q is not supported"),
    ("01 R.\n 05 A PIC 9(.", r"line 2: A: PIC 9\(: not a picture"),
    ("01 R.\n 05 A PIC X(99999999).", "line 2: A: PIC .* a size of 99,?999,?999"),
    ("01 R.\n 05 A PIC X COMP-3.", "line 2: A: PIC X with USAGE COMP-3"),
    ("01 R.\n 05 A PIC 9(4) COMP-6.", "line 2: A: USAGE COMP-6 is not supported"),
    ("01 R.\n 05 A USAGE POINTER.", "line 2: A: USAGE POINTER without a PIC"),
    ("01 R.\n 05 A PIC X.\n 05 B REDEFINES Q PIC X.", "line 3: B REDEFINES Q: no such item before it"),
    ("01 R.\n 05 A PIC X.\n 05 C PIC X.\n 05 B REDEFINES A PIC X.", "line 4: B does not follow A"),
    ("01 R.\n 05 A PIC X.\n  10 B PIC X.", "line 3: an item under A, which has a PIC"),
    ("01 R.\n 05 A PIC X OCCURS TIMES.", "line 2: not a number: TIMES"),
    ("01 R.\n 05 A PIC X OCCURS 1 TO 3.", "line 2: OCCURS m TO n without DEPENDING"),
    ("01 R.\n 50 A PIC X.", "line 2: there is no level 50"),
    ("01 R.\n MOVE A TO B.", "line 2: not a level number: MOVE"),
    ("01 R.\n 05 A PIC X VALUE 'x.", "line 2: cannot be read"),
    ("01 R.\n 05 A PIC X.\n 05 N PIC S9(4) COMP SYNC.", "line 3: N: SYNC puts slack bytes here"),
    ("01 R.\n COPY.", "line 2: COPY names nothing"),
    ("* only a comment", "holds no data description"),
    ("-    X", "continues nothing"),
    ("01 R.\n 05 A PIC S9(2)V9(20) COMP-3.", "20 decimal places"),
    ("01 A-B! PIC X.", "line 1: not a data name: A-B!"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[r[1] for r in REFUSED])
def test_what_cannot_be_a_layout_is_refused_with_its_line(text, said, tmp_path):
    with pytest.raises(KnowledgeError, match=said):
        draft(book(tmp_path, text), None, Reading(form="fixed"))


SELECTIONS = [
    ("KIND 1=P", "write FIELD: value=ITEM"), ("KIND: 1=PP", "no item that redefines 'PP'; did you mean 'P'"), ("KYND: 1=P", "no field 'KYND'; did you mean 'KIND'"),
    ("KIND: 10=P", "KIND has 1 bytes, '10' has not"), ("B: 1=P", "B is packed: select by text or digits"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SELECTIONS)
def test_a_selection_that_does_not_fit_is_refused(text, said, tmp_path):
    with pytest.raises(KnowledgeError, match=said):
        draft(book(tmp_path, REDEFINED), Wanted(selections=(selection(text),)))


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path):
    path = tmp_path / "x.cpy"
    path.write_bytes(b"       01 R.\n           05 A PIC X.\n      *\x81\xff\n")
    with pytest.raises(KnowledgeError, match="line 3: byte 8 is not cp932; name its encoding with --source-encoding"):
        draft(path)


@pytest.fixture
def here(monkeypatch, capsys, tmp_path):
    """The command line within this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def go(*words):
        code = base.settle(main.cli.main, [str(w) for w in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def test_the_command_writes_a_layout_that_the_catalog_accepts(here, tmp_path):
    path = KUSATSU / "care/care.cpy"
    code, out, _ = here("import", "copybook", path, "--into", "kusatsu/again", "--select", SELECT["care"], "--code-lists")
    assert code == 0, out
    assert "every field is sensitive" in out
    layout = Catalog(tmp_path).layout("kusatsu/again")
    assert layout.types["insured"].read["insured_no"].label == "被保番号"
    assert all(f.sensitive for f in layout.types["insured"].read.values())


def test_what_changed_since_the_last_import_is_said(here, tmp_path):
    folder = place(tmp_path, "k/f")
    assert here("import", "copybook", book(tmp_path, "01 R.\n 05 A PIC X(4).\n 05 B PIC X.\n 05 C PIC S9(5).\n"), "--into", "k/f")[0] == 0
    csv_file = folder / "r.csv"
    csv_file.write_text(csv_file.read_text("utf-8").replace("c,C,6,5,zoned,,,,yes,", "c,金額,6,5,zoned,,,,,円"), "utf-8")
    layout = (folder / "layout.toml").read_text("utf-8") + "# ours\n"
    (folder / "layout.toml").write_text(layout, "utf-8")
    code, out, _ = here("import", "copybook", book(tmp_path, "01 R.\n 05 A PIC X(5).\n 05 D PIC X.\n 05 C PIC S9(5) COMP-3.\n"), "--into", "layouts/legacy/k/f")
    assert code == 0
    assert [line.strip() for line in out.splitlines() if line.startswith("    ")] == [
        "? record_bytes is 10, the book says 9", "+ d: added", "- b: gone", "~ a: bytes 4 → 5", "~ c: moved 6 → 7", "~ c: bytes 5 → 3", "~ c: type zoned → packed"
    ]  # fmt: skip
    assert "c,金額,7,3,packed,,,,,円" in csv_file.read_text("utf-8")
    assert (folder / "layout.toml").read_text("utf-8") == layout


def test_what_is_undecided_asks_for_a_look(here, tmp_path):
    code, out, _ = here("import", "copybook", book(tmp_path, REDEFINED), "--into", "k/f")
    assert code == 4
    assert "3 undecided (?)" in out


@pytest.mark.parametrize(("words", "said"), [
    (["--into", "nowhere"], "write VENDOR/FILE"), (["--into", "k/f", "--select", "KIND"], "write FIELD: value=ITEM"),
    (["--into", "k/f", "--select", "KIND: 1=X"], "no item that redefines 'X'"), (["--into", "k/f", "--source-encoding", "utf-99"], "no encoding 'utf-99'"),
])  # fmt: skip
def test_a_wrong_command_line_ends_with_12_and_writes_nothing(here, tmp_path, words, said):
    code, _, err = here("import", "copybook", book(tmp_path, REDEFINED), *words)
    assert code == 12
    assert said in err
    assert not (tmp_path / "layouts").exists()


# random copybooks against a slow and independent count of their bytes

LEAVES = st.sampled_from([
    ("PIC X({n})", lambda n: n), ("PIC N({n})", lambda n: 2 * n), ("PIC 9({n})", lambda n: n), ("PIC S9({n})", lambda n: n),
    ("PIC S9({n}) COMP-3", lambda n: len(f"{'9' * n}s".rjust((n + 2) // 2 * 2)) // 2), ("PIC S9({n}) COMP", lambda n: 2 if n < 5 else 4 if n < 10 else 8),
    ("PIC S9({n}) SIGN LEADING SEPARATE", lambda n: n + 1), ("PIC S9({n})V99 PACKED-DECIMAL", lambda n: len(f"{'9' * (n + 2)}s".rjust((n + 4) // 2 * 2)) // 2),
])  # fmt: skip


@st.composite
def entries(draw, level=2, depth=0):
    """Lines of a group's items, and the bytes that they take, counted one occurrence after another."""
    lines, total = [], 0
    for _ in range(draw(st.integers(1, 3))):
        times = draw(st.sampled_from([1, 1, 1, 2, 3]))
        occurs = f" OCCURS {times} TIMES" if times > 1 else ""
        name = f"I{draw(st.integers(0, 10**9))}"
        if depth < 3 and draw(st.booleans()):
            inner, size = draw(entries(level=level + 3, depth=depth + 1))
            lines += [f"{level:02} {name}{occurs}.", *inner]
        else:
            said, count = draw(LEAVES)
            n = draw(st.integers(1, 16))
            size = count(n)
            lines.append(f"{level:02} {name} {said.format(n=n)}{occurs}.")
        taken = sum(size for _ in range(times))
        if draw(st.integers(0, 4)) == 0 and times == 1:
            other = draw(st.integers(1, taken))
            lines.append(f"{level:02} R{name} REDEFINES {name} PIC X({other}).")
        lines += [f"{level:02} FILLER PIC X({n})." for n in draw(st.lists(st.integers(1, 4), max_size=1)) if not (total := total + n) < 0]
        total += taken
    return lines, total


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(entries())
def test_random_copybooks_have_the_bytes_of_a_slow_count(tmp_path, drawn):
    lines, total = drawn
    made = draft(book(tmp_path, "\n".join(["01 R.", *lines])), None, Reading(form="fixed"))
    assert made.settings["record_bytes"] == total
    ends = [f.start + f.bytes * f.times - 1 for f in made.records[0].fields]
    starts = [f.start for f in made.records[0].fields]
    assert min(starts) == 1
    assert max(f.start + f.bytes - 1 for f in made.records[0].fields) <= total <= max(ends) or made.records[0].fields[-1].group


MUTANT = (KUSATSU / "care/care.cpy").read_text("utf-8").encode("cp932")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(MUTANT)), st.integers(0, 12), st.one_of(st.binary(max_size=6), st.sampled_from(
    [b"OCCURS 3 ", b"REDEFINES X ", b"(", b")", b".", b"'", b"==", b"COPY ", b"PIC ", b"\n", b"99 ", b"88 ", b"SYNC ", b"DEPENDING ON ", b"VALUE "]))), min_size=1, max_size=5))  # fmt: skip
def test_a_mutated_copybook_never_crashes(tmp_path, cuts):
    data = MUTANT[:4000]
    for at, size, put in cuts:
        data = data[:at] + put + data[at + size :]
    path = tmp_path / "m.cpy"
    path.write_bytes(data)
    try:
        made = draft(path)
    except KnowledgeError as error:
        assert str(error)
    else:
        assert made.records
