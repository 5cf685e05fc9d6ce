"""Keys in order: runs of them made one, and keys found in them. Compiled code."""

from __future__ import annotations

from migrate.compiled import INNER, OUTER, njit
from migrate.machine import U


@njit(**INNER)
def _before(ranked, at, high, low):
    return ranked[at, 0] < high or (ranked[at, 0] == high and ranked[at, 1] < low)


@njit(**OUTER)
def merge(heads, places, out, filled):
    """Fill `out` from row `filled` on with the keys of all heads, in order, until it is full or a head is used up.

    heads uint64[heads, keys, 2]; places int64[heads, 2]: the next key of a head and its end; a head without keys
    is left out. Gives (rows of `out` that are filled, the head that is used up or -1).
    """
    while filled < len(out):
        least, high, low = -1, U(0), U(0)
        for h in range(len(heads)):
            at = places[h, 0]
            if at < places[h, 1] and (least < 0 or _before(heads[h], at, high, low)):
                least, high, low = h, heads[h, at, 0], heads[h, at, 1]
        if least < 0:
            return filled, -1
        out[filled, 0], out[filled, 1] = high, low
        filled += 1
        places[least, 0] += 1
        if places[least, 0] == places[least, 1]:
            return filled, least
    return filled, -1


@njit(**OUTER)
def find(ranked, begins, ends, wanted, found):
    """Set in `found` which of the wanted keys stand in `ranked` between their begin and end."""
    for row in range(len(wanted)):
        high, low = wanted[row, 0], wanted[row, 1]
        at, end = begins[row], ends[row]
        while at < end:
            middle = (at + end) >> 1
            if _before(ranked, middle, high, low):
                at = middle + 1
            else:
                end = middle
        if at < ends[row] and ranked[at, 0] == high and ranked[at, 1] == low:
            found[row] = True
