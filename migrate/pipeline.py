"""One run, from one legacy file to standard files. The whole architecture is in `run`."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

import filelock
import polars as pl

from migrate.books import Options, Report
from migrate.catalog.files import shipped
from migrate.errors import BusyError, SourceError
from migrate.lane import Lane
from migrate.language import say
from migrate.read import Reader
from migrate.write.issues import Issues
from migrate.write.manifest import NAME, hashes, program, sha256, write_manifest
from migrate.write.rejects import Rejects
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from migrate.model import Layout, Mapping
    from migrate.read import Read


def run(
    mappings: Sequence[Mapping], source: Path, into: Path, options: Options | None = None
) -> Report:
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
        with ExitStack() as opened:
            lanes = [
                opened.enter_context(closing(Lane(m, names, staged, options))) for m in mappings
            ]
            lists = _lists(staged, mappings, opened)
            before = _stamp(source)
            for read in Reader(layout, options.part).batches(source, options.batch, options.limit):
                issues, refused = _through(lanes, read)
                if lists:
                    lists[0].write(issues)
                    lists[1].write(refused, read.block.located)
                _enter(report, read, issues, len(refused))
                options.progress(int(read.block.bounds[-1] - read.block.bounds[0]))
        if _stamp(source) != before:
            raise SourceError(
                say(
                    f"{source.name}: 読む間に書き換えられました",
                    f"{source.name}: changed while it was read",
                )
            )
        report.books = {lane.mapping.table.name: lane.books for lane in lanes}
        if staged:
            names_written = [f for lane in lanes for f in lane.files]
            report.files = [*names_written, "issues.csv", "rejects.dat", "rejects.csv"]
            _publish(staged, report, lanes, source)
    return report


def _lists(
    staged: Staged | None, mappings: Sequence[Mapping], opened: ExitStack
) -> tuple[Issues, Rejects] | None:
    """The list of issues and the refused records, if anything is written at all."""
    if staged is None:
        return None
    issues = opened.enter_context(closing(Issues(staged.path("issues.csv"), _labels(mappings))))
    return issues, opened.enter_context(closing(Rejects(staged)))


def _through(lanes: list[Lane], read: Read) -> tuple[pl.DataFrame, dict[int, list[str]]]:
    """One batch through every lane: all issues in the order of the records, and by record the tables
    that refused it."""
    refused: dict[int, list[str]] = {}
    found = [read.issues.with_columns(table=pl.lit("")), read.faults.with_columns(table=pl.lit(""))]
    for lane in lanes:
        name = lane.mapping.table.name
        issues, records = lane.take(read)
        found.append(issues.with_columns(table=pl.lit(name)))
        for number in records:
            refused.setdefault(int(number), []).append(name)
    return pl.concat(found).sort("record", maintain_order=True), refused


def _stamp(source: Path) -> tuple[int, int]:
    """Size and time of the last change."""
    found = source.stat()
    return found.st_size, found.st_mtime_ns


def _names(layout: Layout, source: Path, options: Options) -> dict[str, str]:
    """City and moment of the extraction, from the options and the file's header; they must agree."""
    said = {"city": options.city, "as_of": options.as_of}
    head = next(iter(Reader(layout, part=True).batches(source, 1)), None)
    if head is None:
        raise SourceError(
            say(f"{source.name}: 空のファイルです", f"{source.name}: the file is empty")
        )
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
    report.files.append(NAME)


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
                "skipped": dict(sorted(lane.books.skipped.items())),
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
