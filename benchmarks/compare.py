"""What became slower between two results: `python benchmarks/compare.py BEFORE AFTER` (folders, or instructions.csv and
stages.csv files).

Judged are instruction counts (instructions.csv: they hardly vary, so LEAST_COUNT counts as slower), and steps whose
every round was measured beside the same yardstick (stages.csv): slower is a step of which each round, in yardsticks, is
above each round of before, and the middle LEAST_TIME above. A stopwatch alone (processes.csv) is shown nowhere. Exit code
1 if anything became slower, 2 if there is nothing that both hold.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from typing import NamedTuple

from results import rows

LEAST_COUNT = 1.01
LEAST_TIME = 1.05
LEAST_ROUNDS = 3
YARDSTICK = "yardstick"


class Verdict(NamedTuple):
    """One step, before and after."""

    step: str
    by: str
    ratio: float
    verdict: str

    @property
    def slower(self) -> bool:
        return self.verdict == "slower"


def counts(before: Path, after: Path) -> list[Verdict]:
    """By instructions a record."""
    found = []
    old, new = (
        {r["step"]: int(r["instructions"]) / int(r["records"]) for r in rows(p)}
        for p in (before, after)
    )
    for step in [s for s in new if s in old]:
        ratio = new[step] / old[step]
        found.append(Verdict(step, "instructions", ratio, _said(ratio, LEAST_COUNT)))
    return found


def in_yardsticks(path: Path) -> dict[str, list[float]]:
    """By step: CPU of each round in yardsticks of the same round."""
    turns: dict[str, dict[str, float]] = {}
    for r in rows(path):
        turns.setdefault(r["step"], {})[r["round"]] = float(r["cpu_ns"])
    yard = turns.pop(YARDSTICK, {})
    return {
        step: [ns / yard[n] for n, ns in mine.items() if n in yard] for step, mine in turns.items()
    }


def pairs(before: Path, after: Path) -> list[Verdict]:
    """By CPU in yardsticks; a step with too few rounds is not judged."""
    found = []
    old, new = in_yardsticks(before), in_yardsticks(after)
    for step in [s for s in new if s in old]:
        a, b = old[step], new[step]
        if min(len(a), len(b)) < LEAST_ROUNDS:
            found.append(Verdict(step, "yardsticks", 0, "too few rounds"))
            continue
        ratio = median(b) / median(a)
        apart = min(b) > max(a) if ratio > 1 else max(b) < min(a)
        found.append(
            Verdict(
                step, "yardsticks", ratio, _said(ratio, LEAST_TIME) if apart else "within noise"
            )
        )
    return found


def _said(ratio: float, least: float) -> str:
    return "slower" if ratio >= least else "faster" if ratio <= 1 / least else "within noise"


def compared(before: Path, after: Path) -> list[Verdict]:
    """Everything that both results hold."""
    if before.is_dir() and after.is_dir():
        return [
            *counts(before / "instructions.csv", after / "instructions.csv"),
            *pairs(before / "stages.csv", after / "stages.csv"),
        ]
    kinds = counts if "instructions" in next(iter(rows(before)), {}) else pairs
    return kinds(before, after)


def main(before: Path, after: Path) -> int:
    found = compared(before, after)
    for one in sorted(found, key=lambda v: -v.ratio):
        print(f"{one.verdict:15} {one.ratio:8.3f}  {one.step} ({one.by})")
    if not found:
        print(
            "nothing that both results hold: run with --instructions, or stages with a yardstick",
            file=sys.stderr,
        )
        return 2
    return int(any(one.slower for one in found))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
