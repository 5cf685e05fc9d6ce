"""Compiled: the bytes of one number -> (value, state). State 1: a value; 0: blank; -1: neither. `decode`: whole columns.

`form` is a sum of the bits below, made by `form_of`. What has more than 18 digits, or a floating point, is read
by `decimals.py`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from migrate.compiled import INNER, OPTIONS
from migrate.machine import EACH, U
from migrate.read.plan import (
    AT,
    BINARY,
    COLUMN,
    EMPTY,
    FIRST,
    FLIP,
    FORM,
    KIND,
    PACKED,
    RUN,
    SIGN,
    SIGNS,
    SIZE,
    TIMES,
    VALID,
    WEIGHT,
    WORDS,
    leave,
)  # fmt: skip
from migrate.read.raw import address, blank, byte, number, set_word, word
from migrate.views import poke64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.model import Field

HOST, HIGH_BIT, UNSIGNED, LITTLE, LEADING, SEPARATE, BLANK, LOW = 1, 2, 4, 8, 16, 32, 64, 128
"""BLANK: packed blanks are nothing. LOW: 00 behind a text, or throughout a zoned number, is a blank."""
BITS = {"unsigned": UNSIGNED, "little": LITTLE, "leading": LEADING, "separate": SEPARATE, "ibm": 0}
EBCDIC = EACH * U(0xC0)
NEGATIVE, NO_SIGN = 16, 255
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


def overpunched(byte: int, form: int) -> tuple[int, bool]:
    """(digit, negative) of a digit with a sign over it; the digit is -1 where it is none.

    A plain digit bears no sign, and that is +.

    >>> overpunched(ord("J"), 0), overpunched(0xD1, HOST), overpunched(ord("1"), 0), overpunched(ord("a"), 0)
    ((1, True), (1, True), (1, False), (-1, False))
    """
    half, digit = byte >> 4, byte & 15
    if form & HOST:
        if digit > 9 or half < 10 or (form & UNSIGNED and half != 15):
            return -1, half in (11, 13)
        return digit, half in (11, 13)
    if 0x30 <= byte <= 0x39:
        return digit, False
    letters = b"pqrstuvwxy" if form & HIGH_BIT else b"}JKLMNOPQR"
    plus = b"" if form & HIGH_BIT else b"{ABCDEFGHI"
    if not form & UNSIGNED and byte in letters + plus:
        return (letters if byte in letters else plus).index(byte), byte in letters
    return -1, False


@cache
def signs(form: int) -> NDArray[np.uint8]:
    """What the byte with the sign says: a digit, with NEGATIVE; or NO_SIGN.

    >>> signs(SEPARATE)[[0x2B, 0x2D, 0x30]].tolist()
    [0, 16, 255]
    """
    found = np.full(256, NO_SIGN, np.uint8)
    if form & SEPARATE:
        plus, minus = (0x4E, 0x60) if form & HOST else (0x2B, 0x2D)
        found[[plus, minus]] = 0, NEGATIVE
        return found
    for sign in range(256):
        digit, negative = overpunched(sign, form)
        if digit >= 0:
            found[sign] = digit | NEGATIVE * negative
    return found


def order(form: int, size: int, fill: int) -> tuple[int, ...]:
    """Of a zoned number, what its reading takes: FIRST, SIGN, TIMES, WEIGHT, SIGNS, FLIP; and EMPTY, what else it is filled with."""
    leading, separate = bool(form & LEADING), bool(form & SEPARATE)
    times = 1 if leading or separate else 10
    weight = 0 if separate else 10 ** (size - 1) if leading else 1
    flip = np.uint64(EBCDIC if form & HOST else 0).view(np.int64)
    low = 0 if form & LOW else fill
    sign = 0 if leading else size - 1
    return int(leading), sign, times, weight, address(signs(form & ~(BLANK | LOW))), int(flip), low


@njit(**INNER)
def signed(value, good, last, times, weight):
    """(value, whether it is one) of the other digits and what `signs` says of the byte with the sign."""
    good &= last != NO_SIGN
    value = value * times + (last & 15) * weight
    value = -value if last & NEGATIVE else value
    return value if good else 0, good


@njit(**INNER)
def packed(at, size, form, fill):
    """(value, state): two digits a byte, the last half byte the sign (C A E F +, D B -; unsigned: F, or the C that
    hosts leave there). Blanks throughout (20, or 40) have no sign: only where the book says so are they nothing."""
    value, good = 0, True
    last = byte(at + size - 1)
    for p in range(at, at + size - 1):
        both = byte(p)
        high, low = both >> 4, both & 15
        good &= (high <= 9) & (low <= 9)
        value = value * 100 + high * 10 + low
    high, sign = last >> 4, last & 15
    good &= (high <= 9) & (sign >= 10)
    value = value * 10 + high
    if form & UNSIGNED:
        good &= (sign == 15) | (sign == 12)
    if not good:
        return 0, 0 if form & BLANK and blank(at, size, fill) else -1
    return -value if (sign == 13) | (sign == 11) else value, 1


@njit(**INNER)
def binary(at, size, form):
    """(value, state): two's complement, or all bits the number; high byte first, or low byte."""
    step, p = (-1, at + size - 1) if form & LITTLE else (1, at)
    value = byte(p)
    if value >= 128:
        if not form & UNSIGNED:
            value -= 256
        elif size == 8:  # beyond 63 bits
            return 0, -1
    for _ in range(size - 1):
        p += step
        value = (value << 8) | byte(p)
    return value, 1


@njit(**INNER)
def _value(at, kind, field, fill):
    """(value, state) of any number."""
    size, form = word(field, SIZE), word(field, FORM)
    if kind == PACKED:
        return packed(at, size, form, fill)
    if kind == BINARY:
        return binary(at, size, form)
    value, good = number(at + word(field, FIRST), size - 1, U(word(field, FLIP)))
    last = byte(word(field, SIGNS) + byte(at + word(field, SIGN)))
    value, good = signed(value, good, last, word(field, TIMES), word(field, WEIGHT))
    if good:
        return value, 1
    return 0, 0 if blank(at, size, fill) or blank(at, size, word(field, EMPTY)) else -1


@njit(**OPTIONS)
def decode(starts, ends, records, fields, count, fill, room):
    """Fill columns of numbers, whatever becomes of their values; those that are none, or cut, are left in `room`.

    As strips.decode.
    """
    for begin in range(0, records, RUN):
        stop = min(begin + RUN, records)
        for f in range(count):
            field = fields + 8 * WORDS * f
            kind, column, valid = word(field, KIND), word(field, COLUMN), word(field, VALID)
            for first in range(begin, stop, 64):
                bits = U(0)
                for row in range(first, min(first + 64, stop)):
                    at, end = word(starts, row) + word(field, AT), word(ends, row)
                    value, state = 0, 0
                    if at + word(field, SIZE) <= end:
                        value, state = _value(at, kind, field, fill)
                    elif at < end:
                        state = -1
                    set_word(column, row, value)
                    bits |= U(state > 0) << U(row - first)
                    if state < 0:
                        leave(room, field, row)
                poke64(valid + (first >> 3), bits)
