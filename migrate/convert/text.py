"""Words about characters."""

from __future__ import annotations

import polars as pl

from migrate.convert.word import BLANK, blanks

SPACES = " \u3000"

_HALF = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
_FULL = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"
_VOICED = dict(
    zip("ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ", "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", strict=True)
)
_SEMIVOICED = dict(zip("ﾊﾋﾌﾍﾎ", "パピプペポ", strict=True))
_ASCII = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)} | {" ": "\u3000"}

WIDER = (
    {f"{k}ﾞ": v for k, v in _VOICED.items()}
    | {f"{k}ﾟ": v for k, v in _SEMIVOICED.items()}
    | dict(zip(_HALF, _FULL, strict=True))
    | _ASCII
)
"""Half-width to full-width: voiced pairs first, then kana and signs, then ASCII (U+0021 -> U+FF01)."""

NARROWER = {wide: narrow for narrow, wide in _ASCII.items()}


def _replaced(value: pl.Expr, table: dict[str, str]) -> pl.Expr:
    return value.str.replace_many(list(table), list(table.values()), leftmost=True)


@blanks
def trim(value: pl.Expr) -> pl.Expr:
    """Drop blanks, narrow and wide, from both ends.

    >>> pl.select(trim(pl.lit("　山田　"))).item()
    '山田'
    """
    return value.str.strip_chars(SPACES)


def widen(value: pl.Expr) -> pl.Expr:
    """Half-width katakana, letters, digits, signs and blanks to full width; voiced marks are joined.

    >>> pl.select(widen(pl.lit("ﾔﾏﾀﾞ ﾊﾟｰﾙ 1-2"))).item()
    'ヤマダ　パール　１－２'
    >>> pl.select(widen(pl.lit("ｱﾞ㈱"))).item()
    'ア゛㈱'
    """
    return _replaced(value, WIDER)


def narrow(value: pl.Expr) -> pl.Expr:
    """Full-width letters, digits, signs and blanks to half width; kana stay.

    >>> pl.select(narrow(pl.lit("１２３－４５６７ア"))).item()
    '123-4567ア'
    """
    return _replaced(value, NARROWER)


def pad(value: pl.Expr, *, width: str, fill: str = "0") -> pl.Expr:
    """Fill on the left to a width; a longer value is refused.

    >>> pl.select(pad(pl.lit("42"), width="5")).item()
    '00042'
    >>> pl.select(pad(pl.lit("123456"), width="5")).item() is None
    True
    """
    padded = value.str.pad_start(int(width), fill)
    return pl.when(padded.str.len_chars() == int(width)).then(padded)


def join(*values: pl.Expr, between: str = "") -> pl.Expr:
    """Put several fields together; blank ones are left out.

    >>> pl.select(join(pl.lit("桜町"), pl.lit(None), pl.lit("１番"), between="　")).item()
    '桜町　１番'
    """
    present = pl.any_horizontal(v.is_not_null() for v in values)
    return pl.when(present).then(pl.concat_str(*values, separator=between, ignore_nulls=True))


def first(*values: pl.Expr) -> pl.Expr:
    """The first field that is not blank.

    >>> pl.select(first(pl.lit(None, pl.String), pl.lit("通称"))).item()
    '通称'
    """
    return pl.coalesce(*values)


@blanks
def take(value: pl.Expr, *, start: str, length: str) -> pl.Expr:
    """So many characters from the 1-based `start`; a value that ends before is refused.

    >>> pl.select(take(pl.lit("48201003012"), start="1", length="5")).item()
    '48201'
    >>> pl.select(take(pl.lit("482"), start="1", length="5")).item() is None
    True
    """
    part = value.str.slice(int(start) - 1, int(length))
    blank = part.str.strip_chars(SPACES) == BLANK
    whole = part.str.len_chars() == int(length)
    return pl.when(whole & blank).then(pl.lit(BLANK)).when(whole).then(part)


def before_space(value: pl.Expr) -> pl.Expr:
    """What stands before the first blank: the family name. Without a blank: refused.

    >>> pl.select(before_space(pl.lit("山田　太郎"))).item()
    '山田'
    >>> pl.select(before_space(pl.lit("山田太郎"))).item() is None
    True
    """
    return value.str.extract(r"^([^ \u3000]+)[ \u3000]+[^ \u3000]")


def after_space(value: pl.Expr) -> pl.Expr:
    """What stands behind the first blank: the given name. Without a blank: refused.

    >>> pl.select(after_space(pl.lit("山田　太郎"))).item()
    '太郎'
    """
    return value.str.extract(r"^[^ \u3000]+[ \u3000]+([^ \u3000].*)$")


def digits(value: pl.Expr) -> pl.Expr:
    """Digits only, leading zeros kept; anything else is refused.

    >>> pl.select(digits(pl.lit("0042"))).item(), pl.select(digits(pl.lit("4-2"))).item()
    ('0042', None)
    """
    return pl.when(value.str.contains("^[0-9]+$")).then(value)


@blanks
def blank_if(value: pl.Expr, *, values: tuple[str, ...]) -> pl.Expr:
    """Some values mean that there is nothing: they become blank.

    >>> pl.select(blank_if(pl.lit("0000000"), values=("0000000", "9999999"))).item()
    ''
    """
    text = value.cast(pl.String)
    bare = pl.when(text.str.contains(".", literal=True)).then(
        text.str.strip_chars_end("0").str.strip_suffix(".")
    )
    meant = text.is_in(values) | bare.is_in(values).fill_null(value=False)  # 0.00 is 0
    return pl.when(meant).then(pl.lit(BLANK)).otherwise(text)


@blanks
def when(value: pl.Expr, selector: pl.Expr, *, values: tuple[str, ...]) -> pl.Expr:
    """The first field where the second is one of some values; elsewhere blank.

    >>> pl.select(when(pl.lit("ＳＭＩＴＨ"), pl.lit("2"), values=("2",))).item()
    'ＳＭＩＴＨ'
    >>> pl.select(when(pl.lit("山田"), pl.lit("1"), values=("2",))).item()
    ''
    """
    chosen = selector.cast(pl.String).is_in(values) & value.is_not_null()
    return pl.when(chosen).then(value).otherwise(pl.lit(BLANK))


def unless_blank(value: pl.Expr, *, text: str) -> pl.Expr:
    """A fixed text where the field holds anything.

    >>> pl.select(unless_blank(pl.lit("x"), text="1")).item()
    '1'
    """
    return pl.when(value.is_not_null()).then(pl.lit(text))
