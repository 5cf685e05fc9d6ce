"""Which characters deserve a look, and by which codes they stand in a file: `classes(text, code, encoding)`."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from migrate.language import say
from migrate.read.encodings import TWINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from migrate.read.encodings import Encoding

UNIFIED = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"
"""The 12 of the block of compatibility ideographs that are ordinary ideographs (Unicode, FA0E-FA29)."""

SWAPPED = (
    "檜桧靱靭鶯鴬籠篭壺壷藪薮蘂蕊蠣蛎諫諌賤賎邇迩頸頚鰺鯵儘侭攪撹檮梼濤涛灌潅砿礦礪砺竈竃蠅蝿"
    "堯尭槇槙遙遥瑤瑶"
)
"""Pairs that JIS X 0208 exchanged, or took apart, in 1983: of which edition was the old system?"""

SHIFT_JIS = ("cp932", "ibm943")
"""Encodings with the rows of NEC and IBM."""

ROWS = {
    "nec_row13": ("87",),
    "nec_selected": ("ED", "EE"),
    "ibm_extension": ("FA", "FB", "FC"),
}

USER_DEFINED = "user_defined"
PRIVATE, COMPATIBILITY, ATTACHED, SWAP, NOT_0208, NOT_0213 = (1 << n for n in range(6))

MARKS = {
    COMPATIBILITY: "compatibility",
    ATTACHED: "variation",
    SWAP: "jis_78_83",
    NOT_0208: "not_jisx0208",
    NOT_0213: "not_jisx0213",
}
CLASSES = (USER_DEFINED, *ROWS, *MARKS.values())
"""Every class of characters, in the order in which they are shown."""


def title(name: str) -> str:
    """What a class is called.

    >>> bool(title("user_defined"))
    True
    """
    return {
        "user_defined": say("外字（私用領域）", "user-defined (private use)"),
        "nec_row13": say("NEC特殊文字（13区）", "NEC row 13"),
        "nec_selected": say("NEC選定IBM拡張文字", "IBM characters selected by NEC"),
        "ibm_extension": say("IBM拡張文字", "IBM extension"),
        "compatibility": say("互換漢字（正規化で別字になる）", "compatibility ideograph (normalising loses it)"),
        "variation": say("異体字セレクタ・結合文字", "variation sequence or combining character"),
        "jis_78_83": say("JIS78/83で字形が入れ替わった字", "exchanged between JIS78 and JIS83"),
        "not_jisx0208": say("JIS X 0208 にない", "not in JIS X 0208"),
        "not_jisx0213": say("JIS X 0213 にもない", "not in JIS X 0213 either"),
    }[name]  # fmt: skip


@cache
def flags() -> NDArray[np.uint8]:
    """For every code point of Unicode, why it deserves a look; 0 for ordinary characters."""
    found = np.full(0x110000, NOT_0208 | NOT_0213, np.uint8)
    found[:0x20] = 0
    found[0x7F:0xA0] = 0
    for name, flag in (("shift_jis", NOT_0208), ("shift_jis_2004", NOT_0213)):
        members = {ord(c) for text in _repertoire(name) for c in text}
        members |= {ord(seen) for seen, meant in TWINS.items() if ord(meant) in members}
        found[sorted(members)] &= np.uint8(~flag & 0xFF)
    found[[0x2015, 0xFF3C]] = 0  # 815C and 815F, which some read as U+2014 and U+005C
    found[0xF900:0xFB00] |= COMPATIBILITY
    found[0x2F800:0x2FA20] |= COMPATIBILITY
    found[[ord(c) for c in UNIFIED]] &= np.uint8(~COMPATIBILITY & 0xFF)
    found[[ord(c) for c in SWAPPED]] |= SWAP
    for low, high in ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF)):
        found[low : high + 1] = PRIVATE
    found[[p for p in range(0x300, 0x3100) if unicodedata.combining(chr(p))]] = ATTACHED
    for low, high in ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF)):
        found[low : high + 1] = ATTACHED
    return found


def _repertoire(name: str) -> Iterator[str]:
    """Every character of one of Python's codecs."""
    for first in range(0x20, 0x100):
        for data in (bytes([first]), *(bytes([first, second]) for second in range(0x40, 0xFD))):
            try:
                text = data.decode(name)
            except UnicodeDecodeError:
                continue
            if len(data) == 1 or first >= 0x81:
                yield text


def classes(text: str, code: str, encoding: str) -> tuple[str, ...]:
    """Why a character deserves a look; nothing for an ordinary one. `code`: its bytes in the file, in hex.

    >>> classes("\\ue000", "F040", "cp932"), classes("髙", "FBFC", "cp932"), classes("辻", "92D2", "cp932")
    (('user_defined',), ('ibm_extension', 'not_jisx0208', 'not_jisx0213'), ())
    """
    marks = int(np.bitwise_or.reduce(flags()[[ord(c) for c in text]]))
    if marks & PRIVATE:
        return (USER_DEFINED,)
    rows = [n for n, leads in ROWS.items() if encoding in SHIFT_JIS and code[:2] in leads]
    return (*rows, *(name for flag, name in MARKS.items() if marks & flag))


def codes(encoding: Encoding) -> tuple[dict[str, str], Encoding, dict[str, tuple[str, str]]]:
    """By character its lowest code, in hex; the encoding in which every other code of the same character means a
    stand-in, a private-use character; and by stand-in its code and the character it stands for.

    >>> from migrate.read.encodings import cp932
    >>> found, marked, others = codes(cp932("microsoft"))
    >>> found["髙"], others[marked.decode(bytes.fromhex("fa5b"))]
    ('EEE0', ('FA5B', '∵'))
    """
    by_character: dict[str, str] = {}
    stand_ins: dict[str, tuple[str, str]] = {}
    if getattr(encoding, "scheme", "tables") != "tables":
        return by_character, encoding, stand_ins
    tables = np.atleast_2d(encoding.pairs)
    marked, twice = tables.copy(), []
    for number, table in enumerate(tables):
        prefix = "8F" if number and encoding.name.startswith("euc") else ""
        for code in np.flatnonzero(table).tolist():
            text = entry_text(encoding, int(table[code]))
            if not text:
                continue
            hexed = f"{prefix}{code:04X}"
            if by_character.setdefault(text, hexed) != hexed and text != "\u3000":
                twice.append((number, code, hexed, text))
    free = (c for c in map(chr, range(0xF8FF, 0xDFFF, -1)) if c not in by_character)
    for (number, code, hexed, text), stand_in in zip(twice, free, strict=False):
        stand_ins[stand_in] = hexed, text
        marked[number, code] = int.from_bytes(stand_in.encode(), "little") | 3 << 24
    for code, entry in enumerate(np.atleast_2d(encoding.ones)[0].tolist()):
        if text := entry_text(encoding, int(entry)):
            by_character.setdefault(text, f"{code:02X}")
    return by_character, replace(encoding, pairs=marked.reshape(encoding.pairs.shape)), stand_ins


def entry_text(encoding: Encoding, entry: int) -> str:
    """The text that an entry of a table means; blank for none."""
    size = entry >> 24
    if 1 <= size <= 3:
        return (entry & 0xFFFFFF).to_bytes(3, "little")[:size].decode()
    if size == 4 and hasattr(encoding, "longs"):
        data, length = map(int, encoding.longs[entry & 0xFFFFFF])
        return data.to_bytes(8, "little")[:length].decode()
    return ""
