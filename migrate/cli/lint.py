"""`migrate lint`: every layout, table, code list, mapping and example."""

from __future__ import annotations

import click

from migrate.cli.base import CLEAN, NOT_PROCESSED, Command, catalog
from migrate.language import say


@click.command(
    "lint",
    cls=Command,
    help=say(
        "レイアウト・表・コード表・マッピング・例をすべて確かめ、誤りを一度に示す",
        "Check every layout, table, code list, mapping and example; show all problems at once.",
    ),
)
def command() -> int:
    from migrate.lint import problems

    found, counts = problems(catalog())
    for problem in found:
        click.echo(str(problem))
    summary = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    wrong = say(f"誤り {len(found)} 件", f"{len(found)} problems")
    click.echo(f"{summary}: {wrong if found else say('誤りなし', 'no problems')}")
    return NOT_PROCESSED if found else CLEAN
