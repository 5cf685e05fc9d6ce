"""Shift_JIS and its relatives: cp932, ibm943, shift_jis-2004."""

from __future__ import annotations

from functools import cache

from migrate.read.tables.draft import IBM_TWINS, LEAD, TWINS, Draft, Table, of_codec

LEADS = (*range(0x81, 0xA0), *range(0xE0, 0xFD))
TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFD))
ASCII = {byte: chr(byte) for byte in range(0x20, 0x7F)}
KANA = {byte: chr(byte + 0xFEC0) for byte in range(0xA1, 0xE0)}
ROMAN = {0x5C: "¥", 0x7E: "‾"}
"""What JIS X 0201 has at two places of ASCII."""

NEC_SELECTED = (range(0xED40, 0xEEFD),)
"""Windows and IBM write none of these: the same characters lie at FA40-FC4B, and ￢ at 81CA."""


@cache
def double(codec: str) -> Table:
    """The pairs of one of Python's codecs, in the shape of Shift_JIS."""
    return of_codec(codec, (lead << 8 | trail for lead in LEADS for trail in TRAILS))


def cp932(characters: str) -> Draft:
    """Windows-31J. Encoded as Windows does: row 13 before the IBM extension, that before NEC's selection of it."""
    return _draft("cp932", ASCII, double("cp932")).profiled(characters, TWINS)


def ibm943(characters: str) -> Draft:
    """IBM's: the characters of Windows-31J. `microsoft` is ibm-943_P15A (IBM-943C), `jis` is ibm-943_P130."""
    ascii_ = ASCII | ROMAN if characters == "jis" else ASCII
    return _draft("ibm943", ascii_, double("cp932")).profiled(characters, IBM_TWINS)


def shift_jis_2004(characters: str) -> Draft:
    """JIS X 0213:2004. It has codes of its own for what the profiles read differently, so that they differ
    in 5C and 7E only: `jis` reads the yen sign and the overline there, as the standard does.

    815F and 81B0 are full-width, as all around them; Python's codec makes the backslash and tilde of ASCII of them.
    """
    ascii_ = ASCII | ROMAN if characters == "jis" else ASCII
    pairs = double("shift_jis_2004") | {0x815F: "＼", 0x81B0: "～"}
    return _draft("shift_jis-2004", ascii_, pairs, ())


def _draft(name: str, ascii_: Table, pairs: Table, late: tuple[range, ...] = NEC_SELECTED) -> Draft:
    return Draft(name, (ascii_ | KANA,), (pairs,), dict.fromkeys(LEADS, LEAD), late=late)
