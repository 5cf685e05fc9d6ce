"""Standard values as legacy systems write them. Each takes an expression (or a column's name) and gives one.

Dates come as the standard's text `YYYY-MM-DD` (00 for an unknown part) or as pl.Date, months as `YYYY-MM`,
years as `YYYY`; null stays null. What is written comes back from `era_date`, `date`, `month` ... as it was.

>>> import polars as pl
>>> day = pl.lit("1988-04-01")
>>> pl.select(era7(day), b=era7(day, "MTSHR"), c=western(day), d=slashed(day), e=worded(day)).row(0)
('3630401', 'S630401', '19880401', 'S63/04/01', '昭和63年4月1日')
"""

from __future__ import annotations

import unicodedata

import polars as pl
from parts import wide as _wide

ERAS = (
    ("1868-01-01", 1868, "明治"),
    ("1912-07-30", 1912, "大正"),
    ("1926-12-25", 1926, "昭和"),
    ("1989-01-08", 1989, "平成"),
    ("2019-05-01", 2019, "令和"),
)
_HALF = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_VOICED = {
    unicodedata.normalize("NFKC", k + mark): k + mark
    for k in "ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ"
    for mark in ("ﾞ", "ﾟ")
    if len(unicodedata.normalize("NFKC", k + mark)) == 1
}
_NARROW = {unicodedata.normalize("NFKC", k): k for k in _HALF} | _VOICED
_NARROW_ASCII = {chr(c + 0xFEE0): chr(c) for c in range(0x21, 0x7F)} | {"\u3000": " "}
_WIDE = {v: k for k, v in {**_VOICED, **_NARROW, **_NARROW_ASCII}.items()}

Text = pl.Expr | str


def _of(value: Text) -> pl.Expr:
    return (pl.col(value) if isinstance(value, str) else value).cast(pl.String)


# ---- dates ----


def era(value: Text, letters: str = "12345") -> pl.Expr:
    """The era of a date in the vendor's letters; 0 where even the year is unknown."""
    day = _of(value)
    found = pl.when(day.is_null()).then(None).when(day.str.starts_with("0000")).then(pl.lit("0"))
    for (first, _, _), letter in zip(reversed(ERAS), reversed(letters), strict=True):
        found = found.when(day >= first).then(pl.lit(letter))
    return found


def era_code(value: Text) -> pl.Expr:
    """The era in the standard's two digits: 01 明治 to 05 令和; null where the year is unknown.

    >>> pl.select(era_code(pl.lit("1989-01-07"))).item()
    '03'
    """
    letter = era(value)
    return pl.when(letter != "0").then("0" + letter)


def year_of_era(value: Text) -> pl.Expr:
    """The year within the era, a number: 1 for 元年.

    >>> pl.select(year_of_era(pl.lit("2019-05-01"))).item()
    1
    """
    first = era(value).replace_strict(
        {"0": 0, **{str(i): y - 1 for i, (_, y, _) in enumerate(ERAS, 1)}}
    )
    return _of(value).str.slice(0, 4).cast(pl.Int64) - first


def year(value: Text) -> pl.Expr:
    """The western year's four digits."""
    return _of(value).str.slice(0, 4)


def month(value: Text) -> pl.Expr:
    """The month's two digits; 00 if unknown."""
    return _of(value).str.slice(5, 2)


def day(value: Text) -> pl.Expr:
    """The day's two digits; 00 if unknown."""
    return _of(value).str.slice(8, 2)


def two(value: pl.Expr) -> pl.Expr:
    """A number as two digits."""
    return value.cast(pl.String).str.zfill(2)


def era7(value: Text, letters: str = "12345") -> pl.Expr:
    """GYYMMDD.

    >>> pl.select(era7(pl.lit("1945-03-00")), b=era7(pl.lit("0000-00-00"))).row(0)
    ('3200300', '0000000')
    """
    return era(value, letters) + two(year_of_era(value)) + month(value) + day(value)


def era5(value: Text, letters: str = "12345") -> pl.Expr:
    """GYYMM of a month or a date: 2024-04 -> 50604."""
    return era(_month_start(value), letters) + two(year_of_era(_month_start(value))) + month(value)


def era3(value: Text, letters: str = "12345") -> pl.Expr:
    """GYY of a fiscal year YYYY: 2019 -> 431 (平成31年度), 2020 -> 502."""
    start = _of(value).str.slice(0, 4) + "-04-01"
    return era(start, letters) + two(year_of_era(start))


def western(value: Text) -> pl.Expr:
    """YYYYMMDD of a date, YYYYMM of a month."""
    return _of(value).str.replace_all("-", "", literal=True)


def slashed(value: Text, letters: str = "MTSHR", mark: str = "/", *, pad: bool = True) -> pl.Expr:
    """S63/04/01; with mark="." and pad=False S63.4.1; with letters="" 1988/04/01.

    >>> pl.select(slashed(pl.lit("1988-04-01"), mark=".", pad=False), b=slashed(pl.lit("1988-04-01"), "")).row(0)
    ('S63.4.1', '1988/04/01')
    """
    y = era(value, letters) + _number(two(year_of_era(value)), pad=pad) if letters else year(value)
    return pl.concat_str(
        y, _number(month(value), pad=pad), _number(day(value), pad=pad), separator=mark
    )


def worded(value: Text, *, wide: bool = False) -> pl.Expr:
    """昭和63年4月1日, full-width digits if `wide`; unknown parts as 昭和20年3月, 昭和20年.

    >>> pl.select(worded(pl.lit("2019-05-01"), wide=True), b=worded(pl.lit("1945-03-00"))).row(0)
    ('令和元年５月１日', '昭和20年3月')
    """
    parts = [_year_worded(value)]
    for part, mark in ((month(value), "月"), (day(value), "日")):
        parts.append(
            pl.when(part == "00").then(pl.lit("")).otherwise(_number(part, pad=False) + mark)
        )
    whole = pl.concat_str(parts)
    return widened(whole) if wide else whole


def unknown(value: Text) -> pl.Expr:
    """不詳フラグ of a date: 1 where a part is unknown."""
    text = _of(value)
    vague = (month(value) == "00") | (day(value) == "00") | (year(value) == "0000")
    return pl.when(text.is_not_null()).then(vague.cast(pl.Int8).cast(pl.String))


def unknown_wording(value: Text) -> pl.Expr:
    """不詳表記 of a date written in eras: 昭和２０年３月日不詳; null where nothing is unknown.

    >>> days = pl.DataFrame({"d": ["1945-03-00", "1945-00-00", "0000-00-00", "1945-03-01"]})
    >>> days.select(d=unknown_wording("d"))["d"].to_list()
    ['昭和２０年３月日不詳', '昭和２０年月日不詳', '年月日不詳', None]
    """
    whole = (
        pl.when(year(value) == "0000").then(pl.lit("年月日不詳"))
        .when(month(value) == "00").then(_year_worded(value) + "月日不詳")
        .when(day(value) == "00").then(_year_worded(value) + _number(month(value), pad=False) + "月日不詳")
    )  # fmt: skip
    return widened(whole)


def fiscal(value: Text, *, worded: bool = False) -> pl.Expr:
    """A fiscal year YYYY as R6, or 令和6年度.

    >>> pl.select(fiscal(pl.lit("2024")), b=fiscal(pl.lit("2019"), worded=True)).row(0)
    ('R6', '平成31年度')
    """
    start = _of(value).str.slice(0, 4) + "-04-01"
    if worded:
        return _year_worded(start) + "度"
    return era(start, "MTSHR") + year_of_era(start).cast(pl.String)


def month_worded(value: Text) -> pl.Expr:
    """A month YYYY-MM as 令和6年4月."""
    return _year_worded(_month_start(value)) + _number(month(value), pad=False) + "月"


def month_dotted(value: Text, mark: str = ".") -> pl.Expr:
    """A month YYYY-MM as R6.4."""
    start = _month_start(value)
    return (
        era(start, "MTSHR")
        + year_of_era(start).cast(pl.String)
        + mark
        + _number(month(value), pad=False)
    )


def _month_start(value: Text) -> pl.Expr:
    """The last possible day of the month, so that 2019-05 is 令和 and 2019-04 平成."""
    return _of(value).str.slice(0, 7) + "-28"


def _year_worded(value: Text) -> pl.Expr:
    names = {str(i): name for i, (_, _, name) in enumerate(ERAS, 1)}
    number = year_of_era(value)
    shown = pl.when(number == 1).then(pl.lit("元")).otherwise(number.cast(pl.String))
    return era(value).replace_strict(names, default="") + shown + "年"


def _number(value: pl.Expr, *, pad: bool) -> pl.Expr:
    return value if pad else value.cast(pl.Int64, strict=False).cast(pl.String)


# ---- characters ----


def halfkana(value: Text) -> pl.Expr:
    """Full-width katakana, letters, digits and blanks as half-width.

    >>> pl.select(halfkana(pl.lit("ヤマザキ　ジロー"))).item()
    'ﾔﾏｻﾞｷ ｼﾞﾛｰ'
    """
    table = {**_NARROW, **_NARROW_ASCII, "－": "-"}
    return _of(value).str.replace_many(list(table), list(table.values()))


def narrow(value: Text) -> pl.Expr:
    """Full-width letters, digits, signs and blanks as half-width; kana stay."""
    return _of(value).str.replace_many(list(_NARROW_ASCII), list(_NARROW_ASCII.values()))


def widened(value: Text) -> pl.Expr:
    """Half-width kana (voiced marks joined), letters, digits, signs and blanks as full-width.

    >>> pl.select(widened(pl.lit("ｺｰﾎﾟ 1-2"))).item()
    'コーポ　１－２'
    """
    return _of(value).str.replace_many(list(_WIDE), list(_WIDE.values()), leftmost=True)


def wide(text: str) -> str:
    """One text with ASCII at full width."""
    return _wide(text)


# ---- numbers ----


def unpadded(value: Text) -> pl.Expr:
    """Leading zeros off, as Excel loses them; 0 stays.

    >>> pl.select(unpadded(pl.lit("000120"))).item()
    '120'
    """
    return _of(value).str.strip_chars_start("0").replace("", "0")


def last(value: Text, width: int) -> pl.Expr:
    """The last so many characters: a 15-digit number as the 10 digits of its vendor."""
    return _of(value).str.slice(-width)


def padded(value: Text, width: int) -> pl.Expr:
    """Leading zeros on."""
    return _of(value).str.zfill(width)


def grouped(value: Text, minus: str = "-", unit: str = "") -> pl.Expr:
    """1,234 with minus="▲" ▲1,234.

    >>> pl.select(grouped(pl.lit(-1234567), "▲", "円")).item()
    '▲1,234,567円'
    """
    number = (pl.col(value) if isinstance(value, str) else value).cast(pl.Int64)
    text = number.abs().cast(pl.String).str.reverse().str.replace_all(r"(\d{3})", "${1},")
    text = text.str.strip_chars_end(",").str.reverse()
    return pl.when(number < 0).then(minus + text + unit).otherwise(text + unit)


def share(numerator: Text, denominator: Text, mark: str = "/") -> pl.Expr:
    """1/3."""
    return _of(numerator) + mark + _of(denominator)
