"""Compiled: texts in which characters are replaced: `Letters({"ｱ": "ア", "ｶﾞ": "ガ"}).rewritten(series)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import LOW4, U
from migrate.views import INLINE, begin_of, blanked, column, eight_at, peek64, poke64, seen, short

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

MARKS, PAGES, ASCII, ENTRIES = 0, 2, 2 + 1024, 2 + 1024 + 128
"""Where each part of the tables begins, in words of eight bytes. A page are the characters of three bytes of UTF-8
that have the first two in common, told by 10 bits of these; the first page has no entries."""
PAGE = 3 * 64
"""Entries of a page: of each character alone, before the first mark, before the second."""
THERE = 0x80
"""In the top byte of an entry: it is one. The rest of that byte says how many of the others are written."""
NO_MARK = 0xFFFFFFFF
SPARE = 8


class Letters:
    """What is written for which characters, as compiled code looks them up: the leftmost first, two before one.

    Keys are characters of ASCII or of three bytes of UTF-8, or two of three bytes; the second of these is one
    of two marks at the most. What is written has seven bytes at the most.

    >>> import polars as pl
    >>> kana = Letters({"ｶ": "カ", "ﾞ": "゛", "ｶﾞ": "ガ", "a": ""})
    >>> kana.rewritten(pl.Series(["ｶﾞｶaﾞ", None, "山田"])).to_list()
    ['ガカ゛', None, '山田']
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        marks = sorted({key[1] for key in table if len(key) == 2})
        pages = sorted({_page(key[0]) for key in table if not key.isascii()})
        first = {page: ENTRIES + PAGE * number for number, page in enumerate(pages, 1)}
        self._tables = np.zeros(ENTRIES + PAGE * (1 + len(pages)), np.uint64)
        self._tables[PAGES:ASCII] = ENTRIES
        self._tables[:PAGES] = [*map(_code, marks), NO_MARK, NO_MARK][:2]
        for page, entries in first.items():
            self._tables[PAGES + page] = entries
        for key, value in table.items():
            entry = int.from_bytes(value.encode(), "little") | (THERE | len(value.encode())) << 56
            if key.isascii():
                self._tables[ASCII + ord(key)] = entry
            else:
                kind = 1 + marks.index(key[1]) if len(key) == 2 else 0
                place = first[_page(key[0])] + 64 * kind + (key[0].encode()[2] & 63)
                self._tables[place] = entry
        self._growth = max(-(-len(v.encode()) // len(k.encode())) for k, v in table.items())

    def rewritten(self, texts: pl.Series) -> pl.Series:
        """The texts with the characters replaced. What stays as it is is not copied."""
        given = seen(texts)
        there = given.there
        views = blanked(given.views, there)
        room = int((views[:, 0] & LOW4).sum()) * max(1, self._growth)
        made, text = np.empty_like(views), np.empty(room + SPARE, np.uint8)
        begin, *places = (U(a.ctypes.data) for a in (views, self._tables, made, text))
        used = _rewritten(begin, given.places[1], *places, U(len(texts)), U(len(given.owned)))
        return column(texts.name, made, there, [*given.owned, text[:used]])


def _code(character: str) -> int:
    return int.from_bytes(character.encode(), "little")


def _page(character: str) -> int:
    first, second, _ = character.encode()
    return (first & 15) << 6 | second & 63


@njit(**OUTER)
def _rewritten(views, buffers, tables, made, text, rows, added):
    """Makes the views of the texts; how many bytes it wrote, those of new texts that do not fit into a view.

    Takes places in memory: to count who holds an array costs more than a short text does.
    """
    begun = U(0)
    for row in range(rows):
        view, new = views + U(16) * row, made + U(16) * row
        head, tail = peek64(view), peek64(view + U(8))
        size, begin = head & LOW4, begin_of(view, buffers)
        end = _text(begin, begin + size, tables, text + begun)
        if end == U(0):
            poke64(new, head)
            poke64(new + U(8), tail)
            continue
        begin, size = text + begun, end - text - begun
        head, tail = short(begin, end, begin, size)
        poke64(new, head)
        poke64(new + U(8), added | begun << U(32) if size > U(INLINE) else tail)
        begun += size if size > U(INLINE) else U(0)
    return begun


@njit(**INNER)
def _text(at, stop, tables, to):
    """One text, written at `to`: where it ends there, or 0 if it stays as it is.

    Branches decide how far the next character is, so that the processor need not wait for the tables to go there;
    what is written is decided without one, as a guess would often be wrong.
    """
    begin, new = at, U(0)
    dakuten, handakuten = peek64(tables), peek64(tables + U(8))
    while at < stop:
        eight = eight_at(begin, at, stop)
        lead = eight & U(0xFF)
        if lead < U(0x80):
            entry, step = peek64(tables + U(8 * ASCII) + U(8) * lead), U(1)
        elif lead & U(0xF0) == U(0xE0):
            page = (lead & U(15)) << U(6) | (eight >> U(8)) & U(63)
            place = peek64(tables + U(8 * PAGES) + U(8) * page) + ((eight >> U(16)) & U(63))
            entry, step = peek64(tables + U(8) * place), U(3)
            behind = (eight >> U(24)) & U(0xFFFFFF)
            if behind == dakuten or behind == handakuten:
                pair = peek64(tables + U(8) * (place + U(64) + U(64) * U(behind == handakuten)))
                if pair:
                    entry, step = pair, U(6)
        else:
            entry, step = U(0), U(2) if lead < U(0xE0) else U(4)
        new |= entry
        poke64(to, entry if entry else eight)
        to += (entry >> U(56)) & U(7) if entry else step
        at += step
    return to if new else U(0)
