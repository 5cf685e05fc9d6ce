"""Layouts from and as 符号表: what the notation can say comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.catalog import Catalog
from migrate.catalog.files import rows
from migrate.catalog.notation import draft, tables
from migrate.cli import base, main
from migrate.errors import KnowledgeError
from migrate.model import Field

ROOT = Path(__file__).resolve().parents[1]
CATALOG = Catalog(ROOT)
NOT_SAID = {"sensitive": False, "start": None}


def saved(folder, made):
    paths = []
    for name, text in made.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8-sig", newline="")
    return paths


@pytest.mark.parametrize("name", CATALOG.layout_names())
def test_a_layout_comes_back_from_its_own_tables(name, tmp_path):
    layout = CATALOG.layout(name)
    made = draft(saved(tmp_path, tables(layout)))
    assert not made.findings
    assert (made.title, made.source) == (layout.title, layout.source)
    assert {key: getattr(layout, key) for key in made.settings} == made.settings
    assert [(r.name, r.label, r.kind, r.tag) for r in made.records] == [(r.name, r.label, r.kind, r.tag) for r in layout.records]
    for record in made.records:
        raw = rows(layout.path.parent / f"{record.name}.csv", Field)
        assert [f.model_copy(update=NOT_SAID) for f in record.fields] == [f.model_copy(update=NOT_SAID) for f in raw]
        assert [f.start for f, g in zip(record.fields, raw, strict=True) if g.start] == [g.start for g in raw if g.start]


PUBLISHED = """統計調査名,架空の暮らしの調査,,
ファイル形式,固定長テキスト形式,,
文字コード,Shift_JIS,,
改行,CRLF,,
年次,令和7年,,
備考,,,
行番号,レベル,項目名,繰り返し,位置,桁数,型,変数名,コード,コードの内容
1,1,地域,,1,2,C,Area,01,東
2,,,,,,,,02,西
3,1,世帯,,,,,,,
4,2,人数,,3,2,,Ninzu,,
5,2,世帯員,3,,,,,,
6,3,性別,,5,1,,Sex,1,男
7,,,,,,,,2,女
8,3,年齢,,6,3,,,,
9,1,空白,,17,4,,,,
10,1,乗率,,23,5,,Weight,,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_in_the_manner_of_published_ones_is_read(encoding, tmp_path):
    path = tmp_path / "kurashi.csv"
    path.write_bytes(PUBLISHED.replace("\n", "\r\n").encode(encoding))
    made = draft([path])
    assert made.settings == {"format": "fixed", "encoding": "cp932", "newline": "crlf", "record_bytes": 27}
    assert [(f.name, f.label, f.start, f.bytes, f.type, f.group, f.times, f.note) for f in made.records[0].fields] == [
        ("area", "地域", 1, 2, "text", "", 1, "01=東 02=西"), ("ninzu", "人数", 3, 2, "text", "", 1, "世帯"),
        ("sex", "性別", 5, 1, "text", "group_5", 3, "世帯 1=男 2=女"), ("f_004", "年齢", 6, 3, "text", "group_5", 3, "世帯"),
        ("reserve", "空白", 17, 4, "filler", "", 1, ""), ("reserve", "予備", 21, 2, "filler", "", 1, ""), ("weight", "乗率", 23, 5, "text", "", 1, ""),
    ]  # fmt: skip
    assert made.codes == {"kurashi": (("area", "01", "東"), ("area", "02", "西"), ("sex", "1", "男"), ("sex", "2", "女"))}
    assert [str(f) for f in made.findings] == ["? kurashi.csv:8: 地域: unknown 型 C, taken as text", "  kurashi.csv:17: nothing describes bytes 21 to 22: taken as filler"]


HEAD = "行番号,階層,項目名,繰返し,位置,バイト数,変数名\n"
REFUSED = [
    ("行番号,項目名,位置\n", "no line of headings"), (HEAD, "has no items"), (HEAD + "1,1,甲,,1,2,A\n2,1,乙,,2,1,B\n", "line 3: 位置 2 lies in the item before it"),
    (HEAD + "1,1,甲,,1,二,A\n", "line 2: バイト数 is not a number: 二"), (HEAD + "1,1,甲,,1,1,A\n2,1,乙,,2,1,a\n", "line 3: 変数名 a comes twice"),
    (HEAD + "1,1,甲,2,,,\n2,2,乙,2,,,\n3,3,丙,,1,1,C\n", "line 3: a repetition inside a repetition"),
    ("識別,[x\n" + HEAD + "1,1,甲,,1,1,A\n", "識別 cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[r[1] for r in REFUSED])
def test_what_cannot_be_a_layout_is_refused(text, said, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=said):
        draft([path])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(PUBLISHED)), st.integers(0, 9), st.text(max_size=4)), min_size=1, max_size=4))
def test_a_mutated_table_never_crashes(tmp_path, cuts):
    text = PUBLISHED
    for at, size, put in cuts:
        text = text[:at] + put + text[at + size :]
    path = tmp_path / "m.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        made = draft([path])
    except KnowledgeError as error:
        assert str(error)
    else:
        assert made.records


@pytest.fixture
def here(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)

    def go(*words):
        code = base.settle(main.cli.main, [str(w) for w in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def test_a_layout_travels_by_the_command_line(here, tmp_path):
    assert here("export", "notation", "kusatsu/care", "--into", "out")[0] == 0
    files = [tmp_path / "out" / f"{r.name}.csv" for r in CATALOG.layout("kusatsu/care").records]
    assert here("import", "notation", *files, "--into", "again/care")[0] == 0
    ours, theirs = (Catalog(tmp_path).layout(n) for n in ("again/care", "kusatsu/care"))
    assert [[f.name for f in r.fields] for r in ours.records] == [[f.name for f in r.fields] for r in theirs.records]


def test_what_the_notation_cannot_say_is_refused(here, tmp_path):
    folder = tmp_path / "layouts/legacy/k/f"
    folder.mkdir(parents=True)
    (folder / "layout.toml").write_text('title="t"\nsource="s"\nformat="fixed"\nencoding="cp932"\nnewline="none"\nrecord_bytes=2\n[[record]]\nname="r"\n', "utf-8")
    (folder / "r.csv").write_text("name,label,bytes,type,when\na,A,2,text,?\n", "utf-8")
    code, _, err = here("export", "notation", "k/f", "--into", "out")
    assert (code, "no word for redefines" in err) == (12, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("group", ["import", "export"])
def test_an_unknown_kind_of_book_is_told_its_nearest(here, group):
    code, _, err = here(group, "notatoin")
    assert (code, "did you mean 'notation'?" in err) == (12, True)
