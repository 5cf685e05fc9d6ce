"""Garbage: what was found by benchmarks/fuzz.py and mended, and some hundred damaged files of every kind."""

from __future__ import annotations

import random

import pytest
from fuzzing import targets
from fuzzing.mutated import mutated, zipped
from fuzzing.target import SECRET, BrokenError, Seed, silent

QUICK = {"readers": 60, "copybook": 60, "notation": 60, "workbook": 30, "ledgers": 20, "peek": 20, "delivered": 15, "conversion": 6}
"""Damaged files of each kind; benchmarks/fuzz.py has time for more."""

FOUND = [
    ("readers", "csv_cp932_lf", b'"""\n,,"\xa2",,,', "a quote that closes on a later line: its issue lay behind its record"),
    ("readers", "csv_iso-2022-jp_cr", b'K;\r;;;;;""\r"\r"$', "the same in another encoding"),
    ("notation", "asama/care trailer", "見出し\n文字コード,cp932p932,\n行番号,階層,項目名,繰返し,位置,バイト数,型\n1,1,ファイル名,,1,2,C\n".encode(),
     "an encoding that is none was a KeyError when a file was read"),
    ("ledgers", "layouts/legacy/asama/resident/layout.toml", b"record = [1, 2]", "record types that are numbers: a TypeError"),
    ("ledgers", "layouts/legacy/asama/resident/layout.toml", b'[[record]]\nname = "a\\u0000b"', "a record type's name with NUL: a ValueError"),
    ("ledgers", "layouts/legacy/asama/resident/layout.toml", b"x = " + b"[" * 3000, "brackets without end: a RecursionError"),
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Targets, each made once."""
    known = {}

    def of(name):
        if name not in known:
            known[name] = targets.TARGETS[name](tmp_path_factory.mktemp(name))
        return known[name]

    return of


@pytest.mark.parametrize(("name", "file", "data", "why"), FOUND, ids=[f"{f[0]}: {f[3]}" for f in FOUND])
def test_what_was_found_stays_mended(made, tmp_path, name, file, data, why):
    target = made(name)
    (seed,) = {s.name: s for s in target.seeds if s.name == file}.values()
    assert target.run(seed, data, tmp_path), why


@pytest.mark.parametrize("name", sorted(QUICK))
def test_garbage_is_read_or_refused_and_nothing_else(made, tmp_path, name):
    if name == "workbook":
        pytest.importorskip("openpyxl")
    target, seen = made(name), set()
    others = [s.data for s in target.seeds]
    for number in range(QUICK[name]):
        rng = random.Random(f"{name} {number}")
        seed = rng.choice(target.seeds)
        seen.add(target.run(seed, (zipped if target.members else mutated)(rng, seed.data, others, target.words), tmp_path))
    assert len(seen) >= 2  # some are taken, some are not


def test_the_empty_file_is_no_crash_anywhere(made, tmp_path):
    for name in QUICK:
        seed = made(name).seeds[0]
        assert isinstance(made(name).run(Seed(seed.name, b"", seed.tools), b"", tmp_path), str)


@pytest.mark.parametrize("text", [SECRET, SECRET.encode().hex(" "), SECRET.encode("cp037").hex()])
def test_a_secret_that_shows_is_noticed(text):
    with pytest.raises(BrokenError, match="shows"):
        silent(f"value: {text}.")
