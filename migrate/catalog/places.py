"""Where the fields of a record type begin: `placed(path)` computes it from their bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from migrate.catalog.files import insist, rows, shown
from migrate.errors import Problem, unknown
from migrate.language import say
from migrate.model import Field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def placed(path: Path, *, columns: bool) -> tuple[Field, ...]:
    """The fields of one record type, groups unfolded, each with its computed first byte, or column."""
    fields: list[Field] = []
    problems: list[Problem] = []
    ground = _Ground()
    for members in _units(rows(path, Field)):
        head = members[0]
        problems += [Problem(shown(path), head.name, *why) for why in ground.enter(head)]
        at = first = ground.at
        for one in members:  # as printed: the first occurrence
            if one.times != (head.times if head.group else 1):
                cause = say(
                    "times は group の全行で同じにする", "times is for all rows of a group alike"
                )
                remedy = say("group を書くか times を揃える", "write a group or make times alike")
                problems.append(Problem(shown(path), one.name, cause, remedy))
            if one.start and one.start != first:
                why = _misprinted(one.start, first, columns=columns)
                problems.append(Problem(shown(path), one.name, *why))
            ground.note(one.name, first)
            first += (1 if columns else one.bytes) * (1 if head.group else one.times)
        for number in range(1, (head.times if head.group else 1) + 1):
            for one in members:
                name = f"{one.name}_{number}" if head.group else one.name
                fields.append(one.model_copy(update={"name": name, "start": at}))
                at += (1 if columns else one.bytes) * (1 if head.group else one.times)
        ground.at = at
    used = [f.name for f in fields if f.type != "filler"]
    cause, remedy = say("項目名が重複", "two fields of one name"), say("名前を変える", "rename one")
    twice = sorted({n for n in used if used.count(n) > 1})
    problems += [Problem(shown(path), name, cause, remedy) for name in twice]
    if not fields:
        cause = say("項目が1つもありません", "has no fields")
        problems.append(
            Problem(shown(path), "", cause, say("帳票から写す", "copy them from the book"))
        )
    insist(problems)
    return tuple(fields)


def _units(fields: list[Field]) -> Iterator[list[Field]]:
    """Fields that are placed together: a group, or one alone."""
    for group, run in groupby(fields, key=lambda f: f.group):
        if group:
            yield list(run)
        else:
            yield from ([one] for one in run)


def _misprinted(printed: int, computed: int, *, columns: bool) -> tuple[str, str]:
    """Cause and remedy where the book says another place than the fields before it give."""
    if columns:
        cause = say(
            f"帳票では {printed} 列目、数えると {computed} 列目",
            f"the book says column {printed}, it is column {computed}",
        )
        return cause, say("抜けた列を書くか start を直す", "add the lost column or mend start")
    cause = say(
        f"帳票では {printed} バイト目、前の項目の合計では {computed} バイト目",
        f"the book says byte {printed}, the fields before it end at {computed - 1}",
    )
    return cause, say("bytes か start を直す", "mend bytes or start")


@dataclass
class _Area:
    """Bytes that some fields take, from a redefined field's first byte on; `when`: that of its fields."""

    when: str = ""
    at: int = 1


@dataclass
class _Ground:
    """Where the next field begins. A redefinition begins where the field did that it redefines, and reaches as far
    as fields have its `when`; behind it goes on what was longest."""

    areas: list[_Area] = field(default_factory=lambda: [_Area()])
    noted: dict[str, tuple[int, _Area]] = field(default_factory=dict)

    @property
    def at(self) -> int:
        return self.areas[-1].at

    @at.setter
    def at(self, byte: int) -> None:
        self.areas[-1].at = byte

    def note(self, name: str, at: int) -> None:
        """Remember where a field begins."""
        self.noted[name] = at, self.areas[-1]

    def enter(self, one: Field) -> list[tuple[str, str]]:
        """Go to where a field begins; cause and remedy if that cannot be said."""
        if not one.redefines:
            while len(self.areas) > 1 and self.areas[-1].when != one.when:
                self._leave()
            return []
        begin, area = self.noted.get(one.redefines, (0, None))
        if area is None:
            return [unknown(say("前の項目", "field before it"), one.redefines, self.noted)]
        if not any(area is open_ for open_ in self.areas):
            cause = say(
                f"{one.redefines} の再定義は終わっている",
                f"the redefinition that {one.redefines} is in has ended",
            )
            return [(cause, say("その直後に書く", "write it behind that redefinition"))]
        while self.areas[-1] is not area:
            self._leave()
        self.areas.append(_Area(one.when, begin))
        return []

    def _leave(self) -> None:
        end = self.areas.pop().at
        self.at = max(self.at, end)
