"""The hot loop: bytes of many records -> Arrow columns, in one pass, without Python in between.

numba compiles `decode` once and keeps the machine code where the user can write. It reads cache-sized runs
of records field by field, writes text as Arrow string views (up to 12 bytes lie in the view itself),
numbers as int64, and blanks as cleared bits. A value that it cannot take it only marks: `diagnose.py`
looks at those few again and says why. The ideas and their measured worth are in benchmarks/README.md.

There are two ways. The plain one, `_plain`, takes any value; the strips of `strips.py` take a field of a whole run
of records at once, and leave to the plain way what they cannot take.

Every buffer needs SPARE readable bytes behind its last record: loads and stores go eight at a time.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import INNER, OPTIONS, njit
from migrate.machine import TOPS, U, lent, load64, trimmed
from migrate.read import figures, letters, shifted
from migrate.read.codes import DIGITS, KANA, TABLES, TEXT, UTF_8, WIDE, lent_codes
from migrate.read.strips import AGAIN, RUN, lent_room, strip

SPARE = 16

KINDS = {"text": TEXT, "wide": WIDE, "kana": KANA, "digits": DIGITS, "zoned": figures.ZONED,
         "packed": figures.PACKED, "binary": figures.BINARY}  # fmt: skip

FLAGS = U(0x0102040810204080)
"""Times eight bytes of 0 or 1: these as bits, the first one lowest, in the top byte."""


@njit(**INNER)
def _plain(data, at, size, kind, form, codes, text, end, carried, row):
    """A text or digits by any encoding: bytes written, or -1. carried: the shift states, or None where there are no
    shift codes and everything goes by tables."""
    if form:  # low values
        kept = trimmed(data, at, size, 0)
        size = size if kept and kind == DIGITS else kept
    if carried is None:
        if kind == DIGITS:
            return letters.copied_digits(data, at, size, codes.blank, codes.flip, text, end)
        return letters.plain(data, at, size, kind, codes, text, end)
    lasting = carried.shape[1] > 0
    before = np.intp(carried[0, row]) if lasting else 0
    if before == shifted.LOST:
        return 0
    done, behind = -1, before
    if kind == DIGITS and (codes.scheme == TABLES or codes.scheme == UTF_8):
        if before == 0:
            done = letters.copied_digits(data, at, size, codes.blank, codes.flip, text, end)
    else:
        span = shifted.RECORD if lasting else shifted.FIELD
        done, behind = shifted.written(data, at, size, kind, codes, before, span, text, end)
    if lasting:
        carried[0, row] = behind if done >= 0 else shifted.LOST
        if done < 0:
            carried[1, row] = before
    return done


@njit(**INNER)
def _least(starts, ends, begin, stop):
    """The bytes that every record of a run has."""
    least = ends[begin] - starts[begin]
    for row in range(begin, stop):
        least = min(least, ends[row] - starts[row])
    return least


@njit(**INNER)
def _fresh(carried, begin, stop):
    """Whether no shift state is carried into this field of any record of a run."""
    if carried is None or carried.shape[1] == 0:
        return True
    fresh = True
    for row in range(begin, stop):
        fresh &= carried[0, row] == 0
    return fresh


@njit(**OPTIONS)
def decode(
    data, starts, ends, fields, codes, text, views, numbers, valid, bad, used, carried, room
):
    """Fill the columns from the records at `starts`; gives the marks in `bad`.

    data uint8[bytes + SPARE]; starts and ends int64[records]: a field behind the end of its record is null, one
    that the end cuts is marked; fields int64[fields, 6]: byte in the record, bytes, kind, slot, where its part of
    `text` begins, form; codes: codes.Codes; text uint8; views uint64[slots, records, 2]; numbers int64[slots, records]; valid uint8[fields,
    records / 8 up]; bad int64[marks, 2]: (record, field); used int64[fields], zeros: bytes used of each text;
    carried: None if codes.simple, else int8[2, records], zeros, where the shift state is carried from field
    to field: the state behind what was read so far, and at the text that was refused; else int8[2, 0];
    room: strips.Room.
    """
    data, text, codes, room = lent(data), lent(text), lent_codes(codes), lent_room(room)
    starts, ends = lent(starts), lent(ends)
    marks = 0
    states = room.states
    for begin in range(0, len(starts), RUN):
        stop = min(begin + RUN, len(starts))
        least = _least(starts, ends, begin, stop)
        for f in range(len(fields)):
            at, size, kind = fields[f, 0], fields[f, 1], fields[f, 2]
            slot, base, form = fields[f, 3], fields[f, 4], fields[f, 5]
            end = base + used[f]
            column = lent(views[slot if kind <= DIGITS else 0])
            figures_ = lent(numbers[slot if kind > DIGITS else 0])
            behind = -1
            if at + size <= least:
                if kind > DIGITS:
                    figures.column(
                        data,
                        starts,
                        begin,
                        stop,
                        begin,
                        at,
                        size,
                        kind,
                        form,
                        codes.blank,
                        figures_,
                        states,
                    )
                    behind = end
                elif form == 0 and _fresh(carried, begin, stop):
                    behind = strip(
                        data, starts, begin, stop, at, size, kind, codes, column, text, base, end,
                        room,
                    )  # fmt: skip
            if behind < 0:
                for i in range(stop - begin):
                    states[i] = AGAIN
            else:
                end = behind
            for first in range(begin, stop, 8):
                eight = load64(states, first - begin)
                if first + 8 > stop:
                    eight &= (U(1) << U(8 * (stop - first))) - U(1)
                if eight & TOPS:
                    bits = np.uint8(0)
                    for row in range(first, min(first + 8, stop)):
                        state = np.intp(states[row - begin])
                        if state == AGAIN:
                            p = starts[row] + at
                            if p + size > ends[row]:
                                state = -1 if p < ends[row] else 0
                                if kind > DIGITS:
                                    figures_[row] = 0
                            elif kind > DIGITS:
                                figures.column(
                                    data, starts, row, row + 1, begin, at, size, kind, form, codes.blank,
                                    figures_, states,
                                )  # fmt: skip
                                state = np.intp(states[row - begin])
                            else:
                                state = _plain(
                                    data, p, size, kind, form, codes, text, end, carried, row
                                )
                            if kind <= DIGITS and letters.held(
                                column, row, text, base, end, max(state, 0)
                            ):
                                end += state
                        if state > 0:
                            bits |= np.uint8(1 << (row & 7))
                        elif state < 0:
                            bad[marks, 0], bad[marks, 1] = row, f
                            marks += 1
                    valid[f, first >> 3] = bits
                else:
                    valid[f, first >> 3] = np.uint8((eight * FLAGS) >> U(56))
            used[f] = end - base
    return marks
