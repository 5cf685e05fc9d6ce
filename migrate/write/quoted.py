"""Columns -> CSV lines, compiled: every value as `value","` (`written`).

A line is a quote, the pieces of its values, and CRLF over the last two bytes. Some rows at a time grow side by
side in a block, column by column: what decides how a value is copied is then the same from value to value, and
the processor foresees it. Where they have ended they are put one behind the other.

The columns are told by a table, uint64[pieces, 5]: what kind of column, then four words as the kind wants them:

    TEXT     views, data buffers, validity (0: all there), its first bit   addresses; see migrate/views.py
    NUMBER   values (int64), 0, validity, its first bit
    SLOTS    slots, long pieces, places (uint32), 0                        addresses; see `prepared`
    FIXED    piece, its bytes, 0, 0                                        the same in every row

A slot is two words: a piece of up to 15 bytes and, as the last byte, how many; or where a longer piece
begins, how many bytes it has, and LONG as the last byte. Behind every fixed and every long piece there are
SPARE bytes that may be read, and as many behind the lines that may be written.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import OPTIONS, njit
from migrate.machine import EACH, LOW4, TOPS, ZEROS, U, load64, store32, store64
from migrate.views import INLINE, begin_of, missing, peek8, peek32, peek64

TEXT, NUMBER, SLOTS, FIXED = range(4)
WORDS = 5
"""Of a line of the table."""
SPARE = 16
DIGITS = 20
"""Of a number, with its sign."""
SLOT = 15
LONG = 255
ROWS, BLOCK = 64, 1 << 18
"""Rows that grow side by side, and the bytes they do it in: both lie in a core's own cache."""
DONE, SHORT, NARROW = range(3)
"""What `written` says: all rows are; the text wants to be longer; a line wants more room in the block."""

_QUOTE, _CR, _LF = 0x22, 0x0D, 0x0A
_QUOTES = EACH * U(_QUOTE)
_BETWEEN = np.uint32(0x222C22)  # ","
_BETWEEN_BYTES = 3
_EIGHT = U(10**8)

_BOUNDS = (2 * INLINE + 3, DIGITS + 3, SLOT, 0)
"""By kind: bytes that a piece may have unless it is fixed, or its text or slot a long one."""


@njit(**OPTIONS)
def _quotes(eight):
    """Not 0 if there is a quote among eight bytes."""
    other = eight ^ _QUOTES
    return (other - EACH) & ~other & TOPS


@njit(**OPTIONS)
def _doubled(out, at, begin, size):
    """Write a text with its quotes doubled."""
    for i in range(size):
        byte = peek8(begin + U(i))
        out[at] = byte
        at += 1
        if byte == _QUOTE:
            out[at] = byte
            at += 1
    return at


@njit(**OPTIONS)
def _short(out, at, view, size):
    """Write a text of up to INLINE bytes."""
    head, tail = peek64(view), peek64(view + U(8))
    first, second = (head >> U(32)) | (tail << U(32)), tail >> U(32)
    store64(out, at, first)
    store64(out, at + 8, second)
    if _quotes(first) | _quotes(second):
        return _doubled(out, at, view + U(4), size)
    return at + size


@njit(**OPTIONS)
def _long(out, at, begin, size):
    """Write a text of more than INLINE bytes. Loads overlap: as many for 17 bytes as for 32."""
    first, last = peek64(begin), peek64(begin + U(size - 8))
    found = _quotes(first) | _quotes(last)
    store64(out, at, first)
    if size > 16:
        third, fourth = peek64(begin + U(8)), peek64(begin + U(size - 16))
        found |= _quotes(third) | _quotes(fourth)
        store64(out, at + 8, third)
        for i in range(16, size - 16, 8):
            eight = peek64(begin + U(i))
            found |= _quotes(eight)
            store64(out, at + i, eight)
        store64(out, at + size - 16, fourth)
    store64(out, at + size - 8, last)
    if found:
        return _doubled(out, at, begin, size)
    return at + size


@njit(**OPTIONS)
def _digits(number):
    """Eight bytes, 0 to 9 each, of a number below 10**8, the highest digit first."""
    four = (number // U(10000)) | ((number % U(10000)) << U(32))
    hundreds = ((four * U(10486)) >> U(20)) & U(0x7F0000007F)
    two = hundreds | ((four - U(100) * hundreds) << U(16))
    tens = ((two * U(103)) >> U(10)) & U(0x000F000F000F000F)
    return tens | ((two - U(10) * tens) << U(8))


@njit(**OPTIONS)
def _number(out, at, bits):
    """Write an int64, given as its bits."""
    if bits >> U(63):
        out[at] = 0x2D
        at += 1
        bits = U(0) - bits  # of -2**63, too
    if bits < U(10):
        out[at] = U(0x30) + bits
        return at + 1
    high, groups = bits, 0
    while high >= _EIGHT:
        high //= _EIGHT
        groups += 1
    first, size = _digits(high), 8
    while first & U(0xFF) == 0:
        first >>= U(8)
        size -= 1
    store64(out, at, first + ZEROS)
    at += size
    while groups:
        groups -= 1
        part = bits
        for _ in range(groups):
            part //= _EIGHT
        store64(out, at, _digits(part % _EIGHT) + ZEROS)
        at += 8
    return at


@njit(**OPTIONS)
def _copied(out, at, begin, size):
    """Copy a piece that may be read beyond its end."""
    i = 0
    while i < size:
        store64(out, at + i, peek64(begin + U(i)))
        store64(out, at + i + 8, peek64(begin + U(i + 8)))
        i += 16
    return at + size


@njit(**OPTIONS)
def _texts(column, first, ats, edges, out):
    """Write a piece in each row of the block; False where one has no room. `edges`: up to where a row may come."""
    views, buffers, valid, bit = column[1], column[2], column[3], column[4]
    for i in range(len(ats)):
        row, at = first + i, ats[i]
        view = views + U(16 * row)
        size = np.intp(peek64(view) & LOW4)
        if missing(valid, bit, row):
            size = 0
        if size <= INLINE:
            at = _short(out, at, view, size)
        else:
            if at + 2 * size > edges[i]:
                return False
            at = _long(out, at, begin_of(view, buffers), size)
        store32(out, at, _BETWEEN)
        ats[i] = at + _BETWEEN_BYTES
    return True


@njit(**OPTIONS)
def _numbers(column, first, ats, out):
    values, valid, bit = column[1], column[3], column[4]
    for i in range(len(ats)):
        at = ats[i]
        if not missing(valid, bit, first + i):
            at = _number(out, at, peek64(values + U(8 * (first + i))))
        store32(out, at, _BETWEEN)
        ats[i] = at + _BETWEEN_BYTES


@njit(**OPTIONS)
def _slots(column, first, ats, edges, out):
    slots, pool, places = column[1], column[2], column[3]
    for i in range(len(ats)):
        at = ats[i]
        slot = slots + (U(peek32(places + U(4 * (first + i)))) << U(4))
        head, tail = peek64(slot), peek64(slot + U(8))
        size = np.intp(tail >> U(56))
        if size == LONG:
            size = np.intp(tail & LOW4)
            if at + size > edges[i]:
                return False
            ats[i] = _copied(out, at, pool + head, size)
        else:
            store64(out, at, head)
            store64(out, at + 8, tail)
            ats[i] = at + size
    return True


@njit(**OPTIONS)
def _fixed(column, ats, out):
    begin, size = column[1], np.intp(column[2])
    for i in range(len(ats)):
        ats[i] = _copied(out, ats[i], begin, size)


@njit(**OPTIONS)
def _grown(table, first, ats, edges, out):
    """Write the rows of a block side by side; False where one has no room."""
    for piece in range(len(table)):
        column, kind = table[piece], table[piece, 0]
        if kind == SLOTS:
            if not _slots(column, first, ats, edges, out):
                return False
        elif kind == FIXED:
            _fixed(column, ats, out)
        elif kind == NUMBER:
            _numbers(column, first, ats, out)
        elif not _texts(column, first, ats, edges, out):
            return False
    return True


@njit(**OPTIONS)
def written(table, begun, block, out, ends):
    """Write lines from `begun[0]` on, at byte `begun[1]` of `out`; `begun` says how far it came, and then
    how many bytes of `block` it gives to a row. `ends`: as many as there are rows. Gives DONE, SHORT, NARROW.
    """
    bound = SPARE + 1
    for piece in range(len(table)):
        kind = np.intp(table[piece, 0])
        bound += np.intp(table[piece, 2]) if kind == FIXED else _BOUNDS[kind]
    begun[2] = max(begun[2], bound)
    stride = begun[2]
    ats, edges = np.empty(ROWS, np.int64), np.empty(ROWS, np.int64)
    abreast = min(ROWS, len(block) // stride)
    if not abreast:
        return NARROW
    while begun[0] < len(ends):
        first, count = begun[0], min(abreast, len(ends) - begun[0])
        for i in range(count):
            block[i * stride] = _QUOTE
            ats[i] = i * stride + 1
            edges[i] = (i + 1) * stride - bound
        if not _grown(table, first, ats[:count], edges, block):
            return NARROW
        size = 0
        for i in range(count):
            size += ats[i] - i * stride
        at = begun[1]
        if at + size + SPARE > len(out):
            return SHORT
        for i in range(count):
            size = ats[i] - i * stride
            for k in range(0, size, 16):
                store64(out, at + k, load64(block, i * stride + k))
                store64(out, at + k + 8, load64(block, i * stride + k + 8))
            at += size
            out[at - 2], out[at - 1] = _CR, _LF
            ends[first + i] = at
        begun[0], begun[1] = first + count, at
    return DONE


@njit(**OPTIONS)
def prepared(column, first, slots, pool, used):
    """Give the texts of a column (a TEXT line of a table) their slots, from `slots[first]` on.

    `pool`, filled up to `used`, takes the long pieces; it must have room for all of them, twice each text's
    bytes and SPARE + 3. Gives how far it is filled then.
    """
    for row in range(len(slots) - first):
        at = used
        if not missing(column[3], column[4], row):
            view = column[1] + U(16 * row)
            size = np.intp(peek64(view) & LOW4)
            if size <= INLINE:
                at = _short(pool, at, view, size)
            else:
                at = _long(pool, at, begin_of(view, column[2]), size)
        store32(pool, at, _BETWEEN)
        size = at + _BETWEEN_BYTES - used
        slot = slots[first + row]
        if size <= SLOT:
            slot[0] = slot[1] = 0
            for i in range(size):
                slot[i >> 3] |= U(pool[used + i]) << U(8 * (i & 7))
            slot[1] |= U(size) << U(56)
        else:
            slot[0] = used
            slot[1] = U(size) | (U(LONG) << U(56))
            used += size
    return used
