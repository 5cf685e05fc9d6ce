"""`migrate explain`: one record, byte by byte, step by step."""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.base import Command, catalog
from migrate.language import say


@click.command(
    "explain",
    cls=Command,
    help=say(
        """1件のレコードをバイトから列まで追う。例: migrate explain asama/resident resident.dat --record 46

        16進の物差し、項目、マッピングの各語の前と後、検査の判定。個人の値は --reveal がなければ隠す。""",
        """Follow one record from bytes to columns, e.g. migrate explain asama/resident resident.dat --record 46

        A hex ruler, the fields, each word's in and out, the verdict of the checks. Personal values are hidden
        without --reveal.""",
    ),
)
@click.argument("mapping")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--record",
    type=click.IntRange(1),
    required=True,
    help=say("ファイルの先頭から数えた番号", "Its number, counted from the head of the file."),
)
@click.option("--reveal", is_flag=True, help=say("個人の値も示す", "Show personal values, too."))
def command(mapping: str, source: Path, record: int, *, reveal: bool) -> None:
    from migrate.explain import explain
    from migrate.report.record import page

    found = catalog().mapping(mapping)
    click.echo(page(explain(found, source, record), found, reveal=reveal))
