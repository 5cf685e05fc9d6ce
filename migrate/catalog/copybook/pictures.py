"""How many bytes a PICTURE and a USAGE take, and which type of field they are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import ceil, log2

from migrate.language import say

BINARY = ("COMP", "COMP-0", "COMP-4", "COMP-5", "BINARY")
PACKED = ("COMP-3", "PACKED-DECIMAL")
FLOATS = {"COMP-1": 4, "COMP-2": 8}
USAGES = ("DISPLAY", "DISPLAY-1", "NATIONAL", *BINARY, *PACKED, *FLOATS)
MOST = 1_000_000
"""More bytes than any record has: a count beyond it is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an elementary item is: the type of a field, its bytes, scale and form."""

    type: str
    bytes: int
    scale: int = 0
    form: str = ""
    digits: int = 0
    doubt: tuple[str, str] = ("", "")  # what compilers do not agree upon, in both languages


class PictureError(ValueError):
    """A PICTURE or USAGE that no layout can hold; says why and what to do."""

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}; {remedy}")
        self.cause, self.remedy = cause, remedy


def usage(word: str) -> str:
    """A USAGE by its short name, or nothing.

    >>> usage("COMPUTATIONAL-3"), usage("BINARY"), usage("TIMES")
    ('COMP-3', 'BINARY', '')
    """
    short = word.upper().replace("COMPUTATIONAL", "COMP")
    known = (*USAGES, "COMP-6", "COMP-X", "COMP-N", "INDEX", "POINTER")
    return short if short in known or re.fullmatch(r"COMP-\w", short) else ""


def shape(picture: str, used: str = "", sign: str = "", *, little: bool = False) -> Shape:
    """The shape of an elementary item. `sign`: "", or of the words leading, trailing, separate.

    >>> shape("S9(9)V99", "COMP-3")
    Shape(type='packed', bytes=6, scale=2, form='', digits=11, doubt=('', ''))
    >>> shape("N(20)").bytes, shape("9(8)").type, shape("ZZ,ZZ9.99-").type
    (40, 'digits', 'edited')
    >>> shape("X(3", "")
    Traceback (most recent call last):
        ...
    migrate.catalog.copybook.pictures.PictureError: PIC X(3: not a picture; mend the picture
    """
    used = used or "DISPLAY"
    if used in FLOATS:
        if picture:
            raise PictureError(
                say(f"{used} に PIC", f"{used} with a PIC"), say("PIC を除く", "take the PIC away")
            )
        doubt = (
            "浮動小数点は機種で違う（既定は IEEE。汎用機は --float ibm）",
            "floating point differs by machine (IEEE is assumed; on a host: --float ibm)",
        )
        return Shape("float", FLOATS[used], doubt=doubt)
    if used not in USAGES:
        raise PictureError(
            say(f"USAGE {used} は扱えない", f"USAGE {used} is not supported"),
            say(
                "バイト数を確かめ、PIC X(n) として取り込む",
                "find out its bytes and import it as PIC X(n)",
            ),
        )
    symbols = _symbols(picture)
    kinds = set(symbols)
    if kinds <= set("NGB0/") and kinds & set("NG"):
        return Shape("wide", 2 * len(symbols))
    if kinds <= set("XA9B0/") and kinds & set("XA"):
        _display_only(picture, used)
        return Shape("text", len(symbols))
    if used in ("NATIONAL", "DISPLAY-1"):
        raise PictureError(
            say(
                f"PIC {picture} の USAGE {used} は扱えない",
                f"PIC {picture} with USAGE {used} is not supported",
            ),
            say("PIC N(n) として取り込む", "import it as PIC N(n)"),
        )
    if kinds <= set("S9VP"):
        return _number(picture, symbols, used, sign, little=little)
    if kinds <= set("S9VPZ*+-,.B0/CRDB$¥\\"):
        _display_only(picture, used)
        size = len([s for s in symbols if s not in "SVP"])
        doubt = (
            f"PIC {picture}: 編集と S を並べる書き方は標準にない。S は 0 バイトとした",
            f"PIC {picture}: no compiler's standard has S in an edited picture: S taken as no byte",
        )
        return Shape(
            "edited", size, _scale(symbols, "9Z*"), doubt=doubt if "S" in kinds else ("", "")
        )
    raise PictureError(say(f"PIC {picture} は扱えない", f"PIC {picture} is not supported"), _MEND())


def _MEND() -> str:  # noqa: N802 - a text in the person's language, asked for each time
    return say("PIC を直す", "mend the picture")


def _symbols(picture: str) -> str:
    """The picture with its counts written out.

    >>> _symbols("S9(3)V99"), _symbols("Ｘ（４）")
    ('S999V99', 'XXXX')
    """
    plain = unicodedata.normalize("NFKC", picture).upper()
    pieces = re.findall(r"([^()\s])(?:\((\d{1,9})\))?", plain)
    if "".join(f"{s}({n})" if n else s for s, n in pieces) != plain or not plain:
        raise PictureError(
            say(f"PIC {picture}: 書式でない", f"PIC {picture}: not a picture"), _MEND()
        )
    total = sum(int(n or 1) for _, n in pieces)
    if total > MOST or any(n and not int(n) for _, n in pieces):
        raise PictureError(
            say(f"PIC {picture}: 桁数 {total}", f"PIC {picture}: a size of {total}"), _MEND()
        )
    return "".join(s * int(n or 1) for s, n in pieces)


def _display_only(picture: str, used: str) -> None:
    if used != "DISPLAY":
        raise PictureError(
            say(f"PIC {picture} に USAGE {used}", f"PIC {picture} with USAGE {used}"), _MEND()
        )


def _scale(symbols: str, digits: str) -> int:
    """Digits behind the implied decimal point; before it, with P on the right, less than none.

    >>> _scale("S99V9", "9"), _scale("PPP99999", "9"), _scale("S99999PPP", "9"), _scale("SPPP9V", "9")
    (1, 8, -3, 4)
    """
    bare = symbols.removeprefix("S")
    _, point, after = bare.partition("V")
    places = sum(after.count(d) for d in digits)
    left = re.match(r"V?(P+)", bare)
    right = re.search(r"(P+)V?$", bare)
    if left:
        return len(left[1]) + sum(bare.count(d) for d in digits)
    if right:
        return -len(right[1])
    return places if point else 0


def _number(picture: str, symbols: str, used: str, sign: str, *, little: bool) -> Shape:
    if (
        len(symbols) > 64
        or not re.fullmatch(r"S?(P*V?9+|9+V?P*V?|9*V?9*|V?P+9+)", symbols)
        or "9" not in symbols
    ):
        raise PictureError(
            say(f"PIC {picture}: 書式でない", f"PIC {picture}: not a picture"), _MEND()
        )
    digits, signed, scale = symbols.count("9"), symbols.startswith("S"), _scale(symbols, "9")
    if abs(scale) > 18:
        raise PictureError(
            say(
                f"PIC {picture}: 小数 {scale} 桁は扱えない",
                f"PIC {picture}: {scale} decimal places are not supported",
            ),
            say("PIC X(n) として取り込む", "import it as PIC X(n)"),
        )
    if used in PACKED:
        return Shape("packed", digits // 2 + 1, scale, digits=digits)
    if used in BINARY:
        size = next((s for most, s in ((4, 2), (9, 4), (18, 8)) if digits <= most), 0)
        doubt = ("", "")
        if not size:
            size = ceil((log2(10**digits) + 1) / 8)
            doubt = (
                f"18桁を超える2進数は機種で大きさが違う。{size} バイトとした",
                f"binary numbers beyond 18 digits differ by compiler: {size} bytes assumed",
            )
        form = " ".join(["unsigned"] * (not signed) + ["little"] * (little and used == "COMP-5"))
        return Shape("binary", size, scale, form, digits, doubt)
    if sign and "separate" in sign:
        form = "leading separate" if "leading" in sign else "separate"
        return Shape("zoned", digits + 1, scale, form, digits)
    if signed:
        return Shape("zoned", digits, scale, "leading" if "leading" in sign else "", digits)
    if scale:
        return Shape("zoned", digits, scale, "unsigned", digits)
    return Shape("digits", digits, digits=digits)
