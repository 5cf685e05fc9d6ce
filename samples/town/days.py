"""Days on which the town hall is open."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import polars as pl

FIXED = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
MONDAYS = ((1, 2), (7, 3), (9, 3), (10, 2))
"""成人の日, 海の日, 敬老の日, スポーツの日: which Monday of which month."""

OLYMPIC = {
    2020: {(7, 23), (7, 24), (8, 10)},
    2021: {(7, 22), (7, 23), (8, 8)},
}
"""海の日, スポーツの日 and 山の日 of two years."""

YEARS = range(2003, 2036)
CLOSED = ((12, 29), (12, 30), (12, 31), (1, 2), (1, 3))


@cache
def holidays() -> frozenset[date]:
    """国民の祝日, their substitutes, and the days between the years, from 2003 to 2035.

    >>> date(2026, 9, 22) in holidays(), date(2025, 11, 24) in holidays(), date(2025, 6, 30) in holidays()
    (True, True, False)
    """
    found: set[date] = {date(2019, 4, 30), date(2019, 5, 1), date(2019, 5, 2), date(2019, 10, 22)}
    for year in YEARS:
        named = {
            date(year, m, d)
            for m, d in FIXED
            if (year >= 2016 or m != 8) and (year >= 2020 or (m, d) != (2, 23))
        }
        named |= {_monday(year, m, n) for m, n in MONDAYS}
        if year < 2019:
            named.add(date(year, 12, 23))
        if year in OLYMPIC:
            moved = {_monday(year, 7, 3), _monday(year, 10, 2), date(year, 8, 11)}
            named = named - moved | {date(year, m, d) for m, d in OLYMPIC[year]}
        for month, base in ((3, 20.8431), (9, 23.2488)):  # the equinoxes
            named.add(date(year, month, int(base + 0.242194 * (year - 1980) - (year - 1980) // 4)))
        for day in sorted(named):
            substitute = day
            while day.weekday() == 6 and substitute in named:
                substitute += timedelta(1)
            found.add(substitute)
        between = {d + timedelta(1) for d in named if d + timedelta(2) in named}
        found |= named | {d for d in between if d.weekday() < 6}
        found |= {date(year, m, d) for m, d in CLOSED}
    return frozenset(found)


def _monday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((-first.weekday()) % 7 + 7 * (number - 1))


@cache
def _open_days() -> dict[date, date]:
    day, found = date(YEARS[-1], 12, 28), {}
    following = day
    while day.year >= YEARS[0]:
        if day.weekday() < 5 and day not in holidays():
            following = day
        found[day] = following
        day -= timedelta(1)
    return found


def workday(value: pl.Expr | str) -> pl.Expr:
    """The day itself (pl.Date), or the next one that is no Saturday, Sunday, holiday or year's end.

    >>> pl.select(workday(pl.lit(date(2025, 5, 31))), b=workday(pl.lit(date(2025, 12, 31)))).row(0)
    (datetime.date(2025, 6, 2), datetime.date(2026, 1, 5))
    """
    days = _open_days()
    found = pl.col(value) if isinstance(value, str) else value
    return found.replace(list(days), list(days.values()))
