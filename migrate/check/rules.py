"""Rules across columns and tables, run by DuckDB over staged Parquet: `Judge(book, files, as_of).verdicts()`.

DuckDB keeps to a limit of memory and spills beyond it; what breaks a rule is counted exactly and handed out in
batches. The rules' own examples go the same way: `unfit(book)`.
"""

from __future__ import annotations

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl

from migrate.catalog.files import shown
from migrate.catalog.rules import Rule
from migrate.errors import KnowledgeError, Problem
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Mapping as Dict
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from migrate.catalog.rules import RuleBook, RuleExample, Value
    from migrate.model import Column

ROW = "_row"
"""The 1-based number of a row in its table's file."""

AT_ONCE = 2
"""Rules that are judged at a time: while one is planned or ends, another keeps the processor busy."""
EXAMPLE_DAY = date(2026, 4, 1)
"""The day on which examples are judged that name none."""

_WHOLE_ROWS = re.compile(
    r"\b(natural|columns|exclude|pivot|unpivot|describe|summarize|query)\b|\bdistinct\s+(\w+\.)?\*"
)
"""SQL that may depend on columns which it does not name."""

_IN_FORCE = {"is_latest": "1", "is_deleted": "0"}


def needed(book: RuleBook) -> dict[str, list[str]]:
    """By table, the columns that files for a Judge need: the key, and what some rule or macro names; all of them,
    where SQL may depend on columns that it does not name."""
    texts = [path.read_text(encoding="utf-8") for path in book.macros]
    texts += [one.sql for rule in book.rules if rule.sql for one in book.concrete(rule)]
    spoken = re.sub(r"(?m)^\s*--.*", "", "\n".join(texts)).lower()  # without lines of comment
    named = set(re.findall("[a-z0-9_]+", spoken))
    whole = bool(_WHOLE_ROWS.search(spoken))
    return {
        name: [c.name for c in table.columns if whole or c.key or c.name in named]
        for name, table in book.tables.items()
    }


class Limits(NamedTuple):
    """What DuckDB may use. Spilled files hold personal values: `folder` must be as private as the rows."""

    folder: Path | None = None  # None: a folder of its own, removed afterwards
    memory: str = "1GB"
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule over one table. `found` may be read while the Judge is open."""

    rule: Rule  # spelt out: `rule.table` is the table whose rows are meant
    state: Literal["kept", "broken", "not_run"]
    reason: str = ""  # why it was not run
    count: int = 0
    found: Iterable[pl.DataFrame] = ()  # ROW and the table's key; keys may be personal


@dataclass
class Judge:
    """Every rule over the files of one municipality: `files` has the staged Parquet of each table.

    Rules with `codes` are judged value by value, by Checker, and have no verdict here. Of a rule that is written
    for each of many tables there is a verdict for each table that is there.
    """

    book: RuleBook
    files: Dict[str, Sequence[Path]]
    as_of: date
    limits: Limits = field(default_factory=Limits)

    def __enter__(self) -> Judge:
        self._own = tempfile.TemporaryDirectory(prefix="rules.", dir=self.limits.folder)
        self._duck = _opened(self.book, self._own.name, self.limits, self.files)
        return self

    def __exit__(self, *_: object) -> None:
        self._duck.close()
        self._own.cleanup()

    def verdicts(self) -> Iterator[Verdict]:
        """A verdict for every rule, in order; some are judged beside others. Raises KnowledgeError where a rule's
        SQL fails on these rows."""
        plan = list(self._plan())
        self._prepare([rule for rule in plan if isinstance(rule, Rule)])
        with ExitStack() as opened:
            beside = ThreadPoolExecutor(AT_ONCE)
            opened.callback(beside.shutdown, cancel_futures=True)
            coming = [
                one if isinstance(one, Verdict) else beside.submit(self._judged, one)
                for one in plan
            ]
            for verdict in coming:
                yield verdict if isinstance(verdict, Verdict) else verdict.result()

    def _plan(self) -> Iterator[Rule | Verdict]:
        """Every rule that is run, spelt out, and the verdict of every other."""
        for rule in self.book.rules:
            if rule.left_out:
                yield Verdict(rule, "not_run", rule.left_out)
            elif rule.sql:
                meant = self.book.concrete(rule)
                there = [one for one in meant if set(one.tables) <= set(self.files)]
                yield from there
                if not there:
                    absent = sorted({t for one in meant for t in one.tables} - set(self.files))
                    yield Verdict(rule, "not_run", _absent(absent))

    def _prepare(self, rules: Sequence[Rule]) -> None:
        """Make the rows of the macros that are made once."""
        for name in self.book.once(rules):
            user = next(rule for rule in rules if self.book.once([rule]).count(name))
            with _said(user):
                self._duck.execute(f'create table "once {name}" as from {name}()')
                self._duck.execute(f'create or replace macro {name}() as table from "once {name}"')

    def _judged(self, rule: Rule) -> Verdict:
        name = f"found {rule.id} {rule.table} {' '.join(rule.columns)}"
        with _said(rule), self._duck.cursor() as duck:
            sql, given = _question(rule, self.as_of)
            duck.execute(f'create table "{name}" as {sql}', given)
            found = duck.execute(f'select count(*) from "{name}"').fetchone()
            count = int(found[0]) if found else 0
            if not count:
                duck.execute(f'drop table "{name}"')
                return Verdict(rule, "kept")
        return Verdict(rule, "broken", "", count, self._batches(rule, name))

    def _batches(self, rule: Rule, name: str) -> Iterator[pl.DataFrame]:
        """The rows found, with their keys, in the order of the file."""
        import pyarrow as pa

        keys = ", ".join(f"t.{k}" for k in self.book.tables[rule.table].keys)
        query = (
            f'select f.{ROW}, {keys} from "{name}" f '
            f"left join {rule.table} t on t.{ROW} = f.{ROW} order by f.{ROW}"
        )
        with _said(rule), self._duck.cursor() as duck:
            for batch in pa.RecordBatchReader.from_stream(duck.sql(query)):
                yield pl.DataFrame(pl.from_arrow(batch))


class Trial:
    """Rules on their own examples, in tables of a few rows."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self._own = tempfile.TemporaryDirectory(prefix="rules.")
        self._duck = _opened(book, self._own.name, Limits(memory="256MB", threads=1))

    def __enter__(self) -> Trial:
        return self

    def __exit__(self, *_: object) -> None:
        self._duck.close()
        self._own.cleanup()

    def bind(self, rule: Rule) -> None:
        """Run every form of a rule's SQL over no rows. Raises KnowledgeError with what DuckDB says."""
        for one in self.book.concrete(rule):
            self._found(one, EXAMPLE_DAY)

    def rows(self, rule: Rule, example: RuleExample) -> list[int]:
        """The rows of the first table that a rule reports of an example."""
        meant = [r for r in self.book.concrete(rule) if r.table in example.tables or not rule.each]
        with _said(rule, in_full=True):
            self._duck.begin()
            try:
                for name, rows in example.tables.items():
                    self._fill(name, rows)
                as_of = example.as_of or EXAMPLE_DAY
                return sorted({row for one in meant for row in self._found(one, as_of)})
            finally:
                self._duck.rollback()

    def _found(self, rule: Rule, as_of: date) -> list[int]:
        sql, given = _question(rule, as_of)
        with _said(rule, in_full=True):
            return [row for (row,) in self._duck.execute(sql, given).fetchall()]

    def _fill(self, name: str, rows: Sequence[Dict[str, Value]]) -> None:
        marks = {k: v for k, v in _IN_FORCE.items() if k in self.book.tables[name].by_name}
        filled = [{ROW: number, **marks, **row} for number, row in enumerate(rows, 1)]
        columns = list(dict.fromkeys(column for row in filled for column in row))
        places = ", ".join(f"({', '.join('?' * len(columns))})" for _ in filled)
        if filled:
            into = f"insert into {name} ({', '.join(columns)}) values {places}"
            self._duck.execute(into, [row.get(c) for row in filled for c in columns])


def unfit(book: RuleBook) -> list[Problem]:
    """Every rule that DuckDB refuses or that fails one of its own examples."""
    problems: list[Problem] = []
    judged = [rule for rule in book.rules if rule.sql]
    if not judged:
        return problems
    try:
        with Trial(book) as trial:
            for rule in judged:
                problems += _unfit(trial, rule)
    except KnowledgeError as error:  # a macro
        problems += error.problems
    return problems


def _unfit(trial: Trial, rule: Rule) -> Iterator[Problem]:
    """What is wrong with one rule."""
    try:
        if rule.each:  # its examples show one or two of its tables
            trial.bind(rule)
        for kind, examples in (("passes", rule.passes), ("fails", rule.fails)):
            for number, example in enumerate(examples, 1):
                rows = trial.rows(rule, example)
                if rows != sorted(example.rows):
                    cause = say(f"報告する行は {rows}、期待は {sorted(example.rows)}",
                                f"reports rows {rows}, expected {sorted(example.rows)}")  # fmt: skip
                    remedy = say("SQL か例を直す", "mend the SQL or the example")
                    yield Problem(shown(rule.path), f"{rule.id}: {kind} {number}", cause, remedy)
    except KnowledgeError as error:
        yield from error.problems


def _opened(
    book: RuleBook, folder: str, limits: Limits, files: Dict[str, Sequence[Path]] | None = None
) -> DuckDBPyConnection:
    """A DuckDB of our own, without extensions from elsewhere, with the book's tables, lists and macros.

    A table without files is empty: macros need it. No rule that names it is run (see `verdicts`).
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": limits.memory,
        "temp_directory": folder,
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if limits.threads:
        settings["threads"] = limits.threads
    duck = duckdb.connect(config=settings)
    for name, path in book.lists.items():
        duck.execute(f"create table {name} as from read_csv({_quoted(str(path))}, header = true)")
    for name, table in book.tables.items():
        paths = (files or {}).get(name)
        if paths is None:
            columns = "".join(f", {c.name} {_type(c)}" for c in table.columns)
            duck.execute(f"create table {name} ({ROW} uinteger{columns})")
        else:
            listed = ", ".join(_quoted(str(p)) for p in paths)
            duck.execute(f"create view {name} as from read_parquet([{listed}])")
    for path in book.macros:
        try:
            duck.execute(path.read_text(encoding="utf-8"))
        except duckdb.Error as error:
            raise KnowledgeError(_refused(path, "", error, in_full=True)) from None
    return duck


def _question(rule: Rule, as_of: date) -> tuple[str, dict[str, date]]:
    """The SQL that gives the numbers of the rows which break a rule, each once; and its parameters."""
    sql = f"select distinct {ROW} from (\n{rule.sql}\n) where {ROW} is not null"
    return sql, {"as_of": as_of} if "$as_of" in rule.sql else {}


def _type(column: Column) -> str:
    if column.type == "9V":
        whole, fraction = column.digits
        return f"decimal({whole + fraction}, {fraction})"
    return "bigint" if column.type in ("9", "S9") else "varchar"


@contextmanager
def _said(rule: Rule, *, in_full: bool = False) -> Iterator[None]:
    """DuckDB's errors as ours. Its words may quote a personal value: `in_full` is for examples only."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MemoryError(rule.id) from error
    except duckdb.IOException as error:
        raise OSError(rule.id, str(error)) from error
    except duckdb.Error as error:
        place = f"{rule.id} ({rule.table})"
        raise KnowledgeError(_refused(rule.path, place, error, in_full=in_full)) from None


def _refused(path: Path, place: str, error: Exception, *, in_full: bool) -> Problem:
    words = f": {error}" if in_full else ""
    cause = say(f"DuckDB が実行できない ({type(error).__name__}){words}",
                f"DuckDB refuses it ({type(error).__name__}){words}")  # fmt: skip
    return Problem(shown(path), place, cause, say("SQL を直す", "mend the SQL"))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _absent(tables: Sequence[str]) -> str:
    listed = ", ".join(tables[:5]) + (" ..." if len(tables) > 5 else "")
    return say(f"表がない: {listed}", f"missing: {listed}")
