"""Work that goes on beside other work: `ahead(pieces)`."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

T = TypeVar("T")


DEEP = 3
"""So many may be made before they are wanted: one that takes longer holds nobody up."""


def ahead(pieces: Iterator[T]) -> Generator[T, None, None]:
    """The same, in the same order, each made in another thread while those before it are worked on.

    So some more of them are in memory. Errors come where the piece would have come.

    >>> list(ahead(iter("abcde")))
    ['a', 'b', 'c', 'd', 'e']
    """
    beside = ThreadPoolExecutor(1)
    try:
        following = deque(beside.submit(next, pieces, None) for _ in range(DEEP))
        while (piece := following.popleft().result()) is not None:
            following.append(beside.submit(next, pieces, None))
            yield piece
            del piece
    finally:
        beside.shutdown(cancel_futures=True)
