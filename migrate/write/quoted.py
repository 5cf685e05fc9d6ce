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

from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import EACH, LOW4, TOPS, ZEROS, U
from migrate.views import (
    INLINE,
    address,
    begin_of,
    missing,
    peek8,
    peek32,
    peek64,
    poke8,
    poke32,
    poke64,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
PLACES = 2 * ROWS
DONE, SHORT, NARROW = range(3)
"""What `written` says: all rows are; the text wants to be longer; a line wants more room in the block."""

_0, _1, _4, _8, _16, _24, _32 = map(U, (0, 1, 4, 8, 16, 24, 32))
_INLINE, _SLOT, _LONG, _TOP, _ROWS = U(INLINE), U(SLOT), U(LONG), U(56), U(ROWS)
_OF_NUMBER, _OF_SLOTS, _OF_FIXED = U(NUMBER), U(SLOTS), U(FIXED)
"""Numbers as compiled code wants them: to turn one into its kind there takes as long to compile as to add it."""
_LINE, _EDGES = U(8 * WORDS), U(8 * ROWS)
"""Bytes of a line of the table; and from a row's place in the block to where it must end."""

_QUOTE, _MINUS = np.uint8(0x22), np.uint8(0x2D)
_QUOTES = EACH * U(_QUOTE)
_BETWEEN, _NEWLINE = np.uint32(0x222C22), np.uint32(0x0A0D)  # ","
_BETWEEN_BYTES = U(3)
_EIGHT = U(10**8)

_BOUNDS = np.array([2 * INLINE + 3, DIGITS + 3, SLOT, 0], np.uint64)
"""By kind: bytes that a piece may have unless it is fixed, or its text or slot a long one."""


@njit(**INNER)
def _quotes(eight):
    """Not 0 if there is a quote among eight bytes."""
    other = eight ^ _QUOTES
    return (other - EACH) & ~other & TOPS


@njit(**INNER)
def _doubled(at, begin, size):
    """Write a text with its quotes doubled."""
    stop = begin + size
    while begin < stop:
        byte = peek8(begin)
        poke8(at, byte)
        at += _1
        if byte == _QUOTE:
            poke8(at, byte)
            at += _1
        begin += _1
    return at


@njit(**INNER)
def _text(at, begin, size):
    """Write a text of more than INLINE bytes. Loads overlap: as many for 17 bytes as for 32."""
    stop, to = begin + size, at + size
    first, last = peek64(begin), peek64(stop - _8)
    found = _quotes(first) | _quotes(last)
    poke64(at, first)
    if size > _16:
        third, fourth = peek64(begin + _8), peek64(stop - _16)
        found |= _quotes(third) | _quotes(fourth)
        poke64(at + _8, third)
        i = _16
        while i < size - _16:
            eight = peek64(begin + i)
            found |= _quotes(eight)
            poke64(at + i, eight)
            i += _8
        poke64(to - _16, fourth)
    poke64(to - _8, last)
    return _doubled(at, begin, size) if found else to


@njit(**INNER)
def _quoted(at, view, size, buffers):
    """Write a text of a view, and what stands between it and the next one."""
    if size <= _INLINE:
        head, tail = peek64(view), peek64(view + _8)
        first, second = (head >> _32) | (tail << _32), tail >> _32
        poke64(at, first)
        poke64(at + _8, second)
        if _quotes(first) | _quotes(second):
            at = _doubled(at, view + _4, size)
        else:
            at += size
    else:
        at = _text(at, begin_of(view, buffers), size)
    poke32(at, _BETWEEN)
    return at + _BETWEEN_BYTES


@njit(**INNER)
def _digits(number):
    """Eight bytes, 0 to 9 each, of a number below 10**8, the highest digit first."""
    four = (number // U(10000)) | ((number % U(10000)) << _32)
    hundreds = ((four * U(10486)) >> U(20)) & U(0x7F0000007F)
    two = hundreds | ((four - U(100) * hundreds) << _16)
    tens = ((two * U(103)) >> U(10)) & U(0x000F000F000F000F)
    return tens | ((two - U(10) * tens) << _8)


@njit(**INNER)
def _number(at, bits):
    """Write an int64, given as its bits."""
    if bits >> U(63):
        poke8(at, _MINUS)
        at += _1
        bits = _0 - bits  # of -2**63, too
    if bits < U(10):
        poke8(at, U(0x30) + bits)
        return at + _1
    high, groups = bits, _0
    while high >= _EIGHT:
        high //= _EIGHT
        groups += _1
    first, size = _digits(high), _8
    while first & U(0xFF) == _0:
        first >>= _8
        size -= _1
    poke64(at, first + ZEROS)
    at += size
    while groups:
        groups -= _1
        part, behind = bits, groups
        while behind:
            part //= _EIGHT
            behind -= _1
        poke64(at, _digits(part % _EIGHT) + ZEROS)
        at += _8
    return at


@njit(**INNER)
def _copied(at, begin, size):
    """Copy a piece that may be read beyond its end."""
    stop = at + size
    while at < stop:
        first, second = peek64(begin), peek64(begin + _8)
        poke64(at, first)
        poke64(at + _8, second)
        begin += _16
        at += _16
    return stop


@njit(inline="always", **INNER)
def _texts(column, first, ats, edges):
    """Write a piece in each row of the block; False where one has no room. `edges`: up to where a row may come."""
    views, buffers = peek64(column + _8), peek64(column + _16)
    valid, bit = peek64(column + _24), peek64(column + _32)
    view, row, place = views + _16 * first, first, ats
    while place < edges:
        size = _0 if missing(valid, bit, row) else peek64(view) & LOW4
        at = peek64(place)
        if size > _INLINE and at + size + size > peek64(place + _EDGES):
            return False
        poke64(place, _quoted(at, view, size, buffers))
        view += _16
        row += _1
        place += _8
    return True


@njit(inline="always", **INNER)
def _numbers(column, first, ats, edges):
    values, valid, bit = peek64(column + _8), peek64(column + _24), peek64(column + _32)
    row, place = first, ats
    while place < edges:
        at = peek64(place)
        if not missing(valid, bit, row):
            at = _number(at, peek64(values + _8 * row))
        poke32(at, _BETWEEN)
        poke64(place, at + _BETWEEN_BYTES)
        row += _1
        place += _8


@njit(inline="always", **INNER)
def _slots(column, first, ats, edges):
    slots, pool = peek64(column + _8), peek64(column + _16)
    number, place = peek64(column + _24) + _4 * first, ats
    while place < edges:
        slot, at = slots + _16 * U(peek32(number)), peek64(place)
        head, tail = peek64(slot), peek64(slot + _8)
        size = tail >> _TOP
        if size == _LONG:
            size = tail & LOW4
            if at + size > peek64(place + _EDGES):
                return False
            at = _copied(at, pool + head, size)
        else:
            poke64(at, head)
            poke64(at + _8, tail)
            at += size
        poke64(place, at)
        number += _4
        place += _8
    return True


@njit(inline="always", **INNER)
def _fixed(column, ats, edges):
    begin, size, place = peek64(column + _8), peek64(column + _16), ats
    while place < edges:
        poke64(place, _copied(peek64(place), begin, size))
        place += _8


@njit(inline="always", **INNER)
def _grown(column, behind, first, ats, edges):
    """Write the rows of a block side by side; False where one has no room."""
    good = True
    while good and column < behind:
        kind = peek64(column)
        if kind == _OF_SLOTS:
            good = _slots(column, first, ats, edges)
        elif kind == _OF_FIXED:
            _fixed(column, ats, edges)
        elif kind == _OF_NUMBER:
            _numbers(column, first, ats, edges)
        else:
            good = _texts(column, first, ats, edges)
        column += _LINE
    return good


@njit(**OUTER)
def written(table, begun, block, out, ends, ats):
    """Write lines from row `begun[0]` on, at byte `begun[1]` of `out`; `begun` says how far it came. A row has
    `begun[2]` bytes of `block`, of which it needs `begun[3]`, its `bound`, besides long texts. `ends`: as many as
    there are rows. `ats`: PLACES words to work with. Gives DONE, SHORT, NARROW.
    """
    column, begun, stop = address(table), address(begun), address(out) + U(len(out))
    behind, rows, ats = column + _LINE * U(len(table)), U(len(ends)), address(ats)
    row, at, stride, bound = (
        peek64(begun),
        peek64(begun + _8),
        peek64(begun + _16),
        peek64(begun + _24),
    )
    at += address(out)
    abreast = U(len(block)) // stride
    if abreast == _0:
        return NARROW
    abreast = abreast if abreast < _ROWS else _ROWS
    while row < rows:
        count = abreast if abreast < rows - row else rows - row
        place, edges, line = ats, ats + _8 * count, address(block)
        while place < edges:
            poke8(line, _QUOTE)
            poke64(place, line + _1)
            line += stride
            poke64(place + _EDGES, line - bound)
            place += _8
        if not _grown(column, behind, row, ats, edges):
            return NARROW
        size, place, line = U(SPARE), ats, address(block)
        while place < edges:
            size += peek64(place) - line
            line += stride
            place += _8
        if at + size > stop:
            return SHORT
        place, line, end = ats, address(block), address(ends) + _8 * row
        while place < edges:
            at = _copied(at, line, peek64(place) - line)
            poke32(at - U(2), _NEWLINE)
            poke64(end, at - address(out))
            line += stride
            end += _8
            place += _8
        row += count
        poke64(begun, row)
        poke64(begun + _8, at - address(out))
    return DONE


def bound(table: NDArray[np.uint64]) -> int:
    """Bytes that a row may need besides its long texts and slots."""
    kinds = table[:, 0].astype(np.intp)
    return SPARE + 1 + int(np.where(kinds == FIXED, table[:, 2], _BOUNDS[kinds]).sum())


@njit(**OUTER)
def prepared(column, slots, pool, used):
    """Give the texts of a column (a TEXT line of a table) their slots.

    `pool`, filled up to `used`, takes the long pieces; it must have room for all of them, twice each text's
    bytes and SPARE + 3. Gives how far it is filled then.
    """
    column, slot, at = address(column), address(slots), address(pool) + used
    view, buffers = peek64(column + _8), peek64(column + _16)
    valid, bit = peek64(column + _24), peek64(column + _32)
    row = _0
    while row < U(len(slots)):
        size = _0 if missing(valid, bit, row) else peek64(view) & LOW4
        stop = _quoted(at, view, size, buffers)
        size = stop - at
        if size <= _SLOT:
            poke64(slot, _0)
            poke64(slot + _8, size << _TOP)
            while size:
                size -= _1
                poke8(slot + size, peek8(at + size))
        else:
            poke64(slot, at - address(pool))
            poke64(slot + _8, size | (_LONG << _TOP))
            at = stop
        view += _16
        slot += _16
        row += _1
    return at - address(pool)
