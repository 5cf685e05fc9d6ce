"""A field of a run of records at a time gives what one value at a time gives, whatever the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.model import Field, Layout, RecordType
from migrate.read import Reader
from migrate.read.decimals import NotANumberError, decimal_text
from migrate.read.encodings import cp932
from migrate.read.fixed import _Cells, _Plan
from migrate.read.memory import Memory
from migrate.read.parts import Span
from migrate.read.strips import RUN

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.read import Read

KINDS = ("text", "wide", "kana", "digits", "zoned")
SIZES = (1, 2, 4, 7, 8, 9, 10, 12, 13, 16, 18, 24, 40, 62, 128, 130, 300)
BYTES = {
    "cp932": (b"\x81\x40", b"\x81\x40\x81\x40\x81\x40\x81\x40", b" ", b"        ", b"\x8e\x52", b"\x93\x63",
              b"\xb6", b"\xde", b"0", b"5", b"A", b"a", b"{", b"}", b"\x00", b"\x80", b"\x84\x60", b"\xf0\x40",
              b"\x83\xbf", b"\x81\xca", b"\xfc\xfc", b"\x81", b"~", b"\x7f", b"12345678"),
    "ibm939": (b"\x40", b"\x40\x40\x40\x40\x40\x40\x40\x40", b"\x0e", b"\x0f", b"\x45\x57", b"\x45\x75", b"\xc1",
               b"\xf0", b"\xf5", b"\xd5", b"\x00", b"\x0e\x45\x57\x0f", b"\x3f"),
    "euc_jis_2004": (b" ", b"\xa1\xa1", b"\xa1\xa1\xa1\xa1\xa1\xa1\xa1\xa1", b"\xb0\xa1", b"\x8e\xb1", b"\x8f\xb0\xa1",
                     b"\xa4\xf7", b"A", b"0", b"\x8f", b"\x80"),
}  # fmt: skip


def _layout(path: Path, encoding: str, kind: str, size: int) -> Layout:
    fields = (
        Field(name="before", label="b", start=1, bytes=1, type="text"),
        Field(name="value", label="v", start=2, bytes=size, type=kind),
    )
    return Layout(
        name="test/x", path=path, title="x", source="x", format="fixed", encoding=encoding, newline="none",
        record_bytes=size + 1, characters="jis", record=(RecordType(name="r", fields=fields),),
    )  # fmt: skip


def _read(layout: Layout, path: Path, cells: list[bytes], blank: bytes) -> Read:
    path.write_bytes(b"".join(blank + cell for cell in cells))
    (found,) = Reader(layout).batches(path)
    return found


@pytest.mark.parametrize("encoding", BYTES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_run_of_records_reads_as_each_of_them_alone(
    encoding: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("strips")
    kind, size = data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from(SIZES))
    piece = st.sampled_from(BYTES[encoding])
    size = min(size, 18) if kind == "zoned" else size
    cell = st.one_of(
        st.lists(piece, min_size=size, max_size=size).map(lambda p: b"".join(p)[:size]),
        st.tuples(st.lists(piece, max_size=9), piece).map(lambda p: (b"".join(p[0]) + p[1] * size)[:size]),
    )
    cells = data.draw(st.lists(cell, min_size=1, max_size=20))
    layout, blank = _layout(folder / "x", encoding, kind, size), BYTES[encoding][0][:1]
    blank = b"\x40" if encoding == "ibm939" else b" "
    together = _read(layout, folder / "a.dat", cells, blank)
    values = together.frames["r"]["value"].to_list()
    plain = [_plainly(layout, cell, blank, folder) for cell in cells]
    assert values == [value for value, _ in plain]
    assert together.issues["code"].to_list() == [code for _, code in plain if code]


def _plainly(layout: Layout, cell: bytes, blank: bytes, folder: Path) -> tuple[object, str]:
    """A value read where one record of the run lacks it, so that every value goes the plain way."""
    path = folder / "one.dat"
    path.write_bytes(blank + cell)
    form = Reader(layout)._form
    (block,) = form.blocks(path, 1)
    starts, ends = np.array([0, 0]), np.array([len(cell) + 1, 0])
    fields = list(layout.records[0].read.values())
    cells = _Cells(form, block, np.array([0, 0]), _Plan(form, fields))
    cells.decode(Span(fields, starts, ends))
    frame = cells.frame(np.array([1, 2]), np.array([0, 0]))
    codes = [issue[3] for issue in cells.issues(np.array([1, 2]))]
    return frame["value"][0], codes[0] if codes else ""


@pytest.mark.parametrize("form", ["", "unsigned", "little", "little unsigned"])
@given(cells=st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=9), size=st.integers(1, 8))
def test_binary_numbers_are_what_python_makes_of_them(
    form: str, cells: list[bytes], size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = _numbers(tmp_path_factory.mktemp("binary"), "binary", form, [c[:size] for c in cells])
    signed = "unsigned" not in form
    made = [int.from_bytes(c[:size], "little" if "little" in form else "big", signed=signed) for c in cells]
    assert found == [n if n < 1 << 63 else None for n in made]


@pytest.mark.parametrize("form", ["", "unsigned"])
@given(data=st.data(), size=st.integers(1, 9))
def test_packed_numbers_are_what_the_slow_reading_makes_of_them(
    form: str, data: st.DataObject, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    half = st.sampled_from("00112233445566778899" + "f")
    digits = st.lists(half, min_size=2 * size - 1, max_size=2 * size - 1).map("".join)
    good = st.text("0123456789", min_size=2 * size - 1, max_size=2 * size - 1)
    raw = st.tuples(st.one_of(good, digits), st.sampled_from("abcdef09")).map(lambda t: bytes.fromhex("".join(t)))
    cells = data.draw(st.lists(raw, min_size=1, max_size=9))
    field = Field(name="value", label="v", bytes=size, type="packed", form=form)
    wanted = []
    for cell in cells:
        try:
            text = decimal_text(cell, field, "translated", cp932("jis"))
        except NotANumberError:
            text = None
        wanted.append(None if text is None else int(text))
    assert _numbers(tmp_path_factory.mktemp("packed"), "packed", form, cells) == wanted


def _numbers(folder: Path, kind: str, form: str, cells: list[bytes]) -> list[int | None]:
    layout = _layout(folder / "x", "cp932", kind, len(cells[0]))
    before, value = layout.records[0].fields
    record = RecordType(name="r", fields=(before, value.model_copy(update={"form": form})))
    layout = layout.model_copy(update={"records": (record,)})
    values: list[int | None] = _read(layout, folder / "a.dat", cells, b" ").frames["r"]["value"].to_list()
    return values


def test_the_border_of_a_run_is_none(tmp_path: Path) -> None:
    cells = [f"{i:07d}".encode() for i in range(2 * RUN + 9)]
    for kind, wanted in (
        ("digits", [c.decode() for c in cells]),
        ("zoned", [int(c) for c in cells]),
    ):
        layout = _layout(tmp_path / "x", "cp932", kind, 7)
        for count in (1, 7, 8, 9, RUN - 1, RUN, RUN + 1, len(cells)):
            found = _read(layout, tmp_path / "a.dat", cells[:count], b" ")
            assert found.frames["r"]["value"].to_list() == wanted[:count]


def test_memory_that_somebody_holds_is_not_lent_again() -> None:
    memory = Memory()
    held = memory.take(1000)[10:20]
    held[:] = 7
    for _ in range(5):
        memory.take(900)[:] = 1
    assert held.tolist() == [7] * 10
