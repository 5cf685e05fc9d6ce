"""One run, from legacy files to standard files. The whole architecture is in `run`."""

from __future__ import annotations

from contextlib import ExitStack, closing, nullcontext
from typing import TYPE_CHECKING

import polars as pl

from migrate.books import Options, Report, Source
from migrate.catalog.shrinks import absent
from migrate.convert.characters import MJ, Characters
from migrate.errors import SourceError
from migrate.language import say
from migrate.pipeline.export import beside, export, named
from migrate.pipeline.lane import Lane, used
from migrate.pipeline.partners import Partners
from migrate.pipeline.publish import Written, holding, publish
from migrate.pipeline.sheet import Sheet
from migrate.read import Reader
from migrate.write.issues import Issues
from migrate.write.rejects import Rejects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from migrate.model import Mapping
    from migrate.pipeline.export import Job
    from migrate.pipeline.sheet import Admitted
    from migrate.read import Read
    from migrate.write.staged import Staged

    Refused = dict[int, list[str]]


UNITS = 1 << 18
"""Rows that a batch may unfold into: records are taken in smaller batches where each gives many."""


def run(
    mappings: Sequence[Mapping], source: Path, into: Path, options: Options | None = None
) -> Report:
    """Convert a legacy file, or every file of an export's folder, with every mapping that reads it.

    Leaves in `into` a file a table and form, .extra.csv, .originals.csv, issues.csv, for each source .rejects.dat and
    .rejects.csv, and, last, run.json. Where the outcome may not be used the files end in `.partial` and there
    is no run.json. Raises SourceError (nothing fits), KnowledgeError (a mapping is wrong), BusyError (another
    run writes there), OSError.
    """
    options = options or Options()
    todo, unclaimed, absent = export(mappings, source)
    empty = tuple(job.source.name for job in todo if not job.source.stat().st_size)
    report = Report(source.name, options, named(todo, options), unclaimed, absent, empty)
    partners = Partners(
        mappings, lambda layout: beside(layout, todo, source), counting=_counting(options)
    )
    with holding(into, dry=options.dry_run) as staged, ExitStack() as opened:
        characters = _characters(todo, options)
        sheets = {
            s.table.name: opened.enter_context(closing(s)) for s in _sheets(todo, report, staged)
        }
        issues = opened.enter_context(closing(Issues(staged))) if staged else None
        for number, job in enumerate(todo):
            lanes = [
                Lane(
                    m,
                    report.run,
                    partners.of(m),
                    report.of(m),
                    characters=characters.get(m.table.name),
                )
                for m in job.mappings
            ]
            _looked_up(partners, todo, report, issues)
            with closing(Rejects(staged, job.source.stem)) if staged else nullcontext() as rejects:
                report.sources.append(_convert(job, lanes, sheets, report, (issues, rejects)))
            for name in _tables(todo[: number + 1]) - _tables(todo[number + 1 :]):
                sheets[name].finish()
        opened.close()
        if staged:
            report.files = [f for sheet in sheets.values() for f in sheet.files]
            report.files += [name for name in staged.names if name not in report.files]
            publish(staged, report, todo, Written(list(sheets.values()), characters))
    return report


def _sheets(todo: Sequence[Job], report: Report, staged: Staged | None) -> Iterator[Sheet]:
    """A sheet for each table that the mappings write."""
    mappings = {m.name: m for job in todo for m in job.mappings}.values()
    options, said = report.options, report.run
    for name in dict.fromkeys(m.table.name for m in mappings):
        mine = [m for m in mappings if m.table.name == name]
        table = mine[0].table
        stem = f"{said['city']}_{table.id[:2]}_{table.id}_{name}_{options.round}_{said['as_of']}"
        yield Sheet(mine, stem, staged, options)


def _characters(todo: Sequence[Job], options: Options) -> dict[str, Characters]:
    """What settles the characters of each table that may not hold all of them. Raises KnowledgeError where
    nothing says how."""
    found: dict[str, Characters] = {}
    for table in (m.table for job in todo for m in job.mappings):
        policy = options.policy(table)
        if policy != MJ and table.name not in found:
            if options.shrinks is None:
                raise absent(table.path.parent / "area.toml")
            found[table.name] = Characters(table, policy, options.shrinks)
    return found


def _tables(todo: Sequence[Job]) -> set[str]:
    return {m.table.name for job in todo for m in job.mappings}


def _counting(options: Options) -> bool:
    return options.require_gaiji is not None


def _looked_up(
    partners: Partners, todo: Sequence[Job], report: Report, issues: Issues | None
) -> None:
    """Enter what looked-up files have of gaiji; a file that is converted itself tells of its values there."""
    converted = {job.source for job in todo}
    for path, layout, loose, counts in partners.noticed:
        _enter_gaiji(report, counts)
        if path not in converted and loose.height:
            found = loose.with_columns(table=pl.lit(""))
            report.enter(found, [])
            if issues:
                labels = {("", f.name): f.label for r in layout.records for f in r.fields}
                issues.write(found, path.name, labels)
    partners.noticed.clear()


def _enter_gaiji(report: Report, counts: Iterable[tuple[int, int]]) -> None:
    for settled, unsettled in counts:
        report.gaiji["settled"] += settled
        report.gaiji["unsettled"] += unsettled


def _convert(
    job: Job,
    lanes: list[Lane],
    sheets: dict[str, Sheet],
    report: Report,
    lists: tuple[Issues | None, Rejects | None],
) -> Source:
    """One file through every lane, batch by batch."""
    options, (issues, rejects) = report.options, lists
    taken, before = Source(job.source.name), _stamp(job.source)
    labels = _labels(job)
    reader = Reader(job.layout, options.part, _counting(options))
    wanted = set[tuple[str, str]]().union(*(used(m) for m in job.mappings))
    most = max(len(m.unfold) for m in job.mappings)
    size = min(options.batch, max(1, UNITS // max(1, most)))
    for read in reader.batches(job.source, size, options.limit):
        found, refused = _through(lanes, sheets, read)
        if issues and rejects:
            issues.write(found, job.source.name, labels)
            rejects.write(refused, read.block.located)
        _enter_gaiji(report, (n for place, n in read.gaiji.items() if place in wanted))
        taken.read += len(read.block)
        taken.rejects += len(refused)
        taken.declared = list(read.declared)
        report.enter(found, [{"file": job.source.name, **f} for f in read.faults.to_dicts()])
        options.progress(int(read.block.bounds[-1] - read.block.bounds[0]))
    if _stamp(job.source) != before:
        name = job.source.name
        raise SourceError(
            say(f"{name}: 読む間に書き換えられました", f"{name}: changed while it was read")
        )
    return taken


def _through(
    lanes: list[Lane], sheets: dict[str, Sheet], read: Read
) -> tuple[pl.DataFrame, Refused]:
    """One batch through every lane and onto the sheets: all issues in the order of the records, and by record
    the tables that refused it."""
    refused: Refused = {}
    found = [read.issues.with_columns(table=pl.lit("")), read.faults.with_columns(table=pl.lit(""))]
    taken = {lane.mapping.name: lane.take(read) for lane in lanes}
    admitted: dict[str, Admitted] = {}
    for name in dict.fromkeys(lane.mapping.table.name for lane in lanes):
        mine = [lane.mapping.name for lane in lanes if lane.mapping.table.name == name]
        admitted |= sheets[name].take({m: taken[m].rows for m in mine})
    for lane in lanes:
        mapping = lane.mapping
        issues, records = lane.enter(read, taken[mapping.name], admitted[mapping.name])
        found.append(issues.with_columns(table=pl.lit(mapping.table.name)))
        for number in records:
            tables = refused.setdefault(int(number), [])
            if mapping.table.name not in tables:
                tables.append(mapping.table.name)
    return pl.concat(found).sort("record", maintain_order=True), refused


def _stamp(source: Path) -> tuple[int, int]:
    """Size and time of the last change."""
    found = source.stat()
    return found.st_size, found.st_mtime_ns


def _labels(job: Job) -> dict[tuple[str, str], str]:
    """What people call the columns of tables, and (table blank) the fields of the file."""
    found = {("", f.name): f.label for r in job.layout.records for f in r.fields}
    for mapping in job.mappings:
        found |= {("", f.name): f.label for f in mapping.record.fields}
        found |= {(mapping.table.name, c.name): c.label for c in mapping.table.columns}
    return found
