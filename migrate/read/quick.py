"""Compiled: texts of single bytes and pairs that need nothing but two tables, for most values of most files.

They take bare tables, not Codes: what a call hands over costs as much as a short text. -1 means no more than that
the value is not so simple; `letters.py` and `shifted.py` then look at it again.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, njit
from migrate.machine import (
    U,
    below,
    item,
    leading_zeros,
    load16,
    load64,
    pair,
    store32,
    swapped,
    trimmed,
)  # fmt: skip
from migrate.read.codes import LEAD, SPECIAL

NONE, U24, LOW2 = np.uint32(1), np.uint32(24), U(0xFFFF)
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
def _unblanked(data, at, size, blank, usual):
    """`size` without the blanks at the end, narrow and wide."""
    eight = U(usual) * PAIRS
    while size:
        before = size
        while size >= 8 and size & 1 == 0:
            other = load64(data, at + size - 8) ^ eight
            if other:
                size -= 2 * np.intp(leading_zeros(other) >> U(4))
                break
            size -= 8
        while size > 1 and (size < 8 or size & 1) and load16(data, at + size - 2) == usual:
            size -= 2
        if size and item(data, at + size - 1) == blank:
            size = trimmed(data, at, size, blank)
        if size == before:
            break
    return size


@njit(**INNER)
def wide(data, at, size, pairs, blank, usual, text, end):
    """Pairs only, blanks at the end aside; bytes written, or -1. usual: the pair of blanks, first byte lowest.

    Four pairs at a time: the last ones are filled up with blanks, which are taken off again.
    """
    size = _unblanked(data, at, size, blank, usual)
    filler = item(pairs, np.intp((usual >> 8) | (usual & 0xFF) << 8))
    if size & 1 or not filler - NONE < LAST:
        return -1
    eight, first, good = U(usual) * PAIRS, end, True
    for p in range(at, at + size, 8):
        four = load64(data, p)
        left = at + size - p
        if left < 8:
            four = (four & below(left)) | (eight & ~below(left))
        four = swapped(four)
        one, two = item(pairs, np.intp(four >> U(48))), item(pairs, np.intp((four >> U(32)) & LOW2))
        three, last = (
            item(pairs, np.intp((four >> U(16)) & LOW2)),
            item(pairs, np.intp(four & LOW2)),
        )
        good &= (one - NONE < LAST) & (two - NONE < LAST)
        good &= (three - NONE < LAST) & (last - NONE < LAST)
        store32(text, end, one)
        end += np.intp(one >> U24) & 3
        store32(text, end, two)
        end += np.intp(two >> U24) & 3
        store32(text, end, three)
        end += np.intp(three >> U24) & 3
        store32(text, end, last)
        end += np.intp(last >> U24) & 3
    end -= ((-size & 7) >> 1) * np.intp(filler >> U24)
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
        end += np.intp(entry >> U24) & 3
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
        end += np.intp(entry >> U24)
    return unfilled(text, first, end) - first
