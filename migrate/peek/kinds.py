"""Record types: bytes with few values that go together with different shapes; header and trailer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from migrate.peek.figures import Kind
from migrate.peek.ruler import CODES, Grid, grid, parts, profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.peek.shapes import Reader

MOST_KINDS = 8
GAIN = 0.03
"""How much purer the positions must become for a byte to tell record types."""

FIRST, EARLY = 3, 0.25
"""Within the first bytes a type is told by convention: there a share of the best gain is enough."""

ANY_DIGIT = 1
"""What stands for a digit, whichever."""

SHOWN = 5
"""What comes less often is not shown."""

Role = Literal["header", "data", "trailer"]


@dataclass(frozen=True)
class Looked:
    """Whole records from head, middle and tail, and whether the file's first and last are among them."""

    records: Sequence[bytes]
    first: bool = True
    last: bool = True


def kinds(looked: Looked, reader: Reader) -> list[Kind]:
    """The record types among some records, each with its ruler and proposed fields."""
    by_length = Counter(map(len, looked.records))
    made: list[Kind] = []
    at = _shared(looked.records, by_length) if len(by_length) > 1 else -1
    if at >= 0:
        return _named(_by_tag(looked, at, reader))
    for length, _ in by_length.most_common(MOST_KINDS):
        members = [r for r in looked.records if len(r) == length]
        if length:
            made += _of_one_length(members, reader, looked, alone=len(by_length) == 1)
    return _named(made)


def _named(made: list[Kind]) -> list[Kind]:
    """A name for each, by its role or its tag."""
    names: Counter[str] = Counter()
    for place, kind in enumerate(made):
        stem = kind.role if kind.role != "data" else f"type_{kind.tag}" if kind.tag else "record"
        names[stem] += 1
        made[place] = kind.model_copy(
            update={"name": stem if names[stem] == 1 else f"{stem}_{names[stem]}"}
        )
    return made


LOOKED = 16
"""Bytes of variable records in which their tag is looked for."""


def _shared(records: Sequence[bytes], by_length: Counter[int]) -> int:
    """The byte that tells the types of records of several lengths, 0-based; -1 where none does.

    Its values are few, all digits or capitals, and they go with lengths.
    """
    rows, shortest = len(records), min(by_length)
    usual = by_length.most_common(1)[0][1] / max(1, rows)
    gains: dict[int, float] = {}
    for at in range(min(shortest, LOOKED) if rows >= 8 else 0):
        found: dict[int, Counter[int]] = {}
        for record in records:
            found.setdefault(record[at], Counter())[len(record)] += 1
            if len(found) > MOST_KINDS:
                break
        if not 2 <= len(found) <= MOST_KINDS or not _TAGS.issuperset(found):
            continue
        told = sum(c.most_common(1)[0][1] for c in found.values()) / rows
        gains[at] = told - usual
    best = max(gains.values(), default=0.0)
    return next((at for at, gain in gains.items() if gain >= max(0.6 * best, 0.05)), -1)


def _by_tag(looked: Looked, at: int, reader: Reader) -> list[Kind]:
    """A type for each value of a byte; shorter records are filled up with blanks to be laid over one another."""
    blank = reader.table.find(b"_").to_bytes(1, "big")
    found = []
    for byte, count in Counter(r[at] for r in looked.records).most_common(MOST_KINDS):
        same = [r for r in looked.records if r[at] == byte]
        longest = max(map(len, same))
        made = _kind(
            grid([r.ljust(longest, blank) for r in same], reader), count, _role(same, looked)
        )
        tag = f"{byte:02x}" if count >= SHOWN or made.role != "data" else None
        found.append(made.model_copy(update={"tag_at": at + 1, "tag": tag}))
    return found


def _role(same: list[bytes], looked: Looked) -> Role:
    if len(same) == 1 and looked.first and same[0] is looked.records[0]:
        return "header"
    return "trailer" if len(same) == 1 and looked.last and same[0] is looked.records[-1] else "data"


def _of_one_length(
    members: list[bytes], reader: Reader, looked: Looked, *, alone: bool
) -> list[Kind]:
    whole = grid(members, reader)
    at = _ended(members, looked) if alone else -1
    if at < 0 and len(members) >= 4:
        at = tag_position(whole)
    if at < 0:
        role: Role = "data"
        if not alone and len(members) == 1 and members[0] is looked.records[0]:
            role = "header" if looked.first else "data"
        elif not alone and len(members) == 1 and members[0] is looked.records[-1]:
            role = "trailer" if looked.last else "data"
        return [_kind(whole, len(members), role)]
    found = []
    folded = _folded(np.array([m[at] for m in members], np.uint8))
    for byte, _count in Counter(folded.tolist()).most_common(MOST_KINDS):
        same = [r for r, b in zip(members, folded.tolist(), strict=True) if b == byte]
        role = _role(same, looked)
        shown = len(same) >= SHOWN or role != "data"
        made = _kind(grid(same, reader), len(same), role)
        tag = ("digits" if byte == ANY_DIGIT else f"{byte:02x}") if shown else None
        found.append(made.model_copy(update={"tag_at": at + 1, "tag": tag}))
    return found


def _ended(members: list[bytes], looked: Looked) -> int:
    """The byte that only the first and the last record have their own value at; -1 where there is none."""
    if len(members) < 3 or not (looked.first and looked.last):
        return -1
    for at in range(min(8, len(members[0]))):
        column = [m[at] for m in members]
        counts = Counter(column)
        own = counts[column[0]] == 1 and counts[column[-1]] == 1 and len(counts) <= MOST_KINDS
        within = counts.most_common(1)[0][1] * 2 >= len(members) - 2
        if own and within and all(b in _TAGS for b in counts):
            return at
    return -1


_TAGS = frozenset([ANY_DIGIT, *b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", *range(0xF0, 0xFA), *range(0xC1, 0xCA),
                   *range(0xD1, 0xDA), *range(0xE2, 0xEA)])  # fmt: skip


def _kind(found: Grid, count: int, role: Role) -> Kind:
    seen = profile(found)
    return Kind(
        name="", role=role, count=count, length=found.raw.shape[1], ruler=seen.ruler,
        parts=parts(found, seen),
    )  # fmt: skip


def _folded(column: np.ndarray) -> np.ndarray:
    """The bytes at a position, all digits as one where there are more of them than record types."""
    digit = ((column >= 0x30) & (column <= 0x39)) | ((column >= 0xF0) & (column <= 0xF9))
    many = len(np.unique(column[digit])) > 5 and not digit.all()
    return np.where(digit, ANY_DIGIT, column) if many else column


def tag_position(found: Grid) -> int:
    """The first byte that tells record types apart, 0-based; -1 where none does.

    >>> from migrate.peek.shapes import reader_of
    >>> rows = [b"1%08d" % (n * 7919) for n in range(20)] + [b"2AB  %04d" % (n * 79) for n in range(20)]
    >>> tag_position(grid(rows, reader_of("cp932")))
    0
    """
    rows, width = found.raw.shape
    base = _purity(found.kinds)
    gains: dict[int, float] = {}
    for at in range(min(width, 64)):
        column = _folded(found.raw[:, at])
        values, counts = np.unique(column, return_counts=True)
        if not 2 <= len(values) <= MOST_KINDS or len(values) * 2 > rows:
            continue
        if not _TAGS.issuperset(values.tolist()):
            continue
        inner = (
            sum(_purity(found.kinds[column == v]) * c for v, c in zip(values, counts, strict=True))
            / rows
        )
        gain = inner - base
        penalty = 0.5 * (len(values) - 1) / rows  # small groups are pure by chance
        least = max(0.01, 0.1 * (1 - base)) if at < FIRST else GAIN
        if gain - penalty > min(GAIN, least):
            gains[at] = gain - penalty
    best = max(gains.values(), default=0.0)
    return next(
        (at for at, gain in gains.items() if gain >= (EARLY if at < FIRST else 0.6) * best), -1
    )


def _purity(classes: np.ndarray) -> float:
    """The mean share of each position's most frequent class."""
    most = np.zeros(classes.shape[1])
    for number in range(len(CODES)):
        most = np.maximum(most, (classes == number).mean(axis=0))
    return float(most.mean())
