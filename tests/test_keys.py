"""A key that came before is found in the whole file, and no other key is doubted for long."""

from __future__ import annotations

import struct
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.check import keys as keys_module
from migrate.check import runs as runs_module
from migrate.check.keys import Keys
from migrate.check.pairs import pairs
from migrate.check.recent import SPARE
from migrate.check.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

settings.register_profile("migrate", deadline=None, max_examples=60)
settings.load_profile("migrate")

TEXTS = ["", " ", "  ", "　", "a", "b", "ab", "ba", "0", "00", "山", "\x00", None]
WHOLES = [0, 1, -1, 2, 10, 2**62, -(2**62), None]


class Memory(NamedTuple):
    """How much of it keys may take: with little, most are doubted and lie on disk, in runs that are merged."""

    filter_bits: int = keys_module.FILTER_BITS
    places: int = keys_module.PLACES
    fan: int = runs_module.FAN
    block: int = runs_module.BLOCK
    gap: int = runs_module.GAP
    room: int = runs_module.ROOM

    def set(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(keys_module, "FILTER_BITS", self.filter_bits)
        patch.setattr(keys_module, "PLACES", self.places)
        for name in ("fan", "block", "gap", "room"):
            patch.setattr(runs_module, name.upper(), getattr(self, name))


TINY = Memory(512, 8, fan=3, block=2, gap=2, room=6)
SMALL = Memory(4096, 16, fan=2, block=4, gap=0, room=8)
USUAL = Memory()
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
    rows: Sequence[Row], schema: dict[str, type[pl.DataType]], sizes: Sequence[int], memory: Memory
) -> list[bool]:
    """What Keys says of the rows, cut into batches whose sizes come round and round."""
    with pytest.MonkeyPatch.context() as patch:
        memory.set(patch)
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
memories = st.sampled_from([TINY, SMALL, USUAL])
two = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)), max_size=60)
mixed = st.lists(
    st.tuples(
        st.sampled_from(TEXTS), st.sampled_from(WHOLES), st.one_of(st.none(), st.text(max_size=3))
    ),
    max_size=60,
)
one = st.lists(st.tuples(st.one_of(st.none(), st.text("ab ", max_size=4))), max_size=60)
number = st.lists(st.tuples(st.one_of(st.none(), st.integers(-4, 40))), max_size=60)


@given(two, sizes, memories)
def test_every_repeated_pair_is_found_and_nothing_else(
    rows: list[Row], sizes: list[int], memory: Memory
) -> None:
    assert found_in(rows, TWO, sizes, memory) == expected(rows)


@given(mixed, sizes, memories)
def test_every_repeated_key_of_text_and_numbers_is_found(
    rows: list[Row], sizes: list[int], memory: Memory
) -> None:
    assert found_in(rows, MIXED, sizes, memory) == expected(rows)


@given(one, sizes, memories)
def test_every_repeated_text_is_found(rows: list[Row], sizes: list[int], memory: Memory) -> None:
    assert found_in(rows, {"a": pl.String}, sizes, memory) == expected(rows)


@given(number, sizes, memories)
def test_every_repeated_number_is_found(rows: list[Row], sizes: list[int], memory: Memory) -> None:
    assert found_in(rows, {"n": pl.Int64}, sizes, memory) == expected(rows)


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
@pytest.mark.parametrize("memory", [TINY, USUAL])
def test_keys_that_look_alike_are_not_the_same(
    rows: list[Row], again: list[bool], size: int, memory: Memory
) -> None:
    assert found_in(rows, TWO, [size], memory) == again


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
    Memory(512, 64, fan=4, block=8, gap=8, room=64).set(monkeypatch)
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


def murmur(data: bytes) -> tuple[int, int]:
    """MurmurHash3 x64 128 of whole blocks, seed 0, as if of no bytes: the plain definition."""
    c1, c2, all_ = 0x87C37B91114253D5, 0x4CF5AD432745937F, 2**64 - 1

    def turned(value: int, bits: int) -> int:
        return (value << bits | value >> (64 - bits)) & all_

    def mixed(value: int) -> int:
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            value = (value ^ value >> 33) * factor & all_
        return value ^ value >> 33

    high = low = 0
    for one, two in struct.iter_unpack("<QQ", data):
        high ^= turned(one * c1 & all_, 31) * c2 & all_
        high = ((turned(high, 27) + low) * 5 + 0x52DCE729) & all_
        low ^= turned(two * c2 & all_, 33) * c1 & all_
        low = ((turned(low, 31) + high) * 5 + 0x38495AB5) & all_
    high = (high + low) & all_
    low = (low + high) & all_
    high, low = mixed(high), mixed(low)
    high = (high + low) & all_
    low = (low + high) & all_
    return high, low or (0 if high else 1)


def written(value: object) -> bytes:
    """A value as it is hashed."""
    if value is None:
        return b"\xff\xff\xff\xff".ljust(16, b"\0")
    if isinstance(value, int):
        data = value.to_bytes(8, "little", signed=True)
    elif isinstance(value, Decimal):
        data = int(value.scaleb(2)).to_bytes(16, "little", signed=True)
    else:
        data = str(value).encode()
    data = struct.pack("<I", len(data)) + data
    return data.ljust(-(-len(data) // 16) * 16, b"\0")


texts = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.sampled_from(["a" * n for n in (0, 1, 4, 8, 11, 12, 13, 16, 19, 20, 21, 27, 28, 29, 44)]),
    st.sampled_from(["𠮷" * 3, "𠮷" * 4, "葛\U000e0100", "\x00" * 12, "\x00" * 13]),
)
longs = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))
decimals = st.one_of(st.none(), st.integers(-(10**20), 10**20).map(lambda n: Decimal(n).scaleb(-2)))


@given(st.lists(st.tuples(texts, longs, decimals, texts), max_size=30), st.data())
def test_a_key_is_hashed_as_it_is_defined_however_it_lies_in_memory(
    rows: list[Row], data: st.DataObject
) -> None:
    schema = {"a": pl.String, "n": pl.Int64, "d": pl.Decimal(25, 2), "b": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    begin = data.draw(st.integers(0, len(rows)))
    middle = data.draw(st.integers(begin, len(rows)))
    cut = frame.slice(begin)
    chunked = pl.concat([frame[begin:middle], frame[middle:]], rechunk=False)
    expected_ = [murmur(b"".join(map(written, row))) for row in rows[begin:]]
    for some in (cut, chunked):
        assert [tuple(p) for p in pairs(some, list(schema)).tolist()] == expected_


def test_other_types_are_hashed_as_text() -> None:
    frame = pl.DataFrame({"a": [True, None], "b": [1, 2]}, schema={"a": pl.Boolean, "b": pl.UInt8})
    assert pairs(frame, ["a", "b"]).tolist() == pairs(frame.cast(pl.String), ["a", "b"]).tolist()


halves = st.sampled_from([0, 1, 2, 2**32, 2**63, 2**64 - 2, 2**64 - 1])
crowded = st.lists(st.tuples(halves, halves).filter(any), max_size=80)


@given(crowded, sizes, memories)
def test_keys_whose_hashes_crowd_are_told_apart(
    hashes: list[Row], sizes: list[int], memory: Memory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        memory.set(patch)
        keys = Keys([])
        found: list[bool] = []
        while len(found) < len(hashes):
            some = hashes[len(found) : len(found) + sizes[len(found) % len(sizes)]]
            found += keys.repeated(np.array(some, np.uint64)).tolist()
        keys.close()
    assert found == expected(hashes)


def test_more_keys_of_one_half_than_the_table_has_room_for() -> None:
    hashes = np.empty((5 * SPARE, 2), np.uint64)
    hashes[:, 0] = 2**64 - 1
    hashes[:, 1] = np.random.default_rng(1).permutation(len(hashes))
    keys = Keys([])
    first = [keys.repeated(part).sum() for part in np.array_split(hashes, 7)]
    again = keys.repeated(hashes[::-1].copy())
    keys.close()
    assert first == [0] * 7
    assert again.all()


numbers_ = st.lists(st.integers(1, 2**64 - 1) | st.integers(1, 60), min_size=1, max_size=60)


@given(st.lists(numbers_, max_size=20), numbers_, st.sampled_from([TINY, SMALL]))
def test_runs_hold_what_was_added_and_stay_few(
    added: list[list[int]], wanted: list[int], memory: Memory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        memory.set(patch)
        runs = Runs()
        for some in added:
            runs.add(np.array([(n, n % 7) for n in sorted(set(some))], np.uint64))
        found = runs.hold(np.array([(n, n % 7) for n in wanted], np.uint64)).tolist()
        few = len(runs)
        runs.close()
    assert found == [any(n in some for some in added) for n in wanted]
    assert few <= (memory.fan - 1) * 5


@given(mixed, mixed, sizes, memories)
def test_what_is_known_is_what_was_remembered_and_asking_changes_nothing(
    rows: list[Row], others: list[Row], sizes: list[int], memory: Memory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        memory.set(patch)
        keys = Keys(list(MIXED))
        for begin in range(0, len(rows), sizes[0]):
            keys.again(pl.DataFrame(rows[begin : begin + sizes[0]], MIXED, orient="row"))
        asked = [keys.known(pl.DataFrame(others, MIXED, orient="row")).to_list() for _ in range(2)]
        keys.close()
    assert asked == [[row in set(rows) for row in others]] * 2


def test_hashing_apart_from_remembering_gives_the_same() -> None:
    rows = pl.DataFrame({"a": ["1", "2", "1", None, None]})
    one, other = Keys(["a"]), Keys(["a"])
    assert one.repeated(one.pairs(rows)).tolist() == other.again(rows).to_list()
    one.close()
    other.close()
