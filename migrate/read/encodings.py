"""Legacy encodings as tables: `ENCODINGS["cp932"]`. A new encoding is one entry here.

A table maps a byte, or two, to the UTF-8 bytes of its character, packed into 32 bits: three bytes in
the low 24 bits (first byte lowest), their number in the top 8. 0 is refused; LEAD begins a pair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

LEAD = 0xFFFFFFFF
"""What the table of single bytes holds for the first byte of a pair."""

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Dict

    from numpy.typing import NDArray

    from migrate.model import Layout
    from migrate.read.letters import Codes

REFUSED = "\ufffd"

TWINS = {"～": "〜", "－": "−", "∥": "‖", "￠": "¢", "￡": "£", "￢": "¬"}
"""Windows' reading of six JIS characters, and JIS's own: the whole difference of the profiles."""


@dataclass(frozen=True)
class Encoding:
    """A table codec. `ones` has 256 entries, `pairs` 65,536 (first byte high)."""

    name: str
    ones: NDArray[np.uint32]
    pairs: NDArray[np.uint32]

    @cached_property
    def codes(self) -> Codes:
        """The tables, for compiled code."""
        from migrate.read.letters import Codes

        return Codes(self.ones, self.pairs, np.uint8(0x20), np.uint16(0x4081), np.uint64(0))

    def lead(self, byte: int) -> bool:
        return int(self.ones[byte]) == LEAD

    def with_newlines(self) -> Encoding:
        """The same, but CR and LF stand for themselves: within quotes they belong to the text."""
        ones = self.ones.copy()
        ones[[0x0A, 0x0D]] = _packed("\n"), _packed("\r")
        return replace(self, ones=ones)

    def replaced(self, texts: Dict[str, str]) -> Encoding:
        """The same, but every code of some characters means another text: gaiji that are settled.

        >>> cp932("microsoft").replaced({"\\ue000": "高"}).decode(b"\\xf0\\x40")
        '高'
        """
        pairs = self.pairs.copy()
        for character, text in texts.items():
            pairs[self.pairs == _packed(character)] = _packed(text)
        return replace(self, pairs=pairs)

    def decode(self, data: bytes) -> str:
        """The text of some bytes; U+FFFD where the table has nothing. For showing, not for data.

        >>> cp932("microsoft").decode(bytes.fromhex("8ca78d82f040"))
        '県高\\ue000'
        """
        ones, pairs = self.ones.tolist(), self.pairs
        text, at, end = [], 0, len(data)
        while at < end:
            entry = ones[data[at]]
            two = entry == LEAD and at + 1 < end
            if two:
                entry = int(pairs[data[at] << 8 | data[at + 1]])
            character = _character(entry)
            text.append(character)
            at += 2 if two and character != REFUSED else 1
        return "".join(text)


@cache
def _character(entry: int) -> str:
    """The character of one entry of a table; REFUSED for none."""
    if entry in (0, LEAD):
        return REFUSED
    return (entry & 0xFFFFFF).to_bytes(3, "little")[: entry >> 24].decode()


def _packed(character: str) -> int:
    data = character.encode("utf-8")
    return int.from_bytes(data, "little") | len(data) << 24


@cache
def cp932(characters: str) -> Encoding:
    """Windows-31J, strictly: JIS X 0208, NEC row 13, NEC-selected and IBM extensions, and gaiji.

    F040-F9FC become U+E000-E757. Refused, though Python's codec lets them pass: 80, A0, FD, FE, FF, and
    control characters. `characters` is `microsoft` or `jis`: which of the TWINS are meant.

    >>> hex(cp932("microsoft").ones[0x80]), hex(cp932("microsoft").ones[0x81])
    ('0x0', '0xffffffff')
    >>> cp932("microsoft").decode(b"\\x81\\x60"), cp932("jis").decode(b"\\x81\\x60")
    ('～', '〜')
    """
    ones = np.zeros(256, np.uint32)
    pairs = np.zeros(65536, np.uint32)
    for byte in (*range(0x20, 0x7F), *range(0xA1, 0xE0)):
        ones[byte] = _packed(bytes([byte]).decode("cp932"))
    for first in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        ones[first] = LEAD
        for second in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            try:
                character = bytes([first, second]).decode("cp932")
            except UnicodeDecodeError:
                continue
            if characters == "jis":
                character = TWINS.get(character, character)
            pairs[first << 8 | second] = _packed(character)
    return Encoding("cp932", ones, pairs)


ENCODINGS: dict[str, Callable[[str], Encoding]] = {"cp932": cp932}
"""Encoding by name -> its table, given the character profile."""


def encoding_of(layout: Layout) -> Encoding:
    """The encoding of a layout, with the gaiji that its vendor has settled exactly."""
    from migrate.read.gaiji import baked

    made = ENCODINGS[layout.encoding](layout.characters)
    settled = baked(layout, made)
    return made.replaced(settled) if settled else made
