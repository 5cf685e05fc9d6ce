"""A key that came before is found in the whole file, and no other key is doubted for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.check import keys as keys_module
from migrate.check.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

settings.register_profile("migrate", deadline=None, max_examples=60)
settings.load_profile("migrate")

TEXTS = ["", " ", "  ", "　", "a", "b", "ab", "ba", "0", "00", "山", "\x00", None]
WHOLES = [0, 1, -1, 2, 10, 2**62, -(2**62), None]
TINY, SMALL, USUAL = 512, 4096, keys_module.FILTER_BITS
TWO = {"a": pl.String, "b": pl.String}
MIXED = {"city": pl.String, "year": pl.Int64, "no": pl.String}

Row = tuple[object, ...]


def expected(rows: Sequence[Row]) -> list[bool]:
    """Whether each row came before, remembered in a plain set."""
    seen: set[Row] = set()
    found = []
    for row in rows:
        found.append(row in seen)
        seen.add(row)
    return found


def found_in(
    rows: Sequence[Row], schema: dict[str, type[pl.DataType]], sizes: Sequence[int], bits: int
) -> list[bool]:
    """What Keys says of the rows, cut into batches whose sizes come round and round."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys_module, "FILTER_BITS", bits)
        keys = Keys(list(schema))
        found: list[bool] = []
        turn = 0
        while len(found) < len(rows):
            size = sizes[turn % len(sizes)]
            batch = rows[len(found) : len(found) + size]
            frame = pl.DataFrame(batch, schema=schema, orient="row").with_columns(other=pl.lit("x"))
            found += keys.again(frame).to_list()
            turn += 1
        keys.close()
    return found


sizes = st.lists(st.integers(1, 12), min_size=1, max_size=4)
bits = st.sampled_from([TINY, SMALL, USUAL])
two = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)), max_size=60)
mixed = st.lists(
    st.tuples(
        st.sampled_from(TEXTS), st.sampled_from(WHOLES), st.one_of(st.none(), st.text(max_size=3))
    ),
    max_size=60,
)
one = st.lists(st.tuples(st.one_of(st.none(), st.text("ab ", max_size=4))), max_size=60)
number = st.lists(st.tuples(st.one_of(st.none(), st.integers(-4, 40))), max_size=60)


@given(two, sizes, bits)
def test_every_repeated_pair_is_found_and_nothing_else(
    rows: list[Row], sizes: list[int], bits: int
) -> None:
    assert found_in(rows, TWO, sizes, bits) == expected(rows)


@given(mixed, sizes, bits)
def test_every_repeated_key_of_text_and_numbers_is_found(
    rows: list[Row], sizes: list[int], bits: int
) -> None:
    assert found_in(rows, MIXED, sizes, bits) == expected(rows)


@given(one, sizes, bits)
def test_every_repeated_text_is_found(rows: list[Row], sizes: list[int], bits: int) -> None:
    assert found_in(rows, {"a": pl.String}, sizes, bits) == expected(rows)


@given(number, sizes, bits)
def test_every_repeated_number_is_found(rows: list[Row], sizes: list[int], bits: int) -> None:
    assert found_in(rows, {"n": pl.Int64}, sizes, bits) == expected(rows)


@given(mixed, sizes, sizes)
def test_the_size_of_the_batches_does_not_show(
    rows: list[Row], some: list[int], others: list[int]
) -> None:
    assert found_in(rows, MIXED, some, SMALL) == found_in(rows, MIXED, others, SMALL)


@pytest.mark.parametrize(
    ("rows", "again"),
    [
        ([("a", "b"), ("b", "a"), ("ab", ""), ("", "ab"), ("a", "b")], [False] * 4 + [True]),
        ([("a", "a"), ("b", "b"), ("", ""), (None, None)], [False] * 4),
        ([(None, "a"), ("", "a"), (None, "a"), ("", "a")], [False, False, True, True]),
        ([(None, None), (None, None)], [False, True]),
        ([("a ", "b"), ("a", " b"), ("a", "b"), ("a", "b ")], [False] * 4),
        ([("a", "b")] * 4, [False, True, True, True]),
        ([("1", "0"), ("01", "0"), ("1", "00")], [False] * 3),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("bits", [TINY, USUAL])
def test_keys_that_look_alike_are_not_the_same(
    rows: list[Row], again: list[bool], size: int, bits: int
) -> None:
    assert found_in(rows, TWO, [size], bits) == again


COUNT = 60_000


def numbers(shape: str) -> pl.DataFrame:
    """Keys that follow one another, as a host gives them."""
    n = pl.int_range(COUNT, eager=True)
    columns = {
        "counted": {"k": n},
        "padded": {"k": n.cast(pl.String).str.zfill(15)},
        "of one city": {
            "city": pl.Series(["482013"] * COUNT),
            "no": n.cast(pl.String),
            "hist": n * 0 + 1,
        },
        "with histories": {"no": n // 7, "hist": n % 7},
        "by year": {"year": 2000 + n % 30, "no": (n // 30).cast(pl.String).str.zfill(10)},
        "far apart": {"k": n * 10**13},
    }
    return pl.DataFrame(columns[shape])


SHAPES = ["counted", "padded", "of one city", "with histories", "by year", "far apart"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("batch", [COUNT, 9_999])
def test_among_many_keys_the_few_that_come_again_are_found(shape: str, batch: int) -> None:
    """The place of a key on disk is guessed from its hash: that must hold for keys as they are."""
    rows = numbers(shape)
    old = rows.gather_every(97)
    keys = Keys(rows.columns)
    new = [keys.again(part).sum() for part in rows.iter_slices(batch)]
    again = keys.again(old)
    later = keys.again(pl.concat([old, old]))
    keys.close()
    assert sum(new) == 0
    assert again.all()
    assert later.all()


@pytest.mark.parametrize("shape", SHAPES)
def test_keys_that_are_all_doubted_are_all_cleared(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "FILTER_BITS", TINY)
    rows = numbers(shape).head(3_000)
    keys = Keys(rows.columns)
    new = [keys.again(part).sum() for part in rows.iter_slices(1_000)]
    again = keys.again(rows.sample(fraction=1, shuffle=True, seed=1))
    keys.close()
    assert new == [0, 0, 0]
    assert again.all()


@settings(max_examples=20)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=400), st.integers(1, 400))
def test_an_empty_batch_between_others_changes_nothing(values: list[int], cut: int) -> None:
    keys = Keys(["n"])
    frame = pl.DataFrame({"n": values}, schema={"n": pl.Int64})
    parts = [frame.head(cut), frame.clear(), frame.slice(cut), frame.clear()]
    found = [flag for part in parts for flag in keys.again(part).to_list()]
    keys.close()
    assert found == expected([(v,) for v in values])


def test_other_columns_of_a_row_do_not_matter() -> None:
    keys = Keys(["a"])
    found = keys.again(pl.DataFrame({"a": ["1", "1", "2"], "b": ["x", "y", "x"]})).to_list()
    keys.close()
    assert found == [False, True, False]


def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    keys = Keys(["n"], tmp_path)
    keys.again(pl.DataFrame({"n": range(1000)}))
    during = list(tmp_path.iterdir())
    keys.close()
    assert during == []
    assert list(tmp_path.iterdir()) == []
