"""One standard table on its way to its files: a sheet admits rows, prepares and writes them.

Rows are admitted and written in the order of their records; in between they may be prepared side by side.
"""

from __future__ import annotations

from contextlib import closing
from threading import local
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import polars.selectors as cs

from migrate.check.keys import Keys
from migrate.check.repeated import repeated
from migrate.coded import Coded, chosen
from migrate.convert.characters import MJ
from migrate.frames import CARRIED, ORIGINAL, RECORD, Batch, no_issues
from migrate.write import BESIDE, OUTPUTS
from migrate.write.content import Content, summed
from migrate.write.csv import CsvFile, Lines, Scribe
from migrate.write.figures import Part
from migrate.write.originals import Originals
from migrate.write.sorted import Sorted
from migrate.write.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from migrate.books import Options
    from migrate.model import Mapping
    from migrate.write.parquet import ParquetFile
    from migrate.write.staged import Staged
    from migrate.write.xml import XmlFile

LANE = "_lane"
"""Which of the mappings that fill a table made a row."""


class Admitted(NamedTuple):
    """What became of one mapping's rows of a batch."""

    issues: pl.DataFrame  # repeated keys
    written: int
    merged: int


class Prepared(NamedTuple):
    """Rows that are ready to be written; without text: it is too early."""

    admitted: Batch
    text: Lines | None = None
    extra: Lines | None = None  # the lines of what is carried along
    sums: NDArray[np.uint64] = np.zeros(2, np.uint64)
    part: Part = Part({}, {})


class Sheet:
    """One table, filled by one mapping or several. Rows come in the order of their records."""

    def __init__(
        self, mappings: Sequence[Mapping], stem: str, staged: Staged | None, options: Options
    ) -> None:
        self.table = table = mappings[0].table
        self._personal = frozenset[str]().union(*(m.personal for m in mappings))
        folder = staged.folder if staged else None
        self._keys = Keys(table.keys, folder)
        merging = any(m.merge_equal for m in mappings)
        self._whole = Keys(list(table.by_name), folder) if merging else None
        self._numbers = {m.name: n for n, m in enumerate(mappings)}
        self._merge = {n: bool(m.merge_equal) for n, m in enumerate(mappings)}
        self.rows = 0
        self._scribes = local()
        self.content = Content()
        blank = set.intersection(*(set(m.left_empty) for m in mappings))
        self.totals = Totals(table, blank)
        self.files: list[str] = []
        self._sorted = Sorted(table.keys, folder) if staged and options.sort else None
        self.hashes: dict[str, str] = {}
        """SHA-256 of files that are written and closed."""
        self._outputs: dict[str, CsvFile | ParquetFile | XmlFile] = {}
        self._extra, self._originals = None, None
        carried = dict.fromkeys(f for m in mappings for f in m.carried)
        self._carried = [*table.keys, *(f"{CARRIED}{f}" for f in carried)]
        if staged:
            for form in options.formats:
                self.files.append(f"{stem}.{form}")
                self._outputs[self.files[-1]] = OUTPUTS[form].of(staged.path(self.files[-1]), table)
                if form in BESIDE:
                    suffix, text_of = BESIDE[form]
                    self.files.append(f"{stem}.{suffix}")
                    beside = text_of(table, mappings[0].codes)
                    staged.path(self.files[-1]).write_text(beside, encoding="utf-8")
            if carried:
                self.files.append(f"{stem}.extra.csv")
                called = {f: m.record.read[f].label for m in mappings for f in m.carried}
                labels = [table.by_name[k].label for k in table.keys]
                labels += [called[f] for f in carried]
                self._extra_name = self.files[-1]
                self._extra = CsvFile(staged.path(self._extra_name), labels)
            if options.policy(table) != MJ:
                self.files.append(f"{stem}.originals.csv")
                self._originals = Originals(staged.path(self.files[-1]), table)

    def admit(self, batches: dict[str, Batch]) -> tuple[dict[str, Admitted], Batch]:
        """The good rows of each mapping, by its name: what becomes of them, and the rows to write. In order."""
        number = {name: self._numbers[name] for name in batches}
        rows, coded = self._together(batches)
        merged, again = self._judged(rows, coded)
        if not (again.any() or merged.any()):
            whole = {name: Admitted(no_issues(), b.rows.height, 0) for name, b in batches.items()}
            return whole, Batch(rows, no_issues(), {}, coded)
        wrong = rows.filter(again)
        if wrong.height:  # a record is written whole or not at all
            bad = rows.join(wrong, on=[LANE, RECORD], how="semi").select(LANE, RECORD).unique()
            kept = rows.with_columns(_merged=merged).join(
                bad, on=[LANE, RECORD], how="anti", maintain_order="left"
            )
            merged = kept["_merged"]
            rows = kept.drop("_merged")
        good = rows.filter(~merged) if merged.any() else rows
        issues = no_issues()
        if wrong.height:
            issues = repeated(
                self.table, Batch(wrong, issues, {}, coded).whole().rows, self._personal
            )
        lost = rows.filter(merged)[LANE]
        admitted = {
            name: Admitted(
                issues.filter(wrong[LANE] == n),
                int((good[LANE] == n).sum()),
                int((lost == n).sum()),
            )
            for name, n in number.items()
        }
        return admitted, Batch(good, issues, {}, coded)

    def _together(self, batches: dict[str, Batch]) -> tuple[pl.DataFrame, Dict[str, Coded]]:
        """The rows of all mappings, in the order of their records."""
        whole = [
            (batch if len(batches) == 1 else batch.whole(), pl.lit(self._numbers[name], pl.UInt16))
            for name, batch in batches.items()
        ]
        frames = [batch.rows.with_columns(number.alias(LANE)) for batch, number in whole]
        if len(frames) == 1:
            return frames[0], whole[0][0].coded
        return pl.concat(frames, how="diagonal").sort(RECORD, LANE, maintain_order=True), {}

    def _judged(self, rows: pl.DataFrame, coded: Dict[str, Coded]) -> tuple[pl.Series, pl.Series]:
        """Which rows are merged into an equal one that came before, and which only repeat its key."""
        again = self._keys.again(chosen(rows, coded, self.table.keys))
        merged = pl.Series(np.zeros(rows.height, bool))
        if self._whole is not None:
            whole = chosen(rows, coded, self.table.by_name)
            self._whole.again(whole.filter(~again))
            if again.any():
                may = rows[LANE].replace_strict(self._merge, return_dtype=pl.Boolean)
                merged = again & may & self._whole.known(whole)
        return merged, again & ~merged

    def prepare(self, admitted: Batch) -> Prepared:
        """What there is to write. Several may be on their way, each on a thread of its own."""
        if self._sorted:
            return Prepared(admitted)
        made = self._scribe("table", list(self.table.by_name)).lines(admitted.rows, admitted.coded)
        part = self.totals.part(admitted.rows, admitted.coded)
        extra = None
        if self._extra:
            rows, coded = admitted.rows, admitted.coded
            if lacking := set(self._carried).difference(rows.columns, coded):
                rows = rows.with_columns(pl.lit(None, pl.String).alias(c) for c in lacking)
            extra = self._scribe("extra", self._carried).lines(rows, coded)
        return Prepared(admitted, made, extra, summed(made), part)

    def _scribe(self, name: str, columns: list[str]) -> Scribe:
        """Who writes lines on this thread."""
        if not hasattr(self._scribes, name):
            setattr(self._scribes, name, Scribe(columns))
        found: Scribe = getattr(self._scribes, name)
        return found

    def write(self, made: Prepared) -> None:
        """Write what was prepared, or keep it until its turn comes. In order."""
        rows, coded = made.admitted.rows, made.admitted.coded
        if made.text is None:
            whole = made.admitted.whole().rows
            kept = whole.select(*self.table.by_name, cs.starts_with(CARRIED, ORIGINAL))
            assert self._sorted
            self._sorted.add(kept)
            return
        self.rows += rows.height
        self.content.add(made.sums)
        self.totals.enter(made.part)
        for output in self._outputs.values():
            output.write(rows, made.text, coded)
        if self._extra:
            self._extra.write(rows, made.extra)
        if self._originals:
            self._originals.write(rows)

    def finish(self) -> None:
        """Nothing more comes: write what waits for its turn, and close."""
        waiting, self._sorted = self._sorted, None
        if waiting:
            self._keys.close()  # the memory is wanted now
            with closing(waiting):
                for rows in waiting.batches():
                    self.write(self.prepare(Batch(rows, no_issues())))
        self.close()

    def close(self) -> None:
        """Let go of everything; may be called again."""
        for keys in filter(None, (self._keys, self._whole)):
            keys.close()
        if self._extra:
            self._outputs[self._extra_name] = self._extra
        for name, output in self._outputs.items():
            output.close()
            self.hashes[name] = output.sha256
        for beside in (self._originals, self._sorted):
            if beside:
                beside.close()
        self._outputs, self._extra, self._originals, self._whole, self._sorted = (
            {},
            None,
            None,
            None,
            None,
        )
