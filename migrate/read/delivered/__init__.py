"""Files of the standard as somebody delivered them -> rows to judge: `READERS["csv"]`.

A reader takes (path, table, rows at a time) and gives Pieces. A new form is one module and one line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.errors import SourceError
from migrate.read.delivered import csv, parquet, xml
from migrate.read.delivered.piece import Piece, gathered, issue, nothing
from migrate.read.delivered.typed import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from migrate.model import Table

__all__ = ["READERS", "Piece"]


def _xml(path: Path, table: Table, size: int) -> Iterator[Piece]:
    """An XML file's rows; where it is no XML, that is its only issue."""
    if not path.stat().st_size:
        yield Piece(nothing(table), issue("empty_file"))
        return
    try:
        for batch in xml.batches(path, table, size):
            frame, doubts = typed(batch.rows, table)
            found = gathered([batch.issues, doubts]).sort("record", maintain_order=True)
            yield Piece(frame, found, records=frame.height)
    except SourceError:
        yield Piece(nothing(table), issue("unreadable"))


READERS: dict[str, Callable[[Path, Table, int], Iterator[Piece]]] = {
    "csv": csv.batches,
    "parquet": parquet.batches,
    "xml": _xml,
}
"""Form by a file's suffix -> its reader."""
