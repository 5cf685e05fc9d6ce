"""Bytes in, files out, byte for byte, reviewed by eye.

`pytest tests/test_golden.py --update-golden` rewrites tests/golden/; then read the difference.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from migrate import Options, run

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests/golden/asama_resident"
FILES = ["resident.csv", "resident.extra.csv", "household.csv", "issues.csv", "input.rejects.dat", "input.rejects.csv", "run.json"]


def _input(records):
    """The header, the first household, every named case of the sample, and a trailer that fits them."""
    cases = csv.DictReader((ROOT / "samples/asama/cases.csv").read_text("utf-8").splitlines())
    chosen = sorted({2, 4, 5, *(int(c["record"]) for c in cases), 948})
    data = [records[n - 1] for n in chosen]
    counted = [r for r in data if r[:1] == b"2"]
    tax = 0
    for r in counted:
        if len(r) == 452:
            tax += int(r[385:393])
    trailer = b"9JUKI0100    %09d%013d" % (len(counted), tax)
    return records[0] + b"".join(data) + trailer.ljust(450) + b"\r\n"


@pytest.fixture(scope="module")
def made(mappings, tmp_path_factory):
    into = tmp_path_factory.mktemp("golden")
    run(mappings, GOLDEN / "input.dat", into, Options())
    found = {p.name: p.read_bytes() for p in into.iterdir()}
    stem = "482013_01_{}_00_20260401000000"
    found["resident.csv"] = found[stem.format("0101_juki_resident") + ".csv"]
    found["resident.extra.csv"] = found[stem.format("0101_juki_resident") + ".extra.csv"]
    found["household.csv"] = found[stem.format("0102_juki_household") + ".csv"]
    facts = json.loads(found["run.json"])
    del facts["program"], facts["knowledge"]  # versions and hashes of knowledge change; the outcome must not
    found["run.json"] = (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()
    return found


def test_the_input_is_cut_from_the_sample(records, request):
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / "input.dat").write_bytes(_input(records))
    assert (GOLDEN / "input.dat").read_bytes() == _input(records)


@pytest.mark.parametrize("name", FILES)
def test_the_output_is_the_golden_one(made, name, request):
    if request.config.getoption("--update-golden"):
        (GOLDEN / name).write_bytes(made[name])
    assert made[name] == (GOLDEN / name).read_bytes()
