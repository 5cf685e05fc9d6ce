"""Data descriptions: the statements of a copybook as trees of items, one tree a level 01."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrate.catalog.copybook.clauses import Clauses, Item
from migrate.catalog.copybook.source import wrong
from migrate.language import say

if TYPE_CHECKING:
    from migrate.catalog.copybook.source import Reading, Word

AROUND = re.findall(
    r"\S+",
    """IDENTIFICATION ENVIRONMENT CONFIGURATION INPUT-OUTPUT FILE-CONTROL SELECT DATA FILE WORKING-STORAGE LINKAGE
    LOCAL-STORAGE REPORT SCREEN FD SD RD CD BLOCK LABEL RECORD RECORDING VALUE VALUES CODE-SET LINAGE EJECT SKIP1
    SKIP2 SKIP3 TITLE EXEC PROGRAM-ID REPLACE""",
)
"""Words with which a statement may begin that describes no data."""


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
            reading.note(
                first.path,
                first.line,
                "PROCEDURE から後を読み飛ばす",
                "all from PROCEDURE on is passed over",
            )
            break
        if first.upper in AROUND:
            passed.append(first)
            continue
        if not re.fullmatch(r"\d{1,2}", first.text):
            cause = say(f"レベル番号でない: {first.text}", f"not a level number: {first.text}")
            remedy = say(
                "前の行の終止符か、--form を確かめる",
                "look for the period of the line before, or set --form",
            )
            raise wrong(first.path, first.line, cause, remedy)
        level = int(first.text)
        if level == 88:
            _codes(statement, flat)
        elif level in (66, 77, 78):
            reading.note(
                first.path,
                first.line,
                f"レベル {level} は読み飛ばす: {_name(statement)}",
                f"level {level} passed over: {_name(statement)}",
            )
        elif 1 <= level <= 49:
            item = Clauses(statement, reading).item()
            item.comment = _comment(comments, after)
            flat.append(item)
        else:
            cause = say(f"レベル {level} はない", f"there is no level {level}")
            raise wrong(
                first.path,
                first.line,
                cause,
                say("01-49 66 77 88 のどれか", "use 01-49, 66, 77 or 88"),
            )
    if passed:
        names = " ".join(dict.fromkeys(w.upper for w in passed))
        reading.note(
            passed[0].path,
            passed[0].line,
            f"項目でない行を読み飛ばす: {names}",
            f"lines that describe no data are passed over: {names}",
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
        cause = say(
            "88 の前に項目がない、または値がない",
            "88 without an item before it, or without a value",
        )
        raise wrong(
            first.path, first.line, cause, say("88 を項目の下に置く", "place it under its item")
        )
    name, at = statement[1].text, 2
    values: list[str] = []
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


def _trees(flat: list[Item], reading: Reading) -> list[Item]:
    """Items under the items that hold them."""
    roots: list[Item] = []
    stack: list[Item] = []
    for item in flat:
        while stack and stack[-1].level >= item.level:
            stack.pop()
        if stack and stack[-1].picture:
            cause = say(
                f"PIC のある {stack[-1].said} の下に項目",
                f"an item under {stack[-1].said}, which has a PIC",
            )
            raise wrong(
                item.path, item.line, cause, say("レベル番号を直す", "mend the level numbers")
            )
        if stack:
            siblings = stack[-1].children
            if siblings and siblings[0].level != item.level:
                reading.note(
                    item.path,
                    item.line,
                    f"{item.said}: 兄弟とレベルが違う",
                    f"{item.said}: its level is not its siblings'",
                )
            siblings.append(item)
        else:
            roots.append(item)
        stack.append(item)
    if roots and roots[0].level != 1:
        head = [r for r in roots if r.level != 1]
        whole = Item(1, "", head[0].path, head[0].line, children=head)
        return [whole, *(r for r in roots if r.level == 1)]
    return roots
