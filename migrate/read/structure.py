"""What `cells.cut` looks at: the bytes of a CSV file, or a view of them in which a quote, a delimiter or a newline is
never half of a character.

The view has one byte a unit of the encoding: two bytes of UTF-16, one of all others. FF stands for whatever is no
character of ASCII. Places in the view are places in the file, divided by the width of a unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from migrate.compiled import OPTIONS, njit
from migrate.read.cell import HALF
from migrate.read.codes import UTF_16BE, UTF_16LE
from migrate.read.shifted import shift_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.read.codes import Codes

    Bytes = NDArray[np.uint8]

LONGEST = 4
"""Bytes of a shift sequence, at most."""

NO_STATES = np.zeros(0, np.uint8)
MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16le": b"\xff\xfe", "utf-16be": b"\xfe\xff"}
"""The mark of byte order that may stand at the beginning of a file."""


@njit(**OPTIONS)
def _masked(data, at, stop, final, codes, state, view, states):
    """Fill the view from data[at:stop]; gives (how far it is known, the shift state there).

    Bytes of pairs and of sets other than ASCII are FF. A newline within pairs ends them: the way back was lost.
    """
    while at < stop:
        byte, before = data[at], state
        single = np.intp(codes.shifts[state - 1, 5]) - 1 if state else 0
        size = 1
        if codes.begins[byte]:
            if at + LONGEST > stop and not final:
                break
            k = shift_at(data, at, stop, codes)
            if k >= 0:
                size = np.intp(codes.shifts[k, 0])
                state = k + 1 if codes.shifts[k, 5] != 1 or codes.shifts[k, 6] else 0
            single = -1
        elif single < 0 and (byte == 0x0A or byte == 0x0D):
            state = single = 0
        elif single < 0:
            if at + 1 >= stop and not final:
                break
            if at + 1 < stop:
                other = data[at + 1]
                size = 1 if codes.begins[other] or other == 0x0A or other == 0x0D else 2
        same = False
        if single >= 0:
            entry = codes.ones[single, byte]
            same = byte < 0x20 or entry == (np.uint32(0x01000000) | np.uint32(byte))
        for p in range(at, at + size):
            view[p] = byte if same else np.uint8(0xFF)
            states[p] = before if same else before | HALF
        at += size
    return at, state


@dataclass
class Sight:
    """The view of the bytes in memory, of an encoding whose bytes are what they seem."""

    codes: Codes
    width: int = 1
    states: Bytes = field(default_factory=lambda: NO_STATES)
    """Of each byte the shift state before it, and HALF; empty where there are none."""

    def seen(self, data: Bytes, final: bool) -> Bytes:
        """The view of `data`, as far as it is known; what was seen before is not looked at again."""
        return data

    def drop(self, units: int) -> None:
        """Forget the first units: the bytes were read."""


@dataclass
class Units(Sight):
    """UTF-16."""

    width: int = 2
    view: Bytes = field(default_factory=lambda: NO_STATES)

    def seen(self, data: Bytes, final: bool) -> Bytes:
        done = len(self.view)
        high, low = (0, 1) if self.codes.scheme == UTF_16BE else (1, 0)
        fresh = data[2 * done : len(data) & ~1].reshape(-1, 2)
        if len(fresh):
            more = np.where((fresh[:, high] == 0) & (fresh[:, low] < 0x80), fresh[:, low], 0xFF)
            self.view = np.concatenate([self.view, more.astype(np.uint8)])
        if final and len(data) & 1 and 2 * len(self.view) < len(data):
            self.view = np.append(self.view, np.uint8(0xFF))
        return self.view

    def drop(self, units: int) -> None:
        self.view = self.view[units:]


@dataclass
class Shifted(Sight):
    """Tables with shift codes, as ISO-2022-JP."""

    view: Bytes = field(default_factory=lambda: NO_STATES)
    state: int = 0

    def seen(self, data: Bytes, final: bool) -> Bytes:
        done = len(self.view)
        if done < len(data) and (final or len(data) - done > LONGEST):
            view, states = np.empty(len(data), np.uint8), np.empty(len(data), np.uint8)
            view[:done], states[:done] = self.view, self.states[:done]
            known, state = _masked(
                data, done, len(data), final, self.codes, self.state, view, states
            )
            self.view, self.states, self.state = view[:known], states[:known], int(state)
        return self.view

    def drop(self, units: int) -> None:
        self.view, self.states = self.view[units:], self.states[units:]


def sight(codes: Codes) -> Sight:
    """The view that an encoding needs."""
    if codes.scheme in (UTF_16LE, UTF_16BE):
        return Units(codes)
    return Shifted(codes) if len(codes.shifts) else Sight(codes)
