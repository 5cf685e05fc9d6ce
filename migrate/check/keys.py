"""A key must not come twice in the whole file: `Keys(columns).again(rows)`, in memory that does not grow.

Keys are remembered by 128-bit hashes. The last ones lie in a table in memory; when it is full, they go to disk
in order (runs.py) and into a filter of fixed size, which says of nearly every other key that it is not there.
The few that it doubts are looked up on disk. So the answer is exact but for two keys of one hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.check import recent
from migrate.check.pairs import pairs
from migrate.check.runs import Runs

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.check.pairs import Pairs

FILTER_BITS = 1 << 29
"""64 MiB: of ten million keys on disk not one in a million others is doubted, of fifty million one in a hundred."""
PLACES = 1 << 20
"""In the table, at the most: 16 MiB."""
FIRST = 1 << 12
"""Places of the first table; it is made larger as it fills."""
FULL = 5 / 8
"""Of a table: then the next key has not far to go."""

LINE = 8
"""Words of a line of the processor's cache."""


class Keys:
    """Remembers every key of a run. `folder`: where keys may be spilled; the files have no name there.

    `pairs` may be asked by any thread at any time, the rest by one at a time and in the order of the rows.
    """

    def __init__(self, columns: list[str], folder: Path | None = None) -> None:
        self.columns = columns
        self._runs = Runs(folder)
        self._filter = _filter(0)
        self._table, self._room = _table(min(FIRST, PLACES))

    def again(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows have a key that came before, in these rows or in earlier ones."""
        return pl.Series(self.repeated(self.pairs(rows)))

    def known(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows have a key that is remembered; nothing is remembered anew."""
        wanted = self.pairs(rows)
        found, doubted = np.zeros((2, len(wanted)), bool)
        recent.look(wanted, self._table, self._filter, found, doubted)
        self._settle(wanted, found, doubted)
        return pl.Series(found)

    def pairs(self, rows: pl.DataFrame) -> Pairs:
        """Each row's key, as `repeated` takes it."""
        return pairs(rows, self.columns)

    def repeated(self, keys: Pairs) -> NDArray[np.bool_]:
        """Which keys came before, among these or earlier; all are remembered."""
        found, doubted = np.zeros((2, len(keys)), bool)
        row = 0
        while row < len(keys):
            begin = row
            row, self._room = recent.enter(
                keys, row, self._table, self._room, self._filter, found, doubted
            )
            some = slice(begin, row)  # a key is not yet on disk when it is looked for there
            self._settle(keys[some], found[some], doubted[some])
            if row < len(keys):
                self._enlarge()
        return found

    def close(self) -> None:
        self._runs.close()
        self._filter, self._table, self._room = _filter(0), np.zeros((0, 2), np.uint64), 0

    def _settle(self, keys: Pairs, found: NDArray[np.bool_], doubted: NDArray[np.bool_]) -> None:
        """Look for doubted keys on disk."""
        doubts = np.flatnonzero(doubted)
        if len(doubts):
            found[doubts] = self._runs.hold(keys[doubts])

    def _enlarge(self) -> None:
        """Make room in the table: by a larger one or, where that is large enough, by emptying it onto the disk."""
        places = len(self._table) - recent.SPARE
        keys = np.empty((int(FULL * places), 2), np.uint64)
        keys = keys[: recent.emptied(self._table, keys)]
        if places < PLACES:
            self._table, self._room = _table(2 * places)
            nobody = np.zeros((2, len(keys)), bool)
            taken, self._room = recent.enter(keys, 0, self._table, self._room, _filter(0), *nobody)
            if taken == len(keys):
                return
            self._table, self._room = _table(2 * places)  # hashes that crowd: not by chance
        if not len(self._filter):
            self._filter = _filter(FILTER_BITS)
            recent.sift(keys, self._filter)
        self._runs.add(keys)
        self._room = int(FULL * (len(self._table) - recent.SPARE))


def _filter(bits: int) -> Pairs:
    """An empty filter."""
    return _zeros(bits // (64 * recent.WORDS), recent.WORDS)


def _table(places: int) -> tuple[Pairs, int]:
    """An empty table, and how many keys it takes."""
    return _zeros(places + recent.SPARE, 2), int(FULL * places)


def _zeros(rows: int, words: int) -> Pairs:
    """Zeros that begin at a line of the processor's cache; on large pages of memory where there are any: numpy
    asks for these, but not in np.zeros."""
    found = np.empty(rows * words + LINE, np.uint64)
    found[:] = 0
    begin = -found.ctypes.data // 8 % LINE
    return found[begin : begin + rows * words].reshape(rows, words)
