"""突合リスト: what the old system declares, held against what a delivery adds up to: `reconcile(catalog, claims, folder)`."""

from __future__ import annotations

import json
from decimal import Decimal  # noqa: TC003 - pydantic needs it at run time
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import Field

from migrate.books import OTHER_TYPE
from migrate.errors import SourceError
from migrate.language import say
from migrate.totals import Part, Total, Totals, tables, totals
from migrate.totals.claimed import Claim, claimed
from migrate.write.manifest import NAME, program_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from migrate.catalog import Catalog
    from migrate.model import Table

Status = Literal["same", "different", "only_left", "only_right"]


class Verdict(Part):
    """One figure on both sides."""

    status: Status = Field(
        description="only_left: nothing here to compare with; only_right: the old system's list asks for the "
        "measure but leaves this value out"
    )
    table: str = Field(description="English name; of a file's own trailer: the name of that file")
    measure: str
    by: dict[str, str] = Field(default={})
    label: str
    left: int | Decimal | None = Field(description="what the old system declares")
    right: int | Decimal | None = Field(description="what was added up here")
    difference: int | Decimal | None = Field(
        description="right less left; null where one is missing"
    )
    explained: int | None = Field(
        description="records that the runs rejected, merged or skipped for this table; null where no run.json "
        "says. It may explain a difference, it never settles one"
    )


class Book(Part):
    """What became of the records of a mapping that fills a table, as run.json has it."""

    mapping: str
    table: str
    rejected: int
    merged: int
    skipped: dict[str, int] = Field(description="a reason -> how many; other record types left out")

    @property
    def lost(self) -> int:
        return self.rejected + self.merged + sum(self.skipped.values())


class Reconciled(Part):
    """突合リスト: every line, and whether they all agree."""

    program: str
    city: str
    round: str
    as_of: str
    agreed: bool = Field(description="every line is the same; exit code 0, else 8")
    compared: int = Field(description="lines that were compared, shown or not")
    lines: list[Verdict]
    books: list[Book]
    totals: Totals = Field(exclude=True)


class _Run(NamedTuple):
    """What the manifests say."""

    books: list[Book]
    trailers: list[Verdict]


def reconcile(catalog: Catalog, source: Path, folder: Path, run: Path | None = None) -> Reconciled:
    """Compare the lines of a CSV (see docs/totals.md) with a delivery, and the trailers that its run recorded.

    `run`: the folder of the run.json, if that is not the delivery's. Raises SourceError where a file cannot
    be read or a line is of no table or measure there is: then nothing was compared.
    """
    known = tables(catalog)
    claims = claimed(source, known, catalog.code_lists())
    here = totals(catalog, folder, {c.table for c in claims})
    said = _manifests(run or folder)
    lines = [*said.trailers, *_compared(claims, here.totals, known)]
    explained = {b.table: 0 for b in said.books}
    for book in said.books:
        explained[book.table] += book.lost
    lines = [line.model_copy(update={"explained": explained.get(line.table)}) for line in lines]
    return Reconciled(
        program=program_version(),
        city=here.city,
        round=here.round,
        as_of=here.as_of,
        agreed=all(line.status == "same" for line in lines) and not here.doubtful,
        compared=len(lines),
        lines=lines,
        books=[b for b in said.books if b.table in {c.table for c in claims}],
        totals=here,
    )


def _compared(
    claims: Sequence[Claim], found: Sequence[Total], known: dict[str, Table]
) -> Iterator[Verdict]:
    """The claims in their order, each group followed by the values that it leaves out."""
    right = {(t.table, t.measure, tuple(t.by), tuple(t.by.values())): t for t in found}
    delivered = {t.table for t in found}
    groups: dict[tuple[str, str, tuple[str, ...]], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.table, claim.measure, tuple(claim.by)), []).append(claim)
    for group, asked in groups.items():
        mine = {key: total for key, total in right.items() if key[:3] == group}
        for claim in asked:
            total = _taken(mine, claim, known[claim.table])
            figure = total.figure if total else None
            if total is None and claim.table in delivered and not claim.figure:
                figure = 0  # nothing of it on either side
            yield _verdict(claim.figure, figure, total or claim)
        yield from (_verdict(None, total.figure, total) for total in mine.values() if total.figure)


def _taken(mine: dict[tuple[Any, ...], Total], claim: Claim, table: Table) -> Total | None:
    """The total that a claim is of: the very value, or the one that has lost its leading zeros there."""
    group = (claim.table, claim.measure, tuple(claim.by))
    exact = mine.pop((*group, tuple(claim.by.values())), None)
    if exact or not claim.by:
        return exact
    padded = tuple(
        value.zfill(table.by_name[name].digits[0]) if value.isdecimal() else value
        for name, value in claim.by.items()
    )
    return mine.pop((*group, padded), None)


def _verdict(
    left: int | Decimal | None, right: int | Decimal | None, what: Claim | Total
) -> Verdict:
    if left is None or right is None:
        status: Status = "only_right" if left is None else "only_left"
    else:
        status = "same" if left == right else "different"
    return Verdict(
        status=status,
        table=what.table,
        measure=what.measure,
        by=what.by,
        label=what.label,
        left=left,
        right=right,
        difference=None if left is None or right is None else right - left,
        explained=None,
    )


def _manifests(folder: Path) -> _Run:
    """The books and the declared figures of every run.json below a folder."""
    books: list[Book] = []
    trailers: list[Verdict] = []
    for path in sorted(folder.rglob(NAME)):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            books += [_book(name, book) for name, book in facts.get("books", {}).items()]
            trailers += [
                _trailer(source["name"], said)
                for source in facts.get("sources", [])
                for said in source.get("declared", [])
            ]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SourceError(
                say(f"{path}: run.json として読めません", f"{path}: cannot be read as a run.json")
            ) from None
    return _Run(books, trailers)


def _book(mapping: str, book: dict[str, Any]) -> Book:
    skipped = {r: n for r, n in book["skipped"].items() if not r.startswith(OTHER_TYPE)}
    return Book(
        mapping=mapping,
        table=book["table"],
        rejected=book["rejected"],
        merged=book["merged"],
        skipped=skipped,
    )


def _trailer(file: str, said: dict[str, Any]) -> Verdict:
    """What a legacy file declares of itself, as the converting run wrote it down."""
    total = Total(
        table=file,
        measure=f"trailer {said['field']}",
        by={"record": str(said["record"])},
        label=f"{file} {said['label']}",
        figure=said["found"],
    )
    return _verdict(said["declared"], said["found"], total)
