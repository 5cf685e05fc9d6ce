"""Standard rows in, the good ones out: `Checker(table, codes).check(batch)`.

pandera judges the rows; keys.py judges the file as a whole. One cheap select finds the columns and rows that
could fail at all, and only those go through pandera: its verdict counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from migrate.catalog.notices import severity
from migrate.check.keys import Keys
from migrate.check.schema import MISSING, rules_of, schema_of
from migrate.model import ISSUES, OFFSET, RECORD, Batch, hidden, no_issues

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from pathlib import Path

    from migrate.model import CodeList, Table

REPEATED = "repeated_key"


@dataclass
class Checker:
    """Judges one table in one run: it remembers keys. Raises KnowledgeError for an unknown check."""

    table: Table
    codes: Dict[str, CodeList]
    folder: Path | None = None  # where keys may be spilled

    def __post_init__(self) -> None:
        self.schema = schema_of(self.table, self.codes)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.table.keys, self.folder)

    @cached_property
    def _suspects(self) -> dict[str, pl.Expr]:
        """Per column: whether a row's value could break a rule."""
        found = {}
        for column in self.table.columns:
            value = pl.col(column.name)
            tests = [r.suspect(value) for r in rules_of(column, self.codes.get(column.codes))]
            if tests:
                found[column.name] = pl.any_horizontal(tests).fill_null(value=False)
        return found

    def check(self, batch: Batch) -> Batch:
        """Keep the rows without errors; say what is wrong with the others."""
        issues = pl.concat([batch.issues, self.masked(self.judge(batch.rows))])
        rows = _without(batch.rows, issues)
        again = self.keys.again(rows)
        if again.any():
            repeated = rows.filter(again).select(
                record=RECORD,
                byte=OFFSET,
                item=pl.lit(self.table.keys[-1] if len(self.table.keys) == 1 else self.table.keys[1]),
                code=pl.lit(REPEATED),
                severity=pl.lit(severity(REPEATED)),
                value=pl.concat_str(self.table.keys, separator=" "),
            )
            issues = pl.concat([issues, self.masked(repeated.cast(ISSUES))])
            rows = rows.filter(~again)
        return Batch(rows, issues, batch.skipped)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Every issue of every row, as pandera finds them; values unmasked."""
        lively = [n for n in self._suspects if rows[n].null_count() < rows.height]
        counts = rows.select(self._suspects[n].sum().alias(n) for n in lively).row(0) if lively else ()
        failing = {n for n, count in zip(lively, counts, strict=True) if count}
        empty = {
            c.name for c in self.table.columns if c.required == "yes" and rows[c.name].null_count()
        }
        chosen = [c.name for c in self.table.columns if c.name in failing | empty]
        if not chosen:
            return no_issues()
        tests = [self._suspects[n] for n in chosen if n in failing]
        tests += [pl.col(n).is_null() for n in chosen if n in empty]
        doubtful = rows.filter(pl.any_horizontal(tests)).select(RECORD, OFFSET, *chosen)
        return self._verdict(doubtful, chosen)

    def _verdict(self, rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
        try:
            self.schema.select_columns(columns).validate(rows.select(columns), lazy=True)
        except pa.errors.SchemaErrors as found:
            cases: pl.DataFrame = found.failure_cases
            code = pl.col("check").replace({"not_nullable": MISSING})
            levels = {c: severity(c) for c in cases.select(code)["check"].unique()}
            places = {name: place for place, name in enumerate(self.table.by_name)}
            return (
                cases.with_columns(pl.col("index").cast(pl.UInt32), check=code)
                .join(rows.select(RECORD, OFFSET).with_row_index("index"), on="index")
                .with_columns(_place=pl.col("column").replace_strict(places, return_dtype=pl.UInt32))
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
        secret = [c.name for c in self.table.columns if c.sensitive]
        value = pl.when(pl.col("item").is_in(secret)).then(hidden(pl.col("value"))).otherwise("value")
        return issues.with_columns(value=value)


def _without(rows: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """The rows whose records have no error."""
    rejected = issues.filter(severity="error")["record"].unique()
    return rows.filter(~pl.col(RECORD).is_in(rejected.implode())) if len(rejected) else rows


