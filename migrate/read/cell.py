"""Compiled: one cell of CSV, its quotes undone -> its column. `taken` for any encoding."""

from __future__ import annotations

import numpy as np

from migrate.compiled import OPTIONS, njit
from migrate.machine import U, trimmed
from migrate.read import quick
from migrate.read.codes import DIGITS, SPACE, TABLES, TEXT, UTF_8
from migrate.read.letters import (
    LONG,
    held,
    short,
    short_ascii,
    short_digits,
)  # fmt: skip
from migrate.read.raw import place
from migrate.read.shifted import CELL, written
from migrate.read.unicode import narrowed, unit

NUMBER = 7
BARE, QUOTED, DOUBLED = range(3)
"""How a cell is written; DOUBLED: with doubled quotes in it."""

QUOTE = 0x22
HALF = np.uint8(0x80)
"""In the states of a file's bytes: this byte is half of something, or of another set than ASCII."""


@njit(**OPTIONS)
def unfilled_cell(data, at, size, scheme):
    """`size` without the blanks at the end."""
    if scheme == TABLES or scheme == UTF_8:
        return trimmed(data, at, size, SPACE)
    while size >= 2 and unit(data, at + size - 2, scheme) == 0x20:
        size -= 2
    return size


@njit(**OPTIONS)
def equal(data, cells, column, value, scheme):
    """Which records hold that value in a column, blanks at the end aside."""
    found = np.zeros(len(cells), np.bool_)
    for row in range(len(cells)):
        at = cells[row, column, 0]
        if unfilled_cell(data, at, np.intp(cells[row, column, 1] >> 2), scheme) == len(value):
            same = True
            for i in range(len(value)):
                same &= data[at + i] == value[i]
            found[row] = same
    return found


@njit(**OPTIONS)
def single(data, at, size, scheme, states, into):
    """Copy a cell, doubled quotes made single; its bytes. `states`: of the bytes, as in structure.py, or none."""
    end, p = 0, at
    step = 1 if scheme == TABLES or scheme == UTF_8 else 2
    while p + step <= at + size:
        quote = data[p] == QUOTE if step == 1 else unit(data, p, scheme) == QUOTE
        if quote and len(states):
            quote = states[p] < HALF
        for i in range(step):
            into[end + i] = data[p + i]
        p += 2 * step if quote else step
        end += step
    if p < at + size:  # half a unit: the end of the file
        into[end] = data[p]
        end += 1
    return end


@njit(**OPTIONS)
def number(data, at, size):
    """(value, state): sign, digits, commas between thousands; state 1 value, 0 blank, -1 neither."""
    value, run, significant = np.int64(0), 0, 0
    good, commas = True, False
    negative = size > 0 and data[at] == 0x2D
    first = 1 if negative or (size > 0 and data[at] == 0x2B) else 0
    for p in range(at + first, at + size):
        digit = np.int64(data[p]) - 0x30
        if 0 <= digit <= 9:
            value = value * 10 + digit
            significant += 1 if value else 0
            run += 1
        elif data[p] == 0x2C:
            good &= run == 3 if commas else 1 <= run <= 3
            commas, run = True, 0
        else:
            good = False
    good &= run == 3 if commas else run > 0
    if size == 0:
        return np.int64(0), 0
    if not good or significant > 18:
        return np.int64(0), -1
    return (-value if negative else value), 1


@njit(**OPTIONS)
def _taken(data, at, size, kind, codes, state, column, row, figures, text, base, end):
    """One cell without doubled quotes; (state, end of the texts)."""
    found = LONG
    if kind != NUMBER and size <= 12 and codes.plain and state == 0:
        if kind == DIGITS:
            found = short_digits(data, at, size, codes.blank, codes.flip, column, row)
        elif kind == TEXT:
            found = short_ascii(data, at, size, column, row)
    if found == LONG and kind == NUMBER:
        figures[row], found = number(data, at, size)
    elif found == LONG:
        if kind == DIGITS:
            found = quick.numerals(
                place(data) + at, size, np.int64(codes.blank), codes.flip, place(text) + end
            )
        else:
            found, _ = written(data, at, size, kind, codes, state, CELL, text, end)
        if held(column, row, text, base, end, max(found, 0)):
            end += found
    return found, end


@njit(**OPTIONS)
def taken(data, at, size, how, kind, codes, states, scratch, column, row, figures, text, base, end):
    """One cell of an encoding that has more than tables; (state, end of the texts, bytes without blanks)."""
    bytewise = codes.scheme == TABLES or codes.scheme == UTF_8
    state = np.intp(states[at] & ~HALF) if len(states) and size else 0
    narrow = not bytewise and (kind == NUMBER or kind == DIGITS)
    if how == DOUBLED:
        size = single(data, at, size, codes.scheme, states, scratch)
        size = unfilled_cell(scratch, 0, size, codes.scheme)
        length = narrowed(scratch, 0, size, codes.scheme, scratch) if narrow else size
    else:
        size = unfilled_cell(data, at, size, codes.scheme)
        length = narrowed(data, at, size, codes.scheme, scratch) if narrow else size
    if size == 0:
        if kind == NUMBER:
            figures[row] = 0
        else:
            short(column, row, U(0), U(0), 0)
        return 0, end, 0
    if how == DOUBLED or narrow:
        found, end = _taken(
            scratch, 0, length, kind, codes, state, column, row, figures, text, base, end
        )
    else:
        found, end = _taken(
            data, at, size, kind, codes, state, column, row, figures, text, base, end
        )
    return found, end, size
