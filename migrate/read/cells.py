"""The hot loops of CSV: bytes -> records and their cells (`cut`), cells -> Arrow columns (`decode`).

Structure is found byte by byte, without decoding: a quote (22), a comma (2C), CR and LF are never the second
byte of a CP932 character, which is 40-7E or 80-FC. (A bar, 7C, may be: ポ is 83 7C. The catalog lets no
delimiter of 40 or more pass.)

Every buffer needs SPARE readable bytes behind its last record, as in kernel.py, whose decoders work here, too.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import OPTIONS, njit
from migrate.machine import U, lent, trimmed
from migrate.read import quick
from migrate.read.cell import BARE, DOUBLED, NUMBER, QUOTE, QUOTED, number, single, taken
from migrate.read.codes import DIGITS, KANA, LEAD, SPACE, TEXT, WIDE, lent_codes
from migrate.read.letters import (
    LONG,
    held,
    plain,
    short,
    short_ascii,
    short_digits,
)
from migrate.read.plan import KINDS
from migrate.read.raw import place

CELL_KINDS = {**KINDS, "number": NUMBER}

LONGEST = 1 << 20
"""A record's end that does not come within so many bytes does not come."""

RUN = 256
"""Records decoded at a time: their bytes and cells fit into a core's own cache."""

LF, CR = 0x0A, 0x0D
_SPACE = int(SPACE)

DAMAGES = ("", "wrong_columns", "stray_quote", "text_behind_quote", "unclosed_quote", "blank_line",
           "wrong_newline", "endless_record")  # fmt: skip
SOUND, COLUMNS, STRAY, BEHIND, UNCLOSED, BLANK, NEWLINE, ENDLESS = range(8)


@njit(**OPTIONS)
def _line_end(data, at, edge, ending):
    """Behind the layout's newline at or after `at`, or -1. `ending`: 0 LF, 1 CR, 2 CRLF."""
    while at < edge:
        if ending == 0 and data[at] == LF:
            return at + 1
        if ending == 1 and data[at] == CR:
            return at + 1
        if ending == 2 and data[at] == CR and at + 1 < edge and data[at + 1] == LF:
            return at + 2
        at += 1
    return -1


@njit(**OPTIONS)
def _record(data, start, stop, final, form, stops, cells):
    """One record from `start`: (where it ends, cells, damage, byte of the damage).

    It ends at -1 where its bytes are not all in memory yet. A damaged record ends with the line on which the
    damage begins, so that reading goes on with the next. form int64[2]: delimiter, ending; stops bool[256]:
    delimiter, quote, CR, LF; cells int32[columns, 2]: first byte, bytes * 4 + how it is written.
    """
    delimiter, ending = form[0], form[1]
    limit = start + LONGEST
    edge = min(stop, limit)
    known = final or edge == limit  # nothing behind the edge can change anything
    p, count = start, 0
    while True:
        opened = p
        if p < edge and data[p] == QUOTE:
            kind = QUOTED
            p += 1
            while True:
                while p < edge and data[p] != QUOTE:
                    p += 1
                if p + 1 >= edge or data[p + 1] != QUOTE:
                    break
                kind = DOUBLED
                p += 2
            if p + 1 >= edge and not known:
                return -1, 0, 0, 0
            if p >= edge:
                end = _line_end(data, opened, edge, ending)
                return (edge if end < 0 else end), count, UNCLOSED, opened
            begin, size = opened + 1, p - opened - 1
            p += 1
        else:
            kind = BARE
            while p < edge and not stops[data[p]]:
                p += 1
            begin, size = opened, p - opened
            if p < edge and data[p] == QUOTE:
                end = _line_end(data, p, edge, ending)
                if end < 0 and not known:
                    return -1, 0, 0, 0
                return (edge if end < 0 else end), count, STRAY, p
        if count < len(cells):
            cells[count, 0] = begin
            cells[count, 1] = size << 2 | kind
        count += 1
        if p >= edge:
            if not known:
                return -1, 0, 0, 0
            return edge, count, (SOUND if final and edge == stop else ENDLESS), start
        byte = data[p]
        if byte == delimiter:
            p += 1
            continue
        if byte == CR or byte == LF:
            if byte == CR and p + 1 >= edge and not known:
                return -1, 0, 0, 0
            both = byte == CR and p + 1 < edge and data[p + 1] == LF
            found = 2 if both else 1 if byte == CR else 0
            end = p + 2 if both else p + 1
            if found != ending:
                return end, count, NEWLINE, p
            return end, count, (BLANK if p == start else SOUND), start
        end = _line_end(data, opened, edge, ending)  # behind a closing quote
        if end < 0 and not known:
            return -1, 0, 0, 0
        if 0 <= end <= p:  # the quote closes on a line that is another record's
            return end, count, BEHIND, opened
        return (edge if end < 0 else end), count, BEHIND, p


@njit(**OPTIONS)
def cut(data, at, stop, final, form, bounds, cells, facts, done):
    """Cut records from data[at:stop] into rows `done` and up; gives (rows filled, where it stopped).

    bounds int64[records + 1]; cells int32[records, columns, 2] and form as in `_record`; facts int32[records, 3]:
    cells, damage, byte of the damage in the record. `final`: the file ends at `stop`.
    """
    stops = np.zeros(256, np.bool_)
    stops[form[0]] = stops[QUOTE] = stops[CR] = stops[LF] = True
    while done < len(facts) and at < stop:
        end, count, damage, byte = _record(data, at, stop, final, form, stops, cells[done])
        if end < 0:
            break
        cells[done, min(count, cells.shape[1]) :, :] = 0
        facts[done, 0], facts[done, 1], facts[done, 2] = count, damage, byte - at
        bounds[done], bounds[done + 1] = at, end
        done += 1
        at = end
    return done, at


@njit(**OPTIONS)
def sizes(cells, chosen, columns):
    """The bytes of the cells of each of some columns, together."""
    found = np.zeros(len(columns), np.int64)
    for row in chosen:
        for f in range(len(columns)):
            found[f] += cells[row, columns[f], 1] >> 2
    return found


@njit(**OPTIONS)
def _decoded(data, size, kind, codes, column, row, figures, text, base, end):
    """One trimmed cell, alone at data[0], into its column; (state, end of the texts)."""
    if kind == NUMBER:
        figures[row], state = number(data, 0, size)
        return state, end
    if kind == DIGITS:
        state = quick.numerals(place(data), size, _SPACE, codes.flip, place(text) + end)
    else:
        state = plain(data, 0, size, kind, codes, text, end)
    if held(column, row, text, base, end, max(state, 0)):
        end += state
    return state, end


@njit(**OPTIONS)
def decode(data, cells, chosen, fields, codes, lined, text, views, numbers, valid, bad, states):
    """Fill the columns from the cells of the chosen records; gives (bytes used of each text, marks in `bad`).

    fields int64[fields, 5]: column, the most bytes by the book or 0, kind, slot, where its part of `text`
    begins; codes and lined: letters.Codes, the second with the newlines that a quoted text may hold;
    bad int32[marks, 3]: (place in `chosen`, field, bytes that are more than the book allows or 0 for a value that
    was refused); states: of the bytes, as in structure.py, or none. The others as in kernel.decode.
    """
    data, text, states = lent(data), lent(text), lent(states)
    codes, lined = lent_codes(codes), lent_codes(lined)
    ones, pairs, usual = place(codes.ones), place(codes.pairs), np.int64(codes.wide_blanks[0])
    scratch = np.empty(2 * LONGEST + 64, np.uint8)
    used = np.zeros(len(fields), np.int64)
    marks = 0
    for run in range(0, len(chosen), RUN):
        stop = min(run + RUN, len(chosen))
        for f in range(len(fields)):
            position, most, kind = fields[f, 0], fields[f, 1], fields[f, 2]
            slot, base = fields[f, 3], fields[f, 4]
            end = base + used[f]
            bits = np.uint8(0)
            column = views[slot if kind <= DIGITS else 0]
            figures = numbers[slot if kind > DIGITS else 0]
            marked = valid[f]
            for row in range(run, stop):
                at = np.intp(cells[chosen[row], position, 0])
                packed = np.intp(cells[chosen[row], position, 1])
                size, written = packed >> 2, packed & 3
                if not codes.simple:
                    known = lined if kind == TEXT and written != BARE else codes
                    state, end, size = taken(
                        data, at, size, written, kind, known, states, scratch,
                        column, row, figures, text, base, end,
                    )  # fmt: skip
                elif written == DOUBLED:
                    size = single(data, at, size, codes.scheme, states, scratch)
                    size = trimmed(scratch, 0, size, SPACE)
                    known = lined if kind == TEXT else codes
                    state, end = _decoded(
                        scratch, size, kind, known, column, row, figures, text, base, end
                    )
                else:
                    if size and data[at + size - 1] == 0x20:  # few are: a branch that is foreseen
                        size = trimmed(data, at, size, SPACE)
                    state = LONG
                    if kind == NUMBER:
                        figures[row], state = number(data, at, size)
                    elif size == 0:
                        state = 0
                        short(column, row, U(0), U(0), 0)
                    elif size <= 12 and kind == DIGITS:
                        state = short_digits(data, at, size, SPACE, codes.flip, column, row)
                    elif size <= 12 and kind == TEXT and codes.plain:
                        state = short_ascii(data, at, size, column, row)
                    if state == LONG:
                        if kind == DIGITS:
                            state = quick.numerals(
                                place(data) + at, size, _SPACE, codes.flip, place(text) + end
                            )
                        elif kind == KANA:
                            state = quick.kana(
                                place(data) + at, size, ones, _SPACE, place(text) + end
                            )
                        elif (
                            kind == WIDE or codes.ones[0, data[at]] == LEAD
                        ):  # most are pairs throughout
                            state = quick.wide(
                                place(data) + at, size, pairs, _SPACE, usual, place(text) + end
                            )
                        if state < 0 and kind == TEXT:
                            state = quick.mixed(
                                place(data) + at, size, ones, pairs, _SPACE, place(text) + end
                            )
                        if state < 0 and kind != DIGITS:
                            known = lined if kind == TEXT and written != BARE else codes
                            state = plain(data, at, size, kind, known, text, end)
                        if held(column, row, text, base, end, max(state, 0)):
                            end += state
                if state > 0:
                    bits |= np.uint8(1 << (row & 7))
                if state < 0 or (most and size > most):
                    bad[marks, 0], bad[marks, 1] = row, f
                    bad[marks, 2] = 0 if state < 0 else size
                    marks += 1
                if (row & 7) == 7 or row == stop - 1:
                    marked[row >> 3] = bits
                    bits = np.uint8(0)
            used[f] = end - base
    return used, marks
