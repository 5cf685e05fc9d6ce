"""The legacy file to measure with: `plain(records, seed)`, made once and kept in the temp folder."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

from measured import ROOT, measured

CACHE = Path(tempfile.gettempdir()) / "chukan-migrate-benchmarks"


def plain(records: int, seed: int) -> Path:
    """A clean asama resident file of so many data records, with header and trailer."""
    made = hashlib.sha256(
        b"".join((ROOT / "samples" / n).read_bytes() for n in ("make.py", "parts.py"))
    )
    path = CACHE / f"resident-{records}-{seed}-{made.hexdigest()[:8]}.dat"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        begun = path.with_suffix(".tmp")
        options = ["--records", str(records), "--seed", str(seed), "--plain", str(begun)]
        measured([sys.executable, "samples/make.py", *options])
        begun.rename(path)
    return path


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
