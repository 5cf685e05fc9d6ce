"""Our whole jobs, as a user runs them: `job(JOBS["person"], file, into)`. Imports nothing big: see measured.py."""

from __future__ import annotations

import shutil
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from measured import HERE, OURS, ROOT, Cost, measured

if TYPE_CHECKING:
    from pathlib import Path

CITY = "482013"
ENDINGS = (0, 4, 8)
"""The files hold user-defined characters: a job ends with alerts; with many faults, with errors."""


class Job(NamedTuple):
    """A mapping, and the folder whose knowledge has it."""

    mapping: str
    root: Path


JOBS = {
    "person": Job("bench/person", HERE / "knowledge"),
    "resident": Job("asama/resident", ROOT),
}
"""The reference job (400 bytes, 45 fields, 42 columns), and a heavy one (450 bytes, 141 columns)."""


def arguments(job: Job, file: Path, into: Path, form: str = "csv", workers: int = 0) -> list[str]:
    """What comes behind `python`."""
    said = ["--root", str(job.root), "--city", CITY, "--as-of", "20260401000000", "--to", form]
    if workers and has_workers():
        said += ["--workers", str(workers)]
    return ["-m", "migrate", "convert", job.mapping, str(file), *said, "--into", str(into)]


def job(job: Job, file: Path, into: Path, form: str = "csv", workers: int = 1) -> Cost:
    """Read, convert, check, write, issues, rejects, totals, hashes, manifest; process start included."""
    shutil.rmtree(into, ignore_errors=True)
    command = [OURS, *arguments(job, file, into, form, workers)]
    return measured(command, ENDINGS, tree=workers > 1)[0]


@cache
def has_workers() -> bool:
    """Whether `migrate convert` can be told how many processes to use."""
    return "--workers" in measured([OURS, "-m", "migrate", "convert", "--help"])[1]
