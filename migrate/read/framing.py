"""A file cut into records by bytes: `blocks(path, layout, records)`.

A record of the wrong length does not spoil the rest: where records end with a newline, reading goes on
behind the next one, and the bytes in between are one damaged record.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from migrate.errors import SourceError
from migrate.frames import no_issues
from migrate.language import say
from migrate.read.kernel import SPARE
from migrate.read.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl
    from numpy.typing import NDArray

    from migrate.model import Field, Layout, RecordType

END_OF_FILE = b"\x1a"
"""What hosts and MS-DOS put behind the last record."""

PATIENCE = 1000
"""So many damaged records and not one good: this is another file."""

LONGEST_DAMAGE = 1 << 20
"""A newline that does not come within so many bytes does not come."""


@dataclass(frozen=True)
class Block:
    """Some records in memory. Record i lies at data[bounds[i]:bounds[i + 1]], newline included."""

    first: int  # number of the first record, 1-based
    base: int  # byte of data[0] in the file
    data: NDArray[np.uint8]  # with `spare` bytes behind the last record
    bounds: NDArray[np.int64]
    damaged: NDArray[np.bool_]  # a record of the wrong length, or of the wrong form
    last: bool  # nothing comes behind it
    faults: pl.DataFrame = field(default_factory=no_issues)  # of the file, seen before its records
    begins: NDArray[np.int64] | None = None  # where each record's fields begin, if not at its bound
    ends: NDArray[np.int64] | None = None  # where they end, if not at the next bound
    prefix: int = 0  # bytes before the fields that belong to the record alone
    moves: list[tuple[int, NDArray[np.int64]]] = field(default_factory=list)
    """Filled when records are decoded: (byte in the record, by how many bytes the fields from there on lie before
    their place) for each of them."""
    absent: dict[tuple[str, str], NDArray[np.bool_]] = field(default_factory=dict)
    """Filled when records are decoded: (record type, field) -> the records that do not have the field."""

    def __len__(self) -> int:
        return len(self.damaged)

    def only(self, index: int) -> Block:
        """One record of the block, as a block."""
        return self.head(index + 1, skip=index)

    def head(self, count: int, skip: int = 0) -> Block:
        """The first records of the block, as a block."""
        bounds, damaged = self.bounds[skip : count + 1], self.damaged[skip:count]
        begins = None if self.begins is None else self.begins[skip:count]
        ends = None if self.ends is None else self.ends[skip:count]
        return replace(self, first=self.first + skip, bounds=bounds, damaged=damaged, last=False,
                       begins=begins, ends=ends, moves=[], absent={})  # fmt: skip

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where in `data` each record's fields begin."""
        return self.bounds[:-1] if self.begins is None else self.begins

    @property
    def stops(self) -> NDArray[np.int64]:
        """Where in `data` each record's fields end; its newline may be before that."""
        return self.bounds[1:] if self.ends is None else self.ends

    def spans(self, index: int, record: RecordType) -> list[tuple[int, int]]:
        """(byte in the record, bytes) of each field of a record of that type; 0 bytes of one that it lacks."""
        at = np.array([f.at for f in record.fields], np.int64)
        places = self.places(np.full(len(at), index), at) - self.base - int(self.bounds[index])
        lacking = [
            bool(mask[index])
            if (mask := self.absent.get((record.name, f.name))) is not None
            else False
            for f in record.fields
        ]
        fields = zip(places.tolist(), record.fields, lacking, strict=True)
        return [(place, 0 if lacks else f.bytes) for place, f, lacks in fields]

    def places(self, index: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where in the file fields of records begin, by the records' index and the fields' `at`; where that is
        negative, the record itself."""
        byte = self.starts[index] + at
        for begin, lacking in self.moves:
            byte -= np.where(at >= begin, lacking[index], 0)
        return self.base + np.where(at < 0, self.bounds[index], byte)

    def place(self, index: int, field: Field) -> int:
        """Where in the file one field of a record begins."""
        return int(self.places(np.array([index]), np.array([field.at]))[0])

    def located(self, number: int) -> tuple[int, bytes]:
        """Where in the file the record of that number begins, and its bytes, without what stands before several
        records together."""
        index = number - self.first
        begin = int(self.bounds[index] if self.damaged[index] else self.starts[index] - self.prefix)
        return self.base + begin, self.data[begin : self.bounds[index + 1]].tobytes()

    def raw(self, index: int) -> bytes:
        """The bytes of one record, as they stand in the file."""
        return self.data[self.bounds[index] : self.bounds[index + 1]].tobytes()


def taken(values: NDArray[np.int64], chosen: NDArray[np.intp]) -> NDArray[np.int64]:
    """The values of the chosen records, which are all in most blocks; no copy then."""
    return values if len(chosen) == len(values) else values[chosen]


def within(path: Path, layout: Layout, *, part: bool) -> tuple[int, int]:
    """The bytes of a file between what leads and what trails; a piece of a file has neither.

    Raises SourceError where there is not so much.
    """
    lead, tail = (0, 0) if part else (layout.lead_bytes, layout.tail_bytes)
    size = path.stat().st_size
    if lead + tail > size:
        raise SourceError(
            say(
                f"{path.name}: {size} バイトしかない。{layout.name} は前に {lead}、後ろに {tail} バイトを持つ。"
                "その無い一部だけを読むなら --part",
                f"{path.name} has {size} bytes only; {layout.name} has {lead} before its records and {tail}"
                " behind them; for a part of a file without them use --part",
            )
        )
    return lead, size - tail


def blocks(path: Path, layout: Layout, size: int, span: tuple[int, int]) -> Iterator[Block]:
    """Yield these bytes of a file, some `size` records at a time; memory does not grow with the file."""
    stride = layout.record_bytes + len(layout.ending)
    (base, total), number, rest, good_seen = span, 1, np.zeros(0, np.uint8), False
    memory = Memory()
    with path.open("rb") as file:
        file.seek(base)
        while base < total:
            wanted = min(stride * size, total - file.tell())
            data = memory.take(len(rest) + wanted + SPARE)
            data[: len(rest)] = rest
            found = file.readinto(data[len(rest) : len(rest) + wanted].data)
            end = len(rest) + found
            data = data[: end + SPARE]
            data[end:] = 0
            last = base + end >= total or not found
            bounds, damaged, stop = _cut(data[:end], layout, last=last)
            good_seen = good_seen or not damaged.all()
            if not good_seen and (last or number + len(damaged) > PATIENCE):
                raise SourceError(_not_this_layout(path, layout, data[:end].tobytes()))
            if len(damaged) or last:  # the last may be empty: a mark of the end and nothing more
                yield Block(number, base, data, bounds, damaged, last)
            number += len(damaged)
            base, rest = base + stop, data[stop:end]
            if last:
                return


def _cut(
    data: NDArray[np.uint8], layout: Layout, *, last: bool
) -> tuple[NDArray[np.int64], NDArray[np.bool_], int]:
    """Where records begin and which are damaged, and where the next block goes on."""
    stride = layout.record_bytes + len(layout.ending)
    starts: list[NDArray[np.int64]] = []
    damaged: list[NDArray[np.bool_]] = []
    at, raw = 0, b""
    while True:
        good, whole = _sound(data, at, layout)
        starts.append(np.arange(at, at + good * stride, stride, dtype=np.int64))
        damaged.append(np.zeros(good, bool))
        at += good * stride
        if whole and not last:
            break
        raw = raw or data.tobytes()
        size, sound = _odd(raw, at, layout, last=last)
        if not size:
            break
        if sound is not None:
            starts.append(np.array([at], np.int64))
            damaged.append(np.array([not sound]))
        at += size
    bounds = np.concatenate([*starts, np.array([at], np.int64)])
    return bounds, np.concatenate(damaged), at


def _sound(data: NDArray[np.uint8], at: int, layout: Layout) -> tuple[int, bool]:
    """How many records from `at` on end where they should, and whether those are all in memory.

    The stretch looked at doubles while all is well: many damaged records must not cost many looks ahead.
    """
    stride = layout.record_bytes + len(layout.ending)
    whole = (len(data) - at) // stride
    good, stretch = 0, 8
    while good < whole:
        count = min(stretch, whole - good)
        begin = at + good * stride
        table = data[begin : begin + count * stride].reshape(count, stride)
        wrong = np.zeros(count, bool)
        for place, byte in enumerate(layout.ending, layout.record_bytes):
            wrong |= table[:, place] != byte
        if wrong.any():
            return good + int(wrong.argmax()), False
        good, stretch = good + count, stretch * 2
    return good, True


def _odd(raw: bytes, at: int, layout: Layout, *, last: bool) -> tuple[int, bool | None]:
    """Bytes of the piece at `at`, and whether it is a record: None for no record at all.

    0 bytes: nothing more here, or its end is not yet in memory.
    """
    left = len(raw) - at
    tail = raw[at + layout.record_bytes : at + layout.record_bytes + 2]
    if last and left >= layout.record_bytes and tail in (b"", END_OF_FILE):
        return left, True  # the last record, without its newline
    if last and left == 1 and raw.endswith(END_OF_FILE):
        return 1, None
    found = raw.find(layout.ending, at, at + LONGEST_DAMAGE) if layout.ending else -1
    if found >= 0:
        return found - at + len(layout.ending), False
    if last or left >= LONGEST_DAMAGE:
        return min(left, LONGEST_DAMAGE), False
    return 0, None


def _not_this_layout(path: Path, layout: Layout, raw: bytes) -> str:
    """What the file looks like instead."""
    head = raw[: PATIENCE * (layout.record_bytes + 2)]
    newline = next((n for n in (b"\r\n", b"\n", b"\r") if n in head), b"\n")
    lengths = [len(line) for line in head.split(newline)[:-1]] or [len(raw)]
    usual = max(set(lengths), key=lengths.count)
    return say(
        f"{path.name}: {layout.name} のレコードは {layout.record_bytes} バイトと改行 {layout.newline} だが、"
        f"1件も合わない。改行までの長さは多くが {usual} バイト。migrate peek で形を確かめてください",
        f"{path.name}: no record has the {layout.record_bytes} bytes and newline {layout.newline} of"
        f" {layout.name}; lines are mostly {usual} bytes long; look at it with migrate peek",
    )
