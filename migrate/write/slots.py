"""Values whose CSV text is made once, however many rows have them: `Slots().of(values)`."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from migrate.machine import U
from migrate.views import seen
from migrate.write.quoted import TEXT, prepared
from migrate.write.value import SPARE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.views import Seen


class Slots:
    """The pieces of a column's distinct values, which only grow. Several threads may ask."""

    def __init__(self) -> None:
        self._slots = np.zeros((0, 2), np.uint64)
        self._pool = np.zeros(SPARE, np.uint8)
        self._used = 0
        self._lock = Lock()

    def of(self, values: pl.Series) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
        """The slots of at least these values, and where their long pieces lie."""
        with self._lock:
            known = len(self._slots)
            if len(values) > known:
                self._prepare(values.slice(known).cast(pl.String), known)
            return self._slots, self._pool

    def _prepare(self, texts: pl.Series, known: int) -> None:
        """What is there already stays where others may be reading it."""
        wanted = self._used + 2 * int(texts.str.len_bytes().sum()) + 4 * len(texts) + 2 * SPARE
        if wanted > len(self._pool):
            pool = np.zeros(2 * wanted, np.uint8)
            pool[: self._used] = self._pool[: self._used]
            self._pool = pool
        slots = np.zeros((known + len(texts), 2), np.uint64)
        slots[:known] = self._slots
        views = seen(texts)
        line = np.array(text_line(views), np.uint64)
        self._used = int(prepared(line, slots[known:], self._pool, U(self._used)))
        self._slots = slots


def text_line(views: Seen) -> tuple[int, ...]:
    """A text column's line of the table that compiled code takes; `views` must outlive it."""
    return TEXT, *map(int, views.places)


def at(array: NDArray[Any]) -> int:
    """Where an array begins in memory."""
    return int(array.__array_interface__["data"][0])
