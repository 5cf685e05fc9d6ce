"""COPY name REPLACING ...: the words of other sources in the place of the statement."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from migrate.catalog.copybook.source import words, wrong
from migrate.language import say

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.catalog.copybook.source import Reading, Word

ENDINGS = ("", ".cpy", ".cbl", ".cob", ".cobol", ".inc", ".txt")


def expanded(path: Path, reading: Reading, within: tuple[Path, ...] = ()) -> list[Word]:
    """The words of a source and of all that it copies.

    >>> from pathlib import Path; from tempfile import mkdtemp; from migrate.catalog.copybook.source import Reading
    >>> folder = Path(mkdtemp()); body = folder / "BODY.cpy"; book = folder / "a.cpy"
    >>> _ = body.write_text("           05  :P:-NO PIC 9(4).")
    >>> _ = book.write_text("       01  A.\\n           COPY BODY REPLACING ==:P:== BY ==KG==.")
    >>> [w.text for w in expanded(book, Reading())]
    ['01', 'A', '.', '05', 'KG-NO', 'PIC', '9(4)', '.']
    >>> _ = book.write_text("       01  A. COPY NOTHING.")
    >>> expanded(book, Reading())
    Traceback (most recent call last):
        ...
    migrate.errors.KnowledgeError: ...line 1: COPY NOTHING: no such file in ...; name its folder with --copy-from
    """
    if path in within:
        cause = say(f"COPY が輪になっている: {path.name}", f"COPY goes in a circle: {path.name}")
        raise wrong(within[-1], 0, cause, say("COPY を1つ除く", "take one COPY away"))
    found = words(path, reading)
    made: list[Word] = []
    at = 0
    while at < len(found):
        if found[at].upper != "COPY":
            made.append(found[at])
            at += 1
            continue
        end = next((i for i in range(at, len(found)) if found[i].kind == "stop"), None)
        if end is None:
            cause = say("COPY 文が終止符で終わっていない", "the COPY statement has no period")
            raise wrong(path, found[at].line, cause, say("終止符を書く", "add the period"))
        statement = [w for w in found[at:end] if w.kind != "comment"]
        made += _copied(statement, reading, (*within, path))
        at = end + 1
    return made


def _copied(statement: list[Word], reading: Reading, within: tuple[Path, ...]) -> list[Word]:
    first, rest = statement[0], statement[1:]
    if not rest:
        cause = say("COPY に名前がない", "COPY names nothing")
        raise wrong(first.path, first.line, cause, say("名前を書く", "name the copybook"))
    name = rest[0].text.strip("\"'")
    others = rest[1:]
    if others and others[0].upper in ("OF", "IN"):
        others = others[2:]
    if others and others[0].upper == "SUPPRESS":
        others = others[1:]
    found = expanded(_file(name, first, reading), reading, within)
    if not others:
        return found
    if others[0].upper != "REPLACING":
        cause = say(
            f"COPY の {others[0].text} は扱えない", f"COPY ... {others[0].text} is not supported"
        )
        remedy = say("コンパイラで展開したものを使う", "use the text as the compiler expands it")
        raise wrong(first.path, first.line, cause, remedy)
    for sought, put, part in _pairs(others[1:]):
        found = _replaced(found, sought, put, part)
    return found


def _file(name: str, at: Word, reading: Reading) -> Path:
    folders = tuple(dict.fromkeys((*reading.folders, at.path.parent)))
    wanted = {f"{name}{ending}".lower() for ending in ENDINGS}
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and path.name.lower() in wanted:
                return path
    where = ", ".join(str(folder) for folder in folders)
    cause = say(f"COPY {name}: ファイルが {where} にない", f"COPY {name}: no such file in {where}")
    remedy = say("--copy-from でフォルダを示す", "name its folder with --copy-from")
    raise wrong(at.path, at.line, cause, remedy)


def _pairs(others: list[Word]) -> list[tuple[list[str], list[Word], str]]:
    """What is sought, what is put there, and whether it is part of a word: leading, trailing."""
    pairs, at = [], 0
    while at < len(others):
        part = others[at].upper if others[at].upper in ("LEADING", "TRAILING") else ""
        at += bool(part)
        if at + 2 >= len(others) or others[at + 1].upper != "BY":
            cause = say("REPLACING は a BY b の並び", "REPLACING wants pairs: a BY b")
            raise wrong(others[0].path, others[0].line, cause, say("書式を直す", "mend the syntax"))
        pairs.append(([w.text for w in _inside(others[at])], _inside(others[at + 2]), part))
        at += 3
    return pairs


def _inside(word: Word) -> list[Word]:
    if word.kind != "pseudo":
        return [word]
    texts = re.findall(r"\.(?=\s|$)|(?:(?!\.(?:\s|$))\S)+", word.text.strip("="))
    return [replace(word, kind="stop" if t == "." else "word", text=t) for t in texts]


def _replaced(found: list[Word], sought: list[str], put: list[Word], part: str) -> list[Word]:
    if not sought:
        return found
    one = sought[0]
    if part or (len(sought) == 1 and re.fullmatch(r"[:(].*[:)]", one)):
        text = " ".join(w.text for w in put)
        shape = {"LEADING": f"^{re.escape(one)}", "TRAILING": f"{re.escape(one)}$"}
        pattern = re.compile(shape.get(part, re.escape(one)), re.I)
        return [
            replace(w, text=pattern.sub(lambda _: text, w.text)) if w.kind == "word" else w
            for w in found
        ]
    made, at, size = [], 0, len(sought)
    while at < len(found):
        if [w.text.upper() for w in found[at : at + size]] == [s.upper() for s in sought]:
            made += [replace(w, line=found[at].line, path=found[at].path) for w in put]
            at += size
        else:
            made.append(found[at])
            at += 1
    return made
