"""What makes a function a word: columns in, one column out; a refused value becomes null.

A blank is the empty string until the recipe is done: null would mean that the value was refused.
"""

from __future__ import annotations

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


def fills(word: Word) -> Word:
    """Mark a word that puts something where there is nothing, BLANK included."""
    word.fills = True  # type: ignore[attr-defined]
    return word


def judges(word: Word) -> Word:
    """Mark a word that answers where nothing was there, too; BLANK passes it by."""
    word.judges = True  # type: ignore[attr-defined]
    return word


def compiled(value: pl.Expr, word: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    """What a function makes of a whole column of texts, as an expression; no other type is taken.

    >>> pl.select(compiled(pl.lit("a"), lambda texts: texts + "b")).item()
    'ab'
    """

    def made(texts: pl.Series) -> pl.Series:
        if texts.dtype != pl.String:
            raise pl.exceptions.InvalidOperationError(str(texts.dtype))
        return word(texts)

    return value.map_batches(made, return_dtype=pl.String, is_elementwise=True)


class Remembered:
    """Answers to texts, worked out once for each distinct one: dates, times. Not for names.

    `function` gives one answer for each of `names`; null is a refusal.

    >>> cases = Remembered(("up", "low"), lambda text: (text.upper(), text.lower()))
    >>> frame = pl.DataFrame({"v": ["a", "B", "a", None]})
    >>> frame.select(cases.answer(pl.col("v"), "up"))["v"].to_list()
    ['A', 'B', 'A', None]
    """

    def __init__(
        self, names: tuple[str, ...], function: Callable[[str], tuple[str | None, ...]]
    ) -> None:
        self._function = function
        self._schema = {"_text": pl.String, **dict.fromkeys(names, pl.String), "_known": pl.Boolean}
        self._table = pl.DataFrame(schema=self._schema)

    def answer(self, value: pl.Expr, name: str) -> pl.Expr:
        """One of the answers to each value."""
        return value.map_batches(
            lambda values: self._looked_up(values, name),
            return_dtype=pl.String,
            is_elementwise=True,
        )

    def _looked_up(self, values: pl.Series, name: str) -> pl.Series:
        asked = values.alias("_text").to_frame()
        while True:  # no lock, which Polars' threads could wait for in each other: the table is replaced, never
            # changed, and what two threads learn at the same time one of them learns again
            table = self._table.select("_text", name, "_known")
            found = asked.join(table, on="_text", how="left", maintain_order="left")
            new = found.filter(pl.col("_known").is_null() & pl.col("_text").is_not_null())["_text"]
            if not len(new):
                return found[name].alias(values.name)
            self._learn(asked["_text"].drop_nulls().unique())

    def _learn(self, texts: pl.Series) -> None:
        table = self._table if self._table.height <= MOST else self._table.clear()
        fresh = texts.to_frame().join(table, on="_text", how="anti")["_text"]
        # Python text: a slice of a batch would keep the whole batch alive
        rows = [(text, *self._function(text), True) for text in fresh.to_list()]
        learnt = pl.DataFrame(rows, schema=self._schema, orient="row")
        self._table = pl.concat([table, learnt], rechunk=True)
