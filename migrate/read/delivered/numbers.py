"""Columns of numbers that are written as they should be, without a detour over text: `plain_numbers(...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from migrate.compiled import OPTIONS, njit
from migrate.machine import U

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.model import Column

INLINE = 12
"""Bytes of text that lie in a string view itself."""
DIGITS = 18
"""So many fit into 64 bits."""
MINUS, POINT, ZERO = 45, 46, 48


def plain_numbers(
    column: Column, views: NDArray[np.uint64], filled: NDArray[np.uint8], valid: pa.Buffer
) -> pl.Series | None:
    """The numbers of a column, None if it has none or if even one is not plain: then `typed` judges them all.

    views: Arrow string views, uint64[rows, 2]; filled: whether there is one; valid: the same, as bits. Plain is what
    has no zeros in front, no sign but a minus, no more decimals than the column, and at most INLINE bytes.
    """
    whole, scale = column.digits
    if column.dtype == pl.String or whole + scale > DIGITS:
        return None
    decimal = column.type == "9V"
    values = np.empty((len(views), 1 + decimal), np.int64)
    if not _read(views, filled, whole if decimal else INLINE, scale if decimal else 0, values):
        return None
    kind = pa.decimal128(whole + scale, scale) if decimal else pa.int64()
    return pl.Series(pa.Array.from_buffers(kind, len(views), [valid, pa.py_buffer(values)]))


@njit(inline="always", **OPTIONS)
def _byte(low, high, i):
    """A byte of the text in a string view."""
    return (low >> U(32 + 8 * i)) & U(0xFF) if i < 4 else (high >> U(8 * (i - 4))) & U(0xFF)


@njit(**OPTIONS)
def _read(views, filled, whole, scale, values):
    """Whether all are plain: a number with at most so many digits before and behind the point. values
    int64[rows, words]: filled in, times 10 ** scale."""
    for row in range(len(views)):
        if not filled[row]:
            values[row, :] = 0
            continue
        low, high = views[row, 0], views[row, 1]
        size = np.int64(low & U(0xFFFFFFFF))
        if size > INLINE:
            return False
        minus = np.int64(_byte(low, high, 0) == MINUS)
        number, digits, point = 0, 0, -1
        for i in range(minus, size):
            b = np.int64(_byte(low, high, i))
            if b == POINT and point < 0:
                point = digits
                continue
            if b < ZERO or b > ZERO + 9:
                return False
            number = 10 * number + b - ZERO
            digits += 1
        before = digits if point < 0 else point
        behind = digits - before
        if before < 1 or before > whole or behind > scale or (point >= 0 and behind < 1):
            return False
        if (before > 1 and _byte(low, high, minus) == ZERO) or (minus and number == 0):
            return False
        for _ in range(scale - behind):
            number *= 10
        values[row, 0] = -number if minus else number
        if values.shape[1] > 1:  # the upper half of a decimal
            values[row, 1] = -1 if minus else 0
    return True
