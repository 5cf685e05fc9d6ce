"""`migrate show`: knowledge, readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrate.cli.base import Command, catalog
from migrate.language import say

if TYPE_CHECKING:
    from migrate.catalog import Catalog


@click.command(
    "show",
    cls=Command,
    help=say(
        """知識を読みやすく示す。NAME: 業務 01_resident_register、表 01_resident_register/juki_resident、
        旧レイアウト asama/resident、外字 asama/gaiji、コード表 codes/C012。なければ一覧""",
        """Show knowledge readably. NAME: an area 01_resident_register, a table 01_resident_register/juki_resident,
        a legacy layout asama/resident, its vendor's gaiji asama/gaiji, a code list codes/C012. Without NAME: what there is.""",
    ),
)
@click.argument("name", required=False)
@click.option(
    "--xsd", is_flag=True, help=say("表の XML Schema を示す", "Show a table's XML Schema.")
)
def command(name: str | None, *, xsd: bool) -> None:
    from migrate.report import knowledge

    known: Catalog = catalog()
    if xsd:
        from migrate.write.xsd import xsd as schema

        click.echo(schema(known.table(name or ""), known.code_lists()), nl=False)
    elif name is None:
        click.echo(knowledge.contents(known))
    elif name.startswith("codes/"):
        click.echo(knowledge.code_list(known, name.removeprefix("codes/")))
    elif name in known.areas():
        click.echo(knowledge.area(known, name))
    elif name in known.layout_names():
        click.echo(knowledge.layout(known.layout(name)))
    elif name in known.gaiji_names():
        click.echo(knowledge.gaiji(*known.gaiji(name)))
    elif name.partition("/")[0] in known.areas():
        click.echo(knowledge.table(known.table(name)))
    else:
        from migrate.errors import unknown

        tables = [f"{a.name}/{t}" for a in known.areas().values() for t in a.tables]
        names = [*known.areas(), *tables, *known.layout_names(), *known.gaiji_names()]
        raise click.UsageError("; ".join(unknown(say("名前", "name"), name, names)))
