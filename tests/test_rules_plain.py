"""Rules that are written to be fast, against the plain definition of what they ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrate.catalog import Catalog
from migrate.catalog.rules import RuleExample
from migrate.check.duck import Limits, opened
from migrate.check.trial import Trial

BOOK = Catalog(Path(__file__).resolve().parents[1]).rules()
ONE = st.sampled_from(["1", "2", "", None])
MARK = st.sampled_from(["0", "1", None])
LATEST, DELETED = st.sampled_from(["1", "1", "0", None]), st.sampled_from(["0", "0", "0", "1", None])
NUMBER = st.sampled_from([None, -2, -1, 0, 1, 2, 3, 5, 10**12])
PLAIN = {
    "R006": """
        select t._row from undeleted('{table}') t
        where t.is_latest = '1'
          and exists (from undeleted('{table}') n where (n.a, n.b) = (t.a, t.b) and {n.order} > {t.order})""",
    "R007": """
        select _row
        from (select _row, {number} as n, lag({number}) over (partition by {key} order by {order}) as before from {table}),
             (select count(*) filter (is_latest is distinct from '1') as older from {table})
        where n - before > 1 or (before is null and n > 1 and older > 0)""",
    "R055b": """
        select _row from latest('lv_vehicle')
        where scrapped_date is null and coalesce(event_reason, '') not in ('11', '12', '13', '14')
        qualify count(*) over (partition by plate_bare(plate_text), vehicle_kind) > 1""",
}
ACCOUNTS = """
    select subject_code, levy_year, tax_year, notice_no, sum(if(levy_kind = '5', 0, levied)) as levied, arg_min(_row, term) as _row,
      bool_or(bool_or(paid_off = '1')) over (partition by subject_code, levy_year)
        or levy_year = max(levy_year) over (partition by subject_code) as complete
    from rc_account where is_latest = '1' and is_deleted = '0'
    group by subject_code, levy_year, tax_year, notice_no"""


@pytest.fixture(scope="module")
def trial():
    with Trial(BOOK) as made:
        yield made


def plain(rule, table, number, branch=""):
    """A rule with its plain SQL; of R006 for one table."""
    order = {side: f"({side}{number} * 1000 + {side}{branch})" if branch else side + number for side in ("t.", "n.")}
    whole = [k for k in BOOK.tables[table].keys if k not in (number, branch)]
    sql = PLAIN[rule.id].replace("{n.order}", order["n."]).replace("{t.order}", order["t."])
    for side in ("n", "t"):
        sql = sql.replace(f"({side}.a, {side}.b)", f"({', '.join(f'{side}.{k}' for k in whole)})")
    if "exists" in sql:  # a blank equals nothing
        sql += "".join(f" and t.{k} is not null" for k in whole)
    return rule.model_copy(update={"sql": sql})


def agree(trial, rule, other, rows):
    example = RuleExample(tables=rows, rows=(1,))
    assert trial.rows(rule, example) == trial.rows(other, example)


@pytest.mark.parametrize("name", ["R006", "R007"])
@given(rows=st.lists(st.tuples(st.just("1"), ONE, NUMBER, LATEST, DELETED), max_size=9, unique_by=lambda r: r[:3]))
@example(rows=[("1", "1", n, "1", "0") for n in (1, 2, 3)])  # three that are all the latest
@example(rows=[("1", "1", 1, "1", "0"), ("1", "1", 2, "1", "1"), ("1", "2", 5, "1", "0")])  # the newer one is deleted
@example(rows=[("1", h, n, "1", "0") for h in (None, "") for n in (None, -1, 2)])  # no key, and no number
@example(rows=[("1", "1", 2, "1", "0"), ("1", "1", 3, None, "0"), ("1", "2", 2, "0", "0")])  # a newer one without a mark
@settings(max_examples=60, deadline=None)
def test_generations_are_judged_as_plainly_asked(trial, name, rows):
    rule, table = BOOK.by_id[name], "juki_household"
    names = ("city_code", "household_no", "household_hist_no", "is_latest", "is_deleted")
    agree(trial, rule, plain(rule, table, names[2]), {table: tuple(dict(zip(names, r, strict=True)) for r in rows)})


@pytest.mark.parametrize("name", ["R006", "R007"])
@given(rows=st.lists(st.tuples(ONE, NUMBER, st.integers(0, 2), LATEST, DELETED), max_size=9, unique_by=lambda r: r[:3]))
@settings(max_examples=60, deadline=None)
def test_generations_with_branches_are_judged_as_plainly_asked(trial, name, rows):
    rule, table = BOOK.by_id[name], "juki_resident"
    names = ("atena_no", "person_hist_no", "person_hist_sub", "is_latest", "is_deleted")
    given_rows = tuple({"city_code": "1", **dict(zip(names, r, strict=True))} for r in rows)
    agree(trial, rule, plain(rule, table, names[1], names[2]), {table: given_rows})


PLATE = st.sampled_from([None, "", "浅間５８０あ１２－３４", "浅間580あ1234", "浅間 580 あ ・・12", "Ａ１", "A1", "a1"])


@given(rows=st.lists(st.tuples(PLATE, ONE, st.sampled_from([None, "11", "01"]), MARK), max_size=9))
@settings(max_examples=60, deadline=None)
def test_plates_are_told_apart_as_plainly_asked(trial, rows):
    rule = BOOK.by_id["R055b"]
    names = ("plate_text", "vehicle_kind", "event_reason", "is_latest")
    other = rule.model_copy(update={"sql": PLAIN["R055b"]})
    agree(trial, rule, other, {"lv_vehicle": tuple(dict(zip(names, r, strict=True)) for r in rows)})


@given(rows=st.lists(
    st.tuples(ONE, ONE, ONE, st.integers(1, 4), st.sampled_from([None, 0, 5, -5]), MARK, st.sampled_from([None, "5", "1"]), MARK),
    max_size=9, unique_by=lambda r: r[:4]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_accounts_are_what_they_plainly_are(trial, rows):
    names = ("subject_code", "levy_year", "notice_no", "term", "levied", "paid_off", "levy_kind", "is_latest")
    told = "select subject_code, levy_year, tax_year, notice_no, levied, _row, complete from"
    both = f"({told} accounts()), ({told} ({ACCOUNTS}))"
    one, two = both.split(", (select", 1)[0], "(select" + both.split(", (select", 1)[1]
    apart = f"select coalesce(_row, 1) as _row from ({one} except all {two} union all ({two} except all {one}))"
    rule = BOOK.by_id["R060"].model_copy(update={"sql": apart})
    account = tuple({k: str(v) if k == "term" else v for k, v in zip(names, r, strict=True)} for r in rows)
    assert trial.rows(rule, RuleExample(tables={"rc_account": account}, rows=(1,))) == []


@given(text=st.text(st.sampled_from("０９5ＡＺａAz 　\t\n\r\f\v・･.．‐-－−–ーあ浅㍿\U0002000b"), max_size=30))
@settings(max_examples=200, deadline=None)
def test_a_plate_is_bared_as_plainly_asked(tmp_path_factory, text):
    wide = "".join(map(chr, [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B)]))
    narrow = str.maketrans(wide, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    bare = text.translate(narrow).translate(dict.fromkeys(map(ord, " \t\n\r\f　・･.．‐-－−–ー")))
    assert duck(tmp_path_factory).execute("select plate_bare(?)", [text]).fetchone() == (bare,)
    assert duck(tmp_path_factory).execute("select plate_bare(null)").fetchone() == (None,)


def duck(factory, made=[]):  # noqa: B006 - one for all examples
    if not made:
        made.append(opened(BOOK, str(factory.mktemp("duck")), Limits(threads=1)))
    return made[0]


@pytest.mark.parametrize(("rule", "made"), [("R008", []), ("R024", ["persons"]), ("R041", ["addressees"]), ("R059", ["accounts"])])
def test_only_what_rules_use_is_made_once(rule, made):
    assert BOOK.once([BOOK.by_id[rule]]) == made
