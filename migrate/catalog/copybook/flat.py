"""A measured record as rows: every elementary item in its place, groups that repeat, areas with several meanings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.catalog.copybook.source import wrong
from migrate.language import say

if TYPE_CHECKING:
    from migrate.catalog.copybook.source import Reading
    from migrate.catalog.copybook.tree import Area, Node

MOST_ROWS = 20_000


@dataclass(eq=False)
class Row:
    """One row of a record type's CSV before it has its name."""

    node: Node | None  # None: bytes that fill up an area
    scope: Node  # the record, or the redefinition that was selected for it
    start: int  # 1-based
    bytes: int
    suffix: str = ""  # of an occurrence that was written out
    group: Group | None = None
    over: Row | None = None  # at whose first byte this one begins, too
    of: tuple[Node, ...] = ()  # the redefinitions that this is part of
    parents: tuple[Node, ...] = ()
    why: str = ""

    @property
    def filler(self) -> bool:
        return self.node is None or not self.node.item.name


@dataclass(eq=False)
class Group:
    """A run of rows that repeats."""

    node: Node
    start: int
    suffix: str = ""


@dataclass
class Flattening:
    """Rows of one record type. `chosen`: of areas that selections decide, the one item that it is."""

    reading: Reading
    root: Node
    chosen: dict[Area, Node] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    variable: Node | None = None  # the last OCCURS DEPENDING ON that was met

    def made(self) -> list[Row]:
        """All rows, in order."""
        self._node(self.root, _Place(self.root))
        return self.rows

    @property
    def at(self) -> int:
        """The first byte behind all rows, 1-based, groups counted once."""
        return self._at

    _at: int = 1

    def _area(self, area: Area, place: _Place) -> None:
        if area in self.chosen:
            node = self.chosen[area]
            self._padded(node, area, place.inside(node))
            return
        if place.group is not None and len(area.nodes) > 1:
            self._padded(area.nodes[0], area, place)
            for node in area.nodes[1:]:
                self._left(node)
            return
        first: Row | None = None
        start = self._at
        for node in area.nodes:
            self._at = start
            known = len(self.rows)
            within = place.meaning(node) if len(area.nodes) > 1 else place
            self._padded(node, area, within)
            self.rows[known].over = first
            first = first or self.rows[known]

    def _left(self, node: Node) -> None:
        item = node.item
        self.reading.ask(
            item.path,
            item.line,
            f"{item.said}: DEPENDING ON の繰返しの中の再定義は書けない。取り込まなかった",
            f"{item.said} redefines inside a table that is DEPENDING ON: no layout can say that, it was left out",
        )

    def _padded(self, node: Node, area: Area, place: _Place) -> None:
        self._node(node, place)
        if node.whole < area.bytes:
            self._add(None, area.bytes - node.whole, place, "REDEFINES")

    def _node(self, node: Node, place: _Place) -> None:
        item = node.item
        if not node.repeats:
            self._once(node, place)
        elif place.group is not None or (node.nested and not item.depends):
            if item.depends and place.group is not None:
                self.reading.ask(
                    item.path,
                    item.line,
                    f"{item.said}: 繰返しの中の DEPENDING ON は扱えない。最大の {item.times} 回とした",
                    f"{item.said}: DEPENDING ON inside an OCCURS is not supported: taken as {item.times} times",
                )
            for number in range(1, item.times + 1):
                self._once(node, place.occurrence(node, number))
        else:
            self._grouped(node, place)

    def _grouped(self, node: Node, place: _Place) -> None:
        if not node.areas and not node.item.name:  # FILLER OCCURS n: so many bytes
            self._add(node, node.whole, place)
            return
        start = self._at
        self._once(node, place.repeated(Group(node, start, place.suffix)))
        self._at = start + node.whole
        if node.item.depends:
            self.variable = node

    def _once(self, node: Node, place: _Place) -> None:
        if node.shape is not None:
            self._synchronized(node, place)
            self._add(node, node.bytes, place)
            return
        for area in node.areas:
            self._area(area, place.under(node))

    def _synchronized(self, node: Node, place: _Place) -> None:
        """SYNC is followed only where it moves nothing: compilers differ in where they put the slack bytes."""
        item = node.item
        if not item.sync or node.shape is None or node.shape.type not in ("binary", "float"):
            return
        stride = place.group.node.bytes if place.group else 0
        if (self._at - 1) % node.bytes or stride % node.bytes:
            cause = say(
                f"{item.said}: SYNC で詰め物が入る（{self._at} バイト目）。入れ方は処理系で違う",
                f"{item.said}: SYNC puts slack bytes here (byte {self._at}), and compilers differ in how",
            )
            remedy = say(
                "FILLER を書いて SYNC を除く", "write the slack bytes as FILLER and take SYNC away"
            )
            raise wrong(item.path, item.line, cause, remedy)

    def _add(self, node: Node | None, size: int, place: _Place, why: str = "") -> None:
        if self.variable is not None:
            item, self.variable = self.variable.item, None
            self.reading.ask(
                item.path,
                item.line,
                f"{item.said} の DEPENDING ON の後に項目がある。後の項目が前に詰まるかを確かめる",
                f"fields follow {item.said}, which is DEPENDING ON: find out whether they move up",
            )
        self.rows.append(
            Row(
                node,
                place.scope,
                self._at,
                size,
                place.suffix,
                place.group,
                of=place.of,
                parents=place.parents,
                why=why,
            )
        )
        self._at += size
        if len(self.rows) > MOST_ROWS:
            item = self.root.item
            cause = say(
                f"{item.said}: {MOST_ROWS:,} 行を超える",
                f"{item.said}: more than {MOST_ROWS:,} rows",
            )
            raise wrong(
                item.path,
                item.line,
                cause,
                say("OCCURS の入れ子を確かめる", "look at the nested OCCURS"),
            )


@dataclass(frozen=True)
class _Place:
    """Where in the tree a row comes from."""

    scope: Node
    suffix: str = ""
    group: Group | None = None
    of: tuple[Node, ...] = ()
    parents: tuple[Node, ...] = ()

    def inside(self, node: Node) -> _Place:
        return _Place(node, self.suffix, self.group, self.of, self.parents)

    def meaning(self, node: Node) -> _Place:
        return _Place(self.scope, self.suffix, self.group, (*self.of, node), self.parents)

    def occurrence(self, node: Node, number: int) -> _Place:
        return _Place(self.scope, f"{self.suffix}_{number}", self.group, self.of, self.parents)

    def repeated(self, group: Group) -> _Place:
        return _Place(self.scope, self.suffix, group, self.of, self.parents)

    def under(self, node: Node) -> _Place:
        return _Place(self.scope, self.suffix, self.group, self.of, (*self.parents, node))
