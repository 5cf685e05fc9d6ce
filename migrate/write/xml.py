"""XML: one element a row, in it one element a value, named as the standard's columns. `xsd.py` describes it.

    <?xml version="1.0" encoding="UTF-8"?>
    <juki_resident id="0101" city="482013" round="00" as_of="20260401000000">
    <row><city_code>482013</city_code><atena_no>000000604431980</atena_no> ... </row>
    </juki_resident>

A blank is no element at all. City, round and moment of the extraction are those of the file's name.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from migrate.write.csv import lines
from migrate.write.hashed import HashedFile
from migrate.write.indexed import column

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from migrate.coded import Coded
    from migrate.model import Table
    from migrate.write.csv import Lines

ROWS = 16_384
"""Rows put together at a time: what lies between stays in the processor's cache."""

_NAMED = re.compile(r"(?P<city>\d{6})_\d{2}_\d{4}_\w+_(?P<round>\d{2})_(?P<as_of>\d{14})")
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IMPOSSIBLE = bytes(b for b in range(0x20) if chr(b) not in "\t\n\r")
"""Characters that XML 1.0 has no way to write; U+FFFE and U+FFFF are the others."""


def rows_as_xml(rows: pl.DataFrame, made: Lines | None = None) -> bytes:
    """The rows, a line each; `made`: the same as CSV lines. Raises ValueError for what XML cannot hold.

    >>> rows_as_xml(pl.DataFrame({"a": ["1<2", None], "b": [-3, 4]})).decode()
    '<row><a>1&lt;2</a><b>-3</b></row>\\n<row><b>4</b></row>\\n'
    >>> rows_as_xml(pl.DataFrame({"a": ["\\x01"]}))
    Traceback (most recent call last):
    ValueError: a control character cannot be written as XML
    """
    text = bytes((made or lines(rows)).text)
    if len(text.translate(None, _IMPOSSIBLE)) != len(text) or _unwritable(text):
        raise ValueError("a control character cannot be written as XML")
    found = [sign for sign in _MARKUP if text.count(sign.encode()) > (sign == "\r") * rows.height]
    buffer = BytesIO()
    for part in rows.iter_slices(ROWS):
        part.select(_row(part, found)).write_csv(buffer, include_header=False, quote_style="never")
    return buffer.getvalue()


class XmlFile:
    """Appends rows to one XML file; the root element stands there even over no rows."""

    def __init__(self, path: Path, table: Table) -> None:
        known = _NAMED.search(path.name)
        facts = {"id": table.id, **(known.groupdict() if known else {})}
        attributes = "".join(f' {name}="{value}"' for name, value in facts.items())
        self._root = table.name
        self._columns = list(table.by_name)
        self._file = HashedFile(path)
        self._file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        self._file.write(f"<{self._root}{attributes}>\n".encode())

    @classmethod
    def of(cls, path: Path, table: Table) -> XmlFile:
        return cls(path, table)

    def write(
        self,
        rows: pl.DataFrame,
        made: Lines | None = None,
        coded: Mapping[str, Coded] | None = None,
    ) -> None:
        """Append rows; `made`: the same as CSV lines, if somebody has made them already. Coded columns need not be
        in the frame, only their places."""
        whole = rows.select(
            column(rows, coded[n]).alias(n) if coded and n in coded else rows[n]
            for n in self._columns
        )
        self._file.write(rows_as_xml(whole, made))

    @property
    def sha256(self) -> str:
        """Of all that was written so far, in hexadecimal digits."""
        return self._file.sha256

    def close(self) -> None:
        self._file.write(f"</{self._root}>\n".encode())
        self._file.close()


def _row(part: pl.DataFrame, signs: list[str]) -> pl.Expr:
    """A row's text. Columns that are blank throughout cost nothing, those that never are cost little."""
    pieces: list[pl.Expr] = []
    between = "<row>"
    for name, blank in zip(part.columns, part.null_count().row(0), strict=True):
        value = _escaped(pl.col(name), part.schema[name], signs)
        if blank == 0:
            pieces += [pl.lit(f"{between}<{name}>"), value]
            between = f"</{name}>"
        elif blank < part.height:
            pieces += [pl.lit(between), pl.format(f"<{name}>{{}}</{name}>", value)]
            between = ""
    return pl.concat_str(*pieces, pl.lit(f"{between}</row>"), ignore_nulls=True)


def _escaped(value: pl.Expr, dtype: pl.DataType, signs: list[str]) -> pl.Expr:
    """A value as text; only the signs that occur at all are looked for."""
    if dtype != pl.String:
        return value.cast(pl.String)
    for sign in signs:
        value = value.str.replace_all(sign, _MARKUP[sign], literal=True)
    return value


def _unwritable(text: bytes) -> bool:
    return b"\xef\xbf\xbe" in text or b"\xef\xbf\xbf" in text
