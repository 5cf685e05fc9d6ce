"""Compiled: the fields of runs of records, column by column, for what most values of most files are.

`decode` fills the columns, and lists what it leaves: values that are not so simple, or may be none. `kernel.py` and
`figures.py` then look at those. What a file does not need of them is never compiled, so nothing here calls them.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, OPTIONS, njit
from migrate.machine import BLANK8, ZEROS, U, below, leading_zeros, printable, valued
from migrate.read import quick
from migrate.read.figures import signed
from migrate.read.plan import (
    AT,
    BLANK,
    COLUMN,
    DIGIT_FLIP,
    EMPTY,
    FIGURES,
    FIRST,
    FLIP,
    LEFT,
    MIXED,
    NUMERAL_TEXT,
    NUMERALS,
    ONES,
    PAIRS,
    PRINTABLE,
    RUN,
    SHORT,
    SIGN,
    SIGNS,
    SIZE,
    SIZES,
    TEXTS,
    TIMES,
    TRIMMED,
    TWOS,
    USED,
    USUAL,
    VALID,
    WAY,
    WEIGHT,
    WORDS,
    leave,
)  # fmt: skip
from migrate.read.raw import blank, byte, either, no_digits, number, set_word, word
from migrate.views import peek64, poke64


@njit(**INNER)
def _view(column, row, size, low, high):
    """An Arrow string view that holds its up to 12 bytes itself; `low` and `high` are cut to size."""
    poke64(column + 16 * row, U(size) | (low << U(32)))
    poke64(column + 16 * row + 8, (low >> U(32)) | (high << U(32)))


@njit(**INNER)
def _left(begin, stop, field, room):
    """Leave a field of a whole run."""
    for row in range(begin, stop):
        if row & 63 == 0:
            poke64(word(field, VALID) + (row >> 3), U(0))
        leave(room, field, row)


@njit(**INNER)
def _numerals(starts, begin, stop, field, tables, room):
    """Up to 12 digits, straight into their views."""
    at, size, column, valid = word(field, AT), word(field, SIZE), word(field, COLUMN), word(field, VALID)  # fmt: skip
    fill, turn = word(tables, BLANK), U(word(tables, DIGIT_FLIP)) ^ ZEROS
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    for first in range(begin, stop, 64):
        bits = U(0)
        for row in range(first, min(first + 64, stop)):
            p, high = word(starts, row) + at, U(0)
            low = (peek64(p) ^ turn) & low_kept
            wrong = no_digits(low)
            if size > 8:
                high = (peek64(p + 8) ^ turn) & high_kept
                wrong |= no_digits(high)
                high |= ZEROS & high_kept
            if wrong == 0:
                bits |= U(1) << U(row - first)
                _view(column, row, size, low | ZEROS & low_kept, high)
            else:
                _view(column, row, 0, U(0), U(0))
                if not blank(p, size, fill):
                    leave(room, field, row)
        poke64(valid + (first >> 3), bits)


@njit(**INNER)
def _printable(starts, begin, stop, field, room):
    """Up to 12 printable characters of ASCII, straight into their views."""
    at, size, column, valid = word(field, AT), word(field, SIZE), word(field, COLUMN), word(field, VALID)  # fmt: skip
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low_fill, high_fill = BLANK8 & ~low_kept, BLANK8 & ~high_kept
    for first in range(begin, stop, 64):
        bits = U(0)
        for row in range(first, min(first + 64, stop)):
            p, high = word(starts, row) + at, BLANK8
            low = (peek64(p) & low_kept) | low_fill
            if size > 8:
                high = (peek64(p + 8) & high_kept) | high_fill
            # bytes up to the last that is no blank
            length = 8 - np.int64(leading_zeros(low ^ BLANK8) >> U(3))
            if high != BLANK8:
                length = 16 - np.int64(leading_zeros(high ^ BLANK8) >> U(3))
            if not (printable(low) & printable(high)):
                length = 0
                leave(room, field, row)
            bits |= U(length > 0) << U(row - first)
            high = high & below(length - 8) if length > 8 else U(0)
            _view(column, row, length, low & below(length), high)
        poke64(valid + (first >> 3), bits)


@njit(**INNER)
def _texts(starts, begin, stop, field, tables, room):
    """Texts of any length: first all of a run behind one another, then their views, as bytes just stored singly
    cannot yet be loaded eight at a time without a wait."""
    at, size, way, end = word(field, AT), word(field, SIZE), word(field, WAY), word(field, TEXTS) + word(field, USED)  # fmt: skip
    ones, twos, fill, usual = word(tables, ONES), word(tables, TWOS), word(tables, BLANK), word(tables, USUAL)  # fmt: skip
    for row in range(begin, stop):
        p = word(starts, row) + at
        if way == PAIRS:
            done = quick.wide(p, size, twos, fill, usual, end)
        elif way == MIXED:
            done = quick.mixed(p, size, ones, twos, fill, end)
        elif way == NUMERAL_TEXT:
            done = quick.numerals(p, size, fill, U(word(tables, DIGIT_FLIP)), end)
        else:
            done = quick.kana(p, size, ones, fill, end)
            if way == TRIMMED:
                done = quick.unfilled(end, done)
        set_word(room, SIZES + row - begin, done)
        end += max(done, 0)
    _viewed(begin, stop, field, room)
    set_word(field, USED, end - word(field, TEXTS))


@njit(**INNER)
def _viewed(begin, stop, field, room):
    """The views of texts that lie behind one another; those of less than no bytes are left."""
    column, valid, texts, used = word(field, COLUMN), word(field, VALID), word(field, TEXTS), word(field, USED)  # fmt: skip
    for first in range(begin, stop, 64):
        bits = U(0)
        for row in range(first, min(first + 64, stop)):
            size = word(room, SIZES + row - begin)
            if size < 0:
                leave(room, field, row)
                size = 0
            low, high = peek64(texts + used), peek64(texts + used + 8)
            low &= below(size)
            high &= below(size - 8) if size > 8 else U(0)
            inside = (low >> U(32)) | (high << U(32))
            poke64(column + 16 * row, U(size) | (low << U(32)))
            poke64(column + 16 * row + 8, either(size > SHORT, U(used) << U(32), inside))
            bits |= U(size > 0) << U(row - first)
            used += size
        poke64(valid + (first >> 3), bits)


@njit(**INNER)
def _figures(starts, begin, stop, field, tables, room):
    """Zoned numbers."""
    at, size, column, valid = word(field, AT), word(field, SIZE), word(field, COLUMN), word(field, VALID)  # fmt: skip
    sign, times, weight = word(field, SIGN), word(field, TIMES), word(field, WEIGHT)
    begin_at, signs, flip = at + word(field, FIRST), word(field, SIGNS), U(word(field, FLIP))
    half = U(
        4 * (9 - size) if size <= 9 else 0
    )  # of the bits that are no digit's; all at once could be 64
    for first in range(begin, stop, 64):
        bits = U(0)
        for row in range(first, min(first + 64, stop)):
            p = word(starts, row)
            if size <= 9:
                eight = (peek64(p + begin_at) ^ flip ^ ZEROS) << half << half
                good, value = no_digits(eight) == 0, np.int64(valued(eight))
            else:
                value, good = number(p + begin_at, size - 1, flip)
            value, good = signed(value, good, byte(signs + byte(p + at + sign)), times, weight)
            bits |= U(good) << U(row - first)
            set_word(column, row, value)
            if not good and not (
                blank(p + at, size, word(tables, BLANK)) or blank(p + at, size, word(field, EMPTY))
            ):
                leave(room, field, row)
        poke64(valid + (first >> 3), bits)


@njit(**INNER)
def _least(starts, ends, begin, stop):
    """The bytes that every record of a run has."""
    least = word(ends, begin) - word(starts, begin)
    for row in range(begin, stop):
        least = min(least, word(ends, row) - word(starts, row))
    return least


@njit(**OPTIONS)
def decode(starts, ends, records, fields, count, tables, room):
    """Fill the columns from so many records; what is not taken is left in `room`.

    All by address. starts and ends int64[records]: addresses, too; fields int64[count, WORDS]; tables and room:
    as above. Every buffer needs kernel.SPARE readable bytes behind its last record.
    """
    for begin in range(0, records, RUN):
        stop = min(begin + RUN, records)
        least = _least(starts, ends, begin, stop)
        for f in range(count):
            field = fields + 8 * WORDS * f
            way = word(field, WAY)
            if way == LEFT or word(field, AT) + word(field, SIZE) > least:
                _left(begin, stop, field, room)
            elif way == NUMERALS:
                _numerals(starts, begin, stop, field, tables, room)
            elif way == PRINTABLE:
                _printable(starts, begin, stop, field, room)
            elif way == FIGURES:
                _figures(starts, begin, stop, field, tables, room)
            else:
                _texts(starts, begin, stop, field, tables, room)
