"""XML as `write/xml.py` writes it, read back in a stream: `batches(path, table, size)`.

The parser is expat: it comes with Python, tells the byte of every element, and a document type declaration, where
bombs and external entities would be declared, is refused as it begins, before any of it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

import polars as pl

from migrate.errors import SourceError
from migrate.frames import ISSUES, OFFSET, RECORD, Batch
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from migrate.model import Table

CHUNK = 1 << 20
ROOT, ROW, VALUE = 1, 2, 3
"""Depths of the tree."""


def batches(path: Path, table: Table, size: int) -> Iterator[Batch]:
    """So many rows at a time, every column as text as it is written, null where there is no element.

    RECORD counts the rows from 1, OFFSET is the byte at which a row begins. Issues: `wrong_root`,
    `unknown_element`, `repeated_element`, `element_order`, `stray_text`; an element that is missing is a blank,
    which `required` judges. Memory holds one batch. Raises SourceError for what is no such XML at all: not
    well-formed, not UTF-8, or with a document type declaration.
    """
    found = _Rows(path, table)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.feed(chunk)
            while found.whole > size:
                yield found.taken(size)
        found.feed(b"", last=True)
    while found.whole > size:
        yield found.taken(size)
    yield found.taken(found.whole)


class _Rows:
    """What a parser has met and nobody has taken yet."""

    def __init__(self, path: Path, table: Table) -> None:
        self.whole = 0  # rows that have ended
        self._name, self._table = path.name, table
        self._places = {name: place for place, name in enumerate(table.by_name)}
        self._blank: list[str | None] = [None] * len(self._places)
        self._values: list[str | None] = []  # row by row, each as wide as the table
        self._offsets: list[int] = []
        self._issues: list[tuple[int, int, str, str, str, str]] = []
        self._taken, self._depth, self._last, self._text = 0, 0, -1, list[str]()
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
            place = f"{self._parser.ErrorLineNumber}, {self._parser.ErrorByteIndex:,}"
            raise SourceError(
                say(
                    f"{self._name}: XML として読めません（行, バイト: {place}）: {cause}",
                    f"{self._name}: not well-formed XML (line, byte: {place}): {cause}",
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
            self._offsets.append(self._parser.CurrentByteIndex)
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
        byte = self._parser.CurrentByteIndex
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
