"""Tables as files beside this module: `pairs("ibm300")`. Made by tools/tables.py, or written by hand.

A line of pairs is the first code in hexadecimal and the characters of consecutive codes; `=` behind the code says
that what follows is one character of several code points. A table of single bytes is
a grid: `40 ` and the sixteen characters from 40 on, `·` for none. Lines with # say where the table comes from.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrate.read.tables.draft import Table

NONE = "·"


def _lines(name: str) -> list[str]:
    text = (files("migrate.read") / "tables" / f"{name}.txt").read_text("utf-8")
    return [line for line in text.split("\n") if line and line[0] != "#"]


@cache
def pairs(name: str) -> Table:
    """Code -> character of a stored table of pairs.

    >>> pairs("ibm300")[0x4557]
    '東'
    """
    table: Table = {}
    for line in _lines(name):
        code, text = line.split(" ", 1)
        if code[-1] == "=":
            table[int(code[:-1], 16)] = text
        else:
            table.update(enumerate(text, int(code, 16)))
    return table


@cache
def ones(name: str, grid: str) -> Table:
    """Byte -> character of one grid of a file: its lines stand behind `[grid]`.

    >>> ones("ibm_ones", "290")[0x81], ones("ibm_ones", "1027")[0x81]
    ('ｱ', 'a')
    """
    table: Table = {}
    inside = False
    for line in _lines(name):
        if line.startswith("["):
            inside = line == f"[{grid}]"
        elif inside:
            row = enumerate(line[3:], int(line[:2], 16))
            table.update({byte: character for byte, character in row if character != NONE})
    return table
