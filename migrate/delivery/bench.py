"""Where files are judged: `Bench(codes, staged, tally, folder).judged(files, batch, progress)`.

Some pieces are under way at a time: each is looked at beside the others, but entered in the order of the rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from migrate.catalog.notices import severity
from migrate.check import Checker
from migrate.check.repeated import repeated
from migrate.delivery.findings import JudgedFile
from migrate.delivery.ruled import Stage
from migrate.frames import ISSUES, OFFSET, RECORD
from migrate.pipeline.crew import Crew
from migrate.read.delivered import READERS
from migrate.read.delivered.piece import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Mapping as Dict
    from pathlib import Path

    import pyarrow as pa

    from migrate.check.pairs import Pairs
    from migrate.delivery.tally import Tally
    from migrate.model import CodeList
    from migrate.read.delivered.folder import DeliveredFile
    from migrate.read.delivered.piece import Later, Piece

UNREAD = ("unreadable", "empty_file", "not_utf8")
"""What, said of a file's head, means that nothing of it could be read."""
COUNTS = ("rows", "read", "errors", "alerts")
"""What is counted of a file; see JudgedFile."""
WORKERS = 3
"""Pieces under way at a time: while one waits for its turn, the others keep two processors busy."""


class Bench:
    """Where files are judged one behind the other; keeps what the rules need of them."""

    def __init__(
        self, codes: Dict[str, CodeList], staged: Dict[str, list[str]], tally: Tally, folder: Path
    ) -> None:
        self.codes, self.staged, self.tally, self.folder = codes, staged, tally, folder
        self.stages: dict[str, Stage] = {}  # by table; the first file that could be read whole

    def judged(
        self, files: Sequence[DeliveredFile], batch: int, progress: Callable[[int], object]
    ) -> list[JudgedFile]:
        """Every file; and whether files of one table in several forms hold the same rows. progress: told the bytes
        of each file."""
        forms = Counter(map(_whose, files))
        cases: list[_Case] = []

        def pieces() -> Iterator[tuple[_Case, Later | None]]:
            for file in files:
                place = self.folder / f"{len(cases)}.{file.table.name}.parquet"
                case = _Case(self, file, place, compared=forms[_whose(file)] > 1)
                opened.callback(case.close)
                cases.append(case)
                for later in READERS[file.form](file.path, file.table, batch):
                    yield case, later
                yield case, None
                progress(file.path.stat().st_size)

        with ExitStack() as opened, Crew(WORKERS) as crew:
            steps = (_Case.judge, _Case.enter, _Case.prepare, _Case.keep)
            crew.carry(pieces(), *[_step(of_case) for of_case in steps])
        self._compare(cases)
        return [case.verdict() for case in cases]

    def _compare(self, cases: list[_Case]) -> None:
        """Tell of files of one table in several forms that do not hold the same."""
        same = defaultdict(list)
        for case in cases:
            if case.readable:
                same[_whose(case.file)].append(case)
        for first, *others in same.values():
            for case in others:
                if case.file.form != first.file.form and case.content != first.content:
                    told = issue("forms_differ", value=f"{case.content[0]} / {first.content[0]}")
                    self.tally.take(case.file.name, case.file.table, told)


class _Looked(NamedTuple):
    """A piece, and what was found without the pieces before it."""

    piece: Piece
    issues: pl.DataFrame
    keyed: pl.DataFrame  # rows with a whole key
    keys: Pairs
    mark: int  # a fingerprint, if the file is compared


class _Case:
    """One file under judgement: the steps of its pieces, None behind the last. Any thread may `judge` and `prepare`, at
    any time; `enter` and `keep` are for one at a time and in the order of the pieces."""

    def __init__(self, bench: Bench, file: DeliveredFile, place: Path, *, compared: bool) -> None:
        self.file, self._bench, self._compared = file, bench, compared
        self._checker = Checker(file.table, bench.codes, bench.folder)
        self._keys = self._checker.keys
        self._stage = Stage(place, file.table, file.name, bench.staged[file.table.name])
        self.readable, self._whole = True, True
        self._counts = np.zeros(len(COUNTS), int)
        self._mark = 0

    def close(self) -> None:
        self._keys.close()
        self._stage.close()

    def judge(self, later: Later | None) -> _Looked | None:
        """Everything wrong with some rows by themselves; personal values hidden."""
        if later is None:
            return None
        piece, table = later(), self.file.table
        rows = piece.rows
        values = self._checker.judge(rows) if rows.height else piece.issues.clear()
        found = pl.concat([values, _strangers(self.file, rows, values)])
        if piece.absent & set(table.keys):
            keyed = rows.clear()
        else:
            blank = any(rows[name].null_count() for name in table.keys)
            keyed = rows.drop_nulls(table.keys) if blank else rows  # it copies all columns
        mark = _fingerprint(rows.select(list(table.by_name))) if self._compared else 0
        issues = [self._checker.masked(piece.issues), piece.judged(self._checker.masked(found))]
        return _Looked(piece, pl.concat(issues), keyed, self._keys.pairs(keyed), mark)

    def enter(self, looked: _Looked | None) -> pl.DataFrame | None:
        """Count rows and what is wrong with them, with their keys also."""
        if looked is None:
            self._keys.close()
            return None
        piece, rows, table = looked.piece, looked.piece.rows, self.file.table
        issues, again = looked.issues, self._keys.repeated(looked.keys)
        if again.any():
            found = repeated(table, looked.keyed.filter(again))
            issues = pl.concat([issues, piece.judged(found)])
        issues = issues.sort("record", maintain_order=True)
        errors, alerts = self._bench.tally.take(self.file.name, table, issues, rows)
        self._counts += np.array([piece.records, rows.height, errors, alerts])
        codes = piece.issues.filter(record=0)["code"]
        self.readable &= not codes.is_in(UNREAD).any()
        self._whole &= "endless_line" not in piece.issues["code"]
        self._mark = (self._mark + looked.mark) % 2**64
        return rows

    def prepare(self, rows: pl.DataFrame | None) -> pa.Table | None:
        """What the rules need of some rows."""
        return None if rows is None else self._stage.prepared(rows)

    def keep(self, rows: pa.Table | None) -> None:
        """Write that down; of a whole file of another form, of a table that is there already, nothing stays."""
        if rows is not None:
            self._stage.write(rows)
            return
        self.close()
        stages, name = self._bench.stages, self.file.table.name
        if self.readable and self._whole and name not in stages:
            stages[name] = self._stage
        else:
            self._stage.path.unlink()

    @property
    def content(self) -> tuple[int, int]:
        """How many rows could be read and, if it is compared, a fingerprint of them."""
        return int(self._counts[1]), self._mark

    def verdict(self) -> JudgedFile:
        file, table = self.file, self.file.table
        told = {"file": file.name, "table": table.name, "title": table.title, "form": file.form}
        counts = dict(zip(COUNTS, self._counts.tolist(), strict=True))
        return JudgedFile.model_validate(told | counts | {"judged": self.readable})


def _step(of_case: Callable[[_Case, Any], Any]) -> Callable[[tuple[_Case, Any]], tuple[_Case, Any]]:
    """The same, of whichever case."""
    return lambda part: (part[0], of_case(*part))


def _whose(file: DeliveredFile) -> tuple[str, str, str, str]:
    """What files of one table in several forms have in common."""
    return file.table.name, file.city, file.round, file.as_of


def _fingerprint(rows: pl.DataFrame) -> int:
    """A number that tells rows from others; of rows in several frames it is the sum."""
    return int(rows.hash_rows(seed=1).to_numpy().sum(dtype=np.uint64))


def _strangers(file: DeliveredFile, rows: pl.DataFrame, wrong: pl.DataFrame) -> pl.DataFrame:
    """Rows of another municipality than the file's; a code that is none is wrong already."""
    none = wrong.filter(item="city_code")["record"].implode()
    strange = rows.filter(pl.col("city_code") != file.city).filter(~pl.col(RECORD).is_in(none))
    return strange.select(
        record=RECORD,
        byte=OFFSET,
        item=pl.lit("city_code"),
        code=pl.lit("other_city_row"),
        severity=pl.lit(severity("other_city_row")),
        value=pl.col("city_code"),
    ).cast(ISSUES)
