"""Our whole job, as a user runs it: `job(file, into, form)`."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from measured import Cost, measured

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = "asama/resident"
LOOK = 4
"""The clean file holds user-defined characters: the job ends with alerts."""


def job(file: Path, into: Path, form: str = "csv") -> Cost:
    """`migrate convert`: read, convert, check, write, issues, rejects, totals, hashes, manifest."""
    shutil.rmtree(into, ignore_errors=True)
    command = [sys.executable, "-m", "migrate", "convert", MAPPING, str(file), "--to", form]
    return measured([*command, "--into", str(into)], accepted=(0, LOOK))[0]
