"""Mappings: mappings/<vendor>/<name>.toml and the crosswalks in mappings/<vendor>/codes/."""

from __future__ import annotations

import csv
import shlex
from datetime import date  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING

from pydantic import Field as Setting

from migrate.catalog import settled, standard, views
from migrate.catalog.files import Roots, line_of, rows, shown, toml, validated
from migrate.catalog.gaiji import half_signed
from migrate.catalog.settled import Written
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Crosswalk, Mapping, Noun, Recipe, Step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from migrate.model import RecordType


class _Pair(Noun):
    """One row of a crosswalk's CSV; `to` blank: blank by decision."""

    from_: str = Setting(alias="from")
    to: str = ""
    note: str = ""
    approved_by: str = ""
    approved_on: date | None = None


def load(roots: Roots, name: str) -> tuple[Mapping, list[Problem]]:
    """The mapping `<vendor>/<name>` with all that it names, and every problem of it. What is wrong is left
    out of the mapping, so that the rest can be looked at, too."""
    path = roots.find(say("マッピング", "mapping"), f"mappings/{name}.toml")
    written = validated(path, Written, toml(path))
    layout, plain = views.reads(roots, path, line_of(path, "reads"), written.reads)
    (record, unfold, lookups), problems = views.view(roots, path, written, plain)
    if written.writes not in standard.names(roots):
        found = unknown(say("表", "table"), written.writes, standard.names(roots))
        raise KnowledgeError(Problem(shown(path), line_of(path, "writes"), *found))
    table = standard.table(roots, written.writes)
    lists = standard.code_lists(roots)
    recipes: dict[str, Recipe] = {}
    for column, text in written.columns.items():
        try:
            recipes[column] = recipe(path, column, text)
        except KnowledgeError as error:
            problems += error.problems
    walks = _crosswalks(roots, path, recipes.values(), problems)
    elsewhere = views.settled_elsewhere(roots, path, written, plain)
    sides = settled.Sides(record, table, elsewhere)
    problems += settled.problems(path, written, sides, recipes)
    problems += settled.outside_lists(table, recipes.values(), walks, lists)
    problems += settled.constants(path, written, table, lists)
    wrong = {p.place.split()[-1] for p in problems if p.place and p.path == shown(path)}
    sound = {c: r for c, r in recipes.items() if c not in wrong and _whole(r, record, walks)}
    made = Mapping(
        name=name,
        path=path,
        agreed=written.agreed,
        layout=layout,
        record=record,
        table=table,
        unfold=unfold,
        lookups=lookups,
        merge_equal=written.merge_equal,
        recipes={c: r for c, r in sound.items() if c in table.by_name},
        constants={c: v for c, v in written.constants.items() if c not in wrong},
        left_empty=written.left_empty,
        carried=written.carried,
        not_migrated=written.not_migrated,
        alert_only=written.alert_only,
        skips=written.skip,
        examples=written.example,
        crosswalks=walks,
        codes={c.codes: lists[c.codes] for c in table.columns if c.codes in lists},
    )
    return made, problems


def _whole(made: Recipe, record: RecordType, walks: dict[str, Crosswalk]) -> bool:
    """Whether a recipe's fields and crosswalks are there."""
    codes = {s.args[0] for s in made.steps if s.word == "code" and s.args}
    return set(made.fields) <= set(record.read) and codes <= set(walks)


def recipe(path: Path, column: str, text: str) -> Recipe:
    """Read `field field | word argument | word`.

    >>> from pathlib import Path
    >>> recipe(Path("m.toml"), "id", "resident_no | pad 15")
    Recipe(column='id', fields=('resident_no',), steps=(Step(word='pad', args=('15',)),))
    """
    try:
        first, *rest = (shlex.split(part) for part in text.split("|"))
    except ValueError:
        first, rest = [], []
    if not first or not all(rest):
        cause = say(f"{text!r} は読めません", f"cannot read {text!r}")
        remedy = say("'項目 | 語 引数 | 語' と書く", "write 'field | word argument | word'")
        raise KnowledgeError(Problem(shown(path), line_of(path, column), cause, remedy))
    return Recipe(column, tuple(first), tuple(Step(word, tuple(args)) for word, *args in rest))


def _signed(path: Path) -> bool:
    """Whether a crosswalk's rows are approved one by one; else the whole is agreed on with the mapping."""
    with path.open(encoding="utf-8", newline="") as file:
        return not {"approved_by", "approved_on"}.isdisjoint(next(csv.reader(file), []))


def _crosswalks(
    roots: Roots, path: Path, recipes: Iterable[Recipe], problems: list[Problem]
) -> dict[str, Crosswalk]:
    """The crosswalk of every `code` step, by its name."""
    found: dict[str, Crosswalk] = {}
    vendor = path.parent.name
    for made in recipes:
        for step in made.steps:
            if step.word != "code" or not step.args or step.args[0] in found:
                continue
            try:
                file = roots.find(
                    say("コード変換表", "crosswalk"), f"mappings/{vendor}/codes/{step.args[0]}.csv"
                )
                pairs = rows(file, _Pair)
                signed = _signed(file)
            except KnowledgeError as error:
                problems += error.problems
                continue
            codes = [p.from_ for p in pairs]
            twice = say("重複しています", "comes twice"), say("1つだけ残す", "keep one")
            problems += [
                Problem(shown(file), c, *twice)
                for c in sorted({c for c in codes if codes.count(c) > 1})
            ]
            problems += [
                Problem(shown(file), p.from_, *half_signed())
                for p in pairs
                if bool(p.approved_by) != (p.approved_on is not None)
            ]
            good = {p.from_ for p in pairs if not signed or (p.approved_by and p.approved_on)}
            found[step.args[0]] = Crosswalk(
                file,
                {p.from_: p.to for p in pairs if p.from_ in good},
                {p.from_: p.to for p in pairs if p.from_ not in good},
            )
    return found
