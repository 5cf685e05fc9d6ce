"""Words about characters."""

from __future__ import annotations

from functools import partial

import polars as pl

from migrate.convert.breaks import unbroken
from migrate.convert.padding import padded
from migrate.convert.pieces import piece
from migrate.convert.rewriting import Letters
from migrate.convert.word import BLANK, blanks, compiled, fills

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

HALVES = {wide: half for half, wide in WIDER.items()} | {"−": "-", "￥": "\\"}
"""Full-width to half-width, a voiced kana to two characters."""

_SOUNDS = (
    dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
    | {voiced: plain for table in (_VOICED, _SEMIVOICED) for half, voiced in table.items()
       for plain in [WIDER[half]]}
    | {"ヷ": "ワ", "ヸ": "ヰ", "ヹ": "ヱ", "ヺ": "ヲ"}
    | dict.fromkeys("ー－−‐―・゛゜\u3000", "")
)  # fmt: skip
"""What a comparison of names does not tell apart."""

_LETTERS = {chr(c): chr(c - 0x20) for c in range(ord("ａ"), ord("ｚ") + 1)}
_HIRAGANA = {chr(c): chr(c + 0x60) for c in range(ord("ぁ"), ord("ゔ") + 1)}


_TO_WIDE, _TO_NARROW, _TO_HALF = Letters(WIDER), Letters(NARROWER), Letters(HALVES)
_TO_LARGE, _TO_SOUND = Letters(_HIRAGANA | _LETTERS), Letters(_SOUNDS)


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
    return compiled(value, _TO_WIDE.rewritten)


def narrow(value: pl.Expr) -> pl.Expr:
    """Full-width letters, digits, signs and blanks to half width; kana stay.

    >>> pl.select(narrow(pl.lit("１２３－４５６７ア"))).item()
    '123-4567ア'
    """
    return compiled(value, _TO_NARROW.rewritten)


def pad(value: pl.Expr, *, width: str, fill: str = "0") -> pl.Expr:
    """Fill on the left to a width; a longer value is refused.

    >>> pl.select(pad(pl.lit("42"), width="5")).item()
    '00042'
    >>> pl.select(pad(pl.lit("123456"), width="5")).item() is None
    True
    """

    def filled(texts: pl.Series) -> pl.Series:
        made = padded(texts, int(width), fill)
        return _filled(texts, int(width), fill) if made is None else made

    return compiled(value.cast(pl.String), filled)


def _filled(texts: pl.Series, width: int, fill: str) -> pl.Series:
    """The slow way, for texts of any characters."""
    made = texts.str.pad_start(width, fill)
    return pl.select(
        pl.when(made.str.len_chars() == width).then(made).alias(texts.name)
    ).to_series()


def unpad(value: pl.Expr, *, fill: str = "0") -> pl.Expr:
    """Drop the fill on the left; where there is nothing else, one of it stays.

    >>> pl.select(a=unpad(pl.lit("00420")), b=unpad(pl.lit("000")), c=unpad(pl.lit("**7"), fill="*")).row(0)
    ('420', '0', '7')
    """
    text = value.cast(pl.String)
    bare = text.str.strip_chars_start(fill)
    return pl.when(bare == BLANK).then(pl.lit(fill)).otherwise(bare)


def prefix(value: pl.Expr, *, text: str) -> pl.Expr:
    """A text in front of the field.

    >>> pl.select(prefix(pl.lit("42"), text="K-")).item()
    'K-42'
    """
    return pl.concat_str(pl.lit(text), value.cast(pl.String))


def half_kana(value: pl.Expr) -> pl.Expr:
    """Full-width katakana, letters, digits, signs and blanks to half width: account holders. What has no
    half-width form is refused.

    >>> pl.select(half_kana(pl.lit("ヤマダ　（カ）"))).item(), pl.select(half_kana(pl.lit("山田"))).item()
    ('ﾔﾏﾀﾞ (ｶ)', None)
    """
    half = compiled(value, _TO_HALF.rewritten)
    return pl.when(half.str.contains(r"^[\x20-\x7E\uFF61-\uFF9F]*$")).then(half)


def search_key(value: pl.Expr) -> pl.Expr:
    """Kana as a key to compare names by: full-width katakana, small letters large; voiced marks, long vowels,
    blanks and middle dots off. Letters and digits stay; anything else is refused.

    >>> pl.select(a=search_key(pl.lit("ｼﾞｮｰ･ﾊﾟｰｶｰ")), b=search_key(pl.lit("しよう　はか"))).row(0)
    ('シヨハカ', 'シヨウハカ')
    >>> pl.select(search_key(pl.lit("山田"))).item() is None
    True
    """
    large = compiled(compiled(widen(value), _TO_LARGE.rewritten), _TO_SOUND.rewritten)
    return pl.when(large.str.contains("^[ア-ヲンＡ-Ｚ０-９]+$")).then(large)


def lines(value: pl.Expr) -> pl.Expr:
    r"""Line breaks within a text as the two characters \n.

    >>> pl.select(lines(pl.lit("a\r\nb\nc"))).item()
    'a\\nb\\nc'
    """
    return compiled(value, unbroken)


@blanks
def without(value: pl.Expr, *, characters: str) -> pl.Expr:
    """The text without some characters; nothing left is blank.

    >>> pl.select(without(pl.lit("(0267)12-3456"), characters="()-")).item()
    '0267123456'
    """
    return value.str.replace_many(list(characters), [BLANK] * len(characters))


@blanks
def part(value: pl.Expr, *, number: str, separator: str) -> pl.Expr:
    """The part of so high a number, from 1, of a text that is split; an empty part is blank, a lacking one refused.

    >>> text = pl.lit("482-01-003")
    >>> pl.select(part(text, number="2", separator="-")).item()
    '01'
    >>> pl.select(part(text, number="4", separator="-")).item() is None
    True
    """
    found = value.str.split(separator).list.get(int(number) - 1, null_on_oob=True)
    return pl.when(found.str.strip_chars(SPACES) == BLANK).then(pl.lit(BLANK)).otherwise(found)


@fills
def default(value: pl.Expr, *, text: str) -> pl.Expr:
    """A text agreed on where there is nothing; what another word has refused stays refused.

    >>> pl.select(a=default(pl.lit(None), text="9"), b=default(pl.lit("1"), text="9")).row(0)
    ('9', '1')
    """
    return value.cast(pl.String).fill_null(pl.lit(text))


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
    return compiled(value, partial(piece, behind=False))


def after_space(value: pl.Expr) -> pl.Expr:
    """What stands behind the first blank: the given name. Without a blank: refused.

    >>> pl.select(after_space(pl.lit("山田　太郎"))).item()
    '太郎'
    """
    return compiled(value, partial(piece, behind=True))


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


@blanks
def unless(value: pl.Expr, selector: pl.Expr, *, values: tuple[str, ...]) -> pl.Expr:
    """The first field where the second is not one of some values; elsewhere blank.

    >>> pl.select(a=unless(pl.lit("山田"), pl.lit("1"), values=("2",)), b=unless(pl.lit("山田"), pl.lit(None), values=("2",))).row(0)
    ('山田', '山田')
    >>> pl.select(unless(pl.lit("ＳＭＩＴＨ"), pl.lit("2"), values=("2",))).item()
    ''
    """
    barred = selector.cast(pl.String).is_in(values).fill_null(value=False)
    return pl.when(~barred & value.is_not_null()).then(value).otherwise(pl.lit(BLANK))


def unless_blank(value: pl.Expr, *, text: str) -> pl.Expr:
    """A fixed text where the field holds anything.

    >>> pl.select(unless_blank(pl.lit("x"), text="1")).item()
    '1'
    """
    return pl.when(value.is_not_null()).then(pl.lit(text))
