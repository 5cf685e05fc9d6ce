"""What a run is told and what it did: `Options`, and the `Report` with its `Books`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from migrate.catalog.shrinks import ShrinkMap
    from migrate.model import Mapping, Table


OTHER_TYPE = "other record type: "
"""With the type's name: why a record of another type is skipped, in the books of a mapping."""

SHARDS = 400
"""So many parts a run may have: merging holds two files open for each, and systems let it have a thousand."""


@dataclass(frozen=True)
class Options:
    """What a run is told besides its mappings and its source."""

    city: str = ""  # 全国地方公共団体コード, 6 digits; else the file's header says it
    round: str = "00"  # 00 trial, 01.. rehearsal, 90 the real one, 91.. differences
    as_of: str = ""  # YYYYMMDDhhmmss of the extraction; else the file's header says it
    formats: tuple[str, ...] = ("csv",)
    sort: bool = False  # rows in the order of their keys, else in that of the records
    batch: int | None = None  # records taken at a time; else some megabytes of them
    workers: int = 1  # batches worked on at the same time
    limit: int | None = None  # a trial on the first records
    dry_run: bool = False
    characters: str = ""  # mj, jisx0213, jisx0208; else what each table says
    shrinks: ShrinkMap | None = None  # what may stand for a character outside them
    shrink_maps: tuple[str, ...] = ()  # by which names that was asked for, if by any
    shard: tuple[int, int] | None = None  # I of N: make that part of each file, to be merged
    part: bool = False  # the source is a part of a file: no header, no trailer
    max_rejects: int | None = None
    max_reject_rate: float | None = None
    require_gaiji: float | None = (
        None  # percent of the user-defined characters that must be settled
    )
    progress: Callable[[int], object] = int  # told the bytes of each batch

    @property
    def counting(self) -> bool:
        """Whether user-defined characters are counted."""
        return self.require_gaiji is not None

    def policy(self, table: Table) -> str:
        """The characters that a table's files may hold."""
        return self.characters or table.characters


@dataclass
class Books:
    """What became of the records, for one mapping. They must balance. A record that unfolds into several
    rows counts once for each of them, used or not."""

    table: str
    read: int = 0
    written: int = 0
    rejected: int = 0
    merged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)  # by reason

    @property
    def balance(self) -> bool:
        return self.read == self.written + self.rejected + self.merged + self.skipped.total()


@dataclass
class Source:
    """What was taken from one legacy file."""

    name: str
    read: int = 0
    rejects: int = 0  # records in its .rejects.dat
    sha256: str = ""  # of the whole file, if something is written
    declared: list[dict[str, Any]] = field(default_factory=list)
    """What its trailers claim: record, field, label, declared, found."""


@dataclass
class Report:
    """What a run did. `exit_code`: 0 clean, 4 look at it, 8 do not use it."""

    source: str
    options: Options
    run: dict[str, str]  # city and as_of
    unclaimed: tuple[str, ...] = ()  # files of the export that no mapping reads
    absent: tuple[str, ...] = ()  # layouts of which the export has no file
    empty: tuple[str, ...] = ()  # files without a byte, of layouts without header and trailer
    sources: list[Source] = field(default_factory=list)
    books: dict[str, Books] = field(default_factory=dict)  # by mapping
    issues: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """(table, item, code, severity) -> how many; table blank for what was wrong with the bytes."""
    faults: list[dict[str, Any]] = field(default_factory=list)
    """Issues of a file as a whole: header, trailer, declared counts and totals."""
    files: list[str] = field(default_factory=list)
    gaiji: Counter[str] = field(default_factory=Counter)
    """If asked for: user-defined characters, `settled` and `unsettled`, in the fields that columns are made of."""

    @property
    def read(self) -> int:
        return sum(s.read for s in self.sources)

    @property
    def rejects(self) -> int:
        return sum(s.rejects for s in self.sources)

    def of(self, mapping: Mapping) -> Books:
        """The books of a mapping, opened when it is met first."""
        return self.books.setdefault(mapping.name, Books(mapping.table.name))

    def enter(self, issues: pl.DataFrame, faults: list[dict[str, Any]]) -> None:
        """Count the issues of a batch."""
        counts = issues.group_by("table", "item", "code", "severity").len()
        for table, item, code, severity, count in counts.iter_rows():
            self.issues[table, item, code, severity] += count
        self.faults += faults

    @property
    def over_limit(self) -> bool:
        count, rate = self.options.max_rejects, self.options.max_reject_rate
        return (count is not None and self.rejects > count) or (
            rate is not None and self.rejects > rate * self.read
        )

    @property
    def short_of_gaiji(self) -> bool:
        """Whether fewer user-defined characters are settled than the run requires."""
        wanted = self.options.require_gaiji
        return wanted is not None and 100 * self.gaiji["settled"] < wanted * self.gaiji.total()

    @property
    def sound(self) -> bool:
        """Whether the outcome may be used: books balance, the file kept its promises, limits are kept."""
        kept = not self.faults and not self.over_limit and not self.short_of_gaiji
        return kept and all(b.balance for b in self.books.values())

    @property
    def exit_code(self) -> int:
        look = self.issues or self.rejects or self.unclaimed or self.absent or self.empty
        return 8 if not self.sound else 4 if look else 0
