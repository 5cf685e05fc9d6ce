"""What makes a function a word: columns in, one column out; a refused value becomes null.

A blank is the empty string until the recipe is done: null would mean that the value was refused.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    Word = TypeVar("Word", bound=Callable[..., pl.Expr])

BLANK = ""
MOST = 1 << 18
"""Distinct values remembered: more than there are days; then remembering begins anew."""


def blanks(word: Word) -> Word:
    """Mark a word that may answer BLANK on purpose."""
    word.blanks = True  # type: ignore[attr-defined]
    return word


def by_distinct(value: pl.Expr, function: Callable[[str], str | None]) -> pl.Expr:
    """`function` of every value, worked out once for each distinct one in the run: dates, times.

    Not for names: every distinct value is remembered.

    >>> frame = pl.DataFrame({"v": ["a", "b", "a", None]})
    >>> frame.select(by_distinct(pl.col("v"), str.upper))["v"].to_list()
    ['A', 'B', 'A', None]
    """
    known = pl.DataFrame(schema={"value": pl.String, "answer": pl.String, "asked": pl.Boolean})

    lock = Lock()

    def look_up(values: pl.Series) -> pl.Series:
        with lock:  # an expression may be evaluated by several threads at once
            return answered(values)

    def answered(values: pl.Series) -> pl.Series:
        nonlocal known
        asked = values.alias("value").to_frame()
        found = asked.join(known, on="value", how="left", maintain_order="left")
        new = found.filter(pl.col("asked").is_null() & pl.col("value").is_not_null())["value"]
        if len(new):
            if known.height > MOST:
                known, new = known.clear(), asked["value"].drop_nulls()
            texts = (
                new.unique().to_list()
            )  # as Python text: a slice would keep its whole batch alive
            answers = pl.DataFrame(
                {"value": texts, "answer": [function(t) for t in texts], "asked": True},
                schema=known.schema,
            )
            known = pl.concat([known, answers])
            found = asked.join(known, on="value", how="left", maintain_order="left")
        return found["answer"]

    return value.map_batches(look_up, return_dtype=pl.String, is_elementwise=True)
