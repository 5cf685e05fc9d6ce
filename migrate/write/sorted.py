"""Rows in the order of some columns, however many: `Sorted(columns).add(rows)`, then `.batches()`.

Rows are gathered until there are ROOM bytes of them; these are put in order and go to disk as a run, in pieces. In
the end the runs are merged: of each a little is in memory, and of that all is handed out that comes before
everything that is still on disk. So memory does not grow with the rows.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_left, bisect_right
from itertools import islice
from typing import TYPE_CHECKING, Any

import polars as pl
import polars.selectors as cs
from pyarrow import ipc

from migrate.frames import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import IO, TypeAlias

    _Key: TypeAlias = tuple[tuple[bool, Any], ...]

ROOM = 1 << 26
"""Bytes of rows that are put in order in memory."""
PIECE = 1 << 18
"""Bytes of a run that are read at once, or more of them if there are but few runs:"""
HELD = 1 << 24
"""Bytes of all runs together that are read before they are merged."""
FAN = 64
"""So many runs of a kind become one: each is an open file."""
SLICE = 8192
"""Rows made ready for the disk at a time."""
_COMPACT = pl.CompatLevel.oldest()
"""Arrow without views: of texts that lie in a buffer with many others, only they go to disk."""
_NONE = pl.Null()
_ALONE = ipc.IpcWriteOptions(compression="lz4", use_threads=False)
"""Pieces are small: to share out the work takes longer than the work."""


class Sorted:
    """Puts rows in order: by text as its UTF-8 bytes, by numbers as numbers, blanks first; equal rows as they came.

    `folder`: where rows may be spilled; the files have no name there. A column that some rows lack is blank in them.

    >>> some = Sorted(["a", "n"])
    >>> some.add(pl.DataFrame({"a": ["b", None, "a"], "n": [1, 5, 10]}))
    >>> some.add(pl.DataFrame({"a": ["a"], "n": [9]}))
    >>> [rows.rows() for rows in some.batches(3)]
    [[(None, 5), ('a', 9), ('a', 10)], [('b', 1)]]
    """

    def __init__(self, columns: Sequence[str], folder: Path | None = None) -> None:
        self._columns = list(columns)
        self._folder = folder
        self._schema: dict[str, pl.DataType] = {}
        self._runs: list[_Run] = []
        self._gathered: list[pl.DataFrame] = []
        self._bytes = 0

    def add(self, rows: pl.DataFrame) -> None:
        self._schema |= {
            n: d for n, d in rows.schema.items() if self._schema.get(n, _NONE) == _NONE
        }
        self._gathered.append(rows)
        self._bytes += _bytes(rows)
        if self._bytes >= ROOM:
            self._spill(self._gathered_in_order().iter_slices(SLICE), 0)
            while len(alike := [r for r in self._runs if r.level == self._runs[-1].level]) == FAN:
                self._spill(self._merged(alike), alike[0].level + 1)
                self._runs = [r for r in self._runs if r not in alike]

    def batches(self, size: int = BATCH // 2) -> Iterator[pl.DataFrame]:
        """All rows in order, `size` at a time. Nothing can be added then."""
        rest = self._gathered_in_order()
        last = _Run(rest.iter_slices(_rows(rest)), self._columns, rest.clear())
        waiting: list[pl.DataFrame] = []
        for some in self._merged([*self._runs, last]):
            waiting.append(some)
            if sum(w.height for w in waiting) >= size:
                rows = pl.concat(waiting)
                whole = rows.height - rows.height % size
                yield from rows.head(whole).iter_slices(size)
                waiting = [rows.slice(whole)]
        if any(w.height for w in waiting):
            yield pl.concat(waiting)

    def close(self) -> None:
        """Forget all rows; may be called again."""
        for run in self._runs:
            run.close()
        self._runs, self._gathered, self._bytes = [], [], 0

    def _gathered_in_order(self) -> pl.DataFrame:
        """What was gathered, with all columns that are known; it is forgotten."""
        gathered, self._gathered, self._bytes = self._gathered, [], 0
        blank = pl.DataFrame(schema=self._schema)
        rows = pl.concat([blank, *gathered], how="diagonal_relaxed")
        return rows.sort(self._columns, maintain_order=True) if gathered else rows

    def _spill(self, pieces: Iterable[pl.DataFrame], level: int) -> None:
        """Write rows that are in order to a new run."""
        file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - the run closes it
        blank = pl.DataFrame(schema=self._schema)
        schema = blank.to_arrow(compat_level=_COMPACT).schema
        with ipc.new_stream(file, schema, options=_ALONE) as stream:
            for rows in pieces:
                table = rows.to_arrow(compat_level=_COMPACT)
                stream.write_table(table, max_chunksize=_rows(rows))
        file.seek(0)
        self._runs.append(_Run(_read(file), self._columns, blank, level, file))

    def _merged(self, runs: Sequence[_Run]) -> Iterator[pl.DataFrame]:
        """All rows of some runs, in order, part by part."""
        blank = pl.DataFrame(schema=self._schema)
        for run in runs:
            run.widen(blank)
        pieces = max(1, HELD // PIECE // len(runs))
        while left := [run for run in runs if run.refilled(pieces)]:
            ends = [(run.last, number) for number, run in enumerate(left) if run.more]
            bound, last = min(ends, default=(None, len(left)))
            parts = [run.cut(bound, within=n <= last) for n, run in enumerate(left)]
            parts = [part for part in parts if part.height]
            rows = pl.concat(parts)
            yield rows.sort(self._columns, maintain_order=True) if len(parts) > 1 else rows


class _Run:
    """Rows in order, of which the first ones are in memory. `level`: how often they were merged."""

    def __init__(
        self,
        pieces: Iterator[pl.DataFrame],
        columns: Sequence[str],
        blank: pl.DataFrame,
        level: int = 0,
        file: IO[bytes] | None = None,
    ) -> None:
        self.level = level
        self.more = True
        self._file = file
        self._pieces = pieces
        self._columns = columns
        self._blank = blank
        self._enough = 1
        self._take(pl.DataFrame())

    def widen(self, blank: pl.DataFrame) -> None:
        """Have all columns of `blank`, which may have become known later."""
        self._blank = blank

    def refilled(self, pieces: int) -> bool:
        """Whether there are rows, of which enough are now in memory; so many pieces are read at once."""
        while self.more and self._head.height < self._enough:
            fresh = list(islice(self._pieces, pieces))
            self.more = len(fresh) == pieces
            if not self.more:
                self.close()
            if fresh:
                self._enough = sum(piece.height for piece in fresh) // 2 + 1
                rows = pl.concat([self._blank, *fresh], how="diagonal_relaxed")
                self._take(pl.concat([self._head, rows]) if self._head.height else rows)
        return self._head.height > 0

    def cut(self, bound: _Key | None, *, within: bool) -> pl.DataFrame:
        """Take the rows in memory before a key, or to the last one `within` it; all, if there is none."""
        height = self._head.height
        if bound is not None:
            side = bisect_right if within else bisect_left
            height = 0 if self._first > bound else side(range(height), bound, key=self._key)
        rows = self._head.head(height)
        if height:
            self._take(self._head.slice(height))
        return rows

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _take(self, rows: pl.DataFrame) -> None:
        self._head = rows
        self._keys = [rows[c] for c in self._columns] if rows.height else []
        self._first, self.last = (self._key(0), self._key(-1)) if rows.height else ((), ())

    def _key(self, row: int) -> _Key:
        """What a row is put in order by."""
        return tuple((value is not None, value) for value in (k[row] for k in self._keys))


def _read(file: IO[bytes]) -> Iterator[pl.DataFrame]:
    """The pieces of a run."""
    alone = ipc.IpcReadOptions(use_threads=False)
    return (pl.DataFrame(batch) for batch in ipc.open_stream(file, options=alone))


def _bytes(rows: pl.DataFrame) -> int:
    """What rows take in memory, without what they share with others."""
    texts = rows.select(cs.string().str.len_bytes().sum())
    found: int = sum(texts.row(0)) if texts.width else 0
    return found + 16 * rows.width * rows.height


def _rows(rows: pl.DataFrame) -> int:
    """How many of some rows are a piece."""
    return max(1, rows.height * PIECE // max(1, _bytes(rows)))
