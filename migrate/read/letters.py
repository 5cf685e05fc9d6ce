"""Compiled: the bytes of one value of text -> its UTF-8, by the tables of an encoding.

Every function works on one value and gives the bytes written, or -1 for a value that it cannot take; why,
says `diagnose.py`. Buffers need kernel.SPARE readable bytes behind their end: loads and stores go eight at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray  # noqa: TC002 - numba looks at the types

from migrate.compiled import OPTIONS
from migrate.read.machine import (
    BLANK8,
    EACH,
    LOW4,
    ZEROS,
    U,
    below,
    digits8,
    load64,
    printable,
    store32,
    store64,
)  # fmt: skip

LEAD = np.uint32(0xFFFFFFFF)
"""What the table of single bytes holds for the first byte of a pair."""

SPACE = np.uint8(0x20)
PAIRS = U(0x0001000100010001)

LONG = -2
"""A text that does not lie in its view alone."""


class Codes(NamedTuple):
    """An encoding as compiled code sees it.

    An entry of a table is the UTF-8 of its character: up to three bytes in the low 24 bits (first byte lowest),
    their number in the top 8. 0 is refused, LEAD begins a pair.
    """

    ones: NDArray[np.uint32]  # [256]: single bytes
    pairs: NDArray[np.uint32]  # [65,536]: first byte high
    blank: np.uint8  # the single byte that fills a field: 20, or 40 in EBCDIC
    wide_blank: np.uint16  # the pair that fills a field, first byte lowest: 4081, 4040 ...
    flip: np.uint64  # what turns eight of the encoding's digits into ASCII's: 0, or C0 in each byte


@njit(**OPTIONS)
def blank(data, at, size, fill):
    """Whether `size` bytes are all `fill`."""
    eight = EACH * U(fill)
    while size >= 8:
        if load64(data, at) != eight:
            return False
        at += 8
        size -= 8
    return ((load64(data, at) ^ eight) & below(size)) == 0 if size else True


@njit(**OPTIONS)
def trimmed(data, at, size, fill):
    """`size` without the bytes `fill` at the end."""
    eight = EACH * U(fill)
    while size >= 8 and load64(data, at + size - 8) == eight:
        size -= 8
    while size and data[at + size - 1] == fill:
        size -= 1
    return size


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
def wide(data, at, size, codes, text, end):
    """Two-byte characters only; bytes written, or -1. Blanks at the end, narrow and wide, go."""
    pairs, eight = codes.pairs, U(codes.wide_blank) * PAIRS
    high, low = np.uint8(codes.wide_blank & 0xFF), np.uint8(codes.wide_blank >> 8)
    while size >= 8 and size & 1 == 0 and load64(data, at + size - 8) == eight:
        size -= 8
    while size:
        if data[at + size - 1] == codes.blank:
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
        good &= entry != 0
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24))
    return end - first if good else -1


@njit(**OPTIONS)
def kana(data, at, size, codes, text, end):
    """One-byte characters only; bytes written, or -1."""
    size = trimmed(data, at, size, codes.blank)
    first, good, ones = end, True, codes.ones
    for p in range(at, at + size):
        entry = ones[data[p]]
        good &= (entry != 0) & (entry != LEAD)
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24)) & 3
    return end - first if good else -1


@njit(**OPTIONS)
def mixed(data, at, size, codes, text, end):
    """One- and two-byte characters; bytes written, or -1. Trimmed on the decoded side, where
    a blank's bytes cannot be halves of other characters."""
    size = trimmed(data, at, size, codes.blank)
    ones, pairs = codes.ones, codes.pairs
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
        at += 1
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24))
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
    return end - first


@njit(**OPTIONS)
def short_digits(data, at, size, codes, views, row):
    """Up to 12 digits straight into the view: their number, 0 for blanks, or -1."""
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low, high = load64(data, at) ^ codes.flip, load64(data, at + 8) ^ codes.flip
    low, high = low & low_kept, high & high_kept
    if digits8(low | (ZEROS & ~low_kept)) and digits8(high | (ZEROS & ~high_kept)):
        short(views, row, low, high, size)
        return size
    short(views, row, U(0), U(0), 0)
    return 0 if blank(data, at, size, codes.blank) else -1


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
def copied_digits(data, at, size, codes, text, end):
    """Digits and nothing else, copied; bytes written, 0 for blanks, or -1."""
    good, done = True, 0
    while done < size:
        eight = load64(data, at + done) ^ codes.flip
        store64(text, end + done, eight)
        kept = below(size - done)
        good &= digits8((eight & kept) | (ZEROS & ~kept))
        done += 8
    if good:
        return size
    return 0 if blank(data, at, size, codes.blank) else -1
