"""Room for decoded fields, filled by compiled code and handed on as Arrow columns without a copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from migrate.frames import OFFSET, RECORD
from migrate.read.memory import Memory
from migrate.read.plan import COLUMN, TEXTS, VALID
from migrate.read.raw import address
from migrate.views import of_arrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.model import Field

STRIDE = 64
"""Bytes that compiled code may write behind the last text of a field."""


@dataclass(frozen=True)
class Columns:
    """Buffers for some fields of some records. `room[i]`: bytes that the texts of field i may take."""

    fields: list[Field]
    numeric: list[bool]  # which of them are numbers
    count: int
    room: list[int]
    memory: Memory = field(default_factory=Memory)

    @cached_property
    def slots(self) -> list[int]:
        """Where a field lies among the texts, or among the numbers."""
        numbers = list(accumulate(self.numeric, initial=0))
        return [numbers[i] if mine else i - numbers[i] for i, mine in enumerate(self.numeric)]

    @cached_property
    def begins(self) -> list[int]:
        """Where the texts of a field begin in `text`."""
        sizes = [0 if n else r + STRIDE for n, r in zip(self.numeric, self.room, strict=True)]
        return list(accumulate(sizes, initial=0))

    @cached_property
    def _pieces(self) -> list[NDArray[np.uint8]]:
        """Memory for texts, views, numbers and validity."""
        bits = len(self.fields) * self._bits
        views, numbers = (
            16 * self.count * self._many(numeric=False),
            8 * self.count * self._many(numeric=True),
        )
        return self.memory.pieces([self.begins[-1], views, numbers, bits])

    @property
    def _bits(self) -> int:
        """Bytes of a field's validity: compiled code puts eight at a time."""
        return (self.count + 63) // 64 * 8

    def _many(self, *, numeric: bool) -> int:
        """How many fields are numbers, or texts; one at least, as compiled code looks at one."""
        return max(1, self.numeric.count(numeric))

    @cached_property
    def text(self) -> NDArray[np.uint8]:
        return self._pieces[0]

    @cached_property
    def views(self) -> NDArray[np.uint64]:
        return self._pieces[1].view(np.uint64).reshape(self._many(numeric=False), self.count, 2)

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        return self._pieces[2].view(np.int64).reshape(self._many(numeric=True), self.count)

    @cached_property
    def valid(self) -> NDArray[np.uint8]:
        return self._pieces[3].reshape(len(self.fields), self._bits)

    def placed(self, plan: NDArray[np.int64]) -> NDArray[np.int64]:
        """The fields as compiled code sees them, told where their columns lie."""
        found, slots, numeric = plan.copy(), np.array(self.slots), np.array(self.numeric)
        column = np.where(numeric, address(self.numbers), address(self.views))
        found[:, COLUMN] = column + slots * self.count * np.where(numeric, 8, 16)
        found[:, VALID] = address(self.valid) + np.arange(len(slots)) * self._bits
        found[:, TEXTS] = address(self.text) + np.array(self.begins[:-1])
        return found

    def frame(
        self, used: NDArray[np.int64], numbers: NDArray[np.intp], bytes_: NDArray[np.int64]
    ) -> pl.DataFrame:
        """What was filled in (`used` bytes of each field's text), with number and byte of each record."""
        arrays = self._arrays(range(len(self.fields)), used)
        for values in (numbers, bytes_):  # pa.array would load pandas
            buffers = [None, pa.py_buffer(values.astype(np.uint64, copy=False))]
            arrays.append(pa.Array.from_buffers(pa.uint64(), self.count, buffers))
        names = [*(f.name for f in self.fields), RECORD, OFFSET]
        batch = pa.RecordBatch.from_arrays(arrays, names)
        return pl.DataFrame(pa.RecordBatchReader.from_batches(batch.schema, [batch]))

    def only(self, index: int, used: NDArray[np.int64]) -> pl.Series:
        """What was filled in of one of the fields."""
        (array,) = self._arrays(range(index, index + 1), used)
        return of_arrow(self.fields[index].name, array)

    def _arrays(self, chosen: range, used: NDArray[np.int64]) -> list[pa.Array]:
        text, views, numbers, valid = map(pa.py_buffer, self._pieces)
        arrays = []
        for i in chosen:
            slot, buffers = self.slots[i], [valid.slice(i * self._bits, self._bits)]
            if self.numeric[i]:
                buffers.append(numbers.slice(8 * self.count * slot, 8 * self.count))
            else:
                buffers.append(views.slice(16 * self.count * slot, 16 * self.count))
                if used[i]:
                    buffers.append(text.slice(self.begins[i], int(used[i])))
            kind = pa.int64() if self.numeric[i] else pa.string_view()
            arrays.append(pa.Array.from_buffers(kind, self.count, buffers))
        return arrays
