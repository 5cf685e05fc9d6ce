"""What makes a function a word: columns in, one column out; a refused value becomes null.

A blank is the empty string until the recipe is done: null would mean that the value was refused.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    Word = TypeVar("Word", bound=Callable[..., pl.Expr])

BLANK = ""


def blanks(word: Word) -> Word:
    """Mark a word that may answer BLANK on purpose."""
    word.blanks = True  # type: ignore[attr-defined]
    return word


def by_distinct(value: pl.Expr, function: Callable[[str], str | None]) -> pl.Expr:
    """`function` of every value, worked out once for each distinct one: dates, codes, flags.

    >>> frame = pl.DataFrame({"v": ["a", "b", "a", None]})
    >>> frame.select(by_distinct(pl.col("v"), str.upper))["v"].to_list()
    ['A', 'B', 'A', None]
    """
    remembered = lru_cache(maxsize=1 << 17)(function)

    def look_up(values: pl.Series) -> pl.Series:
        distinct = values.drop_nulls().unique()
        answers = pl.Series([remembered(v) for v in distinct], dtype=pl.String)
        return values.replace_strict(distinct, answers, default=None, return_dtype=pl.String)

    return value.map_batches(look_up, return_dtype=pl.String, is_elementwise=True)
