"""Compiled: the bytes of one value of text -> its UTF-8, by the tables of an encoding.

Every function works on one value and gives the bytes written, or -1 for a value that it cannot take; why,
says `diagnose.py`. Buffers need kernel.SPARE readable bytes behind their end: loads and stores go eight at a time.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, njit
from migrate.machine import (
    BLANK8,
    LOW4,
    ZEROS,
    U,
    below,
    digits8,
    load64,
    pair,
    printable,
    store32,
    store64,
    trimmed,
)  # fmt: skip
from migrate.read import quick
from migrate.read.codes import KANA, LEAD, SHIFT, SINGLE, SPACE, SPECIAL, TEXT, TRIPLE, WIDE
from migrate.read.raw import blank, place

_FOUR = U(0x0001000100010001)
LONG = -2
"""A text that does not lie in its view alone."""


@njit(inline="always", **INNER)
def short(views, row, low, high, size):
    """An Arrow string view that holds its up to 12 bytes itself; `low` and `high` are cut to size."""
    store64(views, 2 * row, U(size) | (low << U(32)))
    store64(views, 2 * row + 1, (low >> U(32)) | (high << U(32)))


@njit(inline="always", **INNER)
def held(views, row, text, base, at, size):
    """An Arrow string view of `size` bytes at text[at] in a column that begins at text[base]; True if
    the bytes must stay there."""
    low = load64(text, at)
    if size <= 12:
        low &= below(size)
        high = load64(text, at + 8) & below(size - 8) if size > 8 else U(0)
        short(views, row, low, high, size)
        return False
    store64(views, 2 * row, U(size) | ((low & LOW4) << U(32)))
    store64(views, 2 * row + 1, U(at - base) << U(32))  # buffer 0 of the column, the offset in it
    return True


@njit(**INNER)
def _blank_pair(data, at, codes):
    two = np.uint16(data[at]) | (np.uint16(data[at + 1]) << np.uint16(8))
    found = False
    for i in range(len(codes.wide_blanks)):
        found |= two == codes.wide_blanks[i]
    return found


@njit(**INNER)
def trimmed_wide(data, at, size, codes):
    """`size` without the blanks at the end, narrow and wide."""
    usual = codes.wide_blanks[0]
    eight, high, low = U(usual) * _FOUR, np.uint8(usual & 0xFF), np.uint8(usual >> 8)
    while size >= 8 and size & 1 == 0 and load64(data, at + size - 8) == eight:
        size -= 8
    while size:
        if data[at + size - 1] == codes.blank:
            size -= 1
        elif size > 1 and (
            (data[at + size - 2] == high and data[at + size - 1] == low)
            or (len(codes.wide_blanks) > 1 and _blank_pair(data, at + size - 2, codes))
        ):
            size -= 2
        else:
            break
    return size


@njit(**INNER)
def mixed(data, at, size, codes, text, end):
    """One-, two- and three-byte characters without shift codes; bytes written, or -1. Trimmed on the decoded
    side, where a blank's bytes cannot be halves of other characters."""
    size = trimmed(data, at, size, codes.blank)
    ones, pairs = codes.ones[0], codes.pairs[0]
    first, stop = end, at + size
    while at < stop:
        entry = ones[data[at]]
        if entry == LEAD:
            if at + 1 >= stop:  # a lone first byte: the rest was cut off, or is a blank
                return -1
            entry = pairs[(np.intp(data[at]) << 8) | np.intp(data[at + 1])]
            at += 1
        if entry == 0:
            return -1
        if entry >= SPECIAL:
            if entry == SINGLE and at + 1 < stop:
                entry = codes.ones[1, data[at + 1]]
                at += 1
            elif entry == TRIPLE and at + 2 < stop:
                entry = codes.pairs[1, (np.intp(data[at + 1]) << 8) | np.intp(data[at + 2])]
                at += 2
            if entry == 0 or entry >= SHIFT:
                return -1
            if entry >= SPECIAL:
                row = np.intp(entry & np.uint32(0xFFFFFF))
                store64(text, end, codes.longs[row, 0])
                end += np.intp(codes.longs[row, 1])
                at += 1
                continue
        at += 1
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24))
    return quick.unfilled(place(text) + first, end - first)


@njit(**INNER)
def halves(text, first, end):
    """(whether a text of UTF-8 has half-width characters, whether it has others); kana of half width are ef bd a1
    to ef be 9f."""
    half = full = False
    while first < end:
        if text[first] < 0x80:
            half = True
            first += 1
            continue
        second, third = text[first + 1], text[first + 2] if first + 2 < end else np.uint8(0)
        if text[first] == 0xEF and (
            (second == 0xBD and third >= 0xA1) or (second == 0xBE and third <= 0x9F)
        ):
            half = True
        else:
            full = True
        first += 2 if text[first] < 0xE0 else 3 if text[first] < 0xF0 else 4
    return half, full


@njit(**INNER)
def short_digits(data, at, size, fill, flip, views, row):
    """Up to 12 digits straight into the view: their number, 0 for blanks, or -1."""
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low, high = load64(data, at) ^ flip, load64(data, at + 8) ^ flip
    low, high = low & low_kept, high & high_kept
    if digits8(low | (ZEROS & ~low_kept)) and digits8(high | (ZEROS & ~high_kept)):
        short(views, row, low, high, size)
        return size
    short(views, row, U(0), U(0), 0)
    return 0 if blank(place(data) + at, size, fill) else -1


@njit(**INNER)
def short_ascii(data, at, size, views, row):
    """Up to 12 printable ASCII characters straight into the view: their number without the blanks at
    the end, or LONG where there is anything else."""
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low, high = load64(data, at) & low_kept, load64(data, at + 8) & high_kept
    if not (printable(low | (BLANK8 & ~low_kept)) and printable(high | (BLANK8 & ~high_kept))):
        return LONG
    size = trimmed(data, at, size, SPACE)
    short(views, row, low & below(size), high & below(size - 8) if size > 8 else U(0), size)
    return size


@njit(**INNER)
def pairs(data, at, size, table, codes, text, end):
    """Pairs of one table only, without the blanks at the end; bytes written, or -1."""
    if size & 1:
        return -1
    first = end
    for p in range(at, at + size, 2):
        entry = codes.pairs[table, pair(data, p)]
        if entry == 0 or entry >= SHIFT:
            return -1
        if entry >= SPECIAL:
            row = np.intp(entry & np.uint32(0xFFFFFF))
            store64(text, end, codes.longs[row, 0])
            end += np.intp(codes.longs[row, 1])
        else:
            store32(text, end, entry)
            end += np.intp(entry >> np.uint32(24))
    return quick.unfilled(place(text) + first, end - first)


@njit(**INNER)
def plain(data, at, size, kind, codes, text, end):
    """A text, `wide` or `kana` by tables without shift codes; bytes written, or -1."""
    if kind == WIDE:
        done = pairs(data, at, trimmed_wide(data, at, size, codes), 0, codes, text, end)
        if done >= 0 or len(codes.pairs) == 1:
            return done
    elif kind == KANA:
        done = quick.kana(
            place(data) + at, size, place(codes.ones), np.int64(codes.blank), place(text) + end
        )
        if done >= 0 or len(codes.ones) == 1:
            return done
    done = mixed(data, at, size, codes, text, end)  # some may be of two or three bytes
    if done > 0 and kind != TEXT:
        half, full = halves(text, end, end + done)
        if (half and kind == WIDE) or (full and kind == KANA):
            return -1
    return done
