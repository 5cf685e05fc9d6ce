"""Rows as fields: names, labels, conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from migrate.catalog.copybook.names import labelled, prefix, snake
from migrate.catalog.copybook.select import absent
from migrate.catalog.copybook.source import wrong
from migrate.language import say
from migrate.model import Field

if TYPE_CHECKING:
    from migrate.catalog.copybook.flat import Group, Row
    from migrate.catalog.copybook.select import Selection
    from migrate.catalog.copybook.source import Reading
    from migrate.catalog.copybook.tree import Node

Codes = tuple[tuple[str, str, str], ...]


def fields(
    rows: list[Row], conditions: tuple[Selection, ...], reading: Reading, longest: int
) -> tuple[list[Field], Codes]:
    """The fields of one record type, filled up to the longest record; and what its level 88 say of values."""
    stripped = _prefixes(rows)
    names = _names(rows, stripped, reading)
    groups = _groups(rows, stripped)
    by_data_name: dict[str, str] = {}
    for row in rows:
        if row.node and not row.filler:
            by_data_name.setdefault(row.node.item.name.upper(), names[row])
    made, codes = [], []
    for row in rows:
        facts: dict[str, object] = {"name": names[row], "start": row.start, "bytes": row.bytes}
        facts |= _repeated(row, groups, by_data_name, reading)
        facts |= {"redefines": names[row.over]} if row.over else {}
        facts |= _when(row, conditions, by_data_name, reading)
        if row.group and (facts.get("when") or facts.get("redefines")) and facts.pop("depends", ""):
            item = row.group.node.item
            reading.ask(
                item.path,
                item.line,
                f"{item.said}: 再定義の中の DEPENDING ON は書けない。いつも {item.times} 回とした",
                f"{item.said}: DEPENDING ON inside a redefinition: taken as {item.times} times",
            )
        facts |= _meaning(row)
        made.append(_field(row, facts))
        if row.node and row.suffix in ("", "_1"):
            codes += [(names[row], value, meaning) for value, meaning in row.node.item.codes]
    end = max(
        (r.start + r.bytes * (r.group.node.item.times if r.group else 1) for r in rows), default=1
    )
    last = rows[-1]
    if last.group:
        end = max(end, last.group.start + last.group.node.whole)
    if end - 1 < longest:
        made.append(
            Field(name="reserve", label="予備", start=end, bytes=longest - end + 1, type="filler")
        )
    return made, tuple(codes)


def _field(row: Row, facts: dict[str, object]) -> Field:
    try:
        return Field.model_validate(facts)
    except ValidationError as error:
        item = (row.node or row.scope).item
        first = error.errors()[0]
        cause = f"{item.said}: {first['loc'][0]} {first['input']!r}: {first['msg']}"
        raise wrong(item.path, item.line, cause, say("項目を直す", "mend the item")) from None


def _meaning(row: Row) -> dict[str, object]:
    """Type, label and note."""
    if row.node is None:
        return {
            "label": "予備",
            "type": "filler",
            "note": say("再定義の残り", "left by a redefinition"),
        }
    item, shape = row.node.item, row.node.shape
    if row.filler or shape is None:
        label, note = labelled(item.comment, item.remark, "")
        return {"label": label or "予備", "type": "filler", "note": note}
    label, note = labelled(item.comment, item.remark, item.name)
    told = " ".join(f"{value}={meaning}" for value, meaning in item.codes)
    note = "。".join(filter(None, (note, *item.notes, told)))
    return {
        "label": label, "note": note, "type": shape.type, "scale": shape.scale, "form": shape.form, "sensitive": "yes"
    }  # fmt: skip


def _repeated(
    row: Row, groups: dict[Group, str], by_data_name: dict[str, str], reading: Reading
) -> dict[str, object]:
    if row.group is None:
        return {}
    item = row.group.node.item
    facts: dict[str, object] = {"group": groups[row.group], "times": item.times}
    if item.depends:
        counter = by_data_name.get(item.depends.upper())
        if counter is None:
            reading.ask(
                item.path,
                item.line,
                f"{item.said}: DEPENDING ON {item.depends} がレコードの中にない。いつも {item.times} 回とした",
                f"{item.said}: DEPENDING ON {item.depends}, which is not in the record: taken as {item.times} times",
            )
        else:
            facts["depends"] = counter
    return facts


def _when(
    row: Row, conditions: tuple[Selection, ...], by_data_name: dict[str, str], reading: Reading
) -> dict[str, object]:
    """The condition under which the bytes are this field. Of nested redefinitions the innermost counts."""
    for node in reversed(row.of):
        name = node.item.name.upper()
        for condition in conditions:
            if name in condition.items:
                field = by_data_name.get(condition.field.upper())
                if field is None:
                    raise absent(
                        condition.text, ("項目", "field"), condition.field, sorted(by_data_name)
                    )
                return {"when": f"{field} = {' '.join(condition.items[name])}"}
        if node.item.redefines:
            item = node.item
            reading.ask(
                item.path,
                item.line,
                f"{item.said} が {item.redefines} を再定義する条件が決まっていない（--when、または when を書く）",
                f"{item.said} redefines {item.redefines}, nobody said when (--when, or write it into `when`)",
            )
            return {"when": "?"}
    return {}


def _prefixes(rows: list[Row]) -> dict[Node, str]:
    """What the names of each scope, a record or a selected redefinition, have in common."""
    scopes = list(dict.fromkeys(r.scope for r in rows))
    inner = {r.scope for r in rows}
    found = {}
    for scope in scopes:
        names = [n.item.name for n in _within(scope, inner)]
        found[scope] = prefix(names or [scope.item.name], scope.item.name if names else "")
    return found


def _within(scope: Node, inner: set[Node]) -> list[Node]:
    """The nodes of a scope; of an area that another scope took over only the one that is redefined."""
    if not scope.areas:
        return [scope]
    made: list[Node] = []
    for area in scope.areas:
        taken = any(node in inner for node in area.nodes)
        for number, node in enumerate(area.nodes):
            if not taken:
                made += [node, *(_within(node, inner) if node.areas else [])]
            elif not number:
                made.append(node)
    return made


def _names(rows: list[Row], stripped: dict[Node, str], reading: Reading) -> dict[Row, str]:
    """A name for every row: alone in its record, fillers aside."""
    bare: dict[Row, str] = {}
    number = 0
    for row in rows:
        number += not row.filler
        if row.node is None or row.filler:
            bare[row] = "reserve"
            continue
        own = snake(row.node.item.name, stripped[row.scope])
        bare[row] = (own or f"f_{number:03}") + row.suffix
    made: dict[Row, str] = {}
    taken: set[str] = set()
    over = {row.over for row in rows if row.over}
    for row in rows:
        name = bare[row]
        if row.filler:
            made[row] = f"reserve_{row.start}" if row in over else name
            continue
        if name in taken:
            parent = next(
                (p for p in reversed(row.parents) if p.item.name and p is not row.scope), None
            )
            longer = snake(parent.item.name, stripped[row.scope]) if parent else ""
            name = f"{longer}_{name}" if longer else name
            plain, again = name, 2
            while name in taken:
                name, again = f"{plain}_{again}", again + 1
            item = row.node.item if row.node else row.scope.item
            reading.note(
                item.path,
                item.line,
                f"{item.said} が2度ある。{name} とした",
                f"{item.said} comes twice: named {name}",
            )
        taken.add(name)
        made[row] = name
    return made


def _groups(rows: list[Row], stripped: dict[Node, str]) -> dict[Group, str]:
    """A name for every group that repeats."""
    made: dict[Group, str] = {}
    for row in rows:
        group = row.group
        if group is None or group in made:
            continue
        name = (
            snake(group.node.item.name, stripped[row.scope]) or f"group_{group.start}"
        ) + group.suffix
        plain, again = name, 2
        while name in made.values():
            name, again = f"{plain}_{again}", again + 1
        made[group] = name
    return made
