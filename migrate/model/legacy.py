"""The legacy side: Layout > RecordType > Field, and Gaiji."""

from __future__ import annotations

import re
from datetime import date  # noqa: TC003 - pydantic needs it at run time
from pathlib import Path  # noqa: TC003 - likewise
from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import PositiveInt, StringConstraints

from migrate.model.noun import Name, Noun, Yes

FieldType = Literal[
    "text",
    "wide",
    "kana",
    "digits",
    "zoned",
    "packed",
    "binary",
    "float",
    "edited",
    "number",
    "filler",
]
NUMBERS = ("zoned", "packed", "binary", "number")
"""What becomes Int64 where it fits: see `Field.whole`."""

MOST_TIMES = 10_000
"""Occurrences of a group: a damaged number must not unfold for ever."""
MOST_DIGITS = 18
"""What 64 bits surely hold."""

FORMS = ("unsigned", "little", "leading", "separate", "ibm")
"""unsigned: no sign, all bits count. little: low byte first (COMP-5 on x86). leading: the sign lies over, or before,
the first digit. separate: the sign is a byte of its own. ibm: hexadecimal floating point instead of IEEE."""


class Field(Noun):
    """So many bytes of a fixed-length record, or one column of a CSV record."""

    name: Name
    label: str
    start: PositiveInt | None = None  # 1-based; what the book prints is checked, then computed
    bytes: Annotated[int, Setting(ge=0)] = (
        0  # csv: the most that a value may have; 0: the book does not say
    )
    type: FieldType
    scale: Annotated[int, Setting(ge=-18, le=18)] = 0  # digits behind an implied decimal point
    form: str = ""  # of a number, blank or some of FORMS, divided by blanks
    group: str = ""
    times: Annotated[PositiveInt, Setting(le=MOST_TIMES)] = 1
    depends: str = (
        ""  # of a group: the field that says how many of `times` there are (OCCURS DEPENDING ON)
    )
    redefines: str = ""  # the field before it at whose first byte this one begins, too
    when: str = ""  # "field = value value": the records in which it is this that the bytes mean; "?": undecided
    sensitive: Yes = False
    note: str = ""

    @property
    def at(self) -> int:
        """0-based byte in the record; in CSV, 0-based column."""
        return (self.start or 1) - 1

    @property
    def forms(self) -> frozenset[str]:
        """The words of `form`."""
        return frozenset(self.form.split())

    @property
    def whole(self) -> bool:
        """Whether it becomes Int64, its point implied by `scale`. `float`, `edited` and what may have more than
        18 digits become text: the decimal number that they stand for, with its point.

        >>> Field(name="a", label="", type="packed", bytes=9).whole  # 17 digits and the sign
        True
        >>> Field(name="a", label="", type="packed", bytes=10).whole
        False
        >>> Field(name="a", label="", type="zoned", bytes=19, form="separate").whole
        True
        """
        if self.type == "binary":
            return self.bytes <= 8
        digits = {"zoned": self.bytes - ("separate" in self.forms), "packed": 2 * self.bytes - 1}
        return self.type in NUMBERS and digits.get(self.type, 0) <= MOST_DIGITS

    @property
    def occurrence(self) -> int:
        """Which of `times` it is, once its group is unfolded: 1 for the first."""
        return int(self.name.rpartition("_")[2]) if self.group else 1

    @property
    def condition(self) -> tuple[str, tuple[str, ...]]:
        """The field that `when` names, and the values in which this one may be read; without `when`, blank.

        >>> Field(name="a", label="", type="text", when="kind = 1 2").condition
        ('kind', ('1', '2'))
        """
        named, _, values = self.when.partition("=")
        return named.strip(), tuple(values.split())


class Tag(Noun):
    """One condition on a record's bytes: one of some values, or one byte of a class.

    In CSV on one column, whose whole value is one of some, or one byte of a class.
    """

    at: PositiveInt  # 1-based: byte, or column
    values: Annotated[tuple[str, ...], Setting(alias="is")] = ()
    any_of: Annotated[str, Setting(alias="in")] = ""
    hex: tuple[str, ...] = ()  # values as bytes, instead of `is`

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


_SCALARS = r"U\+[0-9A-F]{4,6}(\+U\+[0-9A-F]{4,6})*"


class Gaiji(Noun):
    """What one user-defined character of a vendor's system becomes, and who said so."""

    code: Annotated[
        str,
        Setting(alias="from"),
        StringConstraints(pattern=r"^(U\+[0-9A-F]{4,6}|([0-9A-F]{2}){1,4})$"),
    ]  # as the vendor's book prints it, F040, or its private-use character, U+E000
    to: Annotated[str, StringConstraints(pattern=rf"^({_SCALARS})?$")] = ""
    kind: Literal["", "exact", "equivalent", "wider", "shape-only"] = ""
    approved_by: str = ""
    approved_on: date | None = None
    note: str = ""

    @property
    def approved(self) -> bool:
        return bool(self.approved_by and self.approved_on and self.to)

    @property
    def text(self) -> str:
        """What it becomes.

        >>> Gaiji.model_validate({"from": "F040", "to": "U+8FBB+U+E0100"}).text
        '辻\U000e0100'
        """
        return "".join(chr(int(point, 16)) for point in re.findall("[0-9A-F]{4,6}", self.to))


class Layout(Noun):
    """How one legacy file is laid out."""

    name: str
    path: Path
    title: str
    source: str
    format: Literal["fixed", "csv"]
    file: str = ""  # how an export names this file, with * and ?
    encoding: str
    newline: Literal["none", "lf", "crlf", "cr", "nel"]
    record_bytes: Annotated[int, Setting(ge=0)] = (
        0  # fixed only; with a prefix, the most, without it
    )
    prefix: Literal["", "rdw", "rdw_exclusive", "rdw_little", "bdw"] = ""
    """What stands before each record: its length. `rdw` counts itself (z/OS), `rdw_exclusive` does not,
    `rdw_little` neither and has its low byte first; `bdw`: blocks of `rdw` records."""
    lead_bytes: Annotated[int, Setting(ge=0)] = 0  # before the first record, of no meaning
    tail_bytes: Annotated[int, Setting(ge=0)] = 0  # behind the last
    zoned: Literal["", "ebcdic", "translated", "ascii"] = (
        ""  # how a sign lies over a digit; "": as the encoding does
    )
    packed_blank: Literal["refused", "null"] = (
        "refused"  # null: the book says that packed numbers may be blanks
    )
    low_values: Literal["refused", "blank"] = (
        "refused"  # blank: 00 behind a text, or throughout digits, fills it
    )
    shifts: Literal["field", "record"] = (
        "field"  # where the shift state of a host's text begins anew
    )
    table: str = (
        ""  # a file beside layout.toml with codes that the encoding's own table does not have
    )
    header_lines: Literal[0, 1] = 0  # csv only: 1 where the first line holds the labels
    delimiter: str = ","  # csv only
    characters: Literal["microsoft", "jis"] = "microsoft"
    records: Annotated[tuple[RecordType, ...], Setting(alias="record", min_length=1)]
    gaiji_path: Path | None = None  # of the vendor's gaiji.csv, where there is one
    gaiji: tuple[Gaiji, ...] = ()  # its rows, approved or not

    @property
    def ebcdic(self) -> bool:
        """Whether its encoding is a host's: digits are F0-F9, a blank is 40, a newline 15 or 25."""
        return (
            self.encoding.startswith(("ibm", "jef", "keis", "jipse")) and self.encoding != "ibm943"
        )

    @property
    def ending(self) -> bytes:
        """The bytes of `newline`. On a host LF is 25, and NEL 15."""
        line = b"\x25" if self.ebcdic else b"\n"
        nel = b"\x15" if self.ebcdic else b"\x85"
        return {"none": b"", "lf": line, "crlf": b"\r" + line, "cr": b"\r", "nel": nel}[
            self.newline
        ]

    @property
    def types(self) -> dict[str, RecordType]:
        return {r.name: r for r in self.records}

    @property
    def files(self) -> tuple[Path, ...]:
        shared = (self.gaiji_path,) if self.gaiji_path else ()
        return (self.path, *(self.path.parent / f"{r.name}.csv" for r in self.records), *shared)
