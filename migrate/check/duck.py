"""A DuckDB of our own that knows a book of rules, what it is asked, and what it says: `opened(book, ...)`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from migrate.catalog.files import shown
from migrate.errors import KnowledgeError, Problem
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Mapping as Dict
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from migrate.catalog.rules import Rule, RuleBook
    from migrate.model import Column

ROW = "_row"
"""The 1-based number of a row in its table's file."""


class Limits(NamedTuple):
    """What DuckDB may use. Spilled files hold personal values: `folder` must be as private as the rows."""

    folder: Path | None = None  # None: a folder of its own, removed afterwards
    memory: str = "1GB"
    threads: int | None = None


def opened(
    book: RuleBook, folder: str, limits: Limits, files: Dict[str, Sequence[Path]] | None = None
) -> DuckDBPyConnection:
    """A DuckDB of our own, without extensions from elsewhere, with the book's tables, lists and macros.

    A table without files is empty: macros need it. No rule that names it is run (see `verdicts`).
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": limits.memory,
        "temp_directory": folder,
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if limits.threads:
        settings["threads"] = limits.threads
    duck = duckdb.connect(config=settings)
    for name, path in book.lists.items():
        duck.execute(f"create table {name} as from read_csv({_quoted(str(path))}, header = true)")
    for name, table in book.tables.items():
        paths = (files or {}).get(name)
        if paths is None:
            columns = "".join(f", {c.name} {_type(c)}" for c in table.columns)
            duck.execute(f"create table {name} ({ROW} uinteger{columns})")
        else:
            listed = ", ".join(_quoted(str(p)) for p in paths)
            duck.execute(f"create view {name} as from read_parquet([{listed}])")
    for path in book.macros:
        try:
            duck.execute(path.read_text(encoding="utf-8"))
        except duckdb.Error as error:
            raise KnowledgeError(_refused(path, "", error, in_full=True)) from None
    return duck


def question(rule: Rule, as_of: date) -> tuple[str, dict[str, date]]:
    """The SQL that gives the numbers of the rows which break a rule, each once; and its parameters."""
    sql = f"select distinct {ROW} from (\n{rule.sql}\n) where {ROW} is not null"
    return sql, {"as_of": as_of} if "$as_of" in rule.sql else {}


def _type(column: Column) -> str:
    if column.type == "9V":
        whole, fraction = column.digits
        return f"decimal({whole + fraction}, {fraction})"
    return "bigint" if column.type in ("9", "S9") else "varchar"


@contextmanager
def said(rule: Rule, *, in_full: bool = False) -> Iterator[None]:
    """DuckDB's errors as ours. Its words may quote a personal value: `in_full` is for examples only."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MemoryError(rule.id) from error
    except duckdb.IOException as error:
        raise OSError(rule.id, str(error)) from error
    except duckdb.Error as error:
        place = f"{rule.id} ({rule.table})"
        raise KnowledgeError(_refused(rule.path, place, error, in_full=in_full)) from None


def _refused(path: Path, place: str, error: Exception, *, in_full: bool) -> Problem:
    words = f": {error}" if in_full else ""
    cause = say(f"DuckDB が実行できない ({type(error).__name__}){words}",
                f"DuckDB refuses it ({type(error).__name__}){words}")  # fmt: skip
    return Problem(shown(path), place, cause, say("SQL を直す", "mend the SQL"))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
