"""Delivered CSV files -> rows, and every breach of the form with its row and byte: `batches(path, table)`."""

from __future__ import annotations

import csv
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from migrate.catalog.notices import severity
from migrate.frames import ISSUES, OFFSET, RECORD
from migrate.read.delivered import scan
from migrate.read.delivered.header import Header, understood
from migrate.read.delivered.numbers import plain_numbers
from migrate.read.delivered.piece import Piece, Places, at_hand, gathered, issue, nothing
from migrate.read.delivered.typed import typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Table
    from migrate.read.delivered.piece import Later

BLOCK = 1 << 24
"""Bytes taken at a time. A line that is longer than two of them is no line."""
BOM = b"\xef\xbb\xbf"
_DROPPED = (scan.EMPTY_LINE, scan.OPEN_QUOTE)


class _Cut(NamedTuple):
    """Some records as the kernel cut them; see there for the shapes."""

    data: NDArray[np.uint8]
    base: int  # the byte of the file at which the data begins
    first: int  # number of the first record
    bounds: NDArray[np.int64]
    views: NDArray[np.uint64]
    filled: NDArray[np.uint8]
    closer: NDArray[np.uint8]
    places: NDArray[np.int32]
    counts: NDArray[np.int64]
    marks: NDArray[np.int64]
    which: NDArray[np.int64]

    @property
    def endless(self) -> pl.DataFrame:
        """What is said when not even one record has an end."""
        return issue("endless_line", byte=self.base).with_columns(
            record=pl.lit(self.first, dtype=pl.UInt64)
        )


def batches(path: Path, table: Table, size: int) -> Iterator[Later]:
    """Read a file, up to `size` rows at a time. Whatever can be read is read, whatever is wrong is an issue."""
    with path.open("rb") as file:
        head = file.read(BLOCK)
        if not head:
            yield at_hand(nothing(table), issue("empty_file"))
            return
        start = len(BOM) if head.startswith(BOM) else 0
        issues = [issue("bom")] if start else []
        line, ending = _line(head[start:])
        try:
            names = next(csv.reader([line.decode("utf-8")], strict=False), [])
        except (UnicodeDecodeError, csv.Error) as error:
            at = error.start if isinstance(error, UnicodeDecodeError) else 0
            wrong = issue("not_utf8", byte=start + at)
            yield at_hand(nothing(table), gathered([*issues, wrong]))
            return
        header = understood(names, table, "csv")
        issues += header.issues
        if header.found:
            issues += _line_issues(line, ending, start, names)
            start += len(line) + len(ending)
        yield at_hand(nothing(table), gathered(issues), None, header.absent)
        file.seek(start)
        for cut in _cuts(file, len(header.columns), size):
            if len(cut.counts):
                yield partial(_piece, cut, header, table)
            else:
                yield at_hand(nothing(table), cut.endless)


def _line(data: bytes) -> tuple[bytes, bytes]:
    """The first line and its newline."""
    ends = [at for at in (data.find(b"\r"), data.find(b"\n")) if at >= 0]
    if not ends:
        return data, b""
    end = min(ends)
    return data[:end], data[end : end + 2] if data[end : end + 2] == b"\r\n" else data[
        end : end + 1
    ]


def _line_issues(
    line: bytes, ending: bytes, start: int, names: list[str]
) -> Iterator[pl.DataFrame]:
    """What is wrong with how the first line is written."""
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    if line != quoted.encode():
        yield issue("unquoted_item", byte=start)
    if not ending:
        yield issue("no_final_newline", byte=start + len(line))
    elif ending != b"\r\n":
        yield issue("not_crlf", byte=start + len(line))


def _cuts(file: BufferedReader, width: int, size: int) -> Iterator[_Cut]:
    """The file from here on, cut into records. A block without any record's end comes last."""
    base, first, rest = file.tell(), 1, np.empty(0, np.uint8)
    while True:
        data = np.empty(len(rest) + BLOCK + scan.SPARE, np.uint8)
        data[: len(rest)] = rest
        more = file.readinto(data[len(rest) : -scan.SPARE].data)
        at, used = 0, len(rest) + more
        while at < used:
            some = data[at : used + scan.SPARE]
            cut = _cut(some, (base + at, first), width, size, final=not more)
            count = len(cut.counts)
            if count or not more or used - at >= 2 * BLOCK:
                yield cut
            if not count:
                break
            at, first = at + int(cut.bounds[-1]), first + count
        if not more or used - at >= 2 * BLOCK:
            return
        base, rest = base + at, data[at:used].copy()


def _cut(
    data: NDArray[np.uint8], at: tuple[int, int], width: int, size: int, *, final: bool
) -> _Cut:
    """The kernel's buffers, allocated, filled, and shortened to the records found."""
    used = len(data) - scan.SPARE
    count = min(size, used // width + 1)
    bounds = np.empty(count + 1, np.int64)
    views = np.empty((width, count, 2), np.uint64)
    filled = np.empty((width, count), np.uint8)
    closer = np.zeros(width, np.uint8)
    places = np.empty((count, width), np.int32)
    counts = np.empty(count, np.int64)
    marks = np.empty((count, len(scan.FLAWS)), np.int64)
    which = np.empty((count, len(scan.FLAWS)), np.int64)
    n = scan.scan(data, used, final, bounds, views, filled, closer, places, counts, marks, which)
    return _Cut(data, *at, bounds[: n + 1], views[:, :n], filled[:, :n], closer, places[:n],
                counts[:n], marks[:n], which[:n])  # fmt: skip


def _piece(cut: _Cut, header: Header, table: Table) -> Piece:
    """Records as rows; those whose items cannot be told apart are left out."""
    count = len(cut.counts)
    text = pa.py_buffer(cut.data)
    columns: dict[str, pl.Series] = {}
    closer = dict.fromkeys(table.by_name, 0)
    for i, name in enumerate(header.columns):
        if name:
            valid = pa.py_buffer(np.packbits(cut.filled[i], bitorder="little"))
            views = np.ascontiguousarray(cut.views[i])
            number = plain_numbers(table.by_name[name], views, cut.filled[i], valid)
            written = [valid, pa.py_buffer(views), text]
            columns[name] = (
                number
                if number is not None
                else pl.Series(pa.Array.from_buffers(pa.string_view(), count, written))
            )
            closer[name] = int(cut.closer[i])
    rows = pl.DataFrame(
        {
            RECORD: pl.Series(np.arange(count) + cut.first, dtype=pl.UInt64),
            OFFSET: pl.Series(cut.bounds[:-1] + cut.base, dtype=pl.UInt64),
        }
        | columns
    ).with_columns(
        pl.lit(None, pl.String).alias(c.name) for c in table.columns if c.name not in columns
    )
    sound = (cut.counts == len(header.columns)) & (cut.marks[:, _DROPPED] < 0).all(axis=1)
    places = Places(header.columns, cut.places, cut.base)
    if not sound.all():
        rows, places = rows.filter(sound), places._replace(bytes=places.bytes[sound])
    frame, doubts = typed(rows, table, closer)
    issues = pl.concat([_flaws(cut, header), places.of(doubts, frame)])
    return Piece(frame, issues.sort("record", maintain_order=True), places, header.absent, count)


def _flaws(cut: _Cut, header: Header) -> pl.DataFrame:
    """The breaches that the kernel marked."""
    rows = []
    for row, flaw in np.argwhere(cut.marks >= 0):
        code, column = scan.FLAWS[flaw], int(cut.which[row, flaw])
        item = header.columns[column] if 0 <= column < len(header.columns) else ""
        counted = (
            f"{cut.counts[row]} / {len(header.columns)}" if flaw == scan.WRONG_ITEM_COUNT else None
        )
        byte = cut.base + int(cut.marks[row, flaw])
        rows.append((cut.first + int(row), byte, item, code, severity(code), counted))
    return pl.DataFrame(rows, schema=ISSUES, orient="row")
