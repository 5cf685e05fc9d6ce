"""One standard table on its way to its files: `Sheet(...).take(rows)` admits rows, writes them, adds them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from migrate.check.keys import Keys
from migrate.check.repeated import repeated
from migrate.convert.characters import MJ
from migrate.frames import CARRIED, RECORD
from migrate.write import BESIDE, OUTPUTS
from migrate.write.content import Content, summed
from migrate.write.csv import CsvFile, lines
from migrate.write.originals import Originals
from migrate.write.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.books import Options
    from migrate.model import Mapping
    from migrate.write.staged import Staged

LANE = "_lane"
"""Which of the mappings that fill a table made a row."""


class Admitted(NamedTuple):
    """What became of one mapping's rows of a batch."""

    issues: pl.DataFrame  # repeated keys
    written: int
    merged: int


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
        self.content = Content()
        blank = set.intersection(*(set(m.left_empty) for m in mappings))
        self.totals = Totals(table, blank)
        self.files: list[str] = []
        self._outputs, self._extra, self._originals = [], None, None
        carried = dict.fromkeys(f for m in mappings for f in m.carried)
        self._carried = [*table.keys, *(f"{CARRIED}{f}" for f in carried)]
        if staged:
            for form in options.formats:
                self.files.append(f"{stem}.{form}")
                self._outputs.append(OUTPUTS[form].of(staged.path(self.files[-1]), table))
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
                self._extra = CsvFile(staged.path(self.files[-1]), labels)
            if options.policy(table) != MJ:
                self.files.append(f"{stem}.originals.csv")
                self._originals = Originals(staged.path(self.files[-1]), table)

    def take(self, frames: dict[str, pl.DataFrame]) -> dict[str, Admitted]:
        """Admit one batch: the good rows of each mapping, by its name."""
        number = {name: self._numbers[name] for name in frames}
        whole = [
            f.with_columns(pl.lit(number[name], pl.UInt16).alias(LANE))
            for name, f in frames.items()
        ]
        rows = pl.concat(whole, how="diagonal") if len(whole) > 1 else whole[0]
        if len(whole) > 1:
            rows = rows.sort(RECORD, LANE, maintain_order=True)
        merged, again = self._judged(rows)
        wrong = rows.filter(again)
        if wrong.height:  # a record is written whole or not at all
            bad = rows.join(wrong, on=[LANE, RECORD], how="semi").select(LANE, RECORD).unique()
            kept = rows.with_columns(_merged=merged).join(
                bad, on=[LANE, RECORD], how="anti", maintain_order="left"
            )
            merged = kept["_merged"]
            rows = kept.drop("_merged")
        good = rows.filter(~merged)
        issues = repeated(self.table, wrong, self._personal)
        self._write(good)
        lost = rows.filter(merged)[LANE]
        return {
            name: Admitted(
                issues.filter(wrong[LANE] == n),
                int((good[LANE] == n).sum()),
                int((lost == n).sum()),
            )
            for name, n in number.items()
        }

    def _judged(self, rows: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
        """Which rows are merged into an equal one that came before, and which only repeat its key."""
        again = self._keys.again(rows)
        merged = pl.Series(np.zeros(rows.height, bool))
        if self._whole is not None:
            self._whole.again(rows.filter(~again))
            if again.any():
                may = rows[LANE].replace_strict(self._merge, return_dtype=pl.Boolean)
                merged = again & may & self._whole.known(rows)
        return merged, again & ~merged

    def _write(self, rows: pl.DataFrame) -> None:
        standard = rows.select(*self.table.by_name)
        text = lines(standard)
        self.rows += rows.height
        self.content.add(summed(text))
        self.totals.add(rows)
        for output in self._outputs:
            output.write(standard, text)
        if self._extra:
            absent = (
                pl.lit(None, pl.String).alias(c) for c in self._carried if c not in rows.columns
            )
            self._extra.write(rows.with_columns(*absent).select(self._carried))
        if self._originals:
            self._originals.write(rows)

    def close(self) -> None:
        """Nothing more comes; may be called again."""
        for keys in filter(None, (self._keys, self._whole)):
            keys.close()
        for output in self._outputs:
            output.close()
        for beside in (self._extra, self._originals):
            if beside:
                beside.close()
        self._outputs, self._extra, self._originals, self._whole = [], None, None, None
