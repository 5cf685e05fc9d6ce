"""Eight bytes at a time, for compiled code: unaligned loads and stores, masks, tests of whole words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from migrate.compiled import INNER, njit

if TYPE_CHECKING:
    from collections.abc import Callable

U = np.uint64
BLANK8 = U(0x2020202020202020)
HIGH_NIBBLES, ZEROS, SIXES = U(0xF0F0F0F0F0F0F0F0), U(0x3030303030303030), U(0x0606060606060606)
EACH = U(0x0101010101010101)
TOPS = U(0x8080808080808080)
LOW4 = U(0xFFFFFFFF)
LOW_NIBBLES, PAIRED, FOURS = U(0x0F0F0F0F0F0F0F0F), U(0x00FF00FF00FF00FF), U(0x0000FFFF0000FFFF)
HUNDRED_MILLION = U(100_000_000)


def _memory(bits: int, store: bool) -> Callable[..., Any]:
    """An unaligned little-endian load or store of so many bits at a byte of an array."""
    native: Any = {16: types.uint16, 32: types.uint32, 64: types.uint64}[bits]

    def address(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0]).data
        return builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(bits).as_pointer())

    def load_(typingctx: Any, array: Any, at: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.load(address(context, builder, signature, args), align=1)

        return native(array, types.intp), code

    def store_(typingctx: Any, array: Any, at: Any, value: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            builder.store(args[2], address(context, builder, signature, args), align=1)
            return context.get_dummy_value()

        return types.void(array, types.intp, native), code

    return intrinsic(store_ if store else load_)


load16, load64, store64, store32 = (
    _memory(16, store=False),
    _memory(64, store=False),
    _memory(64, store=True),
    _memory(32, store=True),
)


@intrinsic
def item(typingctx: Any, array: Any, at: Any) -> Any:
    """array[at], where `at` is never negative: looking whether it is costs more than a byte does."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0]).data
        return context.unpack_value(builder, signature.args[0].dtype, builder.gep(data, [args[1]]))

    return array.dtype(array, types.intp), code


@intrinsic
def put(typingctx: Any, array: Any, at: Any, value: Any) -> Any:
    """array[at] = value, where `at` is never negative."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0]).data
        context.pack_value(builder, signature.args[0].dtype, args[2], builder.gep(data, [args[1]]))
        return context.get_dummy_value()

    return types.void(array, types.intp, array.dtype), code


@intrinsic
def pair(typingctx: Any, data: Any, at: Any) -> Any:
    """The two bytes at data[at], the first one high."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0]).data
        place = builder.bitcast(builder.gep(array, [args[1]]), ir.IntType(16).as_pointer())
        both = builder.bswap(builder.load(place, align=1))
        return context.cast(builder, both, types.uint16, types.intp)

    return types.intp(data, types.intp), code


@intrinsic
def swapped(typingctx: Any, eight: Any) -> Any:
    """Eight bytes the other way round."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bswap(args[0])

    return types.uint64(types.uint64), code


@intrinsic
def leading_zeros(typingctx: Any, eight: Any) -> Any:
    """The bits above the highest one that is set; 64 of 0."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), code


@intrinsic
def lent(typingctx: Any, array: Any) -> Any:
    """The same array, but nobody counts who holds it: counting costs more than a short text does. It must not
    outlive the call that lends it."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        view = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0])
        view.meminfo = cgutils.get_null_value(view.meminfo.type)
        view.parent = cgutils.get_null_value(view.parent.type)
        return view._getvalue()

    return array(array), code


@njit(inline="always", **INNER)
def below(size):
    """A mask for the lowest `size` bytes of eight."""
    return U(0xFFFFFFFFFFFFFFFF) if size >= 8 else (U(1) << U(8 * size)) - U(1)


@njit(inline="always", **INNER)
def digits8(eight):
    """Whether eight bytes are all ASCII digits."""
    return ((eight & HIGH_NIBBLES) == ZEROS) & (((eight + SIXES) & HIGH_NIBBLES) == ZEROS)


@njit(inline="always", **INNER)
def printable(eight):
    """Whether eight bytes are all 20 to 7E."""
    return ((eight | (eight - BLANK8) | (eight + EACH)) & TOPS) == 0


@njit(**INNER)
def blank(data, at, size, fill):
    """Whether `size` bytes are all `fill`."""
    eight = EACH * U(fill)
    while size >= 8:
        if load64(data, at) != eight:
            return False
        at += 8
        size -= 8
    return ((load64(data, at) ^ eight) & below(size)) == 0 if size else True


@njit(**INNER)
def trimmed(data, at, size, fill):
    """`size` without the bytes `fill` at the end."""
    eight = EACH * U(fill)
    while size >= 8:
        other = load64(data, at + size - 8) ^ eight
        if other:
            return size - np.intp(leading_zeros(other) >> U(3))
        size -= 8
    if size == 0:
        return size
    return 8 - np.intp(leading_zeros((load64(data, at) ^ eight) & below(size)) >> U(3))


@njit(**INNER)
def digits(data, at, size, flip):
    """(number, whether it is one) of up to 18 digits; flip: what turns eight of them into ASCII's."""
    value, good = U(0), True
    odd = size & 7
    if odd:
        spare = 64 - 8 * odd
        eight = ((load64(data, at) ^ flip) << U(spare)) | (ZEROS & below(8 - odd))
        good = digits8(eight)
        value = valued(eight)
    for p in range(at + odd, at + size, 8):
        eight = load64(data, p) ^ flip
        good &= digits8(eight)
        value = value * HUNDRED_MILLION + valued(eight)
    return np.int64(value), good


@njit(inline="always", **INNER)
def valued(eight):
    """The number that eight digits of ASCII are, the first one lowest in memory: pairs, fours, all."""
    eight &= LOW_NIBBLES
    eight = (eight * U(10) + (eight >> U(8))) & PAIRED
    eight = (eight * U(100) + (eight >> U(16))) & FOURS
    return (eight * U(10000) + (eight >> U(32))) & LOW4
