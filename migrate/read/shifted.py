"""Compiled: texts with shift codes, and whatever is no table of bytes -> UTF-8.

A shift state is the number of the shift sequence behind which a text stands, counted from 1; 0 is the start, and
whatever is like it.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, njit
from migrate.machine import store32, store64, trimmed
from migrate.read import quick
from migrate.read.codes import (
    DIGITS,
    KANA,
    LEAD,
    SHIFT,
    SINGLE,
    SPECIAL,
    TABLES,
    TRIPLE,
    UTF_8,
    WIDE,
)  # fmt: skip
from migrate.read.letters import halves, pairs, trimmed_wide
from migrate.read.quick import unfilled
from migrate.read.raw import place
from migrate.read.unicode import unit, utf8, utf16

FIELD, RECORD, CELL = range(3)
"""Where the state of a text comes from and goes to: it begins anew and ends with single bytes; it is carried on to the
next field; it is known and ends with single bytes."""

LOST = -1
"""The state behind a text that was refused."""


@njit(**INNER)
def shift_at(data, at, stop, codes):
    """Which shift sequence lies at data[at], the longest that does, or -1."""
    found, longest = -1, 0
    for k in range(len(codes.shifts)):
        size = np.intp(codes.shifts[k, 0])
        same = size > longest and at + size <= stop
        for i in range(size if same else 0):
            same &= data[at + i] == codes.shifts[k, 1 + i]
        if same:
            found, longest = k, size
    return found


@njit(**INNER)
def _bared(data, at, size, codes):
    """(first byte, bytes, table of pairs) without the shift codes around them, if there are both; -1 bytes if not."""
    first = shift_at(data, at, at + size, codes)
    if first < 0 or codes.shifts[first, 5] != 0:
        return at, -1, 0
    begin = at + np.intp(codes.shifts[first, 0])
    for k in range(len(codes.shifts)):
        length = np.intp(codes.shifts[k, 0])
        last = at + size - length
        if codes.shifts[k, 5] and begin <= last and shift_at(data, last, at + size, codes) == k:
            return begin, last - begin, np.intp(codes.shifts[first, 6])
    return at, -1, 0


@njit(**INNER)
def _wide(data, at, size, codes, text, end):
    """Pairs only; bytes written, or -1. Blanks at the end go, shift codes around all, too."""
    size, table = trimmed_wide(data, at, size, codes), 0
    if size and codes.begins[data[at]]:
        at, size, table = _bared(data, at, size, codes)
        size = trimmed_wide(data, at, size, codes) if size > 0 else size
    return pairs(data, at, size, table, codes, text, end)


@njit(**INNER)
def shifted(data, at, size, codes, state, span, text, end):
    """A text with shift codes: (bytes written or -1, state behind it)."""
    first, stop = end, at + size
    if span != RECORD:
        stop = at + trimmed(data, at, size, codes.blank)
    single = np.intp(codes.shifts[state - 1, 5]) - 1 if state else 0
    table = np.intp(codes.shifts[state - 1, 6]) if state else 0
    ones, pairs, begins = codes.ones, codes.pairs, codes.begins
    while at < stop:
        entry = np.uint32(0)
        while single < 0 and at + 1 < stop and not begins[data[at]]:
            entry = pairs[table, (np.intp(data[at]) << 8) | np.intp(data[at + 1])]
            if entry == 0 or entry >= SPECIAL:
                break
            store32(text, end, entry)
            end += np.intp(entry >> np.uint32(24))
            at += 2
        while single >= 0 and at < stop and not begins[data[at]]:
            entry = ones[single, data[at]]
            if entry == 0 or entry >= SPECIAL:
                break
            store32(text, end, entry)
            end += np.intp(entry >> np.uint32(24))
            at += 1
        if at >= stop:
            break
        if begins[data[at]]:
            k = shift_at(data, at, stop, codes)
            if k < 0:
                return -1, LOST
            to, other = np.intp(codes.shifts[k, 5]) - 1, np.intp(codes.shifts[k, 6])
            if to == single and other == table and not codes.shifts[k, 7]:
                return -1, LOST
            at += np.intp(codes.shifts[k, 0])
            single, table = to, other
            state = 0 if single == 0 and table == 0 else k + 1
            continue
        if single < 0 and at + 1 >= stop:
            return -1, LOST
        at += 1 if single >= 0 else 2
        if entry == LEAD and at < stop:
            entry = pairs[table, (np.intp(data[at - 1]) << 8) | np.intp(data[at])]
            at += 1
        elif entry == SINGLE and at < stop:
            entry = ones[1, data[at]]
            at += 1
        elif entry == TRIPLE and at + 1 < stop:
            entry = pairs[1, (np.intp(data[at]) << 8) | np.intp(data[at + 1])]
            at += 2
        if entry == 0 or entry >= SHIFT:
            return -1, LOST
        if entry >= SPECIAL:
            row = np.intp(entry & np.uint32(0xFFFFFF))
            store64(text, end, codes.longs[row, 0])
            end += np.intp(codes.longs[row, 1])
        else:
            store32(text, end, entry)
            end += np.intp(entry >> np.uint32(24))
    if single < 0 and span != RECORD:
        return -1, LOST
    return unfilled(place(text) + first, end - first), state


@njit(**INNER)
def _digits(data, at, size, scheme, text, end):
    """Digits of UTF-16: bytes written, 0 for blanks, or -1."""
    blanks = digits = 0
    for p in range(at, at + size - 1, 2):
        point = unit(data, p, scheme)
        blanks += point == 0x20
        digits += 0x30 <= point <= 0x39
        text[end + ((p - at) >> 1)] = point & 0xFF
    count = size >> 1
    return -1 if size & 1 else 0 if blanks == count else count if digits == count else -1


@njit(**INNER)
def written(data, at, size, kind, codes, state, span, text, end):
    """A text, `wide`, `kana` or digits of UTF-16, by Unicode or by tables with shift codes: (bytes written or -1, state behind it).

    kind: of kernel.py.
    """
    behind = 0
    if codes.scheme == UTF_8:
        done = utf8(data, at, size, codes.lined, text, end)
    elif codes.scheme != TABLES and kind == DIGITS:
        return _digits(data, at, size, codes.scheme, text, end), 0
    elif codes.scheme != TABLES:
        done = utf16(data, at, size, codes.scheme, codes.lined, text, end)
    elif kind == WIDE and (
        span == FIELD or (span == RECORD and state == 0 and not codes.begins[data[at]])
    ):
        return _wide(data, at, size, codes, text, end), state
    else:
        if kind == KANA and state == 0:
            done = quick.kana(
                place(data) + at, size, place(codes.ones), np.int64(codes.blank), place(text) + end
            )
            if done >= 0:
                return done, state
        done, behind = shifted(data, at, size, codes, state, span, text, end)
    if done > 0 and (kind == WIDE or kind == KANA):
        half, full = halves(text, end, end + done)
        if (half and kind == WIDE) or (full and kind == KANA):
            return -1, LOST
    return done, behind
