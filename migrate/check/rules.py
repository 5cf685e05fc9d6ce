"""Rules across columns and tables, run by DuckDB over staged Parquet: `Judge(book, files, as_of).verdicts()`.

DuckDB keeps to a limit of memory and spills beyond it; what breaks a rule is counted exactly and handed out in
batches. The rules' own examples go the same way: see trial.py.
"""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import polars as pl

from migrate.catalog.rules import Rule
from migrate.check.duck import ROW, Limits, opened, question, said
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Mapping as Dict
    from datetime import date
    from pathlib import Path

    from migrate.catalog.rules import RuleBook

AT_ONCE = 2
"""Rules that are judged at a time: while one is planned or ends, another keeps the processor busy."""
_WHOLE_ROWS = re.compile(
    r"\b(natural|columns|exclude|pivot|unpivot|describe|summarize|query)\b|\bdistinct\s+(\w+\.)?\*"
)
"""SQL that may depend on columns which it does not name."""


def needed(book: RuleBook) -> dict[str, list[str]]:
    """By table, the columns that files for a Judge need: the key, and what some macro or a rule of that table names;
    all of them, where SQL may depend on columns that it does not name."""
    shared = _spoken("\n".join(path.read_text(encoding="utf-8") for path in book.macros))
    named: dict[str, set[str]] = defaultdict(lambda: set(re.findall("[a-z0-9_]+", shared)))
    whole = bool(_WHOLE_ROWS.search(shared))
    for one in (one for rule in book.rules if rule.sql for one in book.concrete(rule)):
        spoken = _spoken(one.sql)
        whole |= bool(_WHOLE_ROWS.search(spoken))
        for name in one.tables:
            named[name].update(re.findall("[a-z0-9_]+", spoken))
    return {
        name: [c.name for c in table.columns if whole or c.key or c.name in named[name]]
        for name, table in book.tables.items()
    }


def _spoken(sql: str) -> str:
    """SQL without lines of comment."""
    return re.sub(r"(?m)^\s*--.*", "", sql).lower()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule over one table. `found` may be read while the Judge is open."""

    rule: Rule  # spelt out: `rule.table` is the table whose rows are meant
    state: Literal["kept", "broken", "not_run"]
    reason: str = ""  # why it was not run
    count: int = 0
    found: Iterable[
        pl.DataFrame
    ] = ()  # ROW, the table's key (may be personal) and what the Judge gives along


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
    along: tuple[str, ...] = ()  # columns of every file, besides the table's own

    def __enter__(self) -> Judge:
        self._own = tempfile.TemporaryDirectory(prefix="rules.", dir=self.limits.folder)
        self._duck = opened(self.book, self._own.name, self.limits, self.files)
        return self

    def __exit__(self, *_: object) -> None:
        self._duck.close()
        self._own.cleanup()

    def verdicts(self) -> Iterator[Verdict]:
        """A verdict for every rule, in order, after all are judged. Raises KnowledgeError where a rule's SQL fails
        on these rows."""
        plan = list(self._plan())
        self._prepare([rule for rule in plan if isinstance(rule, Rule)])
        with ExitStack() as opened:
            beside = ThreadPoolExecutor(AT_ONCE)
            opened.callback(beside.shutdown, cancel_futures=True)
            coming = [
                one if isinstance(one, Verdict) else (one, beside.submit(self._judged, one))
                for one in plan
            ]
            wait([one[1] for one in coming if not isinstance(one, Verdict)])
        verdicts = [one if isinstance(one, Verdict) else self._settled(*one) for one in coming]
        broken = [v.rule for v in verdicts if v.state == "broken"]
        for name in dict.fromkeys(rule.table for rule in broken):
            self._gather(name, [rule for rule in broken if rule.table == name])
        yield from verdicts

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
            with said(user):
                self._duck.execute(f'create table "once {name}" as from {name}()')
                self._duck.execute(f'create or replace macro {name}() as table from "once {name}"')

    def _judged(self, rule: Rule) -> Verdict:
        name = _place(rule)
        with said(rule), self._duck.cursor() as duck:
            sql, given = question(rule, self.as_of)
            duck.execute(f'create table "{name}" as {sql}', given)
            found = duck.execute(f'select count(*) from "{name}"').fetchone()
            count = int(found[0]) if found else 0
            if not count:
                duck.execute(f'drop table "{name}"')
                return Verdict(rule, "kept")
        return Verdict(rule, "broken", "", count, self._batches(rule))

    def _settled(self, rule: Rule, told: Future[Verdict]) -> Verdict:
        """What was found of a rule; if it had too little memory beside another, it is judged again, alone."""
        try:
            return told.result()
        except MemoryError:
            return self._judged(rule)

    def _gather(self, name: str, rules: Sequence[Rule]) -> None:
        """Read once from a table what is told of all its rows that break rules."""
        told = ", ".join((ROW, *self.book.tables[name].keys, *self.along))
        rows = " union ".join(f'select {ROW} from "{_place(rule)}"' for rule in rules)
        with said(rules[0]):
            self._duck.execute(
                f'create table "rows {name}" as select {told} from {name} where {ROW} in ({rows})'
            )

    def _batches(self, rule: Rule) -> Iterator[pl.DataFrame]:
        """The rows found, with what is told of them, in the order of the file."""
        import pyarrow as pa

        query = f'from "rows {rule.table}" semi join "{_place(rule)}" using ({ROW}) order by {ROW}'
        with said(rule), self._duck.cursor() as duck:
            for batch in pa.RecordBatchReader.from_stream(duck.sql(query)):
                yield pl.DataFrame(pl.from_arrow(batch))


def _place(rule: Rule) -> str:
    """The name of the rows that break a rule."""
    return f"found {rule.id} {rule.table} {' '.join(rule.columns)}"


def _absent(tables: Sequence[str]) -> str:
    listed = ", ".join(tables[:5]) + (" ..." if len(tables) > 5 else "")
    return say(f"表がない: {listed}", f"missing: {listed}")
