"""`migrate import workbook`."""

from __future__ import annotations

import click

from migrate.cli.base import Command


@click.command("workbook", cls=Command)
def command() -> None:
    raise click.UsageError("not built yet")
