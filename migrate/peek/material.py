"""The bytes that a look is based on: pieces from head, middle and tail, and counts over the whole file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

PIECE = 1 << 18
"""Bytes of one piece. A file of up to three of them is looked at as a whole."""

CHUNK = 1 << 22
MARKS = {"crlf": b"\r\n", "lf": b"\n", "cr": b"\r", "nel": b"\x15", "nel25": b"\x25", "none": b""}
MOST_LENGTHS = 5000


@dataclass(frozen=True)
class Piece:
    """Some bytes and where they lie in the file."""

    offset: int
    data: bytes


def pieces(
    path: Path, size: int, stride: int = 0, lead: int = 0, borders: tuple[int, ...] = ()
) -> list[Piece]:
    """Head, middle and tail; the latter two begin at a record where the stride, or some borders, are known."""
    with path.open("rb") as file:
        if size <= 3 * PIECE:
            return [Piece(0, file.read(3 * PIECE))]
        found = []
        wanted = (0, size // 2, size - PIECE)
        if borders:
            wanted = (0, borders[len(borders) // 2], borders[-1])
        for at in dict.fromkeys(wanted):
            start = at - (at - lead) % stride if at and stride else at
            file.seek(start)
            found.append(Piece(start, file.read(PIECE)))
    return found


def chunks(path: Path) -> Iterator[bytes]:
    """The whole file, some MB at a time."""
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            yield data


@dataclass
class Tally:
    """Exact counts over the whole file."""

    size: int = 0
    bytes: NDArray[np.int64] = field(default_factory=lambda: np.zeros(256, np.int64))
    crlf: int = 0
    lengths: Counter[int] = field(default_factory=Counter)
    last: int = 0  # bytes behind the last newline
    many: bool = False  # too many different lengths to keep

    def alone(self, newline: str) -> int:
        """How often a newline stands in the file, CR and LF of a CRLF apart."""
        if newline == "crlf":
            return self.crlf
        paired = self.crlf if newline in ("cr", "lf") else 0
        return int(self.bytes[MARKS[newline][-1]]) - paired


def narrow(data: bytes, encoding: str) -> bytes:
    """UTF-16 as a byte a unit (whatever is beyond Latin-1 becomes ?); anything else as it is.

    >>> narrow("a山\\r\\n".encode("utf-16-le"), "utf-16le")
    b'a?\\r\\n'
    """
    if not encoding.startswith("utf-16"):
        return data
    units = np.frombuffer(data[: len(data) // 2 * 2], "<u2" if encoding == "utf-16le" else ">u2")
    return np.where(units < 256, units, 0x3F).astype(np.uint8).tobytes()


def tally(path: Path, newline: str, encoding: str, progress: Callable[[int], object]) -> Tally:
    """Count bytes, newlines and, for one kind of newline, the lengths between them (of UTF-16 in units)."""
    found, mark, before = Tally(), MARKS[newline], -1
    start, held = 0, b""
    for read in chunks(path):
        data = narrow(read, encoding)
        array = np.frombuffer(data, np.uint8)
        found.bytes += np.bincount(array, minlength=256)
        found.crlf += data.count(b"\r\n") + (held == b"\r" and data[:1] == b"\n")
        if mark and not found.many:
            ends = np.flatnonzero(array == mark[-1])
            if len(mark) == 2:
                previous = array[ends - 1] if len(ends) else array[:0]
                if len(ends) and ends[0] == 0:
                    previous = previous.copy()
                    previous[0] = held[0] if held else 0
                ends = ends[previous == mark[0]]
            ends = ends + start
            if len(ends):
                sizes, counts = np.unique(
                    np.diff(ends, prepend=before) - len(mark), return_counts=True
                )
                found.lengths.update(dict(zip(sizes.tolist(), counts.tolist(), strict=True)))
                before = int(ends[-1])
                found.many = len(found.lengths) > MOST_LENGTHS
        start += len(data)
        held = data[-1:]
        progress(len(read))
    found.size = start
    found.last = start - before - 1
    return found


def between(data: bytes, newline: str, *, begins: bool) -> list[bytes]:
    """The records of a piece between newlines; a cut one at either end is left out.

    >>> between(b"ab\\r\\nc\\r\\nd", "crlf", begins=True)
    [b'ab', b'c']
    >>> between(b"ab\\r\\nc\\r\\nd", "crlf", begins=False)
    [b'c']
    """
    found = data.split(MARKS[newline])
    return found[0 if begins else 1 : -1]


def every(data: bytes, stride: int, record_bytes: int) -> list[bytes]:
    """The records of a piece that lie a stride apart.

    >>> every(b"ab.cd.e", 3, 2)
    [b'ab', b'cd']
    """
    borders = range(0, len(data) + 1, stride)
    return [data[a:b][:record_bytes] for a, b in pairwise(borders)]
