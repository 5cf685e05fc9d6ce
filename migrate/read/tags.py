"""What tells record types apart, as bytes: `accepted(tag, layout, encoding)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.catalog.files import shown
from migrate.errors import KnowledgeError, Problem
from migrate.language import say

if TYPE_CHECKING:
    from migrate.model import Layout, Tag
    from migrate.read.encodings import Encoding


def accepted(tag: Tag, layout: Layout, encoding: Encoding) -> list[bytes]:
    """The bytes that a tag waits for; of one length in a fixed-length record. Raises KnowledgeError."""
    if tag.hex:
        return [bytes.fromhex(v) for v in tag.hex]
    try:
        found = [encoding.encode(v) for v in tag.accepted]
    except UnicodeEncodeError:
        cause = say(
            f"tag at {tag.at}: {encoding.name} にない文字",
            f"tag at {tag.at}: a character that {encoding.name} does not have",
        )
        raise _mended(layout, cause) from None
    if layout.format == "fixed" and len({len(v) for v in found}) > 1:
        cause = say(
            f"tag at {tag.at}: 値の長さが {encoding.name} では揃わない",
            f"tag at {tag.at}: values of several lengths in {encoding.name}",
        )
        raise _mended(layout, cause)
    return found


def _mended(layout: Layout, cause: str) -> KnowledgeError:
    remedy = (
        say("その文字コードの値で書く", "write values of that encoding")
        if layout.format == "csv"
        else say("hex で書く", "write the bytes as hex")
    )
    return KnowledgeError(Problem(shown(layout.path), "tag", cause, remedy))
