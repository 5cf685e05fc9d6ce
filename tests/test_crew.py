"""Items are carried side by side, and in their order where order matters."""

from __future__ import annotations

import threading
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from migrate.pipeline.crew import Crew

if TYPE_CHECKING:
    from collections.abc import Iterator

CREWS = [1, 2, 3, 7]


@pytest.mark.parametrize("workers", CREWS)
def test_steps_in_order_see_every_item_once_and_in_order(workers: int) -> None:
    chance, judged, kept = Random(7), list[int](), list[int]()
    pauses = [chance.random() / 500 for _ in range(200)]

    def work(item: int) -> int:
        time.sleep(pauses[item])
        return item

    def judge(item: int) -> int:
        judged.append(item)
        return item * 10

    def more(item: int) -> int:
        time.sleep(pauses[-item // 10])
        return item + 1

    with Crew(workers) as crew:
        crew.carry(range(100), work, judge, more, kept.append)
    assert judged == list(range(100))
    assert kept == [10 * n + 1 for n in range(100)]


@pytest.mark.parametrize("workers", CREWS)
def test_no_more_items_are_there_than_workers(workers: int) -> None:
    lock, there, most = threading.Lock(), 0, 0

    def items() -> Iterator[int]:
        nonlocal there, most
        for n in range(60):
            with lock:
                there += 1
                most = max(most, there)
            yield n

    def keep(_: int) -> None:
        nonlocal there
        with lock:
            there -= 1

    with Crew(workers) as crew:
        crew.carry(items(), lambda n: time.sleep(0.001) or n, keep)
    assert (there, most) == (0, workers)


@pytest.mark.parametrize("workers", CREWS)
@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_the_first_failure_is_raised_and_all_before_it_are_kept(workers: int, step: int) -> None:
    kept = list[int]()

    def failing(place: int, item: int) -> int:
        time.sleep((item * 7 % 5) / 1000)
        if place == step and item in (20, 21, 23):
            raise ValueError(item)
        if place == 3:
            kept.append(item)
        return item

    steps = [lambda item, place=place: failing(place, item) for place in range(4)]
    with Crew(workers) as crew, pytest.raises(ValueError, match=r"^20$"):
        crew.carry(range(40), *steps)
    assert kept == list(range(20))


@pytest.mark.parametrize("workers", CREWS)
def test_a_source_that_fails_is_told_after_what_came_before(workers: int) -> None:
    kept = list[int]()

    def items() -> Iterator[int]:
        yield from range(9)
        raise OSError("gone")

    with Crew(workers) as crew, pytest.raises(OSError, match="gone"):
        crew.carry(items(), lambda n: time.sleep((9 - n) / 1000) or n, kept.append)
    assert kept == list(range(9))


def test_who_waits_may_be_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = list[int]()

    def items() -> Iterator[int]:
        for n in range(10_000):
            taken.append(n)
            yield n

    real, asked = Crew.carry.__globals__["wait"], list[int]()

    def interrupted(workers: object) -> object:
        asked.append(1)
        if len(asked) == 1:
            time.sleep(0.02)
            raise KeyboardInterrupt
        return real(workers)

    monkeypatch.setitem(Crew.carry.__globals__, "wait", interrupted)
    with Crew(3) as crew, pytest.raises(KeyboardInterrupt):
        crew.carry(items(), lambda n: time.sleep(0.001) or n, lambda n: n)
    assert len(taken) < 1_000
    assert not [t for t in threading.enumerate() if t.name.startswith("ThreadPool")]
