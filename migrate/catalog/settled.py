"""Whether a mapping settles everything: each column, each field, each code, once and with a reason."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Annotated, NamedTuple

import polars as pl
from pydantic import BeforeValidator
from pydantic import Field as Setting

from migrate.catalog.files import line_of, shown
from migrate.errors import Problem, unknown
from migrate.language import say
from migrate.model import Example, Noun, Recipe, Skip, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from migrate.model import CodeList, Crosswalk, RecordType, Table

    Found = Iterator[tuple[str, str, str]]  # a key of the mapping's file, what is wrong, what to do

RUN = ("city",)
"""What a constant may take from the run: `city_code = "{city}"`."""


def _one_by_one(reasons: object) -> object:
    """`"a b" = "why"` is one reason for a and b."""
    if not isinstance(reasons, dict):
        return reasons
    pairs = [(name, why) for names, why in reasons.items() for name in names.split()]
    twice = [name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1]
    if twice:
        raise ValueError(f"{twice[0]}: " + say("2度書かれています", "comes twice"))
    return dict(pairs)


Reasons = Annotated[dict[str, str], BeforeValidator(_one_by_one)]


class Partner(Noun):
    """A [[lookup]] as it is written."""

    from_: Annotated[str, Setting(alias="from")]
    on: dict[str, str]
    where: str = ""
    take: dict[str, str]
    missing: str = ""


class Written(Noun):
    """A mapping as its TOML file has it."""

    reads: str
    writes: str
    agreed: str
    unfold: str | tuple[dict[str, str], ...] = ()
    merge_equal: str = ""
    columns: dict[str, str]
    constants: dict[str, str] = Setting(default={})
    left_empty: Reasons = Setting(default={})
    carried: Reasons = Setting(default={})
    not_migrated: Reasons = Setting(default={})
    alert_only: Reasons = Setting(default={})
    lookup: tuple[Partner, ...] = ()
    skip: tuple[Skip, ...] = ()
    example: tuple[Example, ...] = Setting(default=())


class Sides(NamedTuple):
    """What a mapping lies between."""

    record: RecordType  # with the fields that the mapping adds
    table: Table
    elsewhere: set[str]  # fields that this mapping's unfold and lookups, or other mappings, use


def problems(
    path: Path, written: Written, sides: Sides, recipes: dict[str, Recipe]
) -> list[Problem]:
    """Columns and fields that are not settled, or settled twice, or not there."""
    record, table, elsewhere = sides
    found = [
        *_columns(written, table),
        *_fields(written, record, recipes, elsewhere),
        *_examples(written, table, record),
    ]
    return [
        Problem(shown(path), line_of(path, place), cause, remedy) for place, cause, remedy in found
    ]


def _columns(written: Written, table: Table) -> Found:
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


def _fields(
    written: Written, record: RecordType, recipes: dict[str, Recipe], elsewhere: set[str]
) -> Found:
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
    settled = used | elsewhere | set(written.carried) | set(written.not_migrated)
    for name in record.read:
        if name not in settled:
            yield (
                name,
                say(f"項目 {name} の扱いが決まっていません", f"field {name} is not settled"),
                say(
                    "[columns] で読むか [carried] か [not_migrated] に理由を書く",
                    "read it, or give a reason in [carried] or [not_migrated]",
                ),
            )


def _examples(written: Written, table: Table, record: RecordType) -> Found:
    for number, example in enumerate(written.example, 1):
        for name in [n for n in example.given if n not in record.read]:
            yield f"example {number}: given", *unknown(say("項目", "field"), name, record.read)
        for name in [n for n in example.expect if n not in table.by_name]:
            yield f"example {number}: expect", *unknown(say("列", "column"), name, table.by_name)


def outside_lists(
    table: Table,
    recipes: Iterable[Recipe],
    walks: dict[str, Crosswalk],
    lists: dict[str, CodeList],
) -> Iterator[Problem]:
    """Crosswalk targets that the column's code list does not have."""
    for made in recipes:
        column = table.by_name.get(made.column)
        last = made.steps[-1] if made.steps else Step("")
        if column is None or last.word != "code" or not last.args or last.args[0] not in walks:
            continue
        allowed = lists.get(column.codes)
        walk = walks[last.args[0]]
        for given, wanted in {**walk.pairs, **walk.proposed}.items():
            if wanted and allowed and allowed.closed and wanted not in allowed.labels:
                kind = say(f"コード表 {allowed.id} に", f"{allowed.id} has")
                found = unknown(kind, wanted, allowed.labels)
                yield Problem(shown(walk.path), f"from {given}", *found)


def constants(
    path: Path, written: Written, table: Table, lists: dict[str, CodeList]
) -> Iterator[Problem]:
    """Constants that the run, the code list or the column cannot take."""
    for name, value in written.constants.items():
        column = table.by_name.get(name)
        if column is None:
            continue
        for cause, remedy in _wrong_constant(value, column.dtype, lists.get(column.codes)):
            yield Problem(shown(path), line_of(path, name), cause, remedy)


def _wrong_constant(
    value: str, dtype: pl.DataType, allowed: CodeList | None
) -> Iterator[tuple[str, str]]:
    try:
        taken = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
    except ValueError:
        cause = say(f"{value!r} は読めません", f"cannot read {value!r}")
        yield cause, say("実行時の値は {city} と書く", "write a value of the run as {city}")
        return
    for name in taken:
        if name not in RUN:
            yield unknown(say("実行時の値", "value of the run"), name, RUN)
    if taken:
        return
    if allowed and allowed.closed and value not in allowed.labels:
        yield unknown(say(f"{allowed.id} に", f"{allowed.id} has"), value, allowed.labels)
    if pl.select(pl.lit(value).cast(dtype, strict=False)).item() is None:
        cause = say(f"{value!r} は数ではありません", f"{value!r} is not a number")
        yield cause, say("数を書く", "write a number")
