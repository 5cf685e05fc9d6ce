"""Between the two sides: Mapping > Recipe > Step, Lookup, Skip, Example."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic needs it at run time
from typing import NamedTuple

from pydantic import ConfigDict

from migrate.model.legacy import Field, Layout, RecordType  # noqa: TC001 - likewise
from migrate.model.noun import Name, Noun
from migrate.model.standard import CodeList, Table  # noqa: TC001 - likewise


class Step(NamedTuple):
    """One word of the vocabulary, with its arguments: `pad 15`."""

    word: str
    args: tuple[str, ...] = ()


class Recipe(NamedTuple):
    """How one standard column is made: fields, then steps."""

    column: str
    fields: tuple[str, ...]
    steps: tuple[Step, ...]


class Skip(Noun):
    """Records that are out of scope, and why."""

    when: str
    because: str


class Example(Noun):
    """One agreed case: given these fields, expect these columns."""

    because: str
    given: dict[Name, str]
    expect: dict[Name, str]


class Crosswalk(NamedTuple):
    """A vendor's codes to the standard's."""

    path: Path
    pairs: dict[str, str]
    proposed: dict[str, str] = {}  # noqa: RUF012 - rows that nobody has approved: not applied


class Lookup(Noun):
    """Fields of another legacy file of the same export, joined to each record before the words run."""

    layout: Layout
    record: RecordType
    on: dict[Name, Name]  # field there -> field here
    where: str = ""  # SQL over the fields there
    take: dict[Name, Name]  # new field here -> field there
    missing: str = ""  # why it is all right that there is no partner


class Mapping(Noun):
    """How one legacy record type becomes one standard table."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    path: Path
    agreed: str
    layout: Layout
    record: RecordType  # with the fields that `unfold` and `lookups` add
    table: Table
    unfold: tuple[
        dict[str, str], ...
    ] = ()  # by occurrence: new field -> field of the record or 'text'
    lookups: tuple[Lookup, ...] = ()
    merge_equal: str = ""  # why equal rows are one
    recipes: dict[str, Recipe]
    constants: dict[str, str]
    left_empty: dict[str, str]
    carried: dict[str, str]
    not_migrated: dict[str, str]
    alert_only: dict[str, str]
    skips: tuple[Skip, ...]
    examples: tuple[Example, ...]
    crosswalks: dict[str, Crosswalk]
    codes: dict[str, CodeList]

    @property
    def files(self) -> tuple[Path, ...]:
        """Every knowledge file that the outcome depends on."""
        walks = (w.path for w in self.crosswalks.values())
        lists = (c.path for c in self.codes.values())
        partners = (p for one in self.lookups for p in one.layout.files)
        return (self.path, *self.layout.files, *self.table.files, *walks, *lists, *partners)

    @property
    def personal(self) -> frozenset[str]:
        """Columns whose values may not be shown: sensitive themselves, or made of a sensitive field."""
        fields = self.record.read
        made = (c for c, r in self.recipes.items() if any(fields[f].sensitive for f in r.fields))
        return frozenset((*made, *(c.name for c in self.table.columns if c.sensitive)))

    def origin(self, item: str, occurrence: int = 1) -> Field | None:
        """The field that a column is made from first, or that is called so; None if the record has none."""
        recipe = self.recipes.get(item)
        name = recipe.fields[0] if recipe else item
        if self.unfold:
            name = self.unfold[occurrence - 1].get(name, name)
        return self.layout.types[self.record.name].read.get(name)
