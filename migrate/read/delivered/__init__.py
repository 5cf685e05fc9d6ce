"""Files of the standard as somebody delivered them -> rows to judge: `READERS["csv"]`.

A reader takes (path, table, rows at a time) and gives what makes Pieces: `for make in READERS["csv"](...): make()`.
A new form is one module and one line here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from migrate.errors import SourceError
from migrate.read.delivered import csv, parquet, xml
from migrate.read.delivered.piece import Piece, at_hand, gathered, issue, nothing
from migrate.read.delivered.typed import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from migrate.frames import Batch
    from migrate.model import Table
    from migrate.read.delivered.piece import Later

__all__ = ["READERS", "Piece"]


def _xml(path: Path, table: Table, size: int) -> Iterator[Later]:
    """An XML file's rows; where it is no XML, that is its only issue."""
    if not path.stat().st_size:
        yield at_hand(nothing(table), issue("empty_file"))
        return
    try:
        for batch in xml.batches(path, table, size):
            yield partial(_piece, batch, table)
    except SourceError:
        yield at_hand(nothing(table), issue("unreadable"))


def _piece(batch: Batch, table: Table) -> Piece:
    frame, doubts = typed(batch.rows, table)
    found = gathered([batch.issues, doubts]).sort("record", maintain_order=True)
    return Piece(frame, found, records=frame.height)


READERS: dict[str, Callable[[Path, Table, int], Iterator[Later]]] = {
    "csv": csv.batches,
    "parquet": parquet.batches,
    "xml": _xml,
}
"""Form by a file's suffix -> its reader."""
