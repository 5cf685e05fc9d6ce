"""What the machine could do at best: `python benchmarks/bounds.py FILE` prints bounds as JSON, in GB/s."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 1 << 24
REPEATS = 3


def fastest(work: Callable[[], object], size: int) -> float:
    """GB/s in the best of a few rounds."""
    best = float("inf")
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return size / best / 1e9


def bounds(file: Path) -> dict[str, float]:
    """Copying memory, reading, writing and hashing; decoding with iconv where there is one."""
    data = file.read_bytes()
    size = len(data)
    target = bytearray(data)
    there = ctypes.addressof((ctypes.c_char * size).from_buffer(target))
    source = ctypes.c_char_p(data)
    here = ctypes.cast(source, ctypes.c_void_p).value or 0

    def read() -> None:
        with file.open("rb", buffering=0) as source:
            while source.read(BLOCK):
                pass

    def write(sync: bool) -> None:
        with tempfile.TemporaryFile(dir=file.parent) as out:
            for at in range(0, size, BLOCK):
                out.write(memoryview(data)[at : at + BLOCK])
            out.flush()
            if sync:
                os.fsync(out.fileno())

    def copy(begin: int, end: int) -> None:
        ctypes.memmove(there + begin, here + begin, end - begin)  # lets other threads go on

    def copy_by_two() -> None:
        halves = [(0, size // 2), (size // 2, size)]
        threads = [threading.Thread(target=copy, args=half) for half in halves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    found = {
        "memcpy, 1 thread": fastest(lambda: copy(0, size), size),
        "memcpy, 2 threads": fastest(copy_by_two, size),
        "read a file from the page cache": fastest(read, size),
        "write a file": fastest(lambda: write(False), size),
        "write a file with fsync": fastest(lambda: write(True), size),
        "sha256": fastest(lambda: hashlib.sha256(data), size),
    }
    if iconv := shutil.which("iconv"):
        command = [iconv, "-f", "CP932", "-t", "UTF-8", str(file)]
        found["iconv CP932 to UTF-8"] = fastest(
            lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True), size
        )
    return found


if __name__ == "__main__":
    print(json.dumps(bounds(Path(sys.argv[1]))))
