"""DuckDB: `python benchmarks/peers/duckdb_iconv.py FILE INTO` writes INTO/table.csv and extra.csv.

iconv decodes in a pipe, DuckDB reads it as a CSV file of one column, slices by characters, converts in SQL and copies
to CSV. Right only while no field holds a broken character. Nothing is validated.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
from task import BEFORE, PUNCHED, Recipe, Task, task

SPACES = "' \u3000'"


def field(told: Task, name: str) -> str:
    """A field of a line: trimmed, an amount as a number."""
    at, size = told.characters()[name]
    cell = f"substr(line, {at + 1}, {size})"
    if told.slots[name].type != "zoned":
        return f"rtrim({cell}, {SPACES})"
    signs, plain = "".join(PUNCHED), "".join(d for d, _ in PUNCHED.values())
    minus = "".join(c for c, (_, sign) in PUNCHED.items() if sign < 0)
    number = f"translate({cell}, '{signs}', '{plain}')::BIGINT"
    return f"if(contains('{minus}', right({cell}, 1)), -1, 1) * {number}"


def column(told: Task, recipe: Recipe | str) -> str:
    """A column of the table in SQL."""
    if isinstance(recipe, str):
        return f"'{recipe}'"
    value, args = f'"{recipe.field}"', recipe.args
    if recipe.word == "code":
        return _case(value, told.codes[args[0]])
    if recipe.word == "pad":
        return f"lpad({value}, {args[0]}, '0')"
    if recipe.word == "is":
        return f"if({value} IN ({', '.join(repr(a) for a in args)}), '1', '0')"
    if recipe.word == "era_date":
        before = _case(f"{value}[1]", BEFORE)
        return f"make_date({before} + {value}[2:3]::INT, {value}[4:5]::INT, {value}[6:7]::INT)"
    if recipe.word == "date":
        return f"if({value} = '', NULL, strptime({value}, '%Y%m%d')::DATE)"
    return value


def _case(value: str, walk: dict[str, object]) -> str:
    whens = " ".join(f"WHEN '{k}' THEN {v!r}" for k, v in walk.items())
    return f"CASE {value} {whens} END"


def main(file: Path, into: Path) -> None:
    told = task()
    into.mkdir(parents=True, exist_ok=True)
    names = [n for n, s in told.slots.items() if s.type != "filler"]
    columns = [
        f'{column(told, r)} AS "{told.labels[i]}"' for i, r in enumerate(told.columns.values())
    ]
    made = dict(zip(told.columns, columns, strict=True))
    carried = [f'"{f}" AS "{told.slots[f].label}"' for f in told.carried]
    style = "(HEADER, FORCE_QUOTE *, DELIMITER ',')"
    with (
        subprocess.Popen(["iconv", "-f", "CP932", "-t", "UTF-8", str(file)], stdout=subprocess.PIPE) as iconv,
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect() as base,
    ):  # fmt: skip
        assert iconv.stdout
        base.execute(f"SET temp_directory = '{folder}'")
        base.execute(
            f"""CREATE TABLE fields AS SELECT {", ".join(f'{field(told, n)} AS "{n}"' for n in names)}
            FROM read_csv('/dev/fd/{iconv.stdout.fileno()}', columns = {{'line': 'VARCHAR'}}, header = false,
            delim = '\x01', quote = '', escape = '', auto_detect = false, new_line = '\\r\\n')"""
        )
        base.execute(
            f"COPY (SELECT {', '.join(columns)} FROM fields) TO '{into / 'table.csv'}' {style}"
        )
        extra = [*(made[k] for k in told.keys), *carried]
        base.execute(
            f"COPY (SELECT {', '.join(extra)} FROM fields) TO '{into / 'extra.csv'}' {style}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
