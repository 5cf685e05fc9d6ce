"""Legacy layouts: layouts/legacy/<vendor>/<file>/layout.toml and one CSV a record type."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from migrate.catalog.files import Roots, rows, shown, together, toml, validated
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Field, Layout

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.model import RecordType


def load(roots: Roots, name: str) -> Layout:
    """The layout `<vendor>/<file>`, every field in its place."""
    path = roots.find(say("レイアウト", "layout"), f"layouts/legacy/{name}/layout.toml")
    facts = toml(path)
    problems: list[KnowledgeError] = []
    for record in facts.get("record", []):
        try:
            record["fields"] = _placed(path.parent / f"{record.get('name')}.csv")
        except KnowledgeError as error:
            problems.append(error)
            record["fields"] = ()
    try:
        layout = validated(path, Layout, {"name": name, "path": path, **facts})
    except KnowledgeError as error:
        together([*problems, error])
        raise
    problems += [KnowledgeError(*found) for r in layout.records if (found := _wrong(layout, r))]
    together(problems)
    return layout


def _placed(path: Path) -> tuple[Field, ...]:
    """The fields of one record type, groups unfolded, each with its computed first byte."""
    fields: list[Field] = []
    problems: list[Problem] = []
    at = 1
    for group, run in groupby(rows(path, Field), key=lambda f: f.group):
        members = list(run)
        first, times = at, {f.times for f in members}
        if len(times) > 1 or (not group and times != {1}):
            cause = say("times は group の全行で同じにする", "times differs within the group")
            problems.append(Problem(shown(path), members[0].name, cause))
        for field in members:  # as printed: the first occurrence
            if field.start and field.start != first:
                cause = say(
                    f"帳票では {field.start} バイト目、前の項目の合計では {first} バイト目",
                    f"the book says byte {field.start}, the fields before it end at {first - 1}",
                )
                remedy = say("bytes か start を直す", "mend bytes or start")
                problems.append(Problem(shown(path), field.name, cause, remedy))
            first += field.bytes
        for number in range(1, max(times) + 1):
            for field in members:
                name = f"{field.name}_{number}" if group else field.name
                fields.append(field.model_copy(update={"name": name, "start": at}))
                at += field.bytes
    names = [f.name for f in fields if f.type != "filler"]
    twice = say("項目名が重複", "two fields of one name")
    problems += [
        Problem(shown(path), n, twice) for n in sorted({n for n in names if names.count(n) > 1})
    ]
    if problems:
        raise KnowledgeError(*problems)
    return tuple(fields)


def _wrong(layout: Layout, record: RecordType) -> list[Problem]:
    """What contradicts itself within one record type."""
    path, problems = shown(layout.path.parent / f"{record.name}.csv"), []
    total = sum(f.bytes for f in record.fields)
    if record.fields and total != layout.record_bytes:
        cause = say(
            f"項目の合計は {total} バイト、record_bytes は {layout.record_bytes}",
            f"the fields add up to {total} bytes, record_bytes is {layout.record_bytes}",
        )
        remedy = say("filler で埋めるか record_bytes を直す", "add a filler or mend record_bytes")
        problems.append(Problem(path, "", cause, remedy))
    for field in record.fields:
        if (
            field.type in ("binary", "packed")
            and field.bytes > {"binary": 8, "packed": 9}[field.type]
        ):
            cause = say("18桁を超える数は扱えない", "numbers beyond 18 digits are not supported")
            problems.append(Problem(path, field.name, cause))
        if field.type == "zoned" and field.bytes > 18:
            cause = say("18桁を超える数は扱えない", "numbers beyond 18 digits are not supported")
            problems.append(Problem(path, field.name, cause))
    for tag in record.tag:
        sizes = {len(value.encode("utf-8")) for value in tag.accepted}
        if len(sizes) != 1 or tag.at - 1 + max(sizes, default=0) > layout.record_bytes:
            cause = say(
                f"tag at {tag.at}: 同じ長さの値を1つ以上、レコードの中で",
                f"tag at {tag.at}: wants values of one length, inside the record",
            )
            problems.append(Problem(shown(layout.path), record.name, cause))
    for claim in record.declares:
        problems += _claims(layout, record, claim.field, (*claim.counts, *claim.sums.split()[:1]))
        if claim.sums:
            other, _, summed = claim.sums.partition(" ")
            if other in layout.types:
                problems += _known(layout, layout.types[other], summed)
    for named in filter(None, (record.as_of, record.city)):
        problems += _known(layout, record, named)
    return problems


def _claims(
    layout: Layout, record: RecordType, field: str, others: tuple[str, ...]
) -> list[Problem]:
    problems = _known(layout, record, field)
    for other in others:
        if other not in layout.types:
            cause, remedy = unknown(say("レコード種別", "record type"), other, layout.types)
            problems.append(Problem(shown(layout.path), f"{record.name}.declares", cause, remedy))
    return problems


def _known(layout: Layout, record: RecordType, field: str) -> list[Problem]:
    if field in record.read:
        return []
    cause, remedy = unknown(say("項目", "field"), field, record.read)
    return [Problem(shown(layout.path), record.name, cause, remedy)]
