"""Put the last results between the markers of README.md, and draw the plots: `python benchmarks/page.py`."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import plots
from results import JAVA, Results, rows, targets
from tables import bounds, cited, columns, kernels, looks, table, throughput, towns

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
RESULTS = HERE / "results"
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
        lines.append(
            [
                t.name,
                wanted,
                f"{t.reached.middle:.3g}",
                spread,
                "reached" if t.met else "**not reached**",
                t.definition,
            ]
        )
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
    for what, name in NAMES.items():
        costs = found.cost(what, n)
        if not costs:
            continue
        walls, cpus = [s.wall_s for s in costs], [s.cpu_s for s in costs]
        measured = max(found.sizes(what))
        how = "" if measured == n else f", scaled from {measured:,}"
        lines.append([name + how, f"{median(walls) / wall:.2f}", f"{median(cpus) / cpu:.2f}", f"{median(walls):.1f}",
                      f"{min(walls):.1f} to {max(walls):.1f}", f"{min(cpus):.1f}", f"{max(s.rss_mb for s in costs):,.0f}"])  # fmt: skip
        bars.append(
            (what, median(cpus) / cpu, f"{median(cpus) / cpu:.2f}", what.startswith("ours"))
        )
    if iconv := found.cost("iconv", n):
        java = [JAVA * s.wall_s for s in iconv]
        said = f"hand-written Java, 2 threads (not measured here: {JAVA:.2f} times iconv)"
        lines.append(
            [
                said,
                f"{median(java) / wall:.2f}",
                "",
                f"{median(java):.1f}",
                f"{min(java):.1f} to {max(java):.1f}",
                "",
                "",
            ]
        )
    head = [
        "process",
        "wall, ours = 1",
        "CPU, ours = 1",
        "wall s",
        "rounds",
        "least CPU s",
        "peak MB",
    ]
    text = f"### Whole job and peers, {n:,} records, one worker\n\nNone of the peers validates anything.\n\n{table(head, lines)}"
    heavy = [
        (size, s) for (what, size, _), s in found.processes.items() if what == "ours resident csv"
    ]
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
    ranked = sorted(
        found.steps.items(), key=lambda x: (x[0].startswith(APART), x[0].startswith(BARE))
    )
    for step, spent in ranked:
        if step == "yardstick":
            continue
        ns, most = (f(s.cpu_s for s in spent) * 1e9 for f in (min, max))
        lines.append(
            [step, f"{ns:,.0f}", f"{most:,.0f}", f"{1e9 / ns:,.0f}", f"{size / ns * 1e3:,.0f}"]
        )
        bars.append(
            (
                step.replace(", all quoted", ""),
                ns,
                f"{ns:,.0f} ns",
                not step.startswith((BARE, *APART)),
            )
        )
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
    known = {
        w: s for (what, size, w), s in found.processes.items() if what == "ours csv" and size == n
    }
    if len(known) < 2:
        return ""
    one = median(s.wall_s for s in known[1])
    middle = {w: median(s.wall_s for s in spent) for w, spent in sorted(known.items())}
    lines = [
        [
            w,
            f"{one / s:.2f}",
            f"{s:.1f}",
            f"{min(x.cpu_s for x in known[w]):.1f}",
            f"{max(x.rss_mb for x in known[w]):,.0f}",
        ]
        for w, s in middle.items()
    ]
    reached = [(float(w), one / s) for w, s in middle.items()]
    drawn = plots.curves("One worker's wall time to that of more", ("workers", "times as fast"),
                         {"reached": reached, "ideal": [(x, x) for x, _ in reached]})  # fmt: skip
    plot = _plot(found.folder, "scaling", drawn, "scaling")
    return (
        f"### Workers, {n:,} records\n\n"
        + table(["workers", "times as fast", "wall s", "CPU s", "peak MB, all"], lines)
        + f"\n\n{plot}"
    )


def memory(found: Results) -> str:
    """Peak memory must not depend on the number of records."""
    if not found.memory:
        return ""
    least = float(found.memory[0]["rss_mb"])
    lines = [
        [r["what"], f"{int(r['records']):,}", f"{float(r['rss_mb']) / least:.2f}", r["rss_mb"]]
        for r in found.memory
    ]
    curves: dict[str, list[tuple[float, float]]] = {}
    for r in found.memory:
        curves.setdefault(r["what"], []).append((int(r["records"]) / 1e6, float(r["rss_mb"])))
    plot = _plot(
        found.folder,
        "memory",
        plots.curves("Peak memory", ("million records", "MB"), curves),
        "the memory curve",
    )
    return (
        "### Memory\n\n"
        + table(["file", "records", "peak, the first = 1", "peak MB"], lines)
        + "\n\n"
        + plot
    )


def starts(found: Results) -> str:
    lines = [
        [
            what,
            f"{median(s.wall_s for s in spent):.2f}",
            f"{min(s.wall_s for s in spent):.2f}",
            f"{min(s.cpu_s for s in spent):.2f}",
        ]
        for what, spent in found.starts.items()
    ]
    return (
        "### Start\n\n" + table(["from the command to", "wall s", "least", "least CPU s"], lines)
        if lines
        else ""
    )


def agreement(folder: Path, found: Results) -> str:
    """Whose values differ from ours."""
    lines = [
        [NAMES[r["peer"]], r["file"], f"{r['columns']} of {r['of']}", f"{int(r['rows']):,}", r["differing_columns"] or "none",
         r["differing_values"]]
        for r in rows(folder / "agreement.csv")
    ]  # fmt: skip
    text = "### Do the peers say the same?\n\n" + table(
        ["peer", "file", "columns compared", "rows", "differing columns", "values"], lines
    )
    absent = [f"{NAMES[name]}: {what}" for name, what in found.facts.get("absent", {}).items()]
    return text + (
        f"\n\nNot installed here, so not measured: {'; '.join(absent)}." if absent else ""
    )


def _conditions(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    load = facts["load_average"]
    inputs = "\n".join(
        f"- {name}: {f['bytes']:,} bytes, SHA-256 `{f['sha256']}`"
        for name, f in facts["inputs"].items()
    )
    return (
        f"`{facts['command']}` of {facts['measured']}: {facts['records']:,} records, {facts['rounds']} rounds, {facts['cores']} cores,"
        f" {facts['cpu']}, Python {facts['python']}, {versions}. Load average before and after {load['before']}"
        f" and {load['after']}: where it exceeds 1 before the run, others used the machine too.\n\n{inputs}"
    )


def write() -> None:
    """Renew the page."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(f"{before}{BEGIN}\n\n{tables(RESULTS)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write()
