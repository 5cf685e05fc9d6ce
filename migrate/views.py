"""Text columns as compiled code sees them: `seen(series)`; and columns made of what it leaves: `column(...)`.

A text is an Arrow string view, two words of eight bytes: its size in bytes and its first four bytes; then the
other eight of up to twelve, or the number of a data buffer and the byte where it begins there. Nothing is copied
on the way in or out. (Apache Arrow, Columnar Format, Variable-size Binary View Layout.)
"""

from __future__ import annotations

import array
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from migrate.compiled import INNER, njit
from migrate.machine import LOW4, U

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

INLINE = 12
"""Bytes that lie in the view itself."""


Places: TypeAlias = "tuple[np.uint64, np.uint64, np.uint64, np.uint64]"
"""For a compiled function that takes (views, buffers, valid, first): where they lie in memory, 0 if all values are
there. They say nothing of the arrays' types, so it is compiled but once."""

_NEWEST = pl.CompatLevel.newest()


class Seen(NamedTuple):
    """A text column: where compiled code finds it, and what keeps it alive."""

    places: Places
    owned: list[pa.Buffer]  # the data buffers
    rows: int
    held: tuple[Any, Any, Any]  # validity, views, where `owned` lie

    @property
    def views(self) -> NDArray[np.uint64]:
        """The views[rows, 2] themselves.

        >>> [int(size) & 0xFFFFFFFF for size in seen(pl.Series(["a", None, "二つ"])).views[[0, 2], 0]]
        [1, 6]
        """
        _, views, _ = self.held
        if views is None:
            return np.zeros((0, 2), np.uint64)
        first = int(self.places[3])
        return np.frombuffer(views, np.uint64).reshape(-1, 2)[first : first + self.rows]

    @property
    def there(self) -> NDArray[np.bool_] | None:
        """Which values are there; None if all are.

        >>> seen(pl.Series(["a", None])).there.tolist(), seen(pl.Series(["a"])).there
        ([True, False], None)
        """
        if not self.places[2]:
            return None
        valid, first = np.frombuffer(self.held[0], np.uint8), int(self.places[3])
        bits = np.unpackbits(valid, count=first + self.rows, bitorder="little")
        return bits[first:].view(bool)


def seen(series: pl.Series) -> Seen:
    """A text column as views. It must outlive what is made of it, unless its buffers are handed on."""
    one = series if series.n_chunks() == 1 else series.rechunk()
    shown = one.to_arrow(compat_level=_NEWEST)
    valid, views, *owned = shown.buffers()
    first, bits = shown.offset, valid.address if shown.null_count else 0
    begin = views.address + 16 * first if views else 0
    buffers = array.array("Q", [b.address for b in owned] or [0])
    places = U(begin), U(buffers.buffer_info()[0]), U(bits), U(first)
    return Seen(places, owned, len(shown), (valid, views, buffers))


def column(
    name: str,
    views: NDArray[np.uint64],
    there: NDArray[np.bool_] | None,
    buffers: Sequence[Any],
) -> pl.Series:
    """A text column of views[rows, 2] into some buffers; `there`: which values are, or None for all.

    >>> given = seen(pl.Series(["a", "b"]))
    >>> column("x", given.views[::-1].copy(), None, given.owned).to_list()
    ['b', 'a']
    """
    bits = None
    if there is not None and not there.all():
        bits = pa.py_buffer(np.packbits(there, bitorder="little"))
    owned = [b if isinstance(b, pa.Buffer) else pa.py_buffer(b) for b in buffers]
    parts = [bits, pa.py_buffer(views), *owned]
    array = pa.Array.from_buffers(pa.string_view(), len(views), parts)
    return of_arrow(name, array)


class _Lent:
    """An Arrow array as any library would show it. To see that it is pyarrow's own, Polars loads pyarrow.compute:
    as long as reading ten thousand records."""

    def __init__(self, array: pa.Array) -> None:
        self._array = array

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        shown: tuple[object, object] = self._array.__arrow_c_array__(requested_schema)
        return shown


def of_arrow(name: str, array: pa.Array) -> pl.Series:
    """A column of an Arrow array's memory.

    >>> of_arrow("x", pa.array(["山", None], pa.string_view())).to_list()
    ['山', None]
    """
    return pl.Series(_Lent(array)).alias(name)


def blanked(views: NDArray[np.uint64], there: NDArray[np.bool_] | None) -> NDArray[np.uint64]:
    """The views with zeros, a text without bytes, where there is no value; `there` is None where all are.

    >>> blanked(np.array([[1, 97], [1, 98]], np.uint64), np.array([True, False])).tolist()
    [[1, 97], [0, 0]]
    """
    if there is None:
        return views
    kept, mask = np.empty_like(views), np.negative(there.astype(np.int64)).view(np.uint64)
    np.bitwise_and(views[:, 0], mask, out=kept[:, 0])
    np.bitwise_and(views[:, 1], mask, out=kept[:, 1])
    return kept


def _peek(bits: int) -> Callable[..., Any]:
    """So many bits of memory, low byte first."""
    native: Any = {8: types.uint8, 32: types.uint32, 64: types.uint64}[bits]

    def peek(typingctx: Any, address: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.load(builder.inttoptr(args[0], ir.IntType(bits).as_pointer()), align=1)

        return native(types.uint64), code

    return intrinsic(peek)


peek8, peek32, peek64 = _peek(8), _peek(32), _peek(64)


def _poke(bits: int) -> Callable[..., Any]:
    """Put so many bits into memory, low byte first."""
    native: Any = {8: types.uint8, 32: types.uint32, 64: types.uint64}[bits]

    def poke(typingctx: Any, address: Any, value: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            builder.store(
                args[1], builder.inttoptr(args[0], ir.IntType(bits).as_pointer()), align=1
            )
            return context.get_dummy_value()

        return types.void(types.uint64, native), code

    return intrinsic(poke)


poke8, poke32, poke64 = _poke(8), _poke(32), _poke(64)


@intrinsic
def address(typingctx: Any, array: Any) -> Any:
    """Where an array lies in memory, one without gaps."""
    if getattr(array, "layout", "") != "C":
        return None

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0]).data
        return builder.ptrtoint(data, ir.IntType(64))

    return types.uint64(array), code


@njit(**INNER)
def missing(valid, first, row):
    """Whether a value is not there, by the address of its column's bits."""
    place = first + U(row)
    return valid != 0 and (peek8(valid + (place >> U(3))) >> (place & U(7))) & 1 == 0


@njit(**INNER)
def begin_of(view, buffers):
    """Where a text lies, by the addresses of its view and of its column's buffers."""
    tail = peek64(view + U(8))
    if peek64(view) & LOW4 <= U(INLINE):
        return view + U(4)
    return peek64(buffers + U(8) * (tail & LOW4)) + (tail >> U(32))


@njit(**INNER)
def eight_at(begin, at, stop):
    """Eight bytes from anywhere in a text between two places in memory; zeros behind its end.

    Reads nothing outside of the text, or of the view that it lies in.
    """
    size, left = stop - begin, stop - at
    if left >= U(8):
        return peek64(at)
    if size >= U(8):
        return peek64(stop - U(8)) >> (U(8) * (U(8) - left))
    return (peek64(begin) & ((U(1) << U(8) * size) - U(1))) >> (U(8) * (at - begin))


@njit(**INNER)
def short(begin, stop, at, size):
    """The two words of a view of `size` bytes at a place in a text; the second only if they fit into the view."""
    low = eight_at(begin, at, stop)
    if size > U(INLINE):
        return size | low << U(32), U(0)
    if size <= U(8):
        low &= (U(1) << U(8) * (size & U(7))) - U(1) if size < U(8) else low
        return size | low << U(32), low >> U(32)
    high = eight_at(begin, at + U(8), stop) & ((U(1) << U(8) * (size - U(8))) - U(1))
    return size | low << U(32), low >> U(32) | high << U(32)
