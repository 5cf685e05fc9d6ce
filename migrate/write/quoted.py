"""Columns -> CSV lines, compiled: every value as `value","`, one row after the other (`written`).

A line is a quote, the pieces of its values, and CRLF over the last two bytes. A row's pieces are told by a
table, uint64[pieces, 6]: what kind of column, then five words as the kind wants them:

    TEXT     views, data buffers, validity (0: all there), its first bit   addresses; see migrate/views.py
    NUMBER   values (int64), 0, validity, its first bit
    SLOTS    slots, long pieces, places (uint32)                           addresses; see `prepared`
    FIXED    piece, its bytes                                              the same in every row

A slot is two words: a piece of up to 15 bytes and, as the last byte, how many; or where a longer piece
begins, how many bytes it has, and LONG as the last byte. Behind every fixed and every long piece there are
SPARE bytes that may be read; a buffer written to needs them, too.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import OPTIONS
from migrate.machine import EACH, LOW4, TOPS, ZEROS, U, store32, store64
from migrate.views import INLINE, peek8, peek32, peek64, word

TEXT, NUMBER, SLOTS, FIXED = range(4)
WORDS = 6
"""Of a line of the table."""
SPARE = 16
DIGITS = 20
"""Of a number, with its sign."""
SLOT = 15
LONG = 255

_QUOTE, _CR, _LF = 0x22, 0x0D, 0x0A
_QUOTES = EACH * U(_QUOTE)
_BETWEEN = np.uint32(0x222C22)  # ","
_BETWEEN_BYTES = 3
_EIGHT = U(10**8)

BOUNDS = (2 * INLINE + 3, DIGITS + 3, SLOT, 0)
"""By kind: bytes that a piece may have unless it is fixed, or its text or slot a long one."""


@njit(inline="always", **OPTIONS)
def _quotes(eight):
    """Not 0 if there is a quote among eight bytes."""
    other = eight ^ _QUOTES
    return (other - EACH) & ~other & TOPS


@njit(**OPTIONS)
def _doubled(out, at, begin, size):
    """Write a text with its quotes doubled."""
    for i in range(size):
        byte = np.uint8(word(begin, size, i) & U(0xFF))
        out[at] = byte
        at += 1
        if byte == _QUOTE:
            out[at] = byte
            at += 1
    return at


@njit(inline="always", **OPTIONS)
def _short(out, at, view, size):
    """Write a text of up to INLINE bytes."""
    head, tail = peek64(view), peek64(view + U(8))
    first, second = (head >> U(32)) | (tail << U(32)), tail >> U(32)
    store64(out, at, first)
    store64(out, at + 8, second)
    if _quotes(first) | _quotes(second):
        return _doubled(out, at, view + U(4), size)
    return at + size


@njit(inline="always", **OPTIONS)
def _long(out, at, begin, size):
    """Write a text of more than INLINE bytes."""
    found, i = U(0), 0
    while i + 8 <= size:
        eight = peek64(begin + U(i))
        found |= _quotes(eight)
        store64(out, at + i, eight)
        i += 8
    eight = peek64(begin + U(size - 8))
    found |= _quotes(eight)
    store64(out, at + size - 8, eight)
    if found:
        return _doubled(out, at, begin, size)
    return at + size


@njit(inline="always", **OPTIONS)
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


@njit(inline="always", **OPTIONS)
def _copied(out, at, begin, size):
    """Copy a piece that may be read beyond its end."""
    i = 0
    while i < size:
        store64(out, at + i, peek64(begin + U(i)))
        store64(out, at + i + 8, peek64(begin + U(i + 8)))
        i += 16
    return at + size


@njit(inline="always", **OPTIONS)
def _missing(valid, first, row):
    """Whether a value is not there, by the address of its column's bits."""
    place = first + U(row)
    return valid != 0 and (peek8(valid + (place >> U(3))) >> (place & U(7))) & 1 == 0


@njit(**OPTIONS)
def written(table, rows, begun, out, ends):
    """Write lines `begun[0]` to `rows` at byte `begun[1]` of `out`; `begun` says how far it came.

    Where `out` is too short for the next line it ends early, having written nothing of it that counts.
    """
    bound = SPARE + 4
    for piece in range(len(table)):
        kind = table[piece, 0]
        bound += np.intp(table[piece, 2]) if kind == FIXED else BOUNDS[np.intp(kind)]
    room = len(out) - bound
    at = begun[1]
    for row in range(begun[0], rows):
        if at > room:
            return
        out[at] = _QUOTE
        at += 1
        for piece in range(len(table)):
            kind = table[piece, 0]
            if kind == SLOTS:
                slot = table[piece, 1] + (U(peek32(table[piece, 3] + U(4 * row))) << U(4))
                head, tail = peek64(slot), peek64(slot + U(8))
                size = np.intp(tail >> U(56))
                if size == LONG:
                    size = np.intp(tail & LOW4)
                    if at + size > room:
                        return
                    at = _copied(out, at, table[piece, 2] + head, size)
                else:
                    store64(out, at, head)
                    store64(out, at + 8, tail)
                    at += size
            elif kind == FIXED:
                at = _copied(out, at, table[piece, 1], np.intp(table[piece, 2]))
            else:
                if _missing(table[piece, 3], table[piece, 4], row):
                    pass
                elif kind == NUMBER:
                    at = _number(out, at, peek64(table[piece, 1] + U(8 * row)))
                else:
                    view = table[piece, 1] + U(16 * row)
                    size = np.intp(peek64(view) & LOW4)
                    if size <= INLINE:
                        at = _short(out, at, view, size)
                    else:
                        if at + 2 * size > room:
                            return
                        where = peek64(view + U(8))
                        begin = peek64(table[piece, 2] + ((where & LOW4) << U(3)))
                        at = _long(out, at, begin + (where >> U(32)), size)
                store32(out, at, _BETWEEN)
                at += _BETWEEN_BYTES
        out[at - 2] = _CR
        out[at - 1] = _LF
        ends[row] = at
        begun[0], begun[1] = row + 1, at


@njit(**OPTIONS)
def prepared(column, first, slots, pool, used):
    """Give the texts of a column (a TEXT line of a table) their slots, from `slots[first]` on.

    `pool`, filled up to `used`, takes the long pieces; it must have room for all of them, twice each text's
    bytes and SPARE + 3. Gives how far it is filled then.
    """
    for row in range(len(slots) - first):
        at = used
        if not _missing(column[3], column[4], row):
            view = column[1] + U(16 * row)
            size = np.intp(peek64(view) & LOW4)
            if size <= INLINE:
                at = _short(pool, at, view, size)
            else:
                where = peek64(view + U(8))
                begin = peek64(column[2] + ((where & LOW4) << U(3)))
                at = _long(pool, at, begin + (where >> U(32)), size)
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
