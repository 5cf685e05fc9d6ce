"""What header and trailer claim of a file, held against what was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from migrate.frames import ISSUES, RECORD, no_issues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.model import Declaration, Layout, RecordType
    from migrate.read.framing import Block


@dataclass
class Claims:
    """Counts and sums since the last trailer; `part`: a piece of a file, which claims nothing."""

    layout: Layout
    part: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    open: bool = False  # records have come since the last trailer
    ended: bool = False  # the record before was an end record
    declared: list[dict[str, Any]] = field(default_factory=list)
    """What the trailers met so far claim: record, field, label, declared, found."""

    def hold(
        self, block: Block, types: NDArray[np.int16], frames: dict[str, pl.DataFrame]
    ) -> pl.DataFrame:
        """What is wrong with the file as a whole, as far as a block's records (of these types) show it."""
        if self.part:
            return no_issues()
        kinds = [r.kind for r in self.layout.records]
        sound = np.array([*kinds, ""])[
            np.where(block.damaged, -1, types)
        ]  # -1: the blank at the end
        found: list[dict[str, object]] = []
        if block.first == 1 and "header" in kinds and "header" not in sound[:1]:
            found.append(_fault("no_header", 1, block.base))
        before = 0
        for position in map(int, np.flatnonzero(sound == "trailer")):
            self._count(block.first, (before, position), types, frames)
            trailer = self.layout.records[types[position]]
            row = frames[trailer.name].row(
                by_predicate=pl.col(RECORD) == block.first + position, named=True
            )
            for claim in trailer.declares:
                byte = block.place(position, trailer.read[claim.field])
                found += self._differs(claim, trailer, row, byte)
            self.seen, self.sums, self.open = {}, {}, False
            before = position + 1
        self._count(block.first, (before, len(types)), types, frames)
        self.open = self.open or bool((sound[before:] != "end").any())
        self.ended = bool(sound[-1] == "end") if len(sound) else self.ended
        if block.last:
            end = block.first + len(block), block.base + int(block.bounds[-1])
            if "trailer" in kinds and self.open:
                found.append(_fault("no_trailer", *end))
            if "end" in kinds and not self.ended:
                found.append(_fault("no_end", *end))
        return pl.DataFrame(found, schema=ISSUES) if found else no_issues()

    def _count(
        self,
        first: int,
        span: tuple[int, int],
        types: NDArray[np.int16],
        frames: dict[str, pl.DataFrame],
    ) -> None:
        """Count and add up the records of a span of the block that begins with record `first`."""
        for index, record in enumerate(self.layout.records):
            count = int((types[slice(*span)] == index).sum())
            self.seen[record.name] = self.seen.get(record.name, 0) + count
        numbers = pl.col(RECORD).is_between(first + span[0], first + span[1], closed="left")
        for summed in {c.sums for r in self.layout.records for c in r.declares if c.sums}:
            name, _, column = summed.partition(" ")
            total = frames[name].filter(numbers)[column].cast(pl.Int64, strict=False).sum()
            self.sums[summed] = self.sums.get(summed, 0) + int(total)

    def _differs(
        self, claim: Declaration, trailer: RecordType, row: dict[str, Any], byte: int
    ) -> list[dict[str, object]]:
        read = sum(self.seen.get(name, 0) for name in claim.counts) + self.sums.get(claim.sums, 0)
        said = None if row[claim.field] is None else int(row[claim.field])
        field = trailer.read[claim.field]
        if not field.sensitive:
            about = {"record": row[RECORD], "field": claim.field, "label": field.label}
            self.declared.append({**about, "declared": said, "found": read})
        if said == read:
            return []
        value = f"{said} / {read}" if not field.sensitive else ""
        code = "wrong_total" if claim.sums else "wrong_count"
        return [_fault(code, row[RECORD], byte, claim.field, value)]


def _fault(code: str, record: int, byte: int, item: str = "", value: str = "") -> dict[str, object]:
    return {"record": record, "byte": byte, "item": item, "code": code,
            "severity": "error", "value": value}  # fmt: skip
