"""Compiled: the fields of runs of records, column by column, for what most values of most files are.

`decode` fills the columns, and lists what it leaves: values that are not so simple, or may be none. `kernel.py` and
`figures.py` then look at those. What a file does not need of them is never compiled, so nothing here calls them.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import INNER, OPTIONS
from migrate.machine import BLANK8, LOW4, ZEROS, U, below, digits8, leading_zeros, printable
from migrate.read import quick
from migrate.read.figures import zoned
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
    close,
    leave,
    marked,
)  # fmt: skip
from migrate.read.raw import blank, either, set_word, word
from migrate.views import peek64, poke64


@njit(**INNER)
def _view(column, row, size, low, high):
    """An Arrow string view that holds its up to 12 bytes itself; `low` and `high` are cut to size."""
    poke64(column + 16 * row, U(size) | (low << U(32)))
    poke64(column + 16 * row + 8, (low >> U(32)) | (high << U(32)))


@njit(**INNER)
def _left(begin, stop, field, room):
    """Leave a field of a whole run."""
    bits = U(0)
    for row in range(begin, stop):
        bits = marked(word(field, VALID), row, bits, False)
        leave(room, field, row)
    close(word(field, VALID), stop, bits)


@njit(**INNER)
def _numerals(starts, begin, stop, field, tables, room):
    """Up to 12 digits, straight into their views."""
    at, size, column, valid = word(field, AT), word(field, SIZE), word(field, COLUMN), word(field, VALID)  # fmt: skip
    fill, flip, bits = word(tables, BLANK), U(word(tables, DIGIT_FLIP)), U(0)
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low_zeros, high_zeros = ZEROS & ~low_kept, ZEROS & ~high_kept
    for row in range(begin, stop):
        p = word(starts, row) + at
        low, high = (peek64(p) ^ flip) & low_kept, (peek64(p + 8) ^ flip) & high_kept
        good = digits8(low | low_zeros) & digits8(high | high_zeros)
        bits = marked(valid, row, bits, good)
        if good:
            _view(column, row, size, low, high)
        else:
            _view(column, row, 0, U(0), U(0))
            if not blank(p, size, fill):
                leave(room, field, row)
    close(valid, stop, bits)


@njit(**INNER)
def _printable(starts, begin, stop, field, room):
    """Up to 12 printable characters of ASCII, straight into their views."""
    at, size, column, valid = word(field, AT), word(field, SIZE), word(field, COLUMN), word(field, VALID)  # fmt: skip
    low_kept, high_kept, bits = below(size), below(size - 8) if size > 8 else U(0), U(0)
    low_fill, high_fill = BLANK8 & ~low_kept, BLANK8 & ~high_kept
    for row in range(begin, stop):
        p = word(starts, row) + at
        low, high = (peek64(p) & low_kept) | low_fill, (peek64(p + 8) & high_kept) | high_fill
        # bytes up to the last that is no blank
        if high == BLANK8:
            length = 8 - np.int64(leading_zeros(low ^ BLANK8) >> U(3))
        else:
            length = 16 - np.int64(leading_zeros(high ^ BLANK8) >> U(3))
        if not (printable(low) & printable(high)):
            length = 0
            leave(room, field, row)
        bits = marked(valid, row, bits, length > 0)
        low_text = low & below(length)
        _view(column, row, length, low_text, high & below(length - 8) if length > 8 else U(0))
    close(valid, stop, bits)


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
    column, valid, texts, used, bits = word(field, COLUMN), word(field, VALID), word(field, TEXTS), word(field, USED), U(0)  # fmt: skip
    for row in range(begin, stop):
        size = word(room, SIZES + row - begin)
        if size < 0:
            leave(room, field, row)
            size = 0
        low, high = peek64(texts + used), peek64(texts + used + 8)
        low &= below(size)
        high &= below(size - 8) if size > 8 else U(0)
        poke64(column + 16 * row, U(size) | (low & LOW4) << U(32))
        inside = (low >> U(32)) | (high << U(32))
        poke64(column + 16 * row + 8, either(size > SHORT, U(used) << U(32), inside))
        bits = marked(valid, row, bits, size > 0)
        used += size
    close(valid, stop, bits)


@njit(**INNER)
def _figures(starts, begin, stop, field, tables, room):
    """Zoned numbers."""
    at, size, column, valid = word(field, AT), word(field, SIZE), word(field, COLUMN), word(field, VALID)  # fmt: skip
    first, sign, times, weight = word(field, FIRST), word(field, SIGN), word(field, TIMES), word(field, WEIGHT)  # fmt: skip
    signs, flip, fill, low, bits = word(field, SIGNS), U(word(field, FLIP)), word(tables, BLANK), word(field, EMPTY), U(0)  # fmt: skip
    for row in range(begin, stop):
        p = word(starts, row) + at
        value, good = zoned(p, size, first, sign, times, weight, signs, flip)
        bits = marked(valid, row, bits, good)
        set_word(column, row, value)
        if not good and not (blank(p, size, fill) or blank(p, size, low)):
            leave(room, field, row)
    close(valid, stop, bits)


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
