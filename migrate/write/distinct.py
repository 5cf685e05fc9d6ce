"""How many rows differ: `Distinct(columns)`, in memory that does not grow with the file."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PARTS = 16
"""Files that hashes are spread over, to be counted one after the other: 10 MB each of ten million rows."""
_PAIR = np.dtype([("high", "<u8"), ("low", "<u8")])


class Distinct:
    """Counts the different values of some columns, by their 128-bit hashes. Rows without any value are none.

    >>> some = Distinct(["a", "b"])
    >>> some.add(some.hashed(pl.DataFrame({"a": [1, 1, 2], "b": ["x", "x", "x"]})))
    >>> some.add(some.hashed(pl.DataFrame({"a": [1, None], "b": ["x", None]})))
    >>> some.count()
    2
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = list(columns)
        self._files = [tempfile.TemporaryFile() for _ in range(PARTS)]  # noqa: SIM115 - live as long as this

    def hashed(self, rows: pl.DataFrame) -> NDArray[np.void]:
        """What `add` takes of some rows; changes nothing."""
        values = rows.select(self._columns).unique()
        values = values.filter(~pl.all_horizontal(pl.all().is_null()))
        pairs = np.empty(values.height, _PAIR)
        pairs["high"] = values.hash_rows(seed=1).to_numpy()
        pairs["low"] = values.hash_rows(seed=2).to_numpy()
        return pairs

    def add(self, pairs: NDArray[np.void]) -> None:
        parts = pairs["low"] % np.uint64(PARTS)
        for part, file in enumerate(self._files):
            file.write(pairs[parts == part].tobytes())

    def count(self) -> int:
        """Ends the counting."""
        found = 0
        for file in self._files:
            file.seek(0)
            pairs = np.frombuffer(file.read(), _PAIR)
            found += pl.DataFrame({n: pairs[n] for n in ("high", "low")}).n_unique()
            file.close()
        return found
