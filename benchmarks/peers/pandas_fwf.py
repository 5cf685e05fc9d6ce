"""Peer 1, pandas: `python benchmarks/peers/pandas_fwf.py FILE INTO` writes INTO/table.csv and extra.csv.

read_fwf reads latin-1, so that positions are bytes; text fields are then encoded back and decoded as CP932,
one by one. Numbers, dates and codes are vectorised. Nothing is validated.
"""

from __future__ import annotations

import csv
import sys
from functools import cache
from pathlib import Path

import pandas as pd
from task import ERAS, WIDE, Recipe, header, task, unknown_date

TOLD = task()
OVERPUNCH = {c: (str(i % 10), 1 - i // 10 * 2) for i, c in enumerate("{ABCDEFGHI}JKLMNOPQR")}
ERA_WORDS = {"era_date": "date", "unknown_flag": "flag", "unknown_wording": "wording"}
FRAME = pd.DataFrame()


def read(file: Path) -> pd.DataFrame:
    """The data records, every field a column of text."""
    frame = pd.read_fwf(
        file,
        colspecs=[(s.begin, s.end) for s in TOLD.slots.values()],
        names=list(TOLD.slots),
        header=None,
        dtype=str,
        encoding="latin-1",
        delimiter=" ",
        keep_default_na=False,
    )
    frame = frame[frame["record_type"] == "2"].reset_index(drop=True)
    for name, slot in TOLD.slots.items():
        if slot.type in ("text", "wide", "kana"):
            decoded = [v.encode("latin-1").decode("cp932") for v in frame[name]]
            frame[name] = pd.Series(decoded, dtype=str).str.rstrip(" \u3000")
        elif slot.type == "zoned":
            frame[name] = zoned(frame[name])
    return frame


def zoned(text: pd.Series) -> pd.Series:
    """Digits, the sign perhaps punched over the last one."""
    last = text.str[-1:]
    digit = last.map({c: d for c, (d, _) in OVERPUNCH.items()}).fillna(last)
    sign = last.map({c: s for c, (_, s) in OVERPUNCH.items()}).fillna(1)
    return (pd.to_numeric(text.str[:-1] + digit, errors="coerce") * sign).astype("Int64")


@cache
def era(field: str) -> pd.DataFrame:
    """GYYMMDD as date, unknown_flag and wording; what pandas cannot read goes through Python."""
    text = FRAME[field]
    year = pd.to_numeric(text.str[1:3], errors="coerce") + text.str[:1].map(
        {k: y for k, (_, y) in ERAS.items()}
    )
    parts = {"year": year, "month": text.str[3:5], "day": text.str[5:7]}
    found = pd.to_datetime(pd.DataFrame(parts), errors="coerce")
    rest = found.isna() | ((text.str[:1] == "1") & (year < 1873))
    made = pd.DataFrame(
        {"date": found.dt.strftime("%Y-%m-%d"), "flag": "0", "wording": ""}, dtype=str
    )
    slow = pd.DataFrame(
        [unknown_date(v) for v in text[rest]], index=text.index[rest], columns=["date", "wording"]
    )
    made.loc[rest, ["date", "wording"]] = slow
    made.loc[rest, "flag"] = "1"
    made.loc[text == "", ["date", "flag", "wording"]] = ""
    return made


@cache
def made(field: str, words: tuple[tuple[str, ...], ...]) -> pd.Series:  # noqa: PLR0911
    """A field after some words; what two columns share is made once."""
    if not words:
        return FRAME[field]
    name, *args = words[-1]
    if name in ERA_WORDS:
        return era(field)[ERA_WORDS[name]]
    value = made(field, words[:-1])
    if name == "era_code":
        return value.str[:1].map({k: c for k, (c, _) in ERAS.items()})
    if name == "pad":
        return value.str.zfill(int(args[0])).where(value != "", "")
    if name == "take":
        return value.str[int(args[0]) - 1 : int(args[0]) - 1 + int(args[1])]
    if name == "code":
        return value.map(TOLD.codes[args[0]])
    if name == "is":
        return value.isin(args).map({True: "1", False: "0"})
    if name == "widen":
        return value.str.normalize("NFKC").str.translate(WIDE)
    if name in ("before_space", "after_space"):
        return value.str.partition("\u3000")[0 if name == "before_space" else 2]
    if name == "date":
        return pd.to_datetime(value, format="%Y%m%d", errors="coerce").dt.strftime("%Y-%m-%d")
    if name == "time":
        return value.str[:2] + ":" + value.str[2:4] + ":" + value.str[4:6]
    raise ValueError(f"this peer does not know the word {name}")


def column(recipe: Recipe | str) -> pd.Series | str:
    """A column of the table, or its constant."""
    if isinstance(recipe, str):
        return recipe
    value = made(recipe.field, recipe.words)
    return value.where(FRAME[recipe.selector].isin(recipe.values), "") if recipe.selector else value


def main(file: Path, into: Path) -> None:
    global FRAME  # noqa: PLW0603 - a script
    FRAME = read(file)
    into.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame({n: column(r) for n, r in TOLD.columns.items()}, index=FRAME.index)
    extra = pd.concat([table[TOLD.keys], FRAME[TOLD.carried]], axis=1)
    style = {"index": False, "quoting": csv.QUOTE_ALL, "lineterminator": "\r\n"}
    table.to_csv(into / "table.csv", header=TOLD.labels, **style)
    extra.to_csv(into / "extra.csv", header=header(TOLD), **style)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
