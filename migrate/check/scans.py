"""Which values of a column could break a rule, seen in one pass for all its rules: `Characters(True, 50).scan(series)`.

A scan gives each value a byte of traits, and says which there are at all. It may see one that a value has not, but
never overlooks one. A null has none. `look.py` is what of it is compiled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import polars as pl

from migrate.check.look import (
    FORMS,
    NOTHING,
    SLOT,
    WRONG,
    characters,
    digits,
    formed,
    listed,
    usual,
)
from migrate.machine import U
from migrate.views import INLINE, blanked, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from migrate.views import Seen

REACH = 256
"""Bytes of a column's buffers for each of its texts: where there are more, they are not all its own."""


class Traits(NamedTuple):
    """What a scan saw."""

    all: int  # of all values together
    each: NDArray[np.uint8]

    def of(self, wanted: int) -> NDArray[np.bool_] | None:
        """The values with one of some traits; None: there is no such value."""
        return (self.each & np.uint8(wanted)) != 0 if self.all & wanted else None


class Scan(Protocol):
    """Looks at a column."""

    def scan(self, values: pl.Series) -> Traits: ...


class Characters(NamedTuple):
    r"""Which characters texts have, and whether too many.

    >>> from migrate.check.look import LONG, NOT_N, PRIVATE, SELECTOR
    >>> found = Characters(wide=True, most=3).scan(pl.Series(["山田", "山A", None, "山" * 9, "\ue000"]))
    >>> found.of(NOT_N).tolist(), found.of(LONG).tolist(), found.of(PRIVATE).tolist(), found.of(SELECTOR)
    ([False, True, False, False, False], [False, False, False, True, False], [False, False, False, False, True], None)
    """

    wide: bool  # of full width, where NOT_N is asked for, or of half, where NOT_X and NOT_BLOB are
    most: int

    def scan(self, values: pl.Series) -> Traits:
        return _seen(values, characters, U(self.wide), U(self.most), sound=self._sound)

    def _sound(self, given: Seen) -> bool:
        """Whether nothing outside of the views is unusual."""
        return sum(map(len, given.owned)) <= REACH * given.rows and all(
            usual(np.frombuffer(b, np.uint8), self.wide) for b in given.owned
        )


class Form(NamedTuple):
    """Whether a text is a whole day, a time, a year, or a month of a year: WRONG if not.

    >>> Form("DATE").scan(pl.Series(["2024-02-29", "2023-02-29", "1945-00-00", None])).of(WRONG).tolist()
    [False, True, True, False]
    """

    type: str

    def scan(self, values: pl.Series) -> Traits:
        return _seen(values, formed, *FORMS[self.type])


class Digits:
    """Whether a text is a number with its check digit: WRONG if not.

    `sizes`: how many digits it may have. `place`: of the check digit, from the right, from 0. `product`: what a
    digit at a place adds to the sum. `expected`: the check digit that a sum asks for.

    >>> digits = Digits((2,), 0, lambda place, digit: place * digit, lambda total: total % 10)
    >>> digits.scan(pl.Series(["11", "12", "3", None])).of(WRONG).tolist()
    [False, True, True, False]
    """

    def __init__(
        self,
        sizes: Iterable[int],
        place: int,
        product: Callable[[int, int], int],
        expected: Callable[[int], int],
    ) -> None:
        products = [
            product(at, digit) if digit < 10 else 0 for at in range(16) for digit in range(16)
        ]
        self._table = np.array(
            [sum(1 << size for size in sizes), place, *products, *map(expected, range(1024))],
            np.uint64,
        )

    def scan(self, values: pl.Series) -> Traits:
        return _seen(values, digits, U(self._table.ctypes.data))


class Listed:
    """Whether a text is one of a list: WRONG if not.

    >>> Listed(["1", "10"]).scan(pl.Series(["1", "01", "10", None])).of(WRONG).tolist()
    [False, True, False, False]
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)
        bits = (2 * len(texts) + 1).bit_length()
        self._slots = np.zeros((1 << bits, 2), np.uint64)
        self._shift = U(64 - bits)
        self._short = all(0 < len(t.encode()) <= INLINE for t in texts)
        if self._short:
            for head, tail in seen(pl.Series(self._texts, dtype=pl.String)).views.tolist():
                slot = ((head ^ tail * SLOT) * SLOT & NOTHING) >> (64 - bits)
                while self._slots[slot, 0]:
                    slot = (slot + 1) % len(self._slots)
                self._slots[slot] = head, tail

    def scan(self, values: pl.Series) -> Traits:
        if self._short and values.dtype == pl.String:
            return _seen(values, listed, U(self._slots.ctypes.data), self._shift)
        wrong = ~values.is_in(self._texts).fill_null(value=True)
        return _traits(wrong)


class Range(NamedTuple):
    """Whether a number lies between two, both included: WRONG if not.

    >>> Range(0, 99).scan(pl.Series([0, 99, None])).all, Range(0, None).scan(pl.Series([1, -1])).of(WRONG).tolist()
    (0, [False, True])
    """

    least: int
    most: int | None

    def scan(self, values: pl.Series) -> Traits:
        if self._holds(values.min(), values.max()):
            return Traits(0, np.zeros(len(values), np.uint8))
        wrong = values < self.least
        if self.most is not None:
            wrong |= values > self.most
        return _traits(wrong.fill_null(value=False))

    def _holds(self, least: Any, most: Any) -> bool:
        """Whether it holds all between two; None: there is no value."""
        above = self.most is None or most is None or most <= self.most
        return above and (least is None or least >= self.least)


def _traits(wrong: pl.Series) -> Traits:
    each = wrong.to_numpy().astype(np.uint8) * np.uint8(WRONG)
    return Traits(WRONG if wrong.any() else 0, each)


def _seen(
    texts: pl.Series,
    look: Callable[..., int],
    *more: np.uint64,
    sound: Callable[[Seen], bool] | None = None,
) -> Traits:
    """What a compiled look sees. It takes places in memory; a null is to it a text without bytes."""
    if texts.dtype != pl.String:
        raise pl.exceptions.InvalidOperationError(str(texts.dtype))
    given, each = seen(texts), np.empty(len(texts), np.uint8)
    there = given.there
    views = blanked(given.views, there)
    told = (sound(given),) if sound else ()
    found = look(U(views.ctypes.data), given.places[1], each, *more, *told)
    if there is not None and found:
        each *= there
        found = np.bitwise_or.reduce(each)
    return Traits(int(found), each)
