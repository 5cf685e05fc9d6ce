"""An invented municipality as three vendors' legacy files, and what is wrong with it.

    python samples/make_town.py --residents 1000 --seed 1 --faults 0.005 --into DIR

Writes DIR/asama/, DIR/shirane/, DIR/kusatsu/, for each of them DIR/totals_<vendor>.csv (what the old system
says that it holds), and DIR/answers.csv: every planted violation as rule, table, the row's key (its key
columns without city_code, joined by a blank), and the vendors whose files cannot show it. Nobody in these files exists.
The same arguments give the same bytes. How it works: samples/town/core.py.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from town.core import Fault, Town
from town.legacy import written
from town.lists import totals, write_totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

AREAS = (
    "resident", "foreigner", "event", "restriction", "nonresident", "seal", "school", "voter", "fixed_asset", "inhabitant_tax",
    "corporate_tax", "vehicle", "health_insurance", "pension", "care", "elderly", "collection",
    "child", "disability",
)  # fmt: skip
"""In this order: an area may look at the truth of those before it."""

VENDORS = ("asama", "shirane", "kusatsu")

Answer = tuple[str, str, str]


def part(name: str) -> ModuleType | None:
    """A module of samples/town/, or None where there is none."""
    try:
        return importlib.import_module(f"town.{name}")
    except ModuleNotFoundError as missing:
        if missing.name and f"town.{name}".startswith(missing.name):
            return None
        raise


def settle(town: Town, areas: Iterable[str] = AREAS) -> list[Answer]:
    """Fill the truth of these areas, then plant the faults; gives the answers in order.

    >>> town = Town(60)
    >>> settle(town, ["resident"]), town.truth["juki_resident"].height > 60
    ([], True)
    """
    modules = {area: part(area) for area in areas}
    for area, module in modules.items():
        if module is None:
            print(f"{area}: no facts yet", file=sys.stderr)
        else:
            module.facts(town)
    found = [f for module in modules.values() for f in getattr(module, "FAULTS", ())]
    return sorted(answer for fault in found for answer in plant(town, fault, found))


def plant(town: Town, fault: Fault, among: list[Fault]) -> list[Answer]:
    """Break a rule in its share of the table's rows: faults x rows, divided among the table's faults."""
    if not town.faults or fault.table not in town.truth:
        return []
    rivals = sum(f.table == fault.table for f in among)
    number = max(1, round(town.faults * town.truth[fault.table].height / rivals))
    rng = town.rng(f"{fault.rule} {fault.table} {fault.plant.__name__}")
    return [(fault.rule, fault.table, key) for key in fault.plant(town, rng, number)]


def write(town: Town, into: Path, areas: Iterable[str] = AREAS) -> list[Path]:
    """Every vendor's files of these areas, below `into`."""
    found = []
    for vendor in VENDORS:
        for area in areas:
            module = part(f"{vendor}.{area}")
            for file in module.files(town) if module else ():
                path = into / vendor / file.name
                if path in found:
                    raise ValueError(f"{vendor} has two files {file.name}")
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as out:
                    out.writelines(written(file.layout, file.parts))
                found.append(path)
    return found


HIDDEN = {("R006", "juki_resident"): "shirane kusatsu"}
"""Faults of history cannot be seen in the files of those who keep the latest generation alone."""


def write_answers(path: Path, answers: list[Answer]) -> None:
    rows = [(*answer, HIDDEN.get(answer[:2], "")) for answer in answers]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerows([("rule", "table", "key", "hidden_from"), *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description="Make an invented municipality's legacy files.")
    parser.add_argument("--residents", type=int, default=1000, help="current residents")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same bytes (default 1)")
    parser.add_argument(
        "--faults", type=float, default=0.0, metavar="SHARE", help="rows that break a rule"
    )
    parser.add_argument("--areas", nargs="+", choices=AREAS, default=AREAS, help="only these areas")
    parser.add_argument(
        "--hosts", action="store_true", help="kusatsu_host/, too: EBCDIC, JEF, lengths before records"
    )
    parser.add_argument("--into", type=Path, required=True, metavar="DIR")
    asked = parser.parse_args()
    town = Town(asked.residents, asked.seed, asked.faults)
    answers = settle(town, asked.areas)
    asked.into.mkdir(parents=True, exist_ok=True)
    for path in write(town, asked.into, asked.areas):
        print(path.relative_to(asked.into))
    if asked.hosts:
        from town.host import write_hosts  # needs the package, for the hosts' tables

        for path in write_hosts(asked.into):
            print(path.relative_to(asked.into))
    write_answers(asked.into / "answers.csv", answers)
    for vendor in VENDORS:
        write_totals(asked.into / f"totals_{vendor}.csv", totals(town, vendor))


if __name__ == "__main__":
    main()
