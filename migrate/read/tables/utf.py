"""UTF-8 and UTF-16, where Python's codecs know the bytes and the tables only say which characters pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migrate.read.tables.draft import Packing, packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from migrate.read.encodings import Encoding

ASCII = {byte: chr(byte) for byte in range(0x20, 0x7F)}
REFUSED = "\ufffd"
NEWLINES = "\n\r"


def tables(scheme: str) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """`ones` holds ASCII for UTF-8; `pairs` every character of two bytes for UTF-16, surrogates refused."""
    if scheme == "utf-8":
        return Packing().table(ASCII, 256)[None], np.zeros((1, 65536), np.uint32)
    points = np.arange(65536, dtype=np.uint32)
    passes = ((points >= 0x20) & (points < 0x7F)) | ((points >= 0xA0) & (points < 0xD800))
    passes |= (points >= 0xE000) & (points < 0xFFFD)
    pairs = np.where(passes, packed(points), np.uint32(0))
    if scheme == "utf-16le":
        pairs = pairs[(points & 0xFF) << 8 | points >> 8]
    return np.zeros((1, 256), np.uint32), pairs[None]


def decoded(encoding: Encoding, data: bytes) -> str:
    """The text; U+FFFD for bytes that are none, and for control characters."""
    lines = NEWLINES if _newlines(encoding) else ""
    text = data.decode(encoding.scheme, errors="replace")
    return "".join(c if c in lines or not control(c) else REFUSED for c in text)


def encoded(encoding: Encoding, text: str) -> bytes:
    """The bytes. Raises UnicodeEncodeError, for control characters and U+FFFD too."""
    lines = NEWLINES if _newlines(encoding) else ""
    for at, character in enumerate(text):
        if character == REFUSED or (control(character) and character not in lines):
            raise UnicodeEncodeError(encoding.name, text, at, at + 1, "no code for it")
    return text.encode(encoding.scheme)


def control(character: str) -> bool:
    return character < " " or "\x7f" <= character < "\xa0" or character in "\ufffe\uffff"


def _newlines(encoding: Encoding) -> bool:
    code = int.from_bytes("\n".encode(encoding.scheme), "big")
    return bool((encoding.ones if encoding.scheme == "utf-8" else encoding.pairs)[0, code])
