"""A check of a delivery on one screen: files, findings, rules, what to do next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrate.language import say
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrate.delivery.findings import Finding, Findings, RuleVerdict, Sample

PLACES = 3
"""Samples shown of one kind; JSON and the complete list have more."""


def page(found: Findings) -> str:
    """Everything a person needs to see first."""
    parts = [_files(found), _findings(found), _rules(found), _not_run(found.rules), _verdict(found)]
    return "\n\n".join(part for part in parts if part)


def _files(found: Findings) -> str:
    when = f"{found.as_of[:4]}-{found.as_of[4:6]}-{found.as_of[6:8]}"
    title = say(f"{found.folder}: 団体 {found.city} 回次 {found.round} 基準日 {when}",
                f"{found.folder}: municipality {found.city}, round {found.round}, as of {when}")  # fmt: skip
    if not found.files:
        return title
    head = say(
        "表 表名 形式 行 読めた行 エラー アラート", "table title form rows readable errors alerts"
    )
    unread = say("読めない", "unreadable")
    rows = [
        (f.table, f.title, f.form, f.rows if f.judged else unread, f.read, f.errors, f.alerts)
        for f in found.files
    ]
    return f"{title}\n{aligned([head.split(), *rows], right=range(3, 7), indent='  ')}"


def _findings(found: Findings) -> str:
    """What was found in files and values."""
    if not found.findings:
        return ""
    order = {"error": 0, "alert": 1}
    title = say(
        "ファイルと値の指摘（E エラー、A アラート）",
        "findings in files and values (E error, A alert)",
    )
    lines = [title]
    for kind in sorted(found.findings, key=lambda f: order[f.severity]):
        where = " ".join(filter(None, (kind.table, kind.item, kind.label)))
        lines.append(
            f"  {kind.code} {kind.count:,}  {': '.join(filter(None, (where, kind.title)))}"
        )
        lines += _places(kind.samples, kind.count)
    return "\n".join(lines)


def _rules(found: Findings) -> str:
    """Rules across tables that are broken."""
    across = [r for r in found.rules if r.table]
    broken = [r for r in across if r.state == "broken"]
    if not across:
        return ""
    kept = len({r.rule for r in across} - {r.rule for r in broken})
    title = say(f"表をまたぐ規則: 守られている {kept}、破られている {len({r.rule for r in broken})}",
                f"rules across tables: {kept} kept, {len({r.rule for r in broken})} broken")  # fmt: skip
    lines = [title]
    for rule in sorted(broken, key=lambda r: (r.severity != "error", r.rule)):
        letter = "E" if rule.severity == "error" else "A"
        where = " ".join((rule.table, *rule.columns))
        lines.append(f"  {rule.rule} ({letter}) {rule.count:,}  {where}: {rule.title}")
        lines += _places(rule.samples, rule.count)
    return "\n".join(lines)


def _places(samples: list[Sample], count: int) -> list[str]:
    lines = [f"      {_place(s)}" for s in samples[:PLACES]]
    more = count - len(lines)
    return [*lines, say(f"      ほか {more:,}", f"      and {more:,} more")] if more else lines


def _place(sample: Sample) -> str:
    """`file row 1,204 (byte 481,685) event_seq=3: (7 characters)`."""
    row = say(f"{sample.row:,} 行目", f"row {sample.row:,}") if sample.row else ""
    byte = ""
    if sample.byte is not None and (sample.row or sample.byte):
        byte = say(f"({sample.byte:,} バイト目)", f"(byte {sample.byte:,})")
    key = " ".join(f"{name}={value}" for name, value in sample.key.items())
    place = " ".join(filter(None, (sample.file, row, byte, key)))
    return f"{place}: {sample.value}" if sample.value is not None else place


def _not_run(rules: Iterable[RuleVerdict]) -> str:
    """Rules that were not judged, by reason; where it is a missing table, they are only counted."""
    silent = [r for r in rules if r.state == "not_run"]
    if not silent:
        return ""
    missing = say("表がない: ", "missing: ")
    reasons = Counter(r.reason for r in silent)
    absent = [r for r in silent if r.reason.startswith(missing)]
    title = say(f"判定していない規則: {len(silent)}", f"rules not judged: {len(silent)}")
    lines = [title]
    if absent:
        names = " ".join(dict.fromkeys(r.rule for r in absent[:8])) + (
            " ..." if len(absent) > 8 else ""
        )
        lines.append(say(f"  要る表が納品にない: {len(absent)} ({names})",
                         f"  tables they need are not in the delivery: {len(absent)} ({names})"))  # fmt: skip
    for reason in reasons:
        if not reason.startswith(missing):
            names = " ".join(r.rule for r in silent if r.reason == reason)
            lines.append(f"  {names}: {reason}")
    return "\n".join(lines)


def _verdict(found: Findings) -> str:
    meaning = {
        0: say("問題なし", "clean"),
        4: say("アラートだけ。目を通してください", "alerts only; look at them"),
        8: say("エラーあり。このままでは使えません", "errors; do not use it as it is"),
        12: say("判定できたファイルがありません", "no file could be judged"),
    }[found.exit_code]
    figures = say(
        f"エラー {found.errors:,}、アラート {found.alerts:,}",
        f"{found.errors:,} errors, {found.alerts:,} alerts",
    )
    lines = [say(f"終了コード {found.exit_code}: {meaning}（{figures}）",
                 f"exit code {found.exit_code}: {meaning} ({figures})")]  # fmt: skip
    lost = sum(f.rows - f.read for f in found.files)
    if lost:
        lines.append(say(f"  読めなかった {lost:,} 行は規則の判定に入っていません。そのために破れた規則もありえます",
                         f"  {lost:,} rows could not be read and the rules did not see them: some may be broken for that alone"))  # fmt: skip
    first = _first(found)
    if first:
        lines.append(
            say(
                f"  意味と対処: migrate rule {first}",
                f"  what it means and what to do: migrate rule {first}",
            )
        )
    if found.listed:
        lines.append(say(f"  全件: {found.listed}", f"  complete list: {found.listed}"))
    elif found.errors + found.alerts:
        lines.append(say("  全件の一覧: --into フォルダ", "  for the complete list: --into FOLDER"))
    return "\n".join(lines)


def _first(found: Findings) -> str:
    """The code to look up first: an error before an alert."""
    broken = [r for r in found.rules if r.state == "broken" and r.table]
    kinds: list[Finding | RuleVerdict] = [*found.findings, *broken]
    ranked = sorted(kinds, key=lambda k: k.severity != "error")
    if not ranked:
        return ""
    first = ranked[0]
    return getattr(first, "code", "") or getattr(first, "rule", "")
