"""All that a run has before it: `Work.of(mappings, source, options)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrate.books import Report
from migrate.catalog.shrinks import absent
from migrate.convert.characters import MJ, Characters
from migrate.pipeline.export import beside, export, named
from migrate.pipeline.lane import Lane
from migrate.pipeline.partners import Partners

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from migrate.books import Options
    from migrate.model import Mapping
    from migrate.pipeline.export import Job


class Work(NamedTuple):
    """The files and their mappings, the report to be filled in, and what the lanes lean on."""

    mappings: tuple[Mapping, ...]  # those without a file, too
    source: Path
    jobs: tuple[Job, ...]
    report: Report
    partners: Partners
    characters: dict[str, Characters]  # by table, of those that may not hold all

    @classmethod
    def of(cls, mappings: Sequence[Mapping], source: Path, options: Options) -> Work:
        """Raises SourceError where nothing fits, KnowledgeError where nothing says how characters are shrunk."""
        jobs, unclaimed, lacking = export(mappings, source)
        empty = tuple(job.source.name for job in jobs if not job.source.stat().st_size)
        report = Report(source.name, options, named(jobs, options), unclaimed, lacking, empty)
        partners = Partners(
            mappings, lambda layout: beside(layout, jobs, source), counting=options.counting
        )
        return cls(tuple(mappings), source, jobs, report, partners, _characters(jobs, options))

    def lanes(self, job: Job) -> list[Lane]:
        """A lane for each mapping that reads the file, its books opened."""
        return [
            Lane(
                m,
                self.report.run,
                self.partners.of(m),
                self.report.of(m),
                characters=self.characters.get(m.table.name),
            )
            for m in job.mappings
        ]

    @property
    def files(self) -> list[Path]:
        """The legacy files that are read: converted, or looked up."""
        layouts = {
            one.layout.name: one.layout
            for job in self.jobs
            for mapping in job.mappings
            for one in mapping.lookups
        }
        others = [p for one in layouts.values() for p in beside(one, self.jobs, self.source)]
        return sorted({*(job.source for job in self.jobs), *others})


def _characters(jobs: Sequence[Job], options: Options) -> dict[str, Characters]:
    """What settles the characters of each table that may not hold all of them. Raises KnowledgeError where
    nothing says how."""
    found: dict[str, Characters] = {}
    for table in (m.table for job in jobs for m in job.mappings):
        policy = options.policy(table)
        if policy != MJ and table.name not in found:
            if options.shrinks is None:
                raise absent(table.path.parent / "area.toml")
            found[table.name] = Characters(table, policy, options.shrinks)
    return found
