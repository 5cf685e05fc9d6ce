"""Rules across columns and tables: layouts/standard/rules/*.toml, with macros (*.sql) and lists (*.csv) beside them.

`Catalog().rules()` gives the whole book. A rule is SQL that names the rows which break it; the first of its
tables is the one whose rows are meant. migrate/check/rules.py runs it, on its own examples, too.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date  # noqa: TC003 - pydantic needs it at run time
from pathlib import Path  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field as Setting
from pydantic import StringConstraints

from migrate.catalog import standard
from migrate.catalog.files import Roots, insist, reserved, shown, toml, validated
from migrate.catalog.notices import notices
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Name, Noun, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = "layouts/standard/rules"
ONCE = "once.sql"
"""The file of the macros whose rows are made once in a run."""
ALL = "*"
HISTORY = "_hist_no"
"""Ends the name of the key column that counts a record's generations, last in the key of a history table."""
BRANCH = "_hist_sub"
"""Ends the name of the column that counts on within one generation, in three digits."""

Value = str | int | None
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]+[0-9]{3}[a-z]?$")]


class RuleExample(Noun):
    """A few rows, and which of the first table's rows are reported. A column left out is blank, but
    `is_latest` is 1 and `is_deleted` 0."""

    tables: dict[Name, tuple[dict[Name, Value], ...]]
    rows: tuple[int, ...] = ()  # 1-based
    as_of: date | None = None


class Rule(Noun):
    """What must hold across columns and tables, and which rows break it."""

    id: RuleId
    path: Path
    grade: Literal["error", "alert"]
    tables: Annotated[tuple[str, ...], Setting(min_length=1)]
    columns: tuple[Name, ...] = ()
    each: Literal["", "table", "history", "unknown_date"] = ""
    ja: str
    en: str
    because_ja: str
    because_en: str
    remedy_ja: str
    remedy_en: str
    source: str
    sql: str = ""
    codes: tuple[str, ...] = ()
    left_out_ja: str = ""
    left_out_en: str = ""
    passes: tuple[RuleExample, ...] = ()
    fails: tuple[RuleExample, ...] = ()

    @property
    def title(self) -> str:
        return say(self.ja, self.en)

    @property
    def because(self) -> str:
        return say(self.because_ja, self.because_en)

    @property
    def remedy(self) -> str:
        return say(self.remedy_ja, self.remedy_en)

    @property
    def left_out(self) -> str:
        """Why it cannot be decided from the standard's files; blank where it can."""
        return say(self.left_out_ja, self.left_out_en)

    @property
    def table(self) -> str:
        """The table whose rows are reported."""
        return self.tables[0]

    @property
    def examples(self) -> tuple[RuleExample, ...]:
        return (*self.passes, *self.fails)


class RuleBook(NamedTuple):
    """Every rule, and all that their SQL may use."""

    rules: tuple[Rule, ...]
    tables: dict[str, Table]  # by name, without the area
    macros: tuple[Path, ...]
    lists: dict[str, Path]  # CSV files, by the name of the table they are

    @property
    def by_id(self) -> dict[str, Rule]:
        return {r.id: r for r in self.rules}

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that a verdict depends on."""
        written = dict.fromkeys(r.path for r in self.rules)
        return (*written, *self.macros, *self.lists.values())

    def concrete(self, rule: Rule) -> list[Rule]:
        """The rule as it is run: one that is written for each of many tables becomes many, of one id."""
        return list(_spelt_out(rule, self.tables)) if rule.each else [rule]

    def once(self, rules: Iterable[Rule]) -> list[str]:
        """The macros of ONCE that some rules use, themselves or by other macros; one may use those before it."""
        bodies = _bodies(self.macros)
        spoken = set[str]().union(*(_spoken(rule.sql, bodies) for rule in rules))
        return [
            name for name in _bodies(p for p in self.macros if p.name == ONCE) if name in spoken
        ]


def load(roots: Roots) -> tuple[RuleBook, list[Problem]]:
    """As much of the book as is sound, and every problem of it."""
    tables = {n.partition("/")[2]: standard.table(roots, n) for n in standard.names(roots)}
    rules: list[Rule] = []
    problems: list[Problem] = []
    macros = tuple(roots.paths(f"{FOLDER}/*.sql").values())
    bodies = _bodies(macros)
    for path in roots.paths(f"{FOLDER}/*.toml").values():
        try:
            made = _rules(path)
        except KnowledgeError as error:
            problems += error.problems
            continue
        for rule in made:
            wrong = [*_wrong(rule, tables), *_unnamed(rule, tables, bodies)]
            problems += wrong
            rules += [] if wrong else [rule]
    for name, count in Counter(r.id for r in rules).items():
        if count > 1:
            path = next(r.path for r in reversed(rules) if r.id == name)
            cause = say(f"規則 {name} が重複", f"rule {name} comes {count} times")
            problems.append(Problem(shown(path), name, cause, say("番号を変える", "renumber one")))
    lists = {p.stem: p for p in roots.paths(f"{FOLDER}/*.csv").values()}
    ordered = tuple(sorted({r.id: r for r in rules}.values(), key=lambda r: r.id))
    return RuleBook(ordered, tables, macros, lists), problems


def _rules(path: Path) -> list[Rule]:
    facts = toml(path)
    entries = facts.pop("rule", [])
    problems = [
        Problem(shown(path), key, *unknown(say("キー", "key"), key, ["rule"])) for key in facts
    ]
    made = []
    for number, entry in enumerate(entries, 1):
        name = str(entry.get("id", number))
        problems += reserved(path, entry, ("path",), f"{name}: ")
        entry |= {kind: _examples(entry.get(kind, [])) for kind in ("passes", "fails")}
        try:
            made.append(validated(path, Rule, {**entry, "path": path}))
        except KnowledgeError as error:
            problems += [
                Problem(p.path, ": ".join(filter(None, (name, p.place))), p.cause, p.remedy)
                for p in error.problems
            ]
    insist(problems)
    return made


def _examples(written: dict[str, Any] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Examples as a noun wants them: what is neither `rows` nor `as_of` is a table."""
    own = ("rows", "as_of")
    return [
        {k: v for k, v in one.items() if k in own}
        | {"tables": {k: v for k, v in one.items() if k not in own}}
        for one in ([written] if isinstance(written, dict) else written)
    ]


def _wrong(rule: Rule, tables: dict[str, Table]) -> Iterator[Problem]:
    """What contradicts itself or the standard in one rule."""

    def wrong(cause: str, remedy: str) -> Problem:
        return Problem(shown(rule.path), rule.id, cause, remedy)

    ways = [bool(rule.sql), bool(rule.codes), bool(rule.left_out_ja and rule.left_out_en)]
    if sum(ways) != 1:
        cause = say("sql・codes・left_out_ja/en のどれか1つだけを書く",
                    "has not exactly one of sql, codes, left_out_ja with left_out_en")  # fmt: skip
        yield wrong(cause, say("1つにする", "keep one"))
    if (rule.tables == (ALL,)) != bool(rule.each) and not (rule.tables == (ALL,) and not rule.sql):
        cause = say('tables = ["*"] と each は組で書く', 'tables = ["*"] and each go together')
        yield wrong(cause, say("両方を書くか、表を挙げる", "write both, or name the tables"))
    for code in rule.codes:
        if code not in notices():
            yield wrong(*unknown(say("指摘コード", "issue code"), code, notices()))
    for name in rule.tables if rule.tables != (ALL,) else ():
        if name not in tables:
            yield wrong(*unknown(say("表", "table"), name, tables))
    yield from (wrong(*found) for found in _unknown_columns(rule.table, rule.columns, tables))
    if rule.sql and not (rule.passes and rule.fails):
        cause = say("通る例と破る例がない", "has no passing or no failing example")
        yield wrong(cause, say("[rule.passes] と [rule.fails] を書く", "write [rule.passes] and [rule.fails]"))  # fmt: skip
    for example in rule.examples:
        for name, rows in example.tables.items():
            if name not in tables:
                yield wrong(*unknown(say("表", "table"), name, tables))
            elif rule.tables != (ALL,) and name not in rule.tables:
                yield wrong(*unknown(say("この規則の表", "table of this rule"), name, rule.tables))
            named = dict.fromkeys(column for row in rows for column in row)
            yield from (wrong(*found) for found in _unknown_columns(name, named, tables))
    if any(e.rows for e in rule.passes) or not all(e.rows for e in rule.fails):
        cause = say(
            "rows は破る例にだけ書く", "rows belongs to failing examples, and to all of them"
        )
        yield wrong(cause, say("rows = [1] と書く", "write rows = [1]"))


def _bodies(macros: Iterable[Path]) -> dict[str, str]:
    """What each macro is made of, by its name."""
    text = "".join(re.sub(r"--.*", "", path.read_text(encoding="utf-8")) for path in macros)
    return dict(re.findall(r"macro (\w+)\((.*?);", text, re.S))


def _spoken(sql: str, bodies: dict[str, str]) -> set[str]:
    """Every word of SQL and of the macros that it uses."""
    words, todo = set[str](), {sql}
    while todo:
        new = set(re.findall(r"\w+", todo.pop())) - words
        words |= new
        todo |= {bodies[word] for word in new if word in bodies}
    return words


def _unnamed(rule: Rule, tables: dict[str, Table], bodies: dict[str, str]) -> Iterator[Problem]:
    """A table that the SQL reads, itself or by a macro, must be named: a rule without it is not run."""
    for name in sorted((_spoken(rule.sql, bodies) & set(tables)) - set(rule.tables)):
        cause = say(f"SQL が表 {name} を読むのに tables にない",
                    f"its SQL reads {name}, which tables does not name")  # fmt: skip
        yield Problem(shown(rule.path), rule.id, cause, say("tables に足す", "add it to tables"))


def _unknown_columns(
    name: str, columns: Iterable[str], tables: dict[str, Table]
) -> Iterator[tuple[str, str]]:
    if name in tables:
        known = tables[name].by_name
        for column in columns:
            if column not in known:
                yield unknown(
                    say("列", "column"), f"{name}.{column}", [f"{name}.{c}" for c in known]
                )


def _spelt_out(rule: Rule, tables: dict[str, Table]) -> Iterator[Rule]:
    """A rule for each table that has its columns, each history table or each date with an unknown mark.

    `{table}` is the table; `{key}` the key without its generation, `{number}` the generation and `{order}` what
    grows with it; `{column}` the date.
    """
    for name, table in tables.items():
        whole = [k for k in table.keys if not k.endswith(BRANCH)]
        number = whole[-1] if whole[-1].endswith(HISTORY) else ""
        branch = next((k for k in table.keys if k.endswith(BRANCH)), "")
        words = {
            "{table}": name,
            "{key}": ", ".join(whole[:-1]),
            "{number}": number,
            "{order}": f"({number} * 1000 + {branch})" if branch else number,
        }
        fits = rule.each == "table" and table.by_name.keys() >= set(rule.columns)
        if fits or (rule.each == "history" and number):
            columns = (number,) if rule.each == "history" else rule.columns
            yield _filled(rule, words, columns)
        elif rule.each == "unknown_date":
            for column in table.by_name:
                if f"{column}_unk_text" in table.by_name:
                    yield _filled(rule, {**words, "{column}": column}, (column,))


def _filled(rule: Rule, words: dict[str, str], columns: tuple[str, ...]) -> Rule:
    sql = rule.sql
    for word, meant in words.items():
        sql = sql.replace(word, meant)
    return rule.model_copy(update={"tables": (words["{table}"],), "columns": columns, "sql": sql})
