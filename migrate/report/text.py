"""A run on one screen: the books, what was found, what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.books import OTHER_TYPE
from migrate.catalog.notices import cited, notices
from migrate.language import say
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from migrate.books import Books, Report


BESIDE = {"extra", "originals"}
"""Parts of the names of files that stand beside a table's own."""

MANY_FILES = 12
"""More files than this are counted, not listed."""


def page(report: Report) -> str:
    """Books, issues, faults, files and the verdict."""
    parts = [
        _books(report),
        _reasons(report),
        _unread(report),
        _issues(report),
        _faults(report),
        _verdict(report),
    ]
    return "\n\n".join(part for part in parts if part)


def _books(report: Report) -> str:
    head = [say("マッピング", "mapping"), say("表", "table"),
            *say("読込 移行 棄却 統合 対象外", "read written rejected merged skipped").split(),
            say("一致", "balances")]  # fmt: skip
    books = list(report.books.items())
    rows = [(name, b.table, *figures(b), mark(b.balance)) for name, b in books]
    if len(books) > 1:
        sums = [sum(column) for column in zip(*(figures(b) for _, b in books), strict=True)]
        whole = all(b.balance for _, b in books)
        rows.append((say("計", "sum"), "", *sums, mark(whole)))
    title = say(f"{report.source}: 読込 = 移行 + 棄却 + 統合 + 対象外",
                f"{report.source}: read = written + rejected + merged + skipped")  # fmt: skip
    return f"{title}\n{aligned([head, *rows], right=range(2, 7), indent='  ')}"


def figures(books: Books) -> tuple[int, int, int, int, int]:
    """Read, written, rejected, merged, skipped."""
    return books.read, books.written, books.rejected, books.merged, books.skipped.total()


def mark(good: bool) -> str:
    return "○" if good else "×"


def _reasons(report: Report) -> str:
    """Why records were skipped, each reason once; those of another type in one line."""
    found: dict[str, list[tuple[str, int]]] = {}
    others = 0
    for name, books in report.books.items():
        for why, count in books.skipped.items():
            if why.startswith(OTHER_TYPE):
                others += count
            else:
                found.setdefault(why, []).append((name, count))
    rows = [
        (
            sum(n for _, n in each),
            why,
            ", ".join(name for name, _ in each[:3]) + (" ..." if len(each) > 3 else ""),
        )
        for why, each in found.items()
    ]
    rows.sort(key=lambda row: -row[0])
    if others:
        rows.append((others, say("別のレコード種別", "records of another type"), ""))
    title = say("対象外の理由", "skipped because")
    return f"{title}\n{aligned(rows, right=[0], indent='  ')}" if rows else ""


def _unread(report: Report) -> str:
    """Files that nobody read, and layouts without a file."""
    rows = [
        (name, say("どのマッピングも読まないファイル", "no mapping reads this file"))
        for name in report.unclaimed
    ]
    rows += [
        (name, say("このレイアウトのファイルがない", "no file of this layout"))
        for name in report.absent
    ]
    rows += [
        (name, say("空のファイル。0件とした", "an empty file: no records")) for name in report.empty
    ]
    title = say("変換していないもの", "not converted")
    return f"{title}\n{aligned(rows, indent='  ')}" if rows else ""


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
        (
            f["file"],
            cited(f["code"]),
            notices()[f["code"]].title,
            f["value"],
            notices()[f["code"]].remedy,
        )
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
    if report.short_of_gaiji:
        done, whole = report.gaiji["settled"], report.gaiji.total()
        meaning += say(
            f"（承認済みの外字は {whole:,} のうち {done:,}、{report.options.require_gaiji:g}% に届かない。migrate gaiji report で見る）",
            f" (of {whole:,} user-defined characters {done:,} are settled, less than {report.options.require_gaiji:g}%:"
            " see `migrate gaiji report`)",
        )
    lines = [
        say(f"終了コード {report.exit_code}: {meaning}", f"exit code {report.exit_code}: {meaning}")
    ]
    if report.options.dry_run:
        lines.append(say("試行のため何も書いていません", "a dry run: nothing was written"))
    suffix = "" if report.sound else ".partial"
    names = report.files
    if len(names) > MANY_FILES:
        tables = [n for n in names if n[:6].isdigit() and not BESIDE.intersection(n.split("."))]
        rest = [n for n in names if n in ("issues.csv", "run.json")]
        lines.append(say(f"  {len(names)} ファイル、うち表 {len(tables)}",
                         f"  {len(names)} files, {len(tables)} of them tables"))  # fmt: skip
        names = rest
    return "\n".join([*lines, *(f"  {name}{suffix}" for name in names)])
