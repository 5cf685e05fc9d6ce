"""Keys as 128 bits: `pairs(rows, columns)`, the same in every process and with every version of anything.

A value is written as the number of its bytes (four bytes, low one first; a blank has FF FF FF FF there), then the
bytes, then zeros up to a multiple of sixteen: so no two different keys are written alike. Text is UTF-8, a whole
number its eight bytes, a decimal the sixteen of its unscaled value, low byte first; anything else is written as
text. What is so written of all columns is hashed by MurmurHash3 (x64, 128 bits; Austin Appleby, public domain)
with seed 0 and as if it were 0 bytes long: the values tell their lengths themselves. Nobody has the hash 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import U
from migrate.views import INLINE, address, begin_of, eight_at, missing, peek64, poke64, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Pairs = NDArray[np.uint64]

BLANK = U(0xFFFFFFFF)
_C1, _C2 = U(0x87C37B91114253D5), U(0x4CF5AD432745937F)
_ADD1, _ADD2, _FIVE = U(0x52DCE729), U(0x38495AB5), U(5)
_MIX1, _MIX2 = U(0xFF51AFD7ED558CCD), U(0xC4CEB9FE1A85EC53)
_0, _1, _4, _8, _16, _32, _33, _64 = map(U, (0, 1, 4, 8, 16, 32, 33, 64))


def pairs(rows: pl.DataFrame, columns: Sequence[str]) -> Pairs:
    """Each row's key, uint64[rows, 2]: both halves of its hash, the high one first. Any thread may ask.

    >>> some = pl.DataFrame({"a": ["a", "ab", None, ""], "b": ["bc", "c", "", None]})
    >>> for high, low in pairs(some, ["a", "b"]).tolist():
    ...     print(f"{high:016x}{low:016x}")
    f2f8832bb46ee4a5e26415c214567481
    91f0731bc5172a0f2c693789b9e19956
    1bf06355cfdc5be66364a484f68d604e
    a57c95caa96552734c26448cb73d91c2
    """
    found = np.zeros((rows.height, 2), np.uint64)
    for name in columns:
        series = rows[name]
        if isinstance(series.dtype, pl.Int64 | pl.Decimal):
            array = series.rechunk().to_arrow()
            valid, data = array.buffers()
            size = array.type.bit_width // 8
            bits = valid.address if valid and series.null_count() else 0
            places = data.address + size * array.offset, bits, array.offset
            _numbers(*map(U, places), U(size), found)
        else:
            text = seen(series.cast(pl.String))
            _texts(*text.places, found)
    _finished(found)
    return found


@njit(**INNER)
def _turned(value, bits):
    return (value << bits) | (value >> (_64 - bits))


@njit(**INNER)
def _absorb(high, low, one, two):
    """The state after sixteen more bytes."""
    high ^= _turned(one * _C1, U(31)) * _C2
    high = (_turned(high, U(27)) + low) * _FIVE + _ADD1
    low ^= _turned(two * _C2, U(33)) * _C1
    low = (_turned(low, U(31)) + high) * _FIVE + _ADD2
    return high, low


@njit(**INNER)
def _mixed(value):
    value = (value ^ (value >> _33)) * _MIX1
    value = (value ^ (value >> _33)) * _MIX2
    return value ^ (value >> _33)


@njit(**OUTER)
def _texts(views, buffers, valid, first, states):
    """Take in a column of texts, as views.Seen has it."""
    view, state, row, rows = views, address(states), _0, U(len(states))
    while row < rows:
        high, low = peek64(state), peek64(state + _8)
        head, two = peek64(view), peek64(view + _8)
        size, begin, at = head & BLANK, view, U(INLINE)
        if missing(valid, first, row):
            head, two, size = BLANK, _0, _0
        elif size > at:  # a view is what is written of a short text
            begin = begin_of(view, buffers)
            two = eight_at(begin, begin + _4, begin + size)
        high, low = _absorb(high, low, head, two)
        while at < size:
            one, two = eight_at(begin, begin + at, begin + size), _0
            if at + _8 < size:
                two = eight_at(begin, begin + at + _8, begin + size)
            high, low = _absorb(high, low, one, two)
            at += _16
        poke64(state, high)
        poke64(state + _8, low)
        view += _16
        state += _16
        row += _1


@njit(**OUTER)
def _numbers(values, valid, first, size, states):
    """Take in a column of numbers of eight or sixteen bytes, by the places of its values and of its bits."""
    value, state, row, rows = values, address(states), _0, U(len(states))
    while row < rows:
        high, low = peek64(state), peek64(state + _8)
        if missing(valid, first, row):
            high, low = _absorb(high, low, BLANK, _0)
        else:
            one, two = peek64(value), peek64(value + _8) if size == _16 else _0
            high, low = _absorb(high, low, size | (one << _32), (one >> _32) | (two << _32))
            if size == _16:
                high, low = _absorb(high, low, two >> _32, _0)
        poke64(state, high)
        poke64(state + _8, low)
        value += size
        state += _16
        row += _1


@njit(**OUTER)
def _finished(states):
    """Mix the states; what would be 0 is 1."""
    state, end = address(states), address(states) + _16 * U(len(states))
    while state < end:
        high, low = peek64(state), peek64(state + _8)
        high += low
        low += high
        high, low = _mixed(high), _mixed(low)
        high += low
        low += high
        poke64(state, high)
        poke64(state + _8, low if high | low else _1)
        state += _16
