"""The keys that came last, in memory, and a filter of those before them: compiled code.

Keys are pairs of words, hashes throughout. A table holds them where their upper bits say or, where that place is
taken, behind it: so it is nearly sorted as it lies. A place of zeros is free. The filter is a Bloom filter of
blocks: a key has a bit in each of the eight words of one block, which one line of the processor's cache holds.
(Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007.)
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import OPTIONS
from migrate.machine import U

WORDS = 8
"""Of a block of the filter: 64 bytes."""
SPARE = 1024
"""Places behind the last one that a key may be sent to: nobody goes round to the beginning."""

_ONE, _SIX, _LOW6 = U(1), U(6), U(63)


@njit(inline="always", **OPTIONS)
def _home(high, places):
    """Which of so many places (2^n, at the most 2^32) a key is sent to."""
    return np.intp(((high >> U(32)) * U(places)) >> U(32))


@njit(inline="always", **OPTIONS)
def _place(table, high, low):
    """Where a key lies or may be put; the end of the table: nowhere."""
    at = _home(high, len(table) - SPARE)
    while at < len(table):
        if table[at, 0] == high and table[at, 1] == low:
            break
        if table[at, 0] | table[at, 1] == 0:
            break
        at += 1
    return at


@njit(inline="always", **OPTIONS)
def _passes(blocks, high, low):
    """Whether the filter says that a key may have been entered."""
    block = _home(high, len(blocks))
    for i in range(WORDS):
        if (blocks[block, i] >> (low & _LOW6)) & _ONE == 0:
            return False
        low >>= _SIX
    return True


@njit(**OPTIONS)
def enter(pairs, begin, table, room, blocks, repeated, doubted):
    """Put keys from row `begin` on into the table; gives (first row for which there was no room, room left).

    Sets in `repeated` which are in the table already, in `doubted` which of the others the filter has seen.
    `blocks`: uint64[blocks, WORDS], none as long as the filter is empty.
    """
    for row in range(begin, len(pairs)):
        high, low = pairs[row, 0], pairs[row, 1]
        at = _place(table, high, low)
        if at < len(table) and table[at, 0] == high and table[at, 1] == low:
            repeated[row] = True
            continue
        if room == 0 or at == len(table):
            return row, room
        table[at, 0], table[at, 1] = high, low
        room -= 1
        if len(blocks):
            doubted[row] = _passes(blocks, high, low)
    return len(pairs), room


@njit(**OPTIONS)
def look(pairs, table, blocks, found, doubted):
    """As `enter`, but nothing is put anywhere."""
    for row in range(len(pairs)):
        high, low = pairs[row, 0], pairs[row, 1]
        at = _place(table, high, low)
        found[row] = at < len(table) and table[at, 0] == high and table[at, 1] == low
        if len(blocks) and not found[row]:
            doubted[row] = _passes(blocks, high, low)


@njit(**OPTIONS)
def ranked(table, out):
    """Empty a table into `out`, its keys in order; gives how many there are."""
    count = 0
    for at in range(len(table)):
        high, low = table[at, 0], table[at, 1]
        if high | low == 0:
            continue
        to = count
        while to and (out[to - 1, 0] > high or (out[to - 1, 0] == high and out[to - 1, 1] > low)):
            out[to, 0], out[to, 1] = out[to - 1, 0], out[to - 1, 1]
            to -= 1
        out[to, 0], out[to, 1] = high, low
        table[at, 0], table[at, 1] = 0, 0
        count += 1
    return count


@njit(**OPTIONS)
def sift(pairs, blocks):
    """Enter keys into the filter; in their order they go through it from its beginning to its end."""
    for row in range(len(pairs)):
        block, low = _home(pairs[row, 0], len(blocks)), pairs[row, 1]
        for i in range(WORDS):
            blocks[block, i] |= _ONE << (low & _LOW6)
            low >>= _SIX
