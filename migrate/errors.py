"""What can go wrong before, or instead of, looking at a record.

* MigrateError
  - KnowledgeError    files under layouts/ or mappings/ are wrong: mend them
  - SourceError       the legacy file is not what its layout says: nothing was processed
  - BusyError         another run is writing into the same folder: run again later

A bad *record* is never an exception: it is a row of issues (see model.ISSUES).
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class MigrateError(Exception):
    """Every error this package raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one knowledge file: where, what, and what to do about it."""

    path: Path
    place: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.path}: {self.place}" if self.place else f"{self.path}"
        return f"{where}: {self.cause}; {self.remedy}"


class KnowledgeError(MigrateError):
    """Knowledge files are wrong. Holds every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class SourceError(MigrateError):
    """The legacy file as a whole cannot be read with this layout."""


class BusyError(MigrateError):
    """Another run holds the folder that this one wants to write to."""


def unknown(kind: str, word: str, known: Iterable[str]) -> tuple[str, str]:
    """Word cause and remedy for a name that nobody knows, with the nearest known one.

    >>> unknown("word", "era_dat", ["era_date", "pad"])
    ("no word 'era_dat'", "did you mean 'era_date'?")
    >>> unknown("word", "zzz", ["pad", "trim"])
    ("no word 'zzz'", 'there are pad, trim')
    """
    names = sorted(known)
    near = get_close_matches(word, names, n=1)
    cause = say(f"{kind} {word!r} はありません", f"no {kind} {word!r}")
    if near:
        return cause, say(f"{near[0]!r} の誤りではありませんか", f"did you mean {near[0]!r}?")
    if not names:
        return cause, say("まだ1つもない。先に作る", "there are none yet: make one first")
    some = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    return cause, say(f"あるのは {some}", f"there are {some}")
