"""What the columns of a delimited file hold: type, fill rate, lengths, forms; never their values."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from migrate.peek.figures import Column, Value
from migrate.peek.masks import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

CAP = 10_000
"""Distinct values that are counted; beyond it there are "more"."""

FEW_VALUES, LEAST = 20, 5
"""A value is shown where a column has few, all short codes, and it comes at least so often."""

DATES = {
    "19880401": r"(18|19|20|99|00)\d\d(0\d|1[0-2]|99)([0-2]\d|3[01]|99)",
    "1988-04-01": r"(18|19|20)\d\d-\d{1,2}-\d{1,2}",
    "1988/4/1": r"(18|19|20)\d\d/\d{1,2}/\d{1,2}",
    "S63/04/01": r"[MTSHR]\d{1,2}/\d{1,2}/\d{1,2}",
    "S63.04.01": r"[MTSHR]\d{1,2}\.\d{1,2}\.\d{1,2}",
    "S630401": r"[MTSHR]\d{6}",
    "3-630401": r"[1-9]-\d{6}",
    "3630401": r"[1-5]\d\d(0\d|1[0-2])([0-2]\d|3[01])",
    "昭和63年4月1日": r"(明治|大正|昭和|平成|令和)(元|[\d０-９]{1,2})年[\d０-９]{1,2}月[\d０-９]{1,2}日",
    "1988年4月1日": r"(18|19|20)\d\d年\d{1,2}月\d{1,2}日",
}
"""Forms of dates by an example, each with its pattern."""

_TYPES = (
    ("digits", re.compile(r"[0-9]+")),
    ("number", re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?")),
    ("kana", re.compile(r"[｡-ﾟ ()\-.0-9A-Z]*[｡-ﾟ][｡-ﾟ ()\-.0-9A-Z]*")),
    ("code", re.compile(r"[A-Za-z0-9_-]{1,8}")),
    ("kanji", re.compile(r"[^\x00-\x7f｡-ﾟ]+")),
    ("text", re.compile(r"[\x20-\x7e]+")),
)


def columns(
    rows: Sequence[Sequence[str]], labels: Sequence[str] | None, codec: str
) -> list[Column]:
    """One summary a column."""
    return [
        _column(number, [row[number] for row in rows], labels[number] if labels else None, codec)
        for number in range(len(rows[0]) if rows else 0)
    ]


def date_form(values: Sequence[str]) -> str:
    """The form of a column of dates; blank where it is none.

    >>> date_form(["S63/04/01", "H1/12/31"]), date_form(["20260401", "20269901"]), date_form(["12", "99"])
    ('S63/04/01', '19880401', '')
    """
    for name, pattern in DATES.items():
        if len(values) >= 2 and all(re.fullmatch(pattern, v) for v in values):
            return name
    return ""


def _column(number: int, cells: list[str], label: str | None, codec: str) -> Column:
    values = [cell for cell in (c.strip(" \u3000") for c in cells) if cell]
    counts: Counter[str] = Counter()
    more = False
    for value in values:
        if value in counts or len(counts) < CAP:
            counts[value] += 1
        else:
            more = True
    named, form = _typed(list(counts))
    lengths = [len(c) for c in cells] or [0]
    sizes = [len(c.encode(codec, "replace")) for c in cells] or [0]
    shapes = Counter(masked(value) for value in counts)
    return Column(
        number=number + 1, label=label, type=named, filled=round(len(values) / max(1, len(cells)), 4),
        form=form or (shapes.most_common(1)[0][0][:40] if shapes else ""),
        distinct=len(counts), more=more, shortest=min(lengths), longest=max(lengths),
        shortest_bytes=min(sizes), longest_bytes=max(sizes), values=_shown(counts, named),
    )  # fmt: skip


def _typed(values: list[str]) -> tuple[str, str]:
    """The narrowest type that all values have, and the form of dates."""
    if not values:
        return "empty", ""
    form = date_form(values)
    if form:
        return "date", form
    for name, pattern in _TYPES:
        if all(pattern.fullmatch(v) for v in values):
            return name, ""
    return "mixed", ""


def _shown(counts: Counter[str], named: str) -> list[Value]:
    """The values that may be seen: short codes of a column with few, each at least LEAST times."""
    if named not in ("digits", "code") or len(counts) > FEW_VALUES:
        return []
    if max(map(len, counts), default=0) > 4:
        return []
    return [Value(value=v, count=c) for v, c in counts.most_common() if c >= LEAST]
