"""The steps of the job, one after another over the same batches: `python benchmarks/stages.py FILE RECORDS`.

Prints JSON: step -> nanoseconds of CPU and of wall time a record. One thread (Polars is told so), the best of
a few rounds; every round begins anew, so that what a run remembers is paid for in each. Steps called `bare`
are the floor: the same work with nothing around it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["POLARS_MAX_THREADS"] = "1"

import polars as pl
import pyarrow as pa
import pyarrow.csv

from migrate.catalog import Catalog
from migrate.check import Checker
from migrate.check.schema import rules_of
from migrate.convert import Converter
from migrate.read import Reader, kernel
from migrate.write import OUTPUTS
from migrate.write.content import Content, summed
from migrate.write.csv import lines
from migrate.write.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.check.schema import Rule
    from migrate.model import Column, Mapping
    from migrate.read import Read

MAPPING = "asama/resident"
ROUNDS = 3
NAMES = {"city": "482013", "as_of": "20260401000000"}
Spent = dict[str, tuple[int, int]]


@contextmanager
def timed(spent: Spent, step: str) -> Iterator[None]:
    """Add CPU and wall nanoseconds to a step."""
    cpu, wall = time.process_time_ns(), time.perf_counter_ns()
    yield
    cpu, wall = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    before = spent.get(step, (0, 0))
    spent[step] = before[0] + cpu, before[1] + wall


def read(file: Path, records: int, spent: Spent) -> list[Read]:
    """The first batches of the file, as many as hold so many records."""
    found: list[Read] = []
    decode = kernel.decode

    def bare(*arguments: Any) -> Any:
        with timed(spent, "bare: kernel"):
            return decode(*arguments)

    kernel.decode = bare
    batches = Reader(Catalog().mapping(MAPPING).layout, part=True).batches(file)
    while sum(len(r.block) for r in found) < records:
        with timed(spent, "read: cut, decode, Arrow"):
            batch = next(batches, None)
        if batch is None:
            break
        found.append(batch)
    kernel.decode = decode
    return found


def work(reads: list[Read], folder: Path, spent: Spent) -> None:
    """Every later step, over batches that are in memory."""
    mapping = Catalog().mapping(MAPPING)
    with timed(spent, "prepare: converter, pandera schema"):
        converter, checker = (
            Converter(mapping, NAMES),
            Checker(mapping.table, mapping.codes, folder),
        )
        content, totals = Content(), Totals(mapping.table, set(mapping.left_empty))
        outputs = {form: kind.of(folder / form, mapping.table) for form, kind in OUTPUTS.items()}
    columns = list(mapping.table.by_name)
    for batch in reads:
        with timed(spent, "convert"):
            made = converter.convert(batch.frames[mapping.record.name])
        with timed(spent, "check: rules, pandera, keys"):
            rows = checker.check(made).rows
        rows = rows.select(columns)
        with timed(spent, "CSV lines, all quoted"):
            text = lines(rows)
        for form, output in outputs.items():
            with timed(spent, f"write {form}"):
                output.write(rows, text)
        with timed(spent, "totals"):
            totals.add(rows)
        with timed(spent, "fingerprint of the lines"):
            content.add(summed(text))
        with timed(spent, "bare: sha256 of input and CSV"):
            hashlib.sha256(batch.block.data.data)
            hashlib.sha256(text.text)
        bare_rules(mapping, made.rows, spent)
        bare_csv(rows, spent)
    for form, output in outputs.items():
        with timed(spent, f"write {form}"):
            output.close()
    checker.keys.close()


def bare(column: Column, rule: Rule) -> pl.Expr:
    """What breaks a rule, as the cheapest expression that doubts no value that it need not."""
    value = pl.col(column.name)
    if rule.code == "too_long":
        return value.str.len_chars() > column.digits[0]
    if column.type == "DATE":
        return value.is_not_null() & value.str.to_date("%Y-%m-%d", strict=False).is_null()
    return ~rule.good(value)


def bare_rules(mapping: Mapping, rows: pl.DataFrame, spent: Spent) -> None:
    """One select that counts what breaks each rule, and nothing else."""
    broken = [
        bare(c, rule).sum().alias(f"{c.name} {rule.code}")
        for c in mapping.table.columns
        if rows[c.name].null_count() < rows.height
        for rule in rules_of(c, mapping.codes.get(c.codes))
    ]
    with timed(spent, "bare: one select of all rules"):
        rows.select(broken)


def bare_csv(rows: pl.DataFrame, spent: Spent) -> None:
    """The rows as text already, written by pyarrow."""
    table = rows.select(pl.all().cast(pl.String).fill_null("")).to_arrow()
    text = table.cast(pa.schema([(name, pa.large_string()) for name in rows.columns]))
    options = pa.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    with timed(spent, "bare: pyarrow write_csv, all quoted"):
        pa.csv.write_csv(text, io.BytesIO(), options)


def stages(file: Path, records: int) -> dict[str, list[float]]:
    """The best of the rounds, by CPU time: step -> nanoseconds of CPU and wall a record."""
    best: Spent = {}
    for _ in range(ROUNDS):
        spent: Spent = {}
        reads = read(file, records, spent)
        count = sum(len(r.block) for r in reads)
        with tempfile.TemporaryDirectory() as folder:
            work(reads, Path(folder), spent)
        for step, taken in spent.items():
            best[step] = min(best.get(step, taken), taken)
    return {step: [cpu / count, wall / count] for step, (cpu, wall) in best.items()}


if __name__ == "__main__":
    print(json.dumps(stages(Path(sys.argv[1]), int(sys.argv[2]))))
