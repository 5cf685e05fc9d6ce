"""What an import writes: the CSV of one standard table, or a legacy layout with one CSV a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from migrate.catalog.files import rows, shown, toml
from migrate.catalog.workbook.items import Remark
from migrate.catalog.workbook.record import record_of
from migrate.catalog.workbook.settle import name_of
from migrate.catalog.workbook.table import table_of
from migrate.catalog.workbook.understood import named
from migrate.catalog.workbook.written import COLUMN, FIELD, again, as_csv, layout_toml
from migrate.errors import KnowledgeError, Problem
from migrate.language import say
from migrate.model import Column, Field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from migrate.catalog.workbook.items import ItemList
    from migrate.catalog.workbook.words import Words

STANDARD = re.compile(
    r"(?:^|/)layouts/standard/(?P<area>[0-9]{2}_[a-z0-9_]+)/(?P<table>[a-z][a-z0-9_]*)\.csv$"
)
LEGACY = re.compile(r"(?:^|/)layouts/legacy/(?P<vendor>[^/]+)/(?P<file>[^/]+)$")


@dataclass(frozen=True)
class Wishes:
    """What the workbook does not say and whoever imports it does."""

    form: Literal["", "fixed", "csv"] = ""
    encoding: str = ""
    newline: str = ""
    source: Literal["V", "I", "G"] = "V"
    force: bool = False
    """Write anew: keep nothing of what people wrote into the files before."""


@dataclass(frozen=True)
class Taken:
    """Texts of files by their paths, how many rows each has, and what there is to say."""

    files: dict[Path, str]
    counts: dict[Path, int]
    remarks: tuple[Remark, ...]


def placed(root: Path, into: str) -> Path:
    """Where a short name lies: `V/F` is a legacy layout, `nn_area/table` a standard table.

    >>> from pathlib import Path
    >>> placed(Path("work"), "acme/people").as_posix(), placed(Path("work"), "03_x/people").as_posix()
    ('work/layouts/legacy/acme/people', 'work/layouts/standard/03_x/people.csv')
    >>> placed(Path("work"), "layouts/legacy/acme/people").as_posix()
    'work/layouts/legacy/acme/people'
    """
    name = into.replace("\\", "/").rstrip("/")
    if re.fullmatch("[0-9]{2}_[a-z0-9_]+/[a-z][a-z0-9_]*", name):
        return root / f"layouts/standard/{name}.csv"
    if re.fullmatch("[a-z][a-z0-9_]*/[a-z][a-z0-9_]*", name):
        return root / "layouts/legacy" / name
    return root / name


def taken(book: Path, lists: Sequence[ItemList], words: Words, into: Path, wishes: Wishes) -> Taken:
    """What becomes of a workbook's lists at `into`. Nothing is written yet.

    Raises KnowledgeError for a place that is none, several lists for one table, a new layout without
    encoding, and items of a fixed-length record that are undecided: they would shift all behind them.
    """
    place = into.as_posix()
    if STANDARD.search(place):
        return _table(book, lists, words, into, wishes)
    if LEGACY.search(place):
        return _layout(book, lists, words, into, wishes)
    cause = say("layouts/standard/<業務>/<表>.csv でも layouts/legacy/V/F でもない",
                "is neither layouts/standard/<nn_area>/<table>.csv nor layouts/legacy/V/F")  # fmt: skip
    raise KnowledgeError(Problem(into, "", cause, say("--into を直す", "mend --into")))


def _table(
    book: Path, lists: Sequence[ItemList], words: Words, into: Path, wishes: Wishes
) -> Taken:
    if len(lists) > 1:
        names = "; ".join(f"{named(one)} ({one.header.top})" for one in lists)
        cause = say(
            f"項目一覧が {len(lists)} ある: {names}", f"holds {len(lists)} item lists: {names}"
        )
        remedy = say("--sheet か --section で1つに決める", "choose one with --sheet or --section")
        raise KnowledgeError(Problem(shown(book), "", cause, remedy))
    found = lists[0]
    old = rows(into, Column) if into.exists() and not wishes.force else []
    columns, remarks = table_of(found, words, wishes.source, old)
    columns, changes = again(columns, old)
    table = STANDARD.search(into.as_posix())
    area = into.parent / "area.toml"
    if table and not (area.exists() and f'"{table["table"]}"' in area.read_text("utf-8")):
        changes.append(say(
            f'{shown(area)} に [[table]] id = "…" name = "{table["table"]}" title = "{named(found)}" を書く',
            f'write into {shown(area)}: [[table]] id = "..." name = "{table["table"]}" title = "{named(found)}"'))  # fmt: skip
    if columns and not any(c.key for c in columns):
        changes.append(say("主キーがない: key に yes を書く", "has no key: write yes in key"))
    more = [Remark("look", found.sheet, 0, change) for change in changes]
    return Taken({into: as_csv(columns, COLUMN)}, {into: len(columns)}, (*remarks, *more))


def _layout(
    book: Path, lists: Sequence[ItemList], words: Words, into: Path, wishes: Wishes
) -> Taken:
    settings = into / "layout.toml"
    known = toml(settings) if settings.exists() else {}
    form = wishes.form or known.get("format") or _form(book, lists)
    before = {r.get("label", ""): r.get("name", "") for r in known.get("record", [])}
    files: dict[Path, str] = {}
    counts: dict[Path, int] = {}
    remarks: list[Remark] = []
    records: list[tuple[str, str]] = []
    sizes = []
    for number, found in enumerate(lists, 1):
        label = named(found)
        name = before.get(label) or name_of(label) or f"record_{number}"
        if name in (other for other, _ in records):
            name = f"{name}_{number}"
        path = into / f"{name}.csv"
        old = rows(path, Field) if path.exists() and not wishes.force else []
        fields, own = record_of(found, words, form, old)
        fields, changes = again(fields, old)
        remarks += [*own, *(Remark("look", found.sheet, 0, change) for change in changes)]
        records.append((name, label))
        files[path], counts[path] = as_csv(fields, FIELD), len(fields)
        sizes.append(sum(f.bytes * f.times for f in fields))
    if form == "fixed":
        _insist_on_every_byte(book, remarks)
    if not known or wishes.force:
        title = lists[0].sheet if len(lists) == 1 else book.stem
        source = say(f"{book.name} から取り込み", f"imported from {book.name}")
        facts = _settings(settings, form, max(sizes), wishes)
        files[settings], counts[settings] = layout_toml(title, source, facts, records), len(records)
    else:
        for name, label in records:
            if name not in before.values():
                text = say(f'layout.toml に [[record]] name = "{name}" がない: 書き加える',
                           f'layout.toml has no [[record]] name = "{name}": add it')  # fmt: skip
                remarks.append(Remark("look", label, 0, text))
    if len(records) > 1:
        text = say(
            "レコード種別を見分ける tag は layout.toml に書く",
            "write the tags that tell record types apart into layout.toml",
        )
        remarks.append(Remark("look", lists[0].sheet, 0, text))
    return Taken(files, counts, tuple(remarks))


def _form(book: Path, lists: Sequence[ItemList]) -> Literal["fixed"]:
    """`fixed` where every list gives places; else nobody has said it."""
    if all({"start", "bytes", "end"} & set(one.header.known) for one in lists):
        return "fixed"
    cause = say(
        "開始位置もバイト数もない: 固定長か CSV かわからない",
        "gives neither starts nor bytes: fixed or csv?",
    )
    remedy = say("--format fixed か --format csv を付ける", "add --format fixed or --format csv")
    raise KnowledgeError(Problem(shown(book), "", cause, remedy))


def _settings(path: Path, form: str, size: int, wishes: Wishes) -> dict[str, str | int]:
    if not wishes.encoding or not wishes.newline:
        cause = say(
            "文字コードと改行はブックに書かれていない",
            "encoding and newline are not in the workbook",
        )
        remedy = say(
            "--encoding と --newline を付ける（migrate peek で調べる）",
            "add --encoding and --newline (ask migrate peek)",
        )
        raise KnowledgeError(Problem(shown(path), "", cause, remedy))
    last: tuple[str, int] = ("record_bytes", size) if form == "fixed" else ("header_lines", 0)
    return {
        "format": form,
        "encoding": wishes.encoding,
        "newline": wishes.newline,
        last[0]: last[1],
    }


def _insist_on_every_byte(book: Path, remarks: Sequence[Remark]) -> None:
    problems = [
        Problem(shown(book), f"{r.sheet}!{r.row}", r.text,
                say("ブックか --titles で決める（固定長では後ろがずれる）",
                    "decide it in the workbook or with --titles: all behind it would shift"))
        for r in remarks
        if r.kind == "undecided"
    ]  # fmt: skip
    if problems:
        raise KnowledgeError(*problems)
