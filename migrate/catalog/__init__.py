"""Finds knowledge by name and turns it into nouns, or says everything that is wrong with it.

Catalog().mapping("asama/resident")                       mappings/asama/resident.toml
Catalog().layout("asama/resident")                        layouts/legacy/asama/resident/
Catalog().table("01_resident_register/juki_resident")     layouts/standard/...
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from migrate.catalog import gaiji, legacy, mappings, shrinks, standard
from migrate.catalog.files import Roots, insist, shipped, shown
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.catalog.rules import RuleBook
    from migrate.catalog.shrinks import ShrinkMap
    from migrate.model import Area, CodeList, Gaiji, Layout, Mapping, Table


@dataclass(frozen=True)
class Catalog:
    """All knowledge: the user's own under `root`, then what is shipped."""

    root: Path = Path()

    @cached_property
    def roots(self) -> Roots:
        return Roots(tuple(dict.fromkeys((self.root.resolve(), shipped()))))

    def layout(self, name: str) -> Layout:
        """The legacy layout `<vendor>/<file>`."""
        return legacy.load(self.roots, name)

    def table(self, name: str) -> Table:
        """The standard table `<nn_area>/<table>`."""
        return standard.table(self.roots, name)

    def areas(self) -> dict[str, Area]:
        """Every business area, by name."""
        return standard.areas(self.roots)

    def code_lists(self) -> dict[str, CodeList]:
        """Every code list, by id."""
        return standard.code_lists(self.roots)

    def rules(self) -> RuleBook:
        """Every rule across columns and tables."""
        found, problems = self.examined_rules()
        insist(problems)
        return found

    def examined_rules(self) -> tuple[RuleBook, list[Problem]]:
        """As much of the book of rules as is sound, and every problem of it."""
        from migrate.catalog import rules  # for those who check: a language of its own

        return rules.load(self.roots)

    def shrinks(self, names: Sequence[str] = ()) -> ShrinkMap | None:
        """What may stand for characters outside JIS: maps by name, else those in the user's layouts/characters/."""
        return shrinks.load(self.roots, names)

    def mapping(self, name: str) -> Mapping:
        """The mapping `<vendor>/<name>`."""
        found, problems = self.examined(name)
        insist(problems)
        return found

    def examined(self, name: str) -> tuple[Mapping, list[Problem]]:
        """As much of a mapping as is sound, and every problem of it."""
        return mappings.load(self.roots, name)

    def mappings(self, pattern: str) -> list[Mapping]:
        """The mappings whose names match `<vendor>/<pattern>`, or all of a `<vendor>`."""
        pattern = pattern if "/" in pattern else f"{pattern}/*"
        names = [n for n in self.mapping_names() if fnmatch(n, pattern)]
        if not names:
            path = shown(self.roots.folders[0] / "mappings")
            cause, remedy = unknown(say("マッピング", "mapping"), pattern, self.mapping_names())
            raise KnowledgeError(Problem(path, "", cause, remedy))
        return [self.mapping(name) for name in names]

    def mapping_names(self) -> list[str]:
        return [_middle(p, 1) for p in self.roots.paths("mappings/*/*.toml")]

    def gaiji(self, name: str) -> tuple[Path, tuple[Gaiji, ...]]:
        """The gaiji.csv `<vendor>/gaiji`: its path and its rows."""
        return gaiji.load(self.roots, name.partition("/")[0])

    def gaiji_names(self) -> list[str]:
        return gaiji.names(self.roots)

    def layout_names(self) -> list[str]:
        return legacy.names(self.roots)


def _middle(path: str, skip: int) -> str:
    return "/".join(PurePosixPath(path).with_suffix("").parts[skip:])
