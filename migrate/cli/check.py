"""`migrate check DIR`: a municipality's standard files, whoever made them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrate.cli.base import Command, catalog
from migrate.language import say

if TYPE_CHECKING:
    from datetime import datetime

    from migrate.catalog import Catalog
    from migrate.delivery.tally import Selection


def _schema(context: click.Context, option: click.Parameter, asked: bool) -> None:
    """Print the JSON schema instead of checking anything."""
    if asked:
        from migrate.delivery.findings import schema

        click.echo(schema())
        context.exit()


@click.command(
    "check",
    cls=Command,
    help=say(
        """DIR にある1団体の標準ファイル（CSV・Parquet・XML、どの会社のものでも）を検査する。

        ファイルの形式をバイトで、値を表の定義で、最後に表をまたぐ規則を判定する。終了コード: 0 問題なし / 4 アラートだけ /
        8 エラーあり / 12 判定できるファイルがない。個人の値はどこにも出ない。""",
        """Judge the standard files (CSV, Parquet, XML) of one municipality in DIR, whoever made them.

        The form is judged byte by byte, values by their table, then the rules across tables. Exit codes: 0 clean /
        4 alerts only / 8 errors / 12 there was nothing to judge. No personal value is shown anywhere.""",
    ),
)
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--as-of",
    "today",
    type=click.DateTime(["%Y-%m-%d"]),
    help=say("規則を判定する日（既定: ファイル名の抽出基準日）",
             "The day on which rules are judged (default: that of the extraction)."),
)  # fmt: skip
@click.option(
    "--areas", default="",
    help=say("業務だけをコンマで: 01,07 か名前", "These areas only, separated by commas: 01,07 or names."),
)  # fmt: skip
@click.option(
    "--only", default="",
    help=say("この規則・指摘だけ: R008,E-CHECK-011", "These rules and codes only: R008,E-CHECK-011."),
)  # fmt: skip
@click.option(
    "--skip",
    default="",
    help=say("この規則・指摘を除く: R060", "All but these rules and codes: R060."),
)
@click.option(
    "--max-samples", "samples", type=click.IntRange(0), default=20, show_default=True,
    help=say("1種類の指摘に載せる場所の数（件数は常に正確）", "Places kept of one kind; counts are always exact."),
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help=say("json の形は docs/check.schema.json", "docs/check.schema.json tells what the JSON is like."))  # fmt: skip
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help=say("全件の一覧 check-issues.csv を書くフォルダ", "Write the complete list, check-issues.csv, to this folder."),
)  # fmt: skip
@click.option(
    "--schema", is_flag=True, is_eager=True, expose_value=False, callback=_schema,
    help=say("JSON の形（JSON Schema）を示して終わる", "Show what the JSON is like, as JSON schema, and stop."),
)  # fmt: skip
@click.option(
    "--memory", default="1GB", show_default=True,
    help=say("規則の判定に使うメモリ。超えればディスクを使う", "Memory for the rules; beyond it the disk is used."),
)  # fmt: skip
def command(folder: Path, today: datetime | None, form: str, **settings: Any) -> int:
    import re

    from migrate.cli.progress import bar
    from migrate.delivery import Terms, check
    from migrate.report.verdict import page

    if not re.fullmatch(r"[1-9][0-9]*(\.[0-9]+)? ?([KMGT]i?)?B", settings["memory"]):
        raise click.BadParameter(
            say("1GB のように書く", "write it like 1GB"), param_hint="--memory"
        )
    known = catalog()
    areas = _areas(known, _listed(settings.pop("areas")))
    selection = _selection(known, _listed(settings.pop("only")), _listed(settings.pop("skip")))
    with bar(folder) as progress:
        terms = Terms(
            today.date() if today else None, areas, selection, progress=progress, **settings
        )
        found = check(known, folder, terms)
    click.echo(found.model_dump_json(indent=2) if form == "json" else page(found))
    return found.exit_code


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _areas(known: Catalog, asked: list[str]) -> frozenset[str]:
    """Areas by number (01, 1) or name."""
    from migrate.errors import unknown

    found = set()
    areas = known.areas()
    numbers = {area.number: name for name, area in areas.items()}
    for word in asked:
        name = numbers.get(int(word), "") if word.isdecimal() else word
        if name not in areas:
            raise click.UsageError("; ".join(unknown(say("業務", "area"), word, areas)))
        found.add(name)
    return frozenset(found)


def _selection(known: Catalog, only: list[str], skip: list[str]) -> Selection:
    """Rules and codes as people cite them. A rule that is judged by codes stands for its codes."""
    from migrate.catalog.notices import cited, notices
    from migrate.catalog.notices import found as notice
    from migrate.delivery.tally import Selection
    from migrate.errors import unknown

    if not only and not skip:
        return Selection()
    rules = known.rules().by_id

    def names(words: list[str]) -> frozenset[str]:
        found: set[str] = set()
        for word in words:
            if word in rules:
                found |= {word, *rules[word].codes}
                continue
            try:
                found.add(notice(word).code)
            except KeyError:
                every = [*rules, *(cited(code) for code in notices())]
                hint = unknown(say("規則・指摘コード", "rule or code"), word, every)
                raise click.UsageError("; ".join(hint)) from None
        return frozenset(found)

    return Selection(names(only), names(skip))
