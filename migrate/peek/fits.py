"""Whether pairs are the characters of a table: how many it has, how many of those are usual Japanese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from migrate.language import say
from migrate.peek.trial import points, usual

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENOUGH = 6
"""Pairs before a table is said to fit."""


@dataclass(frozen=True)
class Fit:
    """Pairs that were looked up in one table; blanks are not counted."""

    name: str
    pairs: int
    missing: int
    usual: float  # share of usual characters
    gaiji: int

    @property
    def japanese(self) -> bool:
        """Nearly all are in the table, and most of them usual."""
        return self.pairs >= ENOUGH and self.missing * 50 <= self.pairs and self.usual >= 0.7

    @property
    def strange(self) -> bool:
        """Not text by this table."""
        return self.pairs > 0 and (self.missing * 5 > self.pairs or self.usual < 0.3)

    def __str__(self) -> str:
        return say(
            f"{self.name} の表で: 2バイト文字 {self.pairs:,}、うち表にない {self.missing:,}、外字 {self.gaiji:,}、常用の文字 {self.usual:.0%}",
            f"by the table of {self.name}: {self.pairs:,} pairs, {self.missing:,} not in it, {self.gaiji:,} gaiji, {self.usual:.0%} usual characters",
        )


BLANKS = (0x4040, 0xA1A1, 0x2121)


def fit(codes: NDArray[np.int64], name: str) -> Fit:
    """Counted pairs as a table has them.

    >>> counts = np.bincount([0x4557, 0x4575, 0x41FF], minlength=65536)
    >>> found = fit(counts, "ibm930")
    >>> found.pairs, found.missing
    (3, 1)
    """
    codes = codes.copy()
    codes[list(BLANKS)] = 0
    classes, table = usual(name), points(name).pairs[0]
    private = (table >= 0xE000) & (table < 0xF900)
    pairs, gaiji = int(codes.sum()), int(codes[private].sum())
    share = int(codes[classes == 1].sum()) / max(1, pairs - gaiji)
    return Fit(name, pairs, int(codes[classes == 0].sum()), share, gaiji)


BARE = {
    "ibm930": re.compile(rb"(?:[\x43-\x55][\x41-\xfe]){2,}"),
    "jef-ebcdik": re.compile(rb"(?:[\xa4\xa5\xb0-\xcf][\xa1-\xfe]){2,}"),
}
"""Kana and first kanji; a run is taken where it holds a byte that is never text of one byte."""

NEVER = re.compile(rb"[\xca-\xcf\xda-\xdf\xea-\xef\xfa-\xff]")
LEAST = 60


def bare(data: bytes) -> list[Fit]:
    """Pairs that stand without shift codes, by IBM's table and by that of JEF (whose JIS X 0208 is that of KEIS).

    >>> [f.pairs for f in bare(bytes.fromhex("c1c2c3f1f2f3"))]
    [0, 0]
    """
    found = []
    for name, run in BARE.items():
        taken = [r for r in run.findall(data) if NEVER.search(r)]
        counts = np.bincount(np.frombuffer(b"".join(taken), ">u2"), minlength=65536)
        made = fit(counts, name)
        found.append(made if made.pairs >= LEAST else Fit(name, 0, 0, 0.0, 0))
    return found
