"""`migrate convert`: one legacy file to standard files."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrate.cli.base import CLEAN, Command, catalog, percentage
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from migrate.catalog.shrinks import ShrinkMap
    from migrate.model import Mapping


def _part_of(
    context: click.Context, option: click.Parameter, text: str | None
) -> tuple[int, int] | None:
    """Which of how many parts: `2/8`."""
    from migrate.books import SHARDS

    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]) <= SHARDS:
        wanted = say(f"1/4 のように書く。N は {SHARDS} まで", f"write 1/4; N goes to {SHARDS}")
        raise click.BadParameter(f"{text!r}: {wanted}", context, option)
    return int(found[1]), int(found[2])


workers = click.option(
    "--workers",
    type=click.IntRange(1),
    default=lambda: (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    ),
    show_default=say("この機械のコア数", "the cores of this machine"),
    help=say(
        "同時に処理する束の数。結果はこの数によらない",
        "How many batches are worked on at the same time; the outcome is the same for any.",
    ),
)
"""The option that convert and merge have in common."""


@click.command(
    "convert",
    cls=Command,
    help=say(
        """SOURCE を MAPPING で変換する。

        \b
        1つのファイル:    migrate convert 'asama/resident*' JUKI0100.DAT --into out
        1団体の全ファイル: migrate convert asama export/ --into out

        SOURCE がフォルダなら、layout.toml の file に合うファイルをすべて変換する。残るもの: 表ごとのファイル、
        .extra.csv、.originals.csv、issues.csv、元のファイルごとの .rejects.dat（棄却レコードの元のバイト）と .rejects.csv、
        run.json（最後に書かれる）。

        手分け: ディスクを共有する N 個のプロセスや機械で、それぞれ --shard 1/N … --shard N/N を付けて同じ指定で実行し、
        全部終わったら migrate merge out。結果は1回の変換とバイトまで同じ。""",
        """Convert SOURCE with MAPPING.

        \b
        one file:                     migrate convert 'asama/resident*' JUKI0100.DAT --into out
        all files of a municipality:  migrate convert asama export/ --into out

        In a folder every file is converted that fits the `file` of a layout. Leaves a file a table, .extra.csv,
        .originals.csv, issues.csv, for each source .rejects.dat (the refused records, byte for byte) and .rejects.csv and, last
        of all, run.json.

        To share the work, run the same command with --shard 1/N ... --shard N/N in N processes, or on machines
        that share a disk, and when all are through migrate merge out: the outcome is byte for byte that of one run.""",
    ),
)
@click.argument("mapping")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=Path("out"), show_default=True,
    help=say("書き出すフォルダ", "Folder to write to."),
)  # fmt: skip
@click.option(
    "--city",
    default="",
    help=say(
        "団体コード6桁（既定: ファイルのヘッダ）",
        "Municipality code, 6 digits (default: the file's header).",
    ),
)
@click.option(
    "--round",
    "round_",
    default="00",
    show_default=True,
    help=say(
        "回次 00試行 01..リハーサル 90本番 91..差分",
        "00 trial, 01.. rehearsal, 90 the real one, 91.. differences.",
    ),
)
@click.option(
    "--as-of",
    default="",
    help=say(
        "抽出基準日時 YYYYMMDDhhmmss（既定: ファイルのヘッダ）",
        "Moment of the extraction, YYYYMMDDhhmmss (default: the file's header).",
    ),
)
@click.option(
    "--to",
    "formats",
    default="csv",
    show_default=True,
    help=say("形式をコンマで: csv,parquet,xml", "Forms, separated by commas: csv,parquet,xml."),
)
@click.option(
    "--sort",
    is_flag=True,
    help=say(
        "各表の行をキーの順に書く（既定: 元のファイルの順）。文字は符号位置の順、数字は数の順、空が先",
        "Rows of each table in the order of their keys (default: that of the source): text by code point, numbers as numbers, blanks first.",
    ),
)
@click.option(
    "--characters",
    type=click.Choice(["mj", "jisx0213", "jisx0208"]),
    help=say(
        "書き出す文字の範囲（既定: 表の characters、なければ mj: すべてそのまま）。範囲外の字は縮退し、元の値を .originals.csv に残す",
        "Characters to write (default: the table's `characters`, else mj: all as they are). Others are shrunk, and the values as they were kept in .originals.csv.",
    ),
)
@click.option(
    "--shrink-map",
    "shrink_maps",
    multiple=True,
    help=say(
        "縮退の対応表: MJShrinkMap の JSON、from,to,basis の CSV、jntajis、jntajis-nta（既定: layouts/characters/）",
        "What to shrink by: the JSON of MJShrinkMap, a CSV of from,to,basis, jntajis, jntajis-nta (default: layouts/characters/).",
    ),
)
@workers
@click.option(
    "--limit",
    type=click.IntRange(1),
    help=say("先頭の N 件だけ試す", "Try the first N records only."),
)
@click.option(
    "--shard",
    callback=_part_of,
    metavar="I/N",
    help=say(
        "各ファイルを N に分けた I 番目だけを変換し、shard-I-of-N.zip に残す（migrate merge が元のファイルと合わせて仕上げる）。個人情報を含む",
        "Convert the I-th of N parts of each file and leave it in shard-I-of-N.zip, for migrate merge. It holds personal data.",
    ),
)
@click.option("--dry-run", is_flag=True, help=say("何も書かない", "Write nothing."))
@click.option(
    "--part",
    is_flag=True,
    help=say(
        "SOURCE はファイルの一部（.rejects.dat など）。ヘッダとトレーラを求めない",
        "SOURCE is a part of a file (.rejects.dat): expect no header and trailer.",
    ),
)
@click.option(
    "--max-rejects",
    type=click.IntRange(0),
    help=say("棄却がこの件数を超えたら終了コード 8", "More rejects than this: exit code 8."),
)
@click.option(
    "--max-reject-rate",
    type=click.FloatRange(0, 1),
    help=say(
        "棄却がこの割合を超えたら終了コード 8", "A larger share of rejects than this: exit code 8."
    ),
)
@click.option(
    "--require-gaiji",
    callback=percentage,
    metavar="PERCENT",
    help=say(
        "列になる項目の外字のうち承認済み（gaiji.csv）の割合がこれより低ければ終了コード 8。100% のように書く",
        "Less of the user-defined characters in fields that are migrated is settled (gaiji.csv): exit code 8.",
    ),
)
def command(mapping: str, source: Path, into: Path, **settings: Any) -> int:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # more would keep the workers from their work
    from migrate.books import Options
    from migrate.cli.progress import bar
    from migrate.pipeline import run
    from migrate.pipeline.shard import save
    from migrate.report.text import page
    from migrate.write import OUTPUTS

    formats = tuple(settings.pop("formats").split(","))
    for form in formats:
        if form not in OUTPUTS:
            from migrate.errors import unknown

            raise click.UsageError("; ".join(unknown(say("形式", "form"), form, OUTPUTS)))
    round_ = settings.pop("round_")
    if not (len(round_) == 2 and round_.isdigit()):
        raise click.UsageError(say("--round は2桁の数字", "--round takes two digits"))
    if settings["shard"] and settings["dry_run"]:
        raise click.UsageError(
            say("--shard と --dry-run は一緒に使えない", "--shard does not go with --dry-run")
        )
    mappings = catalog().mappings(mapping)
    maps = tuple(
        str(Path(m).absolute()) if Path(m).exists() else m for m in settings["shrink_maps"]
    )
    settings["shrink_maps"] = maps
    settings["characters"] = settings["characters"] or ""
    settings["shrinks"] = shrinking(mappings, settings["characters"], maps)
    if maps and not settings["shrinks"]:
        raise click.UsageError(
            say(
                "--shrink-map は --characters jisx0213 か jisx0208 と使う",
                "--shrink-map goes with --characters jisx0213 or jisx0208",
            )
        )
    with bar(source) as progress:
        options = Options(round=round_, formats=formats, progress=progress, **settings)
        if options.shard:
            saved = save(mappings, source, into, options)
        else:
            report = run(mappings, source, into, options)
    if options.shard:
        click.echo(
            say(
                f"{saved.name}: {saved.records:,} 件、元のファイルの {saved.taken:,} バイト",
                f"{saved.name}: {saved.records:,} records, {saved.taken:,} bytes of the source",
            )
        )
        return CLEAN
    click.echo(page(report))
    return report.exit_code


def shrinking(
    mappings: Iterable[Mapping], characters: str, maps: Sequence[str]
) -> ShrinkMap | None:
    """What may stand for characters, where not all may be written."""
    if all((characters or m.table.characters) == "mj" for m in mappings):
        return None
    return catalog().shrinks(maps)
