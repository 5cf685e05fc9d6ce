"""The kernels under pytest-benchmark: `pytest benchmarks/test_kernels.py --benchmark-only`. Not part of the tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import floor
import polars as pl
import records

from migrate.books import Books
from migrate.catalog import Catalog
from migrate.check.values import VALUES
from migrate.pipeline.lane import Lane
from migrate.pipeline.through import RECORDS
from migrate.read import Reader

MAPPING = Catalog(Path(__file__).parent / "knowledge").mapping("bench/person")
RUN = {"city": "482013", "as_of": "20260401000000"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: Any) -> Path:
    path = tmp_path_factory.mktemp("kernels") / "PERSON.DAT"
    path.write_bytes(b"".join(b.tobytes() for b in records.blocks(RECORDS, seed=1)))
    return path


@pytest.fixture(scope="module")
def frame(file: Path) -> pl.DataFrame:
    return next(Reader(MAPPING.layout).batches(file)).frames["person"]


@pytest.fixture(scope="module")
def lane() -> Lane:
    return Lane(MAPPING, RUN, (), Books("bench_person"))


def test_read(benchmark: Any, file: Path) -> None:
    benchmark.extra_info["records"] = RECORDS
    reader = Reader(MAPPING.layout)
    assert sum(len(r.block) for r in benchmark(lambda: list(reader.batches(file)))) == RECORDS


@pytest.mark.skipif(not floor.compiler(), reason="no C compiler")
def test_floor_in_c(benchmark: Any, file: Path) -> None:
    benchmark.extra_info["records"] = RECORDS
    benchmark(floor.Kernel(file.read_bytes()).run)


def test_convert(benchmark: Any, frame: pl.DataFrame, lane: Lane) -> None:
    benchmark.extra_info["records"] = RECORDS
    benchmark(lane.converter.convert, frame)


def test_check(benchmark: Any, frame: pl.DataFrame, lane: Lane) -> None:
    benchmark.extra_info["records"] = RECORDS
    benchmark(lane.checker.sift, lane.converter.convert(frame))


def test_check_digits(benchmark: Any, frame: pl.DataFrame) -> None:
    benchmark.extra_info["records"] = RECORDS
    good = benchmark(lambda: frame.select(VALUES["atena_no"](pl.col("person_no"))))
    assert good.to_series().all()
