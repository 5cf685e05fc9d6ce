"""The legacy files to measure with, made once and kept in the temp folder: `person(records, seed)`."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

from measured import HERE, ROOT, measured

CACHE = Path(tempfile.gettempdir()) / "chukan-migrate-benchmarks"


def person(records: int, seed: int, faults: float = 0.0) -> Path:
    """A file of the reference job; `faults`: the share of broken records."""
    options = ["--faults", str(faults)] if faults else []
    stem = f"PERSON-{records}-{seed}" + (f"-faults-{faults:g}" if faults else "")
    command = [str(HERE / "records.py"), "--records", str(records), "--seed", str(seed), *options]
    return _made(stem, [HERE / "records.py"], [*command, "--into"])


def resident(records: int, seed: int) -> Path:
    """A clean asama resident file of so many data records, with header and trailer."""
    sources = [ROOT / "samples" / name for name in ("make.py", "parts.py")]
    options = ["--records", str(records), "--seed", str(seed), "--plain"]
    return _made(f"resident-{records}-{seed}", sources, [str(sources[0]), *options])


def _made(stem: str, sources: list[Path], command: list[str]) -> Path:
    """A file of the cache, named after what makes it."""
    state = hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()[:8]
    path = CACHE / f"{stem}-{state}.dat"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        begun = path.with_suffix(".tmp")
        measured([sys.executable, *command, str(begun)])
        begun.rename(path)
    return path


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
