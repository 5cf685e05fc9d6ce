"""What a process costs: `measured(command)` gives wall seconds, CPU seconds and peak memory.

On Linux a child's peak includes its parent's memory at the moment of the start, so this module, and the
program that uses it, import nothing big.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
PROC = Path("/proc")

_APART = Path(sys.prefix) / "installed" / "bin" / "python"
OURS = str(_APART) if _APART.exists() else sys.executable
"""The interpreter that our own processes run on: where there is nothing but what a user installs. pandera, for one,
loads pandas wherever that is installed, and pandas is here for a peer's sake."""


class Cost(NamedTuple):
    """What one process took, start and end included."""

    wall_s: float
    cpu_s: float
    rss_mb: float


def measured(
    command: Sequence[str], accepted: Sequence[int] = (0,), *, tree: bool = False
) -> tuple[Cost, str]:
    """Run a command from the project's folder; give its cost and what it printed. `tree`: the peak is that of the
    process and all below it, shared memory counted once, looked at ten times a second. Raises RuntimeError."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""},  # as installed
        stdout=subprocess.PIPE,
        text=True,
    )
    peak = _Peak(child.pid) if tree else None
    assert child.stdout
    with child.stdout as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in accepted:
        raise RuntimeError(f"{' '.join(command)}: exit code {child.returncode}\n{said}")
    rss = max(usage.ru_maxrss / 1024, peak.stop() if peak else 0)
    return Cost(wall, usage.ru_utime + usage.ru_stime, rss), said


class _Peak(threading.Thread):
    """Looks at the memory of a process and its descendants until it is stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._most, self._ended = pid, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._ended.wait(0.1):
            self._most = max(self._most, sum(map(_resident_mb, _family(self._pid))))

    def stop(self) -> float:
        self._ended.set()
        self.join()
        return self._most


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        for thread in PROC.glob(f"{one}/task/*/children"):
            try:
                found += map(int, thread.read_text().split())
            except OSError:  # it has ended meanwhile
                continue
    return found


def _resident_mb(pid: int) -> float:
    """Memory of a process, of shared pages its share."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(x.split()[1]) / 1024 for x in lines if x.startswith("Pss:")), 0.0)
