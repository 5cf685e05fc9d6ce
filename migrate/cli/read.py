"""`migrate read`: the fields of a legacy file as they are, unconverted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrate.cli.base import CLEAN, LOOK, Command, catalog
from migrate.language import say

if TYPE_CHECKING:
    from migrate.model import Layout
    from migrate.pipeline.fields import Outcome, Place


@click.command(
    "read",
    cls=Command,
    help=say(
        """SOURCE を LAYOUT で復号し、変換せずに書き出す。マッピングは要らない。

        \b
        1種別を1ファイルへ:     migrate read asama/resident JUKI0100.DAT --record resident --into resident.csv
        種別ごとにフォルダへ:   migrate read asama/resident JUKI0100.DAT --into fields/ --to parquet

        列は _record（1からの番号）、_offset（0からのバイト位置）、そしてレイアウトの項目。数は小数点を付ける。
        読めない値は空になり、FILE.issues.csv に コード,レコード,バイト,項目 で残る（値は書かない）。コードの意味:
        migrate rule E-READ-006。個人の値がそのまま入るので、置き場所に注意する。
        終了コード: 0 問題なし / 4 読めない値かレコードがある / 12 何も書かなかった。""",
        """Decode SOURCE by LAYOUT and write it, unconverted. No mapping is needed.

        \b
        one record type, one file:  migrate read asama/resident JUKI0100.DAT --record resident --into resident.csv
        all of them, in a folder:   migrate read asama/resident JUKI0100.DAT --into fields/ --to parquet

        Columns are _record (a number, from 1), _offset (a byte, from 0), then the layout's fields; numbers have their
        points. A value that cannot be read is blank, and a row of FILE.issues.csv: code,record,byte,field, never the
        value. What a code means: migrate rule E-READ-006. Personal values are in there as they are: mind where it lies.
        Exit codes: 0 clean / 4 some values or records cannot be read / 12 nothing was written.""",
    ),
)
@click.argument("layout")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", required=True, type=click.Path(path_type=Path), metavar="FILE.csv|FILE.parquet|FOLDER",
              help=say("書き出すファイル。フォルダなら種別ごとに1つ", "File to write; in a folder, one a record type."))  # fmt: skip
@click.option("--record", "record", metavar="TYPE",
              help=say("このレコード種別だけ（種別が1つなら要らない）", "This record type alone (needless where there is one)."))  # fmt: skip
@click.option("--to", "form", type=click.Choice(["csv", "parquet"]),
              help=say("フォルダに書く形式（既定: csv）", "What to write in a folder (default: csv)."))  # fmt: skip
@click.option("--limit", type=click.IntRange(1),
              help=say("先頭の N 件だけ", "The first N records only."))  # fmt: skip
@click.option("--part", is_flag=True,
              help=say("SOURCE はファイルの一部。ヘッダとトレーラを求めない", "SOURCE is a part of a file: expect no header and trailer."))  # fmt: skip
def command(layout: str, source: Path, into: Path, record: str | None, **asked: Any) -> int:
    from migrate.cli.progress import bar
    from migrate.pipeline.fields import Wish, write_fields

    found = catalog().layout(layout)
    folder, places = _places(found, into, record, asked["form"])
    with bar(source) as progress:
        wish = Wish(asked["part"], asked["limit"], progress=progress)
        done = write_fields(found, source, folder, places, wish)
    click.echo(_page(done, folder))
    return LOOK if done.issues else CLEAN


def _places(
    layout: Layout, into: Path, record: str | None, form: str | None
) -> tuple[Path, list[Place]]:
    """The folder, and the record types that are written, with the names of their files."""
    from migrate.errors import unknown
    from migrate.pipeline.fields import FORMS, Place

    if record is not None and record not in layout.types:
        kind = say("レコード種別", "record type")
        raise click.UsageError("; ".join(unknown(kind, record, layout.types)))
    chosen = [layout.types[record]] if record else list(layout.records)
    ending = into.suffix.removeprefix(".").lower()
    if into.is_dir() or not ending:
        return into, [Place(r, f"{r.name}.{form or 'csv'}") for r in chosen]
    if ending not in FORMS:
        raise click.UsageError(
            say("--into は .csv か .parquet のファイル、またはフォルダ", "--into takes a file .csv or .parquet, or a folder")
        )  # fmt: skip
    if form and form != ending:
        raise click.UsageError(
            say(f"--into の .{ending} と --to {form} が合わない", f"--into says .{ending} and --to says {form}")
        )  # fmt: skip
    if len(chosen) > 1:
        names = ", ".join(layout.types)
        raise click.UsageError(
            say(
                f"レコード種別が {len(chosen)} ある: --record で1つ選ぶか、--into にフォルダを書く ({names})",
                f"there are {len(chosen)} record types: choose one with --record, or name a folder with --into ({names})",
            )
        )
    return into.parent, [Place(chosen[0], into.name)]


def _page(done: Outcome, folder: Path) -> str:
    """What was written, and the account of the records."""
    files = {**done.written, done.beside: done.issues}
    lines = [
        f"{(folder / name).as_posix()}  {say(f'{count:,} 行', f'{count:,} rows')}"
        for name, count in files.items()
    ]
    written = sum(done.written.values())
    lines.append(
        say(
            f"読込 {done.read:,} = 出力 {written:,} + 他の種別 {done.others:,} + 棄却 {done.refused:,}",
            f"read {done.read:,} = written {written:,} + other types {done.others:,} + refused {done.refused:,}",
        )
    )
    if done.issues:
        lines.append(
            say(
                f"指摘 {done.issues:,} 件: {done.beside} を見る。コードの意味は migrate rule コード",
                f"{done.issues:,} issues: see {done.beside}; what a code means: migrate rule CODE",
            )
        )
    return "\n".join(lines)
