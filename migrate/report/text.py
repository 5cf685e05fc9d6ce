"""A run on one screen: the books, what was found, what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.catalog.notices import cited, notices
from migrate.language import say
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from migrate.books import Report


def page(report: Report) -> str:
    """Books, issues, faults, files and the verdict."""
    parts = [_books(report), _reasons(report), _issues(report), _faults(report), _verdict(report)]
    return "\n\n".join(part for part in parts if part)


def _books(report: Report) -> str:
    head = [say("表", "table"), *say("読込 移行 棄却 統合 対象外", "read written rejected merged skipped").split(),
            say("一致", "balances")]  # fmt: skip
    rows = [
        (
            name,
            b.read,
            b.written,
            b.rejected,
            b.merged,
            b.skipped.total(),
            "○" if b.balance else "×",
        )
        for name, b in report.books.items()
    ]
    title = say(f"{report.source}: 読込 = 移行 + 棄却 + 統合 + 対象外",
                f"{report.source}: read = written + rejected + merged + skipped")  # fmt: skip
    return f"{title}\n{aligned([head, *rows], right=range(1, 6), indent='  ')}"


def _reasons(report: Report) -> str:
    rows = [
        (n, count, why) for n, b in report.books.items() for why, count in sorted(b.skipped.items())
    ]
    title = say("対象外の理由", "skipped because")
    return f"{title}\n{aligned(rows, right=[1], indent='  ')}" if rows else ""


def _issues(report: Report) -> str:
    if not report.issues:
        return say("指摘なし", "no issues")
    order = list(notices())  # as the stages come
    rows = [
        (
            cited(code, level),
            count,
            table or say("(バイト)", "(bytes)"),
            item,
            notices()[code].title,
        )
        for (table, item, code, level), count in sorted(
            report.issues.items(), key=lambda entry: (order.index(entry[0][2]), entry[0])
        )
    ]
    title = say("指摘（E 棄却、A 移行したが確認を）", "issues (E: rejected, A: written, but look)")
    return f"{title}\n{aligned(rows, right=[1], indent='  ')}"


def _faults(report: Report) -> str:
    rows = [
        (cited(f["code"]), notices()[f["code"]].title, f["value"], notices()[f["code"]].remedy)
        for f in report.faults
    ]
    title = say("ファイル全体の誤り", "wrong with the file as a whole")
    return f"{title}\n{aligned(rows, indent='  ')}" if rows else ""


def _verdict(report: Report) -> str:
    meaning = {
        0: say("問題なし", "clean"),
        4: say("終了。指摘を確かめてください", "finished; look at the issues"),
        8: say("この結果は使えません", "do not use this outcome"),
    }[report.exit_code]
    if report.over_limit:
        meaning += say("（棄却が上限を超過）", " (more rejects than the limit)")
    lines = [
        say(f"終了コード {report.exit_code}: {meaning}", f"exit code {report.exit_code}: {meaning}")
    ]
    if report.options.dry_run:
        lines.append(say("試行のため何も書いていません", "a dry run: nothing was written"))
    suffix = "" if report.sound else ".partial"
    return "\n".join([*lines, *(f"  {name}{suffix}" for name in report.files)])
