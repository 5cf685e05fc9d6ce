"""Compiled: the bytes of one number -> (value, state). State 1: a value; 0: blank; -1: neither."""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import OPTIONS
from migrate.read.machine import blank

ZONED, PACKED, BINARY = 4, 5, 6


@njit(**OPTIONS)
def zoned(data, at, size, codes):
    """(value, state): digits with the sign over the last one; state 1 value, 0 blank, -1 neither."""
    value, good = np.int64(0), True
    for p in range(at, at + size - 1):
        digit = np.int64(data[p]) - 0x30
        good &= (digit >= 0) & (digit <= 9)
        value = value * 10 + digit
    last, negative = np.int64(data[at + size - 1]), False
    if 0x30 <= last <= 0x39:
        digit = last - 0x30
    elif last == 0x7B:  # {
        digit = np.int64(0)
    elif 0x41 <= last <= 0x49:  # A-I
        digit = last - 0x40
    elif last == 0x7D:  # }
        digit, negative = np.int64(0), True
    elif 0x4A <= last <= 0x52:  # J-R
        digit, negative = last - 0x49, True
    else:
        digit, good = np.int64(0), False
    if not good:
        return np.int64(0), 0 if blank(data, at, size, codes.blank) else -1
    value = value * 10 + digit
    return (-value if negative else value), 1


@njit(**OPTIONS)
def packed(data, at, size, codes):
    """(value, state): two digits a byte, the last half byte the sign (C A E F +, D B -)."""
    value, good = np.int64(0), True
    for p in range(at, at + size):
        high, low = np.int64(data[p] >> 4), np.int64(data[p] & 15)
        good &= high <= 9
        value = value * 10 + high
        if p < at + size - 1:
            good &= low <= 9
            value = value * 10 + low
    sign = data[at + size - 1] & 15
    if not good or sign < 10:
        return np.int64(0), 0 if blank(data, at, size, codes.blank) else -1
    return (-value if (sign == 13) | (sign == 11) else value), 1


@njit(**OPTIONS)
def binary(data, at, size, codes):
    """(value, state): big-endian, two's complement."""
    value = np.int64(data[at])
    if value >= 128:
        value -= 256
    for p in range(at + 1, at + size):
        value = (value << 8) | np.int64(data[p])
    return value, 1


@njit(**OPTIONS)
def figure(data, at, size, kind, form, codes):
    """A number of any kind."""
    if kind == ZONED:
        return zoned(data, at, size, codes)
    if kind == PACKED:
        return packed(data, at, size, codes)
    return binary(data, at, size, codes)
