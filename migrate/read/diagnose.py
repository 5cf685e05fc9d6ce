"""Why the kernel could not take a value: `diagnose(cell, field, encoding)`. Slow, exact, for the few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.read import figures
from migrate.read.misread import FaultError, characters, control

if TYPE_CHECKING:
    from migrate.model import Field
    from migrate.read.encodings import Encoding


def diagnose(
    cell: bytes, field: Field, encoding: Encoding, zoned: str = "", before: int | None = None
) -> tuple[str, int]:
    """The issue's code and the byte within the field at which it shows.

    `zoned`: one of figures.CONVENTIONS; blank: as the encoding does. `before`: the shift state at the field's first
    byte where it is carried on (as in shifted.py); None: begins anew.

    >>> from migrate.model import Field
    >>> from migrate.read.encodings import cp932
    >>> wide = Field(name="name", label="", bytes=6, type="wide")
    >>> diagnose(b"\\x8eR\\x93c\\x85\\x40", wide, cp932("microsoft"))
    ('undecodable', 4)
    >>> diagnose(b"\\x8eR\\x93cA ", wide, cp932("microsoft"))
    ('not_wide', 4)
    >>> diagnose(b"\\x8eR\\x93c  \\x93", wide, cp932("microsoft"))
    ('cut_character', 6)
    """
    if field.type in (
        "packed",
        "binary",
        "float",
    ):  # half bytes and powers: no one byte is to blame
        return f"not_{field.type}", 0
    if field.type in ("zoned", "edited", "number", "digits"):
        return _misnumbered(cell, field, encoding, zoned or convention_of(encoding))
    try:
        letters = list(characters(cell, field.type, encoding, before))
    except FaultError as fault:
        return fault.found
    while letters and letters[-1].blank and (letters[-1].half or field.type != "kana"):
        letters.pop()
    wrong = (n.at for n in letters if n.half == (field.type == "wide"))
    return f"not_{field.type}", next(wrong, 0)


def _misnumbered(cell: bytes, field: Field, encoding: Encoding, convention: str) -> tuple[str, int]:
    """Where a number has something that no number of its type has."""
    width = 2 if encoding.scheme.startswith("utf-16") else 1
    order = "big" if encoding.scheme == "utf-16be" else "little"
    units = [
        int.from_bytes(cell[i : i + width], order)  # type: ignore[arg-type]
        for i in range(0, len(cell), width)
    ]
    digits = range(encoding.zero, encoding.zero + 10)
    controls = [i for i, u in enumerate(units) if control(u, encoding)]
    code, wrong = f"not_{field.type}", [i for i, u in enumerate(units) if u not in digits]
    if field.type == "number":
        signs, comma = (0x2B, 0x2D), 0x2C
        wrong = [i for i in wrong if units[i] != comma and (i or units[i] not in signs)]
    elif field.type == "zoned" and any(cell):
        wrong = [_unzoned(cell, field, convention)]
    elif controls:
        code, wrong = "control_character", controls
    elif field.type == "edited":
        wrong = []
    return code, wrong[0] * width if wrong else 0


def convention_of(encoding: Encoding) -> str:
    """How a sign lies over a digit where the layout does not say: on NEC's hosts, zone 7 under JIS8."""
    if encoding.zero == 0xF0:
        return "ebcdic"
    return "ascii" if encoding.name == "jipsj-jis8" else "translated"


def _unzoned(cell: bytes, field: Field, convention: str) -> int:
    """The first byte that no zoned number has there: where the sign lies, one without digit or sign."""
    form = figures.form_of(field, convention)
    zero = 0xF0 if form & figures.HOST else 0x30
    sign = 0 if form & figures.LEADING else len(cell) - 1
    plain = [zero <= b <= zero + 9 for b in cell]
    if form & figures.SEPARATE:
        plain[sign] = cell[sign] in ((0x4E, 0x60) if form & figures.HOST else (0x2B, 0x2D))
    else:
        plain[sign] = int(figures.overpunched(cell[sign], form)[0]) >= 0
    return plain.index(False) if False in plain else 0
