"""The hot loop: bytes of many records -> Arrow columns, in one pass, without Python in between.

numba compiles `decode` once and keeps the machine code where the user can write. It reads cache-sized runs
of records field by field, writes text as Arrow string views (up to 12 bytes lie in the view itself),
numbers as int64, and blanks as cleared bits. A value that it cannot take it only marks: `diagnose.py`
looks at those few again and says why. The ideas and their measured worth are in benchmarks/README.md.

Every buffer needs SPARE readable bytes behind its last record: loads and stores go eight at a time.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import OPTIONS
from migrate.read.machine import (
    BLANK8,
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

SPARE = 16
RUN = 1024
"""Records taken at a time: some 400 kB, which a core's own cache holds."""

TEXT, WIDE, KANA, DIGITS, ZONED, PACKED, BINARY = range(7)
KINDS = {"text": TEXT, "wide": WIDE, "kana": KANA, "digits": DIGITS, "zoned": ZONED,
         "packed": PACKED, "binary": BINARY}  # fmt: skip

LEAD = np.uint32(0xFFFFFFFF)
WIDE8 = U(0x4081408140814081)
LONG = -2
"""A text that does not lie in its view alone."""


@njit(**OPTIONS)
def _blank(data, at, size):
    """Whether `size` bytes are all 20."""
    while size >= 8:
        if load64(data, at) != BLANK8:
            return False
        at += 8
        size -= 8
    return ((load64(data, at) ^ BLANK8) & below(size)) == 0 if size else True


@njit(**OPTIONS)
def _trimmed(data, at, size):
    """`size` without blanks (20) at the end."""
    while size >= 8 and load64(data, at + size - 8) == BLANK8:
        size -= 8
    while size and data[at + size - 1] == 0x20:
        size -= 1
    return size


@njit(inline="always", **OPTIONS)
def _short(views, row, low, high, size):
    """An Arrow string view that holds its up to 12 bytes itself; `low` and `high` are cut to size."""
    views[row, 0] = U(size) | (low << U(32))
    views[row, 1] = (low >> U(32)) | (high << U(32))


@njit(inline="always", **OPTIONS)
def _view(views, row, text, base, at, size):
    """An Arrow string view of `size` bytes at text[at] in a column that begins at text[base]; True if
    the bytes must stay there."""
    low = load64(text, at)
    if size <= 12:
        low &= below(size)
        high = load64(text, at + 8) & below(size - 8) if size > 8 else U(0)
        _short(views, row, low, high, size)
        return False
    views[row, 0] = U(size) | ((low & LOW4) << U(32))
    views[row, 1] = U(at - base) << U(32)  # buffer 0 of the column, then the offset in it
    return True


@njit(**OPTIONS)
def _wide(data, at, size, pairs, text, end):
    """Two-byte characters only; bytes written, or -1. Blanks at the end, narrow and wide, go."""
    while size >= 8 and size & 1 == 0 and load64(data, at + size - 8) == WIDE8:
        size -= 8
    while size:
        if data[at + size - 1] == 0x20:
            size -= 1
        elif size > 1 and data[at + size - 2] == 0x81 and data[at + size - 1] == 0x40:
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
def _kana(data, at, size, ones, text, end):
    """One-byte characters only; bytes written, or -1."""
    size = _trimmed(data, at, size)
    first, good = end, True
    for p in range(at, at + size):
        entry = ones[data[p]]
        good &= (entry != 0) & (entry != LEAD)
        store32(text, end, entry)
        end += np.intp(entry >> np.uint32(24)) & 3
    return end - first if good else -1


@njit(**OPTIONS)
def _text(data, at, size, ones, pairs, text, end):
    """One- and two-byte characters; bytes written, or -1. Trimmed on the decoded side, where
    a blank's bytes cannot be halves of other characters."""
    size = _trimmed(data, at, size)
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
def _short_digits(data, at, size, views, row):
    """Up to 12 ASCII digits straight into the view: their number, 0 for blanks, or -1."""
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low, high = load64(data, at) & low_kept, load64(data, at + 8) & high_kept
    if digits8(low | (ZEROS & ~low_kept)) and digits8(high | (ZEROS & ~high_kept)):
        _short(views, row, low, high, size)
        return size
    _short(views, row, U(0), U(0), 0)
    return 0 if _blank(data, at, size) else -1


@njit(**OPTIONS)
def _short_ascii(data, at, size, views, row):
    """Up to 12 printable ASCII characters straight into the view: their number without the blanks at
    the end, or LONG where there is anything else."""
    low_kept, high_kept = below(size), below(size - 8) if size > 8 else U(0)
    low, high = load64(data, at) & low_kept, load64(data, at + 8) & high_kept
    if not (printable(low | (BLANK8 & ~low_kept)) and printable(high | (BLANK8 & ~high_kept))):
        return LONG
    size = _trimmed(data, at, size)
    _short(views, row, low & below(size), high & below(size - 8) if size > 8 else U(0), size)
    return size


@njit(**OPTIONS)
def _copied_digits(data, at, size, text, end):
    """ASCII digits and nothing else, copied; bytes written, 0 for blanks, or -1."""
    good, done = True, 0
    while done < size:
        eight = load64(data, at + done)
        store64(text, end + done, eight)
        kept = below(size - done)
        good &= digits8((eight & kept) | (ZEROS & ~kept))
        done += 8
    if good:
        return size
    return 0 if _blank(data, at, size) else -1


@njit(**OPTIONS)
def _zoned(data, at, size):
    """(value, state): digits with the sign over the last one; state 1 value, 0 blank, -1 neither."""
    value, good = np.int64(0), True
    for p in range(at, at + size - 1):
        digit = np.int64(data[p]) - 0x30
        good &= (digit >= 0) & (digit <= 9)
        value = value * 10 + digit
    last, negative = np.int64(data[at + size - 1]), False
    if 0x30 <= last <= 0x39:
        digit = last - 0x30
    elif last == 0x7B:  # {
        digit = np.int64(0)
    elif 0x41 <= last <= 0x49:  # A-I
        digit = last - 0x40
    elif last == 0x7D:  # }
        digit, negative = np.int64(0), True
    elif 0x4A <= last <= 0x52:  # J-R
        digit, negative = last - 0x49, True
    else:
        digit, good = np.int64(0), False
    if not good:
        return np.int64(0), 0 if _blank(data, at, size) else -1
    value = value * 10 + digit
    return (-value if negative else value), 1


@njit(**OPTIONS)
def _packed(data, at, size):
    """(value, state): two digits a byte, the last half byte the sign (C A E F +, D B -)."""
    value, good = np.int64(0), True
    for p in range(at, at + size):
        high, low = np.int64(data[p] >> 4), np.int64(data[p] & 15)
        good &= high <= 9
        value = value * 10 + high
        if p < at + size - 1:
            good &= low <= 9
            value = value * 10 + low
    sign = data[at + size - 1] & 15
    if not good or sign < 10:
        return np.int64(0), 0 if _blank(data, at, size) else -1
    return (-value if (sign == 13) | (sign == 11) else value), 1


@njit(**OPTIONS)
def _binary(data, at, size):
    """(value, state): big-endian, two's complement."""
    value = np.int64(data[at])
    if value >= 128:
        value -= 256
    for p in range(at + 1, at + size):
        value = (value << 8) | np.int64(data[p])
    return value, 1


@njit(**OPTIONS)
def decode(data, starts, fields, tables, text, views, numbers, valid, bad):
    """Fill the columns from the records at `starts`; gives (bytes used of each text, marks in `bad`).

    data uint8[bytes + SPARE]; starts int64[records]; fields int64[fields, 5]: byte in the record, bytes,
    kind, slot, where its part of `text` begins; tables uint32[256 + 65536], single bytes then pairs; text
    uint8; views uint64[slots, records, 2]; numbers int64[slots, records]; valid uint8[fields, records / 8
    up]; bad int64[marks, 2]: (record, field). Short digits and texts are read as ASCII.
    """
    ones, pairs = tables[:256], tables[256:]
    used = np.zeros(len(fields), np.int64)
    marks = 0
    for run in range(0, len(starts), RUN):
        stop = min(run + RUN, len(starts))
        for f in range(len(fields)):
            at, size, kind = fields[f, 0], fields[f, 1], fields[f, 2]
            slot, base = fields[f, 3], fields[f, 4]
            end = base + used[f]
            bits = np.uint8(0)
            column = views[slot if kind <= DIGITS else 0]
            figures = numbers[slot if kind > DIGITS else 0]
            marked = valid[f]
            for row in range(run, stop):
                p = starts[row] + at
                state = LONG
                if size <= 12 and kind == DIGITS:
                    state = _short_digits(data, p, size, column, row)
                elif size <= 12 and kind == TEXT:
                    state = _short_ascii(data, p, size, column, row)
                if state != LONG:
                    pass
                elif kind <= DIGITS:
                    if kind == DIGITS:
                        state = _copied_digits(data, p, size, text, end)
                    elif kind == WIDE:
                        state = _wide(data, p, size, pairs, text, end)
                    elif kind == KANA:
                        state = _kana(data, p, size, ones, text, end)
                    else:
                        state = _text(data, p, size, ones, pairs, text, end)
                    if _view(column, row, text, base, end, max(state, 0)):
                        end += state
                else:
                    if kind == ZONED:
                        value, state = _zoned(data, p, size)
                    elif kind == PACKED:
                        value, state = _packed(data, p, size)
                    else:
                        value, state = _binary(data, p, size)
                    figures[row] = value
                if state > 0:
                    bits |= np.uint8(1 << (row & 7))
                elif state < 0:
                    bad[marks, 0], bad[marks, 1] = row, f
                    marks += 1
                if (row & 7) == 7 or row == stop - 1:
                    marked[row >> 3] = bits
                    bits = np.uint8(0)
            used[f] = end - base
    return used, marks
