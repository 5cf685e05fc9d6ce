"""Compiled: records that follow one another by the length that stands before each."""

from __future__ import annotations

import numpy as np

from migrate.compiled import OPTIONS, njit

PREFIX = 4
"""Bytes of a length: two of them, and two that are 0."""

LITTLE, INCLUSIVE = 1, 2
WAYS = {"rdw": INCLUSIVE, "rdw_exclusive": 0, "rdw_little": LITTLE, "bdw": INCLUSIVE}

FULL, SHORT, BROKEN = 0, 1, 2
"""Why a chain ends: no room for more, the next record is not all there, or its length is none."""

ENOUGH = 3
"""So many lengths in a row are no accident."""


@njit(**OPTIONS)
def length(data, at, way, most):
    """Bytes of the record at `at` with its prefix, or 0 where that is broken: empty, too long, or marked as a
    piece of a record (spanned)."""
    if way & LITTLE:
        size = np.int64(data[at + 2]) | (np.int64(data[at + 3]) << 8)
        rest = data[at] | data[at + 1]
    else:
        size = (np.int64(data[at]) << 8) | np.int64(data[at + 1])
        rest = data[at + 2] | data[at + 3]
    if not way & INCLUSIVE:
        size += PREFIX
    return size if rest == 0 and PREFIX < size <= most + PREFIX else np.int64(0)


@njit(**OPTIONS)
def chain(data, at, stop, way, most, bounds, done):
    """Follow records from `at`; gives (records in `bounds`, where the next begins, why no further)."""
    while done < len(bounds):
        if at + PREFIX > stop:
            return done, at, SHORT
        size = length(data, at, way, most)
        if size == 0:
            return done, at, BROKEN
        if at + size > stop:
            return done, at, SHORT
        bounds[done] = at
        done += 1
        at += size
    return done, at, FULL


@njit(**OPTIONS)
def sound(data, at, stop, way, most):
    """Whether ENOUGH records follow one another from `at`, or fewer that end exactly at `stop` (or at a mark of
    the end before it)."""
    for number in range(ENOUGH):
        if at == stop or (at == stop - 1 and data[at] == 0x1A):
            return number > 0
        if at + PREFIX > stop:
            return False
        size = length(data, at, way, most)
        if size == 0 or at + size > stop:
            return False
        at += size
    return True


@njit(**OPTIONS)
def resumed(data, at, stop, limit, way, most):
    """Where, behind damage at `at`, records follow one another again; `limit` if not before that."""
    for place in range(at + 1, limit):
        if sound(data, place, stop, way, most):
            return np.int64(place)
    return np.int64(limit)


@njit(**OPTIONS)
def block_length(data, at, most):
    """What the length of a block at `at` says, or 0 where it is none. Above 32 KiB it has 31 bits."""
    if data[at] & 0x80:
        size = (np.int64(data[at] & 0x7F) << 24) | (np.int64(data[at + 1]) << 16)
        size |= (np.int64(data[at + 2]) << 8) | np.int64(data[at + 3])
    elif data[at + 2] | data[at + 3]:
        size = np.int64(0)
    else:
        size = (np.int64(data[at]) << 8) | np.int64(data[at + 1])
    return size if 2 * PREFIX < size <= most else np.int64(0)


@njit(**OPTIONS)
def next_block(data, at, stop, longest, way, most):
    """Where, behind damage at `at`, a block begins whose records fill it exactly; not beyond `longest` bytes."""
    limit = min(at + longest, stop)
    for place in range(at + 1, min(limit, stop - PREFIX)):
        size = block_length(data, place, longest)
        end, here = place + size, place + PREFIX
        if size == 0 or end > stop:
            continue
        while here + PREFIX <= end:
            step = length(data, here, way, most)
            if step == 0:
                break
            here += step
        if here == end:
            return np.int64(place)
    return np.int64(limit)
