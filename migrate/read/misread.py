"""The characters of a cell one by one, as far as they are sound: `characters(cell, kind, encoding, before)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.read.encodings import Encoding, Shift

LEAD, SINGLE, TRIPLE, SHIFT = (0xFFFFFFFF - i for i in range(4))


class FaultError(Exception):
    """A code and the byte within the field."""

    def __init__(self, code: str, at: int) -> None:
        super().__init__(code)
        self.found = (code, at)


class Letter(NamedTuple):
    """One character of a cell: where it begins, and whether it is of half width, or a blank."""

    at: int
    half: bool
    blank: bool


def control(byte: int, encoding: Encoding) -> bool:
    """Whether a byte, or a unit, that the encoding refuses is a control character."""
    return byte < encoding.blank or (byte == 0x7F and encoding.blank == 0x20)


def characters(cell: bytes, kind: str, encoding: Encoding, before: int | None) -> Iterator[Letter]:
    """The characters of a cell, as far as they are sound. Raises FaultError."""
    if encoding.scheme == "utf-8":
        return _utf8(cell, encoding)
    if encoding.scheme != "tables":
        return _utf16(cell, encoding)
    if encoding.shifts:
        bare = kind == "wide" and not before and not _shift(cell, 0, encoding)
        return _shifted(cell, encoding, before, bare=bare)
    return _tables(cell, encoding)


def _text(entry: int, encoding: Encoding) -> str:
    """The text of an entry of a table."""
    if entry >> 24 == 4:
        packed, size = map(int, encoding.longs[entry & 0xFFFFFF])
        return packed.to_bytes(8, "little")[:size].decode()
    return (entry & 0xFFFFFF).to_bytes(3, "little")[: entry >> 24].decode()


def _letter(at: int, text: str) -> Letter:
    half = all(c < "\x7f" or "\uff61" <= c <= "\uff9f" for c in text)
    return Letter(at, half, text in (" ", "\u3000"))


def _tables(cell: bytes, encoding: Encoding) -> Iterator[Letter]:
    at, ones, pairs = 0, encoding.ones, encoding.pairs
    while at < len(cell):
        byte = cell[at]
        entry = int(ones[0, byte])
        size = {LEAD: 2, SINGLE: 2, TRIPLE: 3}.get(entry, 1)
        if at + size > len(cell):
            raise FaultError("cut_character", at)
        if size == 1:
            if not entry or entry == SHIFT:
                raise FaultError(
                    "control_character" if control(byte, encoding) else "invalid_byte", at
                )
            yield Letter(at, half=True, blank=_text(entry, encoding) == " ")
            at += 1
            continue
        second, last = cell[at + 1], cell[at + size - 1]
        if entry == SINGLE:
            entry = int(ones[1, last])
        else:
            entry = int(pairs[size - 2, cell[at + size - 2] << 8 | last])
        if not entry or entry >= SHIFT:
            lost = encoding.blank in (second, last)
            raise FaultError("cut_character" if lost else "undecodable", at)
        if size == 2 and int(ones[0, byte]) == LEAD:
            yield Letter(at, half=False, blank=_text(entry, encoding) == "\u3000")
        else:
            yield _letter(at, _text(entry, encoding))
        at += size


def _shift(cell: bytes, at: int, encoding: Encoding) -> tuple[int, Shift] | None:
    """The shift sequence at a byte, the longest, with its state."""
    found = [(i, s) for i, s in enumerate(encoding.shifts, 1) if cell.startswith(s.sequence, at)]
    return max(found, key=lambda f: len(f[1].sequence), default=None)


def _shifted(  # noqa: PLR0912
    cell: bytes, encoding: Encoding, before: int | None, *, bare: bool
) -> Iterator[Letter]:
    """`bare`: pairs without shift codes around them."""
    start = encoding.shifts[before - 1] if before else None
    single, table = (start.ones, start.pairs) if start else (-1 if bare else 0, 0)
    at = opened = 0
    end = len(cell)
    while before is None and end and cell[end - 1] == encoding.blank and not bare:
        end -= 1
    if bare:  # an odd blank at the end fills the field
        while end & 1 and cell[end - 1] == encoding.blank:
            end -= 1
    while at < end:
        found = _shift(cell, at, encoding)
        if found:
            shift = found[1]
            if (shift.ones, shift.pairs) == (single, table) and shift.sequence[0] != 0x1B:
                raise FaultError("nested_shift" if single < 0 else "stray_shift", at)
            if bare:
                raise FaultError("stray_shift" if shift.ones >= 0 else "nested_shift", at)
            single, table, opened = shift.ones, shift.pairs, at
            at += len(shift.sequence)
            continue
        byte = cell[at]
        if single >= 0:
            entry = int(encoding.ones[single, byte])
            if not entry or entry >= SHIFT:
                raise FaultError(
                    "control_character" if control(byte, encoding) else "invalid_byte", at
                )
            yield (
                _letter(at, _text(entry, encoding))
                if single
                else Letter(at, half=True, blank=_text(entry, encoding) == " ")
            )
            at += 1
            continue
        if at + 1 >= len(cell) or (
            _shift(cell, at + 1, encoding) and not _pair(cell, at, table, encoding)
        ):
            raise FaultError("cut_character", at)
        entry = _pair(cell, at, table, encoding)
        if not entry:
            if not bare and before is None and cell[at:].strip(bytes([encoding.blank])) == b"":
                break
            raise FaultError("undecodable", at)
        yield Letter(at, half=False, blank=_text(entry, encoding) == "\u3000")
        at += 2
    if single < 0 and not bare and not start and before is None:
        raise FaultError("shift_not_closed", opened)


def _pair(cell: bytes, at: int, table: int, encoding: Encoding) -> int:
    entry = int(encoding.pairs[table, cell[at] << 8 | cell[at + 1]])
    return 0 if entry >= SHIFT else entry


def _utf8(cell: bytes, encoding: Encoding) -> Iterator[Letter]:
    at = 0
    while at < len(cell):
        lead = cell[at]
        size = 1 if lead < 0xC2 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        piece = cell[at : at + size]
        try:
            text = piece.decode("utf-8")
        except UnicodeDecodeError as error:
            cut = error.reason == "unexpected end of data" and at + len(piece) == len(cell)
            raise FaultError("cut_character" if cut else "not_utf_8", at) from None
        _sound(ord(text), at, encoding)
        yield _letter(at, text)
        at += size


def _utf16(cell: bytes, encoding: Encoding) -> Iterator[Letter]:
    order: str = "big" if encoding.scheme == "utf-16be" else "little"
    units = [int.from_bytes(cell[i : i + 2], order) for i in range(0, len(cell) & ~1, 2)]  # type: ignore[arg-type]
    at = 0
    while at < len(units):
        point, size = units[at], 1
        if 0xD800 <= point < 0xE000:
            low = units[at + 1] if at + 1 < len(units) else 0
            if point >= 0xDC00 or not 0xDC00 <= low < 0xE000:
                raise FaultError("lone_surrogate", 2 * at)
            point, size = 0x10000 + ((point - 0xD800) << 10) + low - 0xDC00, 2
        _sound(point, 2 * at, encoding)
        yield _letter(2 * at, chr(point))
        at += size
    if len(cell) & 1:
        raise FaultError("cut_character", len(cell) - 1)


def _sound(point: int, at: int, encoding: Encoding) -> None:
    """Raises FaultError for what is no character of a text, as unicode.fitting."""
    lined = point in (0x0A, 0x0D) and bool(encoding.ones[0, point])
    if (point < 0x20 and not lined) or 0x7F <= point < 0xA0:
        raise FaultError("control_character", at)
    if point == 0xFEFF or point & 0xFFFE == 0xFFFE:
        raise FaultError("control_character", at)
