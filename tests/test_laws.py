"""The laws that every run obeys, whatever the file holds."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate import Options, SourceError, run

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"

STRIDE = 452
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _files(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != ".lock"}


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


damage = st.lists(
    st.tuples(st.sampled_from(["flip", "drop", "add"]), st.integers(0, 12 * STRIDE - 1), st.binary(min_size=1, max_size=5)),
    max_size=12,
)


@SLOW
@given(damage)
def test_books_balance_and_rejects_are_found_whatever_happens_to_the_bytes(mappings, tmp_path, records, blows):
    """Laws 1 and 3."""
    data = bytearray(b"".join(records[:12]))
    for kind, at, some in blows:
        where = at % max(1, len(data))
        if kind == "drop":
            del data[where : where + len(some)]
        else:
            data[where : where + (len(some) if kind == "flip" else 0)] = some
    source, into = tmp_path / "s.dat", tmp_path / "o"
    source.write_bytes(data)
    options = Options(part=True, city="482013", as_of="20260401000000", batch=5)
    try:
        report = run(mappings, source, into, options)
    except SourceError:
        return  # nothing in the file fits, or its header names another town: said, not hidden
    issues, rejects = _rows(into / "issues.csv"), _rows(into / "s.rejects.csv")
    raw = (into / "s.rejects.dat").read_bytes()
    assert report.exit_code in (0, 4)
    for books in report.books.values():
        assert books.read == books.written + books.rejected + books.merged + books.skipped.total()
        assert books.read == report.read
    at = 0
    for row in rejects:
        begin, size = int(row["byte"]), int(row["bytes"])
        assert raw[at : at + size] == data[begin : begin + size]
        at += size
    assert at == len(raw)
    refused = {i["record"] for i in issues if i["severity"] == "error"}
    assert {r["record"] for r in rejects} <= refused
    for books in report.books.values():
        assert sum(books.table in r["tables"].split() for r in rejects) == books.rejected
    assert all(0 <= int(i["byte"]) < max(1, len(data)) and int(i["record"]) >= 1 for i in issues)


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 65_536])
def test_batch_size_never_shows(convert, records, batch):
    """Law 2, on a piece of the sample that has most of the nasty cases."""
    data = b"".join(records[:60] + records[852:930])
    same = {"part": True, "formats": ("csv", "parquet")}
    _, reference = convert(data, "reference", batch=1000, **same)
    _, other = convert(data, f"batch{batch}", batch=batch, **same)
    assert _files(other) == _files(reference)


@pytest.mark.parametrize("workers", [2, 3, 7])
def test_the_number_of_workers_never_shows(convert, records, workers):
    """Law 2, on the same piece, in many batches."""
    data = b"".join(records[:60] + records[852:930])
    same = {"part": True, "formats": ("csv", "parquet", "xml"), "batch": 7}
    _, reference = convert(data, "reference", workers=1, **same)
    _, other = convert(data, f"workers{workers}", workers=workers, **same)
    assert _files(other) == _files(reference)


def test_no_personal_value_leaves_its_place(tmp_path, mappings):
    """Law 4: not in the output, the log, the list of issues, the manifest."""
    from migrate.read import Reader

    log, into = tmp_path / "log.jsonl", tmp_path / "out"
    command = [sys.executable, "-m", "migrate", "convert", "asama/resident*", SAMPLE, "--into", into, "--log", log]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    explained = [
        subprocess.run([sys.executable, "-m", "migrate", *words], cwd=ROOT, capture_output=True, check=True).stdout
        for words in (["explain", "asama/resident", str(SAMPLE), "--record", "46"], ["peek", str(SAMPLE)],
                      ["peek", str(SAMPLE), "--layout", "asama/resident", "--records", "50"])
    ]  # fmt: skip
    assert ran.returncode == 4
    told = ran.stdout + ran.stderr + log.read_bytes() + b"".join(explained)
    told += (into / "issues.csv").read_bytes() + (into / "run.json").read_bytes() + (into / "resident.rejects.csv").read_bytes()
    text = told.decode("utf-8")
    layout = mappings[0].layout
    secret = [f.name for f in layout.types["resident"].fields if f.sensitive]
    values = set()
    for read in Reader(layout).batches(SAMPLE):
        for name in secret:
            values |= {str(v) for v in read.frames["resident"][name].drop_nulls() if len(str(v)) >= 4}
    assert len(values) > 2000
    assert [v for v in values if v in text and not (v.isdigit() and len(v) < 9)] == []


def test_killed_at_any_moment_and_run_again_gives_the_same(tmp_path):
    """Law 5: nothing half-written carries a final name, and the second run does not notice the first."""
    command = [sys.executable, "-m", "migrate", "convert", "asama/resident", str(SAMPLE), "--into"]
    whole = tmp_path / "whole"
    assert subprocess.run([*command, str(whole)], cwd=ROOT, capture_output=True, check=False).returncode == 4
    killed = tmp_path / "killed"
    for delay in (0.9, 1.2, 1.5, 1.8, 2.1, 2.4):
        process = subprocess.Popen([*command, str(killed)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if (killed / "run.json").exists():  # finished before the blow: then it is whole
            assert _files(killed) == _files(whole)
            (killed / "run.json").unlink()
    assert subprocess.run([*command, str(killed)], cwd=ROOT, capture_output=True, check=False).returncode == 4
    assert _files(killed) == _files(whole)


MEASURE = """
import resource, sys
from pathlib import Path
from migrate import Catalog, Options, run
catalog = Catalog(Path.cwd())
run(catalog.mappings("asama/resident"), Path(sys.argv[1]), Path(sys.argv[2]), Options(part=True, batch=4096))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_file(tmp_path):
    """Law 6, in small; benchmarks/ shows it for millions."""
    make = [sys.executable, str(ROOT / "samples/make.py"), "--records", "40000", "--plain", str(tmp_path / "one.dat")]
    subprocess.run(make, cwd=ROOT, check=True, capture_output=True)
    one = (tmp_path / "one.dat").read_bytes()
    header, body = one[:STRIDE], one[STRIDE : -STRIDE]
    with (tmp_path / "four.dat").open("wb") as file:
        file.write(header)
        for turn in range(4):  # other keys, other households: nothing is rejected
            lines = bytearray(body)
            lines[1 :: STRIDE] = bytes([0x35 + turn]) * (len(body) // STRIDE)
            file.write(lines)
    peaks = []
    for name in ("one", "four"):
        ran = subprocess.run(
            [sys.executable, "-c", MEASURE, str(tmp_path / f"{name}.dat"), str(tmp_path / name)],
            cwd=ROOT, capture_output=True, check=True,
        )  # fmt: skip
        peaks.append(int(ran.stdout))
    counts = [json.loads((tmp_path / n / "run.json").read_text("utf-8"))["sources"][0]["records"] for n in ("one", "four")]
    assert counts[1] > 3.9 * counts[0]
    assert peaks[1] < 1.10 * peaks[0]
