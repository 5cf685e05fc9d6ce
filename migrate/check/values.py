"""Checks of one value, as `check` in a table's CSV names them. A new one is a new function here.

Weights and formulas: domain sources are named under each; `vectors.json` style cases stand in the tests.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import polars as pl
from stdnum.jp import cn as stdnum_corporate
from stdnum.jp import in_ as stdnum_my_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def my_number(value: pl.Expr) -> pl.Expr:
    """個人番号: 12 digits, the last one the check digit of 総務省令第85号第5条.

    >>> pl.select(my_number(pl.lit("123456789010"))).item()
    False
    """
    return _each(value, stdnum_my_number.is_valid, 12)


def corporate_no(value: pl.Expr) -> pl.Expr:
    """法人番号: 13 digits, the first one the check digit of 財務省令第70号第2条.

    >>> pl.select(corporate_no(pl.lit("7000012050002"))).item()
    True
    """
    return _each(value, stdnum_corporate.is_valid, 13)


def jumin_code(value: pl.Expr) -> pl.Expr:
    """住民票コード: 10 digits and a check digit, modulus 11 with weights 2 to 7 (住民基本台帳法施行規則第1条).

    >>> pl.select(jumin_code(pl.lit("25208017643"))).item(), pl.select(jumin_code(pl.lit("25208017644"))).item()
    (True, False)
    """
    return _of_digits(value, 11, 11) & _m11(_number(value), 11)


def atena_no(value: pl.Expr) -> pl.Expr:
    """宛名番号 or 世帯番号: up to 15 digits, the last the check digit, modulus 11 with weights 2 to 7
    (住民記録システム標準仕様書 1.1.13; a remainder of 1 gives 0). Padding zeros do not matter.

    >>> pl.select(atena_no(pl.lit("0604431980"))).item(), pl.select(atena_no(pl.lit("1759898343"))).item()
    (True, False)
    """
    return _of_digits(value, 1, 15) & _m11(_number(value), 15)


def city_code(value: pl.Expr) -> pl.Expr:
    """全国地方公共団体コード: 5 digits and a check digit, weights 6 to 2, modulus 11 (総務省).

    >>> pl.select(city_code(pl.lit("131016"))).item(), pl.select(city_code(pl.lit("999999"))).item()
    (True, False)
    """
    number = _number(value)
    expected = (11 - _weighted(number, (2, 3, 4, 5, 6)) % 11) % 10
    return _of_digits(value, 6, 6) & (expected == number % 10)


def insurer_no(value: pl.Expr) -> pl.Expr:
    """保険者番号: 6 or 8 digits, the last the check digit, modulus 10 with weights 2 and 1.

    >>> pl.select(insurer_no(pl.lit("33120015"))).item(), pl.select(insurer_no(pl.lit("33120016"))).item()
    (True, False)
    """
    number = _number(value)
    doubled = [
        2 * _place(number, i) - 9 * (_place(number, i) > 4).cast(pl.Int64) for i in (1, 3, 5, 7)
    ]
    total = pl.sum_horizontal(*doubled, *(_place(number, i) for i in (2, 4, 6)))
    shape = _of_digits(value, 6, 6) | _of_digits(value, 8, 8)
    return shape & ((10 - total % 10) % 10 == number % 10)


def elderly_no(value: pl.Expr) -> pl.Expr:
    """後期高齢者医療の被保険者番号: 8 digits, the last as in 保険者番号.

    >>> pl.select(elderly_no(pl.lit("33120015"))).item(), pl.select(elderly_no(pl.lit("138057"))).item()
    (True, False)
    """
    return _of_digits(value, 8, 8) & insurer_no(value)


def _of_digits(value: pl.Expr, least: int, most: int) -> pl.Expr:
    """ASCII digits only, so many of them. (A cast alone would take `+12` and blanks.)"""
    length = value.str.len_bytes()
    signed = value.str.starts_with("+") | value.str.starts_with("-")
    return length.is_between(least, most) & _number(value).is_not_null() & ~signed


def _number(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Int64, strict=False)


def _place(number: pl.Expr, place: int) -> pl.Expr:
    """A digit of a number, counted from the right; 0 is the last."""
    power: int = 10**place
    return number // power % 10


def _weighted(number: pl.Expr, weights: Sequence[int]) -> pl.Expr:
    """The weighted sum of the digits before the last; weights from the right."""
    return pl.sum_horizontal(_place(number, i) * w for i, w in enumerate(weights, 1))


def _m11(number: pl.Expr, length: int) -> pl.Expr:
    """Whether the last digit checks the others: weights 2..7 from the right; remainders 0 and 1 give 0."""
    remainder = _weighted(number, [2 + i % 6 for i in range(length - 1)]) % 11
    expected = pl.when(remainder <= 1).then(0).otherwise(11 - remainder)
    return (number % 10).eq(expected)


def _each(value: pl.Expr, judge: Callable[[str], bool], length: int) -> pl.Expr:
    """A library's judgement of each value; it would forgive blanks and hyphens, so the shape comes first."""
    return _of_digits(value, length, length) & value.map_elements(judge, return_dtype=pl.Boolean)


VALUES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    name: function
    for name, function in list(globals().items())
    if inspect.isfunction(function) and function.__module__ == __name__ and not name.startswith("_")
}
"""Check by name -> whether a value that is not blank is good."""
