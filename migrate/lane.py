"""One mapping at work: `Lane(mapping, ...).take(read)` converts, checks, writes and keeps the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.books import Books
from migrate.check import Checker
from migrate.convert import Converter
from migrate.frames import CARRIED, RECORD, Batch
from migrate.write import OUTPUTS
from migrate.write.content import Content
from migrate.write.csv import CsvFile, lines
from migrate.write.totals import Totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.books import Options
    from migrate.model import Mapping
    from migrate.read import Read
    from migrate.write.staged import Staged

OTHER = "other record type: {}"
"""Why a record of another type is skipped, in the books of a table."""


class Lane:
    """One mapping at work: its converter, checker, files and books."""

    def __init__(
        self, mapping: Mapping, names: dict[str, str], staged: Staged | None, options: Options
    ) -> None:
        self.mapping = mapping
        self.converter = Converter(mapping, names)
        folder = staged.folder if staged else None
        self.checker = Checker(mapping.table, mapping.codes, folder, mapping.personal)
        self.books = Books()
        self.content = Content()
        self.totals = Totals(mapping.table, set(mapping.left_empty))
        table = mapping.table
        self.stem = f"{names['city']}_{table.id[:2]}_{table.id}_{table.name}_{options.round}_{names['as_of']}"
        self._outputs, self._extra, self.files = [], None, []
        if staged:
            for form in options.formats:
                self.files.append(f"{self.stem}.{form}")
                self._outputs.append(OUTPUTS[form].of(staged.path(self.files[-1]), table))
            if mapping.carried:
                self.files.append(f"{self.stem}.extra.csv")
                fields = mapping.record.read
                labels = [table.by_name[k].label for k in table.keys]
                labels += [fields[f].label for f in mapping.carried]
                self._extra = CsvFile(staged.path(self.files[-1]), labels)
        self._standard = list(table.by_name)
        self._places = {name: mapping.place(name) for name in self._standard}
        self._fed = pl.DataFrame(
            [(f, c) for c, r in mapping.recipes.items() for f in r.fields],
            schema={"item": pl.String, "column": pl.String},
            orient="row",
        )
        self._carried = [*table.keys, *(f"{CARRIED}{f}" for f in mapping.carried)]

    def take(self, read: Read) -> tuple[pl.DataFrame, NDArray[np.uint64]]:
        """Convert, check and write one batch. Gives this table's issues and the records it refused."""
        mine = self.mapping.record.name
        batch = self.converter.convert(read.frames[mine])
        checked = self.checker.check(batch._replace(issues=pl.concat([read.issues, batch.issues])))
        issues = self._own(checked.issues.slice(read.issues.height), read.issues)
        text = lines(checked.rows.select(self._standard))
        self.content.add(text)
        self.totals.add(checked.rows)
        for output in self._outputs:
            output.write(checked.rows.select(self._standard), text)
        if self._extra:
            self._extra.write(checked.rows.select(self._carried))
        return issues, self._enter(read, batch, checked)

    def close(self) -> None:
        self.checker.keys.close()
        for output in (*self._outputs, *([self._extra] if self._extra else [])):
            output.close()

    def _own(self, issues: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
        """This table's issues, each at its field's byte; a refused value is not also missing."""
        unread = read.join(self._fed, on="item").select("record", item="column")
        refused = issues.filter(pl.col("code") != "missing").select("record", "item")
        blamed = pl.concat([unread, refused]).unique()
        absent = issues.filter(code="missing").join(blamed, on=["record", "item"], how="semi")
        kept = issues.join(absent, on=["record", "item", "code"], how="anti", maintain_order="left")
        place = pl.col("item").replace_strict(self._places, default=0, return_dtype=pl.UInt64)
        return kept.with_columns(byte=pl.col("byte") + place)

    def _enter(self, read: Read, batch: Batch, checked: Batch) -> NDArray[np.uint64]:
        """Enter a batch into the books: rejected is counted from the issues, written from the rows."""
        books, frame = self.books, read.frames[self.mapping.record.name]
        stray = len(read.block) - sum(f.height for f in read.frames.values())
        in_scope = batch.rows[RECORD]
        refused = checked.issues.filter(severity="error")["record"].unique()
        mine = refused.filter(refused.is_in(in_scope.implode())) if len(refused) else refused
        books.read += len(read.block)
        books.written += checked.rows.height
        books.rejected += stray + len(mine)
        books.skipped.update(batch.skipped)
        for name, other in read.frames.items():
            if other is not frame and other.height:
                books.skipped[OTHER.format(name)] += other.height
        strays = refused.filter(_is_stray(read, refused))
        return np.concatenate([strays.to_numpy(), mine.to_numpy()]).astype(np.uint64)


def _is_stray(read: Read, records: pl.Series) -> pl.Series:
    """Which records have no type, or a wrong length."""
    typed = [f[RECORD] for f in read.frames.values()]
    return ~records.is_in(pl.concat(typed).implode())
