"""Which columns cost most: `python benchmarks/columns.py FILE` prints JSON.

Every recipe and every rule as a bare expression (rules.py), each alone, over one batch after a first one, on one thread: column -> nanoseconds a
record. Their sum is more than the job spends, as Polars makes what two columns share only once.
"""

from __future__ import annotations

import json
import os
import sys
import time
from itertools import islice
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"

from typing import TYPE_CHECKING

import rules

from migrate.catalog import Catalog
from migrate.convert import Converter
from migrate.read import Reader

if TYPE_CHECKING:
    import polars as pl

MAPPING = "bench/person"
NAMES = {"city": "482013", "as_of": "20260401000000"}
ROUNDS = 3
BATCH = 1 << 15


def nanoseconds(frame: pl.DataFrame, expression: pl.Expr) -> float:
    """The best of a few rounds, a record."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time_ns()
        frame.select(expression)
        best = min(best, time.process_time_ns() - begun)
    return best / frame.height


def columns(file: Path) -> dict[str, dict[str, float]]:
    """What each column's recipe and each column's rules take."""
    mapping = Catalog(Path(__file__).parent / "knowledge").mapping(MAPPING)
    converter = Converter(mapping, NAMES)
    reads = list(islice(Reader(mapping.layout).batches(file, BATCH), 2))
    first, frame = (reads[i].frames[mapping.record.name] for i in (0, -1))
    found: dict[str, dict[str, float]] = {"convert": {}, "bare rule": {}}
    for name in mapping.recipes:
        made = converter.steps(name)[-1]
        first.select(made)
        found["convert"][name] = nanoseconds(frame, made)
    rows = converter.convert(frame).rows
    for column in mapping.table.columns:
        if rows[column.name].null_count() < rows.height:
            for name, broken in rules.of_column(column, mapping.codes.get(column.codes)):
                found["bare rule"][f"{column.name} {name}"] = nanoseconds(rows, broken.sum())
    return found


if __name__ == "__main__":
    print(json.dumps(columns(Path(sys.argv[1]))))
