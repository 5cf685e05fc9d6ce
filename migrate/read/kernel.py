"""The hot loop: bytes of many records -> Arrow columns, in one pass, without Python in between.

numba compiles `decode` once and keeps the machine code where the user can write. It reads cache-sized runs
of records field by field, writes text as Arrow string views (up to 12 bytes lie in the view itself),
numbers as int64, and blanks as cleared bits. A value that it cannot take it only marks: `diagnose.py`
looks at those few again and says why. The ideas and their measured worth are in benchmarks/README.md.

Every buffer needs SPARE readable bytes behind its last record: loads and stores go eight at a time.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.compiled import OPTIONS
from migrate.machine import U, lent, trimmed
from migrate.read import figures, letters, quick, shifted
from migrate.read.codes import DIGITS, KANA, TABLES, TEXT, UTF_8, WIDE, lent_codes
from migrate.read.letters import LONG

SPARE = 16
RUN = 1024
"""Records taken at a time: some 400 kB, which a core's own cache holds."""

KINDS = {"text": TEXT, "wide": WIDE, "kana": KANA, "digits": DIGITS, "zoned": figures.ZONED,
         "packed": figures.PACKED, "binary": figures.BINARY}  # fmt: skip


@njit(**OPTIONS)
def decode(data, starts, ends, fields, codes, text, views, numbers, valid, bad, states):
    """Fill the columns from the records at `starts`; gives (bytes used of each text, marks in `bad`).

    data uint8[bytes + SPARE]; starts and ends int64[records]: a field behind the end of its record is null, one
    that the end cuts is marked; fields int64[fields, 6]: byte in the record, bytes, kind, slot, where its part of
    `text` begins, form; codes: codes.Codes; text uint8; views uint64[slots, records, 2]; numbers int64[slots, records]; valid uint8[fields,
    records / 8 up]; bad int64[marks, 2]: (record, field); states int8[2, records], zeros, where the shift state is carried from field
    to field: the state behind what was read so far, and at the text that was refused; else int8[2, 0].
    """
    data, text, codes = lent(data), lent(text), lent_codes(codes)
    used = np.zeros(len(fields), np.int64)
    carried = states.shape[1] > 0
    span = shifted.RECORD if carried else shifted.FIELD
    bytewise = codes.scheme == TABLES or codes.scheme == UTF_8
    quickly = codes.scheme == TABLES
    ones, pairs, blank, usual = codes.ones[0], codes.pairs[0], codes.blank, codes.wide_blanks[0]
    marks = 0
    for run in range(0, len(starts), RUN):
        stop = min(run + RUN, len(starts))
        for f in range(len(fields)):
            at, size, kind = fields[f, 0], fields[f, 1], fields[f, 2]
            slot, base, form = fields[f, 3], fields[f, 4], fields[f, 5]
            end = base + used[f]
            bits = np.uint8(0)
            column = views[slot if kind <= DIGITS else 0]
            figures_ = numbers[slot if kind > DIGITS else 0]
            marked = valid[f]
            for row in range(run, stop):
                p = starts[row] + at
                state = LONG
                if p + fields[f, 1] > ends[row]:
                    state = -1 if p < ends[row] else 0
                    if kind <= DIGITS:
                        letters.short(column, row, U(0), U(0), 0)
                    else:
                        figures_[row] = 0
                elif kind > DIGITS:
                    figures_[row], state = figures.figure(data, p, size, kind, form, blank)
                elif carried and states[0, row] == shifted.LOST:
                    letters.short(column, row, U(0), U(0), 0)
                    state = 0
                else:
                    if form:  # low values
                        kept = trimmed(data, p, fields[f, 1], 0)
                        size = fields[f, 1] if kept and kind == DIGITS else kept
                    before = np.intp(states[0, row]) if carried else 0
                    behind = before
                    if size <= 12 and before == 0 and bytewise:
                        if kind == DIGITS:
                            state = letters.short_digits(
                                data, p, size, blank, codes.flip, column, row
                            )
                        elif kind == TEXT and codes.plain:
                            state = letters.short_ascii(data, p, size, column, row)
                        elif kind == TEXT:
                            state = letters.short_ones(data, p, size, ones, blank, column, row)
                    if state == LONG:
                        if kind == DIGITS and bytewise:
                            state = -1
                            if before == 0:
                                state = letters.copied_digits(
                                    data, p, size, blank, codes.flip, text, end
                                )
                        else:
                            if quickly and kind == WIDE and before == 0:
                                state = quick.wide(data, p, size, pairs, blank, usual, text, end)
                            elif quickly and kind == KANA and before == 0:
                                state = quick.kana(data, p, size, ones, blank, text, end)
                            elif codes.simple:
                                state = quick.mixed(data, p, size, ones, pairs, blank, text, end)
                            if state < 0:
                                state, behind = shifted.written(
                                    data, p, size, kind, codes, before, span, text, end
                                )
                        if letters.held(column, row, text, base, end, max(state, 0)):
                            end += state
                    if carried:
                        states[0, row] = behind if state >= 0 else shifted.LOST
                        if state < 0:
                            states[1, row] = before
                if state > 0:
                    bits |= np.uint8(1 << (row & 7))
                elif state < 0:
                    bad[marks, 0], bad[marks, 1] = row, f
                    marks += 1
                if (row & 7) == 7 or row == stop - 1:
                    marked[row >> 3] = bits
                    bits = np.uint8(0)
            used[f] = end - base
    return used, marks
