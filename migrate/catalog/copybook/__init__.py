"""Layouts from COBOL copybooks (登録集): every field with the bytes that a compiler gives it.

What cannot be decided from the copybook alone is returned as a list of findings, never guessed: which redefinition a
record is, machines' floating point, what follows a table of variable length.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from migrate.catalog.copybook.copies import expanded
from migrate.catalog.copybook.flat import Flattening
from migrate.catalog.copybook.grammar import items
from migrate.catalog.copybook.names import labelled, prefix, snake
from migrate.catalog.copybook.rows import fields
from migrate.catalog.copybook.select import Selection, SelectionError, absent, selection
from migrate.catalog.copybook.source import Reading, wrong
from migrate.catalog.copybook.tree import Area, Machine, Node, measured
from migrate.catalog.drafts import Draft
from migrate.language import say
from migrate.model import Field, RecordType
from migrate.model.legacy import Tag

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.catalog.copybook.flat import Row

__all__ = ["Machine", "Reading", "Wanted", "draft", "selection", "trees"]


@dataclass(frozen=True)
class Wanted:
    """What a person adds to a copybook."""

    machine: Machine = field(default_factory=Machine)
    selections: tuple[Selection, ...] = ()  # record types by the value of a field
    conditions: tuple[Selection, ...] = ()  # when a redefinition holds
    settings: dict[str, str | int] = field(default_factory=dict)  # encoding, newline, prefix


@dataclass
class _Kind:
    """A record type on its way: a level 01, perhaps with redefinitions selected."""

    root: Node
    chosen: dict[Area, Node]
    head: Node  # what gives it its name
    name: str = ""
    tag: tuple[Tag, ...] = ()
    rows: list[Row] = field(default_factory=list)


def trees(path: Path, wanted: Wanted, reading: Reading) -> list[Node]:
    """Every level 01 of a copybook, measured."""
    roots = [
        measured(item, wanted.machine, reading) for item in items(expanded(path, reading), reading)
    ]
    if not roots:
        cause = say("項目が1つもない", "holds no data description")
        raise wrong(
            path,
            0,
            cause,
            say("登録集かどうか、--form を確かめる", "see whether it is a copybook, or set --form"),
        )
    return roots


def draft(path: Path, wanted: Wanted | None = None, reading: Reading | None = None) -> Draft:
    """The layout that a copybook describes, with all that it leaves open.

    >>> from pathlib import Path; from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "a.cpy"
    >>> _ = path.write_text("       01  KG-REC.\\n           05  KG-NO  PIC 9(4).\\n           05  KG-TAX PIC S9(7) COMP-3.\\n")
    >>> [(f.name, f.start, f.bytes, f.type) for f in draft(path).records[0].fields]
    [('no', 1, 4, 'digits'), ('tax', 5, 4, 'packed')]
    >>> _ = path.write_text("       01  KG-REC.\\n           05  KG-NO  PIC Q(4).\\n")
    >>> draft(path)
    Traceback (most recent call last):
        ...
    migrate.errors.KnowledgeError: ...a.cpy: line 2: KG-NO: PIC Q(4) is not supported; mend the picture
    """
    wanted, reading = wanted or Wanted(), reading or Reading()
    roots = trees(path, wanted, reading)
    kinds = _kinds(roots, wanted, reading, path)
    longest = max(k.root.whole for k in kinds)
    records, codes = [], {}
    for kind in kinds:
        made, found = fields(kind.rows, wanted.conditions, reading, longest)
        label, _ = labelled(kind.head.item.comment, kind.head.item.remark, kind.head.item.name)
        records.append(_record(kind, label or kind.name, made))
        if found:
            codes[kind.name] = found
    if len(kinds) > 1 and not all(k.tag for k in kinds):
        item = next(k.head.item for k in kinds if not k.tag)
        reading.ask(
            item.path,
            item.line,
            "レコード種別を見分ける条件がない（--select）",
            "nothing tells the record types apart (--select)",
        )
    wide = next(
        (
            r.node
            for k in kinds
            for r in k.rows
            if r.node and r.node.shape and r.node.shape.type == "wide"
        ),
        None,
    )
    if wide and str(wanted.settings.get("encoding", "")).startswith("utf"):
        reading.ask(
            wide.item.path,
            wide.item.line,
            "PIC N を2バイトとした。UTF のデータでは違う",
            "PIC N is taken as 2 bytes, which data in UTF may not have",
        )
    title, note = labelled(roots[0].item.comment, "", roots[0].item.name or path.stem)
    source = (
        say("COBOL 登録集", "COBOL copybook") + f" {path.name}" + (f" ({note})" if note else "")
    )
    settings: dict[str, str | int] = {
        "format": "fixed", "encoding": "cp932", "newline": "none", "record_bytes": longest, **wanted.settings
    }  # fmt: skip
    return Draft(
        title, source, settings, tuple(records), tuple(dict.fromkeys(reading.findings)), codes
    )


def _record(kind: _Kind, label: str, made: list[Field]) -> RecordType:
    item = kind.head.item
    try:
        return RecordType(name=kind.name, label=label, tag=kind.tag, fields=tuple(made))
    except ValidationError as error:
        cause = say(f"レコード種別の名前 {kind.name!r}", f"the record type's name {kind.name!r}")
        raise wrong(
            item.path,
            item.line,
            f"{cause}: {error.errors()[0]['msg']}",
            say("--select で名付ける", "name it with --select"),
        ) from None


def _kinds(roots: list[Node], wanted: Wanted, reading: Reading, path: Path) -> list[_Kind]:
    """The record types: each level 01, divided as the selections say."""
    kinds = [_Kind(root, {}, root) for root in roots]
    for chosen in wanted.selections:
        kinds = _divided(kinds, chosen, reading)
    for number, kind in enumerate(kinds, 1):
        inner = [n.item.name for n in kind.head.below()]
        stripped = prefix(inner, kind.head.item.name) if kind.head is not kind.root else ""
        kind.name = (
            kind.name
            or snake(kind.head.item.name, stripped)
            or (
                snake(path.stem)
                if len(kinds) == 1 and snake(path.stem)
                else f"record_{number}"
                if len(kinds) > 1
                else "record"
            )
        )
        kind.rows = kind.rows or Flattening(reading, kind.root, kind.chosen).made()
    names = [k.name for k in kinds]
    for kind in kinds:
        if names.count(kind.name) > 1:
            raise SelectionError(
                say(
                    f"レコード種別の名前が重なる: {kind.name}",
                    f"two record types of one name: {kind.name}",
                )
            )
    return kinds


def _divided(kinds: list[_Kind], chosen: Selection, reading: Reading) -> list[_Kind]:
    """Record types after one selection: of redefinitions within one, or of whole records."""
    made: list[_Kind] = []
    used: set[str] = set()
    known: list[str] = []
    for kind in kinds:
        own = kind.root.item.name.upper()
        area = next(
            (
                a
                for a in _areas(kind.root)
                if any(n.item.name.upper() in chosen.items for n in a.nodes)
            ),
            None,
        )
        if own in chosen.items and len(kinds) > 1:
            used.add(own)
            made.append(_tagged(kind, chosen, own, reading))
        elif area is not None and area not in kind.chosen:
            for name in chosen.items:
                node = next((n for n in area.nodes if n.item.name.upper() == name), None)
                if node is not None:
                    used.add(name)
                    made.append(
                        _tagged(
                            replace(kind, chosen={**kind.chosen, area: node}, head=node),
                            chosen,
                            name,
                            reading,
                        )
                    )
            _left(area, chosen, reading)
        else:
            made.append(kind)
        known += [
            own,
            *(
                n.item.name
                for a in _areas(kind.root)
                if len(a.nodes) > 1
                for n in a.nodes
                if n.item.name
            ),
        ]
    for name in chosen.items:
        if name not in used:
            raise absent(
                chosen.text, ("項目", "item that redefines"), name, [k for k in known if k]
            )
    return made


def _areas(node: Node) -> list[Area]:
    return [
        found
        for area in node.areas
        for found in (area, *(a for n in area.nodes for a in _areas(n)))
    ]


def _left(area: Area, chosen: Selection, reading: Reading) -> None:
    """Redefinitions that no value selects; the plain bytes that the others redefine need none."""
    for number, node in enumerate(area.nodes):
        if node.item.name.upper() not in chosen.items and (number or node.areas):
            item = node.item
            reading.ask(
                item.path,
                item.line,
                f"{item.said} を選ぶ値がない。取り込まなかった",
                f"{item.said}: no value selects it, it was left out",
            )


def _tagged(kind: _Kind, chosen: Selection, name: str, reading: Reading) -> _Kind:
    """The record type with the tag that its selection means."""
    silent = Reading()  # flattened again when all selections are made
    rows = Flattening(silent, kind.root, kind.chosen).made()
    fits = [
        r
        for r in rows
        if r.node
        and r.node.item.name.upper() == chosen.field.upper()
        and not r.suffix
        and not r.group
    ]
    if not fits:
        raise absent(
            chosen.text,
            ("項目", "field"),
            chosen.field,
            [r.node.item.name for r in rows if r.node and r.node.item.name],
        )
    row = fits[0]
    values = chosen.items[name]
    kind_of = row.node.shape.type if row.node and row.node.shape else ""
    if kind_of not in ("text", "digits"):
        raise SelectionError(
            say(
                f"{chosen.text!r}: {chosen.field} は {kind_of}。文字か数字の項目で選ぶ",
                f"{chosen.text!r}: {chosen.field} is {kind_of}: select by text or digits",
            )
        )
    for value in values:
        if len(value.encode("cp932", "replace")) != row.bytes:
            raise SelectionError(
                say(
                    f"{chosen.text!r}: {chosen.field} は {row.bytes} バイト、{value!r} は違う",
                    f"{chosen.text!r}: {chosen.field} has {row.bytes} bytes, {value!r} has not",
                )
            )
    tag = Tag.model_validate({"at": row.start, "is": tuple(values)})
    return replace(kind, tag=(*kind.tag, tag), name=chosen.named(name))
