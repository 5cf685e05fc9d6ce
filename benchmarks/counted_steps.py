"""The steps under callgrind, each between a `begin` and an `end` of the library: see instructions.py."""

from __future__ import annotations

import ctypes
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from whole import CITY, JOBS

from migrate.books import Books, Options
from migrate.catalog import Catalog
from migrate.pipeline.lane import Lane
from migrate.pipeline.sheet import Sheet
from migrate.read import Reader
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Iterator


def main(library: Path, file: Path, records: int) -> None:
    """The first batch warms, the second is counted."""
    switch = ctypes.CDLL(str(library))

    @contextmanager
    def counted(step: str, on: bool) -> Iterator[None]:
        if on:
            switch.begin()
        yield
        if on:
            switch.end(step.encode())

    mapping = Catalog(JOBS["person"].root).mapping(JOBS["person"].mapping)
    run = {"city": CITY, "as_of": "20260401000000"}
    with tempfile.TemporaryDirectory() as folder:
        lane = Lane(mapping, run, (), Books(mapping.table.name))
        memory = lane.converter.memory()
        sheet = Sheet([mapping], "csv_0", Staged(Path(folder) / "out"), Options())
        batches = Reader(mapping.layout).batches(file, records)
        for on in (False, True):
            with counted("read", on):
                read = next(batches)
            with counted("convert", on):
                made = lane.converter.convert(read.frames[mapping.record.name], memory)
            with counted("check", on):
                sound = lane.checker.sift(made)
            with counted("keys, totals, csv, .extra.csv", on):
                _, admitted = sheet.admit({mapping.name: sound})
                sheet.write(sheet.prepare(admitted))
        sheet.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
