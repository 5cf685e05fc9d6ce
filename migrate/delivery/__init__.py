"""A delivery under examination: `check(catalog, folder, terms)` gives Findings.

Each file is read once, in batches: its form, every value, its keys. What can be read is staged as Parquet, and the
rules across tables run over that. Memory holds some batches, the keys of their tables, and what DuckDB may use.
"""

from __future__ import annotations

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.check.duck import Limits
from migrate.check.rules import needed
from migrate.check.values import city_code
from migrate.delivery.bench import Bench
from migrate.delivery.findings import Findings
from migrate.delivery.ruled import Ground, verdicts
from migrate.delivery.tally import EVERYTHING, Listing, Tally
from migrate.errors import SourceError
from migrate.frames import BATCH
from migrate.language import say
from migrate.read.delivered.folder import NAME, Delivery, Fault, delivery
from migrate.read.delivered.piece import issue
from migrate.write.manifest import program_version, sha256
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrate.catalog import Catalog
    from migrate.catalog.rules import RuleBook
    from migrate.delivery.findings import JudgedFile, RuleVerdict
    from migrate.delivery.tally import Selection

LIST = "check-issues.csv"
FIRST_DIFFERENCES = "91"
"""Rounds from here on hold what changed and no whole tables."""


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
        bench = Bench(catalog.code_lists(), needed(book), tally, temporary)
        for fault in (*found.faults, *_broken_promises(found)):
            tally.take(
                fault.file, book.tables.get(fault.table), issue(fault.code, value=fault.value)
            )
        files = bench.judged(found.files, terms.batch, terms.progress)
        rules = _rules(book, bench, found, terms)
        if listing and listed:
            listing.close()
            listed.publish()
    return _findings(found, terms, files, tally, rules)


def _rules(book: RuleBook, bench: Bench, found: Delivery, terms: Terms) -> list[RuleVerdict]:
    """The rules over what could be read whole."""
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
