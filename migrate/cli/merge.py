"""`migrate merge`: what shards have made, to standard files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from migrate.cli.base import Command, catalog
from migrate.cli.convert import shrinking, workers
from migrate.language import say


@click.command(
    "merge",
    cls=Command,
    help=say(
        """OUT にそろったシャード（migrate convert … --shard I/N が残した shard-I-of-N.zip）を1つの変換に仕上げる。

        \b
        機械 1:      migrate convert asama export/ --into out --shard 1/2
        機械 2:      migrate convert asama export/ --into out --shard 2/2
        終わったら:  migrate merge out

        団体コード・形式などの指定はシャードのものに従う。元のファイルを、シャードを作ったときと同じパスからもう一度読む。
        シャードが足りない、指定・プログラム・レイアウトやマッピングが違う、元のファイルが変わったときは、何もせず
        終了コード 12。結果と終了コードは、分けずに migrate convert を実行したときとバイトまで同じ。
        シャードは run.json を書いたあとで消す（終了コード 8 なら残る）。途中で止まったら、もう一度実行する。
        シャードには書き出すファイルと同じ個人情報が入っている。""",
        """Finish the shards in OUT, shard-I-of-N.zip as migrate convert ... --shard I/N left them, into one conversion.

        \b
        machine 1:              migrate convert asama export/ --into out --shard 1/2
        machine 2:              migrate convert asama export/ --into out --shard 2/2
        when both are through:  migrate merge out

        Municipality, forms and all else are as the shards were told. The source is read again, at the path where the
        shards read it. Where shards are missing, or were made with other options, another program, other layouts
        or mappings, or the source has changed since, nothing is done: exit code 12. Outcome and exit code
        are, byte for byte, those of one migrate convert. The shards are removed once run.json stands (they stay after exit
        code 8); what was killed can be run again. They hold the same personal data as the files that are written.""",
    ),
)
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@workers
def command(out: Path, workers: int) -> int:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # more would keep the workers from their work
    from migrate.cli.progress import bar
    from migrate.pipeline import run
    from migrate.pipeline.shards import held, merged
    from migrate.report.text import page

    code = merged(out)
    if code is not None:
        click.echo(
            say(
                f"{out}: すでに仕上がっていました。残っていたシャードを消しました",
                f"{out}: was merged before; the shards that were left are removed",
            )
        )
        return code
    with held(out) as shards:
        mappings = [catalog().mapping(name) for name in shards.mappings]
        told = shards.options
        shrinks = shrinking(mappings, told.characters, told.shrink_maps)
        with bar(shards.source) as progress:
            options = replace(told, shrinks=shrinks, workers=workers, progress=progress)
            report = run(mappings, shards.source, out, options, shards)
    click.echo(page(report))
    return report.exit_code
