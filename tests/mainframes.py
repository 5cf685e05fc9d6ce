"""Files of hosts held against their judges: every value of every record, each difference with its reason."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from migrate.frames import RECORD
from migrate.read import Reader
from migrate.read.encodings import encoding_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from migrate.model import Field, Layout

LOW = "low values"
"""PIC X that holds 00: refused here, with an issue. The judge cuts them off; what is left of the bytes is its text."""
LOW_DIGITS = "low values in digits"
"""PIC 9(3) that holds F3 F7 00, which is no number in COBOL; the judge reads 37."""
OTHER = "other redefinition"
"""The judge reads the same bytes by both pictures; here only by the one whose condition holds."""
UNDECIDED = "undecided redefinition"
"""Nobody said when a redefinition holds: it is not read."""
LEFT_OUT = "left out"
"""What the import left out, and said so: a redefinition within a table of variable length."""
EDITED = "sign in an edited picture"
"""S9(3).99, which no COBOL has: the judge takes the sign that lies over the last digit; here it is no such number."""
LACKS = "behind the end"
"""A short record ends before the field: nothing here, a blank or part of it there."""
WRONG = "WRONG"
"""No reason: a bug."""
OUTSIDE = ("file_id", "record_id", "record_byte_length", "seg_id0", "seg_id1", "seg_id2")
"""What the judge says of a record, not of its fields."""


@dataclass
class Compared:
    """What became of the values of one file."""

    records: int = 0
    fields: set[str] = field(default_factory=set)
    equal: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Any, ...]] = field(default_factory=list)

    def enter(self, why: str, *place: Any) -> None:
        if why:
            self.reasons[why] += 1
            if why == WRONG:
                self.wrong.append(place)
        else:
            self.equal += 1

    @property
    def row(self) -> dict[str, Any]:
        different = self.reasons.total()
        said = "; ".join(f"{why}: {n}" for why, n in sorted(self.reasons.items()))
        return {"records": self.records, "fields": len(self.fields), "values": self.equal + different,
                "equal": self.equal, "different": different, "why": said}  # fmt: skip


@dataclass
class Record:
    """One record as it was read here."""

    kind: str
    values: dict[str, Any]
    cells: dict[str, bytes]
    refused: dict[str, str]  # field -> issue
    absent: set[str]
    size: int


def records(layout: Layout, source: Path, size: int = 64) -> dict[int, Record]:
    """Every record of a file, by number."""
    found = {}
    for read in Reader(layout).batches(source, size):
        assert not read.faults.height
        refused: dict[int, dict[str, str]] = {}
        for number, item, code in read.issues.select("record", "item", "code").rows():
            refused.setdefault(number, {})[item] = code
        for kind, frame in read.frames.items():
            fields = layout.types[kind].read
            for row in frame.iter_rows(named=True):
                at = row[RECORD] - read.block.first
                start, stop = int(read.block.starts[at]), int(read.block.stops[at])
                raw = read.block.data[start:stop].tobytes()
                absent = {f for (k, f), lacks in read.block.absent.items() if k == kind and lacks[at]}
                found[row[RECORD]] = Record(
                    kind,
                    {name: valued(f, row[name]) for name, f in fields.items()},
                    {name: raw[f.at : f.at + f.bytes] for name, f in fields.items()},
                    refused.pop(row[RECORD], {}),
                    absent,
                    stop - start,
                )
        assert not refused  # of no type, or damaged
    return dict(sorted(found.items()))


def valued(one: Field, value: Any) -> Any:
    """A value as the judge would say it."""
    if value is None or one.type in ("text", "wide", "kana"):
        return value or ""
    return Decimal(value).scaleb(-one.scale) if one.whole else Decimal(value)


def flat(said: Any, name: str = "") -> dict[str, Any]:
    """What the judge says of one record, by the names of our fields; of a table, with the number behind."""
    if isinstance(said, dict):
        return {k: v for key, inner in said.items() for k, v in flat(inner, key.lower()).items()}
    if isinstance(said, list):
        return {f"{k}_{i}": v for i, one in enumerate(said, 1) for k, v in flat(one).items()}
    return {name: said}


def judged(path: Path) -> list[dict[str, Any]]:
    """What the judge says, a record or a family of records a line."""
    return [json.loads(line, parse_float=Decimal) for line in path.read_text("utf-8").split("\n") if line]


def compare(layout: Layout, found: dict[int, Record], said: dict[int, dict[str, Any]],
            size: Callable[[int], int] = lambda n: n, *, partly: bool = False, cells: bool = True) -> Compared:  # fmt: skip
    """Every value that the judge gives and, unless it says a record `partly`, every value that only we give.
    `size`: of a record, as the judge counts it; `cells`: whether the bytes that it gives are still there."""
    made, encoding = Compared(), encoding_of(layout)
    for number, theirs in said.items():
        ours = found[number]
        made.records += 1
        if "record_byte_length" in theirs:
            made.enter("" if size(ours.size) == theirs["record_byte_length"] else WRONG, number, "size")
        fields = layout.types[ours.kind].read
        seen = set()
        for name, value in theirs.items():
            if name in OUTSIDE:
                continue
            if name not in fields and name.removesuffix("_debug") in fields:  # that field's bytes
                cell = ours.cells[name.removesuffix("_debug")]
                made.enter("" if not cells or cell.hex().upper() == value else WRONG, number, name)
                continue
            seen.add(name)
            made.fields.add(name)
            if name not in fields:
                others = any(name in r.read for r in layout.records)
                made.enter(OTHER if others else LEFT_OUT, number, name)
                continue
            made.enter(_why(ours, name, fields[name], value, encoding), number, name, ours.values[name], value)
        for name in [] if partly else fields.keys() - seen:
            if ours.values[name] != "":
                made.enter(WRONG, number, name, ours.values[name], None)
    return made


def overpunched(text: str) -> Decimal:
    """A number whose last digit bears its sign, its point written out."""
    plus, minus = "{ABCDEFGHI".find(text[-1]), "}JKLMNOPQR".find(text[-1])
    assert max(plus, minus) >= 0
    return Decimal(f"{'-' if minus >= 0 else ''}{text[:-1]}{max(plus, minus)}")


def nested(said: list[dict[str, Any]], found: dict[int, Record], kinds: dict[str, str]) -> dict[int, dict[str, Any]]:
    """What the judge says of whole families of records, record by record: within it the records of a
    kind keep their order. `kinds`: the judge's name of a list -> record type."""
    numbered, first = {}, 1
    for family in said:
        members = list(_members({k: v for k, v in family.items() if k.lower() not in OUTSIDE}, "", kinds))
        last = first + len(members) - 1
        assert family["Record_Id"] in (last, last - 1)  # it counts from 0, and is read ahead but for the last
        for kind in {k for k, _ in members}:
            mine = [n for n in range(first, last + 1) if (found[n].kind == kind) or (not kind and n == first)]
            theirs = [values for k, values in members if k == kind]
            numbered |= dict(zip(mine, theirs, strict=True))
        assert sum(n >= first for n in numbered) == last + 1 - first  # none was left out
        first = last + 1
    return dict(sorted(numbered.items()))


def _members(said: dict[str, Any], kind: str, kinds: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    own: dict[str, Any] = {}
    inner: list[tuple[str, dict[str, Any]]] = []

    def take(part: dict[str, Any]) -> None:
        for key, value in part.items():
            if isinstance(value, dict):
                take(value)
            elif isinstance(value, list):
                inner.extend(m for one in value for m in _members(one, kinds[key], kinds))
            else:
                own[key.lower()] = value

    take(said)
    yield kind, own
    yield from inner


def _why(ours: Record, name: str, one: Field, theirs: Any, encoding: Any) -> str:
    """Why our value differs, blank if it does not."""
    mine = ours.values[name]
    if mine != "":
        return "" if mine == (theirs if one.type == "text" else Decimal(theirs)) else WRONG
    if name in ours.refused:
        cell = ours.cells[name]
        rest = encoding.decode(cell.replace(b"\0", b"")).strip()
        if ours.refused[name] == "not_edited":
            return EDITED if overpunched(encoding.decode(cell)) == theirs else WRONG
        low = ours.refused[name] == "control_character" and b"\0" in cell
        reason = LOW if one.type == "text" else LOW_DIGITS
        return reason if low and rest == str(theirs).strip() else WRONG
    if name in ours.absent:
        return OTHER if one.when and one.when != "?" else UNDECIDED if one.when else LACKS
    return "" if theirs in ("", None) else WRONG
