"""One run, from legacy files to standard files. The whole architecture is in `run`."""

from __future__ import annotations

from contextlib import ExitStack, closing, nullcontext
from typing import TYPE_CHECKING

import polars as pl

from migrate.books import Options
from migrate.pipeline.crew import Crew
from migrate.pipeline.publish import Written, holding, publish
from migrate.pipeline.sheet import Sheet
from migrate.pipeline.through import Here, Out, convert, enter_gaiji, reader_of
from migrate.pipeline.work import Work
from migrate.write.issues import Issues
from migrate.write.rejects import Rejects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from migrate.books import Report
    from migrate.model import Mapping
    from migrate.pipeline.export import Job
    from migrate.pipeline.shards import Shards
    from migrate.write.staged import Staged


def run(
    mappings: Sequence[Mapping],
    source: Path,
    into: Path,
    options: Options | None = None,
    shards: Shards | None = None,
) -> Report:
    """Convert a legacy file, or every file of an export's folder, with every mapping that reads it.

    Leaves in `into` a file a table and form, .extra.csv, .originals.csv, issues.csv, for each source .rejects.dat and
    .rejects.csv, and, last, run.json. Where the outcome may not be used the files end in `.partial` and there
    is no run.json. `shards` hold what others have made of the blocks; they are removed when run.json stands. Raises
    SourceError (nothing fits), KnowledgeError (a mapping is wrong), BusyError (another run writes there), OSError.
    """
    options = options or Options()
    if options.shard:
        raise ValueError("a shard is made by migrate.pipeline.shard.save")
    work = Work.of(mappings, source, options)
    if shards:
        shards.insist(work)
    todo, report = work.jobs, work.report
    with holding(into, dry=options.dry_run) as staged, ExitStack() as opened:
        crew = opened.enter_context(Crew(options.workers))
        sheets = {
            s.table.name: opened.enter_context(closing(s)) for s in _sheets(todo, report, staged)
        }
        issues = opened.enter_context(closing(Issues(staged))) if staged else None
        for number, job in enumerate(todo):
            lanes = work.lanes(job)
            maker = shards.of(number, job) if shards else Here(reader_of(job, options), lanes)
            _looked_up(work, issues)
            with closing(Rejects(staged, job.source.stem)) if staged else nullcontext() as rejects:
                out = Out(sheets, issues, rejects, report, staged)
                report.sources.append(convert(job, lanes, maker, out, crew))
            for name in _tables(todo[: number + 1]) - _tables(todo[number + 1 :]):
                sheets[name].finish()
        opened.close()
        if staged:
            if shards:
                shards.tell(work.characters)
            report.files = [f for sheet in sheets.values() for f in sheet.files]
            report.files += [name for name in staged.names if name not in report.files]
            publish(staged, report, todo, Written(list(sheets.values()), work.characters))
            if shards and report.sound:
                shards.remove(report.exit_code)
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


def _tables(todo: Sequence[Job]) -> set[str]:
    return {m.table.name for job in todo for m in job.mappings}


def _looked_up(work: Work, issues: Issues | None) -> None:
    """Enter what looked-up files have of gaiji; a file that is converted itself tells of its values there."""
    converted, partners, report = {job.source for job in work.jobs}, work.partners, work.report
    for path, layout, loose, counts in partners.noticed:
        enter_gaiji(report, counts)
        if path not in converted and loose.height:
            found = loose.with_columns(table=pl.lit(""))
            report.enter(found, [])
            if issues:
                labels = {("", f.name): f.label for r in layout.records for f in r.fields}
                issues.write(found, path.name, labels)
    partners.noticed.clear()
