"""`migrate totals`: 件数リスト, what a delivery adds up to."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate.cli.base import CLEAN, LOOK, Command, catalog
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ("text", "csv", "json")


def deliver(text: str, into: Path | None) -> None:
    """To a file that appears whole or not at all, or to stdout."""
    if into is None:
        click.echo(text.replace("\r\n", "\n"), nl=False)
        return
    from migrate.write.staged import Staged

    staged = Staged(into.parent)
    staged.path(into.name).write_text(text, encoding="utf-8", newline="")
    staged.publish()


def schema_of(form: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    """What prints the JSON schema of `module.Form`, instead of adding anything up."""

    def show(context: click.Context, option: click.Parameter, asked: bool) -> None:
        if not asked:
            return
        module, _, name = form.rpartition(".")
        schema = getattr(import_module(module), name).model_json_schema(mode="serialization")
        click.echo(json.dumps(schema, ensure_ascii=False, indent=2))
        context.exit()

    return show


@click.command(
    "totals",
    cls=Command,
    help=say(
        """件数リスト: DIR の標準ファイルの件数、コード値別件数、金額の合計、人口、世帯数、支援措置を数える。

        csv は migrate reconcile が読む形。値の読めない行があれば終了コード 4。""",
        """What the standard files in DIR add up to: rows, rows by code, sums of amounts, population, households.

        The csv form is what migrate reconcile reads. Exit code 4 where some values could not be read.""",
    ),
)
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help=say("形式", "Form."),
)  # fmt: skip
@click.option(
    "--table", "only", multiple=True, help=say("この表だけ（英名）", "This table only (its name).")
)
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("書き出すファイル", "File to write to."),
)
@click.option(
    "--schema", is_flag=True, is_eager=True, expose_value=False, callback=schema_of("migrate.totals.Totals"),
    help=say("json の JSON Schema を示す", "Show the JSON schema."),
)  # fmt: skip
def command(folder: Path, form: str, only: tuple[str, ...], into: Path | None) -> int:
    from migrate.report import control
    from migrate.totals import tables, totals

    known = catalog()
    for name in only:
        if name not in tables(known):
            from migrate.errors import unknown

            raise click.UsageError("; ".join(unknown(say("表", "table"), name, tables(known))))
    found = totals(known, folder, only)
    written = {
        "text": control.totals_as_text,
        "csv": control.totals_as_csv,
        "json": control.totals_as_json,
    }
    deliver(written[form](found), into)
    return LOOK if found.doubtful else CLEAN
