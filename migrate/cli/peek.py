"""`migrate peek`: what is in this file?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.cli.base import Command, catalog
from migrate.language import say


def _schema(context: click.Context, option: click.Parameter, asked: bool) -> None:
    """Print the JSON schema instead of looking at anything."""
    if asked:
        from migrate.peek.figures import schema

        click.echo(schema())
        context.exit()


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
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help=say("json の形は docs/peek.schema.json", "docs/peek.schema.json tells what the JSON is like."))  # fmt: skip
@click.option(
    "--write-layout", "written", metavar="V/F",
    help=say("--root の下に layouts/legacy/V/F のたたき台を書く", "Write layouts/legacy/V/F below --root, to begin with."),
)  # fmt: skip
@click.option(
    "--schema", is_flag=True, is_eager=True, expose_value=False, callback=_schema,
    help=say("JSON の形（JSON Schema）を示して終わる", "Show what the JSON is like, as JSON schema, and stop."),
)  # fmt: skip
def command(
    source: Path, layout: str | None, records: int, written: str | None, **shown: Any
) -> None:
    from migrate.cli.progress import bar
    from migrate.peek import peek
    from migrate.report.look import decoded, page

    form, reveal = shown["form"], shown["reveal"]
    with bar(source) as progress:
        seen = peek(source, progress)
    if form == "json":
        click.echo(seen.look.model_dump_json(indent=2))
    else:
        click.echo(page(seen, reveal=reveal, records=0 if layout else records))
    if written:
        from migrate.peek.skeleton import write_layout

        folder = write_layout(seen.look, click.get_current_context().obj["root"], written)
        click.echo(say(f"{folder} を書いた: 帳票と照らして直す", f"wrote {folder}: hold it against the vendor's book"), err=True)  # fmt: skip
    if layout is None or form == "json":
        return
    from migrate.read import Reader

    found = catalog().layout(layout)
    read = next(Reader(found, part=True).batches(source, records))
    for record in found.records:
        click.echo(decoded(read.frames[record.name], record, reveal=reveal))
    for issue in read.issues.iter_rows(named=True):
        click.echo(f"{issue['code']} {issue['record']} {issue['item']}")
