"""The hot loop of an XML file that is laid out as `write/xml.py` does it: bytes -> items.

One row a line, columns in their order, nothing between elements, `<`, `>` and `&` escaped. Whatever is anything else
stops the loop at that row, and the parser in `xml.py` goes on from there: it alone says what is wrong.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import OPTIONS, njit
from migrate.read.delivered.scan import SPARE, _bad_utf8, _view

__all__ = ["SPARE", "cut"]

LESS, GREATER, SLASH, AND, LF = 60, 62, 47, 38, 10
BEGIN, END = np.frombuffer(b"<row>", np.uint8), np.frombuffer(b"</row>\n", np.uint8)
SIGNS = ((b"amp;", b"&"), (b"lt;", b"<"), (b"gt;", b">"), (b"#13;", b"\r"))
"""What may follow `&`, and what it stands for."""
_LENGTHS = np.array([len(name) for name, _ in SIGNS])
_NAMES = np.array([list(name.ljust(4, b"\0")) for name, _ in SIGNS], np.uint8)
_MEANT = np.array([sign[0] for _, sign in SIGNS], np.uint8)


@njit(inline="always", **OPTIONS)
def _same(data, at, wanted, begin, end):
    for i in range(end - begin):  # noqa: SIM110 - compiled
        if data[at + i] != wanted[begin + i]:
            return False
    return True


@njit(**OPTIONS)
def _meant(data, at, stop):
    """Which of the signs is named behind an `&`; -1: none of them."""
    for k in range(len(_MEANT)):
        if at + _LENGTHS[k] <= stop and _same(data, at, _NAMES[k], 0, _LENGTHS[k]):
            return k
    return -1


@njit(**OPTIONS)
def _unescaped(data, at, stop):
    """Make signs of their names, in place; where the item ends then."""
    end = at
    while at < stop:
        data[end] = data[at]
        at += 1
        if data[end] == AND:
            k = _meant(data, at, stop)
            data[end] = _MEANT[k]
            at += _LENGTHS[k]
        end += 1
    return end


@njit(**OPTIONS)
def _item(data, at, size):
    """(where an item ends that begins at `at`, -1 if it holds what it may not; whether `&` is in it)."""
    high, escaped, p = False, False, at
    while p < size:
        b = data[p]
        if b == LESS:
            break
        if b < 0x20 or b in (GREATER, 0x7F):
            return -1, False
        high |= b >= 0x80
        escaped |= b == AND
        p += 1
    if escaped:
        for i in range(at, p):
            if data[i] == AND and _meant(data, i + 1, p) < 0:
                return -1, False
    if high:
        for i in range(at, p - 2):
            if data[i] == 0xEF and data[i + 1] == 0xBF and data[i + 2] >= 0xBE:  # U+FFFE, U+FFFF
                return -1, False
        bad, control = _bad_utf8(data, at, p)
        if bad >= 0 or control:
            return -1, False
    return p, escaped


@njit(**OPTIONS)
def _looked(data, at, size, names, starts, spans):
    """Where the row at `at` ends, -1 if it is not laid out so; spans int64[columns, 3]: begin, end, escaped."""
    if size - at < 12 or not _same(data, at, BEGIN, 0, 5):
        return -1
    column, p = 0, at + 5
    while p < size and data[p] == LESS and data[p + 1] != SLASH:
        p += 1
        while column < len(spans):
            length = starts[column + 1] - starts[column]
            closed = p + length < size and data[p + length] == GREATER
            if closed and _same(data, p, names, starts[column], starts[column + 1]):
                break
            column += 1
        if column == len(spans):
            return -1
        begin = p + length + 1
        end, escaped = _item(data, begin, size)
        if (
            end < 0
            or end + length + 3 > size
            or data[end + 1] != SLASH
            or data[end + 2 + length] != GREATER
        ):
            return -1
        if not _same(data, end + 2, names, starts[column], starts[column + 1]):
            return -1
        spans[column, 0], spans[column, 1], spans[column, 2] = begin, end, escaped
        column += 1
        p = end + length + 3
    if size - p < 7 or not _same(data, p, END, 0, 7):
        return -1
    return p + 7


@njit(**OPTIONS)
def cut(data, size, names, starts, bounds, views, filled):
    """Cut data[:size] into rows; gives how many. bounds int64[rows + 1], views uint64[columns, rows, 2],
    filled uint8[columns, rows]; names: the columns' names one after the other, starts: where each begins, and the
    last one's end. Data holds SPARE bytes more. Stops at a row that is not laid out so."""
    width, capacity = len(views), len(bounds) - 1
    spans = np.zeros((width, 3), np.int64)
    row = 0
    bounds[0] = 0
    while row < capacity:
        spans[:] = 0
        end = _looked(data, bounds[row], size, names, starts, spans)
        if end < 0:
            break
        for column in range(width):
            begin, stop = spans[column, 0], spans[column, 1]
            if spans[column, 2]:
                stop = _unescaped(data, begin, stop)
            _view(views[column], row, data, begin, stop - begin)
            filled[column, row] = stop > begin
        row += 1
        bounds[row] = end
    return row
