"""Other legacy files of an export, kept at hand for lookups: `Partners(mappings, find).of(mapping)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from migrate.convert import MANY, key_name
from migrate.frames import OFFSET, RECORD
from migrate.read import Reader
from migrate.read.gaiji import LOOSE

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


class Noticed(NamedTuple):
    """What a batch of a looked-up file has of gaiji, in the fields that are taken."""

    path: Path
    layout: Layout
    loose: pl.DataFrame  # alerts
    counts: list[tuple[int, int]]  # settled and not, if counting


class Partners:
    """The looked-up fields of whole files, each file read once for all lookups that agree on key and `where`.

    They stay in memory: the fields asked for, of the records that `where` leaves.
    """

    def __init__(
        self,
        mappings: Iterable[Mapping],
        find: Callable[[Layout], list[Path]],
        *,
        counting: bool = False,
    ) -> None:
        """`find` gives the files of a layout, or raises SourceError. `counting`: see `Reader`."""
        self._find, self._counting = find, counting
        self.noticed: list[Noticed] = []
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
                fields = sorted(self._taken[asked])
                self._frames[asked] = self._gathered(lookup, paths, fields)
            keys = [key_name(number) for number in range(len(lookup.on))]
            taken = [pl.col(there).alias(here) for here, there in lookup.take.items()]
            frames.append(self._frames[asked].select(*keys, *taken, MANY))
        return tuple(frames)

    def _gathered(self, lookup: Lookup, paths: list[Path], taken: list[str]) -> pl.DataFrame:
        """One row a key; where a key comes more than once the row says MANY and holds nothing else."""
        keys = [
            pl.col(f).cast(pl.String).str.strip_chars_end().alias(key_name(i))
            for i, f in enumerate(lookup.on)
        ]
        names = [key_name(i) for i in range(len(keys))]
        parts = []
        for path in paths:
            for read in Reader(lookup.layout, part=True, counting=self._counting).batches(path):
                loose = read.issues.filter(pl.col("item").is_in(taken), code=LOOSE)
                counts = [n for (_, name), n in read.gaiji.items() if name in taken]
                if loose.height or counts:
                    self.noticed.append(Noticed(path, lookup.layout, loose, counts))
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


def _asked(lookup: Lookup) -> _Asked:
    return _Asked(lookup.layout.name, lookup.record.name, tuple(lookup.on), lookup.where)
