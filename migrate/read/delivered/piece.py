"""What a reader of delivered files gives: some rows of one file, and what was wrong with their form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from migrate.catalog.notices import severity
from migrate.frames import ISSUES, OFFSET, RECORD, no_issues

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from migrate.model import Table


UNTRUSTED = ("not_utf8", "undoubled_quote", "newline_in_item", "control_in_item", "not_a_number",
             "out_of_range")  # fmt: skip
"""Such an issue says all that there is to say of its item: nobody trusts the value."""


class Places(NamedTuple):
    """At which byte of the file each item begins."""

    names: Sequence[str]  # of the file's columns, in their order
    bytes: NDArray[np.int32]  # by row and column, from the first
    first: int

    def of(self, issues: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        """The same issues, each at the byte of its item instead of its row's; rows: whose places these are."""
        if not issues.height:
            return issues
        numbers = rows.select(RECORD).with_row_index("_row")
        found = issues.join(
            numbers, left_on="record", right_on=RECORD, how="left", maintain_order="left"
        )
        order = {name: i for i, name in enumerate(self.names)}
        at = [
            byte
            if row is None or item not in order
            else self.first + int(self.bytes[row, order[item]])
            for byte, row, item in found.select("byte", "_row", "item").iter_rows()
        ]
        return issues.with_columns(byte=pl.Series(at, dtype=pl.UInt64))


class Piece(NamedTuple):
    """Some rows of a delivered file."""

    rows: pl.DataFrame  # RECORD, OFFSET and all the table's columns, typed; null is blank
    issues: pl.DataFrame  # the columns of ISSUES; record 0: the header or the file
    places: Places | None = None  # None: the form has no bytes to point at
    absent: frozenset[str] = frozenset()  # columns of the table that the file does not have
    records: int = 0  # how many rows the file has in this piece, unreadable ones too

    def judged(self, issues: pl.DataFrame) -> pl.DataFrame:
        """Issues that somebody found in these rows, at their bytes, without those that only repeat what is
        wrong with the form: a column that is not there, a value that could not be read."""
        untrusted = self.issues.filter(pl.col("code").is_in(UNTRUSTED))
        garbled = untrusted.filter(code="not_utf8")["record"].implode()
        again = issues.join(untrusted.select("record", "item"), on=["record", "item"], how="semi")
        kept = issues.join(again, on=["record", "item"], how="anti", maintain_order="left").filter(
            ~pl.col("item").is_in(list(self.absent))
            & ~((pl.col("code") == "missing") & pl.col("record").is_in(garbled))
        )
        return self.places.of(kept, self.rows) if self.places else kept


Later = Callable[[], Piece]
"""Gives a piece to whoever calls it, in any thread: what of its reading need not be done in order waits until then."""


def at_hand(*parts: Any) -> Later:
    """A piece that is there already.

    >>> at_hand(pl.DataFrame(), issue("bom"))().records
    0
    """
    piece = Piece(*parts)
    return lambda: piece


def issue(code: str, *, byte: int = 0, item: str = "", value: object = None) -> pl.DataFrame:
    """One issue of the header or the file as a whole.

    >>> issue("bom")["record"].item()
    0
    """
    shown = None if value is None else str(value)
    return pl.DataFrame([(0, byte, item, code, severity(code), shown)], schema=ISSUES, orient="row")


def nothing(table: Table) -> pl.DataFrame:
    """No rows of a table."""
    places = {RECORD: pl.UInt64, OFFSET: pl.UInt64}
    return pl.DataFrame(schema=places | {c.name: c.dtype for c in table.columns})


def gathered(found: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Frames of issues as one."""
    return pl.concat([no_issues(), *found])
