"""Which encoding: marks first, then the family, then strict trial decoding; never more than the bytes tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from migrate.language import say
from migrate.peek.figures import Statement
from migrate.peek.hosts import host, jips
from migrate.peek.multibyte import ENOUGH, EUC, SJIS, hint, multibyte, read, utf8

if TYPE_CHECKING:
    from migrate.peek.material import Piece

CONTAINERS = {
    b"PK\x03\x04": "ZIP (.zip .xlsx)",
    b"\x1f\x8b": "gzip",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "OLE2 (.xls .doc)",
    b"PAR1": "Parquet",
    b"7z\xbc\xaf": "7z",
    b"\x89PNG": "PNG",
    b"BZh": "bzip2",
}
BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16le", b"\xfe\xff": "utf-16be"}
SEVEN_BIT = ("cp932", "utf-8", "eucjp-ms", "ibm943", "shift_jis-2004", "iso-2022-jp", "jipsj-jis8")
_ESCAPES = re.compile(rb"\x1b(?:\$[@B]|\$\([DOPQ]|\([BJIH])")
HOST_DIGITS = bytes(range(0xF0, 0xFA))
DIGITS = b"0123456789"


def encoding(pieces: list[Piece]) -> Statement:
    """The encoding of some pieces of a file, with what speaks for it.

    >>> from migrate.peek.material import Piece
    >>> encoding([Piece(0, b"")]).confidence
    'undecided'
    >>> encoding([Piece(0, b"2026,1\\r\\n")]).value
    'ascii'
    >>> encoding([Piece(0, "\\ufeff氏名".encode("utf-16-le"))]).value
    'utf-16le'
    """
    data = b"".join(p.data for p in pieces)
    if not data:
        return _open("empty", [], say("バイトがない", "there are no bytes"))
    for mark, name in CONTAINERS.items():
        if data.startswith(mark):
            text = say(f"{name} の印 {mark.hex(' ').upper()} で始まる: 中身を取り出してから見る",
                       f"begins with {mark.hex(' ').upper()}, the mark of {name}: unpack it first")  # fmt: skip
            return Statement(value="container", confidence="likely", evidence=[text])
    return _marked(data) or _wide(data) or _escaped(data) or _family(data, pieces)


def _open(value: str, alternatives: list[str], *evidence: str) -> Statement:
    return Statement(
        value=value, confidence="undecided", alternatives=alternatives, evidence=list(evidence)
    )


def _marked(data: bytes) -> Statement | None:
    """By its byte order mark."""
    for mark, name in BOMS.items():
        if data.startswith(mark):
            codec = name.replace("16", "16-")
            text = data.decode(codec, "replace")
            wrong = text.count("\ufffd")
            fact = say(f"BOM {mark.hex(' ').upper()}、読めない文字 {wrong:,}",
                       f"byte order mark {mark.hex(' ').upper()}, {wrong:,} characters refused")  # fmt: skip
            sure = wrong <= 2 and len(data) >= 8
            return Statement(
                value=name, confidence="certain" if sure else "likely", evidence=[fact]
            )
    return None


def _wide(data: bytes) -> Statement | None:
    """UTF-16 without a mark: the high bytes of its characters are few."""
    array = np.frombuffer(data[: len(data) // 2 * 2], np.uint8).reshape(-1, 2)
    if len(array) < 4:
        return None
    for column, name, codec in ((0, "utf-16be", "utf-16-be"), (1, "utf-16le", "utf-16-le")):
        high, low = array[:, column], array[:, 1 - column]
        plain = (high == 0) & (low >= 9) & (low < 0x7F)
        japanese = (high == 0x30) | ((high >= 0x4E) & (high <= 0x9F)) | (high == 0xFF)
        share = float((plain | japanese).mean())
        newlines = int((plain & (low == 0x0A)).sum())
        if plain.mean() < 0.01 or share < 0.97 or not newlines + int(plain.sum() > ENOUGH):
            continue
        text = array.tobytes().decode(codec, "replace")
        fact = say(
            f"{'偶数' if column == 0 else '奇数'}番目のバイトが 00・30・4E-9F・FF だけ（{share:.1%}）、00 は {int(plain.sum()):,}",
            f"every {'first' if column == 0 else 'second'} byte is 00, 30, 4E-9F or FF ({share:.1%}), {int(plain.sum()):,} of them 00",
        )
        sure = (
            share > 0.999 and len(text) >= 50 and plain.mean() > 0.05 and text.count("\ufffd") <= 2
        )
        return Statement(value=name, confidence="certain" if sure else "likely", evidence=[fact])
    return None


def _escaped(data: bytes) -> Statement | None:
    """ISO-2022-JP, by its escape sequences."""
    found = _ESCAPES.findall(data)
    into = sum(e.startswith(b"\x1b$") for e in found)
    if not found or len(found) < data.count(b"\x1b") * 0.9:
        return None
    high = len(data) - len(data.translate(None, bytes(range(0x80, 256))))
    kinds = sorted({e[1:].decode() for e in found})
    fact = say(f"ESC シーケンス {len(found):,}（{' '.join(kinds)}）、うち2バイト文字へ {into:,}。80 以上のバイト {high:,}",
               f"{len(found):,} escape sequences ({' '.join(kinds)}), {into:,} of them to two-byte characters; {high:,} bytes from 80")  # fmt: skip
    if high:
        return _open("iso-2022-jp", ["iso-2022-jp", "cp932", "eucjp-ms"], fact)
    later = [e for e in found if e in (b"\x1b$(O", b"\x1b$(P", b"\x1b$(Q")]
    if later:
        return Statement(value="iso-2022-jp-3", confidence="likely", alternatives=["iso-2022-jp-2004"], evidence=[fact])  # fmt: skip
    sure = into >= 1 and len(found) >= 2
    return Statement(
        value="iso-2022-jp", confidence="certain" if sure else "likely", evidence=[fact]
    )


def ebcdic(data: bytes) -> tuple[bool, bool, str]:
    """Whether the bytes are of EBCDIC, whether they are of ASCII, and the counts that say so.

    >>> ebcdic(bytes.fromhex("c1c2f1f2f34040404040"))[:2], ebcdic(b"AB123     ")[:2]
    ((True, False), (False, True))
    """
    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=256)
    blanks = int(counts[0x40]) - data.count(b"\x81\x40")
    theirs = max(0, blanks) + int(counts[0xF0:0xFA].sum())
    ours = int(counts[0x20]) + int(counts[0x30:0x3A].sum())
    there = theirs + int(
        counts[0xC1:0xCA].sum() + counts[0xD1:0xDA].sum() + counts[0xE2:0xEA].sum()
    )
    here = ours + int(counts[0x41:0x5B].sum() + counts[0x61:0x7B].sum())
    size = max(1, len(data) - int(counts[0]) - int(counts[0xFF]))
    fact = say(
        f"40 と F0-F9（EBCDIC の空白・数字）{theirs:,}、20 と 30-39（ASCII）{ours:,}、全 {len(data):,} バイト中",
        f"{theirs:,} bytes 40 and F0-F9 (blanks and digits of EBCDIC), {ours:,} bytes 20 and 30-39 (ASCII), of {len(data):,}",
    )
    is_host = theirs > 0.12 * size and theirs > 3 * ours and there > here
    is_ascii = ours > 3 * theirs or (ours + here > 2 * (theirs + there) and here > 0)
    return is_host, is_ascii, fact


def _family(data: bytes, pieces: list[Piece]) -> Statement:
    """EBCDIC or not; then who wrote it."""
    is_host, is_ascii, fact = ebcdic(data)
    if is_host:  # gaiji F040 look like a digit and a blank
        sjis = read(data[:65536], "cp932")
        is_host = sjis.refused > 1 or sjis.usual < 5 or sjis.share < 0.8
    if is_host:
        found = host(data)
        return found.model_copy(update={"evidence": [*found.evidence, fact]})
    found = _ascii(data, pieces)
    if is_ascii or found.value in ("utf-8", "jipsj-jis8"):
        return found.model_copy(update={"evidence": [*found.evidence, fact]})
    if found.confidence == "certain":
        found = found.model_copy(update={"confidence": "likely"})
    return found.model_copy(update={"evidence": [*found.evidence, fact]})


def _ascii(data: bytes, pieces: list[Piece]) -> Statement:
    nec = jips(data)
    if nec:
        return nec
    high = int((np.frombuffer(data, np.uint8) >= 0x80).sum())
    if not high:
        controls = len(data) - len(data.translate(None, bytes({*range(0x20)} - {9, 10, 13, 26})))
        fact = say(f"80 以上のバイトがない（制御文字 {controls:,}）: ASCII を含むどの文字コードでも同じ",
                   f"no byte from 80 ({controls:,} control characters): alike in every encoding that holds ASCII")  # fmt: skip
        return _open("ascii", list(SEVEN_BIT), fact)
    counts = [utf8(p.data, begins=not p.offset) for p in pieces]
    several, refused = sum(c[0] for c in counts), sum(c[1] for c in counts)
    fact = say(f"UTF-8 として: 複数バイトの文字 {several:,}、読めない {refused:,}",
               f"read as UTF-8: {several:,} characters of several bytes, {refused:,} refused")  # fmt: skip
    chardet = say(
        f"chardet（日本語の候補だけ）: {hint(data)}", f"chardet, held to Japanese: {hint(data)}"
    )
    if several and refused * 50 <= several:
        if several >= 5 and not refused:
            return Statement(value="utf-8", confidence="certain", evidence=[fact, chardet])
        others = [*SJIS[:1], *EUC[:1]] if several < 5 else []
        return Statement(value="utf-8", confidence="likely", alternatives=others, evidence=[fact, chardet])  # fmt: skip
    found = multibyte(data)
    return found.model_copy(update={"evidence": [*found.evidence, fact, chardet]})
