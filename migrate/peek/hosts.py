"""Which host wrote a file: EBCDIC, and the shift codes of IBM, Fujitsu, Hitachi and NEC."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from migrate.language import say
from migrate.peek.figures import Statement
from migrate.peek.fits import Fit, bare, fit
from migrate.peek.kana import Page, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LONGEST_RUN = 4000
FEW, MANY = 2, 10
"""Closed runs before a shift code is believed, and before it is certain."""


@dataclass(frozen=True)
class Shifts:
    """The shift codes of one host and the pairs that may stand between them."""

    host: str
    begins: tuple[bytes, ...]
    ends: bytes
    fits: Callable[[int, int], bool]


@dataclass
class Runs:
    """What was found of one host's shift codes."""

    host: str
    shown: str
    begun: int = 0
    ended: int = 0
    closed: int = 0  # runs of whole pairs that this host may write
    wrong: int = 0
    pairs: int = 0
    singles: bytes = b""
    codes: NDArray[np.int64] = field(default_factory=lambda: np.zeros(65536, np.int64))

    @property
    def good(self) -> bool:
        return self.closed >= FEW and self.closed >= 9 * self.wrong

    def __str__(self) -> str:
        return say(
            f"シフト {self.shown}: 始め {self.begun:,}、終わり {self.ended:,}、正しく閉じる {self.closed:,}（2バイト文字 {self.pairs:,}）、合わない {self.wrong:,}",
            f"shift codes {self.shown}: {self.begun:,} open, {self.ended:,} close, {self.closed:,} runs of whole pairs"
            f" ({self.pairs:,} pairs), {self.wrong:,} that do not fit",
        )


def _ibm(first: int, second: int) -> bool:
    return (0x41 <= first <= 0xFE and 0x41 <= second <= 0xFE) or (first, second) == (0x40, 0x40)


def _jef(first: int, second: int) -> bool:
    return (0x41 <= first <= 0xFE and 0xA1 <= second <= 0xFE) or (first, second) == (0x40, 0x40)


def _jis(first: int, second: int) -> bool:
    return (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E) or (
        0xA1 <= first <= 0xFE and 0xA1 <= second <= 0xFE
    )


def _nec(first: int, second: int) -> bool:
    return 0x40 <= first <= 0xF9 and 0x40 <= second <= 0xF9


EBCDIC = (
    Shifts("keis", (b"\x0a\x42",), b"\x0a\x41", _jef),
    Shifts("jipse", (b"\x3f\x75",), b"\x3f\x76", _nec),
    Shifts("ibm", (b"\x0e",), b"\x0f", _ibm),
    Shifts("jef", (b"\x28", b"\x38", b"\x30\xe2"), b"\x29", _jef),
)
ASCII = (Shifts("jipsj", (b"\x1a\x70",), b"\x1a\x71", _jis),)


def runs(data: bytes, shifts: Shifts) -> Runs:
    """Open, closed and fitting runs of pairs between the shift codes of one host.

    >>> found = runs(bytes.fromhex("c1 0e 4557 4575 0f c2 0e 45 0f"), EBCDIC[2])
    >>> found.closed, found.wrong, found.pairs
    (1, 1, 2)
    """
    begins = "/".join(b.hex().upper() for b in shifts.begins)
    found = Runs(shifts.host, f"{begins} {shifts.ends.hex().upper()}")
    found.begun = sum(data.count(b) for b in shifts.begins)
    found.ended = data.count(shifts.ends)
    opens = re.compile(b"|".join(map(re.escape, shifts.begins)))
    kept, taken, at = [], [], 0
    while True:
        opening = opens.search(data, at)
        if opening is None:
            break
        start = opening.end()
        pairs, stop = _pairs(data, start, shifts)
        if pairs < 0:
            found.wrong += 1
            kept.append(data[at : opening.start() + 1])
            at = opening.start() + 1
            continue
        kept.append(data[at : opening.start()])
        found.closed += pairs > 0
        found.pairs += pairs
        taken.append(data[start:stop])
        at = stop + len(shifts.ends)
    found.singles = b"".join([*kept, data[at:]])
    found.codes = np.bincount(np.frombuffer(b"".join(taken), ">u2"), minlength=65536)
    return found


def _pairs(data: bytes, start: int, shifts: Shifts) -> tuple[int, int]:
    """Pairs up to the closing code and where it lies; -1 where something else comes before it."""
    at = start
    end = min(len(data) - 1, start + LONGEST_RUN)
    while at < end:
        if data.startswith(shifts.ends, at):
            return (at - start) // 2, at
        if not shifts.fits(data[at], data[at + 1]):
            return -1, at
        at += 2
    return (at - start) // 2 if data.startswith(shifts.ends, at) else -1, at


NAMES = {
    ("ibm", "kana"): ("ibm930", "ibm1390"),
    ("ibm", "latin"): ("ibm939", "ibm1399"),
    ("ibm", "latin_kana"): ("ibm939", "ibm1399"),
    ("ibm", ""): ("ibm930", "ibm939", "ibm1390", "ibm1399"),
    ("jef", "kana"): ("jef-ebcdik",),
    ("jef", "latin"): ("jef-ebcdic", "jef-ascii"),
    ("jef", ""): ("jef-ebcdik", "jef-ebcdic", "jef-ascii"),
    ("keis", "kana"): ("keis83-ebcdik", "keis78-ebcdik"),
    ("keis", "latin"): ("keis83-ebcdic", "keis78-ebcdic"),
    ("keis", "latin_kana"): ("keis83-ebcdic", "keis78-ebcdic"),
    ("keis", ""): ("keis83-ebcdik", "keis83-ebcdic", "keis78-ebcdik", "keis78-ebcdic"),
    ("jipse", ""): ("jipse-ebcdik",),
    ("none", "kana"): (
        "ibm290", "ibm930", "ibm1390", "jef-ebcdik", "keis83-ebcdik", "keis78-ebcdik", "jipse-ebcdik",
    ),
    ("none", "latin_kana"): ("ibm1027", "ibm939", "ibm1399", "keis83-ebcdic", "keis78-ebcdic"),
    ("none", "latin"): (
        "ibm037", "ibm500", "ibm1027", "ibm939", "ibm1399", "jef-ebcdic", "jef-ascii", "keis83-ebcdic", "keis78-ebcdic",
    ),
    ("none", ""): (
        "ibm037", "ibm500", "ibm290", "ibm1027", "ibm930", "ibm939", "ibm1390", "ibm1399", "jef-ebcdik",
        "jef-ebcdic", "jef-ascii", "keis83-ebcdik", "keis83-ebcdic", "keis78-ebcdik", "keis78-ebcdic", "jipse-ebcdik",
    ),
}  # fmt: skip
"""What can be told from host and page. The first is the usual one."""


TABLES = {
    "ibm": ("ibm930", "ibm1390"), "jef": ("jef-ebcdik",), "keis": ("keis83-ebcdik", "keis78-ebcdik"),
    "jipse": ("jipse-ebcdik",), "jipsj": ("jipsj-jis8",),
}  # fmt: skip
"""The tables of pairs of a host, the smaller or usual one first."""


def host(data: bytes) -> Statement:
    """The encoding of EBCDIC bytes, as far as their shift codes, tables, kana and letters tell."""
    found = sorted((runs(data, s) for s in EBCDIC), key=lambda r: (r.good, r.closed), reverse=True)
    best, second = found[0], found[1]
    if best.good and second.good and second.closed * 5 > best.closed:
        return _several([r for r in found if r.good])
    if not best.good:
        return _without(data)
    return _told(best)


def _told(best: Runs) -> Statement:
    """What the shift codes of one host, its tables and the page of the single bytes say."""
    side = page(best.singles)
    fits = [fit(best.codes, name) for name in TABLES[best.host]]
    names = _names(best.host, side, fits)
    evidence = [str(best), *(str(f) for f in fits), *side.evidence]
    sound = max(f.japanese for f in fits)
    if len(names) == 1:
        sure = best.closed >= MANY and (side.sure or best.host == "jipse") and sound
        return Statement(value=names[0], confidence="certain" if sure else "likely", evidence=evidence)  # fmt: skip
    if best.host == "ibm" and side.name:
        evidence.append(
            say(
                "表は大きい方（1390/1399）とも矛盾しない",
                "the larger tables (1390, 1399) fit as well",
            )
        )
        return Statement(value=names[0], confidence="likely", alternatives=names[1:], evidence=evidence)  # fmt: skip
    if best.host == "keis" and len({n[:6] for n in names}) > 1:
        evidence.append(
            say("KEIS78 と 83 の違いは百余字だけで、バイトからは決まらない",
                "KEIS78 and 83 differ in some hundred characters: bytes do not tell")
        )  # fmt: skip
    return Statement(value=best.host, confidence="undecided", alternatives=names, evidence=evidence)


def _several(good: list[Runs]) -> Statement:
    """The shift codes of several hosts are there: whose pairs are Japanese?"""
    fits = [max((fit(r.codes, n) for n in TABLES[r.host]), key=lambda f: f.usual) for r in good]
    evidence = [*map(str, good), *map(str, fits)]
    japanese = [r for r, f in zip(good, fits, strict=True) if f.japanese]
    if len(japanese) == 1 and all(f.japanese or f.strange for f in fits):
        told = _told(japanese[0])
        sure = "likely" if told.confidence == "certain" else told.confidence
        return told.model_copy(update={"confidence": sure, "evidence": [*told.evidence, *evidence]})
    names = [n for r in japanese or good for n in NAMES[r.host, ""]]
    return Statement(value="ebcdic", confidence="undecided", alternatives=names, evidence=evidence)


def _without(data: bytes) -> Statement:
    """No shift codes: the page of the single bytes, and pairs that stand bare in wide fields."""
    side = page(data)
    names = list(NAMES["none", side.name])
    evidence = [say("シフトコードなし", "no shift codes of any host"), *side.evidence]
    there = [f for f in bare(data) if f.pairs]
    japanese = [f for f in there if f.japanese]
    if japanese:
        hosts = {"ibm930": ("ibm9", "ibm13"), "jef-ebcdik": ("jef", "keis")}
        kept = tuple(h for f in japanese for h in hosts[f.name])
        names = [n for n in names if n.startswith(kept)] or names
        evidence += [
            say(f"シフトコードなしの2バイト文字の項目: {f}", f"fields of pairs without shift codes: {f}")
            for f in japanese
        ]  # fmt: skip
    return Statement(value="ebcdic", confidence="undecided", alternatives=names, evidence=evidence)


def _names(name: str, side: Page, fits: list[Fit]) -> list[str]:
    """The encodings of a host that its pairs and its page leave."""
    names = list(NAMES.get((name, side.name)) or NAMES[name, ""])
    if len(fits) < 2:
        return names
    smaller, larger = fits
    gone = {"ibm": ("ibm9", "ibm13"), "keis": ("keis83", "keis78")}[name]
    if smaller.missing >= FEW + 1 and not larger.missing:
        return [n for n in names if not n.startswith(gone[0])]
    if larger.missing >= FEW + 1 and not smaller.missing:
        return [n for n in names if not n.startswith(gone[1])]
    return names


def jips(data: bytes) -> Statement | None:
    """JIPS(J), where its shift codes stand in the bytes."""
    best = runs(data, ASCII[0])
    if not best.good:
        return None
    table = fit(best.codes, "jipsj-jis8")
    sure = best.closed >= MANY and table.japanese
    return Statement(
        value="jipsj-jis8",
        confidence="certain" if sure else "likely",
        evidence=[str(best), str(table)],
    )
