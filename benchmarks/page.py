"""Put the last results between the markers of README.md, and draw the plots: `python benchmarks/page.py [RESULTS]`."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from typing import Any

import plots
from results import JAVA, Results, Row, rows, targets

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
BEGIN, END = "<!-- results: made by page.py -->", "<!-- /results -->"
NAMES = {
    "ours csv": "`migrate convert`, CSV, everything checked",
    "ours parquet": "`migrate convert`, Parquet, everything checked",
    "polars": "iconv, polars slicing and expressions",
    "duckdb": "iconv, DuckDB in SQL",
    "pandas": "pandas read_fwf",
    "plain": "plain Python loop",
    "perl": "Perl",
    "csvkit": "csvkit in2csv (slices and decodes only)",
    "iconv": "iconv to a file (decodes only)",
}
BARE = "bare: "
APART = ("yardstick", "iconv")
TOP = 12


def table(head: list[str], lines: list[list[Any]]) -> str:
    """A Markdown table; columns of numbers to the right."""
    cells = [[str(cell) for cell in line] for line in lines]
    number = [all(not c or c[0].isdigit() for c in column) for column in zip(*cells, strict=True)]
    rule = ["---:" if n else "---" for n in number or [False] * len(head)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *cells])


def tables(folder: Path) -> str:
    """Every table of the page, targets first."""
    found = Results(folder)
    parts = [
        _conditions(found.facts),
        targets_table(folder),
        peers(found),
        stages(found),
        scaling(found),
        memory(found),
        starts(found),
        columns(folder),
        kernels(folder),
        bounds(folder),
        agreement(folder, found),
        cited(),
        *towns(folder),
        throughput(folder),
        looks(folder),
    ]
    return "\n\n".join(filter(None, parts))


def _plot(folder: Path, name: str, drawn: str, said: str) -> str:
    """Keep a plot beside the results; gives its line of Markdown."""
    (folder / f"{name}.svg").write_text(drawn, encoding="utf-8")
    return f"![{said}]({folder.name}/{name}.svg)"


def targets_table(folder: Path) -> str:
    """What must be reached, and what was."""
    lines, bars = [], []
    for t in targets(Results(folder)):
        wanted = f"{'at least' if t.at_least else 'at most'} {t.wanted:g}"
        if t.reached is None:
            lines.append([t.name, wanted, "not measured", "", "", t.definition])
            continue
        share = t.reached.middle / t.wanted if t.at_least else t.wanted / t.reached.middle
        spread = f"{t.reached.least:.3g} to {t.reached.most:.3g}"
        lines.append([t.name, wanted, f"{t.reached.middle:.3g}", spread, "reached" if t.met else "**not reached**", t.definition])
        bars.append((t.name, min(share, 3.0), f"{t.reached.middle:.3g} ({wanted})", bool(t.met)))
    head = ["target", "wanted", "figure", "rounds", "", "definition"]
    drawn = plots.bars("Targets: beyond the line is reached (cut at three times)", bars, mark=1.0)
    plot = _plot(folder, "targets", drawn, "targets against reached") if bars else ""
    return "### Target and reached\n\n" + table(head, lines) + "\n\n" + plot


def peers(found: Results) -> str:
    """The whole job against everybody else, one worker."""
    n, lines, bars = found.records, [], []
    ours = found.cost("ours csv", n)
    if not ours:
        return ""
    wall, cpu = (median(getattr(s, k) for s in ours) for k in ("wall_s", "cpu_s"))
    for what in NAMES:
        costs = found.cost(what, n)
        if not costs:
            continue
        walls, cpus = [s.wall_s for s in costs], [s.cpu_s for s in costs]
        measured = max(found.sizes(what))
        how = "" if measured == n else f", scaled from {measured:,}"
        lines.append([NAMES[what] + how, f"{median(walls) / wall:.2f}", f"{median(cpus) / cpu:.2f}", f"{median(walls):.1f}",
                      f"{min(walls):.1f} to {max(walls):.1f}", f"{min(cpus):.1f}", f"{max(s.rss_mb for s in costs):,.0f}"])  # fmt: skip
        bars.append((what, median(cpus) / cpu, f"{median(cpus) / cpu:.1f}", what.startswith("ours")))
    head = ["process", "wall, ours = 1", "CPU, ours = 1", "wall s", "rounds", "least CPU s", "peak MB"]
    text = f"### Whole job and peers, {n:,} records, one worker\n\nNone of the peers validates anything.\n\n{table(head, lines)}"
    heavy = [(size, s) for (what, size, _), s in found.processes.items() if what == "ours resident csv"]
    for size, costs in heavy:
        each = min(s.cpu_s for s in costs) / size * 1e6
        text += f"\n\nThe heavier job (450 bytes, 141 columns, {size:,} records): {each:,.1f} microseconds of CPU a record, start included."
    drawn = plots.bars("CPU time, ours = 1 (less is better)", sorted(bars, key=lambda b: b[1]))
    return text + "\n\n" + _plot(found.folder, "peers", drawn, "the whole job against peers")


def stages(found: Results) -> str:
    """Steps, and the floor below them."""
    if not found.steps:
        return ""
    size = 400
    lines, bars = [], []
    ranked = sorted(found.steps.items(), key=lambda x: (x[0].startswith(APART), x[0].startswith(BARE)))
    for step, spent in ranked:
        if step == "yardstick":
            continue
        ns, most = (f(s.cpu_s for s in spent) * 1e9 for f in (min, max))
        lines.append([step, f"{ns:,.0f}", f"{most:,.0f}", f"{1e9 / ns:,.0f}", f"{size / ns * 1e3:,.0f}"])
        bars.append((step.replace(", all quoted", ""), ns, f"{ns:,.0f} ns", not step.startswith((BARE, *APART))))
    head = ["step", "CPU ns a record, least", "most", "records/s", "MB/s of input"]
    floor = min(found.irreducible) * 1e9
    said = f"The bare steps, which nothing can do without, add up to {floor:,.0f} ns a record (kernel: {found.facts.get('kernel', '')})."
    if whole := found.cost("ours csv", found.records):
        each = min(s.cpu_s for s in whole) / found.records * 1e9
        said += f" The whole job, process start included, takes {each:,.0f} ns of CPU: **{each / floor:.1f} times** that floor."
    drawn = plots.bars("CPU nanoseconds a record, on one thread", bars)
    plot = _plot(found.folder, "stages", drawn, "steps")
    return "\n\n".join(["### Steps, on one thread", table(head, lines), said, plot])


def scaling(found: Results) -> str:
    """The whole job with more workers."""
    n = found.scaled_to
    known = {w: s for (what, size, w), s in found.processes.items() if what == "ours csv" and size == n}
    if len(known) < 2:
        return ""
    one = median(s.wall_s for s in known[1])
    middle = {w: median(s.wall_s for s in spent) for w, spent in sorted(known.items())}
    lines = [
        [w, f"{one / s:.2f}", f"{s:.1f}", f"{min(x.cpu_s for x in known[w]):.1f}", f"{max(x.rss_mb for x in known[w]):,.0f}"]
        for w, s in middle.items()
    ]
    reached = [(float(w), one / s) for w, s in middle.items()]
    drawn = plots.curves("One worker's wall time to that of more", ("workers", "times as fast"),
                         {"reached": reached, "ideal": [(x, x) for x, _ in reached]})  # fmt: skip
    plot = _plot(found.folder, "scaling", drawn, "scaling")
    return f"### Workers, {n:,} records\n\n" + table(["workers", "times as fast", "wall s", "CPU s", "peak MB, all"], lines) + f"\n\n{plot}"


def memory(found: Results) -> str:
    """Peak memory must not depend on the number of records."""
    if not found.memory:
        return ""
    least = float(found.memory[0]["rss_mb"])
    lines = [[r["what"], f"{int(r['records']):,}", f"{float(r['rss_mb']) / least:.2f}", r["rss_mb"]] for r in found.memory]
    curves: dict[str, list[tuple[float, float]]] = {}
    for r in found.memory:
        curves.setdefault(r["what"], []).append((int(r["records"]) / 1e6, float(r["rss_mb"])))
    plot = _plot(found.folder, "memory", plots.curves("Peak memory", ("million records", "MB"), curves), "the memory curve")
    return "### Memory\n\n" + table(["file", "records", "peak, the first = 1", "peak MB"], lines) + "\n\n" + plot


def starts(found: Results) -> str:
    lines = [
        [what, f"{median(s.wall_s for s in spent):.2f}", f"{min(s.wall_s for s in spent):.2f}", f"{min(s.cpu_s for s in spent):.2f}"]
        for what, spent in found.starts.items()
    ]
    return "### Start\n\n" + table(["from the command to", "wall s", "least", "least CPU s"], lines) if lines else ""


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
    return "### Kernels (pytest-benchmark; wall time)\n\n" + table(["kernel", "least ns a record", "middle"], lines) if lines else ""


def bounds(folder: Path) -> str:
    lines = [[r["bound"], r["gb_s"]] for r in rows(folder / "bounds.csv")]
    return "### What the machine could do\n\n" + table(["bound", "GB/s"], lines) if lines else ""


def agreement(folder: Path, found: Results) -> str:
    """Whose values differ from ours."""
    lines = [
        [NAMES[r["peer"]], r["file"], f"{r['columns']} of {r['of']}", f"{int(r['rows']):,}", r["differing_columns"] or "none",
         r["differing_values"]]
        for r in rows(folder / "agreement.csv")
    ]  # fmt: skip
    text = "### Do the peers say the same?\n\n" + table(["peer", "file", "columns compared", "rows", "differing columns", "values"], lines)
    absent = [f"{NAMES[name]}: {what}" for name, what in found.facts.get("absent", {}).items()]
    return text + (f"\n\nNot installed here, so not measured: {'; '.join(absent)}." if absent else "")


def cited() -> str:
    """Peers that were measured elsewhere, once."""
    lines = [[r["tool"], r["wall_s"], r["correct"]] for r in rows(HERE / "cited.csv")]
    said = (
        "Not measured here: 1,000,000 records of 400 bytes to CSV on a comparable two-core machine, nothing validated. In one"
        f" interleaved series there, Java with two threads took {JAVA:.2f} times iconv to a file."
    )
    return f"### Peers measured elsewhere\n\n{said}\n\n" + table(["tool", "wall s", "correct"], lines)


def towns(folder: Path) -> list[str]:
    """Whole towns through every command (town.py), and how much of what was planted the check found."""
    parts = []
    for path in sorted(folder.glob("town_*.csv"), key=lambda p: int(p.stem.partition("_")[2])):
        residents = int(path.stem.partition("_")[2])
        lines = [
            [r["vendor"] or "-", r["command"], f"{int(r['rows']):,}", r["wall_s"], r["cpu_s"], r["rss_mb"]]
            for r in rows(path)
        ]
        head = ["system", "command", "rows", "wall s", "CPU s", "peak MB"]
        parts.append(f"### A town of {residents:,} residents, all its areas\n\n{table(head, lines)}")
        if faults := rows(folder / f"faults_{residents}.csv"):
            head = ["system", "planted", "found", "right", "precision", "recall"]
            parts.append(table(head, _found(faults)))
    return parts


def throughput(folder: Path) -> str:
    """Reading by encoding and by number type, against CP932's text."""
    found = rows(folder / "throughput.csv")
    head = ["encoding, or type and bytes", "bytes a record", "MB/s", "by bytes", "by records"]
    lines = [[r["what"], r["record_bytes"], r["mb_per_s"], r["by_bytes"], r["by_records"]] for r in found]
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
        made.append([vendor, planted, found, right, f"{right / found:.4f}", f"{right / planted:.4f}"])
    return made


def _conditions(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    load = facts["load_average"]
    inputs = "\n".join(f"- {name}: {f['bytes']:,} bytes, SHA-256 `{f['sha256']}`" for name, f in facts["inputs"].items())
    return (
        f"`{facts['command']}` of {facts['measured']}: {facts['records']:,} records, {facts['rounds']} rounds, {facts['cores']} cores,"
        f" {facts['cpu']}, Python {facts['python']}, {versions}. Load average before and after {load['before']}"
        f" and {load['after']}: where it exceeds 1 before the run, others used the machine too.\n\n{inputs}"
    )


def write(folder: Path) -> None:
    """Renew the page."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(f"{before}{BEGIN}\n\n{tables(folder)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "results")
