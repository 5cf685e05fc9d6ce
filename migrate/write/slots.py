"""Values whose CSV text is made once, however many rows have them: `Slots().of(values)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from migrate.views import seen
from migrate.write.quoted import SPARE, TEXT, prepared

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.views import Seen


class Slots:
    """The pieces of a coded column; of values that have only grown, only the new ones are prepared."""

    def __init__(self) -> None:
        self._values = pl.Series(dtype=pl.Null)
        self._slots = np.zeros((0, 2), np.uint64)
        self._pool = np.zeros(SPARE, np.uint8)
        self._used = 0

    def of(self, values: pl.Series) -> tuple[int, int]:
        """Where the slots and the long pieces of these values lie, until it is asked again."""
        if values is not self._values:
            known = len(self._values)
            if known > len(values) or not values.head(known).equals(self._values, null_equal=True):
                known = self._used = 0  # another column's values
            self._prepare(values.slice(known), known)
            self._values = values
        return at(self._slots), at(self._pool)

    def _prepare(self, values: pl.Series, known: int) -> None:
        texts = values.cast(pl.String)
        wanted = self._used + 2 * int(texts.str.len_bytes().sum()) + 4 * len(texts) + 2 * SPARE
        if wanted > len(self._pool):
            pool = np.zeros(2 * wanted, np.uint8)
            pool[: self._used] = self._pool[: self._used]
            self._pool = pool
        slots = np.zeros((known + len(texts), 2), np.uint64)
        slots[:known] = self._slots[:known]
        self._slots = slots
        views = seen(texts)
        self._used = prepared(
            np.array(text_line(views), np.uint64), known, slots, self._pool, self._used
        )


def text_line(views: Seen) -> tuple[int, ...]:
    """A text column's line of the table that compiled code takes; `views` must outlive it."""
    valid = at(views.valid) if len(views.valid) else 0
    return TEXT, at(views.views), at(views.buffers), valid, views.first


def at(array: NDArray[Any]) -> int:
    """Where an array begins in memory."""
    return int(array.__array_interface__["data"][0])
