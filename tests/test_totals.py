"""件数リスト and 突合リスト: figures that were added up by hand, and lists as officials write them."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate import KnowledgeError, SourceError
from migrate.books import OTHER_TYPE
from migrate.catalog.measures import measures
from migrate.cli import base, main
from migrate.report import control
from migrate.totals import Totals, tables, totals
from migrate.totals.claimed import claimed, number
from migrate.totals.reconcile import Reconciled, reconcile
from migrate.write import OUTPUTS
from migrate.write.figures import Figures
from migrate.write.totals import Totals as OfARun

ROOT = Path(__file__).resolve().parents[1]
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# atena_no household_no type status sex latest deleted generation
PEOPLE = [
    ("0000000001", "H1", "1", "1", "1", "1", "0", 1),
    ("0000000002", "H1", "1", "1", "2", "0", "0", 1),  # an earlier generation
    ("0000000002", "H1", "1", "1", "2", "1", "0", 2),
    ("0000000003", "H2", "2", "1", "1", "1", "0", 1),
    ("0000000004", "H2", "1", "3", "1", "1", "0", 1),  # dead
    ("0000000005", "H3", "1", "1", "2", "1", "1", 1),  # deleted
    ("0000000006", "H4", "2", "1", None, "1", "0", 1),
]
# year subject term notice generation latest levied paid arrears
ACCOUNTS = [
    ("2024", "04", "01", "N1", 1, "1", 1000, 1000, None),
    ("2025", "04", "01", "N2", 1, "0", 900, 0, 5),
    ("2025", "04", "01", "N2", 2, "1", 800, 300, 7),
    ("2025", "04", "02", "N2", 1, "1", 700, 0, None),
    ("2025", "05", "01", "N3", 1, "1", -50, 0, None),
]
RESTRICTIONS = [  # atena_no seq category end deleted
    ("0000000001", 1, "01", None, "0"),
    ("0000000001", 2, "02", "9999-12-31", "0"),
    ("0000000003", 1, "01", "2026-04-01", "0"),  # ends on the day of the extraction: still in force
    ("0000000004", 1, "01", "2026-03-31", "0"),  # over
    ("0000000006", 1, "01", None, "1"),  # deleted
]
LAND = [("2025", "F1", Decimal("100.25")), ("2025", "F2", Decimal("0.50")), ("2026", "F1", Decimal("100.25"))]


@pytest.fixture(scope="session")
def known(catalog):
    return tables(catalog)


@pytest.fixture(scope="session")
def frames(known):
    """A small town, table by table."""
    people = [
        {"atena_no": a, "household_no": h, "resident_type": t, "resident_status": s, "sex": x, "is_latest": latest,
         "is_deleted": d, "person_hist_no": n, "person_hist_sub": 0}
        for a, h, t, s, x, latest, d, n in PEOPLE
    ]  # fmt: skip
    accounts = [
        {"levy_year": y, "tax_year": y, "subject_code": s, "term": t, "notice_no": n, "account_hist_no": g,
         "is_latest": latest, "is_deleted": "0", "levied": levied, "paid": paid, "arrears": arrears}
        for y, s, t, n, g, latest, levied, paid, arrears in ACCOUNTS
    ]  # fmt: skip
    restrictions = [
        {"atena_no": a, "restriction_seq": n, "category": c, "end_date": e, "is_latest": "1", "is_deleted": d}
        for a, n, c, e, d in RESTRICTIONS
    ]
    land = [{"tax_year": y, "land_no": f, "land_hist_no": 1, "cur_area": a} for y, f, a in LAND]
    rows = {"juki_resident": people, "rc_account": accounts, "juki_restriction": restrictions, "fa_land": land}
    return {name: _frame(known[name], found) for name, found in rows.items()}


def _frame(table, rows):
    frame = pl.DataFrame({"city_code": ["482013"] * len(rows)} | {
        c.name: [r.get(c.name) for r in rows] for c in table.columns if c.name != "city_code"
    }, schema={c.name: c.dtype for c in table.columns}, strict=False)  # fmt: skip
    return frame.select(*table.by_name)


@pytest.fixture
def delivered(known, frames, tmp_path):
    """Write the town's files in some form; gives the folder."""

    def go(form="csv", only=frames, name="delivery"):
        folder = tmp_path / f"{name}-{form}"
        folder.mkdir()
        for table in only:
            t = known[table]
            file = OUTPUTS[form].of(folder / f"482013_{t.id[:2]}_{t.id}_{t.name}_90_20260401000000.{form}", t)
            file.write(frames[table])
            file.close()
        return folder

    return go


def _figures(found):
    return {f"{t.table} {t.measure} {control.by(t.by)}".strip(): t.figure for t in found.totals}


BY_HAND = {
    "juki_resident rows": 7,
    "juki_resident current rows": 5,
    "juki_resident keys": 7,
    "juki_resident rows person_hist_no=1": 6,
    "juki_resident rows person_hist_no=2": 1,
    "juki_resident rows sex=": 1,
    "juki_resident rows sex=1": 3,
    "juki_resident rows sex=2": 3,
    "juki_resident rows resident_status=3": 1,
    "juki_resident population": 4,
    "juki_resident population resident_type=1": 2,
    "juki_resident population resident_type=2": 2,
    "juki_resident population sex=1": 2,
    "juki_resident population resident_type=2 sex=": 1,
    "juki_resident population resident_type=1 sex=2": 1,
    "juki_resident households": 3,
    "rc_account rows subject_code=04": 4,
    "rc_account sum levied": 3350,
    "rc_account current sum levied": 2450,
    "rc_account sum levied levy_year=2025 subject_code=04": 2400,
    "rc_account current sum levied levy_year=2025 subject_code=04": 1500,
    "rc_account current sum levied levy_year=2025 subject_code=04 term=01": 800,
    "rc_account sum levied levy_year=2025 subject_code=05": -50,
    "rc_account sum arrears": 12,
    "rc_account sum arrears levy_year=2024 subject_code=04": 0,
    "juki_restriction protections": 3,
    "juki_restriction protections category=01": 2,
    "juki_restriction protected": 2,
    "fa_land sum cur_area": Decimal("201.00"),
    "fa_land sum cur_area tax_year=2025": Decimal("100.75"),
}


@pytest.mark.parametrize("form", ["csv", "parquet", "xml"])
def test_figures_are_those_added_up_by_hand_in_every_form(catalog, delivered, form):
    found = _figures(totals(catalog, delivered(form)))
    assert {key: found.get(key) for key in BY_HAND} == BY_HAND


def test_of_a_table_in_several_forms_one_is_read(catalog, delivered):
    folder = delivered()
    for file in delivered("xml").iterdir():
        file.rename(folder / file.name)
    found = totals(catalog, folder)
    assert _figures(found)["juki_resident rows"] == 7
    assert {Path(f.file).suffix for f in found.files} == {".csv"}


def test_what_means_nothing_when_added_up_is_not(catalog, delivered):
    measured = {t.measure for t in totals(catalog, delivered()).totals}
    assert not measured & {"sum fy_no", "sum list_order", "sum burden_level", "sum account_hist_no", "sum kaisei_no"}


def test_labels_say_the_same_in_japanese(catalog, delivered):
    (line,) = [
        t for t in totals(catalog, delivered()).totals
        if t.measure == "sum levied" and t.by == {"levy_year": "2025", "subject_code": "05"}
    ]  # fmt: skip
    assert line.label.endswith("調定額の合計 賦課年度=2025 科目コード=05 法人住民税")


@SLOW
@given(st.data())
def test_totals_of_two_halves_add_up_to_the_totals_of_the_whole(known, frames, data):
    name = data.draw(st.sampled_from(sorted(frames)))
    rows, table = frames[name], known[name]
    mine = pl.Series([data.draw(st.booleans()) for _ in range(rows.height)], dtype=pl.Boolean)
    chosen = [m for m in measures(table) if not m.distinct]

    def added(*parts):
        figures = Figures(table, chosen, "20260401000000")
        for part in parts:
            figures.add(part)
        return {(f.measure.name, f.values, f.measure.by): f.figure for f in figures.figures() if f.figure}

    one, other, whole = added(rows.filter(mine)), added(rows.filter(~mine)), added(rows)
    both = {key: one.get(key, 0) + other.get(key, 0) for key in {*one, *other}}
    assert {k: v for k, v in both.items() if v} == whole
    assert added(rows.filter(mine), rows.filter(~mine)) == whole


def test_distinct_is_counted_across_batches(known, frames):
    table = known["juki_resident"]
    figures = Figures(table, [m for m in measures(table) if m.name == "households"], "20260401000000")
    for row in range(7):
        figures.add(frames["juki_resident"].slice(row, 1))
    assert [f.figure for f in figures.figures()] == [3]


def test_sums_are_exact_beyond_64_bits(known):
    table = known["ct_taxpayer"]
    rows = _frame(table, [{"capital": 10**15 - 1}]).select(pl.all().repeat_by(20_000).explode())
    figures = Figures(table, [m for m in measures(table) if m.name == "sum capital"])
    figures.add(rows)
    assert [f.figure for f in figures.figures()] == [(10**15 - 1) * 20_000]


def test_the_manifest_says_the_same(known, frames, catalog, delivered):
    listed = _figures(totals(catalog, delivered()))
    for name, rows in frames.items():
        of_a_run = OfARun(known[name])
        of_a_run.add(rows)
        facts = of_a_run.facts()
        assert all(str(listed[f"{name} sum {column}"]) == str(figure) for column, figure in facts["sums"].items())
        for column, counts in facts["rows_by_code"].items():
            assert counts == {k.partition("=")[2]: v for k, v in listed.items() if k.startswith(f"{name} rows {column}=")}


def test_no_personal_value_is_listed(catalog, delivered):
    text = control.totals_as_csv(totals(catalog, delivered()))
    assert "0000000001" not in text
    assert "H1" not in text
    assert "received_city" not in text


def test_a_table_of_two_moments_is_not_added_up(catalog, delivered):
    folder = delivered()
    (file,) = folder.glob("*juki_resident*")
    file.with_name(file.name.replace("20260401", "20260301")).write_bytes(file.read_bytes())
    with pytest.raises(SourceError, match="juki_resident"):
        totals(catalog, folder)


def test_unreadable_values_make_the_list_doubtful(catalog, delivered):
    folder = delivered()
    (file,) = folder.glob("*rc_account*")
    file.write_bytes(file.read_bytes().replace(b'"800"', b'"8O0"'))
    found = totals(catalog, folder)
    assert found.doubtful
    assert [f.table for f in found.files if f.issues] == ["rc_account"]


def test_a_file_of_no_table_is_named(catalog, delivered):
    folder = delivered()
    (folder / "juki_resident.csv").write_bytes(b"x")
    (folder / "notes.txt").write_bytes(b"x")
    found = totals(catalog, folder)
    assert found.left_out == ["juki_resident.csv"]
    assert found.doubtful
    assert "juki_resident.csv" in control.totals_as_text(found)


@pytest.mark.parametrize(
    ("measure", "said"),
    [('by = ["sexx"]', "did you mean 'sex'"), ('where = "sex = = 1"', "mend the SQL"), ('where = "sexx = 1"', "mend the SQL"),
     ('distinct = ["sex"]\nby = ["sex"]', "exclude one another"), ('summ = "x"', "no key 'summ'")],
)  # fmt: skip
def test_settings_that_are_wrong_are_named(known, tmp_path, measure, said):
    beside = tmp_path / "standard/01_x/juki_resident.csv"
    own = (ROOT / "layouts/standard/totals.toml").read_text("utf-8").partition("[[measure]]")[0]
    beside.parent.mkdir(parents=True)
    text = f'{own}[[measure]]\ntable = "juki_resident"\nname = "x"\nlabel = "x"\n{measure}\n'
    (beside.parents[1] / "totals.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        measures(known["juki_resident"].model_copy(update={"path": beside}))
    assert "totals.toml" in str(error.value)
    assert said in str(error.value)


# ---- the list that an official makes ----


@pytest.mark.parametrize(
    ("text", "figure"),
    [("1234", 1234), ("1,234,567", 1234567), ("-5", -5), ("△5", -5), ("▲1,000", -1000), ("１２３", 123), ("¥1,000", 1000),
     ("1,000円", 1000), ("12人", 12), ("100.25", Decimal("100.25")), (" 7 ", 7), ("0", 0)],
)  # fmt: skip
def test_figures_are_read_as_people_write_them(text, figure):
    assert number(text) == figure


@pytest.fixture
def written(tmp_path):
    def go(text, encoding="utf-8"):
        path = tmp_path / "list.csv"
        path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
        return path

    return go


SAME = [
    "table,measure,by,figure\njuki_resident,population,resident_type=1 sex=2,1\n",
    "table,measure,by,label,figure\njuki_resident,population,sex=2 resident_type=1,anything,1\n",
    "表,集計,区分,数値\n住民情報,人口,住民種別=日本人　性別=女,1\n",
    "表,集計,区分,数値,備考\n0101,人口（現存・最新・未削除の住民）,住民種別=1 性別=2,１,統計表\n",
    "集計,表,数値,区分\npopulation,101,1人,resident_type=1 sex=2\n,,,\n",
]


@pytest.mark.parametrize("text", SAME)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_line_may_be_english_or_japanese_from_any_editor(catalog, known, written, text, encoding):
    (claim,) = claimed(written(text, encoding), known, catalog.code_lists())
    assert claim[:3] == ("juki_resident", "population", {"resident_type": "1", "sex": "2"})
    assert claim.figure == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("table,measure,figure\njuki_residnet,rows,1\n", "did you mean 'juki_resident'"),
     ("table,measure,figure\njuki_resident,populaton,1\n", "did you mean 'population'"),
     ("table,measure,by,figure\njuki_resident,population,sexx=1,1\n", "did you mean 'sex'"),
     ("table,measure,by,figure\njuki_resident,population,rel_code1=02,1\n", "is not kept by that"),
     ("table,measure,figure\njuki_resident,rows,many\n", "not a number"),
     ("table,measure,figure\njuki_resident,rows,1,5\n", "too many cells"),
     ("table,measure,figure\njuki_resident,rows,12,34\n", "too many cells"),
     ("table,measure,figure\njuki_resident,rows,\n", "not a number"),
     ("table,measure,figure\njuki_resident,rows,1\njuki_resident,rows,2\n", "line 3: this total comes twice"),
     ("table,measure,figures\njuki_resident,rows,1\n", "did you mean 'figure'"),
     ("table,figure\njuki_resident,1\n", "has no column measure"),
     ("table,measure,figure\n", "holds no total"), ("", "has no column")],
)  # fmt: skip
def test_what_nobody_understands_is_an_error_with_its_line(catalog, known, written, text, said):
    with pytest.raises(SourceError) as error:
        claimed(written(text), known, catalog.code_lists())
    assert "list.csv" in str(error.value)
    assert said in str(error.value)


CASES = [
    # the old system's lines, what comes of them
    ("juki_resident,rows,,7", [("same", "", 7, 7, 0)]),
    ("juki_resident,rows,,9", [("different", "", 9, 7, -2)]),
    ("juki_resident,rows,resident_status=9,0", [
        ("same", "resident_status=9", 0, 0, 0), ("only_right", "resident_status=1", None, 6, None),
        ("only_right", "resident_status=3", None, 1, None)]),
    ("juki_resident,rows,resident_status=9,4", [
        ("only_left", "resident_status=9", 4, None, None), ("only_right", "resident_status=1", None, 6, None),
        ("only_right", "resident_status=3", None, 1, None)]),
    ("juki_resident,population,resident_type=1,2\njuki_resident,population,resident_type=2,2", [
        ("same", "resident_type=1", 2, 2, 0), ("same", "resident_type=2", 2, 2, 0)]),
    ("rc_account,current sum levied,levy_year=2025 subject_code=4,1500\n"
     "rc_account,current sum levied,levy_year=2025 subject_code=5,-50\n"
     "rc_account,current sum levied,levy_year=2024 subject_code=4,1001", [
        ("same", "levy_year=2025 subject_code=04", 1500, 1500, 0), ("same", "levy_year=2025 subject_code=05", -50, -50, 0),
        ("different", "levy_year=2024 subject_code=04", 1001, 1000, -1)]),
    ("fa_land,sum cur_area,,201", [("same", "", 201, Decimal("201.00"), 0)]),
    ("fa_building,rows,,3", [("only_left", "", 3, None, None)]),
    ("fa_building,rows,,0", [("only_left", "", 0, None, None)]),  # no file is not the same as no rows
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_reconciling_line_by_line(catalog, delivered, written, lines, expected):
    found = reconcile(catalog, written(f"table,measure,by,figure\n{lines}\n"), delivered())
    assert [(v.status, control.by(v.by), v.left, v.right, v.difference) for v in found.lines] == expected
    assert found.agreed == all(status == "same" for status, *_ in expected)


def test_a_list_of_our_own_agrees_with_itself(catalog, delivered, written):
    folder = delivered()
    text = control.totals_as_csv(totals(catalog, folder)).replace("\r\n", "\n")
    found = reconcile(catalog, written(text), folder)
    assert found.agreed
    assert len(found.lines) == len(totals(catalog, folder).totals)


RUN = {
    "sources": [{"name": "resident.dat", "declared": [
        {"record": 9, "field": "count", "label": "件数", "declared": 7, "found": 7},
        {"record": 9, "field": "tax", "label": "税額", "declared": 100, "found": 90}]}],
    "books": {"asama/resident": {"table": "juki_resident", "rejected": 2, "merged": 1,
                                 "skipped": {f"{OTHER_TYPE}header": 1, "対象外": 4}}},
}  # fmt: skip


def test_books_explain_a_difference_and_never_settle_it(catalog, delivered, written):
    folder = delivered()
    (folder / "run.json").write_text(json.dumps(RUN), encoding="utf-8")
    found = reconcile(catalog, written("table,measure,figure\njuki_resident,rows,9\nfa_land,rows,3\n"), folder)
    assert [(v.table, v.measure, v.status, v.explained) for v in found.lines] == [
        ("resident.dat", "trailer count", "same", None),
        ("resident.dat", "trailer tax", "different", None),
        ("juki_resident", "rows", "different", 7),
        ("fa_land", "rows", "same", None),
    ]
    assert not found.agreed
    assert "対象外 4" in control.lines_as_text(found)


def test_another_folder_may_hold_the_runs_manifest(catalog, delivered, written, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "run.json").write_text(json.dumps(RUN), encoding="utf-8")
    found = reconcile(catalog, written("table,measure,figure\njuki_resident,rows,7\n"), delivered(), run)
    assert found.lines[-1].explained == 7


def test_a_manifest_that_is_none_is_an_error(catalog, delivered, written):
    folder = delivered()
    (folder / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match=r"run\.json"):
        reconcile(catalog, written("table,measure,figure\njuki_resident,rows,7\n"), folder)


# ---- the commands ----


@pytest.fixture
def here(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    def go(*words):
        code = base.settle(main.cli.main, [str(w) for w in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


@pytest.mark.parametrize("name", ["totals", "reconcile"])
def test_the_published_schema_is_fresh_and_the_json_keeps_it(here, catalog, delivered, written, name):
    published = json.loads((ROOT / f"docs/{name}.schema.json").read_text("utf-8"))
    assert json.loads(here(name, "--schema")[1]) == published
    folder, source = delivered(), written("table,measure,figure\nfa_land,sum cur_area,1.5\n")
    words = (name, folder) if name == "totals" else (name, source, folder)
    jsonschema.validate(json.loads(here(*words, "--format", "json")[1]), published)


@pytest.mark.parametrize(("figure", "code"), [("7", 0), ("8", 8)])
def test_exit_codes_say_whether_everything_agrees(here, delivered, written, figure, code):
    source = written(f"table,measure,figure\njuki_resident,rows,{figure}\nfa_land,rows,3\n")
    got, out, _ = here("reconcile", source, delivered(), "--format", "csv", "--only-differences")
    lines = list(csv.DictReader(io.StringIO(out)))
    assert got == code
    assert [(v["status"], v["difference"]) for v in lines] == ([("different", "-1")] if code else [])


def test_a_list_that_cannot_be_read_is_12(here, delivered, written):
    code, out, err = here("reconcile", written("x\n"), delivered())
    assert (code, out) == (12, "")
    assert "list.csv" in err


def test_totals_go_to_a_file_as_the_reconciling_reads_it(here, delivered, tmp_path):
    folder, into = delivered(), tmp_path / "lists/totals.csv"
    assert here("totals", folder, "--format", "csv", "--into", into)[0] == 0
    assert into.read_bytes().startswith(b"table,measure,by,label,figure\r\njuki_resident,rows,,")
    assert here("reconcile", into, folder)[0] == 0


def test_totals_of_one_table_and_of_no_table(here, delivered):
    code, out, _ = here("totals", delivered(), "--table", "fa_land")
    assert code == 0
    assert "201.00" in out
    assert "juki_resident" not in out
    assert "fa_land" in here("totals", ROOT / "docs", "--table", "fa_lnd")[2]


@pytest.mark.parametrize(("form", "model"), [("totals", Totals), ("reconcile", Reconciled)])
def test_every_part_of_a_list_is_frozen(form, model):
    assert model.model_config["frozen"]


@pytest.mark.parametrize("example", (ROOT / "docs/totals.md").read_text("utf-8").split("```csv\n")[1:])
def test_the_lists_in_the_documentation_are_understood(catalog, known, written, example):
    assert claimed(written(example.partition("```")[0]), known, catalog.code_lists())
