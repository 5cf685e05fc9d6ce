"""layouts/titles.toml: under which titles and words item lists publish what we want to know."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field as Setting

from migrate.catalog.files import insist, shown, toml, validated
from migrate.errors import Problem
from migrate.language import say
from migrate.model import Noun

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from migrate.catalog.files import Roots

Property = Literal[
    "number",
    "id",
    "name",
    "label",
    "type",
    "length",
    "scale",
    "bytes",
    "start",
    "end",
    "required",
    "key",
    "codes",
    "times",
    "group",
    "level",
    "note",
]
Listed = dict[str, tuple[str, ...]]


class Words(Noun):
    """What titles and words of item lists mean."""

    titles: dict[Property, tuple[str, ...]] = Setting(default={})
    types: dict[Literal["standard", "fixed", "csv"], Listed] = Setting(default={})
    structures: tuple[str, ...] = ()
    unknown_dates: tuple[str, ...] = ()
    required: dict[Literal["yes", "if", "no"], tuple[str, ...]] = Setting(default={})
    marks: dict[Literal["yes", "no"], tuple[str, ...]] = Setting(default={})
    lengths: dict[str, str] = Setting(default={})
    codes: dict[str, str] = Setting(default={})

    def property_of(self, title: str) -> tuple[Property, int] | None:
        """Which property a title names, and its rank among the titles of that property."""
        wanted = plain(title)
        for known, titles in self.titles.items():
            for rank, one in enumerate(titles):
                if plain(one) == wanted:
                    return known, rank
        return None

    def type_of(self, target: Literal["standard", "fixed", "csv"], word: str) -> str | None:
        """Our type for a list's word for it."""
        return _found(self.types.get(target, {}), word)

    def is_type(self, word: str) -> bool:
        """Whether any target knows this word for a type, or for what holds others together."""
        return self.is_structure(word) or any(_found(t, word) for t in self.types.values())

    def is_structure(self, word: str) -> bool:
        return plain(word) in map(plain, self.structures)

    def required_of(self, word: str) -> str | None:
        """`yes`, `if` or `no`."""
        return _found(self.required, word)

    def mark_of(self, word: str) -> str | None:
        """`yes` or `no`."""
        return _found(self.marks, word)


def plain(text: str) -> str:
    """A title or word without what makes no difference: width, case, blanks, line breaks.

    >>> plain("データ型\\n（ＰＩＣ）"), plain(" No．")
    ('データ型(pic)', 'no.')
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def words_of(roots: Roots, more: Path | None = None) -> Words:
    """layouts/titles.toml, with a user's file of the same form laid over it: its words come first,
    and leave the place that they had."""
    path = roots.find(say("見出し表", "file of titles"), "layouts/titles.toml")
    words = validated(path, Words, toml(path))
    _once(path, words)
    if more is None:
        return words
    own = validated(more, Words, toml(more))
    _once(more, own)
    types = {t: _over(words.types.get(t, {}), own.types.get(t, {})) for t in words.types}
    return words.model_copy(
        update={
            "titles": _over(words.titles, own.titles),
            "types": types,
            "structures": own.structures + words.structures,
            "unknown_dates": own.unknown_dates + words.unknown_dates,
            "required": _over(words.required, own.required),
            "marks": _over(words.marks, own.marks),
            "lengths": words.lengths | own.lengths,
            "codes": words.codes | own.codes,
        }
    )


def _found(listed: Mapping[Any, tuple[str, ...]], word: str) -> str | None:
    wanted = plain(word)
    return next((ours for ours, all_ in listed.items() if wanted in map(plain, all_)), None)


def _over(ours: dict, own: dict) -> dict:  # type: ignore[type-arg]
    """Lists by name; a word of `own` is taken from where it was."""
    moved = {plain(word) for words in own.values() for word in words}
    kept = {name: tuple(w for w in words if plain(w) not in moved) for name, words in ours.items()}
    return {name: (*own.get(name, ()), *kept.get(name, ())) for name in {**kept, **own}}


def _once(path: Path, words: Words) -> None:
    """Refuse a word that stands in two lists of one family."""
    families: dict[str, Mapping[Any, tuple[str, ...]]] = {
        "titles": words.titles,
        "required": words.required,
        "marks": words.marks,
        **{f"types.{target}": listed for target, listed in words.types.items()},
    }
    problems = []
    for family, listed in families.items():
        seen: dict[str, str] = {}
        for name, all_ in listed.items():
            for word in all_:
                before = seen.setdefault(plain(word), name)
                if before != name:
                    cause = say(
                        f"{word!r} は {before} にもある", f"{word!r} stands under {before}, too"
                    )
                    remedy = say("どちらか一方にする", "leave it under one")
                    problems.append(Problem(shown(path), f"{family}.{name}", cause, remedy))
    insist(problems)
