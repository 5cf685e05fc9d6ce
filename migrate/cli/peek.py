"""`migrate peek`: what is in this file?"""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.base import Command, catalog
from migrate.language import say


@click.command(
    "peek",
    cls=Command,
    help=say(
        """SOURCE の形を見る: 文字コード、レコード長、改行、レコード種別、文字の種類。--layout があれば復号した項目も。

        推定は助言で、変換には使わない。変換の文字コードはレイアウトが宣言する。""",
        """Look at SOURCE: encoding, record length, newline, record types, characters; with --layout, its fields.

        Guesses are advice and are never used to convert: there, the layout declares the encoding.""",
    ),
)
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--layout", help=say("旧レイアウト vendor/file", "A legacy layout, vendor/file."))
@click.option(
    "--records",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help=say("示すレコード数", "Records to show."),
)
@click.option("--reveal", is_flag=True, help=say("個人の値も示す", "Show personal values, too."))
def command(source: Path, layout: str | None, records: int, *, reveal: bool) -> None:
    from migrate.peek import peek
    from migrate.report.look import decoded, page

    click.echo(page(peek(source, records if layout is None else 0), reveal=reveal))
    if layout is None:
        return
    from migrate.read import Reader

    found = catalog().layout(layout)
    read = next(Reader(found, part=True).batches(source, records))
    for record in found.records:
        click.echo(decoded(read.frames[record.name], record, reveal=reveal))
    for issue in read.issues.iter_rows(named=True):
        click.echo(f"{issue['code']} {issue['record']} {issue['item']}")
