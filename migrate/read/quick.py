"""Compiled: texts of single bytes and pairs that need nothing but two tables, for most values of most files.

They take the addresses of a value, of bare tables and of where the UTF-8 goes: what a call hands over costs as much as
a short text. They read up to 32 bytes behind the value and write up to 32 behind its text. -1 means no more than that
the value is not so simple; `letters.py` and `shifted.py` then look at it again.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, njit
from migrate.machine import ZEROS, U, below, digits8, leading_zeros
from migrate.read.codes import LEAD, SPECIAL
from migrate.read.raw import blank as blank_
from migrate.read.raw import byte, eight_pairs, entry, poke32, trimmed, unlike_pairs
from migrate.views import peek64, poke64

LEADING = int(LEAD)
LAST = U(SPECIAL - 1)
"""`U(found - 1) < LAST`: what a table says is a character of up to three bytes."""

WINDOW = 128
"""The most bytes that are searched for their last pair at once."""


@njit(**INNER)
def unfilled(text, size):
    """`size` without the blanks at the end, narrow and wide, in UTF-8."""
    while size > 0:
        last = byte(text + size - 1)
        if last == 0x20:
            size -= 1
        elif (
            last == 0x80
            and size > 2
            and byte(text + size - 2) == 0x80
            and byte(text + size - 3) == 0xE3
        ):
            size -= 3
        else:
            break
    return size


@njit(**INNER)
def _filled(at, count, blank, usual):
    """How many of so many pairs come before the blanks at the end, narrow and wide."""
    narrow = blank << 8 | blank
    while count > 0:
        first = max(0, count - WINDOW // 2)
        found = U(0)
        for done in range(0, count - first, 16):
            found |= unlike_pairs(at + 2 * (first + done), usual, narrow) << U(done)
        found <<= U(64 - (count - first))
        if found:
            return count - np.int64(leading_zeros(found))
        count = first
    return count


@njit(**INNER)
def wide(at, size, pairs, blank, usual, text):
    """Pairs only, blanks at the end aside; bytes written, or -1. usual: the pair of blanks, first byte lowest.

    Eight pairs at a time, as nearly all of them are three bytes in UTF-8.
    """
    count = _filled(at, size >> 1, blank, usual)
    if size & 1:
        return -1
    other = 0
    for p in range(0, count, 8):
        found = eight_pairs(pairs, at + 2 * p, text + 3 * p)
        other |= found & (0xFF >> max(0, 8 - (count - p)))
    if other == 0:
        return unfilled(text, 3 * count)
    end, good = text, True
    for p in range(count):
        found = entry(pairs, byte(at + 2 * p) << 8 | byte(at + 2 * p + 1))
        good &= U(found - 1) < LAST
        poke32(end, found)
        end += (found >> 24) & 3
    return unfilled(text, end - text) if good else -1


@njit(**INNER)
def kana(at, size, ones, blank, text):
    """Single bytes only; bytes written, or -1."""
    stop = at + trimmed(at, size, blank)
    end, good = text, True
    for p in range(at, stop):
        found = entry(ones, byte(p))
        good &= U(found - 1) < LAST
        poke32(end, found)
        end += (found >> 24) & 3
    return end - text if good else -1


@njit(**INNER)
def mixed(at, size, ones, pairs, blank, text):
    """Single bytes and pairs as they come; bytes written, or -1."""
    end, stop = text, at + trimmed(at, size, blank)
    while at < stop:
        found = entry(ones, byte(at))
        if found == LEADING:
            if at + 1 >= stop:  # a lone first byte: the rest was cut off, or is a blank
                return -1
            found = entry(pairs, byte(at) << 8 | byte(at + 1))
            at += 1
        if not U(found - 1) < LAST:
            return -1
        at += 1
        poke32(end, found)
        end += found >> 24
    return unfilled(text, end - text)


@njit(**INNER)
def numerals(at, size, fill, flip, text):
    """Digits and nothing else, copied; bytes written, 0 for blanks, or -1."""
    good = True
    for done in range(0, size, 8):
        eight = peek64(at + done) ^ flip
        poke64(text + done, eight)
        kept = below(size - done)
        good &= digits8((eight & kept) | (ZEROS & ~kept))
    if good:
        return size
    return 0 if blank_(at, size, fill) else -1
