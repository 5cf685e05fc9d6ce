"""Words about days, months, years and times. An unknown part stays unknown; an impossible one is refused.

`SPELLING` says how they are written: five letters, one for each era from 明治 to 令和 (GYYMMDD); `written` for
any written form, as in 昭和63年4月1日, S63/04/01, 1988-04-01; nothing for YYYYMMDD.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from migrate.convert.calendar import iso, read_era, read_western, read_written, wording
from migrate.convert.days import Days
from migrate.convert.word import BLANK, Remembered, blanks

if TYPE_CHECKING:
    from migrate.convert.calendar import Written

WRITTEN = "written"


def era_date(value: pl.Expr, *, eras: str) -> pl.Expr:
    """Read GYYMMDD; `eras` spells 明治 to 令和 in the vendor's own letters.

    >>> for written in ("3640107", "3640108", "3500230", "3200000", "103    ", "9999999"):
    ...     print(pl.select(era_date(pl.lit(written), eras="12345")).item())
    1989-01-07
    None
    None
    1945-00-00
    1870-00-00
    0000-00-00
    """
    return _days(eras).answer(value, "day")


def date(value: pl.Expr, *, written: str = "") -> pl.Expr:
    """Read YYYYMMDD; with `written` any written form: S63/04/01, 昭和６３年４月１日, 令和元.5.1, 1988-04-01, 昭和20年3月日不詳.

    >>> pl.select(a=date(pl.lit("20240229")), b=date(pl.lit("20230229")), c=date(pl.lit("19450000"))).row(0)
    ('2024-02-29', None, '1945-00-00')
    >>> for text in ("昭和６３年４月１日", "R元.5.1", "1988/4", "63/4/1", "H31.5.1"):
    ...     print(pl.select(date(pl.lit(text), written="written")).item())
    1988-04-01
    2019-05-01
    1988-04-00
    None
    None
    """
    return _days(written).answer(value, "day")


@blanks
def era_code(value: pl.Expr, *, spelling: str = "") -> pl.Expr:
    """The era of a date as the standard's two digits: 01 明治 to 05 令和; blank where it is unknown or western.

    Blank for an impossible day: that is for `era_date` to refuse, once.

    >>> pl.select(era_code(pl.lit("S640107"), spelling="MTSHR")).item()
    '03'
    """
    return _days(spelling).answer(value, "era")


@blanks
def unknown_flag(value: pl.Expr, *, spelling: str = "") -> pl.Expr:
    """1 where a part of the date is unknown or its calendar lunar, else 0. Without `spelling`: YYYYMMDD.

    Blank for an impossible day: that is for `era_date` or `date` to refuse, once.

    >>> pl.select(a=unknown_flag(pl.lit("3200000"), spelling="12345"), b=unknown_flag(pl.lit("20240229"))).row(0)
    ('1', '0')
    """
    return _days(spelling).answer(value, "flag")


@blanks
def unknown_wording(value: pl.Expr, *, spelling: str = "") -> pl.Expr:
    """The original wording where a part is unknown or lunar, else blank. Without `spelling`: YYYYMMDD.

    Blank for an impossible day, too: that is for `era_date` or `date` to refuse, once.

    >>> pl.select(unknown_wording(pl.lit("3200300"), spelling="12345")).item()
    '昭和２０年３月日不詳'
    >>> pl.select(unknown_wording(pl.lit("1030510"), spelling="12345")).item()
    '明治３年５月１０日'
    """
    return _days(spelling).answer(value, "wording")


def fiscal_year(value: pl.Expr, *, spelling: str = "") -> pl.Expr:
    """A fiscal year as YYYY: from YYYY, from GYY, or as `written`: 令和6年度, R6, 2024. The years of 平成 end with 31.

    >>> pl.select(a=fiscal_year(pl.lit("431"), spelling="12345"), b=fiscal_year(pl.lit("432"), spelling="12345")).row(0)
    ('2019', None)
    >>> pl.select(a=fiscal_year(pl.lit("令和元年度"), spelling="written"), b=fiscal_year(pl.lit("6"))).row(0)
    ('2019', None)
    """
    return _years(spelling).answer(value.cast(pl.String), "year")


def month(value: pl.Expr, *, spelling: str = "") -> pl.Expr:
    """A month as YYYY-MM: from YYYYMM, from GYYMM, or as `written`: 令和6年4月, R6.4, 2024/4. An unknown month is 00.

    >>> pl.select(a=month(pl.lit("202400")), b=month(pl.lit("202413"))).row(0)
    ('2024-00', None)
    >>> pl.select(a=month(pl.lit("43104"), spelling="12345"), b=month(pl.lit("H31.5"), spelling="written")).row(0)
    ('2019-04', None)
    """
    return _months(spelling).answer(value.cast(pl.String), "month")


def ymd(value: pl.Expr, second: pl.Expr, third: pl.Expr, fourth: pl.Expr | None = None) -> pl.Expr:
    """Year, month and day as YYYYMMDD, or era, year, month and day as GYYMMDD: for `date` or `era_date` to read.
    Lost zeros come back, a blank part stays blank; one that is too long or no number is refused.

    >>> era, year, month, day, blank = (pl.lit(v) for v in ("3", 63, "4", "01", None))
    >>> pl.select(a=ymd(era, year, month, day), b=ymd(era, year, month, blank), c=ymd(year, month, pl.lit("321"))).row(0)
    ('3630401', '36304  ', None)
    """
    parts = [value, second, third] if fourth is None else [value, second, third, fourth]
    texts = [p.cast(pl.String) for p in parts]
    figures = "^[0-9]{1,4}$" if fourth is None else "^.$"
    shapes = [figures, *["^[0-9]{1,2}$"] * (len(parts) - 1)]
    widths = [4 if fourth is None else 1, *[2] * (len(parts) - 1)]
    sound = pl.all_horizontal(
        t.is_null() | t.str.contains(shape) for t, shape in zip(texts, shapes, strict=True)
    )
    present = pl.any_horizontal(t.is_not_null() for t in texts)
    filled = [
        t.str.pad_start(w, "0").fill_null(" " * w) for t, w in zip(texts, widths, strict=True)
    ]
    return pl.when(present & sound).then(pl.concat_str(filled))


def time(value: pl.Expr) -> pl.Expr:
    """Read HHMMSS or HHMM.

    >>> pl.select(a=time(pl.lit("235959")), b=time(pl.lit("0930")), c=time(pl.lit("246000"))).row(0)
    ('23:59:59', '09:30:00', None)
    """
    return _TIMES.answer(value, "time")


def _read_time(text: str) -> tuple[str | None]:
    parts = text[:2], text[2:4], text[4:] or "00"
    if not text.isascii() or not text.isdigit() or len(text) not in (4, 6):
        return (None,)
    return (":".join(parts) if parts[0] < "24" and parts[1] < "60" and parts[2] < "60" else None,)


_TIMES = Remembered(("time",), _read_time)


def _read(text: str, spelling: str, parts: int = 3) -> Written | None:
    """A day, a month or a year in one of the spellings, by how many parts of a date it has."""
    if spelling == WRITTEN:
        return read_written(text, parts)
    width = (3 if spelling else 4) + 2 * (parts - 1)
    if len(text) > width:
        return None
    whole = text.ljust(width) + "00" * (3 - parts)
    return read_era(whole, spelling) if spelling else read_western(whole)


@cache
def _days(spelling: str) -> Remembered | Days:
    """What there is to say of every date in one spelling; shared by all columns of a run."""

    def said(text: str) -> tuple[str | None, ...]:
        found = _read(text, spelling)
        if found is None:
            return None, BLANK, BLANK, BLANK
        era = found.era.code if found.era else BLANK
        unknown = wording(found) if found.uncertain else BLANK
        return iso(found), era, str(int(found.uncertain)), unknown

    one_by_one = Remembered(("day", "era", "flag", "wording"), said)
    return one_by_one if spelling == WRITTEN else Days(spelling, one_by_one)


@cache
def _months(spelling: str) -> Remembered:
    def said(text: str) -> tuple[str | None]:
        found = _read(text, spelling, 2)
        return (iso(found)[:7] if found else None,)

    return Remembered(("month",), said)


@cache
def _years(spelling: str) -> Remembered:
    def said(text: str) -> tuple[str | None]:
        found = _read(text, spelling, 1)
        return (str(found.western) if found and found.western else None,)

    return Remembered(("year",), said)
