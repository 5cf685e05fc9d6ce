"""`migrate import notation`."""

from __future__ import annotations

import click

from migrate.cli.base import Command


@click.command("notation", cls=Command)
def command() -> None:
    raise click.UsageError("not built yet")
