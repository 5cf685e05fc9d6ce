"""A progress bar on stderr; silent where nobody watches."""

from __future__ import annotations

from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def bar(source: Path) -> Iterator[Callable[[int], object]]:
    """Give a function that is told the bytes done."""
    from tqdm import tqdm

    tqdm.set_lock(RLock())  # of this process alone: the usual one takes long to make
    files = source.iterdir() if source.is_dir() else [source]
    size = sum(path.stat().st_size for path in files if path.is_file())
    with tqdm(
        total=size, unit="B", unit_scale=True, desc=source.name, disable=None, leave=False
    ) as shown:
        yield shown.update
