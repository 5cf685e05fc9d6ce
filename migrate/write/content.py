"""A fingerprint of rows that does not depend on their order: equal rows, equal fingerprint.

Each CSV line, without its newline, is cut into 8-byte little-endian words, the last one filled with zeros.
From a seed, each word gives h = (h xor word) * PRIME mod 2^64, then h = h xor (h >> 32); the length of the
line comes last as one more word. The fingerprint is the sum of all lines' h mod 2^64, for each of two
seeds, as 32 hexadecimal digits. It tells two extractions apart; it is no protection against forgery: the
files' SHA-256 are that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import INNER, OPTIONS, njit
from migrate.machine import U, load64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.write.csv import Lines

PRIME = 0x9E3779B97F4A7C15
SEEDS = (0x243F6A8885A308D3, 0x13198A2E03707344)
_P, _S32 = U(PRIME), U(32)
_NEWLINE = b"\r\n"


def fingerprint(line: bytes, seed: int) -> int:
    """The definition, for one line; `summed` does the same to many.

    >>> hex(fingerprint(b'"1"', SEEDS[0]))
    '0x2966e01bc42cd6d6'
    """
    words = [line[i : i + 8].ljust(8, b"\0") for i in range(0, len(line), 8)]
    h = seed
    for word in [*(int.from_bytes(w, "little") for w in words), len(line)]:
        h = (h ^ word) * PRIME % 2**64
        h ^= h >> 32
    return h


@njit(**INNER)
def _stirred(h, eight):
    h = (h ^ eight) * _P
    return h ^ (h >> _S32)


@njit(**INNER)
def _finished(text, at, begin, end, hashes):
    """Add a line whose words before byte `at` are in `hashes` already."""
    a, b = hashes
    size = end - begin - len(_NEWLINE)
    stop = begin + size
    while at + 8 <= stop:
        eight = load64(text, at)
        a, b = _stirred(a, eight), _stirred(b, eight)
        at += 8
    if at < stop:
        eight = U(0)
        for i in range(stop - at):
            eight |= U(text[at + i]) << U(8 * i)
        a, b = _stirred(a, eight), _stirred(b, eight)
    return _stirred(a, U(size)), _stirred(b, U(size))


@njit(**OPTIONS)
def _summed(text, ends):
    """Each step waits for the one before: four lines at a time keep the processor busy."""
    sums = np.zeros(2, np.uint64)
    one, other = U(SEEDS[0]), U(SEEDS[1])
    begin, row = 0, 0
    while row + 4 <= len(ends):
        p, q, r, s = begin, ends[row], ends[row + 1], ends[row + 2]
        last = ends[row + 3]
        words = (min(q - p, r - q, s - r, last - s) - 2) >> 3
        a, b, c, d, e, f, g, h = one, other, one, other, one, other, one, other
        for i in range(0, words * 8, 8):
            eight = load64(text, p + i)
            a, b = _stirred(a, eight), _stirred(b, eight)
            eight = load64(text, q + i)
            c, d = _stirred(c, eight), _stirred(d, eight)
            eight = load64(text, r + i)
            e, f = _stirred(e, eight), _stirred(f, eight)
            eight = load64(text, s + i)
            g, h = _stirred(g, eight), _stirred(h, eight)
        done = words * 8
        a, b = _finished(text, p + done, p, q, (a, b))
        c, d = _finished(text, q + done, q, r, (c, d))
        e, f = _finished(text, r + done, r, s, (e, f))
        g, h = _finished(text, s + done, s, last, (g, h))
        sums[0] += a + c + e + g
        sums[1] += b + d + f + h
        begin = last
        row += 4
    for last in ends[row:]:
        a, b = _finished(text, begin, begin, last, (one, other))
        sums[0] += a
        sums[1] += b
        begin = last
    return sums


def summed(made: Lines) -> NDArray[np.uint64]:
    r"""The two sums of some lines, each ended by CRLF; those of more lines are to be added, mod 2^64.

    >>> import polars as pl
    >>> from migrate.write.csv import lines
    >>> [hex(s) for s in summed(lines(pl.DataFrame({"a": [1]})))]
    ['0x2966e01bc42cd6d6', '0xf706f8ff4645175']
    """
    return np.asarray(_summed(made.text, made.ends))


class Content:
    r"""The fingerprint of all lines added so far.

    >>> import polars as pl
    >>> from migrate.write.csv import lines
    >>> def of(*values): return summed(lines(pl.DataFrame({"a": values})))
    >>> one, other = Content(), Content()
    >>> one.add(of("1", "2")); other.add(of("2")); other.add(of("1"))
    >>> str(one) == str(other)
    True
    """

    def __init__(self) -> None:
        self._sums = np.zeros(2, np.uint64)

    def add(self, sums: NDArray[np.uint64]) -> None:
        """Add what `summed` gave."""
        self._sums += sums

    def __str__(self) -> str:
        return "".join(f"{int(s):016x}" for s in self._sums)
