"""How often a column has each value: `tally(rows, column, coded)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from migrate.compiled import OPTIONS, njit
from migrate.machine import LOW4, U
from migrate.views import INLINE, missing, peek64, seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from migrate.coded import Coded

_SLOTS, _FEW = 1024, 256
"""Slots of the table that short texts are looked up in, and how many of them may be taken."""
_ABREAST = 4
"""Counts of one value that are added up in the end."""
_PRIME, _TOP = U(0x9E3779B97F4A7C15), U(54)


def tally(
    rows: pl.DataFrame, column: str, coded: Mapping[str, Coded] | None = None
) -> dict[Any, int]:
    """Value -> how many rows have it; null is one, too. A coded column need not be in the frame.

    >>> tally(pl.DataFrame({"a": ["x", None, "x"]}), "a")
    {'x': 2, None: 1}
    """
    code = (coded or {}).get(column)
    if code is None:
        values = rows[column]
        return _of_text(values) if values.dtype == pl.String else _of_any(values)
    if not rows.height:
        return {}
    if not code.places:
        return {code.values[0]: rows.height}
    counts = np.zeros((_ABREAST, len(code.values)), np.int64)
    _placed(rows[code.places].to_numpy(), counts)
    counts = counts.sum(axis=0)
    known: list[Any] = code.noted("names", list)
    known += code.values.slice(len(known)).to_list()
    return _named([known[n] for n in np.flatnonzero(counts).tolist()], counts[counts > 0])


def _named(names: list[Any], counts: NDArray[np.int64]) -> dict[Any, int]:
    """Counts by name; a name may stand there twice."""
    found = dict(zip(names, counts.tolist(), strict=True))
    if len(found) < len(names):
        found = dict.fromkeys(names, 0)
        for name, count in zip(names, counts.tolist(), strict=True):
            found[name] += count
    return found


def _of_any(values: pl.Series) -> dict[Any, int]:
    counts = values.alias("value").to_frame().group_by("value").len()
    return dict(zip(*counts, strict=True))


def _of_text(values: pl.Series) -> dict[Any, int]:
    """Few short texts are counted by the bytes that they are; others as anything is."""
    blank = values.null_count()
    if blank == len(values):
        return {None: blank} if blank else {}
    views = seen(values)
    firsts, counts = np.empty(_FEW, np.int64), np.zeros(_FEW, np.int64)
    begun, _, valid, first = views.places
    if not _counted(begun, len(values), valid, first, firsts, counts):
        return _of_any(values)
    counts = counts[counts > 0]
    found = _named(values.gather(firsts[: len(counts)]).to_list(), counts)
    return found | {None: blank} if blank else found


@njit(**OPTIONS)
def _placed(places, counts):
    """Count places; neighbours are often the same, and need not wait for one another."""
    for row in range(len(places)):
        counts[row % _ABREAST, places[row]] += 1


@njit(**OPTIONS)
def _counted(views, rows, valid, bit, firsts, counts):
    """Count texts, in the order in which they come first, and where; False where one is long, or they are many."""
    heads, tails = np.empty(_SLOTS, np.uint64), np.empty(_SLOTS, np.uint64)
    numbers = np.full(_SLOTS, -1, np.int64)
    taken = 0
    for row in range(rows):
        if missing(valid, bit, row):
            continue
        head, tail = peek64(views + U(16 * row)), peek64(views + U(16 * row + 8))
        if head & LOW4 > U(INLINE):
            return False
        slot = np.intp(((head ^ (tail * _PRIME)) * _PRIME) >> _TOP)
        while numbers[slot] >= 0 and (heads[slot] != head or tails[slot] != tail):
            slot = (slot + 1) % _SLOTS
        if numbers[slot] < 0:
            if taken == len(firsts):
                return False
            heads[slot], tails[slot], numbers[slot], firsts[taken] = head, tail, taken, row
            taken += 1
        counts[numbers[slot]] += 1
    return True
