"""Compiled: the traits of every text of a column, by one pass over its views; see `scans.py`.

Each takes the places of views and buffers in memory, and an array of a byte for each text, which it fills; each gives
all these bytes together, by `or`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import BLANK8, EACH, HIGH_NIBBLES, LOW4, TOPS, U
from migrate.views import INLINE, begin_of, eight_at, peek64

if TYPE_CHECKING:
    import numpy as np

NOT_X, NOT_N, NOT_BLOB, PRIVATE, SELECTOR, LONG = 1, 2, 4, 8, 16, 32
"""Characters that a type does not have; gaiji; more characters than there may be."""
WRONG = 64
"""Not of a form, not of a list, or with a wrong check digit."""

YEAR, YM, DATE, TIME = 0, 1, 2, 3
DAYS = U(sum((31 - 28 - (m in (4, 6, 9, 11)) - 3 * (m == 2)) << (2 * m) for m in range(1, 13)))
"""How many days more than 28 a month has, two bits each."""
SLOT = 0x9E3779B97F4A7C15
NOTHING = 0xFFFFFFFFFFFFFFFF
_FIGURES = {"YEAR": "0000", "YM": "0000-00", "DATE": "0000-00-00", "TIME": "00:00:00"}


def _form(text: str, which: int) -> tuple[np.uint64, ...]:
    """A form as bytes: how many, the bytes themselves, what makes more than 15 of a wrong one, and which it is."""
    over = "".join("\x06" if c == "0" else "\x0f" for c in text)
    words = (int.from_bytes(t[n : n + 8].encode(), "little") for t in (text, over) for n in (0, 8))
    return U(len(text)), *map(U, words), U(which)


FORMS = {name: _form(text, which) for which, (name, text) in enumerate(_FIGURES.items())}
"""By a column's type, what `formed` takes."""


@njit(**OUTER)
def usual(text, wide):
    """Whether texts that lie one behind the other are all usual ones: of printable ASCII and half-width kana; or, if
    wide, of three bytes a character, neither such kana nor private nor selectors. As many bytes at a time as the
    processor has room for."""
    odd, last = False, max(0, len(text) - 2)
    for i in range(last):
        lead, second, third = text[i], text[i + 1], text[i + 2]
        kana = ((second == 0xBD) & (third >= 0xA1)) | ((second == 0xBE) & (third <= 0x9F))
        if wide:
            odd |= (lead < 0x80) | (lead & 0xE0 == 0xC0) | (lead == 0xEE) | (lead >= 0xF0)
            odd |= (lead == 0xEF) & ((second < 0xA4) | (second == 0xB8) | kana)
        else:
            odd |= (lead < 0x20) | (lead == 0x7F) | ((lead >= 0xC0) & (lead != 0xEF))
            odd |= (lead == 0xEF) & (not kana)
    for i in range(last, len(text)):  # no character of three bytes begins here
        odd |= (text[i] < (0x80 if wide else 0x20)) | (text[i] == 0x7F) | (text[i] >= 0xC0)
    return not odd


@njit(**OUTER)
def characters(views, buffers, each, wide, most, sound):
    """Which characters there are, and whether more than `most`. `sound`: all that lies in buffers is usual."""
    found = 0
    for row in range(U(len(each))):
        size = peek64(views + U(16) * row) & LOW4
        if sound and size > U(INLINE) and size <= (U(3) * most if wide else most):
            each[row] = 0
            continue
        begin = begin_of(views + U(16) * row, buffers)
        if _usual(begin, begin + size, wide):
            count, traits = size // U(3) if wide else size, 0
        else:
            count, traits = _unusual(begin, begin + size)
        traits |= LONG if count > most else 0
        each[row] = traits
        found |= traits
    return found


@njit(**INNER)
def _usual(begin, stop, wide):
    """Whether a text is nothing but printable ASCII; or, if wide, nothing but three bytes a character, up to U+DFFF."""
    at, odd = begin, U(0)
    while at < stop:
        eight, left = eight_at(begin, at, stop), stop - at
        if wide:
            if left < U(8):
                eight |= TOPS << U(8) * left
            b6, b5, b4 = eight << U(1), eight << U(2), eight << U(3)
            top = (eight << U(4)) & (eight << U(5)) & (eight << U(6))
            odd |= ~eight | (b6 & (~b5 | b4 | top))  # below 80; C0 to DF, or EE and more
        else:
            if left < U(8):
                eight |= BLANK8 << U(8) * left
            odd |= eight | (eight - BLANK8) | (eight + EACH)
        at += U(8)
    return odd & TOPS == U(0)


@njit(**INNER)
def _unusual(begin, stop):
    """(characters, traits) of a text, character by character."""
    at, count, traits = begin, U(0), 0
    while at < stop:
        eight = eight_at(begin, at, stop)
        lead, count = eight & U(0xFF), count + U(1)
        second, third = (eight >> U(8)) & U(63), (eight >> U(16)) & U(63)
        if lead < U(0x80):
            at += U(1)
            if eight & U(0xFFFF) == U(0x6E5C):  # a line break, written as two characters
                at += U(1)
            else:
                traits |= NOT_N
            traits |= NOT_X | NOT_BLOB if lead < U(0x20) or lead == U(0x7F) else 0
        elif lead < U(0xE0):
            at += U(2)
            traits |= NOT_X | NOT_BLOB
            traits |= NOT_N if lead == U(0xC2) and second < U(0x20) else 0
        elif lead < U(0xF0):
            at += U(3)
            traits |= NOT_BLOB
            if lead < U(0xEE):
                traits |= NOT_X
            else:
                code = (lead & U(15)) << U(12) | second << U(6) | third
                kana = code >= U(0xFF61) and code <= U(0xFF9F)
                traits |= NOT_N if kana else NOT_X
                traits |= PRIVATE if code <= U(0xF8FF) else 0
                traits |= SELECTOR if code >= U(0xFE00) and code <= U(0xFE0F) else 0
        else:
            at += U(4)
            code = (lead & U(7)) << U(12) | second << U(6) | third  # without its last six bits
            traits |= NOT_X | NOT_BLOB
            traits |= PRIVATE if code >= U(0xF0000 >> 6) else 0
            traits |= SELECTOR if code >= U(0xE0100 >> 6) and code < U(0xE0200 >> 6) else 0
    return count, traits


@njit(**OUTER)
def formed(views, buffers, each, length, low, high, over_low, over_high, which):
    """Whether a text has a form: its bytes without those of the form are its figures, elsewhere 0."""
    found = 0
    for row in range(U(len(each))):
        view = views + U(16) * row
        head, tail = peek64(view), peek64(view + U(8))
        wrong = head & LOW4 != length
        first, rest = (head >> U(32) | tail << U(32)) ^ low, (tail >> U(32)) ^ high
        odd = first | (first + over_low) | rest | (rest + over_high)
        wrong |= odd & HIGH_NIBBLES != U(0)
        if not wrong and which != YEAR:
            wrong = _impossible(first, rest, which)
        each[row] = WRONG if wrong else 0
        found |= WRONG if wrong else 0
    return found


@njit(**INNER)
def _impossible(first, rest, which):
    """Whether figures, one a byte, make no month of a year, no whole day or no time."""
    pairs = first * U(10) + (first >> U(8))  # byte n: the number of the figures n and n + 1
    if which == TIME:
        hour, minute, second = pairs & U(0xFF), (pairs >> U(24)) & U(0xFF), pairs >> U(48)
        return (hour > U(23)) | (minute > U(59)) | (second & U(0xFF) > U(59))
    month = (pairs >> U(40)) & U(0xFF)
    if which == YM:
        return month > U(12)
    century, years, day = pairs & U(0xFF), (pairs >> U(16)) & U(0xFF), rest * U(10) + (rest >> U(8))
    leap = (years if years else century) & U(3) == U(0)
    last = U(28) + ((DAYS >> (U(2) * (month & U(15)))) & U(3)) + U(leap & (month == U(2)))
    never = ((century | years) == U(0)) | (month - U(1) > U(11))
    return never | ((day & U(0xFF)) - U(1) >= last)


@njit(**OUTER)
def digits(views, buffers, each, table):
    """Whether a text is a number with its check digit; the table is that of `scans.Digits`."""
    found, sizes, place = 0, peek64(table), peek64(table + U(8))
    products, expected = table + U(8 * 2), table + U(8 * (2 + 256))
    for row in range(U(len(each))):
        view = views + U(16) * row
        size, begin = peek64(view) & LOW4, begin_of(view, buffers)
        wrong = size > U(15) or (sizes >> size) & U(1) == U(0)
        at, total, check = U(0) if wrong else size, U(0), U(0)
        left = eight_at(begin, begin, begin + size)
        while at:
            at -= U(1)
            digit = (left & U(0xFF)) - U(48)
            wrong |= digit > U(9)
            check = digit if at == place else check
            total += peek64(products + U(8) * (at * U(16) + (digit & U(15))))
            left >>= U(8)
            if at + U(8) == size:
                left = eight_at(begin, begin + U(8), begin + size)
        wrong = wrong or peek64(expected + U(8) * total) != check
        each[row] = WRONG if wrong else 0
        found |= WRONG if wrong else 0
    return found


@njit(**OUTER)
def listed(views, buffers, each, slots, shift):
    """Whether a text is one of those in the slots, of which a view lies at its hash or behind others of the same."""
    found, last = 0, (U(1) << (U(64) - shift)) - U(1)
    for row in range(U(len(each))):
        head, tail = peek64(views + U(16) * row), peek64(views + U(16) * row + U(8))
        slot = ((head ^ tail * U(SLOT)) * U(SLOT)) >> shift
        other = peek64(slots + U(16) * slot)
        while other != U(0) and (other != head or peek64(slots + U(16) * slot + U(8)) != tail):
            slot = (slot + U(1)) & last
            other = peek64(slots + U(16) * slot)
        each[row] = WRONG if other == U(0) else 0
        found |= WRONG if other == U(0) else 0
    return found
