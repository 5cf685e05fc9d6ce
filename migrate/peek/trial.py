"""Trial decoding by the strict tables of ENCODINGS, fast enough for whole files: code points, nothing kept."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from migrate.read.encodings import ENCODINGS, LEAD, SINGLE, TRIPLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

REFUSED = 0xFFFD
LED = ("cp932", "ibm943", "shift_jis-2004", "eucjp-ms", "euc_jis_2004")
"""Encodings whose pairs begin with a byte that tells."""

UNICODE = {"utf-8": "utf-8", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}
SHIFTED = {"iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-3": "iso2022_jp_3"}
"""Escape sequences are followed by Python's codec, and so are tables that we do not have (JIS X 0213)."""

PLAIN = {"ascii": "cp932", "multibyte": "cp932", "binary": "cp932"}
"""Families that nothing decided: shown by this table."""

CHUNK = 1 << 20


@dataclass(frozen=True, eq=False)
class Points:
    """The tables of an encoding as code points; of characters that are several, the first."""

    ones: NDArray[np.uint32]  # [n, 256]; control characters stand for themselves
    pairs: NDArray[np.uint32]  # [m, 65536]
    marks: NDArray[
        np.uint8
    ]  # of a single byte: 1 leads a pair, 2 one of ones[1], 3 a pair of pairs[1]


@cache
def points(name: str) -> Points:
    """The tables of one encoding, for trial decoding.

    >>> chr(points("ibm939").pairs[0, 0x4557])
    '東'
    """
    made = ENCODINGS[name]("microsoft")
    marks = np.zeros(256, np.uint8)
    for kind, mark in ((1, LEAD), (2, SINGLE), (3, TRIPLE)):
        marks[made.ones[0] == mark] = kind
    firsts = [ord(int(low).to_bytes(8, "little")[: int(size)].decode()[0]) if size else REFUSED for low, size in made.longs]  # fmt: skip
    longs = np.array(firsts, np.uint32)
    ones, pairs = _point(made.ones, longs), _point(made.pairs, longs)
    if made.zero == 0x30:
        for byte in (*range(0x20), 0x7F):
            ones[:, byte] = byte
    return Points(ones, pairs, marks)


def _point(entries: NDArray[np.uint32], longs: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Entries (UTF-8) as code points."""
    size = entries >> 24
    first, second, third = (entries >> shift & 0xFF for shift in (0, 8, 16))
    found = np.full(entries.shape, REFUSED, np.uint32)
    two = (first & 31) << 6 | second & 63
    three = (first & 15) << 12 | (second & 63) << 6 | third & 63
    for number, point in ((1, first), (2, two), (3, three)):
        found = np.where(size == number, point, found)
    row = np.minimum(entries & 0xFFFFFF, len(longs) - 1)
    found[size == 4] = longs[row][size == 4]
    return found


def read(data: bytes, name: str) -> NDArray[np.uint32]:
    """The code points of some bytes by one of LED; U+FFFD for what its table refuses.

    >>> [hex(p) for p in read(bytes.fromhex("41 8ca7 f040 80 b1"), "cp932").tolist()]
    ['0x41', '0x770c', '0xe000', '0xfffd', '0xff71']
    >>> [hex(p) for p in read(bytes.fromhex("c5ec 8eb1 8fb0a1 ff"), "eucjp-ms").tolist()]
    ['0x6771', '0xff71', '0x4e02', '0xfffd']
    """
    table = points(name)
    array = np.frombuffer(data, np.uint8)
    if not len(array):
        return np.empty(0, np.uint32)
    marks = table.marks[array]
    three = np.flatnonzero(marks[:-2] == 3)
    behind = np.concatenate([three + 1, three + 2])
    may = (marks == 1) | (marks == 2)
    may[behind] = False
    at = np.flatnonzero(may)
    first = np.flatnonzero(np.diff(at, prepend=-2) != 1)  # where runs of such bytes begin
    begins = np.repeat(at[first], np.diff(np.append(first, len(at))))
    lead = at[(at - begins) & 1 == 0]
    after = array[np.minimum(lead + 1, len(array) - 1)].astype(np.uint16)
    after[lead + 1 >= len(array)] = 0
    found = table.ones[0][array]
    two = marks[lead] == 1
    found[lead[two]] = table.pairs[0][array[lead[two]].astype(np.uint16) << 8 | after[two]]
    if not two.all():
        found[lead[~two]] = table.ones[1][after[~two]]
    if len(three):
        found[three] = table.pairs[1][array[three + 1].astype(np.uint16) << 8 | array[three + 2]]
    keep = np.ones(len(array) + 1, bool)
    keep[lead + 1] = False
    keep[behind] = False
    kept: NDArray[np.uint32] = found[keep[:-1]]
    return kept


def text(data: bytes, name: str) -> str | None:
    """The text of some bytes, for shapes; None where the name says nothing about that.

    >>> text("山田,1".encode("cp932"), "cp932"), text(b"", "ibm")
    ('山田,1', None)
    """
    name = PLAIN.get(name, name)
    if name in LED:
        return read(data, name).astype("<u4").tobytes().decode("utf-32-le", "replace")
    codec = UNICODE.get(name) or SHIFTED.get(name)
    return data.decode(codec, "replace").removeprefix("\ufeff") if codec else None


def machine(name: str) -> Callable[[bytes, bool], str]:
    """What decodes a file chunk by chunk; the second argument says that it is the last one."""
    name = PLAIN.get(name, name)
    if name not in LED:
        made = codecs.getincrementaldecoder(UNICODE.get(name) or SHIFTED[name])("replace")
        return made.decode
    held = b""

    def step(data: bytes, last: bool) -> str:
        nonlocal held
        data = held + data
        cut = len(data) if last else _whole(data, points(name).marks)
        held = data[cut:]
        return text(data[:cut], name) or ""

    return step


def _whole(data: bytes, marks: NDArray[np.uint8]) -> int:
    """Where the last character begins that may be cut."""
    plain = len(data)
    while plain > max(0, len(data) - 64) and (data[plain - 1] >= 0x80):
        plain -= 1
    at = plain
    if at < len(data) and at and marks[data[at - 1]]:
        at -= 1
    while at < len(data):
        size = (1, 2, 2, 3)[marks[data[at]]]
        if at + size > len(data):
            return at
        at += size
    return len(data)


def decoded(path: Path, name: str, progress: Callable[[int], object]) -> tuple[int, int]:
    """What a table refuses in the whole file, and gaiji (private use characters)."""
    step = machine(name)
    refused = gaiji = 0
    held = b""
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            if name in LED:
                data = held + data
                cut = _whole(data, points(name).marks)
                units, held = read(data[:cut], name), data[cut:]
            else:
                units = np.frombuffer(
                    step(data, False).encode("utf-16-le", "surrogatepass"), np.uint16
                )
            refused += int((units == REFUSED).sum())
            gaiji += int(((units >= 0xE000) & (units < 0xF900)).sum())
            progress(0)
    return refused + bool(held), gaiji


@cache
def usual(name: str, table: int = 0) -> NDArray[np.uint8]:
    """For each pair: 0 not in the table, 1 of JIS X 0208's kana, signs and first kanji, 2 any other.

    >>> usual("jef-ebcdik")[[0xC5EC, 0xFFFF]].tolist()
    [1, 0]
    """
    pairs = points(name).pairs[table]
    known = np.isin(pairs, np.array(sorted(everyday()), np.uint32))
    return np.where(pairs == REFUSED, 0, np.where(known, 1, 2)).astype(np.uint8)


def _rows(first: int, last: int) -> NDArray[np.uint32]:
    found: NDArray[np.uint32] = points("eucjp-ms").pairs[0].reshape(256, 256)
    return found[first : last + 1, 0xA1:0xFF].ravel()


TWINS = "～〜－−∥‖￠¢￡£￢¬―—"


@cache
def everyday() -> frozenset[int]:
    """Code points of usual Japanese: signs, letters and kana of JIS X 0208, and its first kanji."""
    found = {*_rows(0xA1, 0xA8).tolist(), *_rows(0xB0, 0xCF).tolist(), *map(ord, TWINS)}
    return frozenset(found - {REFUSED})


@cache
def known() -> frozenset[int]:
    """Code points of JIS X 0208."""
    return everyday() | frozenset(_rows(0xD0, 0xF4).tolist()) - {REFUSED}


__all__ = ["LED", "REFUSED", "decoded", "everyday", "known", "machine", "points", "read", "text", "usual"]  # fmt: skip
