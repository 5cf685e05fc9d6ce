"""DuckDB merely scanning and counting every table of a folder of standard files: `python benchmarks/scan.py DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb


def main(folder: Path) -> None:
    with duckdb.connect() as base:
        for path in sorted(folder.glob("[0-9]*.csv")):
            if ".extra." not in path.name and ".originals." not in path.name:
                source = f"read_csv('{path}', header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
                row = base.execute(f"SELECT count(*) FROM {source}").fetchone()
                assert row
                print(path.name, row[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
