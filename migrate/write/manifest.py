"""run.json: what was run, on what, with which knowledge, and what came of it."""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from migrate.write.staged import Staged

NAME = "run.json"
_LEANED_ON = ("polars", "pyarrow", "pandera", "numba", "numpy")


def write_manifest(staged: Staged, facts: dict[str, Any]) -> None:
    """Write run.json, to be published last: no manifest, no finished run."""
    text = json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=False) + "\n"
    staged.path(NAME).write_text(text, encoding="utf-8")


def program() -> dict[str, str]:
    """The versions that the outcome depends on."""
    names = {"chukan-migrate": program_version(), "python": sys.version.split()[0]}
    return names | {name: version(name) for name in _LEANED_ON}


def program_version() -> str:
    """This program's version, or `unreleased` where it runs from a folder without being installed."""
    try:
        return version("chukan-migrate")
    except PackageNotFoundError:
        return "unreleased"


def hashes(paths: Iterable[Path], roots: Iterable[Path]) -> dict[str, str]:
    """The SHA-256 of files, by their path below the root they lie under."""
    found = {}
    for path in sorted(set(paths)):
        below = [r for r in roots if path.is_relative_to(r)]
        name = path.relative_to(below[0]).as_posix() if below else path.name
        found[name] = sha256(path)
    return found


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
