"""Which files lie in a delivery, and what their names say: `delivery(folder, tables)`.

{city6}_{area2}_{table4}_{name}_{round2}_{as_of14}.csv | .parquet | .xml
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Mapping as Dict
    from pathlib import Path

    from migrate.model import Table

NAME = re.compile(
    r"(?P<city>[0-9]{6})_(?P<area>[0-9]{2})_(?P<id>[0-9]{4})_(?P<table>[a-z][a-z0-9_]*)"
    r"_(?P<round>[0-9]{2})_(?P<as_of>[0-9]{14})\.(?P<form>csv|parquet|xml)"
)
FORMS = ("csv", "parquet", "xml")
MANIFEST = "run.json"
_COMPANIONS = re.compile(
    r"run\.json|issues\.csv|.*\.(extra|originals)\.csv|(.*\.)?rejects\.\w+|.*\.xsd|check-issues\.csv|README.*",
    re.I,
)
"""What a run, or a check, leaves besides the tables."""


class DeliveredFile(NamedTuple):
    """One file of one table."""

    path: Path
    name: str  # below the delivery's folder
    table: Table
    city: str
    round: str
    as_of: str
    form: str


class Fault(NamedTuple):
    """Something wrong with a file as a whole."""

    file: str
    code: str
    table: str = ""
    value: str | None = None


class Delivery(NamedTuple):
    """The files of one municipality, one round, one moment; and whatever does not fit."""

    folder: Path
    files: list[DeliveredFile]  # in the order of the tables
    faults: list[Fault]
    manifests: list[Path]
    city: str
    round: str
    as_of: str


def delivery(
    folder: Path, tables: Dict[str, Table], city_code: Callable[[pl.Expr], pl.Expr]
) -> Delivery:
    """Every file below a folder by what its name says; `city_code` judges a municipality's check digit."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not _hidden(p, folder))
    files: list[DeliveredFile] = []
    faults: list[Fault] = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        file, found = _named(path, name, tables)
        faults += found
        if file:
            files.append(file)
    files.sort(key=lambda f: (f.table.id, f.table.name, FORMS.index(f.form), f.name))
    city, round_, as_of = (
        _usual(getattr(f, said) for f in files) for said in ("city", "round", "as_of")
    )
    agreed = Delivery(
        folder, files, [], [p for p in paths if p.name == MANIFEST], city, round_, as_of
    )
    faults += _disagreeing(agreed)
    for wrong in sorted({f.city for f in files if not pl.select(city_code(pl.lit(f.city))).item()}):
        faults += [
            Fault(f.name, "wrong_city", f.table.name, wrong) for f in files if f.city == wrong
        ]
    return agreed._replace(faults=sorted(faults, key=lambda f: (f.file, f.code)))


def _hidden(path: Path, folder: Path) -> bool:
    """A lock, or what is still being written: nobody's business."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _named(
    path: Path, name: str, tables: Dict[str, Table]
) -> tuple[DeliveredFile | None, list[Fault]]:
    """What a file's name says, and what is wrong with it."""
    if _COMPANIONS.fullmatch(path.name):
        return None, []
    if path.name.endswith(".partial"):
        return None, [Fault(name, "unfinished")]
    said = NAME.fullmatch(path.name)
    if not said:
        known = path.suffix.lstrip(".").lower() in FORMS
        return None, [Fault(name, "wrong_file_name" if known else "foreign_file")]
    table = tables.get(said["table"])
    if table is None:
        return None, [Fault(name, "unknown_table", "", said["table"])]
    faults = []
    if (said["area"], said["id"]) != (table.id[:2], table.id):
        value = f"{said['area']}_{said['id']} / {table.id[:2]}_{table.id}"
        faults.append(Fault(name, "wrong_table_id", table.name, value))
    try:
        datetime.strptime(said["as_of"], "%Y%m%d%H%M%S")
    except ValueError:
        faults.append(Fault(name, "wrong_moment", table.name, said["as_of"]))
    file = DeliveredFile(
        path, name, table, said["city"], said["round"], said["as_of"], said["form"]
    )
    return file, faults


def _usual(values: Iterable[str]) -> str:
    """What most of them say; of as many, the first."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else ""


def _disagreeing(found: Delivery) -> Iterator[Fault]:
    """Files of another municipality, moment or round than most, and tables that come twice in one form."""
    seen: set[tuple[str, str]] = set()
    for file in found.files:
        name, table = file.name, file.table.name
        for code, own, usual in (
            ("other_city", file.city, found.city),
            ("other_moment", file.as_of, found.as_of),
            ("other_round", file.round, found.round),
        ):
            if own != usual:
                yield Fault(name, code, table, f"{own} / {usual}")
        if (table, file.form) in seen:
            yield Fault(name, "same_table_twice", table)
        seen.add((table, file.form))
