"""Compiled: the bytes of one number -> (value, state). State 1: a value; 0: blank; -1: neither.

`form` is a sum of the bits below, made by `form_of`. What has more than 18 digits, or a floating point, is read
by `decimals.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import INNER, njit
from migrate.machine import EACH, U, blank, digits, item, put

if TYPE_CHECKING:
    from migrate.model import Field

ZONED, PACKED, BINARY = 4, 5, 6

HOST, HIGH_BIT, UNSIGNED, LITTLE, LEADING, SEPARATE, BLANK, LOW = 1, 2, 4, 8, 16, 32, 64, 128
"""BLANK: packed blanks are nothing. LOW: 00 behind a text, or throughout a zoned number, is a blank."""
BITS = {"unsigned": UNSIGNED, "little": LITTLE, "leading": LEADING, "separate": SEPARATE, "ibm": 0}
EBCDIC = EACH * U(0xC0)
POWERS = 10 ** np.arange(19, dtype=np.int64)
CONVENTIONS = {"translated": 0, "ebcdic": HOST, "ascii": HIGH_BIT}
"""How a sign lies over a digit. translated: {A-I are +0 to +9, }J-R are -0 to -9; ebcdic: the same letters' bytes on
a host, by their high half C A E F +, D B -; ascii: 70-79 are -0 to -9 (Micro Focus, GnuCOBOL, NEC JIS8)."""


def form_of(field: Field, convention: str) -> int:
    """How a number is written, as bits for compiled code.

    >>> from migrate.model import Field
    >>> form_of(Field(name="a", label="", type="zoned", form="leading unsigned"), "ebcdic")
    21
    """
    return CONVENTIONS[convention] | sum(BITS[word] for word in field.forms)


@njit(**INNER)
def overpunched(byte, form):
    """(digit, negative) of a digit with a sign over it; the digit is -1 where it is none.

    A plain digit bears no sign, and that is +.
    """
    half, digit = byte >> 4, byte & 15
    if form & HOST:
        if digit > 9 or half < 10:
            return np.int64(-1), False
        if half == 15:
            return digit, False
        return (np.int64(-1) if form & UNSIGNED else digit), (half == 13) | (half == 11)
    if 0x30 <= byte <= 0x39:
        return digit, False
    if form & UNSIGNED:
        return np.int64(-1), False
    if form & HIGH_BIT:
        return (digit if 0x70 <= byte <= 0x79 else np.int64(-1)), True
    if byte == 0x7B:  # {
        return np.int64(0), False
    if 0x41 <= byte <= 0x49:  # A-I
        return byte - 0x40, False
    if byte == 0x7D:  # }
        return np.int64(0), True
    if 0x4A <= byte <= 0x52:  # J-R
        return byte - 0x49, True
    return np.int64(-1), False


@njit(**INNER)
def zoned(data, at, size, form, fill):
    """(value, state): digits; their sign lies over the last or first one, or is a byte of its own."""
    first = at + 1 if form & LEADING else at
    value, good = digits(data, first, size - 1, EBCDIC if form & HOST else U(0))
    byte, negative = np.int64(item(data, at if form & LEADING else at + size - 1)), False
    if form & SEPARATE:
        plus, minus = (0x4E, 0x60) if form & HOST else (0x2B, 0x2D)
        negative = byte == minus
        good &= negative or byte == plus
    else:
        digit, negative = overpunched(byte, form)
        good &= digit >= 0
        if form & LEADING:
            value += digit * POWERS[size - 1]
        else:
            value = value * 10 + digit
    if not good:
        empty = blank(data, at, size, fill) or (form & LOW and blank(data, at, size, 0))
        return np.int64(0), 0 if empty else -1
    return (-value if negative else value), 1


@njit(**INNER)
def packed(data, at, size, form, fill):
    """(value, state): two digits a byte, the last half byte the sign (C A E F +, D B -; unsigned: F, or the C that
    hosts leave there). Blanks throughout (20, or 40) have no sign: only where the book says so are they nothing."""
    value, good = np.int64(0), True
    for p in range(at, at + size):
        high, low = np.int64(data[p] >> 4), np.int64(data[p] & 15)
        good &= high <= 9
        value = value * 10 + high
        if p < at + size - 1:
            good &= low <= 9
            value = value * 10 + low
    sign = data[at + size - 1] & 15
    good &= sign >= 10
    if form & UNSIGNED:
        good &= (sign == 15) | (sign == 12)
    if not good:
        empty = form & BLANK and blank(data, at, size, fill)
        return np.int64(0), 0 if empty else -1
    return (-value if (sign == 13) | (sign == 11) else value), 1


@njit(**INNER)
def binary(data, at, size, form):
    """(value, state): two's complement, or all bits the number; high byte first, or low byte."""
    step, p = (-1, at + size - 1) if form & LITTLE else (1, at)
    value = np.int64(data[p])
    if value >= 128:
        if not form & UNSIGNED:
            value -= 256
        elif size == 8:  # beyond 63 bits
            return np.int64(0), -1
    for _ in range(size - 1):
        p += step
        value = (value << 8) | np.int64(data[p])
    return value, 1


@njit(**INNER)
def column(data, starts, begin, stop, first, at, size, kind, form, fill, numbers, states):
    """The numbers of one field, of the records from `begin` to `stop`: numbers[record], states[record - first]."""
    if kind == ZONED:
        for row in range(begin, stop):
            value, state = zoned(data, item(starts, row) + at, size, form, fill)
            put(numbers, row, value)
            put(states, row - first, np.int8(state))
    elif kind == PACKED:
        for row in range(begin, stop):
            value, state = packed(data, item(starts, row) + at, size, form, fill)
            put(numbers, row, value)
            put(states, row - first, np.int8(state))
    else:
        for row in range(begin, stop):
            value, state = binary(data, item(starts, row) + at, size, form)
            put(numbers, row, value)
            put(states, row - first, np.int8(state))
