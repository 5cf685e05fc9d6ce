"""The values that recipes refuse: those that were there and, without being blank on purpose, are no more."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from migrate.convert.vocabulary import fills_blank, parts
from migrate.convert.word import BLANK
from migrate.frames import ISSUES, OFFSET, RECORD, hidden, no_issues

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from migrate.model import Mapping, Recipe

NUMBER = "number"
"""The code of a value that its column, a number, cannot hold."""

UNAPPROVED = "code_unapproved"
"""The code of a legacy code whose row in the crosswalk nobody has approved yet."""

_MADE, _TYPED = "_made_", "_typed_"


class Refusals:
    """Finds what a mapping's recipes refuse. `steps`: by column, the value before the first word and after each."""

    def __init__(self, mapping: Mapping, steps: Dict[str, list[pl.Expr]]) -> None:
        self._mapping, self._steps = mapping, steps
        self._issue = cache(self._issues)

    def find(
        self, before: pl.DataFrame, made: pl.DataFrame, typed: pl.DataFrame
    ) -> list[pl.DataFrame]:
        """The issues of each column of `made`, which recipes have made of `before`, and `typed` is."""
        blank = [name for name in typed.columns if typed[name].null_count()]
        if not blank:
            return [no_issues() for _ in made.columns]
        frame = before.hstack(
            [
                *(made[name].alias(_MADE + name) for name in blank),
                *(typed[name].alias(_TYPED + name) for name in blank),
            ]
        )
        found = frame.select(self._lost(n, made[n].dtype).alias(n) for n in blank)
        lost = {values.name: values for values in found if values.any()}
        return [
            before.filter(lost[name]).select(self._issue(name)).cast(ISSUES)
            if name in lost
            else no_issues()
            for name in made.columns
        ]

    def _lost(self, name: str, dtype: pl.DataType) -> pl.Expr:
        """Whether a value was there and is no more."""
        recipe = self._mapping.recipes[name]
        there = self._there(recipe)
        fills = any(fills_blank(s.word) for s in recipe.steps)  # something may come of nothing
        lost = pl.col(_TYPED + name).is_null() & (pl.any_horizontal(there) if fills else there[0])
        on_purpose = (pl.col(_MADE + name) == BLANK).fill_null(value=False)
        return lost & ~on_purpose if dtype == pl.String else lost

    def _there(self, recipe: Recipe) -> list[pl.Expr]:
        """Whether there was something before the first word, and after each."""
        given = pl.any_horizontal(pl.col(*recipe.fields).is_not_null())
        return [given, *(value.is_not_null() for value in self._made(recipe))]

    def _made(self, recipe: Recipe) -> list[pl.Expr]:
        """The value after each word."""
        return self._steps[recipe.column][1:] if recipe.steps else []

    def _issues(self, name: str) -> list[pl.Expr]:
        """A refused value as an issue."""
        recipe = self._mapping.recipes[name]
        value = pl.concat_str(
            pl.col(*recipe.fields).cast(pl.String), separator=" ", ignore_nulls=True
        )
        alert = name in self._mapping.alert_only
        personal = name in self._mapping.personal
        return [
            pl.col(RECORD).alias("record"),
            pl.col(OFFSET).alias("byte"),
            pl.lit(name).alias("item"),
            self._culprit(recipe).alias("code"),
            pl.lit("alert" if alert else "error").alias("severity"),
            (hidden(value) if personal else value).alias("value"),
        ]

    def _culprit(self, recipe: Recipe) -> pl.Expr:
        """The code of the first step that refused."""
        made, there = self._made(recipe), self._there(recipe)
        refused = [
            pl.when(before & value.is_null()).then(self._blamed(recipe, number))
            for number, (before, value) in enumerate(zip(there, made, strict=False))
        ]
        return pl.coalesce(*reversed(refused), pl.lit(NUMBER))

    def _blamed(self, recipe: Recipe, number: int) -> pl.Expr:
        """The code of a value that a step refuses: its word, or that its crosswalk's row is not approved."""
        step = recipe.steps[number]
        walk = self._mapping.crosswalks[step.args[0]] if step.word == "code" else None
        if walk is None or not walk.proposed:
            return pl.lit(step.word)
        waiting = pl.any_horizontal(
            value.cast(pl.String).is_in(list(walk.proposed)).fill_null(value=False)
            for value in parts(self._mapping, recipe)[number]
        )
        return pl.when(waiting).then(pl.lit(UNAPPROVED)).otherwise(pl.lit(step.word))
