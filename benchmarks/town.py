"""A whole invented town through every command, with figures: `python benchmarks/town.py --residents 20000`.

For each vendor: convert, check, totals; what they cost; whether the check finds every planted fault and nothing
else. Writes results/town_<residents>.csv and faults_<residents>.csv. Imports nothing big: see measured.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from measured import HERE, OURS, ROOT, Cost, measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VENDORS = ("asama", "shirane", "kusatsu")
ENDINGS = (0, 4, 8)
"""How convert and check may end: clean, alerts, errors found."""

Answer = tuple[str, str, str]
"""Rule, table, key of the row (its key columns without city_code, joined by a blank)."""


class Proof(NamedTuple):
    """Planted faults held against what a check found, of the rules that could be judged."""

    planted: set[Answer]
    found: set[Answer]

    @property
    def recall(self) -> float:
        return len(self.planted & self.found) / len(self.planted) if self.planted else 1.0

    @property
    def precision(self) -> float:
        return len(self.planted & self.found) / len(self.found) if self.found else 1.0


def migrate(*words: object) -> tuple[Cost, str]:
    """Run one command of the program."""
    return measured([OURS, "-m", "migrate", *map(str, words), "--lang", "en"], ENDINGS)


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def keys_of(table: str) -> tuple[list[str], list[str]]:
    """The labels of a table's key columns but for the municipality's, and its name's place."""
    (path,) = (ROOT / "layouts/standard").glob(f"*/{table}.csv")
    columns = [c for c in rows(path) if c["key"] == "yes" and c["name"] != "city_code"]
    return [c["label"] for c in columns], [c["name"] for c in columns]


def planted_in(town: Path, vendor: str) -> set[Answer]:
    """The answers that a vendor's files can show."""
    answers = rows(town / "answers.csv")
    return {
        (a["rule"], a["table"], a["key"]) for a in answers if vendor not in a["hidden_from"].split()
    }


def proof(
    made: Path, list_of_findings: Path, answers: Iterable[Answer], not_run: set[str]
) -> Proof:
    """What was planted in the rows that are there (a system may hold the latest generation alone), and what was
    found, as answers."""
    wanted: dict[str, dict[int, set[str]]] = {}
    for finding in rows(list_of_findings):
        if finding["table"] and finding["row"]:
            wanted.setdefault(finding["table"], {}).setdefault(int(finding["row"]), set()).add(
                finding["code"]
            )
    files = {
        path.name.split("_", 3)[3].rsplit("_", 2)[0]: path
        for path in made.glob("[0-9]*_*.csv")
        if ".extra." not in path.name
    }
    found: set[Answer] = set()
    delivered: set[tuple[str, str]] = set()
    planted = {a for a in answers if a[1] in files and a[0] not in not_run}
    for table in {a[1] for a in planted} | set(wanted):
        labels, places = keys_of(table)[0], wanted.get(table, {})
        for number, row in enumerate(rows(files[table]), 1):
            key = " ".join(row[label] for label in labels)
            delivered.add((table, key))
            found |= {(code, table, key) for code in places.get(number, ())}
    return Proof({a for a in planted if a[1:] in delivered}, found)


def vendor(name: str, town: Path, work: Path, rounds: int) -> tuple[list[dict[str, object]], Proof]:
    """Convert and check one vendor's export; in turn with the check, DuckDB merely scans and counts every table."""
    export, made, checked = town / name, work / name, work / f"check_{name}"
    said = ("--city", "482013", "--as-of", "20260401000000")
    lines = []

    def line(command: str, cost: Cost, number: int) -> None:
        lines.append(
            {
                "vendor": name,
                "command": command,
                "rows": number,
                **{k: round(v, 1) for k, v in cost._asdict().items()},
            }
        )

    cost, _ = migrate("convert", name, export, "--into", made, *said)
    facts = json.loads((made / "run.json").read_text("utf-8"))
    written = sum(t["rows"] for t in facts["tables"].values())
    line("convert", cost, written)
    for _ in range(rounds):
        cost, text = migrate("check", made, "--into", checked, "--format", "json")
        line("check", cost, written)
        line("scan", measured([sys.executable, str(HERE / "scan.py"), str(made)])[0], written)
    told = json.loads(text)
    not_run = {r["rule"] for r in told["rules"] if r["state"] == "not_run"}
    cost, _ = migrate("totals", made)
    line("totals", cost, written)
    return lines, proof(made, checked / "check-issues.csv", planted_in(town, name), not_run)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.005)
    parser.add_argument(
        "--work", type=Path, required=True, help="a folder for the town and what is made of it"
    )
    parser.add_argument("--vendors", nargs="+", choices=VENDORS, default=VENDORS)
    parser.add_argument("--areas", nargs="+", default=[], help="only these of the town's areas")
    parser.add_argument("--rounds", type=int, default=1, help="check and scan so often")
    asked = parser.parse_args()
    town = asked.work / "town"
    maker = [
        sys.executable,
        str(ROOT / "samples/make_town.py"),
        "--residents",
        str(asked.residents),
    ]
    cost, _ = measured(
        [
            *maker,
            "--seed",
            str(asked.seed),
            "--faults",
            str(asked.faults),
            "--into",
            str(town),
            *(["--areas", *asked.areas] if asked.areas else []),
        ]
    )
    lines: list[dict[str, object]] = [
        {
            "vendor": "",
            "command": "make_town",
            "rows": asked.residents,
            **{k: round(v, 1) for k, v in cost._asdict().items()},
        }
    ]
    print(lines[0])
    verdicts = []
    for name in asked.vendors:
        mine, shown = vendor(name, town, asked.work, asked.rounds)
        lines += mine
        for one in mine:
            print(one)
        for rule in sorted({a[0] for a in shown.planted | shown.found}):
            planted = {a for a in shown.planted if a[0] == rule}
            found = {a for a in shown.found if a[0] == rule}
            verdicts.append(
                {
                    "vendor": name,
                    "rule": rule,
                    "planted": len(planted),
                    "found": len(found),
                    "right": len(planted & found),
                }
            )
            if planted != found:
                print(
                    f"{name} {rule}: missed {len(planted - found)}, false {len(found - planted)}",
                    *sorted(planted ^ found)[:3],
                )
        print(
            f"{name}: {len(shown.planted)} planted, {len(shown.found)} found, precision {shown.precision:.4f}, recall {shown.recall:.4f}"
        )
    for stem, table in (("town", lines), ("faults", verdicts)):
        with (HERE / f"results/{stem}_{asked.residents}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            out = csv.DictWriter(file, list(table[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(table)


if __name__ == "__main__":
    main()
