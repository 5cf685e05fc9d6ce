"""What every command has: --root, --lang, --log, --exit-style; and what every ending is called."""

from __future__ import annotations

import os
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrate import errors
from migrate.language import LANGUAGES, say

if TYPE_CHECKING:
    from migrate.catalog import Catalog

CLEAN, LOOK, UNUSABLE, NOT_PROCESSED, SYSTEM, BUG, INTERRUPTED, TERMINATED = (
    0,
    4,
    8,
    12,
    16,
    20,
    130,
    143,
)
UNIX = {CLEAN: 0, LOOK: 1, UNUSABLE: 1}
"""--exit-style unix: 0 clean, 1 look at it or do not use it, 2 nothing came of it."""


def shared() -> list[click.Option]:
    """The options that every command and every group of commands has."""
    return [
        click.Option(
            ["--root"],
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            default=Path(),
            help=say(
                "layouts/ と mappings/ を置いたフォルダ（既定: 今のフォルダ、次に同梱のもの）",
                "Folder that holds your layouts/ and mappings/ (default: here, then what is shipped).",
            ),
        ),
        click.Option(["--lang"], type=click.Choice(LANGUAGES), help=say("言語", "Language.")),
        click.Option(
            ["--log"],
            type=click.Path(dir_okay=False, path_type=Path),
            help=say(
                "記録を書き足す JSON Lines ファイル",
                "Append a log to this file, as JSON lines.",
            ),
        ),
        click.Option(
            ["--exit-style"],
            type=click.Choice(["ladder", "unix"]),
            default="ladder",
            help=say(
                "終了コード: ladder は 0/4/8/12/16/20、unix は 0/1/2",
                "Exit codes: ladder is 0/4/8/12/16/20, unix is 0/1/2.",
            ),
        ),
    ]


def given(ctx: click.Context) -> dict[str, Any]:
    """Those of the shared options that the command line sets before this point."""
    own = {
        name: ctx.params[name]
        for name in ("root", "lang", "log", "exit_style")
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    }
    return {**(ctx.obj or {}), **own}


class Command(click.Command):
    """A click command with the options that all of ours share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += shared()

    def invoke(self, ctx: click.Context) -> Any:
        told = given(ctx)
        settings = {name: ctx.params.pop(name) for name in ("root", "lang", "log", "exit_style")}
        ctx.obj = settings = {**settings, **told}
        group = ctx.parent.info_name if ctx.parent and ctx.parent.parent else ""
        name = f"{group} {self.name or ''}".strip()
        with _journal(settings["log"], name, ctx.params) as finished:
            code = super().invoke(ctx) or CLEAN
            finished["exit_code"] = code
        return code


def catalog() -> Catalog:
    """The knowledge under --root."""
    from migrate.catalog import Catalog

    return Catalog(click.get_current_context().obj["root"])


def percentage(context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """The share that a gate requires: `100%`, `99.5%` or `99.5`."""
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)%?", text)
    if not found or float(found[1]) > 100:
        wanted = say("100% のような割合を書く", "write a percentage such as 100%")
        raise click.BadParameter(f"{text!r}: {wanted}", context, option)
    return float(found[1])


def settle(call: Any, argv: list[str]) -> int:
    """Run the command line and give the exit code: every ending has its own number."""
    style = "unix" if _asked(argv, "--exit-style") == "unix" else "ladder"
    try:
        code = int(call(args=argv, standalone_mode=False) or CLEAN)
    except click.exceptions.Exit as ending:
        code = ending.exit_code
    except click.ClickException as error:
        error.show()
        code = NOT_PROCESSED
    except (errors.KnowledgeError, errors.SourceError) as error:
        click.echo(str(error), err=True)
        code = NOT_PROCESSED
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    except BrokenPipeError:  # `| head`: the reader had enough
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - nothing may be flushed at exit
        code = CLEAN
    except (errors.BusyError, OSError, MemoryError) as error:
        click.echo(str(error) or type(error).__name__, err=True)
        click.echo(
            say("同じコマンドをもう一度実行できます", "the same command can be run again"), err=True
        )
        code = SYSTEM
    except Exception as error:  # noqa: BLE001 - a bug of ours; its message may quote personal values
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"  {f.filename}:{f.lineno} {f.name}" for f in frames]
        title = say("プログラムの誤り", "a bug in this program")
        click.echo("\n".join([f"{title}: {type(error).__name__}", *places]), err=True)
        code = BUG
    if style == "unix" and code in (CLEAN, LOOK, UNUSABLE, NOT_PROCESSED, SYSTEM, BUG):
        return UNIX.get(code, 2)
    return code


def _asked(argv: list[str], option: str) -> str:
    """The value given to an option, before anything is parsed."""
    for word, following in zip(argv, [*argv[1:], ""], strict=False):
        if word == option:
            return following
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return ""


class _journal:  # noqa: N801 - reads as a verb
    """Start and end of a command in the log: names, counts and codes, never a value."""

    def __init__(self, path: Path | None, command: str, params: dict[str, Any]) -> None:
        self.path, self.command, self.params = path, command, params
        self.finished: dict[str, Any] = {}

    def __enter__(self) -> dict[str, Any]:
        self._write(
            "start", {k: _plain(v) for k, v in self.params.items() if v not in (None, (), "")}
        )
        return self.finished

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._write("end", {**self.finished, **({"error": kind.__name__} if kind else {})})

    def _write(self, event: str, facts: dict[str, Any]) -> None:
        if self.path is None:
            return
        import structlog

        with self.path.open("a", encoding="utf-8") as file:
            log = structlog.wrap_logger(
                structlog.WriteLogger(file),
                processors=[
                    structlog.processors.TimeStamper(fmt="iso"),
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            )
            log.info(event, command=self.command, pid=os.getpid(), **facts)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float, bool)) else str(value)
