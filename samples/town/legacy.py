"""LegacyFile -> bytes, by its layout under layouts/legacy/. It reads the layout itself, not through the
package: what is written must not agree with what reads it by sharing its mistakes.

A field that a frame does not have is blank; a tag that is a whole field is filled in; of a trailer's
declared fields those that the frame leaves out are counted and added up. A value that does not fit is refused.
A binary number cannot be blank: null is 0 there.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from parts import EXTENSION, cp932

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

ROOT = Path(__file__).resolve().parents[2] / "layouts/legacy"
ENDINGS = {"none": b"", "lf": b"\n", "crlf": b"\r\n", "cr": b"\r"}
NUMBERS = ("zoned", "packed", "binary")
_EXTENDED = re.compile(f"([{''.join(EXTENSION)}])")
_RANK = {"header": 0, "data": 1, "trailer": 2, "end": 3}
LINES = 100_000
"""Lines of a CSV file that are put together at a time."""


@dataclass(frozen=True)
class Place:
    """One field: where it lies (or which column it is), how long it may be, how it is written."""

    name: str
    label: str
    at: int
    bytes: int
    type: str


@dataclass(frozen=True)
class Book:
    """A layout as its files have it."""

    name: str
    top: dict[str, Any]
    records: dict[str, dict[str, Any]]
    places: dict[str, list[Place]]

    @property
    def ending(self) -> bytes:
        return ENDINGS[self.top["newline"]]

    @property
    def fixed(self) -> bool:
        return str(self.top["format"]) == "fixed"


def book(name: str) -> Book:
    """The layout `<vendor>/<file>`."""
    folder = ROOT / name
    top = tomllib.loads((folder / "layout.toml").read_text("utf-8"))
    if top["encoding"] != "cp932":
        raise ValueError(f"{name}: {top['encoding']} is not written here")
    records = {record["name"]: record for record in top["record"]}
    return Book(name, top, records, {r: _places(folder / f"{r}.csv") for r in records})


def _places(path: Path) -> list[Place]:
    """The fields in order, groups unrolled: amount_1, rate_1, amount_2, rate_2 ..."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: list[Place] = []
    at = done = 0
    while done < len(rows):
        group = rows[done].get("group") or ""
        size = next(
            (i for i, r in enumerate(rows[done:]) if (r.get("group") or "") != group or not group),
            len(rows) - done,
        )
        members = rows[done : done + max(1, size)]
        for turn in range(1, int(members[0]["times"] or 1) + 1):
            for row in members:
                name = f"{row['name']}_{turn}" if row["times"] else row["name"]
                width = int(row["bytes"] or 0)
                found.append(Place(name, row["label"], at, width, row["type"]))
                at += width
        done += len(members)
    return found


def written(layout: str, parts: list[tuple[str, pl.DataFrame | None]]) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    of = book(layout)
    filled = [(record, _filled(of, record, frame, parts)) for record, frame in parts]
    order = _order(of, filled)
    if of.fixed:
        rows = np.concatenate([_matrix(of, record, frame) for record, frame in filled])
        yield (rows if order is None else rows[order]).tobytes()
        return
    if of.top.get("header_lines"):
        labels = [p.label for p in next(iter(of.places.values()))]
        yield _encoded(of, _mark(of).join(map(_quoted, labels))) + of.ending
    lines = pl.concat([_lines(of, record, frame) for record, frame in filled])
    if order is not None:
        lines = lines.gather(order)
    end = of.ending.decode()
    for first in range(0, len(lines), LINES):
        yield _encoded(of, end.join([*lines.slice(first, LINES), ""]))


def _filled(
    of: Book, record: str, frame: pl.DataFrame | None, parts: list[tuple[str, pl.DataFrame | None]]
) -> pl.DataFrame:
    """A part with its tag and, if it is a trailer, its sums."""
    if record not in of.records:
        raise ValueError(f"{of.name} has no record type {record}")
    frame = pl.DataFrame({"_": [0]}) if frame is None else frame
    known = {p.name: p for p in of.places[record]}
    strange = set(frame.columns) - set(known) - {"_", "_order"}
    if strange:
        raise ValueError(f"{of.name} {record} has no field {', '.join(sorted(strange))}")
    new = {}
    for tag in of.records[record].get("tag", []):
        for place in known.values() if "is" in tag else ():
            whole = not of.fixed or place.bytes == len(tag["is"][0])
            if whole and _position(of, record, place) == tag["at"] and place.name not in frame:
                new[place.name] = pl.lit(tag["is"][0])
    for claim in of.records[record].get("declares", []):
        if claim["field"] not in frame.columns:
            new[claim["field"]] = pl.lit(_claimed(claim, parts))
    return frame.with_columns(**new)


def _position(of: Book, record: str, place: Place) -> int:
    """What a tag's `at` says of a field: its first byte, or its column."""
    return place.at + 1 if of.fixed else of.places[record].index(place) + 1


def _claimed(claim: dict[str, Any], parts: list[tuple[str, pl.DataFrame | None]]) -> int:
    if "counts" in claim:
        return sum(1 if f is None else f.height for r, f in parts if r in claim["counts"])
    record, field = claim["sums"].split()
    frames = [f for r, f in parts if r == record and f is not None and field in f.columns]
    return sum(int(f[field].cast(pl.Int64).sum()) for f in frames)


def _order(of: Book, filled: list[tuple[str, pl.DataFrame]]) -> NDArray[np.intp] | None:
    """Headers first, trailers last, between them by `_order` as far as there is one."""
    if not any("_order" in frame.columns for _, frame in filled):
        return None
    rank = [np.full(f.height, _RANK[of.records[r].get("kind", "data")]) for r, f in filled]
    turn = [
        f["_order"].to_numpy() if "_order" in f.columns else np.zeros(f.height, np.int64)
        for _, f in filled
    ]
    return np.lexsort((np.concatenate(turn), np.concatenate(rank)))


# ---- fixed ----


def _matrix(of: Book, record: str, frame: pl.DataFrame) -> Bytes:
    """Records as rows of bytes, line ends included."""
    width = int(of.top["record_bytes"])
    rows = np.full((frame.height, width + len(of.ending)), 0x20, np.uint8)
    rows[:, width:] = np.frombuffer(of.ending, np.uint8)
    for place in of.places[record]:
        if place.type == "filler":
            continue
        column = frame[place.name] if place.name in frame.columns else None
        cells = rows[:, place.at : place.at + place.bytes]
        try:
            if column is not None:
                cells[:] = _cells(column, place)
            elif place.type in ("wide", "binary"):
                cells[:] = _blank(place)
        except ValueError as wrong:  # UnicodeEncodeError is one
            raise ValueError(f"{of.name} {record}.{place.name}: {wrong}") from None
    return rows


def _cells(column: pl.Series, place: Place) -> Bytes:
    if column.dtype.is_numeric() and place.type in NUMBERS:
        return _number(column, place)
    if column.dtype.is_numeric():
        column = column.cast(pl.String).str.zfill(place.bytes)
    text = column.cast(pl.String).fill_null("")
    blank = _blank(place).tobytes()
    size = text.str.len_bytes()
    if (
        int(size.max() or 0) <= place.bytes
        and size.equals(text.str.len_chars())
        and place.type != "wide"
    ):
        whole = text.str.pad_end(place.bytes).str.join("").item()  # ASCII: as it stands
        return np.frombuffer(whole.encode(), np.uint8).reshape(-1, place.bytes)
    distinct = text.unique()
    codes = text.cast(pl.Enum(distinct)).to_physical().to_numpy()
    rows = []
    for value in distinct:
        raw = value.encode("cp932")
        if b"\xed" in raw or b"\xee" in raw:  # perhaps NEC's copy of an IBM extension character
            raw = cp932(value)
        if len(raw) > place.bytes:
            raise ValueError(f"a value is longer than its {place.bytes} bytes")
        if place.type == "wide" and len(raw) % 2:
            raise ValueError("a half-width character in a two-byte field")
        rows.append(raw + blank[len(raw) :])
    table = np.frombuffer(b"".join(rows), np.uint8).reshape(-1, place.bytes)
    return table[codes]


def _blank(place: Place) -> Bytes:
    blank = {"wide": b"\x81\x40", "binary": b"\x00"}.get(place.type, b" ")
    return np.frombuffer((blank * place.bytes)[: place.bytes], np.uint8)


def _number(column: pl.Series, place: Place) -> Bytes:
    """Zoned: `}J-R` on the last digit for minus. Packed: sign C or D. Binary: big-endian. Null: blanks."""
    values = column.cast(pl.Int64).fill_null(0).to_numpy()
    if place.type == "binary":
        half = 1 << (8 * place.bytes - 1)
        if len(values) and not (-half <= values.min() and values.max() < half):
            raise ValueError(f"a number does not fit into {place.bytes} bytes")
        whole = values.astype(">i8").view(np.uint8).reshape(-1, 8)
        rows = whole[:, 8 - place.bytes :].copy()
    else:
        size = np.abs(values)
        count = place.bytes if place.type == "zoned" else 2 * place.bytes - 1
        if len(size) and int(size.max()) >= 10 ** min(count, 18):
            raise ValueError(f"a number does not fit into {count} digits")
        digits = np.zeros((len(size), count), np.uint8)
        for i in range(count - 1, -1, -1):
            digits[:, i], size = size % 10, size // 10
        if place.type == "zoned":
            rows = digits + np.uint8(0x30)
            minus = values < 0
            rows[minus, -1] = np.frombuffer(b"}JKLMNOPQR", np.uint8)[digits[minus, -1]]
        else:
            sign = np.where(values < 0, 0xD, 0xC).astype(np.uint8)
            nibbles = np.column_stack([digits, sign])
            rows = nibbles[:, ::2] << 4 | nibbles[:, 1::2]
    rows[column.is_null().to_numpy()] = _blank(place)
    return rows


# ---- csv ----


def _mark(of: Book) -> str:
    return str(of.top.get("delimiter", ","))


def _lines(of: Book, record: str, frame: pl.DataFrame) -> pl.Series:
    """Each row as one line, without its end."""
    cells = []
    for place in of.places[record]:
        if place.name not in frame.columns:
            cells.append(pl.lit(""))
            continue
        column = frame[place.name].cast(pl.String).fill_null("")
        _fits(of, record, place, column)
        cell = pl.col(place.name).cast(pl.String).fill_null("")
        quoted = '"' + cell.str.replace_all('"', '""', literal=True) + '"'
        special = cell.str.contains(f'["\r\n{re.escape(_mark(of))}]')
        cells.append(pl.when(special).then(quoted).otherwise(cell).alias(place.name))
    joined = pl.concat_str(cells, separator=_mark(of)).alias("line")
    return frame.select(pl.repeat("", pl.len()).alias("_base"), joined)["line"]


def _fits(of: Book, record: str, place: Place, column: pl.Series) -> None:
    if not place.bytes or int(column.str.len_chars().max() or 0) * 2 <= place.bytes:
        return
    for value in column.unique():
        if len(value) * 2 > place.bytes and len(cp932(value)) > place.bytes:
            wrong = f"a value is longer than its {place.bytes} bytes"
            raise ValueError(f"{of.name} {record}.{place.name}: {wrong}")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text


def _encoded(of: Book, text: str) -> bytes:
    """A long text as the host's bytes: only IBM extension characters one by one."""
    try:
        return b"".join(EXTENSION.get(p) or p.encode("cp932") for p in _EXTENDED.split(text))
    except UnicodeEncodeError as wrong:
        raise ValueError(f"{of.name}: {wrong.object[wrong.start]!r} is not in cp932") from None
