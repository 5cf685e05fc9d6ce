"""Files that appear whole or not at all: `Staged(folder)`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Staged:
    """Files being written beside their final names, to be published together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        """Where to write what will be called `name`."""
        if name not in self.names:
            self.names.append(name)
        return self._temporary(name)

    def publish(self, suffix: str = "") -> None:
        """Sync every file to disk, then give each its name, the one begun last when the others have theirs."""
        for name in self.names:
            with self._temporary(name).open("rb+") as file:
                os.fsync(file.fileno())
        for name in self.names:
            if name == self.names[-1]:
                _sync(self.folder)
            self._temporary(name).replace(self.folder / f"{name}{suffix}")
        _sync(self.folder)
        self.names = []

    def discard(self) -> None:
        """Remove what was not published."""
        for name in self.names:
            self._temporary(name).unlink(missing_ok=True)
        self.names = []

    def _temporary(self, name: str) -> Path:
        return self.folder / f".{name}.tmp"


def _sync(folder: Path) -> None:
    """Make a folder's names last; where the system opens no folders, it does so by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
