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
    return value.str.contains("^[0-9]{11}$") & (_m11(value, 11) == _digit(value, 10))


def atena_no(value: pl.Expr) -> pl.Expr:
    """宛名番号 or 世帯番号: up to 15 digits, the last the check digit, modulus 11 with weights 2 to 7
    (住民記録システム標準仕様書 1.1.13; a remainder of 1 gives 0). Padding zeros do not matter.

    >>> pl.select(atena_no(pl.lit("0604431980"))).item(), pl.select(atena_no(pl.lit("1759898343"))).item()
    (True, False)
    """
    full = value.str.pad_start(15, "0")
    return value.str.contains("^[0-9]{1,15}$") & (_m11(full, 15) == _digit(full, 14))


def city_code(value: pl.Expr) -> pl.Expr:
    """全国地方公共団体コード: 5 digits and a check digit, weights 6 to 2, modulus 11 (総務省).

    >>> pl.select(city_code(pl.lit("131016"))).item(), pl.select(city_code(pl.lit("999999"))).item()
    (True, False)
    """
    remainder = _weighted(value, range(5), (6, 5, 4, 3, 2)) % 11
    return value.str.contains("^[0-9]{6}$") & ((11 - remainder) % 10 == _digit(value, 5))


def insurer_no(value: pl.Expr) -> pl.Expr:
    """保険者番号: 6 or 8 digits, the last the check digit, modulus 10 with weights 2 and 1.

    >>> pl.select(insurer_no(pl.lit("33120015"))).item(), pl.select(insurer_no(pl.lit("33120016"))).item()
    (True, False)
    """
    full = value.str.pad_start(8, "0")
    total = pl.sum_horizontal(
        _digit(full, i) if weight == 1 else _digit(full, i) * 2 - 9 * (_digit(full, i) > 4).cast(pl.Int64)
        for i, weight in enumerate((2, 1, 2, 1, 2, 1, 2))
    )
    return value.str.contains("^([0-9]{6}|[0-9]{8})$") & ((10 - total % 10) % 10 == _digit(full, 7))


def elderly_no(value: pl.Expr) -> pl.Expr:
    """後期高齢者医療の被保険者番号: 8 digits, the last as in 保険者番号.

    >>> pl.select(elderly_no(pl.lit("33120015"))).item(), pl.select(elderly_no(pl.lit("138057"))).item()
    (True, False)
    """
    return (value.str.len_chars() == 8) & insurer_no(value)


def _digit(value: pl.Expr, at: int) -> pl.Expr:
    return value.str.slice(at, 1).cast(pl.Int64, strict=False)


def _weighted(value: pl.Expr, places: Sequence[int], weights: Sequence[int]) -> pl.Expr:
    return pl.sum_horizontal(
        _digit(value, i) * weight for i, weight in zip(places, weights, strict=True)
    )


def _m11(value: pl.Expr, length: int) -> pl.Expr:
    """The check digit of all but the last digit: weights 2..7 from the right; remainders 0 and 1 give 0."""
    places = range(length - 2, -1, -1)
    remainder = _weighted(value, places, [2 + i % 6 for i in range(length - 1)]) % 11
    return pl.when(remainder <= 1).then(0).otherwise(11 - remainder)


def _each(value: pl.Expr, judge: Callable[[str], bool], length: int) -> pl.Expr:
    """A library's judgement of each value; it would forgive blanks and hyphens, so the shape comes first."""
    shape = value.str.contains(f"^[0-9]{{{length}}}$")
    return shape & value.map_elements(judge, return_dtype=pl.Boolean)


VALUES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    name: function
    for name, function in list(globals().items())
    if inspect.isfunction(function)
    and function.__module__ == __name__
    and not name.startswith("_")
}
"""Check by name -> whether a value that is not blank is good."""
