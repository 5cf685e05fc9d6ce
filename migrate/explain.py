"""One record, byte by byte and step by step: `explain(mapping, source, number)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from migrate.books import Books
from migrate.convert.vocabulary import parts
from migrate.errors import SourceError
from migrate.frames import OFFSET, RECORD
from migrate.language import say
from migrate.pipeline.export import beside
from migrate.pipeline.lane import Lane
from migrate.pipeline.partners import Partners
from migrate.read import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.convert import Converter
    from migrate.model import Field, Mapping, RecordType

CITY = "{city}"


@dataclass(frozen=True)
class Stage:
    """A value on its way: the fields, then each word, then the column."""

    what: str
    value: str | None
    sensitive: bool


@dataclass(frozen=True)
class Explained:
    """Everything about one record. Personal values are in it: showing them is for the caller to decide."""

    number: int
    byte: int
    raw: bytes
    record: RecordType | None
    spans: list[tuple[int, int]]
    """(byte in the record, bytes) of each of the record's fields; in CSV without quotes and delimiters."""
    values: dict[str, object]
    characters: list[tuple[int, str]]
    """(byte in the record, character); a two-byte character stands at its first byte."""
    rows: list[dict[str, list[Stage]]]
    """For each row that the record gives: by column, its way."""
    issues: pl.DataFrame
    skipped: str = ""

    def field_at(self, byte: int) -> Field | None:
        """The field that a 0-based byte of the record belongs to."""
        fields = self.record.fields if self.record else ()
        placed = zip(fields, self.spans, strict=True)
        return next((f for f, (at, size) in placed if at <= byte < at + size), None)


def explain(mapping: Mapping, source: Path, number: int) -> Explained:
    """Read, convert and check one record by its 1-based number. Raises SourceError if there is none."""
    reader = Reader(mapping.layout, part=mapping.layout.format == "csv")
    read = reader.one(source, number)
    if read is None:
        raise SourceError(
            say(
                f"{source.name}: レコード {number:,} はありません",
                f"{source.name}: there is no record {number:,}",
            )
        )
    raw = read.block.raw(0)
    kind = next((r for r in mapping.layout.records if read.frames[r.name].height), None)
    frame = read.frames[kind.name] if kind else None
    values = frame.row(0, named=True) if frame is not None else {}
    issues, rows, skipped = read.issues, [], ""
    if frame is not None and kind and kind.name == mapping.record.name:
        partners = Partners([mapping], lambda layout: beside(layout, (), source)).of(mapping)
        lane = Lane(mapping, {"city": CITY}, partners, Books(mapping.table.name))
        taken = lane.take(read)
        skipped = next(iter(taken.good.skipped), "")
        city = pl.col("item").is_in([n for n, v in mapping.constants.items() if v == CITY])
        issues = pl.concat([issues, taken.issues.filter(~city)])
        chosen, _ = lane.converter.in_scope(lane.converter.units(frame)[0])
        rows = [_row(lane.converter, unit) for unit in chosen.iter_slices(1)]
    shown = {k: v for k, v in values.items() if k not in (RECORD, OFFSET)}
    byte = read.block.base + int(read.block.bounds[0])
    spans = read.block.spans(0, kind) if kind else []
    characters = _characters(raw, reader, spans or [(0, len(raw))])
    return Explained(number, byte, raw, kind, spans, shown, characters, rows, issues, skipped)


def _row(converter: Converter, unit: pl.DataFrame) -> dict[str, list[Stage]]:
    """Each column's way: from the fields by the words, or a constant."""
    ways = {column: _stages(converter, column, unit) for column in converter.mapping.recipes}
    for name, text in converter.mapping.constants.items():
        ways[name] = [Stage(say("定数", "constant"), text, sensitive=False)]
    return ways


def _stages(converter: Converter, column: str, frame: pl.DataFrame) -> list[Stage]:
    mapping = converter.mapping
    recipe = mapping.recipes[column]
    fields = mapping.record.read
    personal = column in mapping.personal
    stages = [Stage(f, _text(frame[f][0]), fields[f].sensitive) for f in recipe.fields]
    for step, made in zip(recipe.steps, parts(mapping, recipe)[1:], strict=True):
        values = frame.select(e.alias(str(i)) for i, e in enumerate(made)).row(0)
        stages.append(Stage(" ".join((step.word, *step.args)), _several(values), personal))
    return stages


def _several(values: tuple[object, ...]) -> str | None:
    """A value, or several that no word has joined yet: then a dash for one that is not there."""
    if len(values) == 1 or all(v is None for v in values):
        return _text(values[0])
    return " ".join("-" if v is None or v == "" else str(v) for v in values)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _characters(raw: bytes, reader: Reader, spans: list[tuple[int, int]]) -> list[tuple[int, str]]:
    """What the bytes say, field by field: a character does not reach over the edge of its field."""
    found = []
    for start, size in spans:
        at, stop = start, min(start + size, len(raw))
        while at < stop:
            pair = reader.encoding.lead(raw[at]) and at + 1 < stop
            character = reader.encoding.decode(raw[at : at + 2] if pair else raw[at : at + 1])[:1]
            found.append((at, character))
            at += 2 if pair and character != "\ufffd" else 1
    return found
