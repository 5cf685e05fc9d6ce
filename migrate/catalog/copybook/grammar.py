"""Data descriptions: the statements of a copybook as trees of items, one tree a level 01."""

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

AROUND = (
    "IDENTIFICATION ENVIRONMENT CONFIGURATION INPUT-OUTPUT FILE-CONTROL SELECT DATA FILE WORKING-STORAGE LINKAGE"
    " LOCAL-STORAGE REPORT SCREEN FD SD RD CD BLOCK LABEL RECORD RECORDING VALUE VALUES CODE-SET LINAGE EJECT SKIP1"
    " SKIP2 SKIP3 TITLE EXEC PROGRAM-ID REPLACE"
).split()
"""Words with which a statement may begin that describes no data."""


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


def items(found: list[Word], reading: Reading) -> list[Item]:
    """The trees of a copybook, one a level 01 (or one for all, where there is no 01).

    >>> from pathlib import Path; from migrate.catalog.copybook.source import Reading, Word
    >>> text = [("word", w) for w in "01 A".split()] + [("stop", ".")] + [("word", w) for w in "05 B PIC X(2)".split()]
    >>> book = [Word(kind, w, Path("a.cpy"), 1) for kind, w in text]
    >>> items([*book, Word("stop", ".", Path("a.cpy"), 1)], Reading())[0].children[0].picture
    'X(2)'
    >>> items(book, Reading())
    Traceback (most recent call last):
        ...
    migrate.errors.KnowledgeError: a.cpy: line 1: the statement has no period; add the period
    """
    flat: list[Item] = []
    passed: list[Word] = []
    for comments, statement, after in _statements(found):
        first = statement[0]
        if first.upper == "PROCEDURE":
            reading.note(first.path, first.line, "PROCEDURE から後を読み飛ばす", "all from PROCEDURE on is passed over")
            break
        if first.upper in AROUND:
            passed.append(first)
            continue
        if not re.fullmatch(r"\d{1,2}", first.text):
            cause = say(f"レベル番号でない: {first.text}", f"not a level number: {first.text}")
            remedy = say("前の行の終止符か、--form を確かめる", "look for the period of the line before, or set --form")
            raise wrong(first.path, first.line, cause, remedy)
        level = int(first.text)
        if level == 88:
            _codes(statement, flat)
        elif level in (66, 77, 78):
            reading.note(
                first.path, first.line, f"レベル {level} は読み飛ばす: {_name(statement)}", f"level {level} passed over: {_name(statement)}"
            )
        elif 1 <= level <= 49:
            item = _Clauses(statement, reading).item()
            item.comment = _comment(comments, after)
            flat.append(item)
        else:
            cause = say(f"レベル {level} はない", f"there is no level {level}")
            raise wrong(first.path, first.line, cause, say("01-49 66 77 88 のどれか", "use 01-49, 66, 77 or 88"))
    if passed:
        names = " ".join(dict.fromkeys(w.upper for w in passed))
        reading.note(
            passed[0].path, passed[0].line, f"項目でない行を読み飛ばす: {names}", f"lines that describe no data are passed over: {names}"
        )
    return _trees(flat, reading)


def _statements(found: list[Word]) -> list[tuple[list[Word], list[Word], list[Word]]]:
    """Statements without their period; the comment lines before each; the comments behind it on its last line."""
    made: list[tuple[list[Word], list[Word], list[Word]]] = []
    before: list[Word] = []
    words: list[Word] = []
    ended: Word | None = None
    for word in found:
        if word.kind == "comment":
            same = ended is not None and (word.path, word.line) == (ended.path, ended.line)
            (made[-1][2] if same and not words else before).append(word)
        elif word.kind == "stop":
            if words:
                made.append((before, words, []))
            before, words, ended = [], [], word
        elif word.upper == "END-EXEC" and words and words[0].upper == "EXEC":
            made.append((before, words, []))
            before, words = [], []
        elif not words and word.upper in ("EJECT", "SKIP1", "SKIP2", "SKIP3"):
            continue
        else:
            words.append(word)
    if words:
        cause = say("終止符で終わっていない", "the statement has no period")
        raise wrong(words[0].path, words[0].line, cause, say("終止符を書く", "add the period"))
    return made


def _comment(before: list[Word], after: list[Word]) -> str:
    """The comment that belongs to an item: the last run of lines before it, or what stands behind it."""
    run: list[Word] = []
    for word in before:
        bare = word.text.strip(" 　")
        if not bare or not re.search(r"[^\W_]", bare) or bare.startswith("*"):
            run = []
        else:
            run.append(word)
    text = ""
    for number, word in enumerate(run):
        gap = "" if number and run[number - 1].full else " "
        text = f"{text}{gap}{word.text.strip(' 　')}"
    text = text or " ".join(w.text.strip(" 　") for w in after)
    return re.sub(r"[ 　]*\*$", "", text).strip(" 　")


def _name(statement: list[Word]) -> str:
    return statement[1].text if len(statement) > 1 else "?"


def _codes(statement: list[Word], flat: list[Item]) -> None:
    """An 88: the values of the item above it and what they mean."""
    first = statement[0]
    if not flat or len(statement) < 3:
        cause = say("88 の前に項目がない、または値がない", "88 without an item before it, or without a value")
        raise wrong(first.path, first.line, cause, say("88 を項目の下に置く", "place it under its item"))
    name, values, at = statement[1].text, [], 2
    while at < len(statement):
        word = statement[at]
        if word.upper in ("VALUE", "VALUES", "IS", "ARE", "ALL"):
            at += 1
        elif word.upper in ("WHEN", "SET", "FALSE"):
            break
        elif word.upper in ("THRU", "THROUGH") and values and at + 1 < len(statement):
            values[-1] += f"-{_literal(statement[at + 1])}"
            at += 2
        else:
            values.append(_literal(word))
            at += 1
    flat[-1].codes += [(value, name) for value in values]


def _literal(word: Word) -> str:
    if word.kind != "text":
        return word.text
    quote = word.text[-1]
    return word.text[word.text.index(quote) + 1 : -1].replace(quote * 2, quote)


@dataclass
class _Clauses:
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
                self.refuse(say(f"知らない句: {self.statement[self.at].text}", f"unknown clause: {self.statement[self.at].text}"))
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
        remedy = say("行と、前の行の終止符を確かめる", "look at the line, and for the period of the one before")
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
    "PIC": _Clauses.picture, "PICTURE": _Clauses.picture, "USAGE": _Clauses.used, "REDEFINES": _Clauses.redefined,
    "SIGN": _Clauses.signed, "LEADING": _Clauses.side, "TRAILING": _Clauses.side, "OCCURS": _Clauses.repeated,
    "ASCENDING": _Clauses.keys, "DESCENDING": _Clauses.keys, "INDEXED": _Clauses.keys, "VALUE": _Clauses.valued,
    "VALUES": _Clauses.valued, "SYNC": _Clauses.synchronized, "SYNCHRONIZED": _Clauses.synchronized,
    "JUST": _Clauses.justified, "JUSTIFIED": _Clauses.justified, "BLANK": _Clauses.blanked,
    "GLOBAL": _Clauses.nothing, "EXTERNAL": _Clauses.nothing,
}  # fmt: skip


def _trees(flat: list[Item], reading: Reading) -> list[Item]:
    """Items under the items that hold them."""
    roots: list[Item] = []
    stack: list[Item] = []
    for item in flat:
        while stack and stack[-1].level >= item.level:
            stack.pop()
        if stack and stack[-1].picture:
            cause = say(f"PIC のある {stack[-1].said} の下に項目", f"an item under {stack[-1].said}, which has a PIC")
            raise wrong(item.path, item.line, cause, say("レベル番号を直す", "mend the level numbers"))
        if stack:
            siblings = stack[-1].children
            if siblings and siblings[0].level != item.level:
                reading.note(item.path, item.line, f"{item.said}: 兄弟とレベルが違う", f"{item.said}: its level is not its siblings'")
            siblings.append(item)
        else:
            roots.append(item)
        stack.append(item)
    if any(root.level != 1 for root in roots):
        if roots and roots[0].level != 1:
            head = [r for r in roots if r.level != 1]
            whole = Item(1, "", head[0].path, head[0].line, children=head)
            return [whole, *(r for r in roots if r.level == 1)]
    return roots
