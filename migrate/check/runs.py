"""Keys on disk, in order: `Runs(folder)`; few runs however many keys, and all keys in doubt looked up at once."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from migrate.check.ranked import find, merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import FileIO
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.check.pairs import Pairs

FAN = 8
"""So many runs of a kind become one."""
BLOCK = 256
"""Keys of which the first one's upper half stays in memory: 1/32 byte a key."""
GAP = 4
"""Blocks that are sooner read than passed over."""
WINDOW = 256
"""Blocks read at a time: 1 MiB."""
KEY = 16
"""Bytes of a key."""


@dataclass
class Run:
    """Keys in order in a file without a name. `level`: how often they were merged."""

    file: FileIO
    level: int
    count: int = 0
    firsts: list[Pairs] = field(default_factory=list)

    def write(self, keys: Pairs) -> None:
        """Append keys that follow the last one; a number of whole blocks, but for the last time."""
        self.firsts.append(keys[::BLOCK, 0].copy())
        self.count += len(keys)
        left = keys.tobytes()
        while left:  # a full disk takes a part, and says so the next time
            left = left[self.file.write(left) :]

    def read(self, begin: int, into: Pairs) -> int:
        """Read keys from that number on; gives how many there were."""
        self.file.seek(begin * KEY)
        return self.file.readinto(into.view(np.uint8)) // KEY

    def hold(self, wanted: Pairs) -> NDArray[np.bool_]:
        """Which of some keys, in order, are here."""
        self.firsts = [np.concatenate(self.firsts)]
        low = np.maximum(np.searchsorted(self.firsts[0], wanted[:, 0], "left") - 1, 0)
        high = np.maximum(np.searchsorted(self.firsts[0], wanted[:, 0], "right") - 1, 0)
        far = (low[1:] > high[:-1] + GAP) | (low[1:] // WINDOW != low[:-1] // WINDOW)
        heads = np.concatenate([[0], np.flatnonzero(far) + 1])  # of each window, in `wanted`
        tails = np.append(heads[1:], len(wanted))
        begins = low[heads] * BLOCK
        sizes = np.minimum((high[tails - 1] + 1) * BLOCK, self.count) - begins
        places = np.cumsum(sizes) - sizes  # of each window, if all were read one behind the other
        found = np.zeros(len(wanted), bool)
        for part in _parts(places // (WINDOW * BLOCK)):
            first, rows = places[part][0], slice(heads[part][0], tails[part][-1])
            keys = np.empty((places[part][-1] + sizes[part][-1] - first, 2), np.uint64)
            for place, begin, size in zip(places[part] - first, begins[part], sizes[part], strict=True):
                self.read(int(begin), keys[place : place + size])
            shift = np.repeat(places[part] - first - begins[part], (tails - heads)[part])
            ends = np.minimum((high[rows] + 1) * BLOCK, self.count)
            find(keys, low[rows] * BLOCK + shift, ends + shift, wanted[rows], found[rows])
        return found


def _parts(numbers: NDArray[np.int64]) -> Iterator[slice]:
    """Where equal numbers stand, in ascending order as they are."""
    cuts = np.concatenate([[0], np.flatnonzero(np.diff(numbers)) + 1, [len(numbers)]])
    return (slice(a, b) for a, b in pairwise(cuts.tolist()))


class Runs:
    """All keys that were added."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._runs: list[Run] = []

    def __len__(self) -> int:
        return len(self._runs)

    def add(self, keys: Pairs) -> None:
        """Take in keys, uint64[keys, 2], in order."""
        run = self._new(0)
        run.write(keys)
        self._runs.append(run)
        while len(alike := [r for r in self._runs if r.level == self._runs[-1].level]) == FAN:
            self._runs[-FAN:] = [self._merged(alike)]

    def hold(self, keys: Pairs) -> NDArray[np.bool_]:
        """Which of the keys, in any order, were added."""
        order = np.lexsort((keys[:, 1], keys[:, 0]))
        wanted, left = keys[order], np.arange(len(keys))
        found = np.zeros(len(keys), bool)
        for run in self._runs:
            if len(left):
                found[order[left]] = here = run.hold(wanted[left])
                left = left[~here]
        return found

    def close(self) -> None:
        for run in self._runs:
            run.file.close()
        self._runs = []

    def _new(self, level: int) -> Run:
        return Run(tempfile.TemporaryFile(dir=self._folder, buffering=0), level)  # noqa: SIM115

    def _merged(self, runs: Sequence[Run]) -> Run:
        """One run of several, which are closed."""
        merged = self._new(runs[0].level + 1)
        heads = np.empty((len(runs), WINDOW * BLOCK // FAN, 2), np.uint64)
        places = np.zeros((len(runs), 2), np.int64)
        begun = [0] * len(runs)
        out, filled = np.empty((WINDOW * BLOCK, 2), np.uint64), 0
        empty = list(range(len(runs)))
        while empty or filled == len(out):
            for h in empty:
                places[h] = 0, runs[h].read(begun[h], heads[h])
                begun[h] += int(places[h, 1])
            if filled == len(out):
                merged.write(out)
                filled = 0
            filled, used = merge(heads, places, out, filled)
            empty = [used] if used >= 0 else []
        merged.write(out[:filled])
        for run in runs:
            run.file.close()
        return merged
