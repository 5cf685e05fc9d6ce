"""Imported columns and fields as the files that hold them; what people wrote there before is kept."""

from __future__ import annotations

import csv
import io
import json
import os
from typing import TYPE_CHECKING, TypeVar

from migrate.language import say
from migrate.model import Column, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Row = TypeVar("Row", Column, Field)

COLUMN = tuple(Column.model_fields)
FIELD = ("name", "label", "start", "bytes", "type", "scale", "group", "times", "sensitive", "note")

RARE = ("form", "depends", "redefines", "when")
"""Columns of a record type that are written only where some field has them."""

PEOPLES = ("label", "sensitive", "gaiji", "check", "references", *RARE)
"""What people decide, and a new import leaves as it was."""


def again(new: Sequence[Row], old: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """New rows with what people had written into the old ones, and what changed since then.

    >>> was = Field(name="a", label="宛名", type="digits", bytes=10, note="seen")
    >>> rows, changes = again([Field(name="a", label="ATENA", type="digits", bytes=15, sensitive=True)], [was])
    >>> rows[0].label, rows[0].bytes, rows[0].sensitive, rows[0].note
    ('宛名', 15, False, 'seen')
    >>> changes[1]
    'a: bytes 10 -> 15'
    """
    before = {row.name: row for row in old}
    rows, changes = [], []
    for row in new:
        was = before.pop(row.name, None)
        if was is None:
            if old:
                changes.append(say(f"{row.name}: 新しい", f"{row.name}: is new"))
            rows.append(row)
            continue
        keep = {name: getattr(was, name) for name in PEOPLES if name in type(row).model_fields}
        keep["note"] = was.note or row.note
        if isinstance(row, Column) and not row.codes and row.type == "X":
            keep["codes"] = was.codes
        if row.label != was.label:
            changes.append(say(f"{row.name}: ブックでは {row.label}、{was.label} のまま",
                               f"{row.name}: the workbook calls it {row.label}, kept {was.label}"))  # fmt: skip
        for name in ("type", "length", "bytes", "scale", "times", "required", "key", "codes"):
            one, other = getattr(was, name, None), keep.get(name, getattr(row, name, None))
            if one != other:
                changes.append(f"{row.name}: {name} {one!r} -> {other!r}")
        rows.append(row.model_copy(update=keep))
    changes += [
        say(f"{name}: ブックにない: 消した", f"{name}: is not in the workbook: removed")
        for name in before
    ]
    return rows, changes


def as_csv(rows: Iterable[Column] | Iterable[Field], names: Sequence[str]) -> str:
    """The text of a table's or a record type's CSV; what is blank or the default is left blank."""
    text = io.StringIO()
    every: list[Column | Field] = list(rows)
    rare = [name for name in RARE if any(getattr(row, name, "") for row in every)]
    names = [*names[:-2], *rare, *names[-2:]]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in every:
        writer.writerow([_cell(row, name) for name in names])
    return text.getvalue()


def _cell(row: Column | Field, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return "yes" if value else ""
    if name in ("scale", "times", "bytes") and value == type(row).model_fields[name].default:
        return ""
    return "" if value is None else str(value)


def layout_toml(
    title: str, source: str, settings: dict[str, str | int], records: Sequence[tuple[str, str]]
) -> str:
    """The text of a new layout.toml. Tags stay to be written where there are several record types.

    >>> print(layout_toml("住民", "p.3", {"format": "csv", "header_lines": 0}, [("resident", "住民")]))
    title = "住民"
    source = "p.3"
    format = "csv"
    header_lines = 0
    <BLANKLINE>
    [[record]]
    name = "resident"
    label = "住民"
    <BLANKLINE>
    """
    facts = {"title": title, "source": source, **settings}
    lines = [f"{name} = {_toml(value)}" for name, value in facts.items()]
    for name, label in records:
        lines += ["", "[[record]]", f"name = {_toml(name)}", f"label = {_toml(label)}"]
    return "\n".join(lines) + "\n"


def _toml(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def put(path: Path, text: str) -> None:
    """Write a file beside its final name, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
