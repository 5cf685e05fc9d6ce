"""Legacy files in every encoding and framing: every byte in one record, every issue in its place, always alike."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from fuzzing.target import SECRET, Seed, Target, insist, silent
from migrate.catalog import Catalog
from migrate.catalog.legacy import CSV_ENCODINGS
from migrate.catalog.places import placed
from migrate.errors import SourceError
from migrate.frames import OFFSET, RECORD
from migrate.model import Declaration, Layout, RecordType, Tag
from migrate.read import Reader
from migrate.read.encodings import ENCODINGS, encoding_of

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.read import Read
    from migrate.read.encodings import Encoding

COLUMNS = "name,label,start,bytes,type,scale,form,group,times,depends,redefines,when,sensitive,note"
FIXED = {
    "head": """kind,K,1,1,text,,,,,,,,yes
count,C,2,3,digits,,,,,,,,yes
total,T,5,4,binary,,,,,,,,yes
made,M,9,14,digits,,,,,,,,yes
rest,R,23,57,filler,,,,,,,,yes""",
    "row": """kind,K,1,1,text,,,,,,,,yes
no,N,2,3,digits,,,,,,,,yes
name,F,5,8,text,,,,,,,,yes
wide,W,13,6,wide,,,,,,,,yes
kana,A,19,4,kana,,,,,,,,yes
date,D,23,8,digits,,,,,,,,yes
money,M,31,3,zoned,,,,,,,,yes
packed,P,34,3,packed,2,,,,,,,yes
binary,B,37,4,binary,,,,,,,,yes
float,F,41,4,float,,ibm,,,,,,yes
edited,E,45,4,edited,,,,,,,,yes
long,L,49,10,packed,,,,,,,,yes
lead,Z,59,3,zoned,,leading separate,,,,,,yes
one,O,62,4,text,,,,,,,no = 001 002,yes
two,O,62,4,packed,,,,,,one,no = 003,yes
times,X,66,1,digits,,,,,,,,yes
term,G,67,3,digits,,,g,3,times,,,yes
memo,G,70,1,text,,,g,3,times,,,yes
tail,L,79,1,text,,,,,,,,yes""",
}
CSV = {
    "head": "\n".join(f"{row},,,,,,,,yes" for row in ("kind,K,,,text", "count,C,,,digits", "total,T,,,number", "made,M,,,digits", "x,X,,,text", "y,Y,,,text")),
    "row": """kind,K,,,text,,,,,,,,yes
no,N,,,digits,,,,,,,,yes
name,F,,8,text,,,,,,,,yes
kana,A,,,kana,,,,,,,,yes
money,M,,,number,,,,,,,,yes
memo,O,,,wide,,,,,,,,yes""",
}
WIDTH = COLUMNS.count(",")


def _made(folder: Path, books: dict[str, str], *, csv: bool, **facts: object) -> Layout:
    records = []
    known = ENCODINGS[str(facts["encoding"])]("microsoft")
    for name, book in books.items():
        path = folder / f"{name}.csv"
        path.write_text("".join(f"{r}{',' * (WIDTH - r.count(','))}\n" for r in (COLUMNS, *book.split("\n"))), "utf-8")
        letter = "H" if name == "head" else "R"
        tag = Tag.model_validate({"at": 1, "is": (letter,)} if csv else {"at": 1, "hex": (_cell(known, letter, 1).hex(),)})
        claims = (Declaration(field="count", counts=("row",)), Declaration(field="total", sums="row money")) if name == "head" else ()
        records.append(RecordType(name=name, fields=placed(path, columns=csv), tag=(tag,), declares=claims,
                                  kind="trailer" if name == "head" else "data"))  # fmt: skip
    return Layout(name="fuzz/file", path=folder / "layout.toml", title="t", source="s", record=tuple(records), **facts)


def _cell(known: Encoding, text: str, size: int) -> bytes:
    try:
        raw, blank = known.encode(text), known.encode(" ")
    except UnicodeEncodeError:
        raw, blank = text.encode("cp037", "replace"), b"\x40"
    return (raw + blank * size)[:size]


def _row(known: Encoding, number: int) -> bytes:
    """One record as FIXED has it."""
    try:
        wide = known.encode_wide("山田花")
    except UnicodeError:
        wide = _cell(known, "山田花", 6)
    zoned = _cell(known, f"{number:03d}", 3)
    return b"".join([
        _cell(known, "R", 1), _cell(known, f"{number:03d}", 3), _cell(known, SECRET if number % 2 else "ア山", 8), (wide + bytes(6))[:6],
        _cell(known, "ｱｲｳ", 4), _cell(known, "20260401", 8), zoned, b"\x12\x34\x5c", (70 * number).to_bytes(4, "big"),
        b"\x42\x10\x00\x00", _cell(known, "1.5", 4), bytes(9) + b"\x1d", _cell(known, f"-{number:02d}"[:3], 3),
        _cell(known, "QXZJ", 4), _cell(known, str(number % 4), 1),
        *(_cell(known, f"12{i}Z", 4) for i in range(number % 4)), _cell(known, "L", 1),
    ])  # fmt: skip


def _head(known: Encoding, rows: int) -> bytes:
    return b"".join([_cell(known, "H", 1), _cell(known, f"{rows:03d}", 3), (7).to_bytes(4, "big"), _cell(known, "20260401000000", 14)])


def _framed(records: list[bytes], prefix: str) -> bytes:
    def rdw(data: bytes, extra: int = 4) -> bytes:
        return (len(data) + extra).to_bytes(2, "big") + b"\0\0" + data

    if prefix == "rdw_exclusive":
        return b"".join(rdw(r, 0) for r in records)
    if prefix == "rdw_little":
        return b"".join(b"\0\0" + len(r).to_bytes(2, "little") + r for r in records)
    if prefix == "bdw":
        return b"".join(rdw(b"".join(map(rdw, records[i : i + 4]))) for i in range(0, len(records), 4))
    return b"".join(map(rdw, records))


def layouts(folder: Path) -> list[Seed]:
    """A file of every encoding, in every framing in turn."""
    seeds = []
    framings = ["none", "rdw", "crlf", "bdw", "lf", "rdw_little", "rdw_exclusive", "cr", "nel"]
    for number, encoding in enumerate(ENCODINGS):
        for framing in (framings[number % 9], framings[(number + 1) % 9], framings[(number + 3) % 9]):
            place = folder / f"{encoding}_{framing}"
            place.mkdir()
            prefix = framing if "dw" in framing else ""
            newline = "none" if prefix else framing
            facts: dict[str, object] = {
                "format": "fixed", "encoding": encoding, "newline": newline, "record_bytes": 79, "prefix": prefix,
                "shifts": "record" if number % 3 == 0 else "field", "packed_blank": "null" if number % 2 else "refused",
                "lead_bytes": 3 * (number % 4 == 0), "tail_bytes": 2 * (number % 5 == 0),
            }  # fmt: skip
            layout = _made(place, FIXED, csv=False, **facts)
            if newline == "nel" and not layout.ebcdic:
                continue
            known = encoding_of(layout)
            records = [_row(known, n) for n in range(1, 7)] + [_head(known, 6)]
            if prefix:
                body = _framed(records, prefix)
            else:
                body = b"".join((r + _cell(known, "", 79))[:79] + layout.ending for r in records)
            seeds.append(Seed(place.name, b"HHH"[: layout.lead_bytes] + body + b"TT"[: layout.tail_bytes], (layout,)))
    for number, encoding in enumerate(CSV_ENCODINGS):
        for newline in ("crlf", "lf", "cr"):
            place = folder / f"csv_{encoding}_{newline}"
            place.mkdir()
            labels = int((number + len(newline)) % 2)
            facts = {"format": "csv", "encoding": encoding, "newline": newline, "header_lines": labels,
                     "delimiter": ",\t;"[number % 3]}  # fmt: skip
            layout = _made(place, CSV, csv=True, **facts)
            seeds.append(Seed(place.name, _delimited(layout, encoding_of(layout)), (layout,)))
    return seeds


def _delimited(layout: Layout, known: Encoding) -> bytes:
    ending = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}[layout.newline]
    rows = [["K", "N", "F", "A", "M", "O"]] if layout.header_lines else []
    rows += [
        ["R", f"{n:03d}", SECRET if n % 2 else '"ア""\n山"', "ｱｲ" if n % 3 else "", str(n * 70 - 90), '"山田"' if n % 2 else "花"]
        for n in range(1, 7)
    ]
    rows.append(["H", "006", "7", "20260401000000", "", ""])
    text = "".join(layout.delimiter.join(r) + ending for r in rows)
    return b"".join(_coded(known, part) for part in re.split("([\\r\\n\\t])", text))


def _coded(known: Encoding, text: str) -> bytes:
    """A text, or a control character, which the encoding does not count among its characters."""
    if text in ("\r", "\n", "\t"):
        return text.encode(known.scheme.replace("utf-16", "utf-16-") if known.scheme.startswith("utf-16") else "ascii")
    try:
        return known.encode(text)
    except UnicodeEncodeError:
        return known.encode("".join(c if c.isascii() else "Q" for c in text))


@cache
def target(folder: Path, root: Path) -> Target:
    """All of them, and what the vendors' layouts read of the samples."""
    seeds = layouts(folder)
    catalog = Catalog(root)
    sample = (root / "samples/asama/resident.dat").read_bytes()
    seeds.append(Seed("asama", sample[: 452 * 5] + sample[-452:], (catalog.layout("asama/resident"),)))
    return Target(tuple(seeds), run)


def run(seed: Seed, data: bytes, folder: Path) -> str:
    """Read it in large and small batches (1, 2 or 3 records), whole and as a piece."""
    layout = seed.tools[0]
    assert isinstance(layout, Layout)
    path = folder / "source.dat"
    path.write_bytes(data)
    said = [_read(layout, path, data, size) for size in (1000, 1 + len(data) % 3)]
    first = said[0]
    for other in said[1:]:
        insist(isinstance(other, str) == isinstance(first, str), f"one batch size refuses the file: {_told(first)} / {_told(other)}")
        if isinstance(first, str) or isinstance(other, str):
            continue
        for name, frame in first.items():
            insist(frame.equals(other[name]), f"batch size shows in {name}")
    if isinstance(first, str):
        return "refused"
    if not first:
        return "empty"
    piece = _read(layout, path, data, 1000, part=True)
    refused = first["issues"].filter(severity="error").height
    return ("damaged" if refused else "read") + (", no piece" if isinstance(piece, str) else "")


def _told(found: dict[str, pl.DataFrame] | str) -> str:
    return found if isinstance(found, str) else "read"


def _read(layout: Layout, path: Path, data: bytes, size: int, *, part: bool = False) -> dict[str, pl.DataFrame] | str:
    """What was read, after every law of one reading was looked at; or why it was not."""
    try:
        reads = list(Reader(layout, part).batches(path, size))
    except SourceError as error:
        silent(str(error))
        return str(error)
    _covered(layout, data, reads, part=part)
    for one in reads:
        _booked(layout, one, len(data))
    if not reads:
        return {}
    found = {f"records {r.name}": pl.concat([one.frames[r.name] for one in reads]) for r in layout.records}
    found |= {"issues": pl.concat([one.issues for one in reads]), "faults": pl.concat([one.faults for one in reads])}
    for what in ("issues", "faults"):
        silent("\n".join(str(v) for v in found[what]["value"]))
    return found


def _covered(layout: Layout, data: bytes, reads: list[Read], *, part: bool) -> None:
    """Every byte of the file is in exactly one record, but for what leads and trails."""
    if not reads:
        size = len(data) - (0 if part else layout.lead_bytes + layout.tail_bytes)
        insist(size <= 0 or layout.format == "csv", f"{size} bytes in no record")
        return
    at, number = reads[0].block.base, 1
    for one in reads:
        block = one.block
        insist(block.first == number, "records are not counted on")
        insist((block.bounds[1:] > block.bounds[:-1]).all(), "a record without a byte")
        insist(len(block.bounds) == len(block) + 1, "bounds and records")
        begin = block.base + int(block.bounds[0])
        insist(begin == at, f"a record begins at {begin}, the one before it ended at {at}")
        stop = block.base + int(block.bounds[-1])
        insist(block.data[block.bounds[0] : block.bounds[-1]].tobytes() == data[begin:stop], "bytes of records are not the file's")
        at, number = stop, number + len(block)
    if layout.format == "fixed":
        lead, tail = (0, 0) if part else (layout.lead_bytes, layout.tail_bytes)
        insist(reads[0].block.base == lead, "the first record does not follow what leads")
        insist(at == len(data) - tail, f"records end at {at} of {len(data) - tail}")
    else:
        insist(at == len(data) or data[at:] in (b"\x1a", b"\x1a\0", b"\0\x1a"), f"records end at {at} of {len(data)}")
        insist(reads[0].block.base <= 3 or layout.header_lines, "bytes before the first record")


def _booked(layout: Layout, one: Read, size: int) -> None:
    """Every record is in one frame, or refused; every issue lies in its record."""
    block, last = one.block, one.block.first + len(one.block) - 1
    taken = pl.concat([f.select(RECORD, OFFSET) for f in one.frames.values()])
    insist(taken[RECORD].n_unique() == taken.height, "a record in two frames")
    refused = set(one.issues.filter(severity="error")["record"].to_list())
    missing = set(range(block.first, last + 1)) - set(taken[RECORD].to_list()) - refused
    insist(not missing, f"records {sorted(missing)[:5]} are neither taken nor refused")
    for number, byte, item, code in one.issues.select("record", "byte", "item", "code").rows():
        insist(block.first <= number <= last, f"{code}: record {number} is none of {block.first}-{last}")
        begin, stop = (block.base + int(block.bounds[number - block.first + i]) for i in (0, 1))
        insist(begin <= byte <= stop, f"{code} {item}: byte {byte} is not in its record {number}, {begin}-{stop}")
    for byte, code in one.faults.select("byte", "code").rows():
        insist(0 <= byte <= size, f"{code}: byte {byte} of {size}")
