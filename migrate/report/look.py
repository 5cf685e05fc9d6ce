"""A look into a file, as text: the conclusion first, then what speaks for it, then the ruler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.language import say
from migrate.peek import masked, readable
from migrate.report.columns import aligned

if TYPE_CHECKING:
    import polars as pl

    from migrate.model import RecordType
    from migrate.peek import Seen
    from migrate.peek.figures import Dialect, Kind, Look, Statement

WIDTH = 100
MOST_KINDS = 5
MOST_ALTERNATIVES = 9
MOST_FIELDS = 24
MOST_RULED = 600
MOST_FACTS = 4
WIDEST = 150
"""What is more is in the JSON: a page is to be read at a glance."""


def page(seen: Seen, *, reveal: bool, records: int) -> str:
    """Conclusion, evidence, ruler and proposed fields, or columns; some records, as shapes."""
    look = seen.look
    parts = [_conclusion(look), _evidence(look)]
    usual = max(look.kinds, key=lambda k: k.count, default=None)
    parts += [_kind(kind, fields=kind is usual) for kind in look.kinds[:MOST_KINDS]]
    if look.dialect:
        parts.append(_columns(look.dialect))
    if look.characters:
        counts = "  ".join(f"{what} {count:,}" for what, count in look.characters.items())
        parts.append(f"{say('文字の種類（先頭 64 KB）', 'characters (first 64 KB)')}\n  {counts}")
    shown = [readable(raw, look.encoding.value) for raw in seen.records[:records]]
    if shown:
        title = (
            say("レコード", "records")
            if reveal
            else say(
                "レコード（形だけ。--reveal で中身）", "records (their shape; --reveal shows them)"
            )
        )
        host = look.encoding.value not in (
            "cp932",
            "utf-8",
            "eucjp-ms",
            "ascii",
            "utf-16le",
            "utf-16be",
        ) and shown[0] == seen.records[0].hex(" ")
        if not (host and not reveal):
            parts.append(
                "\n".join([title, *(f"  {t if reveal else _short(masked(t))}" for t in shown)])
            )
    return "\n\n".join(parts)


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else text[:WIDEST] + " ..."


def _conclusion(look: Look) -> str:
    found = look.structure
    rows = [
        (say("大きさ", "size"), f"{look.size:,} bytes", ""),
        (say("文字コード", "encoding"), *_said(look.encoding)),
        (say("改行", "newline"), *_said(found.newline)),
        (say("レコード長", "record length"), *_said(found.record)),
    ]
    if found.records:
        rows.append((say("件数", "records"), f"{found.records:,}", ""))
    if look.dialect:
        rows.append((say("区切り", "delimiter"), *_said(look.dialect.delimiter)))
        rows.append((say("引用符", "quotes"), *_said(look.dialect.quoting)))
        rows.append((say("見出し行", "header line"), *_said(look.dialect.header)))
    if len(look.kinds) > 1:
        names = ", ".join(f"{k.name} × {k.count:,}" for k in look.kinds)
        rows.append((say("レコード種別", "record types"), f"{len(look.kinds)}", names))
    if found.end_mark:
        rows.append((say("末尾の 1A", "1A at the end"), say("あり", "yes"), ""))
    if found.lead_bytes or found.tail_bytes:
        rows.append(
            (
                say("前後のバイト", "bytes before, behind"),
                f"{found.lead_bytes:,}, {found.tail_bytes:,}",
                "",
            )
        )
    advice = say("推定は助言で、変換には使わない", "advice: nothing is converted on it")
    lines = [f"{look.file} — {advice}", aligned(rows, indent="  ")]
    if look.encoding.value == "container":
        return "\n".join(lines)
    following = say(
        "たたき台を書く: --write-layout ベンダー/ファイル",
        "to begin a layout: --write-layout vendor/file",
    )
    return "\n".join([*lines, f"  {following}"])


def _said(found: Statement) -> tuple[str, str]:
    """A statement in a line: value and how sure it is."""
    words = {
        "certain": say("確実", "certain"),
        "likely": say("たぶん", "likely"),
        "undecided": say("決まらない", "undecided"),
    }
    others = found.alternatives[:MOST_ALTERNATIVES]
    more = " ..." if len(found.alternatives) > MOST_ALTERNATIVES else ""
    sure = words[found.confidence]
    if others and found.confidence == "undecided":
        joined = say("・", ", ").join(others)
        sure += say(f": {joined}{more} のどれか", f": one of {joined}{more}")
    elif others and found.confidence == "certain":
        sure += say(
            f"（{', '.join(others)}{more} でも同じ）", f" (alike in {', '.join(others)}{more})"
        )
    elif others:
        sure += say(
            f"（ほかに {', '.join(others)}{more} も合う）",
            f" ({', '.join(others)}{more} would fit, too)",
        )
    return found.value or "-", sure


def _evidence(look: Look) -> str:
    found = look.structure
    lines = [say("根拠", "evidence")]
    said = [
        (say("文字コード", "encoding"), look.encoding.evidence),
        (say("改行", "newline"), found.newline.evidence),
        (say("レコード長", "record length"), found.record.evidence),
    ]
    if look.dialect:
        said += [
            (say("区切り", "delimiter"), look.dialect.delimiter.evidence),
            (say("引用符", "quotes"), look.dialect.quoting.evidence),
            (say("見出し行", "header line"), look.dialect.header.evidence),
        ]
    lines += [f"  {what}: {fact}" for what, facts in said for fact in facts[:MOST_FACTS]]
    if len(found.lengths) > 1:
        shares = "  ".join(f"{n.length:,} × {n.count:,}" for n in found.lengths)
        lines.append(f"  {say('長さの内訳', 'lengths')}: {shares}")
    if found.divisors and found.record.confidence != "certain":
        some = ", ".join(map(str, found.divisors[-20:]))
        lines.append(f"  {say('大きさを割り切る長さ', 'lengths that divide the file')}: {some}")
    if found.nul or found.high:
        lines.append(say(f"  00 のバイト {found.nul:,}、FF のバイト {found.high:,}", f"  {found.nul:,} bytes 00, {found.high:,} bytes FF"))  # fmt: skip
    return "\n".join(lines)


def _kind(kind: Kind, *, fields: bool) -> str:
    """The ruler, a hundred bytes a line, and the proposed fields."""
    tag = ""
    if kind.tag_at:
        byte = kind.tag or say("（5件未満は隠す）", "(hidden: fewer than 5)")
        tag = say(f"、{kind.tag_at} バイト目が {byte}", f", byte {kind.tag_at} is {byte}")
    lines = [
        say(f"{kind.name}: {kind.length:,} バイト、見た {kind.count:,} 件{tag}",
            f"{kind.name}: {kind.length:,} bytes, {kind.count:,} looked at{tag}")
    ]  # fmt: skip
    for start in range(0, min(kind.length, MOST_RULED), WIDTH):
        cut = kind.ruler[start : start + WIDTH]
        marks = "".join(f"{n:<10}" for n in range(start + 1, start + len(cut) + 1, 10))
        lines += [f"  {marks.rstrip()}", f"  {_drawn(cut)}"]
    if kind.length > MOST_RULED:
        lines.append(say(f"  ほか {kind.length - MOST_RULED:,} バイト（--format json）", f"  {kind.length - MOST_RULED:,} more bytes (--format json)"))  # fmt: skip
    if not fields:
        return "\n".join(lines)
    rows = [
        (part.start, part.bytes, part.type, f"{part.filled:.0%}", "; ".join(part.why))
        for part in kind.parts[:MOST_FIELDS]
    ]
    lines.append(
        say("  9 数字  A 英字・記号  ｱ カナ  漢 2バイト文字  _ 空白  □ 全角空白  S シフト  P パック  B 2進  0 NUL  ? まざる",
            "  9 digit  A letter  ｱ kana  漢 pair  _ blank  □ wide blank  S shift code  P packed  B binary  0 NUL  ? mixed")
    )  # fmt: skip
    title = (
        say("位置", "at"),
        say("バイト", "bytes"),
        say("型", "type"),
        say("埋", "filled"),
        say("なぜ", "why"),
    )
    lines.append(aligned([title, *rows], right=[0, 1, 3], indent="  "))
    if len(kind.parts) > MOST_FIELDS:
        more = len(kind.parts) - MOST_FIELDS
        lines.append(
            say(f"  ほか {more} 項目（--format json）", f"  {more} more fields (--format json)")
        )
    return "\n".join(lines)


def _drawn(ruler: str) -> str:
    """A ruler for the eye: a pair is one full-width sign, so that it keeps its two places."""
    safe = ruler.replace("Jj", "漢").replace("Ww", "□\u00a0").replace("k", "ｱ").replace("s", "S")
    return (
        safe.replace("J", "<")
        .replace("j", ">")
        .replace("W", "<")
        .replace("w", ">")
        .replace("\u00a0", " ")
    )


def _columns(found: Dialect) -> str:
    title = ("", say("見出し", "label"), say("型", "type"), say("形", "form"), say("埋", "filled"),
             say("異なる値", "distinct"), say("文字数", "characters"), say("バイト", "bytes"), say("値（5件以上）", "values (5 or more)"))  # fmt: skip
    rows = [
        (
            c.number, c.label or "", c.type, c.form, f"{c.filled:.0%}",
            say(f"{c.distinct:,} 超", f"over {c.distinct:,}") if c.more else f"{c.distinct:,}",
            f"{c.shortest}-{c.longest}", f"{c.shortest_bytes}-{c.longest_bytes}",
            " ".join(f"{v.value}×{v.count:,}" for v in c.values),
        )
        for c in found.columns
    ]  # fmt: skip
    title_ = (
        say("列（ファイル全体）", "columns (whole file)")
        if found.whole
        else say("列（見たレコード）", "columns (records looked at)")
    )
    return f"{title_}\n{aligned([title, *rows], right=[0, 4], indent='  ')}"


def decoded(frame: pl.DataFrame, record: RecordType, *, reveal: bool) -> str:
    """Records that a layout describes, a line a field; personal values as their shape."""
    parts = []
    for row in frame.iter_rows(named=True):
        rows = []
        for name, found in record.read.items():
            value = "-" if row[name] is None else str(row[name])
            rows.append(
                (name, found.label, value if reveal or not found.sensitive else masked(value))
            )
        title = say(
            f"レコード {row['_record']:,} {record.label}",
            f"record {row['_record']:,} {record.name}",
        )
        parts.append(f"{title}\n{aligned(rows, indent='  ')}")
    return "\n\n".join(parts)
