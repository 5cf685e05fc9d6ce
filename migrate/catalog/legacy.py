"""Legacy layouts: layouts/legacy/<vendor>/<file>/layout.toml and one CSV a record type."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from migrate.catalog import gaiji
from migrate.catalog.files import Roots, insist, line_of, reserved, shown, toml, validated
from migrate.catalog.forms import unfit
from migrate.catalog.places import placed
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.model import RecordType, Tag


CSV_ENCODINGS = (
    "cp932", "ibm943", "shift_jis-2004", "eucjp-ms", "euc_jis_2004", "iso-2022-jp", "utf-8",
    "utf-16le", "utf-16be",
)  # fmt: skip
"""In which a delimiter is found by bytes, or by a view of them: read/structure.py."""

FIXED_KEYS = (
    "record_bytes",
    "prefix",
    "lead_bytes",
    "tail_bytes",
    "zoned",
    "packed_blank",
    "shifts",
)
"""Keys of layout.toml that csv does not have."""


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
        if not isinstance(record, dict):
            continue  # said below
        problems += reserved(path, record, ("fields",), f"record.{number}.")
        record["fields"] = ()
        if re.fullmatch("[a-z][a-z0-9_]{0,99}", str(record.get("name"))):
            try:
                own = path.parent / f"{record['name']}.csv"
                record["fields"] = placed(own, columns=facts.get("format") == "csv")
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
    return {(t.at, frozenset(t.accepted or t.hex)) for t in record.tag}


def _mixed(layout: Layout) -> list[Problem]:
    """Settings of one format in a layout of the other."""
    said = layout.model_fields_set
    csv = layout.format == "csv"
    found: list[tuple[str, str, str]] = []
    unwanted = FIXED_KEYS if csv else ("header_lines", "delimiter")
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
    if layout.prefix and layout.newline != "none":
        cause = say(
            "前置きで長さの分かるレコードに改行はない", "records with a prefix have no newline"
        )
        found.append(
            ("newline", cause, say("none にするか prefix を消す", "write none or remove prefix"))
        )
    if layout.newline == "nel" and not layout.ebcdic:
        cause = say("nel はホストの文字コードだけ", "nel is for the encodings of hosts")
        found.append(
            ("newline", cause, say("lf crlf cr none のどれか", "write lf, crlf, cr or none"))
        )
    if csv and layout.newline in ("none", "nel"):
        cause = say("csv のレコードは改行で終わる", "records of csv end with a newline")
        found.append(("newline", cause, say("lf crlf cr のどれか", "write lf, crlf or cr")))
    if csv and layout.encoding not in CSV_ENCODINGS:
        cause = say(
            f"csv の文字コードに {layout.encoding} はない", f"csv is not read in {layout.encoding}"
        )
        known = " ".join(CSV_ENCODINGS)
        remedy = say(f"次のどれかで抽出する: {known}", f"extract the file in one of {known}")
        found.append(("encoding", cause, remedy))
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


def _wrong(layout: Layout, record: RecordType) -> list[Problem]:
    """What contradicts itself within one record type."""
    path, problems = shown(layout.path.parent / f"{record.name}.csv"), []
    total = max((f.at + f.bytes for f in record.fields), default=0)
    fixed = layout.format == "fixed"
    problems += [Problem(path, name, *why) for name, *why in unfit(layout, record)]
    if layout.prefix and total > layout.record_bytes:
        cause = say(
            f"項目の合計は {total} バイト、record_bytes は最大の {layout.record_bytes}",
            f"the fields add up to {total} bytes, record_bytes, the most, is {layout.record_bytes}",
        )
        problems.append(Problem(path, "", cause, say("record_bytes を直す", "mend record_bytes")))
    elif fixed and not layout.prefix and record.fields and total != layout.record_bytes:
        cause = say(
            f"項目の合計は {total} バイト、record_bytes は {layout.record_bytes}",
            f"the fields add up to {total} bytes, record_bytes is {layout.record_bytes}",
        )
        remedy = say("filler で埋めるか record_bytes を直す", "add a filler or mend record_bytes")
        problems.append(Problem(path, "", cause, remedy))
    for tag in record.tag:
        problems += [
            Problem(shown(layout.path), record.name, *why) for why in _wrong_tag(tag, layout)
        ]
        sizes = {_size(value, layout) for value in tag.accepted} | {len(h) // 2 for h in _bare(tag)}
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


def _bare(tag: Tag) -> list[str]:
    """The hexadecimal digits of a tag, without blanks."""
    return [value.replace(" ", "") for value in tag.hex]


def _wrong_tag(tag: Tag, layout: Layout) -> list[tuple[str, str]]:
    """Cause and remedy for a tag of several kinds, or of bytes that are none."""
    kinds = [
        name
        for name, values in (("is", tag.values), ("in", tag.any_of), ("hex", tag.hex))
        if values
    ]
    if len(kinds) > 1 or (kinds == ["hex"] and layout.format == "csv"):
        cause = say(
            f"tag at {tag.at}: {' '.join(kinds)}", f"tag at {tag.at}: {' and '.join(kinds)}"
        )
        remedy = say(
            "is in のどちらか (fixed なら hex も) を1つ",
            "write one of is and in (in fixed also hex)",
        )
        return [(cause, remedy)]
    wrong = [value for value in _bare(tag) if not re.fullmatch("([0-9A-Fa-f]{2})+", value)]
    cause = say(f"tag at {tag.at}: hex {wrong}", f"tag at {tag.at}: hex {wrong}")
    return (
        [(cause, say("2桁の16進で書く", "write bytes as two hexadecimal digits"))] if wrong else []
    )


def _size(value: str, layout: Layout) -> int:
    """Bytes of a tag's value; the encoding's own tables are not known here."""
    if layout.encoding.startswith("utf-"):
        return len(value.encode(layout.encoding))
    return sum(1 if ord(c) < 0x80 or 0xFF61 <= ord(c) <= 0xFF9F else 2 for c in value)


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
