"""Groups of commands: `migrate import ...`, `migrate export ...`; each subcommand a module, loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from migrate.cli.base import given, shared
from migrate.language import say


class Group(click.Group):
    """Finds a subcommand by the name of its module in `package`; an unknown one is told its nearest neighbour."""

    def __init__(self, *args: Any, package: str, kinds: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += shared()
        self.package, self.kinds = package, kinds

    def invoke(self, ctx: click.Context) -> Any:
        ctx.obj = given(ctx)
        return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.kinds)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.kinds:
            return None
        command: click.Command = import_module(f"{self.package}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.kinds:
            from migrate.errors import unknown

            kind = say("帳票の種類", "kind of book")
            raise click.UsageError("; ".join(unknown(kind, args[0], self.kinds)), ctx)
        return super().resolve_command(ctx, args)
