"""Words about code lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.convert.word import blanks

if TYPE_CHECKING:
    from collections.abc import Mapping


@blanks
def code(value: pl.Expr, *, crosswalk: Mapping[str, str]) -> pl.Expr:
    """Look a vendor's code up in mappings/<vendor>/codes/<list>.csv; an unlisted code is refused.

    >>> pl.select(code(pl.lit("0"), crosswalk={"0": "9"})).item()
    '9'
    >>> pl.select(code(pl.lit("7"), crosswalk={"0": "9"})).item() is None
    True
    """
    return value.cast(pl.String).replace_strict(
        list(crosswalk), list(crosswalk.values()), default=None, return_dtype=pl.String
    )
