"""Record lengths of a file without newline: at which distance does it look like itself?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

LONGEST = 32768
LOOKED = 1 << 19
"""Bytes that are compared with themselves."""

TOLERANCE = 0.12
"""How far below the best likeness (as a share of what it rises over chance) a distance may lie."""


def _classes() -> list[int]:
    """A class for each byte: blanks, digits, letters of ASCII and EBCDIC, kana, NUL, FF, the rest."""
    found = []
    for byte in range(256):
        high = byte >> 4
        kinds = (
            (byte == 0, 0), (byte == 0xFF, 1), (byte in (0x20, 0x40), 2), (0x30 <= byte <= 0x39, 3),
            (0xF0 <= byte <= 0xF9, 4), (high < 2, 5), (high in (2, 3), 6), (high < 8, 7),
            (high in (8, 9), 8), (high in (0xA, 0xB), 9), (high in (0xC, 0xD), 10),
        )  # fmt: skip
        found.append(next((number for fits, number in kinds if fits), 11))
    return found


CLASSES = np.array(_classes(), np.uint8)


@dataclass(frozen=True)
class Period:
    """The distance at which a file repeats itself. 0: there is none."""

    stride: int = 0
    likeness: float = 0.0  # share of the bytes whose class comes again a stride later
    chance: float = 0.0  # the same for any distance
    peak: float = 0.0  # how far it rises over its neighbours
    rivals: list[int] = field(default_factory=list)  # other distances nearly as good


def period(data: bytes, wanted: int = 0) -> Period:
    """The record length that the bytes repeat themselves at; `wanted` is the size it should divide.

    >>> period(b"".join(b"%05d  AB%06d     " % (n * n % 99991, n * 7919) for n in range(60))).stride
    20
    >>> period(b"x")
    Period(stride=0, likeness=0.0, chance=0.0, peak=0.0, rivals=[])
    """
    array = CLASSES[np.frombuffer(data[:LOOKED], np.uint8)]
    size = len(array)
    longest = min(LONGEST, size // 2)
    if longest < 2:
        return Period()
    likeness = _likeness(array, longest)
    chance = float(np.median(likeness[2:]))
    tops = _tops(likeness)
    best = float(likeness[tops].max()) if len(tops) else 0.0
    if best - chance < 0.02:
        return Period(0, best, chance)
    near = best - TOLERANCE * (best - chance)
    good = [int(lag) for lag in tops if likeness[lag] >= near]
    sharp = {
        lag: 2 * likeness[lag] - likeness[lag - 1] - likeness[min(lag + 1, longest)] for lag in good
    }
    good = [lag for lag in good if sharp[lag] >= 0.5 * max(sharp.values())]
    dividing = [lag for lag in good if wanted and wanted % lag == 0]
    stride = min(dividing or good)
    peak = (
        float(2 * likeness[stride] - likeness[stride - 1] - likeness[min(stride + 1, longest)]) / 2
    )
    strong = chance + 0.75 * (best - chance)
    peaks = [int(lag) for lag in tops if likeness[lag] >= strong and lag % stride]
    half = chance + 0.5 * (best - chance)
    within = [
        int(lag) for lag in tops if lag < stride and stride % lag == 0 and likeness[lag] >= half
    ]
    rivals = [lag for lag in peaks if likeness[lag] >= likeness[max(2, lag - 4) : lag + 5].max()]
    return Period(stride, float(likeness[stride]), chance, peak, [*within[:3], *rivals[:6]])


def lead_of(head: bytes, end: bytes, size: int, stride: int) -> int:
    """How many of the bytes that are over stand before the records: those that are least like the rest.

    >>> records = b"".join(b"%05d  AB%06d     " % (n * n % 99991, n * 7919) for n in range(60))
    >>> data = b"HEADER" + records + b"END"
    >>> lead_of(data, data, len(data), 20)
    6
    """
    rest = size % stride
    rows = min(len(head) // stride, 2000)
    if not rest or rows < 4:
        return 0
    grid = CLASSES[np.frombuffer(head[: rows * stride], np.uint8)].reshape(rows, stride)
    counts = np.stack([(grid == n).mean(axis=0) for n in range(12)])  # share of a class by place
    tail = CLASSES[np.frombuffer(end[-rest:], np.uint8)]
    before = 1 - counts[grid.ravel()[:rest], np.arange(rest) % stride]
    behind = 1 - counts[tail, (size - rest + np.arange(rest)) % stride]
    strange = np.concatenate([[0.0], np.cumsum(before)]) + np.concatenate(
        [np.cumsum(behind[::-1])[::-1], [0.0]]
    )
    best = int(strange.argmax())
    return best if strange[best] > strange[0] + max(1.0, 0.1 * rest) else 0


def divisors(size: int) -> list[int]:
    """Record lengths that divide a size.

    >>> divisors(400)[:6]
    [2, 4, 5, 8, 10, 16]
    """
    return [n for n in range(2, min(size, LONGEST) + 1) if size % n == 0]


def _tops(likeness: np.ndarray) -> np.ndarray:
    """Distances that are better than their neighbours: runs of blanks resemble themselves at any small one."""
    middle = likeness[2:]
    after = np.append(likeness[3:], 0)
    return np.flatnonzero((middle > likeness[1:-1]) & (middle >= after)) + 2


def _likeness(array: np.ndarray, longest: int) -> np.ndarray:
    """For each distance, the share of bytes whose class comes again there."""
    size = len(array)
    room = 1 << int(np.ceil(np.log2(size + longest + 1)))
    total = np.zeros(longest + 1)
    for number in np.unique(array):
        spectrum = np.fft.rfft((array == number).astype(np.float32), room)
        total += np.fft.irfft(spectrum * np.conj(spectrum), room)[: longest + 1]
    total /= size - np.arange(longest + 1)
    total[0] = 0
    return np.round(total, 6)
