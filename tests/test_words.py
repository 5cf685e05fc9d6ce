"""The words of mappings: what each makes of a value, what it refuses, and what is said about it."""

from __future__ import annotations

import doctest
import unicodedata
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrate.books import Books
from migrate.catalog.mappings import recipe
from migrate.catalog.notices import notices
from migrate.convert import Converter, dates
from migrate.convert.calendar import read_era
from migrate.convert.text import narrow, widen
from migrate.convert.vocabulary import WORDS, parts
from migrate.errors import KnowledgeError
from migrate.frames import OFFSET, RECORD, Batch
from migrate.model import Column, Crosswalk, Example, Field, Layout, Mapping, RecordType, Table
from migrate.pipeline.lane import Lane
from migrate.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__)
settings.register_profile("migrate", deadline=None, max_examples=50)
settings.load_profile("migrate")

LETTERS, NUMBERS = "MTSHR", "12345"
SEXES = {"M": "1", "F": "2", "N": "", "7": "1"}
FLAGS = {"0": "known", "1": "unknown", "": "never"}


def one_column(text: str, kind: str = "X", **more: object) -> Mapping:
    """A mapping of one recipe over fields a, b (text), n (number), s (hundredths), p (personal)."""
    fields = (
        Field(name="a", label="", bytes=40, type="text", start=1),
        Field(name="b", label="", bytes=40, type="text", start=41),
        Field(name="n", label="", bytes=18, type="zoned", start=81),
        Field(name="s", label="", bytes=8, type="zoned", scale=2, start=99),
        Field(name="p", label="", bytes=40, type="text", sensitive=True, start=107),
    )
    record = RecordType(name="all", fields=fields)
    length = "9,2" if kind == "9V" else "18"
    column = Column(name="x", label="", type=kind, length=length, source="G",
                    sensitive=bool(more.pop("sensitive", False)), key=True,
                    required="yes")  # fmt: skip
    settled = {
        "constants": {},
        "left_empty": {},
        "carried": {},
        "not_migrated": {},
        "alert_only": {},
    }
    return Mapping(
        name="acme/x", path=HERE, agreed="",
        layout=Layout(name="acme/x", path=HERE, title="", source="", format="fixed",
                      encoding="cp932", newline="none", record_bytes=146, record=(record,)),
        record=record,
        table=Table(id="9001", name="x", title="", area="90_x", path=HERE, columns=(column,)),
        recipes={"x": recipe(HERE, "x", text)},
        **{**settled, "skips": (), "examples": (), **more},
        crosswalks={"sex": Crosswalk(HERE, SEXES), "flag": Crosswalk(HERE, FLAGS)},
        codes={},
    )  # fmt: skip


@cache
def converter(text: str, kind: str) -> Converter:
    return Converter(one_column(text, kind))


def outcome(text: str, given: dict[str, str], kind: str = "X") -> str:
    """What one recipe makes of one record: a value, nothing, or `!word`."""
    example = Example(because="", given=given, expect={"x": ""})
    return converter(text, kind).try_example(example)["x"]


def converted(text: str, values: list[str | None], **more: object) -> Batch:
    """One recipe's outcome for many values of field a."""
    return Converter(one_column(text, **more)).convert(records(values))


@cache
def outcomes(text: str, values: tuple[str, ...]) -> dict[str, str]:
    """What one recipe makes of each value of field a, worked out in one batch."""
    made = converted(text, list(values))
    refused = {record: f"!{code}" for record, code in made.issues.select("record", "code").rows()}
    found = made.rows["x"].fill_null("").to_list()
    return {v: refused.get(i, x) for i, (v, x) in enumerate(zip(values, found, strict=True), 1)}


def records(values: list[str | None], field: str = "a") -> pl.DataFrame:
    count = len(values)
    blank = {"a": pl.String, "b": pl.String, "n": pl.Int64, "s": pl.Int64, "p": pl.String}
    columns = {
        RECORD: pl.Series(range(1, count + 1), dtype=pl.UInt64),
        OFFSET: pl.Series(range(0, 146 * count, 146), dtype=pl.UInt64),
        **{name: pl.Series([None] * count, dtype=kind) for name, kind in blank.items()},
    }
    return pl.DataFrame({**columns, field: pl.Series(values, dtype=blank[field])})


# ---- the vocabulary itself ----


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_has_an_example_under_its_name(word: str) -> None:
    found = doctest.DocTestFinder(recurse=False).find(WORDS[word], word)
    assert sum(len(test.examples) for test in found) >= 1


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_has_its_line_among_the_notices(word: str) -> None:
    notice = notices()[word]
    assert notice.id.startswith("CONV-")
    assert notice.severity == "error"
    assert all([notice.ja, notice.en, notice.remedy_ja, notice.remedy_en])


def test_the_vocabulary_is_the_one_agreed_on() -> None:
    assert set(WORDS) == {
        "after_space", "amount", "before_space", "blank_if", "code", "date", "default", "denominator",
        "digits", "era_code", "era_date", "first", "fiscal_year", "half_kana", "is", "join", "less",
        "lines", "month", "narrow", "numerator", "pad", "part", "prefix", "same", "scale",
        "search_key", "sum", "take", "time", "trim", "unknown_flag", "unknown_wording", "unless",
        "unless_blank", "unpad", "when", "widen", "without", "ymd",
    }  # fmt: skip


# ---- words about characters ----

TEXTS = [
    # recipe, given, made
    ("a", {"a": "山田"}, "山田"),
    ("a", {}, ""),
    ("a | trim", {"a": " 　山田　太郎　 "}, "山田　太郎"),
    ("a | trim", {}, ""),
    ("a | widen", {"a": "ﾔﾏｻﾞｷ ｼﾞﾛｳ"}, "ヤマザキ　ジロウ"),
    ("a | widen", {"a": "A-1 ｳﾞｧﾊﾟ｡｢｣､･ｰ"}, "Ａ－１　ヴァパ。「」、・ー"),
    ("a | widen", {"a": "ｱﾞﾟﾞ"}, "ア゛゜゛"),
    ("a | widen", {"a": "\\\"'~{}"}, "＼＂＇～｛｝"),
    ("a | widen", {"a": "髙﨑\ue000"}, "髙﨑\ue000"),
    ("a | narrow", {"a": "１２３－４５６７"}, "123-4567"),
    ("a | narrow", {"a": "Ｔａｒｏ　ヤマダ"}, "Taro ヤマダ"),
    ("a | pad 5", {"a": "42"}, "00042"),
    ("a | pad 5", {"a": "12345"}, "12345"),
    ("a | pad 5", {"a": "123456"}, "!pad"),
    ("a | pad 5", {}, ""),
    ("a | pad 3 '*'", {"a": "山"}, "**山"),
    ("a | pad 3 '　'", {"a": "𠮷"}, "　　𠮷"),
    ("a | pad 3 '　'", {"a": "山田太郎"}, "!pad"),
    ("a b | join", {"a": "桜町", "b": "１番"}, "桜町１番"),
    ("a b | join ・", {"a": "桜町", "b": "１番"}, "桜町・１番"),
    ("a b | join '　'", {"a": "桜町", "b": "１番"}, "桜町　１番"),
    ("a b | join ・", {"b": "１番"}, "１番"),
    ("a b | join ・", {"a": "桜町"}, "桜町"),
    ("a b | join ・", {}, ""),
    ("a b a | join -", {"a": "1", "b": "2"}, "1-2-1"),
    ("a | join -", {"a": "1"}, "1"),
    ("a b | first", {"a": "1", "b": "2"}, "1"),
    ("a b | first", {"b": "2"}, "2"),
    ("a b | first", {}, ""),
    ("a b | first | pad 3", {"b": "2"}, "002"),
    ("a | take 1 5", {"a": "48201003012"}, "48201"),
    ("a | take 6 6", {"a": "48201003012"}, "003012"),
    ("a | take 2 1", {"a": "山𠮷田"}, "𠮷"),
    ("a | take 6 6", {"a": "4820100301"}, "!take"),
    ("a | take 9 1", {"a": "482"}, "!take"),
    ("a | take 1 5", {}, ""),
    ("a | before_space", {"a": "山田　太郎"}, "山田"),
    ("a | after_space", {"a": "山田　太郎"}, "太郎"),
    ("a | before_space", {"a": "山田 太郎"}, "山田"),
    ("a | after_space", {"a": "山田 　 太郎"}, "太郎"),
    ("a | before_space", {"a": "Ａ　Ｂ　Ｃ"}, "Ａ"),
    ("a | after_space", {"a": "Ａ　Ｂ　Ｃ"}, "Ｂ　Ｃ"),
    ("a | before_space", {"a": "山田太郎"}, "!before_space"),
    ("a | after_space", {"a": "山田太郎"}, "!after_space"),
    ("a | before_space", {"a": "　太郎"}, "!before_space"),
    ("a | after_space", {"a": "　太郎"}, "!after_space"),
    ("a | before_space", {}, ""),
    ("a | after_space", {}, ""),
    ("a | digits", {"a": "0042"}, "0042"),
    ("a | digits", {"a": "4-2"}, "!digits"),
    ("a | digits", {"a": "４２"}, "!digits"),
    ("a | digits", {"a": "٤٢"}, "!digits"),
    ("a | digits", {"a": "+42"}, "!digits"),
    ("a | digits", {"a": "4 2"}, "!digits"),
    ("a | narrow | digits", {"a": "４２"}, "42"),
    ("a | unless_blank 有", {"a": "x"}, "有"),
    ("a | unless_blank 有", {}, ""),
]  # fmt: skip

BLANKS = [
    ("a | blank_if 0000000", {"a": "0000000"}, ""),
    ("a | blank_if 0000000", {"a": "3640107"}, "3640107"),
    ("a | blank_if 0 9", {"a": "9"}, ""),
    ("a | blank_if 0 9", {}, ""),
    ("a | blank_if 0000000 | era_date 12345", {"a": "0000000"}, ""),
    ("a | blank_if 0000000 | era_date 12345", {"a": "3640107"}, "1989-01-07"),
    ("a | blank_if 0000000 | era_date 12345", {"a": "3640108"}, "!era_date"),
    ("a | blank_if 0 | pad 5", {"a": "0"}, ""),
    ("a | blank_if 0 | pad 5", {"a": "1"}, "00001"),
    ("a | blank_if 0 | pad 5 | take 6 1", {"a": "0"}, ""),
    ("a | blank_if 0 | pad 5 | take 6 1", {"a": "1"}, "!take"),
    ("a | blank_if 0 | blank_if 1 | pad 5", {"a": "0"}, ""),
    ("a | blank_if 0 | blank_if 1 | pad 5", {"a": "1"}, ""),
    ("a | blank_if 0 | blank_if 1 | pad 5", {"a": "2"}, "00002"),
    ("a | blank_if 0 | is 1", {"a": "0"}, ""),
    ("a | blank_if 0 | unless_blank 1", {"a": "0"}, ""),
    ("a | blank_if 0 | code sex", {"a": "0"}, ""),
    ("a | blank_if 0 | code sex", {"a": "1"}, "!code"),
    ("a b | first | blank_if 0 | digits", {"b": "0"}, ""),
    ("n | blank_if 0", {"n": "0"}, ""),
    ("n | blank_if 0", {"n": "12"}, "12"),
    ("a b | when 2", {"a": "ＳＭＩＴＨ", "b": "2"}, "ＳＭＩＴＨ"),
    ("a b | when 2 6", {"a": "ＳＭＩＴＨ", "b": "6"}, "ＳＭＩＴＨ"),
    ("a b | when 2", {"a": "山田", "b": "1"}, ""),
    ("a b | when 2", {"a": "山田"}, ""),
    ("a b | when 2", {"b": "2"}, ""),
    ("a b | when 2", {}, ""),
    ("a n | when 2", {"a": "山田", "n": "2"}, "山田"),
    ("a n | when 2", {"a": "山田", "n": "3"}, ""),
    ("a b | when 1 | before_space", {"a": "山田太郎", "b": "1"}, "!before_space"),
    ("a b | when 1 | before_space", {"a": "山田太郎", "b": "2"}, ""),
    ("a b | when 1 | before_space", {"b": "1"}, ""),
    ("a b | when 1 | widen | after_space", {"a": "ﾔﾏﾀﾞ ﾀﾛｳ", "b": "1"}, "タロウ"),
    ("a a | when 1 2 | code flag", {"a": "1"}, "unknown"),
    ("a a | when 1 2 | code flag", {"a": "2"}, "!code"),
    ("a a | when 1 2 | code flag", {"a": "3"}, ""),
    ("a | code sex", {"a": "M"}, "1"),
    ("a | code sex", {"a": "N"}, ""),
    ("a | code sex", {"a": "X"}, "!code"),
    ("a | code sex", {}, ""),
    ("n | code sex", {"n": "7"}, "1"),
    ("n | code sex", {"n": "8"}, "!code"),
    ("a | code sex | pad 3", {"a": "M"}, "001"),
    ("a | code sex | pad 3", {"a": "N"}, ""),
    ("a | era_code 12345 | code flag", {"a": "0000000"}, ""),
    ("a | unknown_flag 12345 | code flag", {"a": "3640107"}, "known"),
    ("a | unknown_flag 12345 | code flag", {"a": "3640108"}, ""),
    ("a | is 1 9", {"a": "9"}, "1"),
    ("a | is 1 9", {"a": "2"}, "0"),
    ("a | is 1 9", {}, "0"),
    ("n | is 1 9", {"n": "9"}, "1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "made"), [*TEXTS, *BLANKS])
def test_a_recipe_makes_of_a_record(text: str, given: dict[str, str], made: str) -> None:
    assert outcome(text, given) == made


MORE_TEXTS = [
    ("a | pad 2", {"a": "5"}, "05"),
    ("n | pad 7", {"n": "430108"}, "0430108"),
    ("n | pad 7 | era_date 12345", {"n": "4010108"}, "1989-01-08"),
    ("a | unpad", {"a": "00420"}, "420"),
    ("a | unpad", {"a": "000"}, "0"),
    ("a | unpad", {"a": "1"}, "1"),
    ("a | unpad", {"a": "0x"}, "x"),
    ("a | unpad", {}, ""),
    ("a | unpad *", {"a": "**4*"}, "4*"),
    ("a | unpad *", {"a": "**"}, "*"),
    ("a | unpad '　'", {"a": "　　山"}, "山"),
    ("n | unpad", {"n": "12"}, "12"),
    ("a | prefix K-", {"a": "42"}, "K-42"),
    ("a | prefix K-", {}, ""),
    ("n | prefix 第", {"n": "3"}, "第3"),
    ("a | digits | prefix K-", {"a": "x"}, "!digits"),
    ("a | default 9", {}, "9"),
    ("a | default 9", {"a": "1"}, "1"),
    ("a | default 9", {"a": "0"}, "0"),
    ("a | blank_if 0 | default 9", {"a": "0"}, "9"),
    ("a | blank_if 0 | default 9", {"a": "1"}, "1"),
    ("a | blank_if 0 | default 9", {}, "9"),
    ("a | code sex | default 9", {"a": "N"}, "9"),
    ("a | code sex | default 9", {"a": "M"}, "1"),
    ("a | code sex | default 9", {"a": "X"}, "!code"),
    ("a | code sex | default 9", {}, "9"),
    ("a | digits | default 9", {"a": "x"}, "!digits"),
    ("a | default M | code sex", {}, "1"),
    ("a | default M | code sex", {"a": "X"}, "!code"),
    ("a | blank_if 0 | default 9 | blank_if 9", {"a": "0"}, ""),
    ("a | blank_if 0 | default 9 | pad 3", {"a": "0"}, "009"),
    ("a b | first | default 9", {}, "9"),
    ("a b | default 0 | join -", {"a": "1"}, "1-0"),
    ("n | default 5", {}, "5"),
    ("n | default 5", {"n": "0"}, "0"),
    ("a | digits | is 1", {"a": "x"}, "!digits"),
    ("a | digits | is 1", {"a": "1"}, "1"),
    ("a | digits | is 1", {}, "0"),
    ("a | without -", {"a": "123-4567"}, "1234567"),
    ("a | without ()-", {"a": "(0267)12-3456"}, "0267123456"),
    ("a | without -", {"a": "--"}, ""),
    ("a | without - | digits", {"a": "--"}, ""),
    ("a | without - | digits", {"a": "1-x"}, "!digits"),
    ("a | without ' 　'", {"a": "山田　太郎 様"}, "山田太郎様"),
    ("a | without ^]", {"a": "a^b]c"}, "abc"),
    ("a | without .*", {"a": "a.b*"}, "ab"),
    ("a | without -", {}, ""),
    ("a | part 1 -", {"a": "482-01-003"}, "482"),
    ("a | part 3 -", {"a": "482-01-003"}, "003"),
    ("a | part 4 -", {"a": "482-01-003"}, "!part"),
    ("a | part 1 -", {"a": "482"}, "482"),
    ("a | part 2 -", {"a": "482"}, "!part"),
    ("a | part 2 -", {"a": "482--003"}, ""),
    ("a | part 2 -", {"a": "482-"}, ""),
    ("a | part 2 -", {"a": "482-　-3"}, ""),
    ("a | part 2 - | digits", {"a": "482--003"}, ""),
    ("a | part 2 .", {"a": "ab.c"}, "c"),
    ("a | part 2 の", {"a": "子の妻"}, "妻"),
    ("a | part 2 ::", {"a": "a:b::c"}, "c"),
    ("a | part 1 ' ' | date written", {"a": "1988/04/01 0:00:00"}, "1988-04-01"),
    ("a | part 2 -", {}, ""),
    ("a | lines", {"a": "一行目\r\n二行目\n三\r四"}, "一行目\\n二行目\\n三\\n四"),
    ("a | lines", {"a": "\n\r"}, "\\n\\n"),
    ("a | lines", {"a": "$1\n${x}"}, "$1\\n${x}"),
    ("a | lines", {"a": "山田"}, "山田"),
    ("a | lines", {}, ""),
    ("a | half_kana", {"a": "ヤマダ　ハナコ"}, "ﾔﾏﾀﾞ ﾊﾅｺ"),
    ("a | half_kana", {"a": "カ）アサマ－１"}, "ｶ)ｱｻﾏ-1"),
    ("a | half_kana", {"a": "パーヴ゛゜「」"}, "ﾊﾟｰｳﾞﾞﾟ｢｣"),
    ("a | half_kana", {"a": "ｶ)ｱｻﾏ ABC"}, "ｶ)ｱｻﾏ ABC"),
    ("a | half_kana", {"a": "−￥"}, "-\\"),
    ("a | half_kana", {"a": "山田"}, "!half_kana"),
    ("a | half_kana", {"a": "やまだ"}, "!half_kana"),
    ("a | half_kana", {"a": "ヶ"}, "!half_kana"),
    ("a | half_kana", {}, ""),
    ("a | search_key", {"a": "ｼﾞｮｰ･ﾊﾟｰｶｰ"}, "シヨハカ"),
    ("a | search_key", {"a": "ヤマザキ　ジロウ"}, "ヤマサキシロウ"),
    ("a | search_key", {"a": "やまさき じろう"}, "ヤマサキシロウ"),
    ("a | search_key", {"a": "ヴィオレッタ"}, "ウイオレツタ"),
    ("a | search_key", {"a": "ｶﾞﾞ゛"}, "カ"),
    ("a | search_key", {"a": "キャンベル−スミス"}, "キヤンヘルスミス"),
    ("a | search_key", {"a": "Anna ＳＭＩＴＨ2"}, "ＡＮＮＡＳＭＩＴＨ２"),
    ("a | search_key", {"a": "山田"}, "!search_key"),
    ("a | search_key", {"a": "ヤマダ？"}, "!search_key"),
    ("a | search_key", {"a": "ー・"}, "!search_key"),
    ("a | search_key", {}, ""),
    ("a b | same", {"a": "7", "b": "7"}, "1"),
    ("a b | same", {"a": "7", "b": "07"}, "0"),
    ("a b | same", {"a": "7"}, "0"),
    ("a b | same", {}, "0"),
    ("a n | same", {"a": "7", "n": "7"}, "1"),
    ("a b | digits | same", {"a": "x", "b": "x"}, "!digits"),
    ("a b | blank_if 0 | same", {"a": "0", "b": "0"}, ""),
    ("a b | blank_if 0 | same", {"a": "0", "b": "1"}, "0"),
    ("a b | unpad | same", {"a": "7", "b": "07"}, "1"),
    ("a b | unless 2", {"a": "山田", "b": "1"}, "山田"),
    ("a b | unless 2", {"a": "山田"}, "山田"),
    ("a b | unless 2 3", {"a": "ＳＭＩＴＨ", "b": "3"}, ""),
    ("a b | unless 2", {"b": "1"}, ""),
    ("a n | unless 2", {"a": "山田", "n": "2"}, ""),
    ("a b | unless 2 | before_space", {"a": "山田太郎", "b": "1"}, "!before_space"),
    ("a b | unless 2 | before_space", {"a": "山田太郎", "b": "2"}, ""),
]  # fmt: skip

SEVERAL = [
    ("a b | code sex | join の", {"a": "M", "b": "F"}, "1の2"),
    ("a b | code sex | join の", {"a": "M"}, "1"),
    ("a b | code sex | join の", {"a": "M", "b": "N"}, "1"),
    ("a b | code sex | join の", {"a": "N", "b": "F"}, "2"),
    ("a b | code sex | join の", {"a": "N", "b": "N"}, ""),
    ("a b | code sex | join の", {"a": "N"}, ""),
    ("a b | code sex | join の", {}, ""),
    ("a b | code sex | join の", {"a": "M", "b": "X"}, "!code"),
    ("a b | code sex | join の", {"a": "N", "b": "X"}, "!code"),
    ("a b | code sex | join の", {"b": "X"}, "!code"),
    ("a b | code sex | first", {"a": "M", "b": "X"}, "!code"),
    ("a b | code sex | first", {"a": "N", "b": "F"}, "2"),
    ("a b | code sex | when 2", {"a": "M", "b": "F"}, "1"),
    ("a b | code sex | when 2", {"a": "M", "b": "M"}, ""),
    ("a b | code sex | when 2", {"a": "M", "b": "X"}, "!code"),
    ("a b | code sex | when 2", {"a": "X", "b": "M"}, "!code"),
    ("a b | code sex | unless 2", {"a": "M", "b": "X"}, "!code"),
    ("a b | code sex | unless 2", {"a": "M", "b": "N"}, "1"),
    ("a b | code sex | unless 2", {"a": "N", "b": "M"}, ""),
    ("a b | trim | pad 2 | join - | pad 6 *", {"a": "1", "b": "2"}, "*01-02"),
    ("a b | trim | pad 2 | join - | pad 6 *", {"a": "1", "b": "222"}, "!pad"),
    ("a b | blank_if 0 | digits | join - | pad 3", {"a": "0", "b": "0"}, ""),
    ("a b | blank_if 0 | digits | join - | pad 3", {"a": "0", "b": "5"}, "005"),
    ("a b | blank_if 0 | digits | join - | pad 3", {"a": "0", "b": "x"}, "!digits"),
    ("a b | is 1 | join", {"a": "1"}, "10"),
    ("a b | digits | is 1 | join", {"a": "1", "b": "x"}, "!digits"),
    ("a b | blank_if 0 | code sex | first | default 9", {"a": "0", "b": "N"}, "9"),
    ("a b | blank_if 0 | code sex | first | default 9", {"a": "0", "b": "X"}, "!code"),
    ("a b | amount | sum", {"a": "1,000円", "b": "▲300"}, "700"),
    ("a b | amount | sum", {"a": "1,000円", "b": "三百"}, "!amount"),
    ("a b | amount | sum", {"a": "1,000円"}, "1000"),
    ("a b | blank_if 0 | amount | less", {"a": "0", "b": "0"}, ""),
    ("a b | blank_if 0 | amount | less", {"a": "0", "b": "7"}, "-7"),
]


@pytest.mark.parametrize(("text", "given", "made"), [*MORE_TEXTS, *SEVERAL])
def test_a_recipe_of_any_words_makes_of_a_record(
    text: str, given: dict[str, str], made: str
) -> None:
    assert outcome(text, given) == made


AMOUNTS = [
    # recipe, type of the column, given, made
    ("n", "9", {"n": "12"}, "12"),
    ("n", "S9", {"n": "-12"}, "-12"),
    ("n", "X", {"n": "-12"}, "-12"),
    ("n", "9", {}, ""),
    ("a", "9", {"a": "0012"}, "12"),
    ("a", "9", {"a": "12A"}, "!number"),
    ("a", "9", {"a": "１２"}, "!number"),
    ("a | digits", "9", {"a": "12A"}, "!digits"),
    ("n | scale 1000", "9", {"n": "12"}, "12000"),
    ("n | scale -1", "S9", {"n": "12"}, "-12"),
    ("n | scale 1000", "9", {}, ""),
    ("a | scale 1000", "9", {"a": "12"}, "12000"),
    ("a | scale 1000", "9", {"a": "12A"}, "!scale"),
    ("n | scale 1000", "S9", {"n": "99999999999999999"}, "!scale"),
    ("n | blank_if 0", "9", {"n": "0"}, ""),
    ("n | blank_if 0", "9", {"n": "5"}, "5"),
    ("n | blank_if 0 | scale 10", "9", {"n": "0"}, ""),
    ("n | blank_if 0 | scale 10", "9", {"n": "5"}, "50"),
    ("n n | first", "9", {"n": "5"}, "5"),
    ("n | code sex", "9", {"n": "7"}, "1"),
    ("s", "9V", {"s": "1205"}, "12.05"),
    ("s", "9V", {"s": "-5"}, "-0.05"),
    ("s", "9V", {"s": "0"}, "0.00"),
    ("s", "9V", {}, ""),
    ("a", "9V", {"a": "12.05"}, "12.05"),
    ("a", "9V", {"a": "12"}, "12.00"),
    ("a", "9V", {"a": "12.345"}, "!number"),
    ("a", "9V", {"a": "1234567890.00"}, "!number"),
    ("s", "X", {"s": "1205"}, "12.05"),
    ("s", "X", {"s": "100"}, "1.00"),
    ("s | blank_if 0", "9V", {"s": "0"}, ""),
    ("s | blank_if 0", "9V", {"s": "1205"}, "12.05"),
    ("s s | first", "9V", {"s": "1205"}, "12.05"),
    ("s a | when 1", "9V", {"s": "1205", "a": "1"}, "12.05"),
    ("s", "9", {"s": "1205"}, "!number"),
]


@pytest.mark.parametrize(("text", "kind", "given", "made"), AMOUNTS)
def test_an_amount_keeps_its_worth(text: str, kind: str, given: dict[str, str], made: str) -> None:
    assert outcome(text, given, kind) == made


HALF_WIDTH = [chr(c) for c in (*range(0x20, 0x7F), *range(0xFF61, 0xFFA0))]
MARKS = {"ﾞ": "゛", "ﾟ": "゜"}
KANA = [c for c in HALF_WIDTH if c > "\uff60" and c not in MARKS]


def each(word: Callable[[pl.Expr], pl.Expr], texts: list[str]) -> list[str]:
    return pl.DataFrame({"v": texts}).select(word(pl.col("v")))["v"].to_list()


def test_every_half_width_character_has_one_full_width_form() -> None:
    wide = each(widen, HALF_WIDTH)
    assert all(len(w) == 1 for w in wide)
    assert len(set(wide)) == len(HALF_WIDTH)
    assert {unicodedata.east_asian_width(w) for w in wide} <= {"F", "W"}
    assert not set(wide) & set(HALF_WIDTH)


def test_widening_agrees_with_unicode_but_for_the_marks_that_stand_alone() -> None:
    plain = [c for c in HALF_WIDTH if c not in MARKS and c > " " and not c.isascii()]
    assert each(widen, plain) == [unicodedata.normalize("NFKC", c) for c in plain]
    signs = [c for c in HALF_WIDTH if c.isascii() and c != " "]
    assert [unicodedata.normalize("NFKC", w) for w in each(widen, signs)] == signs


def test_a_voiced_mark_joins_the_kana_that_take_it_and_no_other() -> None:
    pairs = [k + mark for k in KANA for mark in MARKS]
    wanted = []
    for kana, mark in pairs:
        joined = unicodedata.normalize("NFKC", kana + mark)
        alone = len(joined) > 1 or joined in "ヷヺ"  # not in JIS X 0208
        wanted.append(unicodedata.normalize("NFKC", kana) + MARKS[mark] if alone else joined)
    assert each(widen, pairs) == wanted
    assert sum(len(w) == 1 for w in wanted) == 26


@given(st.lists(st.text(HALF_WIDTH), min_size=1))
def test_nothing_half_width_is_left_after_widening_and_twice_is_once(texts: list[str]) -> None:
    wide = each(widen, texts)
    assert not set("".join(wide)) & set(HALF_WIDTH)
    assert each(widen, wide) == wide


@given(st.lists(st.text([c for c in HALF_WIDTH if c.isascii()]), min_size=1))
def test_letters_digits_and_signs_come_back_when_widened_and_narrowed(texts: list[str]) -> None:
    assert each(narrow, each(widen, texts)) == texts


@given(st.text("0123456789山𠮷ｱ", min_size=1, max_size=9), st.integers(1, 9))
def test_padding_never_cuts(value: str, width: int) -> None:
    made = outcome(f"a | pad {width} *", {"a": value})
    assert made == ("!pad" if len(value) > width else value.rjust(width, "*"))


@given(st.text("012山𠮷ｱ", min_size=1, max_size=9), st.integers(1, 9), st.integers(1, 9))
def test_taking_a_part_gives_all_of_it_or_refuses(value: str, start: int, length: int) -> None:
    part = value[start - 1 : start - 1 + length]
    assert outcome(f"a | take {start} {length}", {"a": value}) == (
        part if len(part) == length else "!take"
    )


@given(st.text("山田 　", min_size=1, max_size=9).filter(lambda v: v == v.strip(" \u3000")))
def test_a_name_splits_into_its_parts_or_is_refused_as_a_whole(name: str) -> None:
    parts = name.replace(" ", "\u3000").split("\u3000", 1)
    whole = len(parts) == 1
    assert outcome("a | before_space", {"a": name}) == ("!before_space" if whole else parts[0])
    rest = "" if whole else name[len(parts[0]) :].lstrip(" \u3000")
    assert outcome("a | after_space", {"a": name}) == ("!after_space" if whole else rest)


# ---- words about days ----

DAYS = [
    # written, ISO, era, flag, wording; None: refused
    ("S550203", "1980-02-03", "03", "0", ""),  # D01
    ("S550231", None, "", "", ""),  # D02
    ("S640107", "1989-01-07", "03", "0", ""),  # D03
    ("S640108", None, "", "", ""),  # D03
    ("H310430", "2019-04-30", "04", "0", ""),  # D04
    ("H310501", None, "", "", ""),  # D04
    ("R010501", "2019-05-01", "05", "0", ""),  # D05
    ("T151225", "1926-12-25", "02", "0", ""),  # D06: the same day
    ("S011225", "1926-12-25", "03", "0", ""),  # D06
    ("M450730", "1912-07-30", "01", "0", ""),  # D07: the same day
    ("T010730", "1912-07-30", "02", "0", ""),  # D07
    ("M051202", "1872-00-00", "01", "1", "明治５年１２月２日"),  # D08: lunar, the last day
    ("M051203", None, "", "", ""),  # D09: there was no such day
    ("M060101", "1873-01-01", "01", "0", ""),  # D10: the first solar day
    ("S550000", "1980-00-00", "03", "1", "昭和５５年月日不詳"),  # D11
    ("S550299", "1980-02-00", "03", "1", "昭和５５年２月日不詳"),  # D11
    ("S559901", "1980-00-01", "03", "1", "昭和５５年月不詳１日"),  # D11
    ("0000000", "0000-00-00", "", "1", "年月日不詳"),  # D12
    ("9999999", "0000-00-00", "", "1", "年月日不詳"),  # D12
    ("3550203", None, "", "", ""),  # D12: no letter of this vendor
    ("0550203", None, "", "", ""),  # D13: the era is missing
    ("800203", None, "", "", ""),  # D13
    ("19800203", None, "", "", ""),  # D13: eight digits are another word's
    # the borders of the eras, from outside and from inside
    ("M010101", "1868-00-00", "01", "1", "明治元年１月１日"),
    ("M051130", "1872-00-00", "01", "1", "明治５年１１月３０日"),
    ("M051131", None, "", "", ""),
    ("M051301", None, "", "", ""),
    ("M030230", "1870-00-00", "01", "1", "明治３年２月３０日"),  # a lunar month may have 30 days
    ("M450731", None, "", "", ""),
    ("M460101", None, "", "", ""),
    ("T010729", None, "", "", ""),
    ("T151226", None, "", "", ""),
    ("T160101", None, "", "", ""),
    ("S011224", None, "", "", ""),
    ("S631231", "1988-12-31", "03", "0", ""),
    ("H010107", None, "", "", ""),
    ("H010108", "1989-01-08", "04", "0", ""),
    ("H320101", None, "", "", ""),
    ("R010430", None, "", "", ""),
    ("R020229", "2020-02-29", "05", "0", ""),
    ("R030229", None, "", "", ""),
    # the same with the day or the month unknown
    ("M450700", "1912-07-00", "01", "1", "明治４５年７月日不詳"),
    ("M450800", None, "", "", ""),
    ("T010600", None, "", "", ""),
    ("T010700", "1912-07-00", "02", "1", "大正元年７月日不詳"),
    ("S011100", None, "", "", ""),
    ("S011200", "1926-12-00", "03", "1", "昭和元年１２月日不詳"),
    ("S640100", "1989-01-00", "03", "1", "昭和６４年１月日不詳"),
    ("S640200", None, "", "", ""),
    ("S640000", "1989-00-00", "03", "1", "昭和６４年月日不詳"),
    ("S650000", None, "", "", ""),
    ("H310400", "2019-04-00", "04", "1", "平成３１年４月日不詳"),
    ("H310500", None, "", "", ""),
    ("R010400", None, "", "", ""),
    ("R010500", "2019-05-00", "05", "1", "令和元年５月日不詳"),
    ("S551300", None, "", "", ""),
    ("S550032", None, "", "", ""),
    ("S990229", "0000-02-29", "03", "1", "昭和年不詳２月２９日"),
    ("S990230", None, "", "", ""),
    # blanks at the end are no longer there
    ("S5502", "1980-02-00", "03", "1", "昭和５５年２月日不詳"),
    ("S55", "1980-00-00", "03", "1", "昭和５５年月日不詳"),
    ("S", "0000-00-00", "03", "1", "昭和年月日不詳"),
    ("S55  03", "1980-00-03", "03", "1", "昭和５５年月不詳３日"),
    ("S  0203", "0000-02-03", "03", "1", "昭和年不詳２月３日"),
    # garbage
    ("S55020", None, "", "", ""),
    ("S550", None, "", "", ""),
    ("S5", None, "", "", ""),
    ("S5502 3", None, "", "", ""),
    ("S55 203", None, "", "", ""),
    ("S 50203", None, "", "", ""),
    (" 550203", None, "", "", ""),
    ("S55+203", None, "", "", ""),
    ("S55-203", None, "", "", ""),
    ("S5502.3", None, "", "", ""),
    ("s550203", None, "", "", ""),
    ("Ｓ550203", None, "", "", ""),
    ("S５５０２０３", None, "", "", ""),
    ("S55０203", None, "", "", ""),
    ("S55٠٢٠٣", None, "", "", ""),
    ("S55²203", None, "", "", ""),
    ("S5502030", None, "", "", ""),
    ("X550203", None, "", "", ""),
    ("昭550203", None, "", "", ""),
    ("昭和550203", None, "", "", ""),
]  # fmt: skip


def refusing(made: str | None, word: str) -> str:
    return f"!{word}" if made is None else made


@pytest.mark.parametrize(("written", "iso", "era", "flag", "wording"), DAYS)
@pytest.mark.parametrize("eras", [LETTERS, NUMBERS])
def test_a_day_is_read_in_letters_and_in_digits(
    eras: str, written: str, iso: str | None, era: str, flag: str, wording: str
) -> None:
    respelt = str.maketrans(LETTERS + NUMBERS, NUMBERS + LETTERS)
    same = eras == LETTERS
    every = tuple(w if same else w[0].translate(respelt) + w[1:] for w, *_ in DAYS)
    it = every[[w for w, *_ in DAYS].index(written)]
    assert outcomes(f"a | era_date {eras}", every)[it] == refusing(iso, "era_date")
    assert outcomes(f"a | era_code {eras}", every)[it] == era
    assert outcomes(f"a | unknown_flag {eras}", every)[it] == flag
    assert outcomes(f"a | unknown_wording {eras}", every)[it] == wording


@pytest.mark.parametrize(
    ("eras", "written", "iso"),
    [
        ("12345", "3550203", "1980-02-03"),  # D12: 3 is 昭和 in this table
        ("13579", "3550203", None),  # ... and 大正 in that one
        ("13579", "5550203", "1980-02-03"),
        ("13579", "9010501", "2019-05-01"),
        ("明大昭平令", "昭550203", "1980-02-03"),
        ("MTSHR", "M450730", "1912-07-30"),
    ],
)
def test_the_eras_are_the_vendors_own(eras: str, written: str, iso: str | None) -> None:
    assert outcome(f"a | era_date {eras}", {"a": written}) == refusing(iso, "era_date")


UNKNOWN = ("00", "99", "  ")


@pytest.mark.parametrize("year", ["55", *UNKNOWN])
@pytest.mark.parametrize("month", ["02", *UNKNOWN])
@pytest.mark.parametrize("day", ["03", *UNKNOWN])
def test_every_combination_of_unknown_parts_stays_unknown(year: str, month: str, day: str) -> None:
    written = f"S{year}{month}{day}".rstrip()
    known = [part not in UNKNOWN for part in (year, month, day)]
    iso = "-".join(
        part if is_known else "0" * len(part)
        for part, is_known in zip(("1980", "02", "03"), known, strict=True)
    )
    assert outcome("a | era_date MTSHR", {"a": written}) == iso
    assert outcome("a | unknown_flag MTSHR", {"a": written}) == str(int(not all(known)))
    assert outcome("a | era_code MTSHR", {"a": written}) == "03"
    wording = outcome("a | unknown_wording MTSHR", {"a": written})
    assert ("不詳" in wording) == (not all(known))


@pytest.mark.parametrize(
    ("written", "iso", "flag", "wording"),
    [
        ("19800203", "1980-02-03", "0", ""),  # D13
        ("20240229", "2024-02-29", "0", ""),
        ("20230229", None, "", ""),
        ("19000229", None, "", ""),
        ("20000229", "2000-02-29", "0", ""),
        ("20241301", None, "", ""),
        ("20240431", None, "", ""),
        ("19450000", "1945-00-00", "1", "１９４５年月日不詳"),
        ("19459999", "1945-00-00", "1", "１９４５年月日不詳"),
        ("19450399", "1945-03-00", "1", "１９４５年３月日不詳"),
        ("1945", "1945-00-00", "1", "１９４５年月日不詳"),
        ("194503", "1945-03-00", "1", "１９４５年３月日不詳"),
        ("1945  03", "1945-00-03", "1", "１９４５年月不詳３日"),
        ("    0203", "0000-02-03", "1", "年不詳２月３日"),
        ("00000229", "0000-02-29", "1", "年不詳２月２９日"),
        ("00000230", None, "", ""),
        ("00000000", "0000-00-00", "1", "年月日不詳"),
        ("99999999", "0000-00-00", "1", "年月日不詳"),
        ("99991231", "9999-12-31", "0", ""),  # a period without an end
        ("2024 1 1", None, "", ""),
        ("2024-1-1", None, "", ""),
        ("+2024010", None, "", ""),
        ("２０２４０１０１", None, "", ""),
        ("S550203", None, "", ""),
        ("202401011", None, "", ""),
    ],
)
def test_a_western_day_is_read(written: str, iso: str | None, flag: str, wording: str) -> None:
    assert outcome("a | date", {"a": written}) == refusing(iso, "date")
    assert outcome("a | unknown_flag", {"a": written}) == flag
    assert outcome("a | unknown_wording", {"a": written}) == wording


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("000000", "00:00:00"),
        ("235959", "23:59:59"),
        ("0930", "09:30:00"),
        ("0000", "00:00:00"),
        ("240000", "!time"),
        ("2400", "!time"),
        ("236000", "!time"),
        ("235960", "!time"),
        ("2360", "!time"),
        ("930", "!time"),
        ("93015", "!time"),
        ("09:30", "!time"),
        ("09 30", "!time"),
        ("0930 1", "!time"),
        ("+93015", "!time"),
        ("０９３０", "!time"),
        ("٠٩٣٠", "!time"),
        ("0930150", "!time"),
    ],
)
def test_a_time_is_read(written: str, read: str) -> None:
    assert outcome("a | time", {"a": written}) == read


ERAS = {
    "M": (1868, date(1873, 1, 1), date(1912, 7, 30)),
    "T": (1912, date(1912, 7, 30), date(1926, 12, 25)),
    "S": (1926, date(1926, 12, 25), date(1989, 1, 7)),
    "H": (1989, date(1989, 1, 8), date(2019, 4, 30)),
    "R": (2019, date(2019, 5, 1), date(2050, 12, 31)),
}
"""Letter -> the year that is its first, and its solar days up to 2050."""


def solar_days() -> Iterator[tuple[str, date, int]]:
    for letter, (first_year, first, last) in ERAS.items():
        for number in range((last - first).days + 1):
            day = first + timedelta(number)
            yield letter, day, day.year - first_year + 1


def test_every_day_since_1873_written_in_its_era_reads_back_as_itself() -> None:
    days = list(solar_days())
    written = [f"{letter}{year:02d}{day:%m%d}" for letter, day, year in days]
    made = converted("a | era_date MTSHR", written)
    assert made.issues.is_empty()
    assert made.rows["x"].to_list() == [day.isoformat() for _, day, _ in days]
    assert len({day for _, day, _ in days}) == (date(2051, 1, 1) - date(1873, 1, 1)).days


@given(st.dates(date(1873, 1, 1), date(2050, 12, 31)))
def test_a_day_is_read_in_every_era_that_has_it_and_in_no_other(day: date) -> None:
    for letter, (first_year, first, last) in ERAS.items():
        year = day.year - first_year + 1
        if 1 <= year <= 98:
            made = outcome("a | era_date MTSHR", {"a": f"{letter}{year:02d}{day:%m%d}"})
            lunar = letter == "M" and year <= 5
            assert made == (day.isoformat() if first <= day <= last else "!era_date") or lunar


GARBAGE = st.text("0123456789MTSHRX +-./　０９٣", min_size=1, max_size=8)
LIKELY = st.tuples(
    st.sampled_from("MTSHR"),
    *(st.sampled_from([f"{n:02d}" for n in range(100)] + ["  "]) for _ in range(3)),
).map("".join)


@given(st.one_of(GARBAGE, LIKELY))
@settings(max_examples=150)
def test_whatever_is_written_is_refused_or_unknown_or_a_day_of_its_era(written: str) -> None:
    written = written.rstrip(" ") or "S"
    made = outcome("a | era_date MTSHR", {"a": written})
    if made == "!era_date":
        return
    year, month, day = made.split("-")
    if "00" in (month, day) or year == "0000":
        assert outcome("a | unknown_flag MTSHR", {"a": written}) == "1"
        return
    _, first, last = ERAS[written[0]]
    assert first <= date.fromisoformat(made) <= (date.max if written[0] == "R" else last)
    assert written[1:].isascii()
    assert written[1:].isdigit()
    assert outcome("a | unknown_flag MTSHR", {"a": written}) == "0"


def test_a_day_with_unknown_parts_is_taken_just_where_a_real_one_could_be_meant() -> None:
    possible = set()
    for letter, day, year in solar_days():
        for m, d in ((day.month, day.day), (day.month, 0), (0, day.day), (0, 0)):
            possible.add((letter, year, m, d))
    for year, month, day in product(range(1, 6), range(13), range(31)):  # lunar: up to 30 days
        if not (year == 5 and month == 12 and day > 2):
            possible.add(("M", year, month, day))
    wrong = [
        written
        for letter in LETTERS
        for year, month, day in product(range(1, 33 if letter == "R" else 99), range(14), range(33))
        for written in [f"{letter}{year:02d}{month:02d}{day:02d}"]
        if (read_era(written, LETTERS) is not None) != ((letter, year, month, day) in possible)
    ]
    assert wrong == []


# ---- written amounts and shares ----

WRITTEN_AMOUNTS = [
    ("0", 0), ("007", 7), ("1234", 1234), ("1,234", 1234), ("12,345,678", 12345678), ("001,234", 1234),
    ("▲1,234", -1234), ("△5", -5), ("-12", -12), ("－12", -12), ("−12", -12), ("+12", 12), ("＋１２", 12),
    ("▲ 1,234", -1234), ("-    12", -12), ("    12", 12), ("▲０", 0), ("-0", 0),
    ("¥1,000", 1000), ("￥1,000", 1000), ("\\1,000", 1000), ("¥ 1,000", 1000), ("¥-1,000", -1000),
    ("-¥1,000", -1000), ("▲￥１，０００", -1000), ("¥▲1,000", -1000), ("1,000円", 1000), ("１，０００円", 1000),
    ("△1,000 円", -1000), ("￥１００円", 100), ("999999999999999999", 10**18 - 1),
    ("-999,999,999,999,999,999", 1 - 10**18),
    # each of these may mean something else, or nothing
    ("(1,234)", None), ("1,234-", None), ("¥1,000-", None), ("1,000円也", None), ("1千円", None),
    ("1,23", None), ("1234,567", None), (",123", None), ("1,,234", None), ("1,234,", None), ("1，23", None),
    ("1.5", None), ("1.234", None), ("12.", None), ("１２、３４５", None), ("1 234", None), ("1e3", None),
    ("--5", None), ("▲-5", None), ("-¥-5", None), ("¥¥5", None), ("▲", None), ("円", None), ("¥", None),
    ("-", None), ("ー12", None), ("―12", None), ("‐12", None), ("ｰ12", None), ("*12", None), ("十二", None),
    ("٣", None), ("²", None), ("①", None), ("5\n", None), ("1000000000000000000", None), ("9" * 25, None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "worth"), WRITTEN_AMOUNTS)
def test_a_written_amount_is_read_where_it_can_mean_one_thing_only(
    written: str, worth: int | None
) -> None:
    every = tuple(w for w, _ in WRITTEN_AMOUNTS)
    assert outcomes("a | amount", every)[written] == ("!amount" if worth is None else str(worth))


@given(
    st.integers(1 - 10**18, 10**18 - 1),
    st.sampled_from(["-", "－", "−", "▲", "△"]),
    st.sampled_from([("", ""), ("¥", ""), ("￥", ""), ("\\", ""), ("", "円"), ("¥", "円")]),
    st.booleans(),
    st.booleans(),
)
def test_an_amount_reads_back_in_every_spelling(
    worth: int, minus: str, unit: tuple[str, str], commas: bool, wide: bool
) -> None:
    sign = minus if worth < 0 else ""
    written = f"{sign}{unit[0]}{format(abs(worth), ',') if commas else abs(worth)}{unit[1]}"
    if wide:
        written = written.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)})
    assert outcome("a | amount", {"a": written}, "S9") == str(worth)


SUMS = [
    ("a b n | sum", {"a": "1", "b": "2", "n": "3"}, "6"),
    ("a b n | sum", {"n": "3"}, "3"),
    ("a b n | sum", {"a": "-5", "n": "3"}, "-2"),
    ("a b n | sum", {}, ""),
    ("a b n | sum", {"a": "x", "n": "3"}, "!sum"),
    ("a b n | sum", {"a": "1,000"}, "!sum"),
    ("s n | sum", {"s": "1205", "n": "3"}, "!sum"),
    ("n n | sum", {"n": "999999999999999999"}, "!sum"),
    ("n | sum", {"n": "5"}, "5"),
    ("a b | less", {"a": "10", "b": "3"}, "7"),
    ("a b n | less", {"a": "10", "b": "3", "n": "4"}, "3"),
    ("a b | less", {"b": "3"}, "-3"),
    ("a b | less", {"a": "3"}, "3"),
    ("a b | less", {}, ""),
    ("a b | less", {"a": "x", "b": "1"}, "!less"),
    ("a b | less", {"a": "1", "b": "x"}, "!less"),
    ("a b | less", {"a": "-999999999999999999", "b": "1"}, "!less"),
]


@pytest.mark.parametrize(("text", "given", "made"), SUMS)
def test_numbers_are_added_up_and_taken_off(text: str, given: dict[str, str], made: str) -> None:
    assert outcome(text, given, "S9") == made


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("1/3", (1, 3)), ("１／３", (1, 3)), ("３分の１", (1, 3)), ("3分の1", (1, 3)), ("1 / 3", (1, 3)),
        (" 1/ 3", (1, 3)), ("001/012", (1, 12)), ("5/4", (5, 4)), ("1/1", (1, 1)),
        ("0/3", None), ("1/0", None), ("1", None), ("1/", None), ("/3", None), ("1/2/3", None),
        ("-1/3", None), ("1.5/3", None), ("三分の一", None), ("1／３分の１", None), ("3分1", None),
        ("全部", None), ("1\\3", None), ("٣/4", None), ("1" * 19 + "/2", None),
    ],
)  # fmt: skip
def test_a_share_has_both_its_numbers_or_none(written: str, share: tuple[int, int] | None) -> None:
    above, below = share or ("!numerator", "!denominator")
    assert outcome("a | numerator", {"a": written}, "9") == str(above)
    assert outcome("a | denominator", {"a": written}, "9") == str(below)


# ---- days, months and years as people write them ----

WRITTEN_DAYS = [
    # written, ISO, era, wording; None: refused
    ("S63/04/01", "1988-04-01", "03", ""),
    ("S63/4/1", "1988-04-01", "03", ""),
    ("S63.4.1", "1988-04-01", "03", ""),
    ("S63-4-1", "1988-04-01", "03", ""),
    ("s63.4.1", "1988-04-01", "03", ""),
    ("Ｓ６３．４．１", "1988-04-01", "03", ""),
    ("ｓ６３／０４／０１", "1988-04-01", "03", ""),
    ("S63－4－1", "1988-04-01", "03", ""),
    ("S63−4−1", "1988-04-01", "03", ""),
    ("S63. 4. 1", "1988-04-01", "03", ""),
    ("S 1. 1. 1", None, "", ""),  # 昭和 began on 25 December
    ("S 2. 1. 1", "1927-01-01", "03", ""),
    ("S630401", "1988-04-01", "03", ""),
    ("昭和63年4月1日", "1988-04-01", "03", ""),
    ("昭和６３年４月１日", "1988-04-01", "03", ""),
    ("昭和　６３年　４月　１日", "1988-04-01", "03", ""),
    ("昭和63.4.1", "1988-04-01", "03", ""),
    ("昭63.4.1", "1988-04-01", "03", ""),
    ("㍼63年4月1日", "1988-04-01", "03", ""),
    ("S63年4月1日", "1988-04-01", "03", ""),
    ("1988/4/1", "1988-04-01", "", ""),
    ("1988/04/01", "1988-04-01", "", ""),
    ("1988-04-01", "1988-04-01", "", ""),
    ("1988.4.1", "1988-04-01", "", ""),
    ("1988年4月1日", "1988-04-01", "", ""),
    ("19880401", "1988-04-01", "", ""),
    ("１９８８０４０１", "1988-04-01", "", ""),
    ("9999/12/31", "9999-12-31", "", ""),
    ("R6/1/5", "2024-01-05", "05", ""),
    ("令和元年5月1日", "2019-05-01", "05", ""),
    ("R元.5.1", "2019-05-01", "05", ""),
    ("令和1年5月1日", "2019-05-01", "05", ""),
    ("令和元年４月３０日", None, "", ""),
    ("平成31年4月30日", "2019-04-30", "04", ""),
    ("平成31年5月1日", None, "", ""),
    ("H31.5.1", None, "", ""),
    ("S64.1.7", "1989-01-07", "03", ""),
    ("S64.1.8", None, "", ""),
    ("H元年1月7日", None, "", ""),
    ("平成元年1月8日", "1989-01-08", "04", ""),
    ("大正15年12月25日", "1926-12-25", "02", ""),
    ("昭和元年12月25日", "1926-12-25", "03", ""),
    ("T15.12.26", None, "", ""),
    ("M45.7.30", "1912-07-30", "01", ""),
    ("明治3年8月15日", "1870-00-00", "01", "明治３年８月１５日"),
    ("M5.12.3", None, "", ""),
    ("R6.2.29", "2024-02-29", "05", ""),
    ("R5.2.29", None, "", ""),
    ("1900/2/29", None, "", ""),
    ("2000/2/29", "2000-02-29", "", ""),
    ("S63.4.31", None, "", ""),
    ("S63.13.1", None, "", ""),
    # unknown parts
    ("昭和20年3月", "1945-03-00", "03", "昭和２０年３月日不詳"),
    ("昭和20年", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("昭和20年月日不詳", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("昭和20年3月日不詳", "1945-03-00", "03", "昭和２０年３月日不詳"),
    ("昭和20年3月不詳", "1945-03-00", "03", "昭和２０年３月日不詳"),
    ("昭和20年不詳", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("昭和20年月不詳1日", "1945-00-01", "03", "昭和２０年月不詳１日"),
    ("昭和20年不詳月不詳日", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("昭和20年3月不明", "1945-03-00", "03", "昭和２０年３月日不詳"),
    ("昭和20年  月  日", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("昭和年不詳2月3日", "0000-02-03", "03", "昭和年不詳２月３日"),
    ("昭和年月日不詳", "0000-00-00", "03", "昭和年月日不詳"),
    ("昭和不詳", "0000-00-00", "03", "昭和年月日不詳"),
    ("不詳", "0000-00-00", "", "年月日不詳"),
    ("年月日不詳", "0000-00-00", "", "年月日不詳"),
    ("S20/00/00", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("S20/99/99", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("S20/0/0", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("S20/  /", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("S20.3", "1945-03-00", "03", "昭和２０年３月日不詳"),
    ("S20", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("S00/02/03", "0000-02-03", "03", "昭和年不詳２月３日"),
    ("S20/不詳/不詳", "1945-00-00", "03", "昭和２０年月日不詳"),
    ("1945/3", "1945-03-00", "", "１９４５年３月日不詳"),
    ("1945/03/00", "1945-03-00", "", "１９４５年３月日不詳"),
    ("1945年", "1945-00-00", "", "１９４５年月日不詳"),
    ("19450000", "1945-00-00", "", "１９４５年月日不詳"),
    ("99999999", "0000-00-00", "", "年月日不詳"),
    ("S64/2/0", None, "", ""),
    ("H31.5", None, "", ""),
    ("S65", None, "", ""),
    # not surely a day, or not surely one day
    ("63/4/1", None, "", ""),
    ("4/1/1988", None, "", ""),
    ("1988", None, "", ""),
    ("198804", None, "", ""),
    ("880401", None, "", ""),
    ("3630401", None, "", ""),
    ("0000000", None, "", ""),
    ("S63041", None, "", ""),
    ("S063/4/1", None, "", ""),
    ("S0/4/1", None, "", ""),
    ("S63/4.1", None, "", ""),
    ("S63/4/1/2", None, "", ""),
    ("S63//4/1", None, "", ""),
    ("S/4/1", None, "", ""),
    ("S6 3/4/1", None, "", ""),
    ("S63/4/001", None, "", ""),
    ("S63/-4/1", None, "", ""),
    ("X63/4/1", None, "", ""),
    ("ſ63/4/1", None, "", ""),
    ("SH63/4/1", None, "", ""),
    ("1988元/4/1", None, "", ""),
    ("元年4月1日", None, "", ""),
    ("昭和", None, "", ""),
    ("S", None, "", ""),
    ("昭和年月日", None, "", ""),
    ("昭和  年  月  日", None, "", ""),
    ("4月1日", None, "", ""),
    ("昭和20年3日", None, "", ""),
    ("昭和20年3月1日不詳", None, "", ""),
    ("昭和20年3月頃", None, "", ""),
    ("昭和六十三年四月一日", None, "", ""),
    ("昭和63年4月1日(金)", None, "", ""),
    ("1988/04/01 0:00:00", None, "", ""),
    ("1988(昭和63)年4月1日", None, "", ""),
    ("S٦٣/4/1", None, "", ""),
    ("S63・4・1", None, "", ""),
    ("18/4/1", None, "", ""),
    ("1867/4/1", None, "", ""),
    ("3000/4/1", None, "", ""),
    ("山田太郎", None, "", ""),
    ("/", None, "", ""),
    ("-", None, "", ""),
]


@pytest.mark.parametrize(("written", "iso", "era", "wording"), WRITTEN_DAYS)
def test_a_day_is_read_as_people_write_it(
    written: str, iso: str | None, era: str, wording: str
) -> None:
    every = tuple(w for w, *_ in WRITTEN_DAYS)
    flag = "" if iso is None else str(int(wording != ""))
    assert outcomes("a | date written", every)[written] == refusing(iso, "date")
    assert outcomes("a | era_code written", every)[written] == era
    assert outcomes("a | unknown_flag written", every)[written] == flag
    assert outcomes("a | unknown_wording written", every)[written] == wording


def test_an_era_is_known_of_a_western_day_in_no_spelling() -> None:
    assert outcome("a | era_code", {"a": "19880401"}) == ""
    assert outcome("a | era_code written", {"a": "1988/4/1"}) == ""


ERA_NAMES = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}


def spellings(letter: str, year: int, month: int, day: int) -> Iterator[str]:
    """Every way to write a day of an era."""
    for era in (letter, letter.lower(), ERA_NAMES[letter], ERA_NAMES[letter][0]):
        for y in (f"{year}", f"{year:2}", f"{year:02}", *(["元"] if year == 1 else [])):
            for width in ("", "2", "02"):
                m, d = format(month, width), format(day, width)
                yield f"{era}{y}年{m}月{d}日"
                yield from (f"{era}{y}{mark}{m}{mark}{d}" for mark in "/.-")
        yield f"{era}{year:02}{month:02}{day:02}"


def western_spellings(day: date) -> Iterator[str]:
    yield f"{day:%Y%m%d}"
    for width in ("", "2", "02"):
        m, d = format(day.month, width), format(day.day, width)
        yield f"{day.year}年{m}月{d}日"
        yield from (f"{day.year}{mark}{m}{mark}{d}" for mark in "/.-")


WIDE = {c: c + 0xFEE0 for c in range(0x21, 0x7F)} | {0x20: 0x3000}


@given(st.dates(date(1873, 1, 1), date(2050, 12, 31)))
def test_a_real_day_reads_back_in_every_spelling_of_its_eras(day: date) -> None:
    written = list(western_spellings(day))
    for letter, (first_year, first, last) in ERAS.items():
        if first <= day <= last:
            written += spellings(letter, day.year - first_year + 1, day.month, day.day)
    written += [w.translate(WIDE) for w in written]
    made = converted("a | date written", written)
    assert made.rows["x"].to_list() == [day.isoformat()] * len(written)


@given(st.sampled_from("MTSHR"), st.integers(1, 64), st.integers(0, 13), st.integers(0, 32))
def test_every_spelling_of_a_day_says_what_the_fixed_form_says(
    letter: str, year: int, month: int, day: int
) -> None:
    fixed = f"{letter}{year:02}{month:02}{day:02}"
    for word in ("era_date", "era_code", "unknown_flag", "unknown_wording"):
        wanted = outcome(f"a | {word} MTSHR", {"a": fixed}).replace("!era_date", "!date")
        written = list(spellings(letter, year, month, day))
        same = word.replace("era_date", "date")
        assert set(outcomes(f"a | {same} written", tuple(written)).values()) == {wanted}


@given(st.sampled_from("MTSHR"), st.tuples(*[st.integers(0, 31)] * 3))
def test_the_wording_of_an_unknown_day_reads_back_as_the_same(
    letter: str, numbers: tuple[int, ...]
) -> None:
    fixed = {"a": letter + "".join(f"{number:02d}" for number in numbers)}
    wording = outcome("a | unknown_wording MTSHR", fixed)
    if not wording:
        return
    assert outcome("a | date written", {"a": wording}) == outcome("a | era_date MTSHR", fixed)
    assert outcome("a | unknown_wording written", {"a": wording}) == wording


@given(st.text("0123456789MTSHRsh昭和令元年月日不詳明/.- 　０９．", min_size=1, max_size=10))
@settings(max_examples=300)
def test_whatever_people_write_is_refused_or_a_possible_date(written: str) -> None:
    written = written.rstrip(" ") or "S"
    made = outcome("a | date written", {"a": written}, "DATE")
    if made != "!date":
        year, month, day = (int(part) for part in made.split("-"))
        assert date(year or 2000, month or 1, day or 1)


FISCAL_YEARS = [
    # recipe, written, made
    ("a | fiscal_year", "2024", "2024"),
    ("n | fiscal_year", "2024", "2024"),
    ("a | fiscal_year", "24", "!fiscal_year"),
    ("a | fiscal_year", "0000", "!fiscal_year"),
    ("a | fiscal_year", "9999", "!fiscal_year"),
    ("a | fiscal_year", "20245", "!fiscal_year"),
    ("a | fiscal_year", "２０２４", "!fiscal_year"),
    ("a | fiscal_year 12345", "431", "2019"),
    ("n | fiscal_year 12345", "431", "2019"),
    ("a | fiscal_year 12345", "501", "2019"),
    ("a | fiscal_year 12345", "432", "!fiscal_year"),
    ("a | fiscal_year 12345", "500", "!fiscal_year"),
    ("a | fiscal_year 12345", "599", "!fiscal_year"),
    ("a | fiscal_year 12345", "5", "!fiscal_year"),
    ("a | fiscal_year 12345", "51", "!fiscal_year"),
    ("a | fiscal_year 12345", "000", "!fiscal_year"),
    ("a | fiscal_year 12345", "2024", "!fiscal_year"),
    ("a | fiscal_year MTSHR", "S64", "1989"),
    ("a | fiscal_year MTSHR", "S65", "!fiscal_year"),
    ("a | fiscal_year MTSHR", "R06", "2024"),
    ("a | fiscal_year written", "R6", "2024"),
    ("a | fiscal_year written", "r06", "2024"),
    ("a | fiscal_year written", "R 6", "2024"),
    ("a | fiscal_year written", "令和6年度", "2024"),
    ("a | fiscal_year written", "令和６年度", "2024"),
    ("a | fiscal_year written", "令和元", "2019"),
    ("a | fiscal_year written", "令和元年度", "2019"),
    ("a | fiscal_year written", "H31", "2019"),
    ("a | fiscal_year written", "平成31年度", "2019"),
    ("a | fiscal_year written", "平成32年度", "!fiscal_year"),
    ("a | fiscal_year written", "2024", "2024"),
    ("a | fiscal_year written", "２０２４年度", "2024"),
    ("a | fiscal_year written", "6", "!fiscal_year"),
    ("a | fiscal_year written", "6年度", "!fiscal_year"),
    ("a | fiscal_year written", "R0", "!fiscal_year"),
    ("a | fiscal_year written", "R00", "!fiscal_year"),
    ("a | fiscal_year written", "R99", "!fiscal_year"),
    ("a | fiscal_year written", "令和年度", "!fiscal_year"),
    ("a | fiscal_year written", "不詳", "!fiscal_year"),
    ("a | fiscal_year written", "R6.4", "!fiscal_year"),
    ("a | fiscal_year written", "令和6年度分", "!fiscal_year"),
    ("a | fiscal_year written", "202404", "!fiscal_year"),
    ("a | month", "202404", "2024-04"),
    ("n | month", "202404", "2024-04"),
    ("a | month", "202400", "2024-00"),
    ("a | month", "202499", "2024-00"),
    ("a | month", "2024", "2024-00"),
    ("a | month", "202413", "!month"),
    ("a | month", "20244", "!month"),
    ("a | month", "20240401", "!month"),
    ("a | month", "2024-04", "!month"),
    ("a | month", "186704", "!month"),
    ("a | month 12345", "43104", "2019-04"),
    ("a | month 12345", "43105", "!month"),
    ("a | month 12345", "50105", "2019-05"),
    ("a | month 12345", "50104", "!month"),
    ("a | month 12345", "36401", "1989-01"),
    ("a | month 12345", "36402", "!month"),
    ("a | month 12345", "32000", "1945-00"),
    ("a | month 12345", "4310430", "!month"),
    ("a | month MTSHR", "M0308", "1870-00"),  # a lunar month has no month of ours
    ("a | month written", "R6.4", "2024-04"),
    ("a | month written", "R6.04", "2024-04"),
    ("a | month written", "R 6. 4", "2024-04"),
    ("a | month written", "令和6年4月", "2024-04"),
    ("a | month written", "令和元年５月", "2019-05"),
    ("a | month written", "令和元年4月", "!month"),
    ("a | month written", "2024/4", "2024-04"),
    ("a | month written", "2024-04", "2024-04"),
    ("a | month written", "202404", "2024-04"),
    ("a | month written", "R0604", "2024-04"),
    ("a | month written", "2024年4月", "2024-04"),
    ("a | month written", "昭和20年月不詳", "1945-00"),
    ("a | month written", "昭和20年", "1945-00"),
    ("a | month written", "S20/00", "1945-00"),
    ("a | month written", "S20/", "1945-00"),
    ("a | month written", "4/2024", "!month"),
    ("a | month written", "6.4", "!month"),
    ("a | month written", "R6.4.1", "!month"),
    ("a | month written", "令和6年4月1日", "!month"),
    ("a | month written", "R6.13", "!month"),
    ("a | month written", "S65", "!month"),
    ("a | month written", "2024", "!month"),
    ("a | month written", "平成31年5月", "!month"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written", "made"), FISCAL_YEARS)
def test_a_year_and_a_month_are_read(text: str, written: str, made: str) -> None:
    assert outcome(text, {text[0]: written}) == made
    assert outcome(text, {}) == ""


PARTS_OF_DAYS = [
    ("a b n | ymd | date", {"a": "1988", "b": "4", "n": "1"}, "1988-04-01"),
    ("a b n | ymd | date", {"a": "1988", "b": "04", "n": "31"}, "!date"),
    ("a b n | ymd | date", {"a": "1988", "b": "4"}, "1988-04-00"),
    ("a b n | ymd | date", {"a": "1988"}, "1988-00-00"),
    ("a b n | ymd | date", {"b": "4", "n": "1"}, "0000-04-01"),
    ("a b n | ymd | date", {"n": "1"}, "0000-00-01"),
    ("a b n | ymd | date", {}, ""),
    ("a b n | ymd | date", {"a": "1988", "b": "0", "n": "0"}, "1988-00-00"),
    ("a b n | ymd | date", {"a": "88", "b": "4", "n": "1"}, "!date"),
    ("a b n | ymd | date", {"a": "1988", "b": "004", "n": "1"}, "!ymd"),
    ("a b n | ymd | date", {"a": "19880", "b": "4", "n": "1"}, "!ymd"),
    ("a b n | ymd | date", {"a": "1988", "b": "x", "n": "1"}, "!ymd"),
    ("a b n | ymd | date", {"a": "1988", "b": "４", "n": "1"}, "!ymd"),
    ("a b n | ymd | date", {"a": "1988", "b": "4", "n": "-1"}, "!ymd"),
    ("a b n | ymd | unknown_flag", {"a": "1988", "b": "4"}, "1"),
    ("a b n | ymd | unknown_wording", {"a": "1988", "b": "4"}, "１９８８年４月日不詳"),
    ("a b p n | ymd", {"a": "3", "b": "63", "p": "4", "n": "1"}, "3630401"),
    ("a b p n | ymd | era_date 12345", {"a": "3", "b": "63", "p": "4", "n": "1"}, "1988-04-01"),
    ("a b p n | ymd | era_date 12345", {"a": "3", "b": "63", "p": "4"}, "1988-04-00"),
    ("a b p n | ymd | era_date 12345", {"a": "3", "b": "63"}, "1988-00-00"),
    ("a b p n | ymd | era_date 12345", {"a": "3", "p": "4", "n": "1"}, "0000-04-01"),
    ("a b p n | ymd | era_date 12345", {"b": "63", "p": "4", "n": "1"}, "!era_date"),
    ("a b p n | ymd | era_date 12345", {}, ""),
    ("a b p n | ymd | era_date 12345", {"a": "03", "b": "63", "p": "4", "n": "1"}, "!ymd"),
    ("a b p n | unpad | ymd | era_date 12345", {"a": "03", "b": "063", "p": "4", "n": "1"}, "1988-04-01"),
    ("a b p n | blank_if 0 | ymd | era_date 12345", {"a": "0", "b": "0", "p": "0", "n": "0"}, ""),
    ("a b p n | blank_if 0 | ymd | era_date 12345", {"a": "3", "b": "63", "p": "0", "n": "0"}, "1988-00-00"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "made"), PARTS_OF_DAYS)
def test_a_day_in_parts_is_put_together(text: str, given: dict[str, str], made: str) -> None:
    assert outcome(text, given) == made


@given(st.dates(date(1873, 1, 1), date(2050, 12, 31)), st.booleans())
def test_a_day_in_parts_is_the_day_in_one(day: date, padded: bool) -> None:
    width = "02" if padded else ""
    parts = {"a": f"{day:%Y}", "b": format(day.month, width), "p": format(day.day, width)}
    assert outcome("a b p | ymd | date", parts) == day.isoformat()


# ---- several values until a word joins them ----

PART = st.sampled_from([None, "0", "x", "1", "23", "▲5"])


@given(
    st.tuples(PART, PART, PART), st.sampled_from(["join -", "first", "sum", "less", "ymd", "same"])
)
@settings(max_examples=40)
def test_one_refused_part_refuses_the_whole_and_a_blank_part_is_not_there(
    given: tuple[str | None, ...], joins: str
) -> None:
    if joins == "same":
        given = given[:2]
    fields = " ".join("abp"[: len(given)])
    parts = {f: v for f, v in zip("abp", given, strict=False) if v is not None}
    made = outcome(f"{fields} | blank_if 0 | amount | {joins}", parts)
    if "x" in given:
        assert made == "!amount"
        return
    worths = [None if v in (None, "0") else v.replace("▲", "-") for v in given]
    alone = {f: v for f, v in zip("abp", worths, strict=False) if v is not None}
    nothing = not alone and bool(parts)  # blank on purpose passes every word by
    wanted = "" if nothing else outcome(f"{fields} | {joins}", alone)
    assert made == wanted


@given(st.lists(PART, min_size=2, max_size=3), st.lists(st.sampled_from(["trim", "blank_if 0", "digits", "unpad", "default 7", "is 1 7"]), max_size=4))  # fmt: skip
@settings(max_examples=40)
def test_words_do_to_each_of_several_what_they_do_to_one(
    given: list[str | None], words: list[str]
) -> None:
    chain = "".join(f" | {word}" for word in words)
    fields = "abp"[: len(given)]
    parts = {f: v for f, v in zip(fields, given, strict=True) if v is not None}
    alone = [outcome(f"a{chain}", {} if value is None else {"a": value}) for value in given]
    made = outcome(f"{' '.join(fields)}{chain} | join ' '", parts)
    refused = [a for a in alone if a.startswith("!")]
    assert made == (refused[0] if refused else " ".join(a for a in alone if a))


def test_each_of_several_values_is_shown_by_itself_step_by_step() -> None:
    mapping = one_column("a b p | code sex | join の")
    frame = converter("a", "X").given({"a": "M", "b": "X"})
    stages = [
        frame.select(e.alias(str(i)) for i, e in enumerate(step)).row(0)
        for step in parts(mapping, mapping.recipes["x"])
    ]
    assert stages == [("M", "X", None), ("1", None, None), (None,)]
    assert [frame.select(e).item() for e in Converter(mapping).steps("x")] == ["M", None, None]


@pytest.mark.parametrize(
    "text",
    [
        "a b", "a b | trim", "a b p | when 1", "a | same", "a | ymd", "a b | ymd", "a | less",
        "a | date Written", "a | date MTSHR", "a | era_date written", "a | era_code MTSH",
        "a | fiscal_year wrong!", "a | month 11345", "a | part 0 -", "a | part 1", "a | part",
        "a | without", "a | default", "a | prefix", "a | unpad 00", "a | search_key 1", "a b | unless",
        "n | amount", "n | lines",
    ],
)  # fmt: skip
def test_a_word_wrongly_used_is_found_before_the_run(text: str) -> None:
    with pytest.raises(KnowledgeError):
        Converter(one_column(text))


# ---- many batches ----


def test_new_values_in_each_batch_are_worked_out_as_they_come() -> None:
    dates = Converter(one_column("a | era_date MTSHR"))
    days = [(f"{e}{y:02d}{d:%m%d}", d.isoformat()) for e, d, y in solar_days()]
    for start in range(0, 3000, 300):  # some old, some new, a blank, a repetition, a refusal
        some = days[max(0, start - 100) : start + 300]
        written = [w for w, _ in some] + [None, some[0][0], "S640108", some[-1][0]]
        made = dates.convert(records(written))
        wanted = [iso for _, iso in some] + [None, some[0][1], None, some[-1][1]]
        assert made.rows["x"].to_list() == wanted
        assert made.issues.select("record", "code").rows() == [(len(written) - 1, "era_date")]


def test_a_word_behind_one_that_may_be_blank_keeps_the_rows_apart_in_every_batch() -> None:
    flags = Converter(one_column("a | unknown_flag MTSHR | code flag"))
    days = [f"{e}{y:02d}{d:%m%d}" for e, d, y in solar_days()]
    for start in range(0, 60_000, 6_000):
        written = [w for day in days[start : start + 6_000] for w in (day, day[:5] + "00")]
        made = flags.convert(records(written))
        assert made.rows["x"].to_list() == ["known", "unknown"] * (len(written) // 2)


# ---- what is said of a refused value ----

REFUSALS = [
    # recipe, value of a, code
    ("a | pad 2", "123", "pad"),
    ("a | take 3 1", "12", "take"),
    ("a | before_space", "山田", "before_space"),
    ("a | after_space", "山田", "after_space"),
    ("a | digits", "1x", "digits"),
    ("a | scale 10", "1x", "scale"),
    ("a | era_date MTSHR", "S640108", "era_date"),
    ("a | date", "20230229", "date"),
    ("a | time", "2400", "time"),
    ("a | code sex", "X", "code"),
    ("a | widen | pad 2", "123", "pad"),
    ("a | pad 5 | digits", "1x", "digits"),
    ("a | pad 1 | digits", "1x", "pad"),
    ("a | blank_if 0 | pad 2", "123", "pad"),
    ("a | blank_if 0 | take 1 1 | code sex", "X", "code"),
]


@pytest.mark.parametrize(("text", "value", "code"), REFUSALS)
@pytest.mark.parametrize("severity", ["error", "alert"])
def test_a_refusal_names_record_byte_column_word_and_severity(
    text: str, value: str, code: str, severity: str
) -> None:
    alert_only = {"x": "it survives elsewhere"} if severity == "alert" else {}
    made = converted(text, [None, value], alert_only=alert_only)
    assert made.rows["x"].to_list() == [None, None]
    assert made.issues.rows() == [(2, 146, "x", code, severity, value)]


@pytest.mark.parametrize(("text", "value", "code"), REFUSALS)
@pytest.mark.parametrize("personal", ["the field", "the column"])
def test_a_refused_personal_value_is_not_shown(
    text: str, value: str, code: str, personal: str
) -> None:
    field = "p" if personal == "the field" else "a"
    text = text.replace("a |", f"{field} |", 1)
    mapping = one_column(text, sensitive=personal == "the column")
    made = Converter(mapping).convert(records([value], field))
    length = len(value)
    assert made.issues.rows() == [(1, 0, "x", code, "error", f"({length} characters)")]


@given(st.lists(st.text("山田太郎ｱ0123456789 ", min_size=1), min_size=1, max_size=5))
def test_no_personal_value_is_in_the_issues_whatever_it_is(values: list[str]) -> None:
    mapping = one_column("p a | join | digits | pad 5 | code sex")
    made = Converter(mapping).convert(records(values, "p"))
    assert made.issues.height == len(values)
    assert made.issues["value"].to_list() == [f"({len(v)} characters)" for v in values]


def test_several_fields_are_shown_together_where_they_are_not_personal() -> None:
    frame = records(["1x"]).with_columns(b=pl.lit("2y"))
    made = Converter(one_column("a b | join - | digits")).convert(frame)
    assert made.issues["value"].to_list() == ["1x 2y"]


def test_a_number_that_its_column_cannot_hold_is_refused_as_no_number() -> None:
    made = converted("a", ["12", "x", None, "1.5"], kind="9")
    assert made.rows["x"].to_list() == [12, None, None, None]
    assert made.issues.select("record", "code", "value").rows() == [
        (2, "number", "x"),
        (4, "number", "1.5"),
    ]


def test_a_value_that_is_blank_on_purpose_is_no_issue() -> None:
    made = converted("a | blank_if 0 | code sex", ["0", None, "N", "M"])
    assert made.rows["x"].to_list() == [None, None, None, "1"]
    assert made.issues.is_empty()


def test_an_amount_that_is_carried_keeps_its_worth() -> None:
    mapping = one_column("a").model_copy(update={"carried": {"s": "no column for it"}})
    made = Converter(mapping).convert(records(["x"]).with_columns(s=pl.lit(1205, pl.Int64)))
    assert made.rows["_carried_s"].to_list() == ["12.05"]


@pytest.mark.parametrize("text", ["a | take 3 2 | trim", "a | take 3 2"])
def test_a_value_of_nothing_but_blanks_is_no_value(text: str) -> None:
    assert converted(text, ["山田　　太郎"]).rows["x"].to_list() == [None]


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("a | trim | default Q | code sex", {}, "!code"),
        ("a | default Q | digits", {}, "!digits"),
        ("a | trim | default Q | code sex", {"a": "Z"}, "!code"),
        ("a | digits | default 1 | code sex", {"a": "x"}, "!digits"),
    ],
)
def test_what_a_word_made_of_nothing_is_refused_by_the_later_word(text: str, given: dict[str, str], expected: str) -> None:
    assert outcome(text, given) == expected


@pytest.mark.parametrize("kind", ["DATE", "N"])
def test_a_personal_field_is_not_shown_in_a_column_that_is_not_personal(
    tmp_path: Path, kind: str
) -> None:
    source = tmp_path / "source.dat"
    source.write_bytes(b" " * 80 + b"0" * 18 + b"00000000" + b"TARO-3640107".ljust(40))
    mapping = one_column("p", kind)
    (batch,) = Reader(mapping.layout).batches(source)
    lane = Lane(mapping, {"city": "482013", "as_of": "20260401000000"}, (), Books("t"))
    issues = lane.take(batch).issues
    assert issues["code"].to_list() == [f"not_{kind.lower()}"]
    assert issues["value"].to_list() == ["(12 characters)"]


def _dates_as_said(spelling: str, texts: list[str | None]) -> None:
    """Compiled and one by one, every answer is the same."""
    column = pl.Series("d", texts, dtype=pl.String)
    days = dates._days(spelling)
    for name in ("day", "era", "flag", "wording"):
        found, wanted = days.answered(column, name), days._rest.answered(column, name)
        wrong = column.filter(~found.eq_missing(wanted)).to_list()
        assert not wrong, (name, wrong[:5])


@pytest.mark.parametrize("spelling", ["12345", "MTSHR", "明大昭平令", ""])
def test_every_day_is_what_reading_it_gives(spelling: str) -> None:
    """Of every number of a day in every year that can be written, those around months' and eras' ends among them."""
    years = [f"{e}{y:02}" for e in spelling for y in range(100)] or map(str, range(1860, 2210))
    days = [f"{m:02}{d:02}" for m in range(14) for d in range(33)]
    _dates_as_said(spelling, [y + d for y in years for d in days])


@given(
    texts=st.lists(st.none() | st.text("0123459 ST３年-", max_size=9), max_size=8),
    cut=st.integers(0, 3),
    spelling=st.sampled_from(["12345", "MTSHR", ""]),
)
@example(["9999999", None, "", "3640107", "19990230", "99991231", "00000000", "昭和の長い日付"], 0, "12345")
@example([None], 0, "")
def test_any_text_is_what_reading_it_gives(
    texts: list[str | None], cut: int, spelling: str
) -> None:
    column = pl.Series("d", texts, dtype=pl.String)[cut:]
    days = dates._days(spelling)
    for name in ("day", "era", "flag", "wording"):
        found, wanted = days.answered(column, name), days._rest.answered(column, name)
        assert found.to_list() == wanted.to_list()
