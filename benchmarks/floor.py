"""The parts that nobody can do without, each alone and on one core: `Kernel`, `rules`, `csv_lines`, `hashes`.

They know nothing of the program: the kernel is C of our own (floor.c), the rules are one Polars select over the rows
as its CSV has them, the lines are written by pyarrow.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv
from task import RECORD, task

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOURCE = Path(__file__).with_name("floor.c")
NARROW, WIDE, NUMBER, ERA = range(4)
DAYS = ("birth", "became", "addr_since", "event")
SPARE = 16


class _Field(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int64) for name in ("at", "size", "kind")),
        *((name, ctypes.c_void_p) for name in ("text", "offsets", "numbers")),
    )


@cache
def compiler() -> str:
    """The C compiler, or blank."""
    return next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), "")


@cache
def _library() -> ctypes.CDLL:
    with tempfile.TemporaryDirectory() as folder:
        made = str(Path(folder) / "floor.so")
        flags = ["-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run([compiler(), *flags, "-o", made, str(SOURCE)], check=True)
        return ctypes.CDLL(made)


def _entry(code: bytes) -> int:
    """A character as the kernel's tables have it: its UTF-8, and how many bytes on top."""
    try:
        text = code.decode("cp932").encode()
    except UnicodeDecodeError:
        return 0
    return int.from_bytes(text, "little") | len(text) << 24


@cache
def tables() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """One-byte and two-byte characters of CP932."""
    leads = {*range(0x81, 0xA0), *range(0xE0, 0xFD)}
    ones = [_entry(bytes([i])) for i in range(256)]
    pairs = [_entry(i.to_bytes(2, "big")) if i >> 8 in leads else 0 for i in range(1 << 16)]
    return np.array(ones, np.uint32), np.array(pairs, np.uint32)


class Kernel:
    """The kernel in C over the reference job's fields: `Kernel(data).run()`. Needs a compiler."""

    def __init__(self, data: bytes) -> None:
        self.records = len(data) // RECORD
        self._data = np.frombuffer(data + bytes(SPARE), np.uint8)
        self._held: dict[str, tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int64]]] = {}
        fields = []
        for name, slot in task().slots.items():
            if slot.type == "filler":
                continue
            size = slot.end - slot.begin
            kind = (
                ERA
                if name in DAYS
                else NUMBER
                if slot.type == "zoned"
                else WIDE
                if slot.wide
                else NARROW
            )
            text = np.empty(
                self.records * size * 3 // (2 if slot.wide else 1) + SPARE if kind < NUMBER else 0,
                np.uint8,
            )
            held = (text, np.zeros(self.records + 1, np.int32), np.empty(self.records, np.int64))
            self._held[name] = held
            fields.append(_Field(slot.begin, size, kind, *(a.ctypes.data for a in held)))
        self._fields = (_Field * len(fields))(*fields)

    def run(self) -> None:
        """Decode every record anew."""
        ones, pairs = tables()
        _library().read_records(
            ctypes.c_void_p(self._data.ctypes.data),
            ctypes.c_int64(self.records),
            ctypes.c_int64(RECORD),
            self._fields,
            ctypes.c_int64(len(self._fields)),
            ctypes.c_void_p(ones.ctypes.data),
            ctypes.c_void_p(pairs.ctypes.data),
        )

    def column(self, name: str) -> list[str] | list[int]:
        """What the last run made of a field: texts, numbers, or days since 1970."""
        text, offsets, numbers = self._held[name]
        if not len(text):
            return numbers.tolist()
        raw = text.tobytes()
        return [raw[a:b].decode() for a, b in pairwise(offsets)]


def text_table(rows: pl.DataFrame) -> pa.Table:
    """Every value as text, as pyarrow writes it."""
    table = rows.select(pl.all().cast(pl.String).fill_null("")).to_arrow()
    return table.cast(pa.schema([(name, pa.large_string()) for name in rows.columns]))


def csv_lines(table: pa.Table) -> bytes:
    """The rows as CSV, every item quoted."""
    out = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    pa.csv.write_csv(table, out, options)
    return out.getvalue()


def hashes(*texts: bytes) -> None:
    """SHA-256 of each."""
    for text in texts:
        hashlib.sha256(text).digest()
