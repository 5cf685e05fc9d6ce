"""Layouts that a program drew up from a book: written as files, or renewed without losing what people added.

`layout.toml` is written once and never again: titles, sources, kinds and claims are people's. The CSV of a record
type is renewed; label, sensitive, note and a decided `when` of a field that keeps its name stay.
"""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.catalog.files import shown
from migrate.errors import KnowledgeError, Problem
from migrate.language import say

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.model import Field, RecordType

COLUMNS = (
    "name",
    "label",
    "start",
    "bytes",
    "type",
    "scale",
    "group",
    "times",
    "sensitive",
    "note",
)
RARE = ("form", "depends", "redefines", "when")
"""Columns that are written only where some field has them."""
KEPT = ("label", "sensitive", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a book says and a layout cannot, or that a person must decide."""

    path: Path
    line: int
    said: str
    undecided: bool = False

    def __str__(self) -> str:
        mark = "? " if self.undecided else "  "
        return f"{mark}{self.path.name}:{self.line}: {self.said}"


@dataclass(frozen=True)
class Draft:
    """What a book says of a file."""

    title: str
    source: str
    settings: dict[str, str | int]  # of layout.toml, after title and source
    records: tuple[RecordType, ...]
    findings: tuple[Finding, ...] = ()
    codes: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    """Of each record type: field, value, meaning."""


def place(root: Path, into: str) -> Path:
    """The folder of the layout `V/F`, or `layouts/legacy/V/F`, below the root.

    >>> from pathlib import Path
    >>> place(Path("work"), "asama/tax").as_posix(), place(Path("work"), "layouts/legacy/asama/tax/").as_posix()
    ('work/layouts/legacy/asama/tax', 'work/layouts/legacy/asama/tax')
    >>> place(Path("work"), "tax")
    Traceback (most recent call last):
        ...
    migrate.errors.KnowledgeError: tax: not the name of a layout; write VENDOR/FILE, in lower case
    """
    import re

    if m := re.fullmatch(
        r"(?:\./)?(?:layouts/legacy/)?([a-z][a-z0-9_]*/[a-z][a-z0-9_]*)/?", into.replace("\\", "/")
    ):
        return root / "layouts/legacy" / m[1]
    cause = say("レイアウトの名前ではない", "not the name of a layout")
    remedy = say("ベンダ/ファイル の形で、英小文字で書く", "write VENDOR/FILE, in lower case")
    raise KnowledgeError(Problem(type(root)(into), "", cause, remedy))


def write(draft: Draft, folder: Path) -> list[str]:
    """Write layout.toml and one CSV a record type; gives one line for each file and each change."""
    folder.mkdir(parents=True, exist_ok=True)
    said = []
    settled = folder / "layout.toml"
    if settled.exists():
        said.append(
            say(f"{shown(settled)}: 残した（人が書くもの）", f"{shown(settled)}: kept, it is yours")
        )
        said += _beside(settled, draft)
    else:
        _put(settled, settings(draft))
        said.append(say(f"{shown(settled)}: 新しい", f"{shown(settled)}: new"))
    for record in draft.records:
        path = folder / f"{record.name}.csv"
        rows = [_row(f) for f in record.fields]
        changes: list[str] = []
        state = say("新しい", "new")
        if path.exists():
            rows, changes = _renewed(path, rows)
            state = say("書き直した", "renewed")
        _put(path, _csv(rows))
        said.append(f"{shown(path)}: {say(f'{len(rows)} 項目', f'{len(rows)} fields')}, {state}")
        said += [f"    {change}" for change in changes]
    return said


def write_codes(draft: Draft, folder: Path) -> list[str]:
    """Write the values that a book gives for codes to `<record>.codes.csv`; gives one line for each file."""
    said = []
    for record, found in draft.codes.items():
        path = folder / f"{record}.codes.csv"
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([("field", "value", "meaning"), *found])
        _put(path, text.getvalue())
        said.append(f"{shown(path)}: {say(f'{len(found)} 値', f'{len(found)} values')}")
    return said


def settings(draft: Draft) -> str:
    """The text of layout.toml."""
    lines = [f"title = {_quoted(draft.title)}", f"source = {_quoted(draft.source)}"]
    lines += [
        f"{key} = {value if isinstance(value, int) else _quoted(value)}"
        for key, value in draft.settings.items()
    ]
    for record in draft.records:
        lines += ["", "[[record]]", f"name = {_quoted(record.name)}"]
        lines += [f"label = {_quoted(record.label)}"] * bool(record.label)
        lines += [f"kind = {_quoted(record.kind)}"] * (record.kind != "data")
        tags = [
            f"{{ at = {t.at}, is = [{', '.join(map(_quoted, t.values))}] }}"
            for t in record.tag
            if t.values
        ]
        tags += [f"{{ at = {t.at}, in = {_quoted(t.any_of)} }}" for t in record.tag if t.any_of]
        lines += [f"tag = [{', '.join(tags)}]"] * bool(tags)
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string.

    >>> _quoted('a "b"')
    '"a \\\\"b\\\\""'
    """
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _row(field: Field) -> dict[str, str]:
    plain = field.model_dump(exclude_defaults=True)
    return {
        k: "yes" if v is True else str(v) for k, v in plain.items() if v not in ("", None, False)
    }


def _csv(rows: list[dict[str, str]]) -> str:
    columns = [*COLUMNS]
    for number, name in enumerate(RARE):
        if any(row.get(name) for row in rows):
            columns.insert(len(COLUMNS) - 4 + number if name == "form" else -2, name)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _put(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.partial")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(path)


def _renewed(path: Path, rows: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[str]]:
    """The new rows with what people wrote into the old ones, and what changed."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            old = [{k: v for k, v in row.items() if k and v} for row in csv.DictReader(file)]
    except (UnicodeDecodeError, csv.Error) as error:
        cause, remedy = str(error), say("書式を直すか消す", "mend it or take it away")
        raise KnowledgeError(Problem(shown(path), "", cause, remedy)) from None
    before = {row.get("name", ""): row for row in old if row.get("type") != "filler"}
    now = {row["name"]: row for row in rows if row["type"] != "filler"}
    changes = [say(f"+ {n}: 増えた", f"+ {n}: added") for n in now if n not in before]
    changes += [say(f"- {n}: なくなった", f"- {n}: gone") for n in before if n not in now]
    _regrouped(now, before)
    blanks = {row.get("start", ""): row for row in old if row.get("type") == "filler"}
    for row in rows:
        if row["type"] == "filler" and row.get("start") in blanks:
            was = blanks[row["start"]]
            row |= {key: was[key] for key in ("label", "note") if key in was}
    for name, row in now.items():
        if name not in before:
            continue
        was = before[name]
        kept = {key: was[key] for key in KEPT if key in was}
        if was.get("type") == "kana" and row["type"] == "text":  # a person knew more than the book
            row["type"] = "kana"
        bare = {k: v for k, v in row.items() if k not in KEPT}
        row.clear()
        row.update({**bare, **kept})
        if row.get("when") == "?" and was.get("when"):
            row["when"] = was["when"]
        if "start" in was and was["start"] != row.get("start"):
            change = f"{was['start']} → {row.get('start')}"
            changes.append(say(f"~ {name}: 位置 {change}", f"~ {name}: moved {change}"))
        for key, ja in (
            ("bytes", "バイト数"),
            ("type", "型"),
            ("scale", "小数"),
            ("times", "回数"),
            ("form", "形"),
        ):
            if (a := was.get(key, "")) != (b := row.get(key, "")):
                changes.append(say(f"~ {name}: {ja} {a} → {b}", f"~ {name}: {key} {a} → {b}"))
    return rows, changes


def _regrouped(now: dict[str, dict[str, str]], before: dict[str, dict[str, str]]) -> None:
    """Give groups the names that they had, where all their fields had one and the same."""
    olds: dict[str, set[str]] = {}
    for name, row in now.items():
        if row.get("group"):
            olds.setdefault(row["group"], set()).add(before.get(name, {}).get("group", ""))
    named = {new: old.copy().pop() for new, old in olds.items() if len(old) == 1}
    for row in now.values():
        old = named.get(row.get("group", ""), "")
        if old and list(named.values()).count(old) == 1:
            row["group"] = old


def _beside(path: Path, draft: Draft) -> list[str]:
    """What layout.toml, which stays, does not say of the record types that were drawn up."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KnowledgeError(
            Problem(shown(path), "", str(error), say("書式を直す", "mend the syntax"))
        ) from None
    named = [r.get("name") for r in told.get("record", []) if isinstance(r, dict)]
    said = [
        say(
            f"    ? レコード種別 {r.name} が layout.toml にない",
            f"    ? layout.toml has no record type {r.name}",
        )
        for r in draft.records
        if r.name not in named
    ]
    drawn = {r.name for r in draft.records}
    said += [
        say(f"    ? レコード種別 {n} が帳票にない", f"    ? the book has no record type {n}")
        for n in named
        if n not in drawn
    ]
    size = draft.settings.get("record_bytes")
    if size and told.get("record_bytes") not in (None, size):
        was = told["record_bytes"]
        said.append(
            say(
                f"    ? record_bytes {was}、帳票では {size}",
                f"    ? record_bytes is {was}, the book says {size}",
            )
        )
    return said
