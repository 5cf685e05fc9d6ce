"""Where the fields of each record lie: `Parts(record, block, chosen).spans(values)`.

In most records each field has one place. Behind a group whose number of occurrences a field says (OCCURS DEPENDING
ON) it lies before it, by what is missing; an occurrence that is missing is null; and a field that is to be read only
in some records (REDEFINES) is null in the others.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from migrate.read.framing import taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from migrate.model import Field, RecordType
    from migrate.read.framing import Block

UNDECIDED = "?"
"""A `when` that nobody has settled yet: the field is never read."""


class Span(NamedTuple):
    """Fields that follow one another and are to be read alike."""

    fields: list[Field]
    starts: NDArray[np.int64]  # for each record: the byte to which the fields' `at` is added
    ends: NDArray[np.int64]  # for each record: where it ends; 0: it does not have these fields


class Parts:
    """The fields of some records of one type; what is wrong with their places, once `spans` is through."""

    def __init__(
        self, record: RecordType, block: Block, chosen: NDArray[np.intp], *, variable: bool
    ) -> None:
        self.record, self.block, self.chosen, self.variable = record, block, chosen, variable
        self.starts = taken(block.starts, chosen)
        self.ends = taken(block.stops, chosen)
        self.size = max((f.at + f.bytes for f in record.fields), default=0)
        self.wrong: list[tuple[int, int, str, str, str]] = []
        """(row, byte in the file or -1 for the record's own, field, code, value)"""

    def spans(self, values: Callable[[str], pl.Series]) -> Iterator[Span]:
        """Yield every field's span; `values` gives a field of a span that has been taken.

        Fields of some records only come last: what decides may stand behind them.
        """
        missing = np.zeros(len(self.chosen), np.int64)  # bytes, before the fields to come
        unknown = np.zeros(len(self.chosen), bool)
        later: list[tuple[list[Field], NDArray[np.int64], NDArray[np.int64]]] = []
        for (_, depends, when), run in groupby(
            self.record.fields, key=lambda f: (f.group if f.depends else "", f.depends, f.when)
        ):
            members = list(run)
            starts = self.starts - missing if missing.any() else self.starts
            ends = np.where(unknown, 0, self.ends) if unknown.any() else self.ends
            if when:
                later.append((members, starts, ends))
            elif not depends:
                yield from _span(members, starts, ends)
            else:
                counts, wrong = self._counts(members, values(depends))
                unknown |= wrong
                ends = np.where(unknown, 0, self.ends)
                for number, same in groupby(members, key=lambda f: f.occurrence):
                    occurrence = list(same)
                    lacks = counts < number
                    self._lack(occurrence, lacks)
                    yield from _span(occurrence, starts, np.where(lacks, 0, ends))
                last = members[-1]
                size = (last.at + last.bytes - members[0].at) // last.times
                lacking = (last.times - counts) * size
                self._move(last.at + last.bytes, lacking)
                missing = missing + lacking
        for members, starts, ends in later:
            yield from self._some(members, starts, ends, values)
        if self.variable:
            self._surplus(missing, unknown)

    def _counts(
        self, members: list[Field], said: pl.Series
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """How many occurrences each record has, and where that is impossible."""
        named = self.record.read[members[0].depends]
        counts = said.cast(pl.Int64, strict=False)
        good = counts.is_between(0, members[0].times).fill_null(value=False).to_numpy()
        for row in np.flatnonzero(~good & said.is_not_null().to_numpy()).tolist():
            shown = f"({named.bytes} bytes)" if named.sensitive else str(said[row])
            self._blame(row, named, f"{shown} / {members[0].times}")
        for row in np.flatnonzero(
            said.is_null().to_numpy() & (self.starts + named.at < self.ends)
        ).tolist():
            self._blame(row, named, f"- / {members[0].times}")
        return np.where(good, counts.fill_null(0).to_numpy(), 0), ~good

    def _blame(self, row: int, named: Field, value: str) -> None:
        byte = int(self.block.places(self.chosen[[row]], np.array([named.at]))[0])
        self.wrong.append((row, byte, named.name, "wrong_times", value))

    def _some(
        self,
        members: list[Field],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        values: Callable[[str], pl.Series],
    ) -> Iterator[Span]:
        """The span of fields that only some records have."""
        if members[0].when == UNDECIDED:
            lacks = np.ones(len(self.chosen), bool)
        else:
            named, wanted = members[0].condition
            hit = values(named).cast(pl.String).is_in(wanted).fill_null(value=False)
            lacks = ~hit.to_numpy()
        self._lack(members, lacks)
        yield from _span(members, starts, np.where(lacks, 0, ends))

    def _surplus(self, missing: NDArray[np.int64], unknown: NDArray[np.bool_]) -> None:
        """Records with bytes behind their last field."""
        wanted = self.size - missing
        sizes = self.ends - self.starts
        for row in np.flatnonzero((sizes > wanted) & ~unknown).tolist():
            value = f"{sizes[row]} / {wanted[row]} bytes"
            self.wrong.append((row, -1, "", "wrong_length", value))

    def _lack(self, fields: list[Field], lacks: NDArray[np.bool_]) -> None:
        """Tell the block which records lack these fields."""
        mask = np.zeros(len(self.block), bool)
        mask[self.chosen[lacks]] = True
        self.block.absent.update({(self.record.name, f.name): mask for f in fields})

    def _move(self, at: int, lacking: NDArray[np.int64]) -> None:
        """Tell the block by how many bytes fields from `at` on lie before their place."""
        bytes_ = np.zeros(len(self.block), np.int64)
        bytes_[self.chosen] = lacking
        self.block.moves.append((at, bytes_))


def _span(
    fields: list[Field], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Iterator[Span]:
    """The span of those that are read at all."""
    read = [f for f in fields if f.type != "filler"]
    if read:
        yield Span(read, starts, ends)
