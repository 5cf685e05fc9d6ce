"""What is in a file that nobody has described yet: `peek(path)`. It looks, it never decides."""

from __future__ import annotations

import csv
import io
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.read.encodings import cp932

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 1 << 20
"""Bytes looked at from the head of the file."""

CANDIDATES = [
    "cp932",
    "euc-jp",
    "iso-2022-jp",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "ascii",
]
"""What chardet may answer. Without this list it takes Japanese fixed-length files for EBCDIC or Cyrillic."""

NEWLINES = {"crlf": b"\r\n", "lf": b"\n", "cr": b"\r"}


@dataclass
class Look:
    """The outside of a file: sizes, newlines, record lengths, first bytes, encodings that fit."""

    name: str
    size: int
    newline: str = "none"
    lengths: Counter[int] = field(default_factory=Counter)  # bytes up to the newline -> how many
    columns: Counter[int] = field(
        default_factory=Counter
    )  # of lines with commas, if CSV -> how many
    firsts: Counter[str] = field(default_factory=Counter)  # first character of a record -> how many
    fits: dict[str, int] = field(default_factory=dict)  # encoding -> bytes that it refuses
    hint: str = ""  # chardet's guess
    characters: Counter[str] = field(default_factory=Counter)  # class -> how many
    end_mark: bool = False  # 1A at the very end
    records: list[bytes] = field(default_factory=list)


def peek(path: Path, records: int = 5) -> Look:
    """Look at the head of a file. The records are raw bytes: what may be shown is for the caller."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, path.stat().st_size - 1))
        end_mark = file.read(1) == b"\x1a"
    look = Look(path.name, path.stat().st_size, end_mark=end_mark)
    look.newline = next((n for n, mark in NEWLINES.items() if mark in head), "none")
    lines = head.split(NEWLINES[look.newline]) if look.newline != "none" else [head]
    whole = [line for line in (lines[:-1] or lines) if line != b"\x1a"]
    look.lengths.update(map(len, whole))
    if sum(b"," in line for line in whole) * 2 > len(whole):
        text = head[: head.rfind(b"\n") + 1 or len(head)].decode(
            "latin-1"
        )  # a comma is half of nothing
        with suppress(csv.Error):  # quotes that never close
            look.columns.update(len(r) for r in csv.reader(io.StringIO(text, newline="")) if r)
    look.firsts.update(_letter(line[:1]) for line in whole if line)
    look.records = whole[:records]
    text = cp932("microsoft").decode(head.translate(None, b"\r\n\t\x1a"))
    for character, count in Counter(text).items():
        look.characters[_class(character)] += count
    look.fits["cp932"] = text[:-1].count("\ufffd")  # by the strict table, not Python's codec
    for name in ("utf-8", "euc_jp", "iso2022_jp"):
        look.fits[name] = head.decode(name, errors="replace")[:-1].count("\ufffd")
    look.hint = _hint(head)
    return look


def masked(text: str) -> str:
    """The shape of a text without what it says.

    >>> masked("山田　ﾀﾛｳ 12-A")
    '漢漢　ｱｱｱ 99-A'
    """
    shapes = {
        "digit": "9",
        "letter": "A",
        "kana": "ｱ",
        "kanji": "漢",
        "wide": "全",
        "gaiji": "外",
        "invalid": "?",
    }
    return "".join(shapes.get(_class(c), c) for c in text)


def _letter(first: bytes) -> str:
    return first.decode("ascii") if first and 0x20 <= first[0] < 0x7F else first.hex()


def _hint(head: bytes) -> str:
    import chardet

    with warnings.catch_warnings(action="ignore"):  # that its fallback is not among the candidates
        found = chardet.detect(head[:200_000], include_encodings=CANDIDATES)
    return str(found.get("encoding") or "")


def _class(character: str) -> str:
    if character in " \u3000":
        return "blank"
    for name, ranges in _CLASSES.items():
        if any(low <= character <= high for low, high in ranges):
            return name
    return "control" if character < " " else "sign" if character < "\x7f" else "wide"


_CLASSES = {
    "digit": [("0", "9")],
    "letter": [("A", "Z"), ("a", "z")],
    "kana": [("\uff61", "\uff9f")],
    "gaiji": [("\ue000", "\uf8ff")],
    "invalid": [("\ufffd", "\ufffd")],
    "kanji": [("\u4e00", "\u9fff"), ("\u3400", "\u4dbf"), ("\uf900", "\ufaff"), ("々", "々")],
}
