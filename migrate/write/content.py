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
from numba import njit

from migrate.compiled import OPTIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRIME = 0x9E3779B97F4A7C15
SEEDS = (0x243F6A8885A308D3, 0x13198A2E03707344)
_P, _S32 = np.uint64(PRIME), np.uint64(32)


def fingerprint(line: bytes, seed: int) -> int:
    """The definition, for one line; `added` does the same to many.

    >>> hex(fingerprint(b'"1"', SEEDS[0]))
    '0x2966e01bc42cd6d6'
    """
    words = [line[i : i + 8].ljust(8, b"\0") for i in range(0, len(line), 8)]
    h = seed
    for word in [*(int.from_bytes(w, "little") for w in words), len(line)]:
        h = (h ^ word) * PRIME % 2**64
        h ^= h >> 32
    return h


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _added(text: NDArray[np.uint8], sums: NDArray[np.uint64]) -> None:
    """Add the fingerprints of CRLF-ended lines to the two sums."""
    begin, end = 0, len(text)
    for at in range(1, end):
        if text[at] != 10 or text[at - 1] != 13:
            continue
        stop = at - 1
        a, b = np.uint64(SEEDS[0]), np.uint64(SEEDS[1])
        p = begin
        while p < stop:
            word = np.uint64(0)
            if stop - p >= 8:
                for i in range(8):  # the compiler makes one load of it
                    word |= np.uint64(text[p + i]) << np.uint64(8 * i)
            else:
                for i in range(stop - p):
                    word |= np.uint64(text[p + i]) << np.uint64(8 * i)
            a = (a ^ word) * _P
            a ^= a >> _S32
            b = (b ^ word) * _P
            b ^= b >> _S32
            p += 8
        word = np.uint64(stop - begin)
        a = (a ^ word) * _P
        b = (b ^ word) * _P
        sums[0] += a ^ (a >> _S32)
        sums[1] += b ^ (b >> _S32)
        begin = at + 1


class Content:
    r"""The fingerprint of all lines added so far.

    >>> one, other = Content(), Content()
    >>> one.add(b'"1"\r\n"2"\r\n'); other.add(b'"2"\r\n'); other.add(b'"1"\r\n')
    >>> str(one) == str(other)
    True
    """

    def __init__(self) -> None:
        self._sums = np.zeros(2, np.uint64)

    def add(self, text: bytes) -> None:
        _added(np.frombuffer(text, np.uint8), self._sums)

    def __str__(self) -> str:
        return "".join(f"{int(s):016x}" for s in self._sums)
