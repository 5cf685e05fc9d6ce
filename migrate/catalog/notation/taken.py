"""One 符号表 as fields."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import ValidationError

from migrate.catalog.copybook.names import snake
from migrate.catalog.drafts import Finding
from migrate.catalog.files import shown
from migrate.catalog.notation.words import FILLERS, TYPES, WORDS
from migrate.errors import KnowledgeError, Problem
from migrate.language import say
from migrate.model import Field

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Table:
    """One 符号表 on its way in."""

    path: Path
    lines: list[list[str]]
    findings: list[Finding] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)
    codes: list[tuple[str, str, str]] = field(default_factory=list)
    at: int = 1

    def cell(self, row: list[str], name: str) -> str:
        index = self.columns.get(name, -1)
        return row[index].strip() if 0 <= index < len(row) else ""

    def ask(self, line: int, ja: str, en: str) -> None:
        self.findings.append(Finding(self.path, line, say(ja, en), undecided=True))

    def wrong(self, line: int, ja: str, en: str) -> KnowledgeError:
        place = say(f"{line} 行目", f"line {line}") if line else ""
        return KnowledgeError(
            Problem(shown(self.path), place, say(ja, en), say("符号表を直す", "mend the 符号表"))
        )

    def number(self, row: list[str], name: str, line: int) -> int:
        text = unicodedata.normalize("NFKC", self.cell(row, name))
        if not text:
            return 0
        if not re.fullmatch(r"[0-9]{1,7}(\.0)?", text):
            raise self.wrong(line, f"{name} が数でない: {text}", f"{name} is not a number: {text}")
        return int(float(text))


def taken(path: Path) -> Table:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            lines = list(csv.reader(io.StringIO(data.decode(encoding), newline="")))
            break
        except (UnicodeDecodeError, csv.Error):
            continue
    else:
        cause = say(
            "UTF-8 でも cp932 でもない、または CSV でない", "neither UTF-8 nor cp932, or no CSV"
        )
        raise KnowledgeError(
            Problem(shown(path), "", cause, say("CSV で保存し直す", "save it as CSV again"))
        )
    table = Table(path, lines)
    start = _headings(table)
    for row in lines[:start]:
        for at in range(0, len(row) - 1, 2):
            if row[at].strip():
                table.head[row[at].strip()] = (
                    row[at + 1] if row[at] == "区切り" else row[at + 1].strip()
                )
    _items(table, start + 1)
    if not table.fields:
        raise table.wrong(0, "項目が1つもない", "has no items")
    return table


def _headings(table: Table) -> int:
    """The index of the line of headings; finds the columns."""
    for number, row in enumerate(table.lines):
        plain = [unicodedata.normalize("NFKC", cell).strip() for cell in row]
        found = {
            name: next((plain.index(w) for w in words if w in plain), -1)
            for name, words in WORDS.items()
        }
        if min(found["項目名"], found["位置"], found["バイト数"]) >= 0:
            table.columns = {name: at for name, at in found.items() if at >= 0}
            return number
    raise table.wrong(
        0,
        "項目名・位置・バイト数の見出し行がない",
        "no line of headings with 項目名, 位置 and バイト数",
    )


@dataclass
class _Repeat:
    """A heading under which deeper rows repeat."""

    name: str
    level: int
    times: int
    start: int


@dataclass(frozen=True)
class _Where:
    """What an item row is part of."""

    bytes: int
    repeat: _Repeat | None
    times: int
    above: str  # headings that do not repeat
    columns: bool = field(kw_only=True)  # positions count columns


def _items(table: Table, first: int) -> None:
    """The item rows, as fields."""
    repeat: _Repeat | None = None
    above: list[tuple[int, str]] = []  # headings that do not repeat
    csv_ = "CSV" in unicodedata.normalize("NFKC", table.head.get("ファイル形式", "")).upper()
    for line, row in enumerate(table.lines[first:], first + 1):
        label, level = table.cell(row, "項目名"), table.number(row, "階層", line) or 1
        size, times = table.number(row, "バイト数", line), table.number(row, "繰返し", line)
        code = (table.cell(row, "符号"), table.cell(row, "符号内容"))
        if not label:
            if any(code) and table.fields:
                _coded(table, code)
            continue
        if repeat and level <= repeat.level:
            _closed(table, repeat)
            repeat = None
        above = [(deep, text) for deep, text in above if deep < level]
        if not size and not (csv_ and table.cell(row, "変数名")):
            if times > 1 or (times and not table.cell(row, "変数名")):
                if repeat:
                    raise table.wrong(
                        line, "繰返しの中の繰返し", "a repetition inside a repetition"
                    )
                repeat = _Repeat(snake(label) or f"group_{table.at}", level, times, table.at)
            else:
                above.append((level, label))
            continue
        _gap(table, row, line, csv_=csv_)
        headings = "／".join(text for _, text in above)
        _added(table, row, line, _Where(size, repeat, times, headings, columns=csv_))
        if any(code):
            _coded(table, code)
    if repeat:
        _closed(table, repeat)


def _closed(table: Table, repeat: _Repeat) -> None:
    table.at = repeat.start + (table.at - repeat.start) * repeat.times


def _gap(table: Table, row: list[str], line: int, *, csv_: bool) -> None:
    """Bytes that no item describes, and items that lie over one another."""
    at = table.number(row, "位置", line)
    if at and at < table.at:
        raise table.wrong(
            line,
            f"位置 {at} は前の項目と重なる",
            f"位置 {at} lies in the item before it, which ends at {table.at - 1}",
        )
    if at > table.at and not csv_:
        table.fields.append(
            Field(name="reserve", label="予備", start=table.at, bytes=at - table.at, type="filler")
        )
        table.findings.append(
            Finding(
                table.path,
                line,
                say(
                    f"{table.at} から {at - 1} バイト目の項目がない。予備とした",
                    f"nothing describes bytes {table.at} to {at - 1}: taken as filler",
                ),
            )
        )
        table.at = at


def _added(table: Table, row: list[str], line: int, where: _Where) -> None:
    """The field of one item row."""
    repeat, times = where.repeat, where.times
    label, said = table.cell(row, "項目名"), table.cell(row, "型")
    kind = {ja: name for name, ja in TYPES.items()}.get(said, "")
    if not kind:
        kind = "filler" if label.upper() in FILLERS else "text"
        if said:
            table.ask(
                line,
                f"{label}: 型 {said} を知らない。{kind} とした",
                f"{label}: unknown 型 {said}, taken as {kind}",
            )
    own = table.cell(row, "変数名")
    name = own if re.fullmatch(r"[a-z][a-z0-9_]*", own) else snake(own)
    name = name or (
        "reserve"
        if kind == "filler"
        else f"f_{sum(f.type != 'filler' for f in table.fields) + 1:03}"
    )
    if kind != "filler" and any(f.name == name for f in table.fields):
        raise table.wrong(line, f"変数名 {own or name} が重複", f"変数名 {own or name} comes twice")
    note = "。".join(filter(None, (where.above, table.cell(row, "備考"))))
    count = repeat.times if repeat else max(times, 1)
    try:
        table.fields.append(Field(
            name=name, label=label, start=table.at, bytes=where.bytes, type=kind, scale=int(table.cell(row, "小数") or 0), form=table.cell(row, "形"),
            group=repeat.name if repeat else "", times=count, sensitive=kind != "filler", note=note,
        ))  # fmt: skip
    except (ValidationError, ValueError):
        raise table.wrong(
            line, f"{label}: 項目として読めない", f"{label}: cannot be read as an item"
        ) from None
    table.at += (1 if where.columns else where.bytes) * (1 if repeat else count)


def _coded(table: Table, code: tuple[str, str]) -> None:
    """A code of the last item: into its note, and among the codes."""
    last = table.fields[-1]
    told = f"{code[0]}={code[1]}"
    table.fields[-1] = last.model_copy(update={"note": " ".join(filter(None, (last.note, told)))})
    table.codes.append((last.name, *code))
