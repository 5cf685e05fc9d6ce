"""`migrate import notation`: a layout from 符号表."""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.base import CLEAN, LOOK, Command
from migrate.language import say


@click.command(
    "notation",
    cls=Command,
    help=say(
        """政府統計個票データレイアウト標準記法の符号表（CSV）からレイアウトを作る。FILE はレコード種別ごとに1つ。

        見出し部の次の「行番号 ... 項目名 ... 位置 ... バイト数 ...」の行を探し、階層・繰返し・変数名・符号・符号内容を読む。
        sensitive はすべて yes。決められないことは「?」の行で示す（終了コード 4）。""",
        """Make a layout from 符号表 (CSV) in 政府統計個票データレイアウト標準記法, one FILE a record type.

        Looks for the line 行番号 ... 項目名 ... 位置 ... バイト数 ... below the header part and reads 階層, 繰返し, 変数名,
        符号 and 符号内容. Every field becomes sensitive. What cannot be decided is shown with a "?" (exit code 4).""",
    ),
)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--into",
    required=True,
    metavar="V/F",
    help=say(
        "レイアウトの名前（layouts/legacy/ の下）", "The layout's name, below layouts/legacy/."
    ),
)
@click.option(
    "--code-lists",
    is_flag=True,
    help=say("符号を <種別>.codes.csv にも書く", "Write the codes to <record>.codes.csv, too."),
)
def command(files: tuple[Path, ...], into: str, *, code_lists: bool) -> int:
    from migrate.catalog.drafts import place, write, write_codes
    from migrate.catalog.notation import draft

    folder = place(click.get_current_context().obj["root"], into)
    drawn = draft(files)
    said = [*write(drawn, folder), *(write_codes(drawn, folder) if code_lists else [])]
    for line in (*said, *drawn.findings):
        click.echo(str(line))
    return LOOK if any(finding.undecided for finding in drawn.findings) else CLEAN
