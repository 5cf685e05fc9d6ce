"""A legacy file -> batches of decoded fields: `Reader(layout).batches(path)`, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from migrate.frames import BATCH, no_issues
from migrate.read.declared import Claims, Read
from migrate.read.encodings import encoding_of
from migrate.read.gaiji import Late

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Layout, RecordType
    from migrate.read.encodings import Encoding
    from migrate.read.framing import Block


class Form(Protocol):
    """What a format must know of its records: fixed.py, delimited.py."""

    def blocks(self, path: Path, size: int) -> Iterator[Block]:
        """The whole file, `size` records at a time. Raises SourceError if nothing fits."""

    def types(self, block: Block) -> NDArray[np.int16]:
        """The record type of each record, or -1; of damaged ones too, as far as their bytes reach."""

    def strays(self, block: Block, types: NDArray[np.int16]) -> pl.DataFrame:
        """Issues of the records that are damaged, or of no type that the layout knows."""

    def frame(
        self, block: Block, record: RecordType, chosen: NDArray[np.intp]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The fields of the chosen records, and the issues of their values."""


@dataclass(frozen=True)
class Reader:
    """A layout, ready to read files. `part`: a piece of a file, without header and trailer.

    A header line of labels is no record; in a piece of a file it may be missing. Bytes that lead or trail, and the
    lengths of blocks, are not in a piece. `counting`: gaiji are counted. `marked`: to read with instead of the
    layout's encoding, its gaiji left as they are.
    """

    layout: Layout
    part: bool = False
    counting: bool = False
    marked: Encoding | None = None

    @cached_property
    def encoding(self) -> Encoding:
        return self.marked or encoding_of(self._plain if self.counting else self.layout)

    @cached_property
    def _plain(self) -> Layout:
        """The layout without its vendor's gaiji."""
        return self.layout.model_copy(update={"gaiji": ()})

    @cached_property
    def _late(self) -> Late | None:
        """What puts gaiji in behind the decoder."""
        if self.marked or not (self.layout.gaiji or self.counting):
            return None
        return Late(self.layout, encoding_of(self._plain), self.counting)

    @cached_property
    def _form(self) -> Form:
        """The one format that is read: loading the other takes its time."""
        if self.layout.format == "csv":
            from migrate.read.delimited import Delimited

            return Delimited(self.layout, self.encoding, self.part)
        from migrate.read.fixed import Fixed

        return Fixed(self.layout, self.encoding, self.part)

    def batches(self, path: Path, size: int = BATCH, limit: int | None = None) -> Iterator[Read]:
        """Read a file, `size` records at a time, the first `limit` of them. Raises SourceError if nothing fits."""
        claims = self.claims(limit)
        for block in self.blocks(path, size, limit):
            yield claims.held(self.decoded(block))

    def blocks(self, path: Path, size: int = BATCH, limit: int | None = None) -> Iterator[Block]:
        """The same, cut into records and no more."""
        for block in self._form.blocks(path, size):
            left = len(block) if limit is None else limit - block.first + 1
            yield block if left >= len(block) else block.head(left)
            if limit is not None and left <= len(block):
                return

    def claims(self, limit: int | None = None) -> Claims:
        """What headers and trailers promise, for blocks that are decoded in their order."""
        return Claims(self.layout, self.part or limit is not None)

    def one(self, path: Path, number: int) -> Read | None:
        """The record of that 1-based number, or None if the file ends before."""
        for block in self._form.blocks(path, BATCH):
            if number < block.first + len(block):
                return self.decoded(block.only(number - block.first))
        return None

    def decoded(self, block: Block) -> Read:
        """The fields of a block's records. Blocks may be decoded in any order, and side by side."""
        types = self._form.types(block)
        sound = np.where(block.damaged, -1, types)
        frames, found = {}, [self._form.strays(block, types)]
        gaiji: dict[tuple[str, str], tuple[int, int]] = {}
        for index, record in enumerate(self.layout.records):
            chosen = np.flatnonzero(sound == index)
            frames[record.name], wrong = self._form.frame(block, record, chosen)
            found.append(wrong)
            if self._late:
                made, loose, counts = self._late.put(frames[record.name], record, block)
                frames[record.name] = made
                found.append(loose)
                gaiji |= {(record.name, field): count for field, count in counts.items()}
        issues = _together(found)
        if issues.height:
            issues = issues.sort("record", maintain_order=True)
        return Read(block, types, frames, issues, block.faults, gaiji=gaiji)


def _together(found: list[pl.DataFrame]) -> pl.DataFrame:
    """All issues; in most batches there is none."""
    some = [issues for issues in found if issues.height]
    return pl.concat(some) if some else no_issues()
