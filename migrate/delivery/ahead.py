"""Work that goes on beside other work: `ahead(pieces)`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

T = TypeVar("T")


def ahead(pieces: Iterator[T]) -> Generator[T, None, None]:
    """The same, in the same order, each made in another thread while the one before it is worked on.

    So one more of them is in memory. Errors come where the piece would have come.

    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    with ThreadPoolExecutor(1) as beside:
        following = beside.submit(next, pieces, None)
        while (piece := following.result()) is not None:
            following = beside.submit(next, pieces, None)
            yield piece
