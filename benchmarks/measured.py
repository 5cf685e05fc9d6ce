"""What a process costs: `measured(command)` gives wall seconds, CPU seconds and peak memory.

On Linux a child's peak includes its parent's memory at the moment of the start, so this module, and the
program that uses it, import nothing big.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent


class Cost(NamedTuple):
    """What one process took, start and end included."""

    wall_s: float
    cpu_s: float
    rss_mb: float


def measured(command: Sequence[str], accepted: Sequence[int] = (0,)) -> tuple[Cost, str]:
    """Run a command from the project's folder; give its cost and what it printed. Raises RuntimeError."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    with child.stdout as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in accepted:
        raise RuntimeError(f"{' '.join(command)}: exit code {child.returncode}\n{said}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), said
