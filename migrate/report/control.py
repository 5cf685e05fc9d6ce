"""件数リスト and 突合リスト for people and for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from migrate.language import say
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from migrate.totals import TotalledFile, Totals
    from migrate.totals.reconcile import Reconciled, Verdict

TOTALS = ("table", "measure", "by", "label", "figure")
LINES = ("status", "table", "measure", "by", "label", "left", "right", "difference", "explained")


def totals_as_csv(found: Totals) -> str:
    """The form that `migrate reconcile` reads: UTF-8, CRLF, a line a total."""
    return _csv(TOTALS, ((t.table, t.measure, by(t.by), t.label, t.figure) for t in found.totals))


def totals_as_json(found: Totals) -> str:
    return found.model_dump_json(indent=2) + "\n"


def totals_as_text(found: Totals) -> str:
    """For people, table by table."""
    parts = [_head(found.city, found.round, found.as_of)]
    for file in found.files:
        parts.append(f"\n{file.table} {file.title}  {file.file}")
        rows = [
            (t.measure, by(t.by), t.label.removeprefix(file.title).strip(), shown(t.figure))
            for t in found.totals
            if t.table == file.table
        ]
        parts.append(aligned(rows, right=[3], indent="  "))
        parts += _doubts(file)
    return "\n".join([*parts, *_left_out(found)]) + "\n"


def lines_as_csv(found: Reconciled) -> str:
    return _csv(
        LINES,
        (
            (
                v.status,
                v.table,
                v.measure,
                by(v.by),
                v.label,
                v.left,
                v.right,
                v.difference,
                v.explained,
            )
            for v in found.lines
        ),
    )


def lines_as_json(found: Reconciled) -> str:
    return found.model_dump_json(indent=2) + "\n"


def lines_as_text(found: Reconciled) -> str:
    """For people: every line, then what became of the records of the tables that differ."""
    head = ("", say("表", "table"), say("集計", "measure"), say("区分", "by"), say("移行元", "left"),
            say("移行先", "right"), say("差", "difference"), say("説明", "explained"))  # fmt: skip
    rows = [
        (status(v), v.table, v.measure, by(v.by), shown(v.left), shown(v.right),
         shown(v.difference), shown(v.explained))
        for v in found.lines
    ]  # fmt: skip
    parts = [
        _head(found.city, found.round, found.as_of),
        "",
        *([aligned([head, *rows], right=[4, 5, 6, 7]), ""] if rows else []),
        _verdict(found),
    ]
    for file in found.totals.files:
        parts += _doubts(file)
    parts += _left_out(found.totals)
    differing = {v.table for v in found.lines if v.status != "same"}
    for book in found.books:
        if book.table in differing and book.lost:
            reasons = [
                say(f"棄却 {book.rejected:,}", f"rejected {book.rejected:,}"),
                say(f"統合 {book.merged:,}", f"merged {book.merged:,}"),
                *(f"{reason} {count:,}" for reason, count in book.skipped.items()),
            ]
            parts.append(f"\n{book.table} ({book.mapping}): " + " / ".join(reasons))
    return "\n".join(parts) + "\n"


def _verdict(found: Reconciled) -> str:
    wrong = sum(v.status != "same" for v in found.lines)
    if not wrong:
        return say(f"{found.compared:,} 行すべて一致", f"all {found.compared:,} lines agree")
    return say(
        f"{found.compared:,} 行のうち {wrong:,} 行が不一致",
        f"{wrong:,} of {found.compared:,} lines do not agree",
    )


def status(verdict: Verdict) -> str:
    return {
        "same": say("一致", "same"),
        "different": say("不一致", "DIFFERENT"),
        "only_left": say("移行元のみ", "ONLY LEFT"),
        "only_right": say("移行先のみ", "ONLY RIGHT"),
    }[verdict.status]


def by(values: dict[str, str]) -> str:
    """What a figure is of, as one cell.

    >>> by({"levy_year": "2025", "subject_code": "04"})
    'levy_year=2025 subject_code=04'
    """
    return " ".join(f"{name}={value}" for name, value in values.items())


def shown(figure: int | Decimal | None) -> str:
    return "-" if figure is None else f"{figure:,}"


def _head(city: str, round_: str, as_of: str) -> str:
    return say(
        f"団体 {city} 回次 {round_} 抽出 {as_of}", f"city {city}, round {round_}, as of {as_of}"
    )


def _doubts(file: TotalledFile) -> list[str]:
    if not file.issues:
        return []
    return [
        say(
            f"  {file.file}: 読めない行・値が {file.issues:,} 件。この表の集計は確かではありません: migrate check",
            f"  {file.file}: {file.issues:,} rows or values could not be read; do not rely on its figures: migrate check",
        )
    ]


def _left_out(found: Totals) -> list[str]:
    return [
        say(
            f"  {name}: 表のファイルと分からず、集計していません",
            f"  {name}: of no table, so not added up",
        )
        for name in found.left_out
    ]


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
