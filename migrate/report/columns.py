"""Columns of text in which a full-width character takes two places."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def width(text: str) -> int:
    """Places on a terminal.

    >>> width("氏名 X")
    6
    """
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def aligned(rows: Iterable[Sequence[object]], right: Sequence[int] = (), indent: str = "") -> str:
    """Rows under one another; the columns in `right` are set flush right.

    >>> print(aligned([("氏名", 12), ("x", 3)], right=[1]))
    氏名  12
    x      3
    """
    cells = [[f"{c:,}" if isinstance(c, int) else str(c) for c in row] for row in rows]
    if not cells:
        return ""
    sizes = [max(width(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = []
    for row in cells:
        parts = []
        for i, cell in enumerate(row):
            space = " " * (sizes[i] - width(cell))
            parts.append(space + cell if i in right else cell + space)
        lines.append((indent + "  ".join(parts)).rstrip())
    return "\n".join(lines)
