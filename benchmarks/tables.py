"""Tables of Markdown: `table(head, lines)`, and what stands on the page as it was measured, without a plot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from results import JAVA, Row, rows

HERE = Path(__file__).resolve().parent
TOP = 12


def table(head: list[str], lines: list[list[Any]]) -> str:
    """A Markdown table; columns of numbers to the right."""
    cells = [[str(cell) for cell in line] for line in lines]
    number = [all(not c or c[0].isdigit() for c in column) for column in zip(*cells, strict=True)]
    rule = ["---:" if n else "---" for n in number or [False] * len(head)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *cells])


def columns(folder: Path) -> str:
    """The dearest recipes and rules."""
    found = rows(folder / "columns.csv")
    parts = []
    for step in dict.fromkeys(r["step"] for r in found):
        mine = [r for r in found if r["step"] == step]
        total = sum(float(r["cpu_ns"]) for r in mine)
        lines = [
            [r["column"], f"{float(r['cpu_ns']):,.0f}", f"{float(r['cpu_ns']) / total:.0%}"]
            for r in mine[:TOP]
        ]
        parts.append(table([f"{step}, each alone", "CPU ns a record", "of all"], lines))
    return "\n\n".join(["### Dearest columns", *parts]) if parts else ""


def kernels(folder: Path) -> str:
    lines = [
        [r["kernel"].removeprefix("test_").replace("_", " "), f"{float(r['least_s']) / int(r['records']) * 1e9:,.0f}",
         f"{float(r['middle_s']) / int(r['records']) * 1e9:,.0f}"]
        for r in rows(folder / "kernels.csv")
    ]  # fmt: skip
    return (
        "### Kernels (pytest-benchmark; wall time)\n\n"
        + table(["kernel", "least ns a record", "middle"], lines)
        if lines
        else ""
    )


def bounds(folder: Path) -> str:
    lines = [[r["bound"], r["gb_s"]] for r in rows(folder / "bounds.csv")]
    return "### What the machine could do\n\n" + table(["bound", "GB/s"], lines) if lines else ""


def cited() -> str:
    """Peers that were measured elsewhere, once."""
    lines = [[r["tool"], r["wall_s"], r["correct"]] for r in rows(HERE / "cited.csv")]
    said = (
        "Not measured here: 1,000,000 records of 400 bytes to CSV on a comparable two-core machine, nothing validated. In one"
        f" interleaved series there, Java with two threads took {JAVA:.2f} times iconv to a file."
    )
    return f"### Peers measured elsewhere\n\n{said}\n\n" + table(
        ["tool", "wall s", "correct"], lines
    )


def towns(folder: Path) -> list[str]:
    """Whole towns through every command (town.py), and how much of what was planted the check found."""
    parts = []
    for path in sorted(folder.glob("town_*.csv"), key=lambda p: int(p.stem.partition("_")[2])):
        residents = int(path.stem.partition("_")[2])
        lines = [
            [
                r["vendor"] or "-",
                r["command"],
                f"{int(r['rows']):,}",
                r["wall_s"],
                r["cpu_s"],
                r["rss_mb"],
            ]
            for r in rows(path)
        ]
        head = ["system", "command", "rows", "wall s", "CPU s", "peak MB"]
        parts.append(
            f"### A town of {residents:,} residents, all its areas\n\n{table(head, lines)}"
        )
        if faults := rows(folder / f"faults_{residents}.csv"):
            head = ["system", "planted", "found", "right", "precision", "recall"]
            parts.append(table(head, _found(faults)))
    return parts


def throughput(folder: Path) -> str:
    """Reading by encoding and by number type, against CP932's text."""
    found = rows(folder / "throughput.csv")
    head = ["encoding, or type and bytes", "bytes a record", "MB/s", "by bytes", "by records"]
    lines = [
        [r["what"], r["record_bytes"], r["mb_per_s"], r["by_bytes"], r["by_records"]] for r in found
    ]
    title = "### Reading, against CP932's text (`encodings.py`; more is faster)"
    return f"{title}\n\n{table(head, lines)}" if found else ""


def looks(folder: Path) -> str:
    """What peek says of files whose truth is known."""
    known = rows(folder / "peek.csv")
    if not known:
        return ""
    verdicts = list(dict.fromkeys(r["verdict"] for r in known))
    lines = []
    for group, what in dict.fromkeys((r["group"], r["what"]) for r in known):
        mine = [r for r in known if (r["group"], r["what"]) == (group, what)]
        sure = sum(r["verdict"] == "right" and " certain" in r["guess"] for r in mine)
        wrong = sum(r["verdict"] == "wrong" and " certain" in r["guess"] for r in mine)
        counts = [sum(r["verdict"] == v for r in mine) for v in verdicts]
        lines.append([group, what, len(mine), sure, *counts, wrong])
    head = ["files", "question", "asked", "certain and right", *verdicts, "certain and wrong"]
    title = "### `migrate peek`, truth against guess (`peek.py`; named: the truth is among the alternatives)"
    return f"{title}\n\n{table(head, lines)}"


def _found(lines: list[Row]) -> list[list[Any]]:
    """Of each system: rows broken on purpose, rows that the check named, those that were both."""
    made = []
    for vendor in dict.fromkeys(r["vendor"] for r in lines):
        planted, found, right = (
            sum(int(r[name]) for r in lines if r["vendor"] == vendor)
            for name in ("planted", "found", "right")
        )
        made.append(
            [vendor, planted, found, right, f"{right / found:.4f}", f"{right / planted:.4f}"]
        )
    return made
