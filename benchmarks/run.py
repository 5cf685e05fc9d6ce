"""Measure everything once: `python benchmarks/run.py --records 1000000 --into benchmarks/results`.

Every whole-process figure is a process of its own; what is compared runs in turns (A B C A B C), and every round is
kept. Nothing is asserted about time. Imports nothing big: see measured.py.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import material
import page
from facts import facts
from measured import HERE, OURS, Cost, measured
from results import save
from whole import JOBS, arguments, has_workers, job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

START = 1000
"""A file of so few records shows what a start costs; lines through it and a larger file give any other size."""
PROCESSES = "what records workers round wall_s cpu_s rss_mb"


class Peer(NamedTuple):
    """Another tool for the same work. `slow`: measured on a part of the records."""

    program: str
    modules: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    slow: bool = False
    quick: bool = False

    @property
    def absent(self) -> list[str]:
        beside = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        lacking = [m for m in self.modules if find_spec(m) is None]
        return lacking + [t for t in self.tools if shutil.which(t, path=beside) is None]


PEERS = {
    "polars": Peer("polars_iconv.py", ("polars",), ("iconv",), quick=True),
    "duckdb": Peer("duckdb_iconv.py", ("duckdb",), ("iconv",), slow=True),
    "pandas": Peer("pandas_fwf.py", ("pandas",), slow=True, quick=True),
    "plain": Peer("plain.py", slow=True),
    "perl": Peer("plain_perl.py", tools=("perl",), slow=True),
    "csvkit": Peer("fields_csvkit.py", ("csvkit",), ("in2csv",), slow=True),
}


class Turn(NamedTuple):
    """Something to be measured, in turn with others."""

    what: str
    records: int
    run: Callable[[], Cost]
    workers: int = 1


class Book:
    """Every process that was measured."""

    def __init__(self) -> None:
        self.lines: list[tuple[Any, ...]] = []

    def turns(self, turns: Sequence[Turn], rounds: int) -> None:
        """Measure in turns."""
        for number in range(rounds):
            for turn in turns:
                cost = turn.run()
                self.lines.append((turn.what, turn.records, turn.workers, number, *cost))
                print(f"{turn.what:14} {turn.records:>9,} x{turn.workers}  {cost}", file=sys.stderr)


def script(name: str, *arguments: object) -> tuple[Cost, Any]:
    """Run one of these programs in a process of its own; what it prints is JSON, or nothing."""
    cost, said = measured([sys.executable, str(HERE / name), *map(str, arguments)])
    return cost, json.loads(said) if said else None


def peer_run(peer: Peer, file: Path, into: Path) -> Cost:
    shutil.rmtree(into, ignore_errors=True)
    return measured([sys.executable, str(HERE / "peers" / peer.program), str(file), str(into)])[0]


def iconv_run(file: Path, into: Path) -> Cost:
    """To a file, as a converter must."""
    return measured(["sh", "-c", f"iconv -f CP932 -t UTF-8 '{file}' > '{into}'"])[0]


def peers_of(asked: argparse.Namespace) -> dict[str, Peer]:
    """Those that are installed and asked for."""
    return {n: p for n, p in PEERS.items() if not p.absent and (p.quick or not asked.quick)}


def whole(book: Book, asked: argparse.Namespace, folder: Path) -> None:
    """The whole job in turn with everybody else's, and what a start costs each."""
    n, seed = asked.records, asked.seed
    few = asked.slow_records
    small, file, part = (material.person(r, seed) for r in (START, n, few))
    person = JOBS["person"]
    job(person, small, folder / "warm")  # compiles what is not compiled yet
    found = peers_of(asked)
    once = [
        Turn(name, START, partial(peer_run, p, small, folder / name)) for name, p in found.items()
    ]
    once += [Turn("ours csv", START, partial(job, person, small, folder / "small"))]
    if not asked.quick:
        heavy = asked.records // 5
        once += [
            Turn("ours resident csv", heavy, partial(job, JOBS["resident"], material.resident(heavy, seed), folder / "heavy"))
        ]  # fmt: skip
    book.turns(once, 1)
    forms = ("csv",) if asked.quick else ("csv", "parquet")
    turns = [Turn(f"ours {f}", n, partial(job, person, file, folder / f, f)) for f in forms]
    turns += [
        Turn(name, size, partial(peer_run, p, source, folder / name))
        for name, p in found.items()
        for size, source in [(few, part) if p.slow else (n, file)]
    ]
    if shutil.which("iconv"):
        turns.append(Turn("iconv", n, partial(iconv_run, file, folder / "iconv.txt")))
        book.turns([Turn("iconv", START, partial(iconv_run, small, folder / "iconv.txt"))], 1)
    book.turns(turns, asked.rounds)


def agreement(asked: argparse.Namespace, folder: Path) -> list[tuple[Any, ...]]:
    """By peer and file: columns compared, of how many, rows, columns that differ, values that differ."""
    job(JOBS["person"], material.person(asked.slow_records, asked.seed), folder / "few")
    lines = []
    for name, peer in peers_of(asked).items():
        ours = folder / ("few" if peer.slow else "csv")
        for kind, told in script("agree.py", ours, folder / name)[1].items():
            unlike = told["differ"]
            lines.append(
                (
                    name,
                    kind,
                    told["columns"],
                    told["of"],
                    told["rows"],
                    " ".join(unlike),
                    sum(unlike.values()),
                )
            )
    return lines


def scaling(book: Book, asked: argparse.Namespace, folder: Path) -> None:
    """The whole job with one worker up to all cores, on four times the records."""
    if not has_workers():
        return
    many, person = 4 * asked.records, JOBS["person"]
    file, cores = material.person(many, asked.seed), os.cpu_count() or 1
    counts = sorted({1, 2, cores} | {2**k for k in range(cores.bit_length())})
    turns = [
        Turn("ours csv", many, partial(job, person, file, folder / "many", "csv", w), w)
        for w in counts
        if w <= max(2, cores)
    ]
    if shutil.which("iconv"):
        turns.append(Turn("iconv", many, partial(iconv_run, file, folder / "iconv.txt")))
    book.turns(turns, max(2, asked.rounds - 1))
    shutil.rmtree(folder / "many", ignore_errors=True)
    file.unlink()


def start(asked: argparse.Namespace, folder: Path) -> list[tuple[Any, ...]]:
    """What, round, seconds until it is there, CPU seconds of the process."""
    one, small = material.person(1, asked.seed), material.person(START, asked.seed)
    command = arguments(JOBS["person"], one, folder / "start")[2:]
    lines = []
    for turn in range(5 if not asked.quick else 3):
        helped, _ = measured([OURS, "-m", "migrate", "--help"])
        lines.append(("help", turn, *helped[:2]))
        begun = str(time.monotonic())
        cost, said = measured([OURS, str(HERE / "start.py"), begun, *command])
        lines.append(("first record", turn, float(said.split()[-1]), cost.cpu_s))
        cost = job(JOBS["person"], small, folder / "small")
        lines.append((f"{START:,} records", turn, *cost[:2]))
    return lines


def kernels(folder: Path) -> list[tuple[Any, ...]]:
    """pytest-benchmark's figures: name, records, least and middle seconds."""
    if find_spec("pytest_benchmark") is None:
        return []
    path = folder / "kernels.json"
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(HERE / "test_kernels.py"),
        "-q",
        "-p",
        "no:cacheprovider",
        "-n",
        "0",
    ]
    briefly = ["--benchmark-max-time=0.3", "--benchmark-min-rounds=3"]
    measured([*command, "--benchmark-only", *briefly, f"--benchmark-json={path}"])
    found = json.loads(path.read_text(encoding="utf-8"))["benchmarks"]
    return [
        (b["name"], b["extra_info"].get("records", 0), b["stats"]["min"], b["stats"]["median"])
        for b in found
    ]


def asked_for() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the job, its steps and its peers.")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument(
        "--quick", action="store_true", help="100,000 records, fewer peers, no scaling"
    )
    parser.add_argument(
        "--instructions", action="store_true", help="count instructions, too (some minutes)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="measure what is compared so often")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, default=HERE / "results")
    asked = parser.parse_args()
    asked.command = " ".join(["python benchmarks/run.py", *sys.argv[1:]])
    if asked.quick:
        asked.records, asked.rounds = min(asked.records, 100_000), 2
    asked.slow_records = asked.records // (5 if asked.quick else 10)
    return asked


def main() -> None:
    asked = asked_for()
    into, folder = asked.into, material.CACHE / "out"
    into.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    before, book = os.getloadavg(), Book()
    whole(book, asked, folder)
    columns = "peer file columns of rows differing_columns differing_values"
    save(into / "agreement.csv", columns, agreement(asked, folder))
    if not asked.quick:
        scaling(book, asked, folder)
    save(into / "processes.csv", PROCESSES, book.lines)
    save(into / "start.csv", "what round wall_s cpu_s", start(asked, folder))
    file = material.person(asked.records, asked.seed)
    staged = 65_536 if asked.quick else 262_144
    save(
        into / "stages.csv",
        "step round cpu_ns wall_ns",
        script("stages.py", file, staged, max(3, asked.rounds))[1],
    )
    if not asked.quick:
        found = script("columns.py", file)[1]
        ranked = [
            (s, c, ns)
            for s, cs in found.items()
            for c, ns in sorted(cs.items(), key=lambda x: -x[1])
        ]
        save(into / "columns.csv", "step column cpu_ns", ranked)
    save(into / "bounds.csv", "bound gb_s", script("bounds.py", file)[1].items())
    save(into / "kernels.csv", "kernel records least_s middle_s", kernels(folder))
    if asked.instructions:
        save(into / "instructions.csv", "step records instructions", script("instructions.py")[1])
    absent = {n: " ".join(p.absent) for n, p in PEERS.items() if p.absent}
    text = json.dumps(facts(asked, before, absent), indent=2) + "\n"
    (into / "run.json").write_text(text, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    if into.resolve() == page.RESULTS:  # those of elsewhere are to be compared, not shown
        page.write()
    print(page.targets_table(into))


if __name__ == "__main__":
    main()
