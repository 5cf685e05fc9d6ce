"""Work that was shared out and merged gives, byte for byte, what one run gives."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import hosts
import numpy as np
import pytest

from migrate import BusyError, Catalog, Options, SourceError, run
from migrate.cli import base, main
from migrate.frames import OFFSET, RECORD
from migrate.model import Declaration, Tag
from migrate.pipeline.publish import alone
from migrate.pipeline.saved import packed, unpacked
from migrate.pipeline.shard import lock_of, name_of, save
from migrate.pipeline.shards import Shards, held, merged
from migrate.pipeline.through import Made
from migrate.read import Reader

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"
PIECE = {"part": True, "city": "482013", "as_of": "20260401000000"}


def _files(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != ".lock"}


def _shards(mappings, source, into, count, options):
    for number in range(count, 0, -1):  # in any order
        save(mappings, source, into, replace(options, shard=(number, count), workers=number % 2 + 1))


def _merge(mappings, into, shrinks=None):
    with held(into) as shards:
        told = replace(shards.options, workers=2, shrinks=shrinks)
        assert [m.name for m in mappings] == shards.mappings
        return run(mappings, shards.source, into, told, shards)


def _law(mappings, source, tmp_path, count, **settings):
    """What one run gives is what shards and a merge give; and the report is the same."""
    options = Options(**settings)
    one, many = tmp_path / "one", tmp_path / f"many{count}"
    whole = run(mappings, source, one, options)
    _shards(mappings, source, many, count, options)
    assert not (many / "run.json").exists()
    report = _merge(mappings, many, options.shrinks)
    for name, content in _files(one).items():
        assert _files(many)[name] == content, name
    assert (report.exit_code, report.books, report.issues, report.faults) == (
        whole.exit_code, whole.books, whole.issues, whole.faults,
    )  # fmt: skip
    shards = {name_of(number + 1, count) for number in range(count)}
    left = {name for name in _files(many).keys() - _files(one).keys() if not name.endswith(".lock")}
    assert left == (shards if report.exit_code == 8 else set())  # what may not be used has no run.json
    assert ("run.json" in _files(many)) == (report.exit_code != 8)
    return report


FORMS = [
    {"formats": ("csv", "parquet", "xml")},
    {"sort": True},
    {"characters": "jisx0208"},
    {"require_gaiji": 0.0},
    {"limit": 31},
    {"max_rejects": 0},  # exit code 8: the outcome may not be used
]


@pytest.mark.parametrize(
    ("count", "settings"), [*((n, FORMS[0]) for n in (1, 2, 3, 7)), *((3, one) for one in FORMS[1:])]
)
def test_the_number_of_shards_never_shows(mappings, records, tmp_path, count, settings):
    """Law 2, on a piece of the sample that has most of the nasty cases; keys come again in other shards."""
    source = tmp_path / "source.dat"
    source.write_bytes(b"".join(records[:60] + records[852:930] + records[1:9]))
    if "characters" in settings:
        (tmp_path / "own.csv").write_text("from,to\n髙,高\n﨑,崎\n", encoding="utf-8")
        maps = (str(tmp_path / "own.csv"),)
        settings = {**settings, "shrink_maps": maps, "shrinks": Catalog(ROOT).shrinks(maps)}
    report = _law(mappings, source, tmp_path, count, **PIECE, batch=7, **settings)
    assert report.exit_code == (8 if "max_rejects" in settings else 4)
    assert "limit" in settings or report.issues["juki_resident", "atena_no", "repeated_key", "error"]


def test_of_a_block_that_no_shard_begins_with_there_is_one_owner(mappings, records, tmp_path):
    """Blocks that are larger than a part: some shards have nothing to do."""
    source = tmp_path / "source.dat"
    source.write_bytes(b"".join(records[:40]))
    report = _law(mappings, source, tmp_path, 9, **PIECE, batch=16)
    assert report.read == 40


@pytest.mark.parametrize("count", [2, 5])
def test_headers_trailers_and_damage_are_as_in_one_run(mappings, records, tmp_path, count):
    """A trailer in the last shard counts what all have read; damaged bytes shift the records behind them."""
    whole, hurt = tmp_path / "whole", tmp_path / "hurt"
    for folder in (whole, hurt):
        folder.mkdir()
    data = bytearray(b"".join(records))
    (whole / "s.dat").write_bytes(data)
    assert _law(mappings, whole / "s.dat", whole, count, batch=90).faults == []
    del data[2000:2003]  # a record that is too short; the next ones are found again
    data[90_000:90_000] = b"\xff\r\n\r\n"
    data[200_000] = 0xFF
    (hurt / "s.dat").write_bytes(data)
    report = _law(mappings, hurt / "s.dat", hurt, count, batch=90)
    assert report.faults  # so many records are not what the trailer promises
    assert report.exit_code == 8


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Small files of three vendors."""
    into = tmp_path_factory.mktemp("town")
    make = [sys.executable, ROOT / "samples/make_town.py", "--residents", "60", "--faults", "0.05", "--into", into]
    subprocess.run(make, cwd=ROOT, capture_output=True, check=True)
    return into


@pytest.mark.parametrize("pattern", ["kusatsu/juki*", "shirane/it_*", "asama/ca_*"])
def test_every_file_of_a_folder_is_shared_out(town, tmp_path, pattern):
    """EBCDIC, CSV with header lines, lookups, records that unfold, and files that none of the mappings reads."""
    source = town / pattern.partition("/")[0]
    when = {name: PIECE[name] for name in ("city", "as_of")}
    report = _law(Catalog(ROOT).mappings(pattern), source, tmp_path, 3, batch=40, require_gaiji=0.0, **when)
    assert report.unclaimed
    assert all(books.read for books in report.books.values())


MOVED = """kind,K,1,1,text
n,N,2,1,zoned
x,X,3,2,digits,,,g,3,n
amount,A,9,3,digits"""
SUMS = (Declaration(field="count", counts=("data",)), Declaration(field="total", sums="data amount"))


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_block_that_was_saved_claims_and_blames_as_before(tmp_path, size):
    """Fields that lie before their place, sums, a trailer that is wrong: nothing else of the records is kept."""
    kinds = [("data", MOVED, "D", ()), ("trailer", "kind,K,1,1,text\ncount,C,2,3,digits\ntotal,T,5,6,digits", "T", SUMS)]
    layout = hosts.layout(
        tmp_path,
        *(hosts.record(tmp_path, kind, text, kind=kind, declares=claims, tag=(Tag.model_validate({"at": 1, "is": [mark]}),))
          for kind, text, mark, claims in kinds),
        prefix="rdw",
    )  # fmt: skip
    (tmp_path / "s.dat").write_bytes(
        b"".join(hosts.rdw(hosts.host(x)) for x in ("D0001", "D111002", "X", "D3112233004", "D9", "T005000007"))
    )
    reader = Reader(layout)
    fresh, claims, kept = reader.blocks(tmp_path / "s.dat", size), reader.claims(), reader.claims()
    for block, again in zip(reader.blocks(tmp_path / "s.dat", size), fresh, strict=True):
        read = reader.decoded(block)
        members = packed(Made(read, []), layout)
        before, after = claims.held(read), kept.held(unpacked(members.__getitem__, again, layout).read)
        assert after.types.tolist() == before.types.tolist()
        assert after.frames["data"].equals(before.frames["data"].select("amount", RECORD, OFFSET))
        assert after.frames["trailer"].equals(before.frames["trailer"])
        assert after.issues.equals(before.issues)
        assert after.faults.equals(before.faults)
        assert after.declared == before.declared
        at, index = np.arange(-1, 12), np.arange(len(block))
        for number in index:
            assert again.places(number + 0 * at, at).tolist() == before.block.places(number + 0 * at, at).tolist()
    assert [one["found"] for one in kept.declared] == [4, 7]
    with pytest.raises(ValueError):
        unpacked(members.__getitem__, block.only(0) if size > 1 else next(reader.blocks(tmp_path / "s.dat", 1)), layout)


def test_small_files_do_not_all_fall_to_the_first_shard(mappings, records, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    for number in range(4):
        (folder / f"JUKI{number}.DAT").write_bytes(b"".join(records[1 + 5 * number : 6 + 5 * number]))
    taken = [save(mappings, folder, tmp_path / "out", Options(**PIECE, shard=(n, 2))) for n in (1, 2)]
    assert [one.records for one in taken] == [10, 10]


@pytest.fixture
def made(mappings, records, tmp_path):
    """Two shards of a small file, and where they are."""
    source = tmp_path / "source.dat"
    source.write_bytes(b"".join(records[1:30]))
    _shards(mappings, source, tmp_path / "out", 2, Options(**PIECE, batch=10))
    return source, tmp_path / "out"


def _told(path, change):
    """A shard that tells otherwise of itself."""
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    facts = json.loads(members["shard.json"])
    change(facts)
    members["shard.json"] = json.dumps(facts).encode()
    with ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _lacking(path, count):
    """A shard without its last members but the facts."""
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w") as archive:
        for name in [*list(members)[:-count], "shard.json"]:
            archive.writestr(name, members[name])


def _flipped(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)


def _of_three(path):
    shutil.copy(path, path.parent / name_of(1, 3))


REFUSALS = {
    "missing": (lambda s, one: one.unlink(), "out: shards are missing (shard-2-of-2.zip); make them with"),
    "none": (lambda s, one: [p.unlink() for p in one.parent.glob("*.zip")], "out: holds no shards; make them: migrate"),
    "divisions": (lambda s, one: _of_three(one), "out: shards of several divisions (N = 2, 3); remove the"),
    "options": (
        lambda s, one: _told(one, lambda f: f["asked"].update(round="01", sort=True)),
        "shard-2-of-2.zip: options not those of shard-1-of-2.zip (round, sort); make it anew",
    ),
    "program": (
        lambda s, one: _told(one, lambda f: f["program"].update(polars="0.1")),
        "shard-2-of-2.zip: versions of the program not those of shard-1-of-2.zip (polars); use the same",
    ),
    "knowledge": (
        lambda s, one: [_told(p, lambda f: f["knowledge"].update({"x.csv": "0"})) for p in one.parent.glob("*.zip")],
        "shard-1-of-2.zip: layouts or mappings not those of what is here now (x.csv); name the same --root",
    ),
    "changed": (
        lambda s, one: s.write_bytes(s.read_bytes()[:-452]),
        "source.dat); put them back as they were, or make all shards anew",
    ),
    "touched": (lambda s, one: os.utime(s, (0, 0)), "source.dat); put them back"),
    "gone": (lambda s, one: s.unlink(), "source.dat); put them back"),
    "cut short": (
        lambda s, one: one.write_bytes(one.read_bytes()[:-30]),
        "shard-2-of-2.zip: is damaged or cut short; make it anew",
    ),
    "no facts": (lambda s, one: _told(one, dict.clear), "shard-2-of-2.zip: is damaged or cut short"),
    "lacking": (lambda s, one: _lacking(one, 3), "shard-2-of-2.zip: is damaged or cut short"),
    "flipped": (lambda s, one: _flipped(one), "shard-2-of-2.zip: is damaged or cut short"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_does_not_belong_together_is_refused(mappings, made, case):
    """File, cause and remedy; the outputs are not begun, the shards stay."""
    source, out = made
    harm, said = REFUSALS[case]
    harm(source, out / "shard-2-of-2.zip")
    left = _files(out)
    with pytest.raises(SourceError) as refusal:
        _merge(mappings, out)
    assert said in str(refusal.value)
    assert str(out) in str(refusal.value)
    assert {n for n in _files(out) if not n.startswith(".")} == {n for n in left if not n.startswith(".")}


def test_a_new_file_in_the_folder_is_a_change(mappings, records, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "JUKI1.DAT").write_bytes(b"".join(records[1:9]))
    _shards(mappings, folder, tmp_path / "out", 1, Options(**PIECE))
    (folder / "JUKI2.DAT").write_bytes(b"".join(records[9:12]))
    with pytest.raises(SourceError, match="source files not those of what is here now"):
        _merge(mappings, tmp_path / "out")


def test_a_file_that_changes_while_a_shard_is_made_leaves_no_shard(mappings, records, tmp_path):
    source = tmp_path / "source.dat"
    source.write_bytes(b"".join(records[1:30]))

    def touched(_):
        os.utime(source, (0, 0))

    with pytest.raises(SourceError, match="changed while it was read"):
        save(mappings, source, tmp_path / "out", Options(**PIECE, shard=(1, 1), progress=touched))
    assert {p.name for p in (tmp_path / "out").iterdir()} <= {".shard-1-of-1.zip.lock"}


def test_shards_are_made_beside_one_another_but_each_by_one(mappings, made):
    source, out = made
    with alone(out, lock_of(name_of(1, 2))):
        save(mappings, source, out, Options(**PIECE, batch=10, shard=(2, 2)))
        with pytest.raises(BusyError):
            save(mappings, source, out, Options(**PIECE, batch=10, shard=(1, 2)))
        with pytest.raises(BusyError):
            _merge(mappings, out)
        (out / ".shard-1-of-2.zip.tmp").write_bytes(b"begun")  # by whoever holds the lock
        run(mappings, source, out, Options(**PIECE))
        assert (out / ".shard-1-of-2.zip.tmp").read_bytes() == b"begun"
    _merge(mappings, out)
    assert [p.name for p in out.glob(".*")] == [".lock"]


def test_a_merge_killed_anywhere_can_be_run_again(mappings, made, tmp_path, monkeypatch):
    """Before run.json stands the shards are all there; afterwards the removal is finished, and the exit code told."""
    source, out = made
    whole = run(mappings, source, tmp_path / "whole", Options(**PIECE, batch=10))

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Shards, "tell", killed)
        with pytest.raises(Killed):
            _merge(mappings, out)
    assert not (out / "run.json").exists()
    removed = []
    unlink = Path.unlink

    def once(path, missing_ok=False):
        unlink(path, missing_ok)
        if path.suffix == ".zip":
            removed.append(path.name)
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", once)
        with pytest.raises(Killed):
            _merge(mappings, out)
    assert removed == ["shard-1-of-2.zip"]
    assert (out / "run.json").exists()
    assert merged(out) == whole.exit_code
    assert merged(out) is None
    assert _files(out) == _files(tmp_path / "whole")


def test_shards_made_anew_after_a_merge_that_was_killed_are_merged_anew(mappings, made):
    source, out = made
    (out / ".merged").write_text('{"count": 2, "exit_code": 0}', encoding="utf-8")
    save(mappings, source, out, Options(**PIECE, batch=10, shard=(1, 2)))
    assert merged(out) is None
    assert _merge(mappings, out).exit_code == 4


def _command(*words):
    return subprocess.run(
        [sys.executable, "-m", "migrate", *map(str, words), "--lang", "en"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_shards_killed_and_run_again_on_the_command_line(tmp_path):
    """Law 5, and what the commands say: records and bytes, and never a value."""
    out, words = tmp_path / "out", ["convert", "asama/resident*", SAMPLE, "--to", "csv,parquet", "--into"]
    for delay in (1.0, 3.0):
        process = subprocess.Popen(
            [sys.executable, "-m", "migrate", *map(str, words), out, "--shard", "1/2"],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if (out / name_of(1, 2)).exists():
            ZipFile(out / name_of(1, 2)).close()
    told = [_command(*words, out, "--shard", f"{number}/2") for number in (1, 2)]
    assert [one.returncode for one in told] == [0, 0]
    assert told[0].stdout == "shard-1-of-2.zip: 1,003 records, 453,808 bytes of the source\n"
    assert told[1].stdout == "shard-2-of-2.zip: 0 records, 0 bytes of the source\n"
    finished, whole = _command("merge", out), _command(*words, tmp_path / "whole")
    assert (finished.returncode, finished.stdout) == (whole.returncode, whole.stdout)
    assert whole.returncode == 4
    assert _files(out) == _files(tmp_path / "whole")
    again = _command("merge", out)
    assert (again.returncode, "holds no shards" in again.stderr) == (12, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shard", "0/2"], "write 1/4"),
        (["--shard", "3/2"], "write 1/4"),
        (["--shard", "1/401"], "N goes to 400"),
        (["--shard", "half"], "write 1/4"),
        (["--shard", "1/2", "--dry-run"], "does not go with --dry-run"),
    ],
)
def test_a_shard_that_cannot_be_is_refused(tmp_path, capsys, words, said):
    argv = ["convert", "asama/resident", str(SAMPLE), "--into", str(tmp_path / "out"), *words]
    assert base.settle(main.cli.main, argv) == 12
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
