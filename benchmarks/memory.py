"""Peak memory against records: `python benchmarks/memory.py --records 1000000 10000000 30000000`.

The whole job on each, and on a file of the first size in which every record is bad; in turn with it, with two workers,
if there are any. A file is deleted before the next one is made: 30 million records need 26 GB of disk.
Writes results/memory.csv: what records workers wall_s cpu_s rss_mb.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

import material
import page
from measured import HERE
from results import save
from whole import JOBS, has_workers, job


def measure(records: int, workers: int, faults: float = 0.0) -> tuple[Any, ...]:
    """A line of memory.csv."""
    file = material.person(records, 1, faults)
    folder = material.CACHE / "memory"
    cost = job(JOBS["person"], file, folder, "csv", workers)
    shutil.rmtree(folder, ignore_errors=True)
    file.unlink()
    what = "every record bad" if faults else "good" if workers == 1 else f"good, {workers} workers"
    line = (what, records, workers, *cost)
    print(*line, file=sys.stderr)
    return line


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure peak memory against records.")
    parser.add_argument(
        "--records", type=int, nargs="+", default=[1_000_000, 10_000_000, 30_000_000]
    )
    parser.add_argument("--into", type=Path, default=HERE / "results")
    asked = parser.parse_args()
    job(JOBS["person"], material.person(1000, 1), material.CACHE / "warm")
    first = asked.records[0]
    lines = [measure(records, 1) for records in asked.records]
    lines += [measure(first, 1, faults=1.0)]
    if has_workers():
        lines += [measure(records, 2) for records in asked.records[:2]]
    save(asked.into / "memory.csv", "what records workers wall_s cpu_s rss_mb", lines)
    if asked.into.resolve() == page.RESULTS and (asked.into / "run.json").exists():
        page.write()


if __name__ == "__main__":
    main()
