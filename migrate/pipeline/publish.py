"""The folder that a run writes to: held alone, published whole, the manifest last."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import filelock

from migrate.catalog.files import shipped
from migrate.errors import BusyError
from migrate.language import say
from migrate.write.manifest import NAME, hashes, program, sha256, write_manifest
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from migrate.books import Report
    from migrate.convert.characters import Characters
    from migrate.pipeline.export import Job
    from migrate.pipeline.sheet import Sheet


SHARD = "shard-*-of-*.zip"
"""What others have made of parts of the source: held by locks of their own."""


class Written(NamedTuple):
    """What the tables were written by."""

    sheets: Sequence[Sheet]
    characters: dict[str, Characters]  # by table, of those that may not hold all


@contextmanager
def holding(into: Path, *, dry: bool) -> Iterator[Staged | None]:
    """The output folder, held alone; what an interrupted run began is removed. Raises BusyError."""
    if dry:
        yield None
        return
    with alone(into):
        for leftover in into.glob(".*.tmp"):
            if not leftover.match(f".{SHARD}.tmp"):  # perhaps of one that is being written
                leftover.unlink()
        staged = Staged(into)
        try:
            yield staged
        except BaseException:
            staged.discard()
            raise


@contextmanager
def alone(into: Path, name: str = ".lock") -> Iterator[None]:
    """The folder, or what the lock's name says of it, is nobody else's meanwhile. Raises BusyError."""
    into.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(into / name)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BusyError(
            say(f"{into}: 別の実行が書き込み中です", f"{into}: another run is writing here")
        ) from None
    try:
        yield
    finally:
        lock.release()


def publish(staged: Staged, report: Report, todo: Sequence[Job], written: Written) -> None:
    """Give the files their names, the manifest last; or the suffix that says: do not use."""
    manifest = staged.folder / NAME
    manifest.unlink(missing_ok=True)  # an earlier run's: from here on it would lie
    if not report.sound:
        staged.publish(".partial")
        return
    for old in staged.folder.glob("*.partial"):
        if old.name.removesuffix(".partial") in report.files:
            old.unlink()
    write_manifest(staged, _facts(staged, report, todo, written))
    staged.publish()
    report.files.append(NAME)


def knowledge(todo: Sequence[Job]) -> dict[str, str]:
    """The SHA-256 of every file of ours that the jobs lean on."""
    mappings = [m for job in todo for m in job.mappings]
    roots = [m.path.parents[2] for m in mappings]  # above mappings/
    return hashes({path for m in mappings for path in m.files}, [*roots, shipped()])


def _facts(staged: Staged, report: Report, todo: Sequence[Job], written: Written) -> dict[str, Any]:
    mappings = {m.name: m for job in todo for m in job.mappings}
    shrinks = report.options.shrinks
    known = {name: found for s in written.sheets for name, found in s.hashes.items()}
    return {
        "program": program(),
        **report.run,
        "round": report.options.round,
        "limit": report.options.limit,
        "part": report.options.part,
        **({"sorted": True} if report.options.sort else {}),
        "sources": [
            {
                "name": job.source.name,
                "layout": job.layout.name,
                "bytes": job.source.stat().st_size,
                "sha256": taken.sha256,
                "records": taken.read,
                "rejects": taken.rejects,
                "declared": taken.declared,
            }
            for job, taken in zip(todo, report.sources, strict=True)
        ],
        "characters": {
            "policy": {s.table.name: report.options.policy(s.table) for s in written.sheets},
            "twins": {name: one.twins for name, one in written.characters.items()},
            "shrink_map": shrinks.facts if written.characters and shrinks else [],
        },
        "knowledge": knowledge(todo),
        "books": {
            name: {
                "table": books.table,
                "agreed": mappings[name].agreed,
                "read": books.read,
                "written": books.written,
                "rejected": books.rejected,
                "merged": books.merged,
                "skipped": dict(sorted(books.skipped.items())),
            }
            for name, books in report.books.items()
        },
        "tables": {
            sheet.table.name: {
                "rows": sheet.rows,
                "content": str(sheet.content),
                **sheet.totals.facts(),
            }
            for sheet in written.sheets
        },
        **({"gaiji": dict(sorted(report.gaiji.items()))} if report.gaiji else {}),
        "issues": [
            {"table": t, "item": i, "code": c, "severity": s, "count": n}
            for (t, i, c, s), n in sorted(report.issues.items())
        ],
        "files": {name: known.get(name) or sha256(staged.path(name)) for name in report.files},
    }
