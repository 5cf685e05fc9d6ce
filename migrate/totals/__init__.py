"""件数リスト: what the files of a delivery add up to, as data: `totals(catalog, folder)`."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal  # noqa: TC003 - pydantic needs it at run time
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from migrate.catalog import standard
from migrate.catalog.measures import measures
from migrate.errors import SourceError
from migrate.frames import BATCH
from migrate.language import say
from migrate.read.delivered import READERS
from migrate.read.delivered.folder import delivery
from migrate.write.figures import Figures
from migrate.write.manifest import program_version

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from migrate.catalog import Catalog
    from migrate.catalog.files import Roots
    from migrate.model import CodeList, Table
    from migrate.read.delivered.folder import DeliveredFile, Delivery
    from migrate.write.figures import Figure

LEFT_OUT = ("wrong_file_name", "unknown_table", "unfinished")


class Part(BaseModel):
    """A part of a list of totals."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_serialization_defaults_required=True
    )


class Total(Part):
    """One line: a figure that anybody can add up again."""

    table: str = Field(description="English name of the table")
    measure: str = Field(description="rows, keys, sum levied, current sum levied, population ...")
    by: dict[str, str] = Field(
        default={}, description="column and value that the figure is of; none: the whole table"
    )
    label: str = Field(default="", description="the same in Japanese")
    figure: int | Decimal = Field(description="exact; with decimals as text")


class TotalledFile(Part):
    """One file that was added up."""

    file: str
    table: str
    title: str
    rows: int = Field(description="rows in the file, unreadable ones too")
    issues: int = Field(
        description="rows or values that could not be taken as they stand; see `migrate check`"
    )


class Totals(Part):
    """件数リスト of a delivery."""

    program: str
    city: str
    round: str
    as_of: str = Field(description="moment of the extraction, YYYYMMDDhhmmss")
    files: list[TotalledFile]
    left_out: list[str] = Field(
        default=[],
        description="files that are tables by their looks, but of no table by their name, or unfinished",
    )
    totals: list[Total]

    @property
    def doubtful(self) -> bool:
        return bool(self.left_out) or any(f.issues for f in self.files)


def totals(
    catalog: Catalog,
    folder: Path,
    only: Collection[str] = (),
    progress: Callable[[int], object] = int,
) -> Totals:
    """Add up every table of a delivery, or `only` some, by name. Of a table in several forms one is read.

    Raises SourceError where there is nothing to add up, a table comes twice, or a file cannot be read.
    """
    found = delivery(folder, tables(catalog), _anything)
    files: dict[str, DeliveredFile] = {}
    for file in found.files:
        first = files.setdefault(file.table.name, file)
        if (first.city, first.round, first.as_of) != (file.city, file.round, file.as_of):
            raise SourceError(
                say(
                    f"{file.table.name}: 団体・回次・日時の違うファイルが2つあります: {first.name}, {file.name}",
                    f"{file.table.name}: two files of different municipality, round or moment: {first.name}, {file.name}",
                )
            )
    if not files:
        raise SourceError(
            say(f"{folder}: 集計するファイルがありません", f"{folder}: no file to add up")
        )
    codes = catalog.code_lists()
    read, lines = [], []
    for file in files.values():
        if not only or file.table.name in only:
            summary, figures = _added(file, found)
            read.append(summary)
            lines += [_line(file.table, codes, f) for f in figures]
        progress(file.path.stat().st_size)
    return Totals(
        program=program_version(),
        city=found.city,
        round=found.round,
        as_of=found.as_of,
        files=read,
        left_out=[f.file for f in found.faults if f.code in LEFT_OUT],
        totals=lines,
    )


def tables(catalog: Catalog) -> dict[str, Table]:
    """Every standard table, by its own name."""
    return _tables(catalog.roots)


@cache
def _tables(roots: Roots) -> dict[str, Table]:
    return {n.partition("/")[2]: standard.table(roots, n) for n in standard.names(roots)}


def _anything(value: pl.Expr) -> pl.Expr:
    """No judgement: whether a municipality's code is one is the business of `migrate check`."""
    return pl.lit(value=True)


def _added(file: DeliveredFile, found: Delivery) -> tuple[TotalledFile, list[Figure]]:
    """One file, read once."""
    table = file.table
    figures = Figures(table, measures(table), found.as_of)
    rows, doubts = 0, Counter[str]()
    for later in READERS[file.form](file.path, table, BATCH):
        piece = later()
        figures.add(piece.rows)
        rows += piece.records
        doubts.update(piece.issues.filter(severity="error")["code"])
    added = list(figures.figures())
    if "unreadable" in doubts:
        raise SourceError(say(f"{file.name}: 読めません", f"{file.name}: cannot be read"))
    summary = TotalledFile(
        file=file.name, table=table.name, title=table.title, rows=rows, issues=doubts.total()
    )
    return summary, added


def _line(table: Table, codes: Mapping[str, CodeList], figure: Figure) -> Total:
    """A figure with the names of what it is."""
    by = {
        name: "" if value is None else str(value)
        for name, value in zip(figure.measure.by, figure.values, strict=True)
    }
    said = []
    for name, value in by.items():
        column = table.by_name[name]
        meaning = codes[column.codes].labels.get(value, "") if column.codes in codes else ""
        said.append(f"{column.label}={value} {meaning}".rstrip())
    label = " ".join([table.title, figure.measure.label, *said])
    return Total(
        table=table.name, measure=figure.measure.name, by=by, label=label, figure=figure.figure
    )
