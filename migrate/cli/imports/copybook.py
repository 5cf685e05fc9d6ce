"""`migrate import copybook`: a layout from a COBOL copybook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrate.cli.base import CLEAN, LOOK, Command
from migrate.language import say

if TYPE_CHECKING:
    from migrate.catalog.copybook import Wanted


@click.command(
    "copybook",
    cls=Command,
    help=say(
        """COBOL の登録集 FILE からレイアウトを作る。

        固定形式（8-72 桁、Shift_JIS のバイトで数える）と自由形式。ラベルは項目の直前の注記行の最初の語、なければ
        73-80 桁の注記、なければデータ名。sensitive はすべて yes（登録集からは分からない。見て外す）。

        \b
        migrate import copybook KGKAIGO.cpy --into kusatsu/care \\
            --select "KG-RECORD-KIND: 0=KG0-HEADER A=KGA-INSURED:insured 9=KG9-TRAILER"

        決められないことは「?」の行で示す（終了コード 4）。layout.toml があれば残し、CSV だけを書き直す。""",
        """Make a layout from a COBOL copybook FILE.

        Fixed form (columns 8-72, counted in bytes of Shift_JIS) and free form. A label is the first word of the comment
        line directly before the item, else the remark in columns 73-80, else the data name. Every field becomes
        sensitive: a copybook cannot say (look, and take it away).

        \b
        migrate import copybook KGKAIGO.cpy --into kusatsu/care \\
            --select "KG-RECORD-KIND: 0=KG0-HEADER A=KGA-INSURED:insured 9=KG9-TRAILER"

        What cannot be decided is shown with a "?" (exit code 4). An existing layout.toml stays, its CSVs are renewed.""",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--into",
    required=True,
    metavar="V/F",
    help=say(
        "レイアウトの名前（layouts/legacy/ の下）", "The layout's name, below layouts/legacy/."
    ),
)
@click.option("--select", "selections", multiple=True, metavar="'FIELD: V=ITEM[:NAME] ...'", help=say(
    "FIELD の値で、再定義（または 01 の項目）をレコード種別に分ける", "Record types: which redefinition (or level 01) a value of FIELD means."))  # fmt: skip
@click.option("--when", "conditions", multiple=True, metavar="'FIELD: V=ITEM ...'", help=say(
    "分けない再定義が有効になる条件", "When a redefinition that stays within its record holds."))  # fmt: skip
@click.option(
    "--encoding",
    default="cp932",
    show_default=True,
    help=say("データの文字コード", "Encoding of the data."),
)
@click.option(
    "--newline",
    type=click.Choice(["none", "lf", "crlf", "cr", "nel"]),
    default="none",
    show_default=True,
    help=say("レコードの終わり", "What ends a record."),
)
@click.option(
    "--prefix",
    type=click.Choice(["rdw", "rdw_exclusive", "rdw_little", "bdw"]),
    help=say("レコードの前の長さ", "The length before each record."),
)
@click.option(
    "--source-encoding",
    default="",
    metavar="NAME",
    help=say(
        "登録集の文字コード（既定: UTF-8 か cp932）",
        "Encoding of the copybook (default: UTF-8 or cp932).",
    ),
)
@click.option(
    "--form",
    type=click.Choice(["fixed", "free"]),
    help=say("登録集の形式（既定: 見て決める）", "Form of the source (default: by its looks)."),
)
@click.option(
    "--copy-from",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=say("COPY する登録集のフォルダ", "Folder of the copybooks that COPY names."),
)
@click.option(
    "--little", is_flag=True, help=say("COMP-5 は下位バイト先頭", "COMP-5 has its low byte first.")
)
@click.option(
    "--float",
    "floats",
    type=click.Choice(["ieee", "ibm"]),
    help=say("COMP-1 COMP-2 の形式", "What COMP-1 and COMP-2 are."),
)
@click.option(
    "--code-lists",
    is_flag=True,
    help=say("88 を <種別>.codes.csv にも書く", "Write levels 88 to <record>.codes.csv, too."),
)
def command(
    file: Path,
    into: str,
    selections: tuple[str, ...],
    conditions: tuple[str, ...],
    *,
    code_lists: bool,
    **rest: Any,
) -> int:
    from migrate.catalog.copybook import draft
    from migrate.catalog.copybook.source import Reading
    from migrate.catalog.drafts import place, write, write_codes

    folder = place(click.get_current_context().obj["root"], into)
    reading = Reading(
        encoding=str(rest["source_encoding"]), form=rest["form"] or "", folders=rest["folders"]
    )
    drawn = draft(file, _wanted(selections, conditions, rest), reading)
    for line in write(drawn, folder):
        click.echo(line)
    for record, found in drawn.codes.items():
        names = " ".join(dict.fromkeys(field for field, _, _ in found))
        click.echo(
            say(
                f"コードの値が 88 にある: {record}: {names}",
                f"values of codes from levels 88: {record}: {names}",
            )
        )
    if code_lists:
        for line in write_codes(drawn, folder):
            click.echo(line)
    for finding in drawn.findings:
        click.echo(str(finding))
    click.echo(
        say(
            "sensitive はすべて yes とした。見て外す",
            "every field is sensitive: look, and take it away where it is not",
        )
    )
    undecided = sum(finding.undecided for finding in drawn.findings)
    if undecided:
        click.echo(say(f"決まっていないこと {undecided} 件（?）", f"{undecided} undecided (?)"))
    return LOOK if undecided else CLEAN


def _wanted(
    selections: tuple[str, ...], conditions: tuple[str, ...], rest: dict[str, Any]
) -> Wanted:
    from migrate.catalog.copybook import Machine, Wanted, selection

    settings = {"encoding": rest["encoding"], "newline": rest["newline"], "prefix": rest["prefix"]}
    return Wanted(
        Machine(little=bool(rest["little"]), floats=str(rest["floats"] or "")),
        tuple(selection(text) for text in selections),
        tuple(selection(text, names=False) for text in conditions),
        {key: str(value) for key, value in settings.items() if value},
    )
