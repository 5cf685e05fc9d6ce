"""The standard side: Area > Table > Column, CodeList."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic needs it at run time
from typing import Annotated, Literal

import polars as pl
from pydantic import Field as Setting
from pydantic import PositiveInt, StringConstraints

from migrate.model.noun import Name, Noun, Yes

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
    labels: dict[str, str] = Setting(default={})

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
    characters: Literal["mj", "jisx0208", "jisx0213"] = "mj"  # those that its files may hold
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
