"""A coded column as Arrow has it, in the order in which its values come: `indexed(parts)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from migrate.compiled import OPTIONS, njit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from migrate.coded import Coded


def indexed(parts: Sequence[tuple[pl.DataFrame, Coded]]) -> pa.DictionaryArray:
    """A column of text over some frames: its values, each once, as they come first, and each row's.

    It tells nothing of the frames' ends, nor of values that do not occur.

    >>> from migrate.coded import Coded
    >>> rows = pl.DataFrame({"_a": [2, 1, 0]}, schema={"_a": pl.UInt32})
    >>> found = indexed([(rows, Coded(pl.Series(["x", None, "y"]), "_a"))])
    >>> found.dictionary.to_pylist(), found.indices.to_pylist()
    (['y', 'x'], [0, None, 1])
    """
    code = parts[-1][1]
    if not all(_begins(code.values, other.values) for _, other in parts):
        return encoded([column(*part) for part in parts])
    if not any(other.places for _, other in parts):
        return _constant(code.values, sum(rows.height for rows, _ in parts))
    places = np.concatenate([_places(*part) for part in parts])
    values = code.values.to_arrow().cast(pa.string())
    order, numbers = np.empty(len(values), np.uint32), np.empty(len(places), np.int32)
    blank = values.is_null().to_numpy(zero_copy_only=False)
    used = values.take(pa.array(order[: _numbered(places, blank, order, numbers)]))
    if len(used.unique()) < len(used):  # a value stands there twice
        return encoded([column(*part) for part in parts])
    mask = numbers < 0 if values.null_count else None
    return pa.DictionaryArray.from_arrays(pa.array(numbers, mask=mask), used)


def encoded(texts: Sequence[pl.Series]) -> pa.DictionaryArray:
    """The same of a column that is there as it is."""
    if all(t.null_count() == len(t) for t in texts):
        return _constant(pl.Series([None], dtype=pl.String), sum(map(len, texts)))
    return joined(texts).cast(pa.string()).dictionary_encode()


def joined(parts: Sequence[pl.Series]) -> pa.Array:
    """Columns in one piece; of texts only the views are copied."""
    newest = pl.CompatLevel.newest()
    return pa.concat_arrays([p.rechunk().to_arrow(compat_level=newest) for p in parts])


def _constant(values: pl.Series, count: int) -> pa.DictionaryArray:
    """The first of some values, throughout."""
    value = values[0]
    if value is None:
        return pa.DictionaryArray.from_arrays(
            pa.nulls(count, pa.int32()), pa.array([], pa.string())
        )
    return pa.DictionaryArray.from_arrays(np.zeros(count, np.int32), pa.array([value], pa.string()))


def column(rows: pl.DataFrame, code: Coded) -> pl.Series:
    """A coded column's values, row by row."""
    if not code.places:
        return code.values.new_from_index(0, rows.height) if rows.height else code.values.clear()
    return code.values.gather(rows[code.places])


def _begins(values: pl.Series, earlier: pl.Series) -> bool:
    return values is earlier or values.head(len(earlier)).equals(earlier, null_equal=True)


def _places(rows: pl.DataFrame, code: Coded) -> NDArray[np.uint32]:
    if not code.places:
        return np.zeros(rows.height, np.uint32)
    return rows[code.places].to_numpy()


@njit(**OPTIONS)
def _numbered(places, blank, order, numbers):
    """Number places in the order in which they come, -1 where the value is blank; gives how many there are."""
    known = np.full(len(blank), -1, np.int32)
    count = 0
    for row in range(len(places)):
        place = places[row]
        if known[place] < 0 and not blank[place]:
            known[place] = count
            order[count] = place
            count += 1
        numbers[row] = known[place]
    return count
