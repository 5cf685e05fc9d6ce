"""The standard's own form: UTF-8 CSV without BOM, CRLF, every item quoted, Japanese header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from migrate.views import seen
from migrate.write.hashed import HashedFile
from migrate.write.quoted import FIXED, NUMBER, SLOTS, SPARE, WORDS, written
from migrate.write.slots import Slots, text_line

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
        self._columns = list(columns)
        self._slots: dict[str, Slots] = {}
        self._bytes_a_row = 0.0

    def lines(
        self,
        rows: pl.DataFrame,
        coded: Mapping[str, Coded] | None = None,
        spent: Lines | None = None,
    ) -> Lines:
        """The rows as lines. `spent`: lines that nobody needs any more; their memory is taken again."""
        table, _held = self._table(rows, coded or {})
        ends = np.empty(rows.height, np.int64)
        begun = np.zeros(2, np.int64)
        guess = int(self._bytes_a_row * rows.height * 1.05)
        out = spent.text.base if spent else None
        if not isinstance(out, np.ndarray) or len(out) < guess:
            out = np.empty(guess + _FIRST, np.uint8)
        written(table, rows.height, begun, out, ends)
        while begun[0] < rows.height:
            out = _more(out, begun, rows.height)
            written(table, rows.height, begun, out, ends)
        self._bytes_a_row = max(self._bytes_a_row, begun[1] / max(rows.height, 1))
        return Lines(out[: begun[1]], ends)

    def _table(
        self, rows: pl.DataFrame, coded: Mapping[str, Coded]
    ) -> tuple[NDArray[np.uint64], list[Any]]:
        """What `written` takes, and what must live as long. Neighbours that say the same in all rows are one."""
        found: list[Any] = []
        same: list[bytes] = []
        held: list[Any] = []
        for name in self._columns:
            if name in coded and not coded[name].places:
                same.append(_piece(coded[name].values[0]))
            elif name not in coded and rows[name].null_count() == rows.height:
                same.append(_BLANK)
            else:
                found += _fixed(same, held)
                same = []
                found.append(self._line(name, rows, coded.get(name), held))
        found += _fixed(same, held)
        return np.array(found, np.uint64).reshape(-1, WORDS), held

    def _line(
        self, name: str, rows: pl.DataFrame, code: Coded | None, held: list[Any]
    ) -> NDArray[np.uint64]:
        """One column's line of the table."""
        if code is None and rows.schema[name] not in _WHOLE:
            views = seen(rows[name].cast(pl.String))
            held.append(views)
            return text_line(views)
        line = np.zeros(WORDS, np.uint64)
        if code is None:
            array = rows[name].cast(pl.Int64).rechunk().to_arrow()
            valid, values = array.buffers()
            line[:2] = NUMBER, values.address + 8 * array.offset
            if array.null_count:
                line[3:5] = valid.address, array.offset
            held.append(array)
            return line
        places = rows[code.places].cast(pl.UInt32).rechunk().to_numpy()
        held.append(places)
        line[0], line[3] = SLOTS, places.ctypes.data
        line[1:3] = self._slots.setdefault(name, Slots()).of(code.values)
        return line


def _fixed(same: list[bytes], held: list[Any]) -> list[NDArray[np.uint64]]:
    """The table's line of neighbours that are the same in all rows; none of no neighbours."""
    if not same:
        return []
    text = b"".join(same)
    piece = np.frombuffer(text + bytes(2 * SPARE), np.uint8)
    held.append(piece)
    return [np.array([FIXED, piece.ctypes.data, len(text), 0, 0, 0], np.uint64)]


def _piece(value: object) -> bytes:
    """A single value with what `written` puts behind each."""
    text = pl.Series([value]).cast(pl.String)[0] or ""
    return text.replace('"', '""').encode() + _BLANK


def _more(out: NDArray[np.uint8], begun: NDArray[np.int64], rows: int) -> NDArray[np.uint8]:
    """A longer buffer with what is written already; as long as it takes if the rest is like it."""
    done, size = int(begun[0]), int(begun[1])
    rest = size * (rows - done) // done if done else 0
    longer = np.empty(max(len(out) + len(out) // 2, int(1.05 * (size + rest)) + _FIRST), np.uint8)
    longer[:size] = out[:size]
    return longer


def header(labels: list[str]) -> bytes:
    r"""The first line.

    >>> header(["宛名番号"]).decode()
    '"宛名番号"\r\n'
    """
    names = [str(i) for i in range(len(labels))]
    return bytes(lines(pl.DataFrame([labels], schema=names, orient="row")).text)


class CsvFile:
    """Appends lines to one CSV file; the header stands there even over no rows."""

    def __init__(self, path: Path, labels: list[str]) -> None:
        self._file = HashedFile(path)
        self._file.write(header(labels))

    @classmethod
    def of(cls, path: Path, table: Table) -> CsvFile:
        return cls(path, [c.label for c in table.columns])

    def write(self, rows: pl.DataFrame, made: Lines | None = None) -> None:
        """Append rows; `made`: the same as lines, if somebody has made them already."""
        self._file.write((made or lines(rows)).text)

    @property
    def sha256(self) -> str:
        """Of all that was written so far, in hexadecimal digits."""
        return self._file.sha256

    def close(self) -> None:
        self._file.close()
