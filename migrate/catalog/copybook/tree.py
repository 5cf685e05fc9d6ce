"""Items with their bytes: areas, each with what redefines it, and the size that all of them have together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.catalog.copybook.pictures import MOST, PictureError, Shape, shape
from migrate.catalog.copybook.source import wrong
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.catalog.copybook.clauses import Item
    from migrate.catalog.copybook.source import Reading


@dataclass(eq=False)
class Node:
    """An item that has been measured. `bytes`: of one occurrence."""

    item: Item
    bytes: int = 0
    shape: Shape | None = None  # of an elementary item
    areas: list[Area] = field(default_factory=list)  # of a group

    @property
    def whole(self) -> int:
        """Bytes of all occurrences."""
        return self.bytes * max(self.item.times, 1)

    @property
    def repeats(self) -> bool:
        return self.item.times > 1 or bool(self.item.depends)

    @property
    def nested(self) -> bool:
        """Whether something under this item repeats, or is redefined: then its occurrences are written out."""
        return any(len(area.nodes) > 1 for area in self.areas) or any(
            node.repeats or node.nested for area in self.areas for node in area.nodes
        )

    def below(self) -> Iterator[Node]:
        """Every node under this one, as the copybook has them."""
        for area in self.areas:
            for node in area.nodes:
                yield node
                yield from node.below()


@dataclass(eq=False)
class Area:
    """Bytes of a record, and the one or more items that they may be."""

    nodes: list[Node]

    @property
    def bytes(self) -> int:
        return max(node.whole for node in self.nodes)


@dataclass(frozen=True)
class Machine:
    """What a copybook does not say about the computer that it was compiled for."""

    little: bool = False  # COMP-5 has its low byte first
    floats: str = ""  # "ibm": hexadecimal floating point; "ieee"; "": nobody said


def measured(
    item: Item, machine: Machine, reading: Reading, inherited: tuple[str, str] = ("", "")
) -> Node:
    """The item with the bytes of all that is in it. A group's USAGE and SIGN hold for what is in it."""
    used, sign = item.usage or inherited[0], item.sign or inherited[1]
    node = Node(item)
    if item.children:
        for child in item.children:
            child.sync = child.sync or item.sync
        if item.codes:
            told = " ".join(f"{value}={meaning}" for value, meaning in item.codes)
            reading.note(
                item.path,
                item.line,
                f"{item.said}: 集団項目の 88 は項目に付けられない: {told}",
                f"{item.said}: levels 88 of a group belong to no field: {told}",
            )
        node.areas = _areas(
            [measured(c, machine, reading, (used, sign)) for c in item.children], reading
        )
        node.bytes = sum(area.bytes for area in node.areas)
    else:
        node.shape = _shaped(item, used, sign, machine, reading)
        node.bytes = node.shape.bytes
    if node.whole > MOST:
        cause = say(f"{item.said}: {node.whole:,} バイト", f"{item.said}: {node.whole:,} bytes")
        raise wrong(
            item.path, item.line, cause, say("OCCURS と PIC を確かめる", "look at OCCURS and PIC")
        )
    return node


def _shaped(item: Item, used: str, sign: str, machine: Machine, reading: Reading) -> Shape:
    if not item.picture and used not in ("COMP-1", "COMP-2"):
        cause = say(
            f"{item.said}: PIC も下の項目もない", f"{item.said}: no PIC, and no items under it"
        )
        if used:
            cause = say(
                f"{item.said}: USAGE {used} に PIC がない",
                f"{item.said}: USAGE {used} without a PIC",
            )
        raise wrong(item.path, item.line, cause, say("PIC を書く", "write its PIC"))
    try:
        made = shape(item.picture, used, sign, little=machine.little)
    except PictureError as error:
        raise wrong(item.path, item.line, f"{item.said}: {error.cause}", error.remedy) from None
    if made.type == "float":
        if machine.floats:
            return Shape("float", made.bytes, form="ibm" if machine.floats == "ibm" else "")
        reading.ask(item.path, item.line, *(f"{item.said}: {said}" for said in made.doubt))
    elif any(made.doubt):
        reading.ask(item.path, item.line, *(f"{item.said}: {said}" for said in made.doubt))
    if used == "COMP-5" and not machine.little:
        reading.ask(
            item.path,
            item.line,
            f"{item.said}: COMP-5 を上位バイト先頭とした（x86 なら --little）",
            f"{item.said}: COMP-5 taken as high byte first (compiled on x86: --little)",
        )
    if sign and made.type == "zoned" and not item.picture.upper().startswith("S"):
        reading.note(
            item.path,
            item.line,
            f"{item.said}: S のない PIC に SIGN",
            f"{item.said}: SIGN with a PIC that has no S",
        )
    return made


def _areas(nodes: list[Node], reading: Reading) -> list[Area]:
    """Siblings as areas: what redefines lies with what it redefines."""
    areas: list[Area] = []
    for node in nodes:
        item = node.item
        if not item.redefines:
            areas.append(Area([node]))
            continue
        wanted = item.redefines.upper()
        home = next(
            (a for a in reversed(areas) if any(n.item.name.upper() == wanted for n in a.nodes)),
            None,
        )
        if home is None:
            cause = say(
                f"{item.said} REDEFINES {item.redefines}: 同じレベルの前の項目にない",
                f"{item.said} REDEFINES {item.redefines}: no such item before it on its level",
            )
            raise wrong(
                item.path,
                item.line,
                cause,
                say("名前かレベル番号を直す", "mend the name or the level number"),
            )
        if home is not areas[-1]:
            cause = say(
                f"{item.said} は {item.redefines} の直後でない",
                f"{item.said} does not follow {item.redefines}",
            )
            raise wrong(
                item.path,
                item.line,
                cause,
                say(f"{item.redefines} の次に置く", f"place it behind {item.redefines}"),
            )
        if node.whole > home.bytes:
            reading.note(
                item.path,
                item.line,
                f"{item.said} ({node.whole} バイト) は {item.redefines} ({home.bytes} バイト) より長い",
                f"{item.said} ({node.whole} bytes) is longer than {item.redefines} ({home.bytes} bytes)",
            )
        home.nodes.append(node)
    return areas
