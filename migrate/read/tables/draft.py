"""An encoding before it is packed: characters by code, as plain dictionaries; and the packing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

LEAD, SINGLE, TRIPLE, SHIFT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
"""Marks in a table of single bytes: a pair begins; the next byte alone, by the second table; the next two by
the second table of pairs; a shift sequence may begin."""

LONG = 4
"""Top byte of an entry whose character has more than three bytes of UTF-8: the rest is its row in `longs`."""

Table = dict[int, str]
"""Code -> character, of one or more code points."""

TWINS = {"～": "〜", "－": "−", "∥": "‖", "￠": "¢", "￡": "£", "￢": "¬"}
"""Windows' reading of six JIS characters, and JIS's own: the whole difference of the profiles."""

IBM_TWINS = {"～": "〜", "－": "−", "∥": "‖", "―": "—", "￤": "¦"}
"""The same for IBM's tables, which agree on ￠ ￡ ￢ and differ in two more."""

HOST_TWINS = {**TWINS, "―": "—"}
"""The same for the tables of the other hosts."""


class TooLongError(ValueError):
    """A character of more than eight bytes of UTF-8: no table has room for it."""


@dataclass(frozen=True, eq=False)
class Shift:
    """One shift sequence, and the tables that are current behind it. `ones` is -1 where only pairs are."""

    sequence: bytes
    ones: int
    pairs: int


@dataclass(frozen=True)
class Draft:
    """What an encoding is made of. Marks lie beside the characters: byte -> LEAD, SINGLE, TRIPLE."""

    name: str
    ones: tuple[Table, ...]
    pairs: tuple[Table, ...] = ({},)
    marks: dict[int, int] = field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    blank: int = 0x20
    wide_blanks: tuple[int, ...] = (0x8140,)
    zero: int = 0x30
    late: tuple[range, ...] = ()  # pairs that `encode` takes only where nothing else means the same

    def profiled(self, characters: str, twins: dict[str, str]) -> Draft:
        """The same in the profile `microsoft` or `jis`, whichever the draft was written in."""
        read = twins if characters == "jis" else {v: k for k, v in twins.items()}
        return replace(self, pairs=tuple(translated(table, read) for table in self.pairs))


def translated(table: Table, characters: dict[str, str]) -> Table:
    """A table with some characters read as others.

    >>> translated({0x8160: "～"}, TWINS)
    {33120: '〜'}
    """
    return {code: characters.get(text, text) for code, text in table.items()}


def of_codec(codec: str, codes: Iterable[int], prefix: bytes = b"") -> Table:
    """What one of Python's codecs knows of some two-byte codes, behind a prefix.

    >>> of_codec("cp932", [0x8CA7, 0x85FC])
    {36007: '県'}
    """
    tried = list(codes)
    data = b"".join(prefix + code.to_bytes(2, "big") + b"\n" for code in tried)
    found = zip(tried, data.decode(codec, "replace").split("\n"), strict=False)
    return {code: text for code, text in found if "\ufffd" not in text}


def gaiji(first: int, last: int, character: int, trails: Iterable[int]) -> Table:
    """A user-defined area: codes row by row from `first` to `last` -> private use, from `character` on.

    >>> area = gaiji(0xF0, 0xF9, 0xE000, [*range(0x40, 0x7F), *range(0x80, 0xFD)])
    >>> hex(ord(area[0xF080])), hex(ord(area[0xF9FC])), len(area)
    ('0xe03f', '0xe757', 1880)
    """
    codes = [lead << 8 | trail for lead in range(first, last + 1) for trail in trails]
    return {code: chr(character + n) for n, code in enumerate(codes)}


class Packing:
    """Entries of tables, and the rows that hold what does not fit into an entry."""

    def __init__(self, longs: NDArray[np.uint64] | None = None) -> None:
        self.rows: list[tuple[int, int]] = [(0, 0)]
        if longs is not None:
            self.rows = [(int(low), int(size)) for low, size in longs]
        self._at = {row: n for n, row in enumerate(self.rows)}

    @property
    def longs(self) -> NDArray[np.uint64]:
        return np.array(self.rows, np.uint64).reshape(-1, 2)

    def entry(self, text: str) -> int:
        """One entry. Raises TooLongError.

        >>> packing = Packing()
        >>> hex(packing.entry("県")), hex(packing.entry("𠮷")), packing.longs.tolist()[1][1]
        ('0x38c9ce7', '0x4000001', 4)
        """
        data = text.encode("utf-8")
        packed = int.from_bytes(data, "little")
        if len(data) <= 3:
            return packed | len(data) << 24
        if len(data) > 8:
            raise TooLongError(text)
        row = (packed, len(data))
        if row not in self._at:
            self._at[row] = len(self.rows)
            self.rows.append(row)
        return LONG << 24 | self._at[row]

    def table(self, characters: Table, size: int, marks: dict[int, int] | None = None) -> NDArray[np.uint32]:  # fmt: skip
        """A whole table of `size` entries. Raises TooLongError."""
        entries = np.zeros(size, np.uint32)
        short = {code: text for code, text in characters.items() if len(text) == 1}
        points = np.frombuffer("".join(short.values()).encode("utf-32-le"), np.uint32)
        entries[np.fromiter(short, np.intp, len(short))] = packed(points)
        for code, text in characters.items():
            if len(text) > 1 or text > "\uffff":
                entries[code] = self.entry(text)
        for code, mark in (marks or {}).items():
            entries[code] = mark
        return entries


def packed(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Entries of code points below U+10000."""
    two = (0xC0 | points >> 6) | (0x80 | points & 63) << 8 | 2 << 24
    three = (0xE0 | points >> 12) | (0x80 | points >> 6 & 63) << 8 | (0x80 | points & 63) << 16 | 3 << 24  # fmt: skip
    return np.where(points < 0x80, points | 1 << 24, np.where(points < 0x800, two, three))
