"""The standard's own form: UTF-8 CSV without BOM, CRLF, every item quoted, Japanese header."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.model import Table


def lines(rows: pl.DataFrame) -> bytes:
    r"""The rows as CSV lines, each item quoted; a blank is written as two quotes.

    >>> lines(pl.DataFrame({"a": ['a"b', None], "b": [1, -2]}))
    b'"a""b","1"\r\n"","-2"\r\n'
    """
    buffer = BytesIO()
    text = rows.cast(pl.String)
    text.write_csv(buffer, include_header=False, line_terminator="\r\n", quote_style="always")
    return buffer.getvalue()


def header(labels: list[str]) -> bytes:
    r"""The first line.

    >>> header(["宛名番号"]).decode()
    '"宛名番号"\r\n'
    """
    return lines(pl.DataFrame([labels], schema=[str(i) for i in range(len(labels))], orient="row"))


class CsvFile:
    """Appends lines to one CSV file; the header stands there even over no rows."""

    def __init__(self, path: Path, labels: list[str]) -> None:
        self._file = path.open("wb")
        self._file.write(header(labels))

    @classmethod
    def of(cls, path: Path, table: Table) -> CsvFile:
        return cls(path, [c.label for c in table.columns])

    def write(self, rows: pl.DataFrame, text: bytes | None = None) -> None:
        """Append rows; `text`: the same as lines, if somebody has made them already."""
        self._file.write(lines(rows) if text is None else text)

    def close(self) -> None:
        self._file.close()
