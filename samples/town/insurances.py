"""Who was insured when, with 国民健康保険 and 後期高齢者医療: periods that fit the register and each other.

Nobody has both at once: who reaches 75, or is certified as disabled from 65 on, passes from one to the
other on that day. The day on which a period ends is its first day without insurance.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from town import inhabitant_tax_law as law

if TYPE_CHECKING:
    import numpy as np

    from town.core import Town

ELDERLY_SINCE = date(2008, 4, 1)
"""後期高齢者医療: who was 75 by then passed over on that day."""

NHI_SINCE = date(1961, 4, 1)
"""国民皆保険."""

PERIOD = ("atena_no", "begins", "began", "ends", "ended", "kind")


def turned(years: int) -> pl.Expr:
    """The birthday on which a person is so many years old; of those born on 29 February the 28th."""
    return pl.col("born").dt.offset_by(f"{years}y")


def between(first: pl.Expr, last: pl.Expr, luck: pl.Expr) -> pl.Expr:
    """A day from the first to the last one, by a number from 0 to 1."""
    days = (last - first).dt.total_days().clip(0)
    return first + pl.duration(days=(days * luck).cast(pl.Int64))


def drawn(people: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Four numbers from 0 to 1 of each person, to decide by."""
    return people.with_columns(
        pl.Series(f"luck_{i}", rng.random(people.height)) for i in range(1, 5)
    )


def _periods(of: pl.DataFrame, **columns: pl.Expr | pl.Series | None) -> pl.DataFrame:
    blank = {"ends": pl.lit(None, pl.Date), "ended": pl.lit(None, pl.String), "kind": pl.lit("")}
    return of.select(
        "atena_no",
        **{c: {**blank, **columns}[c].cast(pl.Date if c in ("begins", "ends") else pl.String) for c in PERIOD[1:]},
    )  # fmt: skip


def elderly_periods(town: Town) -> pl.DataFrame:
    """後期高齢者医療: atena_no, begins, began (C150), ends, ended (C151), kind.

    kind: "disabled" before 75 by certificate, "elsewhere" left for a home in another town and still insured here.
    """
    people = drawn(town.people, town.rng("elderly periods"))
    left = pl.col("removed").is_not_null()
    there = pl.col("late_elderly") | (left & (pl.col("removed") < town.today))
    first = pl.max_horizontal(turned(75), pl.lit(ELDERLY_SINCE))
    sixty_five = pl.max_horizontal(turned(65), pl.col("entered"), pl.lit(ELDERLY_SINCE))
    last = pl.coalesce("removed", pl.lit(town.today))
    certified = between(sixty_five, pl.min_horizontal(first, last), pl.col("luck_1"))
    young = pl.col("age") < 75
    early = young | ((pl.col("luck_2") < 0.05) & (sixty_five < turned(75)))
    moved_in = (pl.col("entered") > first) & (pl.col("entered") > ELDERLY_SINCE)
    died = pl.col("status") == "3"
    stays = left & ~died & (pl.col("removed") > date(2018, 4, 1)) & (pl.col("luck_3") < 0.3)
    begins = pl.when(early).then(certified).otherwise(pl.max_horizontal(first, "entered"))
    found = people.filter(there & (pl.col("late_elderly") | ~young)).with_columns(
        begins=begins,
        began=pl.when(early).then(pl.lit("02")).when(moved_in).then(pl.lit("03")).otherwise(pl.lit("01")),
        ends=pl.when(~left | stays).then(None).when(died).then(pl.col("removed") + pl.duration(days=1)).otherwise("removed"),
        ended=pl.when(~left | stays).then(None).when(died).then(pl.lit("12")).otherwise(pl.lit("11")),
        kind=pl.when(early).then(pl.lit("disabled")).when(stays).then(pl.lit("elsewhere")).otherwise(pl.lit("")),
    ).filter(pl.col("begins") < pl.col("removed").fill_null(date(9999, 1, 1)))  # fmt: skip
    back = people.filter(
        pl.col("nhi") & pl.col("age").is_between(67, 74) & pl.col("disabled") & (pl.col("luck_4") < 0.5)
    ).with_columns(begins=sixty_five + pl.duration(days=45), ends=sixty_five + pl.duration(days=410))  # fmt: skip
    withdrawn = _periods(
        back.filter(pl.col("ends") < town.today),
        begins=pl.col("begins"), began=pl.lit("02"), ends=pl.col("ends"), ended=pl.lit("13"), kind=pl.lit("disabled"),
    )  # fmt: skip
    return pl.concat([found.select(PERIOD), withdrawn]).sort("atena_no", "begins")


def nhi_periods(town: Town) -> pl.DataFrame:
    """国民健康保険: atena_no, begins, began (C120), ends, ended (C121), kind.

    kind: "elsewhere" (法116条の2) left for a home in another town and is insured here all the same;
    "revoked": entered by mistake, taken back.
    """
    people = drawn(town.people, town.rng("nhi periods"))
    elder = elderly_periods(town).group_by("atena_no", maintain_order=True).first()
    elder = elder.select(
        "atena_no", passed="begins", back=pl.when(pl.col("ended") == "13").then("ends")
    )
    people = people.join(elder, on="atena_no", how="left", maintain_order="left")
    people = people.with_columns(
        grown=pl.max_horizontal("entered", turned(18), pl.lit(NHI_SINCE)), today=pl.lit(town.today)
    )
    now, before = _present(people), _earlier(people)
    left = _left(town, people)
    away = people.filter(
        (pl.col("status") == "2") & (pl.col("removed") > date(2018, 4, 1)) & (pl.col("removed") < town.today)
        & pl.col("passed").is_null() & pl.col("age").is_between(65, 73) & (pl.col("luck_3") >= 0.4)
    )  # fmt: skip
    away = _periods(
        away,
        begins=pl.max_horizontal("entered", pl.lit(NHI_SINCE)),
        began=pl.when(pl.col("entered") == pl.col("born")).then(pl.lit("03")).otherwise(pl.lit("01")),
        kind=pl.lit("elsewhere"),
    )  # fmt: skip
    found = pl.concat([now, before, left, away]).sort("atena_no", "begins")
    mistaken = (
        found.unique("atena_no", keep="last", maintain_order=True)
        .join(people.select("atena_no", "luck_4"), on="atena_no")
        .filter((pl.col("luck_4") < 0.01) & (pl.col("ended") == "12"))
    )
    day = pl.col("ends") + pl.duration(days=1)
    mistaken = _periods(
        mistaken, begins=day, began=pl.lit("02"), ends=day, ended=pl.lit("19"), kind=pl.lit("revoked")
    )  # fmt: skip
    return pl.concat([found, mistaken]).sort("atena_no", "begins", "kind")


def _present(people: pl.DataFrame) -> pl.DataFrame:
    """Who is insured today: since birth, since moving in, or since leaving an employer's insurance."""
    child = pl.col("age") < 20
    since_entry = pl.when(child).then(pl.col("luck_1") < 0.75).otherwise(
        (pl.col("luck_1") < 0.35) & (pl.col("entered") > pl.col("born"))
    )  # fmt: skip
    first = pl.when(child).then("entered").otherwise("grown")
    changed = between(first, pl.col("today") - pl.duration(days=5), pl.col("luck_2"))
    came = pl.when(pl.col("entered") == pl.col("born")).then(pl.lit("03")).otherwise(pl.lit("01"))
    relief = pl.when(pl.col("luck_4") < 0.02).then(pl.lit("04")).otherwise(pl.lit("02"))
    back = pl.col("back").is_not_null()
    return _periods(
        people.filter("nhi"),
        begins=pl.when(back).then("back").when(since_entry).then(pl.max_horizontal("entered", pl.lit(NHI_SINCE)))
        .otherwise(changed),
        began=pl.when(back).then(pl.lit("06")).when(since_entry).then(came).otherwise(relief),
    )  # fmt: skip


def _earlier(people: pl.DataFrame) -> pl.DataFrame:
    """Periods that ended: before the present one, with an employer since, or at 75."""
    now = _present(people).select("atena_no", open="begins")
    people = people.join(now, on="atena_no", how="left", maintain_order="left")
    here = pl.col("current") & (pl.col("age") >= 20)
    passed = here & pl.col("passed").is_not_null() & (pl.col("luck_3") < 0.7)
    until = (
        pl.when(passed).then("passed")
        .when(pl.col("nhi")).then(between(pl.col("grown"), pl.col("open"), 0.3 + pl.col("luck_4") * 0.6))
        .otherwise(between(pl.col("grown"), pl.col("today"), 0.3 + pl.col("luck_4") * 0.7))
    )  # fmt: skip
    some = people.filter(here & (passed | ((pl.col("luck_3") < 0.25) & pl.col("passed").is_null())))
    some = some.with_columns(until=until, was_passed=passed)
    some = some.with_columns(
        begins=between(pl.col("grown"), pl.col("until"), pl.col("luck_2") * 0.8)
    )
    some = some.filter(pl.col("until") - pl.col("begins") > pl.duration(days=60))
    length = pl.col("until") - pl.col("begins")
    twice = (length > pl.duration(days=900)) & (pl.col("luck_1") > 0.6)
    left_at, back_at = (
        between(pl.col("begins"), pl.col("until"), pl.lit(part)) for part in (0.4, 0.6)
    )
    last = some.with_columns(begins=pl.when(twice).then(back_at).otherwise("begins"))
    first = some.filter(twice).with_columns(until=left_at, was_passed=pl.lit(value=False))
    return pl.concat([_ended(last), _ended(first)])


def _ended(some: pl.DataFrame) -> pl.DataFrame:
    """Periods until 75, or until work with an employer."""
    return _periods(
        some,
        begins=pl.col("begins"),
        began=pl.when((pl.col("begins") == pl.col("entered")) & (pl.col("entered") > pl.col("born")))
        .then(pl.lit("01")).otherwise(pl.lit("02")),
        ends=pl.col("until"),
        ended=pl.when("was_passed").then(pl.lit("15")).when(pl.col("luck_1") < 0.04).then(pl.lit("14"))
        .otherwise(pl.lit("12")),
    )  # fmt: skip


def _left(town: Town, people: pl.DataFrame) -> pl.DataFrame:
    """Who died or moved away as an insured person, or after passing on at 75."""
    gone = people.filter(
        pl.col("removed").is_not_null() & (pl.col("removed") < town.today) & (pl.col("luck_3") < 0.4)
    )  # fmt: skip
    died, passed = pl.col("status") == "3", pl.col("passed").is_not_null()
    one = pl.duration(days=1)
    ends = (
        pl.when(passed).then("passed")
        .when(died).then(pl.col("removed") + one).otherwise("removed")
    )  # fmt: skip
    first = pl.max_horizontal("entered", pl.lit(NHI_SINCE))
    gone = gone.with_columns(ends=ends, since=first).with_columns(
        begins=between(first, pl.col("ends") - one, (pl.col("luck_2") - 0.5).clip(0) * 1.6)
    )
    came = pl.when(pl.col("entered") == pl.col("born")).then(pl.lit("03")).otherwise(pl.lit("01"))
    return _periods(
        gone.filter(pl.col("begins") < pl.col("ends")),
        begins=pl.col("begins"),
        began=pl.when(pl.col("begins") == pl.col("entered")).then(came).otherwise(pl.lit("02")),
        ends=pl.col("ends"),
        ended=pl.when(passed).then(pl.lit("15")).when(died).then(pl.lit("13")).otherwise(pl.lit("11")),
    )  # fmt: skip


def earnings(town: Town) -> pl.DataFrame:
    """What each person had in 2024, as 個人住民税 of 令和7年度 has it; where it has nothing, guessed from their work.

    atena_no, total_income, taxable, salary_revenue, pension_revenue, taxation_kind, undeclared.
    """
    work, income = pl.col("work"), pl.col("income").cast(pl.Int64)
    salary = pl.when(work.is_in(["employee", "none"])).then(income).otherwise(0)
    pension = pl.when(work == "pension").then(income).otherwise(0)
    trade = pl.when(work == "self").then(income).otherwise(0)
    total = law.salary_income(salary) + law.pension_income(pension, pl.col("age")) + trade
    guessed = town.people.select(
        "atena_no",
        total_income=total,
        taxable=(total - 900_000).clip(0) // 1000 * 1000,
        salary_revenue=salary,
        pension_revenue=pension,
        taxation_kind=pl.when(total > 1_350_000).then(pl.lit("1")).otherwise(pl.lit("3")),
        undeclared=pl.lit("0"),
    )
    if "it_assessment" not in town.truth:
        return guessed
    mine = (pl.col("tax_year") == "2025") & (pl.col("is_latest") == "1")
    revenue = town.truth["it_income"].filter(mine).group_by("atena_no").agg(
        salary_revenue=pl.col("revenue").filter(pl.col("income_code") == "106").sum(),
        pension_revenue=pl.col("revenue").filter(pl.col("income_code") == "107").sum(),
    )  # fmt: skip
    known = town.truth["it_assessment"].filter(mine).select(
        "atena_no", "total_income", "taxation_kind", taxable=pl.col("taxable_income").fill_null(0),
        undeclared=(pl.col("taxation_kind") == "4").cast(pl.Int8).cast(pl.String),
    )  # fmt: skip
    known = known.join(revenue, on="atena_no", how="left").with_columns(
        pl.col("salary_revenue", "pension_revenue").fill_null(0)
    )
    known = known.select(guessed.columns)
    rest = guessed.join(known, on="atena_no", how="anti", maintain_order="left")
    return pl.concat([known, rest], how="vertical_relaxed").sort("atena_no")


def check_digit(number: pl.Expr, width: int) -> pl.Expr:
    """A number of so many digits and behind it the digit of 保険者番号 (M10W2-1).

    >>> pl.select(check_digit(pl.lit(3312001), 7)).item()
    '33120015'
    """
    total = pl.lit(0, pl.Int64)
    for place in range(width):
        times = number // 10**place % 10 * (2 - place % 2)
        total = total + times // 10 + times % 10
    digit = (10 - total % 10) % 10
    return (number * 10 + digit).cast(pl.String).str.zfill(width + 1)
