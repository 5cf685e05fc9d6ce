"""Selections: which value of a field says which of several redefinitions a record is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrate.errors import KnowledgeError, unknown
from migrate.language import say


@dataclass(frozen=True)
class Selection:
    """`FIELD: value=ITEM[:name] ...`, taken apart."""

    text: str
    field: str
    choices: tuple[tuple[str, str, str], ...]  # value, item, name of the record type or ""

    @property
    def items(self) -> dict[str, list[str]]:
        """The values of each item, items in the order that they were written."""
        found: dict[str, list[str]] = {}
        for value, item, _ in self.choices:
            found.setdefault(item.upper(), []).append(value)
        return found

    def named(self, item: str) -> str:
        """The name that the selection gives to an item's record type, or nothing."""
        return next((n for _, i, n in self.choices if i.upper() == item.upper() and n), "")


def selection(text: str, *, names: bool = True) -> Selection:
    """A selection as it was written on the command line.

    >>> selection("KG-KIND: 0=KG0-HEADER A=KGA-INSURED:insured").choices
    (('0', 'KG0-HEADER', ''), ('A', 'KGA-INSURED', 'insured'))
    >>> selection("KG-KIND 0=KG0-HEADER")
    Traceback (most recent call last):
        ...
    migrate.catalog.copybook.select.SelectionError: 'KG-KIND 0=KG0-HEADER': write FIELD: value=ITEM value=ITEM
    """
    field, colon, rest = text.partition(":")
    pieces = rest.split()
    shape = r"([^=\s]+)=([^=:\s]+)(?::([a-z][a-z0-9_]*))?" if names else r"([^=\s]+)=([^=:\s]+)()"
    found = [re.fullmatch(shape, piece) for piece in pieces]
    if not colon or not field.strip() or not pieces or not all(found):
        form = "FIELD: value=ITEM value=ITEM"
        raise SelectionError(say(f"{text!r}: {form} と書く", f"{text!r}: write {form}"))
    choices = tuple((m[1], m[2], m[3] or "") for m in found if m)
    return Selection(text, field.strip(), choices)


class SelectionError(KnowledgeError):
    """A selection that does not fit the copybook, in words for the command line."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.args = (said,)


def absent(text: str, kind: tuple[str, str], name: str, known: list[str]) -> SelectionError:
    """The error for a name in a selection that the copybook does not have."""
    return SelectionError(f"{text!r}: " + "; ".join(unknown(say(*kind), name, known)))
