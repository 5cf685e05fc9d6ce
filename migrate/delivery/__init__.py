"""A delivery under examination: `check(catalog, folder, terms)` gives Findings.

Each file is read once, in batches: its form, every value, its keys. What can be read is staged as Parquet, and the
rules across tables run over that. Memory holds a batch, the keys of one table, and what DuckDB may use.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from migrate.catalog.notices import severity
from migrate.check import Checker
from migrate.check.duck import Limits
from migrate.check.repeated import repeated
from migrate.check.rules import needed
from migrate.check.values import city_code
from migrate.delivery.ahead import ahead
from migrate.delivery.findings import Findings, JudgedFile
from migrate.delivery.ruled import Ground, Stage, verdicts
from migrate.delivery.tally import EVERYTHING, Listing, Tally
from migrate.errors import SourceError
from migrate.frames import BATCH, ISSUES, OFFSET, RECORD
from migrate.language import say
from migrate.read.delivered import READERS
from migrate.read.delivered.folder import NAME, Delivery, Fault, delivery
from migrate.read.delivered.piece import issue
from migrate.write.manifest import program_version, sha256
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Mapping as Dict

    from migrate.catalog import Catalog
    from migrate.catalog.rules import RuleBook
    from migrate.delivery.findings import RuleVerdict
    from migrate.delivery.tally import Selection
    from migrate.model import CodeList
    from migrate.read.delivered.folder import DeliveredFile
    from migrate.read.delivered.piece import Piece

LIST = "check-issues.csv"
FIRST_DIFFERENCES = "91"
"""Rounds from here on hold what changed and no whole tables."""
UNREAD = ("unreadable", "empty_file", "not_utf8")
"""What, said of a file's head, means that nothing of it could be read."""


@dataclass(frozen=True)
class Terms:
    """What a check is told besides its folder."""

    today: date | None = None  # rules are judged as of that day; None: the day of the extraction
    areas: frozenset[str] = frozenset()  # names of areas; none: all
    selection: Selection = EVERYTHING
    samples: int = 20
    memory: str = "1GB"
    into: Path | None = None  # folder for the complete list
    batch: int = BATCH
    progress: Callable[[int], object] = int  # told the bytes of each file


def check(catalog: Catalog, folder: Path, terms: Terms | None = None) -> Findings:
    """Judge every file of a delivery, and the rules across its tables.

    Leaves check-issues.csv in `terms.into`, if that is given. Raises SourceError where there is no file to
    judge, KnowledgeError (a table or a rule is wrong), OSError.
    """
    terms = terms or Terms()
    book = catalog.rules()
    found = delivery(folder, book.tables, city_code)
    found = found._replace(
        files=[f for f in found.files if not terms.areas or f.table.area in terms.areas]
    )
    if not found.files and not found.faults:
        cause = say(
            f"{folder}: 検査するファイルがありません", f"{folder}: there is no file to judge"
        )
        raise SourceError(cause)
    listed = Staged(terms.into) if terms.into else None
    with ExitStack() as opened:
        temporary = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="check.")))
        listing = None
        if listed:
            opened.callback(listed.discard)
            listing = opened.enter_context(closing(Listing(listed.path(LIST))))
        tally = Tally(terms.selection, terms.samples, listing)
        bench = _Bench(catalog.code_lists(), needed(book), tally, temporary, terms)
        for fault in (*found.faults, *_broken_promises(found)):
            tally.take(
                fault.file, book.tables.get(fault.table), issue(fault.code, value=fault.value)
            )
        files = bench.judged(found)
        rules = _rules(book, bench, found)
        if listing and listed:
            listing.close()
            listed.publish()
    return _findings(found, terms, files, tally, rules)


def _rules(book: RuleBook, bench: _Bench, found: Delivery) -> list[RuleVerdict]:
    """The rules over what could be read whole."""
    terms = bench.terms
    limits = Limits(bench.folder, terms.memory)
    today = terms.today or _day(found.as_of)
    differences = found.round >= FIRST_DIFFERENCES
    ground = Ground(book, bench.stages, today, limits, differences)
    return sorted(verdicts(ground, bench.tally), key=lambda v: (v.rule, v.table, v.columns))


def _findings(
    found: Delivery, terms: Terms, files: list[JudgedFile], tally: Tally, rules: list[RuleVerdict]
) -> Findings:
    counts = {
        level: sum(n for kind, n in tally.counts.items() if kind.severity == level)
        + sum(r.count for r in rules if r.severity == level and r.table)
        for level in ("error", "alert")
    }
    judged = any(f.judged for f in files)
    return Findings(
        program=program_version(),
        folder=found.folder.as_posix(),
        city=found.city,
        round=found.round,
        as_of=found.as_of,
        today=(terms.today or _day(found.as_of)).isoformat(),
        files=files,
        findings=tally.findings(),
        rules=rules,
        errors=counts["error"],
        alerts=counts["alert"],
        exit_code=12 if not judged else 8 if counts["error"] else 4 if counts["alert"] else 0,
        listed=(terms.into / LIST).as_posix() if terms.into else None,
    )


def _day(as_of: str) -> date:
    """The day of an extraction; today, where its moment is none."""
    try:
        return datetime.strptime(as_of[:8], "%Y%m%d").date()
    except ValueError:
        return date.today()


def _broken_promises(found: Delivery) -> Iterator[Fault]:
    """Files that are not what the run that wrote them says they are."""
    for manifest in found.manifests:
        name = manifest.relative_to(found.folder).as_posix()
        try:
            promised = dict(json.loads(manifest.read_text(encoding="utf-8"))["files"])
        except (ValueError, KeyError, TypeError):
            yield Fault(name, "unreadable")
            continue
        paths = [manifest.parent / str(file) for file in promised]
        with ThreadPoolExecutor() as several:
            digests = list(several.map(lambda path: sha256(path) if path.is_file() else "", paths))
        for path, digest, written in zip(paths, promised.values(), digests, strict=True):
            shown = Path(name).with_name(path.name).as_posix()
            said = NAME.fullmatch(path.name)
            table = said["table"] if said else ""
            if written and written != digest:
                yield Fault(shown, "changed_file", table)
            elif not written and (said or path.name.endswith((".extra.csv", ".originals.csv"))):
                yield Fault(shown, "lost_file", table)


class _Bench:
    """Where files are judged one after the other; keeps what the rules need of them."""

    def __init__(
        self,
        codes: Dict[str, CodeList],
        staged: Dict[str, list[str]],
        tally: Tally,
        folder: Path,
        terms: Terms,
    ) -> None:
        self.codes, self.staged, self.tally = codes, staged, tally
        self.folder, self.terms = folder, terms
        self.stages: dict[str, Stage] = {}  # by table; the first file that could be read whole

    def judged(self, found: Delivery) -> list[JudgedFile]:
        """Every file; and whether files of one table in several forms hold the same rows."""
        files, contents = [], defaultdict(list)
        forms = Counter(map(_whose, found.files))
        by_name = {file.name: file for file in found.files}
        with closing(ahead(self._pieces(found.files))) as pieces:
            for name, some in groupby(pieces, lambda one: one[0]):
                file = by_name[name]
                of_file = (piece for _, piece in some)
                verdict, content = self._file(file, of_file, compared=forms[_whose(file)] > 1)
                files.append(verdict)
                self.terms.progress(file.path.stat().st_size)
                if verdict.judged:
                    contents[_whose(file)].append((file, content))
        for (first, content), *others in contents.values():
            for file, other in others:
                if file.form != first.form and other != content:
                    self.tally.take(
                        file.name,
                        file.table,
                        issue("forms_differ", value=f"{other[0]} / {content[0]}"),
                    )
        return files

    def _pieces(self, files: Iterable[DeliveredFile]) -> Iterator[tuple[str, Piece]]:
        """All pieces, with the names of their files: so that one file is begun while the one before it is judged.
        No file is without one."""
        for file in files:
            for piece in READERS[file.form](file.path, file.table, self.terms.batch):
                yield file.name, piece

    def _file(
        self, file: DeliveredFile, pieces: Iterator[Piece], *, compared: bool
    ) -> tuple[JudgedFile, tuple[int, int]]:
        """One file's verdict, and its content: rows and, if it is compared, a fingerprint of them."""
        table = file.table
        count, read, errors, alerts, mark = 0, 0, 0, 0, 0
        readable, whole = True, True
        with ExitStack() as opened:
            checker = Checker(table, self.codes, self.folder)
            opened.callback(checker.keys.close)
            place = self.folder / f"{len(self.stages)}.{table.name}.{file.form}.parquet"
            stage = opened.enter_context(
                closing(Stage(place, table, file.name, self.staged[table.name]))
            )
            staging = opened.enter_context(ThreadPoolExecutor(1))
            staged = None
            for piece in pieces:
                issues = self._issues(file, checker, piece)
                wrong, odd = self.tally.take(file.name, table, issues, piece.rows)
                errors, alerts = errors + wrong, alerts + odd
                codes = piece.issues.filter(record=0)["code"]
                readable &= not codes.is_in(UNREAD).any()
                whole &= "endless_line" not in piece.issues["code"]
                count, read = count + piece.records, read + piece.rows.height
                if compared:
                    mark += _fingerprint(piece.rows.select(list(table.by_name)))
                if staged:
                    staged.result()
                staged = staging.submit(stage.add, piece.rows)
            if staged:
                staged.result()
        if readable and whole and table.name not in self.stages:
            self.stages[table.name] = stage
        else:
            place.unlink()
        verdict = JudgedFile.model_validate(
            {"file": file.name, "table": table.name, "title": table.title, "form": file.form,
             "judged": readable, "rows": count, "read": read, "errors": errors, "alerts": alerts}
        )  # fmt: skip
        return verdict, (read, mark % 2**64)

    def _issues(self, file: DeliveredFile, checker: Checker, piece: Piece) -> pl.DataFrame:
        """Everything wrong with some rows, in their order; personal values hidden."""
        rows, table = piece.rows, file.table
        values = checker.judge(rows) if rows.height else piece.issues.clear()
        found = [values, _strangers(file, rows, values)]
        if rows.height and not piece.absent & set(table.keys):
            blank = any(rows[name].null_count() for name in table.keys)
            keyed = rows.drop_nulls(table.keys) if blank else rows  # it copies all columns
            again = checker.keys.again(keyed)
            found += [repeated(table, keyed.filter(again))] if again.any() else []
        judged = piece.judged(checker.masked(pl.concat(found[:2])))
        keys = piece.judged(pl.concat(found[2:])) if found[2:] else values.clear()
        return pl.concat([checker.masked(piece.issues), judged, keys]).sort(
            "record", maintain_order=True
        )


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
