"""One data description entry: its clauses, one after another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.catalog.copybook.pictures import usage
from migrate.catalog.copybook.source import wrong
from migrate.language import say

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.catalog.copybook.source import Reading, Word


@dataclass
class Item:
    """One data description entry."""

    level: int
    name: str  # "": FILLER
    path: Path
    line: int
    picture: str = ""
    usage: str = ""
    sign: str = ""
    least: int = 0
    times: int = 0  # OCCURS; 0: none
    depends: str = ""
    redefines: str = ""
    sync: bool = False
    comment: str = ""  # of the lines directly before it, or on its line
    remark: str = ""
    notes: tuple[str, ...] = ()
    codes: list[tuple[str, str]] = field(default_factory=list)  # 88: value, meaning
    children: list[Item] = field(default_factory=list)

    @property
    def said(self) -> str:
        """The item's name for a message."""
        return self.name or "FILLER"


@dataclass
class Clauses:
    """The clauses of one entry, taken one after another."""

    statement: list[Word]
    reading: Reading
    at: int = 1

    def item(self) -> Item:
        first = self.statement[0]
        item = Item(int(first.text), "", first.path, first.line, remark=first.remark)
        if self.peek() and self.peek() not in _CLAUSES and not usage(self.peek()):
            name = self.word()
            if not re.fullmatch(r"[^\W\d_]?[\w\-－‐−ー・]*", name) or re.fullmatch(r"\d*", name):
                self.refuse(say(f"データ名でない: {name}", f"not a data name: {name}"))
            item.name = "" if name.upper() == "FILLER" else name
        while self.at < len(self.statement):
            word = self.peek()
            if used := usage(word):
                self.at += 1
                item.usage = used
            elif word in _CLAUSES:
                self.at += 1
                _CLAUSES[word](self, item)
            else:
                self.refuse(
                    say(
                        f"知らない句: {self.statement[self.at].text}",
                        f"unknown clause: {self.statement[self.at].text}",
                    )
                )
        return item

    def peek(self) -> str:
        return self.statement[self.at].text.upper() if self.at < len(self.statement) else ""

    def word(self, *optional: str) -> str:
        """The next word, behind the optional ones."""
        self.skip(*optional)
        if self.at >= len(self.statement):
            self.refuse(say("文が途中で終わる", "the statement ends too early"))
        self.at += 1
        return self.statement[self.at - 1].text

    def skip(self, *optional: str) -> None:
        while self.peek() in optional and self.peek():
            self.at += 1

    def number(self, *optional: str) -> int:
        word = self.word(*optional)
        if not re.fullmatch(r"[0-9]{1,6}", word):
            self.refuse(say(f"数でない: {word}", f"not a number: {word}"))
        return int(word)

    def refuse(self, cause: str) -> None:
        word = self.statement[min(self.at, len(self.statement) - 1)]
        remedy = say(
            "行と、前の行の終止符を確かめる",
            "look at the line, and for the period of the one before",
        )
        raise wrong(word.path, word.line, cause, remedy)

    def picture(self, item: Item) -> None:
        item.picture = self.word("IS")

    def used(self, item: Item) -> None:
        word = self.word("IS")
        item.usage = usage(word)
        if not item.usage:
            self.refuse(say(f"知らない USAGE: {word}", f"unknown USAGE: {word}"))

    def redefined(self, item: Item) -> None:
        item.redefines = self.word()

    def signed(self, item: Item) -> None:
        self.skip("IS")
        if self.peek() not in ("LEADING", "TRAILING"):
            self.refuse(say("SIGN は LEADING か TRAILING", "SIGN is LEADING or TRAILING"))
        self.side(item)

    def side(self, item: Item) -> None:
        if self.statement[self.at - 1].text.upper() not in ("LEADING", "TRAILING"):
            self.at += 1
        item.sign = self.statement[self.at - 1].text.lower()
        if self.peek() == "SEPARATE":
            self.at += 1
            self.skip("CHARACTER")
            item.sign += " separate"

    def repeated(self, item: Item) -> None:
        item.least = item.times = self.number()
        if self.peek() == "TO":
            self.at += 1
            item.times = self.number()
        self.skip("TIMES")
        if self.peek() == "DEPENDING":
            self.at += 1
            item.depends = self.word("ON")
            while self.peek() in ("OF", "IN"):
                self.at += 2
        if not item.times:
            self.refuse(say("OCCURS 0", "OCCURS 0"))
        if item.least != item.times and not item.depends:
            self.refuse(say("OCCURS m TO n に DEPENDING がない", "OCCURS m TO n without DEPENDING"))

    def keys(self, item: Item) -> None:
        """ASCENDING KEY, INDEXED BY: names that say nothing of bytes."""
        self.skip("KEY", "IS", "BY")
        self.word()
        while self.peek() and self.peek() not in _CLAUSES and not usage(self.peek()):
            self.at += 1

    def valued(self, item: Item) -> None:
        self.skip("IS", "ARE", "ALL")
        self.word()
        while self.at < len(self.statement) and (
            self.statement[self.at].kind == "text" or self.peek() in ("THRU", "THROUGH")
        ):
            self.at += 1

    def synchronized(self, item: Item) -> None:
        self.skip("LEFT", "RIGHT")
        item.sync = True

    def justified(self, item: Item) -> None:
        self.skip("RIGHT")
        item.notes += (say("右詰め", "right-aligned (JUSTIFIED)"),)

    def blanked(self, item: Item) -> None:
        self.skip("WHEN", "ZERO", "ZEROS", "ZEROES")
        item.notes += (say("0は空白", "blank when zero"),)

    def nothing(self, item: Item) -> None:
        """GLOBAL, EXTERNAL: of no meaning in a file."""


_CLAUSES = {
    "PIC": Clauses.picture, "PICTURE": Clauses.picture, "USAGE": Clauses.used, "REDEFINES": Clauses.redefined,
    "SIGN": Clauses.signed, "LEADING": Clauses.side, "TRAILING": Clauses.side, "OCCURS": Clauses.repeated,
    "ASCENDING": Clauses.keys, "DESCENDING": Clauses.keys, "INDEXED": Clauses.keys, "VALUE": Clauses.valued,
    "VALUES": Clauses.valued, "SYNC": Clauses.synchronized, "SYNCHRONIZED": Clauses.synchronized,
    "JUST": Clauses.justified, "JUSTIFIED": Clauses.justified, "BLANK": Clauses.blanked,
    "GLOBAL": Clauses.nothing, "EXTERNAL": Clauses.nothing,
}  # fmt: skip
