"""The keys that came last, in memory, and a filter of those before them: compiled code.

Keys are pairs of words, hashes throughout. A table holds each where its upper bits say or as near behind that place
as it can be, and all in order (Knuth, The Art of Computer Programming 6.4, exercise 66). A place of zeros is free. The filter is a Bloom filter of
blocks: a key has a bit in each of the eight words of one block, which one line of the processor's cache holds.
(Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007.)
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import U
from migrate.views import address, peek64, poke8, poke64

WORDS = 8
"""Of a block of the filter: 64 bytes."""
SPARE = 1024
"""Places behind the last one that a key may be sent to: nobody goes round to the beginning."""

AHEAD = 16
"""Keys between asking the memory for a place and looking at it."""

_0, _1, _6, _8, _16, _32, _63 = map(U, (0, 1, 6, 8, 16, 32, 63))
_SPARE, _AHEAD, _BLOCK = U(SPARE), U(AHEAD), U(8 * WORDS)


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
    return ((high >> _32) * places) >> _32


@njit(**INNER)
def _place(table, places, high, low):
    """Where in memory a key lies or belongs; the end of the table: behind all that is there."""
    at, end = table + _16 * _home(high, places - _SPARE), table + _16 * places
    while at < end:
        here, there = peek64(at), peek64(at + _8)
        if here > high or (here == high and there >= low) or here | there == _0:
            break
        at += _16
    return at


@njit(**INNER)
def _is(at, high, low):
    return peek64(at) == high and peek64(at + _8) == low


@njit(**INNER)
def _put(at, end, high, low):
    """Put a key before those that lie at its place; whether there was room for them before the table's end."""
    free = at
    while free < end and peek64(free) | peek64(free + _8):
        free += _16
    if free == end:
        return False
    while free > at:
        poke64(free, peek64(free - _16))
        poke64(free + _8, peek64(free - _8))
        free -= _16
    poke64(at, high)
    poke64(at + _8, low)
    return True


@njit(**INNER)
def _passes(block, bits):
    """Whether a block of the filter says that a key of these bits may have been entered."""
    missed, end = _0, block + _BLOCK
    while block < end:
        missed |= ~peek64(block) & (_1 << (bits & _63))
        bits >>= _6
        block += _8
    return missed == _0


@njit(**INNER)
def _mark(block, bits):
    """Enter a key into its block of the filter."""
    end = block + _BLOCK
    while block < end:
        poke64(block, peek64(block) | _1 << (bits & _63))
        bits >>= _6
        block += _8


@njit(**OUTER)
def enter(pairs, begin, table, room, blocks, repeated, doubted):
    """Put keys from row `begin` on into the table and the filter; gives (first row without room, room left).

    Sets in `repeated` which are in the table already, in `doubted` which of the others the filter has seen.
    `blocks`: uint64[blocks, WORDS], none as long as all keys are in the table.
    """
    places, lines, rows, row = U(len(table)), U(len(blocks)), U(len(pairs)), U(begin)
    keys, table, blocks, left = address(pairs), address(table), address(blocks), U(room)
    while row < rows:
        if row + _AHEAD < rows:
            high = peek64(keys + _16 * (row + _AHEAD))
            _ask(table + _16 * _home(high, places - _SPARE))
            _ask(blocks + _BLOCK * _home(high, lines))
        high, low = peek64(keys + _16 * row), peek64(keys + _16 * row + _8)
        at, end = _place(table, places, high, low), table + _16 * places
        if at < end and _is(at, high, low):
            poke8(address(repeated) + row, _1)
        else:
            if left == _0 or not _put(at, end, high, low):
                break
            left -= _1
            if lines:
                block = blocks + _BLOCK * _home(high, lines)
                poke8(address(doubted) + row, U(_passes(block, low)))
                _mark(block, low)
        row += _1
    return row, left


@njit(**OUTER)
def look(pairs, table, blocks, found, doubted):
    """As `enter`, but nothing is put anywhere."""
    places, lines, rows, row = U(len(table)), U(len(blocks)), U(len(pairs)), _0
    key, table, blocks = address(pairs), address(table), address(blocks)
    while row < rows:
        high, low = peek64(key), peek64(key + _8)
        at = _place(table, places, high, low)
        there = at < table + _16 * places and _is(at, high, low)
        poke8(address(found) + row, U(there))
        if lines and not there:
            block = blocks + _BLOCK * _home(high, lines)
            poke8(address(doubted) + row, U(_passes(block, low)))
        key += _16
        row += _1


@njit(**OUTER)
def emptied(table, out):
    """Empty a table into `out`, its keys in order; gives how many there are."""
    at, end = address(table), address(table) + _16 * U(len(table))
    to = address(out)
    while at < end:
        high, low = peek64(at), peek64(at + _8)
        if high | low:
            poke64(to, high)
            poke64(to + _8, low)
            poke64(at, _0)
            poke64(at + _8, _0)
            to += _16
        at += _16
    return (to - address(out)) >> U(4)


@njit(**OUTER)
def sift(pairs, blocks):
    """Enter keys into the filter; in their order they go through it from its beginning to its end."""
    key, end, lines = address(pairs), address(pairs) + _16 * U(len(pairs)), U(len(blocks))
    while key < end:
        _mark(address(blocks) + _BLOCK * _home(peek64(key), lines), peek64(key + _8))
        key += _16
