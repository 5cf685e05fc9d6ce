"""A vendor's file as its mainframe unloads it: the same records in a host's codes.

`hosted(layout, data, form)` takes the bytes that `legacy.written` gives (CP932, fixed length) and writes each field
as the host has it: letters and digits in EBCDIC, two-byte characters in the host's own pairs, signs as zones, packed
and binary numbers as they are (where the book says that a packed number may be blank, in EBCDIC blanks). With `rdw` each record has its own length (the filler at its end is left out) behind
four bytes that say it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from migrate.read.encodings import ENCODINGS
from town.legacy import book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from town.legacy import Book, Place

    Bytes = NDArray[np.uint8]


class Form(NamedTuple):
    """How a host writes: its encoding by the package's name, whether records carry their length; and for
    `migrate import copybook`: which of the copybook's redefinitions a record type is."""

    encoding: str
    rdw: bool
    select: str


FORMS = {
    "kusatsu/resident": Form(
        "ibm939", True, "KJ-RECORD-KIND: 0=K0-HEADER 1=K1-HOUSEHOLD 2=K2-RESIDENT 3=K3-FOREIGNER 9=K9-TRAILER"
    ),
    "kusatsu/inhabitant_tax": Form(
        "ibm939", True, "KZ-RECORD-KIND: 0=KZ0-HEADER 1=KZ1-TAXPAYER 2=KZ2-ASSESSMENT 3=KZ3-TERMS 4=KZ4-COLLECTOR 9=KZ9-TRAILER"
    ),
    "kusatsu/care": Form(
        "ibm939", False, "KG-RECORD-KIND: 0=KG0-HEADER A=KGA-INSURED B=KGB-CERTIFICATION C=KGC-LEVY D=KGD-REDUCTION 9=KG9-TRAILER"
    ),
    "kusatsu/nhi": Form(
        "jef-ebcdik", False, "KK-RECORD-KIND: 0=KK0-HEADER 1=KK1-HOUSEHOLD 2=KK2-PERSON 3=KK3-LEVY 4=KK4-BENEFIT 9=KK9-TRAILER"
    ),
    "kusatsu/fixed_asset": Form(
        "jef-ebcdik", True, "KT-RECORD-KIND: T=WK-TOCHI:land K=WK-KAOKU:building S=WK-SHOKYAKU:asset M=WK-KYOYU:member F=WK-FUKA:levy 0=WK-MIDASHI:header 9=WK-GOKEI:trailer"
    ),
}
"""KUSATSU's files come from two machines: an IBM host and a Fujitsu one."""

def write_hosts(into: Path) -> list[Path]:
    """KUSATSU's files below `into`/kusatsu once more, as its hosts unload them, in `into`/kusatsu_host."""
    found = []
    for name, form in FORMS.items():
        for source in sorted((into / "kusatsu").glob(book(name).top["file"])):
            path = into / "kusatsu_host" / source.name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(hosted(name, source.read_bytes(), form))
            found.append(path)
    return found


ZONED = {ord(c): 0xC0 + d for d, c in enumerate("{ABCDEFGHI")} | {
    ord(c): 0xD0 + d for d, c in enumerate("}JKLMNOPQR")
}


def hosted(layout: str, data: bytes, form: Form) -> bytes:
    """The host's bytes of a fixed-length file.

    >>> hosted("kusatsu/resident", b"", FORMS["kusatsu/resident"])
    b''
    """
    of = book(layout)
    width = int(of.top["record_bytes"])
    rows = np.frombuffer(data, np.uint8).reshape(-1, width + len(of.ending))[:, :width]
    made = np.empty_like(rows)
    lengths = np.full(len(rows), width)
    for record in of.records:
        mine = _of_type(of, record, rows)
        places = of.places[record]
        for place in places:
            cell = slice(place.at, place.at + place.bytes)
            made[mine, cell] = _cells(np.ascontiguousarray(rows[mine, cell]), place, form.encoding)
        if form.rdw and places[-1].type == "filler":
            lengths[mine] = places[-1].at
    if not form.rdw:
        return made.tobytes()
    return b"".join(
        (size + 4).to_bytes(2, "big") + b"\0\0" + row[:size].tobytes()
        for row, size in zip(made, lengths.tolist(), strict=True)
    )


def _of_type(of: Book, record: str, rows: Bytes) -> NDArray[np.bool_]:
    mine = np.ones(len(rows), bool)
    for tag in of.records[record]["tag"]:
        hits = [(rows[:, tag["at"] - 1 : tag["at"] - 1 + len(v)] == np.frombuffer(v.encode(), np.uint8)).all(axis=1) for v in tag["is"]]
        mine &= np.logical_or.reduce(hits)
    return mine


def _cells(cells: Bytes, place: Place, encoding: str) -> Bytes:
    if place.type in ("packed", "binary"):
        blank = (cells == 0x20).all(axis=1) & (place.type == "packed")
        return np.where(blank[:, None], np.uint8(0x40), cells)
    singles, pairs = _tables(encoding)
    if place.type == "wide":
        two = cells.reshape(-1, 2).astype(np.uint16)
        found = pairs[two[:, 0] << 8 | two[:, 1]]
        if not found.all():
            raise ValueError(f"{place.name}: a character that {encoding} does not have")
        return np.column_stack([found >> 8, found & 0xFF]).astype(np.uint8).reshape(cells.shape)
    made = singles[cells]
    if place.type == "zoned":
        last = cells[:, -1]
        for byte, zone in ZONED.items():
            made[last == byte, -1] = zone
    if (made == 0).any():
        raise ValueError(f"{place.name}: a byte that {encoding} does not have")
    return made


@cache
def _tables(encoding: str) -> tuple[Bytes, NDArray[np.uint16]]:
    """CP932's single bytes and pairs -> the host's; 0 where it has none."""
    host = ENCODINGS[encoding]("microsoft")
    ones, pairs = np.zeros(256, np.uint8), np.zeros(65536, np.uint16)
    for byte in (*range(0x20, 0x7F), *range(0xA1, 0xE0)):
        ones[byte] = _coded(host.encode, byte, 1)
    for first in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for second in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            pairs[first << 8 | second] = _coded(host.encode_wide, first << 8 | second, 2)
    return ones, pairs


def _coded(encode: Callable[[str], bytes], code: int, size: int) -> int:
    """The host's code of one CP932 character; 0 for none."""
    try:
        found = encode(code.to_bytes(size, "big").decode("cp932"))
    except UnicodeError:
        return 0
    return int.from_bytes(found, "big") if len(found) == size else 0
