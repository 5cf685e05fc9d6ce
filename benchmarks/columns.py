"""Which columns cost most: `python benchmarks/columns.py FILE` prints JSON.

Every recipe alone, and all rules of every column, over one batch after a first one, on one thread: column ->
nanoseconds a record. Their sum is more than the job spends, as Polars makes what two columns share only once.
"""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["POLARS_MAX_THREADS"] = "1"

from migrate.catalog import Catalog
from migrate.check.schema import doubts, rules_of
from migrate.convert import Converter
from migrate.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

MAPPING = "asama/resident"
NAMES = {"city": "482013", "as_of": "20260401000000"}
ROUNDS = 3


def nanoseconds(rows: int, work: Callable[[], object]) -> float:
    """The best of a few rounds, a record."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time_ns()
        work()
        best = min(best, time.process_time_ns() - begun)
    return best / rows


def columns(file: Path) -> dict[str, dict[str, float]]:
    """What each column's recipe and each column's rules take."""
    mapping = Catalog().mapping(MAPPING)
    converter = Converter(mapping, NAMES)
    reads = islice(Reader(mapping.layout, part=True).batches(file), 2)
    first, frame = (read.frames[mapping.record.name] for read in reads)
    found: dict[str, dict[str, float]] = {"convert": {}, "check": {}}
    for name in mapping.recipes:
        made = converter.steps(name)[-1]
        first.select(made)
        found["convert"][name] = nanoseconds(frame.height, partial(frame.select, made))
    rows = converter.convert(frame).rows
    for column in mapping.table.columns:
        if rows[column.name].null_count() < rows.height:
            values = rows[column.name]
            rules = list(rules_of(column, mapping.codes.get(column.codes)))
            judged = partial(doubts, values, rules)
            found["check"][column.name] = nanoseconds(rows.height, judged)
    return found


if __name__ == "__main__":
    print(json.dumps(columns(Path(sys.argv[1]))))
