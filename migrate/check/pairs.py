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
from migrate.machine import U, lent
from migrate.views import INLINE, begin_of, missing, peek64, seen, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Pairs = NDArray[np.uint64]

BLANK = U(0xFFFFFFFF)
_C1, _C2 = U(0x87C37B91114253D5), U(0x4CF5AD432745937F)
_ADD1, _ADD2, _FIVE = U(0x52DCE729), U(0x38495AB5), U(5)
_MIX1, _MIX2 = U(0xFF51AFD7ED558CCD), U(0xC4CEB9FE1A85EC53)
_NONE, _S32, _S33, _S64 = U(0), U(32), U(33), U(64)


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
    return (value << bits) | (value >> (_S64 - bits))


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
    value = (value ^ (value >> _S33)) * _MIX1
    value = (value ^ (value >> _S33)) * _MIX2
    return value ^ (value >> _S33)


@njit(**OUTER)
def _texts(views, buffers, valid, first, states):
    """Take in a column of texts, as views.Seen has it."""
    states = lent(states)
    for row in range(len(states)):
        high, low = states[row, 0], states[row, 1]
        view = views + U(16 * row)
        head, tail = peek64(view), peek64(view + U(8))
        if missing(valid, first, row):
            high, low = _absorb(high, low, BLANK, _NONE)
        elif head & BLANK <= U(INLINE):  # a view is what is written of a short text
            high, low = _absorb(high, low, head, tail)
        else:
            size, begin = np.intp(head & BLANK), begin_of(view, buffers)
            high, low = _absorb(high, low, head, word(begin, size, 4))
            for at in range(INLINE, size, 16):
                two = word(begin, size, at + 8) if at + 8 < size else _NONE
                high, low = _absorb(high, low, word(begin, size, at), two)
        states[row, 0], states[row, 1] = high, low


@njit(**OUTER)
def _numbers(values, valid, first, size, states):
    """Take in a column of numbers of eight or sixteen bytes, by the places of its values and of its bits."""
    states = lent(states)
    for row in range(len(states)):
        high, low = states[row, 0], states[row, 1]
        if missing(valid, first, row):
            high, low = _absorb(high, low, BLANK, _NONE)
        else:
            value = values + size * U(row)
            one = peek64(value)
            two = peek64(value + U(8)) if size == U(16) else _NONE
            high, low = _absorb(high, low, size | (one << _S32), (one >> _S32) | (two << _S32))
            if size == U(16):
                high, low = _absorb(high, low, two >> _S32, _NONE)
        states[row, 0], states[row, 1] = high, low


@njit(**OUTER)
def _finished(states):
    """Mix the states; what would be 0 is 1."""
    for row in range(len(states)):
        high, low = states[row, 0], states[row, 1]
        high += low
        low += high
        high, low = _mixed(high), _mixed(low)
        high += low
        low += high
        states[row, 0], states[row, 1] = high, low if high | low else U(1)
