"""The hot loop of a delivered CSV file: bytes -> items, and every breach of the form, at its byte.

Items become Arrow string views into the block itself. Only structure is judged here: quotes, commas, newlines
and whether the bytes are UTF-8. A newline within quotes is taken for a part of its item as long as the record
ends with the right number of items; else the quotes were never closed, and reading goes on behind that newline,
so that one lost quote costs one record and not the rest of the file.

Every buffer needs SPARE readable bytes behind its last byte.
"""

from __future__ import annotations

import numpy as np

from migrate.compiled import OPTIONS, njit
from migrate.machine import LOW4, U, below, lent, load64, printable
from migrate.read.delivered.plain_csv import ASCII, BLOCK, COMMA, CR, LF, QUOTE, plain

SPARE = BLOCK
DOUBLED = 1
"""Said of an item: quotes are doubled in it."""
RUN = 64
"""Records taken at a time: a core's own cache holds them while their columns are written."""
REACH = 16_384
"""Bytes behind a newline within quotes after which the quotes count as never closed."""

(
    NOT_CRLF,
    NO_FINAL_NEWLINE,
    EMPTY_LINE,
    UNQUOTED,
    UNDOUBLED_QUOTE,
    OPEN_QUOTE,
    WRONG_ITEM_COUNT,
    NOT_UTF8,
) = range(8)
FLAWS = ("not_crlf", "no_final_newline", "empty_line", "unquoted_item", "undoubled_quote",
         "open_quote", "wrong_item_count", "not_utf8")  # fmt: skip
CONTROL, SPACED, NULLISH = 1, 2, 4
"""What some item of a column holds, so that somebody must look closer."""
WIDE = U(0x8080E3)
"""An ideographic blank, as it is loaded."""


@njit(**OPTIONS)
def _mark(marks, which, flaw, byte, column):
    """Keep the first place of each flaw in a record."""
    if marks[flaw] < 0:
        marks[flaw] = byte
        which[flaw] = column


@njit(**OPTIONS)
def _record(data, at, size, final, items, marks, which):
    """Where the record at `at` ends, -1 if the data ends before; and how many items it has. items
    int64[columns, 3]: begin, end, DOUBLED or 0."""
    width = len(items)
    column, p, broken, inside = 0, at, -1, -1
    while True:
        begin = p
        escaped = 0
        if p < size and data[p] == QUOTE:
            q = p + 1
            lost = False
            while True:
                if q >= size or (broken >= 0 and q - broken > REACH):
                    if q >= size and not final:
                        return -1, 0
                    lost = True
                    break
                b = data[q]
                if b == QUOTE:
                    if q + 1 >= size:
                        if not final:
                            return -1, 0
                        break
                    n = data[q + 1]
                    if n == QUOTE:
                        escaped = 1
                        q += 2
                        continue
                    if n in (COMMA, CR, LF):
                        break
                    if broken >= 0:
                        lost = True
                        break
                    _mark(marks, which, UNDOUBLED_QUOTE, q, column)
                elif b in (LF, CR) and broken < 0:
                    broken, inside = q, begin
                q += 1
            if lost:
                return _given_up(data, size, broken, inside, begin, column, marks, which)
            if column < width:
                items[column, 0], items[column, 1], items[column, 2] = begin + 1, q, escaped
            p = q + 1
        else:
            while p < size and data[p] != COMMA and data[p] != CR and data[p] != LF:
                if data[p] == QUOTE:
                    _mark(marks, which, UNDOUBLED_QUOTE, p, column)
                p += 1
            if p >= size and not final:
                return -1, 0
            _mark(marks, which, UNQUOTED, begin, column)
            if column < width:
                items[column, 0], items[column, 1], items[column, 2] = begin, p, 0
        column += 1
        if p < size and data[p] == COMMA:
            p += 1
            continue
        if broken >= 0 and column != width:
            return _given_up(data, size, broken, inside, begin, column, marks, which)
        if p >= size:
            _mark(marks, which, NO_FINAL_NEWLINE, p, -1)
            return p, column
        if data[p] == CR and p + 1 >= size and not final:
            return -1, 0
        if data[p] == CR and p + 1 < size and data[p + 1] == LF:
            return p + 2, column
        _mark(marks, which, NOT_CRLF, p, -1)
        return p + 1, column


@njit(**OPTIONS)
def _given_up(data, size, broken, inside, begin, column, marks, which):
    """End a record at the newline where its quotes should have been closed, or at the end of the data."""
    end = broken if broken >= 0 else size
    for flaw in range(len(marks)):
        if marks[flaw] > end:
            marks[flaw] = -1
    _mark(marks, which, OPEN_QUOTE, inside if inside >= 0 else begin, -1)
    if end + 1 < size and data[end] == CR and data[end + 1] == LF:
        return end + 2, column
    return min(end + 1, size), column


@njit(inline="always", **OPTIONS)
def _kanji(eight):
    """Whether the first three of eight bytes are a character, of those whose first byte says all."""
    first = eight & U(0xFF)
    return (eight & U(0xC0C0F0)) == U(0x8080E0) and first != U(0xE0) and first != U(0xED)


@njit(**OPTIONS)
def _bad_utf8(data, at, stop):
    """(the first byte that is not UTF-8 or -1, whether there is a control character)."""
    control = False
    while at < stop:
        while stop - at >= 8 and printable(load64(data, at)):
            at += 8
        while stop - at >= 3 and _kanji(load64(data, at)):
            at += 3
        if at >= stop:
            break
        b = data[at]
        if b < 0x80:
            control |= b < 0x20 or b == 0x7F
            at += 1
            continue
        low, high = 0x80, 0xBF
        if 0xC2 <= b <= 0xDF:
            more = 1
        elif 0xE0 <= b <= 0xEF:
            more = 2
            if b == 0xE0:
                low = 0xA0
            elif b == 0xED:
                high = 0x9F
        elif 0xF0 <= b <= 0xF4:
            more = 3
            if b == 0xF0:
                low = 0x90
            elif b == 0xF4:
                high = 0x8F
        else:
            return at, control
        if at + more >= stop:
            return at, control
        for i in range(1, more + 1):
            if data[at + i] < low or data[at + i] > high:
                return at, control
            low, high = 0x80, 0xBF
        at += more + 1
    return -1, control


@njit(**OPTIONS)
def _single(data, at, stop):
    """Make doubled quotes single, in place; where the item ends then."""
    end = at
    while at < stop:
        data[end] = data[at]
        at += 2 if data[at] == QUOTE and at + 1 < stop and data[at + 1] == QUOTE else 1
        end += 1
    return end


@njit(inline="always", **OPTIONS)
def _view(views, row, data, at, size):
    """An Arrow string view of `size` bytes at data[at]."""
    low = load64(data, at)
    if size <= 12:
        low &= below(size)
        high = load64(data, at + 8) & below(size - 8) if size > 8 else U(0)
        views[row, 0] = U(size) | (low << U(32))
        views[row, 1] = (low >> U(32)) | (high << U(32))
    else:
        views[row, 0] = U(size) | ((low & LOW4) << U(32))
        views[row, 1] = U(at) << U(32)


@njit(inline="always", **OPTIONS)
def _looks(data, at, size):
    """SPACED: it is nothing but blanks; or NULLISH, as it begins."""
    b, stop = data[at], at + size
    while b == 0x20 or (b == 0xE3 and stop - at > 2 and load64(data, at) & U(0xFFFFFF) == WIDE):
        at += 1 if b == 0x20 else 3
        if at >= stop:
            return SPACED
        b = data[at]
    if size <= 6 and data[stop - size] in (0x4E, 0x6E, 0x28, 0x5C):  # N n ( \
        return NULLISH
    return 0


@njit(**OPTIONS)
def _marked(data, at, size, final, items, marks, which):
    """As _record, with what its number of items says of it."""
    marks[:] = -1
    which[:] = -1
    items[:] = 0
    end, count = _record(data, at, size, final, items, marks, which)
    if end < 0:
        return end, count
    width = len(items)
    if count == 1 and marks[UNQUOTED] == at and items[0, 1] == at and width > 1:
        marks[:] = -1
        marks[EMPTY_LINE] = at
    elif count != width and marks[OPEN_QUOTE] < 0:
        stray = marks[UNDOUBLED_QUOTE]
        if stray < 0:
            _mark(marks, which, WRONG_ITEM_COUNT, at, -1)
        elif (
            count < width and data[stray - 1] == COMMA
        ):  # it opens the next item: one was not closed
            marks[UNDOUBLED_QUOTE] = -1
            _mark(marks, which, OPEN_QUOTE, items[which[UNDOUBLED_QUOTE], 0] - 1, -1)
    return end, count


@njit(**OPTIONS)
def _column(data, items, column, views, filled, marks, which):
    """One column of a run of records as string views; gives what must be looked at closer."""
    data, views, filled = lent(data), lent(views), lent(filled)
    closer = 0
    for row in range(len(items)):
        begin, stop = items[row, 0], items[row, 1]
        if stop > begin and items[row, 2] != ASCII:
            bad, control = _bad_utf8(data, begin, stop)
            if bad >= 0:
                _mark(marks[row], which[row], NOT_UTF8, bad, column)
                stop = begin
            if control:
                closer |= CONTROL
            if items[row, 2] == DOUBLED and stop > begin:
                stop = _single(data, begin, stop)
        if stop > begin:
            closer |= _looks(data, begin, stop - begin)
        _view(views, row, data, begin, stop - begin)
        filled[row] = stop > begin
    return closer


@njit(**OPTIONS)
def scan(data, size, final, bounds, views, filled, closer, places, counts, marks, which):
    """Cut data[:size] into records and items; gives how many records.

    final: nothing comes behind. Filled for each record: bounds int64[records + 1], views uint64[columns, records, 2], filled
    uint8[columns, records], places int32[records, columns] (where an item begins), counts int64[records], marks
    and which int64[records, flaws]: the byte of the first flaw of a kind, -1 if there is none, and its column.
    closer uint8[columns], zeros: what must be looked at closer.
    """
    data, views, filled, places = lent(data), lent(views), lent(filled), lent(places)
    marks, which = lent(marks), lent(which)
    width, capacity = len(views), len(counts)
    items = np.zeros((RUN, width, 3), np.int64)
    at, row = 0, 0
    bounds[0] = 0
    while at < size and row < capacity:
        first = row
        while at < size and row < min(first + RUN, capacity):
            found = items[row - first]
            end = plain(data, at, size, found)
            if end >= 0:
                at, counts[row] = end, width
                marks[row] = -1
                which[row] = -1
            else:
                at, counts[row] = _marked(data, at, size, final, found, marks[row], which[row])
                if at < 0:
                    break
            for column in range(width):
                places[row, column] = found[column, 0]
            row += 1
            bounds[row] = at
        for column in range(width):
            closer[column] |= _column(data, items[: row - first, column], column, views[column, first:row],
                                      filled[column, first:row], marks[first:row], which[first:row])  # fmt: skip
        if at < 0:
            break
    return row
