"""The benchmarks themselves: what is compared is the same work, and what became slower is said on good grounds."""

from __future__ import annotations

import csv
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from migrate.books import Options
from migrate.catalog import Catalog
from migrate.pipeline import run
from migrate.read import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Lines = Sequence[tuple[Any, ...]]

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
MAPPING = Catalog(BENCHMARKS / "knowledge").mapping("bench/person")
OPTIONS = Options(city="482013", as_of="20260401000000")


@pytest.fixture(autouse=True, scope="module")
def _importable() -> Iterator[None]:
    """The programs of benchmarks/ import one another as scripts do."""
    added = [str(BENCHMARKS), str(BENCHMARKS / "peers")]
    sys.path[:0] = added
    yield
    sys.path[:] = [p for p in sys.path if p not in added]


@pytest.fixture
def person(tmp_path: Path) -> Path:
    """Some hundred records of the reference job."""
    return made(tmp_path / "PERSON.DAT", 500)


def made(path: Path, records: int, faults: float = 0.0) -> Path:
    blocks = import_module("records").blocks(records, 7, faults)
    path.write_bytes(b"".join(b.tobytes() for b in blocks))
    return path


def table_of(folder: Path) -> Path:
    return next(p for p in folder.glob("[0-9]*.csv") if ".extra." not in p.name)


# ---- the invented records ----


def test_the_reference_job_is_what_the_page_says() -> None:
    layout, table = MAPPING.layout, MAPPING.table
    assert (layout.record_bytes, layout.newline, layout.encoding) == (398, "crlf", "cp932")
    assert len(MAPPING.record.fields) == 45
    assert len(table.columns) == 42


def test_every_record_is_good_and_no_key_comes_twice(person: Path, tmp_path: Path) -> None:
    report = run([MAPPING], person, tmp_path / "out", OPTIONS)
    (books,) = report.books.values()
    assert (books.read, books.written) == (500, 500)


def test_the_same_seed_gives_the_same_bytes_and_a_longer_file_begins_with_the_shorter() -> None:
    maker = import_module("records")
    short = np.vstack(list(maker.blocks(100, 3)))
    long = np.vstack(list(maker.blocks(maker.BLOCK + 10, 3)))
    assert (short == long[:100]).all()
    assert long.shape == (maker.BLOCK + 10, 400)
    assert not (short == np.vstack(list(maker.blocks(100, 4)))).all()


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_records_are_broken_as_often_as_was_asked(share: float, tmp_path: Path) -> None:
    report = run([MAPPING], made(tmp_path / "PERSON.DAT", 1000, share), tmp_path / "out", OPTIONS)
    (books,) = report.books.values()
    assert books.rejected == pytest.approx(1000 * share, rel=0.15)
    assert share < 1 or books.written == 0


# ---- the bare work is the same work ----


def test_bare_rules_count_what_the_program_finds(tmp_path: Path) -> None:
    rules = import_module("rules")
    rows = broken_rows()
    found = rows.select(rules.broken(MAPPING.table, MAPPING.codes)).row(0, named=True)
    assert {name: count for name, count in found.items() if count} == {
        "person_no atena_no": 1,
        "name not_n": 1,
        "name unregistered_gaiji": 1,
        "birth_date not_date": 2,
        "sex missing": 1,
        "rel_code not_in_code_list": 1,
        "income out_of_range": 1,
        "postal too_long": 1,
        "nationality not_x": 1,
    }


def broken_rows() -> pl.DataFrame:
    """Rows of the standard table, good but for what the test says."""
    good = {
        "city_code": "482013", "person_no": "000000604431980", "hist_no": 1, "household_no": "000000604431980",
        "jumin_code": "25208017643", "resident_type": "1", "resident_status": "1", "name": "表　能太郎", "sex": "1",
        "birth_date": "1989-01-07", "rel_code": "02", "address": "浅間市", "became_date": "1989-01-07",
        "addr_since": "1989-01-07", "event_date": "1989-01-07", "event_reason": "01", "list_order": 1, "member_count": 1,
        "income": 1, "deduction": 1, "tax": 1, "overpaid": -1, "tax_class": "1", "collection_kind": "1",
        "restraint_flag": "0", "is_latest": "1", "is_deleted": "0", "operator_id": "T001",
    }  # fmt: skip
    changes: list[dict[str, Any]] = [
        {},
        {"person_no": "000000604431981", "name": "Ascii"},
        {"name": "表\ue000", "birth_date": "1989-02-30"},
        {"birth_date": "1989-1-07", "sex": None},
        {"rel_code": "98", "income": -1, "postal": "12345678", "nationality": "日"},
    ]
    schema = {c.name: c.dtype for c in MAPPING.table.columns}
    return pl.DataFrame([good | c for c in changes], schema=schema)


def test_the_floor_in_c_reads_what_the_program_reads(person: Path) -> None:
    floor = import_module("floor")
    if not floor.compiler():
        pytest.skip("no C compiler")
    kernel = floor.Kernel(person.read_bytes())
    kernel.run()
    (read,) = Reader(MAPPING.layout).batches(person)
    frame = read.frames["person"]
    names = [
        f.name for f in MAPPING.record.fields if f.type != "filler" and f.name not in floor.DAYS
    ]
    assert len(names) == 40
    for name in names:
        ours = frame[name].fill_null("" if frame.schema[name] == pl.String else 0)
        assert kernel.column(name) == ours.to_list(), name
    birth = frame["birth"].to_list()
    before = import_module("task").BEFORE
    days = [f"{before[b[0]] + int(b[1:3])}-{b[3:5]}-{b[5:7]}" for b in birth]
    assert kernel.column("birth") == pl.Series(days).str.to_date().to_physical().to_list()


@pytest.mark.parametrize(
    "peer", ["plain", "pandas_fwf", "polars_iconv", "duckdb_iconv", "plain_perl", "fields_csvkit"]
)
def test_a_peer_says_the_same_value_by_value(peer: str, person: Path, tmp_path: Path) -> None:
    known = {p.program: p for p in import_module("run").PEERS.values()}
    if known[f"{peer}.py"].absent:
        pytest.skip(f"not here: {known[f'{peer}.py'].absent}")
    run([MAPPING], person, tmp_path / "out", OPTIONS)
    command = [
        sys.executable,
        str(BENCHMARKS / f"peers/{peer}.py"),
        str(person),
        str(tmp_path / peer),
    ]
    subprocess.run(command, check=True)
    found = import_module("agree").compared(tmp_path / "out", tmp_path / peer)
    assert all(not told["differ"] and told["rows"] == 500 for told in found.values())
    assert found["table"]["columns"] == (13 if peer == "fields_csvkit" else 42)


# ---- what became slower ----


def written(folder: Path, name: str, head: str, lines: Lines) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head.split(), *lines])


def turns(step: list[float], yard: list[float]) -> list[tuple[Any, ...]]:
    """Lines of stages.csv: a step and the yardstick, round by round."""
    return [
        (name, n, ns, ns) for name, all_ in (("read", step), ("yardstick", yard)) for n, ns in enumerate(all_)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        pytest.param(turns([100, 102, 101], [10, 10, 10]), turns([100, 103, 101], [10, 10, 10]), "within noise", id="the same"),
        pytest.param(turns([100, 102, 101], [10, 10, 10]), turns([130, 128, 131], [10, 10, 10]), "slower", id="each round above each"),
        pytest.param(turns([100, 102, 101], [10, 10, 10]), turns([130, 99, 131], [10, 10, 10]), "within noise", id="one round as fast"),
        pytest.param(turns([100, 102, 101], [10, 10, 10]), turns([200, 204, 202], [20, 20, 20]), "within noise", id="a slower machine"),
        pytest.param(turns([100, 102, 101], [10, 10, 10]), turns([104, 103.5, 104], [10, 10, 10]), "within noise", id="apart, but little"),
        pytest.param(turns([100, 102, 101], [10, 10, 10]), turns([70, 71, 72], [10, 10, 10]), "faster", id="faster"),
        pytest.param(turns([100, 102], [10, 10]), turns([200, 201], [10, 10]), "too few rounds", id="two rounds prove nothing"),
        pytest.param(turns([100, 102, 101], []), turns([200, 201, 202], []), "too few rounds", id="a stopwatch alone proves nothing"),
    ],
)  # fmt: skip
def test_a_step_is_slower_only_beyond_the_noise_of_its_rounds(
    tmp_path: Path, before: Lines, after: Lines, verdict: str
) -> None:
    compare = import_module("compare")
    for name, lines in (("a", before), ("b", after)):
        written(tmp_path / name, "stages.csv", "step round cpu_ns wall_ns", lines)
    (found,) = compare.compared(tmp_path / "a", tmp_path / "b")
    assert (found.step, found.verdict) == ("read", verdict)
    assert compare.main(tmp_path / "a", tmp_path / "b") == int(verdict == "slower")
    single = compare.compared(tmp_path / "a/stages.csv", tmp_path / "b/stages.csv")
    assert single == [found]


@pytest.mark.parametrize(
    ("count", "verdict"),
    [(1000, "within noise"), (1009, "within noise"), (1011, "slower"), (980, "faster")],
)
def test_a_step_of_more_instructions_is_slower(tmp_path: Path, count: int, verdict: str) -> None:
    compare = import_module("compare")
    for name, instructions in (("a", 1000), ("b", count)):
        written(
            tmp_path / name,
            "instructions.csv",
            "step records instructions",
            [("read", 1, instructions), (name, 1, 5)],
        )
    found = compare.compared(tmp_path / "a", tmp_path / "b")
    assert [(v.step, v.verdict) for v in found] == [("read", verdict)]
    assert compare.main(tmp_path / "a", tmp_path / "b") == int(verdict == "slower")


def test_results_that_hold_nothing_in_common_are_not_called_equal(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert import_module("compare").main(tmp_path / "a", tmp_path / "b") == 2


# ---- the ratios ----


def test_targets_come_from_the_rounds_and_what_was_not_measured_is_said(tmp_path: Path) -> None:
    results = import_module("results")
    (tmp_path / "run.json").write_text('{"records": 1000}')
    lines = [("ours csv", 1000, 1, 0, 2.0, 1.0, 100), ("ours csv", 1000, 1, 1, 2.0, 2.0, 100)]
    lines += [
        ("pandas", 10, 1, 0, 1.0, 1.0, 50),
        ("pandas", 110, 1, 0, 5, 5, 60),
        ("pandas", 110, 1, 1, 6, 6, 60),
    ]
    written(tmp_path, "processes.csv", "what records workers round wall_s cpu_s rss_mb", lines)
    memory = [
        ("every record bad", 10, 1, 1, 1, 105),
        ("good", 10, 1, 1, 1, 100),
        ("good", 30, 1, 1, 1, 120),
    ]
    written(tmp_path, "memory.csv", "what records workers wall_s cpu_s rss_mb", memory)
    found = {t.name: t for t in results.targets(results.Results(tmp_path))}
    pandas = found["whole job against pandas"]  # 1 s at 10 records, 4 or 5 s more for each 100
    assert pandas.reached == pytest.approx((32.925, 25.25, 40.6), abs=0.01)
    assert pandas.met
    assert found["memory against records"].reached == (1.2, 1.2, 1.2)
    assert not found["memory against records"].met
    assert found["memory of a bad file"].reached[0] == pytest.approx(1.05)
    assert found["start"].reached is None
    assert found["start"].met is None


def test_plots_are_drawn_of_what_there_is() -> None:
    from xml.etree import ElementTree

    plots = import_module("plots")
    drawn = plots.bars(
        "A <title>", [("ours", 1.0, "1.0", True), ("other & more", 4.0, "4.0", False)], mark=2.0
    )
    assert len(list(ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}rect"))) == 3
    drawn = plots.curves(
        "Memory", ("million", "MB"), {"good": [(1, 500), (30, 510)], "bad": [(1, 505)]}
    )
    assert len(list(ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}circle"))) == 3
