"""Texts one by one, whatever they are: bytes -> Arrow string views. What strips.py leaves, and only that.

numba compiles `decode` when the first file needs it, and keeps the machine code where the user can write. A value that
it cannot take it only marks: `diagnose.py` looks at those few again and says why. The ideas and their measured worth
are in benchmarks/README.md.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, OPTIONS, njit
from migrate.machine import lent, trimmed
from migrate.read import letters, quick, shifted
from migrate.read.codes import DIGITS, TABLES, UTF_8, lent_codes
from migrate.read.plan import AT, COLUMN, FORM, KIND, SIZE, TEXTS, USED
from migrate.read.raw import place

SPARE = 64
"""Bytes that may be read behind the last record of every buffer: up to 32 are looked at at once."""


@njit(**INNER)
def _plain(data, at, size, kind, form, codes, text, end, carried, row):
    """A text or digits by any encoding: bytes written, or -1. carried: the shift states, or None where there are no
    shift codes and everything goes by tables."""
    if form:  # low values
        kept = trimmed(data, at, size, 0)
        size = size if kept and kind == DIGITS else kept
    if carried is None:
        if kind == DIGITS:
            return quick.numerals(
                place(data) + at, size, np.int64(codes.blank), codes.flip, place(text) + end
            )
        return letters.plain(data, at, size, kind, codes, text, end)
    lasting = carried.shape[1] > 0
    before = np.intp(carried[0, row]) if lasting else 0
    if before == shifted.LOST:
        return 0
    done, behind = -1, before
    if kind == DIGITS and (codes.scheme == TABLES or codes.scheme == UTF_8):
        if before == 0:
            done = quick.numerals(
                place(data) + at, size, np.int64(codes.blank), codes.flip, place(text) + end
            )
    else:
        span = shifted.RECORD if lasting else shifted.FIELD
        done, behind = shifted.written(data, at, size, kind, codes, before, span, text, end)
    if lasting:
        carried[0, row] = behind if done >= 0 else shifted.LOST
        if done < 0:
            carried[1, row] = before
    return done


@njit(**OPTIONS)
def decode(data, starts, ends, left, fields, codes, text, views, valid, bad, carried):
    """Fill the columns with the texts that are left; gives how many of them are in `bad` then.

    data uint8[bytes + SPARE]; starts and ends int64[records]: a field behind the end of its record is null, one
    that the end cuts is marked; left int64[values] as in plan.py, whose bits in `valid` are 0; fields int64[fields, plan.WORDS]; codes: codes.Codes; text uint8;
    views uint64[texts, records, 2]; valid uint8[fields, bytes]; bad int64[values], of `left`;
    carried: None if codes.simple, else int8[2, records], zeros, where the shift state is carried from field
    to field: the state behind what was read so far, and at the text that was refused; else int8[2, 0].
    """
    data, text, codes = lent(data), lent(text), lent_codes(codes)
    marks = 0
    for value in left:
        row, f = value >> 32, value & 0xFFFFFFFF
        size, kind, form = fields[f, SIZE], fields[f, KIND], fields[f, FORM]
        p, stop = starts[row] + fields[f, AT], ends[row]
        base = fields[f, TEXTS] - place(text)
        end = base + fields[f, USED]
        if p + size > stop:
            state = -1 if p < stop else 0
        else:
            state = _plain(data, p, size, kind, form, codes, text, end, carried, row)
        view = (fields[f, COLUMN] - place(views)) // 16 + row
        if letters.held(views, view, text, base, end, max(state, 0)):
            fields[f, USED] += state
        if state > 0:
            valid[f, row >> 3] |= np.uint8(1 << (row & 7))
        elif state < 0:
            bad[marks] = value
            marks += 1
    return marks
