"""Compiled: whole days in figures, read and told: `Days("12345", rest).answered(series, "day")`.

Most days of a register are these. Every other text, an unknown part, a lunar or an impossible day among them, is left
to `rest`, which reads them one by one.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.compiled import OUTER, njit
from migrate.convert.calendar import ERAS, YEARS
from migrate.convert.word import BLANK, compiled
from migrate.machine import HIGH_NIBBLES, LOW4, SIXES, ZEROS, U
from migrate.views import blanked, column, peek64, poke64, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.convert.word import Remembered

SOLAR = datetime.date(1873, 1, 1)
"""The first day that is not lunar: 明治6年1月1日."""
_LAST = datetime.date(YEARS[-2], 12, 31)
_YEARS = 98
"""Of an era, in two figures: 99 is an unknown one."""

ENTRY = 3
"""Words of the letters' table, by the first byte of a text: the year before the era's first, and its first and last day
as YYYYMMDD; of a letter that is none they are 0."""
_LONGEST = U(sum((31 - 28 - (m in (4, 6, 9, 11)) - 3 * (m == 2)) << (2 * m) for m in range(1, 13)))
"""How many days more than 28 a month has, two bits each."""
_SIZE, _DASHES = U(10), U(0x2D00002D)
"""Of YYYY-MM-DD: its bytes, and what stands behind its year."""


class Days:
    """What there is to say of dates in one spelling: five letters for GYYMMDD, none for YYYYMMDD.

    `rest` answers to day, era, flag and wording, too.
    """

    def __init__(self, spelling: str, rest: Remembered) -> None:
        self._rest = rest
        self._western = not spelling
        self._table = np.zeros((256, ENTRY), np.uint64)
        codes = np.full(256, BLANK, object)
        for letter, (code, before, first, last) in _entries(spelling):
            self._table[letter] = before, _number(first), _number(last)
            codes[letter] = code
        short = {"era": codes, "flag": np.full(256, "0", object), "wording": np.full(256, BLANK)}
        self._short = {
            name: seen(pl.Series(texts.tolist(), dtype=pl.String)).views
            for name, texts in short.items()
        }
        """By answer and the first byte of a text: what is said of a whole day."""

    def answer(self, value: pl.Expr, name: str) -> pl.Expr:
        """One of the answers to each value."""
        return compiled(value, lambda texts: self.answered(texts, name))

    def answered(self, texts: pl.Series, name: str) -> pl.Series:
        """One of the answers to each of some texts."""
        given = seen(texts)
        there = given.there
        views = blanked(given.views, there)
        made, odd = np.empty_like(views), np.empty(len(texts), np.bool_)
        places = (U(a.ctypes.data) for a in (views, made, self._table))
        count = _days(*places, self._western, odd)
        if name != "day":
            first = np.zeros(256, np.intp) if self._western else np.arange(256)
            made = self._short[name][first[(views[:, 0] >> U(32) & U(0xFF)).astype(np.intp)]]
        if not count:
            return column(texts.name, made, None, [])
        there = np.ones(len(texts), bool) if there is None else there
        rows = np.flatnonzero(odd & there)
        others = self._rest.answered(texts.gather(rows), name)
        told = seen(others)
        made[rows], there[rows] = told.views, True if told.there is None else told.there
        return column(texts.name, made, there, told.owned)


def _number(day: datetime.date) -> int:
    return (day.year * 100 + day.month) * 100 + day.day


def _entries(
    spelling: str,
) -> Iterator[tuple[int, tuple[str, int, datetime.date, datetime.date]]]:
    """By the first byte of a text: the era's code, the year before its first, its first and last whole day."""
    if not spelling:
        yield 0, (BLANK, 0, SOLAR, _LAST)
    for letter, era in zip(spelling, ERAS, strict=False):
        if letter.isascii():
            before = era.first.year - 1
            last = min(era.last, datetime.date(before + _YEARS, 12, 31))
            yield ord(letter), (era.code, before, max(era.first, SOLAR), last)


@njit(**OUTER)
def _days(views, made, table, western, odd):
    """Makes the view of each day as YYYY-MM-DD, and says which texts are no such days: how many. Takes places in
    memory."""
    count = 0
    for row in range(U(len(odd))):
        view = views + U(16) * row
        head, tail = peek64(view), peek64(view + U(8))
        text, entry, size = head >> U(32) | tail << U(32), table, U(8)
        if not western:
            entry, size = table + U(8 * ENTRY) * (text & U(0xFF)), U(7)
            text = (text << U(8) & ~U(0xFFFF)) | U(0x3030)  # as a year of no century
        figures = text ^ ZEROS
        pairs = figures * U(10) + (figures >> U(8))  # byte n: the number of the figures n and n + 1
        year = (pairs & U(0xFF)) * U(100) + ((pairs >> U(16)) & U(0xFF)) + peek64(entry)
        month, day = (pairs >> U(32)) & U(0xFF), (pairs >> U(48)) & U(0xFF)
        number = (year * U(100) + month) * U(100) + day
        wrong = (head & LOW4 != size) | ((figures | (figures + SIXES)) & HIGH_NIBBLES != U(0))
        wrong |= (number < peek64(entry + U(8))) | (number > peek64(entry + U(16)))
        leap = (year & U(3) == U(0)) & ((year % U(100) != U(0)) | (year % U(400) == U(0)))
        most = U(28) + ((_LONGEST >> (U(2) * (month & U(15)))) & U(3)) + U(leap & (month == U(2)))
        wrong |= (month - U(1) > U(11)) | (day - U(1) >= most)
        odd[row] = wrong
        count += wrong
        century, rest = year // U(100), year % U(100)
        tens = (century * U(103) >> U(10)) | (rest * U(103) >> U(10)) << U(16)
        ones = (century | rest << U(16)) - tens * U(10)
        poke64(made + U(16) * row, _SIZE | (tens | ones << U(8) | U(0x30303030)) << U(32))
        dated = (text >> U(32) & U(0xFFFF)) << U(8) | (text >> U(48)) << U(32)
        poke64(made + U(16) * row + U(8), dated | _DASHES)
    return count
