"""How functions are compiled: without the interpreter's lock, and kept where the user can write."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from numba import config, njit
from numba.core import event

from migrate.language import say


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
"""For what only compiled code calls and what makes no arrays: no way in from Python, no counting of who holds an array.
The first is a fifth of the compiler's time, the second a third of a short text's."""


class _Notice(event.Listener):
    """Says once, before the first function is compiled, why nothing seems to happen."""

    def on_start(self, started: Any) -> None:
        event.unregister("numba:compile", self)  # type: ignore[no-untyped-call]
        if OPTIONS["cache"]:
            words = say(
                f"初回のみ機械語に変換しています (20 秒ほど)。{config.CACHE_DIR} に保存し、次回からは待ちません",  # type: ignore[attr-defined]
                f"compiling once, some twenty seconds; kept in {config.CACHE_DIR}",  # type: ignore[attr-defined]
            )
        else:
            words = say(
                "機械語に変換しています (20 秒ほど)。保存できるフォルダがないので毎回必要です。NUMBA_CACHE_DIR に書き込めるフォルダを指定してください",
                "compiling, some twenty seconds in each run: no folder to keep it in; name one in NUMBA_CACHE_DIR",
            )
        print(words, file=sys.stderr, flush=True)

    def on_end(self, ended: Any) -> None:
        """Nothing: the next message is the run's own."""


event.register("numba:compile", _Notice())  # type: ignore[no-untyped-call]
