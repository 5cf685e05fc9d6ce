"""The text of a copybook: its bytes, cut by columns as a compiler cuts them, in words.

Columns are bytes of Shift_JIS: a two-byte character takes two of them. A source that was brought to UTF-8 is
counted as if it still were Shift_JIS. In fixed form columns 1-6 are a sequence number, 7 an indicator, 8-72 code and
73-80 a remark (Japanese shops write the item's name there); in free form every line is code.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from migrate.catalog.drafts import Finding
from migrate.catalog.files import shown
from migrate.errors import KnowledgeError, Problem
from migrate.language import say

if TYPE_CHECKING:
    from pathlib import Path

FIXED = " *-/dD$"
"""What column 7 of a line in fixed form may hold."""

Form = Literal["", "fixed", "free"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the source. kind: word, text (a literal), stop (the period), pseudo (==...==), comment."""

    kind: Literal["word", "text", "stop", "pseudo", "comment"]
    text: str
    path: Path
    line: int
    remark: str = ""  # what stands in columns 73-80 of its line
    full: bool = False  # a comment that fills its line: the next one goes on with it

    @property
    def upper(self) -> str:
        return self.text.upper() if self.kind == "word" else ""


@dataclass(slots=True)
class Line:
    """One line, cut into its columns."""

    number: int
    indicator: str
    code: str
    remark: str = ""
    full: bool = False


@dataclass
class Reading:
    """How a copybook is to be read, and what was found on the way."""

    encoding: str = ""  # of the source; "": UTF-8 if it is valid UTF-8, else cp932
    form: Form = ""
    folders: tuple[Path, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def note(self, path: Path, line: int, ja: str, en: str) -> None:
        self.findings.append(Finding(path, line, say(ja, en)))

    def ask(self, path: Path, line: int, ja: str, en: str) -> None:
        self.findings.append(Finding(path, line, say(ja, en), undecided=True))


def wrong(path: Path, line: int, cause: str, remedy: str) -> KnowledgeError:
    """The error for one line of a copybook."""
    place = say(f"{line} 行目", f"line {line}") if line else ""
    return KnowledgeError(Problem(shown(path), place, cause, remedy))


def words(path: Path, reading: Reading) -> list[Word]:
    """The words of a source file, comments among them, in order.

    >>> from pathlib import Path; from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "a.cpy"
    >>> _ = path.write_bytes("000100 01  A.\\n000200*  氏名\\n000300     05  B  PIC N(4).".encode("cp932"))
    >>> [(w.kind, w.text) for w in words(path, Reading())][2:8]
    [('stop', '.'), ('comment', '  氏名'), ('word', '05'), ('word', 'B'), ('word', 'PIC'), ('word', 'N(4)')]
    >>> _ = path.write_bytes(b"000100 01  A.  05  B PIC X(2")
    >>> words(path, Reading(encoding="utf-99"))
    Traceback (most recent call last):
        ...
    migrate.errors.KnowledgeError: ...a.cpy: no encoding 'utf-99'; write a name such as cp932, utf-8 or euc-jp
    """
    lines = _lines(path, reading)
    found: list[Word] = []
    for line in _joined(path, lines, reading):
        if line.indicator in "*/" and line.indicator:
            found.append(Word("comment", line.code, path, line.number, full=line.full))
        else:
            found += _cut(path, line)
    return found


def _decoded(path: Path, reading: Reading) -> list[str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        cause, remedy = (
            say("ファイルがありません", "no such file"),
            say("名前を直す", "mend its name"),
        )
        raise wrong(path, 0, cause, remedy) from None
    if reading.encoding:
        try:
            name = codecs.lookup(reading.encoding).name
        except LookupError:
            cause = say(
                f"文字コード {reading.encoding!r} はありません", f"no encoding {reading.encoding!r}"
            )
            remedy = say("cp932 utf-8 euc-jp など", "write a name such as cp932, utf-8 or euc-jp")
            raise wrong(path, 0, cause, remedy) from None
    else:
        name = "utf-8" if _is_utf8(data) else "cp932"
    data = data.removeprefix(codecs.BOM_UTF8)
    texts = []
    for number, raw in enumerate(re.split(rb"\r\n|\n|\r", data.rstrip(b"\x1a\r\n")), 1):
        try:
            texts.append(raw.decode(name))
        except UnicodeDecodeError as error:
            cause = say(
                f"{error.start + 1} バイト目が {name} ではない",
                f"byte {error.start + 1} is not {name}",
            )
            remedy = say(
                "--source-encoding で文字コードを示す", "name its encoding with --source-encoding"
            )
            raise wrong(path, number, cause, remedy) from None
    return texts


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def width(character: str) -> int:
    """The columns that a character takes: 1 or 2.

    >>> [width(c) for c in "Aｱ漢　"]
    [1, 1, 2, 2]
    """
    return 1 if character < "\x80" or "\uff61" <= character <= "\uff9f" else 2


def _columns(text: str, *bounds: int) -> list[str]:
    """The text between columns; a character belongs where it begins.

    >>> _columns("000100 05 氏名", 6, 7, 72)
    ['000100', ' ', '05 氏名', '']
    """
    if text.isascii():
        return [text[a:b] for a, b in zip((0, *bounds), (*bounds, None), strict=True)]
    parts, at = [""] * (len(bounds) + 1), 0
    for character in text:
        parts[sum(at >= bound for bound in bounds)] += character
        at += width(character)
    return parts


def _lines(path: Path, reading: Reading) -> list[Line]:
    texts = [text.expandtabs(8).rstrip(" \x00") for text in _decoded(path, reading)]
    form = reading.form or _form(texts)
    lines: list[Line] = []
    for number, text in enumerate(texts, 1):
        if re.match(r"\s*(>>|\$SET\b)", text, re.I):
            if m := re.search(r"FREE|FIXED", text, re.I):
                form = "free" if m.group().upper() == "FREE" else "fixed"
            reading.note(
                path,
                number,
                f"指示を読み飛ばす: {text.strip()}",
                f"directive passed over: {text.strip()}",
            )
        elif form == "free":
            bare = text.lstrip()
            if bare.startswith("*"):
                lines.append(Line(number, "*", bare.lstrip("*>").removeprefix(">")))
            else:
                lines.append(Line(number, " ", text))
        else:
            _, indicator, code, remark = _columns(text, 6, 7, 72)
            if indicator and indicator not in FIXED:
                cause = say(f"7桁目が {indicator!r}", f"column 7 holds {indicator!r}")
                remedy = say(
                    "行を直すか、自由形式なら --form free",
                    "mend the line; if the source is in free form: --form free",
                )
                raise wrong(path, number, cause, remedy)
            full = sum(map(width, code)) >= 62
            if indicator in ("", " ", "-") and _runs_on(code, remark):
                reading.ask(
                    path,
                    number,
                    f"73桁目から後は読まない: {remark.strip()}",
                    f"what stands beyond column 72 is not read: {remark.strip()}",
                )
            lines.append(Line(number, indicator or " ", code, remark.strip(), full))
    return lines


def _runs_on(code: str, remark: str) -> bool:
    """Whether a remark looks like code that ran beyond column 72.

    >>> _runs_on("     05  A  PIC X(3)", "."), _runs_on(f"{'05  A  PIC X.':65}", "D.100709")
    (True, False)
    """
    return remark.rstrip().endswith(".") or bool(
        remark[:1].strip() and sum(map(width, code)) >= 65 and code[-1:].strip()
    )


def _form(texts: list[str]) -> Form:
    """fixed or free: by the indicators in column 7, or a directive.

    >>> _form(["000100 01  A.", "000200* x"]), _form(["01 A.", "  05 B PIC X.", "*> x"])
    ('fixed', 'free')
    """
    for text in texts:
        if re.match(r"\s*(>>\s*SOURCE|\$SET\s*SOURCEFORMAT).*FREE", text, re.I):
            return "free"
    told = [_columns(text, 6, 7, 72)[1] for text in texts if text.strip()]
    like_fixed = sum(mark == "" or mark in FIXED for mark in told)
    early = sum(bool(re.match(r" {0,6}(\d{1,2}\s+[^\d\s]|\*>)", text)) for text in texts)
    return "fixed" if like_fixed >= 0.8 * len(told) and early <= 0.2 * len(told) else "free"


def _joined(path: Path, lines: list[Line], reading: Reading) -> list[Line]:
    """The lines that count, continuation lines joined to what they continue."""
    kept: list[Line] = []
    for line in lines:
        if line.indicator in "dD" and line.indicator != " ":
            reading.note(path, line.number, "デバッグ行を読み飛ばす", "debugging line passed over")
        elif line.indicator == "-":
            before = next(
                (k for k in reversed(kept) if k.indicator == " " and k.code.strip()), None
            )
            if before is None:
                cause = say("続きの行の前に行がない", "continues nothing")
                raise wrong(
                    path, line.number, cause, say("7桁目の - を直す", "mend the - in column 7")
                )
            quote = _open_quote(before.code)
            more = line.code.lstrip()
            if quote:
                before.code += " " * (65 - sum(map(width, before.code))) + more.removeprefix(quote)
            else:
                before.code = before.code.rstrip() + more
        else:
            kept.append(replace(line))
    return kept


def _open_quote(code: str) -> str:
    """The quote that a line leaves open, or nothing."""
    open_ = ""
    for character in code:
        if character == open_:
            open_ = ""
        elif not open_ and character in "\"'":
            open_ = character
    return open_


_PIECES = re.compile(
    r"""(?P<space>[\s\u3000]+|[,;](?=[\s\u3000]|$))
    |(?P<comment>\*>.*)
    |(?P<pseudo>==.*?==)
    |(?P<text>(?:N|G|X|NX|B|Z|NC|n|g|x|nx)?(?:"(?:[^"]|"")*"|'(?:[^']|'')*'))
    |(?P<stop>\.(?=[\s\u3000]|$))
    |(?P<word>(?:(?!==)(?!\.(?:[\s\u3000]|$))(?![,;](?:[\s\u3000]|$))[^\s\u3000"'])+)""",
    re.X,
)


def _cut(path: Path, line: Line) -> list[Word]:
    """The words of one line of code."""
    found, at, code = [], 0, line.code
    while at < len(code):
        piece = _PIECES.match(code, at)
        if piece is None:
            cause = say(
                f"読めない: {code[at : at + 12]!r}", f"cannot be read: {code[at : at + 12]!r}"
            )
            raise wrong(path, line.number, cause, say("引用符を閉じる", "close the quotes"))
        at, kind = piece.end(), piece.lastgroup
        if kind == "comment":
            found.append(Word("comment", piece.group()[2:], path, line.number))
        elif kind in ("word", "text", "stop", "pseudo"):
            found.append(Word(kind, piece.group(), path, line.number, line.remark))  # type: ignore[arg-type]
    return found
