"""A CSV file cut into records and cells: `blocks(path, form, size)`. Memory does not grow with the file.

Records are counted without the header line. A damaged record does not spoil the rest: reading goes on behind the
line on which the damage begins, also where a quote that was never closed would swallow everything behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.errors import SourceError
from migrate.frames import ISSUES, hidden, no_issues
from migrate.language import say
from migrate.read import cells, kernel
from migrate.read.cell import DOUBLED
from migrate.read.framing import END_OF_FILE, PATIENCE, Block
from migrate.read.structure import MARKS, sight

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

    from numpy.typing import NDArray

    from migrate.model import Field, RecordType
    from migrate.read.delimited import Delimited

CHUNK = 1 << 16
MOST = 1 << 26
"""Bytes after which a block ends though it has fewer records than wanted."""

ENDINGS = {"lf": 0, "cr": 1, "crlf": 2}


@dataclass(frozen=True, kw_only=True)
class Lines(Block):
    """Some records of CSV in memory, each with its cells."""

    cells: NDArray[np.int32]  # of each record and column: first byte, bytes * 4 + how it is written
    facts: NDArray[np.int32]  # of each record: cells, damage, byte of the damage
    states: NDArray[np.uint8]  # of each byte, where the encoding has shift codes: see structure.py

    def head(self, count: int, skip: int = 0) -> Block:
        """The first records of the block, as a block."""
        mine = slice(skip, count)
        found = super().head(count, skip)
        assert isinstance(found, Lines)
        return replace(found, cells=self.cells[mine], facts=self.facts[mine])

    def cell(self, index: int, column: int) -> tuple[int, int, int]:
        """(first byte in `data`, bytes, how it is written) of a cell, without its quotes."""
        at, size = map(int, self.cells[index, column])
        return at, size >> 2, size & 3

    def spans(self, index: int, record: RecordType) -> list[tuple[int, int]]:
        """(byte in the record, bytes) of each cell of a record, without its quotes."""
        begin = int(self.bounds[index])
        found = (self.cell(index, f.at) for f in record.fields)
        return [(at - begin, size) for at, size, _ in found]

    def places(self, index: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where in the file cells begin, behind their quotes; where `at` is negative, the record."""
        cells = self.cells[index, np.maximum(at, 0), 0]
        return self.base + np.where(at < 0, self.bounds[index], cells)


def blocks(path: Path, form: Delimited, size: int) -> Iterator[Lines]:
    """Yield the whole file, some `size` records at a time. Raises SourceError if nothing fits."""
    number, good_seen = 1, False
    with path.open("rb") as file:
        source = _Source(file, path.stat().st_size, form)
        if source.base >= source.total:
            return
        faults = _labelled(source, path, form)
        while True:
            block = _judged(source.take(size, number), form)
            good_seen = good_seen or not block.damaged.all()
            seen = number + len(block) - 1
            doubtful = seen >= PATIENCE or (block.last and (seen or not form.layout.header_lines))
            if doubtful and not good_seen:
                raise SourceError(_not_this_layout(path, form, block))
            yield replace(block, faults=faults) if number == 1 else block
            number += len(block)
            if block.last:
                return


class _Source:
    """A file, its bytes in memory as far as they are wanted."""

    def __init__(self, file: BufferedReader, total: int, form: Delimited) -> None:
        self.file, self.total = file, total
        self.columns = max(len(r.fields) for r in form.layout.records)
        layout = form.layout
        self.form = np.array([ord(layout.delimiter), ENDINGS[layout.newline]], np.int64)
        self.base, self.rest = _marked(file, form), np.zeros(kernel.SPARE, np.uint8)
        self.sight = sight(form.encoding.codes)
        self._each = 512.0  # bytes of a record, as far as seen
        self._before = self.sight

    def take(self, size: int, number: int) -> Lines:
        """The next records, up to `size` of them; `number` is the first one's."""
        bounds = np.zeros(size + 1, np.int64)
        places = np.empty((size, self.columns, 2), np.int32)
        facts = np.empty((size, 3), np.int32)
        data, done, at, width = self.rest, 0, 0, self.sight.width
        while True:
            have = len(data) - kernel.SPARE
            final = self.base + have >= self.total
            view = self.sight.seen(data[:have], final)
            stop = len(view) - bool(final and len(view) and view[-1] == END_OF_FILE[0])
            done, at = cells.cut(view, at, stop, final, self.form, bounds, places, facts, done)
            if done == size or final or (done and at * width > MOST):
                break
            data = self._more(data, int(self._each * (size - done)) + at * width - have)
        last = final and at == stop
        if last and done and view[stop - 1] not in b"\r\n":
            bounds[done] = at = len(view)  # the mark of the end belongs to the record that it ends
        if width > 1:
            bounds, facts[:, 2] = np.minimum(bounds * width, have), facts[:, 2] * width
            ends = (places[:, :, 0] + (places[:, :, 1] >> 2)) * width
            places[:, :, 0] *= width
            sizes = np.minimum(ends, have) - places[:, :, 0]  # the last byte may be half a unit
            places[:, :, 1] = sizes << 2 | places[:, :, 1] & 3
        byte = min(at * width, have)
        self._each = max(16.0, 1.01 * byte / done) if done else self._each
        block = Lines(number, self.base, data, bounds[: done + 1], np.zeros(done, bool), last,
                      cells=places[:done], facts=facts[:done], states=self.sight.states)  # fmt: skip
        self._before = replace(self.sight)
        self.sight.drop(at)
        self.base, self.rest = self.base + byte, data[byte:]
        return block

    def _more(self, data: NDArray[np.uint8], wanted: int) -> NDArray[np.uint8]:
        """The bytes in memory and some more behind them."""
        have = len(data) - kernel.SPARE
        size = min(max(wanted, CHUNK), MOST, self.total - self.base - have)
        more = np.empty(have + size + kernel.SPARE, np.uint8)
        more[:have] = data[:have]
        found = self.file.readinto(more[have : have + size].data)
        if found < size:  # shorter than it was: the run is told of the change at its end
            self.total = self.base + have + found
        return more[: have + found + kernel.SPARE]

    def back(self, block: Lines) -> None:
        """Take a block back, to be read again."""
        self.base, self.rest, self.sight = block.base, block.data, self._before


def _marked(file: BufferedReader, form: Delimited) -> int:
    """Bytes of the mark of byte order at the beginning of the file. Raises SourceError if it is another encoding's."""
    head = file.read(3)
    mine = MARKS.get(form.encoding.scheme, b"")
    others = [n for n, m in MARKS.items() if n != form.encoding.scheme and head.startswith(m)]
    if mine and others:
        raise SourceError(
            say(
                f"{Path(file.name).name}: 先頭の BOM は {others[0]}。{form.layout.name} の encoding を確かめてください",
                f"{Path(file.name).name}: begins with the mark of {others[0]}; mend encoding of {form.layout.name}",
            )
        )
    file.seek(len(mine) if mine and head.startswith(mine) else 0)
    return file.tell()


def _judged(block: Lines, form: Delimited) -> Lines:
    """The block, its damaged records marked: of a wrong form, or of a wrong number of columns."""
    types = form.types(block)
    widths = np.array([len(r.fields) for r in form.layout.records])
    counts, damage = block.facts[:, 0], block.facts[:, 1]
    fits = np.where(types >= 0, counts == widths[types], np.isin(counts, widths))
    damage[(damage == cells.SOUND) & ~fits] = cells.COLUMNS
    return replace(block, damaged=damage != cells.SOUND)


def _labelled(source: _Source, path: Path, form: Delimited) -> pl.DataFrame:
    """Read the header line, if there should be one; what is wrong with it."""
    if not form.layout.header_lines:
        return no_issues()
    record = next((r for r in form.layout.records if r.kind == "data"), form.layout.records[0])
    line = source.take(1, 1)
    count = int(line.facts[0, 0]) if len(line) else 0
    texts = [_text(line, i, form) for i in range(min(count, len(record.fields)))]
    fits = [t in _labels(f) for t, f in zip(texts, record.fields, strict=False)]
    alike = sum(fits) * 2 >= len(record.fields)
    if form.part:
        if not alike:
            source.back(line)
        return no_issues()
    if not any(fits):
        raise SourceError(
            say(
                f"{path.name}: 先頭の行が {form.layout.name} の項目名と1つも合わない。"
                "見出しのない一部だけを読むなら --part。migrate peek で形を確かめてください",
                f"{path.name}: the first line has none of the labels of {form.layout.name}; for a part"
                " of a file without its header line use --part; look at it with migrate peek",
            )
        )
    if all(fits) and count == len(record.fields) and line.facts[0, 1] == cells.SOUND:
        return no_issues()
    wrong = fits.index(False) if False in fits else len(texts) - 1
    field = record.fields[wrong]
    value = f"{texts[wrong]} / {field.label}"
    if count != len(record.fields):
        value = f"{count} / {len(record.fields)} columns"
    elif all(fits):
        value = cells.DAMAGES[line.facts[0, 1]]
    elif field.sensitive:
        value = f"{pl.select(hidden(pl.lit(texts[wrong]))).item()} / {field.label}"
    row = (0, line.place(0, field), field.name, "wrong_labels", "error", value)
    return pl.DataFrame([row], schema=ISSUES, orient="row")


def _labels(field: Field) -> set[str]:
    """What a column may be called: its label; in a group, also with the number of the occurrence."""
    number = field.name.rpartition("_")[2] if field.group else ""
    wide = number.translate({0x30 + d: 0xFF10 + d for d in range(10)})
    return {field.label, field.label + number, field.label + wide}


def _text(line: Lines, column: int, form: Delimited) -> str:
    at, size, how = line.cell(0, column)
    raw = line.data[at : at + size].tobytes()
    state = int(line.states[at]) & 0x7F if len(line.states) and size else 0
    before = form.encoding.shifts[state - 1].sequence if state else b""
    text = form.encoding.with_newlines().decode(before + raw)
    return (text.replace('""', '"') if how == DOUBLED else text).rstrip(" \u3000")


def _not_this_layout(path: Path, form: Delimited, block: Lines) -> str:
    """What the file looks like instead."""
    counts = block.facts[:, 0].tolist() or [0]
    usual = max(set(counts), key=counts.count)
    layout = form.layout
    wanted = " ".join(str(len(r.fields)) for r in layout.records)
    return say(
        f"{path.name}: {layout.name} のレコードは {wanted} 列と改行 {layout.newline} だが、1件も合わない。"
        f"列は多くが {usual}。migrate peek で形を確かめてください",
        f"{path.name}: no record has the {wanted} columns and newline {layout.newline} of {layout.name};"
        f" most have {usual}; look at it with migrate peek",
    )
