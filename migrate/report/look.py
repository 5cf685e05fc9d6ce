"""A look into a file, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.language import say
from migrate.peek import masked
from migrate.read.encodings import cp932
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from collections import Counter

    import polars as pl

    from migrate.model import RecordType
    from migrate.peek import Look


def page(look: Look, *, reveal: bool) -> str:
    """Sizes, newline, record lengths, first bytes, encodings, character classes, some records."""
    fits = ", ".join(
        name
        + ("" if not refused else say(f"（読めない {refused:,}）", f" ({refused:,} unreadable)"))
        for name, refused in sorted(look.fits.items(), key=lambda f: f[1])
    )
    end = say("あり", "yes") if look.end_mark else say("なし", "no")
    rows = [
        (say("大きさ", "size"), f"{look.size:,} bytes"),
        (say("改行", "newline"), look.newline),
        (say("レコード長", "record length"), _shares(look.lengths)),
        (say("先頭の文字", "first byte"), _shares(look.firsts)),
        (say("文字コードの候補", "encodings that fit"), fits),
        (say("chardet の推定", "chardet's hint"), look.hint or "-"),
        (say("文字の種類", "characters"), _shares(look.characters)),
        (say("末尾の 1A", "1A at the end"), end),
    ]
    if look.columns:
        rows.insert(3, (say("コンマ区切りの列数", "columns between commas"), _shares(look.columns)))
    text = [cp932("microsoft").decode(raw) for raw in look.records]
    lines = text if reveal else [masked(t) for t in text]
    shape = say("レコード（形だけ。--reveal で中身）", "records (their shape; --reveal shows them)")
    title = say("レコード", "records") if reveal else shape
    records = "\n".join(["", title, *(f"  {line}" for line in lines)]) if lines else ""
    return f"{look.name}\n{aligned(rows, indent='  ')}\n{records}"


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


def _shares(counts: Counter[int] | Counter[str]) -> str:
    common: list[tuple[int | str, int]] = [*counts.most_common(6)]
    return "  ".join(f"{what} × {count:,}" for what, count in common)
