"""Shift_JIS, EUC, UTF-8: strict trial decoding, and whether what comes out is Japanese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from migrate.language import say
from migrate.peek import trial
from migrate.peek.figures import Statement
from migrate.peek.kana import Marks, marks

if TYPE_CHECKING:
    from numpy.typing import NDArray

CANDIDATES = [
    "cp932", "shift_jis", "euc-jp", "utf-8", "utf-8-sig", "iso-2022-jp", "utf-16", "utf-16-le", "ascii",
]  # fmt: skip
"""What chardet may answer. Without this list it takes Japanese fixed-length files for EBCDIC or Cyrillic."""

_EUC = re.compile(rb"[\x00-\x7f]|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}|[\xa1-\xfe]{2}")
ENOUGH = 20
"""Characters that let a reading be certain."""

SJIS = ("cp932", "ibm943", "shift_jis-2004")
EUC = ("eucjp-ms", "euc_jis_2004")


@dataclass(frozen=True)
class Reading:
    """What the bytes are when read as one encoding."""

    name: str
    refused: int
    usual: int  # kana, first-level kanji, full-width signs and letters
    rare: int  # other kanji, and what Japanese text seldom has
    kana: Marks  # half-width
    gaiji: int
    beyond: int  # outside JIS X 0208

    @property
    def all(self) -> int:
        return self.usual + self.rare + self.kana.kana + self.refused

    @property
    def share(self) -> float:
        """How much of it is usual Japanese; half-width kana count where their sound marks fit."""
        mark = self.kana
        sound = mark.bad * 20 <= mark.good and mark.punctuation * 4 <= mark.kana
        return (self.usual + (mark.kana if sound else 0)) / max(1, self.all)

    @property
    def kept(self) -> float:
        """The same over what could be read."""
        return self.share * self.all / max(1, self.all - self.refused)

    def __str__(self) -> str:
        return say(
            f"{self.name} として: 常用の文字 {self.usual:,}、半角ｶﾅ {self.kana.kana:,}（濁点 合う {self.kana.good:,} 合わない {self.kana.bad:,}）、"
            f"ほかの漢字・記号 {self.rare:,}、外字 {self.gaiji:,}、読めない {self.refused:,}",
            f"read as {self.name}: {self.usual:,} usual characters, {self.kana.kana:,} half-width kana (sound marks"
            f" {self.kana.good:,} fit, {self.kana.bad:,} do not), {self.rare:,} others, {self.gaiji:,} gaiji, {self.refused:,} refused",
        )


@cache
def _kinds() -> NDArray[np.uint8]:
    """For each code point: 0 ASCII, 1 usual, 2 rare, 3 half-width kana, 4 gaiji, 5 refused."""
    found = np.full(0x30000, 2, np.uint8)
    found[sorted(trial.everyday())] = 1
    found[:0x80] = 0
    found[0xFF61:0xFFA0] = 3
    found[0xE000:0xF900] = 4
    found[trial.REFUSED] = 5
    return found


def read(data: bytes, name: str) -> Reading:
    """Bytes as one encoding reads them, strictly by its table.

    >>> found = read("山田　ﾀﾞｲｽｹ".encode("cp932"), "cp932")
    >>> found.usual, found.kana.kana, found.kana.good, found.refused
    (3, 5, 1, 0)
    """
    units = trial.read(data, name)
    kinds = _kinds()[np.minimum(units, 0x2FFFF)]
    counts = np.bincount(kinds, minlength=6).tolist()
    half = np.where(kinds == 3, units - (0xFF61 - 0xA1), 0).astype(np.uint8).tobytes()
    others = set(np.unique(units[(kinds == 1) | (kinds == 2)]).tolist())
    return Reading(name, counts[5], counts[1], counts[2] + counts[4], marks(half), counts[4],
                   len(others - trial.known()))  # fmt: skip


def hint(data: bytes) -> str:
    """What chardet says, held to the Japanese encodings."""
    import warnings

    import chardet

    with warnings.catch_warnings(action="ignore"):  # that its fallback is not among the candidates
        found = chardet.detect(
            data[:200_000], include_encodings=CANDIDATES, no_match_encoding="ascii"
        )
    name = str(found.get("encoding") or "-")
    return "-" if name.lower() == "ascii" and not data.isascii() else name


def utf8(data: bytes, *, begins: bool) -> tuple[int, int]:
    """Characters of several bytes, and bytes that UTF-8 refuses; a cut character at an end is neither.

    >>> utf8("高い山".encode()[1:-1], begins=False)
    (1, 0)
    """
    cut = data if begins else data.lstrip(bytes(range(0x80, 0xC0)))
    for short in range(1, 4):  # a cut one at the end
        if len(cut) >= short and cut[-short] >= 0xC0:
            whole = 2 if cut[-short] < 0xE0 else 3 if cut[-short] < 0xF0 else 4
            cut = cut[:-short] if short < whole else cut
            break
    text = cut.decode("utf-8", "replace")
    refused = text.count("\ufffd") - cut.count(b"\xef\xbf\xbd")
    ascii_ = sum(len(part) for part in re.findall(rb"[\x00-\x7f]+", cut))
    return len(text) - ascii_ - refused, refused


def multibyte(data: bytes) -> Statement:
    """Shift_JIS or EUC, and which table of the family the characters need."""
    sjis, euc = read(data, "cp932"), read(data, "eucjp-ms")
    torn = len(_EUC.sub(b"", data))
    evidence = [str(sjis), str(euc)]
    if torn:
        evidence.append(
            say(f"EUC の並びにならないバイト {torn:,}", f"{torn:,} bytes that EUC cannot have")
        )
    if euc.share >= 0.8 and not torn and sjis.share < euc.share - 0.15:
        return _euc(data, euc, evidence)
    if sjis.share >= 0.8 and not sjis.refused and (torn or euc.share < sjis.share - 0.15):
        return _sjis(data, sjis, evidence, sure=torn >= 3 or euc.share < 0.4)
    later = read(data, "shift_jis-2004")
    if sjis.refused and not later.refused and later.usual >= 3:
        return _later("shift_jis-2004", evidence, later)
    ahead = sjis.usual >= ENOUGH and sjis.kept >= 0.75
    if ahead and sjis.share > euc.share + 0.2 and sjis.refused * 2 < sjis.all:
        evidence.append(
            say("読めないバイトは2進の項目かもしれない", "what is refused may be binary fields")
        )
        return Statement(value="cp932", confidence="likely", alternatives=[*SJIS[1:]], evidence=evidence)  # fmt: skip
    if euc.usual >= ENOUGH and euc.kept >= 0.75 and euc.share > sjis.share + 0.2:
        return Statement(value="eucjp-ms", confidence="likely", alternatives=[*EUC[1:]], evidence=evidence)  # fmt: skip
    fitting = [*(SJIS if not sjis.refused else ()), *(EUC if not torn else ())]
    return Statement(value="multibyte" if fitting else "binary", confidence="undecided",
                     alternatives=list(fitting) or ["binary", "ascii", *SJIS, *EUC, "jipsj-jis8"], evidence=evidence)  # fmt: skip


def _later(
    name: str, evidence: list[str], reading: Reading, others: list[str] | None = None
) -> Statement:
    evidence.append(
        say(
            f"JIS X 0213 だけにある文字がある。{reading}",
            f"characters that only JIS X 0213 has; {reading}",
        )
    )
    return Statement(value=name, confidence="likely", alternatives=others or [], evidence=evidence)


def _sjis(data: bytes, sjis: Reading, evidence: list[str], *, sure: bool) -> Statement:
    """cp932; certain where no character in it is one that the family's tables read differently."""
    if not sjis.usual and not sjis.rare:
        evidence.append(
            say(
                "半角ｶﾅだけ: JIS X 0201 として、どの表でも同じ",
                "half-width kana only: JIS X 0201, alike in all of these",
            )
        )
        return Statement(value="cp932", confidence="likely",
                         alternatives=["ibm943", "shift_jis-2004", "jipsj-jis8"], evidence=evidence)  # fmt: skip
    if not sjis.beyond and not sjis.gaiji:
        evidence.append(
            say(
                "文字はすべて JIS X 0208: Shift_JIS 系のどの表でも同じ",
                "all characters are of JIS X 0208: alike in every table of the family",
            )
        )
        enough = sjis.usual + sjis.kana.kana >= ENOUGH
        return Statement(value="cp932", confidence="certain" if sure and enough else "likely",
                         alternatives=[*SJIS[1:]], evidence=evidence)  # fmt: skip
    later = read(data, "shift_jis-2004").refused
    evidence.append(
        say(f"JIS X 0208 にない文字 {sjis.beyond:,} 種・外字 {sjis.gaiji:,}。shift_jis-2004 が読めないのは {later:,}",
            f"{sjis.beyond:,} different characters outside JIS X 0208, {sjis.gaiji:,} gaiji; shift_jis-2004 refuses {later:,}")
    )  # fmt: skip
    others = ["ibm943"] if later else ["ibm943", "shift_jis-2004"]
    return Statement(value="cp932", confidence="likely", alternatives=others, evidence=evidence)


def _euc(data: bytes, euc: Reading, evidence: list[str]) -> Statement:
    later = read(data, "euc_jis_2004")
    three = len(re.findall(rb"\x8f[\xa1-\xfe]{2}", data))
    if not euc.refused and not three:
        evidence.append(
            say(
                "文字はすべて JIS X 0208: EUC 系のどの表でも同じ",
                "all characters are of JIS X 0208: alike in every table of the family",
            )
        )
        sure = euc.usual >= ENOUGH
        return Statement(value="eucjp-ms", confidence="certain" if sure else "likely",
                         alternatives=[*EUC[1:]], evidence=evidence)  # fmt: skip
    only_later = len(re.findall(rb"[\xa9-\xac\xae\xaf][\xa1-\xfe]", data))
    if only_later and not later.refused:
        return _later("euc_jis_2004", evidence, later, [] if euc.refused else ["eucjp-ms"])
    evidence.append(
        say(f"3バイト文字 {three:,}、JIS X 0208 の表にない {euc.refused:,}",
            f"{three:,} characters of three bytes, {euc.refused:,} outside the table of JIS X 0208")
    )  # fmt: skip
    others = [] if later.refused else ["euc_jis_2004"]
    return Statement(value="eucjp-ms", confidence="likely", alternatives=others, evidence=evidence)
