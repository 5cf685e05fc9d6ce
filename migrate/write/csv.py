"""The standard's own form: UTF-8 CSV without BOM, CRLF, every item quoted, Japanese header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from migrate.views import seen
from migrate.write.hashed import HashedFile
from migrate.write.quoted import (
    BLOCK,
    DONE,
    FIXED,
    NUMBER,
    PLACES,
    SHORT,
    SLOTS,
    WORDS,
    bound,
    written,
)
from migrate.write.slots import Slots, at, text_line
from migrate.write.value import SPARE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.coded import Coded
    from migrate.model import Table

_BLANK = b'","'
"""What a value without text leaves: each ends with the next one's quote."""
_WHOLE = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
_FIRST = 1 << 16
"""Bytes to begin with."""


class Lines(NamedTuple):
    """Rows as CSV lines."""

    text: NDArray[np.uint8]
    ends: NDArray[np.int64]  # where each line ends, behind its CRLF


def lines(
    rows: pl.DataFrame,
    columns: Sequence[str] | None = None,
    coded: Mapping[str, Coded] | None = None,
) -> Lines:
    r"""The rows as CSV lines, each item quoted; a blank is written as two quotes. See `Scribe`.

    >>> bytes(lines(pl.DataFrame({"a": ['a"b', None], "b": [1, -2]})).text)
    b'"a""b","1"\r\n"","-2"\r\n'
    """
    return Scribe(rows.columns if columns is None else columns).lines(rows, coded)


class Scribe:
    r"""Writes some columns of frame after frame as lines. One thread at a time may ask it.

    A coded column need not be in the frame, only its places; what its values look like is kept.

    >>> from migrate.coded import Coded
    >>> rows = pl.DataFrame({"_a": [1, 0]}, schema={"_a": pl.UInt32})
    >>> coded = {"a": Coded(pl.Series(["x", "y"]), "_a"), "b": Coded(pl.Series(["z"]))}
    >>> bytes(Scribe(["a", "b"]).lines(rows, coded).text)
    b'"y","z"\r\n"x","z"\r\n'
    """

    def __init__(self, columns: Sequence[str]) -> None:
        if not columns:
            raise ValueError("a line has at least one item")
        self._columns = list(columns)
        self._constants: dict[str, tuple[pl.Series, bytes]] = {}
        self._block = np.empty(BLOCK, np.uint8)
        self._places = np.empty(PLACES, np.uint64)
        self._stride = 0  # bytes of the block that a row may need
        self._size = 0  # of the last text

    def lines(
        self,
        rows: pl.DataFrame,
        coded: Mapping[str, Coded] | None = None,
        spent: Lines | None = None,
    ) -> Lines:
        """The rows as lines. `spent`: lines that nobody needs any more; their memory is taken again."""
        table, _held = self._table(rows, coded or {})
        ends = np.empty(rows.height, np.int64)
        need = bound(table)
        begun = np.array([0, 0, max(self._stride, need), need], np.uint64)
        out = spent.text.base if spent else None
        if not isinstance(out, np.ndarray):
            out = np.empty(self._size + self._size // 4 + _FIRST, np.uint8)
        while (said := written(table, begun, self._block, out, ends, self._places)) != DONE:
            if said == SHORT:
                longer = np.empty(2 * len(out), np.uint8)
                longer[: begun[1]] = out[: begun[1]]
                out = longer
            else:
                begun[2] *= 2
                self._block = np.empty(max(BLOCK, int(begun[2])), np.uint8)
        self._stride = int(begun[2])
        self._size = int(begun[1])
        return Lines(out[: begun[1]], ends)

    def _table(
        self, rows: pl.DataFrame, coded: Mapping[str, Coded]
    ) -> tuple[NDArray[np.uint64], list[Any]]:
        """What `written` takes, and what must live as long. Neighbours that say the same in all rows are one."""
        table: list[tuple[int, ...]] = []
        held: list[Any] = []
        same: list[bytes] = []
        for name in self._columns:
            code = coded.get(name)
            if code and not code.places:
                same.append(self._constant(name, code.values))
                continue
            line = (
                self._coded(name, rows[code.places], held, code)
                if code
                else _line(rows[name], held)
            )
            if line is None:
                same.append(_BLANK)
                continue
            table += [*_fixed(same, held), line]
            same = []
        table += _fixed(same, held)
        return np.array(table, np.uint64).reshape(-1, WORDS), held

    def _constant(self, name: str, values: pl.Series) -> bytes:
        """A column's piece that is the same in all rows."""
        known = self._constants.get(name)
        if known is None or known[0] is not values:
            text = next(iter(values.head(1).cast(pl.String)), None) or ""
            known = self._constants[name] = values, text.replace('"', '""').encode() + _BLANK
        return known[1]

    def _coded(self, name: str, places: pl.Series, held: list[Any], code: Coded) -> tuple[int, ...]:
        where = (places if places.dtype == pl.UInt32 else places.cast(pl.UInt32)).to_numpy()
        held.append(where)
        if places.null_count() or (len(where) and int(where.max()) >= len(code.values)):
            raise ValueError(f"{name}: a place where there is no value")
        slots, pool = code.noted("slots", Slots).of(code.values)
        held.extend([slots, pool])
        return SLOTS, at(slots), at(pool), at(where), 0


def _line(values: pl.Series, held: list[Any]) -> tuple[int, ...] | None:
    """A column's line of the table; None where all is blank."""
    if values.null_count() == len(values):
        return None
    if values.dtype not in _WHOLE:
        views = seen(values if values.dtype == pl.String else values.cast(pl.String))
        held.append(views)
        return text_line(views)
    array = values.cast(pl.Int64).rechunk().to_arrow()
    valid, numbers = array.buffers()
    held.append(array)
    begin = numbers.address + 8 * array.offset
    return NUMBER, begin, 0, valid.address if array.null_count else 0, array.offset


def _fixed(same: list[bytes], held: list[Any]) -> list[tuple[int, ...]]:
    """The table's line of neighbours that are the same in all rows; none of no neighbours."""
    if not same:
        return []
    text = b"".join(same)
    piece = np.frombuffer(text + bytes(2 * SPARE), np.uint8)
    held.append(piece)
    return [(FIXED, at(piece), len(text), 0, 0)]


def header(labels: list[str]) -> bytes:
    r"""The first line.

    >>> header(["宛名番号"]).decode()
    '"宛名番号"\r\n'
    """
    names = [str(i) for i in range(len(labels))]
    return bytes(lines(pl.DataFrame([labels], schema=names, orient="row")).text)


class CsvFile:
    """Appends lines to one CSV file; the header stands there even over no rows."""

    def __init__(self, path: Path, labels: list[str], columns: Sequence[str] | None = None) -> None:
        """`columns`: those that are written, where frames may have others or lack coded ones."""
        self._columns = columns
        self._file = HashedFile(path)
        self._file.write(header(labels))

    @classmethod
    def of(cls, path: Path, table: Table) -> CsvFile:
        return cls(path, [c.label for c in table.columns], list(table.by_name))

    def write(
        self,
        rows: pl.DataFrame,
        made: Lines | None = None,
        coded: Mapping[str, Coded] | None = None,
    ) -> None:
        """Append rows; `made`: the same as lines, if somebody has made them already."""
        self._file.write((made or lines(rows, self._columns, coded)).text.data)

    @property
    def sha256(self) -> str:
        """Of all that was written so far, in hexadecimal digits."""
        return self._file.sha256

    def close(self) -> None:
        self._file.close()
