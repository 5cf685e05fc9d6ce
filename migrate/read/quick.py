"""Compiled: texts of single bytes and pairs that need nothing but two tables, for most values of most files.

They take bare tables, not Codes: what a call hands over costs as much as a short text. -1 means no more than that
the value is not so simple; `letters.py` and `shifted.py` then look at it again.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import INNER
from migrate.read.codes import LEAD, SPECIAL
from migrate.read.machine import U, item, load64, pair, store32, trimmed

NONE = np.uint32(1)
PAIRS = U(0x0001000100010001)
LAST = SPECIAL - NONE
"""`entry - NONE < LAST`: an entry is a character of up to three bytes."""


@njit(**INNER)
def unfilled(text, first, end):
    """`end` without the blanks before it, narrow and wide, in UTF-8."""
    while end > first:
        if text[end - 1] == 0x20:
            end -= 1
        elif (
            end - first >= 3
            and text[end - 3] == 0xE3
            and text[end - 2] == 0x80
            and text[end - 1] == 0x80
        ):
            end -= 3
        else:
            break
    return end


@njit(**INNER)
def wide(data, at, size, pairs, blank, usual, text, end):
    """Pairs only, blanks at the end aside; bytes written, or -1. usual: the pair of blanks, first byte lowest."""
    eight, high, low = U(usual) * PAIRS, np.uint8(usual & 0xFF), np.uint8(usual >> 8)
    while size >= 8 and size & 1 == 0 and load64(data, at + size - 8) == eight:
        size -= 8
    while size:
        if item(data, at + size - 1) == blank:
            size -= 1
        elif size > 1 and item(data, at + size - 2) == high and item(data, at + size - 1) == low:
            size -= 2
        else:
            break
    if size & 1:
        return -1
    first, good = end, True
    for p in range(at, at + size, 2):
        entry = item(pairs, pair(data, p))
        good &= entry - NONE < LAST
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24)) & 3
    return unfilled(text, first, end) - first if good else -1


@njit(**INNER)
def kana(data, at, size, ones, blank, text, end):
    """Single bytes only; bytes written, or -1."""
    size = trimmed(data, at, size, blank)
    first, good = end, True
    for p in range(at, at + size):
        entry = item(ones, item(data, p))
        good &= entry - NONE < LAST
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24)) & 3
    return end - first if good else -1


@njit(**INNER)
def mixed(data, at, size, ones, pairs, blank, text, end):
    """Single bytes and pairs as they come; bytes written, or -1."""
    size = trimmed(data, at, size, blank)
    first, stop = end, at + size
    while at < stop:
        entry = item(ones, item(data, at))
        if entry == LEAD:
            if at + 1 >= stop:  # a lone first byte: the rest was cut off, or is a blank
                return -1
            entry = item(pairs, pair(data, at))
            at += 1
        if not entry - NONE < LAST:
            return -1
        at += 1
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24))
    return unfilled(text, first, end) - first
