"""A key must not come twice in the whole file: `Keys(columns).again(rows)`, in memory that does not grow.

A Bloom filter of fixed size says of nearly every key that it is new. The few that it doubts are looked up
among all earlier keys, which lie on disk as sorted runs of 128-bit hashes; the hash itself says where in a
run to look. So the answer is exact but for two keys of one 128-bit hash.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FILTER_BITS = 1 << 29
"""64 MiB: of ten million keys some 0.003 % are doubted for nothing."""
PROBES = 4
_PAIR = np.dtype([("high", "<u8"), ("low", "<u8")])


class Keys:
    """Remembers every key of a run. `folder`: where the runs may lie; the files have no name there."""

    def __init__(self, columns: list[str], folder: Path | None = None) -> None:
        self.columns = columns
        self._filter = np.zeros(FILTER_BITS // 64, np.uint64)
        self._runs: list[tuple[int, int]] = []  # (first pair, pairs)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long as this

    def again(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows have a key that came before, in these rows or in earlier ones."""
        pairs = self._pairs(rows)
        first = pl.DataFrame({n: pairs[n] for n in ("high", "low")}).to_struct().is_first_distinct()
        repeated = ~first.to_numpy()
        for row in np.flatnonzero(self._seen(pairs) & ~repeated):
            repeated[row] = self._known(pairs[row])
        new = pairs[~repeated]
        self._remember(new[np.argsort(new["high"])])
        return pl.Series(repeated)

    def known(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows have a key that is remembered; nothing is remembered anew."""
        pairs = self._pairs(rows)
        found = self._seen(pairs)
        for row in np.flatnonzero(found):
            found[row] = self._known(pairs[row])
        return pl.Series(found)

    def _pairs(self, rows: pl.DataFrame) -> NDArray[np.void]:
        """Each row's key as 128 bits."""
        pairs = np.empty(rows.height, _PAIR)
        keys = rows.select(self.columns)
        pairs["high"] = keys.hash_rows(seed=1).to_numpy()
        pairs["low"] = keys.hash_rows(seed=2).to_numpy()
        return pairs

    def close(self) -> None:
        self._filter = np.zeros(0, np.uint64)
        self._file.close()

    def _places(self, pairs: NDArray[np.void]) -> NDArray[np.uint64]:
        steps = np.arange(PROBES, dtype=np.uint64)[:, None]
        return (pairs["high"] + steps * (pairs["low"] | np.uint64(1))) % np.uint64(FILTER_BITS)

    def _seen(self, pairs: NDArray[np.void]) -> NDArray[np.bool_]:
        places = self._places(pairs)
        bits = self._filter[places >> np.uint64(6)] >> (places & np.uint64(63))
        return np.asarray((bits & np.uint64(1)).all(axis=0))

    def _remember(self, ranked: NDArray[np.void]) -> None:
        places = self._places(ranked)
        np.bitwise_or.at(
            self._filter, places >> np.uint64(6), np.uint64(1) << (places & np.uint64(63))
        )
        first = sum(self._runs[-1]) if self._runs else 0
        self._runs.append((first, len(ranked)))
        self._file.seek(first * _PAIR.itemsize)
        self._file.write(ranked.tobytes())

    def _known(self, pair: np.void) -> bool:
        """Whether a run on disk holds this pair. Hashes are even: the rank of one is nearly known."""
        for first, count in self._runs:
            guess = int(int(pair["high"]) / 2**64 * count)
            slack = 64 + 8 * int(count**0.5)
            begin, end = max(0, guess - slack), min(count, guess + slack)
            self._file.seek((first + begin) * _PAIR.itemsize)
            data = self._file.read((end - begin) * _PAIR.itemsize)
            if pair in np.frombuffer(data, _PAIR):
                return True
        return False
