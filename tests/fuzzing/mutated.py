"""Bytes -> damaged bytes, by a seeded generator: `mutated(rng, data, others, words)`."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

NASTY = (
    b"", b"\r\n", b"\n", b"\r", b"\x15", b"\x25", b"\x1a", b"\x0e", b"\x0f", b"\x28", b"\x38", b"\x29", b"\x0a\x42", b"\x0a\x41",
    b"\x1a\x70", b"\x1a\x71", b"\x1b$B", b"\x1b(B", b"\x8f", b"\x8e", b'"', b'""', b",", b"\t", b";", b"\x00", b"\x00" * 8, b"\xff" * 4,
    b"\x00\x04\x00\x00", b"\x7f\xff\x00\x00", b"\xff\xff\x00\x00", b"\x00\x00\xff\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff",
    b"\xf4\x90\x80\x80", b"\xed\xa0\x80", b"\x81", b"\x82\xa0", b"\x40" * 9, b" " * 9, b"\xd8\x00", b"\x00\xdc", b"\x0c", b"\x0d",
)  # fmt: skip
"""Newlines, shift codes, quotes, lengths, marks: what something may stumble over."""

NUMBERS = (
    b"0", b"-1", b"1", b"7", b"999", b"65536", b"2147483648", b"99999999999", b"9" * 40, b"1e9", b"NaN", b"01", b"", b"\xef\xbc\x91",
)  # fmt: skip
CODECS = ("cp932", "utf-8", "utf-16-le", "utf-16-be", "euc_jp", "iso2022_jp", "cp037", "utf-8-sig")


def mutated(rng: random.Random, data: bytes, others: Sequence[bytes] = (), words: Sequence[bytes] = ()) -> bytes:
    """The data after one to five blows.

    >>> import random
    >>> mutated(random.Random(1), b"0123456789") == mutated(random.Random(1), b"0123456789")
    True
    """
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5))):
        blow = rng.choice(BLOWS)
        data = blow(rng, data, others or (data,), words or NASTY)
    return data


def zipped(rng: random.Random, data: bytes, others: Sequence[bytes] = (), words: Sequence[bytes] = ()) -> bytes:
    """A zip file, one of whose members took the blows; sometimes the file itself."""
    if rng.random() < 0.15:
        return mutated(rng, data, others, words)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        victim = rng.choice([n for n in names if "sheet" in n or "shared" in n] or names) if rng.random() < 0.7 else rng.choice(names)
        for name in names:
            member = old.read(name)
            if name == victim:
                if rng.random() < 0.1:
                    continue
                member = mutated(rng, member, [member], words)
            new.writestr(name, member)
    return made.getvalue()


Blow = "Callable[[random.Random, bytes, Sequence[bytes], Sequence[bytes]], bytes]"


def _two(rng: random.Random, data: bytes) -> tuple[int, int]:
    """A stretch, mostly short."""
    at = rng.randrange(len(data) + 1)
    return at, min(len(data), at + rng.choice((1, 1, 2, 4, 16, rng.randrange(len(data) + 1))))


def flip(rng: random.Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    if not data:
        return data
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        at = rng.randrange(len(made))
        made[at] = made[at] ^ (1 << rng.randrange(8)) if rng.random() < 0.5 else rng.randrange(256)
    return bytes(made)


def cut(rng: random.Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    at, end = _two(rng, data)
    return data[:at] + data[end:]


def end(rng: random.Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    at = rng.choice((0, 1, len(data) - 1, rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return data[: max(0, at)]


def double(rng: random.Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    at, stop = _two(rng, data)
    return (data[:stop] + data[at:stop] * rng.choice((1, 1, 3)) + data[stop:])[: 1 << 20]


def splice(rng: random.Random, data: bytes, others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    at, stop = _two(rng, other)
    where = rng.randrange(len(data) + 1)
    skip = (stop - at) if rng.random() < 0.5 else 0
    return (data[:where] + other[at:stop] + data[where + skip :])[: 1 << 20]


def put(rng: random.Random, data: bytes, _others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    word = rng.choice(words if rng.random() < 0.6 else NASTY)
    where = rng.randrange(len(data) + 1)
    skip = len(word) if rng.random() < 0.5 else 0
    return data[:where] + word + data[where + skip :]


def lines(rng: random.Random, data: bytes, others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    """A line dropped, doubled, moved, or taken from elsewhere."""
    kept = data.splitlines(keepends=True)
    if not kept:
        return data
    at = rng.randrange(len(kept))
    line = kept.pop(at)
    where = rng.randrange(len(kept) + 1)
    which = rng.randrange(4)
    if which == 1:
        kept[at:at] = [line, line]
    elif which == 2:
        kept.insert(where, line)
    elif which == 3:
        kept.insert(at, rng.choice(rng.choice(others).splitlines(keepends=True) or [b""]))
    return b"".join(kept)


def tokens(rng: random.Random, data: bytes, _others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """One cell or word becomes another, a number, or nothing."""
    import re

    found = [m.span() for m in re.finditer(rb"[\w.+-]+|\"[^\"\n]*\"", data)]
    if not found:
        return data
    at, stop = rng.choice(found)
    other = rng.choice(found)
    new = rng.choice((data[slice(*other)], rng.choice(NUMBERS), rng.choice(words)))
    return data[:at] + new + data[stop:]


def numbers(rng: random.Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    """A number becomes another."""
    import re

    found = [m.span() for m in re.finditer(rb"\d+", data)]
    if not found:
        return data
    at, stop = rng.choice(found)
    return data[:at] + rng.choice(NUMBERS) + data[stop:]


def recoded(rng: random.Random, data: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    """The text in another encoding."""
    before, behind = rng.choice(CODECS), rng.choice(CODECS)
    return data.decode(before, "replace").encode(behind, "replace")[: 1 << 20]


BLOWS = (flip, flip, cut, end, double, splice, put, put, lines, tokens, tokens, numbers, recoded)
