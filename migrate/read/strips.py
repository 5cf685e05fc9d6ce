"""Compiled: one field of a run of records, for what most values of most files are; the kind is chosen once a run.

A strip says of each record how its value went: 1 a value, 0 blank, AGAIN for whatever is not so simple, which is
then read by the plain way of `kernel.py`. Texts are decoded in scratch, a slot a record, and put into their column
when the run is through: bytes just stored singly cannot yet be loaded eight at a time without a wait.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 - numba looks at the types

from migrate.compiled import INNER, njit
from migrate.machine import (
    BLANK8,
    LOW4,
    ZEROS,
    U,
    below,
    blank,
    digits8,
    item,
    leading_zeros,
    lent,
    load64,
    printable,
    put,
    store64,
)  # fmt: skip
from migrate.read import quick
from migrate.read.codes import DIGITS, KANA, TABLES, TEXT, UTF_8, WIDE
from migrate.read.letters import copied_digits, short

RUN = 512
"""Records taken at a time, a multiple of eight: what a run reads and writes stays in the nearest cache."""

AGAIN = np.int8(-2)
GROWTH = 3
"""The most bytes of UTF-8 that one byte of a simple text becomes."""

SHORT = 12
"""Bytes of text that lie in their view alone."""


class Room(NamedTuple):
    """What a run needs besides: `room_for` the longest of some fields."""

    scratch: NDArray[np.uint8]  # the texts of a field, a slot a record
    sizes: NDArray[np.int64]  # of these
    states: NDArray[np.int8]


def room_for(longest: int) -> Room:
    """Room for fields of up to so many bytes."""
    scratch = np.empty(RUN * (GROWTH * longest + 16) + 64, np.uint8)
    return Room(scratch, np.empty(RUN, np.int64), np.zeros(RUN, np.int8))


@njit(**INNER)
def lent_room(room):
    """The same, for the length of one call: see machine.lent."""
    return Room(lent(room.scratch), lent(room.sizes), lent(room.states))


@njit(**INNER)
def _digits(data, starts, begin, stop, at, size, fill, flip, column, states):
    """Up to 12 digits, straight into their views."""
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low_zeros, high_zeros = ZEROS & ~low_kept, ZEROS & ~high_kept
    for row in range(begin, stop):
        p = item(starts, row) + at
        low = (load64(data, p) ^ flip) & low_kept
        good, high = digits8(low | low_zeros), U(0)
        if size > 8:
            high = (load64(data, p + 8) ^ flip) & high_kept
            good &= digits8(high | high_zeros)
        if good:
            short(column, row, low, high, size)
            put(states, row - begin, np.int8(1))
        else:
            short(column, row, U(0), U(0), 0)
            put(states, row - begin, np.int8(0) if blank(data, p, size, fill) else AGAIN)


@njit(**INNER)
def _ascii(data, starts, begin, stop, at, size, column, states):
    """Up to 12 printable characters of ASCII, straight into their views."""
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low_fill, high_fill = BLANK8 & ~low_kept, BLANK8 & ~high_kept
    for row in range(begin, stop):
        p = item(starts, row) + at
        low, high = (load64(data, p) & low_kept) | low_fill, BLANK8
        if size > 8:
            high = (load64(data, p + 8) & high_kept) | high_fill
        if not (printable(low) & printable(high)):
            put(states, row - begin, AGAIN)
            continue
        if high == BLANK8:  # bytes up to the last that is no blank
            length = 8 - np.intp(leading_zeros(low ^ BLANK8) >> U(3))
            short(column, row, low & below(length), U(0), length)
        else:
            length = 16 - np.intp(leading_zeros(high ^ BLANK8) >> U(3))
            short(column, row, low, high & below(length - 8), length)
        put(states, row - begin, np.int8(length > 0))


@njit(**INNER)
def _placed(scratch, slot, sizes, begin, stop, column, text, base, end, states):
    """Texts of so many bytes each, or less than none, from their slots into their column; where its text ends."""
    for row in range(begin, stop):
        i = row - begin
        size, at = item(sizes, i), i * slot
        put(states, i, np.int8(size > 0) if size >= 0 else AGAIN)
        low = load64(scratch, at)
        if size > SHORT:
            store64(column, 2 * row, U(size) | ((low & LOW4) << U(32)))
            store64(column, 2 * row + 1, U(end - base) << U(32))
            store64(text, end, low)
            store64(text, end + 8, load64(scratch, at + 8))
            store64(text, end + 16, load64(scratch, at + 16))
            for done in range(24, size, 8):
                store64(text, end + done, load64(scratch, at + done))
            end += size
        elif size > 0:
            high = load64(scratch, at + 8) & below(size - 8) if size > 8 else U(0)
            short(column, row, low & below(size), high, size)
        else:
            short(column, row, U(0), U(0), 0)
    return end


@njit(**INNER)
def strip(data, starts, begin, stop, at, size, kind, codes, column, text, base, end, room):
    """The texts of one field, of the records from `begin` to `stop`; where the column's text ends, or -1 for a field
    that has no quick way. Fills column[record] and room.states[record - begin]."""
    tables = codes.scheme == TABLES
    scratch, sizes, states = room
    if (kind == TEXT or kind == DIGITS) and size <= SHORT and (tables or codes.scheme == UTF_8):
        if kind == DIGITS:
            _digits(data, starts, begin, stop, at, size, codes.blank, codes.flip, column, states)
            return end
        if codes.plain:
            _ascii(data, starts, begin, stop, at, size, column, states)
            return end
    if not tables:
        return -1
    ones, pairs, fill, usual = codes.ones[0], codes.pairs[0], codes.blank, codes.wide_blanks[0]
    slot = GROWTH * size + 16
    if kind == WIDE:
        for row in range(begin, stop):
            done = quick.wide(
                data,
                item(starts, row) + at,
                size,
                pairs,
                fill,
                usual,
                scratch,
                (row - begin) * slot,
            )
            put(sizes, row - begin, done)
    elif kind == DIGITS:
        for row in range(begin, stop):
            done = copied_digits(
                data, item(starts, row) + at, size, fill, codes.flip, scratch, (row - begin) * slot
            )
            put(sizes, row - begin, done)
    elif kind == TEXT and codes.simple:
        for row in range(begin, stop):
            done = quick.mixed(
                data, item(starts, row) + at, size, ones, pairs, fill, scratch, (row - begin) * slot
            )
            put(sizes, row - begin, done)
    elif kind == KANA or size <= SHORT:
        for row in range(begin, stop):
            first = (row - begin) * slot
            done = quick.kana(data, item(starts, row) + at, size, ones, fill, scratch, first)
            if kind == TEXT and done > 0:
                done = quick.unfilled(scratch, first, first + done) - first
            put(sizes, row - begin, done)
    else:
        return -1
    return _placed(scratch, slot, sizes, begin, stop, column, text, base, end, states)
