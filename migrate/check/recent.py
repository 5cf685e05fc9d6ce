"""The keys that came last, in memory, and a filter of those before them: compiled code.

Keys are pairs of words, hashes throughout. A table holds each where its upper bits say or as near behind that place
as it can be, and all in order (Knuth, The Art of Computer Programming 6.4, exercise 66). A place of zeros is free. The filter is a Bloom filter of
blocks: a key has a bit in each of the eight words of one block, which one line of the processor's cache holds.
(Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007.)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import U, lent

WORDS = 8
"""Of a block of the filter: 64 bytes."""
SPARE = 1024
"""Places behind the last one that a key may be sent to: nobody goes round to the beginning."""

_ONE, _LOW6 = U(1), U(63)


AHEAD = 16
"""Keys between asking the memory for a place and looking at it."""


@intrinsic
def _ask(typingctx: Any, address: Any) -> Any:
    """Have the processor fetch the line of an address, without waiting for it."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        byte = ir.IntType(8).as_pointer()
        whole = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, whole, whole, whole])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        builder.call(prefetch, [builder.inttoptr(args[0], byte), whole(0), whole(3), whole(1)])
        return context.get_dummy_value()

    return types.void(types.uint64), code


@njit(**INNER)
def _home(high, places):
    """Which of so many places (2^n, at the most 2^32) a key is sent to."""
    return np.intp(((high >> U(32)) * U(places)) >> U(32))


@njit(**INNER)
def _place(table, high, low):
    """Where a key lies or belongs; the end of the table: behind all that is there."""
    at = _home(high, len(table) - SPARE)
    while at < len(table):
        here = table[at, 0]
        if here > high or (here == high and table[at, 1] >= low) or here | table[at, 1] == 0:
            break
        at += 1
    return at


@njit(**INNER)
def _put(table, at, high, low):
    """Put a key before those that lie at its place; whether there was room for them."""
    end = at
    while end < len(table) and table[end, 0] | table[end, 1]:
        end += 1
    if end == len(table):
        return False
    while end > at:
        table[end, 0], table[end, 1] = table[end - 1, 0], table[end - 1, 1]
        end -= 1
    table[at, 0], table[at, 1] = high, low
    return True


@njit(**INNER)
def _passes(blocks, high, low):
    """Whether the filter says that a key may have been entered."""
    block = _home(high, len(blocks))
    missed = U(0)
    for i in range(WORDS):
        missed |= ~blocks[block, i] & (_ONE << ((low >> U(6 * i)) & _LOW6))
    return missed == 0


@njit(**INNER)
def _mark(blocks, high, low):
    """Enter a key into the filter."""
    block = _home(high, len(blocks))
    for i in range(WORDS):
        blocks[block, i] |= _ONE << ((low >> U(6 * i)) & _LOW6)


@njit(**OUTER)
def enter(pairs, begin, table, room, blocks, repeated, doubted):
    """Put keys from row `begin` on into the table and the filter; gives (first row without room, room left).

    Sets in `repeated` which are in the table already, in `doubted` which of the others the filter has seen.
    `blocks`: uint64[blocks, WORDS], none as long as all keys are in the table.
    """
    pairs, table, blocks = lent(pairs), lent(table), lent(blocks)
    places, lines = U(table.ctypes.data), U(blocks.ctypes.data)
    for row in range(begin, len(pairs)):
        if row + AHEAD < len(pairs):
            high = pairs[row + AHEAD, 0]
            _ask(places + U(16 * _home(high, len(table) - SPARE)))
            _ask(lines + U(8 * WORDS * _home(high, len(blocks))))
        high, low = pairs[row, 0], pairs[row, 1]
        at = _place(table, high, low)
        if at < len(table) and table[at, 0] == high and table[at, 1] == low:
            repeated[row] = True
            continue
        if room == 0 or not _put(table, at, high, low):
            return row, room
        room -= 1
        if len(blocks):
            doubted[row] = _passes(blocks, high, low)
            _mark(blocks, high, low)
    return len(pairs), room


@njit(**OUTER)
def look(pairs, table, blocks, found, doubted):
    """As `enter`, but nothing is put anywhere."""
    pairs, table, blocks = lent(pairs), lent(table), lent(blocks)
    for row in range(len(pairs)):
        high, low = pairs[row, 0], pairs[row, 1]
        at = _place(table, high, low)
        found[row] = at < len(table) and table[at, 0] == high and table[at, 1] == low
        if len(blocks) and not found[row]:
            doubted[row] = _passes(blocks, high, low)


@njit(**OUTER)
def emptied(table, out):
    """Empty a table into `out`, its keys in order; gives how many there are."""
    table, out = lent(table), lent(out)
    count = 0
    for at in range(len(table)):
        high, low = table[at, 0], table[at, 1]
        if high | low:
            out[count, 0], out[count, 1] = high, low
            table[at, 0], table[at, 1] = 0, 0
            count += 1
    return count


@njit(**OUTER)
def sift(pairs, blocks):
    """Enter keys into the filter; in their order they go through it from its beginning to its end."""
    pairs, blocks = lent(pairs), lent(blocks)
    for row in range(len(pairs)):
        _mark(blocks, pairs[row, 0], pairs[row, 1])
