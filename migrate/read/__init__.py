"""Bytes in, batches of decoded fields out: `Reader(layout).batches(path)`."""

from migrate.read.reader import BATCH, Read, Reader

__all__ = ["BATCH", "Read", "Reader"]
