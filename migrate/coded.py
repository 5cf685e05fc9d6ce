"""Columns told by their distinct values: what few values say is worked out once for each, not for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import polars as pl

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import LOW4, U, store64
from migrate.views import INLINE, Seen, begin_of, column, missing, peek64, seen, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Made = TypeVar("Made")


MOST = 1 << 16
"""So many distinct values are no longer few. There are fewer days in a long life."""

TRIAL, NEW = 1 << 12, 1 / 4
"""From so many values on, so large a share of new ones is too much: it takes longer to learn them than to work all out."""


class Coded(NamedTuple):
    """A column as distinct values, and where the rows of a frame have them.

    `values` only grows from batch to batch; row i's value is values[frame[places][i]].
    """

    values: (
        pl.Series
    )  # of the column's type; null is a blank; not all need occur, and one may stand there twice
    places: str = ""  # a UInt32 column of the frame; "": the first value, throughout
    notes: dict[str, Any] | None = (
        None  # what others have worked out of `values`, from batch to batch
    )

    def noted(self, name: str, first: Callable[[], Made]) -> Made:
        """What is remembered of the values under a name; `first` begins it."""
        if self.notes is None:
            return first()
        found: Made = self.notes.get(name) or self.notes.setdefault(name, first())
        return found

    def of(self, rows: pl.DataFrame) -> pl.Series:
        """The column itself, for the rows of a frame."""
        if self.places:
            return self.values.gather(rows[self.places])
        return self.values.new_from_index(0, rows.height)


def chosen(rows: pl.DataFrame, coded: Mapping[str, Coded], names: Iterable[str]) -> pl.DataFrame:
    """Some columns of rows, those that are only coded among them.

    >>> rows = pl.DataFrame({"a": [7, 8], "p": pl.Series([1, 0], dtype=pl.UInt32)})
    >>> chosen(rows, {"b": Coded(pl.Series("b", ["x", "y"]), "p")}, ["b", "a"]).rows()
    [('y', 7), ('x', 8)]
    """
    return pl.DataFrame([coded[n].of(rows) if n in coded else rows[n] for n in names])


class Dictionary:
    """Distinct values, numbered from 1 as they are met; 0 is null. For texts, for Int64, or for rows of places.

    >>> known = Dictionary()
    >>> known.places(pl.Series(["b", None, "a", "b"])).tolist(), known.places(pl.Series(["c", "a"])).tolist()
    ([1, 0, 2, 1], [3, 2])
    >>> known.count, known.texts(2).to_list()
    (4, ['a', 'c'])
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._table = np.zeros(1 << 10, np.uint64)
        self._known = np.zeros(
            (1 << 9, 2), np.uint64
        )  # a view, or its first word and a byte in `_long`
        self._long = np.zeros(1 << 12, np.uint8)
        self._state = np.array([1, 0, 0], np.int64)  # values with null, bytes of `_long`, rows done
        self._met = 0

    @property
    def count(self) -> int:
        """How many places there are: every place given out is below."""
        return int(self._state[0])

    def places(self, values: pl.Series) -> NDArray[np.uint32] | None:
        """The place of each value; None from when on they are not few."""
        if values.dtype == pl.String:
            return self._placed(seen(values))
        blank = values.is_null().to_numpy() if values.null_count() else None
        numbers = (values if blank is None else values.fill_null(0)).to_numpy().view(np.uint64)
        found = self._of_words(numbers & LOW4, numbers >> U(32))
        if found is not None and blank is not None:
            found[blank] = 0
        return found

    def rows(self, places: Sequence[NDArray[np.uint32]]) -> NDArray[np.uint32] | None:
        """The place of each row of two or three columns' places; never 0."""
        first, second, *third = (p.astype(np.uint64) for p in places)
        return self._of_words(first, second | (third[0] << U(32)) if third else second)

    def texts(self, first: int) -> pl.Series:
        """The texts from that place on, of those that were given as texts."""
        views = self._known[first : self.count].copy()
        long = (views[:, 0] & LOW4) > INLINE
        begin = int(views[long, 1].min()) if long.any() else 0
        views[long, 1] = (views[long, 1] - U(begin)) << U(32)
        return column("", views, None, [self._long[begin : int(self._state[1])].copy()])

    def words(self, first: int) -> NDArray[np.uint64]:
        """The three words of each value from that place on, of those that were given as rows; a whole number is
        its low and its high half, and 0."""
        low, high = self._known[first : self.count, 0], self._known[first : self.count, 1]
        return np.stack([low >> U(32), high & LOW4, high >> U(32)])

    def _of_words(
        self, low: NDArray[np.uint64], high: NDArray[np.uint64]
    ) -> NDArray[np.uint32] | None:
        """Words of four and eight bytes, as if they were texts of twelve."""
        views = np.empty((len(low), 2), np.uint64)
        views[:, 0] = low << U(32) | U(INLINE)
        views[:, 1] = high
        return self._placed(Seen(views, np.zeros(1, np.uint64), np.zeros(0, np.uint8), 0, []))

    def _placed(self, given: Seen) -> NDArray[np.uint32] | None:
        if self._most == 0:
            return None
        found = np.empty(len(given.views), np.uint32)
        self._state[2] = 0
        while True:
            need = place(*given.places, self._table, self._known, self._long, self._state, found)
            if self.count > self._most or self._is_new():
                self._most = 0
                return None
            if not need:
                self._met += len(found)
                return found
            self._grow(need)

    def _is_new(self) -> bool:
        """Whether too many values were new so far."""
        met = self._met + int(self._state[2])
        return met >= TRIAL and self.count > NEW * met

    def _grow(self, need: int) -> None:
        if need > 1:  # bytes
            self._long = np.concatenate([self._long, np.zeros(len(self._long) + need, np.uint8)])
            return
        self._known = np.concatenate([self._known, np.zeros_like(self._known)])
        self._table = np.zeros(2 * len(self._table), np.uint64)
        ranked(self._known, self._long, self.count, self._table)


@njit(**INNER)
def _mixed(first, second):
    """Of two words; of a text of up to twelve bytes they are its view."""
    h = ((first >> U(32)) ^ (first << U(32)) ^ second * U(0x9E3779B97F4A7C15)) * U(
        0xBF58476D1CE4E5B9
    )
    return h ^ h >> U(32)


@njit(**INNER)
def _of_long(first, begin, size):
    """Of a text of more than twelve bytes."""
    h = first
    for at in range(4, size, 8):
        h = _mixed(h, word(begin, size, at))
    return h


@njit(**OUTER)
def place(views, buffers, valid, first, table, known, long, state, found):
    """Find or enter each value from row state[2] on; 0 when done, else the bytes that `long` lacks, or 1 for a
    larger table."""
    mask = U(len(table) - 1)
    entries, words, texts = U(table.ctypes.data), U(known.ctypes.data), U(long.ctypes.data)
    for row in range(state[2], len(found)):
        if missing(valid, first, row):
            found[row] = 0
            continue
        view = views + U(16) * U(row)
        low, high = peek64(view), peek64(view + U(8))
        size, begin = low & LOW4, U(0)
        if size <= U(INLINE):
            h = _mixed(low, high)
        else:
            begin = begin_of(view, buffers)
            h = _of_long(low, begin, np.intp(size))
        slot = h & mask
        while True:
            entry = peek64(entries + U(8) * slot)
            k = entry & LOW4
            there = words + U(16) * k
            if peek64(there) == low and k != U(0):
                if size <= U(INLINE):
                    if peek64(there + U(8)) == high:
                        break
                elif entry & ~LOW4 == h & ~LOW4 and _equal(
                    texts + peek64(there + U(8)), begin, np.intp(size)
                ):
                    break
            if entry == U(0):
                break
            slot = (slot + U(1)) & mask
        if k == U(0):
            state[2] = row
            need = _entered(low, high, begin, known, long, state)
            if need:
                return need
            k = U(state[0] - 1)
            table[slot] = h & ~LOW4 | k
        found[row] = k
    state[2] = len(found)
    return 0


@njit(**INNER)
def _equal(one, other, size):
    """Whether two texts of more than twelve bytes are the same."""
    differing = U(0)
    for at in range(0, size, 8):
        differing |= word(one, size, at) ^ word(other, size, at)
    return differing == U(0)


@njit(**INNER)
def _entered(low, high, begin, known, long, state):
    """Add a value to those that are known; gives what `place` does."""
    k, size = state[0], np.intp(low & LOW4)
    if k >= len(known):
        return 1
    if size > INLINE:
        if state[1] + size + 8 > len(long):
            return size + 8
        high = U(state[1])
        for at in range(0, size, 8):
            store64(long, state[1] + at, word(begin, size, at))
        state[1] += size
    known[k, 0], known[k, 1] = low, high
    state[0] = k + 1
    return 0


@njit(**OUTER)
def ranked(known, long, count, table):
    """Enter the known values into an empty table."""
    mask = U(len(table) - 1)
    for k in range(1, count):
        low, high = known[k, 0], known[k, 1]
        size = np.intp(low & LOW4)
        h = _mixed(low, high) if size <= INLINE else _of_long(low, U(long.ctypes.data) + high, size)
        slot = h & mask
        while table[slot]:
            slot = (slot + U(1)) & mask
        table[slot] = h & ~LOW4 | U(k)
