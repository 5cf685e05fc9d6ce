"""The standard side: layouts/standard/<nn_area>/ and layouts/standard/codes/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.catalog.files import Roots, insist, kept, reserved, rows, shown, toml, validated
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
    found: dict[str, Area] = {}
    problems: list[Problem] = []
    for path in roots.paths("layouts/standard/*/area.toml").values():
        try:
            area, _ = _area(path)
            found[area.name] = area
        except KnowledgeError as error:
            problems += error.problems
    insist(problems)
    return dict(sorted(found.items()))


def names(roots: Roots) -> list[str]:
    """Every table's `<nn_area>/<table>`."""
    return [f"{area.name}/{table}" for area in areas(roots).values() for table in area.tables]


def table(roots: Roots, name: str) -> Table:
    """The table `<nn_area>/<table>`."""
    if name not in names(roots):
        path = shown(roots.folders[0] / "layouts/standard")
        raise KnowledgeError(Problem(path, "", *unknown(say("表", "table"), name, names(roots))))
    area_name, _, table_name = name.partition("/")
    path = roots.find(say("業務", "area"), f"layouts/standard/{area_name}/area.toml")
    area, entries = _area(path)
    csv = path.parent / f"{table_name}.csv"
    columns = tuple(rows(csv, Column))
    insist(_wrong(csv, columns))
    return Table(**entries[table_name].model_dump(), area=area.name, path=csv, columns=columns)


def code_lists(roots: Roots) -> dict[str, CodeList]:
    """Every code list, by its id; lists that include others hold the union. The user's own come first."""
    lists: dict[str, CodeList] = {}
    problems: list[Problem] = []
    for root in reversed(roots.folders):
        index = root / "layouts/standard/codes/index.csv"
        if index.exists():
            try:
                problems += _add_lists(index, lists)
            except KnowledgeError as error:
                problems += error.problems
    insist(problems)
    return lists


def _add_lists(index: Path, lists: dict[str, CodeList]) -> list[Problem]:
    """Add the lists of one index; gives what is wrong with them."""
    problems: list[Problem] = []

    def wrong(place: str, cause: str, remedy: str) -> None:
        problems.append(Problem(shown(index), place, cause, remedy))

    entries = rows(index, ListEntry)
    ids = [e.id for e in entries]
    for entry in sorted(entries, key=lambda e: bool(e.includes)):
        own = index.parent / f"{entry.id}.csv"
        labels: dict[str, str] = {}
        readable = True
        if own.exists():
            try:
                labels = _labels(own)
            except KnowledgeError as error:
                problems += error.problems
                readable = False
        for part in entry.includes.split():
            if part in lists:
                labels |= lists[part].labels
            else:
                wrong(entry.id, *unknown(say("コード表", "code list"), part, lists))
        path = own if own.exists() else index
        lists[entry.id] = CodeList(**entry.model_dump(), labels=labels, path=path)
        if readable and lists[entry.id].closed and not labels and not entry.includes:
            cause = say("値が1つもありません", "has no values")
            wrong(entry.id, cause, say(f"{entry.id}.csv に書く", f"write them in {entry.id}.csv"))
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        wrong(
            twice,
            say("コード表が重複", "this code list comes twice"),
            say("1つだけ残す", "keep one"),
        )
    return problems


@kept
def _area(path: Path) -> tuple[Area, dict[str, TableEntry]]:
    facts = toml(path)
    problems = reserved(path, facts, ("name", "path", "tables"))
    entries: dict[str, TableEntry] = {}
    for entry in (validated(path, TableEntry, t) for t in facts.pop("table", [])):
        if entry.name in entries:
            cause, remedy = (
                say("表が重複", "this table comes twice"),
                say("1つだけ残す", "keep one"),
            )
            problems.append(Problem(shown(path), entry.name, cause, remedy))
        entries[entry.name] = entry
    insist(problems)
    facts |= {"name": path.parent.name, "path": path, "tables": tuple(entries)}
    return validated(path, Area, facts), entries


def _labels(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    problems = []
    for row in rows(path, Code):
        if row.code in found:
            cause = say(f"コード {row.code!r} が重複", f"code {row.code!r} comes twice")
            problems.append(Problem(shown(path), row.code, cause, say("1つだけ残す", "keep one")))
        found[row.code] = row.label
    insist(problems)
    return found


def _wrong(path: Path, columns: tuple[Column, ...]) -> list[Problem]:
    """What contradicts itself within one table."""
    problems = []

    def wrong(place: str, cause: str, remedy: str) -> None:
        problems.append(Problem(shown(path), place, cause, remedy))

    names = [c.name for c in columns]
    if not any(c.key for c in columns):
        wrong(
            "",
            say("主キーがありません", "has no key"),
            say("key に yes を書く", "write yes in key"),
        )
    for column in columns:
        if names.count(column.name) > 1:
            wrong(column.name, say("列名が重複", "comes twice"), say("名前を変える", "rename one"))
        if column.key and column.required != "yes":
            cause = say("主キーは必須", "a key column must be required")
            wrong(column.name, cause, say("required を yes に", "write yes in required"))
        if ("," in column.length) != (column.type == "9V"):
            cause = say("「整数,小数」の桁は 9V だけ", "a length of two parts belongs to 9V alone")
            wrong(column.name, cause, say("length か type を直す", "mend length or type"))
        if column.type in ("9", "S9") and column.digits[0] > 18:
            cause = say("18桁を超える数は扱えない", "numbers beyond 18 digits are not supported")
            wrong(column.name, cause, say("type を X にする", "make its type X"))
        if column.codes and column.type != "X":
            cause = say(
                f"{column.type} の列にコード表 {column.codes}",
                f"a column of {column.type} has code list {column.codes}",
            )
            wrong(
                column.name,
                cause,
                say("type を X にするか codes を消す", "make its type X or remove codes"),
            )
    return list(dict.fromkeys(problems))
