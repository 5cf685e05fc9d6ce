"""Plain SVG charts, drawn by hand so that nothing need be installed: `bars(...)`, `curves(...)`."""

from __future__ import annotations

from math import ceil, log10
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LABEL, LINE = 760, 300, 26
OURS, OTHER, GRID, INK = "#1f6f8b", "#c9b27c", "#d8d8d8", "#222222"

Bar = tuple[str, float, str, bool]
"""Label, length, what stands at its end, whether it is ours."""


def _page(title: str, height: int, body: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="13">'
    )
    paper = f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
    return "\n".join(
        [
            head,
            paper,
            _text(12, 22, title, 'font-weight="bold" font-size="15"'),
            *body,
            "</svg>",
            "",
        ]
    )


def _text(x: float, y: float, text: str, style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{INK}" {style}>{escape(text)}</text>'


def bars(title: str, found: Sequence[Bar], mark: float | None = None) -> str:
    """Bars from the left, one a line; `mark`: a line at this length."""
    room = WIDTH - LABEL - 150
    most = max([*(length for _, length, _, _ in found), mark or 0]) or 1
    body, top = [], 40
    for i, (label, length, said, mine) in enumerate(found):
        y, width = top + i * LINE, max(1.0, length / most * room)
        body += [
            _text(LABEL - 8, y + 15, label, 'text-anchor="end"'),
            f'<rect x="{LABEL}" y="{y + 3}" width="{width:.1f}" height="{LINE - 8}" fill="{OURS if mine else OTHER}"/>',
            _text(LABEL + width + 6, y + 15, said),
        ]
    bottom = top + len(found) * LINE
    if mark is not None:
        x = LABEL + mark / most * room
        body.append(
            f'<line x1="{x:.1f}" y1="{top - 4}" x2="{x:.1f}" y2="{bottom}" stroke="{INK}" stroke-dasharray="4 3"/>'
        )
    return _page(title, bottom + 14, body)


def curves(title: str, axes: tuple[str, str], lines: dict[str, list[tuple[float, float]]]) -> str:
    """Curves over x, from zero; axes: what x and y are."""
    left, top, right, bottom = 70, 50, WIDTH - 190, 290
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    most_x, step_y = max(xs), _step(max(ys) / 4)
    most_y = 4 * step_y

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x / most_x * (right - left), bottom - y / most_y * (bottom - top)

    body = [
        _text((left + right) / 2, bottom + 38, axes[0], 'text-anchor="middle"'),
        _text(left, top - 8, axes[1]),
    ]
    for value in (step_y * i for i in range(5)):
        y = at(0, value)[1]
        body.append(f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{GRID}"/>')
        body.append(_text(left - 8, y + 4, f"{value:,g}", 'text-anchor="end"'))
    body += [
        _text(at(x, 0)[0], bottom + 18, f"{x:,g}", 'text-anchor="middle"') for x in sorted(set(xs))
    ]
    for (name, points), colour in zip(
        lines.items(), (OURS, "#b5533c", "#7a7a7a", OTHER), strict=False
    ):
        placed = [at(x, y) for x, y in sorted(points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in placed]
        x, y = placed[-1]
        body.append(
            _text(x + 10, y + (4 if x >= right else -8), name)
        )  # above what goes on to the right
    return _page(title, bottom + 54, body)


def _step(least: float) -> float:
    """A round step, at least so large.

    >>> _step(150), _step(0.9)
    (200.0, 1.0)
    """
    ten = 10.0 ** (ceil(log10(least)) - 1)
    return next(ten * i for i in (1, 2, 2.5, 5, 10) if ten * i >= least)
