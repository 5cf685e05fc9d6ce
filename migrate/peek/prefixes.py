"""Records that begin with their length: RDW and BDW, big-endian or little, themselves included or not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

MOST_LEAD = 4096
FEW = 3
"""Records that a chain needs before it is believed."""


@dataclass
class Chain:
    """Lengths that lead from record to record."""

    prefix: str
    lead: int = 0
    tail: int = 0
    records: int = 0
    blocks: int = 0
    lengths: Counter[int] = field(default_factory=Counter)
    reaches: bool = False  # to the end of the file
    borders: list[int] = field(
        default_factory=list
    )  # some places where a record, or a block, begins


def length_of(head: bytes, prefix: str) -> int:
    """The bytes of a record behind its prefix; -1 where the four bytes cannot be one.

    >>> length_of(bytes.fromhex("003e0000"), "rdw"), length_of(bytes.fromhex("00400000"), "rdw_exclusive")
    (58, 64)
    >>> length_of(bytes.fromhex("00004000"), "rdw_little"), length_of(b"ABCD", "rdw")
    (64, -1)
    """
    if len(head) < 4:
        return -1
    if prefix == "rdw_little":
        found = head[2] | head[3] << 8
        return found if head[:2] == b"\0\0" and found else -1
    if head[2:] != b"\0\0":
        return -1
    found = head[0] << 8 | head[1]
    if prefix == "rdw_exclusive":
        return found or -1
    return found - 4 if found > 4 else -1


def walk(data: bytes, prefix: str, lead: int, most: int = 1 << 30) -> Chain:
    """Follow a chain through bytes, as far as it goes; `tail` is what remains behind it."""
    chain, at, end = Chain(prefix, lead), lead, 0
    while at < len(data) and chain.records < most:
        if prefix == "bdw" and at >= end:
            block = length_of(data[at : at + 4], "rdw")
            if block < 5 or at + 4 + block > len(data):
                break
            end = at + 4 + block
            chain.blocks += 1
            at += 4
        size = length_of(data[at : at + 4], "rdw" if prefix == "bdw" else prefix)
        if size < 0 or (prefix == "bdw" and at + 4 + size > end) or at + 4 + size > len(data):
            break
        chain.lengths[size] += 1
        chain.records += 1
        at += 4 + size
    chain.tail = len(data) - at
    chain.reaches = at == len(data)
    return chain


def chain(path: Path, size: int, *, leading: bool) -> Chain | None:
    """The chain that leads from the first record (with `leading`, or one soon after) to the end, if any."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
        for prefix in ("bdw", "rdw", "rdw_exclusive", "rdw_little"):
            if length_of(head[:4], "rdw" if prefix == "bdw" else prefix) < 0:
                continue
            found = _through(file, prefix, 0, size)
            if found.reaches and found.records:
                return found
        return _behind_a_lead(head, size) if leading else None


def _behind_a_lead(head: bytes, size: int) -> Chain | None:
    """A chain that begins later, or ends early: only in files that fit into the head."""
    if size > len(head):
        return None
    best: Chain | None = None
    for prefix in ("rdw", "rdw_exclusive", "rdw_little"):
        for lead in range(min(MOST_LEAD, len(head) // 2)):
            if length_of(head[lead : lead + 4], prefix) < 0:
                continue
            found = walk(head, prefix, lead)
            covered = size - found.lead - found.tail
            usual = found.records >= 2 * FEW and covered * 2 > size
            if (found.reaches or usual) and found.records >= FEW and (
                best is None or found.records > best.records
            ):  # fmt: skip
                best = found
    return best


def _through(file: BinaryIO, prefix: str, lead: int, size: int) -> Chain:
    """Follow a chain through the whole file, a block at a time."""
    total, at, room = Chain(prefix, lead), lead, 1 << 20
    while at < size:
        file.seek(at)
        data = file.read(room)
        total.borders.append(at)
        part = walk(data, prefix, 0)
        total.records += part.records
        total.blocks += part.blocks
        total.lengths.update(part.lengths)
        at += len(data) - part.tail
        if not part.records:
            break
    total.tail = size - at
    total.reaches = at == size
    return total
