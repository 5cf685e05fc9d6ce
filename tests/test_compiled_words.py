"""Compiled words: what Polars makes of the same texts, wherever they lie in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.convert import text
from migrate.convert.rewriting import Letters
from migrate.convert.text import (
    after_space,
    before_space,
    half_kana,
    narrow,
    pad,
    search_key,
    widen,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

settings.register_profile("migrate", deadline=None, max_examples=50)
settings.load_profile("migrate")


def replaced(table: Mapping[str, str]) -> Callable[[pl.Expr], pl.Expr]:
    return lambda v: v.str.replace_many(list(table), list(table.values()), leftmost=True)


def half(value: pl.Expr) -> pl.Expr:
    made = replaced(text.HALVES)(value)
    return pl.when(made.str.contains(r"^[\x20-\x7E\uFF61-\uFF9F]*$")).then(made)


def compared(value: pl.Expr) -> pl.Expr:
    large = replaced(text._HIRAGANA | text._LETTERS)(replaced(text.WIDER)(value))
    sound = replaced(text._SOUNDS)(large)
    return pl.when(sound.str.contains("^[ア-ヲンＡ-Ｚ０-９]+$")).then(sound)


PLAIN = {
    # compiled -> what it means
    widen: replaced(text.WIDER),
    narrow: replaced(text.NARROWER),
    half_kana: half,
    search_key: compared,
    before_space: lambda v: v.str.extract(r"^([^ \u3000]+)[ \u3000]+[^ \u3000]"),
    after_space: lambda v: v.str.extract(r"^[^ \u3000]+[ \u3000]+([^ \u3000].*)$"),
}
NASTY = [
    None, "", " ", "\u3000", " \u3000 ", "\n", "\0", "a", "ﾞ", "ﾟ", "ｶﾞ", "ｶﾟ", "ﾊﾞﾟ", "ﾊﾟﾞ", "ﾞｶﾞ", "ｶｶﾞﾞ", "ｳﾞ", "ｱﾞ",
    "ﾊﾊﾞﾊﾟﾊ", "ガ", "か\u3099", "ｶ\u3099", "𠮷", "𠮷 𠮷", "辻\U000e0103　辻", "é è", "\x7f\x80\u2000", "￥−－", "￠￡＿｀～｡･",
    "山田　太郎", "山田太郎", " 山田 太郎", "山田 ", "山田\u3000 \u3000太郎 次郎", "山 \n太郎", "山 太\n郎", "山 太郎\n", "山\n田 太",
    "山 太郎一二三\n四五六七八九", "a" * 11 + " ", "a" * 12, "a" * 13, "a b" + "c" * 11, "a b" + "c" * 12, "a" * 12 + " b", "a" * 13 + " b",
    "ｱ" * 4, "ｱ" * 5, "アアアア", "アアアアa", "aアアアア", "アアアア ア", "\u3000" * 7, "ｶﾞ" * 40, "a" * 300, "山" * 99 + "ｶﾞ",
    "a\u3000b", "a\u3001b", "a\u3040\u3000", "\ufefeﾞ", "\ufffd\uffee", "\ue000 \uf8ff",
]  # fmt: skip
LETTERS = st.sampled_from([*text.WIDER, *text.HALVES, *"　 \n山𠮷éＡ", "ﾞ", "ﾟ", "辻\U000e0103"])
TEXTS = st.one_of(
    st.none(), st.sampled_from(NASTY), st.lists(LETTERS, max_size=16).map("".join), st.text()
)


def both(word: Callable[[pl.Expr], pl.Expr], values: pl.Series) -> None:
    made, wanted = (
        values.to_frame("v").select(one(pl.col("v"))).to_series() for one in (word, PLAIN[word])
    )
    assert made.to_list() == wanted.to_list()
    assert made.rechunk().equals(pl.Series("v", made.to_list(), dtype=pl.String))


@pytest.mark.parametrize("word", PLAIN, ids=lambda w: w.__name__)
@given(values=st.lists(TEXTS, max_size=12), others=st.lists(TEXTS, max_size=3))
def test_a_compiled_word_makes_what_polars_makes(word, values, others):
    whole = pl.Series("v", values, dtype=pl.String)
    both(word, whole)
    both(word, whole[1:])
    both(word, whole[2:-1])
    both(word, whole.extend(pl.Series("v", others, dtype=pl.String)).shuffle(1))
    both(word, pl.concat([whole, pl.Series("v", others, dtype=pl.String)], rechunk=False))


@pytest.mark.parametrize("word", PLAIN, ids=lambda w: w.__name__)
def test_a_compiled_word_takes_every_nasty_value(word):
    for values in (NASTY, [v for v in NASTY if v], ["ｶﾞ"], [None], []):
        both(word, pl.Series("v", values, dtype=pl.String))
        both(word, pl.Series("v", values * 3, dtype=pl.String)[1:])


@pytest.mark.parametrize("word", [widen, narrow, half_kana], ids=lambda w: w.__name__)
def test_every_character_of_two_bytes_of_utf16_and_every_pair_of_kana(word):
    characters = [chr(c) for c in range(0x10000) if not 0xD800 <= c < 0xE000]
    both(word, pl.Series("v", characters))
    kana = [chr(c) for c in range(0xFF5F, 0xFFA2)]
    both(word, pl.Series("v", [a + b + c for a in kana for b in kana for c in ("", "ﾞ", "ﾟ")]))


@pytest.mark.parametrize("word", [widen, before_space], ids=lambda w: w.__name__)
@pytest.mark.parametrize("kind", [pl.Int64, pl.Null, pl.Boolean])
@pytest.mark.parametrize("rows", [0, 1])
def test_a_compiled_word_of_texts_takes_nothing_else(word, kind, rows):
    frame = pl.DataFrame({"v": pl.Series([None] * rows, dtype=kind)})
    with pytest.raises(pl.exceptions.PolarsError):
        frame.select(word(pl.col("v")))


@given(st.lists(TEXTS, max_size=6))
def test_letters_may_vanish_and_grow(values):
    table = {"a": "", "b": "bbbbbbb", "山": "", "　": "二つ", "ｶﾞ": "", "ｶ": "c"}
    given = pl.Series("v", values, dtype=pl.String)
    wanted = given.to_frame().select(replaced(table)(pl.col("v"))).to_series()
    assert Letters(table).rewritten(given).to_list() == wanted.to_list()


@given(
    values=st.lists(st.one_of(st.none(), st.sampled_from(NASTY), st.text("0123456789", max_size=20)), max_size=9),
    width=st.integers(1, 30),
    fill=st.sampled_from(["0", " ", "*", "\u3000"]),
)  # fmt: skip
def test_numbers_are_filled_as_polars_fills_them(values, width, fill):
    whole = pl.Series("v", values, dtype=pl.String)
    figures = whole.filter(whole.str.contains("^[0-9]*$") | whole.is_null())
    for series in (whole, whole[1:], figures, figures[1:-1], pl.concat([figures, whole], rechunk=False)):
        frame = series.to_frame()
        made = frame.select(pad(pl.col("v"), width=str(width), fill=fill))["v"]
        plain = pl.col("v").str.pad_start(width, fill)
        wanted = frame.select(pl.when(plain.str.len_chars() == width).then(plain))["v"]
        assert made.to_list() == wanted.to_list()
    numbers = pl.DataFrame({"v": [7, None, 10**17]})
    assert numbers.select(pad(pl.col("v"), width="18"))["v"].to_list() == ["7".zfill(18), None, f"{10**17}"]
