"""Files that appear whole or not at all: `Staged(folder)`."""

from __future__ import annotations

import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HASTE = 1.0
"""Seconds between two times that the disk is hastened."""


class Staged:
    """Files being written beside their final names, to be published together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self._aside = ThreadPoolExecutor(1)
        self._syncing: Future[None] | None = None
        self._hastened = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        """Where to write what will be called `name`."""
        if name not in self.names:
            self.names.append(name)
        return self._temporary(name)

    def hasten(self) -> None:
        """Have the disk take what is written so far while more is made, so that `publish` waits for little.

        Returns at once, and does nothing where it was called within the last second. Raises OSError of a disk that
        took nothing when it was hastened before.
        """
        if time.monotonic() < self._hastened + HASTE or (
            self._syncing and not self._syncing.done()
        ):
            return
        self._settle()
        self._hastened = time.monotonic()
        begun = [name for name in self.names if self._temporary(name).exists()]
        self._syncing = self._aside.submit(self._sync_files, begun)

    def publish(self, suffix: str = "") -> None:
        """Sync every file to disk, then give each its name, the one begun last when the others have theirs."""
        self._settle()
        self._sync_files(self.names)
        for name in self.names:
            if name == self.names[-1]:
                _sync(self.folder)
            self._temporary(name).replace(self.folder / f"{name}{suffix}")
        _sync(self.folder)
        self.names = []

    def discard(self) -> None:
        """Remove what was not published."""
        self._aside.shutdown()
        for name in self.names:
            self._temporary(name).unlink(missing_ok=True)
        self.names = []

    def _settle(self) -> None:
        """Wait for what was hastened. The system tells of a fault of the disk but once: it is not forgotten."""
        if self._syncing:
            self._syncing.result()

    def _sync_files(self, names: list[str]) -> None:
        for name in names:
            with self._temporary(name).open("rb+") as file:
                os.fsync(file.fileno())

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
