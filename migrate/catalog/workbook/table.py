"""An item list as the columns of a standard table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from migrate.catalog.workbook.settle import (
    BLANK,
    Settled,
    UndecidedError,
    measure,
    named,
    note_of,
    whole_number,
)
from migrate.catalog.workbook.words import plain
from migrate.language import say
from migrate.model import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrate.catalog.workbook.items import Item, ItemList, Remark
    from migrate.catalog.workbook.settle import Measure
    from migrate.catalog.workbook.words import Property, Words

UNHELD: tuple[Property, ...] = ("id", "times", "level", "bytes", "start", "end")
"""What an item list may say and a column cannot hold."""


def table_of(
    found: ItemList,
    words: Words,
    source: Literal["V", "I", "G"] = "V",
    before: Iterable[Column] = (),
) -> tuple[list[Column], tuple[Remark, ...]]:
    """The columns that a list settles, and every remark on it; `before`: names of a former import.

    All are sensitive: nobody has looked yet at which are not.
    """
    settled = Settled()
    columns = []
    for name, item in named(found.items, settled, {c.label: c.name for c in before}):
        try:
            columns.append(
                _column(name, item, found, words, settled).model_copy(update={"source": source})
            )
        except UndecidedError as why:
            settled.undecided(item, str(why))
    return columns, settled.of(found)


def _column(name: str, item: Item, found: ItemList, words: Words, settled: Settled) -> Column:
    told = measure(item)
    ours = words.type_of("standard", told.word)
    if ours is None:
        known = ", ".join(words.types["standard"])
        raise UndecidedError(say(f"型 {item['type']!r} は {known} のどれか決まらない",
                            f"type {item['type']!r} may be any of {known}"))  # fmt: skip
    length = _length(item, ours, told, words)
    unheld = UNHELD
    codes = item["codes"] if words.mark_of(item["codes"]) != "no" or item["codes"].isdigit() else ""
    codes = "" if codes in BLANK else words.codes.get(codes, codes)
    if codes and ours != "X":
        settled.look(item, say(f"{ours} の列はコード表 {codes} を持てない: 備考に写した",
                               f"a column of {ours} cannot have code list {codes}: it stands in the note"))  # fmt: skip
        codes, unheld = "", (*UNHELD, "codes")
    key = _key(item, words)
    required = _required(item, words)
    if key and required != "yes":
        if item["required"]:
            settled.look(
                item,
                say(
                    f"主キーだが {item['required']}: 必須とした",
                    f"a key, but {item['required']}: required",
                ),
            )
        required = "yes"
    said = " ".join((item["note"], *item.more.values()))
    uncertain = ours == "DATE" and any(plain(w) in plain(said) for w in words.unknown_dates)
    return Column.model_validate(
        {
            "name": name,
            "label": item.title,
            "type": ours,
            "length": length,
            "required": required,
            "key": key,
            "codes": codes,
            "unknown_date": uncertain,
            "sensitive": True,
            "source": "V",
            "note": note_of(item, found, settled, [n for n in unheld if n in found.header.known]),
        }
    )


def _length(item: Item, ours: str, told: Measure, words: Words) -> str:
    """The length as a column has it, in characters."""
    if told.unit == "バイト" or (told.whole is None and item["bytes"] not in BLANK and ours == "N"):
        raise UndecidedError(say("長さがバイトで書かれ、文字数がわからない",
                            "its length is in bytes: how many characters is not said"))  # fmt: skip
    whole = told.whole
    if whole is None and ours in ("X", "9") and item["bytes"] not in BLANK:  # one byte a character
        whole = whole_number(item, "bytes")
    if whole is None:
        if ours in words.lengths:
            return words.lengths[ours]
        raise UndecidedError(say("桁数がない", "has no length"))
    scale = item["scale"] if item["scale"] not in BLANK else ""
    if ours == "9V":
        if told.fraction is None:
            more = say(f"、小数桁数は {scale}", f", its decimals {scale}") if scale else ""
            raise UndecidedError(say(f"桁数 {whole}{more}: 整数部と小数部を n,m の形で書く",
                                f"its length is {whole}{more}: write whole part and fraction as n,m"))  # fmt: skip
        return f"{whole},{told.fraction}"
    if told.fraction or (scale and scale != "0"):
        raise UndecidedError(
            say(f"{ours} なのに小数部がある", f"{ours} has no fraction, but the list gives one")
        )
    if ours in ("9", "S9") and whole > 18:
        raise UndecidedError(say(f"{whole} 桁の数は扱えない: 型を X にする",
                            f"numbers of {whole} digits are not supported: make its type X"))  # fmt: skip
    return str(whole)


def _key(item: Item, words: Words) -> bool:
    if item["key"] in BLANK:
        return False
    mark = words.mark_of(item["key"])
    if mark is None:
        raise UndecidedError(
            say(
                f"主キーの印 {item['key']!r} が決まらない",
                f"mark {item['key']!r} of a key is unknown",
            )
        )
    return mark == "yes"


def _required(item: Item, words: Words) -> str:
    if item["required"] in BLANK:
        return ""
    found = words.required_of(item["required"])
    if found is None:
        raise UndecidedError(say(f"必須の印 {item['required']!r} が決まらない",
                            f"mark {item['required']!r} of what is required is unknown"))  # fmt: skip
    return "" if found == "no" else found
