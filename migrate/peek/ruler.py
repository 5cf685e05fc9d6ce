"""Records of one shape: a ruler of classes by position, and the fields that it proposes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from migrate.language import say
from migrate.peek.figures import Part
from migrate.peek.shapes import Reader, shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TypeName = Literal["text", "wide", "kana", "digits", "packed", "binary", "filler"]
CODES = "9AkJj_WwsB0"
MOST = 600
"""Records that are looked at byte by byte."""

FEW = 5
JUMP = 0.4
"""How much more of the records must be filled than a byte before for a field to begin there."""

GROUP = {"9": "digits", "A": "text", "k": "kana", "J": "pairs", "j": "pairs", "W": "pairs",
         "w": "pairs", "s": "pairs", "B": "binary", "0": "nul", "_": "blank", "P": "packed", "?": "text"}  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """Some records of one length: their bytes and their classes (index into CODES)."""

    raw: NDArray[np.uint8]
    kinds: NDArray[np.uint8]


def grid(records: Sequence[bytes], reader: Reader) -> Grid:
    """Records of one length as a grid of bytes and one of classes."""
    chosen = (
        [records[i * len(records) // MOST] for i in range(MOST)] if len(records) > MOST else records
    )
    raw = np.frombuffer(b"".join(chosen), np.uint8).reshape(len(chosen), -1)
    shapes = "".join(shape(r, reader) for r in chosen).encode()
    place = np.zeros(256, np.uint8)
    for number, code in enumerate(CODES.encode()):
        place[code] = number
    return Grid(raw, place[np.frombuffer(shapes, np.uint8)].reshape(raw.shape))


@dataclass(frozen=True)
class Profile:
    """What every position of the records holds."""

    ruler: str
    filled: NDArray[np.float64]  # share that is neither blank nor NUL
    zeros: NDArray[np.float64]  # share of zero digits
    varied: NDArray[np.bool_]  # more than one byte comes there
    ends: dict[int, int]  # last byte of a packed number -> its first


def profile(found: Grid) -> Profile:
    """The class of every position, packed numbers first."""
    rows, width = found.kinds.shape
    shares = np.stack([(found.kinds == n).mean(axis=0) for n in range(len(CODES))])
    ends = packed(found)
    blank = shares[CODES.index("_")] + shares[CODES.index("W")] + shares[CODES.index("w")]
    nul = shares[CODES.index("0")]
    zero = ((found.raw == 0x30) | (found.raw == 0xF0)).mean(axis=0)
    letters = [_letter(shares[:, at]) for at in range(width)]
    for last, first in ends.items():
        letters[first : last + 1] = "P" * (last - first + 1)
    varied = (found.raw != found.raw[0]).any(axis=0) if rows else np.zeros(width, bool)
    if rows < FEW:  # nothing can be said of what a few never do
        zero, varied = np.zeros(width), np.ones(width, bool)
    return Profile("".join(letters), 1 - blank - nul, zero, varied, ends)


def _letter(shares: NDArray[np.float64]) -> str:
    """One character for a position: what stands there when something does."""
    by = dict(zip(CODES, shares.tolist(), strict=True))
    blank, nul = by["_"], by["0"]
    pairs = {c: by[c] for c in "JjWw"}
    rest = 1 - blank - nul
    if rest < 0.005:
        return "0" if nul > blank else "_"
    if sum(pairs.values()) + by["s"] >= 0.6 * rest and sum(pairs.values()) > 0:
        wide = by["J"] + by["j"] < 0.02 * (by["W"] + by["w"])
        if by["s"] > sum(pairs.values()):
            return "s"
        first = by["J"] + by["W"] >= by["j"] + by["w"]
        return ("W" if first else "w") if wide else ("J" if first else "j")
    best = max("9AksB", key=lambda c: by[c])
    mixed = (
        (by[best] >= 0.9 * rest, best),
        (by["B"] + nul >= 0.3 and by["B"] > 0.1, "B"),
        (best != "B" and by["9"] + by["A"] >= 0.9 * rest, "A"),
        (by["k"] >= 0.6 * rest, "k"),
    )
    return next((letter for true, letter in mixed if true), "?")


def packed(found: Grid) -> dict[int, int]:
    """Packed numbers: the position of the sign's half byte -> the first position.

    >>> from migrate.peek.shapes import reader_of
    >>> rows = [b"AB" + bytes.fromhex(f"{n * 7919:05d}c") + b"X" for n in range(12)]
    >>> packed(grid(rows, reader_of("cp932")))
    {4: 2}
    """
    raw = found.raw
    if len(raw) < 4:
        return {}
    high, low = raw >> 4, raw & 15
    signed = ((low == 0xC) | (low == 0xD) | (low == 0xF)) & (high <= 9)
    digits = (high <= 9) & (low <= 9)
    text = np.isin(found.kinds, [CODES.index(c) for c in "9A_"])
    ends: dict[int, int] = {}
    floor = 0
    all_signed, all_digits = signed.mean(axis=0), digits.mean(axis=0)
    texts, varied = text.mean(axis=0), (raw != raw[0]).any(axis=0)
    for last in range(1, raw.shape[1]):
        if all_signed[last] < 0.98:
            continue
        first = last
        while (
            first > floor
            and last - first < 9
            and all_digits[first - 1] >= 0.98
            and texts[first - 1] < 0.95
        ):
            first -= 1
        if first < last and varied[first : last + 1].any():
            ends[last] = first
            floor = last + 1
    return ends


def borders(seen: Profile) -> dict[int, str]:
    """Where fields begin (0-based), and why."""
    why = {0: say("レコードの先頭", "the record begins")}
    ruler = seen.ruler
    for last, first in seen.ends.items():
        why[first] = say(f"パック10進: {last + 1} バイト目の下半分が C/D/F", f"packed: the low half of byte {last + 1} is C, D or F")  # fmt: skip
        if last + 1 < len(ruler):
            why[last + 1] = say("パック10進の符号の次", "behind the sign of a packed number")
    for at in range(1, len(ruler)):
        if at in why or ruler[at] == "P":
            continue
        reason = _begins(seen, at)
        if reason:
            why[at] = reason
    return why


def _begins(seen: Profile, at: int) -> str:
    before, here = seen.ruler[at - 1], seen.ruler[at]
    a, b = GROUP[before], GROUP[here]
    rise = float(seen.filled[at] - seen.filled[at - 1])
    if a != b:
        tail = (
            rise <= 0.1 and seen.filled[at - 1] < 0.9
        )  # of a text flush left, less and less of it
        torn = here not in seen.ruler[at + 1 : at + 3] and b != "digits" and rise <= JUMP
        inside = {a, b} <= {"pairs", "text"} and "?" in (before, here) and abs(rise) < JUMP
        if inside or tail or (torn and seen.filled[at] > 0 and a != "blank"):
            return ""
        return say(f"種類が変わる（{before}→{here}）", f"the class changes ({before} to {here})")
    if here in "jw":
        return ""
    before_, here_ = f"{seen.filled[at - 1]:.0%}", f"{seen.filled[at]:.0%}"
    digits = a == "digits"
    reasons = (
        (not digits and rise > JUMP,
         say(f"埋まり方が {before_} から {here_} に増える: 左詰めの次の項目", f"filled rises from {before_} to {here_}: the next field, flush left")),
        (digits and abs(rise) > JUMP,
         say(f"埋まり方が {before_} から {here_} に変わる", f"filled changes from {before_} to {here_}")),
        (digits and float(seen.zeros[at] - seen.zeros[at - 1]) > 0.5,
         say("ゼロ埋めが始まる", "leading zeros begin")),
        (digits and bool(seen.varied[at]) != bool(seen.varied[at - 1]),
         say("いつも同じ数字との境", "the border of digits that never change")),
    )  # fmt: skip
    return next((text for true, text in reasons if true), "")


def parts(found: Grid, seen: Profile) -> list[Part]:
    """The fields that a grid of records proposes."""
    why = borders(seen)
    starts = sorted(why)
    made = []
    for start, end in zip(starts, [*starts[1:], len(seen.ruler)], strict=True):
        name, reason = _type(seen.ruler[start:end], end - start)
        made.append(
            Part(
                start=start + 1,
                bytes=end - start,
                type=name,
                filled=round(float(seen.filled[start:end].max()), 4),
                why=[why[start], reason],
            )
        )
    return made


def _type(ruler: str, width: int) -> tuple[TypeName, str]:
    """The type of a run of positions, and why."""
    groups = {GROUP[c] for c in ruler}
    counted = ", ".join(f"{c} x {ruler.count(c)}" for c in sorted(set(ruler)))
    whole = groups == {"pairs"} and "s" not in ruler and width % 2 == 0 and ruler[0] in "JW"
    types: tuple[tuple[bool, TypeName, str], ...] = (
        (groups <= {"blank", "nul"}, "filler", say("いつも空白か 00", "always blank or 00")),
        (groups == {"packed"}, "packed", say("すべて数字の半バイトと符号", "half bytes of digits and a sign")),
        (groups == {"digits"}, "digits", say("数字（と空白）だけ", "digits (and blanks) only")),
        (groups <= {"kana", "blank"}, "kana", say("半角ｶﾅ", "half-width kana")),
        (whole, "wide", say("2バイト文字だけ", "two-byte characters only")),
        (groups <= {"binary", "nul"} and width <= 8, "binary", say("文字にならないバイト", "bytes that are no characters")),
        (True, "text", say(f"まざる: {counted}", f"mixed: {counted}")),
    )  # fmt: skip
    return next((name, why) for true, name, why in types if true)


__all__ = ["Grid", "Profile", "borders", "grid", "packed", "parts", "profile"]
