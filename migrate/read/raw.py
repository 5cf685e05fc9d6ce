"""Memory by its address, for compiled code: words, tests of many bytes at once, eight pairs of bytes at once.

An address is an int64: it costs a call one argument where an array costs seven, and the compiler a tenth of the time.
Whoever hands one on keeps the array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from migrate.compiled import INNER, njit
from migrate.machine import EACH, HUNDRED_MILLION, TOPS, ZEROS, U, below, leading_zeros, valued
from migrate.views import peek64

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BITS32, BITS64 = ir.IntType(32), ir.IntType(64)


def address(array: NDArray[Any]) -> int:
    """Where an array lies in memory; compiled code takes its values to lie there one behind the other."""
    assert array.flags.c_contiguous
    return int(array.__array_interface__["data"][0])


@intrinsic
def place(typingctx: Any, array: Any) -> Any:
    """The same, for compiled code."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0]).data
        return builder.ptrtoint(data, BITS64)

    return types.int64(array), code


def _pointer(builder: Any, at: Any, to: Any, index: Any = None) -> Any:
    """A pointer from an address, to the value of that index behind it."""
    pointer = builder.inttoptr(at, to.as_pointer())
    return pointer if index is None else builder.gep(pointer, [index])


@intrinsic
def word(typingctx: Any, at: Any, index: Any) -> Any:
    """The int64 of that index behind an address."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_pointer(builder, args[0], BITS64, args[1]), align=8)

    return types.int64(types.int64, types.int64), code


@intrinsic
def set_word(typingctx: Any, at: Any, index: Any, value: Any) -> Any:
    """Put the int64 of that index behind an address."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], _pointer(builder, args[0], BITS64, args[1]), align=8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), code


@intrinsic
def byte(typingctx: Any, at: Any) -> Any:
    """The byte at an address, as an int64."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.zext(builder.load(_pointer(builder, args[0], ir.IntType(8))), BITS64)

    return types.int64(types.int64), code


@intrinsic
def entry(typingctx: Any, table: Any, index: Any) -> Any:
    """The uint32 of that index in the table at an address, as an int64."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.zext(builder.load(_pointer(builder, args[0], BITS32, args[1])), BITS64)

    return types.int64(types.int64, types.int64), code


@intrinsic
def poke32(typingctx: Any, at: Any, value: Any) -> Any:
    """Put the lower half of an int64, its low byte first."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        low = builder.trunc(args[1], BITS32)
        builder.store(low, _pointer(builder, args[0], BITS32), align=1)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), code


@intrinsic
def either(typingctx: Any, first: Any, yes: Any, no: Any) -> Any:
    """yes if first else no, without a branch: both are there already."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(args[0], args[1], args[2])

    return yes(types.boolean, yes, yes), code


def _unlike(bits: int) -> Callable[..., Any]:
    """Which of the values of so many bits, of 32 bytes at an address, are neither of two: a bit each."""
    lanes = 256 // bits
    one = ir.IntType(bits)
    vector = ir.VectorType(one, lanes)

    def unlike(typingctx: Any, at: Any, this: Any, other: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            values = builder.load(_pointer(builder, args[0], vector), align=1)
            differ = [
                builder.icmp_unsigned("!=", values, _spread(builder, builder.trunc(a, one), vector))
                for a in args[1:]
            ]
            found = builder.bitcast(builder.and_(*differ), ir.IntType(lanes))
            return builder.zext(found, BITS64)

        return types.uint64(types.int64, types.int64, types.int64), code

    return intrinsic(unlike)


def _spread(builder: Any, value: Any, vector: Any) -> Any:
    """A vector of the same value."""
    alone = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(BITS32, 0))
    first = ir.Constant(ir.VectorType(BITS32, vector.count), [0] * vector.count)
    return builder.shuffle_vector(alone, ir.Constant(vector, ir.Undefined), first)


unlike_bytes, unlike_pairs = _unlike(8), _unlike(16)


@intrinsic
def eight_pairs(typingctx: Any, table: Any, at: Any, text: Any) -> Any:
    """Look up the eight pairs at an address, and put three bytes of each into the text (and eight more behind them); which of them are no
    characters of three bytes: a bit each."""
    entries = ir.VectorType(BITS32, 8)
    bytes_ = ir.VectorType(ir.IntType(8), 32)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found: Any = ir.Constant(entries, ir.Undefined)
        for half in range(2):
            begin = builder.add(args[1], ir.Constant(BITS64, 8 * half))
            four = builder.bswap(builder.load(_pointer(builder, begin, BITS64), align=1))
            for i in range(4):
                pair = builder.lshr(four, ir.Constant(BITS64, 48 - 16 * i))
                pair = builder.and_(pair, ir.Constant(BITS64, 0xFFFF))
                value = builder.load(_pointer(builder, args[0], BITS32, pair))
                found = builder.insert_element(found, value, ir.Constant(BITS32, 4 * half + i))
        kept = [4 * (i // 3) + i % 3 for i in range(24)] + [31] * 8
        packed = builder.shuffle_vector(
            builder.bitcast(found, bytes_),
            ir.Constant(bytes_, ir.Undefined),
            ir.Constant(ir.VectorType(BITS32, 32), kept),
        )
        builder.store(packed, _pointer(builder, args[2], bytes_), align=1)
        sizes = builder.lshr(found, ir.Constant(entries, [24] * 8))
        other = builder.icmp_unsigned("!=", sizes, ir.Constant(entries, [3] * 8))
        return builder.zext(builder.bitcast(other, ir.IntType(8)), BITS64)

    return types.int64(types.int64, types.int64, types.int64), code


@njit(**INNER)
def blank(at, size, fill):
    """Whether `size` bytes are all `fill`."""
    eight = EACH * U(fill)
    while size >= 8:
        if peek64(at) != eight:
            return False
        at += 8
        size -= 8
    return ((peek64(at) ^ eight) & below(size)) == 0


@njit(**INNER)
def trimmed(at, size, fill):
    """`size` without the bytes `fill` at the end."""
    while size > 0:
        first = max(0, size - 32)
        found = unlike_bytes(at + first, fill, fill) << U(32 - (size - first))
        if found & U(0xFFFFFFFF):
            return size - np.int64(leading_zeros(found & U(0xFFFFFFFF))) + 32
        size = first
    return size


@njit(**INNER)
def no_digits(eight):
    """Not 0 where one of eight bytes is not 0 to 9: a digit, its upper half taken off. What is above a byte that is none
    does not matter any more, so nothing minds a carry."""
    return (eight | (eight + U(0x7676767676767676))) & TOPS


@njit(**INNER)
def number(at, size, flip):
    """(number, whether it is one) of up to 18 digits; flip: what turns eight of them into ASCII's."""
    value, good = U(0), True
    odd = size & 7
    if odd:
        eight = (peek64(at) ^ flip ^ ZEROS) << U(64 - 8 * odd)
        good = no_digits(eight) == 0
        value = valued(eight)
    for p in range(at + odd, at + size, 8):
        eight = peek64(p) ^ flip ^ ZEROS
        good &= no_digits(eight) == 0
        value = value * HUNDRED_MILLION + valued(eight)
    return np.int64(value), good
