"""Compiled: texts filled on the left to one width: `padded(series, 5, "0")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import OUTER, njit
from migrate.machine import EACH, LOW4, TOPS, U
from migrate.views import INLINE, begin_of, blanked, column, eight_at, peek64, poke64, seen, short

if TYPE_CHECKING:
    import polars as pl

SPARE = 16
NOT_ASCII = U(0xFFFFFFFFFFFFFFFF)


def padded(texts: pl.Series, width: int, fill: str) -> pl.Series | None:
    """The texts filled to a width, null what is longer; None where a character is not of ASCII.

    >>> import polars as pl
    >>> padded(pl.Series(["42", None, "", "123456"]), 5, "0").to_list(), padded(pl.Series(["山"]), 5, "0")
    (['00042', None, '00000', None], None)
    """
    if not fill.isascii():
        return None
    given = seen(texts)
    there = given.there
    views = blanked(given.views, there)
    made, text = np.empty_like(views), np.empty(len(texts) * width + SPARE, np.uint8)
    begin, *places = (U(a.ctypes.data) for a in (views, made, text))
    numbers = len(texts), width, ord(fill), len(given.owned)
    used = _padded(begin, given.places[1], *places, *map(U, numbers))
    if used == NOT_ASCII:
        return None
    fits = (made[:, 0] & LOW4) != 0
    fits = fits if there is None else fits & there
    return column(texts.name, made, fits, [*given.owned, text[: int(used)]])


@njit(**OUTER)
def _padded(views, buffers, made, text, rows, width, fill, added):
    """Makes the views, of no bytes where a text is too long; how many bytes it wrote at `text`. Takes places in memory."""
    begun, odd = U(0), U(0)
    for row in range(rows):
        view, new = views + U(16) * row, made + U(16) * row
        head, tail = peek64(view), peek64(view + U(8))
        size, begin = head & LOW4, begin_of(view, buffers)
        to, behind = text + begun, text + begun + width - size
        filled, at = to, U(0)
        while size < width and filled < behind:
            poke64(filled, EACH * fill)
            filled += U(8)
        while at < size:
            eight = eight_at(begin, begin + at, begin + size)
            odd |= eight
            if size < width:
                poke64(behind + at, eight)
            at += U(8)
        if size >= width:
            poke64(new, head if size == width else U(0))
            poke64(new + U(8), tail)
            continue
        head, tail = short(to, to + width, to, width)
        poke64(new, head)
        poke64(new + U(8), added | begun << U(32) if width > U(INLINE) else tail)
        begun += width if width > U(INLINE) else U(0)
    return begun if odd & TOPS == U(0) else NOT_ASCII
