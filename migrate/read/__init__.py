"""Bytes in, batches of decoded fields out: `Reader(layout).batches(path)`."""

from migrate.read.fixed import BATCH, Read, Reader

__all__ = ["BATCH", "Read", "Reader"]
