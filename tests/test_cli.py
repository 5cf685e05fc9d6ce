"""The command line as its users meet it: exit codes, both languages, help that is quick."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

from migrate.cli import base, main

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"


def migrate(*words, cwd=ROOT, env=None):
    """A real process, as a scheduler would start it."""
    command = [sys.executable, "-m", "migrate", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def here(monkeypatch, capsys):
    """The command line within this process; gives exit code, stdout, stderr."""
    monkeypatch.chdir(ROOT)

    def go(*words):
        code = base.settle(main.cli.main, [str(w) for w in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


@pytest.fixture
def clean(records, tmp_path):
    """A small file with nothing wrong in it."""
    data = [records[0], *records[20:26], _trailer(records[20:26])]
    path = tmp_path / "clean.dat"
    path.write_bytes(b"".join(data))
    return path


def _trailer(records, count=None):
    tax = sum(int(r[385:392]) * 10 + "{ABCDEFGHI".find(chr(r[392])) if chr(r[392]) in "{ABCDEFGHI" else int(r[385:393]) for r in records)
    count = len(records) if count is None else count
    return (b"9JUKI0100    %09d%013d" % (count, tax)).ljust(450) + b"\r\n"


def test_0_all_clean(here, clean, tmp_path):
    code, out, _ = here("convert", "asama/resident", clean, "--into", tmp_path / "o")
    assert code == 0, out
    assert json.loads((tmp_path / "o/run.json").read_text("utf-8"))["books"]["asama/resident"]["written"] == 6


def test_4_finished_with_rejects_or_alerts(here, tmp_path):
    assert here("convert", "asama/resident*", SAMPLE, "--into", tmp_path / "o")[0] == 4


@pytest.mark.parametrize("limit", [("--max-rejects", "26"), ("--max-reject-rate", "0.02")])
def test_8_more_rejects_than_the_limit_publishes_nothing(here, tmp_path, limit):
    code, out, _ = here("convert", "asama/resident", SAMPLE, "--into", tmp_path, *limit)
    names = {p.name for p in tmp_path.iterdir()}
    assert code == 8
    assert "run.json" not in names
    assert {n for n in names if not n.startswith(".")} == {n for n in names if n.endswith(".partial")}
    assert any(n.endswith(".csv.partial") for n in names)
    assert "exit code 8" in out


def test_rejects_within_the_limit_are_4(here, tmp_path):
    assert here("convert", "asama/resident", SAMPLE, "--into", tmp_path, "--max-rejects", "27")[0] == 4


def test_8_when_the_declared_count_differs(here, records, tmp_path):
    source = tmp_path / "short.dat"
    source.write_bytes(b"".join([records[0], *records[20:26], _trailer(records[20:26], count=7)]))
    code, out, _ = here("convert", "asama/resident", source, "--into", tmp_path / "o")
    assert code == 8
    assert "E-READ-023" in out
    assert "7 / 6" in out
    assert not (tmp_path / "o/run.json").exists()


def test_8_when_the_trailer_is_lost(here, records, tmp_path):
    source = tmp_path / "cut.dat"
    source.write_bytes(b"".join(records[:1] + records[20:26]))
    code, out, _ = here("convert", "asama/resident", source, "--into", tmp_path / "o")
    assert (code, "E-READ-022" in out) == (8, True)


def test_a_run_that_fails_takes_away_the_manifest_of_the_one_before(here, clean, tmp_path):
    into = tmp_path / "o"
    here("convert", "asama/resident", clean, "--into", into)
    assert (into / "run.json").exists()
    here("convert", "asama/resident", SAMPLE, "--into", into, "--max-rejects", "0")
    assert not (into / "run.json").exists()
    assert here("convert", "asama/resident", SAMPLE, "--into", into)[0] == 4
    assert (into / "run.json").exists()
    assert not [p for p in into.iterdir() if p.name.endswith((".partial", ".tmp"))]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["convert", "asama/resident", "nowhere.dat"], "nowhere.dat"),
        (["convert", "asama/residnt", SAMPLE], "asama/resident"),
        (["convert", "asama/resident", SAMPLE, "--tto", "csv"], "--to"),
        (["convert", "asama/resident", SAMPLE, "--to", "cvs"], "csv"),
        (["convert", "asama/resident", SAMPLE, "--city", "999999"], "482013"),
        (["convert", "asama/resident", ROOT / "README.md"], "450"),
        (["convret"], "convert"),
        (["show", "01_resident_registre"], "01_resident_register"),
        (["show", "codes/C01"], "C0"),
        (["words", "era_dat"], "era_date"),
        (["rule", "E-READ-04"], "E-READ-0"),
        (["explain", "asama/resident", SAMPLE, "--record", "5000"], "5,000"),
    ],
    ids=lambda x: " ".join(map(str, x))[:40] if isinstance(x, list) else "",
)  # fmt: skip
def test_12_what_we_or_the_file_got_wrong_names_the_nearest_right_thing(here, words, said, tmp_path):
    more = ["--into", tmp_path / "o"] if words[0] == "convert" else []
    code, _, err = here(*words, *more)
    assert code == 12
    assert said in err
    assert not list(tmp_path.glob("o/*.csv"))


def test_12_an_empty_file(here, tmp_path):
    (tmp_path / "empty.dat").touch()
    assert here("convert", "asama/resident", tmp_path / "empty.dat", "--into", tmp_path / "o")[0] == 12


def test_16_when_another_run_writes_there(here, tmp_path):
    with filelock.FileLock(tmp_path / ".lock"):
        code, _, err = here("convert", "asama/resident", SAMPLE, "--into", tmp_path)
    assert code == 16
    assert "another run" in err


def test_16_when_the_disk_is_full(here, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert here("convert", "asama/resident", SAMPLE, "--into", tmp_path)[0] == 16
    assert [p.name for p in tmp_path.iterdir() if p.name != ".lock"] == []


def test_20_a_bug_of_ours_does_not_quote_values(here, tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("山田太郎")

    monkeypatch.setattr("migrate.pipeline.run", broken)
    code, _, err = here("convert", "asama/resident", SAMPLE, "--into", tmp_path)
    assert code == 20
    assert "ZeroDivisionError" in err
    assert "山田" not in err


@pytest.mark.parametrize(("ladder", "unix"), [(0, 0), (4, 1), (8, 1), (12, 2), (16, 2), (20, 2)])
def test_unix_style(ladder, unix):
    assert base.settle(lambda **_: ladder, ["--exit-style", "unix"]) == unix
    assert base.settle(lambda **_: ladder, []) == ladder


def test_143_when_the_scheduler_ends_it(tmp_path):
    big = tmp_path / "big.dat"
    subprocess.run([sys.executable, ROOT / "samples/make.py", "--records", "60000", "--plain", big], cwd=ROOT, check=True, capture_output=True)
    command = [sys.executable, "-m", "migrate", "convert", "asama/resident", str(big), "--into", str(tmp_path / "o")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(400):
        if list((tmp_path / "o").glob(".*.tmp")):
            break
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    process.terminate()
    assert process.wait(60) == 143
    assert [p.name for p in (tmp_path / "o").iterdir() if p.name != ".lock"] == []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("told", "code"), [(True, 143), (False, 20)])
def test_a_library_that_cannot_let_us_out_at_once_is_no_bug_of_ours(told, code):
    words = (
        "import ctypes, os, signal\n"
        "from migrate.cli import main\n"
        "@ctypes.CFUNCTYPE(None)\n"
        f"def made():\n    {told} and os.kill(os.getpid(), signal.SIGTERM)\n"  # as LLVM tells numba of machine code
        "def ended(**given):\n    made()\n    raise RuntimeError('no machine code was made')\n"
        "main.cli.main = ended\n"
        "main.main()\n"
    )
    ran = subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=False, capture_output=True, text=True)
    assert ran.returncode == code
    assert ("RuntimeError" in ran.stderr) == bool(ran.stderr) == (not told)


def test_help_loads_nothing_heavy():
    code = "import sys; from migrate.cli import main, base; base.settle(main.cli.main, ['--help']); print(sorted({'polars','numpy','pandera','numba','pyarrow','pydantic','chardet'} & set(sys.modules)), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"
    assert "convert" in ran.stdout


def test_nothing_is_said_on_the_way_out(clean, tmp_path):
    """DuckDB complains of what is not given back."""
    ran = migrate(
        *("convert", "asama/resident*", clean, "--into", tmp_path / "out"),
        *("--city", "482013", "--as-of", "20260401000000"),
    )
    assert (ran.returncode in (base.CLEAN, base.LOOK), ran.stderr) == (True, "")
    ran = migrate("check", tmp_path / "out")
    assert (ran.returncode in (base.CLEAN, base.LOOK, base.UNUSABLE), ran.stderr) == (True, "")


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_explains_itself_in_both_languages(name):
    for lang, word in (("ja", "言語"), ("en", "Language")):
        ran = migrate(name, "--help", "--lang", lang)
        assert ran.returncode == 0
        assert word in ran.stdout
        for option in ("--root", "--log", "--exit-style"):
            assert option in ran.stdout


def test_the_language_comes_from_the_environment():
    import os

    for lang, word in (("ja_JP.UTF-8", "誤りなし"), ("C.UTF-8", "no problems")):
        ran = migrate("lint", env={**os.environ, "LC_ALL": lang, "PYTHONIOENCODING": "utf-8"})
        assert (ran.returncode, word in ran.stdout) == (0, True), ran.stderr


def test_a_dry_run_writes_nothing(here, tmp_path):
    code, out, _ = here("convert", "asama/resident*", SAMPLE, "--into", tmp_path / "o", "--dry-run")
    assert code == 4
    assert not (tmp_path / "o").exists()
    assert "972" in out


def test_a_limit_is_a_trial_on_the_first_records(here, tmp_path):
    code, _, _ = here("convert", "asama/resident", SAMPLE, "--into", tmp_path, "--limit", "100")
    made = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert code == 4
    assert made["limit"] == 100
    assert made["sources"][0]["records"] == 100


def test_names_follow_the_options(here, clean, tmp_path):
    here("convert", "asama/resident", clean, "--into", tmp_path / "o", "--round", "90", "--as-of", "20280101030000", "--to", "csv,parquet")
    names = {p.name for p in (tmp_path / "o").iterdir()}
    stem = "482013_01_0101_juki_resident_90_20280101030000"
    assert {f"{stem}.csv", f"{stem}.parquet", f"{stem}.extra.csv", "issues.csv", f"{clean.stem}.rejects.dat", "run.json"} <= names


def test_parquet_holds_the_same_rows_as_csv(here, tmp_path, mappings):
    import polars as pl

    here("convert", "asama/resident", SAMPLE, "--into", tmp_path, "--to", "csv,parquet")
    text = pl.read_csv(next(tmp_path.glob("*0.csv")), infer_schema=False)
    typed = pl.read_parquet(next(tmp_path.glob("*.parquet")))
    text.columns = typed.columns
    assert typed.schema["person_hist_no"] == pl.Int64
    assert typed.with_columns(pl.all().cast(pl.String)).equals(text.with_columns(pl.all().replace("", None)))


def test_show_and_words_and_rule_answer(here):
    code, out, _ = here("show")
    assert code == 0
    assert "01_resident_register/juki_resident" in out
    assert "asama/resident" in out
    assert "宛名番号" in here("show", "01_resident_register/juki_resident")[1]
    assert "世帯主" in here("show", "codes/C012")[1]
    assert "方書" in here("show", "asama/resident")[1]
    assert "1989-01-07" in here("words", "era_date")[1]
    assert "cut_character" in here("rule", "E-READ-004")[1]


def test_explain_hides_personal_values_unless_asked(here):
    hidden = here("explain", "asama/resident", SAMPLE, "--record", "260")[1]
    shown = here("explain", "asama/resident", SAMPLE, "--record", "260", "--reveal")[1]
    assert "髙﨑" not in hidden
    assert "髙﨑" in shown
    assert "fb fc" in shown.lower()
    assert "fb fc" not in hidden.lower()


def test_the_log_is_json_lines_with_start_and_end(here, tmp_path):
    here("convert", "asama/resident", SAMPLE, "--into", tmp_path / "o", "--log", tmp_path / "log")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["start", "end"]
    assert lines[1]["exit_code"] == 4


def test_12_when_the_file_changes_while_it_is_read(here, clean, tmp_path, monkeypatch):
    from migrate.pipeline.lane import Lane

    take = Lane.take

    def growing(lane, read):
        clean.write_bytes(clean.read_bytes() + b"more")
        return take(lane, read)

    monkeypatch.setattr(Lane, "take", growing)
    code, _, err = here("convert", "asama/resident", clean, "--into", tmp_path / "o")
    assert (code, "changed while it was read" in err) == (12, True)
    assert [p.name for p in (tmp_path / "o").iterdir() if p.name != ".lock"] == []


def test_two_mappings_that_make_the_same_rows_refuse_them(here, clean, tmp_path):
    """Several mappings may fill one table, but a key comes once."""
    folder = tmp_path / "mappings/asama"
    folder.mkdir(parents=True)
    text = (ROOT / "mappings/asama/resident.toml").read_text("utf-8")
    for name in ("resident", "resident_again", "resident_household"):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    code, out, _ = here("convert", "asama/resident*", clean, "--into", tmp_path / "o", "--root", tmp_path)
    books = json.loads((tmp_path / "o/run.json").read_text("utf-8"))["books"]
    assert (code, "E-CHECK-031" in out) == (4, True)
    assert [b["written"] for b in books.values()] == [6, 0, 0]
    assert [b["rejected"] for b in books.values()] == [0, 6, 6]
