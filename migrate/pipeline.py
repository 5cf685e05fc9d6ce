"""One run, from one legacy file to standard files. The whole architecture is in `run`."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import filelock
import numpy as np
import polars as pl

from migrate.catalog.files import shipped
from migrate.check import Checker
from migrate.convert import Converter
from migrate.errors import BusyError, SourceError
from migrate.language import say
from migrate.model import CARRIED, Batch
from migrate.read import BATCH, Read, Reader
from migrate.write import OUTPUTS
from migrate.write.content import Content
from migrate.write.csv import CsvFile, lines
from migrate.write.issues import Issues
from migrate.write.manifest import NAME, hashes, program, sha256, write_manifest
from migrate.write.rejects import Rejects
from migrate.write.staged import Staged
from migrate.write.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.model import Layout, Mapping

OTHER = "other record type: {}"
"""Why a record of another type is skipped, in the books of a table."""


@dataclass(frozen=True)
class Options:
    """What a run is told besides its mappings and its source."""

    city: str = ""  # 全国地方公共団体コード, 6 digits; else the file's header says it
    round: str = "00"  # 00 trial, 01.. rehearsal, 90 the real one, 91.. differences
    as_of: str = ""  # YYYYMMDDhhmmss of the extraction; else the file's header says it
    formats: tuple[str, ...] = ("csv",)
    batch: int = BATCH
    limit: int | None = None  # a trial on the first records
    dry_run: bool = False
    part: bool = False  # the source is a part of a file: no header, no trailer
    max_rejects: int | None = None
    max_reject_rate: float | None = None
    progress: Callable[[int], object] = int  # told the bytes of each batch


@dataclass
class Books:
    """What became of the records, for one table. They must balance."""

    read: int = 0
    written: int = 0
    rejected: int = 0
    merged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)  # by reason

    @property
    def balance(self) -> bool:
        return self.read == self.written + self.rejected + self.merged + self.skipped.total()


@dataclass
class Report:
    """What a run did. `exit_code`: 0 clean, 4 look at it, 8 do not use it."""

    source: str
    options: Options
    books: dict[str, Books] = field(default_factory=dict)
    issues: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """(table, item, code, severity) -> how many; table blank for what was wrong with the bytes."""
    faults: list[dict[str, Any]] = field(default_factory=list)
    """Issues of the file as a whole: header, trailer, declared counts and totals."""
    files: list[str] = field(default_factory=list)
    rejects: int = 0  # records in rejects.dat
    read: int = 0

    @property
    def over_limit(self) -> bool:
        count, rate = self.options.max_rejects, self.options.max_reject_rate
        return (count is not None and self.rejects > count) or (
            rate is not None and self.rejects > rate * self.read
        )

    @property
    def sound(self) -> bool:
        """Whether the outcome may be used: books balance, the file kept its promises, limits are kept."""
        return all(b.balance for b in self.books.values()) and not self.faults and not self.over_limit

    @property
    def exit_code(self) -> int:
        return 8 if not self.sound else 4 if self.issues or self.rejects else 0


class Lane:
    """One mapping at work: its converter, checker, files and books."""

    def __init__(self, mapping: Mapping, names: dict[str, str], staged: Staged | None, options: Options) -> None:
        self.mapping = mapping
        self.converter = Converter(mapping, names)
        folder = staged.folder if staged else None
        self.checker = Checker(mapping.table, mapping.codes, folder)
        self.books = Books()
        self.content = Content()
        self.totals = Totals(mapping.table, set(mapping.left_empty))
        table = mapping.table
        self.stem = f"{names['city']}_{table.id[:2]}_{table.id}_{table.name}_{options.round}_{names['as_of']}"
        self._outputs, self._extra, self.files = [], None, []
        if staged:
            for form in options.formats:
                self.files.append(f"{self.stem}.{form}")
                self._outputs.append(OUTPUTS[form].of(staged.path(self.files[-1]), table))
            if mapping.carried:
                self.files.append(f"{self.stem}.extra.csv")
                fields = mapping.record.read
                labels = [table.by_name[k].label for k in table.keys]
                labels += [fields[f].label for f in mapping.carried]
                self._extra = CsvFile(staged.path(self.files[-1]), labels)
        self._standard = list(table.by_name)
        self._carried = [*table.keys, *(f"{CARRIED}{f}" for f in mapping.carried)]

    def take(self, read: Read) -> tuple[pl.DataFrame, NDArray[np.uint64]]:
        """Convert, check and write one batch. Gives this table's issues and the records it refused."""
        mine = self.mapping.record.name
        batch = self.converter.convert(read.frames[mine])
        checked = self.checker.check(batch._replace(issues=pl.concat([read.issues, batch.issues])))
        issues = self._own(checked.issues.slice(read.issues.height), read.issues)
        text = lines(checked.rows.select(self._standard))
        self.content.add(text)
        self.totals.add(checked.rows)
        for output in self._outputs:
            output.write(checked.rows.select(self._standard), text)
        if self._extra:
            self._extra.write(checked.rows.select(self._carried))
        return issues, self._enter(read, batch, checked)

    def close(self) -> None:
        self.checker.keys.close()
        for output in (*self._outputs, *([self._extra] if self._extra else [])):
            output.close()

    def _own(self, issues: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
        """This table's issues, each at its field's byte; a refused value is not also missing."""
        recipes = self.mapping.recipes
        places = {name: self.mapping.place(name) for name in self.mapping.table.by_name}
        fed = pl.DataFrame(
            [(f, c) for c, r in recipes.items() for f in r.fields],
            schema={"item": pl.String, "column": pl.String},
            orient="row",
        )
        unread = read.join(fed, on="item").select("record", item="column")
        refused = issues.filter(pl.col("code") != "missing").select("record", "item")
        blamed = pl.concat([unread, refused]).unique()
        absent = issues.filter(code="missing").join(blamed, on=["record", "item"], how="semi")
        kept = issues.join(absent, on=["record", "item", "code"], how="anti", maintain_order="left")
        place = pl.col("item").replace_strict(places, default=0, return_dtype=pl.UInt64)
        return kept.with_columns(byte=pl.col("byte") + place)

    def _enter(self, read: Read, batch: Batch, checked: Batch) -> NDArray[np.uint64]:
        """Enter a batch into the books: rejected is counted from the issues, written from the rows."""
        books, frame = self.books, read.frames[self.mapping.record.name]
        stray = len(read.block) - sum(f.height for f in read.frames.values())
        in_scope = batch.rows["_record"]
        refused = checked.issues.filter(severity="error")["record"].unique()
        mine = refused.filter(refused.is_in(in_scope.implode())) if len(refused) else refused
        books.read += len(read.block)
        books.written += checked.rows.height
        books.rejected += stray + len(mine)
        books.skipped.update(batch.skipped)
        for name, other in read.frames.items():
            if other is not frame and other.height:
                books.skipped[OTHER.format(name)] += other.height
        strays = refused.filter(_is_stray(read, refused))
        return np.concatenate([strays.to_numpy(), mine.to_numpy()]).astype(np.uint64)


def _is_stray(read: Read, records: pl.Series) -> pl.Series:
    """Which records have no type, or a wrong length."""
    typed = [f["_record"] for f in read.frames.values()]
    return ~records.is_in(pl.concat(typed).implode())


def run(mappings: Sequence[Mapping], source: Path, into: Path, options: Options | None = None) -> Report:
    """Convert one legacy file with every mapping that reads it, in one pass.

    Leaves in `into` a file a table and form, .extra.csv, issues.csv, rejects.dat, rejects.csv and, last, run.json.
    Where the outcome may not be used the files end in `.partial` and there is no run.json. Raises SourceError
    (nothing fits), KnowledgeError (a mapping is wrong), BusyError (another run writes there), OSError.
    """
    options = options or Options()
    layout = mappings[0].layout
    names = _names(layout, source, options)
    report = Report(source.name, options)
    with _staged(into, dry=options.dry_run) as staged:
        lanes = [Lane(mapping, names, staged, options) for mapping in mappings]
        listed = Issues(staged.path("issues.csv"), _labels(mappings)) if staged else None
        rejects = Rejects(staged) if staged else None
        for read in _batches(layout, source, options):
            refused: dict[int, list[str]] = {}
            found = [read.issues.with_columns(table=pl.lit("")), read.faults.with_columns(table=pl.lit(""))]
            for lane in lanes:
                issues, records = lane.take(read)
                found.append(issues.with_columns(table=pl.lit(lane.mapping.table.name)))
                for number in records:
                    refused.setdefault(int(number), []).append(lane.mapping.table.name)
            everything = pl.concat(found).sort("record", maintain_order=True)
            if listed and rejects:
                listed.write(everything)
                rejects.write(refused, lambda n, block=read.block: _raw(block, n))  # type: ignore[misc]
            _enter(report, read, everything, len(refused))
            options.progress(int(read.block.bounds[-1] - read.block.bounds[0]))
        report.books = {lane.mapping.table.name: lane.books for lane in lanes}
        for file in (*lanes, *([listed, rejects] if listed and rejects else [])):
            file.close()  # type: ignore[union-attr]
        if staged:
            names_written = [f for lane in lanes for f in lane.files]
            report.files = [*names_written, "issues.csv", "rejects.dat", "rejects.csv"]
            _publish(staged, report, lanes, source)
    return report


def _batches(layout: Layout, source: Path, options: Options) -> Iterator[Read]:
    """The file in batches; with a limit, as many as hold that many records."""
    part = options.part or options.limit is not None
    size = min(options.batch, options.limit) if options.limit else options.batch
    read = 0
    for batch in Reader(layout, part).batches(source, size):
        yield batch
        read += len(batch.block)
        if options.limit is not None and read >= options.limit:
            return


def _names(layout: Layout, source: Path, options: Options) -> dict[str, str]:
    """City and moment of the extraction, from the options and the file's header; they must agree."""
    said = {"city": options.city, "as_of": options.as_of}
    head = next(iter(Reader(layout, part=True).batches(source, 1)), None)
    if head is None:
        raise SourceError(say(f"{source.name}: 空のファイルです", f"{source.name}: the file is empty"))
    for record in layout.records:
        frame = head.frames[record.name]
        for name, field_name in (("city", record.city), ("as_of", record.as_of)):
            written = frame[field_name][0] if field_name and frame.height else None
            if written and not said[name]:
                said[name] = str(written)
            elif written and name == "city" and said[name] != written:
                raise SourceError(
                    say(
                        f"{source.name}: ファイルの団体コードは {written}、--city は {said[name]}",
                        f"{source.name}: the file is of municipality {written}, --city says {said[name]}",
                    )
                )
    for name, pattern in (("city", "[0-9]{6}"), ("as_of", "[0-9]{14}")):
        if not re.fullmatch(pattern, said[name]):
            option = f"--{name.replace('_', '-')}"
            raise SourceError(
                say(
                    f"{source.name}: {option} が必要です（ファイルのヘッダにもない）: {pattern}",
                    f"{source.name}: {option} is needed, the file's header does not say it: {pattern}",
                )
            )
    return said


@contextmanager
def _staged(into: Path, *, dry: bool) -> Iterator[Staged | None]:
    """The output folder, held alone; what an interrupted run began is removed."""
    if dry:
        yield None
        return
    into.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(into / ".lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BusyError(
            say(f"{into}: 別の実行が書き込み中です", f"{into}: another run is writing here")
        ) from None
    try:
        for leftover in into.glob(".*.tmp"):
            leftover.unlink()
        staged = Staged(into)
        try:
            yield staged
        except BaseException:
            staged.discard()
            raise
    finally:
        lock.release()


def _labels(mappings: Sequence[Mapping]) -> dict[tuple[str, str], str]:
    """What people call columns and fields, for the list of issues."""
    found = {("", f.name): f.label for r in mappings[0].layout.records for f in r.fields}
    for mapping in mappings:
        found |= {(mapping.table.name, c.name): c.label for c in mapping.table.columns}
    return found


def _raw(block: Any, number: int) -> tuple[int, bytes]:
    index = number - block.first
    return int(block.base + block.bounds[index]), block.raw(index)


def _enter(report: Report, read: Read, issues: pl.DataFrame, rejects: int) -> None:
    report.read += len(read.block)
    report.rejects += rejects
    counts = issues.group_by("table", "item", "code", "severity").len()
    for table, item, code, severity, count in counts.iter_rows():
        report.issues[table, item, code, severity] += count
    report.faults += read.faults.to_dicts()


def _publish(staged: Staged, report: Report, lanes: list[Lane], source: Path) -> None:
    """Give the files their names, the manifest last; or the suffix that says: do not use."""
    manifest = staged.folder / NAME
    manifest.unlink(missing_ok=True)  # an earlier run's: from here on it would lie
    if not report.sound:
        staged.publish(".partial")
        return
    for old in staged.folder.glob("*.partial"):
        if old.name.removesuffix(".partial") in report.files:
            old.unlink()
    write_manifest(staged, _facts(staged, report, lanes, source))
    staged.publish()


def _facts(staged: Staged, report: Report, lanes: list[Lane], source: Path) -> dict[str, Any]:
    options = report.options
    files = {path for lane in lanes for path in lane.mapping.files}
    return {
        "program": program(),
        "source": {"name": source.name, "bytes": source.stat().st_size, "sha256": sha256(source)},
        "city": lanes[0].converter.run["city"],
        "round": options.round,
        "as_of": lanes[0].converter.run["as_of"],
        "limit": options.limit,
        "part": options.part,
        "records": report.read,
        "rejects": report.rejects,
        "knowledge": hashes(files, [*_roots(lanes), shipped()]),
        "tables": {
            lane.mapping.table.name: {
                "mapping": lane.mapping.name,
                "agreed": lane.mapping.agreed,
                "read": lane.books.read,
                "written": lane.books.written,
                "rejected": lane.books.rejected,
                "merged": lane.books.merged,
                "skipped": dict(lane.books.skipped),
                "content": str(lane.content),
                **lane.totals.facts(),
            }
            for lane in lanes
        },
        "issues": [
            {"table": t, "item": i, "code": c, "severity": s, "count": n}
            for (t, i, c, s), n in sorted(report.issues.items())
        ],
        "files": {name: sha256(staged.path(name)) for name in report.files},
    }


def _roots(lanes: list[Lane]) -> list[Path]:
    """The folders above mappings/, so that knowledge is named by its path below them."""
    return [lane.mapping.path.parents[2] for lane in lanes]
