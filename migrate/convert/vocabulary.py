"""Every word a mapping may use. There are no others.

A word is a public function in text.py, numbers.py, dates.py or codes.py: columns in, one column out. To add
one, write the function with its doctest, and its line in catalog/notices.csv.
"""

from __future__ import annotations

import inspect
import re
from functools import partial
from typing import TYPE_CHECKING

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

_NOT_WORDS = {"blanks", "pointed", "read_era", "read_western", "iso", "wording"}

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
    "fill": (r".", "FILL は1文字", "FILL is one character"),
    "eras": (
        r"(?!.*(.).*\1).{5}|",
        "ERAS は明治大正昭和平成令和を表す別々の5文字",
        "ERAS is five letters, one for each of 明治大正昭和平成令和",
    ),
}
"""Argument by name -> the pattern that it follows, and how to write it."""


def fields_taken(word: str) -> tuple[int, float]:
    """How few and how many fields a word takes.

    >>> fields_taken("trim"), fields_taken("when"), fields_taken("join")
    ((1, 1), (2, 2), (1, inf))
    """
    parameters = inspect.signature(WORDS[word]).parameters.values()
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return 1, float("inf")
    count = sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters)
    return count, count


def expressions(mapping: Mapping, recipe: Recipe) -> list[pl.Expr]:
    """The value after each step of a recipe: `result[0]` is the first field, `result[-1]` the outcome.

    Raises KnowledgeError where a word, its arguments or its number of fields is wrong.
    """
    values = [field_value(mapping.record, name) for name in recipe.fields]
    made = [values[0]]
    blank: pl.Expr | None = None
    for step in recipe.steps:
        word = _bound(mapping, recipe, step, len(values))
        value = word(*values)
        values = [value]
        if blank is None:
            made.append(value)
        else:  # a blank passes every later word by
            made.append(pl.when(blank).then(pl.lit(BLANK)).otherwise(value.cast(pl.String)))
        if may_be_blank(step.word):
            here = value == BLANK
            blank = here if blank is None else blank | here
    if len(values) > 1:
        cause = say("項目が複数あり、まとめる語がない", "several fields and no word to join them")
        remedy = say("join か first を書く", "write join or first")
        raise _wrong(mapping, recipe, cause, remedy)
    return made


def field_value(record: RecordType, name: str) -> pl.Expr:
    """What a field says: a number with an implied decimal point becomes text with the point."""
    scale = record.read[name].scale
    return pointed(pl.col(name), scale) if scale else pl.col(name)


def may_be_blank(word: str) -> bool:
    """Whether a word may answer blank on purpose."""
    return getattr(WORDS[word], "blanks", False)


def _bound(mapping: Mapping, recipe: Recipe, step: Step, fields: int) -> Callable[..., pl.Expr]:
    """The function that a step stands for, with its arguments already given."""
    if step.word not in WORDS:
        raise _wrong(mapping, recipe, *unknown(say("語", "word"), step.word, WORDS))
    least, most = fields_taken(step.word)
    if not least <= fields <= most:
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
