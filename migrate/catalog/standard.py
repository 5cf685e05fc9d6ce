"""The standard side: layouts/standard/<nn_area>/ and layouts/standard/codes/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.catalog.files import Roots, rows, shown, together, toml, validated
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Area, CodeList, Column, ListEntry, Noun, Table, TableEntry

if TYPE_CHECKING:
    from pathlib import Path


class Code(Noun):
    """One row of a code list's CSV."""

    code: str
    label: str
    note: str = ""


def areas(roots: Roots) -> dict[str, Area]:
    """Every area, by the name of its folder."""
    found, problems = {}, []
    for path in roots.paths("layouts/standard/*/area.toml").values():
        try:
            area, _ = _area(path)
            found[area.name] = area
        except KnowledgeError as error:
            problems.append(error)
    together(problems)
    return dict(sorted(found.items()))


def table(roots: Roots, name: str) -> Table:
    """The table `<nn_area>/<table>`."""
    area_name, _, table_name = name.partition("/")
    path = roots.find(say("業務", "area"), f"layouts/standard/{area_name}/area.toml")
    area, entries = _area(path)
    if table_name not in entries:
        cause, remedy = unknown(say("表", "table"), table_name, entries)
        raise KnowledgeError(Problem(shown(path), "", cause, remedy))
    csv = path.parent / f"{table_name}.csv"
    columns = tuple(rows(csv, Column))
    problems = _wrong(csv, columns)
    if problems:
        raise KnowledgeError(*problems)
    entry = entries[table_name]
    return Table(**entry.model_dump(), area=area.name, path=csv, columns=columns)


def code_lists(roots: Roots) -> dict[str, CodeList]:
    """Every code list, by its id; lists that include others hold the union."""
    index = roots.find(say("コード表", "code list"), "layouts/standard/codes/index.csv")
    lists: dict[str, CodeList] = {}
    problems: list[KnowledgeError] = []
    entries = rows(index, ListEntry)
    for entry in sorted(entries, key=lambda e: bool(e.includes)):
        own = index.parent / f"{entry.id}.csv"
        try:
            labels = _labels(own) if own.exists() else {}
            for part in entry.includes.split():
                labels |= lists[part].labels if part in lists else {}
            path = own if own.exists() else index
            lists[entry.id] = CodeList(**entry.model_dump(), labels=labels, path=path)
            if lists[entry.id].closed and not labels:
                cause = say("値が1つもありません", "has no values")
                raise KnowledgeError(Problem(shown(index), entry.id, cause))
        except KnowledgeError as error:
            problems.append(error)
    for entry in entries:
        if sum(e.id == entry.id for e in entries) > 1:
            twice = say("コード表が重複", "this code list comes twice")
            problems.append(KnowledgeError(Problem(shown(index), entry.id, twice)))
    together(problems)
    return lists


def _area(path: Path) -> tuple[Area, dict[str, TableEntry]]:
    facts = toml(path)
    entries = {e.name: e for e in (validated(path, TableEntry, t) for t in facts.pop("table", []))}
    facts |= {"name": path.parent.name, "path": path, "tables": tuple(entries)}
    return validated(path, Area, facts), entries


def _labels(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    problems = []
    for row in rows(path, Code):
        if row.code in found:
            cause = say(f"コード {row.code!r} が重複", f"code {row.code!r} comes twice")
            problems.append(Problem(shown(path), row.code, cause))
        found[row.code] = row.label
    if problems:
        raise KnowledgeError(*problems)
    return found


def _wrong(path: Path, columns: tuple[Column, ...]) -> list[Problem]:
    problems = []
    names = [c.name for c in columns]
    for column in columns:
        if names.count(column.name) > 1:
            problems.append(Problem(shown(path), column.name, say("列名が重複", "comes twice")))
        if column.key and column.required != "yes":
            cause = say("主キーは必須", "a key column must be required")
            problems.append(Problem(shown(path), column.name, cause))
        if ("," in column.length) != (column.type == "9V"):
            cause = say("「整数,小数」の桁は 9V だけ", "a length of two parts belongs to 9V alone")
            problems.append(Problem(shown(path), column.name, cause))
        if column.type in ("9", "S9") and column.digits[0] > 18:
            cause = say("18桁を超える数は扱えない", "numbers beyond 18 digits are not supported")
            problems.append(Problem(shown(path), column.name, cause))
    return list(dict.fromkeys(problems))
