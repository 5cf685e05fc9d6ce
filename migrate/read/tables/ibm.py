"""IBM's EBCDIC: single-byte pages 290, 1027, 037, 500, the double-byte page 300, and the mixtures of them."""

from __future__ import annotations

from functools import cache

from migrate.read.tables import stored
from migrate.read.tables.draft import IBM_TWINS, LEAD, SHIFT, Draft, Shift, Table, gaiji

SHIFTS = (Shift(b"\x0e", -1, 0), Shift(b"\x0f", 0, 0))
TRAILS = range(0x41, 0xFF)
USERS = gaiji(0x69, 0x7F, 0xE000, TRAILS)
"""The user's area of every one of these pages."""


def _page300() -> Table:
    return stored.pairs("ibm300") | USERS


@cache
def _page1390() -> Table:
    """JIS X 0213 and a longer area of the user, up to U+F83C, beside page 300."""
    more = {
        code: text for code, text in gaiji(0x80, 0x89, 0xF112, TRAILS).items() if text <= "\uf83c"
    }
    return _page300() | stored.pairs("ibm1390") | more


def mixed(number: str, characters: str) -> Draft:
    """Single bytes and, between 0E and 0F, pairs: 930, 939, 1390, 1399. `jis` is what IBM's own table of the page
    reads (301C, 2212 ...), `microsoft` what Java does and IBM's newer table of page 300. 1390 and 1399 have codes
    of their own for both readings: their profiles are one."""
    page = {"930": "290", "939": "1027"}.get(number, number)
    newer = number in ("1390", "1399")
    pairs = _page1390() if newer else _page300()
    ones = stored.ones("ibm_ones", page)
    draft = Draft(f"ibm{number}", (ones,), (pairs,), {0x0E: SHIFT, 0x0F: SHIFT}, SHIFTS,
                  0x40, (0x4040,), 0xF0)  # fmt: skip
    return draft if newer else draft.profiled(characters, IBM_TWINS)


def ibm300(characters: str) -> Draft:
    """Pairs alone."""
    leads = dict.fromkeys(range(0x40, 0xFF), LEAD)
    draft = Draft("ibm300", ({},), (_page300(),), leads, (), 0x40, (0x4040,), 0xF0)
    return draft.profiled(characters, IBM_TWINS)


def single(number: str) -> Draft:
    """Single bytes alone: 290 (kana), 1027 (Latin and kana), 037, 500."""
    if number in ("037", "500"):
        every = {byte: bytes([byte]).decode(f"cp{number}") for byte in range(256)}
        ones = {byte: c for byte, c in every.items() if c.isprintable() or c in {"\xa0", "\xad"}}
    else:
        ones = stored.ones("ibm_ones", number)
    return Draft(f"ibm{number}", (ones,), blank=0x40, wide_blanks=(0x4040,), zero=0xF0)
