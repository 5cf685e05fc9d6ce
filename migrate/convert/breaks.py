"""Texts without line breaks: `unbroken(texts)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.machine import LOW4
from migrate.views import seen

if TYPE_CHECKING:
    import polars as pl


def unbroken(texts: pl.Series) -> pl.Series:
    r"""The texts with each line break as the two characters \n. To look for breaks in all texts at once takes a part
    of the time that replacing them in each takes.

    >>> import polars as pl
    >>> unbroken(pl.Series(["a\r\nb\nc", None])).to_list()
    ['a\\nb\\nc', None]
    """
    given = seen(texts)
    letters = given.views.copy()
    letters[:, 0] &= ~LOW4  # the sizes
    if any(b"\n" in b or b"\r" in b for b in map(bytes, (letters, *given.owned))):
        return texts.str.replace_all(r"\r\n|\r|\n", r"\n")
    return texts
