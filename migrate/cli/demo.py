"""`migrate demo`: an invented town from three old systems, through every main command."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate.cli.base import CLEAN, Command, catalog
from migrate.language import say

if TYPE_CHECKING:
    from migrate.report.demo import Stop

CITY, AS_OF = "482013", "20260401000000"
VENDORS = ("asama", "shirane", "kusatsu")


@click.command(
    "demo",
    cls=Command,
    help=say(
        """架空の町（住民1,000人）を作り、3つの旧システムの抽出から変換・検査・突合までを行う。

        町の行の一部にはわざと誤りを植えてあり、検査が見つける（answers.csv が正解）。""",
        """Make an invented town of 1,000 residents and take it from three old systems through convert, check and
        reconcile. Some rows are wrong on purpose, for the check to find (answers.csv lists them).""",
    ),
)
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True,
    help=say("書き出すフォルダ", "Folder to write to."),
)  # fmt: skip
@click.option("--residents", type=click.IntRange(60), default=1000, show_default=True,
              help=say("住民の数", "How many residents."))  # fmt: skip
def command(into: Path, residents: int) -> int:
    from migrate.report.demo import page

    old = into / "old"
    _town(old, residents)
    stops = [_stop(vendor, old, into) for vendor in VENDORS]
    click.echo(page(stops))
    first = VENDORS[0]
    click.echo(
        say(
            f"\n同じことを手で: migrate convert {first} {old}/{first} --into out、migrate check out、"
            f"migrate reconcile {old}/totals_{first}.csv out\n次に: {into}/check_{first}/check-issues.csv を開く。規則の意味: migrate rule R045",
            f"\nThe same by hand: migrate convert {first} {old}/{first} --into out; migrate check out; "
            f"migrate reconcile {old}/totals_{first}.csv out\nNext: open {into}/check_{first}/check-issues.csv. What a rule means: migrate rule R045",
        )
    )
    return CLEAN


def _town(into: Path, residents: int) -> None:
    """The town's legacy files, by the generator that lies with the samples."""
    from migrate.catalog.files import shipped

    maker = shipped() / "samples/make_town.py"
    words = ["--residents", str(residents), "--faults", "0.005", "--into", str(into)]
    subprocess.run([sys.executable, str(maker), *words], check=True, stdout=subprocess.DEVNULL)


def _stop(vendor: str, old: Path, into: Path) -> Stop:
    """One old system: converted, checked, reconciled."""
    from migrate.books import Options
    from migrate.cli.progress import bar
    from migrate.delivery import Terms, check
    from migrate.pipeline import run
    from migrate.report.demo import Stop
    from migrate.totals.reconcile import reconcile

    known = catalog()
    with bar(old / vendor) as progress:
        options = Options(city=CITY, as_of=AS_OF, progress=progress)
        report = run(known.mappings(vendor), old / vendor, into / vendor, options)
    findings = check(known, into / vendor, Terms(into=into / f"check_{vendor}"))
    reconciled = reconcile(known, old / f"totals_{vendor}.csv", into / vendor)
    tables = {f.table for f in findings.files}
    with (old / "answers.csv").open(encoding="utf-8", newline="") as file:
        shown = (row for row in csv.DictReader(file) if vendor not in row["hidden_from"].split())
        planted = Counter(row["rule"] for row in shown if row["table"] in tables)
    return Stop(vendor, report, findings, reconciled, dict(planted))
