"""Mappings: mappings/<vendor>/<name>.toml and the crosswalks in mappings/<vendor>/codes/."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pydantic import Field as Setting

from migrate.catalog import legacy, standard
from migrate.catalog.files import Roots, line_of, rows, shown, together, toml, validated
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Crosswalk, Example, Mapping, Noun, Recipe, Skip, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from migrate.model import CodeList, RecordType, Table

Found = tuple[str, str, str]
"""A key of the mapping's file, what is wrong with it, what to do."""

RUN = ("city",)
"""What a constant may take from the run: `city_code = "{city}"`."""


class _Written(Noun):
    """A mapping as its TOML file has it."""

    reads: str
    writes: str
    agreed: str
    columns: dict[str, str]
    constants: dict[str, str] = Setting(default={})
    left_empty: dict[str, str] = Setting(default={})
    carried: dict[str, str] = Setting(default={})
    not_migrated: dict[str, str] = Setting(default={})
    alert_only: dict[str, str] = Setting(default={})
    skip: tuple[Skip, ...] = ()
    example: tuple[Example, ...] = Setting(default=())


class _Pair(Noun):
    """One row of a crosswalk's CSV; `to` blank: blank by decision."""

    from_: str = Setting(alias="from")
    to: str = ""
    note: str = ""


def load(roots: Roots, name: str) -> Mapping:
    """The mapping `<vendor>/<name>` with all that it names, every column and field settled."""
    path = roots.find(say("マッピング", "mapping"), f"mappings/{name}.toml")
    written = validated(path, _Written, toml(path))
    layout_name, _, record_name = written.reads.partition(" ")
    layout = legacy.load(roots, layout_name)
    table = standard.table(roots, written.writes)
    if record_name not in layout.types:
        cause, remedy = unknown(say("レコード種別", "record type"), record_name, layout.types)
        raise KnowledgeError(Problem(shown(path), line_of(path, "reads"), cause, remedy))
    record = layout.types[record_name]
    lists = standard.code_lists(roots)
    problems: list[KnowledgeError] = []
    recipes: dict[str, Recipe] = {}
    for column, text in written.columns.items():
        try:
            recipes[column] = recipe(path, column, text)
        except KnowledgeError as error:
            problems.append(error)
    problems += _unsettled(path, written, (table, record), recipes)
    walks = _crosswalks(roots, path, recipes.values(), problems)
    problems += _outside_lists(table, recipes.values(), walks, lists)
    problems += _constants(path, written, table, lists)
    together(problems)
    return Mapping(
        name=name,
        path=path,
        agreed=written.agreed,
        layout=layout,
        record=record,
        table=table,
        recipes=recipes,
        constants=written.constants,
        left_empty=written.left_empty,
        carried=written.carried,
        not_migrated=written.not_migrated,
        alert_only=written.alert_only,
        skips=written.skip,
        examples=written.example,
        crosswalks=walks,
        codes={c.codes: lists[c.codes] for c in table.columns if c.codes in lists},
    )


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


def _unsettled(
    path: Path, written: _Written, sides: tuple[Table, RecordType], recipes: dict[str, Recipe]
) -> Iterator[KnowledgeError]:
    """Each column is made, constant or empty for a reason, once; no field is lost in silence."""
    table, record = sides
    found = [
        *_columns(written, table),
        *_fields(written, record, recipes),
        *_examples(written, table, record),
    ]
    for place, cause, remedy in found:
        yield KnowledgeError(Problem(shown(path), line_of(path, place), cause, remedy))


def _columns(written: _Written, table: Table) -> Iterator[Found]:
    columns = table.by_name
    said = [*written.columns, *written.constants, *written.left_empty]
    for name in [*dict.fromkeys(said), *written.alert_only]:
        if name not in columns:
            yield name, *unknown(say(f"{table.name} に列", f"{table.name} has"), name, columns)
        elif said.count(name) > 1:
            yield name, say("2度書かれています", "is settled twice"), say("1つだけ残す", "keep one")
    for name, column in columns.items():
        if name not in said:
            yield (
                name,
                say(f"列 {name} の扱いが決まっていません", f"column {name} is not settled"),
                say(
                    "[columns] に作り方か [left_empty] に理由を書く",
                    "map it in [columns] or give a reason in [left_empty]",
                ),
            )
        elif name in written.left_empty and column.required == "yes":
            yield (
                name,
                say("必須の列は空にできません", "a required column may not be left empty"),
                say("[columns] か [constants] で埋める", "fill it in [columns] or [constants]"),
            )


def _fields(written: _Written, record: RecordType, recipes: dict[str, Recipe]) -> Iterator[Found]:
    kind = say("項目", "field")
    used = {f for r in recipes.values() for f in r.fields}
    for made in recipes.values():
        for name in [n for n in made.fields if n not in record.read]:
            yield made.column, *unknown(kind, name, record.read)
    for name in (*written.carried, *written.not_migrated):
        if name not in record.read:
            yield name, *unknown(kind, name, record.read)
        elif name in written.not_migrated and (name in used or name in written.carried):
            cause = say(
                "移行しないと書きながら使っています", "is said not to be migrated, yet it is used"
            )
            yield name, cause, say("どちらかを消す", "remove one of the two")
    for name in record.read:
        if name not in used and name not in written.carried and name not in written.not_migrated:
            yield (
                name,
                say(f"項目 {name} の扱いが決まっていません", f"field {name} is not settled"),
                say(
                    "[columns] で読むか [carried] か [not_migrated] に理由を書く",
                    "read it, or give a reason in [carried] or [not_migrated]",
                ),
            )


def _examples(written: _Written, table: Table, record: RecordType) -> Iterator[Found]:
    for number, example in enumerate(written.example, 1):
        for name in [n for n in example.given if n not in record.read]:
            yield f"example {number}: given", *unknown(say("項目", "field"), name, record.read)
        for name in [n for n in example.expect if n not in table.by_name]:
            yield f"example {number}: expect", *unknown(say("列", "column"), name, table.by_name)


def _crosswalks(
    roots: Roots, path: Path, recipes: Iterable[Recipe], problems: list[KnowledgeError]
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
            except KnowledgeError as error:
                problems.append(error)
                continue
            codes = [p.from_ for p in pairs]
            problems += [
                KnowledgeError(Problem(shown(file), c, say("重複しています", "comes twice")))
                for c in sorted({c for c in codes if codes.count(c) > 1})
            ]
            found[step.args[0]] = Crosswalk(file, {p.from_: p.to for p in pairs})
    return found


def _outside_lists(
    table: Table,
    recipes: Iterable[Recipe],
    walks: dict[str, Crosswalk],
    lists: dict[str, CodeList],
) -> Iterator[KnowledgeError]:
    """Crosswalk targets that the column's code list does not have."""
    for made in recipes:
        column = table.by_name.get(made.column)
        last = made.steps[-1] if made.steps else Step("")
        if column is None or last.word != "code" or not last.args or last.args[0] not in walks:
            continue
        allowed = lists.get(column.codes)
        walk = walks[last.args[0]]
        for given, wanted in walk.pairs.items():
            if wanted and allowed and allowed.closed and wanted not in allowed.labels:
                cause, remedy = unknown(
                    say(f"コード表 {allowed.id} に", f"{allowed.id} has"), wanted, allowed.labels
                )
                yield KnowledgeError(Problem(shown(walk.path), f"from {given}", cause, remedy))


def _constants(
    path: Path, written: _Written, table: Table, lists: dict[str, CodeList]
) -> Iterator[KnowledgeError]:
    for name, value in written.constants.items():
        column = table.by_name.get(name)
        allowed = lists.get(column.codes) if column else None
        if value.startswith("{") and value.strip("{}") not in RUN:
            cause, remedy = unknown(say("実行時の値", "value of the run"), value.strip("{}"), RUN)
            yield KnowledgeError(Problem(shown(path), line_of(path, name), cause, remedy))
        elif allowed and allowed.closed and value not in allowed.labels:
            cause, remedy = unknown(
                say(f"{allowed.id} に", f"{allowed.id} has"), value, allowed.labels
            )
            yield KnowledgeError(Problem(shown(path), line_of(path, name), cause, remedy))
