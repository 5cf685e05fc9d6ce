"""The hosts of Fujitsu (JEF), Hitachi (KEIS) and NEC (JIPS): JIS X 0208 by row and cell, in its shapes of 1978 or 1983.

Only what public standards and the makers' published shift codes and areas say: no vendor's table is copied. What
lies beyond (JEF's extension 41A1-7FFE, KEIS's extension set 3, JIPS's G1 kanji) is refused until the layout names
a table.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from migrate.read.tables import stored
from migrate.read.tables.draft import (
    HOST_TWINS,
    SHIFT,
    Draft,
    Shift,
    Table,
    gaiji,
    translated,
)  # fmt: skip
from migrate.read.tables.shiftjis import ASCII, KANA
from migrate.read.tables.unix import CELLS, plane

JEF_SHIFTS = (
    Shift(b"\x28", -1, 0),  # 12 point
    Shift(b"\x38", -1, 0),  # 9 point
    Shift(b"\x30\xe2", -1, 0),  # 7 point
    Shift(b"\x29", 0, 0),
)
KEIS_SHIFTS = (Shift(b"\x0a\x42", -1, 0), Shift(b"\x0a\x41", 0, 0))
JIPSJ_SHIFTS = (Shift(b"\x1a\x70", -1, 0), Shift(b"\x1a\x71", 0, 0))
JIPSE_SHIFTS = (Shift(b"\x3f\x75", -1, 0), Shift(b"\x3f\x76", 0, 0))

ADDED_1983 = (range(0xA2BA, 0xA2FF), range(0xA8A1, 0xA8FF), range(0xF4A1, 0xF4A5))
"""What JIS X 0208:1983 added: signs from 2-26 on, the lines of row 8, and four kanji."""
ADDED_1990 = (range(0xF4A5, 0xF4A7),)
NEC_HIGH = (*range(0xB8, 0xC0), *range(0xCA, 0xD0), *range(0xDA, 0xE0), *range(0xEA, 0xF0), *range(0xFA, 0xFF))  # fmt: skip
"""Where JIS8's E0-FE lie in EBCDIC: what is free there, in order."""


@cache
def shapes(family: str) -> Table:
    """Code -> the character that `family` has where JIS X 0208:1983 has another: jis78.csv.

    >>> shapes("jef")[0xB2AA], shapes("keis78").get(0xB2AA), shapes("keis78")[0xC9B0]
    ('鷗', None, '檜')
    """
    text = (files("migrate.read") / "tables/jis78.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {int(row["code"], 16): row["shape"] for row in rows if family in row["families"].split()}


def _without(table: Table, *ranges: range) -> Table:
    return {code: text for code, text in table.items() if not any(code in r for r in ranges)}


def _pairs(family: str, characters: str) -> Table:
    pairs = plane("euc_jp")
    if family in ("jef", "jips"):
        pairs = _without(pairs, *ADDED_1983, *ADDED_1990)
    elif family == "keis78":  # what it adds of 1983 is the signs of row 2
        pairs = _without(pairs, *ADDED_1983[1:]) | MOVED
    pairs = pairs | shapes(family)
    if characters == "microsoft":
        return translated(pairs, {v: k for k, v in HOST_TWINS.items()})
    return translated(pairs, HOST_TWINS)


MOVED = {0x5CC3: "堯", 0x61FC: "槇", 0x65A7: "瑤", 0x6BA2: "遙"}
"""KEIS78's places for the kanji that JIS X 0208:1983 has at 84-01 to 84-04."""


def jef(grid: str, characters: str) -> Draft:
    """`grid`: ebcdic (with small letters), ebcdik (with kana) or ascii."""
    pairs = _pairs("jef", characters) | gaiji(0x80, 0xA0, 0xE000, CELLS) | {0x4040: "\u3000"}
    marks = dict.fromkeys((0x28, 0x38, 0x30, 0x29), SHIFT)
    return _host(f"jef-{grid}", f"fujitsu-{grid}", pairs, marks, JEF_SHIFTS)


def keis(year: str, grid: str, characters: str) -> Draft:
    """`year`: 78 or 83, whose shapes are meant. `grid`: ebcdic or ebcdik."""
    pairs = _pairs(f"keis{year}", characters)
    pairs = pairs | gaiji(0x81, 0xA0, 0xE000, CELLS) | {0x4040: "\u3000"}
    return _host(f"keis{year}-{grid}", f"hitachi-{grid}", pairs, {0x0A: SHIFT}, KEIS_SHIFTS)


def _host(name: str, grid: str, pairs: Table, marks: dict[int, int], shifts: tuple[Shift, ...]) -> Draft:  # fmt: skip
    ones = stored.ones("host_ones", grid)
    return Draft(name, (ones,), (pairs,), marks, shifts, 0x40, (0x4040, 0xA1A1), 0xF0)


def jips_pairs(characters: str) -> Table:
    """JIPS(J): G0 is JIS with its top bits clear, its rows 84-94 the user's, as are E0A1-FEFE of G1."""
    seven = {code & 0x7F7F: text for code, text in _pairs("jips", characters).items()}
    low = range(0x21, 0x7F)
    return seven | gaiji(0x74, 0x7E, 0xE000, low) | gaiji(0xE0, 0xFE, 0xE40A, CELLS)


def jipsj(characters: str) -> Draft:
    pairs = jips_pairs(characters)
    return Draft("jipsj-jis8", (ASCII | KANA,), (pairs,), {0x1A: SHIFT}, JIPSJ_SHIFTS,
                 wide_blanks=(0x2121,))  # fmt: skip


def jipse(characters: str) -> Draft:
    """JIPS(E): each byte of JIPS(J) by way of JIS8's place in EBCDIC."""
    ones = stored.ones("host_ones", "nec-ebcdik")
    pairs = {jipse_code(code): text for code, text in jips_pairs(characters).items()}
    return Draft("jipse-ebcdik", (ones,), (pairs,), {0x3F: SHIFT}, JIPSE_SHIFTS,
                 0x40, (0x4F4F,), 0xF0)  # fmt: skip


@cache
def _jis8_in_ebcdic() -> dict[int, int]:
    """JIS8's printable bytes and E0-FE -> EBCDIC with small letters at 81-A9 and kana in what is free."""
    byte_of = {text: byte for byte, text in stored.ones("host_ones", "hitachi-ebcdic").items()}
    places = {byte: byte_of[text] for byte, text in (ASCII | KANA).items()}
    return places | dict(enumerate(NEC_HIGH, 0xE0))


def jipse_code(code: int) -> int:
    """JIPS(J)'s code -> JIPS(E)'s.

    >>> hex(jipse_code(0x304A))
    '0xf0d1'
    """
    places = _jis8_in_ebcdic()
    return places[code >> 8] << 8 | places[code & 0xFF]
