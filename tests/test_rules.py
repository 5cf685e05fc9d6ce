"""Rules across columns and tables: each on its own examples, and the engine that judges a municipality by them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from migrate.catalog import Catalog
from migrate.catalog.rules import RuleBook, load
from migrate.check.duck import ROW, Limits
from migrate.check.rules import Judge
from migrate.check.trial import Trial, unfit
from migrate.errors import KnowledgeError

ROOT = Path(__file__).resolve().parents[1]
BOOK = Catalog(ROOT).rules()
JUDGED = [rule for rule in BOOK.rules if rule.sql]
DAY = date(2026, 4, 1)


@pytest.fixture(scope="module")
def trial():
    with Trial(BOOK) as made:
        yield made


@pytest.mark.parametrize("rule", JUDGED, ids=lambda r: r.id)
def test_a_rule_passes_what_it_should_and_reports_exactly_the_rows_that_break_it(rule, trial):
    assert rule.passes
    assert rule.fails
    for example in rule.passes:
        assert trial.rows(rule, example) == []
    for example in rule.fails:
        assert trial.rows(rule, example) == sorted(example.rows)


def test_every_rule_of_the_plan_is_there():
    assert {rule.id[:4] for rule in BOOK.rules} >= {f"R{n:03}" for n in range(1, 86)}


def test_a_rule_over_every_table_is_sound_for_each_of_them(trial):
    for rule in JUDGED:
        if rule.each:
            trial.bind(rule)


# ---- the engine over files ----


def staged(folder, name, rows):
    """A table as the pipeline stages it: Parquet with every column and the rows' numbers."""
    table = BOOK.tables[name]
    given = [{"is_latest": "1", "is_deleted": "0", **row} for row in rows]
    frame = pl.DataFrame(
        {c.name: pl.Series([r.get(c.name) for r in given], dtype=c.dtype) for c in table.columns}
        | {ROW: pl.Series(range(1, len(rows) + 1), dtype=pl.UInt32)}
    )
    path = folder / f"{name}.parquet"
    frame.write_parquet(path)
    return {name: [path]}


def only(*ids):
    return BOOK._replace(rules=tuple(r for r in BOOK.rules if r.id in ids))


RESIDENT = {"city_code": "482013", "person_hist_no": 1, "person_hist_sub": 0, "resident_status": "1"}
TWO = [{**RESIDENT, "atena_no": "1", "household_no": "7"}, {**RESIDENT, "atena_no": "2", "household_no": "8"}]


def test_a_broken_rule_names_its_rows_with_their_keys(tmp_path):
    files = staged(tmp_path, "juki_resident", TWO) | staged(tmp_path, "juki_household", [{"household_no": "7"}])
    with Judge(only("R008"), files, DAY) as judge:
        (verdict,) = judge.verdicts()
        found = pl.concat(verdict.found)
    assert (verdict.state, verdict.count, verdict.rule.id) == ("broken", 1, "R008")
    assert found.rows() == [(2, "482013", "2", 1, 0)]
    assert found.columns == [ROW, *BOOK.tables["juki_resident"].keys]


def test_a_kept_rule_says_so(tmp_path):
    files = staged(tmp_path, "juki_resident", TWO)
    files |= staged(tmp_path, "juki_household", [{"household_no": "7"}, {"household_no": "8"}])
    with Judge(only("R008"), files, DAY) as judge:
        (verdict,) = judge.verdicts()
    assert (verdict.state, verdict.count, list(verdict.found)) == ("kept", 0, [])


def test_a_rule_whose_table_is_missing_is_not_run_and_says_which(tmp_path):
    with Judge(only("R008"), staged(tmp_path, "juki_resident", TWO), DAY) as judge:
        (verdict,) = judge.verdicts()
    assert verdict.state == "not_run"
    assert verdict.reason == "missing: juki_household"


def test_a_rule_that_cannot_be_decided_is_not_run_and_says_why(tmp_path):
    with Judge(only("R025"), {}, DAY) as judge:
        (verdict,) = judge.verdicts()
    assert verdict.state == "not_run"
    assert "migrate reconcile" in verdict.reason


def test_a_rule_for_each_table_has_a_verdict_for_each_that_is_there(tmp_path):
    files = staged(tmp_path, "juki_resident", TWO)
    household = {"city_code": "482013", "household_no": "7"}
    files |= staged(tmp_path, "juki_household", [{**household, "household_hist_no": 1, "is_latest": "0"}, {**household, "household_hist_no": 3}])
    with Judge(only("R007"), files, DAY) as judge:
        found = {v.rule.table: (v.state, v.count) for v in judge.verdicts()}
    assert found == {"juki_resident": ("kept", 0), "juki_household": ("broken", 1)}


def test_verdicts_depend_on_the_day(tmp_path):
    files = staged(tmp_path, "voter_register", [{"moved_out_date": "2025-12-01"}])
    states = []
    for day in (date(2026, 4, 1), date(2026, 4, 2)):
        with Judge(only("R040"), files, day) as judge:
            states += [v.state for v in judge.verdicts()]
    assert states == ["kept", "broken"]


def test_found_rows_may_be_read_after_all_the_verdicts(tmp_path):
    files = staged(tmp_path, "juki_resident", TWO) | staged(tmp_path, "juki_household", [])
    with Judge(only("R008", "R013"), files, DAY) as judge:
        verdicts = list(judge.verdicts())
        assert [pl.concat(v.found)[ROW].to_list() for v in verdicts] == [[1, 2], [1, 2]]


def test_more_rows_than_memory_are_counted_exactly_and_come_in_batches(tmp_path):
    table, rows = BOOK.tables["juki_resident"], 900_000
    number = pl.int_range(rows, eager=True)
    given = {"city_code": pl.lit("482013"), "atena_no": pl.format("00000{}", 5_000_000_000 + number),
             "household_no": pl.format("00000{}", 7_000_000_000 + number // 2), "person_hist_no": pl.lit(1),
             "person_hist_sub": pl.lit(0), "resident_status": pl.lit("1"), "is_latest": pl.lit("1"), "is_deleted": pl.lit("0"),
             "jumin_code": pl.format("{}", 10_000_000_000 + number // 3)}  # fmt: skip
    frame = pl.select(number.alias(ROW).cast(pl.UInt32) + 1).select(
        ROW, *(given.get(c.name, pl.lit(None)).cast(c.dtype).alias(c.name) for c in table.columns)
    )
    frame.write_parquet(tmp_path / "residents.parquet", row_group_size=100_000)
    del frame
    files = {"juki_resident": [tmp_path / "residents.parquet"]} | staged(tmp_path, "juki_household", [])
    with Judge(only("R008", "R013"), files, DAY, Limits(tmp_path, "60MB", 1)) as judge:
        for verdict in judge.verdicts():
            assert verdict.count == rows
            heights = [batch.height for batch in verdict.found]
            assert sum(heights) == rows
            assert max(heights) < rows
    assert not list(tmp_path.glob("rules.*"))


def test_a_rule_with_too_little_memory_beside_another_is_judged_again_alone(tmp_path, monkeypatch):
    files = staged(tmp_path, "juki_resident", TWO) | staged(tmp_path, "juki_household", [{"household_no": "7"}])
    judged, asked = Judge._judged, []

    def judged_the_second_time(self, rule):
        asked.append(rule.id)
        if asked.count(rule.id) == 1:
            raise MemoryError(rule.id)
        return judged(self, rule)

    monkeypatch.setattr(Judge, "_judged", judged_the_second_time)
    with Judge(only("R008", "R013"), files, DAY) as judge:
        assert [(v.rule.id, v.count) for v in judge.verdicts()] == [("R008", 1), ("R013", 2)]
    assert sorted(asked) == ["R008", "R008", "R013", "R013"]


def test_a_wrong_value_in_a_row_is_not_quoted(tmp_path):
    files = staged(tmp_path, "school_register", [{"school_year": "SECRET", "grade": "E1", "birth_date": "2019-04-02"}])
    with Judge(only("R035"), files, DAY) as judge, pytest.raises(KnowledgeError) as said:
        list(judge.verdicts())
    assert "SECRET" not in str(said.value)
    assert "R035" in str(said.value)


# ---- a file of rules that is wrong ----

GOOD = '''
[[rule]]
id = "R900"
grade = "error"
tables = ["juki_resident"]
columns = ["name"]
ja = "a"
en = "a"
because_ja = "b"
because_en = "b"
remedy_ja = "c"
remedy_en = "c"
source = "G"
sql = "select _row from juki_resident where name is null"
[rule.passes]
juki_resident = [{ name = "x" }]
[rule.fails]
rows = [1]
juki_resident = [{ sex = "1" }]
'''


def problems(tmp_path, text):
    folder = tmp_path / "layouts/standard/rules"
    folder.mkdir(parents=True)
    (folder / "99_ours.toml").write_text(text, encoding="utf-8")
    book, found = load(Catalog(tmp_path).roots)
    return [str(p) for p in (*found, *unfit(book._replace(rules=tuple(r for r in book.rules if r.id[:2] == "R9"))))]


def test_a_rule_of_ones_own_joins_the_book(tmp_path):
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["juki_resident"]', '["juki_residents"]', "no table 'juki_residents'; did you mean 'juki_resident'?"),
        ('["name"]', '["nam"]', "no column 'juki_resident.nam'; did you mean 'juki_resident.name'?"),
        ("{ sex", "{ sexx", "no column 'juki_resident.sexx'; did you mean 'juki_resident.sex'?"),
        ("R900", "R008", "R008: rule R008 comes 2 times"),
        ("_row from juki_resident where", "_row from juki_resident wher", "DuckDB refuses it (ParserException)"),
        ("where name is", "where nom is", "DuckDB refuses it (BinderException)"),
        ("rows = [1]", "rows = [2]", "reports rows [1], expected [2]"),
        ("rows = [1]", "", "rows belongs to failing examples"),
        ("source =", "sourc =", "no key 'sourc'; did you mean 'source'?"),
        ("sql = ", 'codes = ["missing"]\nsql = ', "has not exactly one of sql, codes, left_out_ja with left_out_en"),
        ("where name is null", "semi join persons() using (atena_no)", "its SQL reads atena_nonresident, which tables does not name"),
        ('grade = "error"', 'grade = "error"\neach = "table"', "each go together"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_is_named(tmp_path, old, new, said):
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    assert any(said in one for one in found), found


def test_the_book_knows_its_files():
    assert isinstance(BOOK, RuleBook)
    assert {p.name for p in BOOK.files} >= {"00_all.toml", "01_resident_register.toml", "macros.sql", "holidays.csv"}
