"""Makes the stored tables of migrate/read/tables/ by asking this machine's iconv, code by code: `python tools/tables.py`.

What a code means is a fact; nothing of iconv's is copied. Needs glibc (2.36 was asked), and only here: the program reads
the files. `--check` says whether they are what iconv says.
"""

from __future__ import annotations

import ctypes
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "migrate/read/tables"
CELLS = range(0x40, 0xFF)
PRIVATE = range(0xE000, 0xF900)

Table = dict[int, str]


class NoIconvError(Exception):
    """This machine's iconv does not know an encoding, or there is none."""


class Iconv:
    """`Iconv("IBM939")(b"\\x0e\\x45\\x57\\x0f")` is the text, or None where iconv refuses it."""

    def __init__(self, name: str) -> None:
        try:
            self._libc = ctypes.CDLL(None)
            self._libc.iconv_open.restype = ctypes.c_void_p
        except (AttributeError, OSError, TypeError):
            raise NoIconvError(name) from None
        self._libc.iconv.restype = ctypes.c_size_t
        self._libc.iconv.argtypes = [ctypes.c_void_p] * 5
        self._open = self._libc.iconv_open(b"UTF-32LE", name.encode())
        if self._open == ctypes.c_void_p(-1).value:
            raise NoIconvError(name)

    def __call__(self, data: bytes) -> str | None:
        self._libc.iconv(self._open, None, None, None, None)
        given, made = ctypes.create_string_buffer(data, len(data)), ctypes.create_string_buffer(64)
        source, target = ctypes.c_void_p(ctypes.addressof(given)), ctypes.c_void_p(ctypes.addressof(made))
        left, room = ctypes.c_size_t(len(data)), ctypes.c_size_t(64)
        words = [ctypes.byref(word) for word in (source, left, target, room)]
        if self._libc.iconv(self._open, *words) == 2**64 - 1 or left.value:
            return None
        self._libc.iconv(self._open, None, None, *words[2:])
        return made.raw[: 64 - room.value].decode("utf-32-le")


def singles(name: str) -> Table:
    ask = Iconv(name)
    return {byte: text for byte in range(256) if (text := ask(bytes([byte]))) and unicodedata.category(text[0]) != "Cc"}


def pairs(name: str, before: bytes = b"", behind: bytes = b"") -> Table:
    """The pairs of an encoding, but for those of private use, which arithmetic gives."""
    ask = Iconv(name)
    codes = [row << 8 | cell for row in CELLS for cell in CELLS]
    found = {code: ask(before + code.to_bytes(2, "big") + behind) for code in codes}
    return {code: text for code, text in found.items() if text and ord(text[0]) not in PRIVATE}


def grid(name: str, table: Table) -> str:
    rows = [f"{row:02X} " + "".join(table.get(row + n, "·") for n in range(16)) for row in range(0x40, 0x100, 16)]
    return "\n".join([f"[{name}]", *rows])


def lines(table: Table) -> str:
    """Runs of consecutive codes, a row of codes at most."""
    out: list[str] = []
    last = -2
    for code, text in sorted(table.items()):
        if len(text) > 1:
            out.append(f"{code:04X}= {text}")
            last = -2
        elif code == last + 1 and code & 0xFF:
            out[-1] += text
            last = code
        else:
            out.append(f"{code:04X} {text}")
            last = code
    return "\n".join(out)


def made() -> dict[str, str]:
    """Every file that is stored, by name."""
    double, newer = pairs("IBM930", b"\x0e", b"\x0f"), pairs("IBM1390", b"\x0e", b"\x0f")
    for other, table in (("IBM939", double), ("IBM1399", newer)):
        if pairs(other, b"\x0e", b"\x0f") != table:
            raise SystemExit(f"{other} has pairs of its own: keep them apart")
    if set(double) - set(newer):
        raise SystemExit("IBM1390 lacks pairs of IBM930")
    from migrate.read.tables.unix import plane

    second = plane("euc_jp", b"\x8f")
    ours = pairs("EUC-JP-MS", b"\x8f")
    beyond = {code: text for code, text in ours.items() if code not in second}
    changed = {code for code, text in second.items() if ours.get(code) != text}
    if changed != {0xA2B7, 0xA2C3}:
        raise SystemExit(f"EUC-JP-MS differs from Python's euc_jp at {sorted(map(hex, changed))}")
    pages = {"290": "IBM930", "1027": "IBM939", "1390": "IBM1390", "1399": "IBM1399"}
    return {
        "ibm_ones": "# Single bytes of IBM's pages, as glibc's iconv reads them: 290 as part of IBM930, 1027 of IBM939. Without controls.\n"
        + "\n".join(grid(page, singles(name)) for page, name in pages.items()),
        "ibm300": "# IBM's double-byte page 300, as glibc's iconv reads it in IBM930 and, the same, in IBM939. Without private use.\n"
        + lines(double),
        "ibm1390": "# What IBM1390 and IBM1399 have otherwise than page 300, as glibc's iconv reads it. Without private use.\n"
        + lines({code: text for code, text in newer.items() if double.get(code) != text}),
        "eucjp_ms": "# What EUC-JP-MS has behind 8F beyond JIS X 0212, as glibc's iconv reads it: IBM's extension. Without private use.\n"
        + lines(beyond),
    }  # fmt: skip


def main() -> None:
    sys.path[0] = str(ROOT)  # not this folder: its coverage.py is not the package
    stale = []
    for name, text in made().items():
        path = FOLDER / f"{name}.txt"
        if "--check" in sys.argv:
            if path.read_text("utf-8") != text + "\n":
                stale.append(path.name)
        else:
            path.write_text(text + "\n", encoding="utf-8")
    if stale:
        raise SystemExit(f"not what iconv says: {', '.join(stale)}")


if __name__ == "__main__":
    main()
