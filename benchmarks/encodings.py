"""How fast each encoding and each number type is read, against CP932's text: `python benchmarks/encodings.py [--quick]`.

One run, one thread, invented records with the same characters in every encoding; the best of some rounds taken in turn.
Writes results/throughput.csv: what, bytes a record, million bytes a second of CPU, ratio to CP932 (1.0; more is
faster), once by bytes and once by records. The first case is read twice: its second ratio is the noise.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
from pathlib import Path

from migrate.model import Field, Layout, RecordType
from migrate.read import Reader
from migrate.read.encodings import ENCODINGS

RESULTS = Path(__file__).parent / "results/throughput.csv"
NAMES = "山田太郎東京都港区大字小川一丁目番地高橋鈴木佐藤花子春夏秋冬川村町市県"
KANA = "ヤマダタロウトウキヨウミナトクオガワ"
HALF = "ﾔﾏﾀﾞﾀﾛｳﾄｳｷﾖｳﾐﾅﾄｸｵｶﾞﾜ"
LATIN = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
PAIRS_ONLY = ("ibm300",)
SINGLES_ONLY = ("ibm290", "ibm1027", "ibm037", "ibm500")


def texts(encoding: str, records: int) -> tuple[tuple[Field, ...], bytes]:
    """Records with codes, half-width kana, names and addresses, as far as the encoding has them."""
    code, rng = ENCODINGS[encoding]("jis"), random.Random(1)
    wide, single = encoding not in SINGLES_ONLY, encoding not in PAIRS_ONLY
    kana = single and encoding not in (
        "ibm037",
        "ibm500",
        "jef-ascii",
        "jef-ebcdic",
        "keis78-ebcdic",
        "keis83-ebcdic",
    )
    shapes: list[tuple[str, str, int]] = []
    if single:
        shapes += [
            ("no", "digits", 10),
            ("code", "text", 8),
            ("city", "digits", 6),
            ("memo", "text", 20),
        ]
    if kana:
        shapes += [("kana", "text", 30)]
    if wide:
        shapes += [
            (
                "name",
                "wide" if code.scheme == "tables" and not encoding.startswith("iso") else "text",
                40,
            ),
            (
                "town",
                "wide" if code.scheme == "tables" and not encoding.startswith("iso") else "text",
                60,
            ),
        ]
        shapes += [("address", "text", 60)] if single else []
    unit = 2 if encoding.startswith("utf-16") else 1
    fields, at = [], 1
    for name, kind, size in shapes:
        width = size * unit if kind != "wide" else size
        if encoding == "utf-8" and name in ("name", "town", "address", "kana"):
            width = size * 2
        fields.append(Field(name=name, label=name, start=at, bytes=width, type=kind))
        at += width
    rows = []
    for _ in range(64):
        cells = {
            "no": "".join(rng.choices("0123456789", k=10)),
            "city": "482013",
            "code": "".join(rng.choices(LATIN, k=rng.randint(1, 8))),
            "memo": "".join(rng.choices(LATIN, k=rng.randint(0, 16))),
            "kana": "".join(rng.choices(HALF, k=rng.randint(6, 14))),
            "name": "".join(rng.choices(NAMES, k=rng.randint(3, 7))),
            "town": "".join(rng.choices(NAMES, k=rng.randint(6, 20))),
            "address": "".join(rng.choices(NAMES, k=rng.randint(4, 12))) + "1-2-3",
        }
        rows.append(b"".join(_cell(code, f, cells[f.name]) for f in fields))
    return tuple(fields), b"".join(rows[i % 64] for i in range(records))


def _cell(code: object, field: Field, text: str) -> bytes:
    if field.type == "wide":
        return code.encode_wide(text + "　" * (field.bytes // 2 - len(text)))
    raw = code.encode(text)
    blank = code.encode(" ")
    return raw + blank * ((field.bytes - len(raw)) // len(blank))


def numbers(kind: str, form: str, size: int, records: int) -> tuple[tuple[Field, ...], bytes]:
    """Records of 24 numbers of one type."""
    rng = random.Random(2)
    fields = tuple(
        Field(name=f"n{i}", label="n", start=1 + i * size, bytes=size, type=kind, form=form)
        for i in range(24)
    )
    rows = [
        b"".join(_number(rng.randint(0, 30_000), kind, form, size) for _ in fields)
        for _ in range(64)
    ]
    return fields, b"".join(rows[i % 64] for i in range(records))


def _number(value: int, kind: str, form: str, size: int) -> bytes:
    if kind == "binary":
        return value.to_bytes(size, "little" if "little" in form else "big")
    if kind == "packed":
        return bytes.fromhex(f"{value:0{2 * size - 1}d}c")
    if kind == "digits" or "separate" not in form:
        return f"{value:0{size}d}".encode()
    return (f"+{value:0{size - 1}d}" if "leading" in form else f"{value:0{size - 1}d}+").encode()


def cases(records: int) -> dict[str, tuple[str, tuple[Field, ...], bytes]]:
    found = {
        "cp932": ("cp932", *texts("cp932", records)),
        "cp932 again": ("cp932", *texts("cp932", records)),
    }
    found |= {name: (name, *texts(name, records)) for name in ENCODINGS if name != "cp932"}
    shapes = [
        ("digits", "", 8),
        ("zoned", "", 8),
        ("zoned", "leading", 8),
        ("zoned", "separate", 9),
        ("packed", "", 5),
        ("packed", "unsigned", 5),
        ("binary", "", 4),
        ("binary", "little", 4),
        ("binary", "unsigned", 2),
    ]
    return found | {
        f"{k} {f}".strip() + f" {s}": ("cp932", *numbers(k, f, s, records)) for k, f, s in shapes
    }


def main() -> None:
    quick = "--quick" in sys.argv
    records, rounds = (20_000, 2) if quick else (60_000, 6)
    made = cases(records)
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.dat"
        for turn in range(rounds + 1):  # the first compiles and warms
            for name, (encoding, fields, data) in made.items():
                size = sum(f.bytes for f in fields)
                record = RecordType(name="r", fields=fields)
                layout = Layout(name="bench/x", path=path, title="x", source="x", format="fixed", encoding=encoding,
                                newline="none", record_bytes=size, characters="jis", record=(record,))  # fmt: skip
                path.write_bytes(data)
                start = time.process_time()
                wrong = sum(read.issues.height for read in Reader(layout).batches(path))
                spent = time.process_time() - start
                assert not wrong, f"{name}: {wrong} values refused"
                if turn:
                    best[name] = min(spent, best.get(name, spent))
    base = {
        n: len(made["cp932"][2]) / best["cp932"] if n == "bytes" else records / best["cp932"]
        for n in ("bytes", "records")
    }
    rows = []
    for name, (_, fields, data) in made.items():
        speed = len(data) / best[name]
        rows.append((name, sum(f.bytes for f in fields), round(speed / 1e6, 1), round(speed / base["bytes"], 2),
                     round(records / best[name] / base["records"], 2)))  # fmt: skip
    print(f"{'':22}{'bytes':>6}{'MB/s':>9}{'by bytes':>10}{'by records':>12}")
    for row in rows:
        print(f"{row[0]:22}{row[1]:>6}{row[2]:>9}{row[3]:>10}{row[4]:>12}")
    if not quick:
        with RESULTS.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [("what", "record_bytes", "mb_per_s", "by_bytes", "by_records"), *rows]
            )


if __name__ == "__main__":
    main()
