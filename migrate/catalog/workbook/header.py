"""Where on a sheet an item list has its header, and which column says what."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from migrate.catalog.workbook.grid import letters
from migrate.catalog.workbook.words import plain

if TYPE_CHECKING:
    from migrate.catalog.workbook.grid import Sheet
    from migrate.catalog.workbook.words import Property, Words

MOST_ROWS = 4
"""Rows that a header may have; more are a table of something else."""


@dataclass(frozen=True)
class Span:
    """One or several columns under one title."""

    first: int
    last: int
    title: str
    """As published, the parts of several header rows divided by a slash; no line breaks."""

    def __str__(self) -> str:
        return f"{letters(self.first)} {self.title}"


@dataclass(frozen=True)
class Header:
    """The header of an item list: its rows, and the columns by what they say."""

    top: int
    bottom: int
    known: dict[Property, Span]
    others: tuple[Span, ...]
    """Titled columns that are none of our properties, or a property that another column says better."""
    twice: tuple[tuple[Property, Span, Span], ...] = ()
    """Columns of one property between which the titles do not decide."""

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(sorted((*self.known.values(), *self.others), key=lambda s: s.first))

    @property
    def missing(self) -> list[Property]:
        """What an item list cannot do without and this header does not have."""
        wanted: list[Property] = ["label", "type"]
        lengths: tuple[Property, ...] = ("length", "bytes", "end")
        short = [name for name in wanted if name not in self.known]
        if "label" in short and "name" in self.known:
            short.remove("label")
        return short + (["length"] if not any(n in self.known for n in lengths) else [])


def headers(sheet: Sheet, words: Words) -> list[Header]:
    """The headers of every item list on a sheet, from top to bottom."""
    found = [h for h in candidates(sheet, words) if not h.missing]
    return [h for n, h in enumerate(found) if n == 0 or h.top > found[n - 1].bottom]


def candidates(sheet: Sheet, words: Words) -> list[Header]:
    """What looks like a header: two known titles or more in one row, and their columns."""
    found: list[Header] = []
    for row in sorted({row for row, _ in sheet.cells}):
        known = {
            m[0] for _, text in sheet.row(row) if (m := words.property_of(text.text)) is not None
        }
        if len(known) >= 2 and not (found and row <= found[-1].bottom):
            found.append(_header(sheet, words, row))
    return found


def _header(sheet: Sheet, words: Words, row: int) -> Header:
    top, bottom = _rows(sheet, words, row)
    spans, parts = _spans(sheet, top, bottom)
    offers = sorted(
        (
            (kind, rank, name, span)
            for span in spans
            for kind, name, rank in _meanings(parts[span], words, letters(span.first))
        ),
        key=lambda offer: (offer[0], offer[1], offer[3].first),
    )
    known: dict[Property, Span] = {}
    ranks: dict[Property, tuple[int, int]] = {}
    twice = []
    for kind, rank, name, span in offers:
        if span in known.values():
            continue
        if name not in known:
            known[name], ranks[name] = span, (kind, rank)
        elif ranks[name] == (kind, rank) and name not in ("note", "group", "number"):
            twice.append((name, known[name], span))
    others = tuple(s for s in spans if s not in known.values())
    return Header(top, bottom, known, others, tuple(twice))


def _rows(sheet: Sheet, words: Words, row: int) -> tuple[int, int]:
    """First and last row of the header that this row is part of."""
    boxes = [
        sheet.covered[row, column]
        for column in range(1, sheet.last_column + 1)
        if (row, column) in sheet.covered
    ]
    titled = [b for b in boxes if sheet.at(b.top, b.left).text and b.bottom - b.top < MOST_ROWS]
    top = min([row, *(b.top for b in titled)])
    bottom = max([row, *(b.bottom for b in titled)])
    columns = [c for c, t in sheet.row(row) if t.text]
    if top == row and columns and _holds_together(sheet, row - 1, columns):
        top = row - 1
    while bottom - top + 1 < MOST_ROWS and _continues(sheet, words, bottom + 1, row):
        bottom += 1
    return top, bottom


def _holds_together(sheet: Sheet, above: int, columns: list[int]) -> bool:
    """Whether the row above titles some of these columns together: merged, but not over all."""
    for column, text in sheet.row(above):
        box = sheet.covered.get((above, column))
        if text.text and box and box.left < box.right and box.bottom == above:
            under = [c for c in columns if box.left <= c <= box.right]
            if 2 <= len(under) < len(columns):
                return not all(sheet.at(*sheet.anchor(above, c)).text for c in columns)
    return False


def _continues(sheet: Sheet, words: Words, below: int, row: int) -> bool:
    """Whether the next row holds nothing but titles, and none where this row titles an item."""
    texts = {c: t.text for c, t in sheet.row(below) if t.text}
    if not any(words.property_of(t) for t in texts.values()):
        return False
    for column, text in sheet.row(row):
        meant = words.property_of(text.text)
        if meant and meant[0] in ("label", "name", "type"):
            box = sheet.covered.get((row, column))
            under = [t for c, t in texts.items() if column <= c <= (box.right if box else column)]
            if under and (len(under) < 2 or not all(words.property_of(t) for t in under)):
                return False
    return not any(words.is_type(t) for t in texts.values())


def _spans(sheet: Sheet, top: int, bottom: int) -> tuple[list[Span], dict[Span, list[str]]]:
    """The titled columns, and the parts of each title from top to bottom."""
    spans, parts = [], {}
    anchors = {
        column: tuple(dict.fromkeys(sheet.anchor(row, column) for row in range(top, bottom + 1)))
        for column in range(1, sheet.last_column + 1)
    }
    for places, run in groupby(range(1, sheet.last_column + 1), key=lambda c: anchors[c]):
        texts = [t for place in places if (t := sheet.at(*place).text)]
        columns = list(run)
        if texts:
            title = "/".join(_joined(t) for t in texts)
            span = Span(columns[0], columns[-1], title)
            spans.append(span)
            parts[span] = texts
    return spans, parts


def _meanings(parts: list[str], words: Words, column: str) -> list[tuple[int, Property, int]]:
    """What a title may mean: in its column (`桁数@M`), as a whole, by its last part, by those above it."""
    found: list[tuple[int, Property, int]] = []
    placed = words.property_of(f"{''.join(parts)}@{column}")
    if placed:
        found.append((-1, *placed))
    whole = words.property_of("".join(parts))
    if whole:
        found.append((0, *whole))
    if len(parts) > 1:
        for kind, part in enumerate(reversed(parts), 1):
            meant = words.property_of(part)
            if meant:
                found.append((kind, *meant))
    return found


def _joined(text: str) -> str:
    return "".join(text.split())


def same(sheet: Sheet, header: Header, row: int) -> bool:
    """Whether a row repeats the titles of a header (as a printed page does)."""
    texts = {plain(t.text) for _, t in sheet.row(row) if t.text}
    own = {plain(part) for span in header.spans for part in span.title.split("/")}
    return len(texts) >= 2 and texts <= own
