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
from migrate.machine import LOW4, U
from migrate.views import INLINE, address, missing, peek8, peek32, peek64, poke8, poke32, poke64
from migrate.write.value import BETWEEN, BETWEEN_BYTES, SPARE, copied, number, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXT, NUMBER, SLOTS, FIXED = range(4)
WORDS = 5
"""Of a line of the table."""
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

_QUOTE, _NEWLINE = np.uint8(0x22), np.uint32(0x0A0D)

_BOUNDS = np.array([2 * INLINE + 3, DIGITS + 3, SLOT, 0], np.uint64)
"""By kind: bytes that a piece may have unless it is fixed, or its text or slot a long one."""


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
        poke64(place, quoted(at, view, size, buffers))
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
            at = number(at, peek64(values + _8 * row))
        poke32(at, BETWEEN)
        poke64(place, at + BETWEEN_BYTES)
        row += _1
        place += _8


@njit(inline="always", **INNER)
def _slots(column, first, ats, edges):
    slots, pool = peek64(column + _8), peek64(column + _16)
    where, place = peek64(column + _24) + _4 * first, ats
    while place < edges:
        slot, at = slots + _16 * U(peek32(where)), peek64(place)
        head, tail = peek64(slot), peek64(slot + _8)
        size = tail >> _TOP
        if size == _LONG:
            size = tail & LOW4
            if at + size > peek64(place + _EDGES):
                return False
            at = copied(at, pool + head, size)
        else:
            poke64(at, head)
            poke64(at + _8, tail)
            at += size
        poke64(place, at)
        where += _4
        place += _8
    return True


@njit(inline="always", **INNER)
def _fixed(column, ats, edges):
    begin, size, place = peek64(column + _8), peek64(column + _16), ats
    while place < edges:
        poke64(place, copied(peek64(place), begin, size))
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
            at = copied(at, line, peek64(place) - line)
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
        stop = quoted(at, view, size, buffers)
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
