"""Fixed-length records: their types, and their fields decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.frames import ISSUES, no_issues
from migrate.read import kernel
from migrate.read.codes import growth
from migrate.read.columns import Columns
from migrate.read.diagnose import diagnose
from migrate.read.framing import Block, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Field, Layout, RecordType
    from migrate.read.codes import Codes
    from migrate.read.encodings import Encoding


@dataclass(frozen=True)
class Fixed:
    """Records that all have the same number of bytes."""

    layout: Layout
    encoding: Encoding

    def blocks(self, path: Path, size: int) -> Iterator[Block]:
        return blocks(path, self.layout, size, kernel.SPARE)

    def types(self, block: Block) -> NDArray[np.int16]:
        """The record type of each record, or -1; damaged ones too, as far as their bytes reach."""
        starts, sizes = block.bounds[:-1], np.diff(block.bounds)
        types = np.full(len(block), -1, np.int16)
        for index, record in reversed(list(enumerate(self.layout.records))):
            mine = np.ones(len(block), bool)
            for tag in record.tag:
                accepted = [self.encoding.encode(v) for v in tag.accepted]
                width = len(accepted[0])
                reach = np.minimum(starts + tag.at - 1, len(block.data) - width)
                cells = np.stack([block.data[reach + i] for i in range(width)], axis=1)
                hits = [(cells == np.frombuffer(v, np.uint8)).all(axis=1) for v in accepted]
                mine &= np.logical_or.reduce(hits) & (sizes >= tag.at - 1 + width)
            types[mine] = index
        return types

    def strays(self, block: Block, types: NDArray[np.int16]) -> pl.DataFrame:
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

    def frame(
        self, block: Block, record: RecordType, chosen: NDArray[np.intp]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The fields of the chosen records, and the values that the kernel could not take."""
        fields = list(record.read.values())
        starts = block.bounds[:-1][chosen]
        codes = self.encoding.codes
        columns = Columns(fields, len(chosen), [_text_bytes(f, len(chosen), codes) for f in fields])
        plan = np.array(
            [
                (f.at, f.bytes, kernel.KINDS[f.type], columns.slots[i], columns.begins[i], 0)
                for i, f in enumerate(fields)
            ],
            np.int64,
        ).reshape(len(fields), 6)
        bad = np.empty((len(chosen) * len(fields), 2), np.int64)
        carried = self.layout.shifts == "record" and bool(self.encoding.shifts)
        states = np.zeros((2, len(chosen) if carried else 0), np.int8)
        used, marks = kernel.decode(
            block.data, starts, block.bounds[1:][chosen], plan, codes,
            columns.text, columns.views, columns.numbers, columns.valid, bad, states,
        )  # fmt: skip
        frame = columns.frame(used, chosen + block.first, starts + block.base)
        bad = bad[:marks][np.lexsort((bad[:marks, 1], bad[:marks, 0]))]
        rows = []
        for row, index in bad:
            field = fields[index]
            at = int(starts[row]) + field.at
            cell = block.data[at : at + field.bytes].tobytes()
            before = int(states[1, row]) if carried else None
            code, inside = diagnose(cell, field, self.encoding, before)
            value = f"({len(cell)} bytes)" if field.sensitive else cell.hex(" ")
            byte = block.base + at + inside
            rows.append((block.first + int(chosen[row]), byte, field.name, code, "error", value))
        issues = pl.DataFrame(rows, schema=ISSUES, orient="row") if rows else no_issues()
        return frame, issues


def _text_bytes(field: Field, count: int, codes: Codes) -> int:
    """Room for a field's UTF-8: what stays there, and one more value."""
    kept = 0 if field.type == "digits" and field.bytes <= 12 else count
    return (kept + 1) * field.bytes * growth(codes, field.type)
