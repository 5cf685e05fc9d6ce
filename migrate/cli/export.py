"""`migrate export`: layouts as books that others can read; one module under cli/exports/ each."""

from __future__ import annotations

import click

from migrate.cli.groups import Group
from migrate.language import say


@click.command(
    "export",
    cls=Group,
    package="migrate.cli.exports",
    kinds=("notation",),
    help=say(
        "レイアウトを他の人が読む帳票にする: 政府統計の符号表",
        "Write a layout as a book that others can read: a 符号表 of government statistics.",
    ),
)
def command() -> None:
    pass
