"""Work done side by side, its results in order: `Crew(2).each(work, items)`."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from types import TracebackType

    Item = TypeVar("Item")
    Made = TypeVar("Made")


class Crew:
    """So many threads; one alone is the caller's own. Compiled code, Polars and hashing let others go on.

    >>> with Crew(2) as crew:
    ...     list(crew.each(str.upper, "abc"))
    ['A', 'B', 'C']
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers) if workers > 1 else None

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def begin(self, work: Callable[[Item], Made], item: Item) -> Callable[[], Made]:
        """Work that goes on beside the rest; what is given waits for its outcome."""
        if self._pool is None:
            return partial(work, item)
        return self._pool.submit(work, item).result

    def each(self, work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
        """What `work` makes of each item, in their order. No more of them are taken than can be worked on."""
        if self._pool is None:
            yield from map(work, items)
            return
        waiting: deque[Future[Made]] = deque()
        for item in items:
            waiting.append(self._pool.submit(work, item))
            if len(waiting) >= self._workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
