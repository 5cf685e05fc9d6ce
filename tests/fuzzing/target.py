"""What is fuzzed: a Target has Seeds, and tells what became of their damaged bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "QXZJQX"
"""Stands in sensitive fields, and may stand in no message and no issue."""


class BrokenError(AssertionError):
    """Something that must hold whatever the bytes are does not."""


@dataclass(frozen=True)
class Seed:
    """A sound file, and what is needed to read it."""

    name: str
    data: bytes
    tools: tuple[object, ...] = ()


@dataclass(frozen=True)
class Target:
    """`run(seed, data, folder)` says what became of the bytes; it raises BrokenError, or whatever slipped through."""

    seeds: tuple[Seed, ...]
    run: Callable[[Seed, bytes, Path], str]
    words: tuple[bytes, ...] = field(default=())
    members: bool = False
    """Whether the file is a zip whose members are damaged."""


def insist(holds: object, cause: str) -> None:
    if not holds:
        raise BrokenError(cause)


def silent(text: str) -> None:
    """Insist that a text does not tell the secret, neither plainly nor as hexadecimal bytes."""
    for name in ("ascii", "cp037", "utf-16-le"):
        raw = SECRET.encode(name)
        for shown in (raw.hex(" "), raw.hex()):
            insist(shown not in text.lower(), f"the secret shows as {name}")
    insist(SECRET not in text, "the secret shows")
