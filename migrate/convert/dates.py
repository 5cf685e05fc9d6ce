"""Words about days and times. An unknown part stays unknown; an impossible day is refused.

Eras and their overlapping last days: デジタル庁 アドレス・ベース・レジストリ 元号西暦対応表. Unknown parts as 00: GIF 441 日付時刻.
Before 明治6年1月1日 = 1873-01-01 the calendar was lunar: such a day has no simple date, so only its year is
kept, and the wording.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from migrate.convert.word import BLANK, Remembered, blanks

if TYPE_CHECKING:
    import polars as pl


class Era(NamedTuple):
    """An era of the calendar; both ends are days of it."""

    code: str
    name: str
    first: datetime.date
    last: datetime.date


ERAS = (
    Era("01", "明治", datetime.date(1868, 10, 23), datetime.date(1912, 7, 30)),
    Era("02", "大正", datetime.date(1912, 7, 30), datetime.date(1926, 12, 25)),
    Era("03", "昭和", datetime.date(1926, 12, 25), datetime.date(1989, 1, 7)),
    Era("04", "平成", datetime.date(1989, 1, 8), datetime.date(2019, 4, 30)),
    Era("05", "令和", datetime.date(2019, 5, 1), datetime.date(9999, 12, 31)),
)
YEARS = (*range(1868, 2200), 9999)
"""Western years that a register may hold; 9999 for what has no end. 800203 is not the year 8002."""
LUNAR_YEARS = 5
"""明治1 to 明治5."""


class Written(NamedTuple):
    """A date as a legacy system wrote it; None for an unknown part. `year` within the era, if any."""

    era: Era | None
    year: int | None
    month: int | None
    day: int | None

    @property
    def lunar(self) -> bool:
        return self.era is ERAS[0] and self.year is not None and self.year <= LUNAR_YEARS

    @property
    def western(self) -> int | None:
        return (
            self.year
            if self.era is None or self.year is None
            else self.era.first.year + self.year - 1
        )

    @property
    def uncertain(self) -> bool:
        return self.lunar or None in (self.year, self.month, self.day)


def era_date(value: pl.Expr, *, eras: str) -> pl.Expr:
    """Read GYYMMDD; `eras` spells 明治 to 令和 in the vendor's own letters.

    >>> import polars as pl
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


def date(value: pl.Expr) -> pl.Expr:
    """Read YYYYMMDD.

    >>> import polars as pl
    >>> pl.select(a=date(pl.lit("20240229")), b=date(pl.lit("20230229")), c=date(pl.lit("19450000"))).row(0)
    ('2024-02-29', None, '1945-00-00')
    """
    return _days("").answer(value, "day")


@blanks
def era_code(value: pl.Expr, *, eras: str) -> pl.Expr:
    """The era of GYYMMDD as the standard's two digits: 01 明治 to 05 令和; blank where it is unknown.

    Blank for an impossible day: that is for `era_date` to refuse, once.

    >>> import polars as pl
    >>> pl.select(era_code(pl.lit("S640107"), eras="MTSHR")).item()
    '03'
    """
    return _days(eras).answer(value, "era")


@blanks
def unknown_flag(value: pl.Expr, *, eras: str = "") -> pl.Expr:
    """1 where a part of the date is unknown or its calendar lunar, else 0. Without `eras`: YYYYMMDD.

    Blank for an impossible day: that is for `era_date` or `date` to refuse, once.

    >>> import polars as pl
    >>> pl.select(a=unknown_flag(pl.lit("3200000"), eras="12345"), b=unknown_flag(pl.lit("20240229"))).row(0)
    ('1', '0')
    """
    return _days(eras).answer(value, "flag")


@blanks
def unknown_wording(value: pl.Expr, *, eras: str = "") -> pl.Expr:
    """The original wording where a part is unknown or lunar, else blank. Without `eras`: YYYYMMDD.

    Blank for an impossible day, too: that is for `era_date` or `date` to refuse, once.

    >>> import polars as pl
    >>> pl.select(unknown_wording(pl.lit("3200300"), eras="12345")).item()
    '昭和２０年３月日不詳'
    >>> pl.select(unknown_wording(pl.lit("1030510"), eras="12345")).item()
    '明治３年５月１０日'
    """
    return _days(eras).answer(value, "wording")


def time(value: pl.Expr) -> pl.Expr:
    """Read HHMMSS or HHMM.

    >>> import polars as pl
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


@cache
def _days(eras: str) -> Remembered:
    """What there is to say of every date in one spelling; shared by all columns of a run."""

    def said(text: str) -> tuple[str | None, ...]:
        written = read_era(text, eras) if eras else read_western(text)
        if written is None:
            return None, BLANK, BLANK, BLANK
        era = written.era.code if written.era else BLANK
        unknown = wording(written) if written.uncertain else BLANK
        return iso(written), era, str(int(written.uncertain)), unknown

    return Remembered(("day", "era", "flag", "wording"), said)


def read_era(text: str, eras: str) -> Written | None:
    """The parts of GYYMMDD, or None if it is no possible day of its era.

    >>> read_era("4310501", "12345") is None  # 平成 had ended
    True
    >>> read_era("1051203", "12345") is None  # 明治5年12月 had two days
    True
    """
    text = text.ljust(7)
    if text in ("0000000", "9999999"):  # nothing is known
        return Written(None, None, None, None)
    if len(text) != 7 or text[0] not in eras[: len(ERAS)]:
        return None
    era = ERAS[eras.index(text[0])]
    parts = [_part(text[i : i + 2]) for i in (1, 3, 5)]
    if -1 in parts:
        return None
    written = Written(era, *parts)
    return written if _possible(written) else None


def read_western(text: str) -> Written | None:
    """The parts of YYYYMMDD, or None if there is no such day."""
    text = text.ljust(8)
    unknown = text[:4] in ("0000", "    ") or (
        text[:4] == "9999" and text[4:] in ("9999", "0000", "    ")
    )
    year = None if unknown else _part(text[:4], 4)
    parts = [year, _part(text[4:6]), _part(text[6:])]
    if len(text) != 8 or -1 in parts:
        return None
    written = Written(None, *parts)
    if year is not None and year not in YEARS:
        return None
    return written if _possible(written) else None


def iso(written: Written | None) -> str | None:
    """YYYY-MM-DD with 00 for an unknown part; a lunar day keeps its year alone."""
    if written is None:
        return None
    month, day = (None, None) if written.lunar else (written.month, written.day)
    return f"{written.western or 0:04d}-{month or 0:02d}-{day or 0:02d}"


def wording(written: Written) -> str:
    """The date as a Japanese register words it, full-width: 昭和２０年３月日不詳.

    >>> wording(Written(None, None, None, None)), wording(Written(ERAS[2], 1, None, None))
    ('年月日不詳', '昭和元年月日不詳')
    """
    known, unknown = "", ""
    for mark, part in (("年", written.year), ("月", written.month), ("日", written.day)):
        if part is None:
            unknown += mark
        else:
            first_year = mark == "年" and part == 1 and written.era
            number = "元" if first_year else str(part).translate(_WIDE_DIGITS)
            known += (unknown and f"{unknown}不詳") + number + mark
            unknown = ""
    era = written.era.name if written.era else ""
    return era + known + (f"{unknown}不詳" if unknown else "")


_WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def _part(text: str, width: int = 2) -> int | None:
    """A part of a date: None if it is unknown (00, 99, blank), -1 if it is no number."""
    if not text.strip() or text in ("00", "99"):
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) == width else -1


def _possible(written: Written) -> bool:
    """Whether there is a day, of the era if there is one, that has all the known parts."""
    era, year, month, day = written.era, written.western, written.month, written.day
    if written.lunar:
        last = 2 if (written.year, month) == (LUNAR_YEARS, 12) else 30
        return (month or 1) <= 12 and (day or 1) <= last
    years = (
        [year] if year else range(era.first.year, min(era.last.year, 2100) + 1) if era else [2000]
    )
    return any(
        _is_day(y, m, d, era)
        for y in years
        for m in ([month] if month else range(1, 13))
        for d in ([day] if day else range(1, 32))
    )


def _is_day(year: int, month: int, day: int, era: Era | None) -> bool:
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return False
    return era is None or era.first <= found <= era.last
