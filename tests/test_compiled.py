"""Machine code: kept, taken up by the next run, thrown away when no run wants it any more."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from migrate.compiled import UNUSED, _forget

ROOT = Path(__file__).resolve().parents[1]
MODULE = """
import math
import sys

import numpy as np

from migrate.compiled import INNER, OPTIONS, njit


@njit(inline="always", **INNER)
def halved(number):
    return number / 2


@njit(**OPTIONS)
def roots(numbers):
    found = np.empty(len(numbers))
    texts = [b"a" * 3]
    for i in range(len(numbers)):
        if numbers[i] < 0:
            raise ValueError("below zero")
        found[i] = math.sqrt(halved(numbers[i])) + len(texts) + np.sum(found[:i]) * 0
    return found, len(numbers)


@njit(**OPTIONS)
def not_yet(numbers, most):
    return roots(numbers)[0].max() + most


print(roots(np.array([2.0, 8.0]))[0].tolist())
try:
    roots(np.array([-1.0]))
except ValueError as error:
    print(error)
print(sum(roots.stats.cache_hits.values()), "numba.np.npyimpl" in sys.modules)
if "more" in sys.argv:
    print(not_yet(np.array([2.0]), 3.0), sum(not_yet.stats.cache_hits.values()))
    print(roots(np.array([2, 8]))[0].tolist())
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "module.py").write_text(MODULE)

    def made(*words: str) -> list[str]:
        return subprocess.run(
            [sys.executable, "module.py", *words],
            cwd=tmp_path, text=True, stdout=subprocess.PIPE, check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(tmp_path / "cache")},
        ).stdout.splitlines()  # fmt: skip

    return made


def test_machine_code_is_taken_up_without_making_the_compiler_ready(run):
    same = ["[2.0, 3.0]", "below zero"]
    assert run() == [*same, "0 True"]
    assert run() == [*same, "1 False"]
    more = ["5.0 {}", "[2.0, 3.0]"]  # compiled by a process that took up machine code before
    assert run("more") == [*same, "1 False", more[0].format(0), more[1]]
    assert run("more") == [*same, "1 False", more[0].format(1), more[1]]


def test_damaged_machine_code_is_no_worse_than_with_numba_itself(run, tmp_path):
    whole = run()
    for path in (tmp_path / "cache").rglob("*.nbc"):
        path.unlink()
    assert run() == whole


def test_machine_code_that_no_run_uses_is_forgotten(tmp_path):
    now = time.time()
    for name, age in (
        ("0123456789abcdef", 1), ("f123456789abcdef", -1), ("f123456789abcde0.gone", 1),
        ("read_0123456789abcdef", 1), ("0123456789abcdef0", 1),
    ):  # fmt: skip
        (tmp_path / name / "read").mkdir(parents=True)
        (tmp_path / name / "read/kernel.nbi").touch()
        os.utime(tmp_path / name, (now, now - age))
    _forget(tmp_path, now)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"f123456789abcdef", "read_0123456789abcdef", "0123456789abcdef0"}


def test_a_run_says_that_its_machine_code_is_in_use_and_a_new_one_cleans(run, tmp_path):
    run()
    (used,) = (tmp_path / "cache").iterdir()
    old = used.with_name("0" * 16)
    old.mkdir()
    for folder in (used, old):
        os.utime(folder, (0, 0))
    run()
    assert time.time() - used.stat().st_mtime < UNUSED
    assert old.exists()  # looked for once, when new machine code begins
    used.rename(used.with_name("1" * 16))
    run()
    assert not old.exists()
    assert used.exists()
