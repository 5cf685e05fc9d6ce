"""One file through every lane, batch by batch: `convert(job, lanes, ...)`.

Batches are cut one after another; decoded, converted and judged side by side, by a `Maker`; in the order of their
records their keys are judged and the books kept; made into text side by side; and written in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import polars as pl

from migrate.books import Source
from migrate.errors import SourceError
from migrate.language import say
from migrate.pipeline.lane import used
from migrate.read import Reader
from migrate.write.manifest import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from migrate.books import Options, Report
    from migrate.frames import Batch
    from migrate.pipeline.crew import Crew
    from migrate.pipeline.export import Job
    from migrate.pipeline.lane import Lane, Taken
    from migrate.pipeline.sheet import Admitted, Prepared, Sheet
    from migrate.read import Read
    from migrate.read.framing import Block
    from migrate.write.issues import Issues
    from migrate.write.rejects import Rejects
    from migrate.write.staged import Staged

    Refused = dict[int, list[str]]


RECORDS, BYTES = 40_960, 1 << 24
"""Of the file, that a batch takes at the most: with half as many again, two workers need more than 600 MB."""

UNITS = 1 << 18
"""Rows that a batch may unfold into: records are taken in smaller batches where each gives many."""


class Out(NamedTuple):
    """Where everything goes; no lists: it is a dry run."""

    sheets: dict[str, Sheet]  # by table
    issues: Issues | None
    rejects: Rejects | None
    report: Report
    staged: Staged | None = None


class Made(NamedTuple):
    """A batch as its lanes leave it."""

    read: Read
    taken: list[Taken]  # of each lane


class Maker(Protocol):
    """Where what the lanes make of a file's blocks comes from."""

    def made(self, block: Block) -> Made:
        """What they make of one. Several may be on their way, each on a thread of its own."""


class Here(NamedTuple):
    """It is made here and now."""

    reader: Reader
    lanes: Sequence[Lane]

    def made(self, block: Block) -> Made:
        read = self.reader.decoded(block)
        return Made(read, [lane.take(read) for lane in self.lanes])


def reader_of(job: Job, options: Options) -> Reader:
    return Reader(job.layout, options.part, options.counting)


def cut(job: Job, options: Options) -> Iterator[Block]:
    """The file in blocks, the same ones whoever cuts it: neither workers nor machines have a say."""
    return reader_of(job, options).blocks(job.source, _size(job, options), options.limit)


def convert(job: Job, lanes: list[Lane], maker: Maker, out: Out, crew: Crew) -> Source:
    """One file through every lane, batch by batch. Raises SourceError if it changes meanwhile."""
    report, options = out.report, out.report.options
    taken, before = Source(job.source.name), stamp(job.source)
    labels = _labels(job)
    hashed = crew.begin(sha256, job.source) if out.issues else None
    claims = reader_of(job, options).claims(options.limit)
    wanted = set[tuple[str, str]]().union(*(used(m) for m in job.mappings))

    def keep(done: Done) -> None:
        read = done.read
        for name, ready in done.prepared.items():
            out.sheets[name].write(ready)
        if out.issues and out.rejects:
            out.issues.write(done.issues, job.source.name, labels)
            out.rejects.write(done.refused, read.block.located)
        if out.staged:
            out.staged.hasten()
        enter_gaiji(report, (n for place, n in read.gaiji.items() if place in wanted))
        taken.read += len(read.block)
        taken.rejects += len(done.refused)
        taken.declared = list(read.declared)
        report.enter(done.issues, [{"file": job.source.name, **f} for f in read.faults.to_dicts()])
        options.progress(int(read.block.bounds[-1] - read.block.bounds[0]))

    crew.carry(
        cut(job, options),
        maker.made,
        lambda made: _admitted(lanes, out.sheets, claims.held(made.read), made.taken),
        lambda done: _prepared(out.sheets, done),
        keep,
    )
    taken.sha256 = hashed() if hashed else ""
    unchanged(job.source, before)
    return taken


def unchanged(source: Path, before: tuple[int, int]) -> None:
    """Raises SourceError if the file is not what its stamp says."""
    if stamp(source) != before:
        name = source.name
        raise SourceError(
            say(f"{name}: 読む間に書き換えられました", f"{name}: changed while it was read")
        )


def stamp(source: Path) -> tuple[int, int]:
    """Size and time of the last change."""
    found = source.stat()
    return found.st_size, found.st_mtime_ns


def _size(job: Job, options: Options) -> int:
    """Records a batch: some `BYTES` of the file, fewer where each gives many rows."""
    stride = max(job.layout.record_bytes, 1)
    most = max(1, *(len(m.unfold) for m in job.mappings))
    return options.batch or max(1, min(RECORDS, BYTES // stride, UNITS // most))


class Done(NamedTuple):
    """A batch of which every row is judged."""

    read: Read
    admitted: dict[str, Batch]  # by table
    issues: pl.DataFrame  # all, in the order of the records
    refused: Refused  # by record the tables that refused it
    prepared: dict[str, Prepared] = {}  # noqa: RUF012 - by table


def _admitted(lanes: list[Lane], sheets: dict[str, Sheet], read: Read, taken: list[Taken]) -> Done:
    """A batch that is judged as a whole: keys, counts, books."""
    refused: Refused = {}
    found = [_of_table("", read.issues), _of_table("", read.faults)]
    rows: dict[str, Batch] = {}
    became: dict[str, Admitted] = {}
    for name in dict.fromkeys(lane.mapping.table.name for lane in lanes):
        mine = {
            lane.mapping.name: one.good
            for lane, one in zip(lanes, taken, strict=True)
            if lane.mapping.table.name == name
        }
        each, rows[name] = sheets[name].admit(mine)
        became |= each
    for lane, one in zip(lanes, taken, strict=True):
        table = lane.mapping.table.name
        issues, records = lane.enter(read, one, became[lane.mapping.name])
        found.append(_of_table(table, issues))
        for number in records:
            tables = refused.setdefault(int(number), [])
            if table not in tables:
                tables.append(table)
    every = pl.concat([f for f in found if f.height] or found[:1])
    return Done(read, rows, every.sort("record", maintain_order=True), refused)


def _of_table(name: str, issues: pl.DataFrame) -> pl.DataFrame:
    return issues.hstack([pl.Series("table", [name], pl.String).new_from_index(0, issues.height)])


def _prepared(sheets: dict[str, Sheet], done: Done) -> Done:
    """The same, ready to be written."""
    ready = {name: sheets[name].prepare(rows) for name, rows in done.admitted.items()}
    return done._replace(prepared=ready)


def enter_gaiji(report: Report, counts: Iterable[tuple[int, int]]) -> None:
    for settled, unsettled in counts:
        report.gaiji["settled"] += settled
        report.gaiji["unsettled"] += unsettled


def _labels(job: Job) -> dict[tuple[str, str], str]:
    """What people call the columns of tables, and (table blank) the fields of the file."""
    found = {("", f.name): f.label for r in job.layout.records for f in r.fields}
    for mapping in job.mappings:
        found |= {("", f.name): f.label for f in mapping.record.fields}
        found |= {(mapping.table.name, c.name): c.label for c in mapping.table.columns}
    return found
