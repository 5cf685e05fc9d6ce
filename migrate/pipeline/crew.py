"""Work done side by side, its results in order: `Crew(2).carry(items, work, keep)`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial, reduce
from math import inf
from threading import Condition, Lock
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    Item = TypeVar("Item")
    Made = TypeVar("Made")


class Crew:
    """So many threads; one alone is the caller's own. Compiled code, Polars and hashing let others go on.

    >>> kept = []
    >>> with Crew(2) as crew:
    ...     crew.carry("abc", str.upper, kept.append)
    >>> kept
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

    def carry(self, items: Iterable[Any], *steps: Callable[[Any], Any]) -> None:
        """Each item through all steps: the first, third, ... side by side, the others in the order of the items.

        A worker has one item at a time, from the first step to the last: there are never more of them than
        workers. Raises what the first item raises that fails; those before it are carried to their end, those
        behind it come to no further step in order.
        """
        if self._pool is None:
            for item in items:
                reduce(lambda made, step: step(made), steps, item)
            return
        belt = _Belt(items, steps)
        workers = [self._pool.submit(belt.work) for _ in range(self._workers)]
        try:
            wait(workers)
        finally:
            belt.stop(0)
            wait(workers)
        if belt.error:
            raise belt.error


class _Belt:
    """Items on their way through the steps."""

    def __init__(self, items: Iterable[Any], steps: Sequence[Callable[[Any], Any]]) -> None:
        self._items, self._steps = iter(items), steps
        self._taking, self._taken = Lock(), 0
        self._turned, self._turns = Condition(), [0] * len(steps)
        self._end: float = inf  # items from this number on are stopped
        self.error: BaseException | None = None  # of the first that failed

    def work(self) -> None:
        """Carry one item after another, until there is none or one fails."""
        number = 0
        try:
            while True:
                with self._taking:
                    number, self._taken = self._taken, self._taken + 1
                    item = next(self._items, self) if number < self._end else self
                if item is self:
                    return self.stop(number)
                for place, step in enumerate(self._steps):
                    if place % 2 and not self._is_next(place, number):
                        return None
                    item = step(item)
                    if place % 2:
                        self._pass(place)
        except BaseException as error:  # noqa: BLE001 - raised by who waits for it
            self.stop(number, error)

    def stop(self, number: int, error: BaseException | None = None) -> None:
        """No item from that number on comes to a step in order."""
        with self._turned:
            if number < self._end:
                self._end, self.error = number, error or self.error
            self._turned.notify_all()

    def _is_next(self, place: int, number: int) -> bool:
        """Whether an item's turn has come, or never will."""
        with self._turned:
            self._turned.wait_for(lambda: self._turns[place] == number or number >= self._end)
            return number < self._end

    def _pass(self, place: int) -> None:
        with self._turned:
            self._turns[place] += 1
            self._turned.notify_all()
