"""Compiled: the bytes of one number -> (value, state). State 1: a value; 0: blank; -1: neither. `decode`: whole columns.

`form` is a sum of the bits below, made by `form_of`. What has more than 18 digits, or a floating point, is read
by `decimals.py`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import INNER, OPTIONS, njit
from migrate.machine import (
    EACH,
    FOURS,
    HUNDRED_MILLION,
    LOW4,
    LOW_NIBBLES,
    PAIRED,
    U,
    swapped,
)  # fmt: skip
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
from migrate.views import peek64, poke64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.model import Field

HOST, HIGH_BIT, UNSIGNED, LITTLE, LEADING, SEPARATE, BLANK, LOW = 1, 2, 4, 8, 16, 32, 64, 128
"""BLANK: packed blanks are nothing. LOW: 00 behind a text, or throughout a zoned number, is a blank."""
BITS = {"unsigned": UNSIGNED, "little": LITTLE, "leading": LEADING, "separate": SEPARATE, "ibm": 0}
EBCDIC = EACH * U(0xC0)
NEGATIVE, NO_SIGN = 16, 255
EIGHTS, TEN_15 = U(0x8888888888888888), 10**15
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
    for p in range(at, at + size - 8):
        high, low = byte(p) >> 4, byte(p) & 15
        good &= (high <= 9) & (low <= 9)
        value = value * 100 + high * 10 + low
    eight = swapped(peek64(at + max(0, size - 8))) >> U(8 * max(0, 8 - size))
    sign, halves = np.int64(eight & U(15)), eight >> U(4)
    good &= (halves & (halves << U(1) | halves << U(2)) & EIGHTS == 0) & (sign >= 10)
    pairs = (halves & LOW_NIBBLES) + U(10) * (halves >> U(4) & LOW_NIBBLES)
    fours = (pairs & PAIRED) + U(100) * (pairs >> U(8) & PAIRED)
    eights = (fours & FOURS) + U(10_000) * (fours >> U(16) & FOURS)
    value = value * TEN_15 + np.int64((eights & LOW4) + HUNDRED_MILLION * (eights >> U(32)))
    if form & UNSIGNED:
        good &= (sign == 15) | (sign == 12)
    if not good:
        return 0, 0 if form & BLANK and blank(at, size, fill) else -1
    return -value if (sign == 13) | (sign == 11) else value, 1


@njit(**INNER)
def binary(at, size, form):
    """(value, state): two's complement, or all bits the number; high byte first, or low byte."""
    spare = 64 - 8 * size
    eight = peek64(at) << U(spare) if form & LITTLE else swapped(peek64(at))
    if not form & UNSIGNED:
        return np.int64(eight) >> spare, 1
    value = np.int64(eight >> U(spare))
    return (value, 1) if value >= 0 else (0, -1)  # beyond 63 bits


@njit(**INNER)
def zoned(at, size, field, fill):
    """(value, state): digits; their sign lies over the last or first one, or is a byte of its own."""
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
            at, size, kind, form = word(field, AT), word(field, SIZE), word(field, KIND), word(field, FORM)  # fmt: skip
            column, valid = word(field, COLUMN), word(field, VALID)
            for first in range(begin, stop, 64):
                bits = U(0)
                for row in range(first, min(first + 64, stop)):
                    p, end = word(starts, row) + at, word(ends, row)
                    value, state = 0, -1 if p < end else 0
                    if p + size <= end:
                        if kind == PACKED:
                            value, state = packed(p, size, form, fill)
                        elif kind == BINARY:
                            value, state = binary(p, size, form)
                        else:
                            value, state = zoned(p, size, field, fill)
                    set_word(column, row, value)
                    bits |= U(state > 0) << U(row - first)
                    if state < 0:
                        leave(room, field, row)
                poke64(valid + (first >> 3), bits)
