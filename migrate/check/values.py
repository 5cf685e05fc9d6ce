"""Checks of one value, as `check` in a table's CSV names them. A new one is a new function here.

Each names the public source of its formula; good and bad cases stand in tests/test_values.py.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from stdnum.jp import cn as stdnum_corporate
from stdnum.jp import in_ as stdnum_my_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Places = NDArray[np.int64]
    Judged = NDArray[np.bool_]


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
    return _of_digits(value, 11, 11) & _judged(value, 11, _m11)


def atena_no(value: pl.Expr) -> pl.Expr:
    """宛名番号 or 世帯番号: up to 15 digits, the last the check digit, modulus 11 with weights 2 to 7
    (住民記録システム標準仕様書 1.1.13; a remainder of 1 gives 0). Padding zeros do not matter.

    >>> pl.select(atena_no(pl.lit("0604431980"))).item(), pl.select(atena_no(pl.lit("1759898343"))).item()
    (True, False)
    """
    return _of_digits(value, 1, 15) & _judged(value, 15, _m11)


def city_code(value: pl.Expr) -> pl.Expr:
    """全国地方公共団体コード: 5 digits and a check digit, weights 6 to 2, modulus 11 (総務省).

    >>> pl.select(city_code(pl.lit("131016"))).item(), pl.select(city_code(pl.lit("999999"))).item()
    (True, False)
    """

    def fits(last: Places, *rest: Places) -> Judged:
        return np.asarray((11 - _weighted(rest, (2, 3, 4, 5, 6)) % 11) % 10 == last)

    return _of_digits(value, 6, 6) & _judged(value, 6, fits)


def insurer_no(value: pl.Expr) -> pl.Expr:
    """保険者番号: 6 or 8 digits, the last the check digit, modulus 10 with weights 2 and 1.

    >>> pl.select(insurer_no(pl.lit("33120015"))).item(), pl.select(insurer_no(pl.lit("33120016"))).item()
    (True, False)
    """

    def fits(last: Places, *rest: Places) -> Judged:
        doubled = [2 * place - 9 * (place > 4) for place in rest[::2]]
        return np.asarray((10 - (sum(doubled) + sum(rest[1::2])) % 10) % 10 == last)

    shape = _of_digits(value, 6, 6) | _of_digits(value, 8, 8)
    return shape & _judged(value, 8, fits)


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


def _judged(value: pl.Expr, count: int, fits: Callable[..., Judged]) -> pl.Expr:
    """`fits` of a number's last so many digits, the last one first; each an array, a row an element."""

    def judge(numbers: pl.Series) -> pl.Series:
        rest, places = numbers.fill_null(0).to_numpy(), []
        for _ in range(count):
            tenth = rest // 10
            places.append(rest - tenth * 10)
            rest = tenth
        return pl.Series(fits(*places))

    return _number(value).map_batches(judge, return_dtype=pl.Boolean, is_elementwise=True)


def _weighted(places: Sequence[Places], weights: Sequence[int]) -> Places:
    """The weighted sum of some digits."""
    return np.asarray(sum(p * w for p, w in zip(places, weights, strict=True)))


def _m11(last: Places, *rest: Places) -> Judged:
    """Whether the last digit checks the others: weights 2..7 from the right; remainders 0 and 1 give 0."""
    remainder = _weighted(rest, [2 + i % 6 for i in range(len(rest))]) % 11
    return np.asarray(np.where(remainder <= 1, 0, 11 - remainder) == last)


def _each(value: pl.Expr, judge: Callable[[str], bool], length: int) -> pl.Expr:
    """A library's judgement of each value; it would forgive blanks and hyphens, so the shape comes first."""
    return _of_digits(value, length, length) & value.map_elements(judge, return_dtype=pl.Boolean)


VALUES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    name: function
    for name, function in list(globals().items())
    if inspect.isfunction(function) and function.__module__ == __name__ and not name.startswith("_")
}
"""Check by name -> whether a value that is not blank is good."""
