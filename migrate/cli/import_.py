"""`migrate import`: layouts from books that machines can read; one module under cli/imports/ each."""

from __future__ import annotations

import click

from migrate.cli.groups import Group
from migrate.language import say


@click.command(
    "import",
    cls=Group,
    package="migrate.cli.imports",
    kinds=("copybook", "workbook", "notation"),
    help=say(
        """レイアウトを帳票から作る: COBOL の登録集、Excel の項目一覧、政府統計の符号表。

        layouts/legacy/V/F に layout.toml とレコード種別ごとの CSV を書く。決められないことは書かずに一覧で示す。
        次に migrate show V/F で見て、migrate lint で確かめる。""",
        """Make a layout from a book: a COBOL copybook, an Excel list of items, a 符号表 of government statistics.

        Writes layout.toml and one CSV a record type under layouts/legacy/V/F. What cannot be decided is
        listed, not guessed. Then look at it with migrate show V/F and check it with migrate lint.""",
    ),
)
def command() -> None:
    pass
