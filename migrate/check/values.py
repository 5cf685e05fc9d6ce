"""Checks of one value, as `check` in a table's CSV names them. A new one is a new function here.

Each names the public source of its formula; good and bad cases stand in tests/test_values.py.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import polars as pl
from stdnum.jp import cn as stdnum_corporate
from stdnum.jp import in_ as stdnum_my_number

from migrate.check.scans import Digits

if TYPE_CHECKING:
    from collections.abc import Callable


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
    return _checked(value, "jumin_code")


def atena_no(value: pl.Expr) -> pl.Expr:
    """宛名番号 or 世帯番号: up to 15 digits, the last the check digit, modulus 11 with weights 2 to 7
    (住民記録システム標準仕様書 1.1.13; a remainder of 1 gives 0). Padding zeros do not matter.

    >>> pl.select(atena_no(pl.lit("0604431980"))).item(), pl.select(atena_no(pl.lit("1759898343"))).item()
    (True, False)
    """
    return _checked(value, "atena_no")


def city_code(value: pl.Expr) -> pl.Expr:
    """全国地方公共団体コード: 5 digits and a check digit, weights 6 to 2, modulus 11 (総務省).

    >>> pl.select(city_code(pl.lit("131016"))).item(), pl.select(city_code(pl.lit("999999"))).item()
    (True, False)
    """
    return _checked(value, "city_code")


def insurer_no(value: pl.Expr) -> pl.Expr:
    """保険者番号: 6 or 8 digits, the last the check digit, modulus 10 with weights 2 and 1.

    >>> pl.select(insurer_no(pl.lit("33120015"))).item(), pl.select(insurer_no(pl.lit("33120016"))).item()
    (True, False)
    """
    return _checked(value, "insurer_no")


def elderly_no(value: pl.Expr) -> pl.Expr:
    """後期高齢者医療の被保険者番号: 8 digits, the last as in 保険者番号.

    >>> pl.select(elderly_no(pl.lit("33120015"))).item(), pl.select(elderly_no(pl.lit("138057"))).item()
    (True, False)
    """
    return _checked(value, "elderly_no")


def _checked(value: pl.Expr, check: str) -> pl.Expr:
    """Whether texts are numbers with their check digit; null for a blank."""

    def judge(texts: pl.Series) -> pl.Series:
        right = pl.Series(DIGITS[check].scan(texts).each == 0)
        return pl.select(pl.when(texts.is_not_null()).then(right)).to_series()

    return value.map_batches(judge, return_dtype=pl.Boolean, is_elementwise=True)


def _each(value: pl.Expr, judge: Callable[[str], bool], length: int) -> pl.Expr:
    """A library's judgement of each value; it would forgive blanks and hyphens, so the shape comes first."""
    shape = value.str.contains(f"^[0-9]{{{length}}}$")
    return shape & value.map_elements(judge, return_dtype=pl.Boolean)


def _from_2_to_7(place: int, digit: int) -> int:
    """The weights 2 to 7 from the right, again and again, but for the check digit itself."""
    return digit * (2 + (place - 1) % 6) if place else 0


def _m11(*sizes: int) -> Digits:
    """Modulus 11; remainders 0 and 1 give 0."""
    return Digits(sizes, 0, _from_2_to_7, lambda total: -total % 11 % 10)


def _m10(*sizes: int) -> Digits:
    """Modulus 10; every second digit doubled, and of a product of two digits their sum."""

    def product(place: int, digit: int) -> int:
        return (2 * digit - 9 * (digit > 4) if place % 2 else digit) if place else 0

    return Digits(sizes, 0, product, lambda total: -total % 10)


DIGITS = {
    "my_number": _m11(12),
    "corporate_no": Digits((13,), 12, lambda place, digit: digit * (0 if place == 12 else 1 + place % 2), lambda total: 9 - total % 9),
    "jumin_code": _m11(11),
    "atena_no": _m11(*range(1, 16)),
    "city_code": Digits((6,), 0, lambda place, digit: digit * (place + 1) if place else 0, lambda total: (11 - total % 11) % 10),
    "insurer_no": _m10(6, 8),
    "elderly_no": _m10(8),
}  # fmt: skip
"""Check by name -> the same for a whole column at once."""

VALUES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    name: function
    for name, function in list(globals().items())
    if inspect.isfunction(function) and function.__module__ == __name__ and not name.startswith("_")
}
"""Check by name -> whether a value that is not blank is good."""
