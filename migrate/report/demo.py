"""A town's way through convert, check and reconcile, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrate.language import say
from migrate.report.columns import aligned
from migrate.report.text import figures, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.books import Report
    from migrate.delivery.findings import Findings
    from migrate.totals.reconcile import Reconciled


class Stop(NamedTuple):
    """What became of one old system's export."""

    vendor: str
    report: Report
    findings: Findings
    reconciled: Reconciled
    planted: dict[
        str, int
    ]  # rule -> rows that were broken on purpose, of the tables that are there


def page(stops: Sequence[Stop]) -> str:
    """Books, rules and reconciliation of every system."""
    return "\n\n".join((_books(stops), _rules(stops), _lines(stops)))


def _books(stops: Sequence[Stop]) -> str:
    head = say(
        "旧システム 業務 表 ファイル 読込 移行 棄却 統合 対象外 一致",
        "system areas tables files read written rejected merged skipped balances",
    ).split()
    rows: list[tuple[object, ...]] = []
    for stop in stops:
        books = stop.report.books.values()
        sums = [sum(column) for column in zip(*map(figures, books), strict=True)]
        tables = {f.table for f in stop.findings.files}
        areas = {f.file.split("_")[1] for f in stop.findings.files}
        rows.append((stop.vendor, len(areas), len(tables), len(stop.report.sources), *sums,
                     mark(all(b.balance for b in books))))  # fmt: skip
    sums = [sum(row[i] for row in rows) for i in range(3, 9)]
    rows.append(
        (say("計", "sum"), "", "", *sums, mark(all(r[-1] == mark(good=True) for r in rows)))
    )
    title = say(
        "変換: 読込 = 移行 + 棄却 + 統合 + 対象外",
        "converted: read = written + rejected + merged + skipped",
    )
    return f"{title}\n{aligned([head, *rows], right=range(1, 9), indent='  ')}"


def _rules(stops: Sequence[Stop]) -> str:
    head = say(
        "旧システム 行 守られた規則 破られた規則 判定せず 植えた誤り 見つけた 余分",
        "system rows kept broken not_run planted found besides",
    ).split()
    rows = []
    for stop in stops:
        states = {
            state: {r.rule for r in stop.findings.rules if r.state == state}
            for state in ("kept", "broken", "not_run")
        }
        found = {r.rule: 0 for r in stop.findings.rules}
        for verdict in stop.findings.rules:
            found[verdict.rule] += verdict.count
        planted = {
            rule: count
            for rule, count in stop.planted.items()
            if found.get(rule) is not None and rule not in states["not_run"]
        }
        right = sum(min(count, found[rule]) for rule, count in planted.items())
        rows.append((stop.vendor, sum(f.rows for f in stop.findings.files), len(states["kept"] - states["broken"]), len(states["broken"]),
                     len(states["not_run"]), sum(planted.values()), right, sum(found.values()) - right))  # fmt: skip
    title = say(
        "検査: 表をまたぐ規則（町の行の一部は、わざと誤りを植えてある）",
        "checked: rules across tables (some of the town's rows are wrong on purpose)",
    )
    return f"{title}\n{aligned([head, *rows], right=range(1, 8), indent='  ')}"


def _lines(stops: Sequence[Stop]) -> str:
    head = say(
        "旧システム 行 一致 不一致 人口 調定額", "system lines same different population yen_levied"
    ).split()
    rows = []
    for stop in stops:
        lines = stop.reconciled.lines
        same = sum(line.status == "same" for line in lines)
        shown = [
            _figure(stop, "juki_resident", "population"),
            _figure(stop, "rc_account", "sum levied"),
        ]
        rows.append((stop.vendor, len(lines), same, len(lines) - same, *shown))
    title = say(
        "突合: 旧システムの件数リストとトレーラ（円・人の単位まで）",
        "reconciled: the old systems' own totals and trailers, to the yen and the person",
    )
    return f"{title}\n{aligned([head, *rows], right=range(1, 6), indent='  ')}"


def _figure(stop: Stop, table: str, measure: str) -> str:
    """The whole table's figure, and whether both sides agree on it."""
    asked = (
        v for v in stop.reconciled.lines if (v.table, v.measure) == (table, measure) and not v.by
    )
    return next((f"{mark(v.status == 'same')} {v.right:,}" for v in asked), "-")
