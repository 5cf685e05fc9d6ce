"""Other legacy files of an export, kept at hand for lookups: `Partners(mappings, find).of(mapping)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from migrate.convert import MANY, key_name
from migrate.frames import OFFSET, RECORD
from migrate.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from migrate.model import Layout, Lookup, Mapping


class _Asked(NamedTuple):
    """What makes two lookups look at the same records by the same key."""

    layout: str
    record: str
    on: tuple[str, ...]
    where: str


class Partners:
    """The looked-up fields of whole files, each file read once for all lookups that agree on key and `where`.

    They stay in memory: the fields asked for, of the records that `where` leaves.
    """

    def __init__(self, mappings: Iterable[Mapping], find: Callable[[Layout], list[Path]]) -> None:
        """`find` gives the files of a layout, or raises SourceError."""
        self._find = find
        self._frames: dict[_Asked, pl.DataFrame] = {}
        self._taken: dict[_Asked, set[str]] = {}
        for mapping in mappings:
            for lookup in mapping.lookups:
                self._taken.setdefault(_asked(lookup), set()).update(lookup.take.values())

    def of(self, mapping: Mapping) -> tuple[pl.DataFrame, ...]:
        """A frame for each lookup of the mapping: its keys, the taken fields by their new names, and MANY."""
        frames = []
        for lookup in mapping.lookups:
            asked = _asked(lookup)
            if asked not in self._frames:
                paths = self._find(lookup.layout)
                self._frames[asked] = _gathered(lookup, paths, sorted(self._taken[asked]))
            keys = [key_name(number) for number in range(len(lookup.on))]
            taken = [pl.col(there).alias(here) for here, there in lookup.take.items()]
            frames.append(self._frames[asked].select(*keys, *taken, MANY))
        return tuple(frames)


def _asked(lookup: Lookup) -> _Asked:
    return _Asked(lookup.layout.name, lookup.record.name, tuple(lookup.on), lookup.where)


def _gathered(lookup: Lookup, paths: list[Path], taken: list[str]) -> pl.DataFrame:
    """One row a key; where a key comes more than once the row says MANY and holds nothing else."""
    keys = [
        pl.col(f).cast(pl.String).str.strip_chars_end().alias(key_name(i))
        for i, f in enumerate(lookup.on)
    ]
    names = [key_name(i) for i in range(len(keys))]
    parts = []
    for path in paths:
        for read in Reader(lookup.layout, part=True).batches(path):
            frame = read.frames[lookup.record.name].drop(RECORD, OFFSET)
            if lookup.where:
                frame = frame.filter(pl.sql_expr(lookup.where))
            parts.append(frame.select(*keys, *taken).drop_nulls(names))
    whole = pl.concat(parts)
    many = whole.group_by(names).agg(pl.len() > 1).rename({"len": MANY})
    return (
        whole.unique(names, keep="any")
        .join(many, on=names)
        .with_columns(pl.when(~pl.col(MANY)).then(pl.col(name)).alias(name) for name in taken)
    )
