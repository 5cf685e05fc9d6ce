"""Put the last results between the markers of README.md: `python benchmarks/page.py [RESULTS]`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
BEGIN, END = "<!-- results: made by page.py -->", "<!-- /results -->"
NAMES = {
    "ours csv": "`migrate convert`, CSV",
    "ours parquet": "`migrate convert`, Parquet",
    "pandas": "pandas read_fwf, no validation",
    "plain": "plain Python loop, no validation",
}
FLOOR = "bare: "
TOP = 12

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(head: list[str], lines: list[list[Any]]) -> str:
    """A Markdown table; columns of numbers to the right."""
    cells = [[str(cell) for cell in line] for line in lines]
    number = [all(not c or c[0].isdigit() for c in column) for column in zip(*cells, strict=True)]
    rule = ["---:" if n else "---" for n in number]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *cells])


def tables(folder: Path) -> str:
    """Every table of the page, ratios first."""
    facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    parts = [
        _conditions(facts),
        ratios(folder),
        stages(folder, facts),
        memory(folder),
        columns(folder),
    ]
    return "\n\n".join([*filter(None, parts), bounds(folder), agreement(folder), *towns(folder), throughput(folder),
                        looks(folder)])


def ratios(folder: Path) -> str:
    """The whole job against everybody else."""
    found = rows(folder / "whole.csv")
    ours = found[0]
    lines = []
    for row in found:
        wall, cpu = (float(row[k]) / float(ours[k]) for k in ("wall_s", "cpu_s"))
        how = (
            ""
            if row["records"] == row["measured_on"]
            else f", scaled from {int(row['measured_on']):,}"
        )
        cells = [
            f"{wall:.2f}",
            f"{cpu:.2f}",
            *(f"{float(row[k]):,.0f}" for k in ("wall_s", "cpu_s", "rss_mb")),
        ]
        lines.append([NAMES[row["what"]] + how, *cells])
    head = ["process", "wall, ours = 1", "CPU, ours = 1", "wall s", "CPU s", "peak MB"]
    return "### Whole job and peers\n\n" + table(head, lines)


def stages(folder: Path, facts: dict[str, Any]) -> str:
    """Steps, and the floor below them."""
    found = {r["step"]: float(r["cpu_ns"]) for r in rows(folder / "stages.csv")}
    prototype = {r["step"]: r for r in rows(HERE / "prototype.csv")}
    size = facts["input"]["bytes"] / facts["records"]
    lines = []
    for step, ns in sorted(found.items(), key=lambda x: x[0].startswith(FLOOR)):
        known = prototype.get(step)
        times = (
            [f"{ns / float(known['cpu_ns']):.1f}", known["cpu_ns"], known["what"]]
            if known
            else ["", "", ""]
        )
        lines.append([step, f"{ns:,.0f}", f"{1e9 / ns:,.0f}", f"{size / ns * 1e3:,.0f}", *times])
    head = [
        "step",
        "CPU ns a record",
        "records/s",
        "MB/s of input",
        "times the prototype",
        "ns",
        "which did",
    ]
    floor = sum(ns for step, ns in found.items() if step.startswith(FLOOR))
    whole = float(rows(folder / "whole.csv")[0]["cpu_s"]) / facts["records"] * 1e9
    said = (
        f"The bare steps, which nothing can do without, add up to {floor:,.0f} ns a record; the whole job, process"
        f" start included, takes {whole:,.0f} ns of CPU: **{whole / floor:.1f} times** that floor."
    )
    return "### Steps, on one thread\n\n" + table(head, lines) + "\n\n" + said


def memory(folder: Path) -> str:
    """Peak memory must not depend on the number of records."""
    path = folder / "memory.csv"
    if not path.exists():
        return ""
    found = rows(path)
    least = float(found[0]["rss_mb"])
    lines = [
        [f"{int(r['records']):,}", f"{float(r['rss_mb']) / least:.2f}", r["rss_mb"]] for r in found
    ]
    return "### Memory\n\n" + table(["records", "peak, the first = 1", "peak MB"], lines)


def columns(folder: Path) -> str:
    """The dearest recipes and rules."""
    found = rows(folder / "columns.csv")
    parts = []
    for step in ("convert", "check"):
        mine = [r for r in found if r["step"] == step]
        total = sum(float(r["cpu_ns"]) for r in mine)
        lines = [
            [r["column"], f"{float(r['cpu_ns']):,.0f}", f"{float(r['cpu_ns']) / total:.0%}"]
            for r in mine[:TOP]
        ]
        parts.append(table([f"{step}, each alone", "CPU ns a record", "of all"], lines))
    return "### Dearest columns\n\n" + "\n\n".join(parts)


def bounds(folder: Path) -> str:
    lines = [[r["bound"], r["gb_s"]] for r in rows(folder / "bounds.csv")]
    return "### What the machine could do\n\n" + table(["bound", "GB/s"], lines)


def agreement(folder: Path) -> str:
    """Whose columns differ from ours."""
    lines = [
        [
            r["peer"],
            r["file"],
            r["column"] or "none: every value is equal",
            r["differ"],
            f"{int(r['of']):,}",
        ]
        for r in rows(folder / "agreement.csv")
    ]
    return "### Do the peers say the same?\n\n" + table(
        ["peer", "file", "column", "differ", "rows"], lines
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
        faults = folder / f"faults_{residents}.csv"
        if faults.exists():
            parts.append(
                table(
                    ["system", "planted", "found", "right", "precision", "recall"],
                    _found(rows(faults)),
                )
            )
    return parts


def throughput(folder: Path) -> str:
    """Reading by encoding and by number type, against CP932's text."""
    found = folder / "throughput.csv"
    if not found.exists():
        return ""
    head = ["encoding, or type and bytes", "bytes a record", "MB/s", "by bytes", "by records"]
    lines = [[r["what"], r["record_bytes"], r["mb_per_s"], r["by_bytes"], r["by_records"]] for r in rows(found)]
    return "**Reading, against CP932's text (`encodings.py`; more is faster)**\n\n" + table(head, lines)


def looks(folder: Path) -> str:
    """What peek says of files whose truth is known."""
    found = folder / "peek.csv"
    if not found.exists():
        return ""
    known = rows(found)
    verdicts = list(dict.fromkeys(r["verdict"] for r in known))
    lines = []
    for group, what in dict.fromkeys((r["group"], r["what"]) for r in known):
        mine = [r for r in known if (r["group"], r["what"]) == (group, what)]
        sure = sum(r["verdict"] == "right" and " certain" in r["guess"] for r in mine)
        wrong = sum(r["verdict"] == "wrong" and " certain" in r["guess"] for r in mine)
        counts = [sum(r["verdict"] == v for r in mine) for v in verdicts]
        lines.append([group, what, len(mine), sure, *counts, wrong])
    head = ["files", "question", "asked", "certain and right", *verdicts, "certain and wrong"]
    return "**`migrate peek`, truth against guess (`peek.py`; named: the truth is among the alternatives)**\n\n" + table(head, lines)


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


def _conditions(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    load = facts["load_average"]
    return (
        f"`{facts['command']}` of {facts['measured']}: {facts['records']:,} records, {facts['cores']} cores,"
        f" {facts['cpu']}, Python {facts['python']}, {versions}. Load average before and after {load['before']}"
        f" and {load['after']}: where it exceeds 1 before the run, others used the machine too. Input SHA-256"
        f" `{facts['input']['sha256']}`."
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "results"
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(f"{before}{BEGIN}\n\n{tables(folder)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
