"""Fixed-length records -> frames of decoded fields: `Reader(layout).batches(path)`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from migrate.frames import ISSUES, OFFSET, RECORD, no_issues
from migrate.model import NUMBERS
from migrate.read import kernel
from migrate.read.declared import Claims
from migrate.read.diagnose import diagnose
from migrate.read.encodings import ENCODINGS
from migrate.read.framing import Block, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Field, Layout, RecordType
    from migrate.read.encodings import Encoding

BATCH = 65_536
"""Records taken at a time: large enough for pandera, small enough for memory."""


class Read(NamedTuple):
    """Some records of a file, decoded: a frame a record type, and what was wrong with the bytes."""

    block: Block
    frames: dict[str, pl.DataFrame]  # RECORD, OFFSET, then the fields: text, or Int64 for numbers
    issues: pl.DataFrame  # item: a legacy field, or blank for the record
    faults: pl.DataFrame  # what is wrong with the file as a whole: header, trailer, counts


@dataclass(frozen=True)
class Reader:
    """A layout, ready to read files. `part`: a piece of a file, without header and trailer."""

    layout: Layout
    part: bool = False

    @cached_property
    def encoding(self) -> Encoding:
        return ENCODINGS[self.layout.encoding](self.layout.characters)

    @cached_property
    def _tables(self) -> NDArray[np.uint32]:
        return np.concatenate([self.encoding.ones, self.encoding.pairs])

    def batches(self, path: Path, size: int = BATCH, limit: int | None = None) -> Iterator[Read]:
        """Read a file, `size` records at a time, the first `limit` of them. Raises SourceError if nothing fits."""
        claims = Claims(self.layout, self.part or limit is not None)
        for block in blocks(path, self.layout, size, kernel.SPARE):
            left = len(block) if limit is None else limit - block.first + 1
            yield self._decoded(block if left >= len(block) else block.head(left), claims)
            if limit is not None and left <= len(block):
                return

    def one(self, path: Path, number: int) -> Read | None:
        """The record of that 1-based number, or None if the file ends before."""
        for block in blocks(path, self.layout, BATCH, kernel.SPARE):
            if number < block.first + len(block):
                return self._decoded(
                    block.only(number - block.first), Claims(self.layout, part=True)
                )
        return None

    def _decoded(self, block: Block, claims: Claims) -> Read:
        types = self._types(block)
        sound = np.where(block.damaged, -1, types)
        frames, found = {}, [self._strays(block, types)]
        for index, record in enumerate(self.layout.records):
            chosen = np.flatnonzero(sound == index)
            frames[record.name], wrong = self._frame(block, record, chosen)
            found.append(wrong)
        faults = claims.hold(block, types, frames)
        return Read(block, frames, pl.concat(found).sort("record", maintain_order=True), faults)

    def _types(self, block: Block) -> NDArray[np.int16]:
        """The record type of each record, or -1; damaged ones too, as far as their bytes reach."""
        starts, sizes = block.bounds[:-1], np.diff(block.bounds)
        types = np.full(len(block), -1, np.int16)
        for index, record in reversed(list(enumerate(self.layout.records))):
            mine = np.ones(len(block), bool)
            for tag in record.tag:
                accepted = [v.encode(self.layout.encoding) for v in tag.accepted]
                width = len(accepted[0])
                reach = np.minimum(starts + tag.at - 1, len(block.data) - width)
                cells = np.stack([block.data[reach + i] for i in range(width)], axis=1)
                hits = [(cells == np.frombuffer(v, np.uint8)).all(axis=1) for v in accepted]
                mine &= np.logical_or.reduce(hits) & (sizes >= tag.at - 1 + width)
            types[mine] = index
        return types

    def _strays(self, block: Block, types: NDArray[np.int16]) -> pl.DataFrame:
        """Records of a wrong length, or of no type that the layout knows."""
        stray = np.flatnonzero(block.damaged | (types < 0))
        wanted = self.layout.record_bytes
        rows = []
        for i in map(int, stray):
            byte = block.base + int(block.bounds[i])
            if block.damaged[i]:
                size = len(block.raw(i).removesuffix(self.layout.ending))
                code, value = "wrong_length", f"{size} / {wanted} bytes"
            else:
                tag = next((t for r in self.layout.records for t in r.tag), None)
                at = tag.at - 1 if tag else 0
                code, value = "unknown_record", block.raw(i)[at : at + 1].hex()
                byte += at
            rows.append((block.first + i, byte, "", code, "error", value))
        return pl.DataFrame(rows, schema=ISSUES, orient="row") if rows else no_issues()

    def _frame(
        self, block: Block, record: RecordType, chosen: NDArray[np.intp]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The fields of the chosen records, and the values that the kernel could not take."""
        fields = list(record.read.values())
        starts = block.bounds[:-1][chosen]
        columns, bad = _columns(block.data, starts, fields, self._tables)
        frame = pl.DataFrame(pl.from_arrow(columns)).with_columns(
            pl.Series(RECORD, chosen + block.first, dtype=pl.UInt64),
            pl.Series(OFFSET, starts + block.base, dtype=pl.UInt64),
        )
        rows = []
        for row, index in bad:
            field = fields[index]
            at = int(starts[row]) + field.at
            cell = block.data[at : at + field.bytes].tobytes()
            code, inside = diagnose(cell, field, self.encoding)
            value = f"({len(cell)} bytes)" if field.sensitive else cell.hex(" ")
            byte = block.base + at + inside
            rows.append((block.first + int(chosen[row]), byte, field.name, code, "error", value))
        issues = pl.DataFrame(rows, schema=ISSUES, orient="row") if rows else no_issues()
        return frame, issues


def _columns(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    fields: list[Field],
    tables: NDArray[np.uint32],
) -> tuple[pa.Table, NDArray[np.int64]]:
    """The kernel's buffers, allocated, filled, and handed on as Arrow columns without a copy."""
    count = len(starts)
    numeric = [f.type in NUMBERS for f in fields]
    plan = np.zeros((len(fields), 5), np.int64)
    base = 0
    for i, field in enumerate(fields):
        slot = sum(n == numeric[i] for n in numeric[:i])
        plan[i] = field.at, field.bytes, kernel.KINDS[field.type], slot, base
        base += 0 if numeric[i] else _text_bytes(field, count)
    text = np.empty(base, np.uint8)
    views = np.empty((max(1, numeric.count(False)), count, 2), np.uint64)
    numbers = np.empty((max(1, numeric.count(True)), count), np.int64)
    valid = np.empty((len(fields), (count + 7) // 8), np.uint8)
    bad = np.empty((count * len(fields), 2), np.int64)
    used, marks = kernel.decode(data, starts, plan, tables, text, views, numbers, valid, bad)
    arrays = []
    for i in range(len(fields)):
        slot, begin = plan[i, 3], plan[i, 4]
        buffers = [pa.py_buffer(valid[i])]
        if numeric[i]:
            buffers.append(pa.py_buffer(numbers[slot]))
        else:
            buffers.append(pa.py_buffer(views[slot]))
            if used[i]:
                buffers.append(pa.py_buffer(text[begin : begin + used[i]]))
        kind = pa.int64() if numeric[i] else pa.string_view()
        arrays.append(pa.Array.from_buffers(kind, count, buffers))
    order = np.lexsort((bad[:marks, 1], bad[:marks, 0]))
    return pa.Table.from_arrays(arrays, names=[f.name for f in fields]), bad[:marks][order]


def _text_bytes(field: Field, count: int) -> int:
    """Room for a field's UTF-8: what stays there, one more value, and the kernel's long strides."""
    growth = 2 if field.type == "wide" else 1 if field.type == "digits" else 3
    kept = 0 if field.type == "digits" and field.bytes <= 12 else count
    return (kept + 1) * field.bytes * growth + 64
