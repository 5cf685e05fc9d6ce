"""Groups of commands: `migrate import ...`, `migrate export ...`; each subcommand a module, loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from migrate.cli.base import given, shared
from migrate.language import say


class Group(click.Group):
    """Some commands under one name, which may be given the options that all commands share. With a `package`
    each of `kinds` is a module of it; an unknown one is told its nearest neighbour."""

    def __init__(
        self, *args: Any, package: str = "", kinds: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.params += shared()
        self.package, self.kinds = package, kinds

    def invoke(self, ctx: click.Context) -> Any:
        ctx.obj, ctx.params = given(ctx), {}
        return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.kinds, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.kinds:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(f"{self.package}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args[0] not in known:
            from migrate.errors import unknown

            kind = say("コマンド", "command")
            raise click.UsageError("; ".join(unknown(kind, args[0], known)), ctx)
        return super().resolve_command(ctx, args)
