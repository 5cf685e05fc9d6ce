"""Rows come in the order of their keys however many there are, and a run can be asked for that."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from migrate import Catalog, Options, run
from migrate.cli import base, main
from migrate.write import sorted as sorted_module
from migrate.write.sorted import Sorted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrate.model import Table

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"

settings.register_profile("migrate", deadline=None, max_examples=60)
settings.load_profile("migrate")

SCHEMA = {"a": pl.String, "n": pl.Int64, "d": pl.Decimal(9, 2), "came": pl.Int64, "x": pl.String}
KEYS = ["a", "n", "d"]

Row = tuple[object, ...]

keys = st.tuples(
    st.one_of(st.none(), st.sampled_from(["", "a", "a ", "ab", "b", "山", "𠮷", "～", "\uffff"])),
    st.one_of(st.none(), st.sampled_from([-(2**63), -10, -9, 9, 10, 2**63 - 1])),
    st.one_of(st.none(), st.sampled_from([Decimal("-1.00"), Decimal("0.05"), Decimal("10.00")])),
)
sizes = st.lists(st.integers(0, 9), min_size=1, max_size=4).filter(any)
rooms = st.sampled_from([(1, 1, 2), (300, 90, 2), (700, 200, 3), (1 << 26, 1 << 18, 64)])


def frames(rows: Sequence[Row], sizes: Sequence[int]) -> list[pl.DataFrame]:
    """The rows, numbered as they come, in frames whose sizes come round and round."""
    numbered = [(*row, came, f"{came}" * 9) for came, row in enumerate(rows)]
    whole = pl.DataFrame(numbered, schema=SCHEMA, orient="row")
    found, begin = [], 0
    while begin < whole.height:
        size = sizes[len(found) % len(sizes)]
        found.append(whole.slice(begin, size))
        begin += size
    return found


def in_order(
    parts: Sequence[pl.DataFrame], room: tuple[int, int, int], size: int
) -> list[pl.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in zip(("ROOM", "PIECE", "FAN"), room, strict=True):
            patch.setattr(sorted_module, name, value)
        rows = Sorted(KEYS)
        for part in parts:
            rows.add(part)
        found = list(rows.batches(size))
        rows.close()
    return found


@given(st.lists(keys, max_size=60), sizes, rooms, st.integers(1, 20))
def test_rows_come_in_order_and_equal_ones_as_they_came(
    rows: list[Row], sizes: list[int], room: tuple[int, int, int], size: int
) -> None:
    parts = frames(rows, sizes)
    found = in_order(parts, room, size)
    if not rows:
        assert found == []
        return
    assert pl.concat(found).equals(pl.concat(parts).sort(KEYS, maintain_order=True))
    assert [f.height for f in found[:-1]] == [size] * (len(found) - 1)
    assert 0 < found[-1].height <= size


def test_text_is_put_in_order_as_its_bytes() -> None:
    texts = ["～", "𠮷", "\uffff", "あ", "A", "a", "a\x00", "", None, "10", "9"]
    parts = frames([(text, 0, None) for text in texts], [1])
    found = pl.concat(in_order(parts, (1, 1, 2), 100))["a"].to_list()
    assert found == [None, *sorted((t for t in texts if t is not None), key=str.encode)]


@given(st.lists(keys, min_size=1, max_size=30), rooms, st.lists(st.booleans(), min_size=30))
def test_what_some_rows_lack_is_blank_in_them(
    rows: list[Row], room: tuple[int, int, int], lacking: list[bool]
) -> None:
    parts = frames(rows, [1])
    some = [part.drop("x") if lacks else part for part, lacks in zip(parts, lacking, strict=False)]
    found = pl.concat(in_order(some, room, 7))
    if "x" not in found.columns:
        assert all(lacking[: len(rows)])
        return
    expected = [None if lacking[came] else f"{came}" * 9 for came in found["came"].to_list()]
    assert found["x"].to_list() == expected


def test_nothing_is_left_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_module, "ROOM", 1)
    rows = Sorted(["n"], tmp_path)
    for n in range(9):
        rows.add(pl.DataFrame({"n": [9 - n]}))
    during = list(tmp_path.iterdir())
    first = next(rows.batches(1)).item()
    rows.close()
    assert (first, during, list(tmp_path.iterdir())) == (1, [], [])


Run = Callable[..., Path]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, records: list[bytes]) -> Run:
    """Run the sample, its records thrown into disorder, with all that is written beside a table; gives the folder."""
    folder = tmp_path_factory.mktemp("ran")
    source, shrunk = folder / "resident.dat", folder / "map.csv"
    source.write_bytes(b"".join(random.Random(1).sample(records, len(records))))
    pairs = "".join(f"{a},{b},類推\n" for a, b in ["﨑崎", "髙高"])
    shrunk.write_text(f"from,to,basis\n{pairs}", "utf-8")
    given = {"part": True, "formats": ("csv", "parquet", "xml"), "characters": "jisx0213"}
    given |= {"city": "482013", "as_of": "20260401000000"}
    catalog = Catalog(ROOT)

    def go(name: str, **options: object) -> Path:
        shrinks = catalog.shrinks([str(shrunk)])
        everything = Options(**given | options | {"shrinks": shrinks})
        run(catalog.mappings("asama/resident*"), source, folder / name, everything)
        return folder / name

    go("plain")
    return go


def read(into: Path) -> dict[str, bytes]:
    """What a run left, by name."""
    return {p.name: p.read_bytes() for p in into.iterdir() if p.name != ".lock"}


def order(table: Table, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """CSV lines in the order of their keys, equal ones as they are: the plain definition."""

    def key(row: dict[str, str]) -> list[tuple[bool, int | bytes]]:
        values = ((table.by_name[k], row[table.by_name[k].label]) for k in table.keys)
        return [(bool(v), int(v or 0) if c.dtype == pl.Int64 else v.encode()) for c, v in values]

    return sorted(rows, key=key)


@pytest.mark.parametrize(("room", "batch"), [(1 << 26, 65_536), (300_000, 101)])
def test_all_that_a_run_writes_of_a_table_is_in_the_order_of_its_keys(
    ran: Run, monkeypatch: pytest.MonkeyPatch, room: int, batch: int
) -> None:
    for name, value in (("ROOM", room), ("PIECE", 60_000), ("FAN", 3)):
        monkeypatch.setattr(sorted_module, name, value)
    into = ran(f"sorted{batch}", sort=True, batch=batch)
    found, plain = read(into), read(into.parent / "plain")
    assert found.keys() == plain.keys()
    same = [n for n in plain if n.endswith((".dat", "issues.csv", ".xsd"))]
    assert [n for n in same if found[n] != plain[n]] == []
    tables = {m.table.name: m.table for m in Catalog(ROOT).mappings("asama/resident*")}
    moved = 0
    for name in found:
        if not name.endswith(".csv") or not name.startswith("482013_"):
            continue
        table = next(t for t in tables.values() if f"_{t.name}_" in name)
        before, after = lines_of(plain[name]), lines_of(found[name])
        assert after == order(table, before)
        moved += after != before
        if name.count(".") == 1:
            stem = into / name.removesuffix(".csv")
            typed = pl.read_parquet(f"{stem}.parquet").cast(pl.String).fill_null("")
            assert typed.rows() == [tuple(row.values()) for row in after]
            rows = etree.parse(f"{stem}.xml").getroot()
            labels = {c.name: c.label for c in table.columns}
            assert [{labels[v.tag]: v.text for v in row} for row in rows] == [
                {label: text for label, text in row.items() if text} for row in after
            ]
    assert moved == 5  # two tables and what is beside them
    facts, other = (json.loads(some["run.json"]) for some in (found, plain))
    assert facts.pop("sorted") is True
    assert facts.pop("files").keys() == other.pop("files").keys()
    assert facts == other


def lines_of(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def test_the_command_sorts_when_it_is_asked(tmp_path: Path) -> None:
    words = ["convert", "asama/resident", str(SAMPLE), "--into", str(tmp_path), "--sort"]
    assert base.settle(main.cli.main, words) == 4
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["sorted"] is True
