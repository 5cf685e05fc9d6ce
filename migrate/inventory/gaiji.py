"""The characters of legacy files that deserve a look: `gaiji(catalog, "asama", folder)`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.catalog.files import rows
from migrate.frames import BATCH, RECORD
from migrate.inventory import characters
from migrate.inventory.carried import SAMPLES, Counted, Coverage, compared
from migrate.inventory.characters import ATTACHED, USER_DEFINED, flags
from migrate.model import Noun
from migrate.pipeline.export import files
from migrate.read import Reader
from migrate.read.encodings import encoding_of
from migrate.read.gaiji import characters as settled_characters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from migrate.catalog import Catalog
    from migrate.model import Gaiji, Layout

TEXTS = ("text", "wide", "kana")
HITS = {"record": pl.UInt64, "field": pl.String, "key": pl.UInt64}


class Line(Counted):
    """One code in one field."""

    code: str = ""  # its bytes in the file, in hex; blank where the encoding is Unicode
    unicode: str  # U+E000; several joined by "+"
    classes: str
    layout: str
    record: str
    field: str
    label: str = ""
    to: str = ""
    kind: str = ""


class Code(Noun):
    """One code in all fields of a layout's files."""

    layout: str
    code: str
    unicode: str
    classes: str
    occurrences: int
    records: int
    state: str
    to: str
    kind: str
    fields: dict[str, int]  # occurrences by field


class Inventory(Noun):
    """What `migrate gaiji report` found."""

    files: list[str]
    records: int  # read
    unread: int  # values, or whole records, that could not be decoded: not looked at
    coverage: Coverage  # of the user-defined characters
    classes: dict[
        str, tuple[int, int]
    ]  # characters and occurrences; a character may be of several classes
    codes: list[Code]
    lines: list[Line]


@dataclass
class _Tally:
    """Counts of one layout's files, by (record type, field, key) and by key."""

    occurrences: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    records: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    samples: dict[tuple[str, str, int], list[str]] = field(default_factory=dict)
    together: Counter[int] = field(default_factory=Counter)  # records, whatever the field

    def add(self, record: str, hits: pl.DataFrame, file: str) -> None:
        """Enter what one batch of one record type holds."""
        counts = hits.group_by("field", "key").agg(
            pl.len().alias("n"),
            pl.col("record").n_unique().alias("records"),
            pl.col("record").unique().sort().head(SAMPLES).alias("samples"),
        )
        for name, key, n, records, samples in counts.iter_rows():
            place = record, name, key
            self.occurrences[place] += n
            self.records[place] += records
            kept = self.samples.setdefault(place, [])
            kept += [f"{file}:{number}" for number in samples[: SAMPLES - len(kept)]]
        for key, records in hits.group_by("key").agg(pl.col("record").n_unique()).iter_rows():
            self.together[key] += records


def layouts(catalog: Catalog, pattern: str) -> dict[str, Layout]:
    """The layouts that the mappings of a name or pattern read; where no mapping is called so, the layouts that are.

    Raises KnowledgeError where there are neither.
    """
    whole = pattern if "/" in pattern else f"{pattern}/*"
    if not any(fnmatch(name, whole) for name in catalog.mapping_names()):
        names = [name for name in catalog.layout_names() if fnmatch(name, whole)]
        if names:
            return {name: catalog.layout(name) for name in names}
    return {m.layout.name: m.layout for m in catalog.mappings(pattern)}


def gaiji(
    catalog: Catalog,
    pattern: str,
    source: Path,
    before: Path | None = None,
    progress: Callable[[int], object] = int,
) -> Inventory:
    """Every character that deserves a look in the text of a file, or of an export's folder, field by field.

    `before`: an earlier report (CSV) to compare with. Values that cannot be decoded are not looked at but counted.
    Raises KnowledgeError, SourceError.
    """
    found: list[Line] = []
    codes: list[Code] = []
    names: list[str] = []
    records = unread = 0
    for name, paths in files(known := layouts(catalog, pattern), source).items():
        layout = known[name]
        plain = layout.model_copy(update={"gaiji": ()})
        by_character, marked, stand_ins = characters.codes(encoding_of(plain))
        tally = _Tally()
        for path in paths:
            names.append(path.name)
            for read in Reader(plain, part=True, marked=marked).batches(path, BATCH):
                records += len(read.block)
                unread += int((read.issues["severity"] == "error").sum())
                for record in layout.records:
                    hits = _hits(read.frames[record.name], [
                        f.name for f in record.read.values() if f.type in TEXTS
                    ])  # fmt: skip
                    if hits.height:
                        tally.add(record.name, hits, path.name)
                progress(int(read.block.bounds[-1] - read.block.bounds[0]))
        book = _Book(
            layout, by_character, stand_ins, settled_characters(layout, encoding_of(plain))
        )
        found += book.lines(tally)
        codes += book.codes(tally)
    codes.sort(key=_order)
    found.sort(key=lambda line: (*_order(line), line.record, line.field))
    if before is not None:
        found = compared(found, earlier(before), _place)
    return Inventory(files=names, records=records, unread=unread, coverage=_coverage(codes),
                     classes=_classes(codes), codes=codes, lines=found)  # fmt: skip


def earlier(path: Path) -> list[Line]:
    """The lines of an earlier report. Raises KnowledgeError where it is none."""
    return rows(path, Line)


def _place(line: Line) -> tuple[str, ...]:
    return line.layout, line.record, line.field, line.code, line.unicode


def _order(line: Line | Code) -> tuple[bool, bool, int, str, str, str]:
    """Unsettled user-defined characters first, then the frequent ones."""
    mine = line.classes == USER_DEFINED
    return (
        not mine,
        line.state == "approved",
        -line.occurrences,
        line.layout,
        line.code,
        line.unicode,
    )


def _coverage(codes: list[Code]) -> Coverage:
    mine = [c for c in codes if c.classes == USER_DEFINED]
    good = [c for c in mine if c.state == "approved"]
    return Coverage(
        kinds=len(mine),
        approved_kinds=len(good),
        occurrences=sum(c.occurrences for c in mine),
        approved_occurrences=sum(c.occurrences for c in good),
    )


def _classes(codes: list[Code]) -> dict[str, tuple[int, int]]:
    found = {}
    for name in characters.CLASSES:
        mine = [c for c in codes if name in c.classes.split()]
        if mine:
            found[name] = len(mine), sum(c.occurrences for c in mine)
    return found


@dataclass(frozen=True)
class _Book:
    """What one layout's encoding and gaiji.csv say of its characters."""

    layout: Layout
    by_character: dict[str, str]
    stand_ins: dict[str, tuple[str, str]]
    settled: dict[str, Gaiji]

    def lines(self, tally: _Tally) -> list[Line]:
        labels = {(r.name, f.name): f.label for r in self.layout.records for f in r.fields}
        found = []
        for (record, name, key), n in tally.occurrences.items():
            facts = self._facts(key)
            if facts["classes"]:
                place = record, name, key
                found.append(
                    Line(**facts, layout=self.layout.name, record=record, field=name,
                         label=labels[record, name], occurrences=n, records=tally.records[place],
                         samples=" ".join(tally.samples[place]))
                )  # fmt: skip
        return found

    def codes(self, tally: _Tally) -> list[Code]:
        found = []
        for key, records in tally.together.items():
            facts = self._facts(key)
            if facts["classes"]:
                fields: Counter[str] = Counter()
                for (record, name, other), n in tally.occurrences.items():
                    if other == key:
                        many = len(self.layout.records) > 1
                        fields[f"{record}.{name}" if many else name] += n
                found.append(Code(**facts, layout=self.layout.name, occurrences=fields.total(),
                                  records=records, fields=dict(sorted(fields.items(), key=lambda f: (-f[1], f[0])))))  # fmt: skip
        return found

    def _facts(self, key: int) -> dict[str, str]:
        """Code, Unicode, classes and what is settled of one character, or of one and what is attached to it."""
        text = "".join(chr(point) for point in (key >> 32, key & 0xFFFFFFFF) if point)
        code, text = self.stand_ins.get(text) or (self.by_character.get(text, ""), text)
        classes = characters.classes(text, code, self.layout.encoding)
        row = self.settled.get(text)
        states = "approved" if row and row.approved else "proposed" if row else "none"
        return {
            "code": code,
            "unicode": "+".join(f"U+{ord(c):04X}" for c in text),
            "classes": " ".join(classes),
            "state": states if classes == (USER_DEFINED,) else "",
            "to": row.to if row else "",
            "kind": row.kind if row else "",
        }


def _hits(frame: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    """Record, field and key of every character that deserves a look."""
    parts = []
    for name in fields:
        row, key = _keys(frame[name])
        if len(row):
            parts.append(pl.DataFrame({
                "record": frame[RECORD].gather(row), "field": pl.repeat(name, len(row), eager=True),
                "key": key,
            }, schema=HITS))  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame(schema=HITS)


def _keys(values: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Row and key of each hit: the code point; with what is attached, that of the character before it above 32 bits."""
    text = values.str.join("").item() or ""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    why = flags()[points]
    at = np.flatnonzero(why)
    ends = values.str.len_chars().fill_null(0).cum_sum().to_numpy()
    row = np.searchsorted(ends, at, side="right")
    key = points[at].astype(np.uint64)
    attached = np.flatnonzero(why[at] & ATTACHED)
    if len(attached):
        first = np.concatenate([[0], ends])[row[attached]] == at[attached]  # nothing before it
        attached = attached[~first]
        bases = at[attached] - 1
        key[attached] |= points[bases].astype(np.uint64) << np.uint64(32)
        alone = ~np.isin(at, bases)
        row, key = row[alone], key[alone]
    return row.astype(np.int64), key
