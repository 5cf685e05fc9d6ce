"""A layout to begin with: layout.toml and one CSV a record type, all of it only proposed."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from migrate.errors import KnowledgeError, Problem
from migrate.language import say

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.peek.figures import Column, Dialect, Kind, Look, Part

COLUMNS = [
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
]
NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")
TYPES = {"digits": "digits", "number": "number", "kana": "kana"}


def write_layout(look: Look, root: Path, name: str) -> Path:
    """Write `layouts/legacy/<name>/` below a folder and return it; nothing there is overwritten.

    Everything is marked as personal until somebody knows better. Raises KnowledgeError where the name is
    no `vendor/file`, where the layout is there already, or where nothing could be told of the records.
    """
    folder = root / "layouts/legacy" / name
    if not NAME.fullmatch(name):
        raise KnowledgeError(Problem(folder, "", say(f"{name!r} は vendor/file の形でない", f"{name!r} is no vendor/file"),
                                     say("英小文字で書く", "write both in lower-case letters")))  # fmt: skip
    if folder.exists():
        raise KnowledgeError(Problem(folder, "", say("もうある", "is there already"),
                                     say("別の名前にする", "choose another name")))  # fmt: skip
    kinds = _kinds(look)
    if not kinds and not look.dialect:
        raise KnowledgeError(Problem(folder, "", say("レコードの長さも列も決まらない", "neither a record length nor columns were found"),
                                     say("帳票を見て migrate new で書く", "write it from the vendor's book")))  # fmt: skip
    folder.mkdir(parents=True)
    (folder / "layout.toml").write_text(_facts(look, kinds), encoding="utf-8", newline="\n")
    if look.dialect:
        _write(folder / "record.csv", [_column(c, look.dialect) for c in look.dialect.columns])
    for kind in () if look.dialect else kinds:
        _write(
            folder / f"{kind.name}.csv",
            [_field(n, p) for n, p in enumerate(_filled(kind, look), 1)],
        )
    return folder


def _kinds(look: Look) -> list[Kind]:
    """The record types that a layout can tell apart: with a tag that may be shown."""
    found = [k for k in look.kinds if k.parts]
    if look.structure.form == "fixed":
        found = [k for k in found if k.length == look.structure.record_bytes]
    tagged = [k for k in found if k.tag]
    if len(tagged) > 1 and len({k.tag_at for k in tagged}) == 1:
        return tagged
    return found[:1]


def _filled(kind: Kind, look: Look) -> list[Part]:
    """The proposed fields, up to the record's length."""
    longest = look.structure.record_bytes or max((k.length for k in _kinds(look)), default=0)
    rest = longest - kind.length
    if rest <= 0:
        return kind.parts
    last = kind.parts[-1]
    more = last.model_copy(
        update={"start": kind.length + 1, "bytes": rest, "type": "filler", "why": []}
    )
    return [*kind.parts, more]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def _facts(look: Look, kinds: list[Kind]) -> str:
    """layout.toml."""
    found = look.structure
    said = look.encoding
    name = (
        said.alternatives[0] if said.confidence == "undecided" and said.alternatives else said.value
    )
    newline = (
        found.newline.alternatives[0] if found.newline.value == "mixed" else found.newline.value
    )
    proposal = say(
        "migrate peek の提案。帳票と照らして直す",
        "proposed by migrate peek; hold it against the vendor's book",
    )
    lines = [
        f"# {proposal}",
        f"title        = {_quoted(say('提案', 'proposal'))}",
        f"source       = {_quoted(proposal)}",
        f"format       = {_quoted('csv' if look.dialect else 'fixed')}",
        f"encoding     = {_quoted(name)}  # {said.confidence}"
        + (f": {', '.join(said.alternatives)}" if said.alternatives else ""),
        f"newline      = {_quoted(newline)}  # {found.newline.confidence}",
    ]
    if look.dialect:
        marks = {"TAB": "\t"}
        value = look.dialect.delimiter.value
        lines.append(
            f"header_lines = {1 if look.dialect.header.value == 'yes' else 0}  # {look.dialect.header.confidence}"
        )
        lines.append(f"delimiter    = {_quoted(marks.get(value, value))}")
        lines += [
            "",
            "[[record]]",
            'name  = "record"',
            f"label = {_quoted(say('レコード', 'record'))}",
        ]
        return "\n".join(lines) + "\n"
    longest = found.record_bytes or max(k.length for k in kinds)
    lines.append(f"record_bytes = {longest}  # {found.record.confidence}")
    if found.form == "prefixed":
        lines.append(f"prefix       = {_quoted(found.record.value)}")
    if found.lead_bytes:
        lines.append(f"lead_bytes   = {found.lead_bytes}")
    if found.tail_bytes:
        lines.append(f"tail_bytes   = {found.tail_bytes}")
    for kind in kinds:
        lines += ["", "[[record]]", f'name  = "{kind.name}"', f"label = {_quoted(kind.name)}"]
        if kind.role != "data":
            lines.append(f'kind  = "{kind.role}"')
        if len(kinds) > 1 and kind.tag:
            lines.append(f"tag   = [{{ at = {kind.tag_at}, {_tag(kind.tag, name)} }}]")
    return "\n".join(lines) + "\n"


def _tag(tag: str, encoding: str) -> str:
    if tag == "digits":
        return 'in = "0123456789"'
    byte = int(tag, 16)
    ascii_ = 0x20 < byte < 0x7F and not encoding.startswith(
        ("ibm0", "ibm1", "ibm2", "ibm3", "ibm5", "ibm93", "jef", "keis", "jipse")
    )
    return f"is = [{_quoted(chr(byte))}]" if ascii_ else f'hex = ["{tag}"]'


def _field(number: int, part: Part) -> list[str]:
    type_ = part.type
    if (type_ == "packed" and part.bytes > 9) or (type_ == "binary" and part.bytes > 8):
        type_ = "text"
    note = say("提案: ", "proposed: ") + "; ".join(part.why)
    return [f"f_{number:03d}", say(f"項目{number}", f"field {number}"), str(part.start), str(part.bytes),
            type_, "", "", "", "" if type_ == "filler" else "yes", note]  # fmt: skip


def _column(column: Column, dialect: Dialect) -> list[str]:
    type_ = TYPES.get(column.type, "text")
    label = column.label or say(f"項目{column.number}", f"column {column.number}")
    note = say("提案: ", "proposed: ") + f"{column.type} {column.form}".strip()
    if dialect.header.value == "yes" and column.label is None:
        note += say("; 見出しは --reveal で", "; its label: see --reveal")
    return [f"f_{column.number:03d}", label, str(column.number), str(column.longest_bytes), type_,
            "", "", "", "yes", note]  # fmt: skip


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
