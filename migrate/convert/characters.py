"""The characters that written files may hold: `Characters(table, "jisx0213", shrinks).settle(rows)`.

Policy `mj` takes every character as it is and never comes here. Under the others a character outside the set is
written as the one that the shrink map gives for it, if it gives one and no more; nothing is normalised (NFC and
NFKC would change compatibility ideographs, kana and numbers without a word).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from migrate.catalog.shrinks import SELECTOR, UNIT, codes
from migrate.catalog.twins import twins
from migrate.frames import ISSUES, OFFSET, ORIGINAL, RECORD, no_issues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.catalog.shrinks import ShrinkMap
    from migrate.model import Table

MJ = "mj"
SHRUNK, NO_SHRINK = "shrunk", "no_shrink"
"""The codes of a character that was replaced, and of one that could not be. Neither takes a value away."""

_INSIDE, _TWIN, _OUTSIDE = 0, 1, 2
_PLANES = {"jisx0208": ("euc_jp", (b"",)), "jisx0213": ("euc_jis_2004", (b"", b"\x8f"))}
_SELECTORS = re.compile(SELECTOR)


class Repertoire(NamedTuple):
    """The characters of one policy, as Python's codecs have them, with ASCII and half-width kana."""

    kinds: NDArray[np.uint8]  # by code point: inside, a twin of one inside, outside
    sequences: frozenset[str]  # what counts as one character and is two code points: か゚
    twins: dict[str, str]  # one code point of a character of the set -> the one that the set has

    def holds(self, text: str) -> bool:
        """Whether every character of a text is in the set.

        >>> repertoire("jisx0208").holds("高崎－１"), repertoire("jisx0208").holds("髙﨑")
        (False, False)
        >>> repertoire("jisx0208").holds("高崎−１"), repertoire("jisx0213").holds("か゚﨑")
        (True, True)
        """
        units = UNIT.findall(text)
        return all(u in self.sequences or not any(self.kinds[ord(c)] for c in u) for u in units)


@cache
def repertoire(policy: str) -> Repertoire:
    """The characters that a policy admits."""
    codec, planes = _PLANES[policy]
    kinds = np.full(0x110000, _OUTSIDE, np.uint8)
    kinds[:0x80] = _INSIDE
    kinds[0xFF61:0xFFA0] = _INSIDE
    sequences = set()
    for plane in planes:
        for high in range(0xA1, 0xFF):
            for low in range(0xA1, 0xFF):
                text = (plane + bytes((high, low))).decode(codec, "ignore")
                if len(text) == 1:
                    kinds[ord(text)] = _INSIDE
                elif "\u309a" in text:
                    sequences.add(text)
    written = {}
    for twin in twins():
        which: str = getattr(twin, policy)
        if which in ("jis", "microsoft"):
            other = twin.microsoft if which == "jis" else twin.jis
            written[other] = twin.jis if which == "jis" else twin.microsoft
            kinds[ord(other)] = _TWIN
    return Repertoire(kinds, frozenset(sequences), written)


class Fate(NamedTuple):
    """What becomes of one character."""

    text: str
    code: str = ""  # of its issue
    note: str = ""  # its code points, as the issue shows them


class Settled(NamedTuple):
    """What becomes of one value."""

    text: str | None  # None: it stays as it is
    found: tuple[tuple[str, str], ...]  # code and code points of each issue


@dataclass
class Characters:
    """One table's characters in one run; counts the values whose twins it rewrote."""

    table: Table
    policy: str  # jisx0208 or jisx0213
    shrinks: ShrinkMap
    twins: int = field(default=0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)  # several threads may settle rows

    def __post_init__(self) -> None:
        self._set = repertoire(self.policy)
        self._fate = cache(self._found)

    @cached_property
    def columns(self) -> list[str]:
        """Columns of full-width text: no code, number or key is of that type."""
        return [c.name for c in self.table.columns if c.type == "N" and not (c.key or c.codes)]

    def settle(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows in the policy's characters, and an alert for each character of a value that was replaced,
        or that could not be. What a replaced value was stands beside it, in ORIGINAL + column."""
        made: list[pl.Series] = []
        issues: list[pl.DataFrame] = []
        known = cache(self.settled)  # a name stands in several columns, a head's in several rows
        joined = rows.select(pl.col(self.columns).str.join("", ignore_nulls=True))
        for name, text in zip(self.columns, joined.row(0), strict=True):
            kinds = self._set.kinds[np.frombuffer(text.encode("utf-32-le"), np.uint32)]
            if not kinds.any():
                continue
            values = rows[name]
            ends = np.cumsum(values.str.len_chars().fill_null(0).to_numpy(), dtype=np.int64)
            at = _rows_of(kinds == _OUTSIDE, ends)
            twinned = _rows_of(kinds == _TWIN, ends)
            written = values.str.replace_many(self._set.twins) if len(twinned) else values
            if len(at):
                given = values.gather(at).to_list()
                outcome = [known(v) for v in given]
                issues.append(_issues(rows, name, at, outcome))
                stays = [one.text is None for one in outcome]
                before = [
                    v if o.text and o.found else None for v, o in zip(given, outcome, strict=True)
                ]
                after = [o.text or v for v, o in zip(given, outcome, strict=True)]
                blank = pl.Series(f"{ORIGINAL}{name}", [None], dtype=pl.String)
                beside = blank.new_from_index(0, rows.height)
                made.append(beside.scatter(at, pl.Series(before, dtype=pl.String)))
                written = written.clone().scatter(at, pl.Series(after, dtype=pl.String))
                twinned = np.setdiff1d(twinned, at[stays])
            with self._lock:
                self.twins += len(twinned)
            made.append(written.alias(name))
        found = [i for i in issues if i.height]
        return rows.with_columns(made), pl.concat(found) if found else no_issues()

    def settled(self, value: str) -> Settled:
        """What becomes of one value: all of it is in the set afterwards, or it stays as it is."""
        fates = [self._fate(unit) for unit in UNIT.findall(value)]
        found = tuple(dict.fromkeys((f.code, f.note) for f in fates if f.code))
        stuck = tuple(one for one in found if one[0] == NO_SHRINK)
        return Settled(None, stuck) if stuck else Settled("".join([f.text for f in fates]), found)

    def _found(self, unit: str) -> Fate:
        """What is written for a character."""
        if self._set.holds(unit):
            return Fate(unit)
        if unit in self._set.twins:
            return Fate(self._set.twins[unit])
        plain = _SELECTORS.sub("", unit)
        if plain and plain != unit and self._set.holds(plain):
            return Fate(plain, SHRUNK, f"{codes(unit)} > {codes(plain)}")
        for one in dict.fromkeys((unit, plain)):
            for candidates in self.shrinks.candidates(one).values():
                fit = [c for c in candidates if self._set.holds(c)]
                if len(fit) == 1:
                    return Fate(fit[0], SHRUNK, f"{codes(unit)} > {codes(fit[0])}")
                if fit:
                    return Fate(unit, NO_SHRINK, f"{codes(unit)} > {' | '.join(map(codes, fit))}")
        return Fate(unit, NO_SHRINK, f"{codes(unit)} >")


def _rows_of(wanted: NDArray[np.bool_], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows in which some characters of the joined text lie."""
    return np.unique(np.searchsorted(ends, np.flatnonzero(wanted), side="right"))


def _issues(
    rows: pl.DataFrame, item: str, at: NDArray[np.int64], outcome: list[Settled]
) -> pl.DataFrame:
    """An alert for each character of each value."""
    pairs = [(row, *one) for row, o in zip(at.tolist(), outcome, strict=True) for one in o.found]
    which = pl.Series([row for row, _, _ in pairs], dtype=pl.UInt32)
    return pl.DataFrame(
        {
            "record": rows[RECORD].gather(which),
            "byte": rows[OFFSET].gather(which),
            "item": [item] * len(pairs),
            "code": [code for _, code, _ in pairs],
            "severity": ["alert"] * len(pairs),
            "value": [value for _, _, value in pairs],
        },
        schema=ISSUES,
    )
