"""`migrate rule E-READ-004`: what a code means and what to do about it."""

from __future__ import annotations

import click

from migrate.cli.base import Command
from migrate.language import say


@click.command(
    "rule",
    cls=Command,
    help=say(
        "指摘コードの意味と対処。CODE がなければ一覧",
        "What an issue's code means and what to do. Without CODE: all.",
    ),
)
@click.argument("code", required=False)
def command(code: str | None) -> None:
    from migrate.catalog.notices import cited, found, notices
    from migrate.report.columns import aligned

    if code is None:
        click.echo(aligned((cited(n.code), n.code, n.title) for n in notices().values()))
        return
    try:
        notice = found(code)
    except KeyError as error:
        raise click.UsageError(error.args[0]) from None
    click.echo(f"{cited(notice.code)} {notice.code}\n  {notice.title}\n  → {notice.remedy}")
