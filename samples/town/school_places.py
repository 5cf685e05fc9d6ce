"""The schools: those of the town, and those elsewhere to which its children go. All invented (prefectures 48 and 49)."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from town.core import CITY


class School(NamedTuple):
    """number: the town's own four digits  code: thirteen, as the ministry's  establisher: C051."""

    number: str
    code: str
    name: str
    establisher: str
    city: str


SCHOOLS = tuple(School(*row.split()) for row in f"""
    1001 B148210000011 浅間市立朝見小学校 1 {CITY}
    1002 B148210000020 浅間市立霧ノ沢小学校 1 {CITY}
    1003 B148210000039 浅間市立雪見台小学校 1 {CITY}
    1004 B148210000048 浅間市立鷹見小学校 1 {CITY}
    1101 C148210000037 浅間市立第一中学校 1 {CITY}
    1102 C148210000028 浅間市立第二中学校 1 {CITY}
    1201 C248210000017 浅間市立申渕学園 1 {CITY}
    1901 E148210000014 浅間県立浅間特別支援学校 2 {CITY}
    9001 B148210000902 下浅間市立灯台小学校 1 482021
    9002 B149210000010 白根市立氷室小学校 1 492019
    9101 C148210000910 下浅間市立灯台中学校 1 482021
    9501 C149310000011 霧根学院中学校 4 492019
""".strip().splitlines())  # fmt: skip

ELEMENTARY = ("1001", "1002", "1003", "1004")
JUNIOR = ("1101", "1102")
NINE_YEARS, SPECIAL, NEXT_TOWN, PRIVATE = "1201", "1901", ("9001", "9101"), "9501"
FROM_AFAR = "9002"


def of_number(number: pl.Expr | str, column: str) -> pl.Expr:
    """A school's code, name, establisher or city by its number."""
    value = pl.col(number) if isinstance(number, str) else number
    return value.replace_strict({s.number: getattr(s, column) for s in SCHOOLS}, default=None)


def by_code(code: str, column: str) -> pl.Expr:
    """A school's number or name by its code."""
    return pl.col(code).replace_strict({s.code: getattr(s, column) for s in SCHOOLS}, default=None)
