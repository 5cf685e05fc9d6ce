"""Records with their length before them (RDW), in blocks or not: `blocks(path, layout, size, span)`.

A broken length is a damaged record: it reaches to where three lengths follow one another again, or fewer that end
exactly where the file, or the block, ends. No byte is lost, and the length of a piece in memory decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migrate.errors import SourceError
from migrate.language import say
from migrate.read import chains
from migrate.read.chains import PREFIX, WAYS
from migrate.read.framing import END_OF_FILE, LONGEST_DAMAGE, PATIENCE, Block
from migrate.read.kernel import SPARE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Layout

CHUNK = 1 << 16


def blocks(path: Path, layout: Layout, size: int, span: tuple[int, int]) -> Iterator[Block]:
    """Yield these bytes of a file, some `size` records at a time; memory does not grow with the file.

    Raises SourceError where not one record of many is sound.
    """
    number, good_seen = 1, False
    with path.open("rb") as file:
        source = _Source(file, span, layout)
        while source.base < source.total:
            block = source.take(size, number)
            good_seen = good_seen or not block.damaged.all()
            number += len(block)
            if not good_seen and (block.last or number > PATIENCE):
                raise SourceError(_not_this_layout(path, layout))
            yield block


class _Source:
    """A file from some byte on, as far as it is wanted in memory: `data`, where `at` is the next record."""

    def __init__(self, file: BufferedReader, span: tuple[int, int], layout: Layout) -> None:
        self.file, (self.base, self.total) = file, span
        file.seek(self.base)
        self.way, self.most = WAYS[layout.prefix], layout.record_bytes
        self.blocked = layout.prefix == "bdw"
        self.data = np.zeros(SPARE, np.uint8)
        self.at = 0

    def take(self, size: int, number: int) -> Block:
        """The next records, up to `size` of them, or, of blocks, some more; `number` is the first one's."""
        self.data, self.at = self.data[self.at :], 0
        bounds: list[NDArray[np.int64]] = []
        heads: list[NDArray[np.int64]] = []  # bytes before the fields; 0: a damaged record
        count = 0
        while count < size and self.hold(1) and not self._ended():
            found, before = self._block() if self.blocked else self._records(size - count)
            bounds.append(found)
            heads.append(before)
            count += len(found)
        last = not self.hold(1)
        if self._ended() and not last:
            self.at, last = self.at + 1, True
        starts = np.concatenate([*bounds, np.zeros(0, np.int64)])
        before = np.concatenate([*heads, np.zeros(0, np.int64)])
        whole = np.append(starts, self.at)
        ends = whole[1:].copy()
        if last and len(ends) and before[-1]:  # the mark of the end lies behind its fields
            final = int(starts[-1] + before[-1]) - PREFIX
            ends[-1] = final + chains.length(self.data, final, self.way, self.most)
        block = Block(number, self.base, self.data, whole, before == 0, last,
                      begins=starts + before, ends=ends, prefix=PREFIX)  # fmt: skip
        self.base += self.at
        return block

    def hold(self, wanted: int) -> int:
        """How many of so many bytes, at least, are in memory from `at` on."""
        have = len(self.data) - SPARE
        lacking = min(wanted - (have - self.at), self.total - self.base - have)
        if lacking > 0:
            size = min(max(lacking, CHUNK, have), self.total - self.base - have)
            more = np.zeros(have + size + SPARE, np.uint8)
            more[:have] = self.data[:have]
            found = self.file.readinto(more[have : have + size].data)
            if found < size:  # shorter than it was: the run is told of the change at its end
                self.total = self.base + have + found
            self.data = more[: have + found + SPARE]
            have += found
        return have - self.at

    def _ended(self) -> bool:
        """Whether nothing comes but the mark of the end."""
        return self.hold(2) == 1 and self.data[self.at] == END_OF_FILE[0]

    def _records(self, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Some records, up to `size`, or one damaged one; where they begin, and bytes before their fields."""
        bounds = np.empty(size, np.int64)
        stop = self.at + self.hold(self.most + PREFIX)
        done, self.at, _ = chains.chain(self.data, self.at, stop, self.way, self.most, bounds, 0)
        if done:
            return bounds[:done], np.full(done, PREFIX)
        begin = np.array([self.at])
        self.at = self._resumed(self.total)
        return begin, np.zeros(1, np.int64)

    def _resumed(self, end: int) -> int:
        """Where records go on behind damage at `at`, before byte `end` of the file."""
        have = self.at + self.hold(LONGEST_DAMAGE + chains.ENOUGH * (self.most + PREFIX))
        stop = min(have, end - self.base)
        limit = min(self.at + LONGEST_DAMAGE, stop)
        return int(chains.resumed(self.data, self.at, stop, limit, self.way, self.most))

    def _block(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The records of one block; the first has the block's length before its own."""
        size = self._blocked(self.at)
        if size:
            begin, stop = self.at + PREFIX, self.at + size
        else:
            begin = self.at
            stop = self._next_block()
            if chains.sound(self.data, begin + PREFIX, stop, self.way, self.most):
                begin += PREFIX
        return self._salvaged(begin, stop, whole=bool(size))

    def _salvaged(
        self, begin: int, stop: int, *, whole: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every record from `at` to `stop`, sound or damaged; lengths begin at `begin`."""
        bounds: list[int] = []
        heads: list[int] = []
        if begin > self.at and not whole:  # the block's length alone is broken
            bounds, heads = [self.at], [0]
        first, self.at = self.at, begin
        found = np.empty((stop - begin) // (PREFIX + 1) + 1, np.int64)
        while self.at < stop:
            done, self.at, _ = chains.chain(self.data, self.at, stop, self.way, self.most, found, 0)
            bounds += found[:done].tolist()
            heads += [PREFIX] * done
            if self.at < stop:
                bounds.append(self.at)
                heads.append(0)
                self.at = self._resumed(self.base + stop)
        if whole:
            bounds[0] = first
            heads[0] += PREFIX if heads[0] else 0
        return np.array(bounds, np.int64), np.array(heads, np.int64)

    def _blocked(self, at: int) -> int:
        """Bytes of the block at `at`, or 0 where there is none: its records fill it exactly, or, where some are
        damaged, the next block or the end of the file stands behind it."""
        size = self._block_size(at)
        left = self.total - self.base - at - size
        if not size or left < 0:
            return 0
        self.hold(size + PREFIX)
        behind = at + size
        if chains.sound(self.data, at + PREFIX, behind, self.way, self.most):
            return size
        end = left == 0 or (left == 1 and self.data[behind] == END_OF_FILE[0])
        return size if end or self._block_size(behind) else 0

    def _block_size(self, at: int) -> int:
        """What the length of a block at `at` says; 0 where it is none."""
        if self.hold(at - self.at + PREFIX) < at - self.at + PREFIX:
            return 0
        return int(chains.block_length(self.data, at, LONGEST_DAMAGE))

    def _next_block(self) -> int:
        """Where, behind damage at `at`, a block begins whose records fill it; or the damage's end."""
        stop = self.at + self.hold(2 * LONGEST_DAMAGE)
        found = chains.next_block(self.data, self.at, stop, LONGEST_DAMAGE, self.way, self.most)
        return int(found)


def _not_this_layout(path: Path, layout: Layout) -> str:
    """That nothing fits, with the first lengths."""
    with path.open("rb") as file:
        head = file.read(PREFIX).hex(" ")
    return say(
        f"{path.name}: {layout.name} のレコードは前に長さ ({layout.prefix}) を持ち {layout.record_bytes} バイトまでだが、"
        f"1件も合わない。先頭は {head}。migrate peek で形を確かめてください",
        f"{path.name}: the records of {layout.name} have their length before them ({layout.prefix}) and up to"
        f" {layout.record_bytes} bytes; not one fits; the file begins with {head}; look at it with migrate peek",
    )
