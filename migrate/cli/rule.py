"""`migrate rule E-READ-004`, `migrate rule R008`: what a code or a rule means and what to do about it."""

from __future__ import annotations

import click

from migrate.cli.base import Command, catalog
from migrate.language import say


@click.command(
    "rule",
    cls=Command,
    help=say(
        "指摘コード（E-READ-004）や規則（R008）の意味と対処。CODE がなければ一覧",
        "What an issue's code (E-READ-004) or a rule (R008) means and what to do. Without CODE: all.",
    ),
)
@click.argument("code", required=False)
def command(code: str | None) -> None:
    from migrate.catalog.notices import cited, found, notices
    from migrate.report import rules
    from migrate.report.columns import aligned

    if code is None:
        click.echo(aligned((cited(n.code), n.code, n.title) for n in notices().values()))
        click.echo(f"\n{rules.listing(catalog().rules())}")
        return
    try:
        notice = found(code)
    except KeyError as error:
        known = catalog().rules().by_id
        named = {name.lower(): rule for name, rule in known.items()}
        if code.lower() in named:
            click.echo(rules.page(named[code.lower()]))
            return
        raise click.UsageError(_unknown(code, list(known), error)) from None
    click.echo(f"{cited(notice.code)} {notice.code}\n  {notice.title}\n  → {notice.remedy}")


def _unknown(code: str, rules: list[str], error: KeyError) -> str:
    """What to say of a code that is neither a notice's nor a rule's."""
    from migrate.errors import unknown

    if code[:1].upper() == "R" and code[1:2].isdigit():
        return "; ".join(unknown(say("規則", "rule"), code.upper(), rules))
    return str(error.args[0])
