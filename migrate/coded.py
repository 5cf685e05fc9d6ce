"""Columns told by their distinct values: what few values say is worked out once for each, not for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl


class Coded(NamedTuple):
    """A column as distinct values, and where the rows of a frame have them.

    `values` only grows from batch to batch; row i's value is values[frame[places][i]].
    """

    values: (
        pl.Series
    )  # of the column's type; null is a blank; not all need occur, and one may stand there twice
    places: str = ""  # a UInt32 column of the frame; "": the first value, throughout
