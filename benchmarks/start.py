"""From the command to the first record read: `python benchmarks/start.py BEGUN ARGUMENTS OF migrate ...`.

BEGUN is time.monotonic() of whoever starts this process. Prints the seconds until the reader hands over its first
batch, and ends there. Everything before is what the command itself does.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

from migrate.read import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

_batches = Reader.blocks


def first(self: Reader, *arguments: Any, **named: Any) -> Iterator[Any]:
    """The reader's batches, of which nobody sees one."""
    for _ in _batches(self, *arguments, **named):
        print(time.monotonic() - BEGUN, flush=True)
        os._exit(0)
    yield


if __name__ == "__main__":
    BEGUN = float(sys.argv[1])
    sys.argv = ["migrate", *sys.argv[2:]]
    Reader.blocks = first  # type: ignore[method-assign]
    from migrate.cli.main import main

    main()
