"""What is in a file that nobody has described yet: `peek(path)`. It looks, it never decides.

encoding.py   which encoding (hosts.py, multibyte.py, kana.py: the evidence)
structure.py  newlines, record lengths (periods.py), length prefixes (prefixes.py)
kinds.py      record types; ruler.py, shapes.py: classes by position, fields that are proposed
dialect.py    delimited files; columns.py: what their columns hold
skeleton.py   a layout to begin with
figures.py    the answer
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from polars.exceptions import PolarsError

from migrate.language import say
from migrate.peek.columns import columns
from migrate.peek.dialect import dialect, divided
from migrate.peek.encoding import encoding
from migrate.peek.figures import Dialect, Look, Statement
from migrate.peek.kinds import Looked, kinds
from migrate.peek.masks import kind, masked
from migrate.peek.material import Piece, between, every, pieces
from migrate.peek.prefixes import length_of
from migrate.peek.shapes import reader_of
from migrate.peek.structure import structure
from migrate.peek.trial import decoded, text
from migrate.peek.whole import whole
from migrate.write.manifest import program_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from migrate.peek.figures import Structure

__all__ = ["Look", "Seen", "masked", "peek", "readable"]

STRICT = ("cp932", "eucjp-ms", "utf-8", "utf-16le", "utf-16be", "shift_jis-2004", "euc_jis_2004")


@dataclass(frozen=True)
class Seen:
    """The look, and the records that it was based on: bytes that only `--reveal` may show."""

    look: Look
    records: list[bytes]


def peek(path: Path, progress: Callable[[int], object] = lambda _: None) -> Seen:
    """Look at a file: encoding, structure, record types, fields or columns; in bounded memory.

    Samples from head, middle and tail; newlines, lengths and refused bytes are counted in the whole file.
    """
    size = path.stat().st_size
    sample = pieces(path, size)
    found = encoding(sample)
    name = found.value
    divided_ = structure(path, sample[0].data, name, progress)
    division = divided_.structure
    if name != "container":
        step = division.stride or (2 if name.startswith("utf-16") else 0)
        sample = pieces(path, size, step, division.lead_bytes, divided_.borders)
        found = encoding(_bare(sample, division) or sample)
    if found.value in STRICT and size > len(sample[0].data):
        found = _counted(path, found, progress)
    records = _records(sample, division, found.value) if found.value != "container" else []
    table = _table(sample, division, found.value, records)
    if table and size > len(sample[0].data):
        table = _summed(path, table, found.value, progress)
    if table and division.form == "fixed" and division.record.confidence != "certain":
        fact = say("区切り文字で分かれる", "a delimiter divides the records")
        said = Statement(
            value="variable", confidence="likely", evidence=[*division.record.evidence, fact]
        )
        division = division.model_copy(update={"form": "lines", "record": said, "record_bytes": 0})
    reader = reader_of(found.value, tuple(found.alternatives))
    binary = found.value in ("container", "empty")
    looked = Looked(records, first=True, last=True)
    plain = division.form != "blob" and table is None and not found.value.startswith("utf-16")
    look = Look(
        program=program_version(), file=path.name, size=size, looked_at=len(records), encoding=found,
        structure=division, kinds=kinds(looked, reader) if plain and records and not binary else [],
        dialect=table, characters=_characters(sample[0], found.value),
    )  # fmt: skip
    return Seen(look, records)


def readable(raw: bytes, name: str) -> str:
    """The text of a record, for showing: by our own table where there is one.

    >>> readable("山田".encode("cp932"), "cp932")
    '山田'
    """
    from migrate.read.encodings import ENCODINGS

    if name in ENCODINGS:
        return ENCODINGS[name]("microsoft").decode(raw)
    return text(raw, name) or raw.hex(" ")


def _bare(sample: list[Piece], division: Structure) -> list[Piece]:
    """Pieces without length prefixes and newlines of fixed records: what is left is the records' own."""
    if division.form != "prefixed":
        return []
    records = _records(sample, division, "")
    return [Piece(0, b"\n".join(records))] if records else []


def _counted(path: Path, found: Statement, progress: Callable[[int], object]) -> Statement:
    """The statement after the whole file was decoded."""
    refused, gaiji = decoded(path, found.value, progress)
    fact = say(f"ファイル全体の復号: 読めない {refused:,}、外字 {gaiji:,}",
               f"the whole file decoded: {refused:,} refused, {gaiji:,} gaiji")  # fmt: skip
    confidence = "likely" if refused and found.confidence == "certain" else found.confidence
    return found.model_copy(update={"evidence": [*found.evidence, fact], "confidence": confidence})


def _linked(data: bytes, division: Structure) -> list[bytes]:
    """Records behind their length."""
    prefix, at, found, end = division.record.value, 0, list[bytes](), 0
    while at + 4 <= len(data):
        if prefix == "bdw" and at >= end:
            end = at + 4 + length_of(data[at : at + 4], "rdw")
            at += 4
        size = length_of(data[at : at + 4], "rdw" if prefix == "bdw" else prefix)
        if size < 0 or at + 4 + size > len(data):
            break
        found.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def _records(sample: list[Piece], division: Structure, name: str) -> list[bytes]:
    """Whole records of the sample, as bytes."""
    newline = division.newline.value
    if division.form == "prefixed":
        lead, tail = division.lead_bytes, division.tail_bytes
        body = sample[0].data[lead : len(sample[0].data) - tail if len(sample) == 1 else None]
        return [
            r for data in (body, *(p.data for p in sample[1:])) for r in _linked(data, division)
        ]
    found: list[bytes] = []
    for piece in sample:
        if newline in ("none", "mixed") and division.record_bytes and newline == "none":
            skip = 0 if piece.offset else division.lead_bytes
            found += every(piece.data[skip:], division.stride, division.record_bytes)
        elif newline != "none":
            mark = division.newline.alternatives[0] if newline == "mixed" else newline
            if newline == "nel" and b"\x15" not in piece.data:
                mark = "nel25"
            data = piece.data.rstrip(b"\x1a") if piece is sample[-1] else piece.data
            lines = between(data, mark, begins=not piece.offset)
            rest = (
                data[data.rfind(b"\n") + 1 :]
                if piece is sample[-1] and mark in ("lf", "crlf")
                else b""
            )
            found += [*lines, rest] if rest else lines
    if division.record_bytes and newline != "none" and not name.startswith("utf-16"):
        usual = [r for r in found if len(r) == division.record_bytes]
        return usual or found
    return found


def _table(
    sample: list[Piece], division: Structure, name: str, records: list[bytes]
) -> Dialect | None:
    """The dialect and the columns, where the records are divided by a delimiter."""
    if division.newline.value == "none" or text(b"", name) is None or not records:
        return None
    rows: list[list[str]] = []
    first = None
    for piece in sample:
        found = divided(text(piece.data, name) or "", begins=not piece.offset)
        if found is None or (first and len(found.rows[0]) != len(first.rows[0])):
            if first is None:
                return None
            continue
        first = first or found
        rows += found.rows
    if first is None or (
        division.form == "fixed"
        and division.record.confidence == "certain"
        and len(records) >= 20
        and first.delimiter != ","
        and not first.quoted
        and first.delimiter != "\t"
    ):
        return None
    told = dialect(first)
    yes = told.header.value == "yes"
    labels = rows[0] if yes and told.header.confidence == "certain" else None
    return told.model_copy(update={"columns": columns(rows[1:] if yes else rows, labels, name)})


def _summed(path: Path, table: Dialect, name: str, progress: Callable[[int], object]) -> Dialect:
    """The dialect with its columns over the whole file, where it is not too large and can be read so."""
    try:
        found = whole(path, name, table, progress)
    except PolarsError:  # quotes that are not closed, fewer columns: the sample must do
        return table
    return table.model_copy(update={"columns": found, "whole": True}) if found else table


def _characters(piece: Piece, name: str) -> dict[str, int]:
    """Classes of characters in the head of the file."""
    counts: Counter[str] = Counter()
    for character, count in Counter(text(piece.data[:65536], name) or "").items():
        counts[kind(character)] += count
    return dict(counts.most_common())
