"""The catalogue of issue codes: notices.csv, in two languages. `migrate rule E-READ-004` shows an entry."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from migrate.errors import unknown
from migrate.language import say


class Notice(NamedTuple):
    """What one code means and what to do about it."""

    code: str  # how the program names it
    id: str  # how people cite it, without the letter of its severity
    severity: str
    ja: str
    en: str
    remedy_ja: str
    remedy_en: str

    @property
    def title(self) -> str:
        return say(self.ja, self.en)

    @property
    def remedy(self) -> str:
        return say(self.remedy_ja, self.remedy_en)


@cache
def notices() -> dict[str, Notice]:
    """Every notice, by code."""
    with (Path(__file__).parent / "notices.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Notice(**row) for row in csv.DictReader(file, strict=True)}


def severity(code: str) -> str:
    """`error` or `alert`."""
    return notices()[code].severity


def cited(code: str, level: str = "") -> str:
    """The code as people cite it, with the letter of its severity.

    >>> cited("cut_character"), cited("before_space", "alert")
    ('E-READ-004', 'A-CONV-008')
    """
    notice = notices()[code]
    return f"{'A' if (level or notice.severity) == 'alert' else 'E'}-{notice.id}"


def found(name: str) -> Notice:
    """The notice that somebody cites: `E-READ-004`, `READ-004` or `cut_character`.

    >>> found("A-READ-004").code
    'cut_character'
    """
    wanted = name.upper()
    for notice in notices().values():
        if wanted.removeprefix("E-").removeprefix("A-") == notice.id or name == notice.code:
            return notice
    known = [cited(code) for code in notices()]
    raise KeyError("; ".join(unknown(say("コード", "code"), name, known)))
