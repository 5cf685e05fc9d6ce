"""What header and trailer claim of a file, held against what was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.model import ISSUES, OFFSET, RECORD, no_issues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.model import Declaration, Layout, RecordType


@dataclass
class Claims:
    """Counts and sums since the last trailer; `part`: a piece of a file, which claims nothing."""

    layout: Layout
    part: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    open: bool = False  # records have come since the last trailer
    _first: bool = True

    def hold(
        self, types: NDArray[np.int16], frames: dict[str, pl.DataFrame], at: tuple[int, int]
    ) -> pl.DataFrame:
        """Issues of one block whose records have these types; `at`: its first number and byte."""
        if self.part:
            return no_issues()
        found: list[dict[str, object]] = []
        kinds = [r.kind for r in self.layout.records]
        if self._first and len(types):
            self._first = False
            if "header" in kinds and (types[0] < 0 or kinds[types[0]] != "header"):
                found.append(_fault("no_header", at[0], at[1]))
        before = 0
        closing = [i for i, kind in enumerate(kinds) if kind == "trailer"]
        for position in np.flatnonzero(np.isin(types, closing)):
            self._count(types[before:position], frames, (at[0] + before, at[0] + int(position)))
            trailer = self.layout.records[types[position]]
            row = frames[trailer.name].filter(pl.col(RECORD) == at[0] + int(position))
            for claim in trailer.declares:
                found += self._differs(claim, trailer, row)
            self.seen, self.sums, self.open = {}, {}, False
            before = int(position) + 1
        self._count(types[before:], frames, (at[0] + before, at[0] + len(types)))
        return pl.DataFrame(found, schema=ISSUES) if found else no_issues()

    def missing(self, number: int, byte: int) -> pl.DataFrame:
        """The issue of a file that ended without its trailer; record and byte of its end."""
        kinds = {r.kind for r in self.layout.records}
        if self.part or "trailer" not in kinds or not self.open:
            return no_issues()
        return pl.DataFrame([_fault("no_trailer", number, byte)], schema=ISSUES)

    def _count(
        self, types: NDArray[np.int16], frames: dict[str, pl.DataFrame], span: tuple[int, int]
    ) -> None:
        for index, record in enumerate(self.layout.records):
            count = int((types == index).sum())
            self.seen[record.name] = self.seen.get(record.name, 0) + count
            self.open = self.open or (count > 0 and record.kind == "data")
        for summed in self._summed:
            name, _, column = summed.partition(" ")
            rows = frames[name].filter(pl.col(RECORD).is_between(span[0], span[1], closed="left"))
            total = rows[column].cast(pl.Int64, strict=False).sum()
            self.sums[summed] = self.sums.get(summed, 0) + int(total)

    @property
    def _summed(self) -> set[str]:
        return {c.sums for r in self.layout.records for c in r.declares if c.sums}

    def _differs(
        self, claim: Declaration, trailer: RecordType, row: pl.DataFrame
    ) -> list[dict[str, object]]:
        read = sum(self.seen.get(name, 0) for name in claim.counts) + self.sums.get(claim.sums, 0)
        said = row[claim.field].cast(pl.Int64, strict=False).item() if row.height else None
        if said == read:
            return []
        code = "wrong_total" if claim.sums else "wrong_count"
        byte = row[OFFSET].item() + trailer.read[claim.field].at if row.height else 0
        record = row[RECORD].item() if row.height else 0
        return [_fault(code, record, byte, claim.field, f"{said} / {read}")]


def _fault(code: str, record: int, byte: int, item: str = "", value: str = "") -> dict[str, object]:
    return {"record": record, "byte": byte, "item": item, "code": code,
            "severity": "error", "value": value}  # fmt: skip
