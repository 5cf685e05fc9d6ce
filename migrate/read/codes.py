"""An encoding as compiled code sees it: `compiled(encoding)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 - numba looks at the types

from migrate.compiled import OPTIONS, njit
from migrate.machine import EACH, lent

if TYPE_CHECKING:
    from migrate.read.encodings import Encoding

LEAD, SINGLE, TRIPLE, SHIFT = (np.uint32(0xFFFFFFFF - i) for i in range(4))
"""Entries that are no characters: a pair begins here; the next byte alone, by the second table of single bytes (EUC's
8E); the next two by the second table of pairs (8F); a shift sequence may begin here."""

SPECIAL = np.uint32(0x04000000)
"""Entries from here on are the number of a row of `longs`, or one of the above."""

SPACE, BLANK_ENTRY = np.uint8(0x20), np.uint32(0x01000020)
TEXT, WIDE, KANA, DIGITS = range(4)
TABLES, UTF_8, UTF_16LE, UTF_16BE = range(4)
SCHEMES = {"tables": TABLES, "utf-8": UTF_8, "utf-16le": UTF_16LE, "utf-16be": UTF_16BE}


class Codes(NamedTuple):
    """An encoding as compiled code sees it.

    An entry of a table is the UTF-8 of its character: up to three bytes in the low 24 bits (first byte lowest),
    their number in the top 8; with 4 there, the number of a row of `longs`. 0 is refused.
    """

    ones: NDArray[np.uint32]  # [n, 256]: single bytes
    pairs: NDArray[np.uint32]  # [m, 65,536]: first byte high
    longs: NDArray[np.uint64]  # [k, 2]: characters of four to eight bytes, and their number
    shifts: NDArray[
        np.uint8
    ]  # [s, 8]: bytes, up to 4 of them, ones + 1 or 0, pairs, whether it may come twice
    begins: NDArray[np.uint8]  # [256]: 1 where a shift sequence begins
    scheme: np.int64
    simple: np.bool_  # tables without shift codes
    plain: np.bool_  # 20 to 7E stand for themselves
    lined: np.bool_  # CR and LF stand for themselves
    blank: np.uint8  # the single byte that fills a field: 20, or 40 in EBCDIC
    wide_blanks: NDArray[
        np.uint16
    ]  # the pairs that fill a field, first byte lowest: 4081, 4040 ...
    flip: np.uint64  # what turns eight of the encoding's digits into ASCII's: 0, or C0 in each byte


def compiled(encoding: Encoding) -> Codes:
    """The tables of an encoding, for compiled code."""
    shifts = np.zeros((len(encoding.shifts), 8), np.uint8)
    begins = np.zeros(256, np.uint8)
    for row, shift in zip(shifts, encoding.shifts, strict=True):
        row[0] = len(shift.sequence)
        row[1 : 1 + row[0]] = np.frombuffer(shift.sequence, np.uint8)
        row[5:] = (
            shift.ones + 1,
            shift.pairs,
            shift.sequence[0] == 0x1B,
        )  # an escape sets, it toggles nothing
        begins[shift.sequence[0]] = 1
    scheme = SCHEMES[encoding.scheme]
    seen = np.arange(0x20, 0x7F, dtype=np.uint32)
    ascii_ = bool((encoding.ones[0, seen] == (seen | 1 << 24)).all())
    return Codes(
        np.ascontiguousarray(encoding.ones, np.uint32),
        np.ascontiguousarray(encoding.pairs, np.uint32),
        np.ascontiguousarray(encoding.longs, np.uint64),
        shifts,
        begins,
        np.int64(scheme),
        np.bool_(scheme == TABLES and not encoding.shifts),
        np.bool_(scheme == UTF_8 or (scheme == TABLES and ascii_)),
        np.bool_(encoding.ones[0, 0x0A] == (0x0A | 1 << 24)),
        np.uint8(encoding.blank),
        np.array([(w >> 8) | (w & 0xFF) << 8 for w in encoding.wide_blanks], np.uint16),
        np.uint64((encoding.zero ^ 0x30) * int(EACH)),
    )


@njit(**OPTIONS)
def lent_codes(codes):
    """The same, for the length of one call: see machine.lent."""
    return Codes(
        lent(codes.ones), lent(codes.pairs), lent(codes.longs), lent(codes.shifts), lent(codes.begins),
        codes.scheme, codes.simple, codes.plain, codes.lined, codes.blank, lent(codes.wide_blanks),
        codes.flip,
    )  # fmt: skip


def growth(codes: Codes, kind: str) -> int:
    """The most bytes of UTF-8 that one byte of a field of that type may become."""
    if kind == "digits":
        return 1
    if codes.scheme != TABLES:
        return 1 if codes.scheme == UTF_8 else 2
    longest = int(codes.longs[:, 1].max())
    single = bool(((codes.ones >= SPECIAL) & (codes.ones < SHIFT)).any())
    bare = kind == "wide" and codes.simple and len(codes.pairs) == 1
    return max(2 if bare else 3, longest if single else (longest + 1) // 2)
