"""Legacy encodings as tables: `ENCODINGS["ibm939"]("microsoft")`. A new encoding is one entry here and a draft.

An entry of a table is the UTF-8 of its character: up to three bytes in the low 24 bits (first byte lowest), their
number in the top byte; 4 in the top byte: the row of `longs` that holds four to eight bytes. 0 is refused. LEAD, SINGLE,
TRIPLE and SHIFT say that more bytes belong to the character, or that none do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from migrate.catalog.files import line_of, shown
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.read.tables import coding, given, hosts, ibm, shiftjis, unix, utf
from migrate.read.tables.draft import (
    LEAD,
    SHIFT,
    SINGLE,
    TRIPLE,
    TWINS,
    Draft,
    Packing,
    Shift,
    TooLongError,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Layout
    from migrate.read.codes import Codes

__all__ = ["ENCODINGS", "LEAD", "SHIFT", "SINGLE", "TRIPLE", "TWINS", "Encoding", "Shift", "TooLongError",
           "cp932", "encoding_of"]  # fmt: skip

Scheme = Literal["tables", "utf-8", "utf-16le", "utf-16be"]


@dataclass(frozen=True, eq=False)
class Encoding:
    """A codec by tables. `ones` are its single-byte tables, `pairs` its two-byte tables, first byte high; the
    first of each is current at the start of a field. Control characters are refused in every encoding."""

    name: str
    ones: NDArray[np.uint32]  # [n, 256]
    pairs: NDArray[np.uint32]  # [m, 65536]
    longs: NDArray[np.uint64]  # [k, 2]: up to eight bytes of UTF-8, first lowest; their number
    shifts: tuple[Shift, ...] = ()
    scheme: Scheme = "tables"
    blank: int = 0x20  # the byte that fills a field: 0x40 in EBCDIC
    wide_blanks: tuple[int, ...] = (
        0x8140,
    )  # the pairs that fill a wide field, the usual one first
    zero: int = 0x30  # the byte of the digit 0: 0xF0 in EBCDIC
    late: tuple[range, ...] = ()  # pairs that `encode` takes only where nothing else means the same

    @cached_property
    def codes(self) -> Codes:
        """The tables, for compiled code."""
        from migrate.read.codes import compiled

        return compiled(self)

    def lead(self, byte: int) -> bool:
        """Whether a byte begins a pair, or a longer code, without any shift."""
        return int(self.ones[0, byte]) in (LEAD, SINGLE, TRIPLE)

    def decode(self, data: bytes) -> str:
        """The text of some bytes, mixed as they come; U+FFFD where a table has nothing, for a shift that
        changes nothing and for one that is never closed. For showing, not for data.

        >>> cp932("microsoft").decode(bytes.fromhex("8ca78d82f040"))
        '県高\\ue000'
        >>> ENCODINGS["ibm939"]("jis").decode(bytes.fromhex("c10e455745750fc1"))
        'A東京A'
        """
        if self.scheme != "tables":
            return utf.decoded(self, data)
        return coding.decoded(self, data)

    def decode_wide(self, data: bytes) -> str:
        """The text of two-byte characters alone, as in a wide field: no shifts.

        >>> ENCODINGS["ibm939"]("jis").decode_wide(bytes.fromhex("45574575"))
        '東京'
        """
        if self.scheme == "utf-8":
            return utf.decoded(self, data)
        pairs = [int(self.pairs[0, high << 8 | low]) for high, low in zip(data[::2], data[1::2], strict=False)]  # fmt: skip
        text = "".join(coding.text_of(entry, self.longs) for entry in pairs)
        return text + coding.REFUSED * (len(data) % 2)

    def encode(self, text: str) -> bytes:
        """The bytes of a text, with its shifts: for tags, samples and tests. Raises UnicodeEncodeError.

        Where several codes mean the same character, the choice is Windows' for cp932 (FBFC, not EEE0), and the
        lowest code elsewhere.

        >>> cp932("microsoft").encode("髙①￢").hex(), ENCODINGS["keis83-ebcdik"]("jis").encode("A東ｱ").hex()
        ('fbfc874081ca', 'c10a42c5ec0a4181')
        >>> cp932("microsoft").encode("𠮷")
        Traceback (most recent call last):
            ...
        UnicodeEncodeError: 'cp932' codec can't encode character '\\U00020bb7' in position 0: no code for it
        """
        if self.scheme != "tables":
            return utf.encoded(self, text)
        return coding.encoded(self, text)

    def encode_wide(self, text: str) -> bytes:
        """The bytes of a text as two-byte characters alone: no shifts. Raises UnicodeEncodeError.

        >>> ENCODINGS["jef-ebcdik"]("jis").encode_wide("東京").hex()
        'c5ecb5fe'
        """
        return self.encode(text) if self.scheme == "utf-8" else coding.encoded_wide(self, text)

    @cached_property
    def singles(self) -> list[list[int]]:
        """`ones`, for reading byte by byte."""
        lists: list[list[int]] = self.ones.tolist()
        return lists

    @cached_property
    def places(self) -> dict[str, coding.Place]:
        """Character -> where it lies."""
        return coding.places(self)

    @cached_property
    def wide_places(self) -> dict[str, int]:
        """Character -> its pair in the first table."""
        taken = coding.in_order(self.pairs[0], self.late)
        return {coding.text_of(entry, self.longs): code for code, entry in reversed(taken)}

    def with_newlines(self) -> Encoding:
        """The same, but CR and LF stand for themselves: within quotes they belong to the text. In EBCDIC
        both 15 and 25 are the end of a line, as makers disagree which is."""
        ones, pairs = self.ones.copy(), self.pairs.copy()
        if self.scheme.startswith("utf-16"):
            codes = ("\n\r".encode(self.scheme)[:2], "\n\r".encode(self.scheme)[2:])
            for code, character in zip(codes, "\n\r", strict=True):
                pairs[0, int.from_bytes(code, "big")] = Packing().entry(character)
                ones[:, ord(character)] = Packing().entry(character)
        else:
            lines = (0x15, 0x25) if self.zero == 0xF0 else (0x0A,)
            ones[:, 0x0D] = Packing().entry("\r")
            ones[:, lines] = Packing().entry("\n")
        return replace(self, ones=ones, pairs=pairs)

    def replaced(self, texts: dict[str, str]) -> Encoding:
        """The same, but every code that means a character of `texts` now means its text: gaiji that are settled.
        Raises TooLongError (more than eight bytes of UTF-8).

        >>> settled = cp932("microsoft").replaced({"\\ue000": "𠮷"})
        >>> settled.decode(b"\\xf0\\x40\\xf0\\x41")
        '𠮷\\ue001'
        """
        packing = Packing(self.longs)
        ones, pairs = self.ones.copy(), self.pairs.copy()
        for old, text in texts.items():
            before, after = packing.entry(old), packing.entry(text)
            for new, table in ((ones, self.ones), (pairs, self.pairs)):
                new[table == before] = after
        return replace(self, ones=ones, pairs=pairs, longs=packing.longs)

    def with_table(self, path: Path) -> Encoding:
        """The same with the codes of a user's file laid over it: UCM, JSON (`code`, `unicode`, `hd`, `options`) or
        CSV and TSV (`code,unicode`). For JIPS(E) the codes are those of JIPS(J). Raises KnowledgeError."""
        packing = Packing(self.longs)
        ones, pairs = self.ones.copy(), self.pairs.copy()
        moved = hosts.jipse_code if self.name.startswith("jipse") else None
        for (kind, number), code, text in given.laid(self, path, moved):
            (ones if kind == "ones" else pairs)[number, code] = packing.entry(text)
        return replace(self, ones=ones, pairs=pairs, longs=packing.longs)


def _packed(draft: Draft) -> Encoding:
    """A draft as tables."""
    packing = Packing()
    shifts = {byte: mark for byte, mark in draft.marks.items() if mark == SHIFT}  # in every state
    ones = [packing.table(draft.ones[0], 256, draft.marks)]
    ones += [packing.table(table, 256, shifts) for table in draft.ones[1:]]
    pairs = [packing.table(table, 65536) for table in draft.pairs]
    return Encoding(draft.name, np.stack(ones), np.stack(pairs), packing.longs, draft.shifts, "tables",
                    draft.blank, draft.wide_blanks, draft.zero, draft.late)  # fmt: skip


@cache
def cp932(characters: str) -> Encoding:
    """Windows-31J, strictly: JIS X 0208, NEC row 13, NEC-selected and IBM extensions, and gaiji.

    F040-F9FC become U+E000-E757. Refused, though Python's codec lets them pass: 80, A0, FD, FE, FF, and
    control characters. `characters` is `microsoft` or `jis`: which of the TWINS are meant.

    >>> hex(cp932("microsoft").ones[0, 0x80]), hex(cp932("microsoft").ones[0, 0x81])
    ('0x0', '0xffffffff')
    >>> cp932("microsoft").decode(b"\\x81\\x60"), cp932("jis").decode(b"\\x81\\x60")
    ('～', '〜')
    """
    return _packed(shiftjis.cp932(characters))


@cache
def _unicode(scheme: Scheme) -> Encoding:
    ones, pairs = utf.tables(scheme)
    blanks = {"utf-16le": (0x0030, 0x2000), "utf-16be": (0x3000, 0x0020)}.get(scheme, (0,))
    return Encoding(scheme, ones, pairs, Packing().longs, (), scheme, wide_blanks=blanks)


def _of(make: Callable[[str], Draft]) -> Callable[[str], Encoding]:
    """What an entry of ENCODINGS is: the packed draft, made once for each profile."""
    return cache(lambda characters: _packed(make(characters)))


ENCODINGS: dict[str, Callable[[str], Encoding]] = {
    "cp932": cp932,
    "shift_jis-2004": _of(shiftjis.shift_jis_2004),
    "ibm943": _of(shiftjis.ibm943),
    "eucjp-ms": _of(unix.eucjp_ms),
    "euc_jis_2004": _of(unix.euc_jis_2004),
    "iso-2022-jp": _of(unix.iso_2022_jp),
    "utf-8": lambda _: _unicode("utf-8"),
    "utf-16le": lambda _: _unicode("utf-16le"),
    "utf-16be": lambda _: _unicode("utf-16be"),
    "ibm930": _of(lambda characters: ibm.mixed("930", characters)),
    "ibm939": _of(lambda characters: ibm.mixed("939", characters)),
    "ibm1390": _of(lambda characters: ibm.mixed("1390", characters)),
    "ibm1399": _of(lambda characters: ibm.mixed("1399", characters)),
    "ibm290": _of(lambda _: ibm.single("290")),
    "ibm1027": _of(lambda _: ibm.single("1027")),
    "ibm037": _of(lambda _: ibm.single("037")),
    "ibm500": _of(lambda _: ibm.single("500")),
    "ibm300": _of(ibm.ibm300),
    "jef-ebcdic": _of(lambda characters: hosts.jef("ebcdic", characters)),
    "jef-ebcdik": _of(lambda characters: hosts.jef("ebcdik", characters)),
    "jef-ascii": _of(lambda characters: hosts.jef("ascii", characters)),
    "keis78-ebcdic": _of(lambda characters: hosts.keis("78", "ebcdic", characters)),
    "keis78-ebcdik": _of(lambda characters: hosts.keis("78", "ebcdik", characters)),
    "keis83-ebcdic": _of(lambda characters: hosts.keis("83", "ebcdic", characters)),
    "keis83-ebcdik": _of(lambda characters: hosts.keis("83", "ebcdik", characters)),
    "jipsj-jis8": _of(hosts.jipsj),
    "jipse-ebcdik": _of(hosts.jipse),
}
"""Encoding by name -> its tables, given the character profile."""


def encoding_of(layout: Layout) -> Encoding:
    """The encoding of a layout, with the codes of its `table` laid over it and the gaiji that its vendor has
    settled exactly. Raises KnowledgeError."""
    from migrate.read.gaiji import baked

    if layout.encoding not in ENCODINGS:
        why = unknown(say("文字コード", "encoding"), layout.encoding, ENCODINGS)
        raise KnowledgeError(Problem(shown(layout.path), line_of(layout.path, "encoding"), *why))
    made = ENCODINGS[layout.encoding](layout.characters)
    if layout.table:
        made = made.with_table(layout.path.parent / layout.table)
    settled = baked(layout, made)
    return made.replaced(settled) if settled else made
