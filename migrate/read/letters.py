"""Compiled: the bytes of one value of text -> its UTF-8, by the tables of an encoding.

Every function works on one value and gives the bytes written, or -1 for a value that it cannot take; why,
says `diagnose.py`. Buffers need kernel.SPARE readable bytes behind their end: loads and stores go eight at a time.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import OPTIONS
from migrate.machine import (
    BLANK8,
    LOW4,
    ZEROS,
    U,
    below,
    blank,
    digits8,
    load64,
    printable,
    store32,
    store64,
    trimmed,
)  # fmt: skip
from migrate.read.codes import BLANK_ENTRY, LEAD, SHIFT, SINGLE, SPACE, SPECIAL, TRIPLE

PAIRS = U(0x0001000100010001)
LONG = -2
"""A text that does not lie in its view alone."""


@njit(inline="always", **OPTIONS)
def short(views, row, low, high, size):
    """An Arrow string view that holds its up to 12 bytes itself; `low` and `high` are cut to size."""
    views[row, 0] = U(size) | (low << U(32))
    views[row, 1] = (low >> U(32)) | (high << U(32))


@njit(inline="always", **OPTIONS)
def held(views, row, text, base, at, size):
    """An Arrow string view of `size` bytes at text[at] in a column that begins at text[base]; True if
    the bytes must stay there."""
    low = load64(text, at)
    if size <= 12:
        low &= below(size)
        high = load64(text, at + 8) & below(size - 8) if size > 8 else U(0)
        short(views, row, low, high, size)
        return False
    views[row, 0] = U(size) | ((low & LOW4) << U(32))
    views[row, 1] = U(at - base) << U(32)  # buffer 0 of the column, then the offset in it
    return True


@njit(**OPTIONS)
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


@njit(**OPTIONS)
def _blank_pair(data, at, codes):
    pair = np.uint16(data[at]) | (np.uint16(data[at + 1]) << np.uint16(8))
    found = False
    for i in range(len(codes.wide_blanks)):
        found |= pair == codes.wide_blanks[i]
    return found


@njit(**OPTIONS)
def _trimmed_wide(data, at, size, codes):
    """`size` without the blanks at the end, narrow and wide."""
    usual = codes.wide_blanks[0]
    eight, high, low = U(usual) * PAIRS, np.uint8(usual & 0xFF), np.uint8(usual >> 8)
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


@njit(**OPTIONS)
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


@njit(**OPTIONS)
def _pairs(data, at, size, codes, text, end):
    """Pairs only; bytes written, or -1. Blanks at the end, narrow and wide, go."""
    size, table = _trimmed_wide(data, at, size, codes), 0
    if size and codes.begins[data[at]]:
        at, size, table = _bared(data, at, size, codes)
        size = _trimmed_wide(data, at, size, codes) if size > 0 else size
    if size & 1:
        return -1
    pairs, first, good = codes.pairs[table], end, True
    for p in range(at, at + size, 2):
        entry = pairs[(np.intp(data[p]) << 8) | np.intp(data[p + 1])]
        good &= (entry != 0) & (entry < SPECIAL)
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24)) & 3
    if good:
        return unfilled(text, first, end) - first
    return _long_pairs(data, at, size, pairs, codes, text, first)


@njit(**OPTIONS)
def _long_pairs(data, at, size, pairs, codes, text, end):
    """Pairs only, some of which are of more than three bytes; bytes written, or -1."""
    first = end
    for p in range(at, at + size, 2):
        entry = pairs[(np.intp(data[p]) << 8) | np.intp(data[p + 1])]
        if entry == 0 or entry >= SHIFT:
            return -1
        if entry >= SPECIAL:
            row = np.intp(entry & np.uint32(0xFFFFFF))
            store64(text, end, codes.longs[row, 0])
            end += np.intp(codes.longs[row, 1])
        else:
            store32(text, end, entry)
            end += np.intp(entry >> np.uint32(24))
    return unfilled(text, first, end) - first


@njit(**OPTIONS)
def _ones(data, at, size, codes, text, end):
    """One-byte characters only; bytes written, or -1."""
    size = trimmed(data, at, size, codes.blank)
    first, good, ones = end, True, codes.ones[0]
    for p in range(at, at + size):
        entry = ones[data[p]]
        good &= (entry != 0) & (entry < SPECIAL)
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24)) & 3
    return end - first if good else -1


@njit(**OPTIONS)
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


@njit(**OPTIONS)
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
    return unfilled(text, first, end) - first


@njit(**OPTIONS)
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


@njit(**OPTIONS)
def wide(data, at, size, codes, text, end):
    """Full-width characters only; bytes written, or -1. Blanks at the end go, shift codes around all, too."""
    done = _pairs(data, at, size, codes, text, end)
    if done < 0 and len(codes.pairs) > 1 and codes.simple:  # some may be of three bytes
        done = mixed(data, at, size, codes, text, end)
        if done > 0 and halves(text, end, end + done)[0]:
            return -1
    return done


@njit(**OPTIONS)
def kana(data, at, size, codes, text, end):
    """Half-width characters only; bytes written, or -1."""
    done = _ones(data, at, size, codes, text, end)
    if done < 0 and len(codes.ones) > 1 and codes.simple:  # some may be of two bytes
        done = mixed(data, at, size, codes, text, end)
        if done > 0 and halves(text, end, end + done)[1]:
            return -1
    return done


@njit(**OPTIONS)
def short_digits(data, at, size, fill, flip, views, row):
    """Up to 12 digits straight into the view: their number, 0 for blanks, or -1."""
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low, high = load64(data, at) ^ flip, load64(data, at + 8) ^ flip
    low, high = low & low_kept, high & high_kept
    if digits8(low | (ZEROS & ~low_kept)) and digits8(high | (ZEROS & ~high_kept)):
        short(views, row, low, high, size)
        return size
    short(views, row, U(0), U(0), 0)
    return 0 if blank(data, at, size, fill) else -1


@njit(**OPTIONS)
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


@njit(**OPTIONS)
def short_ones(data, at, size, ones, fill, views, row):
    """Up to 12 single bytes, each an ASCII character by the table, straight into the view: their number without
    the blanks at the end, or LONG where there is anything else."""
    size = trimmed(data, at, size, fill)
    low, high, good = U(0), U(0), True
    for i in range(size):
        entry = ones[data[at + i]]
        good &= (entry >> np.uint32(24)) == 1
        if i < 8:
            low |= U(entry & np.uint32(0xFF)) << U(8 * i)
        else:
            high |= U(entry & np.uint32(0xFF)) << U(8 * i - 64)
    if size:
        good &= ones[data[at + size - 1]] != BLANK_ENTRY  # another code for a blank
    short(views, row, low if good else U(0), high if good else U(0), size if good else 0)
    return size if good else LONG


@njit(**OPTIONS)
def copied_digits(data, at, size, fill, flip, text, end):
    """Digits and nothing else, copied; bytes written, 0 for blanks, or -1."""
    good, done = True, 0
    while done < size:
        eight = load64(data, at + done) ^ flip
        store64(text, end + done, eight)
        kept = below(size - done)
        good &= digits8((eight & kept) | (ZEROS & ~kept))
        done += 8
    if good:
        return size
    return 0 if blank(data, at, size, fill) else -1
