"""One part of a run, made by a process or machine that shares a disk with others: `save(mappings, ...)`.

Every shard cuts each file whole, into the same blocks as everybody, and works on those that begin in its part of the
bytes; who has the first part goes round from file to file, as a small file is one block. What its lanes make becomes
one file, to be merged: shards.py.
"""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZipFile

from migrate.pipeline.crew import Crew
from migrate.pipeline.publish import alone, knowledge
from migrate.pipeline.saved import packed
from migrate.pipeline.through import Here, cut, reader_of, stamp, unchanged
from migrate.pipeline.work import Work
from migrate.write.manifest import program
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.books import Options
    from migrate.model import Mapping
    from migrate.read.framing import Block

FACTS = "shard.json"
"""The member that tells how a shard was made."""

MERGED = ".merged"
"""Stands while shards that have been merged are removed; says of how many, and the exit code."""

ASKED = (
    "city", "round", "as_of", "formats", "sort", "batch", "limit", "characters", "shrink_maps", "part",
    "max_rejects", "max_reject_rate", "require_gaiji",
)  # fmt: skip
"""The options that shards and merge have in common."""


class Saved(NamedTuple):
    """What a shard took of the source."""

    name: str
    records: int
    taken: int  # bytes


def save(mappings: Sequence[Mapping], source: Path, into: Path, options: Options) -> Saved:
    """Make the part `options.shard` of what `run` would do. Nothing is judged as a whole; raises what `run` raises."""
    assert options.shard
    name = name_of(*options.shard)
    work = Work.of(mappings, source.absolute(), options)
    facts = facts_of(work)
    records = taken = 0
    with alone(into, lock_of(name)), Crew(options.workers) as crew:
        (into / MERGED).unlink(missing_ok=True)
        staged = Staged(into)
        try:
            with ZipFile(staged.path(name), "w") as archive:
                for number in range(len(work.jobs)):
                    read, size = _pack(work, number, crew, archive, staged)
                    records, taken = records + read, taken + size
                facts["twins"] = {table: one.twins for table, one in work.characters.items()}
                archive.writestr(FACTS, json.dumps(facts, ensure_ascii=False))
            for path, before in facts["files"].items():
                unchanged(Path(path), tuple(before))
            staged.publish()
        finally:
            staged.discard()
    return Saved(name, records, taken)


def _pack(work: Work, number: int, crew: Crew, archive: ZipFile, staged: Staged) -> tuple[int, int]:
    """Keep what is made of the blocks of a file that are this shard's; gives their records and bytes."""
    options, job = work.report.options, work.jobs[number]
    size = job.source.stat().st_size
    assert options.shard
    which, count = options.shard
    mine = (which - 1 - number) % count
    maker = Here(reader_of(job, options), work.lanes(job))
    sizes: list[tuple[int, int]] = []

    def make(block: Block) -> tuple[Block, dict[str, bytes]]:
        return block, packed(maker.made(block), job.layout)

    def keep(made: tuple[Block, dict[str, bytes]]) -> None:
        block, members = made
        for what, member in members.items():
            archive.writestr(member_of(number, block, what), member)
        staged.hasten()
        sizes.append((len(block), int(block.bounds[-1] - block.bounds[0])))
        options.progress(sizes[-1][1])

    begun = takewhile(lambda block: _part(block, size, count) <= mine, cut(job, options))
    crew.carry((b for b in begun if _part(b, size, count) == mine), make, keep)
    return sum(records for records, _ in sizes), sum(taken for _, taken in sizes)


def _part(block: Block, size: int, count: int) -> int:
    """In which part of a file of that size a block begins; at its end, in the last."""
    begin = block.base + int(block.bounds[0])
    return min(begin * count // max(size, 1), count - 1)


def owner(number: int, block: Block, size: int, count: int) -> int:
    """Which of so many shards has a block of the run's file of that number."""
    return (_part(block, size, count) + number) % count + 1


def facts_of(work: Work) -> dict[str, Any]:
    """What must be alike in all shards and in the run that merges them, as JSON says it."""
    options = work.report.options
    shrinks = options.shrinks.facts if options.shrinks else []
    facts = {
        "asked": {
            "mappings": [m.name for m in work.mappings],
            "source": str(work.source),
            **{name: getattr(options, name) for name in ASKED},
        },
        "program": program(),
        "knowledge": {**knowledge(work.jobs), **{one["name"]: one for one in shrinks}},
        "files": {str(path): stamp(path) for path in work.files},
    }
    found: dict[str, Any] = json.loads(json.dumps(facts))
    return found


def name_of(number: int, count: int) -> str:
    """What a shard is called.

    >>> name_of(2, 12)
    'shard-2-of-12.zip'
    """
    return f"shard-{number}-of-{count}.zip"


def lock_of(name: str) -> str:
    return f".{name}.lock"


def member_of(number: int, block: Block, what: str) -> str:
    """What is called in a shard what there is of a block of the run's file of that number."""
    return f"{number}/{block.first}/{what}"
