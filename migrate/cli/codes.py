"""`migrate codes`: the codes of legacy files and their crosswalks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.cli.base import CLEAN, LOOK, UNUSABLE, Command, catalog, percentage
from migrate.cli.groups import Group
from migrate.cli.totals import FORMATS, deliver, schema_of
from migrate.language import say


@click.group(
    "codes",
    cls=Group,
    help=say(
        """コード台帳: 旧ファイルのコードを変換表ごとに数え、承認し、変換に使う。

        \b
        1. migrate codes report asama export/                  どのコードがいくつあり、何になるか
        2. migrate codes report asama export/ --ledger todo    変換表にないコードを todo/<変換表>.missing.csv に書く
        3. 原課が to・approved_by・approved_on を書き、mappings/asama/codes/<変換表>.csv に加える
        4. migrate codes report asama export/ --require-codes 100%

        変換表に approved_by・approved_on の列がなければ、全体がマッピングの agreed で合意済みとみなす。列があれば、
        承認のない行は使われず、その値は棄却される（E-CONV-081）。""",
        """The code ledger: count the codes of legacy files crosswalk by crosswalk, approve them, apply them.

        \b
        1. migrate codes report asama export/                  which codes there are, and what each becomes
        2. migrate codes report asama export/ --ledger todo    those that no crosswalk has: todo/<list>.missing.csv
        3. the city writes to, approved_by, approved_on; add the rows to mappings/asama/codes/<list>.csv
        4. migrate codes report asama export/ --require-codes 100%

        A crosswalk without the columns approved_by and approved_on is agreed on as a whole, with the mapping. With
        them a row that is not approved is not applied, and its values are refused (E-CONV-081).""",
    ),
)
def command() -> None:
    pass


@command.command(
    "report",
    cls=Command,
    short_help=say("旧コードを変換表ごとに数える", "Count legacy codes, crosswalk by crosswalk."),
    help=say(
        """MAPPING の code LIST が SOURCE（ファイルかフォルダ）で出会う旧コードを、変換表ごとに数える: 出現、レコード、
        標準コードとその名称、承認、行のないコード、どのレコードにもない行。

        個人の項目で変換表にない値は、短い英数字でなければ文字数だけを示す。終了コード: 0 すべて承認済み、
        4 承認のないコードがある、8 --require-codes に届かない。""",
        """Count the legacy codes that the words `code LIST` of MAPPING meet in SOURCE (a file or folder): occurrences,
        records, the standard's code and its label, whether it is approved; codes without a row, rows never met.

        Of a personal field a value that no crosswalk has shows its length only, unless it is a short code. Exit code:
        0 all are approved, 4 some are not, 8 less than --require-codes are.""",
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
    type=click.Path(path_type=Path),
    help=say(
        "変換表にないコードを未承認の行として、このフォルダの新しいファイル <変換表>.missing.csv に書く（- は標準出力）",
        "Write the codes that no crosswalk has, unapproved, to new files <list>.missing.csv in this folder (-: stdout).",
    ),
)
@click.option(
    "--require-codes", "wanted", callback=percentage, metavar="PERCENT",
    help=say("承認済みの割合（出現数）がこれより低ければ終了コード 8",
             "Exit code 8 where a smaller share of the occurrences is approved."),
)  # fmt: skip
@click.option(
    "--schema", is_flag=True, is_eager=True, expose_value=False,
    callback=schema_of("migrate.inventory.codes.Inventory"),
    help=say("json の JSON Schema を示す", "Show the JSON schema."),
)  # fmt: skip
def report(mapping: str, source: Path, **settings: Any) -> int:
    from migrate.cli.progress import bar
    from migrate.inventory.codes import codes
    from migrate.report import ledger

    mappings = catalog().mappings(mapping)
    with bar(source) as progress:
        found = codes(mappings, source, settings["before"], progress)
    forms = {"text": ledger.codes_as_text, "csv": ledger.codes_as_csv, "json": ledger.codes_as_json}
    if settings["ledger"]:
        write_missing(ledger.codes_ledger(found), settings["ledger"])
    if str(settings["ledger"]) != "-":
        deliver(forms[settings["form"]](found), settings["into"])
    if settings["wanted"] is not None and found.coverage.share < settings["wanted"]:
        return UNUSABLE
    return CLEAN if found.coverage.approved_occurrences == found.coverage.occurrences else LOOK


def write_missing(texts: dict[str, str], folder: Path) -> None:
    """A new file a list, or all of them to stdout under their names; no file is ever replaced."""
    if str(folder) == "-":
        for name, text in texts.items():
            click.echo(f"# mappings/{name.replace('/', '/codes/')}.csv")
            deliver(text, None)
        return
    paths = {
        folder / f"{name.rpartition('/')[2]}.missing.csv": text for name, text in texts.items()
    }
    for path in paths:
        if path.exists():
            raise click.UsageError(
                say(f"{path}: すでにあります。別のフォルダにする",
                    f"{path}: is there already; choose another folder")
            )  # fmt: skip
    for path, text in paths.items():
        deliver(text, path)
