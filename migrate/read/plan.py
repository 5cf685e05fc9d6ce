"""What compiled code is told of the fields of a record, and where it puts what it finds and what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import INNER, njit
from migrate.read.codes import DIGITS, KANA, TABLES, TEXT, UTF_8, WIDE
from migrate.read.raw import address, set_word, word

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.read.codes import Codes
    from migrate.read.memory import Memory

KINDS = {
    "text": TEXT,
    "wide": WIDE,
    "kana": KANA,
    "digits": DIGITS,
    "zoned": 4,
    "packed": 5,
    "binary": 6,
}
ZONED, PACKED, BINARY = 4, 5, 6

RUN = 512
"""Records taken at a time, a multiple of 64: what a run reads and writes stays in a cache that is near."""

SHORT = 12
"""Bytes of text that lie in their view alone."""

AT, SIZE, KIND, FORM, WAY, NUMBER, COLUMN, VALID, TEXTS, USED, FIRST, SIGN, TIMES, WEIGHT, SIGNS, FLIP, EMPTY = range(17)  # fmt: skip
WORDS = 17
"""A field as compiled code sees it, int64 each: byte in the record, bytes, kind, form (0, or the bits of figures.py),
which of the ways below, its number among the fields; the addresses of its views or numbers, of its bits and of its texts;
the bytes used of these; and, of zoned numbers, what figures.zoned takes."""

LEFT, NUMERALS, PRINTABLE, NUMERAL_TEXT, PAIRS, SINGLES, TRIMMED, MIXED, FIGURES = range(9)
"""Ways: not here; up to 12 digits; up to 12 characters of ASCII; more digits; pairs; single bytes, or these without
wide blanks at the end; single bytes and pairs; zoned numbers."""

ONES, TWOS, BLANK, USUAL, DIGIT_FLIP = range(5)
"""What `tables` holds."""

COUNT, SIZES, LIST = 0, 1, 1 + RUN
"""What `room` holds: how many values are left, the sizes of a run's texts, and the values left: record << 32 | field."""


FIELDS = 0xFFFFFFFF
"""Of a value that is left, the bits that are its field's number."""


def way_of(kind: int, size: int, codes: Codes) -> int:
    """How a text is read here."""
    tables = codes.scheme == TABLES
    if size <= SHORT and (tables or codes.scheme == UTF_8):
        if kind == DIGITS:
            return NUMERALS
        if kind == TEXT and codes.plain:
            return PRINTABLE
    if not tables:
        return LEFT
    if kind == TEXT:
        return MIXED if codes.simple else TRIMMED if size <= SHORT else LEFT
    return {WIDE: PAIRS, DIGITS: NUMERAL_TEXT, KANA: SINGLES, ZONED: FIGURES}.get(kind, LEFT)


def tables(codes: Codes) -> NDArray[np.int64]:
    """An encoding as `decode` takes it; the codes are to be kept."""
    found = (
        address(codes.ones),
        address(codes.pairs),
        codes.blank,
        codes.wide_blanks[0],
        np.uint64(codes.flip).view(np.int64),
    )
    return np.array(found, np.int64)


def room_for(count: int, fields: int, memory: Memory) -> NDArray[np.int64]:
    """Room for what is left of some fields of so many records."""
    room = memory.take(8 * (LIST + count * fields)).view(np.int64)
    room[COUNT] = 0
    return room


@njit(**INNER)
def leave(room, field, row):
    """Note a value that is not taken here."""
    count = word(room, COUNT)
    set_word(room, LIST + count, row << 32 | word(field, NUMBER))
    set_word(room, COUNT, count + 1)
