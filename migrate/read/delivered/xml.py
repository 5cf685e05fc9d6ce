"""XML as `write/xml.py` writes it, read back in a stream: `batches(path, table, size)`.

The parser is expat: it comes with Python, tells the byte of every element, and a document type declaration, where
bombs and external entities would be declared, is refused as it begins, before any of it is read. Rows that are laid
out as our own writer does it are cut by compiled code instead, some ten times as fast; the parser has the last word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np
import polars as pl
import pyarrow as pa

from migrate.errors import SourceError
from migrate.frames import ISSUES, OFFSET, RECORD, Batch, no_issues
from migrate.language import say
from migrate.read.delivered import plain_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

    from migrate.model import Table

CHUNK = 1 << 20
BLOCK = 1 << 24
ROOT, ROW, VALUE = 1, 2, 3
"""Depths of the tree."""


def batches(path: Path, table: Table, size: int) -> Iterator[Batch]:
    """So many rows at a time, every column as text as it is written, null where there is no element.

    RECORD counts the rows from 1, OFFSET is the byte at which a row begins. Issues: `wrong_root`,
    `unknown_element`, `repeated_element`, `element_order`, `stray_text`; an element that is missing is a blank,
    which `required` judges. Memory holds one batch. Raises SourceError for what is no such XML at all: not
    well-formed, not UTF-8, or with a document type declaration.
    """
    with path.open("rb") as file:
        plain = _Plain(file, table)
        yield from plain.batches(size)
        found = _Rows(path, table, plain)
        found.feed(plain.head)
        file.seek(plain.at)
        while chunk := file.read(CHUNK):
            found.feed(chunk)
            while found.whole > size:
                yield found.taken(size)
        found.feed(b"", last=True)
    while found.whole > size:
        yield found.taken(size)
    last = found.taken(found.whole)
    if last.rows.height or last.issues.height or not plain.rows:
        yield last


class _Plain:
    """The rows up to the first that is not laid out as `write/xml.py` does it; the parser takes the others."""

    def __init__(self, file: BinaryIO, table: Table) -> None:
        self._file, self._columns = file, list(table.by_name)
        self._names = np.frombuffer("".join(self._columns).encode(), np.uint8)
        self._starts = np.cumsum([0, *map(len, self._columns)])
        root = f'<{table.name} id="{re.escape(table.id)}"( [a-z_]+="[0-9]*")*>\n'
        prolog = rf'<\?xml version="1\.0" encoding="UTF-8"\?>\n{root}'
        said = re.match(prolog.encode(), file.read(CHUNK))
        self.head = said[0] if said else b""  # up to the first row
        self.rows, self.at = 0, len(self.head)  # what was read, and the byte behind it

    def batches(self, size: int) -> Iterator[Batch]:
        """Up to so many rows at a time. Where it ends early, `at` is the first byte that is left."""
        self._file.seek(self.at)
        rest = b""
        while self.head and len(rest) < BLOCK and (more := self._file.read(BLOCK)):
            block = rest + more
            used = block.rfind(b"\n") + 1
            data = np.empty(used + plain_xml.SPARE, np.uint8)
            data[:used] = np.frombuffer(block, np.uint8, used)
            first, lines = self.at, block.count(b"\n")
            while self.at < first + used:
                batch = self._cut(data[self.at - first :], min(size, lines))
                if not batch.height:
                    return
                yield Batch(batch, no_issues())
            rest = block[used:]

    def _cut(self, data: NDArray[np.uint8], most: int) -> pl.DataFrame:
        """The rows at the beginning of some data; their items lie in it."""
        width = len(self._columns)
        bounds = np.empty(most + 1, np.int64)
        views = np.empty((width, most, 2), np.uint64)
        filled = np.empty((width, most), np.uint8)
        used = len(data) - plain_xml.SPARE
        count = plain_xml.cut(data, used, self._names, self._starts, bounds, views, filled)
        columns = {
            RECORD: pl.Series(np.arange(count) + self.rows + 1, dtype=pl.UInt64),
            OFFSET: pl.Series(bounds[:count] + self.at, dtype=pl.UInt64),
        }
        text = pa.py_buffer(data)
        for place, name in enumerate(self._columns):
            valid = pa.py_buffer(np.packbits(filled[place, :count], bitorder="little"))
            view = pa.py_buffer(np.ascontiguousarray(views[place, :count]))
            array = pa.Array.from_buffers(pa.string_view(), count, [valid, view, text])
            columns[name] = pl.Series(array, dtype=pl.String)
        self.rows, self.at = self.rows + count, self.at + int(bounds[count])
        return pl.DataFrame(columns)


class _Rows:
    """What a parser has met and nobody has taken yet."""

    def __init__(self, path: Path, table: Table, plain: _Plain) -> None:
        self.whole = 0  # rows that have ended
        self._shift = plain.at - len(plain.head)  # bytes that the parser was not fed
        self._name, self._table = path.name, table
        self._places = {name: place for place, name in enumerate(table.by_name)}
        self._blank: list[str | None] = [None] * len(self._places)
        self._values: list[str | None] = []  # row by row, each as wide as the table
        self._offsets: list[int] = []
        self._issues: list[tuple[int, int, str, str, str, str]] = []
        self._taken, self._depth, self._last, self._text = plain.rows, 0, -1, list[str]()
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._refuse
        parser.XmlDeclHandler = self._declared

    def feed(self, data: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            cause = expat.ErrorString(error.code)
            byte = self._parser.ErrorByteIndex + self._shift
            raise SourceError(
                say(
                    f"{self._name}: XML として読めません（{byte:,} バイト目）: {cause}",
                    f"{self._name}: not well-formed XML (byte {byte:,}): {cause}",
                )
            ) from None

    def taken(self, count: int) -> Batch:
        """The first so many rows, and the issues of them and of what lies between."""
        width = len(self._places)
        cells, self._values = self._values[: count * width], self._values[count * width :]
        offsets, self._offsets = self._offsets[:count], self._offsets[count:]
        first, self._taken = self._taken + 1, self._taken + count
        self.whole -= count
        rows = pl.DataFrame(
            [
                pl.Series(RECORD, range(first, first + count), pl.UInt64),
                pl.Series(OFFSET, offsets, pl.UInt64),
                *(
                    pl.Series(n, cells[place::width], pl.String)
                    for n, place in self._places.items()
                ),
            ]
        )
        issues = pl.DataFrame(self._issues, schema=ISSUES, orient="row")
        later = pl.col("record") > self._taken
        self._issues = issues.filter(later).rows()
        return Batch(rows, issues.filter(~later))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if self._text:
            self._stray()
        if depth == VALUE:
            return
        if depth == ROW:
            self._offsets.append(self._parser.CurrentByteIndex + self._shift)
            self._values += self._blank
            self._last = -1
            if name != "row":
                self._wrong("unknown_element", name)
        elif depth == ROOT:
            if name != self._table.name or attributes.get("id", self._table.id) != self._table.id:
                self._wrong("wrong_root", "", f"{name} {attributes.get('id', '')}".rstrip())
        else:
            self._wrong("unknown_element", name)

    def _end(self, name: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if depth == VALUE:
            place = self._places.get(name, -1)
            if place > self._last:
                self._last = place
                if self._text:
                    self._values[place - len(self._blank)] = "".join(self._text)
                    self._text.clear()
            else:
                self._misplaced(name, place)
        elif self._text:
            self._stray()
        if depth == ROW:
            self.whole += 1

    def _misplaced(self, name: str, place: int) -> None:
        """An element that is unknown, comes again, or comes too late: a value that can be kept is kept."""
        cell = place - len(self._blank)
        if place < 0:
            self._wrong("unknown_element", name)
        elif self._values[cell] is not None or place == self._last:
            self._wrong("repeated_element", name)
        else:
            self._wrong("element_order", name)
            self._values[cell] = "".join(self._text) or None
        self._text.clear()

    def _stray(self) -> None:
        """Between elements there may be blanks and newlines, nothing else."""
        if "".join(self._text).strip():
            self._wrong("stray_text", "")
        self._text.clear()

    def _wrong(self, code: str, item: str, value: str = "") -> None:
        record = self._taken + len(self._offsets)  # 0: the file as a whole
        byte = self._parser.CurrentByteIndex + self._shift
        self._issues.append((record, byte, item, code, "error", value))

    def _refuse(self, *_: object) -> None:
        raise SourceError(
            say(
                f"{self._name}: 文書型宣言 (DOCTYPE) のある XML は読みません",
                f"{self._name}: XML with a document type declaration is not read",
            )
        )

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if (encoding or "UTF-8").upper() not in ("UTF-8", "UTF8"):
            raise SourceError(
                say(
                    f"{self._name}: UTF-8 ではない XML です: {encoding}",
                    f"{self._name}: XML of another encoding than UTF-8: {encoding}",
                )
            )
