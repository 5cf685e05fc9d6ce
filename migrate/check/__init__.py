"""Standard rows in, the good ones out: `Checker(table, codes).check(batch)`.

pandera judges the rows; keys.py judges the file as a whole. One cheap select finds the columns and rows that
could fail at all, and only those go through pandera: its verdict counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandera.polars as pa
import polars as pl

from migrate.catalog.notices import severity
from migrate.check.keys import Keys
from migrate.check.repeated import repeated
from migrate.check.schema import MISSING, doubts, rules_of, schema_of
from migrate.frames import ISSUES, OFFSET, RECORD, Batch, hidden, no_issues

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from pathlib import Path

    from migrate.check.schema import Rule
    from migrate.model import CodeList, Table


@dataclass
class Checker:
    """Judges one table in one run: it remembers keys. Raises KnowledgeError for an unknown check."""

    table: Table
    codes: Dict[str, CodeList]
    folder: Path | None = None  # where keys may be spilled
    personal: frozenset[str] = frozenset()  # columns to hide besides the sensitive ones

    def __post_init__(self) -> None:
        self._schemas = cache(self._schema)
        self._schema(frozenset())

    def _schema(self, only: frozenset[tuple[str, frozenset[str]]]) -> pa.DataFrameSchema:
        return schema_of(self.table, self.codes, dict(only))

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.table.keys, self.folder)

    @cached_property
    def _rules(self) -> dict[str, list[Rule]]:
        """By column."""
        return {c.name: list(rules_of(c, self.codes.get(c.codes))) for c in self.table.columns}

    def check(self, batch: Batch) -> Batch:
        """Keep the rows without errors and with keys of their own; say what is wrong with the others."""
        sound = self.sift(batch)
        again = self.keys.again(sound.rows)
        if not again.any():
            return sound
        found = repeated(self.table, sound.rows.filter(again), self.personal)
        return Batch(sound.rows.filter(~again), pl.concat([sound.issues, found]), batch.skipped)

    def sift(self, batch: Batch) -> Batch:
        """Keep the records without errors, whatever their keys; say what is wrong with the others."""
        issues = pl.concat([batch.issues, self.masked(self.judge(batch.rows))])
        return Batch(_without(batch.rows, issues), issues, batch.skipped)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Every issue of every row, as pandera finds them; values unmasked."""
        chosen: dict[str, set[str]] = {}
        doubtful = np.zeros(rows.height, np.bool_)
        for column in self.table.columns:
            name, values = column.name, rows[column.name]
            blank = values.null_count()
            found = doubts(values, self._rules[name]) if blank < rows.height else {}
            for code, which in found.items():
                if which is not None:
                    chosen.setdefault(name, set()).add(code)
                    doubtful |= which
            if column.required == "yes" and blank:
                chosen.setdefault(name, set())
                doubtful |= values.is_null().to_numpy()
        if not chosen:
            return no_issues()
        only = frozenset((name, frozenset(codes)) for name, codes in chosen.items())
        return self._verdict(rows.filter(doubtful), self._schemas(only))

    def _verdict(self, rows: pl.DataFrame, schema: pa.DataFrameSchema) -> pl.DataFrame:
        """What pandera says of some rows under some of the rules."""
        try:
            schema.validate(rows.select(*schema.columns), lazy=True)
        except pa.errors.SchemaErrors as found:
            cases: pl.DataFrame = found.failure_cases
            code = pl.col("check").replace({"not_nullable": MISSING})
            levels = {c: severity(c) for c in cases.select(code)["check"].unique()}
            places = {name: place for place, name in enumerate(self.table.by_name)}
            return (
                cases.with_columns(pl.col("index").cast(pl.UInt32), check=code)
                .join(rows.select(RECORD, OFFSET).with_row_index("index"), on="index")
                .with_columns(
                    _place=pl.col("column").replace_strict(places, return_dtype=pl.UInt32)
                )
                .sort(RECORD, "_place", "check")
                .select(
                    record=RECORD,
                    byte=OFFSET,
                    item="column",
                    code="check",
                    severity=pl.col("check").replace_strict(levels, return_dtype=pl.String),
                    value=pl.col("failure_case").cast(pl.String),
                )
                .cast(ISSUES)
            )
        return no_issues()

    def masked(self, issues: pl.DataFrame) -> pl.DataFrame:
        """The same issues, with personal values shown as their length only."""
        secret = [c.name for c in self.table.columns if c.sensitive or c.name in self.personal]
        value = (
            pl.when(pl.col("item").is_in(secret)).then(hidden(pl.col("value"))).otherwise("value")
        )
        return issues.with_columns(value=value)


def _without(rows: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """The rows whose records have no error."""
    rejected = issues.filter(severity="error")["record"].unique()
    return rows.filter(~pl.col(RECORD).is_in(rejected.implode())) if len(rejected) else rows
