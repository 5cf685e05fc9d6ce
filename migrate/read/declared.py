"""What header and trailer claim of a file, held against what was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from migrate.frames import ISSUES, RECORD, no_issues
from migrate.model.legacy import MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from migrate.model import Declaration, Field, Layout, RecordType
    from migrate.read.framing import Block


POINT = 18
UNIT = 10**POINT
"""Sums are kept in units of 10^-18."""


class Read(NamedTuple):
    """Some records of a file, decoded: a frame a record type, and what was wrong with the bytes."""

    block: Block
    types: NDArray[np.int16]  # of each record, damaged ones too; -1: none that the layout knows
    frames: dict[str, pl.DataFrame]  # RECORD, OFFSET, then the fields: text, or Int64 for numbers
    issues: pl.DataFrame  # item: a legacy field, or blank for the record
    faults: pl.DataFrame  # what is wrong with the file as a whole: header, trailer, counts
    declared: Sequence[dict[str, Any]] = ()  # what the trailers so far claim, and what was found
    gaiji: Dict[tuple[str, str], tuple[int, int]] = {}
    """By record type and field, if counting: private-use characters that are settled, and that are not."""


@dataclass
class Claims:
    """Counts and sums since the last trailer, and since the last end; `part`: a piece of a file, which claims nothing."""

    layout: Layout
    part: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    all_seen: dict[str, int] = field(default_factory=dict)
    all_sums: dict[str, int] = field(default_factory=dict)
    """The same since the last end record: an end answers for all groups of header, data and trailer before it."""
    before: str = ""  # the kind of the record before
    open: bool = False  # records have come since the last trailer
    ended: bool = False  # the record before was an end record
    declared: list[dict[str, Any]] = field(default_factory=list)
    """What the trailers met so far claim: record, field, label, declared, found."""

    @cached_property
    def claiming(self) -> bool:
        """Whether any record may claim anything, or be missed."""
        return any(r.kind != "data" for r in self.layout.records)

    def held(self, read: Read) -> Read:
        """The same, with what it shows to be wrong with the file as a whole."""
        if self.part or not self.claiming:
            return read
        faults = self._faults(read.block, read.types, read.frames)
        return read._replace(faults=pl.concat([read.faults, faults]), declared=self.declared)

    def _faults(
        self, block: Block, types: NDArray[np.int16], frames: dict[str, pl.DataFrame]
    ) -> pl.DataFrame:
        kinds = [r.kind for r in self.layout.records]
        sound = np.array([*kinds, ""])[
            np.where(block.damaged, -1, types)
        ]  # -1: the blank at the end
        found: list[dict[str, object]] = []
        if block.first == 1 and "header" in kinds and "header" not in sound[:1]:
            found.append(_fault("no_header", 1, block.base))
        kept = np.concatenate([[self.before], sound[:-1]])
        if {"header", "trailer", "end"} <= set(kinds):  # each group begins with its own header
            headless = (kept == "trailer") & np.isin(sound, ["data", "trailer"])
            for position in map(int, np.flatnonzero(headless)):
                byte = block.base + int(block.bounds[position])
                found.append(_fault("no_header", block.first + position, byte))
        self.before = str(sound[-1]) if len(sound) else self.before
        before = 0
        for position in map(int, np.flatnonzero(np.isin(sound, ["trailer", "end"]))):
            self._count(block.first, (before, position), types, frames)
            trailer = self.layout.records[types[position]]
            row = frames[trailer.name].row(
                by_predicate=pl.col(RECORD) == block.first + position, named=True
            )
            for claim in trailer.declares:
                byte = block.place(position, trailer.read[claim.field])
                found += self._differs(claim, trailer, row, byte)
            if trailer.kind == "end":
                self.open = self.open or position > before
                self.all_seen, self.all_sums = {}, {}
            else:
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
            for seen in (self.seen, self.all_seen):
                seen[record.name] = seen.get(record.name, 0) + count
        numbers = pl.col(RECORD).is_between(first + span[0], first + span[1], closed="left")
        for summed in {c.sums for r in self.layout.records for c in r.declares if c.sums}:
            name, _, column = summed.partition(" ")
            values = frames[name].filter(numbers)[column]
            total = _total(values, self.layout.types[name].read[column])
            for sums in (self.sums, self.all_sums):
                sums[summed] = sums.get(summed, 0) + total

    def _differs(
        self, claim: Declaration, trailer: RecordType, row: dict[str, Any], byte: int
    ) -> list[dict[str, object]]:
        field = trailer.read[claim.field]
        whole = trailer.kind == "end"
        seen, sums = (self.all_seen, self.all_sums) if whole else (self.seen, self.sums)
        counted = sum(seen.get(name, 0) for name in claim.counts)
        found = counted * UNIT + sums.get(claim.sums, 0)
        given = row[claim.field]
        one = _least(given, field)
        said = None if given is None else _units(given, field)
        read, rest = divmod(found, one)
        if rest:  # what was added up has more digits behind the point than the trailer
            read, one = found, 1
        said = None if said is None else said // one
        if not field.sensitive:
            about = {"record": row[RECORD], "field": claim.field, "label": field.label}
            self.declared.append({**about, "declared": said, "found": read})
        if said == read:
            return []
        value = f"{said} / {read}" if not field.sensitive else ""
        code = "wrong_total" if claim.sums else "wrong_count"
        return [_fault(code, row[RECORD], byte, claim.field, value)]


def _units(value: int | str, field: Field) -> int:
    """A number in units of 10^-18, so that points need not be alike; 0 for text that is none."""
    if isinstance(value, int):
        return int(value * 10 ** (POINT - field.scale))
    whole, _, part = value.partition(".")
    digits = whole + part
    good = digits.removeprefix("-").isdecimal() and len(part) <= POINT
    return int(int(digits) * 10 ** (POINT - len(part))) if good else 0


def _least(value: int | str | None, field: Field) -> int:
    """The last digit of a number, in the same units."""
    if isinstance(value, str):
        return int(10 ** (POINT - len(value.partition(".")[2])))
    return int(10 ** (POINT - max(0, field.scale)))


def _total(values: pl.Series, field: Field) -> int:
    """What some values add up to, in the same units, whatever their sum needs."""
    if field.whole:
        return _units(int(values.cast(pl.Int128).sum()), field)
    if field.type == "digits" and field.bytes <= MOST_DIGITS:
        return _units(int(values.cast(pl.Int64, strict=False).cast(pl.Int128).sum()), field)
    counts = values.drop_nulls().value_counts()
    return sum(_units(value, field) * count for value, count in counts.iter_rows())


def _fault(code: str, record: int, byte: int, item: str = "", value: str = "") -> dict[str, object]:
    return {"record": record, "byte": byte, "item": item, "code": code,
            "severity": "error", "value": value}  # fmt: skip
