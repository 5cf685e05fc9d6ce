"""Words about numbers and flags."""

from __future__ import annotations

import polars as pl


def scale(value: pl.Expr, *, times: str) -> pl.Expr:
    """A whole number times another: amounts that the host keeps in thousands of yen. What would need more
    than 18 digits is refused.

    >>> pl.select(scale(pl.lit(-12), times="1000")).item()
    -12000
    >>> pl.select(scale(pl.lit("x"), times="1000")).item() is None
    True
    """
    product = value.cast(pl.Int64, strict=False).cast(pl.Int128) * int(times)
    return pl.when(product.abs() < 10**18).then(product).cast(pl.Int64)


def is_(value: pl.Expr, *, values: tuple[str, ...]) -> pl.Expr:
    """1 where the value is one of some, else 0; a blank is 0.

    >>> pl.select(is_(pl.lit("9"), values=("1", "9"))).item(), pl.select(is_(pl.lit(None), values=("1",))).item()
    ('1', '0')
    """
    hit = value.cast(pl.String).is_in(values).fill_null(value=False)
    return pl.when(hit).then(pl.lit("1")).otherwise(pl.lit("0"))


def pointed(value: pl.Expr, places: int) -> pl.Expr:
    """A number with so many digits behind an implied decimal point, as text.

    >>> pl.select(pointed(pl.lit(-1205), 2)).item()
    '-12.05'
    """
    whole = value.abs() // 10**places
    fraction = (value.abs() % 10**places).cast(pl.String).str.pad_start(places, "0")
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole.cast(pl.String), pl.lit("."), fraction)
