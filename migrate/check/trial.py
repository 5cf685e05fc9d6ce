"""The rules' own examples, judged: `unfit(book)` gives every rule that is wrong."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import TYPE_CHECKING

from migrate.catalog.files import shown
from migrate.check.duck import ROW, Limits, opened, question, said
from migrate.errors import KnowledgeError, Problem
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Mapping as Dict

    from migrate.catalog.rules import Rule, RuleBook, RuleExample, Value

EXAMPLE_DAY = date(2026, 4, 1)
"""The day on which examples are judged that name none."""

_IN_FORCE = {"is_latest": "1", "is_deleted": "0"}


class Trial:
    """Rules on their own examples, in tables of a few rows."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self._own = tempfile.TemporaryDirectory(prefix="rules.")
        self._duck = opened(book, self._own.name, Limits(memory="256MB", threads=1))

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
        with said(rule, in_full=True):
            self._duck.begin()
            try:
                for name, rows in example.tables.items():
                    self._fill(name, rows)
                as_of = example.as_of or EXAMPLE_DAY
                return sorted({row for one in meant for row in self._found(one, as_of)})
            finally:
                self._duck.rollback()

    def _found(self, rule: Rule, as_of: date) -> list[int]:
        sql, given = question(rule, as_of)
        with said(rule, in_full=True):
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
