"""Numbers that become text, as no 64 bits hold them: `decimal_text(cell, field, convention, encoding)`.

Floating point, edited pictures, and more than 18 digits. Plain Python, exact; a batch pays for each distinct value
once.
"""

from __future__ import annotations

import re
import struct
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
import pyarrow as pa

from migrate.read import figures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.model import Field
    from migrate.read.encodings import Encoding

_EDITED = re.compile(
    r" *(?P<sign>[-+]?)(?P<money>[\\¥￥$]?) *(?P<later>[-+]?) *(?P<stars>\**)"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<part>[0-9]+))?(?P<behind>[-+]|CR|DB)? *"
)


class NotANumberError(ValueError):
    """Bytes that stand for no number."""


def decimal_text(cell: bytes, field: Field, convention: str, encoding: Encoding) -> str | None:
    """The decimal number that some bytes stand for, or None for blanks. Raises NotANumberError.

    >>> from migrate.model import Field
    >>> from migrate.read.encodings import cp932
    >>> edited = Field(name="a", label="", type="edited", bytes=10)
    >>> for text in (b" -1,234.50", b"+000000012", b"      12CR", b"          "):
    ...     print(decimal_text(text, edited, "translated", cp932("jis")))
    -1234.50
    12
    -12
    None
    >>> float4 = Field(name="a", label="", type="float", bytes=4, form="ibm")
    >>> decimal_text(bytes.fromhex("c276a000"), float4, "ebcdic", cp932("jis"))
    '-118.625'
    >>> decimal_text(b"     1,2 3", edited, "translated", cp932("jis"))
    Traceback (most recent call last):
    migrate.read.decimals.NotANumberError
    """
    if field.type == "float":
        return _floating(cell, field.forms)
    if field.type in ("zoned", "edited") and cell == bytes([encoding.blank]) * len(cell):
        return None
    if field.type == "edited":
        return _edited(encoding.decode(cell), field.scale)
    if field.type == "binary":
        order: Literal["little", "big"] = "little" if "little" in field.forms else "big"
        number = int.from_bytes(cell, order, signed="unsigned" not in field.forms)
        return _shown(abs(number), number < 0, field.scale)
    form = figures.form_of(field, convention)
    digits, negative = _packed(cell, form) if field.type == "packed" else _zoned(cell, form)
    return _shown(int(digits), negative, field.scale)


def texts(
    cells: NDArray[np.uint8], field: Field, convention: str, encoding: Encoding
) -> tuple[pl.Series, NDArray[np.intp]]:
    """The values of many cells [rows, bytes], null where blank or no number; and the rows of the latter."""
    raw = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(cells.shape[1]), len(cells), [None, pa.py_buffer(np.ascontiguousarray(cells))]
    )
    found = raw.dictionary_encode()
    values: list[str | None] = []
    wrong: list[bool] = []
    for cell in found.dictionary.to_pylist():
        try:
            values.append(decimal_text(cell, field, convention, encoding))
            wrong.append(False)
        except NotANumberError:
            values.append(None)
            wrong.append(True)
    indices = found.indices.to_numpy(zero_copy_only=False)
    series = pl.Series(field.name, values, pl.String).gather(indices)
    return series, np.flatnonzero(np.array(wrong, bool)[indices])


def _shown(whole: int, negative: bool, scale: int) -> str:
    """Digits with their point."""
    text = str(whole * 10 ** max(0, -scale))
    if scale > 0:
        text = text.rjust(scale + 1, "0")
        text = f"{text[:-scale]}.{text[-scale:]}"
    return f"-{text}" if negative and whole else text


def _edited(text: str, scale: int) -> str:
    found = _EDITED.fullmatch(text)
    if not found:
        raise NotANumberError
    signs = [found[g] for g in ("sign", "later", "behind") if found[g]]
    whole, part = (found["whole"] or "").replace(",", ""), found["part"] or ""
    if len(signs) > 1 or not whole + part or (scale and part):
        raise NotANumberError
    return _shown(int(whole + part), signs[:1] in (["-"], ["CR"], ["DB"]), scale or len(part))


def _zoned(cell: bytes, form: int) -> tuple[str, bool]:
    """Digits, and whether they are negative."""
    leading = bool(form & figures.LEADING)
    sign = cell[0] if leading else cell[-1]
    rest = cell[1:] if leading else cell[:-1]
    zero = 0xF0 if form & figures.HOST else 0x30
    digits = "".join(str(b - zero) if zero <= b <= zero + 9 else "?" for b in rest)
    if form & figures.SEPARATE:
        plus, minus = (0x4E, 0x60) if form & figures.HOST else (0x2B, 0x2D)
        if sign not in (plus, minus):
            raise NotANumberError
        negative = sign == minus
    else:
        digit, negative = figures.overpunched(sign, form)
        own = "?" if digit < 0 else str(digit)
        digits = own + digits if leading else digits + own
    if "?" in digits:
        raise NotANumberError
    return digits, negative


def _packed(cell: bytes, form: int) -> tuple[str, bool]:
    digits, sign = cell.hex()[:-1], cell.hex()[-1]
    allowed = "fc" if form & figures.UNSIGNED else "abcdef"
    if sign not in allowed or not digits.isdigit():
        raise NotANumberError
    return digits, sign in "bd"


def _floating(cell: bytes, forms: frozenset[str]) -> str:
    """The shortest decimal number that no other value of the same form is nearer to."""
    if "ibm" in forms:
        bits = int.from_bytes(cell)
        width = len(cell) * 8 - 8
        spacing = Fraction(16) ** ((bits >> width & 0x7F) - 64) / 2**width
        value = (bits & (1 << width) - 1) * spacing
        text = _shortest(value, spacing)
        return f"-{text}" if bits >> (width + 7) and value else text
    order = "<" if "little" in forms else ">"
    number = struct.unpack(order + {4: "f", 8: "d"}[len(cell)], cell)[0]
    if not np.isfinite(number):
        raise NotANumberError
    if not number:
        return "0"
    kind = np.float32 if len(cell) == 4 else np.float64
    return np.format_float_positional(kind(number), unique=True, trim="-")


def _shortest(value: Fraction, spacing: Fraction) -> str:
    """The decimal number of the fewest digits within half a spacing of a value."""
    if not value:
        return "0"
    places = 0
    while Fraction(10) ** -places > value:
        places += 1
    while Fraction(10) ** (-places + 1) <= value:
        places -= 1
    while True:
        digits = round(value * Fraction(10) ** places)
        if abs(Fraction(digits) / Fraction(10) ** places - value) * 2 < spacing:
            return _shown(digits, negative=False, scale=places)
        places += 1
