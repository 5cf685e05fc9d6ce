"""`migrate demo`: the main job on the shipped samples."""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.base import CLEAN, Command, catalog
from migrate.language import say

MAPPINGS, SOURCE = "asama/resident*", "samples/asama/resident.dat"


@click.command(
    "demo",
    cls=Command,
    help=say(
        "同梱の見本（架空の住民）で主な仕事を一通り行う",
        "The main job on the shipped samples (invented people).",
    ),
)
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True,
    help=say("書き出すフォルダ", "Folder to write to."),
)  # fmt: skip
def command(into: Path) -> int:
    from migrate.books import Options
    from migrate.catalog.files import shipped
    from migrate.cli.progress import bar
    from migrate.pipeline import run
    from migrate.report.text import page

    source = shipped() / SOURCE
    click.echo(
        say(
            "読取部を機械語にする間、初回だけ数秒かかります",
            "the first run takes some seconds more: the reader is compiled once",
        ),
        err=True,
    )
    with bar(source) as progress:
        report = run(catalog().mappings(MAPPINGS), source, into, Options(progress=progress))
    click.echo(f"$ migrate convert '{MAPPINGS}' {SOURCE} --into {into}\n")
    click.echo(page(report))
    click.echo(
        say(
            f"\n次に: {into}/issues.csv を開く。1件を詳しく: migrate explain asama/resident {SOURCE} --record 46",
            f"\nNext: open {into}/issues.csv. One record in full: migrate explain asama/resident {SOURCE} --record 46",
        )
    )
    return CLEAN
