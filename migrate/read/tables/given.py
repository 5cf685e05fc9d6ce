"""A user's table of codes, in the formats in which tables circulate: `laid(encoding, path, moved)`.

* UCM (`*.ucm`): `<U4E00> \\x45\\x57 |0`, several code points one behind the other; flags 0 and 3 count, as for decoding.
* JSON (`*.json`): a list of rows with `code`, `unicode`, and where there is one the selector `hd` (Hanyo-Denshi) and
  the combining `sp`. Rows with the option `encode_only` or `unmappable` do not count. Of two rows with one code the
  last wins, except that one with the option `cjk_ci` (a compatibility ideograph) loses against the unified one.
* CSV and TSV: columns `code` and `unicode`, code points in hexadecimal joined by `+`. Of two rows the last wins.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from migrate.errors import KnowledgeError, Problem
from migrate.language import say
from migrate.read.tables.draft import LEAD, SHIFT, SINGLE, TRIPLE
from migrate.read.tables.utf import REFUSED, control

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from migrate.read.encodings import Encoding

_UCM = re.compile(
    r"((?:<U[0-9A-Fa-f]{4,6}>\+?)+)\s+((?:\\x[0-9A-Fa-f]{2})+)\s+\|([0-4])\s*(?:#.*)?"
)
_CODE = re.compile(r"(?:0x)?((?:[0-9A-Fa-f]{2}){1,3})")
_POINTS = re.compile(r"(?:U\+|0x)?[0-9A-Fa-f]{4,6}(?:\+(?:U\+|0x)?[0-9A-Fa-f]{4,6})*")
COUNTED = ("0", "3")
"""UCM's flags of what is good for decoding: a round trip, and one way from bytes to text."""


class Row(NamedTuple):
    """What one line of a table says."""

    line: int
    code: bytes
    text: str
    loses: bool = False  # against another row of the same code


Target = tuple[Literal["ones", "pairs"], int]
"""One table of an encoding."""


def laid(encoding: Encoding, path: Path, moved: Callable[[int], int] | None) -> Iterator[tuple[Target, int, str]]:  # fmt: skip
    """(table, code in it, text) for every code of a file. Raises KnowledgeError with line and cause.

    Control characters are left out: they stay refused. `moved` takes each pair to its place.
    """
    for row in _settled(_rows(path)).values():
        if all(control(character) for character in row.text):
            continue
        if row.text == REFUSED:
            continue
        try:
            target, code = _target(encoding, row.code)
            if moved is not None and target[0] == "pairs":
                code = moved(code)
        except (ValueError, KeyError):
            hexed = row.code.hex().upper()
            raise _bad(path, row.line, say(f"{encoding.name} にコード {hexed} はありえません", f"{encoding.name} cannot have a code {hexed}"),
                       say("その行を消すか、layout.toml の encoding を直す", "remove the line, or mend `encoding` in layout.toml")) from None  # fmt: skip
        if len(row.text.encode()) > 8:
            raise _bad(path, row.line, say("文字が長すぎます（UTF-8 で8バイトまで）", "the character is too long (at most 8 bytes of UTF-8)"),
                       say("符号位置を減らす", "use fewer code points"))  # fmt: skip
        yield target, code, row.text


def _settled(rows: Iterator[Row]) -> dict[bytes, Row]:
    """The row that counts for each code."""
    found: dict[bytes, Row] = {}
    for row in rows:
        if row.loses and row.code in found and not found[row.code].loses:
            continue
        found[row.code] = row
    return found


def _target(encoding: Encoding, code: bytes) -> tuple[Target, int]:
    """The table and the place in it of a code. Raises ValueError where the encoding has no such codes."""
    first = int(encoding.ones[0, code[0]])
    number = int.from_bytes(code[1:] if first in (SINGLE, TRIPLE) else code, "big")
    shifted = any(shift.ones < 0 for shift in encoding.shifts)
    if first == SINGLE and len(code) == 2:
        return ("ones", 1), number
    if first == TRIPLE and len(code) == 3:
        return ("pairs", 1), number
    if len(code) == 2 and (first == LEAD or shifted):
        return ("pairs", 0), number
    if len(code) == 1 and first not in (LEAD, SINGLE, TRIPLE, SHIFT):
        return ("ones", 0), number
    raise ValueError(code)


def _rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise _bad(path, 0, say("ファイルがありません", "there is no such file"),
                   say("layout.toml の table を直す", "mend `table` in layout.toml")) from None  # fmt: skip
    except (OSError, ValueError):  # not UTF-8, or no name that a file can have
        raise _bad(path, 0, say("UTF-8 として読めません", "it cannot be read as UTF-8"),
                   say("UTF-8 で保存する", "save it as UTF-8")) from None  # fmt: skip
    kind = path.suffix.lower()
    reader = {".ucm": _ucm, ".json": _json, ".csv": _separated, ".tsv": _separated}.get(kind)
    if reader is None:
        raise _bad(path, 0, say(f"{kind or '拡張子なし'} の表は読めません", f"no table is read from {kind or 'a file without suffix'}"),
                   say(".ucm .json .csv .tsv のどれかにする", "it is .ucm, .json, .csv or .tsv"))  # fmt: skip
    rows = list(reader(path, text))
    if not rows:
        raise _bad(path, 0, say("コードが1つもありません", "it holds no code"),
                   say("docs/encodings.md の形にする", "see docs/encodings.md for its shape"))  # fmt: skip
    yield from rows


def _ucm(path: Path, text: str) -> Iterator[Row]:
    inside = False
    for number, line in enumerate(map(str.strip, text.split("\n")), 1):
        if line in ("CHARMAP", "END CHARMAP"):
            inside = line == "CHARMAP"
        elif inside and line and not line.startswith("#"):
            found = _UCM.fullmatch(line)
            if not found:
                raise _line(path, number, line, "<U4E00> \\x88\\xEA |0")
            if found[3] in COUNTED:
                points = re.findall(r"<U([0-9A-Fa-f]+)>", found[1])
                yield _row(path, number, found[2].replace("\\x", ""), "+".join(points))


def _json(path: Path, text: str) -> Iterator[Row]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise _line(
            path, wrong.lineno, wrong.msg, '[{"code": "41A1", "unicode": "4E02"}]'
        ) from None
    if not isinstance(rows, list):
        raise _line(path, 1, type(rows).__name__, '[{"code": "41A1", "unicode": "4E02"}]')
    for number, row in enumerate(rows, 1):
        if not (isinstance(row, dict) and isinstance(row.get("code"), str) and isinstance(row.get("unicode"), str)):  # fmt: skip
            raise _bad(path, number, say("行に code と unicode がありません", "the row lacks `code` and `unicode`"),
                       say("両方を16進の文字列で書く", "give both as hexadecimal text"))  # fmt: skip
        options = row.get("options") or ()
        if "encode_only" in options or "unmappable" in options:
            continue
        points = [row["unicode"].replace("_", "+"), *(row[k] for k in ("hd", "sp") if row.get(k))]
        yield _row(path, number, row["code"], "+".join(map(str, points)), "cjk_ci" in options)


def _separated(path: Path, text: str) -> Iterator[Row]:
    lines = text.split("\n")
    delimiter = "\t" if "\t" in lines[0] else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    if not {"code", "unicode"} <= set(reader.fieldnames or ()):
        raise _line(path, 1, lines[0], f"code{delimiter}unicode")
    for row in reader:
        yield _row(path, reader.line_num, row["code"] or "", row["unicode"] or "")


def _row(path: Path, number: int, code: str, points: str, loses: bool = False) -> Row:
    found = _CODE.fullmatch(code.strip())
    if not found:
        raise _bad(path, number, say(f"コード {code!r} が16進ではありません", f"the code {code!r} is not hexadecimal"),
                   say("1～3バイトを16進で書く", "give one to three bytes in hexadecimal"))  # fmt: skip
    if not _POINTS.fullmatch(points.strip()):
        raise _bad(path, number, say(f"符号位置 {points!r} が読めません", f"the code points {points!r} cannot be read"),
                   say("304B+309A のように書く", "write them as 304B+309A"))  # fmt: skip
    numbers = [int(p, 16) for p in re.findall(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{4,6}", points.replace("U+", "+"))]  # fmt: skip
    if any(n > 0x10FFFF or 0xD800 <= n < 0xE000 for n in numbers):
        raise _bad(path, number, say(f"{points!r} は Unicode の文字ではありません", f"{points!r} is no character of Unicode"),
                   say("符号位置を直す", "mend the code point"))  # fmt: skip
    return Row(number, bytes.fromhex(found[1]), "".join(map(chr, numbers)), loses)


def _line(path: Path, number: int, line: str, shape: str) -> KnowledgeError:
    cause = say(f"{line[:60]!r} が読めません", f"{line[:60]!r} cannot be read")
    return _bad(path, number, cause, say(f"{shape} の形にする", f"its shape is {shape}"))


def _bad(path: Path, number: int, cause: str, remedy: str) -> KnowledgeError:
    place = say(f"{number}行目", f"line {number}") if number else ""
    return KnowledgeError(Problem(path, place, cause, remedy))
