"""The legacy side: Layout > RecordType > Field."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic needs it at run time
from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import PositiveInt

from migrate.model.noun import Name, Noun, Yes

FieldType = Literal[
    "text", "wide", "kana", "digits", "zoned", "packed", "binary", "number", "filler"
]
NUMBERS = ("zoned", "packed", "binary", "number")


class Field(Noun):
    """So many bytes of a fixed-length record, or one column of a CSV record."""

    name: Name
    label: str
    start: PositiveInt | None = None  # 1-based; what the book prints is checked, then computed
    bytes: Annotated[int, Setting(ge=0)] = (
        0  # csv: the most that a value may have; 0: the book does not say
    )
    type: FieldType
    scale: Annotated[int, Setting(ge=0, le=9)] = 0  # digits behind an implied decimal point
    group: str = ""
    times: PositiveInt = 1
    sensitive: Yes = False
    note: str = ""

    @property
    def at(self) -> int:
        """0-based byte in the record; in CSV, 0-based column."""
        return (self.start or 1) - 1


class Tag(Noun):
    """One condition on a record's bytes: one of some values, or one byte of a class.

    In CSV on one column, whose whole value is one of some, or one byte of a class.
    """

    at: PositiveInt  # 1-based: byte, or column
    values: Annotated[tuple[str, ...], Setting(alias="is")] = ()
    any_of: Annotated[str, Setting(alias="in")] = ""

    @property
    def accepted(self) -> tuple[str, ...]:
        return self.values or tuple(self.any_of)


class Declaration(Noun):
    """What a trailer's field claims of the records before it: how many, or what they add up to."""

    field: Name
    counts: tuple[Name, ...] = ()  # record types
    sums: str = ""  # "record_type field"


class RecordType(Noun):
    """One kind of record in a file, and the bytes that tell it from the others."""

    name: Name
    label: str = ""
    kind: Literal["header", "data", "trailer", "end"] = "data"
    tag: tuple[Tag, ...] = ()
    as_of: str = ""  # header: the field that holds the moment of the extraction
    city: str = ""  # header: the field that holds the municipality's code
    declares: tuple[Declaration, ...] = ()
    fields: tuple[Field, ...]

    @property
    def read(self) -> dict[str, Field]:
        """The fields that hold something, by name."""
        return {f.name: f for f in self.fields if f.type != "filler"}


class Layout(Noun):
    """How one legacy file is laid out."""

    name: str
    path: Path
    title: str
    source: str
    format: Literal["fixed", "csv"]
    file: str = ""  # how an export names this file, with * and ?
    encoding: str
    newline: Literal["none", "lf", "crlf", "cr"]
    record_bytes: Annotated[int, Setting(ge=0)] = 0  # fixed only
    header_lines: Literal[0, 1] = 0  # csv only: 1 where the first line holds the labels
    delimiter: str = ","  # csv only
    characters: Literal["microsoft", "jis"] = "microsoft"
    records: Annotated[tuple[RecordType, ...], Setting(alias="record", min_length=1)]

    @property
    def ending(self) -> bytes:
        return {"none": b"", "lf": b"\n", "crlf": b"\r\n", "cr": b"\r"}[self.newline]

    @property
    def types(self) -> dict[str, RecordType]:
        return {r.name: r for r in self.records}

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path, *(self.path.parent / f"{r.name}.csv" for r in self.records))
