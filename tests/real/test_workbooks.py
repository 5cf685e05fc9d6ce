"""Two workbooks of the Digital Agency (住登外者宛名番号管理): an official item list and an API specification.

Judge: the XML of the sheets, read here without any library, by the columns that the eye sees.
"""

import re
import unicodedata
import zipfile
from functools import cache
from xml.etree import ElementTree

import pytest

from migrate.catalog import Catalog
from migrate.catalog.files import Roots, shipped
from migrate.catalog.workbook import item_lists, opened, table_of, words_of
from migrate.cli import base, main
from migrate.lint import problems

pytest.importorskip("openpyxl")

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LIST = "項目定義書（住登外者宛名番号管理）住登外者宛名基本情報"
REQUIRED = {"必須": "yes", "条件付き必須": "if", "任意": "", "◎": "yes", "": ""}
AREA = """\
number = 90
title = "住登外者宛名番号管理"
source = "an official workbook"

[[table]]
id = "9001"
name = "atena"
title = "住登外者宛名基本情報"
"""
LISTS = """\
id,title,length,kind,includes,source,note
001,性別,1,list,,V,
999,自治体固有コード,,municipal,,V,
"""


@pytest.fixture(scope="module")
def folder(realdata):
    return realdata / "digital_agency"


@pytest.fixture(scope="module")
def words():
    return words_of(Roots((shipped(),)))


@pytest.fixture(scope="module")
def kanri(folder):
    return folder / "atenabango-kanri_item-definition.xlsx"


@pytest.fixture(scope="module")
def fuban(folder):
    return folder / "atenabango-fuban-api_spec.xlsx"


def crude(path, number):
    """The cells of the n-th sheet by `A1`, as the XML has them."""
    with zipfile.ZipFile(path) as parts:
        strings = [
            "".join(t.text or "" for run in one if run.tag != f"{MAIN}rPh" for t in run.iter(f"{MAIN}t"))
            for one in ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
    found = {}
    for cell in sheet.iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        if value is not None and value.text:
            found[cell.get("r")] = strings[int(value.text)] if cell.get("t") == "s" else value.text
    return found


def sheets(path):
    with zipfile.ZipFile(path) as parts:
        book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    return [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]


def seen(cells, column, row):
    return unicodedata.normalize("NFKC", cells.get(f"{column}{row}", "")).strip()


@cache
def lists_of(path):
    words = words_of(Roots((shipped(),)))
    return {sheet.title: item_lists(sheet, words) for sheet in opened(path)}


def test_item_lists_are_found_on_their_sheets_alone(kanri, fuban):
    found = {title: [len(one.items) for one in lists] for path in (kanri, fuban) for title, lists in lists_of(path).items()}
    assert {title: sizes for title, sizes in found.items() if sizes} == {LIST: [29], "リクエスト_API仕様": [40], "レスポンス_API仕様": [20]}
    assert set(found) == {*sheets(kanri), *sheets(fuban)}


def test_every_item_of_the_official_list_is_taken_over_as_the_sheet_has_it(kanri, words):
    cells = crude(kanri, 1 + sheets(kanri).index(LIST))
    (found,) = lists_of(kanri)[LIST]
    columns, remarks = table_of(found, words)
    rows = range(7, 36)  # the last row of the sheet, 36, holds an e in every column
    assert len(columns) == len(rows) == sum(1 for n in range(7, 100) if cells.get(f"B{n}") == "031")
    for column, row in zip(columns, rows, strict=True):
        assert (column.name, column.label) == (cells[f"E{row}"], cells[f"D{row}"])
        assert (column.type, column.length) == (seen(cells, "L", row), seen(cells, "M", row))
        assert column.required == REQUIRED[seen(cells, "P", row)]
        assert column.key == (seen(cells, "G", row) == "○")
        code = seen(cells, "N", row)
        printed = f"{int(code):03d}" if code else ""
        assert (column.codes or "".join(re.findall(r"(?:^|; )コード: (\d+)", column.note))) == printed
        assert column.unknown_date == (row == 18)
        assert f"データ項目ID: 031{int(cells[f'C{row}']):05d}" in column.note
        for letter, title in (("Q", "項目定義"), ("R", "項目説明"), ("T", "実装類型"), ("O", "繰り返し"), ("U", "サンプル値")):
            text = " ".join(line.strip() for line in cells.get(f"{letter}{row}", "").split("\n") if line.strip())
            assert (f"{title}: {text}" in column.note) if text else f"{title}: " not in column.note
    assert [r.row for r in remarks if r.kind == "undecided"] == []
    assert {r.row for r in remarks if r.kind == "left"} == {7, 36}  # columns without a title, the row of e


def test_first_last_and_most_peculiar_items_of_the_official_list(kanri, words):
    columns = {c.name: c for c in table_of(lists_of(kanri)[LIST][0], words)[0]}
    first, *_, last = columns.values()
    assert (first.name, first.label, first.type, first.length, first.required, first.key) == ("atenabango", "宛名番号", "X", "15", "yes", True)
    assert (last.name, last.label, last.type, last.length, last.required, last.key) == ("sosajikoku", "操作時刻", "TIME", "8", "yes", False)
    assert columns["seibetsu"].codes == "001"
    flag = columns["daihyoatenafuragu"]  # an integer with a code list: more than a column of ours can be
    assert (flag.type, flag.codes, "コード: 002" in flag.note) == ("9", "", True)


def test_every_parameter_of_the_request_is_found(fuban, words):
    cells = crude(fuban, 1 + sheets(fuban).index("リクエスト_API仕様"))
    (found,) = lists_of(fuban)["リクエスト_API仕様"]
    columns, remarks = table_of(found, words)
    rows = [n for n in range(23, 200) if cells.get(f"E{n}")]
    assert rows == list(range(23, 63))
    for column, row in zip(columns, rows, strict=True):
        assert (column.name, column.label) == (cells[f"E{row}"], cells[f"AK{row}"])
        assert (column.type, column.length) == (seen(cells, "CY", row), seen(cells, "DC", row))
        assert column.required == REQUIRED[seen(cells, "CV", row)]
        note = " ".join(line.strip() for line in cells.get(f"DK{row}", "").split("\n") if line.strip())
        assert column.note.startswith(f"{note}; 項目説明: " if note else "項目説明: ")
    assert [(r.kind, r.row) for r in remarks if r.kind in ("undecided", "left")] == [("left", 23)]


def test_nested_items_of_the_response_are_found_and_what_holds_them_is_named(fuban):
    cells = crude(fuban, 1 + sheets(fuban).index("レスポンス_API仕様"))
    (found,) = lists_of(fuban)["レスポンス_API仕様"]
    rows = [n for n in range(9, 52) if cells.get(f"AF{n}") and "造化" not in cells[f"CX{n}"]]
    assert [item.row for item in found.items] == rows
    for item in found.items:
        name = next(cells[f"{column}{item.row}"] for column in "IJKL" if f"{column}{item.row}" in cells)
        assert (item["name"], item["label"]) == (name, cells[f"AF{item.row}"])
        assert (item["level"], item["length"]) == (cells[f"E{item.row}"], cells[f"DB{item.row}"])
    by_row = {item.row: item for item in found.items}
    assert list(by_row[18].more.values())[-1] == "レスポンスオブジェクト > 処理結果データ"
    assert by_row[18].section.startswith("■正常系（HTTPステータスコード：200")
    assert by_row[46].section.startswith("■異常系（HTTPステータスコード：503")
    left = {r.row: r.text for r in found.remarks if r.kind == "left"}
    assert set(left) == {9, 10, 11, 14, 15, 17, 18, 24, 25, 26, 29, 30, 32, 35, 36, 37, 40, 41, 43, 44, 45, 48, 49, 51, 52, 53, 55, 56, 57, 58}
    assert "エラーコード" in left[53]  # another table, of error codes


def test_what_the_response_leaves_open_is_listed_and_not_taken_over(fuban, words):
    (found,) = lists_of(fuban)["レスポンス_API仕様"]
    columns, remarks = table_of(found, words)
    undecided = {r.row: r.text for r in remarks if r.kind == "undecided"}
    assert set(undecided) == {27, 28, 31, 34, 38, 39, 42, 46, 47, 50}  # names that come again; a type of two
    assert "X,Ｎ混在" in undecided[34]
    assert len(columns) + len(undecided) == len(found.items)


def test_the_official_list_passes_lint_and_is_shown(kanri, tmp_path, capsys):
    area = tmp_path / "layouts/standard/90_jutogai"
    codes = tmp_path / "layouts/standard/codes"
    area.mkdir(parents=True)
    codes.mkdir()
    (area / "area.toml").write_text(AREA, encoding="utf-8")
    shared = (shipped() / "layouts/standard/codes/index.csv").read_text(encoding="utf-8")
    assert "\n001," not in shared
    (codes / "index.csv").write_text(LISTS, encoding="utf-8")
    (codes / "001.csv").write_text("code,label\n0,不明（未記入）\n1,男\n2,女\n", encoding="utf-8")
    words = ["import", "workbook", str(kanri), "--root", str(tmp_path), "--into", "layouts/standard/90_jutogai/atena.csv"]
    assert base.settle(main.cli.main, words) == base.CLEAN
    assert "29" in capsys.readouterr().out
    found, _ = problems(Catalog(tmp_path))
    assert found == []
    assert len(Catalog(tmp_path).table("90_jutogai/atena").columns) == 29
    assert base.settle(main.cli.main, ["show", "90_jutogai/atena", "--root", str(tmp_path)]) == base.CLEAN
    shown = capsys.readouterr().out
    assert "住登外者宛名基本情報" in shown and "daihyoatenafuragu" in shown and "sosajikoku" in shown
