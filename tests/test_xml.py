"""XML goes out, is what its schema says, and comes back the same."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from migrate import SourceError
from migrate.check import Checker
from migrate.cli import base, main
from migrate.frames import OFFSET, RECORD
from migrate.model import CodeList, Column, Table
from migrate.read.delivered import READERS
from migrate.read.delivered.xml import batches
from migrate.write import BESIDE
from migrate.write.csv import CsvFile
from migrate.write.xml import XmlFile, rows_as_xml
from migrate.write.xsd import xsd

COLUMNS = [
    Column(name="key", label="番号", type="9", length="4", required="yes", key=True, source="G"),
    Column(name="half", label="半角", type="X", length="5", source="G"),
    Column(name="wide", label="全角", type="N", length="3", source="G"),
    Column(name="gaiji", label="外字可", type="N", length="3", gaiji=True, source="G"),
    Column(name="signed", label="符号付", type="S9", length="13", source="G"),
    Column(name="area", label="地積", type="9V", length="3,2", source="G"),
    Column(name="day", label="日", type="DATE", length="10", source="G"),
    Column(name="vague", label="不詳可", type="DATE", length="10", unknown_date=True, source="G"),
    Column(name="time", label="時刻", type="TIME", length="8", source="G"),
    Column(name="year", label="年", type="YEAR", length="4", source="G"),
    Column(name="month", label="年月", type="YM", length="7", source="G"),
    Column(name="image", label="画像", type="BLOB", length="4", source="G"),
    Column(name="sex", label="性別", type="X", length="1", codes="C001", source="G"),
    Column(name="town", label="自治体", type="X", length="2", codes="C100", source="G"),
]
TABLE = Table(id="0109", name="specimen", title="見本", area="01_x", path=Path("t.csv"), columns=COLUMNS)
CODES = {
    "C001": CodeList(id="C001", title="性別", kind="list", path=Path("c.csv"), labels={"1": "男", "2": "女 & <他>"}),
    "C100": CodeList(id="C100", title="自治体", kind="external", path=Path("c.csv")),
}
SCHEMA = etree.XMLSchema(etree.fromstring(xsd(TABLE, CODES).encode()))
DAYS = ["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "0000-02-29", "0000-01-01", "0001-01-01", "9999-12-31",
        "1945-00-00", "1945-03-00", "1945-A1-00", "1945-03-A1", "1945-A1-A3", "1945-E1-00", "1945-02-30", "1945-04-31",
        "1945-13-01", "0000-00-00", "0000-04-31", "1945-00-31", "1945-00-32", "1945-3-1", "19450301", "2100-02-28"]  # fmt: skip
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _rows(*rows):
    return pl.DataFrame(rows, schema={c.name: c.dtype for c in COLUMNS}, orient="row")


def _row(**values):
    return _rows(tuple({"key": 1, **values}.get(c.name) for c in COLUMNS))


def _written(folder, rows, cuts=(), name="482013_01_0109_specimen_90_20260401000000.xml"):
    path = folder / name
    file = XmlFile.of(path, TABLE)
    for begin, end in zip((0, *cuts), (*cuts, rows.height), strict=True):
        file.write(rows.slice(begin, end - begin))
    file.close()
    return path


def _read(path, form="xml", size=1000):
    pieces = [later() for later in READERS[form](path, TABLE, size)]
    return pl.concat([p.rows for p in pieces]).select(*TABLE.by_name), pl.concat([p.issues for p in pieces])


def _spoilt(tmp_path, body):
    path = tmp_path / "spoilt.xml"
    path.write_text(body, encoding="utf-8")
    return path


half = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("&<>\"']｡ﾟ"), max_size=5)
wide = st.text(st.characters(min_codepoint=0xA0, exclude_categories=["Cs", "Cn"]) | st.sampled_from("𠮷葛﨑　―＜＆"), max_size=3)
ivs = st.lists(st.sampled_from(["葛\U000e0100", "辻\ufe00", "𠮷", "\ue000", "﨑", "　"]), max_size=3).map("".join)
rows = st.lists(
    st.tuples(st.integers(0, 9999), half, wide, ivs, st.integers(-(10**13) + 1, 10**13 - 1) | st.none()),
    max_size=12,
).map(lambda found: _rows(*[(*(v or None if isinstance(v, str) else v for v in r), *[None] * 9) for r in found]))


@SLOW
@given(rows, st.integers(1, 5))
def test_csv_to_xml_and_back_keeps_every_row(tmp_path, rows, size):
    csv = CsvFile.of(tmp_path / "t.csv", TABLE)
    csv.write(rows)
    csv.close()
    from_csv, _ = _read(tmp_path / "t.csv", "csv")
    back, issues = _read(_written(tmp_path, from_csv), size=size)
    assert back.equals(from_csv)
    assert not issues["code"].is_in(["unreadable", "unknown_element", "element_order", "stray_text"]).any()


@SLOW
@given(rows, st.data())
def test_the_same_rows_give_the_same_bytes_whatever_the_batches(tmp_path, rows, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, rows.height), max_size=3)))
    whole = _written(tmp_path, rows).read_bytes()
    assert _written(tmp_path, rows, cuts).read_bytes() == whole
    etree.fromstring(whole)


def test_the_root_says_what_the_name_says(tmp_path):
    facts = dict(etree.parse(_written(tmp_path, _row())).getroot().attrib)
    assert facts == {"id": "0109", "city": "482013", "round": "90", "as_of": "20260401000000"}
    assert dict(etree.parse(_written(tmp_path, _row(), name="x.xml")).getroot().attrib) == {"id": "0109"}


def test_a_blank_is_no_element_and_no_rows_are_a_root():
    assert rows_as_xml(_row(half="a")) == b"<row><key>1</key><half>a</half></row>\n"
    assert rows_as_xml(_rows()) == b""


def test_markup_within_a_value_is_escaped():
    assert b"<half>]]&gt;&amp;</half>" in rows_as_xml(_row(half="]]>&"))


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_raises_and_is_not_quoted(sign):
    with pytest.raises(ValueError, match="control character") as error:
        rows_as_xml(_row(half=f"secret{sign}"))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\r\nb", " a ", "a\rb"])
def test_what_xml_can_hold_comes_back(tmp_path, text):
    (batch,) = batches(_written(tmp_path, _row(half=text)), TABLE, 10)
    assert batch.rows["half"].to_list() == [text]


# ---- the schema ----


@pytest.mark.parametrize("area", ["01_resident_register", "06_voter_register", "07_fixed_asset_tax", "11_collection"])
def test_every_table_of_an_area_has_a_schema(catalog, area):
    for name in catalog.areas()[area].tables:
        etree.XMLSchema(etree.fromstring(xsd(catalog.table(f"{area}/{name}"), catalog.code_lists()).encode()))


def _said(rows):
    """Whether the schema allows the rows, and whether the checker finds no error in them."""
    document = f'<specimen id="0109">{rows_as_xml(rows).decode()}</specimen>'
    judged = Checker(TABLE, CODES).judge(
        rows.with_columns(pl.lit(1, pl.UInt64).alias(RECORD), pl.lit(0, pl.UInt64).alias(OFFSET))
    )
    return SCHEMA.validate(etree.fromstring(document)), judged.filter(severity="error").is_empty()


@pytest.mark.parametrize("column", ["day", "vague"])
@pytest.mark.parametrize("day", DAYS)
def test_schema_and_checker_agree_on_dates(column, day):
    allowed, good = _said(_row(**{column: day}))
    assert allowed == good


@pytest.mark.parametrize(
    ("column", "value"),
    [("half", "12345"), ("half", "123456"), ("half", "ｱ"), ("half", "あ"), ("wide", "あいう"), ("wide", "あいうえ"), ("wide", "a"),
     ("wide", "𠮷𠮷𠮷"), ("wide", "葛\U000e0100"), ("wide", "\ue000"), ("gaiji", "葛\U000e0100" * 3), ("gaiji", "葛\U000e0100" * 4),
     ("gaiji", "\ue000"), ("gaiji", "ｱ"), ("signed", -5), ("signed", 10**13), ("key", 10_000), ("key", -1), ("time", "24:00:00"),
     ("time", "23:59:59"), ("year", "202"), ("year", "2025"), ("month", "2025-13"), ("month", "2025-00"), ("image", "a.tif"),
     ("image", "abcd"), ("image", "あ"), ("sex", "1"), ("sex", "3"), ("town", "48"), ("town", "482"), ("half", "a\tb"), ("wide", "　")],
)  # fmt: skip
def test_schema_and_checker_agree_on_values(column, value):
    allowed, good = _said(_row(**{column: value}))
    assert allowed == good


@SLOW
@given(
    st.text(st.sampled_from("ab１あ𠮷\U000e0100\ufe00\ue000\U000f0000｡ﾟ~\x7f\x80\u2028"), min_size=1, max_size=5),
    st.sampled_from(["half", "wide", "gaiji", "image"]),
)
def test_schema_and_checker_agree_on_any_text(text, column):
    allowed, good = _said(_row(**{column: text}))
    assert allowed == good


@pytest.mark.parametrize(
    "body",
    ["<row><half>a</half></row>", "<row><half>a</half><key>1</key></row>", "<row><key>1</key><half></half></row>",
     "<row><key>1</key><other>1</other></row>", "<row><key>01</key></row>", "<row><key>1</key><area>1000.00</area></row>",
     "<row><key>1</key><signed>-0</signed></row>", "<row>x<key>1</key></row>"],
)  # fmt: skip
def test_the_schema_refuses_spoilt_rows(body):
    assert not SCHEMA.validate(etree.fromstring(f'<specimen id="0109">{body}</specimen>'))


def test_the_schema_refuses_another_tables_file():
    assert not SCHEMA.validate(etree.fromstring('<specimen id="0101"></specimen>'))


def test_the_command_line_shows_the_xsd_of_a_table(capsys, catalog):
    name = "01_resident_register/juki_household"
    assert base.settle(main.cli.main, ["show", name, "--xsd", "--root", str(catalog.root)]) == 0
    assert capsys.readouterr().out == xsd(catalog.table(name), catalog.code_lists())


def test_a_run_is_told_what_to_write_beside_xml():
    suffix, text_of = BESIDE["xml"]
    assert suffix == "xsd"
    assert text_of(TABLE, CODES) == xsd(TABLE, CODES)


def test_the_schema_names_label_and_provenance():
    (found,) = etree.fromstring(xsd(TABLE, CODES).encode()).xpath('//*[@name="area"]//*[local-name()="documentation"]')
    facts = {etree.QName(name).localname: value for name, value in found.attrib.items()}
    assert facts == {"lang": "ja", "label": "地積", "type": "9V", "length": "3,2", "provenance": "G"}


# ---- the reader ----


@pytest.mark.parametrize(
    ("body", "found"),
    [('<other id="0109"><row><key>1</key></row></other>', [(0, "wrong_root", "")]),
     ('<specimen id="0101"><row><key>1</key></row></specimen>', [(0, "wrong_root", "")]),
     ("<specimen><row><key>1</key></row><row><key>2</key><new>x</new></row></specimen>", [(2, "unknown_element", "new")]),
     ("<specimen><line><key>1</key></line></specimen>", [(1, "unknown_element", "line")]),
     ("<specimen><row><half>a</half><key>1</key></row></specimen>", [(1, "element_order", "key")]),
     ("<specimen><row><key>1</key><key>2</key></row></specimen>", [(1, "repeated_element", "key")]),
     ("<specimen><row><key>1</key>x</row></specimen>", [(1, "stray_text", "")]),
     ("<specimen><row><key>1</key><half><b/></half></row></specimen>", [(1, "unknown_element", "b")]),
     ("<specimen>\n  <row>\n    <key>1</key>\n  </row>\n</specimen>", []),
     ("<specimen><!-- c --><row><key>1</key><half><![CDATA[<a>]]></half></row></specimen>", [])],
)  # fmt: skip
def test_what_is_wrong_with_the_form_is_an_issue(tmp_path, body, found):
    read = list(batches(_spoilt(tmp_path, body), TABLE, 10))
    issues = pl.concat([b.issues for b in read])
    assert issues.select("record", "code", "item").rows() == found
    assert read[0].rows["key"][0] == "1" or found[0][1] == "unknown_element"


def test_a_value_out_of_order_is_kept_and_a_repeated_one_is_not(tmp_path):
    path = _spoilt(tmp_path, "<specimen><row><half>a</half><key>1</key><half>b</half></row></specimen>")
    (batch,) = batches(path, TABLE, 10)
    assert batch.rows.select("key", "half").rows() == [("1", "a")]


@pytest.mark.parametrize(
    "body",
    ['<!DOCTYPE specimen [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><specimen><row><half>&b;</half></row></specimen>',
     '<!DOCTYPE specimen SYSTEM "http://localhost/x.dtd"><specimen/>',
     '<!DOCTYPE specimen [<!ENTITY x SYSTEM "file:///etc/passwd">]><specimen><row><half>&x;</half></row></specimen>',
     "<specimen><row><half>&unknown;</half></row></specimen>", "<specimen><row>", "", "key,half",
     '<?xml version="1.0" encoding="Shift_JIS"?><specimen/>'],
)  # fmt: skip
def test_no_bombs_no_entities_nothing_half(tmp_path, body):
    with pytest.raises(SourceError) as error:
        list(batches(_spoilt(tmp_path, body), TABLE, 10))
    assert "spoilt.xml" in str(error.value)
    assert "passwd" not in str(error.value)


SPOILS = ["<row><key>1</key></row>\n", "<row ><key>1</key></row>\n", "<row><half>a</half><key>1</key></row>\n",
          "<row><key>1</key><half>&#65;</half></row>\n", "<row><key>1</key><half>a>b</half></row>\n", "<!-- c -->\n",
          "<row><key>1</key><new>x</new></row>\n", "<row><key>1</key>\n</row>\n", "<row><key>1</key></row>", "\n", "<row/>\n",
          "<row><key>1</key><half></half></row>\n", "<row><key>1</key><half>&lt;&amp;&gt;&#13;</half></row>\n",
          "<row><key>1</key><half><![CDATA[x]]></half></row>\n", "<row><key>1</key><half>&amp</half></row>\n", "<row>\uffff</row>\n",
          "<row><key>1</key><key>1</key></row>\n", "</row>\n", "<row><key>1</half></row>\n", "x"]  # fmt: skip


@SLOW
@given(st.lists(st.sampled_from([SPOILS[0], SPOILS[0], *SPOILS]), max_size=8), st.integers(1, 4))
def test_the_quick_way_and_the_parser_see_the_same(tmp_path, lines, size):
    """What only the parser reads begins with a comment, so that nothing is laid out as we write it."""
    prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'
    body = f'<specimen id="0109">\n{"".join(lines)}</specimen>\n'

    def read(text):
        try:
            found = list(batches(_spoilt(tmp_path, text), TABLE, size))
        except SourceError:
            return None
        rows, issues = pl.concat([b.rows for b in found]), pl.concat([b.issues for b in found])
        return rows.rows(), issues.rows()

    slow = read(f"{prolog}{body}".replace('id="0109"', "id='0109'"))
    assert read(f"{prolog}{body}") == slow


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_batches_count_on_and_name_the_byte_of_each_row(tmp_path, size):
    path = _written(tmp_path, pl.concat([_row(key=n, half="x" * (n % 4)) for n in range(7)]))
    data = path.read_bytes()
    read = [b.rows for b in batches(path, TABLE, size)]
    assert all(r.height <= size for r in read)
    rows = pl.concat(read)
    assert rows[RECORD].to_list() == list(range(1, 8))
    assert rows["key"].to_list() == [str(n) for n in range(7)]
    assert all(data[at:].startswith(b"<row>") for at in rows[OFFSET])
    assert data.count(b"<row>") == 7
