"""pandas: `python benchmarks/peers/pandas_fwf.py FILE INTO` writes INTO/table.csv and extra.csv.

read_fwf reads latin-1, so that positions are bytes; each text field is then encoded back, decoded as CP932 and
trimmed. Amounts, dates and codes are vectorised. Nothing is validated.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pandas as pd
from task import BEFORE, PUNCHED, Recipe, Task, task

TEXTS = ("text", "wide", "kana")


def read(told: Task, file: Path) -> pd.DataFrame:
    """The records, every field a column of text, amounts as numbers."""
    frame = pd.read_fwf(
        file,
        colspecs=[(s.begin, s.end) for s in told.slots.values()],
        names=list(told.slots),
        header=None,
        dtype=str,
        encoding="latin-1",
        delimiter=" ",
        keep_default_na=False,
    )
    for name, slot in told.slots.items():
        if slot.type in TEXTS:
            decoded = [v.encode("latin-1").decode("cp932") for v in frame[name]]
            frame[name] = pd.Series(decoded, dtype=str).str.rstrip(" \u3000")
        elif slot.type == "zoned":
            frame[name] = zoned(frame[name])
    return frame


def zoned(text: pd.Series) -> pd.Series:
    """Whole numbers, the sign perhaps punched over the last digit."""
    last = text.str[-1:]
    digit = last.map({c: d for c, (d, _) in PUNCHED.items()}).fillna(last)
    sign = last.map({c: s for c, (_, s) in PUNCHED.items()}).fillna(1).astype("int64")
    return pd.to_numeric(text.str[:-1] + digit) * sign


def era_date(text: pd.Series) -> pd.Series:
    """GYYMMDD as YYYY-MM-DD."""
    parts = {
        "year": pd.to_numeric(text.str[1:3]) + text.str[:1].map(BEFORE),
        "month": text.str[3:5],
        "day": text.str[5:7],
    }
    return pd.to_datetime(pd.DataFrame(parts)).dt.strftime("%Y-%m-%d")


def column(told: Task, frame: pd.DataFrame, recipe: Recipe | str) -> pd.Series | str:
    """A column of the table, or its constant."""
    if isinstance(recipe, str):
        return recipe
    value, args = frame[recipe.field], recipe.args
    if recipe.word == "code":
        return value.map(told.codes[args[0]])
    if recipe.word == "pad":
        return value.str.zfill(int(args[0]))
    if recipe.word == "is":
        return value.isin(args).map({True: "1", False: "0"})
    if recipe.word == "era_date":
        return era_date(value)
    if recipe.word == "date":
        return pd.to_datetime(value, format="%Y%m%d", errors="coerce").dt.strftime("%Y-%m-%d")
    return value


def main(file: Path, into: Path) -> None:
    told = task()
    frame = read(told, file)
    into.mkdir(parents=True, exist_ok=True)
    columns = {n: column(told, frame, r) for n, r in told.columns.items()}
    table = pd.DataFrame(columns, index=frame.index)
    extra = pd.concat([table[told.keys], frame[told.carried]], axis=1)
    style = {"index": False, "quoting": csv.QUOTE_ALL, "lineterminator": "\r\n"}
    table.to_csv(into / "table.csv", header=told.labels, **style)
    extra.to_csv(into / "extra.csv", header=told.extra, **style)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
