"""Measure everything once: `python benchmarks/run.py --records 1000000 --into benchmarks/results`.

Every whole-process figure is a process of its own, and the least CPU time of the rounds counts. Nothing is
asserted about time. Imports nothing big: see measured.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import sys
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import material
import page
from measured import HERE, Cost, measured
from whole import job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PEERS = {"pandas": "peers/pandas_fwf.py", "plain": "peers/plain.py"}
START = 1000
"""A file of so few records shows what a peer's start costs; it is not scaled."""
STAGED = 262_144
VERSIONS = ("polars", "pyarrow", "pandera", "numba", "numpy", "pandas")


class Book:
    """Every process that was measured, and the best of its rounds."""

    def __init__(self) -> None:
        self.processes: list[tuple[str, int, Cost]] = []

    def enter(self, what: str, records: int, run: Callable[[], Cost], rounds: int = 1) -> Cost:
        costs = []
        for _ in range(rounds):
            costs.append(run())
            print(f"{what:12} {records:>9,}  {costs[-1]}", file=sys.stderr)
        self.processes += [(what, records, cost) for cost in costs]
        return min(costs, key=lambda c: c.cpu_s)


def script(name: str, *arguments: object) -> tuple[Cost, Any]:
    """Run one of these programs in a process of its own; what it prints is JSON, or nothing."""
    cost, said = measured([sys.executable, str(HERE / name), *map(str, arguments)])
    return cost, json.loads(said) if said else None


def peer_run(program: str, file: Path, into: Path) -> Cost:
    return script(program, file, into)[0]


def scaled(small: tuple[int, Cost], large: tuple[int, Cost], records: int) -> Cost:
    """A straight line through two costs, so that the start is not multiplied; memory as it was measured."""
    share = (records - small[0]) / (large[0] - small[0])
    wall, cpu = (a + (b - a) * share for a, b in zip(small[1][:2], large[1][:2], strict=True))
    return Cost(wall, cpu, large[1].rss_mb)


def whole(book: Book, asked: argparse.Namespace, folder: Path) -> tuple[list[Any], list[Any]]:
    """The whole job against the peers; and whether the peers' files say the same."""
    file, rounds = material.plain(asked.records, asked.seed), asked.rounds
    tenth = asked.records // 10
    small, part = material.plain(START, asked.seed), material.plain(tenth, asked.seed)
    job(small, folder / "warm")  # compiles what is not compiled yet
    rows, agreement = [], []
    for form in ("csv", "parquet"):
        cost = book.enter(
            f"ours {form}", asked.records, partial(job, file, folder / form, form), rounds
        )
        rows.append((f"ours {form}", asked.records, *cost, asked.records))
    book.enter("ours csv", tenth, partial(job, part, folder / "tenth"))
    for peer, program in PEERS.items():
        costs = [
            (n, book.enter(peer, n, partial(peer_run, program, source, folder / "peer"), rounds))
            for n, source in ((START, small), (tenth, part))
        ]
        rows.append((peer, asked.records, *scaled(costs[0], costs[1], asked.records), tenth))
        found = script("agree.py", folder / "tenth", folder / "peer")[1]
        for kind, columns in found.items():
            agreement += [(peer, kind, c, n, tenth) for c, n in columns.items()] or [
                (peer, kind, "", 0, tenth)
            ]
    return rows, agreement


def memory(book: Book, asked: argparse.Namespace, folder: Path) -> list[Any]:
    """Peak memory at so many records, which has been measured, and at four times as many."""
    file = material.plain(4 * asked.records, asked.seed)
    book.enter("ours csv", 4 * asked.records, partial(job, file, folder / "csv"))
    done = {n: cost for what, n, cost in book.processes if what == "ours csv"}
    return [(n, *done[n]) for n in (asked.records, 4 * asked.records)]


def facts(asked: argparse.Namespace, before: Sequence[float]) -> dict[str, Any]:
    """What the figures depend on."""
    file = material.plain(asked.records, asked.seed)
    return {
        "command": asked.command,
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "records": asked.records,
        "seed": asked.seed,
        "rounds": asked.rounds,
        "input": {"bytes": file.stat().st_size, "sha256": material.sha256(file)},
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": {"before": round(before[0], 1), "after": round(os.getloadavg()[0], 1)},
        "python": platform.python_version(),
        "versions": {name: version(name) for name in VERSIONS},
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next(
        (x.split(":")[1].strip() for x in lines if x.startswith("model name")), platform.processor()
    )


def save(path: Path, names: str, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names.split())
        writer.writerows([f"{v:.4g}" if isinstance(v, float) else v for v in row] for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the job, its steps and its peers.")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="100,000 records, one round")
    parser.add_argument("--memory", action="store_true", help="also four times as many records")
    parser.add_argument("--rounds", type=int, default=2, help="measure whole processes so often")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, default=HERE / "results")
    asked = parser.parse_args()
    asked.command = " ".join(["python benchmarks/run.py", *sys.argv[1:]])
    if asked.quick:
        asked.records, asked.rounds = 100_000, 1
    asked.into.mkdir(parents=True, exist_ok=True)
    before, book = os.getloadavg(), Book()
    folder = material.CACHE / "out"

    file = material.plain(asked.records, asked.seed)
    rows, agreement = whole(book, asked, folder)
    save(asked.into / "whole.csv", "what records wall_s cpu_s rss_mb measured_on", rows)
    save(asked.into / "agreement.csv", "peer file column differ of", agreement)
    if asked.memory:
        save(asked.into / "memory.csv", "records wall_s cpu_s rss_mb", memory(book, asked, folder))
    found = script("stages.py", file, min(STAGED, asked.records))[1]
    save(asked.into / "stages.csv", "step cpu_ns wall_ns", ((s, *ns) for s, ns in found.items()))
    found = script("columns.py", file)[1]
    ranked = [
        (s, c, ns) for s, cs in found.items() for c, ns in sorted(cs.items(), key=lambda x: -x[1])
    ]
    save(asked.into / "columns.csv", "step column cpu_ns", ranked)
    save(asked.into / "bounds.csv", "bound gb_s", script("bounds.py", file)[1].items())
    processes = [(what, records, *cost) for what, records, cost in book.processes]
    save(asked.into / "processes.csv", "what records wall_s cpu_s rss_mb", processes)
    text = json.dumps(facts(asked, before), indent=2) + "\n"
    (asked.into / "run.json").write_text(text, encoding="utf-8")
    print(page.tables(asked.into))


if __name__ == "__main__":
    main()
