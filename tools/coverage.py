"""Which table is reached from which old system, with rows: makes docs/coverage.md, `python tools/coverage.py`.

The rows are those of the invented town of 1,000 residents (samples/make_town.py --residents 1000 --seed 1). The test
suite converts that town anyway and says so where the page is stale.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/coverage.md"
VENDORS = ("asama", "shirane", "kusatsu")
TOWN = ("--residents", "1000", "--seed", "1", "--faults", "0.005")

Facts = dict[str, dict[str, Any]]
"""By vendor, what its run.json says."""


def page(facts: Facts) -> str:
    """The table area x table x old system, and what is peculiar about each legacy file."""
    sys.path.insert(0, str(ROOT))
    from migrate.catalog import Catalog

    catalog = Catalog(ROOT)
    lines = [
        "# 業務 × 表 × 旧システム / Areas, tables and old systems",
        "<!-- made by tools/coverage.py; do not edit -->",
        "架空の町（住民1,000人、行の一部にわざと誤りを植えたもの）から移行した行数。— はその旧システムが持たない表。",
        "Rows written from the invented town of 1,000 residents (some of them wrong on purpose). — means that the"
        " old system does not hold the table.",
        "| 業務 | 表 | | asama | shirane | kusatsu |\n|-|-|-|-:|-:|-:|",
    ]
    sums = dict.fromkeys(VENDORS, 0)
    reached = {vendor: [set(), set()] for vendor in VENDORS}
    rows = []
    for area in catalog.areas().values():
        for name in area.tables:
            table = catalog.table(f"{area.name}/{name}")
            cells = []
            for vendor in VENDORS:
                written = facts[vendor]["tables"].get(name, {}).get("rows")
                cells.append("—" if written is None else f"{written:,}")
                if written:
                    sums[vendor] += written
                    reached[vendor][0].add(area.name)
                    reached[vendor][1].add(name)
            rows.append(f"| {area.number:02} {area.title} | {table.id} {table.title} | `{name}` | {' | '.join(cells)} |")
    rows.append("| 計 | | | " + " | ".join(f"**{sums[v]:,}**" for v in VENDORS) + " |")
    rows.append("| 業務 / 表 | | | " + " | ".join(f"{len(reached[v][0])} / {len(reached[v][1])}" for v in VENDORS) + " |")
    legacy = ["## 旧システムのファイル / The legacy files", "| レイアウト | ファイル | | 特徴 |\n|-|-|-|-|"]
    files = [
        f"| `{layout.name}` | `{layout.file}` | {layout.title} | {layout.source} |"
        for layout in map(catalog.layout, catalog.layout_names())
    ]
    return "\n\n".join(lines) + "\n" + "\n".join(rows) + "\n\n" + "\n\n".join(legacy) + "\n" + "\n".join(files) + "\n"


def main() -> None:
    facts: Facts = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        maker = [sys.executable, str(ROOT / "samples/make_town.py"), *TOWN, "--into", str(work)]
        subprocess.run(maker, check=True, stdout=subprocess.DEVNULL)
        for vendor in VENDORS:
            words = ["convert", vendor, work / vendor, "--into", work / f"new_{vendor}", "--city", "482013", "--as-of", "20260401000000"]
            subprocess.run([sys.executable, "-m", "migrate", *map(str, words)], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
            facts[vendor] = json.loads((work / f"new_{vendor}/run.json").read_text("utf-8"))
    PAGE.write_text(page(facts), encoding="utf-8")


if __name__ == "__main__":
    main()
