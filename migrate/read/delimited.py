"""CSV records: their types, and their cells decoded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.catalog.notices import severity
from migrate.frames import ISSUES, no_issues
from migrate.read import cells
from migrate.read.cell import BARE, DOUBLED, equal
from migrate.read.codes import growth
from migrate.read.columns import Columns
from migrate.read.diagnose import diagnose
from migrate.read.lines import Lines, blocks
from migrate.read.tags import accepted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Field, Layout, RecordType
    from migrate.read.encodings import Encoding
    from migrate.read.framing import Block


@dataclass(frozen=True)
class Delimited:
    """Records whose fields are columns between delimiters. `part`: the header line may be missing."""

    layout: Layout
    encoding: Encoding
    part: bool = False

    @cached_property
    def _lined(self) -> Encoding:
        """What a quoted text may hold: newlines, too."""
        return self.encoding.with_newlines()

    def blocks(self, path: Path, size: int) -> Iterator[Block]:
        """The whole file, `size` records at a time; a record of the wrong number of columns is damaged."""
        return blocks(path, self, size)

    def types(self, block: Block) -> NDArray[np.int16]:
        """The record type of each record, or -1; damaged ones too, as far as their cells reach."""
        assert isinstance(block, Lines)
        types = np.full(len(block), -1, np.int16)
        scheme = self.encoding.codes.scheme
        for index, record in reversed(list(enumerate(self.layout.records))):
            mine = block.facts[:, 1] != cells.BLANK
            for tag in record.tag:
                values = [
                    np.frombuffer(v, np.uint8) for v in accepted(tag, self.layout, self.encoding)
                ]
                hits = [equal(block.data, block.cells, tag.at - 1, v, scheme) for v in values]
                mine = mine & np.logical_or.reduce(hits) & (block.facts[:, 0] >= tag.at)
            types[mine] = index
        return types

    def strays(self, block: Block, types: NDArray[np.int16]) -> pl.DataFrame:
        """Records of a wrong form, or of no type that the layout knows."""
        assert isinstance(block, Lines)
        rows = []
        for i in map(int, np.flatnonzero(block.damaged | (types < 0))):
            count, damage, byte = map(int, block.facts[i])
            code, value = cells.DAMAGES[damage], ""
            if not block.damaged[i]:
                tag = next((t for r in self.layout.records for t in r.tag), None)
                at, size, _ = block.cell(i, tag.at - 1 if tag else 0)
                code, value = (
                    "unknown_record",
                    block.data[at : at + min(size, 4)].tobytes().hex(" "),
                )
                byte = at - int(block.bounds[i])
            elif damage == cells.COLUMNS:
                value = f"{count} / {self._wanted(types[i])} columns"
            absolute = block.base + int(block.bounds[i]) + byte
            rows.append((block.first + i, absolute, "", code, "error", value))
        return pl.DataFrame(rows, schema=ISSUES, orient="row") if rows else no_issues()

    def frame(
        self, block: Block, record: RecordType, chosen: NDArray[np.intp]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The fields of the chosen records; values that are refused, or longer than the book allows."""
        assert isinstance(block, Lines)
        fields = list(record.read.values())
        widths = cells.sizes(block.cells, chosen, np.array([f.at for f in fields], np.int64))
        codes = self.encoding.codes
        room = [int(w) * growth(codes, f.type) for f, w in zip(fields, widths, strict=True)]
        columns = Columns(fields, [f.whole for f in fields], len(chosen), room)
        plan = np.array(
            [
                (f.at, f.bytes, cells.CELL_KINDS[f.type], columns.slots[i], columns.begins[i])
                for i, f in enumerate(fields)
            ],
            np.int64,
        ).reshape(len(fields), 5)
        bad = np.empty((len(chosen) * len(fields), 3), np.int32)
        used, marks = cells.decode(
            block.data, block.cells, chosen, plan, codes, self._lined.codes,
            columns.text, columns.views, columns.numbers, columns.valid, bad, block.states,
        )  # fmt: skip
        starts = block.bounds[:-1][chosen] + block.base
        frame = columns.frame(used, chosen + block.first, starts)
        order = np.lexsort((bad[:marks, 1], bad[:marks, 0]))
        rows = [
            (
                block.first + int(chosen[row]),
                *self._blamed(block, int(chosen[row]), fields[f], more),
            )
            for row, f, more in bad[:marks][order].tolist()
        ]
        return frame, pl.DataFrame(rows, schema=ISSUES, orient="row") if rows else no_issues()

    def _blamed(
        self, block: Lines, index: int, field: Field, found: int
    ) -> tuple[int, str, str, str, str]:
        """What is wrong with one cell: an issue without its record."""
        at, size, written = block.cell(index, field.at)
        states = block.states[at : at + size].tobytes()
        cell, kept = self._single(block.data[at : at + size].tobytes(), states, written)
        if found:
            value = f"{found} / {field.bytes} bytes"
            return block.base + at, field.name, "long_value", severity("long_value"), value
        lined = field.type == "text" and written != BARE
        before = states[0] & 0x7F if states else 0
        known = self._lined if lined else self.encoding
        code, inside = diagnose(cell, field, known, before=before)
        inside = kept[inside] if inside < len(kept) else inside  # as it stands in the file
        value = f"({len(cell)} bytes)" if field.sensitive else cell.hex(" ")
        return block.base + at + inside, field.name, code, severity(code), value

    def _single(self, raw: bytes, states: bytes, written: int) -> tuple[bytes, list[int]]:
        """A cell, its doubled quotes made single and without the blanks at the end; where each byte was."""
        width = 2 if self.encoding.scheme.startswith("utf-16") else 1
        quote, blank = self.encoding.encode('"'), self.encoding.encode(" ")
        places: list[int] = []
        at = 0
        while at < len(raw):
            places += range(at, min(at + width, len(raw)))
            doubled = written == DOUBLED and raw[at : at + width] == quote
            at += 2 * width if doubled and not (states and states[at] >= 0x80) else width
        cell = bytes(raw[i] for i in places)
        while cell.endswith(blank) and len(cell) % width == 0:
            cell = cell[:-width]
        return cell, places

    def _wanted(self, index: int) -> str:
        """How many columns a record of that type has; of any type, if it has none."""
        records = self.layout.records if index < 0 else self.layout.records[index : index + 1]
        return " ".join(str(n) for n in sorted({len(r.fields) for r in records}))
