"""The steps of the job, one after another over the same batches: `python benchmarks/stages.py FILE RECORDS ROUNDS`.

Prints JSON: a line for each step and round, with nanoseconds of CPU and of wall time a record. One thread. Every round
begins anew, so that what a run remembers is paid for in each, and measures in turn ours, the bare work beneath
(floor.py, rules.py: steps called `bare`), and iconv.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

os.environ |= {"POLARS_MAX_THREADS": "1", "ARROW_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import floor
import pyarrow as pa
import rules
from whole import CITY, JOBS, arguments

from migrate.books import Books, Options
from migrate.catalog import Catalog
from migrate.pipeline.lane import Lane
from migrate.pipeline.sheet import Sheet
from migrate.pipeline.through import RECORDS
from migrate.read import Reader
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.model import Mapping
    from migrate.read import Read

NAMES = {"city": CITY, "as_of": "20260401000000"}
YARDSTICK = "yardstick"
Spent = dict[str, tuple[int, int]]


def _children() -> int:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return int((used.ru_utime + used.ru_stime) * 1e9)


@contextmanager
def timed(spent: Spent, step: str) -> Iterator[None]:
    """Add CPU (of processes that end meanwhile, too) and wall nanoseconds to a step."""
    cpu, wall = time.process_time_ns() + _children(), time.perf_counter_ns()
    yield
    cpu, wall = time.process_time_ns() + _children() - cpu, time.perf_counter_ns() - wall
    before = spent.get(step, (0, 0))
    spent[step] = before[0] + cpu, before[1] + wall


def ours(mapping: Mapping, file: Path, spent: Spent) -> None:
    """Every step of ours over the file, a batch at a time."""
    reader = Reader(mapping.layout)
    with tempfile.TemporaryDirectory() as folder:
        staged = Staged(Path(folder) / "out")
        with timed(spent, "prepare: converter, pandera schema, files"):
            lane = Lane(mapping, NAMES, (), Books(mapping.table.name))
            sheets = {
                form: Sheet([mapping], f"{form}_0", staged, Options(formats=(form,)))
                for form in ("csv", "parquet")
            }
        memory = lane.converter.memory()
        batches = reader.batches(file, RECORDS)
        while True:
            with timed(spent, "read"):
                read: Read | None = next(batches, None)
            if read is None:
                break
            with timed(spent, "convert"):
                made = lane.converter.convert(read.frames[mapping.record.name], memory)
            with timed(spent, "check: every column rule"):
                sound = lane.checker.sift(made)
            for form, sheet in sheets.items():
                with timed(spent, f"keys, totals, {form}, .extra.csv"):
                    _, admitted = sheet.admit({mapping.name: sound})
                    sheet.write(sheet.prepare(admitted))
        for form, sheet in sheets.items():
            with timed(spent, f"keys, totals, {form}, .extra.csv"):
                sheet.close()


class Bare:
    """The bare work for the same records, over rows that `migrate convert` has written."""

    def __init__(self, mapping: Mapping, file: Path) -> None:
        self.data = file.read_bytes()
        self.kernel = floor.Kernel(self.data) if floor.compiler() else None
        if self.kernel:
            self.kernel.run()  # compiles
        self.broken = rules.broken(mapping.table, mapping.codes)
        with tempfile.TemporaryDirectory() as folder:
            command = arguments(JOBS["person"], file, Path(folder) / "out")
            subprocess.run(
                [sys.executable, *command],
                check=False,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            path = next(
                p for p in (Path(folder) / "out").glob("[0-9]*.csv") if "extra" not in p.name
            )
            self.csv = path.read_bytes()
            self.rows = list(rules.rows_of(path, mapping.table).iter_slices(1 << 16))
        self.texts = [floor.text_table(rows) for rows in self.rows]

    def run(self, spent: Spent) -> None:
        if self.kernel:
            with timed(spent, "bare: kernel in C"):
                self.kernel.run()
        with timed(spent, "bare: one select of all rules"):
            for rows in self.rows:
                rows.select(self.broken)
        with timed(spent, "bare: pyarrow write_csv, all quoted"):
            for text in self.texts:
                floor.csv_lines(text)
        with timed(spent, "bare: sha256 of input and CSV"):
            floor.hashes(self.data, self.csv)


def stages(file: Path, records: int, rounds: int) -> list[tuple[str, int, float, float]]:
    """Step, round, nanoseconds of CPU and of wall a record."""
    pa.set_cpu_count(1)
    mapping = Catalog(JOBS["person"].root).mapping(JOBS["person"].mapping)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "PERSON.DAT"
        with file.open("rb") as source:
            part.write_bytes(source.read(records * floor.RECORD))
        count = part.stat().st_size // floor.RECORD
        bare = Bare(mapping, part)
        iconv = shutil.which("iconv")
        ours(mapping, part, {})  # warms
        for turn in range(rounds):
            spent: Spent = {}
            with timed(spent, YARDSTICK):
                yardstick()
            ours(mapping, part, spent)
            bare.run(spent)
            if iconv:
                with timed(spent, "iconv CP932 to UTF-8"):
                    command = [iconv, "-f", "CP932", "-t", "UTF-8", str(part)]
                    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            found += [
                (step, turn, cpu / count, wall / count) for step, (cpu, wall) in spent.items()
            ]
    return found


def yardstick() -> None:
    """The same work in every run, of this project's kind: what a machine is slower by is not blamed on the program."""
    floor.hashes(bytes(1 << 26))
    total = 0
    for i in range(2_000_000):
        total += i & 7
    frame = floor.pl.int_range(2_000_000, eager=True).cast(floor.pl.String)
    frame.str.len_chars().sum()


if __name__ == "__main__":
    print(json.dumps(stages(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
