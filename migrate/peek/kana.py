"""Half-width kana as evidence: a sound mark stands only behind a syllable that can take it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrate.language import say

KANA_PAGE = bytes.fromhex(
    "414243444546474849515253545556588182838485868788898a8c8d8e8f90919293949596979899"
    "9a9d9e9fa2a3a4a5a6a7a8a9aaacadaeafbabbbcbdbebf"
)
"""Where ｡ to ﾟ lie in IBM 290 and in every vendor's EBCDIK (source: IBM 290, jef4j)."""

LATIN_PAGE = bytes.fromhex(
    "424344454647484951525354555657585962636465666768697071727374757677788a8b8c8d8e8f"
    "9a9b9c9d9e9faaabacaeafb3b4b5b6b7b8b9babbbcbebf"
)
"""Where they lie in IBM 1027, whose lower-case letters lie as in IBM 37."""

JIS_PAGE = bytes(range(0xA1, 0xE0))
LOWER = frozenset([*range(0x81, 0x8A), *range(0x91, 0x9A), *range(0xA2, 0xAA)])
CAPITALS = frozenset([*range(0xC1, 0xCA), *range(0xD1, 0xDA), *range(0xE2, 0xEA), 0x4B, 0x6B])
KANA_LOWER = frozenset(bytes.fromhex("626364656667686971727374757677788b9babb3b4b5b6b7b8b9"))
_VOICED = frozenset([0xB3, *range(0xB6, 0xC5), *range(0xCA, 0xCF)])
_HALF = frozenset(range(0xCA, 0xCF))


@dataclass(frozen=True)
class Marks:
    """What single bytes are when read as kana of one page."""

    kana: int = 0
    good: int = 0  # sound marks behind a syllable that takes them
    bad: int = 0
    punctuation: int = 0
    foreign: int = 0  # other bytes beyond digits, capitals and blanks

    def plausible(self) -> bool:
        return self.good >= 3 and self.bad * 20 <= self.good and self.punctuation * 4 <= self.kana

    def __str__(self) -> str:
        return say(
            f"ｶﾅ {self.kana:,}、濁点・半濁点 {self.good:,} が置ける文字の後、{self.bad:,} が置けない文字の後",
            f"{self.kana:,} kana, {self.good:,} sound marks where one can stand, {self.bad:,} elsewhere",
        )


def marks(singles: bytes, page: bytes = JIS_PAGE) -> Marks:
    """Kana and their sound marks in single bytes, read by a page.

    >>> marks("ﾔﾏﾀﾞ ｼﾞﾛｳ ﾊﾟ".encode("cp932"))
    Marks(kana=10, good=3, bad=0, punctuation=0, foreign=0)
    >>> marks("ﾔﾞﾝﾟ".encode("cp932")).plausible()
    False
    """
    table = bytearray(256)
    for place, byte in enumerate(page):
        table[byte] = 0xA1 + place
    read = singles.translate(bytes(table))
    good = bad = 0
    at = -1
    for mark, fitting in ((b"\xde", _VOICED), (b"\xdf", _HALF)):
        at = read.find(mark)
        while at >= 0:
            fits = at > 0 and read[at - 1] in fitting
            good, bad = good + fits, bad + (not fits)
            at = read.find(mark, at + 1)
    kana = len(read) - read.count(0)
    punctuation = sum(read.count(byte) for byte in range(0xA1, 0xA6))
    return Marks(kana, good, bad, punctuation)


_WORD = re.compile(rb"[^\x00\x40\xf0-\xf9]{2,}")


def _words(singles: bytes, letters: frozenset[int]) -> bytes:
    """The words that consist of these letters only, with blanks between: binary numbers and pairs drop out."""
    other = bytes(b for b in range(256) if b not in letters)
    return b"\x40".join(
        w for w in _WORD.findall(singles) if len(w.translate(None, other)) == len(w)
    )


@dataclass(frozen=True)
class Page:
    """Which page of single bytes a host's text is written in; "" where nothing tells."""

    name: str  # kana, latin, latin_kana, ""
    sure: bool
    evidence: tuple[str, ...]


def page(singles: bytes) -> Page:
    """The page of EBCDIC single bytes, by its kana and lower-case letters.

    >>> page(bytes.fromhex("c1c2f1f2")).name
    ''
    """
    kana = marks(_words(singles, frozenset(KANA_PAGE)), KANA_PAGE)
    latin = marks(_words(singles, frozenset(LATIN_PAGE)), LATIN_PAGE)
    texts = _words(singles, LOWER | CAPITALS)
    lower = sum(texts.count(b) for b in LOWER)
    low = sum(_words(singles, KANA_LOWER).count(b) for b in KANA_LOWER)
    facts = (
        say(
            f"カナの頁（290・EBCDIK）として: {kana}", f"read by the kana page (290, EBCDIK): {kana}"
        ),
        say(f"英小文字の頁（1027）として: {latin}", f"read by the Latin page (1027): {latin}"),
    )
    sure = max(kana.good, latin.good) >= 20
    if kana.plausible() and latin.good * 5 <= kana.good:
        return Page("kana", sure, facts)
    if latin.plausible() and kana.good * 5 <= latin.good:
        return Page("latin_kana", sure, facts)
    vowels = sum(texts.count(b) for b in b"\x81\x85\x89\x96\xa4")
    count = say(
        f"81-A9 の英小文字と読めるバイト {lower:,}（うち母音 {vowels:,}）、他のカナ・英小文字の位置 {low:,}",
        f"{lower:,} bytes that read as lower-case letters at 81-A9 ({vowels:,} vowels), {low:,} at the places of the kana page",
    )
    words = lower >= 20 and lower * 0.25 <= vowels <= lower * 0.65 and low * 4 <= lower
    if words and not kana.good:
        return Page("latin", lower >= 200, (count,))
    return Page("", False, (count,))
