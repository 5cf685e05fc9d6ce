"""A whole export: several files and mappings, records that unfold, look-ups between files, equal rows merged."""

from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate import Catalog, Options, run
from migrate.errors import KnowledgeError, SourceError

HEAD = "name,label,start,bytes,type,scale,group,times,sensitive,note\n"
PEOPLE = HEAD + "kind,区分,,1,digits,,,,,\nno,番号,,4,digits,,,,yes,\nname,氏名,,8,wide,,,,yes,\nlatest,最新,,1,digits,,,,,\nrest,予備,,18,filler,,,,,\n"
LEVY = HEAD + (
    "kind,区分,,1,digits,,,,,\nno,番号,,4,digits,,,,yes,\nyear,年度,,4,digits,,,,,\nwork,勤務先,,2,digits,,,,,\nboss,勤務先名,,6,wide,,,,,\n"
    "due,納期,,1,digits,,term,3,,\namount,税額,,4,digits,,term,3,yes,\n"
)
LEVY2 = HEAD + "kind,区分,,1,digits,,,,,\nno,番号,,4,digits,,,,yes,\nland,土地,,6,digits,,,,yes,\nhouse,家屋,,6,digits,,,,yes,\nrest,予備,,15,filler,,,,,\n"
LAYOUT = 'title = "t"\nsource = "s"\nformat = "fixed"\nencoding = "cp932"\nnewline = "lf"\nrecord_bytes = 32\n'
AREA = 'number = 11\ntitle = "収納"\nsource = "s"\n[[table]]\nid = "1101"\nname = "account"\ntitle = "調定"\n[[table]]\nid = "1102"\nname = "boss"\ntitle = "勤務先"\n'
TABLE = "name,label,type,length,required,key,codes,references,check,gaiji,unknown_date,sensitive,source,note\n"
ACCOUNT = TABLE + (
    "city_code,市区町村コード,X,6,yes,yes,,,,,,,G,\nno,番号,X,4,yes,yes,,,,,,yes,G,\nterm,期,X,2,yes,yes,,,,,,,G,\n"
    "name,氏名,N,20,,,,,,,,yes,G,\nlevied,調定額,9,9,yes,,,,,,,,G,\n"
)
BOSS = TABLE + "city_code,市区町村コード,X,6,yes,yes,,,,,,,G,\nwork,番号,X,2,yes,yes,,,,,,,G,\nname,名称,N,20,yes,,,,,,,,G,\n"
TERMS = """reads = "v/levy levy"
writes = "11_c/account"
agreed = "a"
unfold = "term"
[columns]
no = "no"
term = "occurrence | pad 2"
name = "person"
levied = "amount"
[constants]
city_code = "{city}"
[not_migrated]
"kind year due" = "なし"
[[lookup]]
from = "v/people person"
on = { no = "no" }
where = "latest = '1'"
take = { person = "name" }
[[skip]]
when = "amount is null"
because = "期がない"
[[example]]
because = "期の番号は2桁"
given = { occurrence = "3", amount = "0100", person = "表" }
expect = { term = "03", levied = "100", name = "表" }
"""
NAMED = """reads = "v/levy other"
writes = "11_c/account"
agreed = "a"
[[unfold]]
term = "'91'"
amount = "land"
[[unfold]]
term = "'92'"
amount = "house"
[columns]
no = "no"
term = "term"
levied = "amount"
[constants]
city_code = "{city}"
[left_empty]
name = "固定資産税の名寄せで持つ"
[not_migrated]
"kind" = "なし"
"""
BOSSES = """reads = "v/levy levy"
writes = "11_c/boss"
agreed = "a"
merge_equal = "課税の1件ごとに勤務先が繰り返される"
[columns]
work = "work"
name = "boss"
[constants]
city_code = "{city}"
[[skip]]
when = "work is null"
because = "勤務先なし"
"""


def _write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


KNOWLEDGE = {
    "layouts/legacy/v/people/layout.toml": LAYOUT + 'file = "P*.DAT"\n[[record]]\nname = "person"\ntag = [{ at = 1, is = ["1"] }]\n',
    "layouts/legacy/v/people/person.csv": PEOPLE,
    "layouts/legacy/v/levy/layout.toml": LAYOUT + 'file = "L*.DAT"\n[[record]]\nname = "levy"\ntag = [{ at = 1, is = ["1"] }]\n[[record]]\nname = "other"\ntag = [{ at = 1, is = ["2"] }]\n',
    "layouts/legacy/v/levy/levy.csv": LEVY,
    "layouts/legacy/v/levy/other.csv": LEVY2,
    "layouts/standard/11_c/area.toml": AREA,
    "layouts/standard/11_c/account.csv": ACCOUNT,
    "layouts/standard/11_c/boss.csv": BOSS,
    "mappings/v/terms.toml": TERMS,
    "mappings/v/named.toml": NAMED,
    "mappings/v/bosses.toml": BOSSES,
}


@pytest.fixture
def root(tmp_path):
    """A vendor with two files, one of them of two record types, and two tables."""
    _write(tmp_path, KNOWLEDGE)
    return tmp_path


def person(no, name, latest="1"):
    return f"1{no}".encode() + name.ljust(4, "\u3000").encode("cp932") + f"{latest}{'':18}\n".encode()


def levy(no, work, boss, *amounts):
    terms = "".join(f"{i}{a:>4}" if a else "     " for i, a in enumerate((*amounts, "", "", "")[:3], 1))
    return f"1{no}2025{work:2}".encode() + boss.ljust(3, "\u3000").encode("cp932") + terms.encode() + b"\n"


def other(no, land, house):
    return f"2{no}{land:06}{house:06}{'':15}\n".encode()


def go(root, people, levies, pattern="v", **options):
    source = root / "export"
    source.mkdir(exist_ok=True)
    (source / "P1.DAT").write_bytes(people)
    (source / "L1.DAT").write_bytes(levies)
    into = root / "out"
    report = run(Catalog(root).mappings(pattern), source, into, Options(city="482013", as_of="20260401000000", **options))
    rows = {}
    for path in into.glob("482013*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.name.split("_")[3]] = list(csv.reader(file))[1:]
    with (into / "issues.csv").open(encoding="utf-8", newline="") as file:
        issues = [(i["file"], i["record"], i["byte"], i["item"], i["code"]) for i in csv.DictReader(file)]
    return report, rows, issues


SOUND = person("0001", "表") + person("0002", "裏") + person("0002", "旧", "0")


def test_a_record_unfolds_into_the_rows_that_it_holds(root):
    report, rows, issues = go(root, SOUND, levy("0001", "", "", "0100", "", "0300") + levy("0002", "", "", "0200"))
    assert rows["account"] == [
        ["482013", "0001", "01", "表", "100"],
        ["482013", "0001", "03", "表", "300"],
        ["482013", "0002", "01", "裏", "200"],
    ]
    books = report.books["v/terms"]
    assert (books.read, books.written, books.skipped["期がない"]) == (6, 3, 3)
    assert issues == []
    assert report.absent == () and report.exit_code == 0


def test_a_quoted_text_of_an_unfold_may_be_empty(root):
    _write(root, {"mappings/v/named.toml": NAMED.replace("term = \"'91'\"", "term = \"''\"").replace('term = "term"', 'term = "term | default 90"')})
    _, rows, _ = go(root, SOUND, other("0002", 5, 6))
    assert [r[2] for r in rows["account"]] == ["90", "92"]


def test_two_mappings_fill_one_table_in_the_order_of_the_records(root):
    mixed = other("0002", 5, 6) + levy("0001", "", "", "0100") + other("0001", 7, 8)
    _, rows, _ = go(root, SOUND, mixed)
    assert [(r[1], r[2], r[4]) for r in rows["account"]] == [
        ("0002", "91", "5"), ("0002", "92", "6"), ("0001", "01", "100"), ("0001", "91", "7"), ("0001", "92", "8"),
    ]  # fmt: skip


def test_an_error_in_one_occurrence_rejects_the_record_and_names_its_byte(root):
    bad = levy("0001", "", "", "0100", "02X0", "0300") + levy("0002", "", "", "0200")
    report, rows, issues = go(root, SOUND, bad)
    assert [r[1] for r in rows["account"]] == ["0002"]
    assert ("L1.DAT", "1", "25", "amount_2", "E-READ-009") in issues
    assert [s.rejects for s in report.sources] == [1]
    assert (root / "out/L1.rejects.dat").read_bytes() == bad[:33]


def test_a_wrong_value_in_the_second_occurrence_stands_at_its_own_byte(root):
    text = TERMS.replace('levied = "amount"', 'levied = "amount | less_than_nothing"').replace(" | less_than_nothing", " | code no_such")
    _write(root, {"mappings/v/terms.toml": text, "mappings/v/codes/no_such.csv": "from,to,note\n0100,1,\n0300,3,\n"})
    _, _, issues = go(root, SOUND, levy("0001", "", "", "0100", "0200", "0300"))
    assert issues == [("L1.DAT", "1", str(17 + 5 + 1), "levied", "E-CONV-031")]


@pytest.mark.parametrize(
    ("people", "codes"),
    [
        (person("0001", "表"), []),
        (person("0003", "表"), ["E-CONV-061"]),
        (person("0001", "表") * 2, ["E-CONV-062"]),
        (person("0001", "表") + person("0001", "旧", "0"), []),
        (person("0001", "旧", "0"), ["E-CONV-061"]),
    ],
    ids=["found", "nobody", "twice", "once by where", "none by where"],
)
def test_a_lookup_finds_one_partner_or_says_so(root, people, codes):
    _, rows, issues = go(root, people, levy("0001", "", "", "0100"))
    assert [i[4] for i in issues] == codes
    assert [i[2:4] for i in issues] == [("1", "no")] * len(codes)
    assert len(rows["account"]) == (0 if codes else 1)


def test_where_a_partner_may_be_missing_the_row_is_written_without(root):
    _write(root, {"mappings/v/terms.toml": TERMS.replace("take =", 'missing = "住登外"\ntake =')})
    _, rows, issues = go(root, person("0009", "他"), levy("0001", "", "", "0100"))
    assert rows["account"] == [["482013", "0001", "01", "", "100"]]
    assert issues == []


def test_equal_rows_are_one_and_other_rows_of_the_key_are_refused(root):
    levies = levy("0001", "11", "甲") + levy("0002", "11", "甲") + levy("0003", "11", "乙") + levy("0004", "11", "乙") + levy("0005", "", "")
    report, rows, issues = go(root, SOUND, levies, pattern="v/bosses")
    assert rows["boss"] == [["482013", "11", "甲"]]
    books = report.books["v/bosses"]
    assert (books.written, books.merged, books.rejected, books.skipped.total()) == (1, 1, 2, 1)
    assert [(i[1], i[4]) for i in issues] == [("3", "E-CHECK-031"), ("4", "E-CHECK-031")]


def test_the_manifest_tells_of_every_file_mapping_and_table(root):
    go(root, SOUND, levy("0001", "11", "甲", "0100"))
    facts = json.loads((root / "out/run.json").read_text("utf-8"))
    assert [s["name"] for s in facts["sources"]] == ["L1.DAT"]
    assert set(facts["books"]) == {"v/terms", "v/named", "v/bosses"}
    assert facts["tables"]["account"]["rows"] == 1
    assert all(len(h) == 64 for h in facts["files"].values())


def test_files_that_nobody_reads_and_layouts_without_a_file_are_named(root):
    source = root / "export"
    source.mkdir()
    (source / "X.DAT").write_bytes(b"x")
    report, _, _ = go(root, SOUND, levy("0001", "11", "甲", "0100"))
    assert report.unclaimed == ("X.DAT",)
    assert report.exit_code == 4


def test_a_lookup_without_its_file_is_refused(root):
    source = root / "L1.DAT"
    source.write_bytes(levy("0001", "", "", "0100"))
    with pytest.raises(SourceError, match="looked up"):
        run(Catalog(root).mappings("v"), source, root / "out", Options(city="482013", as_of="20260401000000"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unfold = "term"', 'unfold = "terms"', "did you mean 'term'"),
        ('take = { person = "name" }', 'take = { person = "nama" }', "did you mean 'name'"),
        ('on = { no = "no" }', 'on = { no = "mo" }', "no field 'mo'"),
        ('take = { person = "name" }', 'take = { no = "name" }', "already"),
        ('from = "v/people person"', 'from = "v/people persons"', "did you mean 'person'"),
        ("where = \"latest = '1'\"", 'where = "latests = 1"', "latests"),
        ('"kind year due" = "なし"', '"kind kind due" = "なし"', "comes twice"),
        ('"kind year due" = "なし"', '"kind due" = "なし"', "year"),
    ],
)
def test_wrong_views_are_named(root, old, new, said):
    _write(root, {"mappings/v/terms.toml": TERMS.replace(old, new)})
    from migrate.convert import Converter

    with pytest.raises(KnowledgeError, match=said):
        Converter(Catalog(root).mapping("v/terms"), {"city": "482013"})


amount = st.sampled_from(["", "0100", "0200", "02X0"])
lines = st.lists(
    st.one_of(
        st.builds(levy, st.sampled_from(["0001", "0002", "0009"]), st.sampled_from(["", "11"]), st.sampled_from(["甲", "乙"]), amount, amount, amount),
        st.builds(other, st.sampled_from(["0001", "0002"]), st.integers(0, 9), st.integers(0, 9)),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(levies=lines, batch=st.sampled_from([1, 2, 3, 5]))
def test_the_books_balance_and_batches_never_show(tmp_path_factory, levies, batch):
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    for folder in (one, two):
        _write(folder, KNOWLEDGE)
    first, *_ = go(one, SOUND, b"".join(levies))
    go(two, SOUND, b"".join(levies), batch=batch)
    for books in first.books.values():
        assert books.balance
    same = [{p.name: p.read_bytes() for p in (f / "out").iterdir() if p.name != "run.json" and p.is_file()} for f in (one, two)]
    assert same[0] == same[1]
    assert len((one / "out/L1.rejects.csv").read_text("utf-8").splitlines()) - 1 == first.rejects


CSV = 'title = "t"\nsource = "s"\nformat = "csv"\nencoding = "cp932"\nnewline = "crlf"\nheader_lines = 1\nfile = "S*.CSV"\n[[record]]\nname = "row"\n'
CSV_FIELDS = HEAD + "no,番号,,,digits,,,,yes,\nname,氏名,,,text,,,,yes,\nmemo,備考,,,text,,,,yes,\ntotal,税額,,,text,,,,yes,\n"
CSV_MAPPING = """reads = "v/sheet row"
writes = "11_c/account"
agreed = "a"
[columns]
no = "no | pad 4"
name = "name | lines"
levied = "total | amount"
[constants]
city_code = "{city}"
term = "00"
[carried]
memo = "列がない"
"""


@pytest.fixture
def sheet(root):
    _write(root, {
        "layouts/legacy/v/sheet/layout.toml": CSV, "layouts/legacy/v/sheet/row.csv": CSV_FIELDS, "mappings/v/sheet.toml": CSV_MAPPING,
    })  # fmt: skip

    def go(text):
        source = root / "S1.CSV"
        source.write_bytes(text.encode("cp932"))
        into = root / "out"
        report = run(Catalog(root).mappings("v/sheet"), source, into, Options(city="482013", as_of="20260401000000"))
        with (into / "issues.csv").open(encoding="utf-8", newline="") as file:
            issues = [(i["record"], int(i["byte"]), i["item"], i["code"]) for i in csv.DictReader(file)]
        return report, issues, into

    return go


HEADER = "番号,氏名,備考,税額\r\n"


def test_a_csv_export_goes_the_whole_way_and_lost_zeros_come_back(sheet):
    report, issues, into = sheet(HEADER + '7,"表　能","窓口で\r\n申告","1,200円"\r\n')
    assert (issues, report.exit_code) == ([], 0)
    (path,) = into.glob("*_account_*0.csv")
    assert path.read_text("utf-8").splitlines()[1] == '"482013","0007","00","表　能","1200"'
    (extra,) = into.glob("*.extra.csv")
    assert extra.read_bytes().decode().endswith('"窓口で\\n申告"\r\n')


def test_an_issue_of_a_csv_cell_stands_at_its_byte(sheet):
    line = '7,"表　能",,"1O0"\r\n'
    _, issues, into = sheet(HEADER + line)
    place = len((HEADER + line[: line.index("1O0")]).encode("cp932"))
    assert issues == [("1", place, "levied", "E-CONV-041")]
    assert (into / "S1.rejects.dat").read_bytes() == line.encode("cp932")


def test_an_empty_file_without_header_is_no_record_and_is_named(sheet, root):
    _write(root, {"layouts/legacy/v/sheet/layout.toml": CSV.replace("header_lines = 1", "header_lines = 0")})
    (root / "mappings/v/sheet.toml").write_text(CSV_MAPPING, encoding="utf-8")
    report, issues, into = sheet("")
    assert (report.empty, report.read, issues, report.exit_code) == (("S1.CSV",), 0, [], 4)
    assert len(next(into.glob("*_account_*0.csv")).read_text("utf-8").splitlines()) == 1


def test_an_empty_file_that_should_have_a_header_is_refused(sheet):
    with pytest.raises(SourceError, match="empty"):
        sheet("")


def test_rejected_csv_records_can_be_fed_again(sheet, root):
    _, issues, into = sheet(HEADER + '7,"表　能",,"1O0"\r\n' + '8,"裏　能",,"100"\r\n')
    again = run(Catalog(root).mappings("v/sheet"), into / "S1.rejects.dat", root / "two",
                Options(part=True, city="482013", as_of="20260401000000"))  # fmt: skip
    assert again.read == again.rejects == 1
    assert len(issues) == 1


def test_a_line_break_in_a_full_width_column_is_two_characters(sheet):
    report, issues, into = sheet(HEADER + '7,"表\r\n能",,"100"\r\n')
    assert (issues, report.exit_code) == ([], 0)
    assert '"表\\n能"' in next(into.glob("*_account_*0.csv")).read_text("utf-8")
