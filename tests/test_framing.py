"""Files cut short, glued together or of another kind: named, never accepted in silence."""

from __future__ import annotations

import pytest

from migrate import Reader, SourceError
from migrate.model import Field, Layout, RecordType, Tag


def layout(newline="crlf", **more):
    def record(name, first, kind, declares=()):
        fields = (Field(name="tag", label="", start=1, bytes=1, type="digits"),
                  Field(name="body", label="", start=2, bytes=9, type="text"))  # fmt: skip
        return RecordType(name=name, kind=kind, tag=(Tag.model_validate({"at": 1, "is": (first,)}),), fields=fields, declares=declares)

    kinds = more.get("kinds", ("header", "data", "trailer"))
    records = tuple(record(k, {"header": "1", "data": "2", "trailer": "8", "end": "9"}[k], k) for k in kinds)
    return Layout(name="t/t", path="t", title="t", source="t", format="fixed", encoding="cp932",
                  newline=newline, record_bytes=10, record=records)  # fmt: skip


def faults(path, data, spec, size=1000):
    path.write_bytes(data)
    reads = list(Reader(spec).batches(path, size))
    assert sum(len(r.block) for r in reads) == reads[-1].block.first + len(reads[-1].block) - 1
    pieces = b"".join(r.block.raw(i) for r in reads for i in range(len(r.block)))
    assert pieces == data.removesuffix(b"\x1a") or pieces == data
    wrong = [(r["record"], r["code"]) for read in reads for r in read.issues.to_dicts()]
    return wrong, [f["code"] for read in reads for f in read.faults.to_dicts()]


H, D, T, E = b"1header   ", b"2data     ", b"8trailer  ", b"9end      "
N = b"\r\n"


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize(
    ("data", "wrong", "fault"),
    [
        (H + N + D + N + T + N, [], []),
        (H + N + D + N + T, [], []),
        (H + N + D + N + T + N + b"\x1a", [], []),
        (H + N + D + N + T + b"\x1a", [], []),
        (H + N, [], ["no_trailer"]),
        (H + N + D + N + b"\x1a", [], ["no_trailer"]),
        (H + N + D + N, [], ["no_trailer"]),
        (H + N + D + N + T[:5], [(3, "wrong_length")], ["no_trailer"]),
        (H + N + D[:9] + N + T + N, [(2, "wrong_length")], []),
        (H + N + D + D + N + D + N + T + N, [(2, "wrong_length")], []),
        (H + N + D + b"xyz" + N + D + N + T + N, [(2, "wrong_length")], []),
        (H + N + N + D + N + T + N, [(2, "wrong_length")], []),
        (H + N + b"7stranger " + N + T + N, [(2, "unknown_record")], []),
        (D + N + T + N, [], ["no_header"]),
        (H + N + D + N + T + N + D + N, [], ["no_trailer"]),
        (H + N + D + N + T + N + b"\x1a\x1a", [(4, "wrong_length")], ["no_trailer"]),
    ],
    ids=range(16),
)
def test_a_file_is_cut_the_same_whatever_the_blocks(tmp_path, data, wrong, fault, size):
    assert faults(tmp_path / "f", data, layout(), size) == (wrong, fault)


@pytest.mark.parametrize(("newline", "mark"), [("lf", b"\n"), ("cr", b"\r"), ("none", b"")])
@pytest.mark.parametrize("tail", [b"", b"\x1a"])
@pytest.mark.parametrize("complete", [True, False])
def test_every_newline_may_be_missing_at_the_end(tmp_path, newline, mark, tail, complete):
    data = mark.join([H, D, T]) + (mark if complete else b"") + tail
    assert faults(tmp_path / "f", data, layout(newline)) == ([], [])


def test_a_file_without_its_end_record_is_cut_short(tmp_path):
    spec = layout(kinds=("header", "data", "trailer", "end"))
    assert faults(tmp_path / "f", N.join([H, D, T, E, b""]), spec) == ([], [])
    assert faults(tmp_path / "f", N.join([H, D, T, b""]), spec) == ([], ["no_end"])
    assert faults(tmp_path / "f", N.join([H, D, T, E, D, b""]), spec)[1] == ["no_trailer", "no_end"]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_mark_of_the_end_hides_no_missing_record(tmp_path, size):
    spec = layout(kinds=("header", "data", "trailer", "end"))
    assert faults(tmp_path / "f", N.join([H, D, T, E, b"\x1a"]), spec, size) == ([], [])
    assert faults(tmp_path / "f", N.join([H, D, T, b"\x1a"]), spec, size) == ([], ["no_end"])


def test_many_damaged_records_are_read_in_time_that_grows_as_the_file(tmp_path):
    """A look ahead over the whole block for each damaged record would take minutes here."""
    (tmp_path / "f").write_bytes(H + N + (D[:7] + N) * 200_000 + T + N)
    reads = list(Reader(layout()).batches(tmp_path / "f"))
    assert sum(r.issues.filter(code="wrong_length").height for r in reads) == 200_000


@pytest.mark.parametrize(
    "data",
    [b"x" * 451 + N, (b"y" * 11 + N) * 5, (D + b"\n") * 5, (D + b"\n") * 3000, b"\x1a", b"text without newline"],
    ids=["long", "by one", "other newline", "other newline, many", "only 1A", "no newline"],
)
def test_a_file_in_which_nothing_fits_is_not_processed(tmp_path, data):
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(SourceError, match="10"):
        list(Reader(layout()).batches(tmp_path / "f"))


def test_a_hundred_damaged_records_cost_only_themselves(tmp_path):
    data = H + N + (D + N + D[:4] + N) * 100 + T + N
    wrong, fault = faults(tmp_path / "f", data, layout(), 7)
    assert len(wrong) == 100
    assert fault == []
