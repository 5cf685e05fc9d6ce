"""Eras, and what a legacy system writes for a day: `read_...` gives its parts, or None if there is no such day.

Eras and their overlapping last days: デジタル庁 アドレス・ベース・レジストリ 元号西暦対応表. Unknown parts as 00: GIF 441 日付時刻.
Before 明治6年1月1日 = 1873-01-01 the calendar was lunar: such a day has no simple date, so only its year is
kept, and the wording.
"""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple


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
LETTERS = "MTSHR"


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


def read_written(text: str, parts: int = 3) -> Written | None:
    """The parts of a day in any written form that can mean one day only; of a month with `parts` 2, of a
    year with 1.

    >>> read_written("昭和６３年４月１日")[1:], read_written("s63. 4. 1")[1:], read_written("1988/4/1")[1:]
    ((63, 4, 1), (63, 4, 1), (1988, 4, 1))
    >>> read_written("昭和20年3月日不詳")[1:], read_written("S20/00/00")[1:], read_written("R元.5")[1:]
    ((20, 3, None), (20, None, None), (1, 5, None))
    >>> read_written("63/4/1"), read_written("S65/1/1"), read_written("4/1/1988")
    (None, None, None)
    """
    text = text.translate(_NARROW).replace("不明", _UNSAID)
    if re.search("[0-9] +[0-9]", text):  # other blanks only line up what is printed
        return None
    text = text.replace(" ", "")
    era = _ERA.match(text)
    figures = _BARE.sub(_said, text[len(era[0]) :] if era else text)
    forms = _FORMS[parts, bool(era)]
    found = next((f for f in (form.fullmatch(figures) for form in forms) if f), None)
    if found is None:
        return None
    year, *others = (found.groupdict().get(mark) for mark in "ymd")
    if year is None or year == _UNSAID:
        if "" in others:  # 年月日 as it stands on an empty form
            return None
        year = "00" if era else "0000"
    rest = "".join((p or _UNSAID).replace(_UNSAID, "00").zfill(2) for p in others)
    year = year.replace("元", "1").zfill(2)
    return read_era(_LETTER[era[0]] + year + rest, LETTERS) if era else read_western(year + rest)


_UNSAID = "不詳"
_NARROW = {0xFF00 + c - 0x20: c for c in range(0x21, 0x7F)} | {0x3000: " ", 0x2212: "-"}
_LETTER = {
    spelt: letter
    for letter, era, square in zip(LETTERS, ERAS, "㍾㍽㍼㍻㋿", strict=True)
    for spelt in (era.name, era.name[0], square, letter, letter.lower())
}
_ERA = re.compile("|".join(sorted(_LETTER, key=len, reverse=True)))
_BARE = re.compile(rf"(?<![0-9元詳])([年月日]+){_UNSAID}")
"""Marks without a number, and that they are unknown: 月日不詳."""


def _said(bare: re.Match[str]) -> str:
    """月日不詳 as 不詳月不詳日."""
    return "".join(_UNSAID + mark for mark in bare[1])


def _forms(parts: int, year: str) -> list[re.Pattern[str]]:
    """How a year, month or day may be written behind its era, if any; `year` is how its number looks."""
    y, m, d = (
        rf"(?P<y>{year})",
        rf"(?P<m>[0-9]{{1,2}}|{_UNSAID}|)",
        rf"(?P<d>[0-9]{{1,2}}|{_UNSAID}|)",
    )
    unsaid = rf"(?P<y>{year}|{_UNSAID})"
    alone = y if "元" in year else "(?!)"  # 1988 could be many things
    return [
        re.compile(form)
        for form in {
            1: [rf"{y}(年度?)?"],
            2: [
                rf"{y}(?P<m>[0-9]{{2}})",
                rf"{unsaid}[/.-]{m}",
                rf"{unsaid}年({m}月|{_UNSAID})?",
                rf"{alone}|{_UNSAID}",
            ],
            3: [
                rf"{y}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})",
                rf"{unsaid}(?P<mark>[/.-]){m}((?P=mark){d})?",
                rf"{unsaid}年({m}月({d}日|{_UNSAID})?|{_UNSAID})?",
                rf"{alone}|{_UNSAID}",
            ],
        }[parts]
    ]


_FORMS = {
    (parts, of_era): _forms(parts, "元|[1-9]|[0-9]{2}" if of_era else "[0-9]{4}")
    for parts in (1, 2, 3)
    for of_era in (True, False)
}
"""By parts wanted, and whether an era stands before them."""


def iso(written: Written) -> str:
    """YYYY-MM-DD with 00 for an unknown part; a lunar day keeps its year alone."""
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
