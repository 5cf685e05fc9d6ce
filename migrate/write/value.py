"""One value as text in memory, compiled: `quoted`, `number`, `copied` write it at a place and give the place behind it.

They may write SPARE bytes more.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, njit
from migrate.machine import EACH, TOPS, ZEROS, U
from migrate.views import INLINE, begin_of, peek8, peek64, poke8, poke32, poke64

SPARE = 16
BETWEEN, BETWEEN_BYTES = np.uint32(0x222C22), U(3)
"""What stands between two values: ","."""

_0, _1, _4, _8, _16, _32 = map(U, (0, 1, 4, 8, 16, 32))
_INLINE, _EIGHT = U(INLINE), U(10**8)
_QUOTE, _MINUS = np.uint8(0x22), np.uint8(0x2D)
_QUOTES = EACH * U(_QUOTE)


@njit(**INNER)
def _quotes(eight):
    """Not 0 if there is a quote among eight bytes."""
    other = eight ^ _QUOTES
    return (other - EACH) & ~other & TOPS


@njit(**INNER)
def _doubled(at, begin, size):
    """Write a text with its quotes doubled."""
    stop = begin + size
    while begin < stop:
        byte = peek8(begin)
        poke8(at, byte)
        at += _1
        if byte == _QUOTE:
            poke8(at, byte)
            at += _1
        begin += _1
    return at


@njit(**INNER)
def _text(at, begin, size):
    """Write a text of more than INLINE bytes. Loads overlap: as many for 17 bytes as for 32."""
    stop, to = begin + size, at + size
    first, last = peek64(begin), peek64(stop - _8)
    found = _quotes(first) | _quotes(last)
    poke64(at, first)
    if size > _16:
        third, fourth = peek64(begin + _8), peek64(stop - _16)
        found |= _quotes(third) | _quotes(fourth)
        poke64(at + _8, third)
        i = _16
        while i < size - _16:
            eight = peek64(begin + i)
            found |= _quotes(eight)
            poke64(at + i, eight)
            i += _8
        poke64(to - _16, fourth)
    poke64(to - _8, last)
    return _doubled(at, begin, size) if found else to


@njit(**INNER)
def quoted(at, view, size, buffers):
    """Write a text of a view, and what stands between it and the next one."""
    if size <= _INLINE:
        head, tail = peek64(view), peek64(view + _8)
        first, second = (head >> _32) | (tail << _32), tail >> _32
        poke64(at, first)
        poke64(at + _8, second)
        if _quotes(first) | _quotes(second):
            at = _doubled(at, view + _4, size)
        else:
            at += size
    else:
        at = _text(at, begin_of(view, buffers), size)
    poke32(at, BETWEEN)
    return at + BETWEEN_BYTES


@njit(**INNER)
def _digits(number):
    """Eight bytes, 0 to 9 each, of a number below 10**8, the highest digit first."""
    four = (number // U(10000)) | ((number % U(10000)) << _32)
    hundreds = ((four * U(10486)) >> U(20)) & U(0x7F0000007F)
    two = hundreds | ((four - U(100) * hundreds) << _16)
    tens = ((two * U(103)) >> U(10)) & U(0x000F000F000F000F)
    return tens | ((two - U(10) * tens) << _8)


@njit(**INNER)
def number(at, bits):
    """Write an int64, given as its bits."""
    if bits >> U(63):
        poke8(at, _MINUS)
        at += _1
        bits = _0 - bits  # of -2**63, too
    if bits < U(10):
        poke8(at, U(0x30) + bits)
        return at + _1
    high, groups = bits, _0
    while high >= _EIGHT:
        high //= _EIGHT
        groups += _1
    first, size = _digits(high), _8
    while first & U(0xFF) == _0:
        first >>= _8
        size -= _1
    poke64(at, first + ZEROS)
    at += size
    while groups:
        groups -= _1
        part, behind = bits, groups
        while behind:
            part //= _EIGHT
            behind -= _1
        poke64(at, _digits(part % _EIGHT) + ZEROS)
        at += _8
    return at


@njit(**INNER)
def copied(at, begin, size):
    """Copy a piece that may be read beyond its end."""
    stop = at + size
    while at < stop:
        first, second = peek64(begin), peek64(begin + _8)
        poke64(at, first)
        poke64(at + _8, second)
        begin += _16
        at += _16
    return stop
