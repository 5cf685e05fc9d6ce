"""What lanes have made of a block, as the members of a shard: `packed(made, layout)`, and back: `unpacked`.

Kept is what the ordered part of a run asks for: the rows and issues of each lane, and of the records their types,
their numbers, the columns that claims add up, and whole the headers and trailers. The bytes come from the source again.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from migrate.frames import OFFSET, RECORD, Batch, no_issues
from migrate.pipeline.lane import Taken
from migrate.pipeline.through import Made
from migrate.read import Read

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrate.model import Layout
    from migrate.read.framing import Block


def packed(made: Made, layout: Layout) -> dict[str, bytes]:
    """The members by their names: Arrow IPC, and `facts.json`."""
    read, block = made.read, made.read.block
    frames = {"types": pl.DataFrame({"type": read.types}), "issues": read.issues}
    frames["moves"] = pl.DataFrame({str(n): moved for n, (_, moved) in enumerate(block.moves)})
    for number, (name, kept) in enumerate(_kept(layout).items()):
        frames[f"record{number}"] = read.frames[name].select(kept)
    for number, one in enumerate(made.taken):
        frames[f"lane{number}.rows"] = one.good.whole().rows
        frames[f"lane{number}.records"] = one.records.rename(RECORD).to_frame()
        frames[f"lane{number}.issues"] = one.issues
    facts = {
        "block": _cut(block),
        "moves": [int(at) for at, _ in block.moves],
        "gaiji": [[*place, *map(int, counts)] for place, counts in read.gaiji.items()],
        "skipped": [{why: int(n) for why, n in one.good.skipped.items()} for one in made.taken],
    }
    members = {f"{name}.arrow": _ipc(frame) for name, frame in frames.items() if frame.width}
    return {**members, "facts.json": json.dumps(facts, ensure_ascii=False).encode()}


def unpacked(member: Callable[[str], bytes], block: Block, layout: Layout) -> Made:
    """What was packed, beside the block, which is cut anew; `member` gives a member by its name.

    Raises KeyError where there is no such member, ValueError where the block was another.
    """
    facts = json.loads(member("facts.json"))
    if facts["block"] != _cut(block):
        raise ValueError

    def frame(name: str) -> pl.DataFrame:
        return pl.read_ipc(member(f"{name}.arrow"))

    if facts["moves"]:
        moves = frame("moves").get_columns()
        block.moves[:] = [(at, m.to_numpy()) for at, m in zip(facts["moves"], moves, strict=True)]
    read = Read(
        block,
        frame("types")["type"].to_numpy(),
        {name: frame(f"record{number}") for number, name in enumerate(_kept(layout))},
        frame("issues"),
        block.faults,
        gaiji={(record, field): (n, m) for record, field, n, m in facts["gaiji"]},
    )
    taken = [
        Taken(
            Batch(frame(f"lane{number}.rows"), no_issues(), skipped),
            frame(f"lane{number}.records")[RECORD],
            frame(f"lane{number}.issues"),
        )
        for number, skipped in enumerate(facts["skipped"])
    ]
    return Made(read, taken)


def _cut(block: Block) -> list[int]:
    """What tells a block from others: its first record, its records, its first byte, its bytes."""
    begin, end = int(block.bounds[0]), int(block.bounds[-1])
    return [block.first, len(block), block.base + begin, end - begin]


def _kept(layout: Layout) -> dict[str, list[str]]:
    """By record type the columns that are asked for later."""
    sums = {c.sums.partition(" ")[::2] for r in layout.records for c in r.declares if c.sums}
    return {
        record.name: [
            *(f for f in record.read if record.kind != "data" or (record.name, f) in sums),
            RECORD,
            OFFSET,
        ]
        for record in layout.records
    }


def _ipc(frame: pl.DataFrame) -> bytes:
    into = BytesIO()
    frame.write_ipc(into, compression="zstd")
    return into.getvalue()
