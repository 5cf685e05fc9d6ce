"""Room for decoded fields, filled by compiled code and handed on as Arrow columns without a copy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from migrate.frames import OFFSET, RECORD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.model import Field

STRIDE = 64
"""Bytes that compiled code may write behind the last text of a field."""


@dataclass(frozen=True)
class Columns:
    """Buffers for some fields of some records. `room[i]`: bytes that the texts of field i may take."""

    fields: list[Field]
    count: int
    room: list[int]

    @cached_property
    def numeric(self) -> list[bool]:
        return [f.whole for f in self.fields]

    @cached_property
    def slots(self) -> list[int]:
        """Where a field lies among the texts, or among the numbers."""
        return [sum(n == mine for n in self.numeric[:i]) for i, mine in enumerate(self.numeric)]

    @cached_property
    def begins(self) -> list[int]:
        """Where the texts of a field begin in `text`."""
        sizes = [0 if n else r + STRIDE for n, r in zip(self.numeric, self.room, strict=True)]
        return [sum(sizes[:i]) for i in range(len(sizes) + 1)]

    @cached_property
    def text(self) -> NDArray[np.uint8]:
        return np.empty(self.begins[-1], np.uint8)

    @cached_property
    def views(self) -> NDArray[np.uint64]:
        return np.empty((max(1, self.numeric.count(False)), self.count, 2), np.uint64)

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        return np.empty((max(1, self.numeric.count(True)), self.count), np.int64)

    @cached_property
    def valid(self) -> NDArray[np.uint8]:
        return np.empty((len(self.fields), (self.count + 7) // 8), np.uint8)

    def frame(
        self, used: NDArray[np.int64], numbers: NDArray[np.intp], bytes_: NDArray[np.int64]
    ) -> pl.DataFrame:
        """What was filled in (`used` bytes of each field's text), with number and byte of each record."""
        return self.only(slice(None), used).with_columns(
            pl.Series(RECORD, numbers, dtype=pl.UInt64), pl.Series(OFFSET, bytes_, dtype=pl.UInt64)
        )

    def only(self, part: slice, used: NDArray[np.int64]) -> pl.DataFrame:
        """What was filled in of some of the fields."""
        arrays, chosen = [], range(*part.indices(len(self.fields)))
        for i in chosen:
            numeric = self.numeric[i]
            buffers = [pa.py_buffer(self.valid[i])]
            if numeric:
                buffers.append(pa.py_buffer(self.numbers[self.slots[i]]))
            else:
                begin = self.begins[i]
                buffers.append(pa.py_buffer(self.views[self.slots[i]]))
                if used[i]:
                    buffers.append(pa.py_buffer(self.text[begin : begin + used[i]]))
            kind = pa.int64() if numeric else pa.string_view()
            arrays.append(pa.Array.from_buffers(kind, self.count, buffers))
        table = pa.Table.from_arrays(arrays, names=[self.fields[i].name for i in chosen])
        return pl.DataFrame(pl.from_arrow(table))
