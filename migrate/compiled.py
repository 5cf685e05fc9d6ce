"""How functions are compiled: without the interpreter's lock, and kept where the user can write."""

from __future__ import annotations

from typing import Any

from numba import njit


def _keepable() -> bool:
    """Whether numba finds a folder for machine code: beside the program, else in the user's cache."""

    def probe() -> int:
        return 0

    try:
        njit(cache=True)(probe)
    except RuntimeError:  # nowhere: then it is compiled anew in each run, some seconds
        return False
    return True


OPTIONS: dict[str, Any] = {"nogil": True, "cache": _keepable(), "boundscheck": False}
"""For `njit(**OPTIONS)`."""
