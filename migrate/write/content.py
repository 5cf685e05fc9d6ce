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

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import U
from migrate.views import address, peek8, peek64, poke64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.write.csv import Lines

PRIME = 0x9E3779B97F4A7C15
SEEDS = (0x243F6A8885A308D3, 0x13198A2E03707344)
_ONE, _OTHER = map(U, SEEDS)
_P, _NEWLINE = U(PRIME), U(len(b"\r\n"))
_0, _1, _7, _8, _16, _24, _32 = map(U, (0, 1, 7, 8, 16, 24, 32))


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
    return h ^ (h >> _32)


@njit(**INNER)
def _finished(a, b, begin, at, end):
    """The hashes of a line that begins and ends at places in memory, from those of its words before `at`."""
    stop, eight, bits = end - _NEWLINE, _0, _0
    while at + _8 <= stop:
        eight = peek64(at)
        a, b = _stirred(a, eight), _stirred(b, eight)
        at += _8
    if at < stop:
        eight = _0
        while at < stop:
            eight |= U(peek8(at)) << bits
            bits += _8
            at += _1
        a, b = _stirred(a, eight), _stirred(b, eight)
    return _stirred(a, stop - begin), _stirred(b, stop - begin)


@njit(**INNER)
def _less(one, other):
    return one if one < other else other


@njit(**OUTER)
def _summed(text, ends, sums):
    """Each step waits for the one before: four lines at a time keep the processor busy."""
    text, end, sums = address(text), address(ends), address(sums)
    behind, one, other = end + _8 * U(len(ends)), _0, _0
    p = text
    while end + _24 < behind:
        q, r = text + peek64(end), text + peek64(end + _8)
        s, t = text + peek64(end + _16), text + peek64(end + _24)
        common = _less(_less(q - p, r - q), _less(s - r, t - s)) - _NEWLINE
        common -= common & _7
        a, b, c, d, e, f, g, h = _ONE, _OTHER, _ONE, _OTHER, _ONE, _OTHER, _ONE, _OTHER
        i = _0
        while i < common:
            eight = peek64(p + i)
            a, b = _stirred(a, eight), _stirred(b, eight)
            eight = peek64(q + i)
            c, d = _stirred(c, eight), _stirred(d, eight)
            eight = peek64(r + i)
            e, f = _stirred(e, eight), _stirred(f, eight)
            eight = peek64(s + i)
            g, h = _stirred(g, eight), _stirred(h, eight)
            i += _8
        a, b = _finished(a, b, p, p + common, q)
        c, d = _finished(c, d, q, q + common, r)
        e, f = _finished(e, f, r, r + common, s)
        g, h = _finished(g, h, s, s + common, t)
        one += a + c + e + g
        other += b + d + f + h
        p = t
        end += _32
    while end < behind:
        q = text + peek64(end)
        a, b = _finished(_ONE, _OTHER, p, p, q)
        one += a
        other += b
        p = q
        end += _8
    poke64(sums, one)
    poke64(sums + _8, other)


def summed(made: Lines) -> NDArray[np.uint64]:
    r"""The two sums of some lines, each ended by CRLF; those of more lines are to be added, mod 2^64.

    >>> import polars as pl
    >>> from migrate.write.csv import lines
    >>> [hex(s) for s in summed(lines(pl.DataFrame({"a": [1]})))]
    ['0x2966e01bc42cd6d6', '0xf706f8ff4645175']
    """
    sums = np.empty(2, np.uint64)
    _summed(made.text, made.ends, sums)
    return sums


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
