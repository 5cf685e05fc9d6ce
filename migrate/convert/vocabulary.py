"""Every word a mapping may use. There are no others.

A word is a public function in text.py, numbers.py, dates.py or codes.py: columns in, one column out. A word
of one field, given several, is applied to each of them. To add one, write the function with its doctest, and
its line in catalog/notices.csv.
"""

from __future__ import annotations

import inspect
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from migrate.catalog.files import line_of, shown
from migrate.convert import codes, dates, numbers, text
from migrate.convert.numbers import pointed
from migrate.convert.word import BLANK
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from migrate.model import Mapping, Recipe, RecordType, Step

_NOT_WORDS = {"pointed"}

WORDS: dict[str, Callable[..., pl.Expr]] = {
    name.rstrip("_"): function
    for module in (text, numbers, dates, codes)
    for name, function in vars(module).items()
    if inspect.isfunction(function)
    and function.__module__ == module.__name__
    and not name.startswith("_")
    and name not in _NOT_WORDS
}


ARGUMENTS = {
    "width": (r"[1-9][0-9]*", "WIDTH は1以上の数", "WIDTH is a number from 1"),
    "start": (r"[1-9][0-9]*", "START は1以上の数", "START is a number from 1"),
    "length": (r"[1-9][0-9]*", "LENGTH は1以上の数", "LENGTH is a number from 1"),
    "times": (r"-?[1-9][0-9]*", "TIMES は0でない整数", "TIMES is a whole number other than 0"),
    "number": (r"[1-9][0-9]*", "NUMBER は1以上の数", "NUMBER is a number from 1"),
    "fill": (r".", "FILL は1文字", "FILL is one character"),
    "eras": (
        r"(?!.*(.).*\1).{5}|",
        "ERAS は明治大正昭和平成令和を表す別々の5文字",
        "ERAS is five letters, one for each of 明治大正昭和平成令和",
    ),
    "spelling": (
        r"(?!.*(.).*\1).{5}|written|",
        "SPELLING は明治大正昭和平成令和を表す別々の5文字か written",
        "SPELLING is five letters, one for each of 明治大正昭和平成令和, or written",
    ),
    "written": (r"written|", "WRITTEN は written", "WRITTEN is written"),
}
"""Argument by name -> the pattern that it follows, and how to write it."""


def fields_taken(word: str) -> tuple[int, float]:
    """How few and how many fields a word takes.

    >>> fields_taken("trim"), fields_taken("when"), fields_taken("ymd"), fields_taken("join")
    ((1, 1), (2, 2), (3, 4), (1, inf))
    """
    parameters = inspect.signature(WORDS[word]).parameters.values()
    named = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    least = max(1, sum(p.default is p.empty for p in named))
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return least, float("inf")
    return least, len(named)


class _Value(NamedTuple):
    """A value on its way; a recipe over several fields has several until a word joins them."""

    made: pl.Expr
    """What the words make of it, even where it is blank."""
    there: pl.Expr
    """Whether there was anything to make it of."""
    blank: pl.Expr | None = None
    """Whether it is blank on purpose: then every later word lets it pass."""

    @property
    def shown(self) -> pl.Expr:
        """The value, BLANK where it is blank on purpose, null where it is refused or was never there."""
        if self.blank is None:
            return self.made
        return pl.when(self.blank).then(pl.lit(BLANK)).otherwise(self.made.cast(pl.String))

    @property
    def refused(self) -> pl.Expr:
        return self.there & self.shown.is_null()

    @property
    def present(self) -> pl.Expr:
        """The value, null where it is blank on purpose, too."""
        if self.blank is None:
            return self.made
        return pl.when(self.blank).then(None).otherwise(self.made.cast(pl.String))


def expressions(mapping: Mapping, recipe: Recipe) -> list[pl.Expr]:
    """The value after each step of a recipe: `result[0]` is the first field, `result[-1]` the outcome.

    Several values, not yet joined, stand there in a row with blanks between; null where one of them is refused.
    Raises KnowledgeError where a word, its arguments or its number of fields is wrong.
    """
    first, *steps = _values(mapping, recipe)
    return [first[0].made, *(_in_a_row(values) for values in steps)]


def parts(mapping: Mapping, recipe: Recipe) -> list[list[pl.Expr]]:
    """As `expressions`, with every one of several values by itself: for showing."""
    return [[value.shown for value in values] for values in _values(mapping, recipe)]


def _values(mapping: Mapping, recipe: Recipe) -> list[list[_Value]]:
    """The fields, then what each word makes of them."""
    fields = [field_value(mapping.record, name) for name in recipe.fields]
    values = [_Value(field, field.is_not_null()) for field in fields]
    stages = [values]
    for step in recipe.steps:
        function = _bound(mapping, recipe, step, len(values))
        settled = len(stages) == 1  # no word can have refused anything yet
        if fields_taken(step.word) == (1, 1):
            values = [_one(step.word, function, value, settled=settled) for value in values]
        else:
            values = [_joined(step.word, function, values, settled=settled)]
        stages.append(values)
    if len(values) > 1:
        cause = say("項目が複数あり、まとめる語がない", "several fields and no word to join them")
        remedy = say("join か first を書く", "write join or first")
        raise _wrong(mapping, recipe, cause, remedy)
    return stages


def _one(word: str, function: Callable[..., pl.Expr], value: _Value, *, settled: bool) -> _Value:
    """What a word of one field makes of a value. What is refused stays so, what is blank passes by."""
    fills, judges = _is_marked(word, "fills"), _is_marked(word, "judges")
    made = function(value.present if fills else value.made)
    if not fills and not judges:
        return _Value(made, value.there, _blank(word, made, value.blank))
    if not settled:
        made = pl.when(~value.refused).then(made)
    return _Value(made, pl.lit(value=True), None if fills else value.blank)


def _joined(
    word: str, function: Callable[..., pl.Expr], values: list[_Value], *, settled: bool
) -> _Value:
    """What a word makes of several values. One that is refused refuses the whole; blank ones are not there,
    and where there is nothing but blanks, so is the whole."""
    made = function(*(value.present for value in values))
    refused = pl.any_horizontal(value.refused for value in values)
    if not settled:
        made = pl.when(~refused).then(made)
    on_purpose = [value.blank for value in values if value.blank is not None]
    blank = None
    if on_purpose:
        nothing = pl.all_horizontal(value.present.is_null() for value in values)
        blank = nothing & pl.any_horizontal(on_purpose) & ~refused
    there = (
        pl.lit(value=True)
        if _is_marked(word, "judges")
        else pl.any_horizontal(value.there for value in values)
    )
    return _Value(made, there, _blank(word, made, blank))


def _blank(word: str, made: pl.Expr, before: pl.Expr | None) -> pl.Expr | None:
    """Whether a value is blank on purpose behind a word, or was before."""
    if not may_be_blank(word):
        return before
    here = made == BLANK
    return here if before is None else before | here


def _in_a_row(values: list[_Value]) -> pl.Expr:
    if len(values) == 1:
        return values[0].shown
    refused = pl.any_horizontal(value.refused for value in values)
    there = pl.any_horizontal(value.shown.is_not_null() for value in values)
    shown = [value.shown for value in values]
    return pl.when(there & ~refused).then(pl.concat_str(shown, separator=" ", ignore_nulls=True))


def _is_marked(word: str, mark: str) -> bool:
    return getattr(WORDS[word], mark, False)


def field_value(record: RecordType, name: str) -> pl.Expr:
    """What a field says: a number with an implied decimal point becomes text with the point. Text has it already."""
    field = record.read[name]
    return pointed(pl.col(name), field.scale) if field.scale and field.whole else pl.col(name)


def may_be_blank(word: str) -> bool:
    """Whether a word may answer blank on purpose."""
    return _is_marked(word, "blanks")


def fills_blank(word: str) -> bool:
    """Whether a word may make something of nothing."""
    return _is_marked(word, "fills")


def _bound(mapping: Mapping, recipe: Recipe, step: Step, fields: int) -> Callable[..., pl.Expr]:
    """The function that a step stands for, with its arguments already given."""
    if step.word not in WORDS:
        raise _wrong(mapping, recipe, *unknown(say("語", "word"), step.word, WORDS))
    least, most = fields_taken(step.word)
    if most > 1 and not least <= fields <= most:
        cause = say(
            f"{step.word} が取る項目は {least}、ここには {fields}",
            f"{step.word} takes {least} fields, here are {fields}",
        )
        remedy = say("項目をその数だけ書く", "write as many fields as it takes")
        raise _wrong(mapping, recipe, cause, remedy)
    function = WORDS[step.word]
    options = [
        p for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY
    ]
    given: dict[str, Any] = {}
    rest = list(step.args)
    for option in options:
        if option.name == "values":
            given[option.name], rest = tuple(rest), []
        elif rest:
            given[option.name] = rest.pop(0)
    lacking = [o.name for o in options if o.default is o.empty and not given.get(o.name)]
    if lacking or rest:
        usage = " ".join(o.name.upper() for o in options)
        cause = say(f"{step.word} の引数が違います", f"wrong arguments for {step.word}")
        raise _wrong(
            mapping, recipe, cause, say(f"{step.word} {usage} と書く", f"write {step.word} {usage}")
        )
    if "crosswalk" in given:
        given["crosswalk"] = mapping.crosswalks[step.args[0]].pairs
    for name, (pattern, ja, en) in ARGUMENTS.items():
        if name in given and not re.fullmatch(pattern, given[name]):
            raise _wrong(mapping, recipe, f"{step.word} {given[name]!r}", say(ja, en))
    return partial(function, **given)


def _wrong(mapping: Mapping, recipe: Recipe, cause: str, remedy: str) -> KnowledgeError:
    place = line_of(mapping.path, recipe.column)
    return KnowledgeError(Problem(shown(mapping.path), place, cause, remedy))
