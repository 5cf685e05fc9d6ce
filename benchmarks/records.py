"""Invented person records for the reference job: `python benchmarks/records.py --records 1000000 --into FILE`.

Records of 400 bytes (CP932, CRLF) as benchmarks/knowledge/layouts/legacy/bench/person lays them out. Made a block at
a time with numpy, so memory stays flat and 30 million records take minutes. The same seed gives the same bytes, and a
longer file begins with the shorter one. `--faults 0.01` breaks one record in a hundred in one of FAULTS' ways,
`--faults 1` every one.
"""

from __future__ import annotations

import argparse
import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

HERE = Path(__file__).resolve().parent
LAYOUT = HERE / "knowledge/layouts/legacy/bench/person/person.csv"
BLOCK = 1 << 16
"""Records made at a time; part of what a seed means."""
POOL = 1 << 18
"""Different names, addresses and houses: as many as a city has, so that nothing gains from their being few."""
GAIJI = 0.02
"""Share of the names with a character of F040-F9FC."""

FAMILY = "青木池上岡崎川口北沢黒田小林酒井清水杉山関根高橋滝沢竹内田中土屋寺田中島西村野口橋本林原田平野藤井古川堀江松本三浦水野宮崎村上森田安藤山口横山吉田和田渡辺"
GIVEN = "一二三花子太郎美咲陽菜結衣健大翔蓮葵凛悠真樹誠直人恵理香織明日香智博幸雄和子正夫節子"
TOWNS = "浅間山川里森谷原野坂橋本町中央東西南北栄緑港泉丘台宮寺松竹梅桜若葉曙旭錦寿"
HOUSES = "コーポメゾンハイツ緑風荘光ヶ丘団地第一二三号館ビルレジデンス"
KANA = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
ERAS = ((1, 6, 44), (2, 2, 14), (3, 2, 63), (4, 2, 30), (5, 2, 7))
"""An era's digit, and the first and last of its years that are whole and solar."""


@cache
def slots() -> dict[str, tuple[int, int]]:
    """Field -> its 0-based first byte and the one behind it, as the layout has them."""
    with LAYOUT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    begins = [int(r["start"]) - 1 for r in rows]
    return {r["name"]: (b, b + int(r["bytes"])) for r, b in zip(rows, begins, strict=True)}


def digits(numbers: NDArray[np.int64], width: int) -> Bytes:
    """Whole numbers as ASCII digits, zeros in front: uint8[rows, width].

    >>> bytes(digits(np.array([42]), 4)[0])
    b'0042'
    """
    made = np.empty((len(numbers), width), np.uint8)
    rest = numbers.astype(np.uint32 if width < 10 else np.int64)  # the narrow one divides faster
    for place in reversed(range(width)):
        tenth = rest // 10
        made[:, place] = rest - tenth * 10 + ord("0")
        rest = tenth
    return made


def checked(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers with their check digit behind: modulus 11, weights 2 to 7 from the right; 10 and 11 give 0.

    >>> checked(np.array([60443198, 2520801764])).tolist()
    [604431980, 25208017643]
    """
    total, rest = np.zeros(len(numbers), np.int64), numbers.astype(np.int64)
    for place in range(11):
        tenth = rest // 10
        total += (rest - tenth * 10) * (2 + place % 6)
        rest = tenth
    check = 11 - total % 11
    return numbers * 10 + np.where(check > 9, 0, check)


def spread(numbers: NDArray[np.int64], size: int, seed: int) -> NDArray[np.int64]:
    """Each number below `size` (a power of ten) moved to another place: neighbours are none, nothing comes twice."""
    return (numbers * 389_564_603 + seed * 7_654_321) % size


def encoded(texts: list[str], width: int, fill: str) -> Bytes:
    """Texts in CP932, filled up: uint8[texts, width]."""
    pad = fill.encode("cp932")
    rows = [t.encode("cp932") for t in texts]
    return np.stack([np.frombuffer((r + pad * width)[:width], np.uint8) for r in rows])


class Form:
    """A block of records to be filled in."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.cells = np.full((BLOCK, 400), ord(" "), np.uint8)
        self.cells[:, 398:] = (13, 10)

    def put(self, field: str, cells: Bytes) -> None:
        begin, end = slots()[field]
        self.cells[:, begin:end] = cells

    def figure(self, field: str, values: NDArray[np.int64]) -> None:
        begin, end = slots()[field]
        self.cells[:, begin:end] = digits(values, end - begin)

    def chosen(self, field: str, values: str, shares: tuple[float, ...]) -> NDArray[np.int64]:
        """Fill a field with some values, each as often as its share says; gives them."""
        found = np.array([int(v) for v in values.split()])[_picked(self.rng, shares)]
        self.figure(field, found)
        return found


class Maker:
    """Makes blocks of records, the pools of texts drawn once."""

    def __init__(self, seed: int, faults: float = 0.0) -> None:
        self.seed, self.faults = seed, faults
        rng = np.random.default_rng([seed, 1 << 40])

        def drawn(letters: str, least: int, most: int) -> list[str]:
            lengths = rng.integers(least, most + 1, POOL)
            picked = rng.integers(0, len(letters), (POOL, most))
            return [
                "".join(letters[i] for i in p[:n]) for p, n in zip(picked, lengths, strict=True)
            ]

        def pool(*parts: tuple[str, int, int], between: str = "") -> list[str]:
            return [between.join(t) for t in zip(*(drawn(*p) for p in parts), strict=True)]

        names = pool((FAMILY, 1, 3), (GIVEN, 1, 4), between="\u3000")
        kana = pool((KANA, 3, 8), (KANA, 2, 7), between=" ")
        number = str.maketrans("0123456789", "０１２３４５６７８９")
        towns = [
            f"浅間県浅間市{t}{int(a)}丁目{int(b)}番地{int(c)}".translate(number)
            for t, (a, b, c) in zip(pool((TOWNS, 2, 14)), rng.integers(1, 90, (POOL, 3)), strict=True)
        ]  # fmt: skip
        rooms = rng.integers(101, 999, POOL)
        houses = [
            f"{h}{int(r)}号室".translate(number)
            for h, r in zip(pool((HOUSES, 4, 16)), rooms, strict=True)
        ]
        self.names = encoded(names, 40, "\u3000")
        self.lengths = np.array([len(n) for n in names])
        self.kana = encoded(kana, 40, " ")
        self.towns = encoded(towns, 100, "\u3000")
        self.houses = np.vstack([encoded(houses, 60, "\u3000"), encoded([""], 60, "\u3000")])

    def block(self, number: int, records: int) -> Bytes:
        """The first records of a block: uint8[records, 400]."""
        form = Form(np.random.default_rng([self.seed, number]))
        serial = np.arange(BLOCK, dtype=np.int64) + number * BLOCK
        form.figure("person_no", checked(spread(serial, 10**9, self.seed)))
        form.figure("household_no", checked(spread(serial * 2 // 5, 10**9, self.seed + 1)))
        form.figure("jumin_code", checked(spread(serial, 10**10, self.seed + 2)))
        self._texts(form)
        _person(form)
        _flags(form)
        if self.faults:
            _break(form.rng, form.cells, self.faults)
        return form.cells[:records]

    def _texts(self, form: Form) -> None:
        """Names, addresses, buildings."""
        rng = form.rng
        drawn = rng.integers(0, POOL, BLOCK)
        names = self.names[drawn]
        self._gaiji(rng, names, self.lengths[drawn])
        form.put("name", names)
        form.put("name_kana", self.kana[rng.integers(0, POOL, BLOCK)])
        form.put("address", self.towns[rng.integers(0, POOL, BLOCK)])
        house = np.where(rng.random(BLOCK) < 0.4, rng.integers(0, POOL, BLOCK), POOL)
        form.put("building", self.houses[house])

    def _gaiji(self, rng: np.random.Generator, names: Bytes, lengths: NDArray[np.int64]) -> None:
        """Put a user-defined character over the last one of some names."""
        chosen = np.flatnonzero(rng.random(len(names)) < GAIJI)
        at = (lengths[chosen] - 1) * 2
        trail = rng.integers(0, 188, len(chosen))
        names[chosen, at] = 0xF0 + rng.integers(0, 10, len(chosen))
        names[chosen, at + 1] = 0x40 + trail + (trail >= 63)


def _person(form: Form) -> None:
    """Codes, dates and amounts."""
    rng = form.rng
    foreign = form.chosen("kind", "1 2", (0.97, 0.03)) == 2
    form.chosen("status", "0 1 2 3", (0.7, 0.15, 0.13, 0.02))
    form.chosen("sex", "0 1 2", (0.01, 0.49, 0.5))
    form.chosen("rel", "01 02 03 11 21 22 51 60", (0.42, 0.01, 0.19, 0.33, 0.01, 0.02, 0.01, 0.01))
    land = np.array([list(b"ABC"), list(b"NRT"), list(b"SUD")], np.uint8)
    form.put("nationality", np.where(foreign[:, None], land[rng.integers(0, 3, BLOCK)], 32))
    form.figure("postal", 3_800_000 + rng.integers(0, 400, BLOCK))
    for field, least, most in (
        ("hist_no", 1, 9), ("ward", 1, 59), ("district", 1, 1999), ("list_order", 1, 7), ("member_count", 1, 7),
        ("han", 1, 39), ("print_order", 1, 599),
    ):  # fmt: skip
        form.figure(field, rng.integers(least, most + 1, BLOCK))
    for field in ("birth", "became", "addr_since", "event"):
        form.put(field, _era_dates(rng))
    form.chosen("event_code", "10 20 30 40 50 90", (0.25, 0.2, 0.15, 0.1, 0.25, 0.05))
    day = rng.integers(1990, 2026, BLOCK) * 10_000 + rng.integers(1, 13, BLOCK) * 100
    noted = digits(day + rng.integers(1, 29, BLOCK), 8)
    noted[rng.random(BLOCK) < 0.1] = ord(" ")
    form.put("notified", noted)
    for field in ("income", "deduction", "tax"):
        form.figure(field, rng.integers(0, 10 ** rng.integers(4, 9, BLOCK)))
    form.put("overpaid", _overpunched(rng))


def _flags(form: Form) -> None:
    """What is one digit, and the terminal."""
    form.figure("record_type", np.full(BLOCK, 2))
    form.chosen("tax_class", "1 2 3", (0.6, 0.1, 0.3))
    form.chosen("collection", "1 2 3 4", (0.3, 0.5, 0.15, 0.05))
    for field in ("undeclared", "nhi", "elderly", "care", "pension", "voter", "restraint"):
        form.chosen(field, "0 1", (0.8, 0.2))
    form.chosen("koho", "0 1 2", (0.1, 0.8, 0.1))
    form.chosen("latest", "0 1", (0.6, 0.4))
    form.chosen("deleted", "0 9", (0.99, 0.01))
    ends = np.array([list(b"T%03d" % i) for i in range(200)], np.uint8)
    form.put("terminal", ends[form.rng.integers(0, 200, BLOCK)])


def _picked(rng: np.random.Generator, shares: tuple[float, ...]) -> NDArray[np.int64]:
    return np.searchsorted(np.cumsum(shares)[:-1], rng.random(BLOCK), side="right")


def _era_dates(rng: np.random.Generator) -> Bytes:
    """GYYMMDD, each a real day of its era."""
    eras = np.array(ERAS)[_picked(rng, (0.01, 0.03, 0.36, 0.4, 0.2))]
    year = rng.integers(eras[:, 1], eras[:, 2] + 1)
    numbers = ((eras[:, 0] * 100 + year) * 100 + rng.integers(1, 13, BLOCK)) * 100
    return digits(numbers + rng.integers(1, 29, BLOCK), 7)


def _overpunched(rng: np.random.Generator) -> Bytes:
    """Nine digits; in a third of the rows a sign lies over the last one."""
    cells = digits(rng.integers(0, 10 ** rng.integers(3, 8, BLOCK)), 9)
    last = cells[:, 8] - ord("0")
    punched = np.frombuffer(b"0123456789{ABCDEFGHI}JKLMNOPQR", np.uint8).reshape(3, 10)
    cells[:, 8] = punched[_picked(rng, (0.7, 0.15, 0.15)), last]
    return cells


FAULTS: dict[str, tuple[str, bytes]] = {
    "a day that its era has not": ("birth", b"3650101"),
    "a wrong check digit": ("jumin_code", b""),
    "a code that no list has": ("sex", b"7"),
    "bytes that are no character": ("name", b"\x81\x20" * 20),
    "letters in an amount": ("income", b"12A45B789"),
    "a key that came before": ("hist_no", b""),
}
"""How a record is broken: the field, and what it gets (blank: see `_break`)."""


def _break(rng: np.random.Generator, made: Bytes, share: float) -> None:
    """Break some records, each in one way, in turn. Of a key that came before the first must be good: where every
    record is bad, none is broken so."""
    chosen = np.flatnonzero(rng.random(len(made)) < share)
    kinds = [kind for kind in FAULTS.values() if share < 1 or kind[0] != "hist_no"]
    for turn, (field, value) in enumerate(kinds):
        rows = chosen[turn :: len(kinds)]
        begin, end = slots()[field]
        if value:
            made[rows, begin:end] = np.frombuffer(value, np.uint8)
        elif field == "jumin_code":
            made[rows, end - 1] = ord("0") + (made[rows, end - 1] - ord("0") + 1) % 10
        else:  # the key of the record before
            key = slice(slots()["person_no"][0], slots()["hist_no"][1])
            later = rows[rows > 0]
            made[later, key] = made[later - 1, key]


def blocks(records: int, seed: int, faults: float = 0.0) -> Iterator[Bytes]:
    """All records, a block at a time."""
    maker = Maker(seed, faults)
    for number, begin in enumerate(range(0, records, BLOCK)):
        yield maker.block(number, min(BLOCK, records - begin))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make invented person records.")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.0, help="share of broken records")
    parser.add_argument("--into", type=Path, required=True)
    asked: Any = parser.parse_args()
    with asked.into.open("wb") as file:
        for block in blocks(asked.records, asked.seed, asked.faults):
            file.write(block.data)


if __name__ == "__main__":
    main()
