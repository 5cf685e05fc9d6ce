"""A vendor's user-defined characters: layouts/legacy/<vendor>/gaiji.csv, for all files of its system.

What a code means is for the encoding of each layout to say (read/gaiji.py); here its form is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.catalog.files import Roots, insist, kept, rows, shown
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.model import Gaiji

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "gaiji.csv"


def names(roots: Roots) -> list[str]:
    """Every vendor that has a gaiji.csv, as `<vendor>/gaiji`."""
    return [f"{path.split('/')[2]}/gaiji" for path in roots.paths(f"layouts/legacy/*/{NAME}")]


def load(roots: Roots, vendor: str) -> tuple[Path, tuple[Gaiji, ...]]:
    """A vendor's gaiji.csv: its path and rows, approved or not. Raises KnowledgeError."""
    found = roots.paths(f"layouts/legacy/{vendor}/{NAME}")
    if not found:
        path = shown(roots.folders[0] / f"layouts/legacy/{vendor}/{NAME}")
        raise KnowledgeError(Problem(path, "", *unknown("gaiji", f"{vendor}/gaiji", names(roots))))
    path = next(iter(found.values()))
    return path, _sound(path)


def beside(roots: Roots, vendor: str) -> dict[str, object]:
    """What a layout of the vendor has of it: nothing, or `gaiji_path` and `gaiji`."""
    if f"{vendor}/gaiji" not in names(roots):
        return {}
    path, found = load(roots, vendor)
    return {"gaiji_path": path, "gaiji": found}


@kept
def _sound(path: Path) -> tuple[Gaiji, ...]:
    found = rows(path, Gaiji)
    codes = [row.code for row in found]
    problems = [Problem(shown(path), row.code, *why) for row in found for why in _wrong(row)]
    twice = say("重複しています", "comes twice"), say("1つだけ残す", "keep one")
    problems += [
        Problem(shown(path), code, *twice) for code in sorted(set(codes)) if codes.count(code) > 1
    ]
    insist(problems)
    return tuple(found)


def half_signed() -> tuple[str, str]:
    """Cause and remedy for an approval without a name or without a day."""
    cause = say(
        "approved_by と approved_on の片方だけがある",
        "has only one of approved_by and approved_on",
    )
    return cause, say("両方書くか両方空にする", "write both or neither")


def _wrong(row: Gaiji) -> Iterator[tuple[str, str]]:
    """Cause and remedy for what a row contradicts itself in."""
    signed = bool(row.approved_by), row.approved_on is not None
    if any(signed) and not all(signed):
        yield half_signed()
    if all(signed) and not (row.to and row.kind):
        cause = say("承認済みなのに to か kind がない", "is approved without `to` or `kind`")
        yield cause, say("決めた文字と kind を書く", "write the character settled on and its kind")
    for point in row.text:
        if "\ue000" <= point <= "\uf8ff" or "\ud800" <= point <= "\udfff" or point < "!":
            cause = say(
                f"to の U+{ord(point):04X} は標準の文字ではない",
                f"U+{ord(point):04X} in `to` is no standard character",
            )
            yield (
                cause,
                say(
                    "外字でない文字を書く（行政事務標準文字の私用面 U+F0000 以降は書ける）",
                    "write characters that are not user-defined (planes 15 and 16 are allowed)",
                ),
            )
