"""`migrate read`: a legacy file's fields as they are, in one file, with nothing hidden and nothing guessed."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import filelock
import polars as pl
import pytest
from hosts import host, layout, rdw, record

from migrate.catalog import Catalog
from migrate.cli import base, main
from migrate.errors import BusyError, SourceError
from migrate.model import Tag
from migrate.pipeline.fields import Place, Wish, write_fields
from migrate.read import Reader

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"

TOML = 'title = "t"\nsource = "invented"\nencoding = "cp932"\n'
FIXED = TOML + 'format = "fixed"\nnewline = "crlf"\nrecord_bytes = 19\n[[record]]\nname = "person"\n'
FIELDS = """name,label,start,bytes,type,scale,sensitive
no,番号,1,3,digits,,
name,氏名,4,6,text,,yes
rate,率,10,4,zoned,2,
sum,額,14,3,zoned,-3,
far,値,17,3,packed,5,
"""
DELIVERED = TOML + 'format = "csv"\nnewline = "lf"\nheader_lines = 1\n[[record]]\nname = "person"\n'
COLUMNS = "name,label,type,scale,sensitive\nno,番号,digits,,\nname,氏名,text,,yes\npaid,支払,number,1,\n"
ROWS = [
    b"001" + "山田".encode("cp932") + b"  " + b"012}" + b"12A" + b"\x12\x34\x5d\r\n",
    b"002" + b"\xb6\xc5    " + b"0005" + b"000" + b"\x00\x00\x0c\r\n",
    b"0x3" + b"      " + b"9999" + b"00J" + b"\x99\x99\x9c\r\n",
]
SAID = [["_record", "_offset", "no", "name", "rate", "sum", "far"],
        ["1", "0", "001", "山田", "-1.20", "121000", "-0.12345"],
        ["2", "21", "002", "ｶﾅ", "0.05", "0", "0.00000"],
        ["3", "42", "", "", "99.99", "-1000", "0.99999"]]  # fmt: skip


@pytest.fixture
def root(tmp_path):
    """Layouts of an invented vendor."""
    for name, toml, fields in (("fixed", FIXED, FIELDS), ("csv", DELIVERED, COLUMNS)):
        folder = tmp_path / "layouts/legacy/hana" / name
        folder.mkdir(parents=True)
        (folder / "layout.toml").write_text(toml, "utf-8")
        (folder / "person.csv").write_text(fields, "utf-8")
    (tmp_path / "fixed.dat").write_bytes(b"".join(ROWS))
    return tmp_path


@pytest.fixture
def go(capsys):
    def go(*words):
        code = base.settle(main.cli.main, ["read", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def names(folder):
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_fields_of_a_fixed_file_stand_in_a_csv_with_their_points(root, go):
    code, out, _ = go("hana/fixed", root / "fixed.dat", "--root", root, "--into", root / "o/person.csv")
    assert code == 4
    assert table(root / "o/person.csv") == SAID
    assert table(root / "o/person.issues.csv") == [["code", "record", "byte", "field"], ["E-READ-009", "3", "43", "no"]]
    assert names(root / "o") == ["person.csv", "person.issues.csv"]
    assert "read 3 = written 3 + other types 0 + refused 0" in out
    assert "山田" not in out


def test_fields_of_a_fixed_file_stand_in_a_parquet_as_numbers(root, go):
    go("hana/fixed", root / "fixed.dat", "--root", root, "--into", root / "o/person.parquet")
    frame = pl.read_parquet(root / "o/person.parquet")
    assert frame.rows() == [
        (1, 0, "001", "山田", Decimal("-1.20"), Decimal(121000), Decimal("-0.12345")),
        (2, 21, "002", "ｶﾅ", Decimal("0.05"), Decimal(0), Decimal(0)),
        (3, 42, None, None, Decimal("99.99"), Decimal(-1000), Decimal("0.99999")),
    ]
    assert frame.schema["rate"] == pl.Decimal(38, 2)


def test_a_delivered_csv_is_read_too(root, go):
    (root / "a.csv").write_bytes("番号,氏名,支払\n1,山田,-12\n2,\"川,田\",5\n".encode("cp932"))
    code, out, _ = go("hana/csv", root / "a.csv", "--root", root, "--into", root / "o.csv")
    assert (code, table(root / "o.csv")[1:]) == (0, [["1", "15", "1", "山田", "-1.2"], ["2", "26", "2", "川,田", "0.5"]])
    assert table(root / "o.issues.csv") == [["code", "record", "byte", "field"]]
    assert "issues:" not in out


def test_records_with_their_lengths_and_of_several_types(tmp_path):
    kinds = [record(tmp_path, name, f"mark,M,1,1,text\n{name},V,2,{size},{kind},{scale}", tag=(Tag(at=1, hex=(mark,)),))
             for name, mark, size, kind, scale in (("word", "C1", 4, "text", ""), ("sum", "C2", 10, "packed", "3"))]  # fmt: skip
    made = layout(tmp_path, *kinds, prefix="rdw")
    packed = bytes.fromhex("0000000000000001234C")
    source = tmp_path / "s.dat"
    source.write_bytes(rdw(host("Aabc ")) + rdw(host("B") + packed) + rdw(host("Zabc ")) + rdw(host("Axyz ")))
    places = [Place(r, f"{r.name}.csv") for r in kinds]
    done = write_fields(made, source, tmp_path / "o", places)
    assert table(tmp_path / "o/word.csv")[1:] == [["1", "0", "A", "abc"], ["4", "33", "A", "xyz"]]
    assert table(tmp_path / "o/sum.csv")[1:] == [["2", "9", "B", "1.234"]]  # 19 digits: text with its point
    assert (done.read, done.refused, done.others, done.issues) == (4, 1, 0, 1)
    assert table(tmp_path / "o/s.issues.csv")[1:] == [["E-READ-002", "3", "28", ""]]
    alone = write_fields(made, source, tmp_path / "p", places[:1])
    assert (alone.written, alone.others, alone.refused, alone.agreed) == ({"word.csv": 2}, 1, 1, True)


def test_the_sample_in_a_folder_has_every_value_of_the_reader(tmp_path, go):
    code, _, _ = go("asama/resident", SAMPLE, "--into", tmp_path / "o", "--to", "parquet", "--root", ROOT)
    assert code == 4
    assert names(tmp_path / "o") == ["header.parquet", "resident.issues.csv", "resident.parquet", "trailer.parquet"]
    found = Catalog(ROOT).layout("asama/resident")
    [read] = Reader(found).batches(SAMPLE)
    for name, frame in read.frames.items():
        ours = pl.read_parquet(tmp_path / f"o/{name}.parquet")
        assert ours.height == frame.height
        for field in found.types[name].read:
            assert ours[field].cast(pl.String).to_list() == frame[field].cast(pl.String).to_list()
    assert len(table(tmp_path / "o/resident.issues.csv")) == 1 + read.issues.height + read.faults.height


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_batch_size_never_shows(form, tmp_path):
    found = Catalog(ROOT).layout("asama/resident")
    places = [Place(r, f"{r.name}.{form}") for r in found.records]
    seen = []
    for size in (1, 7, 65_536):
        done = write_fields(found, SAMPLE, tmp_path / str(size), places, Wish(batch=size, limit=40))
        seen.append((done, {p.name: p.read_bytes() for p in (tmp_path / str(size)).iterdir()}))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0].read == 40


def test_a_part_and_a_limit(root, go, tmp_path):
    part = tmp_path / "part.dat"
    part.write_bytes(SAMPLE.read_bytes()[452 * 4 : 452 * 9])
    where = ("--root", ROOT, "--record", "resident", "--into", tmp_path / "x.csv")
    assert go("asama/resident", part, *where)[0] == 4  # no header, no trailer
    assert go("asama/resident", part, "--part", "--limit", 3, *where)[0] == 0
    assert [row[0] for row in table(tmp_path / "x.csv")] == ["_record", "1", "2", "3"]


WRONG = [  # options, what is said
    (("--into", "o.csv"), "there are 3 record types: choose one with --record, or name a folder with --into (header, resident, trailer)"),
    (("--into", "o.csv", "--record", "residen"), "did you mean 'resident'?"),
    (("--into", "o.txt", "--record", "resident"), "--into takes a file .csv or .parquet, or a folder"),
    (("--into", "o.csv", "--record", "resident", "--to", "parquet"), "--into says .csv and --to says parquet"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_12_what_cannot_be_meant_is_refused(options, said, go, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = go("asama/resident", SAMPLE, "--root", ROOT, *options)
    assert (code, said in err) == (12, True), err
    assert names(tmp_path) == []


def test_12_a_layout_nobody_knows(go, tmp_path):
    code, _, err = go("asama/residence", SAMPLE, "--root", ROOT, "--into", tmp_path / "o")
    assert (code, "asama/resident" in err, names(tmp_path)) == (12, True, [])


def test_the_legacy_file_is_never_overwritten(root):
    found = Catalog(root).layout("hana/fixed")
    with pytest.raises(SourceError, match="is the legacy file itself"):
        write_fields(found, root / "fixed.dat", root, [Place(found.records[0], "fixed.dat")])
    assert (root / "fixed.dat").read_bytes() == b"".join(ROWS)


def test_a_reading_that_fails_leaves_what_was_there(root, monkeypatch):
    found = Catalog(root).layout("hana/fixed")
    (root / "o").mkdir()
    (root / "o/p.csv").write_text("before")
    done = []

    def fail(size):
        done.append(size)
        if len(done) == 2:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_fields(found, root / "fixed.dat", root / "o", [Place(found.records[0], "p.csv")], Wish(batch=1, progress=fail))
    assert names(root / "o") == ["p.csv"]
    assert (root / "o/p.csv").read_text() == "before"


def test_a_file_that_changes_while_it_is_read_is_refused(root):
    found, source = Catalog(root).layout("hana/fixed"), root / "fixed.dat"

    def grow(size):
        source.write_bytes(b"".join(ROWS) * 2)

    with pytest.raises(SourceError, match="changed while it was read"):
        write_fields(found, source, root / "o", [Place(found.records[0], "p.csv")], Wish(progress=grow))
    assert names(root / "o") == []


def test_two_readings_into_one_file_do_not_meet(root):
    found = Catalog(root).layout("hana/fixed")
    (root / "o").mkdir()
    with filelock.FileLock(root / "o/.p.issues.csv.lock"), pytest.raises(BusyError, match="another run is writing here"):
        write_fields(found, root / "fixed.dat", root / "o", [Place(found.records[0], "p.csv")])
    assert "p.csv" not in names(root / "o")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_reading_that_is_ended_leaves_nothing(root):
    code = (
        "import os, signal, sys\n"
        "from migrate.pipeline import fields\n"
        "before = fields._enter\n"
        "def ended(*given):\n    before(*given); os.kill(os.getpid(), signal.SIGTERM)\n"
        "fields._enter = ended\n"
        "sys.argv = ['migrate', *sys.argv[1:]]\n"
        "from migrate.cli.main import main\nmain()\n"
    )
    words = ["read", "hana/fixed", root / "fixed.dat", "--root", root, "--into", root / "o/p.csv"]
    ran = subprocess.run([sys.executable, "-c", code, *map(str, words)], cwd=ROOT, check=False, capture_output=True)
    assert ran.returncode in (143, -signal.SIGTERM)
    assert names(root / "o") == []


@pytest.mark.parametrize(("language", "word"), [("ja", "変換せずに書き出す"), ("en", "unconverted")])
def test_help_speaks_both_languages(language, word):
    ran = subprocess.run([sys.executable, "-m", "migrate", "read", "--lang", language, "--help"], cwd=ROOT,
                         capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    assert (ran.returncode, word in ran.stdout) == (0, True), ran.stdout
