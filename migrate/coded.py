"""Columns told by their distinct values: what few values say is worked out once for each, not for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import polars as pl

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import LOW4, U
from migrate.views import (
    INLINE,
    address,
    begin_of,
    column,
    eight_at,
    missing,
    peek64,
    poke32,
    poke64,
    seen,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from migrate.views import Places

    Made = TypeVar("Made")


MOST = 1 << 16
"""So many distinct values are no longer few. There are fewer days in a long life."""

TRIAL, NEW = 1 << 12, 1 / 4
"""From so many values on, so large a share of new ones is too much: it takes longer to learn them than to work all out."""

_INLINE = U(INLINE)
_0, _1, _8, _16, _32 = map(U, (0, 1, 8, 16, 32))


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
            given = seen(values)
            return self._placed(len(values), given.places)
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
        return self._placed(len(views), (U(views.ctypes.data), _0, _0, _0))

    def _placed(self, rows: int, given: Places) -> NDArray[np.uint32] | None:
        if self._most == 0:
            return None
        found = np.empty(rows, np.uint32)
        self._state[2] = 0
        while True:
            need = place(*given, self._table, self._known, self._long, self._state, found)
            if self.count > self._most or self._is_new():
                self._most = 0
                return None
            if not need:
                self._met += len(found)
                return found
            self._grow(int(need))

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
        ranked(self._known, self._long, U(self.count), self._table)


@njit(**INNER)
def _mixed(first, second):
    """Of two words; of a text of up to twelve bytes they are its view."""
    h = ((first >> _32) ^ (first << _32) ^ second * U(0x9E3779B97F4A7C15)) * U(0xBF58476D1CE4E5B9)
    return h ^ h >> _32


@njit(**INNER)
def _of_long(first, begin, size):
    """Of a text of more than twelve bytes."""
    h, at, stop = first, begin + U(4), begin + size
    while at < stop:
        h = _mixed(h, eight_at(begin, at, stop))
        at += _8
    return h


@njit(**OUTER)
def place(views, buffers, valid, first, table, known, long, state, found):
    """Find or enter each value from row state[2] on; 0 when done, else the bytes that `long` lacks, or 1 for a
    larger table."""
    mask, rows, most, room = U(len(table)) - _1, U(len(found)), U(len(known)), U(len(long))
    entries, words, texts = address(table), address(known), address(long)
    state, found = address(state), address(found)
    row = peek64(state + _16)
    view, there = views + _16 * row, _0
    while row < rows:
        k = _0
        if not missing(valid, first, row):
            low, high = peek64(view), peek64(view + _8)
            size, begin = low & LOW4, _0
            if size <= _INLINE:
                h = _mixed(low, high)
            else:
                begin = begin_of(view, buffers)
                h = _of_long(low, begin, size)
            slot = h & mask
            while True:
                entry = peek64(entries + _8 * slot)
                k = entry & LOW4
                there = words + _16 * k
                if peek64(there) == low and k != _0:
                    if size <= _INLINE:
                        if peek64(there + _8) == high:
                            break
                    elif entry & ~LOW4 == h & ~LOW4 and _equal(
                        texts + peek64(there + _8), begin, size
                    ):
                        break
                if entry == _0:
                    break
                slot = (slot + _1) & mask
            if k == _0:
                k = peek64(state)
                need = _lacking(size, k < most, peek64(state + _8), room)
                if need:
                    poke64(state + _16, row)
                    return need
                _enter(low, high, begin, words + _16 * k, texts, state)
                poke64(entries + _8 * slot, h & ~LOW4 | k)
        poke32(found + U(4) * row, k)
        view += _16
        row += _1
    poke64(state + _16, row)
    return _0


@njit(**INNER)
def _equal(one, other, size):
    """Whether two texts of more than twelve bytes are the same."""
    differing, at = _0, _0
    while at < size:
        differing |= eight_at(one, one + at, one + size) ^ eight_at(other, other + at, other + size)
        at += _8
    return differing == _0


@njit(**INNER)
def _lacking(size, fits, used, room):
    """What `place` gives of a new value of so many bytes."""
    if not fits:
        return _1
    return size + _8 if size > _INLINE and used + size + _8 > room else _0


@njit(**INNER)
def _enter(low, high, begin, to, texts, state):
    """Add a value to those that are known."""
    size, used, at = low & LOW4, peek64(state + _8), _0
    if size > _INLINE:
        high = used
        while at < size:
            poke64(texts + used + at, eight_at(begin, begin + at, begin + size))
            at += _8
        poke64(state + _8, used + size)
    poke64(to, low)
    poke64(to + _8, high)
    poke64(state, peek64(state) + _1)


@njit(**OUTER)
def ranked(known, long, count, table):
    """Enter the known values into an empty table."""
    mask, k = U(len(table)) - _1, _1
    view, texts, entries = address(known) + _16, address(long), address(table)
    while k < count:
        low, high = peek64(view), peek64(view + _8)
        size = low & LOW4
        h = _mixed(low, high) if size <= _INLINE else _of_long(low, texts + high, size)
        slot = h & mask
        while peek64(entries + _8 * slot):
            slot = (slot + _1) & mask
        poke64(entries + _8 * slot, h & ~LOW4 | k)
        view += _16
        k += _1
