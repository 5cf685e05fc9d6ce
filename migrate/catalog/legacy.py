"""Legacy layouts: layouts/legacy/<vendor>/<file>/layout.toml and one CSV a record type."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from migrate.catalog import gaiji
from migrate.catalog.files import Roots, insist, line_of, reserved, rows, shown, toml, validated
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Field, Layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from migrate.model import RecordType


MOST_BYTES = {"zoned": 18, "packed": 9, "binary": 8}
"""What still fits into 64 bits."""


def names(roots: Roots) -> list[str]:
    """Every layout's `<vendor>/<file>`."""
    found = roots.paths("layouts/legacy/*/*/layout.toml")
    return [str(PurePosixPath(p).parent.relative_to("layouts/legacy")) for p in found]


def load(roots: Roots, name: str) -> Layout:
    """The layout `<vendor>/<file>`, every field in its place."""
    if name not in names(roots):
        path = shown(roots.folders[0] / "layouts/legacy")
        raise KnowledgeError(
            Problem(path, "", *unknown(say("レイアウト", "layout"), name, names(roots)))
        )
    path = roots.find(say("レイアウト", "layout"), f"layouts/legacy/{name}/layout.toml")
    facts = toml(path)
    problems = reserved(path, facts, ("name", "path", "gaiji", "gaiji_path"))
    records = facts["record"] if isinstance(facts.get("record"), list) else []
    for number, record in enumerate(records, 1):
        problems += reserved(path, record, ("fields",), f"record.{number}.")
        record["fields"] = ()
        if "name" in record:
            try:
                own = path.parent / f"{record['name']}.csv"
                record["fields"] = _placed(own, columns=facts.get("format") == "csv")
            except KnowledgeError as error:
                problems += error.problems
    shared: dict[str, object] = {}
    try:
        shared = gaiji.beside(roots, name.partition("/")[0])
    except KnowledgeError as error:
        problems += error.problems
    try:
        layout = validated(path, Layout, {**facts, **shared, "name": name, "path": path})
    except KnowledgeError as error:
        raise KnowledgeError(*problems, *error.problems) from None
    problems += _mixed(layout)
    for record_type in layout.records:
        problems += _wrong(layout, record_type)
    insist([*problems, *_alike(layout)])
    return layout


def shared_files(layouts: Sequence[Layout]) -> list[Problem]:
    """Layouts of one vendor between which a file's name does not decide."""
    problems = []
    for number, layout in enumerate(layouts):
        for other in layouts[:number]:
            same_vendor = layout.name.split("/")[0] == other.name.split("/")[0]
            mine, theirs = layout.file.upper(), other.file.upper()
            alike = fnmatchcase(mine, theirs) or fnmatchcase(theirs, mine)
            if same_vendor and mine and theirs and alike:
                cause = say(
                    f"{layout.file} は {other.name} の {other.file} と重なる",
                    f"{layout.file} may also be {other.file} of {other.name}",
                )
                remedy = say("名前を1つのレイアウトに決める", "let a name belong to one layout")
                problems.append(Problem(shown(layout.path), "file", cause, remedy))
    return problems


def _placed(path: Path, *, columns: bool) -> tuple[Field, ...]:
    """The fields of one record type, groups unfolded, each with its computed first byte, or column."""
    fields: list[Field] = []
    problems: list[Problem] = []
    at = 1
    for group, run in groupby(rows(path, Field), key=lambda f: f.group):
        members = list(run)
        first = at
        for field in members:  # as printed: the first occurrence
            if field.times != (members[0].times if group else 1):
                cause = say(
                    "times は group の全行で同じにする", "times is for all rows of a group alike"
                )
                remedy = say("group を書くか times を揃える", "write a group or make times alike")
                problems.append(Problem(shown(path), field.name, cause, remedy))
            size = 1 if columns else field.bytes
            if field.start and field.start != first:
                cause = say(
                    f"帳票では {field.start} バイト目、前の項目の合計では {first} バイト目",
                    f"the book says byte {field.start}, the fields before it end at {first - 1}",
                )
                remedy = say("bytes か start を直す", "mend bytes or start")
                if columns:
                    cause = say(
                        f"帳票では {field.start} 列目、数えると {first} 列目",
                        f"the book says column {field.start}, it is column {first}",
                    )
                    remedy = say(
                        "抜けた列を書くか start を直す", "add the lost column or mend start"
                    )
                problems.append(Problem(shown(path), field.name, cause, remedy))
            first += size * (1 if group else field.times)
        for number in range(1, (members[0].times if group else 1) + 1):
            for field in members:
                name = f"{field.name}_{number}" if group else field.name
                fields.append(field.model_copy(update={"name": name, "start": at}))
                at += (1 if columns else field.bytes) * (1 if group else field.times)
    used = [f.name for f in fields if f.type != "filler"]
    cause, remedy = say("項目名が重複", "two fields of one name"), say("名前を変える", "rename one")
    twice = sorted({n for n in used if used.count(n) > 1})
    problems += [Problem(shown(path), name, cause, remedy) for name in twice]
    if not fields:
        cause = say("項目が1つもありません", "has no fields")
        problems.append(
            Problem(shown(path), "", cause, say("帳票から写す", "copy them from the book"))
        )
    insist(problems)
    return tuple(fields)


def _alike(layout: Layout) -> list[Problem]:
    """Record types that nothing tells apart."""
    problems = []
    for number, record in enumerate(layout.records):
        for other in layout.records[:number]:
            if record.name == other.name:
                cause = say("レコード種別が重複", "this record type comes twice")
            elif record.tag and _tags(record) == _tags(other):
                cause = say(f"{other.name} と同じ tag", f"has the same tag as {other.name}")
            else:
                continue
            remedy = say("名前か tag を変える", "give it another name or tag")
            problems.append(Problem(shown(layout.path), record.name, cause, remedy))
    return problems


def _tags(record: RecordType) -> set[tuple[int, frozenset[str]]]:
    return {(t.at, frozenset(t.accepted)) for t in record.tag}


def _mixed(layout: Layout) -> list[Problem]:
    """Settings of one format in a layout of the other."""
    said = layout.model_fields_set
    csv = layout.format == "csv"
    found: list[tuple[str, str, str]] = []
    unwanted = ("record_bytes",) if csv else ("header_lines", "delimiter")
    for key in unwanted:
        if key in said:
            cause = say(
                f"format {layout.format} に {key} はない", f"format {layout.format} has no {key}"
            )
            found.append((key, cause, say("消すか format を直す", "remove it or mend format")))
    wanted = "header_lines" if csv else "record_bytes"
    if wanted not in said or (not csv and not layout.record_bytes):
        cause = say("必須の値がありません", "a value is missing")
        found.append((wanted, cause, say("書き加えてください", "write it down")))
    if csv and layout.newline == "none":
        cause = say("csv のレコードは改行で終わる", "records of csv end with a newline")
        found.append(("newline", cause, say("lf crlf cr のどれか", "write lf, crlf or cr")))
    if csv and layout.encoding != "cp932":
        cause = say("csv の文字コードは cp932 だけ", "csv is read in cp932 only")
        found.append(("encoding", cause, say("cp932 で抽出する", "extract the file in cp932")))
    if csv and not re.fullmatch(r"[!#-/:;\t]", layout.delimiter):
        cause = say(
            f"区切り {layout.delimiter!r} は使えない: 2バイト文字の後半にもなる文字・英数字・引用符・改行・2文字以上",
            f"{layout.delimiter!r} cannot divide values: it may be half of a two-byte character, or is a"
            " letter, digit, quote, newline or more than one character",
        )
        found.append(
            ("delimiter", cause, say('"," か ";" か "\\t" にする', 'use "," ";" or "\\t"'))
        )
    path = shown(layout.path)
    return [Problem(path, line_of(layout.path, key), cause, remedy) for key, cause, remedy in found]


def _unfit(field: Field, *, fixed: bool) -> Iterator[tuple[str, str]]:
    """Cause and remedy for a field that its format cannot have."""
    if fixed and field.type == "number":
        cause = say("number は csv だけ", "number is for csv only")
        yield cause, say("digits か zoned にする", "use digits or zoned")
    if not fixed and field.type in ("zoned", "packed", "binary"):
        cause = say(f"csv に {field.type} はない", f"csv has no {field.type}")
        yield cause, say("number か text にする", "use number or text")
    if fixed and not field.bytes:
        cause = say("bytes がありません", "a value is missing: bytes")
        yield cause, say("帳票のバイト数を書く", "write the bytes that the book gives")


def _wrong(layout: Layout, record: RecordType) -> list[Problem]:
    """What contradicts itself within one record type."""
    path, problems = shown(layout.path.parent / f"{record.name}.csv"), []
    total = sum(f.bytes for f in record.fields)
    fixed = layout.format == "fixed"
    for field in record.fields:
        problems += [Problem(path, field.name, *why) for why in _unfit(field, fixed=fixed)]
    if fixed and record.fields and total != layout.record_bytes:
        cause = say(
            f"項目の合計は {total} バイト、record_bytes は {layout.record_bytes}",
            f"the fields add up to {total} bytes, record_bytes is {layout.record_bytes}",
        )
        remedy = say("filler で埋めるか record_bytes を直す", "add a filler or mend record_bytes")
        problems.append(Problem(path, "", cause, remedy))
    for field in record.fields:
        if field.bytes > MOST_BYTES.get(field.type, field.bytes):
            cause = say("18桁を超える数は扱えない", "numbers beyond 18 digits are not supported")
            remedy = say("項目を分ける", "split the field")
            problems.append(Problem(path, field.name, cause, remedy))
    for tag in record.tag:
        sizes = {len(value.encode("utf-8")) for value in tag.accepted}
        if not fixed and record.fields and (not sizes or tag.at > len(record.fields)):
            cause = say(
                f"tag at {tag.at}: 1つ以上の値を、{len(record.fields)} 列までの列で",
                f"tag at {tag.at}: wants values in one of the {len(record.fields)} columns",
            )
            remedy = say("at か値を直す", "mend at or the values")
            problems.append(Problem(shown(layout.path), record.name, cause, remedy))
        elif fixed and (
            len(sizes) != 1 or tag.at - 1 + max(sizes, default=0) > layout.record_bytes
        ):
            cause = say(
                f"tag at {tag.at}: 同じ長さの値を1つ以上、レコードの中で",
                f"tag at {tag.at}: wants values of one length, inside the record",
            )
            remedy = say("at か値を直す", "mend at or the values")
            problems.append(Problem(shown(layout.path), record.name, cause, remedy))
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
    if field in record.read or not record.fields:  # without fields: said already
        return []
    cause, remedy = unknown(say("項目", "field"), field, record.read)
    return [Problem(shown(layout.path), record.name, cause, remedy)]
