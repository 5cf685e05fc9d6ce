"""`migrate export notation`: a layout as 符号表."""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.base import Command, catalog
from migrate.language import say


@click.command(
    "notation",
    cls=Command,
    help=say(
        """レイアウト V/F を、政府統計個票データレイアウト標準記法にならった符号表にする。レコード種別ごとに1つの CSV。

        再定義（redefines）と可変の繰返し（depends）は記法にないので断る。見出しの6行の項目名は公の文書に当たれて
        いないので本プログラムのもの。""",
        """Write the layout V/F as 符号表 in the manner of 政府統計個票データレイアウト標準記法, one CSV a record type.

        The notation has no word for redefines and depends: such layouts are refused. The names of the six header
        lines are this program's own; the official ones were not at hand.""",
    ),
)
@click.argument("layout", metavar="V/F")
@click.option(
    "--into",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=say("書き出すフォルダ", "Folder to write to."),
)
def command(layout: str, into: Path) -> None:
    from migrate.catalog.notation import tables

    made = tables(catalog().layout(layout))
    into.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        path = into / f"{name}.csv"
        path.write_text(text, encoding="utf-8-sig", newline="")
        click.echo(str(path))
