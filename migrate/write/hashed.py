"""A file whose SHA-256 is known when it is written: nobody needs to read it again."""

from __future__ import annotations

import hashlib
from io import RawIOBase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Buffer


class HashedFile(RawIOBase):
    r"""Appends bytes to a new file, and hashes them on the way.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder, HashedFile(pathlib.Path(folder) / "a") as file:
    ...     _ = file.write(b"abc")
    >>> file.sha256[:16]
    'ba7816bf8f01cfea'
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._hash = hashlib.sha256()

    def write(self, data: Buffer) -> int:
        self._hash.update(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def writable(self) -> bool:
        return True

    @property
    def sha256(self) -> str:
        """Of all that was written so far, in hexadecimal digits."""
        return self._hash.hexdigest()

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
