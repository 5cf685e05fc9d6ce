"""The wheel carries its knowledge: installed alone, in an empty folder, it does the main job."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _run(*words, cwd):
    return subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_wheel_in_a_clean_environment_runs_the_demo(tmp_path):
    built = _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", cwd=ROOT)
    assert built.returncode == 0, built.stderr
    wheel = next((tmp_path / "dist").glob("chukan_migrate-*.whl"))
    clean = tmp_path / "clean"
    assert _run(sys.executable, "-m", "venv", clean, cwd=tmp_path).returncode == 0
    pip = [clean / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    installed = _run(*pip, "-c", ROOT / "constraints.txt", wheel, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = _run(clean / "bin/migrate", "demo", "--into", "out", "--residents", "100", "--lang", "en", cwd=empty)
    assert ran.returncode == 0, ran.stderr
    assert "asama       16      59" in ran.stdout
    assert (empty / "out/asama/run.json").exists()
    linted = _run(clean / "bin/migrate", "lint", "--lang", "en", cwd=empty)
    assert linted.stdout.startswith("16 areas, 59 tables, 1,617 columns, 108 code lists")
