"""`migrate import`: layouts from books that machines can read; one module under cli/imports/ each."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from migrate.cli.base import given, shared
from migrate.language import say

KINDS = ("copybook", "workbook", "notation")


class Imports(click.Group):
    """Finds a subcommand by the name of its module; an unknown one is told its nearest neighbour."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += shared()

    def invoke(self, ctx: click.Context) -> Any:
        ctx.obj = given(ctx)
        return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(KINDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in KINDS:
            return None
        command: click.Command = import_module(f"migrate.cli.imports.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in KINDS:
            from migrate.errors import unknown

            raise click.UsageError(
                "; ".join(unknown(say("取り込み元", "kind of book"), args[0], KINDS)), ctx
            )
        return super().resolve_command(ctx, args)


@click.command(
    "import",
    cls=Imports,
    help=say(
        """レイアウトを帳票から作る: COBOL の登録集、Excel の項目一覧、政府統計の符号表。

        layouts/legacy/V/F に layout.toml とレコード種別ごとの CSV を書く。決められないことは書かずに一覧で示す。
        次に migrate show V/F で見て、migrate lint で確かめる。""",
        """Make a layout from a book: a COBOL copybook, an Excel list of items, a 符号表 of government statistics.

        Writes layout.toml and one CSV a record type under layouts/legacy/V/F. What cannot be decided is
        listed, not guessed. Then look at it with migrate show V/F and check it with migrate lint.""",
    ),
)
def command(**_: object) -> None:
    pass
