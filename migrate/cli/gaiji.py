"""`migrate gaiji`: the user-defined and doubtful characters of legacy files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.cli.base import CLEAN, LOOK, UNUSABLE, Command, catalog, percentage
from migrate.cli.groups import Group
from migrate.cli.totals import FORMATS, deliver, schema_of
from migrate.language import say


def fresh(text: str, path: Path | None) -> None:
    """To a new file, or to stdout; a file that is there already is never replaced."""
    if path is None or str(path) == "-":
        deliver(text, None)
        return
    if path.exists():
        raise click.UsageError(
            say(
                f"{path}: すでにあります。別の名前にする",
                f"{path}: is there already; choose another name",
            )
        )
    deliver(text, path)


@click.group(
    "gaiji",
    cls=Group,
    help=say(
        """外字台帳: 旧ファイルの外字と気をつける文字を数え、承認し、変換に使う。

        \b
        1. migrate gaiji report asama export/                    何がいくつあるか
        2. migrate gaiji report asama export/ --ledger new.csv   決める字の一覧を作る
        3. 原課が to・kind・approved_by・approved_on を書き、layouts/legacy/asama/gaiji.csv に置く
        4. migrate convert asama export/ --require-gaiji 100%    承認したものだけが変換に使われる""",
        """The gaiji ledger: count the user-defined and doubtful characters of legacy files, approve them, apply them.

        \b
        1. migrate gaiji report asama export/                    what there is
        2. migrate gaiji report asama export/ --ledger new.csv   a list of those to settle
        3. the city writes to, kind, approved_by, approved_on: layouts/legacy/asama/gaiji.csv
        4. migrate convert asama export/ --require-gaiji 100%    only what is approved is applied""",
    ),
)
def command() -> None:
    pass


@command.command(
    "report",
    cls=Command,
    short_help=say("外字と気をつける文字を数える", "Count user-defined and doubtful characters."),
    help=say(
        """SOURCE（ファイルかフォルダ）の全レコード種別の文字項目から、外字・ベンダ固有文字・互換漢字・異体字セレクタ・
        JIS78/83 で入れ替わった字・JIS X 0208/0213 にない字を、コードと項目ごとに数える。

        MAPPING は migrate convert と同じ（asama/resident、asama）。マッピングがまだなければレイアウト名でよい。
        値は示さず、文字とレコード番号だけを示す。終了コード: 0 外字はすべて承認済み、4 未承認がある、8 --require-gaiji に届かない。""",
        """Count, by code and field, the characters of SOURCE (a file or folder) that are user-defined, a vendor's own,
        compatibility ideographs, variation sequences, exchanged between JIS78 and JIS83, or not in JIS X 0208 or 0213.

        MAPPING is as for migrate convert (asama/resident, asama); while there is no mapping yet, the name of a layout
        will do. Values are never shown, only characters and record numbers. Exit code: 0 every user-defined character
        is approved, 4 some are not, 8 less than --require-gaiji are.""",
    ),
)
@click.argument("mapping")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
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
    "--before",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("前回の報告（csv）と比べる", "Compare with an earlier report (its csv form)."),
)
@click.option(
    "--ledger",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say(
        "まだ gaiji.csv にない外字を未承認の行として書く新しいファイル（- は標準出力）",
        "Write the user-defined characters that gaiji.csv does not have, unapproved, to this new file (-: stdout).",
    ),
)
@click.option(
    "--require-gaiji", "wanted", callback=percentage, metavar="PERCENT",
    help=say("承認済みの割合（出現数）がこれより低ければ終了コード 8",
             "Exit code 8 where a smaller share of the occurrences is approved."),
)  # fmt: skip
@click.option(
    "--schema", is_flag=True, is_eager=True, expose_value=False,
    callback=schema_of("migrate.inventory.gaiji.Inventory"),
    help=say("json の JSON Schema を示す", "Show the JSON schema."),
)  # fmt: skip
def report(mapping: str, source: Path, **settings: Any) -> int:
    from migrate.cli.progress import bar
    from migrate.inventory.gaiji import gaiji
    from migrate.report import ledger

    with bar(source) as progress:
        found = gaiji(catalog(), mapping, source, settings["before"], progress)
    forms = {"text": ledger.gaiji_as_text, "csv": ledger.gaiji_as_csv, "json": ledger.gaiji_as_json}
    if settings["ledger"]:
        fresh(ledger.gaiji_ledger(found), settings["ledger"])
    if str(settings["ledger"]) != "-":
        deliver(forms[settings["form"]](found), settings["into"])
    share = found.coverage.share
    if settings["wanted"] is not None and share < settings["wanted"]:
        return UNUSABLE
    return CLEAN if found.coverage.approved_occurrences == found.coverage.occurrences else LOOK
