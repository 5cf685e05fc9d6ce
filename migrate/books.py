"""What a run is told and what it did: `Options`, and the `Report` with its `Books`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from migrate.read import BATCH

if TYPE_CHECKING:
    from collections.abc import Callable


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
        return (
            all(b.balance for b in self.books.values()) and not self.faults and not self.over_limit
        )

    @property
    def exit_code(self) -> int:
        return 8 if not self.sound else 4 if self.issues or self.rejects else 0
