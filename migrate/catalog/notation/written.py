"""A layout as 符号表."""

from __future__ import annotations

import csv
import io
import re
from itertools import groupby
from typing import TYPE_CHECKING

from migrate.catalog.drafts import Draft, settings
from migrate.catalog.files import rows, shown
from migrate.catalog.notation.words import HEADINGS, TYPES
from migrate.errors import KnowledgeError, Problem
from migrate.language import say
from migrate.model import Field

if TYPE_CHECKING:
    from migrate.model import Layout, RecordType


def tables(layout: Layout) -> dict[str, str]:
    """The text of one 符号表 a record type, by its name.

    >>> from migrate.catalog import Catalog
    >>> print(tables(Catalog().layout("asama/resident"))["header"].splitlines()[6])
    行番号,階層,項目名,繰返し,位置,バイト数,型,変数名,符号,符号内容,小数,形,備考
    """
    made = {}
    for record in layout.records:
        path = layout.path.parent / f"{record.name}.csv"
        raw = rows(path, Field)
        for field_ in raw:
            if field_.redefines or field_.depends or field_.when:
                cause = say(
                    "再定義と可変の繰返しは記法にない",
                    "the notation has no word for redefines, depends and when",
                )
                raise KnowledgeError(
                    Problem(
                        shown(path),
                        field_.name,
                        cause,
                        say("その項目を分ける", "describe it in words"),
                    )
                )
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerows(_head(layout, record))
        writer.writerow(HEADINGS)
        writer.writerows(
            [number, *row]
            for number, row in enumerate(_body(raw, columns=layout.format == "csv"), 1)
        )
        made[record.name] = text.getvalue()
    return made


def _head(layout: Layout, record: RecordType) -> list[list[str]]:
    tag = re.search(r"^tag = (.*)$", settings(Draft("", "", {}, (record,))), re.M)
    csv_ = layout.format == "csv"
    basic = [
        ("名称", layout.title), ("出所", layout.source), ("ファイル形式", "CSV形式" if csv_ else "固定長テキスト形式"),
        ("文字コード", layout.encoding), ("改行", layout.newline), ("レコード長", str(layout.record_bytes or "")),
    ]  # fmt: skip
    others = [
        ("レコード種別", record.name), ("レコード種別名", record.label), ("レコード区分", record.kind), ("識別", tag[1] if tag else ""),
        ("見出し行", str(layout.header_lines) if csv_ else ""), ("区切り", layout.delimiter if csv_ else ""),
    ]  # fmt: skip
    return [[*a, *b] for a, b in zip(basic, others, strict=True)]


def _body(raw: list[Field], *, columns: bool) -> list[list[object]]:
    made: list[list[object]] = []
    at = 1
    for group, run in groupby(raw, key=lambda f: f.group):
        members, first = list(run), at
        times = members[0].times if group else 1
        if group:
            made.append(["1", group, times, first, "", "", "", "", "", "", "", ""])
        for one in members:
            size = 1 if columns else one.bytes
            made.append([
                "2" if group else "1", one.label, "" if group or one.times == 1 else one.times, first, one.bytes or "", TYPES[one.type], one.name,
                "", "", one.scale or "", one.form, one.note,
            ])  # fmt: skip
            first += size * (1 if group else one.times)
        at += (first - at) * times
    return made
