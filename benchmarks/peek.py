"""How often is `migrate peek` right, and is it ever wrong and certain? `python benchmarks/peek.py [REALDATA]`

Every real file (truth in peek_truth.csv) and 200 generated ones; prints truth against guess, writes results/peek.csv.
The generated text is invented. IBM 930 and 939 are encoded by this machine's iconv; shift codes of JEF, KEIS and
JIPS are written by hand around the codes of EUC; JIPS(E) is our own table's inverse, as nobody else has one.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from migrate.peek import peek
from migrate.read.encodings import ENCODINGS

HERE = Path(__file__).resolve().parent
SURNAMES = [
    "山田",
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "佐々木",
    "松本",
    "井上",
    "木村",
    "清水",
    "斎藤",
    "阿部",
    "森",
    "池田",
]
GIVEN = [
    "太郎",
    "花子",
    "一郎",
    "美咲",
    "健太",
    "さくら",
    "翔",
    "陽子",
    "大輔",
    "ひろし",
    "恵子",
    "直樹",
    "由美",
    "誠",
    "久美子",
]
TOWNS = [
    "中央区本町",
    "西区栄町",
    "南区緑ヶ丘",
    "東区旭町",
    "北区桜台",
    "大字上野",
    "字下原",
    "港町",
    "山手町",
    "新町",
]
KANA = [
    "ﾔﾏﾀﾞ",
    "ｻﾄｳ",
    "ｽｽﾞｷ",
    "ﾀｶﾊｼ",
    "ﾀﾅｶ",
    "ｲﾄｳ",
    "ﾜﾀﾅﾍﾞ",
    "ﾅｶﾑﾗ",
    "ｺﾊﾞﾔｼ",
    "ｶﾄｳ",
    "ﾖｼﾀﾞ",
    "ｻｻｷ",
    "ﾏﾂﾓﾄ",
    "ｲﾉｳｴ",
    "ｷﾑﾗ",
    "ｼﾐｽﾞ",
    "ｻｲﾄｳ",
    "ｱﾍﾞ",
    "ﾓﾘ",
    "ｲｹﾀﾞ",
]
KANA_GIVEN = [
    "ﾀﾛｳ",
    "ﾊﾅｺ",
    "ｲﾁﾛｳ",
    "ﾐｻｷ",
    "ｹﾝﾀ",
    "ｻｸﾗ",
    "ｼｮｳ",
    "ﾖｳｺ",
    "ﾀﾞｲｽｹ",
    "ﾋﾛｼ",
    "ｹｲｺ",
    "ﾅｵｷ",
    "ﾕﾐ",
    "ﾏｺﾄ",
    "ｸﾐｺ",
]
KANA_PAGE = bytes.fromhex(
    "414243444546474849515253545556588182838485868788898a8c8d8e8f90919293949596979899"
    "9a9d9e9fa2a3a4a5a6a7a8a9aaacadaeafbabbbcbdbebf"
)
TEXTS = ("cp932", "eucjp-ms", "shift_jis-2004", "utf-8", "utf-16le", "utf-16be", "iso-2022-jp")
CODECS = {
    "shift_jis-2004": "shift_jis_2004",
    "eucjp-ms": "euc_jp",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-2022-jp": "iso2022_jp",
}
HOSTS = (
    "ibm930",
    "ibm939",
    "jef-ebcdik",
    "jef-ebcdic",
    "keis83-ebcdik",
    "keis83-ebcdic",
    "jipsj-jis8",
    "jipse-ebcdik",
)
SHIFTS = {
    "jef": (b"\x28", b"\x29"), "keis": (b"\x0a\x42", b"\x0a\x41"), "jipsj": (b"\x1a\x70", b"\x1a\x71"),
    "jipse": (b"\x3f\x75", b"\x3f\x76"),
}  # fmt: skip


@dataclass
class Case:
    """One file and what is true of it."""

    name: str
    encoding: str
    newline: str
    record: str  # bytes, `variable`, rdw..., or "" where nothing can be said
    data: bytes = b""
    path: Path | None = None
    features: list[str] = field(default_factory=list)


def iconv(text: str, name: str) -> bytes:
    return subprocess.run(
        ["iconv", "-f", "UTF-8", "-t", name], input=text.encode(), capture_output=True, check=True
    ).stdout


_HOST_PAGES = {
    "939": {c: iconv(c, "IBM939") for c in map(chr, [*range(0x20, 0x7F), *range(0xFF61, 0xFFA0)])},
    "930": {c: iconv(c, "IBM930") for c in map(chr, [*range(0x20, 0x7F), *range(0xFF61, 0xFFA0)])},
}


def single(text: str, name: str) -> bytes:
    """One byte a character."""
    if name == "jipsj-jis8":
        return text.encode("cp932")
    if name == "jipse-ebcdik":
        return ENCODINGS[name]("jis").encode(text.upper())
    latin = name in ("ibm939", "jef-ebcdic", "keis83-ebcdic")
    if latin:
        return b"".join(_HOST_PAGES["939"][c] for c in text)
    if name == "ibm930":
        return b"".join(_HOST_PAGES["930"][c] for c in text)
    found = b""
    for c in text:
        found += (
            bytes([KANA_PAGE[ord(c) - 0xFF61]]) if "｡" <= c <= "ﾟ" else _HOST_PAGES["939"][c.upper()]
        )
    return found


def wide(text: str, name: str) -> bytes:
    """Two bytes a character, without shift codes."""
    if name == "jipse-ebcdik":
        return ENCODINGS[name]("jis").encode_wide(text)
    blank = b"\x21\x21" if name.startswith("jips") else b"\x40\x40"
    found = b""
    for c in text:
        if c == "　":
            found += blank
        elif c == "\ue000":
            found += {
                "jef": b"\x80\xa1",
                "kei": b"\x81\xa1",
                "jip": b"\x74\x21",
                "ibm": b"\x69\x41",
            }[name[:3]]
        elif name.startswith("ibm"):
            found += iconv(c, "IBM930")[1:3]
        else:
            code = c.encode("euc_jp")
            found += bytes(b - 0x80 for b in code) if name.startswith("jips") else code
    return found


EXTENSIONS = {
    "eucjp-ms": bytes.fromhex("8ff3f3 ada1 8ff4ae"), "shift_jis-2004": "俱剝".encode("shift_jis_2004"), "cp932": "髙①".encode("cp932"),
}  # fmt: skip
"""Characters that only this table has: IBM and NEC extensions, JIS X 0213."""

_WIDE: dict[tuple[str, str], bytes] = {}


def pairs(text: str, name: str) -> bytes:
    if (text, name) not in _WIDE:
        _WIDE[text, name] = wide(text, name)
    return _WIDE[text, name]


def shifted(text: str, name: str) -> bytes:
    begin, end = (
        (b"\x0e", b"\x0f")
        if name.startswith("ibm")
        else SHIFTS[name.split("-", maxsplit=1)[0].rstrip("0123456789")]
    )
    return begin + pairs(text, name) + end


def packed(number: int, size: int) -> bytes:
    return bytes.fromhex(f"{number:0{size * 2 - 1}d}" + "cd"[number % 7 == 0])


@dataclass
class Person:
    """Somebody invented."""

    number: int
    name: str
    kana: str
    town: str
    birth: str
    amount: int
    code: str


def people(dice: random.Random, count: int, *, gaiji: bool) -> list[Person]:
    found = []
    for n in range(count):
        i, j = dice.randrange(20), dice.randrange(15)
        name = SURNAMES[i] + "　" + GIVEN[j] + ("\ue000" if gaiji and n % 5 == 0 else "")
        town = dice.choice(TOWNS) + dice.choice("一二三四五六七八九") + "丁目"
        birth = (
            f"{dice.randrange(1930, 2020)}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}"
        )
        found.append(
            Person(
                dice.randrange(10**9),
                name,
                f"{KANA[i]} {KANA_GIVEN[j]}",
                town,
                birth,
                dice.randrange(10**7),
                dice.choice("ABCX"),
            )
        )
    return found


def fixed(p: Person, name: str, features: list[str]) -> bytes:
    """One record of a fixed layout."""
    if name in TEXTS:
        codec = CODECS.get(name, name)
        blank = "　".encode(codec)
        text = p.name.encode(codec)
        if "extension" in features and p.number % 3 == 0:
            text += EXTENSIONS[name]
        out = b"%09d" % p.number + p.birth.encode() + p.code.encode()
        kana = p.kana.encode(codec)
        out += kana.ljust(40)[:40]
        if "kana only" not in features:
            out += text + blank * ((40 - len(text)) // 2) + p.town.encode(codec).ljust(40)
        if "packed" in features:
            out += packed(p.amount, 5) + packed(p.number % 1000, 3)
        return out + b"%08d" % p.amount + b"  "
    mark = b"\x20" if name == "jipsj-jis8" else b"\x40"
    out = single(f"{p.number:09d}{p.birth}{p.code}", name)
    latin = "lower" in features
    romaji = "taro yamada of the green hills" if latin else "TARO YAMADA"
    out += single(romaji if latin or name == "jef-ebcdic" else p.kana, name).ljust(40, mark)
    if "wide field" in features:
        field_ = pairs(p.name, name)
        out += field_ + pairs("　", name) * ((40 - len(field_)) // 2)
    if "no shift" not in features:
        out += shifted(p.town, name).ljust(44, mark)
    if "packed" in features:
        out += packed(p.amount, 5) + packed(p.number % 1000, 3)
    return out + single(f"{p.amount:08d}", name) + mark * 3


def mark_of(name: str) -> bytes:
    return b"\x40" if name in HOSTS and name != "jipsj-jis8" else b"\x20"


def delimited(found: list[Person], name: str, dice: random.Random, features: list[str]) -> bytes:
    mark = dice.choice([",", ",", "\t", ";"])
    quote = '"' if "quoted" in features else ""
    lines = []
    if "header" in features:
        lines.append(
            mark.join(
                quote + v + quote for v in ("番号", "氏名", "カナ", "住所", "生年月日", "金額")
            )
        )
    for p in found:
        kana = p.kana if name != "iso-2022-jp" else "タロウ"
        values = (f"{p.number:09d}", p.name, kana, p.town, p.birth, str(p.amount))
        lines.append(mark.join(quote + v + quote for v in values))
    newline = "\n" if "lf" in features else "\r\n"
    text = newline.join(lines) + newline
    if name == "cp932":
        return text.encode("cp932")
    data = text.replace("\ue000", "〓").encode(CODECS.get(name, name))
    if "bom" in features:
        data = {"utf-8": b"\xef\xbb\xbf", "utf-16le": b"\xff\xfe", "utf-16be": b"\xfe\xff"}[
            name
        ] + data
    return data


def generated(count: int = 200, seed: int = 20260401) -> list[Case]:  # noqa: PLR0912, PLR0915
    """Seeded cases: every encoding by layout, size and feature."""
    dice = random.Random(seed)
    found: list[Case] = []
    while len(found) < count:
        number = len(found)
        name = (TEXTS + HOSTS)[number % (len(TEXTS) + len(HOSTS))]
        features: list[str] = []
        rows = dice.choice([1, 3, 12, 60, 400, 400, 3000, 8000])
        if dice.random() < 0.25:
            features.append("gaiji")
        who = people(dice, rows, gaiji="gaiji" in features and name in ("cp932", *HOSTS))
        if name in ("utf-8", "utf-16le", "utf-16be", "iso-2022-jp") or (
            name in TEXTS and dice.random() < 0.35
        ):
            features += [f for f in ("header", "quoted", "lf") if dice.random() < 0.4]
            if name.startswith("utf") and dice.random() < 0.5:
                features.append("bom")
            data = delimited(who, name, dice, features)
            newline = "lf" if "lf" in features else "crlf"
            found.append(Case(f"g{number:03d}", name, newline, "variable", data, features=features))
            continue
        if dice.random() < 0.3:
            features.append("packed")
        if name in HOSTS:
            features += [
                f
                for f, share in (("wide field", 0.4), ("no shift", 0.15), ("lower", 0.2))
                if dice.random() < share
            ]
            if "lower" in features and (
                name in ("ibm930", "jipsj-jis8") or name.endswith("ebcdik")
            ):
                features.remove("lower")
        elif dice.random() < 0.2:
            features.append("kana only")
        elif name == "shift_jis-2004" or dice.random() < 0.4:
            features.append("extension")
        records = [fixed(p, name, features) for p in who]
        if dice.random() < 0.2 and rows > 10:
            features.append("blank records")
            mark = mark_of(name)
            for at in range(3, rows, 11):
                records[at] = mark * len(records[at])
        form = dice.choice(
            ["none", "none", "crlf", "lf", "rdw", "rdw_exclusive"]
            if name not in HOSTS
            else ["none", "none", "none", "rdw", "bdw"]
        )
        if form == "bdw":
            data = b""
            for first in range(0, rows, 7):
                block = b"".join(
                    (len(r) + 4).to_bytes(2, "big") + b"\0\0" + r
                    for r in records[first : first + 7]
                )
                data += (len(block) + 4).to_bytes(2, "big") + b"\0\0" + block
            found.append(Case(f"g{number:03d}", name, "none", "bdw", data, features=features))
            continue
        if form.startswith("rdw"):
            records = [r[: len(r) - dice.randrange(0, 11)] for r in records]
            extra = 4 if form == "rdw" else 0
            data = b"".join((len(r) + extra).to_bytes(2, "big") + b"\0\0" + r for r in records)
            found.append(Case(f"g{number:03d}", name, "none", form, data, features=features))
            continue
        ending = {"none": b"", "crlf": b"\r\n", "lf": b"\n"}[form]
        data = b"".join(r + ending for r in records)
        if dice.random() < 0.1:
            data += b"\x1a"
            features.append("1A")
        elif form == "none" and dice.random() < 0.1 and rows > 10:
            data = (mark_of(name) * 12) + data
            features.append("lead")
        found.append(
            Case(f"g{number:03d}", name, form, str(len(records[0])), data, features=features)
        )
    return found


def real(folder: Path) -> list[Case]:
    with (HERE / "peek_truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Case(r["file"], r["encoding"], r["newline"], r["record"], path=folder / r["file"])
        for r in rows
        if (folder / r["file"]).is_file()
    ]


def judged(truth: str, found) -> tuple[str, str]:
    """right, named (among the alternatives), open, wrong; and the guess in a word."""
    others = ",".join(found.alternatives)
    guess = f"{found.value} {found.confidence}" + (f" [{others}]" if others else "")
    if truth == found.value and found.confidence != "undecided":
        return "right", guess
    if truth in found.alternatives or truth == found.value:
        return "named", guess
    if found.confidence == "undecided":
        return "open", guess
    return "WRONG AND CERTAIN" if found.confidence == "certain" else "wrong", guess


def measured(case: Case, folder: Path) -> list[dict[str, str]]:
    path = case.path or folder / f"{case.name}.dat"
    if case.path is None:
        path.write_bytes(case.data)
    look = peek(path).look
    rows = []
    for what, truth, found in (
        ("encoding", case.encoding, look.encoding),
        ("newline", case.newline, look.structure.newline),
        ("record", case.record, look.structure.record),
    ):
        if truth == "?":
            continue
        verdict, guess = judged(truth, found)
        rows.append({"file": case.name, "size": str(path.stat().st_size), "features": " ".join(case.features), "what": what,
                     "truth": truth, "guess": guess, "verdict": verdict})  # fmt: skip
    return rows


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[1] / "shared/realdata"
    rows: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as work:
        for group, cases in (
            ("real", real(folder) if folder.is_dir() else []),
            ("generated", generated()),
        ):
            for case in cases:
                rows += [{"group": group, **row} for row in measured(case, Path(work))]
    with (HERE / "results/peek.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        if row["verdict"] not in ("right", "named") or "-v" in sys.argv:
            print(
                "{group:9} {file:60.60} {size:>9} {what:8} {truth:12} {verdict:18} {guess:70.70} {features}".format(
                    **row
                )
            )
    for group in ("real", "generated"):
        for what in ("encoding", "newline", "record"):
            counts = Counter(
                r["verdict"] for r in rows if r["group"] == group and r["what"] == what
            )
            print(f"{group:9} {what:8}", "  ".join(f"{v} {c}" for v, c in counts.most_common()))
    return int(any(r["verdict"] == "WRONG AND CERTAIN" for r in rows))


if __name__ == "__main__":
    sys.exit(main())
