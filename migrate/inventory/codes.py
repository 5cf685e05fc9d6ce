"""The codes of legacy files that mappings look up in crosswalks: `codes(mappings, source)`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from migrate.catalog.files import rows
from migrate.convert import Converter
from migrate.convert.vocabulary import parts
from migrate.frames import BATCH, RECORD, hidden
from migrate.inventory.carried import SAMPLES, Counted, Coverage, compared
from migrate.model import Noun
from migrate.pipeline.export import beside, export
from migrate.pipeline.partners import Partners
from migrate.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from migrate.model import CodeList, Crosswalk, Mapping, Recipe

OPEN = "^[0-9A-Za-z]{1,4}$"
"""What may be shown of a personal field's value that no crosswalk has: what looks like a code."""


class Line(Counted):
    """One legacy code of one crosswalk."""

    list: str  # <vendor>/<list>
    code: str  # "(7 characters)" where it may be personal
    to: str = ""  # blank where there is no row, or blank by decision
    label: str = ""  # of the standard's code
    columns: str = ""  # that it comes into


class Inventory(Noun):
    """What `migrate codes report` found."""

    files: list[str]
    records: int
    coverage: Coverage
    lists: dict[str, Coverage]
    lines: list[Line]


class _Asked(NamedTuple):
    """A recipe's `code LIST`: what enters it."""

    name: str
    value: pl.Expr
    personal: bool


@dataclass
class _List:
    """One crosswalk, where it is used, and what was met."""

    walk: Crosswalk
    columns: list[str] = field(default_factory=list)
    labels: CodeList | None = None
    occurrences: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, met: pl.DataFrame, file: str) -> None:
        counts = met.group_by("value").agg(
            pl.len().alias("n"),
            pl.col("record").n_unique().alias("records"),
            pl.col("record").unique().sort().head(SAMPLES).alias("samples"),
        )
        for code, n, records, samples in counts.iter_rows():
            self.occurrences[code] += n
            self.records[code] += records
            kept = self.samples.setdefault(code, [])
            kept += [f"{file}:{number}" for number in samples[: SAMPLES - len(kept)]]

    def lines(self, name: str) -> Iterator[Line]:
        """The codes met, the frequent ones first, then the rows that no record has."""
        known = {**self.walk.pairs, **self.walk.proposed}
        met = sorted(self.occurrences, key=lambda code: (-self.occurrences[code], code))
        for code in dict.fromkeys([*met, *known]):
            state = (
                "approved" if code in self.walk.pairs else "proposed" if code in known else "none"
            )
            to = known.get(code, "")
            yield Line(
                list=name,
                code=code,
                to=to,
                label=self.labels.labels.get(to, "") if self.labels else "",
                columns=" ".join(self.columns),
                occurrences=self.occurrences[code],
                records=self.records[code],
                samples=" ".join(self.samples.get(code, ())),
                state=state,
            )


def codes(
    mappings: Sequence[Mapping],
    source: Path,
    before: Path | None = None,
    progress: Callable[[int], object] = int,
) -> Inventory:
    """Every code that the mappings' `code` words meet in a file, or in an export's folder, list by list.

    Counted as the words see them: of records in scope, unfolded, behind the words before. `before`: an earlier report
    (CSV) to compare with. Raises KnowledgeError, SourceError.
    """
    todo = export(mappings, source).jobs
    partners = Partners(mappings, lambda layout: beside(layout, todo, source))
    lists: dict[str, _List] = {}
    records = 0
    for job in todo:
        asked = {m.name: list(_asked(m, lists)) for m in job.mappings}
        converters = [Converter(m, {"city": ""}, partners.of(m)) for m in job.mappings]
        for read in Reader(job.layout, part=True).batches(job.source, BATCH):
            met: dict[str, list[pl.DataFrame]] = {}
            for converter in converters:
                units, _ = converter.units(read.frames[converter.mapping.record.name])
                wanted, _ = converter.in_scope(units)
                for one in asked[converter.mapping.name]:
                    met.setdefault(one.name, []).append(_met(wanted, one, lists[one.name].walk))
            for name, frames in met.items():
                lists[name].add(pl.concat(frames), job.source.name)
            records += len(read.block)
            progress(int(read.block.bounds[-1] - read.block.bounds[0]))
    found = [line for name, one in sorted(lists.items()) for line in one.lines(name)]
    covered = {name: _coverage(found, name) for name in sorted(lists)}
    whole = _coverage(found)
    if before is not None:
        found = compared(found, rows(before, Line), lambda line: (line.list, line.code))
    files = [job.source.name for job in todo]
    return Inventory(files=files, records=records, coverage=whole, lists=covered, lines=found)


def _asked(mapping: Mapping, lists: dict[str, _List]) -> Iterator[_Asked]:
    """Every `code` of a mapping; its list is opened when it is met first."""
    fields = mapping.record.read
    for recipe in mapping.recipes.values():
        for number, step in enumerate(recipe.steps):
            if step.word != "code":
                continue
            name = f"{mapping.path.parent.name}/{step.args[0]}"
            one = lists.setdefault(name, _List(mapping.crosswalks[step.args[0]]))
            column = f"{mapping.table.name}.{recipe.column}"
            if column not in one.columns:
                one.columns.append(column)
            if _last(recipe, number):
                one.labels = one.labels or mapping.codes.get(
                    mapping.table.by_name[recipe.column].codes
                )
            personal = any(fields[f].sensitive for f in recipe.fields)
            for value in parts(mapping, recipe)[number]:
                yield _Asked(name, value.cast(pl.String), personal)


def _last(recipe: Recipe, number: int) -> bool:
    return number == len(recipe.steps) - 1


def _met(wanted: pl.DataFrame, asked: _Asked, walk: Crosswalk) -> pl.DataFrame:
    """Record and code of every value that enters a `code`; one that may be personal shows its length only."""
    met = wanted.select(record=pl.col(RECORD), value=asked.value)
    met = met.filter(pl.col("value").is_not_null() & (pl.col("value") != ""))
    if not asked.personal:
        return met
    value = pl.col("value")
    shown = value.is_in([*walk.pairs, *walk.proposed]) | value.str.contains(OPEN)
    return met.with_columns(value=pl.when(shown).then(value).otherwise(hidden(value)))


def _coverage(lines: list[Line], name: str = "") -> Coverage:
    met = [line for line in lines if line.occurrences and name in ("", line.list)]
    good = [line for line in met if line.state == "approved"]
    return Coverage(
        kinds=len(met),
        approved_kinds=len(good),
        occurrences=sum(line.occurrences for line in met),
        approved_occurrences=sum(line.occurrences for line in good),
    )
