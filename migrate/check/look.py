"""Compiled: the traits of every text of a column, by one pass over its views; see `scans.py`.

Each takes the places of views and buffers in memory, and an array of a byte for each text, which it fills; each gives
all these bytes together, by `or`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import BLANK8, EACH, HIGH_NIBBLES, LOW4, TOPS, U
from migrate.views import INLINE, address, begin_of, eight_at, peek64, poke8

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

_0, _1, _8, _16, _INLINE = map(U, (0, 1, 8, 16, INLINE))
_NOT_X, _NOT_N, _NOT_BLOB, _PRIVATE, _SELECTOR, _LONG, _WRONG = map(
    U, (NOT_X, NOT_N, NOT_BLOB, PRIVATE, SELECTOR, LONG, WRONG)
)
_NEITHER = U(NOT_X | NOT_BLOB)
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
    found, view, to, stop = _0, views, address(each), address(each) + U(len(each))
    safe = most * U(3) if wide else most
    while to < stop:
        size, traits = peek64(view) & LOW4, _0
        if not sound or size <= _INLINE or size > safe:
            begin = begin_of(view, buffers)
            if _usual(begin, begin + size, wide):
                traits = _LONG if size > safe else _0
            else:
                count, traits = _unusual(begin, begin + size)
                traits |= _LONG if count > most else _0
        poke8(to, traits)
        found |= traits
        view += _16
        to += _1
    return found


@njit(**INNER)
def _usual(begin, stop, wide):
    """Whether a text is nothing but printable ASCII; or, if wide, nothing but three bytes a character, up to U+DFFF."""
    at, odd = begin, _0
    while at < stop:
        eight, left = eight_at(begin, at, stop), stop - at
        if wide:
            if left < _8:
                eight |= TOPS << _8 * left
            b6, b5, b4 = eight << _1, eight << U(2), eight << U(3)
            top = (eight << U(4)) & (eight << U(5)) & (eight << U(6))
            odd |= ~eight | (b6 & (~b5 | b4 | top))  # below 80; C0 to DF, or EE and more
        else:
            if left < _8:
                eight |= BLANK8 << _8 * left
            odd |= eight | (eight - BLANK8) | (eight + EACH)
        at += _8
    return odd & TOPS == _0


@njit(**INNER)
def _unusual(begin, stop):
    """(characters, traits) of a text, character by character."""
    at, count, traits = begin, _0, _0
    while at < stop:
        eight = eight_at(begin, at, stop)
        lead, count = eight & U(0xFF), count + _1
        second, third = (eight >> _8) & U(63), (eight >> _16) & U(63)
        if lead < U(0x80):
            at += _1
            if eight & U(0xFFFF) == U(0x6E5C):  # a line break, written as two characters
                at += _1
            else:
                traits |= _NOT_N
            traits |= _NEITHER if lead < U(0x20) or lead == U(0x7F) else _0
        elif lead < U(0xE0):
            at += U(2)
            traits |= _NEITHER
            traits |= _NOT_N if lead == U(0xC2) and second < U(0x20) else _0
        elif lead < U(0xF0):
            at += U(3)
            traits |= _NOT_BLOB
            if lead < U(0xEE):
                traits |= _NOT_X
            else:
                code = (lead & U(15)) << U(12) | second << U(6) | third
                kana = code >= U(0xFF61) and code <= U(0xFF9F)
                traits |= _NOT_N if kana else _NOT_X
                traits |= _PRIVATE if code <= U(0xF8FF) else _0
                traits |= _SELECTOR if code >= U(0xFE00) and code <= U(0xFE0F) else _0
        else:
            at += U(4)
            code = (lead & U(7)) << U(12) | second << U(6) | third  # without its last six bits
            traits |= _NEITHER
            traits |= _PRIVATE if code >= U(0xF0000 >> 6) else _0
            traits |= _SELECTOR if code >= U(0xE0100 >> 6) and code < U(0xE0200 >> 6) else _0
    return count, traits


@njit(**OUTER)
def formed(views, buffers, each, length, low, high, over_low, over_high, which):
    """Whether a text has a form: its bytes without those of the form are its figures, elsewhere 0."""
    found, view, to, stop = _0, views, address(each), address(each) + U(len(each))
    while to < stop:
        head, tail = peek64(view), peek64(view + _8)
        wrong = head & LOW4 != length
        first, rest = (head >> U(32) | tail << U(32)) ^ low, (tail >> U(32)) ^ high
        odd = first | (first + over_low) | rest | (rest + over_high)
        wrong |= odd & HIGH_NIBBLES != _0
        if not wrong and which != YEAR:
            wrong = _impossible(first, rest, which)
        traits = _WRONG if wrong else _0
        poke8(to, traits)
        found |= traits
        view += _16
        to += _1
    return found


@njit(**INNER)
def _impossible(first, rest, which):
    """Whether figures, one a byte, make no month of a year, no whole day or no time."""
    pairs = first * U(10) + (first >> _8)  # byte n: the number of the figures n and n + 1
    if which == TIME:
        hour, minute, second = pairs & U(0xFF), (pairs >> U(24)) & U(0xFF), pairs >> U(48)
        return (hour > U(23)) | (minute > U(59)) | (second & U(0xFF) > U(59))
    month = (pairs >> U(40)) & U(0xFF)
    if which == YM:
        return month > U(12)
    century, years, day = pairs & U(0xFF), (pairs >> _16) & U(0xFF), rest * U(10) + (rest >> _8)
    leap = (years if years else century) & U(3) == _0
    last = U(28) + ((DAYS >> (U(2) * (month & U(15)))) & U(3)) + U(leap & (month == U(2)))
    never = ((century | years) == _0) | (month - _1 > U(11))
    return never | ((day & U(0xFF)) - _1 >= last)


@njit(**OUTER)
def digits(views, buffers, each, table):
    """Whether a text is a number with its check digit; the table is that of `scans.Digits`."""
    found, view, to, stop = _0, views, address(each), address(each) + U(len(each))
    sizes, place = peek64(table), peek64(table + _8)
    products, expected = table + _16, table + U(8 * (2 + 256))
    while to < stop:
        size, begin = peek64(view) & LOW4, begin_of(view, buffers)
        wrong = size > U(15) or (sizes >> size) & _1 == _0
        at, total, check = _0 if wrong else size, _0, _0
        left = eight_at(begin, begin, begin + size)
        while at:
            at -= _1
            digit = (left & U(0xFF)) - U(48)
            wrong |= digit > U(9)
            check = digit if at == place else check
            total += peek64(products + _8 * (at * _16 + (digit & U(15))))
            left >>= _8
            if at + _8 == size:
                left = eight_at(begin, begin + _8, begin + size)
        wrong = wrong or peek64(expected + _8 * total) != check
        traits = _WRONG if wrong else _0
        poke8(to, traits)
        found |= traits
        view += _16
        to += _1
    return found


@njit(**OUTER)
def listed(views, buffers, each, slots, shift):
    """Whether a text is one of those in the slots, of which a view lies at its hash or behind others of the same."""
    found, view, to, stop = _0, views, address(each), address(each) + U(len(each))
    last = (_1 << (U(64) - shift)) - _1
    while to < stop:
        head, tail = peek64(view), peek64(view + _8)
        slot = ((head ^ tail * U(SLOT)) * U(SLOT)) >> shift
        other = peek64(slots + _16 * slot)
        while other != _0 and (other != head or peek64(slots + _16 * slot + _8) != tail):
            slot = (slot + _1) & last
            other = peek64(slots + _16 * slot)
        traits = _0 if other else _WRONG
        poke8(to, traits)
        found |= traits
        view += _16
        to += _1
    return found
