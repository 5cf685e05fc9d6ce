"""What the READMEs promise in code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_what_the_documentation_shows_is_what_the_program_says():
    check = [sys.executable, ROOT / "tools/docs.py", "--check"]
    ran = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_python_example_of_the_japanese_readme_runs(tmp_path, monkeypatch, capsys):
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.ja.md").read_text("utf-8"), re.S)[1]
    assert len(block.splitlines()) <= 16
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.ja.md", "exec"), {})
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "4 972 27"
    assert sum(int(line.split()[0]) for line in said[1:]) == 997


def test_every_path_that_the_readmes_name_is_there():
    for name in ("README.md", "README.ja.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8")):
            assert (ROOT / target).exists(), f"{name}: {target}"
