"""Bytes in, batches of decoded fields out: `Reader(layout).batches(path)`."""

from migrate.read.declared import Read
from migrate.read.reader import Reader

__all__ = ["Read", "Reader"]
