"""Layouts and files of hosts, small and invented, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrate.catalog.places import placed
from migrate.frames import RECORD
from migrate.model import Layout, RecordType
from migrate.read import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.read import Read

COLUMNS = "name,label,start,bytes,type,scale,form,group,times,depends,redefines,when,sensitive,note\n"


def fields(path: Path, text: str):
    """Fields as a layout's CSV has them, without the columns at the end that are blank."""
    width = COLUMNS.count(",")
    rows = [line.strip() for line in text.strip().splitlines()]
    path.write_text(COLUMNS + "".join(f"{r}{',' * (width - r.count(','))}\n" for r in rows), "utf-8")
    return placed(path, columns=False)


def record(path: Path, name: str, text: str, **more: object) -> RecordType:
    return RecordType(name=name, fields=fields(path / f"{name}.csv", text), **more)


def layout(path: Path, *records: RecordType, **more: object) -> Layout:
    """A layout in EBCDIC, or as `more` says."""
    size = max(f.at + f.bytes for r in records for f in r.fields)
    facts = {"encoding": "ibm037", "newline": "none", "record_bytes": size, **more}
    return Layout(name="host/file", path=path / "layout.toml", title="t", source="s", format="fixed",
                  record=records, **facts)  # fmt: skip


class Found(NamedTuple):
    """What became of a file: rows of each record type (record number first), issues, faults."""

    rows: dict[str, list[tuple]]
    issues: list[tuple]
    faults: list[str]
    reads: list[Read]


def read(path: Path, data: bytes, made: Layout, size: int = 1000, *, part: bool = False) -> Found:
    """Read a file; every byte of it is in one record, but for what leads and trails."""
    source = path / "source.dat"
    source.write_bytes(data)
    reads = list(Reader(made, part).batches(source, size))
    inside = data if part else data[made.lead_bytes : len(data) - made.tail_bytes]
    assert b"".join(raw(r) for r in reads) == inside
    assert sum(len(r.block) for r in reads) == (reads[-1].block.first + len(reads[-1].block) - 1 if reads else 0)
    rows: dict[str, list[tuple]] = {r.name: [] for r in made.records}
    for one in reads:
        for name, frame in one.frames.items():
            rows[name] += frame.select(RECORD, *made.types[name].read).rows()
    issues = [row for one in reads for row in one.issues.select("record", "byte", "item", "code").rows()]
    return Found(rows, issues, [c for one in reads for c in one.faults["code"]], reads)


def raw(found: Read) -> bytes:
    """Every byte of a batch."""
    bounds = found.block.bounds
    return found.block.data[bounds[0] : bounds[-1]].tobytes() if len(bounds) else b""


def host(text: str) -> bytes:
    """A text as a host writes it."""
    return text.encode("cp037")


def rdw(data: bytes) -> bytes:
    """A record of z/OS: its length counts itself."""
    return (len(data) + 4).to_bytes(2, "big") + b"\0\0" + data


def big(data: bytes) -> bytes:
    """Its length does not count itself."""
    return len(data).to_bytes(2, "big") + b"\0\0" + data


def little(data: bytes) -> bytes:
    """Neither, low byte first."""
    return b"\0\0" + len(data).to_bytes(2, "little") + data


def bdw(*records: bytes) -> bytes:
    """A block of records of z/OS."""
    return rdw(b"".join(map(rdw, records)))


PREFIXES = {"rdw": rdw, "rdw_exclusive": big, "rdw_little": little}
