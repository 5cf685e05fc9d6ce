"""Compiled: pieces of texts, which are not copied: `piece(series, behind=False)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import EACH, LOW4, TOPS, U
from migrate.views import INLINE, blanked, column, eight_at, peek64, poke64, seen, short

if TYPE_CHECKING:
    import polars as pl

WIDE = U(0x8080E3)
"""An ideographic space, as three bytes in memory."""
BREAKS = EACH * U(10)


def piece(texts: pl.Series, *, behind: bool) -> pl.Series:
    r"""What stands before the first blanks of each text, or behind them up to the end. Null where nothing stands on
    one of their sides, and where a line breaks behind the first character of what stands behind.

    >>> import polars as pl
    >>> names = pl.Series(["山田　太郎", "山田", "山 田 太郎", "a b\nc"])
    >>> piece(names, behind=False).to_list(), piece(names, behind=True).to_list()
    (['山田', None, '山', 'a'], ['太郎', None, '田 太郎', None])
    """
    given = seen(texts)
    there = given.there
    views = blanked(given.views, there)
    made = np.empty_like(views)
    begin, to = U(views.ctypes.data), U(made.ctypes.data)
    _pieces(begin, given.places[1], to, U(len(texts)), behind)
    return column(texts.name, made, (made[:, 0] & LOW4) != 0, given.owned)


@njit(**OUTER)
def _pieces(views, buffers, made, rows, behind):
    """Makes the views of the pieces, of no bytes where there is none. Takes places in memory."""
    for row in range(rows):
        view, new = views + U(16) * row, made + U(16) * row
        tail = peek64(view + U(8))
        size, begin = peek64(view) & LOW4, view + U(4)
        if size > U(INLINE):
            begin = peek64(buffers + U(8) * (tail & LOW4)) + (tail >> U(32))
        at, end = _piece(begin, begin + size, behind)
        head, rest = short(begin, begin + size, at, end - at)
        poke64(new, head)
        poke64(new + U(8), tail + ((at - begin) << U(32)) if end - at > U(INLINE) else rest)


@njit(**INNER)
def _piece(begin, stop, behind):
    """Where one piece begins and ends; the same place twice if there is none."""
    first = _passed(begin, begin, stop, False)
    second = _passed(begin, first, stop, True)
    if first == begin or second == stop:
        return begin, begin
    if not behind:
        return begin, first
    at = second + U(1)
    while at < stop:
        other = eight_at(begin, at, stop) ^ BREAKS
        if (other - EACH) & ~other & TOPS:
            return begin, begin
        at += U(8)
    return second, stop


@njit(**INNER)
def _passed(begin, at, stop, blanks):
    """The place behind all the blanks, or all else, that stand at `at`."""
    while at < stop:
        eight = eight_at(begin, at, stop)
        lead = eight & U(0xFF)
        narrow, wide = lead == U(0x20), eight & U(0xFFFFFF) == WIDE
        if (narrow or wide) != blanks:
            break
        if lead < U(0x80):
            at += U(1)
        elif lead >= U(0xE0) and lead < U(0xF0):
            at += U(3)
        else:
            at += U(2) if lead < U(0xE0) else U(4)
    return at
