"""Memory for bytes and columns that is used again: `Memory().take(bytes)`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIECE = 64
"""Pieces of a block begin at multiples of so many bytes."""


class Memory:
    """Blocks of memory, lent out again once nobody holds any part of them.

    What is fresh from the system costs, page by page, about as much as decoding what is put into it.

    >>> memory = Memory()
    >>> first = memory.take(100)
    >>> other = memory.take(100)  # the first is held
    >>> place, first = first.ctypes.data, None
    >>> memory.take(90).ctypes.data == place
    True
    """

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.uint8]] = []

    def take(self, size: int) -> NDArray[np.uint8]:
        """So many bytes, of any value."""
        for block in self._blocks:
            # held by the list, by the loop and by the question alone; whoever has a part of it holds it, too
            if len(block) >= size and sys.getrefcount(block) == _FREE:
                return block[:size]
        self._blocks = [b for b in self._blocks if sys.getrefcount(b) > _FREE]
        block = np.empty(size + size // 8, np.uint8)
        self._blocks.append(block)
        return block[:size]

    def pieces(self, sizes: list[int]) -> list[NDArray[np.uint8]]:
        """Pieces of so many bytes each, of one block."""
        ends = np.cumsum([-(-size // PIECE) * PIECE for size in sizes]).tolist()
        block = self.take(ends[-1])
        begins = [0, *ends[:-1]]
        return [block[at : at + size] for at, size in zip(begins, sizes, strict=True)]


_FREE = 3
