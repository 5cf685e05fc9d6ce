"""The nouns of the house. Frozen, small, and importing nothing of ours but words for errors.

Legacy side    Layout > RecordType > Field
Standard side  Area > Table > Column, CodeList
Between them   Mapping > Recipe > Step, Skip, Example
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic needs it at run time
from typing import Annotated, Literal, NamedTuple

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, PositiveInt, StringConstraints
from pydantic import Field as Setting


class Noun(BaseModel):
    """Frozen, and refusing keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _yes(value: object) -> bool:
    if value in (True, False, "yes"):
        return bool(value)
    raise ValueError("write yes, or leave it blank")


Yes = Annotated[bool, BeforeValidator(_yes)]

# ---- legacy side ----

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


# ---- standard side ----

ColumnType = Literal["X", "N", "9", "9V", "S9", "DATE", "TIME", "YEAR", "YM", "BLOB"]


class ListEntry(Noun):
    """A code list as its line in codes/index.csv has it."""

    id: str
    title: str
    length: str = ""
    kind: Literal["list", "open_list", "external", "municipal"]
    includes: str = ""
    source: str = ""
    note: str = ""


class CodeList(ListEntry):
    """The values that a coded column may hold, and what they mean."""

    path: Path
    labels: dict[str, str] = {}

    @property
    def closed(self) -> bool:
        """Whether a value outside the list is wrong."""
        return self.kind == "list"


class Column(Noun):
    """One column of a standard table. `length` counts characters."""

    name: Name
    label: str
    type: ColumnType
    length: Annotated[str, StringConstraints(pattern=r"^[0-9]+(,[0-9]+)?$")]
    required: Literal["yes", "if", ""] = ""
    key: Yes = False
    codes: str = ""
    references: str = ""
    check: str = ""
    gaiji: Yes = False
    unknown_date: Yes = False
    sensitive: Yes = False
    source: Literal["V", "I", "G"]
    note: str = ""

    @property
    def digits(self) -> tuple[int, int]:
        """Whole part and fraction; the fraction is 0 for all but `9V`."""
        whole, _, fraction = self.length.partition(",")
        return int(whole), int(fraction or 0)

    @property
    def dtype(self) -> pl.DataType:
        """How the column lies in a frame and in Parquet."""
        if self.type == "9V":
            whole, fraction = self.digits
            return pl.Decimal(whole + fraction, fraction)
        return pl.Int64() if self.type in ("9", "S9") else pl.String()


class TableEntry(Noun):
    """A table as its area.toml has it."""

    id: str
    name: Name
    title: str
    order: tuple[str, ...] = ()
    source: str = ""
    note: str = ""


class Table(TableEntry):
    """One table of one business area of the standard."""

    area: str
    path: Path
    columns: tuple[Column, ...]

    @property
    def by_name(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns}

    @property
    def keys(self) -> list[str]:
        return [c.name for c in self.columns if c.key]

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path.parent / "area.toml", self.path)


class Area(Noun):
    """One business area: 住民基本台帳, 固定資産税 ..."""

    name: str
    number: PositiveInt
    title: str
    source: str
    path: Path
    tables: tuple[str, ...]


# ---- between them ----


class Step(NamedTuple):
    """One word of the vocabulary, with its arguments: `pad 15`."""

    word: str
    args: tuple[str, ...] = ()


class Recipe(NamedTuple):
    """How one standard column is made: fields, then steps."""

    column: str
    fields: tuple[str, ...]
    steps: tuple[Step, ...]


class Skip(Noun):
    """Records that are out of scope, and why."""

    when: str
    because: str


class Example(Noun):
    """One agreed case: given these fields, expect these columns."""

    because: str
    given: dict[Name, str]
    expect: dict[Name, str]


class Crosswalk(NamedTuple):
    """A vendor's codes to the standard's."""

    path: Path
    pairs: dict[str, str]


class Lookup(Noun):
    """Fields of another legacy file of the same export, joined to each record before the words run."""

    layout: Layout
    record: RecordType
    on: dict[Name, Name]  # field there -> field here
    where: str = ""  # SQL over the fields there
    take: dict[Name, Name]  # new field here -> field there
    missing: str = ""  # why it is all right that there is no partner


class Mapping(Noun):
    """How one legacy record type becomes one standard table."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    path: Path
    agreed: str
    layout: Layout
    record: RecordType  # with the fields that `unfold` and `lookups` add
    table: Table
    unfold: tuple[
        dict[str, str], ...
    ] = ()  # by occurrence: new field -> field of the record or 'text'
    lookups: tuple[Lookup, ...] = ()
    merge_equal: str = ""  # why equal rows are one
    recipes: dict[str, Recipe]
    constants: dict[str, str]
    left_empty: dict[str, str]
    carried: dict[str, str]
    not_migrated: dict[str, str]
    alert_only: dict[str, str]
    skips: tuple[Skip, ...]
    examples: tuple[Example, ...]
    crosswalks: dict[str, Crosswalk]
    codes: dict[str, CodeList]

    @property
    def files(self) -> tuple[Path, ...]:
        """Every knowledge file that the outcome depends on."""
        walks = (w.path for w in self.crosswalks.values())
        lists = (c.path for c in self.codes.values())
        partners = (p for one in self.lookups for p in one.layout.files)
        return (self.path, *self.layout.files, *self.table.files, *walks, *lists, *partners)

    @property
    def personal(self) -> frozenset[str]:
        """Columns whose values may not be shown: sensitive themselves, or made of a sensitive field."""
        fields = self.record.read
        made = (c for c, r in self.recipes.items() if any(fields[f].sensitive for f in r.fields))
        return frozenset((*made, *(c.name for c in self.table.columns if c.sensitive)))

    def origin(self, item: str, occurrence: int = 1) -> Field | None:
        """The field that a column is made from first, or that is called so; None if the record has none."""
        recipe = self.recipes.get(item)
        name = recipe.fields[0] if recipe else item
        if self.unfold:
            name = self.unfold[occurrence - 1].get(name, name)
        return self.layout.types[self.record.name].read.get(name)
