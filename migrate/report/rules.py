"""Rules across columns and tables as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.catalog.files import shown
from migrate.language import say
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.catalog.rules import Rule, RuleBook, RuleExample


def listing(book: RuleBook) -> str:
    """Every rule, a line each."""
    return aligned((r.id, grade(r), judged(r), r.table, r.title) for r in book.rules)


def grade(rule: Rule) -> str:
    return {"error": say("エラー", "error"), "alert": say("アラート", "alert")}[rule.grade]


def judged(rule: Rule) -> str:
    """By what a rule is judged."""
    if rule.left_out:
        return say("対象外", "left out")
    return "SQL" if rule.sql else say("値の検査", "values")


def page(rule: Rule) -> str:
    """One rule: what, why, what to do; its tables, SQL and examples."""
    first, *others = rule.tables
    reported = say("（この表の行を報告する）", " (its rows are reported)") if rule.sql else ""
    facts = [
        (say("理由", "why"), rule.because),
        (say("対処", "remedy"), rule.remedy),
        (say("根拠", "source"), rule.source),
        (say("表", "tables"), ", ".join((first + reported, *others))),
        (say("列", "columns"), ", ".join(rule.columns)),
        (say("定義", "written in"), str(shown(rule.path))),
        (say("指摘コード", "judged by"), " ".join(rule.codes)),
        (say("判定しない理由", "left out"), rule.left_out),
    ]
    parts = [
        f"{rule.id} {grade(rule)}: {rule.title}",
        aligned([f for f in facts if f[1]], indent="  "),
    ]
    if rule.sql:
        parts += ["", *(f"    {line}" for line in rule.sql.strip().splitlines())]
    for heading, examples in (
        (say("通る例", "passes"), rule.passes),
        (say("破る例", "fails"), rule.fails),
    ):
        for example in examples:
            parts += ["", f"  {heading}", *_example(example, first)]
    return "\n".join(parts)


def _example(example: RuleExample, first: str) -> Iterator[str]:
    if example.as_of:
        yield say(f"    基準日 {example.as_of}", f"    on {example.as_of}")
    rows = []
    for name, given in example.tables.items():
        for number, row in enumerate(given, 1):
            values = "  ".join(f"{c}={v}" for c, v in row.items())
            meant = number in example.rows and first in (name, "*")
            rows.append(("→" if meant else "", name, str(number), values))
    yield aligned(rows, indent="    ")
