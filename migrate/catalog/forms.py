"""What contradicts itself in the fields of a record: forms of numbers, groups, redefinitions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrate.errors import unknown
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.model import Field, Layout, RecordType

    Why = tuple[str, str]

MOST_BYTES = {"zoned": 38, "packed": 20, "binary": 16}
"""Hosts know no longer numbers."""

ALLOWED = {
    "zoned": ("unsigned", "leading", "separate"),
    "packed": ("unsigned",),
    "binary": ("unsigned", "little"),
    "float": ("little", "ibm"),
}
"""Words of `form` that a type may have."""

APART = ({"unsigned", "leading"}, {"unsigned", "separate"}, {"little", "ibm"})
"""Words of `form` that exclude each other."""

FIXED_ONLY = ("zoned", "packed", "binary", "float", "edited")
COUNTS = ("digits", "zoned", "packed", "binary")


def unfit(layout: Layout, record: RecordType) -> Iterator[tuple[str, str, str]]:
    """(field, cause, remedy) for every field that its format, its type or its neighbours do not allow."""
    fixed = layout.format == "fixed"
    for number, field in enumerate(record.fields):
        found = [*_format(field, fixed=fixed), *_form(field), *_scale(field)]
        if fixed:
            found += [*_long(field), *_depends(record, number), *_when(record, number)]
        yield from ((field.name, *why) for why in found)


def _format(field: Field, *, fixed: bool) -> Iterator[Why]:
    """What the format of the file does not have."""
    if fixed and field.type == "number":
        cause = say("number は csv だけ", "number is for csv only")
        yield cause, say("digits か zoned にする", "use digits or zoned")
    if not fixed and field.type in FIXED_ONLY:
        cause = say(f"csv に {field.type} はない", f"csv has no {field.type}")
        yield cause, say("number か text にする", "use number or text")
    if fixed and not field.bytes:
        cause = say("bytes がありません", "a value is missing: bytes")
        yield cause, say("帳票のバイト数を書く", "write the bytes that the book gives")
    for key in ("depends", "redefines", "when"):
        if not fixed and getattr(field, key):
            yield say(f"csv に {key} はない", f"csv has no {key}"), say("消す", "remove it")


def _form(field: Field) -> Iterator[Why]:
    """Words of `form` that the type does not have, or that exclude each other."""
    allowed = ALLOWED.get(field.type, ())
    for word in sorted(field.forms):
        if word in allowed:
            continue
        if allowed:
            yield unknown(say(f"{field.type} の form", f"form of {field.type}"), word, allowed)
        else:
            cause = say(f"{field.type} に form はない", f"{field.type} has no form")
            yield cause, say("消すか type を直す", "remove it or mend type")
    for pair in APART:
        if pair <= field.forms:
            both = " ".join(sorted(pair))
            cause = say(f"form {both} は両立しない", f"form {both} contradicts itself")
            yield cause, say("どちらかにする", "keep one of them")


def _scale(field: Field) -> Iterator[Why]:
    if field.scale and field.type in ("wide", "kana", "float", "filler"):
        cause = say(f"{field.type} に scale はない", f"{field.type} has no scale")
        yield cause, say("消すか type を直す", "remove it or mend type")


def _long(field: Field) -> Iterator[Why]:
    """Numbers of more or fewer bytes than there are."""
    if field.bytes > MOST_BYTES.get(field.type, field.bytes):
        most = MOST_BYTES[field.type]
        cause = say(f"{field.type} は {most} バイトまで", f"{field.type} has up to {most} bytes")
        yield cause, say("項目を分ける", "split the field")
    if field.type == "float" and field.bytes not in (4, 8):
        yield (
            say("float は 4 か 8 バイト", "float has 4 or 8 bytes"),
            say("bytes を直す", "mend bytes"),
        )
    if "separate" in field.forms and field.bytes == 1:
        cause = say("符号だけで数字がない", "there is a sign and no digit")
        yield cause, say("bytes を直す", "mend bytes")


def _depends(record: RecordType, number: int) -> Iterator[Why]:
    """What is wrong with the number of a group's occurrences."""
    field = record.fields[number]
    mates = [f for f in record.fields if f.group == field.group]
    if field.group and any(f.depends != field.depends or f.when != field.when for f in mates):
        cause = say(
            "depends と when は group の全行で同じにする",
            "depends and when are for all rows of a group alike",
        )
        yield cause, say("揃える", "make them alike")
    if not field.depends:
        return
    before = {
        f.name: f
        for f in record.fields[:number]
        if f.type in COUNTS and not f.when and not f.scale and f.group != field.group
    }
    if not field.group:
        cause = say("depends は group にだけ書ける", "depends is for a group")
        yield cause, say("group と times を書く", "write group and times")
    elif field.when or field.redefines:
        cause = say(
            "再定義の中の繰り返しは回数を変えられない",
            "a group within a redefinition has no number of its own",
        )
        yield cause, say("depends を消すか項目を分ける", "remove depends or split the record type")
    elif field.depends not in before:
        what = say("前にある整数の項目", "field of whole numbers before the group")
        yield unknown(what, field.depends, before)


def _when(record: RecordType, number: int) -> Iterator[Why]:
    """What is wrong with the condition under which a field is read."""
    field = record.fields[number]
    if field.redefines and not field.when:
        cause = say(
            f"{field.redefines} を再定義するのに when がない",
            f"redefines {field.redefines} and has no when",
        )
        yield (
            cause,
            say(
                'when に "項目 = 値 値"、決まるまでは "?"',
                'write when: "field = value value", or "?" until it is known',
            ),
        )
    if not field.when or field.when == "?":
        return
    if not re.fullmatch(r"\s*\S+\s*=\s*\S+(\s+\S+)*\s*", field.when):
        cause = say(f"when {field.when!r} は読めない", f"when {field.when!r} says nothing")
        yield cause, say('"項目 = 値 値" か "?" と書く', 'write "field = value value", or "?"')
        return
    named, _ = field.condition
    known = {
        f.name: f
        for place, f in enumerate(record.fields)
        if f.type != "filler" and f.name != field.name and (not f.when or place < number)
    }
    if named not in known:
        what = say(
            "when の項目 (無条件か前にあるもの)", "field for when (always read, or before it)"
        )
        yield unknown(what, named, known)
