"""Why the kernel could not take a value: `diagnose(cell, field, encoding)`. Slow, exact, for the few."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from migrate.read import figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrate.model import Field
    from migrate.read.encodings import Encoding


_BLANKS = re.compile(rb"(?: |\x81\x40)*")


def diagnose(cell: bytes, field: Field, encoding: Encoding, zoned: str = "") -> tuple[str, int]:  # noqa: PLR0911
    """The issue's code and the byte within the field at which it shows. `zoned`: one of figures.CONVENTIONS; blank:
    as the encoding does.

    >>> from migrate.model import Field
    >>> from migrate.read.encodings import cp932
    >>> wide = Field(name="name", label="", bytes=6, type="wide")
    >>> diagnose(b"\\x8eR\\x93c\\x85\\x40", wide, cp932("microsoft"))
    ('undecodable', 4)
    >>> diagnose(b"\\x8eR\\x93cA ", wide, cp932("microsoft"))
    ('not_wide', 4)
    >>> diagnose(b"\\x8eR\\x93c  \\x93", wide, cp932("microsoft"))
    ('cut_character', 6)
    """
    if field.type in (
        "packed",
        "binary",
        "float",
    ):  # half bytes and powers: no one byte is to blame
        return f"not_{field.type}", 0
    zero, control = encoding.zero, encoding.blank
    if field.type == "edited":
        return _control(cell, control) or ("not_edited", 0)
    if field.type == "zoned":
        low = _control(cell, control) if not any(cell) else None
        return low or ("not_zoned", _unzoned(cell, field, zoned or convention_of(encoding)))
    if field.type == "number":
        allowed = b"0123456789,"
        return "not_number", _first(
            cell[:1].replace(b"-", b"+").replace(b"+", b"0") + cell[1:], lambda b: b not in allowed
        )
    if field.type == "digits":
        wrong = _first(cell, lambda b: not zero <= b <= zero + 9)
        return _control(cell, control) or ("not_digits", wrong)
    at = 0
    narrow: int | None = None
    while at < len(cell):
        byte = cell[at]
        if encoding.lead(byte):
            if field.type == "kana":
                return "not_kana", at
            if at + 1 == len(cell):
                return "cut_character", at
            if not encoding.pairs[byte << 8 | cell[at + 1]]:
                return ("cut_character" if cell[at + 1] == 0x20 else "undecodable"), at
            at += 2
            continue
        if not encoding.ones[byte]:
            return ("control_character" if byte < 0x20 or byte == 0x7F else "invalid_byte"), at
        if narrow is None and not _BLANKS.fullmatch(cell, at):
            narrow = at
        at += 1
    return f"not_{field.type}", narrow or 0


def convention_of(encoding: Encoding) -> str:
    """How a sign lies over a digit where the layout does not say."""
    return "ebcdic" if encoding.zero == 0xF0 else "translated"


def _unzoned(cell: bytes, field: Field, convention: str) -> int:
    """The first byte that no zoned number has there: where the sign lies, one without digit or sign."""
    form = figures.form_of(field, convention)
    zero = 0xF0 if form & figures.HOST else 0x30
    sign = 0 if form & figures.LEADING else len(cell) - 1
    plain = [zero <= b <= zero + 9 for b in cell]
    if form & figures.SEPARATE:
        plain[sign] = cell[sign] in ((0x4E, 0x60) if form & figures.HOST else (0x2B, 0x2D))
    else:
        plain[sign] = int(figures.overpunched(np.int64(cell[sign]), form)[0]) >= 0
    return plain.index(False) if False in plain else 0


def _control(cell: bytes, blank: int) -> tuple[str, int] | None:
    """The first control character: what comes before the blank, and DEL in ASCII."""
    wrong = [i for i, b in enumerate(cell) if b < blank or (b == 0x7F and blank == 0x20)]
    return ("control_character", wrong[0]) if wrong else None


def _first(cell: bytes, wrong: Callable[[int], bool]) -> int:
    return next((i for i, byte in enumerate(cell) if wrong(byte)), 0)
