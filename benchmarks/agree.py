"""Do a peer's files say the same as ours? `python benchmarks/agree.py OURS THEIRS` prints JSON.

By column, how many values differ; an empty answer means byte-equal columns in every row.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import Path


def differences(ours: Path, theirs: Path) -> dict[str, int]:
    """Column label (numbered, for labels that come again) -> values that differ."""
    with (
        ours.open(encoding="utf-8", newline="") as a,
        theirs.open(encoding="utf-8", newline="") as b,
    ):
        left, right = csv.reader(a), csv.reader(b)
        labels = next(left)
        found: Counter[int] = Counter()
        if next(right) != labels:
            raise ValueError(f"{theirs.name}: another header")
        for mine, other in zip(left, right, strict=True):
            if mine != other:
                found.update(i for i, v in enumerate(mine) if v != other[i])
    return {f"{i + 1} {labels[i]}": count for i, count in sorted(found.items())}


def compared(ours: Path, theirs: Path) -> dict[str, dict[str, int]]:
    """The table and the .extra.csv."""
    table = next(p for p in ours.glob("*.csv") if p.name[:6].isdigit() and "extra" not in p.name)
    extra = next(ours.glob("*.extra.csv"))
    return {
        "table": differences(table, theirs / "table.csv"),
        "extra": differences(extra, theirs / "extra.csv"),
    }


if __name__ == "__main__":
    print(json.dumps(compared(Path(sys.argv[1]), Path(sys.argv[2])), ensure_ascii=False))
