"""Why the kernel could not take a value: `diagnose(cell, field, encoding)`. Slow, exact, for the few."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrate.model import Field
    from migrate.read.encodings import Encoding


_BLANKS = re.compile(rb"(?: |\x81\x40)*")


def diagnose(cell: bytes, field: Field, encoding: Encoding) -> tuple[str, int]:  # noqa: PLR0911
    """The issue's code and the byte within the field at which it shows.

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
    if field.type in ("packed", "binary"):  # half bytes and powers: no one byte is to blame
        return f"not_{field.type}", 0
    if field.type == "zoned":
        return "not_zoned", _first(cell, lambda b: not 0x30 <= b <= 0x39)
    if field.type == "number":
        allowed = b"0123456789,"
        return "not_number", _first(
            cell[:1].replace(b"-", b"+").replace(b"+", b"0") + cell[1:], lambda b: b not in allowed
        )
    if field.type == "digits":
        return _control(cell) or ("not_digits", _first(cell, lambda b: not 0x30 <= b <= 0x39))
    at = 0
    narrow: int | None = None
    while at < len(cell):
        byte = cell[at]
        if encoding.lead(byte):
            if field.type == "kana":
                return "not_kana", at
            if at + 1 == len(cell):
                return "cut_character", at
            if not encoding.pairs[0, byte << 8 | cell[at + 1]]:
                return ("cut_character" if cell[at + 1] == 0x20 else "undecodable"), at
            at += 2
            continue
        if not encoding.ones[0, byte]:
            return ("control_character" if byte < 0x20 or byte == 0x7F else "invalid_byte"), at
        if narrow is None and not _BLANKS.fullmatch(cell, at):
            narrow = at
        at += 1
    return f"not_{field.type}", narrow or 0


def _control(cell: bytes) -> tuple[str, int] | None:
    at = _first(cell, lambda b: b < 0x20 or b == 0x7F)
    return ("control_character", at) if cell and (cell[at] < 0x20 or cell[at] == 0x7F) else None


def _first(cell: bytes, wrong: Callable[[int], bool]) -> int:
    return next((i for i, byte in enumerate(cell) if wrong(byte)), 0)
