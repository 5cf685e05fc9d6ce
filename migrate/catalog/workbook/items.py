"""Item lists: what a sheet says of each item, and which of its rows are none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from migrate.catalog.workbook.grid import letters
from migrate.catalog.workbook.header import candidates, headers, same
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.catalog.workbook.grid import Box, Sheet, Text
    from migrate.catalog.workbook.header import Header, Span
    from migrate.catalog.workbook.words import Property, Words


@dataclass(frozen=True)
class Remark:
    """One thing about one row that the reader of the list must know.

    undecided: an item that was not taken over, because the list does not say enough. left: a row that is
    no item. noted: what our model cannot hold; it stands in the note. look: taken over, but look at it.
    """

    kind: Literal["undecided", "left", "noted", "look"]
    sheet: str
    row: int
    text: str


@dataclass(frozen=True)
class Item:
    """One item as the list has it: texts, unconverted."""

    sheet: str
    row: int
    said: dict[Property, str]
    more: dict[str, str] = field(default_factory=dict)
    """What stands under titles that are none of our properties, comments, headings above: for the note."""
    section: str = ""
    group: str = ""

    def __getitem__(self, name: Property) -> str:
        return self.said.get(name, "")

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self["label"] or self["name"]


@dataclass(frozen=True)
class ItemList:
    """One list on one sheet."""

    sheet: str
    header: Header
    items: tuple[Item, ...]
    remarks: tuple[Remark, ...]


def item_lists(sheet: Sheet, words: Words) -> list[ItemList]:
    """Every item list on a sheet; none where no header has a label, a type and a length."""
    found = headers(sheet, words)
    others = [h.top for h in candidates(sheet, words)]
    lists: list[ItemList] = []
    for number, header in enumerate(found):
        end = found[number + 1].top if number + 1 < len(found) else sheet.last_row + 1
        rows = _Rows(sheet, header, words)
        items = tuple(rows.items(end, others))
        known = lists[-1].header.known if lists else None
        if known == header.known:  # the same header again: the next page of the same list
            before = lists.pop()
            again = Remark(
                "left", sheet.title, header.top, say("同じ見出しの繰り返し", "repeats the header")
            )
            remarks = (*before.remarks, again, *rows.remarks)
            lists.append(ItemList(sheet.title, before.header, before.items + items, remarks))
        else:
            lists.append(ItemList(sheet.title, header, items, tuple(rows.remarks)))
    return lists


class _Rows:
    """Goes through the rows under one header."""

    def __init__(self, sheet: Sheet, header: Header, words: Words) -> None:
        self.sheet, self.header, self.words = sheet, header, words
        self.remarks: list[Remark] = []
        self.section = ""
        self.above: list[
            tuple[int, str]
        ] = []  # level and title of what holds the next rows together
        self._of_columns()

    def _say(
        self, kind: Literal["undecided", "left", "noted", "look"], row: int, text: str
    ) -> None:
        self.remarks.append(Remark(kind, self.sheet.title, row, text))

    def _of_columns(self) -> None:
        """What there is to say of the header itself."""
        header = self.header
        for span in header.spans:
            if any(c in self.sheet.hidden_columns for c in range(span.first, span.last + 1)):
                self._say("look", header.top, say(
                    f"非表示の列 {span} も読んだ", f"the hidden column {span} was read, too"))  # fmt: skip
        for row in range(header.top, header.bottom + 1):
            for column, text in self.sheet.row(row):
                if text.comment:
                    comment = _line(text.comment)
                    self._say("look", row, say(f"見出し {letters(column)} のコメント: {comment}",
                                               f"comment on title {letters(column)}: {comment}"))  # fmt: skip

    def items(self, end: int, others: list[int]) -> Iterator[Item]:
        """The items above row `end`; the other rows become remarks."""
        untitled: dict[int, int] = {}
        titled = {c for s in self.header.spans for c in range(s.first, s.last + 1)}
        row = self.header.bottom
        while (row := row + 1) < end:
            own = {c: t for c, t in self.sheet.row(row) if t.text or t.struck or t.comment}
            for column in own.keys() - titled:
                untitled.setdefault(column, row)
            own = {c: t for c, t in own.items() if c in titled}
            if not own:
                continue
            if (
                row in others
                and not same(self.sheet, self.header, row)
                and not self.words.is_type(self._value("type", row))
            ):
                titles = ", ".join(_line(t.text) for t in own.values() if t.text)
                self._say(
                    "left", row, say(f"ここから別の表: {titles}", f"another table begins: {titles}")
                )
                for rest in range(row + 1, end):
                    if any(c in titled and t.text for c, t in self.sheet.row(rest)):
                        self._say(
                            "left",
                            rest,
                            say(
                                f"{row} 行目からの別の表", f"of the table that begins in row {row}"
                            ),
                        )
                break
            item = self._item(row, own)
            if item:
                yield item
        for column, first in sorted(untitled.items()):
            self._say("left", first, say(
                f"{letters(column)} 列は見出しがない: 読まない", f"column {letters(column)} has no title: not read"))  # fmt: skip

    def _item(self, row: int, own: dict[int, Text]) -> Item | None:
        """The item in a row, or None and a remark."""
        said: dict[Property, str] = {name: self._value(name, row) for name in self.header.known}
        texts = {t.text for t in own.values() if t.text}
        struck = " ".join(_line(t.struck) for t in own.values() if t.struck)
        title = said.get("label") or said.get("name") or ""
        reason = ""
        if same(self.sheet, self.header, row):
            reason = say("見出しの繰り返し", "repeats the header")
        elif not texts:
            reason = say(f"取り消し線: {struck}", f"struck out: {struck}") if struck else ""
        elif not title and self._struck_title(row):
            reason = say(f"取り消し線: {struck}", f"struck out: {struck}")
        elif self._heading(row, own):
            self.section, self.above = _line(next(iter(texts))), []
            reason = say(f"見出し行: {self.section}", f"a heading: {self.section}")
        elif len(texts) == 1 and len(own) >= 3:
            mark = next(iter(texts))
            reason = say(f"どの列も {mark!r}: 終わりの印", f"{mark!r} in every column: an end mark")
        elif self.words.is_structure(said.get("type", "")):
            self._enter(said.get("level", ""), title)
            reason = say(
                f"{title}: 項目をまとめる行 ({said['type']})",
                f"{title}: only holds others together ({said['type']})",
            )
        elif not title:
            shown = " | ".join(_line(t.text) for t in own.values() if t.text)
            reason = say(f"項目名がない: {shown}", f"has no name: {shown}")
        if reason or not texts:
            if reason:
                self._say("left", row, reason)
            return None
        if struck:
            self._say(
                "look",
                row,
                say(
                    f"{title}: 取り消し線の部分は読まない: {struck}",
                    f"{title}: what is struck out was not read: {struck}",
                ),
            )
        if row in self.sheet.hidden_rows:
            self._say(
                "look",
                row,
                say(f"{title}: 非表示の行も読んだ", f"{title}: stands in a hidden row, was read"),
            )
        self._enter(said.get("level", ""), "")
        return Item(self.sheet.title, row, {n: v for n, v in said.items() if v}, self._more(row, own),
                    self.section, said.get("group", ""))  # fmt: skip

    def _value(self, name: Property, row: int) -> str:
        span = self.header.known.get(name)
        if span is None:
            return ""
        texts = self._texts(span, row)
        if name in ("id", "name", "type", "length", "bytes"):  # broken where the column ended
            return "".join("".join(texts).split("\n")).strip()
        return _flow(" ".join(texts)) if name == "note" else _line(" ".join(texts))

    def _texts(self, span: Span, row: int) -> list[str]:
        """What is seen in a row under a title: its cells, and those that are merged down over them."""
        found = []
        for column in range(span.first, span.last + 1):
            top, left = self.sheet.anchor(row, column)
            box: Box | None = self.sheet.covered.get((row, column))
            if left != column or (box and top <= self.header.bottom):
                continue
            if text := self.sheet.at(top, left).text:
                found.append(text)
        return found

    def _heading(self, row: int, own: dict[int, Text]) -> bool:
        """Whether a row holds one text alone, and that is no item's: a heading of those below."""
        filled = [c for c, t in own.items() if t.text]
        if len(filled) != 1:
            return False
        box = self.sheet.covered.get((row, filled[0]))
        span = next(s for s in self.header.spans if s.first <= filled[0] <= s.last)
        label = self.header.known.get("label") or self.header.known.get("name")
        return span != label or bool(box and box.right > span.last) or not self._value("type", row)

    def _struck_title(self, row: int) -> bool:
        names: tuple[Property, ...] = ("label", "name")
        spans = [self.header.known[n] for n in names if n in self.header.known]
        return any(self.sheet.at(row, c).struck for s in spans for c in range(s.first, s.last + 1))

    def _enter(self, level: str, title: str) -> None:
        """Keep what holds the following rows together, by level."""
        if not re.fullmatch("[0-9]+", level):
            return
        self.above = [(at, name) for at, name in self.above if at < int(level)]
        if title:
            self.above.append((int(level), title))

    def _more(self, row: int, own: dict[int, Text]) -> dict[str, str]:
        more = {}
        for span in self.header.others:
            if text := _flow(" ".join(self._texts(span, row))):
                more[span.title] = text
        if self.above:
            more[say("上位", "within")] = " > ".join(name for _, name in self.above)
        for column, cell in own.items():
            if cell.comment:
                more[say(f"コメント {letters(column)}", f"comment {letters(column)}")] = _flow(
                    cell.comment
                )
        return more


def _flow(text: str) -> str:
    """A longer text on one line: where it was broken, a blank."""
    return " ".join(line.strip() for line in text.split("\n") if line.strip())


def _line(text: str) -> str:
    """A text on one line: Japanese joined as it was broken, other words by a blank.

    >>> _line("配列\\n構\\n造化"), _line("X,\\nN")
    ('配列構造化', 'X, N')
    """
    lines = [line.strip(" \t\r") for line in text.split("\n")]
    joined = ""
    for line in filter(None, lines):
        blank = joined and (joined[-1].isascii() or line[0].isascii())
        joined = f"{joined} {line}" if blank else joined + line
    return joined
