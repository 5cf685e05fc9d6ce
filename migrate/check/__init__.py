"""Standard rows in, the good ones out: `Checker(table, codes).check(batch)`.

pandera judges the rows; keys.py judges the file as a whole. One cheap select finds the columns and rows that
could fail at all, and only those go through pandera: its verdict counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.notices import severity
from migrate.check.doubts import Doubts
from migrate.check.keys import Keys
from migrate.check.repeated import repeated
from migrate.check.schema import promises_of, refused, schema_of
from migrate.coded import Coded, chosen
from migrate.frames import ISSUES, OFFSET, RECORD, Batch, hidden, in_error, no_issues

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from pathlib import Path

    import pandera.polars as pa

    from migrate.check.schema import Promise
    from migrate.model import CodeList, Table


@dataclass
class Checker:
    """Judges one table in one run: it remembers keys. Raises KnowledgeError for an unknown check."""

    table: Table
    codes: Dict[str, CodeList]
    folder: Path | None = None  # where keys may be spilled
    personal: frozenset[str] = frozenset()  # columns to hide besides the sensitive ones

    def __post_init__(self) -> None:
        self._promises = cache(self._promised)
        promises_of(self.table, self.codes, {})  # whether every check is known

    def _promised(
        self, only: frozenset[tuple[str, frozenset[str]]]
    ) -> tuple[list[Promise], pa.DataFrameSchema]:
        promises = promises_of(self.table, self.codes, dict(only))
        return promises, schema_of(self.table, promises)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.table.keys, self.folder)

    @cached_property
    def _doubts(self) -> Doubts:
        return Doubts(self.table, self.codes)

    def check(self, batch: Batch) -> Batch:
        """Keep the rows without errors and with keys of their own; say what is wrong with the others."""
        sound = self.sift(batch)
        again = self.keys.again(sound.columns(self.table.keys))
        if not again.any():
            return sound
        found = repeated(self.table, sound.whole().rows.filter(again), self.personal)
        return sound._replace(
            rows=sound.rows.filter(~again), issues=pl.concat([sound.issues, found])
        )

    def sift(self, batch: Batch) -> Batch:
        """Keep the records without errors, whatever their keys; say what is wrong with the others."""
        issues = pl.concat([batch.issues, self.masked(self.judge(batch.rows, batch.coded))])
        return batch._replace(rows=_without(batch.rows, issues), issues=issues)

    def judge(self, rows: pl.DataFrame, coded: Dict[str, Coded] | None = None) -> pl.DataFrame:
        """Every issue of every row, as pandera finds them; values unmasked."""
        doubtful = self._doubts.find(rows, coded or {})
        if doubtful is None:
            return no_issues()
        promises, schema = self._promises(doubtful.rules)
        names, coded = [RECORD, OFFSET, *schema.columns], coded or {}
        kept = {(coded[n].places or RECORD) if n in coded else n: None for n in names}
        some = pl.DataFrame([rows[name] for name in kept]).filter(doubtful.rows)
        wrong = chosen(some, coded, names)
        return self._verdict(wrong, promises, schema)

    def _verdict(
        self, rows: pl.DataFrame, promises: list[Promise], schema: pa.DataFrameSchema
    ) -> pl.DataFrame:
        """What pandera says of some rows, by each promise that they break."""
        found = refused(schema, rows)
        if found is None:
            return no_issues()
        wrong = rows.filter(found)
        if len(promises) == 1:
            return self._issues(wrong, promises[0])
        broken = wrong.select((~p.kept).alias(str(n)) for n, p in enumerate(promises))
        places = {name: place for place, name in enumerate(self.table.by_name)}
        ordered = sorted(enumerate(promises), key=lambda p: (places[p[1].column.name], p[1].code))
        issues = [
            self._issues(wrong.filter(broken[str(n)]), promise)
            for n, promise in ordered
            if broken[str(n)].any()
        ]
        return pl.concat(issues).sort("record", maintain_order=True)

    @staticmethod
    def _issues(rows: pl.DataFrame, promise: Promise) -> pl.DataFrame:
        """An issue of each row, which breaks the promise."""
        name = promise.column.name
        told = {"item": name, "code": promise.code, "severity": severity(promise.code)}
        columns = {
            "record": rows[RECORD],
            "byte": rows[OFFSET],
            "value": rows[name].cast(pl.String),
            **{n: pl.Series([t]).new_from_index(0, rows.height) for n, t in told.items()},
        }
        return pl.DataFrame([columns[n].alias(n) for n in ISSUES])

    def masked(self, issues: pl.DataFrame) -> pl.DataFrame:
        """The same issues, with personal values shown as their length only."""
        secret = [c.name for c in self.table.columns if c.sensitive or c.name in self.personal]
        value = (
            pl.when(pl.col("item").is_in(secret)).then(hidden(pl.col("value"))).otherwise("value")
        )
        return issues.with_columns(value=value)


def _without(rows: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """The rows whose records have no error."""
    rejected = in_error(issues)
    return rows.filter(~pl.col(RECORD).is_in(rejected.implode())) if len(rejected) else rows
