"""What the columns of a delimited file hold: type, fill rate, lengths, forms; never their values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.peek.figures import Column, Value
from migrate.peek.masks import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

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

_FORMS = {name: re.compile(pattern) for name, pattern in DATES.items()}

_TYPES = (
    ("digits", re.compile(r"[0-9]+")),
    ("number", re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?")),
    ("kana", re.compile(r"[｡-ﾟ ()\-.0-9A-Z]*[｡-ﾟ][｡-ﾟ ()\-.0-9A-Z]*")),
    ("code", re.compile(r"[A-Za-z0-9_-]{1,8}")),
    ("kanji", re.compile(r"[^\x00-\x7f｡-ﾟ]+")),
    ("text", re.compile(r"[\x20-\x7e]+")),
)


def columns(rows: Sequence[Sequence[str]], labels: Sequence[str] | None, name: str) -> list[Column]:
    """One summary a column, over the rows of a sample."""
    sums = [Sum() for _ in rows[0]] if rows else []
    for number, found in enumerate(sums):
        found.add(Counter(row[number] for row in rows), name)
    return [s.column(n, labels[n - 1] if labels else None) for n, s in enumerate(sums, 1)]


@dataclass
class Sum:
    """What the cells of one column add up to; distinct values only as far as CAP."""

    cells: int = 0
    filled: int = 0
    lengths: list[int] = field(default_factory=list)  # fewest and most characters
    sizes: list[int] = field(default_factory=list)  # the same in bytes
    counts: Counter[str] = field(default_factory=Counter)
    more: bool = False
    types: list[str] = field(default_factory=lambda: [n for n, _ in _TYPES])
    forms: list[str] = field(default_factory=lambda: list(DATES))

    def add(self, cells: Counter[str], name: str) -> None:
        """Count some cells, each distinct one once with its number."""
        if not cells:
            return
        self.cells += cells.total()
        self.filled += cells.total()
        fresh = [c for c in cells if c not in self.counts]
        for cell in [c for c in cells if c in self.counts]:
            self.counts[cell] += cells[cell]
        values = []
        for cell in fresh:
            value = cell.strip(" \u3000")
            if not value:
                self.filled -= cells[cell]
                continue
            values.append(value)
            if len(self.counts) < CAP or value in self.counts:
                self.counts[value] += cells[cell]
            else:
                self.more = True
        self.types = [n for n in self.types if all(map(dict(_TYPES)[n].fullmatch, values))]
        self.forms = [n for n in self.forms if all(map(_FORMS[n].fullmatch, values))]
        self._measure(fresh, name)

    def add_many(self, counted: pl.DataFrame, name: str) -> None:
        """Count cells of a column that has more distinct ones than are kept: `cell`, and how often, `n`."""
        cells = counted["cell"]
        values = cells.str.strip_chars(" \u3000")
        self.cells += int(counted["n"].sum())
        self.filled += int(counted["n"].filter(values != "").sum())
        values = values.filter(values != "")
        self.types = [
            n for n in self.types if values.str.contains(f"^(?:{dict(_TYPES)[n].pattern})$").all()
        ]
        self.forms = [n for n in self.forms if values.str.contains(f"^(?:{DATES[n]})$").all()]
        lengths = cells.str.len_chars()
        few, most = self.sizes
        odd = cells.filter((lengths < few) | (lengths * most_bytes(name) > most))
        ends = [cells[i] for i in (lengths.arg_min(), lengths.arg_max()) if i is not None]
        self._measure([*ends, *odd.to_list()], name)

    def _measure(self, cells: list[str], name: str) -> None:
        """Lengths; bytes are counted only where they can be fewer or more than those known."""
        if not cells:
            return
        lengths = [len(c) for c in cells]
        self.lengths = [min(lengths + self.lengths[:1]), max(lengths + self.lengths[1:])]
        few, most = self.sizes or (1 << 40, -1)
        widest = most_bytes(name)
        for cell, length in zip(cells, lengths, strict=True):
            if length < few or widest * length > most:
                found = size(cell, name)
                few, most = min(few, found), max(most, found)
        self.sizes = [few, most]

    def column(self, number: int, label: str | None) -> Column:
        """The column that was summed up."""
        form = self.forms[0] if self.forms and self.filled > 1 else ""
        named = "date" if form else self.types[0] if self.types else "mixed"
        named = named if self.filled else "empty"
        shapes = Counter(masked(value) for value in self.counts)
        return Column(
            number=number, label=label, type=named, filled=round(self.filled / max(1, self.cells), 4),
            form=form or (shapes.most_common(1)[0][0][:40] if shapes else ""),
            distinct=len(self.counts), more=self.more, shortest=self.lengths[0], longest=self.lengths[1],
            shortest_bytes=self.sizes[0], longest_bytes=self.sizes[1], values=_shown(self.counts, named),
        )  # fmt: skip


def most_bytes(name: str) -> int:
    """The most that a character takes in an encoding."""
    return {"utf-8": 4, "utf-16le": 4, "utf-16be": 4}.get(
        name, 2 if "eu" not in name and "iso" not in name else 8
    )


def size(cell: str, name: str) -> int:
    """Bytes of a cell in its encoding.

    >>> size("山ﾔ1", "cp932"), size("山ﾔ1", "eucjp-ms"), size("山", "utf-8"), size("山", "iso-2022-jp")
    (4, 5, 3, 8)
    """
    if cell.isascii() and not name.startswith("utf-16"):
        return len(cell)
    if name == "utf-8":
        return len(cell.encode("utf-8", "replace"))
    if name.startswith("utf-16"):
        return len(cell.encode("utf-16-le", "replace"))
    if name.startswith("iso"):
        return len(cell.encode("iso2022_jp_ext", "replace"))
    narrow = sum(c < "\x80" or (not name.startswith("euc") and "｡" <= c <= "ﾟ") for c in cell)
    return 2 * len(cell) - narrow


def date_form(values: Sequence[str]) -> str:
    """The form of a column of dates; blank where it is none.

    >>> date_form(["S63/04/01", "H1/12/31"]), date_form(["20260401", "20269901"]), date_form(["12", "99"])
    ('S63/04/01', '19880401', '')
    """
    for name, pattern in DATES.items():
        if len(values) >= 2 and all(re.fullmatch(pattern, v) for v in values):
            return name
    return ""


def _shown(counts: Counter[str], named: str) -> list[Value]:
    """The values that may be seen: short codes of a column with few, each at least LEAST times."""
    if named not in ("digits", "code") or len(counts) > FEW_VALUES:
        return []
    if max(map(len, counts), default=0) > 4:
        return []
    return [Value(value=v, count=c) for v, c in counts.most_common() if c >= LEAST]
