"""Compiled: texts of single bytes and pairs that need nothing but two tables, for most values of most files.

They take bare tables, not Codes: what a call hands over costs as much as a short text. -1 means no more than that
the value is not so simple; `letters.py` and `shifted.py` then look at it again.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import OPTIONS
from migrate.machine import U, load64, store32, trimmed
from migrate.read.codes import LEAD, SPECIAL
from migrate.read.letters import PAIRS, unfilled

NONE = np.uint32(1)
LAST = SPECIAL - NONE
"""`entry - NONE < LAST`: an entry is a character of up to three bytes."""


@njit(**OPTIONS)
def wide(data, at, size, pairs, blank, usual, text, end):
    """Pairs only, blanks at the end aside; bytes written, or -1. usual: the pair of blanks, first byte lowest."""
    eight, high, low = U(usual) * PAIRS, np.uint8(usual & 0xFF), np.uint8(usual >> 8)
    while size >= 8 and size & 1 == 0 and load64(data, at + size - 8) == eight:
        size -= 8
    while size:
        if data[at + size - 1] == blank:
            size -= 1
        elif size > 1 and data[at + size - 2] == high and data[at + size - 1] == low:
            size -= 2
        else:
            break
    if size & 1:
        return -1
    first, good = end, True
    for p in range(at, at + size, 2):
        entry = pairs[(np.intp(data[p]) << 8) | np.intp(data[p + 1])]
        good &= entry - NONE < LAST
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24)) & 3
    return unfilled(text, first, end) - first if good else -1


@njit(**OPTIONS)
def kana(data, at, size, ones, blank, text, end):
    """Single bytes only; bytes written, or -1."""
    size = trimmed(data, at, size, blank)
    first, good = end, True
    for p in range(at, at + size):
        entry = ones[data[p]]
        good &= entry - NONE < LAST
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24)) & 3
    return end - first if good else -1


@njit(**OPTIONS)
def mixed(data, at, size, ones, pairs, blank, text, end):
    """Single bytes and pairs as they come; bytes written, or -1."""
    size = trimmed(data, at, size, blank)
    first, stop = end, at + size
    while at < stop:
        entry = ones[data[at]]
        if entry == LEAD:
            if at + 1 >= stop:  # a lone first byte: the rest was cut off, or is a blank
                return -1
            entry = pairs[(np.intp(data[at]) << 8) | np.intp(data[at + 1])]
            at += 1
        if not entry - NONE < LAST:
            return -1
        at += 1
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24))
    return unfilled(text, first, end) - first
