"""Keys on disk, in order: `Runs(folder)`; few runs however many keys, and all keys in doubt looked up at once."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from migrate.check.ranked import find, merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import FileIO
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.check.pairs import Pairs

FAN = 16
"""So many runs of a kind become one."""
BLOCK = 256
"""Keys of which the first one's upper half stays in memory: 1/32 byte a key."""
GAP = 4 * BLOCK
"""Keys that are sooner read than passed over."""
ROOM = 256 * BLOCK
"""Keys in memory at a time: 1 MiB, and less than that again."""
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
        left = keys.reshape(-1).view(np.uint8).data
        while left:  # a full disk takes a part, and says so the next time
            left = left[self.file.write(left) :]

    def read(self, begin: int, into: Pairs) -> int:
        """Read keys from that number on; gives how many there were."""
        self.file.seek(begin * KEY)
        return self.file.readinto(into.view(np.uint8).data) // KEY

    def hold(self, wanted: Pairs) -> NDArray[np.bool_]:
        """Which of some keys, in the order of their upper halves, are here."""
        self.firsts = [np.concatenate(self.firsts)]
        first, last = (self._block(wanted[:, 0], side) for side in ("left", "right"))
        begins, ends = first * BLOCK, np.minimum((last + 1) * BLOCK, self.count)
        found = np.zeros(len(wanted), bool)
        for rows, windows in _windows(begins, ends):
            keys = np.empty((windows[-1].place + windows[-1].size - windows[0].place, 2), np.uint64)
            shift = np.empty(rows.stop - rows.start, np.int64)
            for window in windows:
                place = window.place - windows[0].place
                self.read(window.begin, keys[place : place + window.size])
                shift[window.head - rows.start : window.tail - rows.start] = place - window.begin
            find(keys, begins[rows] + shift, ends[rows] + shift, wanted[rows], found[rows])
        return found

    def _block(
        self, halves: NDArray[np.uint64], side: Literal["left", "right"]
    ) -> NDArray[np.int64]:
        """The first or the last block in which keys with these upper halves may lie."""
        return np.maximum(np.searchsorted(self.firsts[0], halves, side) - 1, 0)


class Window(NamedTuple):
    """Keys of a run that are read at once."""

    head: int  # the first and
    tail: int  # behind the last of those that are looked for in it
    begin: int  # its first key's number
    size: int
    place: int  # where that key would come, if all windows were read one behind the other


def _windows(
    begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> Iterator[tuple[slice, list[Window]]]:
    """Few windows that hold all that lies between begins and ends, both in order; those that are read together,
    and what is looked for in them."""
    far = (begins[1:] > ends[:-1] + GAP) | (begins[1:] // ROOM != begins[:-1] // ROOM)
    heads = np.concatenate([[0], np.flatnonzero(far) + 1])
    tails = np.append(heads[1:], len(begins))
    sizes = ends[tails - 1] - begins[heads]
    places = np.cumsum(sizes) - sizes
    numbers = zip(*(n.tolist() for n in (heads, tails, begins[heads], sizes, places)), strict=True)
    for _, group in groupby((Window(*n) for n in numbers), lambda w: w.place // ROOM):
        windows = list(group)
        yield slice(windows[0].head, windows[-1].tail), windows


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
        order = np.argsort(keys[:, 0])
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
        return Run(tempfile.TemporaryFile(dir=self._folder, buffering=0), level)

    def _merged(self, runs: Sequence[Run]) -> Run:
        """One run of several, which are closed."""
        merged = self._new(runs[0].level + 1)
        heads = np.empty((len(runs), ROOM // FAN, 2), np.uint64)
        places = np.zeros((len(runs), 2), np.int64)
        begun = [0] * len(runs)
        out, filled = np.empty((ROOM, 2), np.uint64), 0
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
