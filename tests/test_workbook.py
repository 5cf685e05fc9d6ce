"""Item lists in invented workbooks: what is understood, what is listed, what is refused."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from migrate.catalog.files import Roots, rows, shipped
from migrate.catalog.legacy import load
from migrate.catalog.workbook import item_lists, opened, record_of, table_of, understood, words_of
from migrate.cli import base, main
from migrate.errors import KnowledgeError
from migrate.model import Column

openpyxl = pytest.importorskip("openpyxl")
from openpyxl.cell.rich_text import CellRichText, TextBlock  # noqa: E402
from openpyxl.cell.text import InlineFont  # noqa: E402
from openpyxl.comments import Comment  # noqa: E402
from openpyxl.styles import Font  # noqa: E402

TITLES = ("項番", "項目名", "物理名", "データ型", "桁数", "必須", "主キー", "コードID", "備考")
ITEMS = (
    (1, "宛名番号", "ATENA_NO", "X", "１５", "必須", "○", None, None),
    (2, "氏名", "NAME", "Ｎ", 100, "条件付き必須", None, None, "外字を含む"),
    (3, "性別", "SEX", "X(1)", None, "任意", None, "001", None),
)
PLACED = ("No.", "項目名称", "英字名", "属性", "開始位置", "バイト数", "備考")
"""Titles of a fixed-length record."""


@pytest.fixture(scope="module")
def words():
    return words_of(Roots((shipped(),)))


@pytest.fixture
def book(tmp_path):
    """Writes sheets of rows, from cell A1 on, and what `more` does to the last of them; gives the file."""

    def write(*sheets, more=lambda sheet: None, name="items.xlsx"):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for number, lines in enumerate(sheets, 1):
            sheet = made.create_sheet(f"表{number}")
            for line in lines:
                sheet.append(line)
        more(sheet)
        made.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def go(tmp_path, capsys):
    def run(*told):
        code = base.settle(main.cli.main, ["import", "workbook", *map(str, told), "--root", str(tmp_path)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def only(path, words):
    """The one list on the first sheet."""
    (found,) = item_lists(opened(path)[0], words)
    return found


def told(columns):
    return [(c.name, c.label, c.type, c.length, c.required, c.key, c.codes, c.note) for c in columns]


def said(remarks, kind):
    return {r.row: r.text for r in remarks if r.kind == kind}


THREE = [
    ("atena_no", "宛名番号", "X", "15", "yes", True, "", ""),
    ("name", "氏名", "N", "100", "if", False, "", "外字を含む"),
    ("sex", "性別", "X", "1", "", False, "001", ""),
]


def test_a_plain_list_becomes_columns(book, words):
    columns, remarks = table_of(only(book([TITLES, *ITEMS]), words), words)
    assert told(columns) == THREE
    assert remarks == ()
    assert all(c.sensitive for c in columns)


def test_the_header_may_stand_anywhere(book, words):
    lines = [["項目定義書"], [], ["作成", "情報政策課"], [], [], [], [None, None, *TITLES], *([None, None, *i] for i in ITEMS)]
    found = only(book(lines), words)
    assert (found.header.top, found.header.known["label"].first) == (7, 4)
    assert told(table_of(found, words)[0]) == THREE


def test_titles_on_two_lines_in_full_width_and_two_rows_are_the_same_titles(book, words):
    def merged(sheet):
        for column in "ABCFGHI":
            sheet.merge_cells(f"{column}1:{column}2")
        sheet.merge_cells("D1:E1")

    first = ["項\n番", "項目\n名", "物理名", "形式", None, "必須", "主\nキー", "コード\nＩＤ", "備\u3000考"]
    second = [None, None, None, "データ\n型", "桁数", None, None, None, None]
    found = only(book([first, second, *ITEMS], more=merged), words)
    assert (found.header.top, found.header.bottom) == (1, 2)
    assert found.header.known["type"].title == "形式/データ型"
    assert told(table_of(found, words)[0]) == THREE


def test_a_title_that_holds_others_together_is_part_of_the_header(book, words):
    lines = [["番号", "項目", None, "型", "桁数"], [None, "名称", "物理名", None, None], [1, "氏名", "NAME", "N", 20]]
    found = only(book(lines, more=lambda s: s.merge_cells("B1:C1")), words)
    assert told(table_of(found, words)[0]) == [("name", "氏名", "N", "20", "", False, "", "")]


def test_a_section_merged_down_is_told_of_every_item(book, words):
    lines = [["区分", *TITLES], *(["本人" if n == 0 else None, *item] for n, item in enumerate(ITEMS))]
    columns, remarks = table_of(only(book(lines, more=lambda s: s.merge_cells("A2:A4")), words), words)
    assert [c.note for c in columns] == ["区分: 本人", "外字を含む; 区分: 本人", "区分: 本人"]
    assert said(remarks, "noted") == {2: "区分: stands in the note (3 rows)"}


def test_blank_rows_headings_repeated_headers_and_end_marks_are_no_items(book, words):
    lines = [TITLES, ["■本人"], ITEMS[0], [], TITLES, ITEMS[1], [None, "世帯"], ITEMS[2], ["e"] * 9]
    found = only(book(lines), words)
    assert told([c.model_copy(update={"note": ""}) for c in table_of(found, words)[0]]) == [(*c[:7], "") for c in THREE]
    left = said(found.remarks, "left")
    assert set(left) == {2, 5, 7, 9}
    assert "■本人" in left[2] and "repeats the header" in left[5] and "end mark" in left[9]


def test_comments_go_into_the_note_and_those_on_titles_are_said(book, words):
    def commented(sheet):
        sheet["E2"].comment = Comment("検査数字を\n含む", "担当")
        sheet["E1"].comment = Comment("文字数", "担当")

    columns, remarks = table_of(only(book([TITLES, *ITEMS], more=commented), words), words)
    assert columns[0].note == "comment E: 検査数字を 含む"
    assert said(remarks, "look") == {1: "comment on title E: 文字数"}


def test_hidden_rows_and_columns_are_read_and_said(book, words):
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["I"].hidden = True

    columns, remarks = table_of(only(book([TITLES, *ITEMS], more=hide), words), words)
    assert told(columns) == THREE
    look = said(remarks, "look")
    assert "hidden row" in look[3] and "hidden column I 備考" in look[1]


def test_what_is_struck_out_is_not_read(book, words):
    def strike(sheet):
        for cell in sheet[3]:
            cell.font = Font(strike=True)
        sheet["I4"].font = Font(strike=True)
        sheet["B4"] = CellRichText([TextBlock(InlineFont(strike=True), "旧"), "性別"])

    lines = [TITLES, *ITEMS[:2], (*ITEMS[2][:8], "廃止予定")]
    columns, remarks = table_of(only(book(lines, more=strike), words), words)
    assert told(columns) == [THREE[0], THREE[2]]
    assert "struck out" in said(remarks, "left")[3]
    assert "旧 廃止予定" in said(remarks, "look")[4]


def test_leading_zeros_that_the_sheet_shows_are_kept(book, words):
    def zeros(sheet):
        sheet["H2"] = 7
        sheet["H2"].number_format = "000"

    columns, _ = table_of(only(book([TITLES, *ITEMS], more=zeros), words), words)
    assert columns[0].codes == "007"


UNDECIDED = [
    (("a", "VARCHAR", 10), "may be any of"),
    (("a", "X", "可変"), "is no length"),
    (("a", "X", None), "has no length"),
    (("a", "X", "10バイト"), "in bytes"),
    (("a", "9V", "7"), "as n,m"),
    (("a", "9", "19"), "make its type X"),
    (("a", "X(10)", "12"), "its length 12"),
    (("a", None, "12"), "may be any of"),
    (("a", "X", "12", "場合による"), "'場合による'"),
]


@pytest.mark.parametrize(("cells", "why"), UNDECIDED)
def test_what_the_list_leaves_open_is_listed_not_guessed(book, words, cells, why):
    lines = [["物理名", "データ型", "桁数", "必須", "項目名"], [*cells, *[None] * (4 - len(cells)), "項目"]]
    columns, remarks = table_of(only(book(lines), words), words)
    assert columns == []
    assert why in said(remarks, "undecided")[2]


DECIDED = [
    (("X(15)", None), ("X", "15")),
    (("Ｎ（２０）", None), ("N", "20")),
    (("9V", "7,2"), ("9V", "7,2")),
    (("9V", "７，２"), ("9V", "7,2")),
    (("半角\n文字列", "15桁"), ("X", "15")),
    (("DATE", "-"), ("DATE", "10")),
    (("年月", None), ("YM", "7")),
    ((9, 3.0), ("9", "3")),
]


@pytest.mark.parametrize(("cells", "expected"), DECIDED)
def test_types_and_lengths_as_they_are_written(book, words, cells, expected):
    columns, _ = table_of(only(book([["物理名", "項目名", "データ型", "桁数"], ["a", "項目", *cells]]), words), words)
    assert [(c.type, c.length) for c in columns] == [expected]


def test_a_second_item_of_a_name_is_listed(book, words):
    columns, remarks = table_of(only(book([TITLES, *ITEMS, (4, "旧姓", "name", "N", 20)]), words), words)
    assert told(columns) == THREE
    assert "stands in row 3" in said(remarks, "undecided")[5]


def test_items_without_a_name_in_latin_letters_are_numbered_and_said(book, words):
    columns, remarks = table_of(only(book([["項目名", "型", "桁数"], ["宛名番号", "X", 15], ["氏名", "N", 20]]), words), words)
    assert [c.name for c in columns] == ["item_1", "item_2"]
    assert "2 items have no name" in said(remarks, "look")[2]


def test_a_date_is_unknown_only_where_the_list_allows_it(book, words):
    lines = [["項目名", "物理名", "型", "桁数", "備考"], ["生年月日", "birth", "DATE", 10, "・不詳日を許容する"], ["届出日", "filed", "DATE", 10, None]]
    columns, _ = table_of(only(book(lines), words), words)
    assert [c.unknown_date for c in columns] == [True, False]


def test_a_code_list_on_a_number_and_a_key_that_may_be_blank_are_said(book, words):
    lines = [TITLES, (1, "旗", "FLAG", "9", 1, "任意", "○", "002", None)]
    columns, remarks = table_of(only(book(lines), words), words)
    assert told(columns) == [("flag", "旗", "9", "1", "yes", True, "", "コードID: 002")]
    assert said(remarks, "look")[2].startswith("旗: ")


def test_a_sheet_without_items_is_named_with_its_titles(book, words):
    lists, remarks = understood(book([["項番", "項目名", "記載内容"], [1, "型", "型を示す"]], [TITLES, *ITEMS]), words)
    assert [one.sheet for one in lists] == ["表2"]
    assert [(r.sheet, r.kind) for r in remarks] == [("表1", "left")]
    assert "項番, 項目名, 記載内容" in remarks[0].text and "missing: type" in remarks[0].text


def test_missing_titles_are_a_refusal_that_names_them_and_those_seen(book, words):
    with pytest.raises(KnowledgeError) as refusal:
        understood(book([["項番", "項目名", "けた"], [1, "氏名", 20]]), words)
    assert "項番, 項目名, けた" in str(refusal.value)
    assert "type (データ型" in str(refusal.value) and "length (桁数" in str(refusal.value)


def test_titles_of_a_file_are_learned(book, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[titles]\nlength = ["けた"]\ntype = ["かた"]\n[types.standard]\nN = ["もじ"]\n[codes]\n"1" = "C001"\n', encoding="utf-8")
    words = words_of(Roots((shipped(),)), own)
    lines = [["項目名", "物理名", "かた", "けた", "コード"], ["氏名", "name", "もじ", 20, None], ["性別", "sex", "X", 1, "1"]]
    columns, remarks = table_of(only(book(lines), words), words)
    assert [(c.type, c.length, c.codes) for c in columns] == [("N", "20", ""), ("X", "1", "C001")]
    assert remarks == ()


def test_an_unknown_key_in_a_file_of_titles_is_refused(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[titles]\nlengths = ["けた"]\n', encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"own\.toml"):
        words_of(Roots((shipped(),)), own)


def test_two_columns_of_one_title_are_decided_by_their_letter(book, words, tmp_path):
    path = book([["項目名", "物理名", "型", "桁数", "桁数"], ["氏名", "name", "N", 20, 30]])
    with pytest.raises(KnowledgeError, match="桁数@D"):
        understood(path, words)
    own = tmp_path / "own.toml"
    own.write_text('[titles]\nlength = ["桁数@E", "桁数"]\n', encoding="utf-8")
    again = words_of(Roots((shipped(),)), own)
    lists, _ = understood(path, again)
    assert [c.length for c in table_of(lists[0], again)[0]] == ["30"]


def test_groups_are_lists_of_their_own(book, words):
    lines = [["グループ名称", "項目名", "物理名", "型", "桁数"], ["個人", "番号", "no", "X", 5], ["世帯", "番号", "no", "X", 6]]
    path = book(lines)
    lists, _ = understood(path, words)
    assert [[i["length"] for i in one.items] for one in lists] == [["5"], ["6"]]
    assert [[i["length"] for i in one.items] for one in understood(path, words, section="世帯")[0]] == [["6"]]


def fixed(book, words, *items, titles=PLACED):
    fields, remarks = record_of(only(book([titles, *items]), words), words, "fixed")
    return [(f.name, f.start, f.bytes, f.type, f.scale, f.group, f.times) for f in fields], said(remarks, "undecided")


def test_a_record_of_a_fixed_length(book, words):
    fields, undecided = fixed(
        book, words,
        (1, "区分", "KBN", "X", 1, 1, None), (2, "番号", "NO", "9", "２", "１０", None), (3, "氏名", "SHIMEI", "Ｎ", 12, 40, None),
        (4, "金額", "GAKU", "S9(7)V99 COMP-3", 52, 5, None), (5, "予備", "FILLER", "X", 57, 3, None), (6, "予備", "FILLER", "X", 60, 3, None),
    )  # fmt: skip
    assert fields == [
        ("kbn", 1, 1, "text", 0, "", 1), ("no", 2, 10, "digits", 0, "", 1), ("shimei", 12, 40, "wide", 0, "", 1),
        ("gaku", 52, 5, "packed", 2, "", 1), ("filler_1", 57, 3, "filler", 0, "", 1), ("filler_2", 60, 3, "filler", 0, "", 1),
    ]  # fmt: skip
    assert undecided == {}


PLACES = [
    ([("a", "X", 1, 10, None), ("b", "X", 12, 5, None)], {3: "ends at 10"}),
    ([("a", "X", 1, 10, 12), ("b", "X", 13, 5, None)], {2: "disagree"}),
    ([("a", "Ｎ", None, None, None), ("b", "X", None, 5, None)], {2: "neither bytes"}),
    ([("a", "可変", 1, 10, None), ("b", "X", 11, 5, None)], {2: "may be any of"}),
]


@pytest.mark.parametrize(("items", "expected"), PLACES)
def test_places_that_contradict_one_another_are_listed(book, words, items, expected):
    titles = ("英字名", "属性", "開始位置", "バイト数", "終了位置", "項目名")
    _, undecided = fixed(book, words, *((*i, "項目" + i[0]) for i in items), titles=titles)
    assert set(undecided) == set(expected)
    assert all(why in undecided[row] for row, why in expected.items())


REPEATS = [
    ([("a", 1, 2, 3), ("b", 7, 4, 3)], [("a", "a", 3), ("b", "b", 3)], 0),
    ([("a", 1, 2, 3), ("b", 3, 4, 3)], [("a", "a", 3), ("b", "a", 3)], 0),
    ([("a", None, 2, 3), ("b", None, 4, 3)], [], 2),
    ([("a", 1, 2, 3)], [("a", "a", 3)], 0),
    ([("a", 1, 2, 9_000_000_000)], [], 1),  # a damaged number: it must not unfold for ever
]


@pytest.mark.parametrize(("items", "expected", "undecided"), REPEATS)
def test_what_repeats_together_is_told_by_its_places(book, words, items, expected, undecided):
    titles = ("英字名", "開始位置", "バイト数", "繰り返し", "属性", "項目名")
    fields, open_ = fixed(book, words, *((*i, "X", "項目" + i[0]) for i in items), titles=titles)
    assert [(name, group, times) for name, *_, group, times in fields] == expected
    assert len(open_) == undecided


def test_digits_alone_give_bytes_only_where_a_character_is_a_byte(book, words):
    titles = ("英字名", "属性", "桁数", "項目名")
    fields, undecided = fixed(book, words, ("a", "X", 5, "あ"), ("b", "S9 COMP-3", 7, "い"), ("c", "9", 4, "う"), ("d", "N", 20, "え"), titles=titles)
    assert [(f[0], f[2]) for f in fields] == [("a", 5), ("b", 4), ("c", 4)]
    assert "how many bytes" in undecided[5]


LAYOUT = ("--into", "acme/people")
TABLE = ("--into", "layouts/standard/90_people/people.csv")
NEW = ("--encoding", "cp932", "--newline", "crlf")
RECORD = [PLACED, (1, "番号", "NO", "9", 1, 10, None), (2, "氏名", "SHIMEI", "Ｎ", 11, 40, "外字")]


def test_a_new_layout_passes_and_a_second_import_keeps_what_people_wrote(book, go, tmp_path):
    code, out, _ = go(book(RECORD), *LAYOUT, *NEW)
    assert code == base.CLEAN, out
    layout = load(Roots((tmp_path,)), "acme/people")
    assert (layout.record_bytes, layout.format, [f.name for f in layout.records[0].fields]) == (50, "fixed", ["no", "shimei"])
    path = tmp_path / "layouts/legacy/acme/people/record_1.csv"
    text = path.read_text("utf-8")
    assert "no,番号,1,10,digits,,,,yes,\n" in text
    path.write_text(text.replace("no,番号,1,10,digits,,,,yes,", "no,宛名番号,1,10,digits,,,,,見た"), encoding="utf-8")
    code, out, _ = go(book([*RECORD, (3, "区分", "KBN", "X", 51, 1, None)]), *LAYOUT)
    assert code == base.CLEAN
    assert "no,宛名番号,1,10,digits,,,,,見た\n" in path.read_text("utf-8")
    assert "kbn: is new" in out and "kept 宛名番号" in out
    go(book(RECORD), *LAYOUT, *NEW, "--force")
    assert path.read_text("utf-8") == text


REFUSED = [
    (LAYOUT, RECORD, "--encoding"),
    ((*LAYOUT, *NEW), [TITLES, *ITEMS], "--format"),
    ((*LAYOUT, *NEW), [*RECORD, (3, "x", "X", "謎", 51, 1, None)], "would shift"),
    (("--into", "elsewhere", *NEW), RECORD, "layouts/standard"),
    ((), RECORD, "--dry-run"),
    ((*TABLE, "--sheet", "表9"), RECORD, "表1"),
    ((*TABLE, "--section", "どこか"), [TITLES, *ITEMS], "どこか"),
]


@pytest.mark.parametrize(("options", "lines", "why"), REFUSED)
def test_nothing_is_written_where_the_import_is_refused(book, go, tmp_path, options, lines, why):
    code, _, err = go(book(lines), *options)
    assert (code, why in err) == (base.NOT_PROCESSED, True)
    assert not (tmp_path / "layouts").exists()


def test_a_dry_run_shows_what_was_understood_and_writes_nothing(book, go, tmp_path):
    code, out, _ = go(book([TITLES, *ITEMS], [("メモ",)]), "--dry-run", *TABLE)
    assert code == base.CLEAN
    assert "header in rows 1-1, 3 items" in out and "atena_no" in out.lower() and "表2: has no header row" in out
    assert not (tmp_path / "layouts").exists()


def test_a_table_is_written_again_with_what_people_decided(book, go, tmp_path):
    path = tmp_path / TABLE[1]
    code, out, _ = go(book([TITLES, *ITEMS]), *TABLE)
    assert code == base.CLEAN and "area.toml" in out
    path.write_text(path.read_text("utf-8").replace("name,氏名,N,100,if,,,,,,,yes,V,外字を含む", "name,氏名,N,100,if,,,,,yes,,yes,V,確認済"), encoding="utf-8")
    code, out, _ = go(book([TITLES, ITEMS[0], (2, "氏名", "NAME", "N", 120, "必須", None, None, None)]), *TABLE)
    found = {c.name: c for c in rows(path, Column)}
    assert (found["name"].length, found["name"].required, found["name"].gaiji, found["name"].note) == ("120", "yes", True, "確認済")
    assert "name: length '100' -> '120'" in out and "sex: is not in the workbook: removed" in out


def test_a_condition_that_people_wrote_stays(book, go, tmp_path):
    go(book(RECORD), *LAYOUT, *NEW)
    path = tmp_path / "layouts/legacy/acme/people/record_1.csv"
    head, no, name = path.read_text("utf-8").splitlines()
    lines = (f"{head},when", f"{no},", f"{name},no = 1")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert go(book(RECORD), *LAYOUT)[0] == base.CLEAN
    assert [f.when for f in load(Roots((tmp_path,)), "acme/people").records[0].fields] == ["", "no = 1"]


def test_several_lists_are_not_one_table(book, go):
    code, _, err = go(book([TITLES, *ITEMS], [TITLES, *ITEMS]), *TABLE)
    assert (code, "表1" in err and "表2" in err and "--sheet" in err) == (base.NOT_PROCESSED, True)
    assert go(book([TITLES, *ITEMS], [TITLES, *ITEMS]), *TABLE, "--sheet", "表2")[0] == base.CLEAN


def test_an_undecided_item_asks_to_be_looked_at(book, go, tmp_path):
    code, out, _ = go(book([TITLES, *ITEMS, (4, "住所", "ADDRESS", "文字", 50)]), *TABLE)
    assert (code, "undecided (1)" in out) == (base.LOOK, True)
    assert "address" not in (tmp_path / TABLE[1]).read_text("utf-8")


def test_a_hidden_sheet_is_read_only_by_its_name(book, words):
    def hide(sheet):
        sheet.sheet_state = "hidden"

    path = book([TITLES, *ITEMS], [TITLES, *ITEMS], more=hide)
    lists, remarks = understood(path, words)
    assert ([one.sheet for one in lists], [r.sheet for r in remarks]) == (["表1"], ["表2"])
    assert [one.sheet for one in understood(path, words, ["表2"])[0]] == ["表2"]


OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(2000)
BROKEN = {
    "not a zip": (b"number,name\n1,x\n", "not a zip file"),
    "old": (OLE, ".xls"),
    "encrypted": (OLE + "EncryptedPackage".encode("utf-16le") + bytes(500), "encrypted"),
    "empty": (b"", "not a zip file"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_workbook_is_refused(tmp_path, case):
    content, why = BROKEN[case]
    path = tmp_path / "items.xlsx"
    path.write_bytes(content)
    with pytest.raises(KnowledgeError, match=why):
        opened(path)


def test_a_damaged_or_foreign_zip_and_a_missing_file_are_refused(tmp_path, book):
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", "<w/>")
    with pytest.raises(KnowledgeError, match="holds no xl/"):
        opened(path)
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(book([TITLES, *ITEMS])) as whole, zipfile.ZipFile(damaged, "w") as parts:
        for name in whole.namelist():
            parts.writestr(name, whole.read(name)[: 20 if name == "xl/workbook.xml" else None])
    held = Path("/proc/self/fd")
    with pytest.raises(KnowledgeError, match="no readable workbook") as kept:
        opened(damaged)
    assert kept.value.__context__ is not None  # what openpyxl raised, with its frames
    if held.is_dir():  # closed all the same
        assert str(damaged) not in [os.path.realpath(one) for one in held.iterdir()]
    with pytest.raises(KnowledgeError, match="no such file"):
        opened(tmp_path / "none.xlsx")


def test_without_openpyxl_the_extra_is_named(book, monkeypatch):
    path = book([TITLES, *ITEMS])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(KnowledgeError, match=r"chukan-migrate\[workbook\]"):
        opened(path)
