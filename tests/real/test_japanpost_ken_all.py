"""郵便番号データ: every cell of every record equals Python's own csv module."""

import csv
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from migrate.frames import OFFSET, RECORD
from migrate.read import Reader


@pytest.fixture(scope="module")
def source(realdata, tmp_path_factory):
    folder = realdata / "japanpost"
    if (folder / "KEN_ALL.CSV").is_file():
        return folder / "KEN_ALL.CSV"
    if not (folder / "ken_all.zip").is_file():
        pytest.skip(f"no KEN_ALL.CSV and no ken_all.zip in {folder}")
    with zipfile.ZipFile(folder / "ken_all.zip") as packed:
        return Path(packed.extract("KEN_ALL.CSV", tmp_path_factory.mktemp("japanpost")))


@pytest.fixture(scope="module")
def layout(catalog):
    return catalog.layout("japanpost/ken_all")


@pytest.mark.parametrize("size", [9_973, 65_536])
def test_every_cell_equals_pythons_csv_module(source, layout, size):
    with source.open(encoding="cp932", newline="") as file:
        theirs = [[cell.rstrip(" \u3000") or None for cell in row] for row in csv.reader(file)]
    reads = list(Reader(layout).batches(source, size))
    ours = pl.concat([read.frames["area"] for read in reads])
    assert [read.issues.rows() + read.faults.rows() for read in reads] == [[]] * len(reads)
    assert ours.height == len(theirs) > 120_000
    assert ours.drop(RECORD, OFFSET).rows() == [tuple(row) for row in theirs]


def test_numbers_and_offsets_say_where_a_record_lies(source, layout):
    data = source.read_bytes()
    lines = io.BytesIO(data).readlines()
    reads = list(Reader(layout).batches(source, 10_000))
    assert b"".join(r.block.raw(i) for r in reads for i in range(len(r.block))) == data
    ours = pl.concat([read.frames["area"] for read in reads])
    assert ours[RECORD].to_list() == list(range(1, len(lines) + 1))
    assert ours[OFFSET].to_list() == [0, *pl.Series(map(len, lines)).cum_sum().to_list()[:-1]]
