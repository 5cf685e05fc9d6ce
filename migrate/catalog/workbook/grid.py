"""The sheets of a workbook as texts: nothing in it is executed, no link is followed."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from migrate.catalog.files import shown
from migrate.errors import KnowledgeError, Problem
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 512 * 2**20
"""Unpacked. An item list is some hundred kilobytes; what is larger is something else."""

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True)
class Text:
    """What one cell says; what is struck out is not said, but kept apart."""

    text: str = ""
    struck: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Box:
    """A merged range: 1-based rows and columns, both ends within."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells by (row, column), 1-based."""

    title: str
    hidden: bool
    cells: dict[tuple[int, int], Text]
    boxes: tuple[Box, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    covered: dict[tuple[int, int], Box] = field(default_factory=dict)

    @property
    def last_row(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @property
    def last_column(self) -> int:
        return max((column for _, column in self.cells), default=0)

    def at(self, row: int, column: int) -> Text:
        """The cell itself; blank where it is covered by another."""
        return self.cells.get((row, column), Text())

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """Where the cell stands that is seen at this place."""
        box = self.covered.get((row, column))
        return (box.top, box.left) if box else (row, column)

    def row(self, row: int) -> Iterator[tuple[int, Text]]:
        """The cells of one row that hold something, by column."""
        for column in range(1, self.last_column + 1):
            cell = self.cells.get((row, column))
            if cell:
                yield column, cell


def letters(column: int) -> str:
    """A column's number as a spreadsheet shows it.

    >>> letters(3), letters(27), letters(128)
    ('C', 'AA', 'DX')
    """
    word = ""
    while column:
        column, rest = divmod(column - 1, 26)
        word = chr(65 + rest) + word
    return word


def opened(path: Path) -> list[Sheet]:
    """The sheets of an .xlsx or .xlsm file, hidden ones among them. Formulas show the value last saved.

    Raises KnowledgeError for what is no such file: old .xls, encrypted, damaged.
    """
    _insist_on_workbook(path)
    try:
        import openpyxl
    except ImportError:
        cause = say("openpyxl がありません", "openpyxl is not installed")
        remedy = say(
            "pip install 'chukan-migrate[workbook]'", "pip install 'chukan-migrate[workbook]'"
        )
        raise KnowledgeError(Problem(shown(path), "", cause, remedy)) from None
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that we do not read
            book = openpyxl.load_workbook(file, data_only=True, keep_links=False)
            rich = None
            if _strikes_parts(path):  # loaded so, line breaks between its runs are lost
                rich = openpyxl.load_workbook(file, keep_links=False, rich_text=True)
        return [_sheet(sheet, rich[sheet.title] if rich else None) for sheet in book.worksheets]
    except Exception as error:  # noqa: BLE001 - whatever a damaged part makes it raise
        raise _refused(path, type(error).__name__) from None


def _insist_on_workbook(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begin = file.read(8)
            rest = file.read(2**20) if begin == OLE else b""
    except FileNotFoundError:
        cause = say("ファイルがありません", "no such file")
        remedy = say("名前を直す", "mend its name")
        raise KnowledgeError(Problem(shown(path), "", cause, remedy)) from None
    if begin == OLE and "EncryptedPackage".encode("utf-16le") in rest + _tail(path):
        cause = say("パスワードで暗号化されています", "is encrypted with a password")
        remedy = say("パスワードを外して保存し直す", "save it without the password")
        raise KnowledgeError(Problem(shown(path), "", cause, remedy))
    if begin == OLE:
        cause = say("古い形式 (.xls) です", "is of the old format (.xls)")
        raise KnowledgeError(Problem(shown(path), "", cause, _as_xlsx()))
    try:
        with zipfile.ZipFile(path) as parts:
            names = parts.namelist()
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, NotImplementedError):  # no zip, or one of a kind that nobody writes
        raise _refused(path, say("zip ではない", "not a zip file")) from None
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise _refused(path, say("中に xl/ がない", "holds no xl/"))
    if size > MOST_BYTES:
        raise _refused(path, say(f"展開すると {size:,} バイト", f"{size:,} bytes when unpacked"))


def _strikes_parts(path: Path) -> bool:
    """Whether some cell may have a part of its text struck out."""
    with zipfile.ZipFile(path) as parts:
        names = [
            n for n in parts.namelist() if n == "xl/sharedStrings.xml" or "/worksheets/sheet" in n
        ]
        return any(b"<strike" in parts.read(name) for name in names)


def _tail(path: Path) -> bytes:
    """The end of the file: the directory of an old container may stand there."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**20))
        return file.read()


def _refused(path: Path, why: str) -> KnowledgeError:
    cause = say(f"Excel ブックとして読めません ({why})", f"is no readable workbook ({why})")
    return KnowledgeError(Problem(shown(path), "", cause, _as_xlsx()))


def _as_xlsx() -> str:
    return say(".xlsx で保存し直す", "save it as .xlsx")


def _sheet(sheet: Any, rich: Any) -> Sheet:
    cells = {}
    for (
        row,
        column,
    ), cell in sheet._cells.items():  # only those that exist: a sheet may claim a million rows
        text = _text(cell, rich[cell.coordinate].value if rich else None)
        if text.text or text.struck or text.comment:
            cells[row, column] = text
    boxes = tuple(
        Box(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges
    )
    last_row = max((row for row, _ in cells), default=0)
    last_column = max((column for _, column in cells), default=0)
    covered = {
        (row, column): box
        for box in boxes
        for row in range(box.top, min(box.bottom, last_row) + 1)
        for column in range(box.left, min(box.right, last_column) + 1)
    }
    rows = frozenset(n for n, d in sheet.row_dimensions.items() if d.hidden)
    columns = frozenset(
        n
        for d in sheet.column_dimensions.values()
        if d.hidden
        for n in range(d.min, min(d.max, last_column) + 1)
    )
    return Sheet(sheet.title, sheet.sheet_state != "visible", cells, boxes, rows, columns, covered)


def _text(cell: Any, runs: object) -> Text:
    value, struck = getattr(cell, "value", None), ""
    all_struck = bool(cell.has_style and cell.font and cell.font.strike)
    text = _written(value, cell.number_format)
    parts = runs if isinstance(runs, list) else []  # strings, and runs with a font of their own
    crossed = [  # a line break that is struck out is still one
        bool(str(p).strip()) and (all_struck if isinstance(p, str) else bool(p.font.strike))
        for p in parts
    ]
    if any(crossed) and not all(crossed):
        text = "".join(str(p) for p, out in zip(parts, crossed, strict=True) if not out)
        struck = "".join(str(p) for p, out in zip(parts, crossed, strict=True) if out)
    elif all_struck or any(crossed):
        text, struck = "", text
    comment = cell.comment.text.strip() if cell.comment else ""
    return Text(text.strip(), struck.strip(), comment)


def _written(value: object, form: str) -> str:
    """A value as the sheet shows it: leading zeros that its number format gives, no `.0`."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("0+", form):
        return f"{value:0{len(form)}d}"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")
