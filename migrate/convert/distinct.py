"""Recipes worked out once for each distinct value of their fields, as long as these are few: `Distinct(recipes)`.

Words are functions of their fields' values alone, so what they make of equal values is equal. Which columns are
told so shows in no result, only in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from migrate.coded import Coded, Dictionary
from migrate.frames import ISSUES, OFFSET, RECORD, no_issues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from migrate.model import Recipe

    Work = Callable[[pl.DataFrame, list[str]], tuple[pl.DataFrame, list[pl.DataFrame]]]

PLACES = "_places_"
"""Begins the name of the column that says where a row's values are among the distinct ones."""

FIELDS = 3
"""Recipes over more fields have too many combinations."""


class Told(NamedTuple):
    """What a batch's distinct values tell."""

    places: list[pl.Series]
    issues: dict[str, pl.DataFrame]  # by column
    coded: dict[str, Coded]


class Distinct:
    """Remembers, from batch to batch, what recipes made of each value. `work` makes columns and issues of a frame."""

    def __init__(self, recipes: Iterable[Recipe], work: Work) -> None:
        together: dict[tuple[str, ...], list[str]] = {}
        for recipe in recipes:
            together.setdefault(tuple(dict.fromkeys(recipe.fields)), []).append(recipe.column)
        few = {fields: names for fields, names in together.items() if len(fields) <= FIELDS}
        self._groups = [
            _Group(f, names, f"{PLACES}{n}") for n, (f, names) in enumerate(few.items())
        ]
        self._fields = {name: _Field() for fields in few for name in fields}
        self._work = work

    def tell(self, records: pl.DataFrame) -> Told:
        """What is known of these records' columns, and is learnt now."""
        asked = {name for group in self._groups for name in group.fields}
        found = {name: self._fields[name].places(records[name]) for name in asked}
        told = Told([], {}, {})
        for group in list(self._groups):
            parts = [p for name in group.fields if (p := found[name]) is not None]
            places = group.places(parts) if len(parts) == len(group.fields) else None
            if places is None:
                self._groups.remove(group)
                continue
            self._learn(group)
            told.places.append(pl.Series(group.name, places))
            told.issues.update(group.issues(places, records))
            told.coded.update(group.coded)
        return told

    def _learn(self, group: _Group) -> None:
        """Work out what is new."""
        first = group.answers.height
        if group.count == first:
            return
        records = {
            name: self._fields[name].values.gather(part).alias(name)
            for name, part in zip(group.fields, group.parts(first), strict=True)
        }
        numbers = pl.Series(np.arange(first, group.count, dtype=np.uint64))
        fresh = pl.DataFrame({RECORD: numbers, OFFSET: numbers, **records})
        group.learn(*self._work(fresh, group.columns))


class _Field:
    """A field's distinct values, by their places."""

    def __init__(self) -> None:
        self._dictionary = Dictionary()
        self.values = pl.Series()

    def places(self, values: pl.Series) -> NDArray[np.uint32] | None:
        """The place of each value, or None: they are too many, or of another type than text and whole number."""
        if values.dtype not in (pl.String, pl.Int64):
            return None
        found = self._dictionary.places(values)
        if self.values.dtype == pl.Null:
            self.values = pl.Series([None], dtype=values.dtype)
        first = len(self.values)
        if found is not None and self._dictionary.count > first:
            self.values = pl.concat([self.values, self._fresh(first)], rechunk=True)
        return found

    def _fresh(self, first: int) -> pl.Series:
        if self.values.dtype == pl.String:
            return self._dictionary.texts(first)
        low, high, _ = self._dictionary.words(first)
        return pl.Series((low | high << np.uint64(32)).view(np.int64))


class _Group:
    """Recipes over the same fields: what they made of each combination."""

    def __init__(self, fields: tuple[str, ...], columns: list[str], name: str) -> None:
        self.fields, self.columns, self.name = fields, columns, name
        self._dictionary = Dictionary()
        self._single = len(fields) == 1
        self.count = 0
        self.answers = pl.DataFrame()
        self._notes: dict[str, dict[str, Any]] = {name: {} for name in columns}
        self._issues = {name: no_issues() for name in columns}
        self._refused = {name: np.zeros(0, bool) for name in columns}

    def places(self, parts: list[NDArray[np.uint32]]) -> NDArray[np.uint32] | None:
        """The place of each combination of the fields' places."""
        if self._single:
            self.count = max(self.count, int(parts[0].max(initial=0)) + 1)
            return parts[0]
        found = self._dictionary.rows(parts)
        self.count = self._dictionary.count
        return found

    def parts(self, first: int) -> Iterator[NDArray[np.uint32]]:
        """The fields' places in each combination from that one on."""
        if self._single:
            yield np.arange(first, self.count, dtype=np.uint32)
            return
        words = self._dictionary.words(max(first, 1))
        for word in words[: len(self.fields)]:
            blank = np.zeros(int(first == 0), np.uint32)  # nothing has the place 0
            yield np.concatenate([blank, word.astype(np.uint32)])

    def learn(self, typed: pl.DataFrame, issues: list[pl.DataFrame]) -> None:
        """What the recipes made of the next combinations; an issue's record is its combination's place."""
        self.answers = (
            pl.concat([self.answers, typed], rechunk=True) if self.answers.width else typed
        )
        for name, found in zip(typed.columns, issues, strict=True):
            refused = np.zeros(typed.height, bool)
            refused[found["record"].to_numpy().astype(np.int64) - len(self._refused[name])] = True
            self._refused[name] = np.concatenate([self._refused[name], refused])
            self._issues[name] = pl.concat([self._issues[name], found])

    @property
    def coded(self) -> dict[str, Coded]:
        """The columns, told by their distinct values."""
        return {v.name: Coded(v, self.name, self._notes[v.name]) for v in self.answers}

    def issues(self, places: NDArray[np.uint32], records: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The issues of rows with those places, by column."""
        return {
            name: self._placed(self._issues[name], places[wrong], records.filter(wrong))
            for name, refused in self._refused.items()
            if self._issues[name].height and (wrong := refused[places]).any()
        }

    def _placed(
        self, issues: pl.DataFrame, places: NDArray[np.uint32], records: pl.DataFrame
    ) -> pl.DataFrame:
        """Issues of combinations, as issues of the records that have them."""
        at = pl.DataFrame({"_place": places}).cast(pl.UInt64)
        where = pl.concat([at, records.select(RECORD, byte=OFFSET)], how="horizontal")
        return (
            where.join(
                issues.drop("byte"), left_on="_place", right_on="record", maintain_order="left"
            )
            .rename({RECORD: "record"})
            .select(ISSUES.names())
        )
