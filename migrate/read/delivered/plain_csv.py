"""The usual record of a delivered CSV file, sixty-four bytes at a time: `plain(data, at, size, items)`.

Every item in quotes, no quote, control character or newline within, the right number of items, CR and LF behind the
last. Of any other record it says nothing: `scan.py` looks at that one byte by byte.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from migrate.compiled import OPTIONS, njit
from migrate.machine import U

QUOTE, COMMA, CR, LF = 34, 44, 13, 10
BLOCK = 64
ASCII = 2
"""Said of an item: it is printable ASCII, and has no quotes to be made single."""
NONE = U(0)


@intrinsic
def signs(typingctx: Any, data: Any, at: Any) -> Any:
    """Of the 64 bytes at a place: which are quotes, which are controls, which are not ASCII; each a bit."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        vector = ir.VectorType(ir.IntType(8), BLOCK)
        array = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0])
        place = builder.bitcast(builder.gep(array.data, [args[1]]), vector.as_pointer())
        bytes_ = builder.load(place, align=1)

        def all_of(byte: int) -> Any:
            return ir.Constant(vector, [byte] * BLOCK)

        quotes = builder.icmp_unsigned("==", bytes_, all_of(QUOTE))
        low = builder.icmp_unsigned("<", bytes_, all_of(0x20))
        controls = builder.or_(low, builder.icmp_unsigned("==", bytes_, all_of(0x7F)))
        high = builder.icmp_unsigned(">", bytes_, all_of(0x7F))
        found = [builder.bitcast(bits, ir.IntType(64)) for bits in (quotes, controls, high)]
        return context.make_tuple(builder, signature.return_type, found)

    return types.UniTuple(types.uint64, 3)(data, types.intp), code


@intrinsic
def lowest(typingctx: Any, bits: Any) -> Any:
    """The place of the lowest bit that is set; there is one."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), code


@njit(inline="always", **OPTIONS)
def _under(place):
    """A mask of the bits below a place, 0 to 63."""
    return (U(1) << U(place)) - U(1)


@njit(**OPTIONS)
def plain(data, at, size, items):
    """Where the record at `at` ends, or -1: it is not plain, or not whole. items int64[columns, 3]: begin, end, and
    ASCII or 0. Data holds BLOCK bytes more than size."""
    base, p = at, at
    quotes, controls, high = signs(data, base)
    for column in range(len(items)):
        if data[p] != QUOTE:
            return -1
        while quotes == NONE:  # the opening quote stands in the next block
            base += BLOCK
            if controls != NONE or base >= size:
                return -1
            quotes, controls, high = signs(data, base)
        quotes &= quotes - U(1)
        begin, wide = p + 1, NONE
        part = high & ~_under(begin - base) if begin < base + BLOCK else NONE
        while quotes == NONE:
            base += BLOCK
            if controls != NONE or base >= size:
                return -1
            wide |= part
            quotes, controls, high = signs(data, base)
            part = high
        place = lowest(quotes)
        quotes &= quotes - U(1)
        p = base + place
        items[column, 0], items[column, 1] = begin, p
        items[column, 2] = ASCII if (wide | part & _under(place)) == NONE else 0
        p += 2
        if data[p - 1] != COMMA:
            break
    if column + 1 < len(items) or data[p - 1] != CR or data[p] != LF or p >= size:
        return -1
    return p + 1 if (controls & _under(place)) == NONE else -1
