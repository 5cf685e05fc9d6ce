"""Fixed-length records, and those with their length before them: their types, and their fields decoded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.frames import ISSUES, OFFSET, RECORD, no_issues
from migrate.read import decimals, figures, kernel, prefixed, strips
from migrate.read.codes import growth
from migrate.read.columns import Columns
from migrate.read.diagnose import convention_of, diagnose
from migrate.read.framing import Block, blocks, taken, within
from migrate.read.memory import Memory
from migrate.read.parts import Parts
from migrate.read.plan import (
    AT,
    COUNT,
    FIELDS,
    FIRST,
    FORM,
    KIND,
    KINDS,
    LEFT,
    LIST,
    NUMBER,
    SIZE,
    USED,
    WAY,
    WORDS,
    ZONED,
    room_for,
    tables,
    way_of,
)  # fmt: skip
from migrate.read.raw import address
from migrate.read.tags import accepted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Field, Layout, RecordType
    from migrate.read.codes import Codes
    from migrate.read.encodings import Encoding
    from migrate.read.parts import Span

    Issue = tuple[int, int, str, str, str, str]


@dataclass(frozen=True)
class Fixed:
    """Records of a fixed number of bytes, or with their length before them. `part`: a piece of such a file: without
    what leads and trails, and without blocks, as refused records are kept."""

    layout: Layout
    encoding: Encoding
    part: bool = False

    def blocks(self, path: Path, size: int) -> Iterator[Block]:
        span = within(path, self.layout, part=self.part)
        if not self.layout.prefix:
            return blocks(path, self.layout, size, span)
        alone = {"prefix": "rdw"} if self.part and self.layout.prefix == "bdw" else {}
        return prefixed.blocks(path, self.layout.model_copy(update=alone), size, span)

    @cached_property
    def convention(self) -> str:
        """How a sign lies over a digit."""
        return self.layout.zoned or convention_of(self.encoding)

    def types(self, block: Block) -> NDArray[np.int16]:
        """The record type of each record, or -1; damaged ones too, as far as their bytes reach."""
        starts, sizes = block.starts, block.stops - block.starts
        types = np.full(len(block), -1, np.int16)
        seen: dict[int, NDArray[np.uint8]] = {}  # byte in the record -> that byte of each record
        for index, record in reversed(list(enumerate(self.layout.records))):
            mine = np.ones(len(block), bool)
            for tag in record.tag:
                waited = accepted(tag, self.layout, self.encoding)
                hits = np.zeros(len(block), bool)
                for value in waited:
                    hit = sizes >= tag.at - 1 + len(value)
                    for at, byte in enumerate(value, tag.at - 1):
                        if at not in seen:
                            seen[at] = block.data[np.minimum(starts + at, len(block.data) - 1)]
                        hit &= seen[at] == byte
                    hits |= hit
                mine &= hits
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
                if self.layout.prefix:
                    code, value = "broken_prefix", f"{block.raw(i)[:4].hex(' ')} ({size} bytes)"
            else:
                tag = next((t for r in self.layout.records for t in r.tag), None)
                at = int(block.starts[i] - block.bounds[i]) + (tag.at - 1 if tag else 0)
                code, value = "unknown_record", block.raw(i)[at : at + 1].hex()
                byte += at
            rows.append((block.first + i, byte, "", code, "error", value))
        return pl.DataFrame(rows, schema=ISSUES, orient="row") if rows else no_issues()

    def frame(
        self, block: Block, record: RecordType, chosen: NDArray[np.intp]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The fields of the chosen records, and the values that the kernel could not take."""
        if not len(chosen):  # header and trailer, in most blocks
            if record.name not in self._empty:
                self._empty[record.name] = self._frame(block, record, chosen)[0]
            return self._empty[record.name].clone(), no_issues()
        return self._frame(block, record, chosen)

    @cached_property
    def _empty(self) -> dict[str, pl.DataFrame]:
        """Record type -> its frame without records."""
        return {}

    @cached_property
    def _plans(self) -> dict[str, _Plan]:
        """Record type -> how its fields are decoded."""
        return {}

    @cached_property
    def memory(self) -> Memory:
        """What columns are put into."""
        return Memory()

    def _frame(
        self, block: Block, record: RecordType, chosen: NDArray[np.intp]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        if record.name not in self._plans:
            self._plans[record.name] = _Plan(self, list(record.read.values()))
        cells = _Cells(self, block, chosen, self._plans[record.name])
        parts = Parts(record, block, chosen, variable=bool(self.layout.prefix))
        for span in parts.spans(cells.values):
            cells.decode(span)
        numbers, offsets = chosen + block.first, taken(block.bounds[:-1], chosen) + block.base
        refused = {(row, field.name) for row, _, _, field in cells.bad}
        rows: list[Issue] = [
            (int(numbers[row]), int(offsets[row]) if at < 0 else at, item, code, "error", value)
            for row, at, item, code, value in parts.wrong
            if (row, item) not in refused
        ]
        rows += cells.issues(numbers)
        issues = pl.DataFrame(rows, schema=ISSUES, orient="row") if rows else no_issues()
        return cells.frame(numbers, offsets), issues


class _Plan:
    """What is known of the fields of a record type before any record is."""

    def __init__(self, form: Fixed, fields: list[Field]) -> None:
        self.fields = fields
        self.quick = [f for f in fields if f.type in KINDS and f.whole | (f.type in _TEXTS)]
        self.place = {f.name: i for i, f in enumerate(self.quick)}
        self.numeric = [f.whole for f in self.quick]
        self.room = [_text_bytes(f, form.encoding.codes) for f in self.quick]
        low = figures.LOW * (form.layout.low_values == "blank")
        blanks = low | figures.BLANK * (form.layout.packed_blank == "null")
        forms = [
            figures.form_of(f, form.convention) | blanks if f.whole else low for f in self.quick
        ]
        self.tables = tables(form.encoding.codes)
        carried = form.layout.shifts == "record" and bool(form.encoding.shifts)
        self.words = np.zeros((len(self.quick), WORDS), np.int64)
        """As compiled code takes it, but for where the columns lie."""
        for i, (f, bits) in enumerate(zip(self.quick, forms, strict=True)):
            kind = KINDS[f.type]
            text = kind < ZONED
            way = way_of(kind, f.bytes, form.encoding.codes)
            way = LEFT if text and (bits or carried) else way
            self.words[i, [AT, SIZE, KIND, FORM, WAY, NUMBER]] = f.at, f.bytes, kind, bits, way, i
            if kind == ZONED:
                blank = int(form.encoding.codes.blank)
                self.words[i, FIRST:] = figures.order(bits, f.bytes, blank)

    def columns(self, count: int, memory: Memory) -> Columns:
        """Room for so many records."""
        room = [kept * count + one for kept, one in self.room]
        return Columns(self.quick, self.numeric, count, room, memory)


class _Cells:
    """The fields of some records, filled span by span."""

    def __init__(self, form: Fixed, block: Block, chosen: NDArray[np.intp], plan: _Plan) -> None:
        self.form, self.block, self.count = form, block, len(chosen)
        self.fields, self.quick, self.place = plan.fields, plan.quick, plan.place
        self.slow: dict[str, pl.Series] = {}
        self.columns = plan.columns(self.count, form.memory)
        self.plan, self.tables = self.columns.placed(plan.words), plan.tables
        self.carried = form.layout.shifts == "record" and bool(form.encoding.shifts)
        self.states = np.zeros((2, self.count if self.carried else 0), np.int8)
        self.bad: list[tuple[int, int, bytes, Field]] = []  # record, byte in `data`, cell, field

    def decode(self, span: Span) -> None:
        """Fill in the fields of a span, which lie together in `quick`, but for the slow ones among them."""
        mine = np.array([self.place[f.name] for f in span.fields if f.name in self.place], np.intp)
        numbers = self.plan[mine, KIND] > ZONED
        left = self._decoded(strips.decode, span, mine[~numbers], self.tables)
        zoned = self.plan[left & FIELDS, KIND] == ZONED
        again = [*mine[numbers], *np.unique(left[zoned] & FIELDS)]
        blank = int(self.form.encoding.codes.blank)
        bad = [self._decoded(figures.decode, span, np.array(again, np.intp), blank)]
        texts = left[~zoned]
        if len(texts):
            codes, columns = self.form.encoding.codes, self.columns
            marks = kernel.decode(
                self.block.data, span.starts, span.ends, texts, self.plan, codes, columns.text, columns.views,
                columns.valid, texts, None if codes.simple else self.states,
            )  # fmt: skip
            bad.append(texts[:marks])
        for value in np.concatenate(bad).tolist():
            self._mark(span, value >> 32, self.quick[value & FIELDS])
        for field in span.fields:
            if field.name not in self.place:
                self._decode_slowly(span, field)

    def _decoded(
        self,
        decode: Callable[..., None],
        span: Span,
        mine: NDArray[np.intp],
        given: NDArray[np.int64] | int,
    ) -> NDArray[np.int64]:
        """The values that compiled code leaves of some fields, as in plan.py, when it has filled in the others."""
        if not len(mine):
            return np.zeros(0, np.int64)
        fields, data = self.plan[mine], address(self.block.data)
        starts, ends = span.starts + data, span.ends + data
        room = room_for(self.count, len(mine), self.form.memory)
        decode(
            address(starts), address(ends), self.count, address(fields), len(mine),
            given if isinstance(given, int) else address(given), address(room),
        )  # fmt: skip
        self.plan[mine, USED] = fields[:, USED]
        return room[LIST : LIST + room[COUNT]].copy()

    def _decode_slowly(self, span: Span, field: Field) -> None:
        begins, ends = span.starts + field.at, span.ends
        cut = (begins < ends) & (begins + field.bytes > ends)
        there = np.flatnonzero(begins + field.bytes <= ends)
        cells = self.block.data[begins[there][:, None] + np.arange(field.bytes)]
        form = self.form
        if field.type == "packed" and form.layout.packed_blank == "null":
            filled = (cells != form.encoding.blank).any(axis=1)
            there, cells = there[filled], cells[filled]
        found, wrong = decimals.texts(cells, field, form.convention, form.encoding)
        for row in sorted([*np.flatnonzero(cut).tolist(), *there[wrong].tolist()]):
            self._mark(span, row, field)
        values = pl.DataFrame({"at": there, field.name: found}, schema_overrides={"at": pl.Int64})
        rows = pl.DataFrame({"at": np.arange(self.count)}, schema_overrides={"at": pl.Int64})
        joined = rows.join(values, on="at", how="left", maintain_order="left")
        self.slow[field.name] = joined[field.name]

    def _mark(self, span: Span, row: int, field: Field) -> None:
        at = int(span.starts[row]) + field.at
        cell = self.block.data[at : min(at + field.bytes, int(span.ends[row]))].tobytes()
        self.bad.append((row, at, cell, field))

    def values(self, name: str) -> pl.Series:
        """The values of a field that has been filled in."""
        if name in self.slow:
            return self.slow[name]
        return self.columns.only(self.place[name], self.plan[:, USED])

    def frame(self, numbers: NDArray[np.intp], offsets: NDArray[np.int64]) -> pl.DataFrame:
        """All fields, in their order, with number and byte of each record."""
        quick = self.columns.frame(self.plan[:, USED], numbers, offsets)
        if not self.slow:
            return quick
        return pl.DataFrame([*quick.get_columns(), *self.slow.values()]).select(
            *(f.name for f in self.fields), RECORD, OFFSET
        )

    def issues(self, numbers: NDArray[np.intp]) -> list[Issue]:
        """What could not be taken, record by record and field by field."""
        order = {f.name: i for i, f in enumerate(self.fields)}
        rows = []
        for row, at, cell, field in sorted(self.bad, key=lambda b: (b[0], order[b[3].name])):
            code, inside = "cut_field", 0
            if len(cell) == field.bytes:
                if self.form.layout.low_values == "blank" and field.type in _TEXTS[:-1]:
                    cell = cell.rstrip(b"\0")  # noqa: PLW2901
                before = int(self.states[1, row]) if self.carried else None
                code, inside = diagnose(
                    cell, field, self.form.encoding, self.form.convention, before
                )
            value = f"({len(cell)} bytes)" if field.sensitive else cell.hex(" ")
            byte = self.block.base + at + inside
            rows.append((int(numbers[row]), byte, field.name, code, "error", value))
        return rows


_TEXTS = ("text", "wide", "kana", "digits")


def _text_bytes(field: Field, codes: Codes) -> tuple[int, int]:
    """Room for a field's UTF-8: for what stays there of each record, and for one more value."""
    one = field.bytes * growth(codes, field.type)
    return 0 if field.type == "digits" and field.bytes <= 12 else one, one
