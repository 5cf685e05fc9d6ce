"""`migrate import workbook`: an item list (項目定義書) as a legacy layout or a standard table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.cli.base import CLEAN, LOOK, Command, catalog
from migrate.language import say

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "workbook",
    cls=Command,
    help=say(
        """FILE.xlsx の項目一覧（項目定義書）を取り込む。

        \b
        何が読めるか:       migrate import workbook FILE.xlsx --dry-run
        標準の表1つへ:      migrate import workbook FILE.xlsx --into 03_x/people
        旧レイアウトへ:     migrate import workbook FILE.xlsx --into V/F --encoding cp932 --newline crlf

        見出しの語は layouts/titles.toml。--titles で足す。決められない項目は書かずに一覧で示し、終了コードは 4。
        取り込み直しでは label, sensitive, note など人が書いたものを残す。""",
        """Take over the item list (項目定義書) in FILE.xlsx.

        \b
        what is in it:        migrate import workbook FILE.xlsx --dry-run
        as a standard table:  migrate import workbook FILE.xlsx --into 03_x/people
        as a legacy layout:   migrate import workbook FILE.xlsx --into V/F --encoding cp932 --newline crlf

        Titles that it knows are in layouts/titles.toml; --titles adds more. Items that cannot be decided are
        listed, not written (exit code 4). A later import keeps what people wrote: label, sensitive, note.""",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", metavar="V/F | nn_area/table",
              help=say("書き出す先: 旧レイアウト V/F か標準の表 nn_業務/表", "Where to write: a legacy layout V/F, or a standard table nn_area/table."))  # fmt: skip
@click.option("--sheet", "sheets", multiple=True,
              help=say("このシートだけ（繰り返し可。既定: 見出しのある全シート）",
                       "This sheet alone (may be repeated; default: all with a header)."))  # fmt: skip
@click.option("--section", default="",
              help=say("このグループ、またはこの語を含む見出しの下の項目だけ",
                       "Only the items of this group, or under a heading that holds this text."))  # fmt: skip
@click.option("--titles", type=EXISTING,
              help=say("layouts/titles.toml に重ねる見出しの表", "A file laid over layouts/titles.toml."))  # fmt: skip
@click.option("--format", "form", type=click.Choice(["fixed", "csv"]),
              help=say("旧レイアウトの形式（既定: 開始位置かバイト数があれば fixed）",
                       "Of a legacy layout (default: fixed where starts or bytes are given)."))  # fmt: skip
@click.option(
    "--encoding",
    default="",
    help=say("新しい layout.toml の文字コード", "Encoding of a new layout.toml."),
)
@click.option("--newline", type=click.Choice(["none", "lf", "crlf", "cr", "nel"]),
              help=say("新しい layout.toml の改行", "Newline of a new layout.toml."))  # fmt: skip
@click.option("--source", type=click.Choice(["V", "I", "G"]), default="V", show_default=True,
              help=say("標準の表の根拠: V 公開文書 I 推定 G 一般知識",
                       "Of a standard table: V seen in a document, I inferred, G general knowledge."))  # fmt: skip
@click.option(
    "--dry-run", is_flag=True, help=say("読めたものを示すだけ", "Only show what was understood.")
)
@click.option(
    "--force",
    is_flag=True,
    help=say("前に人が書いたものを残さない", "Keep nothing that people wrote before."),
)
def command(file: Path, into: str | None, *, dry_run: bool, **asked: Any) -> int:
    from migrate.catalog.workbook import understood, words_of
    from migrate.catalog.workbook.taken import Wishes, placed, taken
    from migrate.catalog.workbook.written import put
    from migrate.report.workbook import page, remarks

    if into is None and not dry_run:
        raise click.UsageError(say("--into か --dry-run を付ける", "add --into or --dry-run"))
    known = catalog()
    words = words_of(known.roots, asked["titles"])
    lists, told = understood(file, words, asked["sheets"], asked["section"])
    told += [r for one in lists for r in one.remarks]
    if dry_run:
        click.echo("\n\n".join(map(page, lists)))
    if into is not None:
        wishes = Wishes(
            asked["form"] or "",
            asked["encoding"],
            asked["newline"] or "",
            asked["source"],
            asked["force"],
        )
        made = taken(file, lists, words, placed(known.root, into), wishes)
        told += made.remarks
        if not dry_run:
            for path, text in made.files.items():
                put(path, text)
        for path, count in made.counts.items():
            rows = say(f"{count} 行", f"{count} rows")
            click.echo(
                f"{path.as_posix()}  {rows}"
                + (say(" (書かない)", " (not written)") if dry_run else "")
            )
    if text := remarks(told):
        click.echo(text)
    return LOOK if any(r.kind == "undecided" for r in told) else CLEAN
