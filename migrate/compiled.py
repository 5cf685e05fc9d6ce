"""How functions are compiled: without the interpreter's lock, and kept where the user can write."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from numba import config, njit


def _fingerprint() -> str:
    """Of all compiled sources: machine code made of another state of any of them is never taken up again."""
    sources = (p.read_bytes() for p in sorted(Path(__file__).parent.rglob("*.py")))
    return hashlib.sha256(b"".join(s for s in sources if b"njit" in s)).hexdigest()[:16]


def _kept() -> bool:
    """Whether there is a folder for machine code: in NUMBA_CACHE_DIR, or in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chukan-migrate"
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or cache) / _fingerprint()
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]

    def probe() -> int:
        return 0

    try:
        njit(cache=True)(probe)
    except (RuntimeError, OSError):  # nowhere: then it is compiled anew in each run, some seconds
        return False
    return True


OPTIONS: dict[str, Any] = {"nogil": True, "cache": _kept(), "boundscheck": False}
"""For `njit(**OPTIONS)`."""

INNER: dict[str, Any] = OPTIONS | {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "_nrt": False,
}
"""For what only compiled code calls: no way in from Python, which would take a fifth of the compiler's time."""
