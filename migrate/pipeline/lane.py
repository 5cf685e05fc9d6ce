"""One mapping at work: `Lane(mapping, ...).take(read)` converts, judges and keeps the books."""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from migrate.books import OTHER_TYPE
from migrate.check import Checker
from migrate.convert import Converter
from migrate.frames import RECORD, Batch, in_error, no_issues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.books import Books
    from migrate.convert.characters import Characters
    from migrate.convert.distinct import Distinct
    from migrate.model import Mapping
    from migrate.pipeline.sheet import Admitted
    from migrate.read import Read
    from migrate.read.framing import Block


class Taken(NamedTuple):
    """A batch that a lane has converted and judged; whether its keys are new is for the sheet to say."""

    good: Batch  # the rows without errors
    records: pl.Series  # the record of each row that the converter made
    issues: pl.DataFrame  # this mapping's, each at its byte


class Lane:
    """One mapping at work on one file: its converter, checker and books."""

    def __init__(
        self,
        mapping: Mapping,
        run: dict[str, str],
        partners: tuple[pl.DataFrame, ...],
        books: Books,
        *,
        characters: Characters | None = None,
    ) -> None:
        self.mapping = mapping
        self._characters = characters
        self._own_memory = local()
        self.converter = Converter(mapping, run, partners)
        self.checker = Checker(mapping.table, mapping.codes, personal=mapping.personal)
        self.books = books
        self._units = max(1, len(mapping.unfold))
        items = dict.fromkeys([*mapping.table.by_name, *mapping.record.read])
        origins = [
            (item, number, field.at if (field := mapping.origin(item, number + 1)) else -1)
            for item in items
            for number in range(self._units)
        ]
        self._places = pl.DataFrame(
            origins,
            schema={"item": pl.String, "_unit": pl.UInt64, "_at": pl.Int64},
            orient="row",
        )
        self._fed = pl.DataFrame(
            list(_feeding(mapping)), schema={"item": pl.String, "column": pl.String}, orient="row"
        ).unique()

    def take(self, read: Read) -> Taken:
        """Convert and judge one batch. Several may be on their way, each on a thread of its own."""
        frame = read.frames[self.mapping.record.name]
        made, replaced = self.converter.convert(frame, self._memory()), no_issues()
        if self._characters:
            made = made.whole()
            rows, replaced = self._characters.settle(made.rows)
            made = made._replace(rows=rows)
        sound = self.checker.sift(made._replace(issues=pl.concat([read.issues, made.issues])))
        own = self._own(sound.issues.slice(read.issues.height), read.issues)
        return Taken(sound, made.rows[RECORD], self._placed(pl.concat([own, replaced]), read.block))

    def _memory(self) -> Distinct:
        """What was made of earlier records, on this thread."""
        if not hasattr(self._own_memory, "distinct"):
            self._own_memory.distinct = self.converter.memory()
        found: Distinct = self._own_memory.distinct
        return found

    def enter(
        self, read: Read, taken: Taken, admitted: Admitted
    ) -> tuple[pl.DataFrame, NDArray[np.uint64]]:
        """Enter a batch into the books. Gives all issues of this mapping and the records that it refused."""
        books, frame = self.books, read.frames[self.mapping.record.name]
        again = self._placed(admitted.issues, read.block)
        issues = pl.concat([taken.issues, again]) if again.height else taken.issues
        stray = len(read.block) - sum(f.height for f in read.frames.values())
        errors = in_error(read.issues, issues)
        units = taken.records
        mine = units.filter(units.is_in(errors.implode())) if len(errors) else errors
        books.read += len(read.block) + frame.height * (self._units - 1)
        books.written += admitted.written
        books.merged += admitted.merged
        books.rejected += stray + len(mine)
        books.skipped.update(taken.good.skipped)
        for name, other in read.frames.items():
            if other is not frame and other.height:
                books.skipped[OTHER_TYPE + name] += other.height
        if not len(errors):
            return issues, errors.to_numpy()
        typed = pl.concat([f[RECORD] for f in read.frames.values()])
        strays = errors.filter(~errors.is_in(typed.implode()))
        return issues, np.concatenate([strays.to_numpy(), mine.unique().to_numpy()])

    def _own(self, issues: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
        """This mapping's issues; a value that was refused, or not found, is not also missing."""
        if not (issues["code"] == "missing").any():
            return issues
        refused = issues.filter(pl.col("code") != "missing").select("record", "item")
        wrong = read.filter(severity="error").select("record", "item")  # an alert loses no value
        fields = pl.concat([wrong, refused])
        fed = fields.join(self._fed, on="item").select("record", item="column")
        blamed = pl.concat([fed, refused]).unique()
        absent = issues.filter(code="missing").join(blamed, on=["record", "item"], how="semi")
        return issues.join(absent, on=["record", "item", "code"], how="anti", maintain_order="left")

    def _placed(self, issues: pl.DataFrame, block: Block) -> pl.DataFrame:
        """Issues at the bytes of their fields; where a record unfolds, `byte` was the row's number."""
        if not issues.height:
            return issues
        asked = pl.DataFrame([issues["item"], (issues["byte"] % self._units).alias("_unit")])
        found = asked.join(self._places, on=["item", "_unit"], how="left", maintain_order="left")
        at = found["_at"].fill_null(-1) if found["_at"].null_count() else found["_at"]
        index = issues["record"].cast(pl.Int64) - block.first
        byte = block.places(index.to_numpy(), at.to_numpy()).astype(np.uint64)
        where = issues.columns.index("byte")
        return issues.clone().replace_column(where, pl.Series("byte", byte))


def used(mapping: Mapping) -> set[tuple[str, str]]:
    """Record type and field of all that comes into the columns, or is carried along."""
    carried = [one.get(f, f) for one in mapping.unfold or ({},) for f in mapping.carried]
    return {(mapping.record.name, f) for f in (*(f for f, _ in _feeding(mapping)), *carried)}


def _feeding(mapping: Mapping) -> list[tuple[str, str]]:
    """(field, column) for every field of the record or of a lookup's key that a column is made of."""
    keys = {new: [*one.on.values()] for one in mapping.lookups for new in one.take}
    pairs = []
    for column, recipe in mapping.recipes.items():
        for field in recipe.fields:
            sources = [one.get(field, field) for one in mapping.unfold]
            pairs += [(f, column) for f in (field, *sources, *keys.get(field, ()))]
    return pairs
