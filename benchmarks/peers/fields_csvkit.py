"""csvkit: `python benchmarks/peers/fields_csvkit.py FILE INTO` writes INTO/fields.csv with `in2csv -f fixed`.

in2csv slices the decoded characters and trims blanks: it converts nothing, so its text columns alone can be compared.
With byte positions, as a layout has them, its columns would be shifted; it is given characters here.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
import tempfile
from pathlib import Path

from task import task


def main(file: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, encoding="utf-8") as schema:
        rows = csv.writer(schema)
        rows.writerow(["column", "start", "length"])
        rows.writerows((name, at, size) for name, (at, size) in task().characters().items())
    tool = shutil.which("in2csv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert tool
    command = [tool, "-f", "fixed", "-s", schema.name, "-e", "cp932", str(file)]
    with (into / "fields.csv").open("wb") as out:
        os.dup2(out.fileno(), 1)
    os.execv(tool, command)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
