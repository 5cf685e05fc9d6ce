"""What is to be added up of a standard table: `measures(table)`. layouts/standard/totals.toml says what a table does not."""

from __future__ import annotations

from fnmatch import fnmatch
from functools import cache
from pathlib import Path  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING

import polars as pl
from pydantic import Field as Setting

from migrate.catalog.files import insist, shipped, shown, toml, validated
from migrate.errors import Problem, unknown
from migrate.language import say
from migrate.model import Name, Noun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrate.model import Table

NAME = "totals.toml"


class Measure(Noun):
    """One figure of a table's rows, or one for each value of some columns."""

    name: str  # rows, keys, sum levied, current sum levied, population ...
    label: str
    by: tuple[str, ...] = ()  # columns
    where: str = ""  # SQL; blank: all rows. {as_of}: the day of the extraction
    sum: str = ""  # the column added up; blank: rows are counted
    distinct: tuple[str, ...] = ()  # columns: rows that differ in them are counted


class _Special(Noun):
    """A measure that one table has, as it stands in totals.toml."""

    table: Name
    name: str
    label: str
    by: tuple[str, ...] = ("",)  # each: names of columns, blanks between
    where: str = ""
    distinct: tuple[Name, ...] = ()


class _Amounts(Noun):
    none: tuple[str, ...]
    by: tuple[str, ...]
    columns: dict[str, tuple[Name, ...]]


class _History(Noun):
    keys: tuple[str, ...]


class _Settings(Noun):
    current: dict[Name, str]
    amounts: _Amounts
    history: _History
    special: tuple[_Special, ...] = Setting(default=(), alias="measure")


def measures(table: Table) -> tuple[Measure, ...]:
    """Everything that is added up of a table, in the order of a list for people.

    >>> from migrate import Catalog
    >>> found = measures(Catalog().table("11_collection/rc_account"))
    >>> [m.name for m in found if not m.by][:5]
    ['rows', 'current rows', 'keys', 'sum levied', 'current sum levied']
    >>> [m.by for m in found if m.name == "current sum levied"]
    [(), ('levy_year', 'subject_code'), ('levy_year', 'subject_code', 'term')]
    """
    beside = table.path.parents[1] / NAME
    path = beside if beside.is_file() else shipped() / "layouts/standard" / NAME
    settings = _settings(path)
    insist(_wrong(path, settings, table))
    return tuple(_derived(table, settings)) + tuple(
        Measure(
            name=s.name, label=s.label, by=tuple(by.split()), where=s.where, distinct=s.distinct
        )
        for s in settings.special
        if s.table == table.name
        for by in s.by
    )


@cache
def _settings(path: Path) -> _Settings:
    return validated(path, _Settings, toml(path))


def _derived(table: Table, settings: _Settings) -> Iterator[Measure]:
    """The measures that follow from the columns."""
    columns = table.by_name
    current = [f"{n} = '{value}'" for n, value in settings.current.items() if n in columns]
    where = " and ".join(current) if len(current) == len(settings.current) else ""
    yield Measure(name="rows", label="件数")
    if where:
        yield Measure(name="current rows", label="件数（最新・未削除）", where=where)
    yield Measure(name="keys", label="主キーの件数（重複なし）", distinct=tuple(table.keys))
    for key in table.keys:
        if _named(key, settings.history.keys):
            yield Measure(name="rows", label="件数", by=(key,))
    for column in table.columns:
        if column.codes and not column.sensitive:  # how few live where is nobody's business
            yield Measure(name="rows", label="件数", by=(column.name,))
    groups = _groups(table, settings.amounts)
    for column in table.columns:
        if column.key or column.dtype == pl.String or _named(column.name, settings.amounts.none):
            continue
        name, label = f"sum {column.name}", f"{column.label}の合計"
        for by in groups:
            yield Measure(name=name, label=label, by=by, sum=column.name)
            if where:
                current_label = f"{label}（最新・未削除）"
                yield Measure(
                    name=f"current {name}", label=current_label, by=by, sum=column.name, where=where
                )


def _groups(table: Table, amounts: _Amounts) -> list[tuple[str, ...]]:
    """By which columns amounts are added up: those of the settings that the table has."""
    first = {
        role: next((n for n in names if n in table.by_name), "")
        for role, names in amounts.columns.items()
    }
    wanted = (tuple(filter(None, (first[role] for role in by.split()))) for by in amounts.by)
    return list(dict.fromkeys(wanted))


def _wrong(path: Path, settings: _Settings, table: Table) -> list[Problem]:
    """What the settings say of a table that it does not have."""
    problems = []
    for special in settings.special:
        if special.table != table.name:
            continue
        names = [*special.distinct, *(n for by in special.by for n in by.split())]
        for name in names:
            if name not in table.by_name:
                cause, remedy = unknown(say("列", "column"), name, table.by_name)
                problems.append(
                    Problem(shown(path), f"{special.table} {special.name}", cause, remedy)
                )
        try:
            none = pl.DataFrame(schema={c.name: c.dtype for c in table.columns})
            none.filter(pl.sql_expr(special.where or "true"))
        except pl.exceptions.PolarsError as error:
            cause, remedy = str(error), say("SQL を直す", "mend the SQL")
            problems.append(Problem(shown(path), f"{special.table} {special.name}", cause, remedy))
        if special.distinct and any(special.by):
            cause = say("distinct と by は一緒に使えません", "distinct and by exclude one another")
            problems.append(
                Problem(
                    shown(path),
                    f"{special.table} {special.name}",
                    cause,
                    say("どちらかを消す", "remove one"),
                )
            )
    return problems


def _named(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
