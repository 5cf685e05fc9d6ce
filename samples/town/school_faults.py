"""What may be wrong with 就学 that a legacy file carries and conversion lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import Fault
from town.register import numbers

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

LATEST = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")


def _of(column: str, rows: pl.DataFrame) -> pl.Expr:
    return pl.col(column).is_in(rows[column].to_list())


def _wrong_grade(town: Town, _: Generator, n: int) -> list[str]:
    """R035: a pupil of an elementary school is one grade too low, one of the first grade too high."""
    pupil = LATEST & (pl.col("school_kind") == "1") & ~pl.col("birth_date").str.contains("-00")
    rows = town.take("school_register", n, pupil)
    grade = pl.col("grade").str.slice(1).cast(pl.Int64)
    return town.alter("school_register", rows, grade="E" + pl.when(grade == 1).then(2).otherwise(grade - 1).cast(pl.String))


def _left_out(town: Town, _: Generator, n: int) -> list[str]:
    """R036: the child was deleted from the register, with all that belongs to it. The key is the resident's."""
    people = town.people.filter(pl.col("current") & ~pl.col("foreign") & (pl.col("birth_unk") == "0"))
    number = 2026 - ((pl.col("born") - pl.duration(days=1)).dt.offset_by("-3mo").dt.year() + 6)
    due = people.filter(number.is_between(1, 9))
    rows = town.take("school_register", n, LATEST & _of("atena_no", due))
    for table in ("school_register", "school_event", "school_aid"):
        town.alter(table, town.rows(table, _of("atena_no", rows)), is_deleted=pl.lit("1"))
    newest = (pl.col("is_latest") == "1") & _of("atena_no", rows)
    return town.keys("juki_resident", town.rows("juki_resident", newest))


def _no_guardian(town: Town, _: Generator, n: int) -> list[str]:
    """R037: the guardian's 宛名番号 is nobody's; the name is still known."""
    rows = town.take("school_register", n, LATEST & pl.col("guardian_atena_no").is_not_null())
    return town.alter("school_register", rows, guardian_atena_no=numbers(381_000_000, rows.height))


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """R007: the first generation of the year is missing."""
    two = town.truth["school_register"].filter(pl.col("reg_hist_no") > 1)
    rows = town.take("school_register", n, LATEST & ~_of("atena_no", two))
    return town.alter("school_register", rows, reg_hist_no=pl.col("reg_hist_no") + 1)


FAULTS = [
    Fault("R035", "school_register", _wrong_grade),
    Fault("R036", "juki_resident", _left_out),
    Fault("R037", "school_register", _no_guardian),
    Fault("R007", "school_register", _skipped),
]
