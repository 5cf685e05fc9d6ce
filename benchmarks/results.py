"""What was measured, and the ratios that count: `Results(folder)`, `targets(results)`.

A folder of results holds processes.csv (what records workers round wall_s cpu_s rss_mb), stages.csv (step round cpu_ns
wall_ns), start.csv (what round wall_s cpu_s), memory.csv (what records wall_s cpu_s rss_mb) and town_<residents>.csv;
each of them may be missing.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Row = dict[str, str]

JAVA = 5.01 / 3.97
"""A hand-written Java converter of two threads that checks nothing, against iconv to a file: seconds of one interleaved
series on a comparable machine (it is not built again here)."""
MILLION = 1_000_000


class Ratio(NamedTuple):
    """The middle of some rounds, and the least and the most of them."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, over: Sequence[float], under: Sequence[float]) -> Ratio | None:
        """Round by round; None where nothing was measured."""
        found = [a / b for a, b in zip(over, under, strict=False)]
        return cls(median(found), min(found), max(found)) if found else None


class Target(NamedTuple):
    """A ratio or figure to reach."""

    name: str
    definition: str
    wanted: float
    at_least: bool
    reached: Ratio | None

    @property
    def met(self) -> bool | None:
        if self.reached is None:
            return None
        return (
            self.reached.middle >= self.wanted
            if self.at_least
            else self.reached.middle <= self.wanted
        )


class Spent(NamedTuple):
    """Seconds of one round."""

    wall_s: float
    cpu_s: float
    rss_mb: float


def rows(path: Path) -> list[Row]:
    """The lines of a CSV; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def save(path: Path, names: str, lines: Iterable[Sequence[Any]]) -> None:
    """Write a CSV; numbers with four digits that count."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names.split())
        writer.writerows(
            [f"{v:.4g}" if isinstance(v, float) else v for v in line] for line in lines
        )


@dataclass(frozen=True)
class Results:
    """One folder of results."""

    folder: Path

    @cached_property
    def facts(self) -> dict[str, Any]:
        path = self.folder / "run.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    @cached_property
    def processes(self) -> dict[tuple[str, int, int], list[Spent]]:
        """By what, records and workers: the rounds."""
        found: dict[tuple[str, int, int], list[Spent]] = {}
        for r in rows(self.folder / "processes.csv"):
            place = r["what"], int(r["records"]), int(r["workers"])
            spent = Spent(float(r["wall_s"]), float(r["cpu_s"]), float(r["rss_mb"]))
            found.setdefault(place, []).append(spent)
        return found

    @cached_property
    def steps(self) -> dict[str, list[Spent]]:
        """By step: seconds a record, the rounds."""
        found: dict[str, list[Spent]] = {}
        for r in rows(self.folder / "stages.csv"):
            spent = Spent(float(r["wall_ns"]) / 1e9, float(r["cpu_ns"]) / 1e9, 0)
            found.setdefault(r["step"], []).append(spent)
        return found

    @cached_property
    def starts(self) -> dict[str, list[Spent]]:
        found: dict[str, list[Spent]] = {}
        for r in rows(self.folder / "start.csv"):
            found.setdefault(r["what"], []).append(Spent(float(r["wall_s"]), float(r["cpu_s"]), 0))
        return found

    @cached_property
    def memory(self) -> list[Row]:
        return rows(self.folder / "memory.csv")

    @cached_property
    def town(self) -> tuple[int, list[Row]]:
        """Residents and lines of the largest town that was measured against a mere scan."""
        known = {int(p.stem.partition("_")[2]): rows(p) for p in self.folder.glob("town_*.csv")}
        scanned = {n: t for n, t in known.items() if any(r["command"] == "scan" for r in t)}
        return max(scanned.items(), default=(0, []))

    @property
    def records(self) -> int:
        """How many the whole job was measured on, one worker."""
        return int(self.facts.get("records", 0))

    @property
    def scaled_to(self) -> int:
        """How many records several workers were measured on; 0 if they were not."""
        return max(
            (n for what, n, workers in self.processes if what == "ours csv" and workers > 1),
            default=0,
        )

    def sizes(self, what: str) -> list[int]:
        return sorted(n for name, n, workers in self.processes if name == what and workers == 1)

    def cost(self, what: str, records: int, workers: int = 1) -> list[Spent]:
        """The rounds of a process over so many records. If it was not measured on them: on the straight line through
        the least and the most that it was measured on, so that its start is not multiplied; memory as measured."""
        if measured := self.processes.get((what, records, workers)):
            return measured
        sizes = self.sizes(what)
        if len(sizes) < 2:
            return []
        few, many = sizes[0], sizes[-1]
        share = (records - few) / (many - few)
        begun = min(self.processes[what, few, 1], key=lambda s: s.cpu_s)
        return [
            Spent(
                *(a + (b - a) * share for a, b in zip(begun[:2], one[:2], strict=True)), one.rss_mb
            )
            for one in self.processes[what, many, 1]
        ]

    @property
    def irreducible(self) -> list[float]:
        """CPU seconds a record of all bare steps, by round."""
        bare = [v for step, v in self.steps.items() if step.startswith("bare: ")]
        if not any("kernel" in step for step in self.steps if step.startswith("bare: ")):
            bare += [self.steps[step] for step in ("read",) if step in self.steps]
        return [sum(s.cpu_s for s in turn) for turn in zip(*bare, strict=True)]


def targets(found: Results) -> list[Target]:
    """Every ratio that must be reached, in the order of the page."""
    n, many = found.records, found.scaled_to or 4 * found.records

    def seconds(what: str, records: int, workers: int = 1, clock: str = "wall_s") -> list[float]:
        return [getattr(s, clock) for s in found.cost(what, records, workers)]

    def step(name: str, clock: str = "cpu_s") -> list[float]:
        return [getattr(s, clock) for s in found.steps.get(name, [])]

    def start(what: str) -> Ratio | None:
        walls = [s.wall_s for s in found.starts.get(what, [])]
        return Ratio.of(walls, [1.0] * len(walls))

    floor = [min(found.irreducible) * n] * len(seconds("ours csv", n)) if found.irreducible else []
    java = [JAVA * s for s in seconds("iconv", many)]
    town, lines = found.town if found.town[0] else (300_000, [])
    check, scan = (
        [float(r["wall_s"]) for r in lines if r["command"] == c] for c in ("check", "scan")
    )
    good = [float(r["rss_mb"]) for r in found.memory if r["what"] == "good"]
    bad = [float(r["rss_mb"]) for r in found.memory if r["what"] == "every record bad"]
    first = good[:1]
    sizes = ", ".join(f"{int(r['records']):,}" for r in found.memory if r["what"] == "good")
    return [
        Target("whole job against pandas", f"CPU of the pandas peer, which checks nothing, to ours; one worker, {n:,} records",
               20, True, Ratio.of(seconds("pandas", n, 1, "cpu_s"), seconds("ours csv", n, 1, "cpu_s"))),
        Target("whole job against its irreducible parts", f"CPU of the whole job, one worker, {n:,} records, to kernel in C + one "
               "select of all rules + pyarrow's CSV + SHA-256", 2.0, False, Ratio.of(seconds("ours csv", n, 1, "cpu_s"), floor)),
        Target("two workers against polars", f"wall time of the polars peer, which checks nothing, to ours; {many:,} records", 3, True,
               Ratio.of(seconds("polars", many), seconds("ours csv", many, 2))),
        Target("two workers against Java", f"wall time of a hand-written Java converter of two threads, which checks nothing (known as "
               f"{JAVA:.2f} x iconv to a file, not built again), to ours; {many:,} records", 1.5, True,
               Ratio.of(java, seconds("ours csv", many, 2))),
        Target("reading against iconv", "bytes a second of CPU of the reading stage alone to `iconv -f CP932 -t UTF-8`; one core",
               2.5, True, Ratio.of(step("iconv CP932 to UTF-8"), step("read"))),
        Target("two workers against one", f"wall time of one worker to two; {many:,} records", 1.7, True,
               Ratio.of(seconds("ours csv", many), seconds("ours csv", many, 2))),
        Target("start", "seconds from the command to the first record read, kernels cached", 1.2, False, start("first record")),
        Target("help", "seconds of `migrate --help`", 0.3, False, start("help")),
        Target("a small file", "seconds to convert 1,000 records, kernels cached", 2.0, False, start("1,000 records")),
        Target("pandera's share", "CPU of the checking stage to one bare Polars select of the same rules", 1.3, False,
               Ratio.of(step("check: every column rule"), step("bare: one select of all rules"))),
        Target("peak memory", f"MB, the most of {sizes or 'up to 30 million'} records", 600, False,
               Ratio.of([max(good)], [1.0]) if good else None),
        Target("memory against records", f"peak at {sizes or 'more'} records to the first, the most of them", 1.1, False,
               Ratio.of([max(good)], first) if len(good) > 1 else None),
        Target("memory of a bad file", "peak of a file in which every record is bad to a good one of as many records (1.05: noise)",
               1.05, False, Ratio.of(bad, first) if bad else None),
        Target("check against a scan", f"wall time of `migrate check` of a town of {town:,} residents, all rules, to DuckDB merely "
               "scanning and counting every table", 3, False, Ratio.of(check, scan)),
    ]  # fmt: skip
