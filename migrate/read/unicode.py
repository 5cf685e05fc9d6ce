"""Compiled: UTF-8 and UTF-16, strictly -> UTF-8. Overlong forms, surrogates that are no pair, controls, marks of
byte order and U+FFFE are refused."""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, njit
from migrate.machine import BLANK8, below, load64, printable, store64
from migrate.read.codes import UTF_16BE
from migrate.read.quick import unfilled
from migrate.read.raw import place


@njit(inline="always", **INNER)
def fitting(point, lined):
    """Whether a code point may stand in a text; `lined`: newlines, too."""
    if point < 0x20:
        return lined and (point == 0x0A or point == 0x0D)
    if 0x7F <= point < 0xA0 or 0xD800 <= point < 0xE000:
        return False
    return point != 0xFEFF and (point & 0xFFFE) != 0xFFFE and point < 0x110000


@njit(**INNER)
def utf8(data, at, size, lined, text, end):
    """Bytes written, or -1."""
    first, stop = end, at + size
    while at < stop:
        eight, kept = load64(data, at), below(stop - at)
        store64(text, end, eight)
        if printable((eight & kept) | (BLANK8 & ~kept)):
            done = min(8, stop - at)
            at += done
            end += done
            continue
        lead = np.intp(data[at])
        more = 0 if lead < 0x80 else 1 if 0xC2 <= lead < 0xE0 else 2 if lead < 0xF0 else 3
        if 0x80 <= lead < 0xC2 or lead >= 0xF5 or at + more >= stop:
            return -1
        point = lead if more == 0 else lead & (0x3F >> more)
        for i in range(1, more + 1):
            byte = np.intp(data[at + i])
            if byte & 0xC0 != 0x80:
                return -1
            point = (point << 6) | (byte & 0x3F)
        if (more == 2 and point < 0x800) or (more == 3 and point < 0x10000):
            return -1
        if not fitting(point, lined):
            return -1
        at += more + 1
        end += more + 1
    return unfilled(place(text) + first, end - first)


@njit(inline="always", **INNER)
def unit(data, at, scheme):
    """The 16 bits at data[at]."""
    one, other = np.intp(data[at]), np.intp(data[at + 1])
    return (one << 8) | other if scheme == UTF_16BE else (other << 8) | one


@njit(**INNER)
def utf16(data, at, size, scheme, lined, text, end):
    """Bytes written, or -1."""
    if size & 1:
        return -1
    first, stop = end, at + size
    while at < stop:
        point = unit(data, at, scheme)
        at += 2
        if 0xD800 <= point < 0xDC00 and at < stop:
            low = unit(data, at, scheme)
            if not 0xDC00 <= low < 0xE000:
                return -1
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
            at += 2
        if not fitting(point, lined):
            return -1
        if point < 0x80:
            text[end] = point
            end += 1
        elif point < 0x800:
            text[end], text[end + 1] = 0xC0 | (point >> 6), 0x80 | (point & 0x3F)
            end += 2
        elif point < 0x10000:
            text[end], text[end + 1] = 0xE0 | (point >> 12), 0x80 | ((point >> 6) & 0x3F)
            text[end + 2] = 0x80 | (point & 0x3F)
            end += 3
        else:
            text[end], text[end + 1] = 0xF0 | (point >> 18), 0x80 | ((point >> 12) & 0x3F)
            text[end + 2] = 0x80 | ((point >> 6) & 0x3F)
            text[end + 3] = 0x80 | (point & 0x3F)
            end += 4
    return unfilled(place(text) + first, end - first)


@njit(**INNER)
def narrowed(data, at, size, scheme, into):
    """Write a byte a unit: the unit itself, FF where it is beyond 7F; how many, without the blanks at the end."""
    end = 0
    for p in range(at, at + size - 1, 2):
        point = unit(data, p, scheme)
        into[end] = point if point < 0x80 else 0xFF
        end += 1
    if size & 1:
        into[end] = 0xFF
        end += 1
    while end and into[end - 1] == 0x20:
        end -= 1
    return end
