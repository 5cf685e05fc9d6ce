"""How functions are compiled: without the interpreter's lock, and kept where the user can write."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
from numba import config
from numba.core import event
from numba.core.caching import FunctionCache
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager
from numba.core.runtime.nrt import rtsys

from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

UNUSED = 30 * 86400
"""Seconds after which machine code of another state of the sources is thrown away."""

UNWANTED = {"inline_closure_likes", "inline_overloads", "nopython_rewrites"}
"""Passes for functions within functions, comprehensions and sums of whole arrays: a tenth of the compiler's time."""


def _fingerprint() -> str:
    """Of all compiled sources: machine code made of another state of any of them is never taken up again."""
    sources = (p.read_bytes() for p in sorted(Path(__file__).parent.rglob("*.py")))
    return hashlib.sha256(b"".join(s for s in sources if b"njit" in s)).hexdigest()[:16]


def _kept() -> bool:
    """Whether there is a folder for machine code: in NUMBA_CACHE_DIR, or in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chukan-migrate"
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or cache) / _fingerprint()
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    fresh = not folder.exists()
    try:
        FunctionCache(_fingerprint)  # type: ignore[no-untyped-call]
    except (RuntimeError, OSError):  # nowhere: then it is compiled anew in each run, some seconds
        return False
    with suppress(OSError):
        os.utime(folder)  # in use
        if fresh:
            _forget(folder.parent, time.time() - UNUSED)
    return True


def _forget(folder: Path, before: float) -> None:
    """Remove the machine code that no run has used since; `before` in seconds of the clock.

    Each folder is first moved out of the way: a run that begins meanwhile sees the whole of it or nothing, and compiles.
    """
    for path in folder.iterdir():
        with suppress(OSError):  # another run is at it
            if re.fullmatch(r"[0-9a-f]{16}(\.gone)?", path.name) and path.stat().st_mtime < before:
                shutil.rmtree(path.rename(path.with_suffix(".gone")))


class _Kept(FunctionCache):
    """Takes up machine code as it is. numba first makes its compiler ready, which takes twice as long and serves the
    next function that is compiled, if any is: and then the compiler makes itself ready."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            rtsys.initialize(target_context)  # what makes and frees arrays
            with self._guard_against_spurious_io_errors():
                return self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception:  # noqa: BLE001 - another numba than we know may want more: its own way
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]


class _Passes(CompilerBase):
    """numba's own passes over a function, without those that find nothing to do here."""

    def define_pipelines(self) -> list[PassManager]:
        passes = PassManager("nopython")  # type: ignore[no-untyped-call]
        whole = DefaultPassBuilder.define_nopython_pipeline(self.state)  # type: ignore[no-untyped-call]
        for made, words in whole.passes:
            if made.name() not in UNWANTED:
                passes.add_pass(made, words)  # type: ignore[no-untyped-call]
        passes.finalize()  # type: ignore[no-untyped-call]
        return [passes]


def njit(**options: Any) -> Callable[[Any], Any]:
    """numba's, for `@njit(**OPTIONS)`: a function that is compiled at its first call, or taken up from an earlier run.

    >>> @njit(nogil=True)
    ... def doubled(number):
    ...     return number * 2
    >>> doubled(21)
    42
    """
    cache = options.pop("cache", False)

    def made(function: Any) -> Any:
        compiled = numba.njit(pipeline_class=_Passes, **options)(function)
        if cache:
            compiled._cache = _Kept(function)  # type: ignore[no-untyped-call]
        return compiled

    return made


OPTIONS: dict[str, Any] = {"nogil": True, "cache": _kept(), "boundscheck": False}
"""For `njit(**OPTIONS)`."""

OUTER: dict[str, Any] = OPTIONS | {"no_cfunc_wrapper": True, "_nrt": False}
"""For what Python calls and what makes no arrays: nobody counts there who holds one."""

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
                f"初回のみ機械語に変換しています (10 秒から 20 秒)。{config.CACHE_DIR} に保存し、次回からは待ちません",  # type: ignore[attr-defined]
                f"compiling once, ten to twenty seconds; kept in {config.CACHE_DIR}",  # type: ignore[attr-defined]
            )
        else:
            words = say(
                "機械語に変換しています (10 秒から 20 秒)。保存できるフォルダがないので毎回必要です。NUMBA_CACHE_DIR に書き込めるフォルダを指定してください",
                "compiling, ten to twenty seconds in each run: no folder to keep it in; name one in NUMBA_CACHE_DIR",
            )
        print(words, file=sys.stderr, flush=True)

    def on_end(self, ended: Any) -> None:
        """Nothing: the next message is the run's own."""


event.register("numba:compile", _Notice())  # type: ignore[no-untyped-call]
