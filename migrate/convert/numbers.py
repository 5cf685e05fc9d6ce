"""Words about numbers and flags."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import polars as pl

from migrate.convert.text import narrow
from migrate.convert.word import judges

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 10**18
"""Amounts stay below: what has more than 18 digits is refused."""


def scale(value: pl.Expr, *, times: str) -> pl.Expr:
    """A whole number times another: amounts that the host keeps in thousands of yen. What would need more
    than 18 digits is refused.

    >>> pl.select(scale(pl.lit(-12), times="1000")).item()
    -12000
    >>> pl.select(scale(pl.lit("x"), times="1000")).item() is None
    True
    """
    product = value.cast(pl.Int64, strict=False).cast(pl.Int128) * int(times)
    return pl.when(product.abs() < MOST).then(product).cast(pl.Int64)


@judges
def is_(value: pl.Expr, *, values: tuple[str, ...]) -> pl.Expr:
    """1 where the value is one of some, else 0; a blank is 0.

    >>> pl.select(is_(pl.lit("9"), values=("1", "9"))).item(), pl.select(is_(pl.lit(None), values=("1",))).item()
    ('1', '0')
    """
    hit = value.cast(pl.String).is_in(values).fill_null(value=False)
    return pl.when(hit).then(pl.lit("1")).otherwise(pl.lit("0"))


_SIGN = "[-+−▲△]"
_AMOUNT = (
    rf"^ *(?:{_SIGN} *[¥￥\\]?|[¥￥\\] *{_SIGN}?)? *(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+) *円?$"
)


def amount(value: pl.Expr) -> pl.Expr:
    """A written amount as a whole number: 1,234 ▲1,234 △5 -12 ¥1,000 1,000円, in full width, too.

    Refused, as they mean several things: (1,234) and 1,234-, and commas that do not stand at the thousands.

    >>> for text in ("１，２３４円", "▲1,234", "¥-12", "1,000-", "12,34"):
    ...     print(pl.select(amount(pl.lit(text))).item())
    1234
    -1234
    -12
    None
    None
    """
    return value.map_batches(_amounts, return_dtype=pl.Int64, is_elementwise=True)


def _amounts(values: pl.Series) -> pl.Series:
    """Step by step, as an expression would work the narrow text out once for each use of it."""
    text = values.to_frame("v").select(narrow(pl.col("v"))).to_series()
    whole = text.str.replace_all("[^0-9]", "").cast(pl.Int64, strict=False)
    frame = pl.DataFrame({"text": text, "whole": whole})
    written = pl.col("text").str.contains(_AMOUNT) & (pl.col("whole") < MOST)
    signed = pl.when(pl.col("text").str.contains("[-−▲△]")).then(-pl.col("whole"))
    return frame.select(
        pl.when(written).then(signed.otherwise(pl.col("whole"))).alias(values.name)
    ).to_series()


def sum_(*values: pl.Expr) -> pl.Expr:
    """Whole numbers added up; a blank is 0, and all blank is blank.

    >>> pl.select(a=sum_(pl.lit(100), pl.lit(None), pl.lit("23")), b=sum_(pl.lit(100), pl.lit("x"))).row(0)
    (123, None)
    """
    return _total(values, 1)


def less(value: pl.Expr, second: pl.Expr, *values: pl.Expr) -> pl.Expr:
    """The first whole number minus the others; a blank is 0, and all blank is blank.

    >>> pl.select(a=less(pl.lit(100), pl.lit(30), pl.lit(None)), b=less(pl.lit("x"), pl.lit(1))).row(0)
    (70, None)
    """
    return _total((value, second, *values), -1)


def _total(values: tuple[pl.Expr, ...], sign: int) -> pl.Expr:
    """The first number and, with a sign, the others; each value is worked out once, however often it is used."""

    def total(series: Sequence[pl.Series]) -> pl.Series:
        given = [pl.col(str(i)) for i in range(len(series))]
        whole = [pl.col(f"{i} whole") for i in range(len(series))]
        first, *others = (w.fill_null(0).cast(pl.Int128) for w in whole)
        result = reduce(add, (sign * other for other in others), first)
        read = (g.is_null() | w.is_not_null() for g, w in zip(given, whole, strict=True))
        there = pl.any_horizontal(g.is_not_null() for g in given)
        sound = there & pl.all_horizontal(read) & (result.abs() < MOST)
        frame = pl.DataFrame([s.alias(str(i)) for i, s in enumerate(series)])
        return (
            frame.with_columns(pl.all().cast(pl.Int64, strict=False).name.suffix(" whole"))
            .select(pl.when(sound).then(result).cast(pl.Int64))
            .to_series()
        )

    return pl.map_batches(values, total, return_dtype=pl.Int64, is_elementwise=True)


_SHARE = r"^ *0*([1-9][0-9]{0,17}) */ *0*([1-9][0-9]{0,17})$"
_SHARE_OF = r"^0*([1-9][0-9]{0,17})分の0*([1-9][0-9]{0,17})$"


def numerator(value: pl.Expr) -> pl.Expr:
    """What a share has above the line, as a whole number: 1/3 １／３ ３分の１. Anything else is refused.

    >>> pl.select(a=numerator(pl.lit("２／３")), b=numerator(pl.lit("3分の2")), c=numerator(pl.lit("2"))).row(0)
    (2, 2, None)
    """
    text = narrow(value)
    return pl.coalesce(text.str.extract(_SHARE, 1), text.str.extract(_SHARE_OF, 2)).cast(pl.Int64)


def denominator(value: pl.Expr) -> pl.Expr:
    """What a share has below the line, as a whole number: 1/3 １／３ ３分の１. Anything else is refused.

    >>> pl.select(a=denominator(pl.lit("２／３")), b=denominator(pl.lit("3分の2")), c=denominator(pl.lit("1/0"))).row(0)
    (3, 3, None)
    """
    text = narrow(value)
    return pl.coalesce(text.str.extract(_SHARE, 2), text.str.extract(_SHARE_OF, 1)).cast(pl.Int64)


@judges
def same(value: pl.Expr, other: pl.Expr) -> pl.Expr:
    """1 where both fields are there and equal, else 0.

    >>> pl.select(a=same(pl.lit("7"), pl.lit(7)), b=same(pl.lit("7"), pl.lit("07")), c=same(pl.lit(None), pl.lit(None))).row(0)
    ('1', '0', '0')
    """
    equal = (value.cast(pl.String) == other.cast(pl.String)).fill_null(value=False)
    return pl.when(equal).then(pl.lit("1")).otherwise(pl.lit("0"))


def pointed(value: pl.Expr, places: int) -> pl.Expr:
    """A number with so many digits behind an implied decimal point, as text; fewer than none: so many zeros that
    nobody wrote stand before the point.

    >>> for number, places in ((-1205, 2), (5, 4), (-12, -3), (0, -3)):
    ...     print(pl.select(pointed(pl.lit(number), places)).item())
    -12.05
    0.0005
    -12000
    0
    """
    if places < 0:
        zeros = pl.when(value != 0).then(pl.lit("0" * -places)).otherwise(pl.lit(""))
        return pl.concat_str(value.cast(pl.String), zeros)
    size = value.cast(pl.Int128).abs()  # of the least Int64, too
    whole = size // 10**places
    fraction = (size % 10**places).cast(pl.String).str.pad_start(places, "0")
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole.cast(pl.String), pl.lit("."), fraction)
