"""Every byte of a record as a class: digit, letter, kana, half of a pair, blank, shift code, other.

`9` digit, `A` letter or sign, `k` kana, `J` `j` a pair, `_` blank, `W` `w` wide blank, `s` shift code,
`0` NUL, `B` any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from migrate.peek.fits import BARE, NEVER
from migrate.peek.hosts import ASCII, EBCDIC, Shifts
from migrate.peek.kana import KANA_PAGE, LATIN_PAGE, LOWER
from migrate.peek.trial import usual

TABLE_OF = {"ibm": "ibm930", "jef": "jef-ebcdik", "keis": "jef-ebcdik", "jipse": ""}


@dataclass(frozen=True)
class Reader:
    """How bytes of one family are told apart."""

    family: str  # sjis, euc, utf-8, host, ascii
    table: bytes  # class of a single byte; L leads a pair
    shifts: Shifts | None = None
    pairs: str = ""  # the table by which pairs may stand without shift codes


@cache
def reader_of(encoding: str, alternatives: tuple[str, ...] = ()) -> Reader:
    """The reader for an encoding, or for a family where that is all that is known.

    >>> reader_of("cp932").family, reader_of("ibm930").family
    ('sjis', 'host')
    """
    sjis = {
        **dict.fromkeys(range(0xA1, 0xE0), "k"),
        **dict.fromkeys([*range(0x81, 0xA0), *range(0xE0, 0xFD)], "L"),
    }
    euc = dict.fromkeys([0x8E, *range(0xA1, 0xFF)], "L")
    plain = {
        "cp932": Reader("sjis", _ascii(sjis)),
        "ibm943": Reader("sjis", _ascii(sjis)),
        "shift_jis-2004": Reader("sjis", _ascii(sjis)),
        "eucjp-ms": Reader("euc", _ascii(euc)),
        "euc_jis_2004": Reader("euc", _ascii(euc)),
        "utf-8": Reader("utf-8", _ascii(dict.fromkeys(range(0xC2, 0xF5), "L"))),
        "jipsj-jis8": Reader("ascii", _ascii(dict.fromkeys(range(0xA1, 0xE0), "k")), ASCII[0]),
    }
    if encoding in plain:
        return plain[encoding]
    for shifts in EBCDIC:
        if encoding.startswith(shifts.host):
            latin = encoding in ("ibm939", "ibm1399") or not any(
                n.endswith(("ebcdik", "930", "1390")) for n in (encoding, *alternatives)
            )
            return Reader("host", _host(latin=latin), shifts, TABLE_OF[shifts.host])
    if encoding == "ebcdic":
        latin = "ibm037" in alternatives and "ibm930" not in alternatives
        hosts = {h.host for h in EBCDIC for n in alternatives if n.startswith(h.host)}
        name = "ibm" if hosts == {"ibm"} else "jef" if hosts and hosts <= {"jef", "keis"} else ""
        shifts_ = next((h for h in EBCDIC if h.host == name), None)
        return Reader("host", _host(latin=latin), shifts_, TABLE_OF.get(name, ""))
    return Reader("ascii", _ascii({}))


def _ascii(more: dict[int, str]) -> bytes:
    table = ["B"] * 256
    for byte in range(0x21, 0x7F):
        table[byte] = "A"
    for byte in range(0x30, 0x3A):
        table[byte] = "9"
    table[0x20], table[0] = "_", "0"
    for byte, name in more.items():
        table[byte] = name
    return "".join(table).encode()


def _host(*, latin: bool) -> bytes:
    table = ["B"] * 256
    signs = b"\x4a\x4b\x4c\x4d\x4e\x4f\x50\x5a\x5b\x5c\x5d\x5e\x5f\x60\x61\x6a\x6b\x6c\x6d\x6e\x6f\x79\x7a\x7b\x7c\x7d\x7e\x7f"
    for byte in (*signs, *range(0xC0, 0xCA), *range(0xD0, 0xDA), *range(0xE2, 0xEA)):
        table[byte] = "A"
    for byte in LATIN_PAGE if latin else KANA_PAGE:
        table[byte] = "k" if table[byte] == "B" else table[byte]
    if latin:
        for byte in LOWER:
            table[byte] = "A"
    for byte in range(0xF0, 0xFA):
        table[byte] = "9"
    table[0x40], table[0] = "_", "0"
    return "".join(table).encode()


def shape(record: bytes, reader: Reader) -> str:
    """The class of every byte of a record.

    >>> shape("山 ﾔﾏ12".encode("cp932") + b"\\x81\\x40\\x00", reader_of("cp932"))
    'Jj_kk99Ww0'
    >>> shape(bytes.fromhex("c1 0e 4557 0f f1 40"), reader_of("ibm930"))
    'AsJjs9_'
    """
    if reader.family == "utf-8":
        return _utf8(record, reader)
    if reader.shifts:
        return _shifted(record, reader)
    if reader.family in ("sjis", "euc"):
        return _led(record, reader)
    return record.translate(reader.table).decode()


def _led(record: bytes, reader: Reader) -> str:
    """Pairs by their first byte."""
    plain = record.translate(reader.table).decode()
    if "L" not in plain:
        return plain
    found, at, end = list(plain), 0, len(record)
    while at < end:
        if plain[at] != "L":
            at += 1
            continue
        second = record[at + 1] if at + 1 < end else 0
        fits = (
            second >= 0xA1 if reader.family == "euc" else 0x40 <= second <= 0xFC and second != 0x7F
        )
        if not fits:
            found[at] = "B"
            at += 1
            continue
        blank = record[at : at + 2] == (b"\xa1\xa1" if reader.family == "euc" else b"\x81\x40")
        if reader.family == "euc" and record[at] == 0x8E:
            found[at : at + 2] = "kk"
        else:
            found[at : at + 2] = "Ww" if blank else "Jj"
        at += 2
    return "".join(found)


def _utf8(record: bytes, reader: Reader) -> str:
    found = list(record.translate(reader.table).decode())
    for at, name in enumerate(found):
        if name == "L":
            found[at] = "J"
        elif record[at] & 0xC0 == 0x80:
            found[at] = "j"
    return "".join(found)


def _shifted(record: bytes, reader: Reader) -> str:
    """Pairs between shift codes; the rest by the single-byte table."""
    shifts = reader.shifts
    if shifts is None:
        return record.translate(reader.table).decode()
    found = list(record.translate(reader.table).decode())
    at, end = 0, len(record)
    while at < end:
        opening = next((b for b in shifts.begins if record.startswith(b, at)), None)
        stop = record.find(shifts.ends, at + len(opening)) if opening else -1
        inside = at + len(opening or b"")
        if opening and stop >= 0 and (stop - inside) % 2 == 0 and all(
            shifts.fits(record[i], record[i + 1]) for i in range(inside, stop, 2)
        ):  # fmt: skip
            found[at:inside] = "s" * len(opening)
            for i in range(inside, stop, 2):
                found[i : i + 2] = "Ww" if record[i : i + 2] in (b"\x40\x40", b"\xa1\xa1") else "Jj"
            found[stop : stop + len(shifts.ends)] = "s" * len(shifts.ends)
            at = stop + len(shifts.ends)
            continue
        run = _bare(record, at, reader) if reader.pairs else 0
        if run:
            found[at : at + run] = "Jj" * (run // 2)
            at += run
        else:
            at += 1
    return "".join(found)


def _bare(record: bytes, start: int, reader: Reader) -> int:
    """Bytes of a run of pairs without shift codes: usual characters, and one byte that is none of EBCDIC's."""
    if reader.pairs == "ibm930":
        run = BARE[reader.pairs].match(record, start)
        if run is None:
            return 0
        size = len(run[0])
        kana = reader.table[0x81:0x82] == b"k"  # there half-width kana lie elsewhere
        if not NEVER.search(run[0]) and not (kana and size >= 6):
            return 0
        known = usual(reader.pairs)[np.frombuffer(run[0], ">u2")]
        return size if (known == 1).mean() >= 0.9 else 0
    at = start
    while at + 1 < len(record) and record[at] >= 0xA1 and 0xA1 <= record[at + 1] <= 0xFE:
        at += 2
    return at - start if at - start >= 4 and NEVER.search(record, start, at) else 0
