"""The issue of a key that came before: `repeated(table, rows)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.notices import severity
from migrate.frames import ISSUES, OFFSET, RECORD, hidden

if TYPE_CHECKING:
    from migrate.model import Table

REPEATED = "repeated_key"


def repeated(
    table: Table, rows: pl.DataFrame, personal: frozenset[str] = frozenset()
) -> pl.DataFrame:
    """One issue for each of the rows, in their order; the parts of the key that may be shown are its value."""
    hide = {k for k in table.keys if table.by_name[k].sensitive or k in personal}
    parts = (hidden(pl.col(k)) if k in hide else pl.col(k).cast(pl.String) for k in table.keys)
    return rows.select(
        record=RECORD,
        byte=OFFSET,
        item=pl.lit(next((k for k in table.keys if k != "city_code"), "")),
        code=pl.lit(REPEATED),
        severity=pl.lit(severity(REPEATED)),
        value=pl.concat_str(*parts, separator=" "),
    ).cast(ISSUES)
