"""The rules across tables over what was staged: `verdicts(...)`, with the file, row and byte of each sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from migrate.check.duck import ROW, Limits
from migrate.check.rules import Judge
from migrate.delivery.findings import RuleVerdict, Sample
from migrate.delivery.tally import Tally, pointed, shown_keys
from migrate.frames import OFFSET, RECORD
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from migrate.catalog.rules import Rule, RuleBook
    from migrate.check.rules import Verdict
    from migrate.model import Table

BYTE = "_byte"
NUMBERS = dict.fromkeys([ROW, BYTE], "DELTA_BINARY_PACKED")
"""How Parquet writes what only grows."""
LOOK, FEW = 4096, 256
"""A column with so few values in the first rows is written by its dictionary; any other has little of one, and a
dictionary that is built in vain is what costs most in writing Parquet."""


class Stage:
    """One table's readable rows as Parquet, for DuckDB: ROW, BYTE and the columns that rules name."""

    def __init__(self, path: Path, table: Table, file: str, names: list[str]) -> None:
        self.path, self.table, self.file = path, table, file
        kinds = {ROW: pl.UInt32(), BYTE: pl.UInt64()} | {n: table.by_name[n].dtype for n in names}
        self._nothing = pl.DataFrame(schema=kinds)
        self._writer: pq.ParquetWriter | None = None

    def prepared(self, rows: pl.DataFrame) -> pa.Table:
        """What is kept of some rows. Any thread may ask, the rest is for one at a time and in the order of the rows."""
        frame = rows.rename({RECORD: ROW, OFFSET: BYTE}).select(self._nothing.columns)
        return _arrow(frame.cast(self._nothing.schema))

    def write(self, table: pa.Table) -> None:
        """Append prepared rows."""
        if table.num_rows:
            self._writer = self._writer or self._begun(table)
            self._writer.write_table(table)

    def _begun(self, first: pa.Table) -> pq.ParquetWriter:
        """The file, written as suits its first rows."""
        rows = pl.DataFrame(pl.from_arrow(first.slice(0, LOOK)))
        few = [s.name for s in rows if s.name not in NUMBERS and s.n_unique() <= FEW]
        return pq.ParquetWriter(
            self.path,
            first.schema,
            write_statistics=False,
            use_dictionary=few,
            column_encoding=NUMBERS,
        )

    def close(self) -> None:
        self._writer = self._writer or self._begun(_arrow(self._nothing))
        self._writer.close()


def _arrow(rows: pl.DataFrame) -> pa.Table:
    table: pa.Table = rows.to_arrow(compat_level=pl.CompatLevel.newest())
    return table


class Ground(NamedTuple):
    """On what the rules are judged."""

    book: RuleBook
    stages: dict[str, Stage]  # by table
    today: date
    limits: Limits
    differences: bool  # a round of differences: its tables are not whole


def verdicts(ground: Ground, tally: Tally) -> Iterator[RuleVerdict]:
    """A verdict for every rule that was asked for; single findings go to the tally's list."""
    asked = tuple(r for r in ground.book.rules if tally.selection.wants(r.id))
    for rule in asked:
        if rule.codes:
            yield _by_value(rule, ground, tally)
        elif rule.sql and ground.differences:
            reason = say(
                "差分ファイルだけでは判定できない", "files of differences do not hold whole tables"
            )
            yield _verdict(rule).model_copy(update={"reason": reason})
    sought = tuple(r for r in asked if not _done(r, ground))
    if not sought:
        return
    files = {name: [stage.path] for name, stage in ground.stages.items()}
    book = ground.book._replace(rules=sought)
    with Judge(book, files, ground.today, ground.limits, (BYTE,)) as judge:
        for found in judge.verdicts():
            yield _judged(found, ground, tally)


def _done(rule: Rule, ground: Ground) -> bool:
    """Whether a rule needs no DuckDB here."""
    return bool(rule.codes) or (bool(rule.sql) and ground.differences)


def _verdict(rule: Rule) -> RuleVerdict:
    return RuleVerdict(rule=rule.id, severity=rule.grade, table="", columns=[], title=rule.title,
                       remedy=rule.remedy, state="not_run")  # fmt: skip


def _by_value(rule: Rule, ground: Ground, tally: Tally) -> RuleVerdict:
    """A rule that is judged value by value: its findings stand among the others already."""
    concerned = [t for t in ground.stages if rule.tables == ("*",) or t in rule.tables]
    if not concerned:
        reason = say("表がない: ", "missing: ") + ", ".join(rule.tables[:5])
        return _verdict(rule).model_copy(update={"reason": reason})
    count = tally.count(rule.codes, concerned, rule.grade)
    return _verdict(rule).model_copy(
        update={"state": "broken" if count else "kept", "count": count}
    )


def _judged(found: Verdict, ground: Ground, tally: Tally) -> RuleVerdict:
    rule = found.rule
    verdict = _verdict(rule).model_copy(update={"state": found.state, "reason": found.reason})
    if found.state == "not_run":
        return verdict
    samples: list[Sample] = []
    stage = ground.stages[rule.table]
    for placed in found.found:
        samples += _samples(placed.head(tally.most - len(samples)), stage)
        if tally.listing is not None:
            tally.listing.add(_lines(placed, rule, stage))
        elif len(samples) >= tally.most:
            break
    return verdict.model_copy(
        update={
            "table": rule.table,
            "columns": list(rule.columns),
            "count": found.count,
            "samples": samples,
        }
    )


def _samples(placed: pl.DataFrame, stage: Stage) -> list[Sample]:
    rows = placed.rename({ROW: RECORD})
    keys = shown_keys(stage.table, rows, rows[RECORD])
    at = pointed(stage.file)
    return [
        Sample(file=stage.file, row=row, byte=byte if at else None, key=keys.get(row, {}))
        for row, byte in placed.select(ROW, BYTE).iter_rows()
    ]


def _lines(placed: pl.DataFrame, rule: Rule, stage: Stage) -> pl.DataFrame:
    item = rule.columns[0] if rule.columns else ""
    column = stage.table.by_name.get(item)
    said = {"code": rule.id, "severity": rule.grade, "file": stage.file, "table": rule.table, "item": item,
            "label": column.label if column else "", "message": rule.title}  # fmt: skip
    byte = pl.col(BYTE) if pointed(stage.file) else pl.lit(None)
    return placed.select(
        pl.col(ROW).alias("row"), byte.alias("byte"), **{k: pl.lit(v) for k, v in said.items()}
    )
