"""What makes a function a word: columns in, one column out; a refused value becomes null.

A blank is the empty string until the recipe is done: null would mean that the value was refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    Answers = tuple[str | None, ...]
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

    def __init__(self, names: tuple[str, ...], function: Callable[[str], Answers]) -> None:
        self._function = function
        self._numbers = {name: number for number, name in enumerate(names)}
        self._known: dict[str, Answers] = {}

    def answer(self, value: pl.Expr, name: str) -> pl.Expr:
        """One of the answers to each value."""
        return value.map_batches(
            lambda values: self.answered(values, name),
            return_dtype=pl.String,
            is_elementwise=True,
        )

    def answered(self, values: pl.Series, name: str) -> pl.Series:
        """The same of a whole column."""
        if len(self._known) > MOST:
            self._known = {}
        known, function, number = self._known, self._function, self._numbers[name]
        found: list[str | None] = []
        for text in values.to_list():
            if text is None:
                found.append(None)
                continue
            answers = known.get(text)
            if answers is None:  # two threads may both work it out: to the same answer
                answers = known[text] = function(text)
            found.append(answers[number])
        return pl.Series(values.name, found, pl.String)
