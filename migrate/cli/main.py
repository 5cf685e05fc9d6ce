"""`migrate`: the group of commands, each loaded when it is called."""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from migrate.cli.base import CLEAN, LOOK, TERMINATED, UNUSABLE, settle
from migrate.language import say

if TYPE_CHECKING:
    from types import FrameType

COMMANDS = (
    "demo",
    "peek",
    "import",
    "export",
    "lint",
    "show",
    "words",
    "rule",
    "convert",
    "merge",
    "read",
    "check",
    "totals",
    "reconcile",
    "explain",
    "gaiji",
    "codes",
)

MODULES = {"import": "import_"}
"""Where a command's name cannot be a module's."""


class Commands(click.Group):
    """Finds a command by the name of its module; an unknown one is told its nearest neighbour."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(
            f"migrate.cli.{MODULES.get(cmd_name, cmd_name)}"
        ).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:
            from migrate.errors import unknown

            raise click.UsageError(
                "; ".join(unknown(say("コマンド", "command"), args[0], COMMANDS)), ctx
            )
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=say(
        """旧システムの住民データを中間標準レイアウト方式のファイルへ移す。

        はじめに: migrate demo。次に migrate show と migrate lint。終了コード: 0 問題なし / 4 指摘あり / 8 使えない /
        12 設定か入力の誤り / 16 システム障害（同じコマンドを再実行） / 20 プログラムの誤り""",
        """Move a municipality's records from a legacy system to files in the manner of 中間標準レイアウト.

        Begin with: migrate demo. Then migrate show and migrate lint. Exit codes: 0 clean / 4 look at the
        issues / 8 do not use it / 12 settings or input are wrong / 16 the system failed, run it again / 20 a bug""",
    ),
)
@click.version_option(package_name="chukan-migrate", prog_name="migrate")
def cli() -> None:
    pass


def main() -> None:
    """Entry of the command `migrate`."""
    for stream in (sys.stdout, sys.stderr):  # a console may lack a sign: show another
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    os.environ.setdefault("POLARS_ENGINE_AFFINITY", "in-memory")  # pandera asks of a few rows
    gc.set_threshold(100_000)  # a thousand modules are loaded: looked through less often
    told: list[int] = []

    def terminated(number: int, frame: FrameType | None) -> None:
        """Unwind, so that unfinished files are removed on the way out."""
        told.append(number)
        sys.unraisablehook = lambda _: (
            None
        )  # a library that was just called back cannot let us out at once
        sys.exit(TERMINATED)

    def called(**arguments: Any) -> Any:
        try:
            return cli.main(**arguments)
        except Exception:  # what such a library makes of our leaving is no news
            if not told:
                raise
            raise SystemExit(TERMINATED) from None

    signal.signal(signal.SIGTERM, terminated)
    try:
        code = settle(called, sys.argv[1:])
    except BaseException:  # Polars has errors of its own kind
        if not told:
            raise
        code = TERMINATED
    if "_duckdb" not in sys.modules:  # which complains of what it is not asked to give back
        gc.freeze()  # all that is left would be looked through on the way out: a third of a second
    sys.exit(TERMINATED if told and code not in (CLEAN, LOOK, UNUSABLE) else code)
