"""What the figures depend on: `facts(asked, load before, absent peers)`, as run.json keeps it."""

from __future__ import annotations

import os
import platform
import shutil
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import material
from whole import has_workers

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

VERSIONS = ("polars", "pyarrow", "pandera", "numba", "numpy", "pandas", "duckdb", "csvkit")


def facts(
    asked: argparse.Namespace, before: Sequence[float], absent: dict[str, str]
) -> dict[str, Any]:
    """What the figures depend on."""
    files = {
        f"person, {n:,} records": material.person(n, asked.seed)
        for n in (asked.slow_records, asked.records)
    }
    return {
        "command": asked.command,
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "records": asked.records,
        "seed": asked.seed,
        "rounds": asked.rounds,
        "inputs": {
            name: {"bytes": p.stat().st_size, "sha256": material.sha256(p)} for name, p in files.items()
        },
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": {"before": round(before[0], 1), "after": round(os.getloadavg()[0], 1)},
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in VERSIONS},
        "absent": absent,
        "workers": has_workers(),
        "kernel": "C" if any(map(shutil.which, ("cc", "gcc", "clang"))) else "the program's own: no C compiler",
    }  # fmt: skip


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next(
        (x.split(":")[1].strip() for x in lines if x.startswith("model name")), platform.processor()
    )
