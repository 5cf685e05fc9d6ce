"""Holds every encoding against the tables of others and makes docs/encodings.md: `python tools/encodings.py`.

The tables of others (ICU, jef4j, Java, glibc, CPython) are no part of the project. Where they lie (MIGRATE_REALDATA, or
../shared/realdata), the figures are measured anew and kept in benchmarks/results/encodings.csv; elsewhere they are read
from there.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REALDATA = Path(os.environ.get("MIGRATE_REALDATA") or ROOT / "../shared/realdata")
RESULTS = ROOT / "benchmarks/results/encodings.csv"
PAGE = ROOT / "docs/encodings.md"

Codes = dict[bytes, str]
Rules = dict[str, "set[str] | frozenset[str]"]


# ---- what others say ----


def ucm(name: str) -> Codes:
    """A table of ICU: the mappings that are good for decoding."""
    found = {}
    for line in (REALDATA / f"icu_ucm/{name}.ucm").read_text("utf-8").splitlines():
        if row := re.match(r"((?:<U[0-9A-F]+>\+?)+)\s+((?:\\x[0-9A-F]{2})+)\s+\|([03])", line):
            points = [chr(int(p, 16)) for p in re.findall(r"U([0-9A-F]+)", row[1])]
            found[bytes.fromhex(row[2].replace("\\x", ""))] = "".join(points)
    return found


def java(name: str) -> Codes:
    """What a Java decoder said to every code."""
    found = {}
    for line in (REALDATA / f"jef4j_tables/oracle_java_decode/oracle_x-{name}.tsv").read_text("utf-8").splitlines():
        code, _, points = line.partition("\t")
        if points.strip():  # 0E and 0F say nothing
            found[bytes.fromhex(code)] = "".join(chr(int(p, 16)) for p in points.split())
    return found


def jef4j(name: str, selectors: bool) -> Codes:
    """A table of jef4j: the last row counts, but the unified character before a compatibility ideograph."""
    found: dict[str, tuple[bool, str]] = {}
    for row in json.loads((REALDATA / f"jef4j_tables/{name}_mapping.json").read_text("utf-8")):
        if {"encode_only", "unmappable"} & set(row["options"]):
            continue
        points = [row["unicode"], *(row[key] for key in ("hd", "sp") if selectors and row.get(key))]
        loses = "cjk_ci" in row["options"]
        if not (loses and row["code"] in found and not found[row["code"]][0]):
            text = "".join(chr(int(p, 16)) for p in "_".join(points).split("_"))
            found[row["code"]] = (loses, text)
    return {bytes.fromhex(code): text for code, (_, text) in found.items()}


def ours(encoding) -> Codes: 
    """Every code of ours, of one byte and two, and of EUC's three."""
    from migrate.read.tables.coding import in_order, text_of

    found = {bytes([code]): text_of(e, encoding.longs) for code, e in in_order(encoding.ones[0], ())}
    return found | {code.to_bytes(2, "big"): text_of(e, encoding.longs) for code, e in in_order(encoding.pairs[0], ())}


# ---- what is compared ----


def within(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(f"{code:04X}" for low, high in ranges for code in range(low, high + 1))


def codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


WINDOWS = "Windows has private use for bytes that cp932 does not define"
CONTROL = "a tab: control characters are refused"
DASH = "another of JIS X 0213's dashes and double parentheses, where Python's codec and glibc disagree"
GLYPHS = "jef4j's choice of a glyph that JIS X 0208 unifies with ours"
COMPATIBLE = "Java takes the compatibility ideograph, we the unified character"
SELECTED = "Java's plain decoder leaves the variation selector out"
JEF = {
    GLYPHS: codes("B3EC B4C2 B7D5 B7E4 B9B7 BAF4 D5E3 DBCA DBF4 DFF3"),
    "JEF's extension 41A1-7FFE: no public table": within((0x41A1, 0x7FFE)),
    "eight signs of row 13: no public table": codes("ADE5 ADE6 ADE7 ADE8 ADE9 ADF3 ADF8 ADF9"),
}
KEIS83 = {"the two parts of one ligature (令和)": codes("73FA 73FB")}
KEIS78 = KEIS83 | {
    "2-30 and 2-31 are exchanged in jef4j; ours are the standard's": codes("A2BE A2BF"),
    "lines of KEIS78 at AFA1: no public table": within((0xAFA1, 0xAFC4)),
}
JIPS = {
    "signs and lines of 1983 in rows 2 and 8, NEC's rows 9 to 13: no public table": within((0x2221, 0x227E), (0x2821, 0x2D7E)),
    "kanji of G1: no public table": codes("B4A8 B6DA BFCE C3BA C4E8 D0C4 D4B5 D6A1 D6CB D6F1 D7E1"),
}
HITACHI = {"7F is the quotation mark in EBCDIC; jef4j has a second backslash there": codes("7F")}


def jips_e(name: str) -> str:
    """A code of JIPS(E) -> that of JIPS(J), in whose codes the rules are."""
    from migrate.read.tables.hosts import jipse_code

    if not _OF_E:
        _OF_E.update({jipse_code(high << 8 | low): high << 8 | low for high in LOW_AND_HIGH for low in LOW_AND_HIGH})
    return f"{_OF_E[int(name, 16)]:04X}"


LOW_AND_HIGH = (*range(0x21, 0x7F), *range(0xA1, 0xFF))
_OF_E: dict[int, int] = {}


@dataclass(frozen=True)
class Truth:
    """One table by others, the encoding and profile that it is held against, and why what differs differs."""

    encoding: str
    characters: str
    source: str  # kind name
    part: str = ""  # ones, pairs: what of ours is compared
    rules: Rules = field(default_factory=dict)
    table: str = ""  # a user's table, laid over ours first

    def codes(self) -> Codes:
        kind, name = self.source.split(" ", 1)
        found = {"icu": ucm, "java": java, "jef4j": lambda n: jef4j(n, bool(self.table))}[kind](name)
        # control characters are refused by every encoding, and U+FFFD is none
        return {c: t for c, t in found.items() if unicodedata.category(t[0]) != "Cc" and "\ufffd" not in t}

    def mine(self) -> Codes:
        from migrate.read.encodings import ENCODINGS

        encoding = ENCODINGS[self.encoding](self.characters)
        if self.table:
            encoding = encoding.with_table(REALDATA / "jef4j_tables" / f"{self.table}_mapping.json")
        size = {"ones": (1,), "pairs": (2,)}.get(self.part, (1, 2))
        return {code: text for code, text in ours(encoding).items() if len(code) in size}

    def why(self, name: str, theirs: str, mine: str) -> str:
        name = jips_e(name) if self.encoding == "jipse-ebcdik" and self.part == "pairs" else name
        known = next((why for why, names in self.rules.items() if name in names), "")
        if not known and mine and 0xF900 <= ord(theirs[0]) <= 0xFAFF and unicodedata.normalize("NFC", theirs) == mine[0]:
            return COMPATIBLE
        return SELECTED if mine[:1] == theirs and "\U000e0100" <= mine[1:] <= "\U000e01ef" else known


@dataclass(frozen=True)
class Text:
    """A file and its twin in UTF-8, character by character."""

    encoding: str
    characters: str
    source: str  # path under the folder of real files
    rules: Rules = field(default_factory=dict)  # why -> our characters
    table: str = ""
    part: str = ""


@dataclass
class Measured:
    """The figures of one comparison, and every code that is not equal: (code, theirs, ours, why)."""

    truth: Truth | Text
    points: int
    rest: list[tuple[str, str, str, str]]

    def row(self) -> dict[str, str]:
        refused = sum(mine in ("", "\ufffd") for _, _, mine, _ in self.rest)
        whys = Counter(why for *_, why in self.rest)
        t = self.truth
        return {
            "encoding": t.encoding, "characters": t.characters, "source": t.source, "part": t.part, "user_table": t.table,
            "points": str(self.points), "equal": str(self.points - len(self.rest)),
            "different": str(len(self.rest) - refused), "refused": str(refused),
            "why": "; ".join(f"{count} {why}" for why, count in sorted(whys.items())),
        }  # fmt: skip


def measure(truth: Truth | Text) -> Measured:
    if isinstance(truth, Text):
        return _measure_text(truth)
    theirs, mine = truth.codes(), truth.mine()
    rest = []
    for code, text in theirs.items():
        if mine.get(code) != text:
            name, my = code.hex().upper(), mine.get(code, "")
            rest.append((name, text, my, truth.why(name, text, my)))
    return Measured(truth, len(theirs), rest)


def _measure_text(truth: Text) -> Measured:
    from migrate.read.encodings import ENCODINGS

    path = REALDATA / truth.source
    twin = path.with_name(path.stem + "-utf8.txt") if path.suffix else path.with_name(path.name + "..UTF8")
    theirs = twin.read_bytes().decode("utf-8")
    mine = ENCODINGS[truth.encoding](truth.characters).with_newlines().decode(path.read_bytes())
    if len(theirs) != len(mine):
        raise SystemExit(f"{truth.source}: {len(theirs)} characters, {len(mine)} of ours")
    pairs = [(a, b) for a, b in zip(theirs, mine, strict=True) if unicodedata.category(a) != "Cc" or a in "\t\r\n"]
    rest = [("", a, b, next((why for why, names in truth.rules.items() if b in names), "")) for a, b in pairs if a != b]
    return Measured(truth, len(pairs), rest)


def _host(name: str, characters: str, ones: Truth, pairs: str, rules: Rules) -> list[Truth]:
    java_name = {"fujitsu_jef": "Fujitsu-JEF", "hitachi_keis78": "Hitachi-KEIS78", "hitachi_keis83": "Hitachi-KEIS83",
                 "nec_jips": "NEC-JIPSJ"}[pairs]  # fmt: skip
    return [
        ones,
        Truth(name, characters, f"jef4j {pairs}", "pairs", rules),
        Truth(name, characters, f"java {java_name}", "pairs", rules),
        Truth(name, characters, f"jef4j {pairs}", "pairs", {}, pairs),
    ]


def _ones(name: str, source: str, rules: Rules | None = None) -> Truth:
    return Truth(name, "jis", f"java {source}", "ones", rules or {})


TRUTHS: tuple[Truth | Text, ...] = (
    Truth("cp932", "microsoft", "icu windows-932-2000", rules={WINDOWS: codes("A0 FD FE FF")}),
    Text("cp932", "jis", "cpython_cjk_pairs/shift_jis.txt"),
    Text("shift_jis-2004", "jis", "glibc_iconv_pairs/SHIFT_JISX0213", {DASH: codes("― ⦅ ⦆")}),
    Text("shift_jis-2004", "jis", "cpython_cjk_pairs/shift_jisx0213.txt"),
    Truth("ibm943", "microsoft", "icu ibm-943_P15A-2003"),
    Truth("ibm943", "jis", "icu ibm-943_P130-1999"),
    Text("ibm943", "jis", "glibc_iconv_pairs/IBM943"),
    Text("eucjp-ms", "jis", "glibc_iconv_pairs/EUC-JP"),
    Text("eucjp-ms", "jis", "cpython_cjk_pairs/euc_jp.txt"),
    Text("euc_jis_2004", "jis", "glibc_iconv_pairs/EUC-JISX0213", {DASH: codes("― ⦅ ⦆")}),
    Text("euc_jis_2004", "jis", "cpython_cjk_pairs/euc_jisx0213.txt"),
    Text("iso-2022-jp", "jis", "glibc_iconv_pairs/ISO-2022-JP", {CONTROL: codes("\ufffd")}),
    Text("iso-2022-jp", "jis", "cpython_cjk_pairs/iso2022_jp.txt"),
    Truth("ibm930", "jis", "icu ibm-930_P120-1999"),
    Truth("ibm930", "microsoft", "icu java-Cp930-1.3_P"),
    Truth("ibm939", "jis", "icu ibm-939_P120-1999"),
    Truth("ibm939", "microsoft", "icu java-Cp939-1.3_P"),
    Truth("ibm1390", "jis", "icu ibm-1390_P110-2003"),
    Truth("ibm1399", "jis", "icu ibm-1399_P110-2003"),
    Truth("ibm290", "jis", "icu ibm-290_P100-1995"),
    Truth("ibm1027", "jis", "icu ibm-1027_P100-1995"),
    Truth("ibm300", "microsoft", "icu ibm-300_P120-2006"),
    Truth("ibm300", "microsoft", "java IBM300"),
    *_host("jef-ebcdic", "microsoft", _ones("jef-ebcdic", "Fujitsu-EBCDIC"), "fujitsu_jef", JEF),
    *_host("jef-ebcdik", "microsoft", _ones("jef-ebcdik", "Fujitsu-EBCDIK"), "fujitsu_jef", JEF),
    *_host("jef-ascii", "microsoft", _ones("jef-ascii", "Fujitsu-ASCII"), "fujitsu_jef", JEF),
    Truth("jef-ebcdik", "microsoft", "java Fujitsu-JEF-HanyoDenshi", "pairs", {}, "fujitsu_jef"),
    *_host("keis78-ebcdic", "jis", _ones("keis78-ebcdic", "Hitachi-EBCDIC", HITACHI), "hitachi_keis78", KEIS78),
    *_host("keis78-ebcdik", "jis", _ones("keis78-ebcdik", "Hitachi-EBCDIK"), "hitachi_keis78", KEIS78),
    *_host("keis83-ebcdic", "jis", _ones("keis83-ebcdic", "Hitachi-EBCDIC", HITACHI), "hitachi_keis83", KEIS83),
    *_host("keis83-ebcdik", "jis", _ones("keis83-ebcdik", "Hitachi-EBCDIK"), "hitachi_keis83", KEIS83),
    *_host("jipsj-jis8", "jis", _ones("jipsj-jis8", "NEC-JIS8"), "nec_jips", JIPS),
    _ones("jipse-ebcdik", "NEC-EBCDIK"),
    Truth("jipse-ebcdik", "jis", "java NEC-JIPSE", "pairs", JIPS),
    Truth("jipse-ebcdik", "jis", "java NEC-JIPSE", "pairs", {}, "nec_jips"),
)


# ---- the page ----

WHAT = {  # encoding -> what it is, where its table comes from
    "cp932": ("Windows-31J, what most exports called Shift_JIS are", "Python's cp932, without what it passes by mistake"),
    "shift_jis-2004": ("Shift_JIS of JIS X 0213:2004", "Python's shift_jis_2004"),
    "ibm943": ("IBM's Shift_JIS: `microsoft` is 943C, `jis` is 943", "Python's cp932; the profile's six signs"),
    "eucjp-ms": ("EUC-JP of Unix hosts, with ① and gaiji", "Python's euc_jp and cp932; IBM's extension asked of glibc's iconv"),
    "euc_jis_2004": ("EUC of JIS X 0213:2004", "Python's euc_jis_2004"),
    "iso-2022-jp": ("JIS between escapes; `microsoft` with ① as CP50221", "Python's euc_jp and cp932"),
    "utf-8": ("UTF-8", "Python"),
    "utf-16le": ("UTF-16, low byte first", "Python"),
    "utf-16be": ("UTF-16, high byte first", "Python"),
    "ibm930": ("IBM host, kana page 290 and pairs between 0E and 0F", "asked of glibc's iconv"),
    "ibm939": ("IBM host, Latin page 1027 and pairs between 0E and 0F", "asked of glibc's iconv"),
    "ibm1390": ("930 with the euro and JIS X 0213", "asked of glibc's iconv"),
    "ibm1399": ("939 with the euro and JIS X 0213", "asked of glibc's iconv"),
    "ibm290": ("the kana page alone", "asked of glibc's iconv"),
    "ibm1027": ("the Latin page alone", "asked of glibc's iconv"),
    "ibm037": ("EBCDIC of the United States", "Python's cp037"),
    "ibm500": ("international EBCDIC", "Python's cp500"),
    "ibm300": ("pairs alone", "the double-byte half of ibm930"),
    "jef-ebcdic": ("Fujitsu JEF; single bytes with small letters", "JIS X 0208 by row and cell in the shapes of 1978"),
    "jef-ebcdik": ("Fujitsu JEF; single bytes with kana", "as above"),
    "jef-ascii": ("Fujitsu JEF; single bytes as ASCII has them", "as above"),
    "keis78-ebcdic": ("Hitachi KEIS, shapes of 1978; small letters at 81", "JIS X 0208 by row and cell, 22 pairs exchanged"),
    "keis78-ebcdik": ("Hitachi KEIS, shapes of 1978; kana at 81", "as above"),
    "keis83-ebcdic": ("Hitachi KEIS, shapes of 1983; small letters at 81", "JIS X 0208 by row and cell"),
    "keis83-ebcdik": ("Hitachi KEIS, shapes of 1983; kana at 81", "as above"),
    "jipsj-jis8": ("NEC JIPS(J); single bytes JIS X 0201", "JIS X 0208 by row and cell in the shapes of 1978"),
    "jipse-ebcdik": ("NEC JIPS(E); single bytes EBCDIC with kana", "JIPS(J), byte by byte in EBCDIC"),
}


def one_way(name: str, characters: str) -> int:
    """Codes that `encode` never writes: another code means the same."""
    from migrate.read.encodings import ENCODINGS
    from migrate.read.tables.coding import in_order, text_of

    encoding = ENCODINGS[name](characters)
    tables = [*encoding.ones, *encoding.pairs]
    texts = [text_of(entry, encoding.longs) for table in tables for _, entry in in_order(table, ())]
    return len(texts) - len(set(texts))


def figures() -> list[dict[str, str]]:
    """Measured where the real files lie, else read."""
    if REALDATA.is_dir():
        return [measure(truth).row() for truth in TRUTHS]
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(rows: list[dict[str, str]]) -> str:
    whole = ["| encoding | what it is | source of the table | truth points | equal | different | refused | round trip duplicates | with a user table |",
             "|-|-|-|-:|-:|-:|-:|-:|-|"]  # fmt: skip
    for name, (what, source) in WHAT.items():
        mine = [row for row in rows if row["encoding"] == name]
        main = [row for row in mine if not row["user_table"] and not (row["source"].startswith("java ") and any(
            r["source"].startswith(("icu ", "jef4j ")) and r["part"] == row["part"] for r in mine))]  # fmt: skip
        sums = [sum(int(row[key]) for row in main) for key in ("points", "equal", "different", "refused")]
        user = next((f"{int(r['equal']):,} of {int(r['points']):,}" for r in mine if r["user_table"]), "")
        twice = {one_way(name, characters) for characters in ("microsoft", "jis")}
        figures = [f"{n:,}" for n in sums] if main else ["—", "—", "—", "—"]
        whole.append("| " + " | ".join([f"`{name}`", what, source, *figures, " / ".join(f"{n:,}" for n in sorted(twice)), user or "—"]) + " |")
    every = ["| encoding | profile | held against | user's table | points | equal | different | refused | why |", "|-|-|-|-|-:|-:|-:|-:|-|"]
    for row in rows:
        held = f"{row['source']} ({row['part']})" if row["part"] else row["source"]
        cells = [f"`{row['encoding']}`", row["characters"], held, row["user_table"],
                 *(f"{int(row[key]):,}" for key in ("points", "equal", "different", "refused")), row["why"]]  # fmt: skip
        every.append("| " + " | ".join(cells) + " |")
    return TEXT.replace("{whole}", "\n".join(whole)).replace("{every}", "\n".join(every))


TEXT = """# Encodings
<!-- made by tools/encodings.py; do not edit -->

What `encoding = "..."` in a layout may be, what it was held against, and what to do about characters that it lacks.

{whole}

*Truth points* are the codes for which tables by others (ICU, jef4j, Java), or texts by others with a twin in UTF-8 (glibc,
CPython), say a character; control characters are left out, because every encoding here refuses them. Where an encoding is
held against several, the sum. *Round trip duplicates* are codes that mean what another code means too: they are
read, and written as the other one (two figures: they depend on the profile). *With a user table*: the pairs equal to
jef4j's table once the layout names it.

## Profiles

`characters = "microsoft"` or `"jis"` decides what a code means where Windows and the standard disagree: ～ or 〜, － or −,
∥ or ‖, ￠ ￡ ￢ or ¢ £ ¬; with hosts also ― or —, with IBM's also ￤ or ¦ (but not ￠ ￡ ￢). IBM's own tables of 930, 939 and
943 are the profile `jis`, Java's and IBM's newer ones of 300 and 943C are `microsoft`. `ibm943` and
`shift_jis-2004` read 5C and 7E as ¥ and ‾ in `jis`. `ibm1390`, `ibm1399` and `euc_jis_2004` have codes for both readings:
their profiles are one.

## Which code is written

A text becomes bytes for tags, samples and tests. Where several codes mean the same: a single byte before a pair, the
lowest code before others; in `cp932` and `ibm943` as Windows does it: row 13 (①, Ⅰ 8754, ㈱ 878A) before IBM's extension
(髙 FBFC, ⅰ FA40), that before NEC's selection of it (EEE0 is read, never written), ￢ as 81CA. Text that mixes both
gets its shifts, and ends as it began.

## Shifts

| | to pairs | back |
|-|-|-|
| IBM | 0E | 0F |
| JEF | 28 (12 point), 38 (9 point), 30E2 (7 point) | 29 |
| KEIS | 0A42 | 0A41 |
| JIPS(J) | 1A70 | 1A71 |
| JIPS(E) | 3F75 | 3F76 |
| ISO-2022-JP | 1B2442, 1B2440; 1B242844 (JIS X 0212) | 1B2842; 1B284A (Roman), 1B2849 (kana) |

A shift that changes nothing (0E behind 0E, 38 behind 28, 0F at the start), and one that is never closed, shows as U+FFFD;
an escape may be said again. Fields of type `wide` have none.

## User-defined characters

Codes of an area that a site fills itself become private use, and never a character that looks like one. What they mean,
`gaiji.csv` says.

| encoding | codes | characters |
|-|-|-|
| `cp932`, `ibm943` | F040-F9FC | U+E000-E757 |
| `eucjp-ms` | F5A1-FEFE, 8FF5A1-8FFEFE | U+E000-E3AB, U+E3AC-E757 |
| `ibm930`, `ibm939`, `ibm300` | 6941-7FFE | U+E000-F111 |
| `ibm1390`, `ibm1399` | 6941-7FFE, 8041-89BD | U+E000-F111, U+F112-F83C (as IBM's table) |
| `jef-*` | 80A1-A0FE | U+E000-EC1D |
| `keis*` | 81A1-A0FE | U+E000-EBBF |
| `jipsj-jis8` | 7421-7E7E, E0A1-FEFE | U+E000-E409, U+E40A-EF6B |
| `jipse-ebcdik` | the same, byte by byte in EBCDIC | the same |

## Codes that no public table has

JEF's extension (41A1-7FFE), KEIS's extension set 3 (59A1-80FE), the lines of KEIS78, NEC's rows 8 to 13 and kanji
of G1 cannot be derived from a public standard. (JEF's extension holds the simplified shapes of 1983, too: 箪 and 騨, where
the standard area has 簞 and 驒.) They are refused until a layout names a table of yours, a file beside
`layout.toml` whose codes are laid over the encoding's own:

    table = "jef_extension.csv"

| file | shape |
|-|-|
| `.csv`, `.tsv` | columns `code` and `unicode`, others are ignored: `41A1,4E02` · `82F5,304B+309A` |
| `.ucm` | ICU's: `<U4E02> \\x41\\xA1 \\|0`; flags 0 and 3 count |
| `.json` | a list: `{"code": "C4D4", "unicode": "8FBB", "hd": "E0103", "options": []}`; `hd` is the selector of the Hanyo-Denshi collection (a file without it gives plain characters), `sp` a combining mark. Rows with the option `encode_only` or `unmappable` do not count |

Of two rows with one code the last counts; but one with the option `cjk_ci`, a compatibility ideograph, loses against the
unified character, which no normalization destroys. Codes are hexadecimal, of one byte or two (three behind 8F in EUC); for
JIPS(E) they are those of JIPS(J). A character may have up to eight bytes of UTF-8: an ideograph and its selector, or two
code points. Control characters in the file are passed over. Anything else that cannot be read is refused with file, line and
cause.

## What was held against what

{every}

Sources: *icu* ucm files of unicode-org/icu-data · *jef4j* mapping JSON of hidekatsu-izuno/jef4j · *java* every code decoded by
jef4j 0.12.2 or JDK 17 · *glibc_iconv_pairs* test data of glibc 2.36 · *cpython_cjk_pairs* test data of CPython 3.11. None is
part of this project; the figures are in `benchmarks/results/encodings.csv`.
"""


def main() -> None:
    sys.path[0] = str(ROOT)  # not this folder: its coverage.py is not the package
    rows = figures()
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
