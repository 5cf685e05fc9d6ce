"""What a mapping sees of a record: its own fields, those that `unfold` makes, those that `lookup` brings."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from migrate.catalog import legacy
from migrate.catalog.files import Roots, kept, line_of, shown, toml, validated
from migrate.catalog.settled import Written
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Field, Lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from migrate.model import Layout, RecordType

OCCURRENCE = "occurrence"
"""The field with the number of a row among those that one record gives."""


class View(NamedTuple):
    """A record type with the fields that a mapping adds to it."""

    record: RecordType
    unfold: tuple[dict[str, str], ...]
    lookups: tuple[Lookup, ...]


def view(
    roots: Roots, path: Path, written: Written, record: RecordType
) -> tuple[View, list[Problem]]:
    """What the mapping in `path` sees of `record`, and what is wrong with its unfold and lookups."""
    problems: list[Problem] = []
    unfold = _occurrences(path, written, record, problems)
    added = _unfolded(record, unfold)
    seen = record.model_copy(update={"fields": (*record.fields, *added)})
    lookups = []
    for number, partner in enumerate(written.lookup, 1):
        place = line_of(path, "from", number)
        try:
            there, kind = reads(roots, path, place, partner.from_)
        except KnowledgeError as error:
            problems += error.problems
            continue
        wrong = [
            *_unknown_fields(kind, [*partner.on, *partner.take.values()]),
            *_unknown_fields(seen, partner.on.values()),
        ]
        for name in [n for n in partner.take if n in seen.read]:
            cause = say(f"項目 {name} はもうある", f"there is a field {name} already")
            wrong.append((cause, say("別の名前にする", "take another name")))
        problems += [Problem(shown(path), place, *w) for w in wrong]
        if wrong:
            continue
        facts = partner.model_dump(exclude={"from_"})
        lookups.append(Lookup(layout=there, record=kind, **facts))
        brought = (
            kind.read[f].model_copy(update={"name": n, "start": None, "group": ""})
            for n, f in partner.take.items()
        )
        seen = seen.model_copy(update={"fields": (*seen.fields, *brought)})
    return View(seen, unfold, tuple(lookups)), problems


def reads(roots: Roots, path: Path, place: str, text: str) -> tuple[Layout, RecordType]:
    """The layout and record type that `<vendor>/<file> <record>` names. Raises KnowledgeError."""
    name, _, record = text.partition(" ")
    if name not in legacy.names(roots):
        found = unknown(say("レイアウト", "layout"), name, legacy.names(roots))
        raise KnowledgeError(Problem(shown(path), place, *found))
    layout = legacy.load(roots, name)
    if record not in layout.types:
        found = unknown(say("レコード種別", "record type"), record, layout.types)
        raise KnowledgeError(Problem(shown(path), place, *found))
    return layout, layout.types[record]


def settled_elsewhere(roots: Roots, path: Path, written: Written, record: RecordType) -> set[str]:
    """Fields of `record` that unfold and lookups use, or other mappings of this vendor."""
    found = set()
    pattern = f"mappings/{path.parent.name}/*.toml"
    for other in roots.paths(pattern).values():
        try:
            facts = written if other == path else _written(other)
        except KnowledgeError:
            continue  # said when that mapping is looked at
        for partner in facts.lookup:
            if partner.from_ == written.reads:
                found |= {*partner.on, *partner.take.values()}
        if facts.reads != written.reads:
            continue
        found |= {v for values in _occurrences(other, facts, record, []) for v in values.values()}
        found |= {*(n for p in facts.lookup for n in (*p.on.values(), *p.take))}
        found |= {word for skip in facts.skip for word in re.findall(r"\w+", skip.when)}
        if other == path:
            found |= {*_unfolded_names(record, facts.unfold)}
            continue
        found |= {f for text in facts.columns.values() for f in _fields_of(text)}
        found |= {*facts.carried, *facts.not_migrated}
    return found


@kept
def _written(path: Path) -> Written:
    return validated(path, Written, toml(path))


def _fields_of(text: str) -> list[str]:
    try:
        return shlex.split(text.split("|", maxsplit=1)[0])
    except ValueError:
        return []


def _unfolded_names(record: RecordType, unfold: str | tuple[dict[str, str], ...]) -> set[str]:
    """The fields that unfolding adds: nobody need read them all."""
    if not unfold:
        return set()
    if isinstance(unfold, str):
        return {OCCURRENCE, *(_bare(f) for f in record.fields if f.group == unfold)}
    return {OCCURRENCE, *unfold[0]}


def _occurrences(
    path: Path, written: Written, record: RecordType, problems: list[Problem]
) -> tuple[dict[str, str], ...]:
    """By occurrence: the new fields and where each comes from."""
    place = line_of(path, "unfold")

    def wrong(cause: str, remedy: str) -> tuple[dict[str, str], ...]:
        problems.append(Problem(shown(path), place, cause, remedy))
        return ()

    if isinstance(written.unfold, str):
        group = [f for f in record.fields if f.group == written.unfold and f.type != "filler"]
        if not group:
            groups = {f.group for f in record.fields if f.group}
            return wrong(*unknown(say("繰返し", "group"), written.unfold, groups))
        return tuple(
            {_bare(f): f.name for f in group if f.name == f"{_bare(f)}_{number}"}
            for number in range(1, group[0].times + 1)
        )
    for one in written.unfold:
        if set(one) != set(written.unfold[0]):
            return wrong(say("行ごとに項目が違います", "its rows define different fields"),
                         say("同じ項目を揃える", "define the same fields in each"))  # fmt: skip
        for name, source in one.items():
            if name in record.read:
                return wrong(say(f"項目 {name} はもうある", f"there is a field {name} already"),
                             say("別の名前にする", "take another name"))  # fmt: skip
            if quoted(source) is None and source not in record.read:
                return wrong(*unknown(say("項目", "field"), source, record.read))
    return written.unfold


def _unfolded(record: RecordType, unfold: tuple[dict[str, str], ...]) -> list[Field]:
    """The fields that unfolding adds; a text taken from nowhere lies at byte 0 of the record."""
    if not unfold:
        return []
    added = [Field(name=OCCURRENCE, label=say("何番目か", "which of them"), bytes=8, type="binary")]
    for name in unfold[0]:
        sources = [record.read[one[name]] for one in unfold if quoted(one[name]) is None]
        like = sources[0] if sources else Field(name=name, label=name, bytes=1, type="text")
        added.append(like.model_copy(update={
            "name": name, "group": "", "label": like.label if sources else name,
            "sensitive": any(s.sensitive for s in sources)}))  # fmt: skip
    return added


def _bare(field: Field) -> str:
    """A repeated field's name without its number."""
    return field.name.rpartition("_")[0]


def quoted(source: str) -> str | None:
    """What stands between single quotes, or None for the name of a field."""
    return source[1:-1] if len(source) > 1 and source[0] == source[-1] == "'" else None


def _unknown_fields(record: RecordType, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name not in record.read:
            yield unknown(say("項目", "field"), name, record.read)
