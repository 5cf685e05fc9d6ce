"""What became of a ledger's lines since the rehearsal before: new, gone, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import NonNegativeInt  # noqa: TC002 - pydantic needs it at run time

from migrate.model import Noun

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

NEW, GONE, CHANGED = "new", "gone", "changed"


class Counted(Noun):
    """What every line of a ledger has."""

    change: str = ""  # against the report before: new, gone, changed; blank: the same, or nothing to compare with
    occurrences: NonNegativeInt = 0
    records: NonNegativeInt = 0
    before: NonNegativeInt | None = None  # occurrences in the report before
    samples: str = ""  # file:record, up to SAMPLES of them
    state: str = ""  # approved, proposed, none; blank where nobody need approve


Line = TypeVar("Line", bound=Counted)

SAMPLES = 5


def compared(
    lines: Iterable[Line], before: Iterable[Line], key: Callable[[Line], Hashable]
) -> list[Line]:
    """The lines with what changed since the report before; its lines that are gone come last, with 0 occurrences."""
    old = {key(line): line for line in before if line.change != GONE}
    found = []
    for line in lines:
        was = old.pop(key(line), None)
        same = was and (was.occurrences, was.records, was.state) == (
            line.occurrences,
            line.records,
            line.state,
        )
        change = NEW if was is None else "" if same else CHANGED
        count = was.occurrences if was else 0
        found.append(line.model_copy(update={"change": change, "before": count}))
    nothing = {"change": GONE, "occurrences": 0, "records": 0, "samples": ""}
    found += [
        line.model_copy(update={**nothing, "before": line.occurrences}) for line in old.values()
    ]
    return found


class Coverage(Noun):
    """How much of what must be approved is: different ones, and how often they occur."""

    kinds: int = 0
    approved_kinds: int = 0
    occurrences: int = 0
    approved_occurrences: int = 0

    @property
    def share(self) -> float:
        """Percent of the occurrences; 100 where there are none.

        >>> Coverage(occurrences=3, approved_occurrences=2).share, Coverage().share
        (66.66666666666667, 100.0)
        """
        return percent(self.approved_occurrences, self.occurrences)


def percent(part: int, whole: int) -> float:
    """A share in percent; 100 of nothing.

    >>> percent(1, 4), percent(0, 0)
    (25.0, 100.0)
    """
    return 100 * part / whole if whole else 100.0
