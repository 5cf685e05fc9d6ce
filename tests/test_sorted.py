"""Rows come in the order of their keys however many there are, and a run can be asked for that."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.write import sorted as sorted_module
from migrate.write.sorted import Sorted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
