"""The CSV in which an old system declares its totals, as an official makes it: `claimed(path, tables, codes)`.

It is forgiving of what Excel does (Shift_JIS, commas in numbers, full-width letters, lost zeros) and of Japanese in
place of English names; of nothing else: a line that nobody understands is an error, not a line left out.
"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from migrate.catalog.measures import Measure, measures
from migrate.errors import SourceError, unknown
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from migrate.model import CodeList, Table

HEADER = {
    "table": "表",
    "measure": "集計",
    "by": "区分",
    "label": "名称",
    "figure": "数値",
    "note": "備考",
}
"""The columns by both names; `by`, `label` and `note` may be left out."""
_NEEDED = ("table", "measure", "figure")
_TOO_MANY = "beyond the header"
_NEXT = re.compile(r" (?=[^ =]+=)")
"""The blank before the next `column=`: a value may hold blanks."""


class Claim(NamedTuple):
    """One line of the list, in the standard's own names."""

    table: str
    measure: str
    by: dict[str, str]  # in the order of the measure
    label: str
    figure: int | Decimal


def claimed(path: Path, tables: Mapping[str, Table], codes: Mapping[str, CodeList]) -> list[Claim]:
    """Every line of the list. Raises SourceError that names all lines that cannot be understood."""
    lines = _lines(path)
    called = _called(tables)
    claims: dict[tuple[str, str, frozenset[tuple[str, str]]], Claim] = {}
    wrong = []
    for number, line in lines:
        try:
            claim = _claim(line, called, codes)
            key = (claim.table, claim.measure, frozenset(claim.by.items()))
            if key in claims:
                raise _UnclearError(say("同じ集計が2度あります", "this total comes twice"))
            claims[key] = claim
        except _UnclearError as cause:
            wrong.append(
                say(f"{path.name}: {number} 行目: {cause}", f"{path.name}: line {number}: {cause}")
            )
    if wrong:
        raise SourceError("\n".join(wrong))
    if not claims:
        raise SourceError(
            say(f"{path.name}: 集計が1行もありません", f"{path.name}: holds no total")
        )
    return list(claims.values())


class _UnclearError(Exception):
    """A line that cannot be understood, and why."""


def number(text: str) -> int | Decimal:
    """A figure as people write it; NFKC serves to read it and changes nothing that is written.

    >>> number("1,234"), number("△５"), number("-12.50"), number("¥1,000")
    (1234, -5, Decimal('-12.50'), 1000)
    """
    plain = re.sub(r"^[△▲]", "-", normalize("NFKC", text).strip())
    bare = (
        re.sub(r"^(-?)[¥\\](-?)", r"\1\2", plain)
        .removesuffix("円")
        .removesuffix("人")
        .removesuffix("件")
    )
    grouped = re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[+-]?[0-9]+(\.[0-9]+)?", bare)
    if not grouped:
        raise _UnclearError(say(f"数ではありません: {text!r}", f"not a number: {text!r}"))
    digits = bare.replace(",", "")
    try:
        return Decimal(digits) if "." in digits else int(digits)
    except InvalidOperation as error:
        raise _UnclearError(str(error)) from None


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The lines with their numbers, by English name; UTF-8, or Shift_JIS as Excel saves it."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp932")
        except UnicodeDecodeError:
            raise SourceError(
                say(
                    f"{path.name}: UTF-8 でも Shift_JIS でもありません",
                    f"{path.name}: neither UTF-8 nor Shift_JIS",
                )
            ) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    english = {_plain(ja): en for en, ja in HEADER.items()} | {en: en for en in HEADER}
    header = [_plain(name) for name in next(reader, [])]
    for name in header:
        if name not in english:
            raise SourceError(
                f"{path.name}: " + "; ".join(unknown(say("列", "column"), name, english))
            )
    names = [english[name] for name in header]
    for name in _NEEDED:
        if name not in names:
            raise SourceError(
                say(
                    f"{path.name}: 列 {name} ({HEADER[name]}) がありません",
                    f"{path.name}: has no column {name}",
                )
            )
    found = []
    for row in reader:
        if any(cell.strip() for cell in row):
            cells = dict.fromkeys(HEADER, "") | dict(zip(names, row, strict=False))
            cells[_TOO_MANY] = "".join(row[len(names) :]).strip()
            found.append((reader.line_num, cells))
    return found


class _Known(NamedTuple):
    """A table, its measures by every name, and its columns by every name."""

    table: Table
    measures: dict[str, list[Measure]]
    columns: dict[str, str]


def _called(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Tables by English name, Japanese title and number, with its leading zero or without."""
    found: dict[str, Table] = {}
    for table in tables.values():
        for name in (table.name, table.title, table.id, table.id.lstrip("0")):
            found[_plain(name)] = table
    return found


def _known(table: Table) -> _Known:
    named: dict[str, list[Measure]] = {}
    for measure in measures(table):
        for name in {_plain(measure.name), _plain(measure.label)}:
            named.setdefault(name, []).append(measure)
    short = {n: _plain(found[0].label).partition("(")[0] for n, found in named.items()}
    named |= {s: named[n] for n, s in short.items() if s not in named}
    columns = {_plain(name): c.name for c in table.columns for name in (c.label, c.name)}
    return _Known(table, named, columns)


def _claim(
    line: dict[str, str], called: Mapping[str, Table], codes: Mapping[str, CodeList]
) -> Claim:
    if line[_TOO_MANY]:
        cause = say(
            "列が多すぎます（桁区切りのコンマは引用符の中に）",
            "too many cells (quote a figure with commas)",
        )
        raise _UnclearError(cause)
    name = _plain(line["table"])
    if name not in called:
        raise _UnclearError("; ".join(unknown(say("表", "table"), line["table"], called)))
    known = _known(called[name])
    measure = _plain(line["measure"])
    if measure not in known.measures:
        raise _UnclearError(
            "; ".join(unknown(say("集計", "measure"), line["measure"], known.measures))
        )
    said: dict[str, str] = {}
    for part in _NEXT.split(_plain(line["by"])) if line["by"].strip() else ():
        column, equals, value = part.partition("=")
        if not equals or column not in known.columns:
            raise _UnclearError("; ".join(unknown(say("列", "column"), column, known.columns)))
        said[known.columns[column]] = _code(value, known.table, known.columns[column], codes)
    for candidate in known.measures[measure]:
        if set(candidate.by) == set(said):
            by = {column: said[column] for column in candidate.by}
            label = line["label"] or f"{known.table.title} {candidate.label} {line['by']}".rstrip()
            return Claim(known.table.name, candidate.name, by, label, number(line["figure"]))
    some = ", ".join(" ".join(m.by) or "-" for m in known.measures[measure])
    raise _UnclearError(
        say(
            f"{line['measure']} にこの区分はありません。あるのは {some}",
            f"{line['measure']} is not kept by that; there are {some}",
        )
    )


def _code(value: str, table: Table, column: str, codes: Mapping[str, CodeList]) -> str:
    """A code, also where somebody wrote what it means."""
    name = table.by_name[column].codes
    labels = codes[name].labels if name in codes else {}
    meant = [code for code, label in labels.items() if _plain(label) == value]
    return meant[0] if value not in labels and len(meant) == 1 else value


def _plain(text: str) -> str:
    """Full-width letters and blanks as half-width ones (NFKC), one blank between words: to compare, never written."""
    return " ".join(normalize("NFKC", text).split())
