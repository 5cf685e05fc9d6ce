"""Bytes in, batches of decoded fields out: `Reader(layout).batches(path)`."""

from migrate.read.reader import Read, Reader

__all__ = ["Read", "Reader"]
