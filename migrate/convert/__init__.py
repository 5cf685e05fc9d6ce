"""Legacy columns in, standard columns out: `Converter(mapping, {"city": "482013"}).convert(frame)`.

A word refuses a value by returning null. A value that was there before the words and is null after them
becomes an issue named after the word that refused it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.files import insist, line_of, shown
from migrate.catalog.views import OCCURRENCE, quoted
from migrate.convert.conditions import blank_frame, wrong_condition
from migrate.convert.text import lines
from migrate.convert.vocabulary import expressions, field_value, fills_blank, may_be_blank, parts
from migrate.convert.word import BLANK
from migrate.errors import KnowledgeError, Problem
from migrate.frames import CARRIED, ISSUES, OFFSET, RECORD, Batch, hidden, no_issues
from migrate.language import say
from migrate.model import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from migrate.model import Example, Lookup, Mapping, Recipe, RecordType, Skip

NUMBER = "number"
"""The code of a value that its column, a number, cannot hold."""

NOT_FOUND, AMBIGUOUS = "not_found", "ambiguous"
"""The codes of a record that a lookup finds no partner for, or several."""

UNAPPROVED = "code_unapproved"
"""The code of a legacy code whose row in the crosswalk nobody has approved yet."""

MANY = "_many"
"""In a lookup's frame: whether its key comes more than once there."""


@dataclass(frozen=True)
class Converter:
    """A mapping, ready to run. Raises KnowledgeError for every wrong word in it."""

    mapping: Mapping
    run: dict[str, str] = field(default_factory=dict)
    partners: tuple[pl.DataFrame, ...] = ()
    """For each lookup of the mapping: its keys as text, its fields by their new names, and MANY."""

    def __post_init__(self) -> None:
        insist(
            [
                *(p for r in self.mapping.recipes.values() for p in self._wrong_recipe(r)),
                *(p for i, s in enumerate(self.mapping.skips, 1) for p in self._wrong_skip(i, s)),
                *(
                    p
                    for i, one in enumerate(self.mapping.lookups, 1)
                    for p in self._wrong_where(i, one)
                ),
            ]
        )

    def _wrong_recipe(self, recipe: Recipe) -> Iterator[Problem]:
        """Wrong words or arguments, or words that do not take what the fields hold."""
        path, place = self.mapping.path, line_of(self.mapping.path, recipe.column)
        try:
            made = expressions(self.mapping, recipe)
        except KnowledgeError as error:
            yield from error.problems
            return
        for step, value in zip(recipe.steps, made[1:], strict=True):
            try:
                self._blank_frame.select(value)
            except pl.exceptions.PolarsError:
                cause = say(
                    f"{step.word} はこの型の項目を取らない",
                    f"{step.word} does not take a field of this type",
                )
                remedy = say("項目の型か語を変える", "change the field's type or the word")
                yield Problem(shown(path), place, cause, remedy)
                return

    def _wrong_skip(self, number: int, skip: Skip) -> Iterator[Problem]:
        place = line_of(self.mapping.path, "when", number)
        yield from wrong_condition(shown(self.mapping.path), place, skip.when, self._blank_frame)

    def _wrong_where(self, number: int, lookup: Lookup) -> Iterator[Problem]:
        if lookup.where:
            place = line_of(self.mapping.path, "from", number)
            there = blank_frame(lookup.record)
            yield from wrong_condition(shown(self.mapping.path), place, lookup.where, there)

    @cached_property
    def key_name(number: int) -> str:
    """What the number-th key of a lookup is called in the frame of its partners."""
    return f"_key_{number}"


def _source(records: pl.DataFrame, source: str) -> pl.Expr:
    """A field of the record, or the text between single quotes."""
    text = quoted(source)
    return pl.lit(records[source]) if text is None else pl.lit(text or None, pl.String)
