"""Move a municipality's records from a legacy system to files in the manner of 中間標準レイアウト.

>>> from migrate import Catalog
>>> Catalog().mapping("asama/resident").table.title
'住民情報'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrate.books import Options, Report
    from migrate.catalog import Catalog
    from migrate.errors import BusyError, KnowledgeError, MigrateError, SourceError
    from migrate.pipeline import run
    from migrate.read import Reader

_HOMES = {
    "Catalog": "catalog",
    "Reader": "read",
    "Options": "books",
    "Report": "books",
    "run": "pipeline",
    "BusyError": "errors",
    "KnowledgeError": "errors",
    "MigrateError": "errors",
    "SourceError": "errors",
}

__all__ = [
    "BusyError", "Catalog", "KnowledgeError", "MigrateError", "Options", "Reader", "Report", "SourceError", "run",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Load a public name when it is asked for: `migrate --help` must not wait for polars."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"migrate.{_HOMES[name]}"), name)
