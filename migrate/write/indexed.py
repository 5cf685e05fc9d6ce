"""A coded column as Arrow has it, in the order in which its values come: `indexed(parts)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
from numba import njit

from migrate.compiled import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    values = parts[-1][1].values
    if values.n_unique() < len(values) or not all(_begins(values, c.values) for _, c in parts):
        return encoded(pl.concat([column(rows, code) for rows, code in parts]))
    places = np.concatenate([_places(rows, code) for rows, code in parts])
    order, numbers = np.empty(len(values), np.uint32), np.empty(len(places), np.int32)
    count = _numbered(places, values.is_null().to_numpy(), order, numbers)
    used = column(pl.DataFrame({"_": order[:count]}), parts[-1][1]._replace(places="_"))
    return pa.DictionaryArray.from_arrays(
        pa.array(numbers, mask=numbers < 0), used.to_arrow().cast(pa.string())
    )


def encoded(texts: pl.Series) -> pa.DictionaryArray:
    """The same of a column that is there as it is."""
    return texts.rechunk().to_arrow().cast(pa.string()).dictionary_encode()


def column(rows: pl.DataFrame, code: Coded) -> pl.Series:
    """A coded column's values, row by row."""
    places = rows[code.places] if code.places else pl.zeros(rows.height, pl.UInt32, eager=True)
    return code.values.gather(places)


def _begins(values: pl.Series, earlier: pl.Series) -> bool:
    return values is earlier or values.head(len(earlier)).equals(earlier, null_equal=True)


def _places(rows: pl.DataFrame, code: Coded) -> np.ndarray[tuple[int, ...], np.dtype[np.uint32]]:
    if not code.places:
        return np.zeros(rows.height, np.uint32)
    return rows[code.places].to_numpy()


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _numbered(places, blank, order, numbers):  # type: ignore[no-untyped-def]
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
