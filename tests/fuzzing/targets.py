"""Every target by name, made when it is wanted: `TARGETS["readers"](folder)`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fuzzing.target import Target

ROOT = Path(__file__).resolve().parents[2]


def _from(module: str, name: str = "target") -> Callable[[Path], Target]:
    def make(folder: Path) -> Target:
        return getattr(import_module(f"fuzzing.{module}"), name)(folder, ROOT)

    return make


TARGETS: dict[str, Callable[[Path], Target]] = {
    "readers": _from("readers"),
    "copybook": _from("knowledge", "copybook"),
    "notation": _from("knowledge", "notation"),
    "workbook": _from("knowledge", "workbook"),
    "ledgers": _from("ledgers"),
    "conversion": _from("whole", "conversion"),
    "peek": _from("whole", "peeked"),
    "delivered": _from("whole", "delivered"),
}
