"""EUC and ISO-2022-JP: the rows and cells of JIS X 0208, 0212 and 0213 with their top bits set, or between escapes."""

from __future__ import annotations

from functools import cache

from migrate.read.tables import stored
from migrate.read.tables.draft import (
    LEAD,
    SHIFT,
    SINGLE,
    TRIPLE,
    TWINS,
    Draft,
    Shift,
    Table,
    gaiji,
    of_codec,
    translated,
)  # fmt: skip
from migrate.read.tables.shiftjis import ASCII, KANA, ROMAN, double

CELLS = range(0xA1, 0xFF)
PLANE_2 = (1, 3, 4, 5, 8, 12, 13, 14, 15, *range(78, 95))
"""The rows of JIS X 0213's second plane."""


@cache
def plane(codec: str, prefix: bytes = b"") -> Table:
    """The pairs A1A1-FEFE of one of Python's EUC codecs, behind a prefix."""
    return of_codec(codec, (row << 8 | cell for row in CELLS for cell in CELLS), prefix)


def jis(row: int, cell: int) -> int:
    """The code of a row and cell with its top bits set: `jis(13, 1)` is ADA1."""
    return (row + 0xA0) << 8 | (cell + 0xA0)


def rows_of_windows(first: int, last: int) -> Table:
    """Rows of Windows-31J at their place in EUC: 13 is NEC's ① ㈱, 89-92 its selection of IBM's characters."""
    windows, table = double("cp932"), {}
    for row in range(first, last + 1):
        for cell in range(1, 95):
            lead = (row - 1 >> 1) + (0x81 if row < 63 else 0xC1)
            trail = (cell + 0x9E) if row % 2 == 0 else cell + (0x3F if cell < 64 else 0x40)
            if (lead << 8 | trail) in windows:
                table[jis(row, cell)] = windows[lead << 8 | trail]
    return table


def eucjp_ms(characters: str) -> Draft:
    """EUC-JP as Microsoft and the Open Software Foundation have it: with row 13, IBM's extension in 8F F3-F4 and
    the user's rows 85-94 of both planes as U+E000-E757."""
    pairs = plane("euc_jp") | rows_of_windows(13, 13) | gaiji(0xF5, 0xFE, 0xE000, CELLS)
    # glibc reads 8FA2B7 as U+FF5E; Python reads it as the tilde of ASCII, which 7E is
    second = plane("euc_jp", b"\x8f") | stored.pairs("eucjp_ms") | {0xA2B7: "～"}
    second |= gaiji(0xF5, 0xFE, 0xE3AC, CELLS)
    if characters == "microsoft":
        second[0xA2C3] = "￤"
        pairs = translated(pairs, {v: k for k, v in TWINS.items()})
    return _euc("eucjp-ms", pairs, second)


def euc_jis_2004(characters: str) -> Draft:
    """JIS X 0213:2004 in EUC. It has codes of its own for what the profiles read differently: they are one.

    Python's codec reads JIS X 0212 behind 8F too, in the rows that plane 2 leaves free; that is refused.
    """
    second = plane("euc_jis_2004", b"\x8f")
    second = {code: text for code, text in second.items() if (code >> 8) - 0xA0 in PLANE_2}
    return _euc("euc_jis_2004", plane("euc_jis_2004"), second)


def _euc(name: str, pairs: Table, second: Table) -> Draft:
    marks = {**dict.fromkeys(CELLS, LEAD), 0x8E: SINGLE, 0x8F: TRIPLE}
    return Draft(name, (ASCII, KANA), (pairs, second), marks, wide_blanks=(0xA1A1,))


def iso_2022_jp(characters: str) -> Draft:
    """ASCII, JIS X 0201 (Roman and kana) and JIS X 0208 between escapes, and JIS X 0212.

    `microsoft` has NEC's row 13 and rows 89-92 too, as CP50221. The escape of JIS C 6226-1978 (1B 24 40) leads to the
    same table as that of 1983: what writes it today does not mean the old shapes.
    """
    pairs = plane("euc_jp")
    if characters == "microsoft":
        pairs = translated(pairs, {v: k for k, v in TWINS.items()})
        pairs = pairs | rows_of_windows(13, 13) | rows_of_windows(89, 92)
    seven = {code & 0x7F7F: text for code, text in pairs.items()}
    second = {code & 0x7F7F: text for code, text in plane("euc_jp", b"\x8f").items()} | {
        0x2237: "～"
    }
    if characters == "microsoft":
        second[0x2243] = "￤"
    kana = {byte & 0x7F: text for byte, text in KANA.items()}
    shifts = (
        Shift(b"\x1b(B", 0, 0),
        Shift(b"\x1b(J", 1, 0),
        Shift(b"\x1b(I", 2, 0),
        Shift(b"\x1b$B", -1, 0),
        Shift(b"\x1b$@", -1, 0),
        Shift(b"\x1b$(D", -1, 1),
    )
    return Draft("iso-2022-jp", (ASCII, ASCII | ROMAN, kana), (seven, second), {0x1B: SHIFT},
                 shifts, wide_blanks=(0x2121,), late=(range(0x7921, 0x7C7F),))  # fmt: skip
