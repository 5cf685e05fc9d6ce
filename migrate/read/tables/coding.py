"""Bytes -> text and back by the tables of an encoding, one step at a time: for showing, for tags and for samples."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from migrate.read.tables.draft import LEAD, LONG, SHIFT, SINGLE, TRIPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from migrate.read.encodings import Encoding
    from migrate.read.tables.draft import Shift

LONGEST = 8
"""Code points of the longest character: no entry holds more than eight bytes."""

REFUSED = "\ufffd"
MARKS = (LEAD, SINGLE, TRIPLE, SHIFT)
ESCAPE = 0x1B


def text_of(entry: int, longs: NDArray) -> str:  # type: ignore[type-arg]
    """The text of one entry, REFUSED for none and for a mark."""
    if entry >> 24 == LONG:
        low, size = longs[entry & 0xFFFFFF]
        return int(low).to_bytes(8, "little")[: int(size)].decode()
    return _short(entry)


@cache
def _short(entry: int) -> str:
    if entry == 0 or entry in MARKS:
        return REFUSED
    return (entry & 0xFFFFFF).to_bytes(3, "little")[: entry >> 24].decode()


def decoded(encoding: Encoding, data: bytes) -> str:
    """The text of some bytes; U+FFFD for what is refused, for a shift that changes nothing and one left open."""
    return "".join(_steps(encoding, data))


def _steps(encoding: Encoding, data: bytes) -> Iterator[str]:  # noqa: PLR0912
    tables, longs = encoding.singles, encoding.longs
    now: Shift | None = None
    at, end, text = 0, len(data), ""
    while at < end:
        ones, pairs = (0, 0) if now is None else (now.ones, now.pairs)
        entry = SHIFT if ones < 0 else tables[ones][data[at]]
        if entry == SHIFT:
            found = next((s for s in encoding.shifts if data.startswith(s.sequence, at)), None)
            if found is not None:
                if (found.ones, found.pairs) != (ones, pairs) or found.sequence[0] == ESCAPE:
                    now = None if found.ones == 0 else found
                else:  # opened twice, or closed and never opened; an escape may be said again
                    yield REFUSED
                at += len(found.sequence)
                continue
        size, text = 1, REFUSED
        if entry == SHIFT:
            if ones < 0 and at + 1 < end:
                text = text_of(int(encoding.pairs[pairs, data[at] << 8 | data[at + 1]]), longs)
                size = 1 if text == REFUSED and _shifts(encoding, data, at + 1) else 2
        elif entry == LEAD:
            if at + 1 < end:
                text = text_of(int(encoding.pairs[pairs, data[at] << 8 | data[at + 1]]), longs)
                size = 1 if text == REFUSED else 2
        elif entry == SINGLE:
            if at + 1 < end:
                text = text_of(tables[1][data[at + 1]], longs)
                size = 1 if text == REFUSED else 2
        elif entry == TRIPLE:
            if at + 2 < end:
                text = text_of(int(encoding.pairs[1, data[at + 1] << 8 | data[at + 2]]), longs)
                size = 1 if text == REFUSED else 3
        else:
            text = text_of(entry, longs)
        yield text
        at += size
    if now is not None and now.ones < 0 and text != REFUSED:
        yield REFUSED


def _shifts(encoding: Encoding, data: bytes, at: int) -> bool:
    return any(data.startswith(shift.sequence, at) for shift in encoding.shifts)


class Place(NamedTuple):
    """Where a character lies: the tables that must be current, and its bytes then."""

    ones: int  # this single-byte table; -1: this table of pairs, shifted to; -2: no shift is needed
    pairs: int
    code: bytes


NO_SHIFT = -2


def places(encoding: Encoding) -> dict[str, Place]:
    """Character -> its bytes. Where several codes mean the same: a single byte before a pair, then the lowest
    code, but codes of `late` after all others."""
    found: dict[str, Place] = {}
    states = {(0, 0), *((shift.ones, shift.pairs) for shift in encoding.shifts)}
    inside = any(mark in encoding.ones[0] for mark in (LEAD, SINGLE, TRIPLE))
    prefixes = {int(mark): bytes([byte]) for byte, mark in enumerate(encoding.ones[0].tolist()) if mark in (SINGLE, TRIPLE)}  # fmt: skip
    for ones in sorted({ones for ones, _ in states if ones >= 0}):
        _add(encoding, found, encoding.ones[ones], Place(ones, 0, b""), 1)
    if inside:
        _add(encoding, found, encoding.pairs[0], Place(NO_SHIFT, 0, b""), 2)
    if SINGLE in prefixes:
        _add(encoding, found, encoding.ones[1], Place(NO_SHIFT, 0, prefixes[SINGLE]), 1)
    if TRIPLE in prefixes:
        _add(encoding, found, encoding.pairs[1], Place(NO_SHIFT, 1, prefixes[TRIPLE]), 2)
    for pairs in sorted({pairs for ones, pairs in states if ones < 0}):
        _add(encoding, found, encoding.pairs[pairs], Place(-1, pairs, b""), 2)
    return found


def _add(encoding: Encoding, found: dict[str, Place], table: NDArray, place: Place, size: int) -> None:  # type: ignore[type-arg]  # fmt: skip
    for code, entry in in_order(table, encoding.late if place.pairs == 0 and size == 2 else ()):
        text = text_of(entry, encoding.longs)
        if text not in found:
            found[text] = place._replace(code=place.code + code.to_bytes(size, "big"))


def in_order(table: NDArray, late: tuple[range, ...]) -> list[tuple[int, int]]:  # type: ignore[type-arg]
    """(code, entry) of a table in the order in which `encode` chooses; marks and what is refused left out."""
    codes = (table.nonzero()[0]).tolist()
    entries = table[codes].tolist() if codes else []
    taken = [
        (code, entry) for code, entry in zip(codes, entries, strict=True) if entry not in MARKS
    ]
    return (
        sorted(taken, key=lambda each: (any(each[0] in r for r in late), each[0]))
        if late
        else taken
    )


def encoded(encoding: Encoding, text: str) -> bytes:
    """The bytes of a text, with its shifts. Raises UnicodeEncodeError."""
    if len(text) == 1 and text.isascii():  # as most tags: no table is turned round for them
        entry = 1 << 24 | ord(text)
        if entry in encoding.singles[0]:
            return bytes([encoding.singles[0].index(entry)])
    found = encoding.places
    out, at, now = [], 0, (0, 0)
    while at < len(text):
        size = next((n for n in range(min(LONGEST, len(text) - at), 0, -1) if text[at : at + n] in found), 0)  # fmt: skip
        if not size:
            raise _unable(encoding, text, at)
        place = found[text[at : at + size]]
        wanted = now
        if place.ones >= 0:
            wanted = (place.ones, 0)
        elif place.ones == -1:
            wanted = (-1, place.pairs)
        elif now != (0, 0):
            wanted = (0, 0)
        if wanted != now:
            out.append(_sequence(encoding, wanted))
            now = wanted
        out.append(place.code)
        at += size
    if now != (0, 0):
        out.append(_sequence(encoding, (0, 0)))
    return b"".join(out)


def encoded_wide(encoding: Encoding, text: str) -> bytes:
    """The bytes of a text in pairs of the first table alone. Raises UnicodeEncodeError."""
    found, out, at = encoding.wide_places, [], 0
    while at < len(text):
        size = next((n for n in range(min(LONGEST, len(text) - at), 0, -1) if text[at : at + n] in found), 0)  # fmt: skip
        if not size:
            raise _unable(encoding, text, at)
        out.append(found[text[at : at + size]].to_bytes(2, "big"))
        at += size
    return b"".join(out)


def _sequence(encoding: Encoding, wanted: tuple[int, int]) -> bytes:
    ones, pairs = wanted
    return next(
        s.sequence for s in encoding.shifts if s.ones == ones and (ones >= 0 or s.pairs == pairs)
    )


def _unable(encoding: Encoding, text: str, at: int) -> UnicodeEncodeError:
    return UnicodeEncodeError(encoding.name, text, at, at + 1, "no code for it")
