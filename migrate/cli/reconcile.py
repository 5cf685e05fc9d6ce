"""`migrate reconcile`: 突合リスト, what the old system declares against what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.cli.base import CLEAN, UNUSABLE, Command, catalog
from migrate.cli.totals import FORMATS, deliver, schema_of
from migrate.language import say


@click.command(
    "reconcile",
    cls=Command,
    help=say(
        """突合リスト: 移行元の集計 SOURCE_TOTALS（docs/totals.md の CSV）と DIR の標準ファイルの集計を1行ずつ突き合わせる。

        円・人の単位まで一致すれば終了コード 0、1行でも違えば 8。変換の run.json が記録したトレーラの申告値も突き合わせる。""",
        """Hold the old system's totals, SOURCE_TOTALS (a CSV, see docs/totals.md), against what DIR adds up to.

        Exit code 0 if every line agrees to the yen and the person, else 8. What the legacy files' own
        trailers declare, as the run's run.json recorded it, is compared as well.""",
    ),
)
@click.argument(
    "source", metavar="SOURCE_TOTALS", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--source", "run", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=say("変換の run.json のあるフォルダ（既定: DIR）", "Folder with the run's run.json (default: DIR)."),
)  # fmt: skip
@click.option("--only-differences", is_flag=True, help=say("一致を省く", "Leave out what agrees."))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help=say("形式", "Form."),
)  # fmt: skip
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("書き出すファイル", "File to write to."),
)
@click.option(
    "--schema", is_flag=True, is_eager=True, expose_value=False,
    callback=schema_of("migrate.totals.reconcile.Reconciled"),
    help=say("json の JSON Schema を示す", "Show the JSON schema."),
)  # fmt: skip
def command(source: Path, folder: Path, run: Path | None, **settings: Any) -> int:
    from migrate.report import control
    from migrate.totals.reconcile import reconcile

    found = reconcile(catalog(), source, folder, run)
    code = CLEAN if found.agreed else UNUSABLE
    if settings["only_differences"]:
        found = found.model_copy(update={"lines": [v for v in found.lines if v.status != "same"]})
    written = {
        "text": control.lines_as_text,
        "csv": control.lines_as_csv,
        "json": control.lines_as_json,
    }
    deliver(written[settings["form"]](found), settings["into"])
    return code
